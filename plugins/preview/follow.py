"""Follow what is saved: what is read again, what is shown at once, and when all stories are looked at."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from pathlib import Path

from watchfiles import Change

from plugins.preview.aside import Aside
from plugins.preview.site import Look, Site
from plugins.preview.told import problem_of, shown_path
from plugins.preview.watch import Watched
from plugins.problems import Problem, report

FEW = 5
"""Files that are read at once when they are saved together; more come from a tool, and more of them will follow."""

QUIET, LONGEST = 0.15, 2.0
"""Seconds without a change after which all stories are looked at, and how long that is waited for at most."""

YOUNG = 0.1
"""Seconds in which a file with mistakes may still be being written."""

NAMED = 3
"""Files that a line in the terminal names."""


class Follower:
    """Keeps a site in memory up to date.

    Args:
        site: the site.
        aside: where all stories are looked at.
        watched: the files that decide the site.
        tell: awaited when pages may have changed, with the files that did (``theme/portal.css``).

    Attributes:
        outdated: set when code or settings changed, so that the preview has to start again.
    """

    def __init__(
        self, site: Site, aside: Aside, watched: Watched, tell: Callable[[Iterable[str]], Awaitable[None]]
    ) -> None:
        self.outdated = asyncio.Event()
        self._site = site
        self._aside = aside
        self._watched = watched
        self._tell = tell
        self._unread: set[str] = set()
        self._young: set[str] = set()
        self._ripe: set[str] = set()
        self._due = False
        self._read_meanwhile: set[str] = set()
        self._last = 0.0
        self._saved: set[str] = set()
        self._said: list[Problem] = []
        self._wake = asyncio.Event()
        self._later: set[asyncio.Task[None]] = set()

    async def follow(self, stop: asyncio.Event, since: int) -> None:
        """Follow every change until *stop* is set.

        Args:
            since: when the files were read (ns since 1970).
        """
        tasks = [
            asyncio.ensure_future(task)
            for task in (
                self._pass_on(self._watched.folders(stop)),
                self._pass_on(self._watched.file(stop)),
                self._look_when_due(),
                self._catch_up(since),
            )
        ]
        await asyncio.gather(*tasks[:2])
        for task in (*tasks, *self._later):
            task.cancel()

    async def _pass_on(self, changes: AsyncIterator[set[tuple[Change, str]]]) -> None:
        async for batch in changes:
            try:
                await self.change(path for _, path in batch)
            except Exception as error:
                # Whatever it is, an editor would rather read it than start the preview again.
                self._fail(error)

    def _fail(self, error: Exception) -> None:
        self._site.take(Look(None, [problem_of(error, self._site.theme_folder)]))
        self.say_problems()

    async def _catch_up(self, since: int) -> None:
        """What changed after it was read and before anybody watched."""
        known = frozenset(self._site.sources.files)
        content = os.fspath(self._watched.content)

        def changed() -> set[str]:
            there = set(self._site.sources.paths())
            gone_or_new = there ^ known
            young = {one for one in there & known if os.stat(f"{content}/{one}").st_ctime_ns >= since}  # noqa: PTH116
            return young | gone_or_new

        try:
            missed = await self._aside(changed)
        except OSError:
            # A file went away while we looked, which is told by itself.
            return
        if missed:
            await self.change(f"{content}/{path}" for path in missed)

    async def change(self, paths: Iterable[str]) -> None:
        """Show that the files *paths* changed."""
        stories: set[str] = set()
        files: set[str] = set()
        templates: set[str] = set()
        for path in map(Path, paths):
            self._saved.add(shown_path(path))
            if path.is_relative_to(self._watched.content):
                self._sort(path, stories, files)
            elif path.is_relative_to(self._watched.theme):
                name = path.relative_to(self._watched.theme).as_posix()
                self._due |= name.startswith("translations/") or self._site.shown is None
                if name.startswith("static/"):
                    files.add(self._site.static_path(name.removeprefix("static/")))
                templates.add(name)
            else:
                self.outdated.set()
        self._last = time.monotonic()
        if self._unread or len(stories) > FEW:
            self._unread |= stories
            self._due = True
        elif stories:
            self._read(stories)
        if templates:
            self._site.change_theme(templates)
        self._wake.set()
        await self._tell(files)
        if not self._due:
            self.say()

    def _sort(self, path: Path, stories: set[str], files: set[str]) -> None:
        below = path.relative_to(self._watched.content).as_posix()
        if self._site.sources.is_story(below) and not path.is_dir():
            stories.add(below)
        elif below == "takedowns.yaml":
            self.outdated.set()
        else:
            if below.startswith("images/"):
                files.add(below)
            elif not path.suffix:
                # Of a folder that was moved or deleted none of its files is named.
                known = [*self._site.sources.files, *(self._site.sources.paths() if path.is_dir() else ())]
                stories.update(name for name in known if name.startswith(f"{below}/"))
            self._due = True

    def _read(self, paths: Iterable[str]) -> None:
        sources = self._site.sources
        rows = sources.parse(paths)
        for path in [path for path in rows if sources.is_broken(rows[path])]:
            # Some editors empty a file before they fill it.
            if path not in self._ripe and self._age(path) < YOUNG:
                del rows[path]
                self._young.add(path)
                asyncio.get_running_loop().call_later(YOUNG, self._again, path)
        sources.take(rows)
        self._ripe.difference_update(rows)
        self._read_meanwhile.update(rows)
        for path in rows:
            self._due |= self._site.edit(path)

    def _age(self, path: str) -> float:
        try:
            return time.time() - (self._watched.content / path).stat().st_mtime
        except OSError:
            return YOUNG

    def _again(self, path: str) -> None:
        self._young.discard(path)
        self._ripe.add(path)
        # What is looked at until then would be told to be right.
        self._due = True
        task = asyncio.ensure_future(self.change([str(self._watched.content / path)]))
        self._later.add(task)
        task.add_done_callback(self._later.discard)

    async def _look_when_due(self) -> None:
        while True:
            try:
                await asyncio.wait_for(self._wake.wait(), self._until())
            except TimeoutError:
                self._due = True
            self._wake.clear()
            try:
                await self.settle()
            except Exception as error:
                self._fail(error)

    async def settle(self) -> None:
        """Look at all stories until all pages are right."""
        while self._due or self._young:
            if self._due:
                await self._look()
            else:
                await asyncio.sleep(YOUNG)

    def _until(self) -> float | None:
        """Seconds until an embargo ends."""
        if not self._site.until or "SOURCE_DATE_EPOCH" in os.environ:
            return None
        return max(1.0, self._site.until - time.time())

    async def _look(self) -> None:
        began = time.monotonic()
        while (rest := min(self._last + QUIET, began + LONGEST) - time.monotonic()) > 0:
            await asyncio.sleep(rest)
        self._due = False
        self._read_meanwhile = set()
        sources, site = self._site.sources, self._site
        unread, self._unread = self._unread, set()
        if unread:
            rows = await self._aside(lambda: sources.parse(unread))
            # What was saved again meanwhile is known better.
            sources.take({path: row for path, row in rows.items() if path not in self._read_meanwhile})
        self._read_meanwhile = set()
        files = dict(sources.files)
        try:
            look = await self._aside(lambda: site.look(files, site.shown))
        except Exception as error:
            look = Look(None, [problem_of(error, site.theme_folder)])
        site.take(look)
        for path in self._read_meanwhile:
            self._due |= site.edit(path)
        await self._tell(())
        if not self._due:
            self.say()

    def say_problems(self) -> None:
        """Tell the terminal what is wrong, once."""
        problems = self._site.problems()
        if problems != self._said:
            self._said = problems
            if problems:
                where = f"{self._watched.content.name}/"
                print(report(problems, where, "the preview keeps the last good pages"), file=sys.stderr, flush=True)

    def say(self) -> None:
        """Tell the terminal what was done with what was saved."""
        self.say_problems()
        if self._saved and not self._said:
            names = sorted(self._saved)
            more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
            print(f"Preview is up to date: {', '.join(names[:NAMED])}{more}.", flush=True)
        self._saved.clear()
