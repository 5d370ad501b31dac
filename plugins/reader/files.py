"""Many Markdown files: what changed is parsed, by several processes when it pays; the rest comes from the store."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from plugins.problems import Problem
from plugins.reader.reader import read_story
from plugins.reader.store import SETTLED, Row, Stamp, StoryStore, pack, stamp_of, unpack
from plugins.reader.story import FACTS, Story, facts_of, story_of
from plugins.values import bytes_of

WORTH_A_WORKER = 200
"""Files below which starting another process takes longer than it saves."""

PART = 50
"""Files that a process is given at once."""


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
    content: Path, paths: Sequence[str], zone: ZoneInfo, store: StoryStore, workers: int = 0
) -> list[ReadFile]:
    """Read *paths*, each only when its content is not what the store knows.

    Args:
        content: the content folder.
        paths: of all files, below *content*, with ``/``; what the store knows beside them is forgotten.
        zone: of dates that give none.
        store: is brought up to date.
        workers: processes; 0 lets the number of files and cores decide.
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
    texts = partial(_texts, content=content, zone=zone, store=store)
    files = []
    for path in paths:
        known = store[path]
        facts, problems, face = unpack(known.facts)
        story = None if facts is None else story_of(facts, face, known.hash, texts)
        files.append(ReadFile(path, story, problems))
    return files


def _texts(path: str, content: Path, zone: ZoneInfo, store: StoryStore) -> tuple[str, str]:
    try:
        return store.texts(path)
    except LookupError:
        row = parse_file(content, path, zone)
        return row.body, row.text


def parse_files(content: Path, paths: Sequence[str], zone: ZoneInfo, workers: int = 0) -> Iterator[Row]:
    """Parse *paths* (below *content*), in their order."""
    workers = workers or min(os.cpu_count() or 1, 1 + len(paths) // WORTH_A_WORKER)
    parse = partial(_parse, content, zone)
    if workers < 2 or len(paths) < 2:
        yield from parse(paths)
        return
    parts = [paths[start : start + PART] for start in range(0, len(paths), PART)]
    with ProcessPoolExecutor(workers, mp_context=start_method()) as pool:
        for rows in pool.map(parse, parts):
            yield from rows


def start_method() -> multiprocessing.context.BaseContext:
    """How processes are started: on Linux as copies of this one, which takes no time; elsewhere as the system does."""
    return multiprocessing.get_context("fork" if sys.platform == "linux" else None)


def _parse(content: Path, zone: ZoneInfo, paths: Iterable[str]) -> list[Row]:
    return [parse_file(content, path, zone) for path in paths]


def parse_file(content: Path, path: str, zone: ZoneInfo) -> Row:
    """Parse the file *path* below *content*.

    Raises: OSError when it cannot be read.
    """
    now = time.time_ns()
    # Not by a Path, which would take longer than reading.
    with open(f"{os.fspath(content)}/{path}", "rb", buffering=0) as file:  # noqa: PTH123
        stamp = stamp_of(os.fstat(file.fileno()))
        data = file.readall()
    story, problems = read_story(f"{content.name}/{path}", data, zone)
    known = facts_of(story) if story else None
    facts = pack((known, tuple(problems), _face(known) if known else b""))
    body, text = (story.body, story.text) if story else ("", "")
    return Row(path, _trusted(stamp, now), _hash(data), facts, body, text)


def _face(facts: tuple[Any, ...]) -> bytes:
    values = dict(zip(FACTS, facts, strict=True))
    # Where something stands in the file shows nowhere.
    values["lines"] = None
    values["given"] = sorted(values["given"])
    values["references"] = sorted({reference.target for reference in values["references"]})
    return _hash(bytes_of(tuple(values.items())))


def _trusted(stamp: Stamp, now: int) -> Stamp:
    """*stamp*, or zeros when a change just after it was taken could look the same."""
    return stamp if stamp[1] < now - SETTLED and stamp[2] < now - SETTLED else (0, 0, 0)


def _hash(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=16).digest()
