"""Which files are watched, and what is told of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from pathlib import Path

from watchfiles import Change, awatch

STEP = 10
"""Milliseconds without a change after which what has changed is told."""

MOST = 200
"""Milliseconds after which it is told in any case."""


class Watched:
    """The files that decide the site.

    Args:
        content, theme, code: folders.
        settings: the file.
    """

    def __init__(self, content: Path, theme: Path, code: Path, settings: Path) -> None:
        self.content, self.theme, self.code, self.settings = content, theme, code, settings

    def folders(self, stop: asyncio.Event) -> AsyncIterator[set[tuple[Change, str]]]:
        """What changes below the folders, until *stop* is set."""
        there = [folder for folder in (self.content, self.theme, self.code) if folder.is_dir()]
        return awatch(*there, step=STEP, debounce=MOST, watch_filter=self._counts, stop_event=stop)

    def file(self, stop: asyncio.Event) -> AsyncIterator[set[tuple[Change, str]]]:
        """Changes of the settings, until *stop* is set."""
        # An editor may exchange a file for another one, which who watches the file itself would not see.
        return awatch(
            self.settings.parent,
            step=STEP,
            debounce=MOST,
            watch_filter=lambda _, path: Path(path) == self.settings,
            stop_event=stop,
            recursive=False,
        )

    def _counts(self, _: Change, name: str) -> bool:
        path = Path(name)
        for folder, counts in (
            (self.content, _decides_stories),
            (self.theme, _decides_theme),
            (self.code, _decides_code),
        ):
            if path.is_relative_to(folder):
                parts = path.relative_to(folder).parts
                return bool(parts) and not any(map(_is_of_tools, parts)) and counts(path, parts)
        return False


def _is_of_tools(name: str) -> bool:
    return name.startswith((".", "__pycache__", "#")) or name.endswith(("~", ".swp", ".swx", ".tmp"))


def _decides_stories(path: Path, parts: Iterable[str]) -> bool:
    # A folder that is moved is all that is told of what is in it.
    return path.suffix in (".md", ".markdown", ".yaml", "") or next(iter(parts)) == "images"


def _decides_theme(path: Path, parts: Iterable[str]) -> bool:
    top = next(iter(parts))
    return top in ("templates", "static") or (top == "translations" and path.suffix == ".po")


def _decides_code(path: Path, _: Iterable[str]) -> bool:
    return path.suffix in (".py", ".yaml")
