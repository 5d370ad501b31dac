"""What the last build of a site made, of what, and whether another one would make anything else.

One file below .cache/ an output folder. Without it, or when it is damaged, every page is planned and compared.
"""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any

from blinker import ANY, NamedSignal
from pelican import Pelican, signals

from plugins.sealed import read_sealed, write_sealed
from plugins.values import bytes_of, digest_of

VERSION = "build 1"
"""Of the file; one of another version is not read."""

SETTLED = 2_000_000_000
"""Nanoseconds after which a file's time tells of every later change; some disks count in steps of two seconds."""

LAST_BUILD, FINGERPRINT, UNCHANGED = "LAST_BUILD", "FINGERPRINT", "NOTHING_CHANGED"
"""Where the settings keep, for as long as a build takes, the last build, the fingerprint of what this one reads, and
whether the site is that of the last one."""

Stamp = tuple[int, int, int]
"""What a file looks like from outside: size, time of modification and of change (ns); zeros when not to be trusted."""

Entry = tuple[str, int, int, bytes]
"""One file of the output: the digest of everything that decides its bytes; its size and time of modification (ns) when
it was written; its inputs, with which the file is the same and need not be planned to know it, empty when nobody can
tell."""


@dataclass(slots=True)
class LastBuild:
    """What a build leaves for the next.

    Attributes:
        files: path below the output folder → Entry.
        others: what stands in the output beside them, written by other plugins.
        fingerprint: of everything that a build reads; empty when it may have changed meanwhile.
        until: seconds since 1970 when time alone changes the site, because an embargo or a takedown ends; 0 for never.
        stories: how many there were.
    """

    files: dict[str, Entry] = field(default_factory=dict)
    others: tuple[str, ...] | None = None
    fingerprint: str = ""
    until: float = 0
    stories: int = 0


def file_of(settings: Mapping[str, Any]) -> Path:
    """Where the last build into an output folder is remembered; the preview and the build have one each."""
    return Path(settings["CACHE_PATH"], f"build-{digest_of(settings['LAST_OUTPUT_PATH'].encode())[:8]}.bin")


def read_last_build(file: Path) -> LastBuild:
    """The last build; an empty one when nothing is known of it."""
    known = read_sealed(file, VERSION)
    return LastBuild(*known) if known else LastBuild()


def write_last_build(file: Path, build: LastBuild) -> None:
    """Remember *build* for the next one."""
    write_sealed(file, VERSION, (build.files, build.others, build.fingerprint, build.until, build.stories))


def stamp_of(status: os.stat_result) -> Stamp:
    """What a file looks like from outside; a change of its content that does not show here is made on purpose."""
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns


def nothing_changed(pelican: Pelican) -> bool:
    """Whether the site that *pelican* would build stands in its output folder as the last build left it.

    Also keeps in the settings what a build that goes on needs of the answer.
    """
    settings = pelican.settings
    if UNCHANGED not in settings:
        settings[LAST_BUILD] = last = read_last_build(file_of(settings))
        settings[FINGERPRINT] = fingerprint(settings)
        settings[UNCHANGED] = (
            last.fingerprint != ""
            and not settings["DELETE_OUTPUT_DIRECTORY"]
            and last.fingerprint == settings[FINGERPRINT]
            and (not last.until or settings["NOW"].timestamp() < last.until)
            and not others_listen()
            and not publishing(settings["LAST_OUTPUT_PATH"]).exists()
            and all(is_as_written(settings["LAST_OUTPUT_PATH"], path, entry) for path, entry in last.files.items())
        )
    return bool(settings[UNCHANGED])


def publishing(output: str | Path) -> Path:
    """A file that is there while the output folder and what is remembered of it may not fit together."""
    output = Path(output)
    return output.with_name(f".{output.name}.publishing")


def forget(pelican: Pelican) -> None:
    """The build is over; one more of the same Pelican (``--autoreload``) looks again."""
    for name in (LAST_BUILD, FINGERPRINT, UNCHANGED):
        pelican.settings.pop(name, None)


def is_as_written(output: str, path: str, entry: Entry) -> bool:
    """Whether nobody has touched the file *path* of the output folder since *entry* was noted."""
    try:
        status = os.stat(f"{output}/{path}")  # noqa: PTH116  a Path each would take longer
    except OSError:
        return False
    return (status.st_size, status.st_mtime_ns) == (entry[1], entry[2])


BLIND = ("initialized", "finalized", "content_written", "feed_generated", "feed_written")
"""Signals whose receivers are told of no article."""


def others_listen() -> bool:
    """Whether a plugin that is not ours may look at Pelican's articles."""
    return any(
        not str(getattr(receiver, "__module__", "")).startswith("plugins.")
        for name, signal in vars(signals).items()
        if isinstance(signal, NamedSignal) and name not in BLIND
        for receiver in signal.receivers_for(ANY)
    )


LIBRARIES = (
    *("pelican", "jinja2", "markupsafe", "babel", "imagesize"),
    *("markdown-it-py", "mdit-py-plugins", "nh3", "pyyaml"),
)
"""Whose version may change the bytes of a page."""

NOT_OF_THE_SITE = (
    *("NOW", LAST_BUILD, FINGERPRINT, UNCHANGED),
    *("OUTPUT_PATH", "WORKERS", "BUILD_EXECUTOR", "DASK_SCHEDULER"),
)
"""Settings of which no byte of the site depends."""


def fingerprint(settings: Mapping[str, Any]) -> str:
    """A digest of everything that a build reads; empty while a file is so young that a change may not show."""
    now = time.time_ns()
    files = [Path(settings["PATH"]), Path(settings["THEME"]), Path(__file__).parent]
    stamps = []
    for folder in files:
        for path, stamp in sorted(stamps_below(folder)):
            if max(stamp[1:]) > now - SETTLED:
                return ""
            stamps.append((path, stamp))
    known = sorted((name, repr(value)) for name, value in settings.items() if name not in NOT_OF_THE_SITE)
    libraries = [metadata.version(name) for name in LIBRARIES]
    return digest_of(bytes_of((stamps, known, libraries, platform.python_version(), settings["NOW"].year)))


def stamps_below(folder: Path) -> Iterator[tuple[str, Stamp]]:
    """Path and stamp of every file below *folder*, but in folders of tools (``.mirror``, ``__pycache__``)."""
    waiting = [str(folder)]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                if entry.is_dir():
                    if not entry.name.startswith((".", "__")):
                        waiting.append(entry.path)
                else:
                    yield entry.path, stamp_of(entry.stat())
