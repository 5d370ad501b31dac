"""What editors wrote, as it is now: every Markdown file of the portal, read again when it changes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from zoneinfo import ZoneInfo

from pelican.generators import Generator

from plugins.last_build import Stamp, stamps_below
from plugins.mirror.withdrawals import read_list, withdraw
from plugins.problems import Problem
from plugins.reader.files import ReadFile, load_file, parse_file, read_files
from plugins.reader.store import Row
from plugins.reader.story import Story, story_of
from plugins.stories.generator import SeenStory, open_store, which_are_read
from plugins.workers import workers_of

MANY = 500
"""New files from which on reading takes so long that a line says so."""


class Sources:
    """The Markdown files below content/.

    Their texts lie in the story store until a page shows them. To be used by one thread, but for ``parse``.

    Args:
        settings: Pelican's, with ours.

    Attributes:
        files: what each file says, by its path below content/.
        is_story: whether a path below content/ is that of a file that is read.
        problems: of the list of takedowns.
    """

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self.content = Path(settings["PATH"])
        self.files: dict[str, ReadFile] = {}
        self._broken: dict[str, tuple[Problem, ...]] = {}
        self._zone = ZoneInfo(settings["TIMEZONE"])
        self.is_story = which_are_read(settings)
        self._workers = workers_of(settings)
        self._store = open_store(self.content, settings)
        self._taken_down: dict[str, Any] = {}
        read_list(cast(Generator, SimpleNamespace(context=self._taken_down, path=self.content, settings=settings)))
        self.problems: list[Problem] = self._taken_down.get("problems", [])

    def read_all(self) -> None:
        """Read every file; what did not change since the last time comes from the store."""
        stamps = self._stamps()
        paths = sorted(stamps)
        new = sum(self._store.get(path) is None for path in paths)
        if new > MANY:
            print(f"Reading {new:,} files for the first time …", flush=True)
        files = read_files(self.content, paths, self._zone, self._store, self._workers, stamps)
        self._workers.close()
        self.files = {file.path: self._as_published(file) for file in files}
        self._broken = {file.path: file.problems for file in files if file.problems}

    def paths(self) -> Iterable[str]:
        """The paths of all files that are stories."""
        return self._stamps()

    def _stamps(self) -> dict[str, Stamp]:
        return {path: stamp for path, stamp in stamps_below(str(self.content)) if self.is_story(path)}

    def parse(self, paths: Iterable[str]) -> dict[str, Row | None]:
        """What the files *paths* say now; None for those that are not there."""
        rows: dict[str, Row | None] = {}
        for path in paths:
            try:
                rows[path] = parse_file(self.content.name, self._zone, load_file(self.content, path))
            except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
                rows[path] = None
            except OSError as error:
                what = f"the file cannot be read ({error.strerror})."
                problem = Problem(f"{self.content.name}/{path}", 0, what, "Look at who may read it.")
                rows[path] = Row(path, (0, 0, 0), b"", (None, (problem,), b""), b"")
        return rows

    def take(self, rows: Mapping[str, Row | None]) -> None:
        """Go on with what ``parse`` found."""
        read = [row for row in rows.values() if row is not None]
        for path, row in rows.items():
            self._broken.pop(path, None)
            if row is None:
                self.files.pop(path, None)
        self._store.keep(read, (), self.files.keys() | {row.path for row in read})
        for row in read:
            facts, problems, face = row.facts
            story = None if facts is None else story_of(facts, face, row.hash, self._body)
            self.files[row.path] = self._as_published(ReadFile(row.path, story, problems))
            if problems:
                self._broken[row.path] = problems

    @staticmethod
    def is_broken(row: Row | None) -> bool:
        """Whether the file has mistakes."""
        return row is not None and bool(row.facts[1])

    def found(self) -> list[Problem]:
        """What is wrong with single files."""
        return [*self.problems, *(problem for problems in self._broken.values() for problem in problems)]

    def _body(self, path: str) -> str:
        try:
            return self._store.body(path)
        except LookupError:
            return parse_file(self.content.name, self._zone, load_file(self.content, path)).body.decode()

    def _as_published(self, file: ReadFile) -> ReadFile:
        """*file*, without its text where the list of takedowns names it."""
        if file.story is None or not self._taken_down["takedowns"]:
            return file
        seen = SeenStory(file.story, self._taken_down)
        withdraw(cast(Any, seen))
        return ReadFile(file.path, seen.story, file.problems)


def stories_in(files: Collection[ReadFile]) -> dict[str, Story]:
    """The stories of *files* by path, those with mistakes included."""
    return {file.path: file.story for file in files if file.story is not None}
