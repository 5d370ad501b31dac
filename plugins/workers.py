"""Parts of a build done by other processes, or by the machines of a Dask cluster; the results do not depend on it."""

from __future__ import annotations

import functools
import multiprocessing
import os
import pickle
import signal
import sys
import tempfile
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from itertools import chain, islice
from pathlib import Path
from typing import IO, Any, TypeVar

Shared, Part, Result = TypeVar("Shared"), TypeVar("Part"), TypeVar("Result")

WAITING = 8
"""Parts for each worker that may wait for it or for us: enough that nobody is idle, and few in memory."""

NICE = 10
"""By how much workers give way to whoever has something for them to do."""


class Undone(Exception):
    """A worker did not do a part; the message says why."""


class Workers:
    """Runs a function on parts of a work, several at a time.

    Attributes:
        share_disk: whether workers see the files that this process sees.
        broken: the workers were lost, and this process does everything.
    """

    share_disk = True

    def __init__(self, count: int) -> None:
        self._count = count
        self._executor: ProcessPoolExecutor | None = None
        self.broken = self._complained = False
        self._sent = 0
        self._files: dict[str, IO[bytes]] = {}

    def run(
        self, function: Callable[[Shared, Part], Result], shared: Shared, parts: Iterable[Part], few: int = 1
    ) -> Iterator[Result]:
        """What *function* makes of each part, in the order of the parts; workers begin before anybody asks for it.

        A worker that dies costs time: its part, and all after it, are done by this process. Results are there to be
        taken: until they are, or this process ends, the workers keep what is shared.

        Args:
            function: of a module, so that workers can import it; without effects that doing a part twice would show.
            shared: what it needs for every part; sent to each worker once.
            parts: taken as they are needed; what is being done or waits is bounded.
            few: with no more parts than that, starting workers would take longer than it saves.
        Raises: what *function* raises.
        """
        parts = iter(parts)
        first = list(islice(parts, few + 1))
        if len(first) <= few or self._count < 2 or self.broken:
            return (function(shared, part) for part in chain(first, parts))
        self._start()
        handle = None
        try:
            handle = self._send(shared)
        except BrokenExecutor as error:
            self._lose(error)
        parts = chain(first, parts)
        begun = islice(parts, WAITING * self._count)
        waiting = deque((part, self._submit(function, handle, part)) for part in begun)
        return self._results(function, shared, handle, waiting, parts)

    def _results(
        self,
        function: Callable[[Shared, Part], Result],
        shared: Shared,
        handle: Any,
        waiting: deque[tuple[Part, Any]],
        parts: Iterable[Part],
    ) -> Iterator[Result]:
        """What becomes of the parts that are *waiting*, and of the rest.

        Args:
            handle: of what is shared; None when the workers are lost.
        """
        try:
            for part in parts:
                waiting.append((part, self._submit(function, handle, part)))
                yield self._result(function, shared, *waiting.popleft())
            while waiting:
                yield self._result(function, shared, *waiting.popleft())
        finally:
            for _, future in waiting:
                if future is not None and not self.broken:
                    future.cancel()
            if handle is not None:
                self._take_back(handle)

    def _result(self, function: Callable[[Shared, Part], Result], shared: Shared, part: Part, future: Any) -> Result:
        if future is not None and not self.broken:
            try:
                return self._fetch(future)
            except Undone as why:
                result = function(shared, part)
                # Only now it is sure that the work itself was no mistake.
                if not self._complained:
                    self._complained = True
                    print(f"A worker did not do its part ({why}); the build does it itself.", flush=True)
                return result
            except BrokenExecutor as error:
                self._lose(error)
        return function(shared, part)

    def _lose(self, error: BrokenExecutor) -> None:
        """Go on without workers; when this returns, none of them writes a file any more."""
        self.broken = True
        print(f"{error} The build goes on without it, and takes longer.", flush=True)
        self.close()

    # What differs where workers are something else

    def _start(self) -> None:
        """Start the workers that are not there yet."""
        if self._executor is None:
            self._executor = start_pool(self._count)

    def _submit(self, function: Callable[[Shared, Part], Result], handle: Any, part: Part) -> Any:
        """Give a part to the workers; None when they are lost."""
        if self._executor is None or self.broken:
            return None
        try:
            return self._executor.submit(_call, function, handle, part)
        except BrokenExecutor:
            return None

    def _fetch(self, future: Any) -> Any:
        """What became of a part.

        Raises: Undone when this process must do it; BrokenExecutor when the workers are lost, with a sentence for
            people; what the function raises.
        """
        try:
            return future.result()
        except BrokenExecutor:
            raise BrokenExecutor("A process of the build died (killed, or out of memory).") from None

    def _send(self, shared: object) -> Any:
        """Give all workers what every part needs; returns what _submit and _take_back know it by.

        Raises: BrokenExecutor when the workers are lost.
        """
        # A pool has no way to tell each of its processes something once, so they read it: where that can be, from
        # memory, because of a file that a killed build leaves behind nobody would know.
        descriptor, name = _file_in_memory() or tempfile.mkstemp(prefix="duikai-", suffix=".pickle")
        file = os.fdopen(descriptor, "wb")
        pickle.dump(shared, file, protocol=5)
        file.flush()
        self._sent += 1
        # A number, because the next one may have the same name.
        handle = f"{name}#{self._sent}"
        self._files[handle] = file
        return handle

    def _take_back(self, handle: Any) -> None:
        """Let the workers forget it."""
        self._files.pop(handle).close()
        name = handle.rpartition("#")[0]
        if not name.startswith("/proc/"):
            Path(name).unlink(missing_ok=True)

    def close(self, wait: bool = True) -> None:
        """Let the workers go; they are started again when there is more to do.

        Args:
            wait: until they are gone. Otherwise they go while this process does something else.
        """
        if self._executor is not None:
            self._executor.shutdown(wait, cancel_futures=True)
            self._executor = None


def workers_of(settings: Mapping[str, Any]) -> Workers:
    """The workers that the settings ask for, the same for the whole life of this process, while they are alive."""
    asked = settings["BUILD_EXECUTOR"], settings["DASK_SCHEDULER"], settings["WORKERS"]
    if _workers(*asked).broken and settings["BUILD_EXECUTOR"] == "processes":
        _workers.cache_clear()
    return _workers(*asked)


@functools.lru_cache(maxsize=1)
def _workers(kind: str, scheduler: str, count: int) -> Workers:
    count = count or os.cpu_count() or 1
    if kind != "dask":
        return Workers(count)
    from plugins.cluster import DaskWorkers

    return DaskWorkers(max(2, count), scheduler)


def start_method() -> multiprocessing.context.BaseContext:
    """How processes are started: on Linux as copies of this one, which takes no time; elsewhere as the system does."""
    return multiprocessing.get_context("fork" if sys.platform == "linux" else None)


def start_pool(count: int) -> ProcessPoolExecutor:
    """Processes that end when this one does, however it does, and leave Ctrl-C to it."""
    return ProcessPoolExecutor(count, start_method(), initializer=_end_with_parent)


def _end_with_parent() -> None:
    """A process whose build was killed would wait for work for ever, and an interrupted one is ended by its build."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Only the build can plan what they are to do: where there are no more processors than workers, it comes first.
    if hasattr(os, "nice"):
        os.nice(NICE)
    parent = multiprocessing.parent_process()

    def end() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=end, daemon=True).start()


def _call(function: Callable[[Shared, Part], Result], handle: str, part: Part) -> Result:
    return function(_received(handle), part)


def _file_in_memory() -> tuple[int, str] | None:
    """A file that ends with this process, and its name for others; None where the system has none."""
    if not hasattr(os, "memfd_create"):
        return None
    descriptor = os.memfd_create("duikai")
    name = f"/proc/{os.getpid()}/fd/{descriptor}"
    if os.access(name, os.R_OK):
        return descriptor, name
    os.close(descriptor)
    return None


@functools.lru_cache(maxsize=2)
def _received(handle: str) -> Any:
    with Path(handle.rpartition("#")[0]).open("rb") as file:
        return pickle.load(file)
