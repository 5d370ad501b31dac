"""How long the preview takes from saving a file to serving what was saved."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random
from statistics import median
from urllib.parse import urljoin, urlsplit

from benchmarks.newspaper import write_newspaper

COPIED = ("plugins", "theme", "pelicanconf.py", "publishconf.py", "pyproject.toml")
"""What the preview needs of the repository; a copy of it, because templates are edited, too."""

EDITS = 20
"""Of each kind."""

POLL_EVERY = 0.002
READY_WITHIN = 3600.0
SERVED_WITHIN = 60.0
"""Seconds."""


def measure_latency(root: Path, folder: Path, versions: int) -> dict[str, dict[str, float]]:
    """Seconds from saving to the first answer that holds what was saved, for each kind of edit.

    Args:
        root: of the repository.
        folder: for a copy of it, with a newspaper as its content.
        versions: of that newspaper.
    Returns: body, title, template and stylesheet → median and worst.
    Raises: SystemExit when the preview does not come up or never serves an edit.
    """
    for name in COPIED:
        copy = shutil.copytree if (root / name).is_dir() else shutil.copy
        folder.mkdir(parents=True, exist_ok=True)
        copy(root / name, folder / name)
    stories = write_newspaper(folder / "content", versions)
    story = next(story for story in reversed(stories) if len(story.titles) == 2)
    file = folder / "content" / "en" / f"{story.key}.md"
    edits = {
        "body": Edit(file, _add_sentence),
        "title": Edit(file, _change_title),
        "template": Edit(folder / "theme" / "templates" / "story.html", _name_article),
        "stylesheet": Edit(folder / "theme" / "static" / "portal.css", _add_rule),
    }
    taken: dict[str, dict[str, float]] = {}
    # The same pauses in every run, but of changing length, so that edits do not keep step with a watcher that polls.
    pauses = Random("pauses")
    with _preview(folder) as port, Reader(port, f"/en/{story.key}/") as reader:
        for kind, edit in edits.items():
            seconds = []
            for turn in range(EDITS):
                time.sleep(pauses.uniform(0.3, 0.7))
                # A word that stands nowhere else, and that minifying cannot change.
                mark = f"benchmark-{kind}-{turn}-end"
                started = edit.save(mark, folder.parent / "saving")
                reader.wait_for(mark.encode(), in_stylesheet=kind == "stylesheet")
                seconds.append(time.perf_counter() - started)
            taken[kind] = {"median": round(median(seconds), 4), "worst": round(max(seconds), 4), "edits": EDITS}
    return taken


class Edit:
    """A file, and how a mark is put into what it held at first."""

    def __init__(self, file: Path, change: Callable[[str, str], str]) -> None:
        self._file = file
        self._text = file.read_text("utf-8")
        self._change = change

    def save(self, mark: str, aside: Path) -> float:
        """Put the file with *mark* in it in the place of the old one, at once, as editors do; returns the time.

        Args:
            mark: a word that stands nowhere else.
            aside: where the file is written first; on the same disk, and not watched.
        """
        changed = self._change(self._text, mark)
        if mark not in changed:
            raise SystemExit(f"{self._file.name} has no place for an edit; benchmarks/latency.py says where it looks.")
        aside.write_bytes(changed.encode())
        started = time.perf_counter()
        aside.replace(self._file)
        return started


def _add_sentence(text: str, mark: str) -> str:
    return f"{text}\nThe desk marked this sentence {mark}.\n"


def _change_title(text: str, mark: str) -> str:
    return re.sub('(?m)^title: "', f'title: "{mark} ', text, count=1)


def _name_article(text: str, mark: str) -> str:
    return text.replace('<article class="story"', f'<article id="{mark}" class="story"', 1)


def _add_rule(text: str, mark: str) -> str:
    return f"{text}\n.{mark} {{ color: inherit; }}\n"


class Reader:
    """Asks for one page over one connection, and for its stylesheet where that is awaited."""

    def __init__(self, port: int, address: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SERVED_WITHIN)
        self._address = address

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def wait_for(self, mark: bytes, in_stylesheet: bool) -> None:
        """Ask until *mark* is served.

        Raises: SystemExit when that does not happen.
        """
        until = time.monotonic() + SERVED_WITHIN
        while time.monotonic() < until:
            page = self._get(self._address)
            if mark in page or (in_stylesheet and mark in self._stylesheet(page)):
                return
            time.sleep(POLL_EVERY)
        raise SystemExit(f"The preview did not serve {mark.decode()} at {self._address} in {SERVED_WITHIN:.0f} s.")

    def _stylesheet(self, page: bytes) -> bytes:
        link = re.search(rb"<link[^>]*stylesheet[^>]*>", page)
        href = link and re.search(rb"""href=["']?([^"' >]+)""", link[0])
        if not href:
            return b""
        # The address is relative to the page, or absolute with the host.
        parts = urlsplit(urljoin(f"http://127.0.0.1{self._address}", href[1].decode()))
        return self._get(f"{parts.path}?{parts.query}" if parts.query else parts.path)

    def _get(self, address: str) -> bytes:
        for _ in range(2):
            try:
                self._connection.request("GET", address)
                return self._connection.getresponse().read()
            except (http.client.HTTPException, ConnectionError):
                self._connection.close()  # The server may end a connection at any time; the next request opens one.
        return b""


@contextmanager
def _preview(folder: Path) -> Iterator[int]:
    """Start the preview of *folder*; ends it with all its processes."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "plugins.preview", "--content", str(folder / "content"), "--port", str(port)]
    command += ["--cache", str(folder / "cache")]
    group: dict = {"start_new_session": True} if os.name == "posix" else {}
    server = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **group)
    ready, printed = threading.Event(), []
    # Its output is read to the end, or the pipe would fill and hold the preview up.
    listener = threading.Thread(target=_listen, args=(server, ready, printed), daemon=True)
    listener.start()
    try:
        if not ready.wait(READY_WITHIN) or server.poll() is not None:
            raise SystemExit("The preview did not come up:\n" + b"".join(printed[-20:]).decode(errors="replace"))
        yield port
    finally:
        _end(server, server.terminate, signal.SIGTERM)
        _end(server, server.kill, getattr(signal, "SIGKILL", signal.SIGTERM))


def _end(server: subprocess.Popen[bytes], alone: Callable[[], None], by: int) -> None:
    """End the preview and its helpers, which are a group of their own where the system has groups."""
    with suppress(ProcessLookupError, subprocess.TimeoutExpired):
        if os.name == "posix":
            os.killpg(server.pid, by)
        else:
            alone()
        server.wait(5)


def _listen(server: subprocess.Popen[bytes], ready: threading.Event, printed: list[bytes]) -> None:
    assert server.stdout is not None
    for line in server.stdout:
        printed.append(line)
        if b"Serving" in line:
            ready.set()
    ready.set()
