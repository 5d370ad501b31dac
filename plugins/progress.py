"""How far a long piece of work is, for whoever waits at a terminal."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")

AFTER = 2.0
"""Seconds of work before a bar is worth the look."""

AT_ONCE = 50
"""Items between two looks at the clock."""

EVERY = 0.1
"""Seconds between two drawings of the bar."""


def followed(items: Iterable[T], what: str, total: int) -> Iterable[T]:
    """*items*, with a bar on standard error while somebody takes them, if that takes long.

    The bar goes when it is done. Where nobody watches, *items* themselves come back, so that nothing is spent.

    Args:
        items: up to AT_ONCE are taken ahead.
        what: is done with them (``Rendering pages``).
        total: how many there are; with 0 no bar is shown.
    """
    return _follow(items, what, total) if total > AT_ONCE and _somebody_watches() else items


def _somebody_watches() -> bool:
    # Some build servers give their jobs a terminal, and keep every drawing of the bar in their log.
    return sys.stderr is not None and sys.stderr.isatty() and not os.environ.get("CI")


def _follow(items: Iterable[T], what: str, total: int) -> Iterator[T]:
    items = iter(items)
    drawn = time.monotonic() + AFTER - EVERY
    done, bar = 0, None
    try:
        while part := list(islice(items, AT_ONCE)):
            yield from part
            done += len(part)
            now = time.monotonic()
            if now >= drawn + EVERY:
                bar = bar or _Bar(what, total)
                bar.draw(done)
                drawn = now
    finally:
        if bar is not None:
            bar.remove()


class _Bar:
    """A bar of rich, drawn when we say so: a thread of its own would disturb processes that are started meanwhile."""

    def __init__(self, what: str, total: int) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
            auto_refresh=False,
            # What is printed meanwhile stands above the bar, and in its own stream where that is no terminal.
            redirect_stdout=sys.stdout is not None and sys.stdout.isatty(),
        )
        self._task = self._progress.add_task(what, total=total)
        self._progress.start()

    def draw(self, done: int) -> None:
        self._progress.update(self._task, completed=done, refresh=True)

    def remove(self) -> None:
        self._progress.stop()
