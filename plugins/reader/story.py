"""What a Markdown file says, as plain data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field, fields
from datetime import date, datetime
from operator import attrgetter
from typing import Any

from plugins.languages import Language
from plugins.reader.sanitise import plain_text
from plugins.values import Record, value


class Image(Record):
    """A picture of a story.

    Attributes:
        src: below content/ (``images/pmi.svg``).
        alt: what it shows, for those who cannot see it; empty for an ornament.
        credit: who made it.
    """

    src: str
    alt: str = ""
    credit: str = ""


class FurtherSource(Record):
    """Another paper that has the same story; one of both is not empty."""

    name: str = ""
    url: str = ""


class Source(Record):
    """Where a mirrored story came from.

    Attributes:
        name: the paper or agency, as written (an id of taxonomy.yaml or a name); empty when mirroring found none.
        url: of the original; empty when unknown.
        retrieved: when it was mirrored; midnight where only the day is given.
        permission: ``full``, ``excerpt``, ``none`` (a headline and a link) or empty when not stated.
        title: the original's title, where it differs or was stated.
        dateline: the agency's dateline, word for word.
        notice: the original's reprint notice, word for word.
        credits: of pictures and figures that the text names.
        indexing: whether search engines may list the page.
        also: further papers that have the story.
    """

    name: str = ""
    url: str = ""
    retrieved: datetime | None = None
    permission: str = ""
    title: str = ""
    dateline: str = ""
    notice: str = ""
    credits: tuple[str, ...] = ()
    indexing: bool = True
    also: tuple[FurtherSource, ...] = ()


class Translation(Record):
    """How this version came to be.

    Attributes:
        of: path of the other version without ``.md``, below its language folder; empty when it is the same path.
        by: ``human``, ``machine`` or empty.
        source_hash: of what it was translated from.
    """

    of: str = ""
    by: str = ""
    source_hash: str = ""


class Correction(Record):
    """A mistake that was put right in public."""

    date: date
    text: str


class Reference(Record):
    """A link or picture in the text that leads to another file of content/.

    Attributes:
        target: as written (``../01/rally.md#prices``).
        line: 1-based line in the file.
    """

    target: str
    line: int


@value
class Story:
    """One Markdown file: a story, a product or a page, in one language.

    Attributes:
        kind: ``story``, ``product`` or ``page``: where the file lies decides.
        language: the edition it belongs to.
        path: below content/, with ``/`` (``en/2024/01/rally.md``).
        key: what both versions share: the path without language and ending (``2024/01/rally``).
        title: plain text.
        body: HTML, sanitised; addresses of other files are still as written.
        text: the body without markup, for summaries and counting.
        date: with a time zone; None where it is not given.
        category, tags, products, authors: as written, the stories stage finds their ids.
        status: ``published``, ``draft``, ``hidden`` or ``withdrawn``.
        given: the fields that the file itself gives.
        lines: field → 1-based line in the file, ``body`` → the line where the text starts.
        references: links and pictures that lead to files of content/.
        beginning: of the text, where no summary is given; None when nobody has looked yet.
        minutes: that it takes to read; None when nobody has counted yet.
        face: changes when anything but the text changes: what other pages may show; empty when nobody looked.
        hash: changes when any byte of the file changes; empty when nobody looked.
        stored: finds the body until somebody asks for it; a newspaper's texts are too many to hold, and most builds
            show few of them.
    """

    kind: str
    language: Language
    path: str
    key: str
    title: str
    body: str
    text: str
    date: datetime | None = None
    modified: datetime | None = None
    category: str = ""
    summary: str = ""
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    image: Image | None = None
    kicker: str = ""
    status: str = "published"
    source: Source | None = None
    translation: Translation | None = None
    corrections: tuple[Correction, ...] = ()
    given: frozenset[str] = frozenset()
    lines: Mapping[str, int] = field(default_factory=dict)
    references: tuple[Reference, ...] = ()
    beginning: str | None = field(default=None, compare=False)
    minutes: int | None = field(default=None, compare=False)
    face: bytes = field(default=b"", compare=False, repr=False)
    hash: bytes = field(default=b"", compare=False, repr=False)
    stored: Callable[[str], str] | None = field(default=None, compare=False, repr=False)

    def __getattr__(self, name: str) -> str:
        # Python asks here for what a slot does not hold.
        if name not in TEXTS or self.stored is None:
            raise AttributeError(name)
        body = self.stored(self.path)
        return body if name == "body" else plain_text(body)

    def but(self, **changes: object) -> Story:
        """The same story with other values, as ``dataclasses.replace`` makes it; a stored text stays stored."""
        made = object.__new__(Story)
        for read, write in _COPIED:
            write(made, read(self))
        for name in TEXTS:
            if (held := _held(self, name)) is not MISSING:
                _SLOTS[name].__set__(made, held)
        for name, held in changes.items():
            _SLOTS[name].__set__(made, held)
        return made

    def line(self, name: str) -> int:
        """The line of field *name*; the first line when the file does not give it."""
        return self.lines.get(name, 1)


MISSING = object()

TEXTS = ("body", "text")
"""The fields of a story that can be left in the store."""

FIELDS = tuple(field.name for field in fields(Story))  # type: ignore[arg-type]
FACTS = tuple(name for name in FIELDS if name not in (*TEXTS, "face", "hash", "stored"))
"""What a story is without its text."""

_SLOTS = {name: getattr(Story, name) for name in FIELDS}
_COPIED = tuple((_SLOTS[name].__get__, _SLOTS[name].__set__) for name in FIELDS if name not in TEXTS)
_READ_FACTS = attrgetter(*FACTS)
_WRITE_FACTS = tuple(_SLOTS[name].__set__ for name in FACTS)


def facts_of(story: Story) -> tuple[Any, ...]:
    """What *story* is without its text, in the order of FACTS."""
    return _READ_FACTS(story)


def story_of(facts: tuple[Any, ...], face: bytes, hash: bytes, stored: Callable[[str], str]) -> Story:
    """The story with *facts* (from facts_of) whose body *stored* finds by its path."""
    story = object.__new__(Story)
    for write, held in zip(_WRITE_FACTS, facts, strict=True):
        write(story, held)
    for name, held in (("face", face), ("hash", hash), ("stored", stored)):
        _SLOTS[name].__set__(story, held)
    return story


def _held(story: Story, name: str) -> object:
    try:
        return _SLOTS[name].__get__(story)
    except AttributeError:
        return MISSING
