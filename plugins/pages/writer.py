"""Render plans and write their files, in several processes when it pays; the bytes are the same."""

from __future__ import annotations

import os
import pickle
import shutil
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import chain, islice
from pathlib import Path

from pelican import signals
from pelican.writers import Writer

from plugins.pages.ledger import FACE, NO_SOURCE, Ledger, site_bytes, theme_digest
from plugins.pages.output import KEPT
from plugins.pages.page import PagePlan, Site
from plugins.pages.theme import Theme
from plugins.reader.files import start_method
from plugins.reader.store import SETTLED, stamp_of
from plugins.values import bytes_of, digest_of

WORTH_A_WORKER = 400
"""Pages below which starting other processes takes longer than it saves."""

PART = 50
"""Pages that a process is given at once."""


class PlanWriter(Writer):
    """Writes PagePlans; for other plugins it is Pelican's writer."""

    def __init__(self, output_path: str, settings: dict[str, object]) -> None:
        super().__init__(output_path, settings=settings)
        theme = Path(str(settings["THEME"]))
        self._theme_folder = theme
        self.ledger = Ledger(
            Path(str(settings["CACHE_PATH"])),
            Path(str(settings["LAST_OUTPUT_PATH"])),
            theme_digest(theme, Path(__file__).parent.parent),
            settings[KEPT],  # type: ignore[arg-type]
        )
        self.rendered = 0
        signals.finalized.connect(self._finish)

    def write_plans(
        self, plans: Iterable[PagePlan], sites: Mapping[str, Site], sources: Mapping[str, str] | None = None
    ) -> None:
        """Write the file of every plan, or leave the one of the last build where it is.

        Args:
            plans: each with a path of its own; taken one by one, so that they need not all exist at a time.
            sites: constants of the editions by path of language.
            sources: path → what texts the page shows, for those that show one.
        """
        output = Path(self.output_path)
        sources = sources or {}
        constants = {path: site_bytes(site) for path, site in sites.items()}
        digests: dict[str, str] = {}
        watched: list[PagePlan] = []

        def changed() -> Iterator[tuple[PagePlan, bytes]]:
            for plan in plans:
                data = bytes_of(plan)
                digest = digest_of(data, constants[plan.language.path])
                if self.ledger.keeps(plan.path, digest, sources.get(plan.path, FACE)):
                    continue
                digests[plan.path] = digest
                if signals.content_written.receivers:
                    watched.append(plan)
                yield plan, data

        workers = int(str(self.settings["WORKERS"]))
        for path, size, modified in render_all(changed(), self._theme_folder, sites, output, workers):
            self.ledger.enter(path, digests[path], size, modified, sources.get(path, FACE))
            self.rendered += 1
        for plan in watched:
            signals.content_written.send(str(output / plan.path), context={"page": plan})

    def keep_all(self, wanted: Callable[[str], bool]) -> bool:
        """Keep the files of the last build whose source is *wanted*; False when one of them is not as it was."""
        return all(self.ledger.keeps_source(path, source) for path, source in self.ledger.of_source(wanted))

    def keep_page(self, path: str, source: str) -> bool:
        """Keep the file *path* of the last build when it was made of *source*; only where the face is the same."""
        return self.ledger.keeps_source(path, source)

    def copy_files(self, files: Iterable[tuple[str, Path]]) -> None:
        """Copy files, as (path below the output folder, source), but those that did not change."""
        now = time.time_ns()
        for path, source in files:
            stamp = stamp_of(source.stat())
            digest = repr(stamp)
            if self.ledger.keeps(path, digest, NO_SOURCE):
                continue
            target = Path(self.output_path, path)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)
            status = target.stat()
            trusted = max(stamp[1:]) < now - SETTLED
            self.ledger.enter(path, digest if trusted else "", status.st_size, status.st_mtime_ns, NO_SOURCE)

    def _finish(self, pelican: object) -> None:
        self.ledger.save()
        print(f"{self.rendered} pages rendered, {self.ledger.unchanged} unchanged.")


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
