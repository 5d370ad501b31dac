"""Build beside the output folder and put the finished site in its place at once."""

from __future__ import annotations

import shutil
from pathlib import Path

from pelican import Pelican

from plugins.problems import Problem, Stop, report

MARK = ".duikai"
"""File that says that the folder was written by us and may be replaced."""


def staging_of(output: Path) -> Path:
    """The folder in which the site grows before it replaces *output*; on the same disk, so that renaming works."""
    return output.with_name(f".{output.name}.new")


def _old_of(output: Path) -> Path:
    return output.with_name(f".{output.name}.old")


def redirect(pelican: Pelican) -> None:
    """Let Pelican write into the staging folder; ``LAST_OUTPUT_PATH`` is where the site will stand.

    Raises: Stop when the output folder holds files that no build of ours has written.
    """
    output = Path(pelican.output_path)
    _refuse_foreign(output)
    pelican.settings["LAST_OUTPUT_PATH"] = str(output)
    pelican.output_path = pelican.settings["OUTPUT_PATH"] = str(staging_of(output))


def _refuse_foreign(output: Path) -> None:
    if output.is_dir() and any(output.iterdir()) and not (output / MARK).is_file():
        what = "the folder holds files that were not built from this portal, and a build would delete them."
        raise Stop(
            report([Problem(str(output), 0, what, "Choose another folder with -o, or empty it.")], "the output folder")
        )


def start(pelican: Pelican) -> None:
    """Begin with an empty staging folder, and undo what a build that was killed left behind."""
    output = Path(pelican.settings["LAST_OUTPUT_PATH"])
    old, staging = _old_of(output), staging_of(output)
    if old.is_dir() and not output.exists():
        old.replace(output)
    for folder in (old, staging):
        shutil.rmtree(folder, ignore_errors=True)
    staging.mkdir(parents=True)


def publish(pelican: Pelican) -> None:
    """Put the finished site in the place of the last one."""
    output = Path(pelican.settings["LAST_OUTPUT_PATH"])
    old, staging = _old_of(output), staging_of(output)
    (staging / MARK).write_text("Written by Duikai; the next build replaces this folder.\n", encoding="utf-8")
    if output.exists():
        output.replace(old)
    staging.replace(output)
    shutil.rmtree(old, ignore_errors=True)
