"""What a build knew of its portal, kept for the next in a form of which a little can be taken without all the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar, overload

from plugins.last_build import LAST_BUILD, SNAPSHOT, LastBuild, file_of
from plugins.sealed import read_sealed, write_sealed
from plugins.stories.pictures import Variant
from plugins.stories.portal import MARK_SIZE, Portal
from plugins.stories.taxonomy import Term

VERSION = "snapshot 1"
"""Of the file; one of another version is not read."""

LAST_SNAPSHOT = "last_snapshot"
"""Where the shared context has that of the last build, if one was looked for and found."""

T = TypeVar("T")


@dataclass(slots=True)
class Snapshot:
    """What was the same for as long as no story came, went or changed its place; of Python's own plain types.

    Attributes:
        surroundings: digest of all that the build read, but for stories.
        written: of every pair that readers may see, the files of all versions; in the order of the portal.
        kinds: as of Pairs.
        marks: of these pairs, MARK_SIZE bytes each.
        terms: (kind, id, names).
        files, variants, pictures, frame, unseen, until, embargoed: as of Portal.
        lists: what the editions list, by path of language; plugins/pages/kept.py has its form.
    """

    surroundings: str
    written: list[tuple[str, ...]]
    kinds: dict[str, tuple[int, int]]
    marks: bytes
    terms: list[tuple[str, str, dict[str, str]]]
    files: list[str]
    variants: dict[str, list[tuple[str, int]]]
    pictures: dict[str, bytes]
    frame: bytes
    unseen: bytes
    until: float
    embargoed: list[str]
    lists: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, portal: Portal, surroundings: str) -> Snapshot | None:
        """What is kept of *portal*, without its lists; None when a change of it might not show."""
        marks = b"".join([pair.mark for pair in portal.pairs])
        if not surroundings or not portal.faces or len(marks) != MARK_SIZE * len(portal.pairs):
            return None
        return cls(
            surroundings=surroundings,
            written=list(portal.written),
            kinds=dict(portal.pairs.kinds),
            marks=marks,
            terms=[(kind, id, dict(term.names)) for (kind, id), term in portal.terms.items()],
            files=sorted(portal.files),
            variants={src: [(one.src, one.width) for one in found] for src, found in portal.variants.items()},
            pictures=dict(portal.pictures),
            frame=portal.frame,
            unseen=portal.unseen,
            until=portal.until,
            embargoed=sorted(portal.embargoed),
        )

    def places(self) -> dict[str, int]:
        """Path of a file → place of the pair that it belongs to."""
        return {path: at for at, paths in enumerate(self.written) for path in paths}

    def remarked(self, marks: Mapping[int, bytes]) -> Snapshot:
        """The same, with other marks of the pairs at some places."""
        found = bytearray(self.marks)
        for at, mark in marks.items():
            found[at * MARK_SIZE : (at + 1) * MARK_SIZE] = mark
        return replace(self, marks=bytes(found))

    def terms_by_id(self) -> dict[tuple[str, str], Term]:
        """As Portal.terms."""
        return {(kind, id): Term(kind, id, names) for kind, id, names in self.terms}

    def variants_by_file(self) -> dict[str, tuple[Variant, ...]]:
        """As Portal.variants."""
        return {src: tuple(Variant(*one) for one in found) for src, found in self.variants.items()}


class OnDemand(Sequence[T]):
    """What is at some places, each made when somebody asks for it.

    Args:
        places: in the order of the sequence.
        load: makes what is at a place.
    """

    def __init__(self, places: Sequence[int], load: Callable[[int], T]) -> None:
        self.places = places
        self._load = load

    def __len__(self) -> int:
        return len(self.places)

    @overload
    def __getitem__(self, at: int) -> T: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[T]: ...
    def __getitem__(self, at: int | slice) -> T | Sequence[T]:
        if isinstance(at, slice):
            return [self._load(place) for place in self.places[at]]
        return self._load(self.places[at])

    def __iter__(self) -> Iterator[T]:
        return map(self._load, self.places)


def read_snapshot(settings: Mapping[str, Any]) -> Snapshot | None:
    """What the last build into the output folder has kept; None when it kept nothing, or nothing that can be read."""
    last: LastBuild = settings[LAST_BUILD]
    known = read_sealed(_file_of(settings), VERSION)
    return Snapshot(*known[1]) if known and known[0] == last.mark else None


def write_snapshot(settings: Mapping[str, Any], mark: int) -> None:
    """Keep the snapshot of this build, if it leaves one.

    Args:
        mark: of the build, as LastBuild has it.
    """
    snapshot: Snapshot | None = settings.get(SNAPSHOT)
    if snapshot is None:
        # One of another build is not read, and only takes room.
        with suppress(OSError):
            _file_of(settings).unlink()
    else:
        plain = tuple(getattr(snapshot, name) for name in Snapshot.__slots__)
        write_sealed(_file_of(settings), VERSION, (mark, plain))


def _file_of(settings: Mapping[str, Any]) -> Path:
    file = file_of(settings)
    return file.with_name(file.name.replace("build-", "snapshot-"))
