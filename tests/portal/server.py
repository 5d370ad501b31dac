"""The portal of `site.py` on loopback. By hand: ``python tests/portal/server.py --port 8100``."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

if not __package__:
    # Run as a file: tests/ is where packages are, and this folder would hide a module of Python.
    sys.path[:1] = [str(Path(__file__).resolve().parent.parent)]

from portal.render import AWKWARD, Settings, render
from portal.site import STORIES, Expected, Story, expected
from portal.web_server import Reply, Server


class Portal(Server):
    """Serves the stories of `site.py`, which may be changed, withdrawn and added to while it runs.

    Args:
        port: 0 takes a free one.
        settings: how awkward the portal is.
        stories: what is printed at the beginning.
    """

    def __init__(self, port: int = 0, settings: Settings = AWKWARD, stories: Iterable[Story] = STORIES):
        super().__init__({}, port)
        self._settings = settings
        self._stories = {story.path: story for story in stories}
        self._edits: dict[str, int] = {}
        self._withdrawn: set[str] = set()
        self._print()

    def expected(self) -> tuple[Expected, ...]:
        """What a good crawl makes of the portal as it is now."""
        return expected(self._stories.values())

    def change(self, path: str, **fields: object) -> Story:
        """Print the story at *path* anew, with other *fields*: ``change(path, title="…", text=("…",))``.

        Returns: the story as it is now.
        """
        self._stories[path] = replace(self._stories[path], **fields)
        self._edits[path] = self._edits.get(path, 0) + 1
        self._print()
        return self._stories[path]

    def withdraw(self, path: str) -> None:
        """Answer 410 for the story at *path* from now on, and list it nowhere."""
        del self._stories[path]
        self._withdrawn.add(path)
        self._edits[path] = self._edits.get(path, 0) + 1
        self._print()

    def add(self, story: Story) -> None:
        """Print a new story."""
        self._stories[story.path] = story
        self._edits[story.path] = 0
        self._print()

    def _print(self) -> None:
        replies = render(tuple(self._stories.values()), self._edits, self._settings, self.base)
        gone = Reply(b"<title>410</title><h1>This story was withdrawn</h1>", status=410)
        self.replies = replies | dict.fromkeys(self._withdrawn, gone)


def main() -> None:
    parser = argparse.ArgumentParser(description="Serve the quirky portal on loopback until Ctrl-C.")
    parser.add_argument("--port", type=int, default=8100)
    with Portal(parser.parse_args().port) as portal, suppress(KeyboardInterrupt):
        print(f"{portal.base}/en/ and {portal.base}/zh/", flush=True)
        while True:
            time.sleep(3600)


if __name__ == "__main__":
    main()
