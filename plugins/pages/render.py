"""Render plans and write their files, in several processes when it pays; the bytes are the same."""

from __future__ import annotations

import os
import pickle
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import chain, islice
from pathlib import Path

from plugins.pages.page import PagePlan, Site
from plugins.pages.theme import Theme
from plugins.reader.files import start_method

WORTH_A_WORKER = 400
"""Pages below which starting other processes takes longer than it saves."""

PART = 50
"""Pages that a process is given at once."""


def render_all(
    plans: Iterable[tuple[PagePlan, bytes]], theme: Path, sites: Mapping[str, Site], output: Path, workers: int
) -> Iterator[tuple[str, int, int]]:
    """Render *plans* (each with its pickle) and write them below *output*.

    Args:
        workers: processes; 0 lets the number of plans and cores decide.
    Returns: path, size and time of modification of each file, in no order.
    Raises: whatever the first failing template raises.
    """
    processes = workers or os.cpu_count() or 1
    plans = iter(plans)
    first = list(islice(plans, 2 if workers else WORTH_A_WORKER))
    if processes < 2 or len(first) < (2 if workers else WORTH_A_WORKER):
        if first:
            made = Theme(theme, sites)
            for plan, _ in chain(first, plans):
                yield _write(plan, made, output)
        return
    data = (data for _, data in chain(first, plans))
    with ProcessPoolExecutor(
        processes, start_method(), initializer=_start_worker, initargs=(theme, dict(sites), output)
    ) as pool:
        waiting: deque[Future[list[tuple[str, int, int]]]] = deque()
        while part := list(islice(data, PART)):
            waiting.append(pool.submit(_render_part, part))
            # Planning is faster than rendering; what waits is held in memory.
            if len(waiting) > 8 * processes:
                yield from waiting.popleft().result()
        for future in waiting:
            yield from future.result()


def _write(plan: PagePlan, theme: Theme, output: Path) -> tuple[str, int, int]:
    data = theme.render(plan).encode("utf-8")
    folder = f"{output}/{plan.path.rpartition('/')[0]}"
    os.makedirs(folder, exist_ok=True)  # noqa: PTH103  Paths took a tenth of the time of a page
    with open(f"{output}/{plan.path}", "wb") as file:  # noqa: PTH123
        file.write(data)
    status = os.stat(f"{output}/{plan.path}")  # noqa: PTH116
    return plan.path, status.st_size, status.st_mtime_ns


_worker: tuple[Theme, Path]


def _start_worker(theme: Path, sites: Mapping[str, Site], output: Path) -> None:
    global _worker
    _worker = (Theme(theme, sites), output)


def _render_part(plans: list[bytes]) -> list[tuple[str, int, int]]:
    return [_write(pickle.loads(plan), *_worker) for plan in plans]
