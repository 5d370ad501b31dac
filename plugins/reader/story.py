"""What a Markdown file says, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from plugins.languages import Language


@dataclass(frozen=True, slots=True)
class Image:
    """A picture of a story.

    Attributes:
        src: below content/ (``images/pmi.svg``).
        alt: what it shows, for those who cannot see it; empty for an ornament.
        credit: who made it.
    """

    src: str
    alt: str = ""
    credit: str = ""


@dataclass(frozen=True, slots=True)
class FurtherSource:
    """Another paper that has the same story; one of both is not empty."""

    name: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Source:
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


@dataclass(frozen=True, slots=True)
class Translation:
    """How this version came to be.

    Attributes:
        of: path of the other version without ``.md``, below its language folder; empty when it is the same path.
        by: ``human``, ``machine`` or empty.
        source_hash: of what it was translated from.
    """

    of: str = ""
    by: str = ""
    source_hash: str = ""


@dataclass(frozen=True, slots=True)
class Correction:
    """A mistake that was put right in public."""

    date: date
    text: str


@dataclass(frozen=True, slots=True)
class Reference:
    """A link or picture in the text that leads to another file of content/.

    Attributes:
        target: as written (``../01/rally.md#prices``).
        line: 1-based line in the file.
    """

    target: str
    line: int


@dataclass(frozen=True, slots=True)
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

    def line(self, name: str) -> int:
        """The line of field *name*; the first line when the file does not give it."""
        return self.lines.get(name, 1)
