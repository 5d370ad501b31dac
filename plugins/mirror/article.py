"""What is known of one article: plain data, from the first cut of a dump to the JSON that is printed."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from datetime import date


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a subhead or a credit of a body; of a page also a list, table, quotation, code or picture.

    Attributes:
        text: without markup and without line breaks; of a list or table, its items and cells with spaces between;
            of a picture, its caption.
        kind: ``paragraph``, ``heading`` or ``credit`` (it looks like a credit, no rule has read it yet); of a page
            also ``list``, ``table``, ``quote``, ``code``, ``figure``.
        markdown: the block as Markdown, where *text* alone does not say it all (links, bold, a list, the level of a
            subhead); empty when *text*, escaped, is all there is.
    """

    text: str
    kind: str = "paragraph"
    markdown: str = ""


@dataclass(frozen=True, slots=True)
class Image:
    """A picture; of one that a dump lost, only the caption or the credit is left.

    Attributes:
        src: its absolute address, later the path below content/.
        alt: what it shows.
        credit: who made it.
        caption: the words below it.
    """

    src: str | None = None
    alt: str | None = None
    credit: str | None = None
    caption: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """Where an article came from.

    Attributes:
        name: the paper or agency; None when the text does not say.
        url: the address the page was read from, when the caller knows it.
        title: what the article was called there.
        dateline: the exact words before the text, such as ``海港社5月6日讯（编辑 苗青）``.
        notice: the exact words on reprinting, copyright and investment risk.
        credits: other exact words that stood around the text, in their order.
    """

    name: str | None = None
    url: str | None = None
    title: str | None = None
    dateline: str | None = None
    notice: str | None = None
    credits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Article:
    """One article of a dump or page; while it is extracted, fields fill up step by step.

    Attributes:
        line: 1-based line of the title in the dump, for messages; 0 for a page.
        blocks: the body, in order.
        day: what the dateline or the line below the title says of the day, as written there; else empty.
        date: the day (or moment) of publication as ISO 8601, or None.
        body: Markdown; pictures in it have their absolute addresses.
        warnings: sentences for the editor, each about something that was guessed or left out.
        section: what the page calls its section («财经»), empty when it does not say.
        noindex: whether the page asks search engines to leave it alone; so does the mirrored story then.
        canonical: the address that the page gives itself; else the one it was read from.
        guid: what a feed or the page calls it, for ever.
        alternates: (language, address) of the page's versions in other languages, as the page links them.
        provenance: (field, where it came from) of each field that was found: ``("date", "JSON-LD")``.
    """

    title: str
    lang: str
    line: int
    blocks: tuple[Block, ...]
    day: str = ""
    date: str | None = None
    modified: str | None = None
    authors: tuple[str, ...] = ()
    source: Source = field(default_factory=Source)
    category: str | None = None
    tags: tuple[str, ...] = ()
    summary: str = ""
    body: str = ""
    images: tuple[Image, ...] = ()
    links: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    section: str = ""
    noindex: bool = False
    canonical: str | None = None
    guid: str | None = None
    alternates: tuple[tuple[str, str], ...] = ()
    provenance: tuple[tuple[str, str], ...] = ()

    def warn(self, sentence: str) -> Article:
        """The same article with one more warning."""
        return replace(self, warnings=(*self.warnings, sentence))

    @property
    def published(self) -> date | None:
        """The calendar day of `date`."""
        return date.fromisoformat(self.date[:10]) if self.date else None


PRINTED = [
    "title",
    "lang",
    "date",
    "modified",
    "authors",
    "source",
    "category",
    "tags",
    "summary",
    "body",
    "images",
    "links",
    "warnings",
    "provenance",
]
"""The keys that ``extract`` prints, in this order (docs/design.md, «Commands»)."""


def as_json(article: Article) -> dict[str, object]:
    """Plain data for ``json.dumps``; what a source lacks is left out, but for its name and address."""
    values = asdict(article)
    source = {key: value for key, value in values["source"].items() if value or key in ("name", "url")}
    return {key: values[key] for key in PRINTED} | {"source": source, "provenance": dict(article.provenance)}
