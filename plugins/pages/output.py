"""Build beside the output folder and put what was made in its place when all is done."""

from __future__ import annotations

import functools
import json
import os
import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from pelican import Pelican

from plugins.last_build import (
    FINGERPRINT,
    LAST_BUILD,
    LEDGER,
    MARK,
    LastBuild,
    fingerprint,
    mark_time,
    others_listen,
    read_last_build,
    staging_of,
    write_last_build,
)
from plugins.pages.ledger import Ledger
from plugins.problems import Problem, Stop, on_disk, report, uninterrupted
from plugins.progress import followed
from plugins.stories.snapshot import write_snapshot
from plugins.workers import workers_of

PATIENCE = 120
"""Seconds that a build waits for another one of the same site."""


FEW = 500
"""Files that are moved one by one; more are put in place together, with their folder."""


def _old_of(output: Path) -> Path:
    return output.with_name(f".{output.name}.old")


def choose(pelican: Pelican) -> None:
    """Remember where the site will stand, in ``LAST_OUTPUT_PATH``.

    Raises: Stop when the output folder is a file, or holds files that no build of ours has written.
    """
    # Renaming a link would leave the folder that it leads to as it was.
    output = Path(pelican.output_path).resolve()
    if output.exists() and not output.is_dir():
        raise _refused(output, "this is a file, not a folder.", "Choose a folder with -o.")
    if output.is_dir() and output.stat().st_dev != output.parent.stat().st_dev:
        what = "this is a disk of its own, and no folder that stands beside it can take its place."
        raise _refused(output, what, "Choose a folder inside of it with -o.")
    if output.is_dir() and any(output.iterdir()) and not (output / MARK).is_file():
        what = "the folder holds files that were not built from this portal, and a build would delete them."
        raise _refused(output, what, "Choose another folder with -o, or empty it.")
    pelican.settings["LAST_OUTPUT_PATH"] = str(output)


def _refused(output: Path, what: str, fix: str) -> Stop:
    return Stop(report([Problem(str(output), 0, what, fix)], "the output folder"))


def start(pelican: Pelican) -> None:
    """Let Pelican write into an empty staging folder, and undo what a build that was killed left behind.

    Raises: Stop when another build is writing the same site and does not finish, or the folder cannot be written.
    """
    output = Path(pelican.settings["LAST_OUTPUT_PATH"])
    old, staging = _old_of(output), staging_of(output)
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        waited = _take_lock(output)
        if old.is_dir() and not output.exists():
            old.replace(output)
        if output.is_dir():
            _finish_moves(output)
        for folder in (old, staging):
            shutil.rmtree(folder, ignore_errors=True)
        _draft_of(output).unlink(missing_ok=True)
        staging.mkdir()
        if waited or mark_time(str(output)) != pelican.settings[LAST_BUILD].mark:
            # Another build was at work, and whoever started this one may have saved something since.
            pelican.settings[LAST_BUILD] = read_last_build(pelican.settings)
            pelican.settings[FINGERPRINT] = fingerprint(pelican.settings)
    except Timeout:
        raise _refused(
            output, "another build is writing it.", "Wait for that one, or choose another with -o."
        ) from None
    except OSError as error:
        raise _refused(output, f"it cannot be written ({error.strerror}).", "Choose another folder with -o.") from None
    pelican.output_path = pelican.settings["OUTPUT_PATH"] = str(staging)


def _take_lock(output: Path) -> bool:
    """Be the only build that writes *output*; whether we had to wait for that.

    Raises: Timeout.
    """
    try:
        _lock(output).acquire(timeout=0)
        return False
    except Timeout:
        print("Another build of this site is at work; this one waits for it.", flush=True)
        _lock(output).acquire(timeout=PATIENCE)
        return True


@contextmanager
def writing(settings: Mapping[str, Any]) -> Iterator[None]:
    """Write into the staging folder.

    Raises: Stop when the disk refuses, for want of room or else; what it took until then is given back.
    """
    output = Path(settings["LAST_OUTPUT_PATH"])
    with on_disk(str(output)):
        try:
            yield
        except OSError:
            # What is noted is finished by the next build.
            if not _moves_of(output).exists():
                shutil.rmtree(staging_of(output), ignore_errors=True)
            raise


@functools.cache
def _lock(output: Path) -> FileLock:
    # The system takes the lock from a process that dies. Cached: a lock that nobody holds on to is given back, and
    # a process must not wait for itself.
    return FileLock(output.with_name(f".{output.name}.lock"))


def publish(pelican: Pelican) -> None:
    """Make the output what was written into the staging folder and what is kept; Pelican knows it there from here on.

    Where few files changed they are moved one by one, so that an edit costs no more in a large site than in a small
    one; what is moved is noted before, and a build that is killed meanwhile is finished by the next. Otherwise the
    whole folder is exchanged.

    Raises: Stop when the disk refuses.
    """
    # A process that ends takes its time, and there is nothing more for them to do.
    workers_of(pelican.settings).close(wait=False)
    with writing(pelican.settings), uninterrupted():
        _publish(pelican)


def _publish(pelican: Pelican) -> None:
    settings = pelican.settings
    output = Path(settings["LAST_OUTPUT_PATH"])
    last: LastBuild = settings[LAST_BUILD]
    ledger: Ledger = settings[LEDGER]
    old, staging = _old_of(output), staging_of(output)
    made = list(files_below(staging))
    others = tuple(sorted(set(made) - ledger.now.keys()))
    if not (output / MARK).exists():
        gone = []
    elif last.others is None:
        # Nobody knows what stands there.
        gone = sorted(set(files_below(output)) - ledger.kept - {*made, MARK})
    else:
        gone = sorted({*ledger.gone(), *last.others} - {*made})
    if (output / MARK).exists() and len(made) + len(gone) <= FEW:
        # From here on nobody may believe what is remembered of the last build.
        (output / MARK).touch()
        _make_room(output, made)
        _note_moves(output, made, gone)
        _finish_moves(output)
        shutil.rmtree(staging, ignore_errors=True)
    else:
        (staging / MARK).write_text("Written by Duikai; the next build replaces this folder.\n", encoding="utf-8")
        _take_over(ledger.kept - {*made}, output, staging)
        if output.exists() and _exchange(staging, output):
            shutil.rmtree(staging, ignore_errors=True)
        else:
            if output.exists():
                output.replace(old)
            staging.replace(output)
            shutil.rmtree(old, ignore_errors=True)
    pelican.output_path = settings["OUTPUT_PATH"] = str(output)
    last.files, last.others = ledger.now, others
    last.fingerprint = settings[FINGERPRINT] if not others_listen() else ""
    last.since = settings["NOW"].timestamp()
    write_last_build(settings, last)
    write_snapshot(settings, last.mark)
    _lock(output).release(force=True)


def _exchange(one: Path, other: Path) -> bool:
    """Let two folders change places, so that at no moment one is missing; False where the system cannot."""
    import ctypes

    try:
        renameat2 = ctypes.CDLL(None).renameat2
    except (OSError, AttributeError, TypeError):
        return False
    here, exchange = -100, 2
    return renameat2(here, os.fsencode(one), here, os.fsencode(other), exchange) == 0


def files_below(folder: Path) -> Iterator[str]:
    """The files below *folder*, with ``/``, in no order."""
    waiting = [""]
    base = f"{folder}/"
    while waiting:
        below = waiting.pop()
        with os.scandir(base + below) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(f"{below}{entry.name}/")
                else:
                    yield below + entry.name


def _moves_of(output: Path) -> Path:
    return output.with_name(f".{output.name}.moves")


def _draft_of(output: Path) -> Path:
    return _moves_of(output).with_suffix(".draft")


def _make_room(output: Path, paths: Iterable[str]) -> None:
    """Make the folders of *paths* first, for which a full disk may have no room."""
    for folder in sorted({path.rpartition("/")[0] for path in paths}):
        # What is a file now is gone when its turn has come.
        with suppress(FileExistsError, NotADirectoryError):
            (output / folder).mkdir(parents=True, exist_ok=True)


def _note_moves(output: Path, made: list[str], gone: list[str]) -> None:
    notes = _moves_of(output)
    draft = _draft_of(output)
    draft.write_text(json.dumps({"made": made, "gone": gone}), encoding="utf-8")
    draft.replace(notes)


def _finish_moves(output: Path) -> None:
    """Do what is noted, and has not been done yet: take away what is gone, put what was made in its place."""
    notes, staging = _moves_of(output), staging_of(output)
    if not notes.exists():
        return
    try:
        moves = json.loads(notes.read_text(encoding="utf-8"))
    except ValueError:
        # The machine died as well. What was moved and what was not shows when each file is looked at.
        moves = {"made": [], "gone": []}
    for path in moves["gone"]:
        (output / path).unlink(missing_ok=True)
        _remove_empty((output / path).parent, output)
    for path in moves["made"]:
        # What is not there any more was moved before the build was killed.
        if (staging / path).exists():
            (output / path).parent.mkdir(parents=True, exist_ok=True)
            (staging / path).replace(output / path)
    notes.unlink()


def _remove_empty(folder: Path, top: Path) -> None:
    while folder != top:
        try:
            folder.rmdir()
        except OSError:
            return
        folder = folder.parent


def _take_over(paths: Collection[str], old: Path, new: Path) -> None:
    folders: set[str] = set()
    for path in followed(sorted(paths), "Publishing pages", len(paths)):
        folder = path.rpartition("/")[0]
        if folder not in folders:
            (new / folder).mkdir(parents=True, exist_ok=True)
            folders.add(folder)
        try:
            os.link(old / path, new / path)
        except OSError:
            # Not every file system has hard links.
            shutil.copy2(old / path, new / path)
