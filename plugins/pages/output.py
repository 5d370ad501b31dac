"""Build beside the output folder and put the finished site in its place at once."""

from __future__ import annotations

import functools
import shutil
from pathlib import Path

from filelock import FileLock, Timeout
from pelican import Pelican

from plugins.problems import Problem, Stop, report

MARK = ".duikai"
"""File that says that the folder was written by us and may be replaced."""

PATIENCE = 120
"""Seconds that a build waits for another one of the same site."""


def staging_of(output: Path) -> Path:
    """The folder in which the site grows before it replaces *output*; on the same disk, so that renaming works."""
    return output.with_name(f".{output.name}.new")


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
        _lock(output).acquire(timeout=PATIENCE)
        if old.is_dir() and not output.exists():
            old.replace(output)
        for folder in (old, staging):
            shutil.rmtree(folder, ignore_errors=True)
        staging.mkdir()
    except Timeout:
        raise _refused(
            output, "another build is writing it.", "Wait for that one, or choose another with -o."
        ) from None
    except OSError as error:
        raise _refused(output, f"it cannot be written ({error.strerror}).", "Choose another folder with -o.") from None
    pelican.output_path = pelican.settings["OUTPUT_PATH"] = str(staging)


@functools.cache
def _lock(output: Path) -> FileLock:
    # The system takes the lock from a process that dies. Cached: a lock that nobody holds on to is given back, and
    # a process must not wait for itself.
    return FileLock(output.with_name(f".{output.name}.lock"))


def publish(pelican: Pelican) -> None:
    """Put the finished site in the place of the last one; from here on Pelican knows it there."""
    output = Path(pelican.settings["LAST_OUTPUT_PATH"])
    old, staging = _old_of(output), staging_of(output)
    (staging / MARK).write_text("Written by Duikai; the next build replaces this folder.\n", encoding="utf-8")
    if output.exists():
        output.replace(old)
    staging.replace(output)
    shutil.rmtree(old, ignore_errors=True)
    pelican.output_path = pelican.settings["OUTPUT_PATH"] = str(output)
    _lock(output).release(force=True)
