"""Many Markdown files: what changed is parsed, by several workers when it pays; the rest comes from the store."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from plugins.last_build import SETTLED, Stamp, stamp_of
from plugins.problems import Problem
from plugins.reader.reader import read_story
from plugins.reader.store import Row, StoryStore
from plugins.reader.story import FACTS, Story, facts_of, story_of
from plugins.values import bytes_of
from plugins.workers import Workers

PART = 50
"""Files that a worker is given at once."""

FEW = 5
"""Parts with which starting other processes takes longer than it saves."""


@dataclass(frozen=True, slots=True)
class ReadFile:
    """One file as it is now.

    Attributes:
        path: below content/ (``en/2024/05/chip.md``).
        story: its body and text may still be in the store; None when nothing can stand for the file.
        problems: of the file.
    """

    path: str
    story: Story | None
    problems: tuple[Problem, ...]


def read_files(
    content: Path, paths: Sequence[str], zone: ZoneInfo, store: StoryStore, workers: Workers
) -> list[ReadFile]:
    """Read *paths*, each only when its content is not what the store knows.

    Args:
        content: the content folder.
        paths: of all files, below *content*, with ``/``; what the store knows beside them is forgotten.
        zone: of dates that give none.
        store: is brought up to date.
        workers: parse what is new.
    Returns: the files, in the order given.
    Raises: OSError when a file cannot be read.
    """
    new: list[str] = []
    settled: list[tuple[str, Stamp]] = []
    base = os.fspath(content)
    for path in paths:
        file = f"{base}/{path}"
        now = time.time_ns()
        stamp = stamp_of(os.stat(file))  # noqa: PTH116  a Path each would take longer than all the rest
        known = store.get(path)
        if known is None:
            new.append(path)
        elif known.stamp != stamp:
            if known.hash == _hash(Path(file).read_bytes()):
                settled.append((path, _trusted(stamp, now)))
            else:
                new.append(path)
    store.keep(parse_files(content, new, zone, workers), settled, paths)
    body = partial(_body, content=content, zone=zone, store=store)
    files = []
    for path in paths:
        _, hash, (facts, problems, face) = store[path]
        story = None if facts is None else story_of(facts, face, hash, body)
        files.append(ReadFile(path, story, problems))
    return files


def _body(path: str, content: Path, zone: ZoneInfo, store: StoryStore) -> str:
    try:
        return store.body(path)
    except LookupError:
        return parse_file(content.name, zone, load_file(content, path)).body


LoadedFile = tuple[str, Stamp, bytes]
"""A file below content/: its path, its stamp (zeros when not to be trusted) and its bytes."""


def parse_files(content: Path, paths: Sequence[str], zone: ZoneInfo, workers: Workers) -> Iterator[Row]:
    """Parse *paths* (below *content*), in their order.

    Raises: OSError when one cannot be read.
    """
    parts = ([load_file(content, path) for path in paths[at : at + PART]] for at in range(0, len(paths), PART))
    for rows in workers.run(parse_part, (content.name, zone), parts, FEW):
        yield from rows


def parse_part(shared: tuple[str, ZoneInfo], files: Iterable[LoadedFile]) -> list[Row]:
    """Parse *files*; *shared* are the name of the content folder and the zone of dates that give none."""
    return [parse_file(*shared, file) for file in files]


def load_file(content: Path, path: str) -> LoadedFile:
    """Read the bytes of the file *path* below *content*.

    Raises: OSError.
    """
    now = time.time_ns()
    # Not by a Path, which would take longer than reading.
    with open(f"{os.fspath(content)}/{path}", "rb", buffering=0) as file:  # noqa: PTH123
        return path, _trusted(stamp_of(os.fstat(file.fileno())), now), file.readall()


def parse_file(content: str, zone: ZoneInfo, file: LoadedFile) -> Row:
    """Parse *file*; *content* is the name of its folder, for problems."""
    path, stamp, data = file
    story, problems = read_story(f"{content}/{path}", data, zone)
    known = facts_of(story) if story else None
    facts = (known, tuple(problems), _face(known) if known else b"")
    return Row(path, stamp, _hash(data), facts, story.body if story else "")


def _face(facts: tuple[Any, ...]) -> bytes:
    values = dict(zip(FACTS, facts, strict=True))
    # Where something stands in the file shows nowhere, how long it takes to read only beside the text.
    values["lines"] = values["minutes"] = None
    values["given"] = sorted(values["given"])
    values["references"] = sorted({reference.target for reference in values["references"]})
    return _hash(bytes_of(tuple(values.items())))


def _trusted(stamp: Stamp, now: int) -> Stamp:
    """*stamp*, or zeros when a change just after it was taken could look the same."""
    return stamp if stamp[1] < now - SETTLED and stamp[2] < now - SETTLED else (0, 0, 0)


def _hash(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=16).digest()
