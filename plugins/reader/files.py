"""Many Markdown files: what changed is parsed, by several workers when it pays; the rest comes from the store."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import json

from plugins.last_build import Stamp, is_settled, stamp_of
from plugins.problems import Problem, Stop, report
from plugins.progress import followed
from plugins.reader.reader import read_story
from plugins.reader.store import Row, StoryStore
from plugins.reader.story import FACTS, Story, facts_of, story_of
from plugins.workers import Workers

PART = 100
"""Files that a worker is given at once."""

FEW = 2
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
    content: Path,
    paths: Sequence[str],
    zone: ZoneInfo,
    store: StoryStore,
    workers: Workers,
    stamps: Mapping[str, Stamp],
    meanwhile: Callable[[], None] | None = None,
) -> list[ReadFile]:
    """Read *paths*, each only when its content is not what the store knows.

    Args:
        content: the content folder.
        paths: of all files, below *content*, with ``/``; what the store knows beside them is forgotten.
        zone: of dates that give none.
        store: is brought up to date.
        workers: parse what is new.
        stamps: of *paths*, as they were a moment ago.
        meanwhile: called when all is given to the workers and some of it is still being parsed.
    Returns: the files, in the order given.
    Raises: OSError when a file cannot be read.
    """
    changed, settled = changed_files(content, paths, store, stamps)
    unknown = {*changed}
    # That something is damaged shows only when it is read.
    new = [path for path in paths if path in unknown or store.get(path) is None]
    parsed = followed(parse_files(content, new, zone, workers, meanwhile), "Reading stories", len(new))
    store.keep(parsed, settled, paths)
    body = partial(body_of, content=content, zone=zone, store=store)
    files = []
    for path in paths:
        _, hash, (facts, problems, face) = store[path]
        story = None if facts is None else story_of(facts, face, hash, body)
        files.append(ReadFile(path, story, problems))
    return files


def changed_files(
    content: Path, paths: Iterable[str], store: StoryStore, stamps: Mapping[str, Stamp]
) -> tuple[list[str], list[tuple[str, Stamp]]]:
    """The files that are not what the store knows, and those that are it though they look otherwise on the disk.

    Args: as of read_files.
    """
    new: list[str] = []
    settled: list[tuple[str, Stamp]] = []
    before = store.stamps
    for path in paths:
        if before.get(path) != stamps[path]:
            known = store.get(path)
            if known is None:
                new.append(path)
                continue
            _, stamp, data = load_file(content, path)
            if known.hash == _hash(data):
                settled.append((path, stamp))
            else:
                new.append(path)
    return new, settled


def body_of(path: str, content: Path, zone: ZoneInfo, store: StoryStore) -> str:
    """The text of the story in the file *path* below *content*, as HTML.

    Raises: Stop when it is not the text of the story that *store* knows.
    """
    try:
        return store.body(path)
    except LookupError:
        return parse_again(path, content, zone, store).body.decode()


def parse_again(path: str, content: Path, zone: ZoneInfo, store: StoryStore) -> Row:
    """Parse the file *path* below *content*, of which *store* knows the hash and has lost something else.

    Raises: Stop when it is another file meanwhile.
    """
    row = parse_file(content.name, zone, load_file(content, path))
    if row.hash != store.hashes[path]:
        # The title of one form and the text of another would make a page that nobody wrote.
        what, fix = "the file changed while the site was being built.", "Build again."
        raise Stop(report([Problem(f"{content.name}/{path}", 0, what, fix)], f"{content.name}/"))
    return row


LoadedFile = tuple[str, Stamp, bytes]
"""A file below content/: its path, its stamp (zeros when not to be trusted) and its bytes."""


def parse_files(
    content: Path,
    paths: Sequence[str],
    zone: ZoneInfo,
    workers: Workers,
    meanwhile: Callable[[], None] | None = None,
) -> Iterator[Row]:
    """Parse *paths* (below *content*), in their order; *meanwhile* as of read_files.

    Raises: OSError when one cannot be read.
    """

    def parts() -> Iterator[Sequence[str | LoadedFile]]:
        for at in range(0, len(paths), PART):
            part = paths[at : at + PART]
            yield part if workers.share_disk else [load_file(content, path) for path in part]
        if meanwhile is not None:
            meanwhile()

    for rows in workers.run(parse_part, (content, zone), parts(), FEW):
        yield from rows


def parse_part(shared: tuple[Path, ZoneInfo], files: Iterable[str | LoadedFile]) -> list[Row]:
    """Parse *files*, those that are given as paths from the disk.

    Args:
        shared: the content folder, and the zone of dates that give none.
    """
    content, zone = shared
    loaded = (load_file(content, file) if isinstance(file, str) else file for file in files)
    seen: dict[object, object] = {}
    return [share(parse_file(content.name, zone, file), seen) for file in loaded]


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
    return Row(path, stamp, _hash(data), facts, story.body.encode() if story else b"")


_OFTEN = tuple(
    FACTS.index(name) for name in ("category", "authors", "tags", "products", "status", "source", "given", "lines")
)

_LINES, _MINUTES, _GIVEN, _REFERENCES = (FACTS.index(name) for name in ("lines", "minutes", "given", "references"))
_encode = json.Encoder().encode


def share(row: Row, seen: dict[object, object]) -> Row:
    """*row*, with what many files say as one object of all that *seen* knows: half the memory, and sooner sent."""
    facts, problems, face = row.facts
    if facts is None:
        return row
    shared = list(facts)
    for at in _OFTEN:
        held = shared[at]
        key = (at, tuple(held.items()) if isinstance(held, dict) else held)
        shared[at] = seen.setdefault(key, held)
    return row._replace(facts=(tuple(shared), problems, face))


def _face(facts: tuple[Any, ...]) -> bytes:
    values = list(facts)
    # Where something stands in the file shows nowhere, how long it takes to read only beside the text.
    values[_LINES] = values[_MINUTES] = None
    values[_GIVEN] = sorted(values[_GIVEN])
    values[_REFERENCES] = sorted({reference.target for reference in values[_REFERENCES]})
    return _hash(_encode(values))


def _trusted(stamp: Stamp, now: int) -> Stamp:
    """*stamp*, or zeros when a change just after it was taken could look the same."""
    return stamp if is_settled(stamp, now) else (0, 0, 0)


def _hash(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=16).digest()
