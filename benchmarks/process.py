"""Run a program and measure it with all processes that it starts."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
SAMPLED = sys.platform == "linux"
"""Memory is measured on Linux only, where /proc tells it."""

EVERY = 0.05
"""Seconds between two looks at the memory."""

SHARE = 0.02
"""Of its time, at most, that looking at proportional memory takes from a program."""

_BECOME_SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER of prctl(2)


@dataclass(frozen=True)
class Measurement:
    """What a program took.

    Attributes:
        wall: seconds on the clock.
        processor: seconds of all processors, of all its processes; None where the system does not tell.
        rss: most bytes that its processes held at one time, shared pages counted for each; None where not measured.
        pss: likewise, shared pages counted once.
    """

    wall: float
    processor: float | None
    rss: int | None
    pss: int | None


def measure(command: Sequence[str], folder: Path) -> Measurement:
    """Run *command* in *folder* and wait for it.

    Raises: SystemExit with the end of what it printed, when it fails.
    """
    if SAMPLED:
        # Helpers that outlive the program become our children, so their time is counted, too.
        ctypes.CDLL(None).prctl(_BECOME_SUBREAPER, 1, 0, 0, 0)
    before = os.times()
    # A file, not a pipe: a helper that outlives the program would hold that open.
    with tempfile.TemporaryFile() as printed, Memory() as memory:
        started = time.perf_counter()
        done = subprocess.run(command, cwd=folder, stdout=printed, stderr=subprocess.STDOUT, check=False)
        wall = time.perf_counter() - started
        if done.returncode:
            printed.seek(0)
            raise SystemExit(f"{' '.join(command)} failed:\n{printed.read().decode(errors='replace')[-2000:]}")
    _wait_for_helpers()
    after = os.times()
    processor = after.children_user + after.children_system - before.children_user - before.children_system
    return Measurement(wall, processor if os.name == "posix" else None, memory.rss, memory.pss)


def _wait_for_helpers(patience: float = 2.0) -> None:
    until = time.monotonic() + patience
    while SAMPLED and time.monotonic() < until:
        try:
            if os.waitpid(-1, os.WNOHANG) == (0, 0):
                time.sleep(0.01)
        except ChildProcessError:
            return


class Memory:
    """Watches the memory of all processes below this one, as long as it is entered.

    Attributes:
        rss, pss: the most so far, as in Measurement.
    """

    def __init__(self) -> None:
        self.rss: int | None = None
        self.pss: int | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Memory:
        if SAMPLED:
            self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        if SAMPLED:
            self._thread.join()

    def _watch(self) -> None:
        next_pss = 0.0
        while not self._stop.wait(EVERY):
            processes = list(_below(os.getpid()))
            self.rss = max(self.rss or 0, sum(map(_rss, processes)))
            now = time.perf_counter()
            if now >= next_pss:
                self.pss = max(self.pss or 0, sum(map(_pss, processes)))
                # The kernel walks the pages of the program for this, and holds it up: the larger, the rarer.
                next_pss = now + (time.perf_counter() - now) / SHARE


def _below(process: int) -> Iterator[int]:
    try:
        tasks = list((PROC / str(process) / "task").iterdir())
    except OSError:
        return
    for task in tasks:
        for child in _read(task / "children").split():
            yield int(child)
            yield from _below(int(child))


def _rss(process: int) -> int:
    fields = _read(PROC / str(process) / "statm").split()
    return int(fields[1]) * os.sysconf("SC_PAGE_SIZE") if fields else 0


def _pss(process: int) -> int:
    for line in _read(PROC / str(process) / "smaps_rollup").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0


def _read(file: Path) -> str:
    # A process may end at any time.
    try:
        return file.read_text("ascii")
    except OSError:
        return ""
