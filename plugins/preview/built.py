"""The site as Pelican builds it: the preview of one that other people's plugins change.

What they do to Pelican's articles cannot be had without Pelican, so the site is built on every save and served from
the disk.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from pathlib import Path

from watchfiles import Change

from plugins.preview.told import problems_in
from plugins.preview.watch import Watched
from plugins.problems import Problem
from plugins.values import digest_of


async def run(command: list[str]) -> list[Problem]:
    """What *command* reports on standard error when it fails; nothing when it does not."""
    process = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.PIPE)
    try:
        _, errors = await process.communicate()
    except asyncio.CancelledError:
        process.terminate()
        await process.wait()
        raise
    text = errors.decode("utf-8", "replace")
    print(text, end="", file=sys.stderr, flush=True)
    return problems_in(text) if process.returncode else []


class BuiltSite:
    """A site on the disk, built again on every save.

    Args:
        output: where it stands.
        command: builds it.
    """

    def __init__(self, output: Path, command: list[str]) -> None:
        self._output = output
        self._command = command
        self._problems: list[Problem] = []

    async def build(self) -> None:
        """Build; with problems the last good pages stay."""
        self._problems = await run(self._command)
        print("Preview keeps the last good pages." if self._problems else "Preview is up to date.", flush=True)

    async def follow(
        self, watched: Watched, stop: asyncio.Event, tell: Callable[[Iterable[str]], Awaitable[None]]
    ) -> None:
        """Build again on every change until *stop* is set."""

        async def pass_on(changes: AsyncIterator[set[tuple[Change, str]]]) -> None:
            async for _ in changes:
                await self.build()
                await tell(())

        await asyncio.gather(pass_on(watched.folders(stop)), pass_on(watched.file(stop)))

    def problems(self) -> list[Problem]:
        """Of the last build."""
        return self._problems

    def has(self, path: str) -> bool:
        """Whether there is a page *path*."""
        return path.endswith(".html") and self.file(path) is not None

    async def content(self, path: str) -> tuple[bytes, str] | None:
        """The bytes of the page *path*, and what changes with them."""
        file = self.file(path)
        data = file.read_bytes() if file is not None else None
        return (data, digest_of(data)) if data is not None else None

    def file(self, path: str) -> Path | None:
        """The file at *path*."""
        file = (self._output / path).resolve()
        return file if path and file.is_relative_to(self._output) and file.is_file() else None
