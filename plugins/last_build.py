"""What the last build of a site made, of what, and whether another one would make anything else.

One file below .cache/ an output folder. Without it, or when it is damaged, every page is planned and compared.
"""

from __future__ import annotations

import functools
import math
import os
import platform
import time
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib import metadata
from itertools import chain
from pathlib import Path
from typing import Any

from blinker import ANY, NamedSignal
from pelican import Pelican, signals

from plugins.sealed import read_sealed, write_sealed
from plugins.values import bytes_of, digest_of

VERSION = "build 3"
"""Of the file; one of another version is not read."""

SETTLED = 2_000_000_000
"""Nanoseconds after which a file's time tells of every later change; some disks count in steps of two seconds."""

FINE = 100_000_000
"""The same for a file whose time shows that its disk counts in less than milliseconds."""

LAST_BUILD, FINGERPRINT, UNCHANGED, SOURCES = "LAST_BUILD", "FINGERPRINT", "NOTHING_CHANGED", "SOURCES"
"""Where the settings keep, for as long as a build takes, the last build, the fingerprint of what this one reads,
whether the site is that of the last one, and the files of the content folder: path below it → stamp."""

LOOK, SNAPSHOT, LEDGER, THEME_BEGUN = "LOOK", "SNAPSHOT", "LEDGER", "THEME_BEGUN"
"""Where they keep when the stamps were taken (ns), and a digest of everything beside the content folder, empty while a
file of it is young; the snapshot of the portal that this build leaves (plugins/stories/snapshot.py), its ledger
(plugins/pages/ledger.py), and what waits for the theme that is being compiled."""

KEPT = (LAST_BUILD, FINGERPRINT, UNCHANGED, SOURCES, LOOK, SNAPSHOT, LEDGER, THEME_BEGUN)
"""All of these."""

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
        since: seconds since 1970 of the build.
        until: when time alone changes the site, because an embargo ends; 0 for never.
        stories: how many there were.
        mark: when the mark of the output folder was written (ns), which also names this build. Another time tells that
            the folder is the work of a build that could not leave its memory here: it was killed, the disk was full,
            it had another cache.
        told: what only explanations ask for; a file of its own, because reading it takes time.
    """

    files: dict[str, Entry] = field(default_factory=dict)
    others: tuple[str, ...] | None = None
    fingerprint: str = ""
    since: float = 0
    until: float = 0
    stories: int = 0
    mark: int = 0
    told: Told = field(default_factory=lambda: Told())


def file_of(settings: Mapping[str, Any]) -> Path:
    """Where the last build into an output folder is remembered; the preview and the build have one each."""
    return Path(settings["CACHE_PATH"], f"build-{digest_of(settings['LAST_OUTPUT_PATH'].encode())[:8]}.bin")


def read_last_build(settings: Mapping[str, Any]) -> LastBuild:
    """The last build; an empty one when nothing is known of it."""
    known = read_sealed(file_of(settings), VERSION)
    last = LastBuild(*known) if known else LastBuild()
    mark = mark_time(settings["LAST_OUTPUT_PATH"])
    if last.mark != mark:
        last.mark, last.others, last.fingerprint = mark, None, ""
    return last


def write_last_build(settings: Mapping[str, Any], build: LastBuild) -> None:
    """Remember *build* for the next one."""
    told = build.told
    build.mark = mark_time(settings["LAST_OUTPUT_PATH"])
    file = file_of(settings)
    write_sealed(_told_of(file), VERSION, (build.mark, told.paths, told.hashes, told.faces, told.decided))
    known = (build.files, build.others, build.fingerprint, build.since, build.until, build.stories, build.mark)
    write_sealed(file, VERSION, known)


@dataclass(frozen=True, slots=True)
class Told:
    """What a build was made of, so that the next can say what changed.

    Attributes:
        paths: of the files of stories, one a line.
        hashes: for each of them DIGEST bytes that change when the file does; empty when nobody can tell.
        faces: for each of them DIGEST bytes that change when anything but its text does.
        decided: what else decides pages, by name; plugins/pages/inputs.py has its form.
    """

    paths: str = ""
    hashes: bytes = b""
    faces: bytes = b""
    decided: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of_stories(cls, stories: Sequence[Any]) -> Told:
        """What is kept of *stories*; nothing when the hash or the face of one is unknown."""
        hashes = b"".join([story.hash for story in stories])
        faces = b"".join([story.face for story in stories])
        if len(hashes) == len(faces) == DIGEST * len(stories):
            return cls("\n".join([story.path for story in stories]), hashes, faces)
        return cls()

    def changed(self, hashes: Sequence[bytes]) -> dict[str, tuple[bytes, bytes]]:
        """Path → hash and face of then, of the stories that have another hash among *hashes*, in the order of paths."""
        if b"".join(hashes) == self.hashes:
            return {}
        return {path: then for (path, then), now in zip(self.stories().items(), hashes, strict=True) if then[0] != now}

    def rehashed(self, stories: Iterable[Any]) -> Told:
        """The same, with *stories* as they are now, of which the files were known."""
        places = {path: at for at, path in enumerate(self.paths.split("\n"))}
        hashes, faces = bytearray(self.hashes), bytearray(self.faces)
        for story in stories:
            part = slice(places[story.path] * DIGEST, (places[story.path] + 1) * DIGEST)
            hashes[part], faces[part] = story.hash, story.face
        return replace(self, hashes=bytes(hashes), faces=bytes(faces))

    def stories(self) -> dict[str, tuple[bytes, bytes]]:
        """Path of a story's file → what changes with it, and with its face."""
        return {
            path: (self.hashes[at : at + DIGEST], self.faces[at : at + DIGEST])
            for path, at in zip(self.paths.split("\n"), range(0, len(self.hashes), DIGEST), strict=False)
        }


DIGEST = 16
"""Bytes that tell one content of a file from another."""


def read_told(settings: Mapping[str, Any], build: LastBuild) -> Told:
    """What *build* was made of; nothing of another build."""
    known = read_sealed(_told_of(file_of(settings)), VERSION)
    return Told(*known[1:]) if known and known[0] == build.mark else Told()


def _told_of(file: Path) -> Path:
    return file.with_name(file.name.replace("build-", "told-"))


MARK = ".duikai"
"""File that says that the folder was written by us and may be replaced; and when, by its time."""


def mark_time(output: str) -> int:
    """When the folder *output* was last written (ns); 0 when it was not, or not by us."""
    try:
        return Path(output, MARK).stat().st_mtime_ns
    except OSError:
        return 0


def staging_of(output: str | Path) -> Path:
    """The folder in which the site grows before it replaces *output*; on the same disk, so that renaming works."""
    output = Path(output)
    return output.with_name(f".{output.name}.new")


def is_settled(stamp: Stamp, now: int) -> bool:
    """Whether every change of a file after *now* (ns), when it had this *stamp*, will show in its stamp."""
    latest = max(stamp[1], stamp[2])
    if latest < now - SETTLED:
        return True
    return latest % 1_000_000 != 0 and latest < now - min(FINE, SETTLED)


def stamp_of(status: os.stat_result) -> Stamp:
    """What a file looks like from outside; a change of its content that does not show here is made on purpose."""
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns


def nothing_changed(pelican: Pelican) -> bool:
    """Whether the site that *pelican* would build stands in its output folder as the last build left it.

    Also keeps in the settings what a build that goes on needs of the answer.
    """
    settings = pelican.settings
    if UNCHANGED not in settings:
        settings[LAST_BUILD] = last = read_last_build(settings)
        settings[FINGERPRINT] = fingerprint(settings)
        settings[UNCHANGED] = (
            last.fingerprint != ""
            and not settings["DELETE_OUTPUT_DIRECTORY"]
            and last.fingerprint == settings[FINGERPRINT]
            and last.since <= settings["NOW"].timestamp() < (last.until or math.inf)
            and not others_listen()
            and not staging_of(settings["LAST_OUTPUT_PATH"]).exists()
            and all(is_as_written(settings["LAST_OUTPUT_PATH"], path, entry) for path, entry in last.files.items())
        )
    return bool(settings[UNCHANGED])


def forget(pelican: Pelican) -> None:
    """The build is over; one more of the same Pelican (``--autoreload``) looks again."""
    for name in KEPT:
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


PARSERS = ("markdown-it-py", "mdit-py-plugins", "nh3", "pyyaml")
"""Libraries whose version may change what is read."""

RENDERERS = ("jinja2", "markupsafe", "babel", "imagesize", "msgspec", *PARSERS)
"""Libraries whose version may change the bytes of a page."""

LIBRARIES = ("pelican", *RENDERERS)
"""Libraries whose version may change the site."""

NOT_OF_THE_SITE = (
    *KEPT,
    *("NOW", "OUTPUT_PATH", "WORKERS", "BUILD_EXECUTOR", "DASK_SCHEDULER", "EXPLAIN"),
)
"""Settings of which no byte of the site depends."""


def fingerprint(settings: dict[str, Any]) -> str:
    """A digest of everything that a build reads; empty while a file is so young that a change may not show.

    Leaves the files of the content folder in the settings: whoever reads them need not look for them again.
    """
    now = time.time_ns()
    content = settings[SOURCES] = dict(sorted(stamps_below(settings["PATH"])))
    others = [sorted(stamps_below(folder)) for folder in (settings["THEME"], str(Path(__file__).parent))]
    rest = ""
    if all(is_settled(stamp, now) for _, stamp in chain(*others)):
        known = sorted((name, repr(value)) for name, value in settings.items() if name not in NOT_OF_THE_SITE)
        libraries = [version_of(name) for name in LIBRARIES]
        rest = digest_of(bytes_of((others, known, libraries, platform.python_version(), settings["NOW"].year)))
    settings[LOOK] = now, rest
    return _with_files(content.items(), now, rest)


def surroundings(settings: Mapping[str, Any], stories: Container[str]) -> str:
    """A digest of everything that a build reads but *stories* (paths below the content folder); empty as fingerprint.

    fingerprint must have looked.
    """
    now, rest = settings[LOOK]
    return _with_files([one for one in settings[SOURCES].items() if one[0] not in stories], now, rest)


def _with_files(files: Collection[tuple[str, Stamp]], now: int, rest: str) -> str:
    if not rest or not all(is_settled(stamp, now) for _, stamp in files):
        return ""
    return digest_of(bytes_of(list(files)), rest.encode())


@functools.cache
def version_of(library: str) -> str:
    """The version of an installed library; to ask takes as long as to render a page."""
    return metadata.version(library)


def is_of_tools(folder: str) -> bool:
    """Whether a folder of this name is a tool's (``.mirror``, ``__pycache__``); what it holds decides nothing."""
    return folder.startswith(".") or folder == "__pycache__"


def stamps_below(folder: str) -> Iterator[tuple[str, Stamp]]:
    """Path below *folder* and stamp of every file, but in folders of tools (is_of_tools)."""
    waiting = [""]
    while waiting:
        below = waiting.pop()
        with os.scandir(f"{folder}/{below}") as entries:
            for entry in entries:
                if entry.is_dir():
                    if not is_of_tools(entry.name):
                        waiting.append(f"{below}{entry.name}/")
                elif entry.is_file():
                    try:
                        status = entry.stat()
                    except FileNotFoundError:
                        # A link that leads nowhere, as editors leave them beside a file that is open.
                        continue
                    yield below + entry.name, stamp_of(status)
