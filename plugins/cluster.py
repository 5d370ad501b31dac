"""Workers on a Dask cluster, for archives that outgrow one machine.

They get our code as it is here, need no disk in common with us, and must have the same libraries, or the bytes of pages
could differ. Whatever happens to them costs time, never a page: what a worker does not do is done here.
"""

from __future__ import annotations

import atexit
import io
import logging
import pickle
import platform
import time
import uuid
import zipfile
from asyncio import CancelledError
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import BrokenExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from plugins.last_build import LIBRARIES, version_of
from plugins.problems import Problem, Stop, report
from plugins.values import digest_of
from plugins.workers import Part, Result, Shared, Undone, Workers

ANSWER = 10
"""Seconds in which a scheduler must answer, and in which the first worker must be there."""

PATIENCE = 15
"""Seconds that a build waits for a cluster that has lost all its workers to get one again."""


LOUD = ("asyncio", "bokeh", "dask", "distributed", "tornado")
"""Whose loggers tell of a cluster's every step."""


class DaskWorkers(Workers):
    """As Workers, on a cluster.

    Args:
        count: of processes where the cluster is one of this machine.
        scheduler: address of the cluster's; empty for a cluster of this machine, which ends with the build.
    Raises: Stop when Dask is not installed, the scheduler does not answer, or the cluster has no workers.
    """

    share_disk = False

    def __init__(self, count: int, scheduler: str) -> None:
        super().__init__(count)
        self._scheduler = scheduler
        self._client: Any = None
        self._cluster: Any = None
        self._code = ""
        self._work: Callable[[str, bytes], bytes] | None = None

    def _start(self) -> None:
        if self._client is not None:
            return
        with _quiet():
            try:
                from distributed import Client, LocalCluster
            except ImportError:
                fix = 'Install it (pip install distributed), or set BUILD_EXECUTOR = "processes".'
                raise _refused("Dask is not installed.", fix) from None
            _silence()
            atexit.register(self.close)
            try:
                if not self._scheduler:
                    # Nothing of it is open to other machines, and the memory of a build is its own business.
                    self._cluster = LocalCluster(
                        n_workers=self._count,
                        threads_per_worker=1,
                        # Its page for machines needs some port; Dask would complain where 8787 is taken.
                        scheduler_kwargs={"dashboard": False, "dashboard_address": "127.0.0.1:0"},
                        memory_limit=None,
                        silence_logs=logging.CRITICAL,
                    )
                self._client = Client(self._cluster or self._scheduler, timeout=ANSWER, set_as_default=False)
                self._client.wait_for_workers(1, timeout=ANSWER)
            except (OSError, TimeoutError, ValueError) as error:
                found = self._client is not None
                self.close()
                if found:
                    what = f'the Dask scheduler "{self._scheduler}" has no workers.'
                    raise _refused(what, f"Start some: dask worker {self._scheduler}") from None
                what = f'the Dask scheduler "{self._scheduler}" cannot be reached ({_first_line(error)}).'
                raise _refused(what, "Start it (dask scheduler), or mend DASK_SCHEDULER.") from None
            # Threads of a worker take turns, so more parts than it has processes are of no use.
            self._count = max(self._count, len(self._client.nthreads()))
            archive = _code()
            digest = digest_of(archive)
            self._code = _new_name()
            self._client.register_plugin(_code_for_workers(self._code, archive, digest, _versions()), name=self._code)
            self._work = _work_of_workers(self._code, digest)

    def _send(self, shared: object) -> Any:
        # By a plugin, and not as scattered data: the scheduler gives it to workers that come later or again, too.
        name = _new_name()
        try:
            self._client.register_plugin(_shared_for_workers(name, pickle.dumps(shared, protocol=5)), name=name)
        except (Exception, CancelledError) as error:  # of a lost cluster Dask raises whatever its connections do
            raise BrokenExecutor(f"The Dask cluster is lost ({_first_line(error)}).") from None
        return name

    def _take_back(self, handle: Any) -> None:
        if self._client is not None:
            with suppress(Exception, CancelledError):
                self._client.unregister_worker_plugin(handle)

    def _submit(self, function: Callable[[Shared, Part], Result], handle: Any, part: Part) -> Any:
        if self._client is None or self.broken:
            return None
        task = pickle.dumps((function, part), protocol=5)
        try:
            return self._client.submit(self._work, handle, task, pure=False)
        except (Exception, CancelledError):
            return None

    def _fetch(self, future: Any) -> Any:
        lost = 0.0
        while True:
            try:
                why, result = pickle.loads(future.result(timeout=1))
            except TimeoutError:
                lost = 0.0 if self._has_workers() else lost or time.monotonic()
                if lost and time.monotonic() - lost > PATIENCE:
                    raise BrokenExecutor("The Dask cluster has lost its workers.") from None
            except (Exception, CancelledError) as error:  # of a cluster that is lost, or of one that a part has killed
                if type(error).__name__ != "KilledWorker":
                    raise BrokenExecutor(f"The Dask cluster is lost ({_first_line(error)}).") from None
                raise Undone("a part of the work ended every process that it was given to") from None
            else:
                if why:
                    raise Undone(_first_line(why))
                return result

    def _has_workers(self) -> bool:
        try:
            return bool(self._client.nthreads())
        except (Exception, CancelledError):
            return False

    def close(self, wait: bool = True) -> None:
        """Leave the cluster; one of this machine ends. Without *wait* it stays until somebody waits."""
        if not wait:
            return
        client, cluster = self._client, self._cluster
        self._client = self._cluster = None
        if client is not None:
            with suppress(Exception, CancelledError):
                client.unregister_worker_plugin(self._code)
            with suppress(Exception, CancelledError):
                client.close(timeout=ANSWER)
        if cluster is not None:
            with suppress(Exception, CancelledError):
                cluster.close(timeout=ANSWER)


def _new_name() -> str:
    return f"duikai-{uuid.uuid4().hex}"


def _refused(what: str, fix: str) -> Stop:
    return Stop(report([Problem("pelicanconf.py", 0, what, fix)], "the settings"))


def _first_line(error: object) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0].rstrip(".")


@contextmanager
def _quiet() -> Iterator[None]:
    """Let Dask and what it uses make their loggers as Python does, and say nothing: what people must know we tell.

    Pelican's loggers, which all that are made after it are, end the build at a warning, in whatever thread it comes.
    """
    pelicans = logging.getLoggerClass()
    logging.setLoggerClass(logging.Logger)
    try:
        yield
    finally:
        logging.setLoggerClass(pelicans)
        _silence()


def _silence() -> None:
    for name, logger in list(logging.Logger.manager.loggerDict.items()):
        if name.partition(".")[0] in LOUD and isinstance(logger, logging.Logger):
            logger.__class__ = logging.Logger
            logger.setLevel(logging.CRITICAL + 1)


def _code() -> bytes:
    """All of our code, as it is here, packed; the same bytes for the same code."""
    here = Path(__file__).parent
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(here.rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts:
                # With a time of its own, each build's would be another one.
                archive.writestr(zipfile.ZipInfo(f"{here.name}/{file.relative_to(here).as_posix()}"), file.read_bytes())
    return packed.getvalue()


def _versions() -> dict[str, str]:
    """What must be the same on all machines, or they could write other bytes."""
    return {"Python": platform.python_version(), **{name: version_of(name) for name in LIBRARIES}}


# What runs on workers before they have our code. These functions and classes are made inside of others, because then
# they are sent as code and not by the name of a module that is not there yet; so they import all that they use.


def _code_for_workers(name: str, archive: bytes, digest: str, versions: Mapping[str, str]) -> Any:
    """A plugin of Dask that makes our code the one that its worker imports."""
    from distributed import WorkerPlugin

    wanted = dict(versions)

    class Code(WorkerPlugin):
        def __init__(self) -> None:
            self.name = name

        def setup(self, worker: Any) -> None:
            import importlib
            import io
            import platform
            import sys
            import threading
            import zipfile
            from importlib import metadata
            from pathlib import Path

            def installed(library: str) -> str:
                try:
                    return platform.python_version() if library == "Python" else metadata.version(library)
                except metadata.PackageNotFoundError:
                    return "missing"

            found = {library: installed(library) for library in wanted}
            other = [
                f"{one} is {found[one]} there and {wanted[one]} here" for one in wanted if found[one] != wanted[one]
            ]
            if not hasattr(worker, "duikai"):
                worker.duikai, worker.duikai_lock = {}, threading.Lock()
            worker.duikai[name] = "; ".join(other)
            folder = Path(worker.local_directory) / f"duikai-{digest}"
            if not folder.is_dir():
                zipfile.ZipFile(io.BytesIO(archive)).extractall(folder)
            if str(folder) not in (getattr(sys.modules.get("plugins"), "__file__", "") or ""):
                # Another one is that of an older build, or of the folder where the worker was started.
                with worker.duikai_lock:
                    for module in [one for one in sys.modules if one.partition(".")[0] == "plugins"]:
                        del sys.modules[module]
                    sys.path.insert(0, str(folder))
                    importlib.invalidate_caches()

        def teardown(self, worker: Any) -> None:
            worker.duikai.pop(name, None)

    return Code()


def _shared_for_workers(name: str, packed: bytes) -> Any:
    """A plugin of Dask that brings its worker what all parts need."""
    from distributed import WorkerPlugin

    class Shared(WorkerPlugin):
        def __init__(self) -> None:
            self.name = name

        def setup(self, worker: Any) -> None:
            if not hasattr(worker, "duikai_shared"):
                worker.duikai_shared = {}
            worker.duikai_shared[name] = [packed]

        def teardown(self, worker: Any) -> None:
            worker.duikai_shared.pop(name, None)

    return Shared()


def _work_of_workers(code: str, digest: str) -> Callable[[str, bytes], bytes]:
    """A function: name of what all parts need, and a part → why it is not done, and what became of it."""

    def work(shared: str, task: bytes) -> bytes:
        import pickle

        from distributed import get_worker

        worker = get_worker()
        # One part at a time: our code is not made for several threads, which would not make it quicker either.
        with worker.duikai_lock:
            try:
                if worker.duikai[code]:
                    return pickle.dumps((worker.duikai[code], None))
                import plugins

                if f"duikai-{digest}" not in plugins.__file__:
                    return pickle.dumps(("a build with other code uses it as well", None))
                given = worker.duikai_shared[shared]
                if len(given) == 1:
                    given.append(pickle.loads(given[0]))
                function, part = pickle.loads(task)
                return pickle.dumps(("", function(given[1], part)), protocol=5)
            except BaseException as error:
                return pickle.dumps((f"{type(error).__name__}: {error}", None))

    return work
