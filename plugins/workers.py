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
import zipfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from itertools import chain, islice
from pathlib import Path
from typing import IO, Any, TypeVar

from plugins.problems import Problem, Stop, report

Shared, Part, Result = TypeVar("Shared"), TypeVar("Part"), TypeVar("Result")

WAITING = 4
"""Parts for each worker that may wait for it or for us: enough that nobody is idle, and few in memory."""


class Workers:
    """Runs a function on parts of a work, several at a time.

    Attributes:
        share_disk: whether workers see the files that this process sees.
    """

    share_disk = True

    def __init__(self, count: int) -> None:
        self._count = count
        self._executor: Executor | None = None
        self._broken = False
        self._sent = 0
        self._files: dict[str, IO[bytes]] = {}

    def run(
        self, function: Callable[[Shared, Part], Result], shared: Shared, parts: Iterable[Part], few: int = 1
    ) -> Iterator[Result]:
        """What *function* makes of each part, in the order of the parts.

        A worker that dies costs time: its part, and all after it, are done by this process.

        Args:
            function: of a module, so that workers can import it; without effects that doing a part twice would show.
            shared: what it needs for every part; sent to each worker once.
            parts: taken as they are needed; what is being done or waits is bounded.
            few: with no more parts than that, starting workers would take longer than it saves.
        Raises: what *function* raises.
        """
        parts = iter(parts)
        first = list(islice(parts, few + 1))
        if len(first) <= few or self._count < 2 or self._broken:
            for part in chain(first, parts):
                yield function(shared, part)
            return
        self._executor = self._executor or self._start(self._count)
        handle = self._send(shared)
        waiting: deque[tuple[Part, Future[Result] | None]] = deque()
        try:
            for part in chain(first, parts):
                waiting.append((part, self._submit(function, handle, part)))
                if len(waiting) > WAITING * self._count:
                    yield self._result(function, shared, *waiting.popleft())
            while waiting:
                yield self._result(function, shared, *waiting.popleft())
        finally:
            for _, future in waiting:
                if future is not None:
                    future.cancel()
            self._take_back(handle)

    def _submit(self, function: Callable[[Shared, Part], Result], handle: Any, part: Part) -> Future[Result] | None:
        if self._executor is None:
            return None
        try:
            return self._executor.submit(_call, function, handle, part)
        except BrokenExecutor:
            return None

    def _result(
        self,
        function: Callable[[Shared, Part], Result],
        shared: Shared,
        part: Part,
        future: Future[Result] | None,
    ) -> Result:
        if future is not None:
            try:
                return future.result()
            except BrokenExecutor:
                if not self._broken:
                    print("A process of the build died (killed, or out of memory); this one does its work.", flush=True)
                self._broken, self._executor = True, None
        return function(shared, part)

    def _start(self, count: int) -> Executor:
        return ProcessPoolExecutor(count, start_method(), initializer=_end_with_parent)

    def _send(self, shared: object) -> Any:
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
        self._files.pop(handle).close()
        name = handle.rpartition("#")[0]
        if not name.startswith("/proc/"):
            Path(name).unlink(missing_ok=True)

    def close(self) -> None:
        """Let the workers go; they are started again when there is more to do."""
        if self._executor is not None:
            self._executor.shutdown(cancel_futures=True)
            self._executor = None


class DaskWorkers(Workers):
    """As Workers, on a cluster.

    Args:
        count: of processes where the cluster is one of this machine.
        scheduler: address of the cluster's; empty for a cluster of this machine, which ends with the build.
    Raises: Stop when Dask is not installed, or the scheduler does not answer.
    """

    share_disk = False

    def __init__(self, count: int, scheduler: str) -> None:
        super().__init__(count)
        self._scheduler = scheduler
        self._client: Any = None

    def _start(self, count: int) -> Executor:
        try:
            from distributed import Client, LocalCluster
        except ImportError:
            fix = 'Install "duikai[dask]", or set BUILD_EXECUTOR = "processes".'
            raise Stop(report([Problem("pelicanconf.py", 0, "Dask is not installed.", fix)], "the settings")) from None
        try:
            place = self._scheduler or LocalCluster(n_workers=count, threads_per_worker=1, dashboard_address=None)
            self._client = Client(place, timeout="20s")
        except OSError as error:
            what = f'the Dask scheduler "{self._scheduler}" cannot be reached ({error}).'
            fix = "Start it (dask scheduler), or mend DASK_SCHEDULER."
            raise Stop(report([Problem("pelicanconf.py", 0, what, fix)], "the settings")) from None
        self._client.upload_file(_code_for_workers())
        return self._client.get_executor()

    def _send(self, shared: object) -> Any:
        return self._client.scatter(shared, broadcast=True)

    def _take_back(self, handle: Any) -> None:
        handle.release()

    def close(self) -> None:
        """Leave the cluster; one of this machine ends."""
        super().close()
        if self._client is not None:
            cluster = self._client.cluster
            self._client.close()
            if cluster is not None:
                cluster.close()
            self._client = None


def _code_for_workers() -> str:
    """A file that holds our code as it is here, for workers to import."""
    here = Path(__file__).parent
    packed = Path(tempfile.gettempdir(), f"duikai-{os.getpid()}.zip")
    with zipfile.ZipFile(packed, "w") as archive:
        for file in sorted(here.rglob("*.py")):
            archive.write(file, f"{here.name}/{file.relative_to(here).as_posix()}")
    return str(packed)


def workers_of(settings: Mapping[str, Any]) -> Workers:
    """The workers that the settings ask for, the same for the whole life of this process."""
    return _workers(settings["BUILD_EXECUTOR"], settings["DASK_SCHEDULER"], settings["WORKERS"])


@functools.lru_cache(maxsize=1)
def _workers(kind: str, scheduler: str, count: int) -> Workers:
    count = count or os.cpu_count() or 1
    return DaskWorkers(max(2, count), scheduler) if kind == "dask" else Workers(count)


def start_method() -> multiprocessing.context.BaseContext:
    """How processes are started: on Linux as copies of this one, which takes no time; elsewhere as the system does."""
    return multiprocessing.get_context("fork" if sys.platform == "linux" else None)


def _end_with_parent() -> None:
    """A process whose build was killed would wait for work for ever, and an interrupted one is ended by its build."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()

    def end() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=end, daemon=True).start()


def _call(function: Callable[[Shared, Part], Result], handle: Any, part: Part) -> Result:
    return function(_received(handle) if isinstance(handle, str) else handle, part)


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
