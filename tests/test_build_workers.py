"""Whoever does the work, the site is the same: this process, several of them, a cluster, and what is left of it."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import os
import signal
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import ROOT, Site, story

from plugins import cluster
from plugins.values import digest_of
from plugins.workers import WAITING, Workers, workers_of

needs_dask = pytest.mark.skipif(
    importlib.util.find_spec("distributed") is None,
    reason="Dask is an optional extra of the portal; `make test` installs it",
)
needs_proc = pytest.mark.skipif(
    not Path("/proc/self/task").is_dir(), reason="which processes are left is asked of /proc, which Linux alone has"
)

# The workers themselves


def double(shared: int, part: int) -> int:
    """Odd parts take longer, so that results come out of order."""
    time.sleep(0.002 * (part % 3))
    return shared * part


def fail_on_seven(shared: int, part: int) -> int:
    """As a template with a mistake."""
    if part == 7:
        raise LookupError("seven")
    return part


def die_on_seven(marker: str, part: int) -> int:
    """As a process that the system ends, once."""
    if part == 7 and not Path(marker).exists():
        Path(marker).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return part


def process_of(shared: None, part: int) -> int:
    """Who did it."""
    return os.getpid()


@pytest.fixture(params=["processes", pytest.param("dask", marks=needs_dask)])
def workers(request: pytest.FixtureRequest) -> Iterator[Workers]:
    """Two workers of each kind."""
    if request.param == "dask":
        made: Workers = cluster.DaskWorkers(2, "")
    else:
        made = Workers(2)
    yield made
    made.close()


def test_results_come_in_the_order_of_the_parts(workers: Workers) -> None:
    """Whatever worker was the quicker one; and again, with other things to share."""
    assert [3 * number for number in range(40)] == list(workers.run(double, 3, range(40)))
    assert [5 * number for number in range(20)] == list(workers.run(double, 5, range(20)))
    assert os.getpid() not in list(workers.run(process_of, None, range(8)))


def test_what_a_function_raises_reaches_who_asked(workers: Workers) -> None:
    """With its own words, and the workers are as good as before."""
    with pytest.raises(LookupError, match="seven"):
        list(workers.run(fail_on_seven, 0, range(20)))
    assert [2 * number for number in range(9)] == list(workers.run(double, 2, range(9)))


def test_a_worker_that_dies_costs_no_part(workers: Workers, tmp_path: Path) -> None:
    """In the middle of it."""
    marker = str(tmp_path / "marker")
    assert list(range(40)) == list(workers.run(die_on_seven, marker, range(40)))
    assert Path(marker).exists()
    assert list(range(10)) == list(workers.run(die_on_seven, marker, range(10)))


def test_what_comes_after_a_worker_that_died_has_workers_again(tmp_path: Path) -> None:
    """Pages need not suffer for a process that died over a story."""
    settings = {"BUILD_EXECUTOR": "processes", "DASK_SCHEDULER": "", "WORKERS": 2}
    workers = workers_of(settings)
    assert list(range(20)) == list(workers.run(die_on_seven, str(tmp_path / "marker"), range(20)))
    assert workers.broken
    again = workers_of(settings)
    assert os.getpid() not in list(again.run(process_of, None, range(8)))
    assert again is workers_of(settings)
    again.close()


def test_few_parts_are_done_here() -> None:
    """To start a process takes longer."""
    workers = Workers(2)
    assert {os.getpid()} == set(workers.run(process_of, None, range(5), few=5))
    assert {os.getpid()} == set(Workers(1).run(process_of, None, range(9)))


def test_no_more_parts_are_taken_than_are_needed() -> None:
    """A newspaper's pages are not all in memory because they wait for a worker."""
    taken: list[int] = []

    def parts() -> Iterator[int]:
        for number in range(100):
            taken.append(number)
            yield number

    workers = Workers(2)
    results = workers.run(double, 1, parts())
    assert 0 == next(results)
    assert len(taken) <= WAITING * 2 + 2
    results.close()
    workers.close()


# Builds


@pytest.fixture
def newspaper(content: Callable[..., Path]) -> Path:
    """A folder of stories: enough for many parts."""
    return content(
        "pair",
        {
            f"{language}/2024/05/k{number}.md": story(
                f"Number {number}", f"Text {number}. " * 30, date=f"2024-05-{number % 28 + 1:02}", category="markets"
            )
            for number in range(60)
            for language in ("en", "zh")
        },
    )


def command(newspaper: Path, name: str, *settings: str, part: int = 8) -> list[str]:
    """The command that builds into the folder *name* beside the stories."""
    folder = newspaper.parent
    places = [str(newspaper), str(folder / name), str(folder / f"{name}-cache")]
    return [sys.executable, str(ROOT / "tests" / "builds.py"), *places, str(part), *settings]


def build(newspaper: Path, name: str, *settings: str) -> dict[str, bytes]:
    """The files of the site, and what was said beside what is always said."""
    done = subprocess.run(command(newspaper, name, *settings), cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "" == done.stderr
    assert "worker" not in done.stdout and "cluster" not in done.stdout, done.stdout
    return Site(newspaper.parent / name).files()


@pytest.fixture
def alone(newspaper: Path) -> dict[str, bytes]:
    """The site that one process makes."""
    return build(newspaper, "alone", "WORKERS=1")


def test_several_processes_make_the_same_site(newspaper: Path, alone: dict[str, bytes]) -> None:
    """Byte for byte."""
    assert alone == build(newspaper, "several", "WORKERS=2")


@needs_dask
def test_a_cluster_of_this_machine_makes_the_same_site(newspaper: Path, alone: dict[str, bytes]) -> None:
    """It is started for the build, which warnings would end, and says nothing, even where another one has its ports."""
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with contextlib.suppress(OSError):
            taken.bind(("127.0.0.1", 8787))
            taken.listen()
        assert alone == build(newspaper, "cluster", "WORKERS=2", 'BUILD_EXECUTOR="dask"')


Process = subprocess.Popen[bytes]
Scheduler = tuple[str, Process, Callable[[], Process]]


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[Scheduler]:
    """A scheduler on loopback: its address, its process, and a function that starts a worker elsewhere than here."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{probe.getsockname()[1]}"
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    started: list[Process] = []
    port = address.rpartition(":")[2]
    environment = {name: text for name, text in os.environ.items() if name != "PYTHONPATH"}

    def start(*arguments: str) -> Process:
        process = subprocess.Popen(
            [sys.executable, "-m", "dask", *arguments],
            cwd=elsewhere,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        started.append(process)
        return process

    def worker() -> Process:
        return start("worker", address, "--nthreads", "1", "--no-dashboard", "--host", "127.0.0.1")

    main = start("scheduler", "--host", "127.0.0.1", "--port", port, "--no-dashboard", "--no-jupyter")
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", int(port))) == 0:
                break
        time.sleep(0.1)
    yield address, main, worker
    for process in started:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
    for process in started:
        process.wait(30)


@needs_dask
def test_workers_elsewhere_make_the_same_site(newspaper: Path, alone: dict[str, bytes], scheduler: Scheduler) -> None:
    """They have neither our folder nor our code, and a second build finds them as good as the first."""
    address, _, worker = scheduler
    worker(), worker()
    dask = ("WORKERS=2", 'BUILD_EXECUTOR="dask"', f'DASK_SCHEDULER="{address}"')
    assert alone == build(newspaper, "elsewhere-site", *dask)
    assert alone == build(newspaper, "again", *dask)


def packed_with_another_digest() -> bytes:
    """Our code, but for one function that gives something else."""
    old, new = io.BytesIO(cluster._code()), io.BytesIO()
    with zipfile.ZipFile(old) as given, zipfile.ZipFile(new, "w") as made:
        for name in given.namelist():
            more = b"\ndef digest_of(*parts): return 'other'\n" if name == "plugins/values.py" else b""
            made.writestr(zipfile.ZipInfo(name), given.read(name) + more)
    return new.getvalue()


@needs_dask
def test_workers_that_stay_have_the_code_of_each_build(
    scheduler: Scheduler, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of the next version, of the last one again; and of two builds at a time, one does its work itself."""
    address, _, worker = scheduler
    worker()
    parts = [b"%d" % number for number in range(6)]
    ours = [digest_of(b"x", part) for part in parts]
    first, second, third = (cluster.DaskWorkers(2, address) for _ in range(3))
    assert ours == list(first.run(digest_of, b"x", parts))
    with monkeypatch.context() as patch:
        changed = packed_with_another_digest()
        patch.setattr(cluster, "_code", lambda: changed)
        assert ["other"] * 6 == list(second.run(digest_of, b"x", parts))
    assert "" == capsys.readouterr().out
    assert ours == list(first.run(digest_of, b"x", parts))
    said = "A worker did not do its part (a build with other code uses it as well); the build does it itself.\n"
    assert said == capsys.readouterr().out
    first.close(), second.close()
    assert ours == list(third.run(digest_of, b"x", parts))
    assert "" == capsys.readouterr().out
    third.close()


@needs_dask
def test_workers_with_other_libraries_do_nothing(
    scheduler: Scheduler, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Their bytes could be others; what differs is said."""
    address, _, worker = scheduler
    worker()
    here = cluster._versions()
    monkeypatch.setattr(cluster, "_versions", lambda: {**here, "jinja2": "99.0"})
    workers = cluster.DaskWorkers(2, address)
    assert {os.getpid()} == set(workers.run(process_of, None, range(6)))
    workers.close()
    reason = f"jinja2 is {here['jinja2']} there and 99.0 here"
    assert f"A worker did not do its part ({reason}); the build does it itself.\n" == capsys.readouterr().out


@needs_dask
def test_a_scheduler_without_workers_is_a_problem(newspaper: Path, scheduler: Scheduler) -> None:
    """Instead of waiting for ever."""
    address, _, _ = scheduler
    done = subprocess.run(
        command(newspaper, "none", 'BUILD_EXECUTOR="dask"', f'DASK_SCHEDULER="{address}"'),
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert (1, "") == (done.returncode, done.stdout)
    assert [
        "1 problem in the settings, nothing was published:",
        f'pelicanconf.py: the Dask scheduler "{address}" has no workers. Start some: dask worker {address}',
    ] == done.stderr.splitlines()


@needs_dask
def test_a_scheduler_that_cannot_be_reached_is_a_problem(newspaper: Path) -> None:
    """With its address, without a traceback."""
    done = subprocess.run(
        command(newspaper, "none", 'BUILD_EXECUTOR="dask"', 'DASK_SCHEDULER="tcp://127.0.0.1:9"'),
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert (1, "") == (done.returncode, done.stdout)
    assert 'pelicanconf.py: the Dask scheduler "tcp://127.0.0.1:9" cannot be reached' in done.stderr
    assert "Traceback" not in done.stderr and len(done.stderr.splitlines()) == 2


def test_dask_that_is_not_installed_is_a_problem(newspaper: Path) -> None:
    """It is an extra."""
    done = subprocess.run(
        command(newspaper, "none", 'BUILD_EXECUTOR="dask"', "WITHOUT=distributed"),
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert (1, "") == (done.returncode, done.stdout)
    assert [
        "1 problem in the settings, nothing was published:",
        "pelicanconf.py: Dask is not installed. Install it (pip install distributed), or set "
        'BUILD_EXECUTOR = "processes".',
    ] == done.stderr.splitlines()


def processes_of(session: int) -> dict[int, str]:
    """The processes of a session that have not ended, with their command lines."""
    found = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            try:
                state, _, _, own = (folder / "stat").read_text().rpartition(")")[2].split()[:4]
                if int(own) == session and state != "Z":
                    found[int(folder.name)] = (folder / "cmdline").read_text().replace("\0", " ")
            except OSError:
                continue
    return found


def all_ended(session: int) -> bool:
    """Whether no process of *session* is left, within a while."""
    for _ in range(100):
        if not processes_of(session):
            return True
        time.sleep(0.1)
    return False


KINDS = ["processes", pytest.param("dask", marks=needs_dask)]


@needs_proc
@pytest.mark.parametrize("kind", KINDS)
def test_a_worker_that_is_killed_costs_time_and_no_page(
    newspaper: Path, alone: dict[str, bytes], kind: str, tmp_path: Path
) -> None:
    """SIGKILL while pages are rendered; and no process is left when the build has ended."""
    small = command(newspaper, "killed", "WORKERS=2", f'BUILD_EXECUTOR="{kind}"', part=1)
    staging = tmp_path / ".killed.new"
    with subprocess.Popen(small, cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True) as process:
        while not any(staging.rglob("index.html")):
            assert process.poll() is None
            time.sleep(0.002)
        victims = [
            pid
            for pid, line in processes_of(process.pid).items()
            if pid != process.pid and "resource_tracker" not in line and (kind == "processes" or "spawn_main" in line)
        ]
        assert victims
        os.kill(victims[0], signal.SIGKILL)
        said = process.communicate(timeout=300)[0]
    assert process.returncode == 0
    assert kind == "dask" or "A process of the build died" in said
    assert alone == Site(tmp_path / "killed").files()
    assert all_ended(process.pid)


@needs_proc
@pytest.mark.parametrize("kind", KINDS)
def test_the_workers_of_a_build_that_is_killed_end(newspaper: Path, kind: str, tmp_path: Path) -> None:
    """Nobody would give them work any more."""
    small = command(newspaper, "killed", "WORKERS=2", f'BUILD_EXECUTOR="{kind}"', part=1)
    staging = tmp_path / ".killed.new"
    with subprocess.Popen(small, cwd=ROOT, stdout=subprocess.DEVNULL, start_new_session=True) as process:
        while not any(staging.rglob("index.html")):
            assert process.poll() is None
            time.sleep(0.002)
        process.kill()
        process.wait()
    assert all_ended(process.pid), processes_of(process.pid)


@needs_dask
@pytest.mark.parametrize("lost", ["workers", "scheduler"])
def test_a_cluster_that_is_lost_costs_time_and_no_page(
    newspaper: Path, alone: dict[str, bytes], scheduler: Scheduler, tmp_path: Path, lost: str
) -> None:
    """While pages are rendered: all of its workers, or what they are told by."""
    address, main, worker = scheduler
    only = worker()
    small = command(newspaper, "lost", "WORKERS=2", 'BUILD_EXECUTOR="dask"', f'DASK_SCHEDULER="{address}"', part=1)
    staging = tmp_path / ".lost.new"
    with subprocess.Popen(small, cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True) as process:
        while not any(staging.rglob("index.html")):
            assert process.poll() is None
            time.sleep(0.002)
        os.killpg((only if lost == "workers" else main).pid, signal.SIGKILL)
        said = process.communicate(timeout=300)[0]
    assert process.returncode == 0
    assert f"The Dask cluster {'has lost its workers' if lost == 'workers' else 'is lost'}" in said
    assert "The build goes on without it, and takes longer." in said
    assert alone == Site(tmp_path / "lost").files()
