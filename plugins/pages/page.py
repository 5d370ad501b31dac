"""What a page shows, as small, frozen data.

An *address* is a path below the portal's root without a leading slash (``en/2024/01/rally/``, ``images/pmi.svg``,
empty for the root); templates turn it into a link with ``|to`` or ``|absolute``.
"""

from __future__ import annotations

import functools
from datetime import date, datetime
from typing import Any, Generic, NamedTuple, TypeVar

from msgspec import msgpack

from plugins.languages import Language
from plugins.stories.pictures import Variant
from plugins.values import Record

Moment = str
"""A day or a time, as ISO 8601 writes it: ``2024-05-01``, ``2024-05-01T08:00:00+08:00``."""


def moment(value: date) -> Moment:
    """*value*, a day or a time, as pages have it."""
    return value.isoformat()


class Link(Record):
    """A name that leads somewhere.

    Attributes:
        name: what the reader sees.
        url: address in the portal.
        language: of the name.
        count: how many stories are there; 0 when nobody counted.
    """

    name: str
    url: str
    language: Language
    count: int = 0

    def __hash__(self) -> int:
        # As of a card.
        return hash(self.url)


class Version(Record):
    """The same page in one language."""

    language: Language
    url: str


class Picture(Record):
    """An image with the room it takes: width and height in CSS pixels, 0 when the file does not say.

    Attributes:
        variants: its lighter forms in WebP, narrowest first.
    """

    src: str
    alt: str
    credit: str
    width: int = 0
    height: int = 0
    variants: tuple[Variant, ...] = ()


class Card(Record):
    """A story (or product) in a list.

    Attributes:
        language: of its words; differs from the page's when the story is not translated.
        section: of the story, named in the language of the page; None for a product.
        date: None for a product.
        draft: shown in the preview only.
        embargo: until then, too.
    """

    language: Language
    title: str
    url: str
    summary: str
    date: Moment | None = None
    section: Link | None = None
    kicker: str = ""
    picture: Picture | None = None
    draft: bool = False
    embargo: Moment | None = None

    def __hash__(self) -> int:
        # Cards are looked up many times a page, and few have the same address.
        return hash(self.url)


class Head(Record):
    """What every page says of itself.

    Attributes:
        title: of the page alone, without the portal's name; empty on a front page.
        description: a sentence for search engines and link previews.
        versions: of this very page, itself included, in the order of the editions.
        default: address for ``hreflang="x-default"``.
        switch: where the language switch leads, one per other language: the same page, else its nearest parent.
        trail: from the front page down to the parent of this page (breadcrumbs).
        listed: False keeps search engines away (hidden, withdrawn and draft stories, those whose source does not
            want it, the account page).
        feed: the Atom feed that belongs to this page, else that of the edition.
        picture: for link previews.
        kind: ``website`` or ``article``, for Open Graph.
    """

    title: str
    description: str
    versions: tuple[Version, ...]
    default: str
    switch: tuple[Version, ...]
    trail: tuple[Link, ...] = ()
    listed: bool = True
    feed: Link | None = None
    picture: Picture | None = None
    kind: str = "website"


class Menus(Record):
    """The menus of an edition: 头条分类, 产品分类, and the plain pages."""

    sections: tuple[Link, ...]
    products: tuple[Link, ...]
    pages: tuple[Link, ...]
    indexes: tuple[Link, ...]


class Block(Record):
    """A heading with stories under it; *more* leads to all of them."""

    more: Link
    cards: tuple[Card, ...]


class FrontPage(Record):
    """The front page of an edition.

    Attributes:
        lead: the main story; None in an empty portal.
        pinned: by the editors, after the lead.
        latest: the newest native stories that stand nowhere else on the page.
        blocks: by section, without repeating the stories above.
        foreign: stories that exist in another language only.
    """

    head: Head
    lead: Card | None
    pinned: tuple[Card, ...]
    latest: tuple[Card, ...]
    blocks: tuple[Block, ...]
    foreign: tuple[Card, ...]
    products: tuple[Card, ...]


class SourceNote(Record):
    """Where a story came from.

    Attributes:
        paper: leads to the list of everything from there; None when it is not known.
        retrieved: midnight where only the day is known.
        permission: ``full``, ``excerpt``, ``none`` or empty.
        also: (name, address of the original) of further papers that have the story; one of both may be empty.
    """

    paper: Link | None
    url: str
    retrieved: Moment | None
    permission: str
    title: str
    dateline: str
    notice: str
    credits: tuple[str, ...]
    also: tuple[tuple[str, str], ...] = ()


class CorrectionNote(Record):
    """A mistake that was put right."""

    date: Moment
    text: str


class StoryPage(Record):
    """A story.

    Attributes:
        body: HTML, sanitised, its links relative to this page; empty when withdrawn.
        status: ``published``, ``draft``, ``hidden`` or ``withdrawn``.
        minutes: estimated reading time, at least 1.
        translated_by: ``human``, ``machine`` or empty.
        related: other stories of the same tags or section.
        embargo: until then shown in the preview only; here and in the classes below.
    """

    head: Head
    title: str
    kicker: str
    summary: str
    body: str
    date: Moment
    modified: Moment | None
    section: Link
    authors: tuple[Link, ...]
    tags: tuple[Link, ...]
    products: tuple[Link, ...]
    picture: Picture | None
    status: str
    minutes: int
    source: SourceNote | None
    translated_by: str
    corrections: tuple[CorrectionNote, ...]
    related: tuple[Card, ...]
    embargo: Moment | None = None


class Numbers(Record):
    """Where the reader is in a long list.

    Attributes:
        number: of this page.
        pages: those that can be chosen, in order, each named by its number: at least the first, the last, and those
            around this one.
    """

    number: int
    pages: tuple[Link, ...]


class ListPage(Record):
    """A list of stories: of a section, product category, tag, author, source or month.

    Attributes:
        kind: ``section``, ``product``, ``tag``, ``author``, ``source`` or ``month``.
        heading: in the language *heading_language*.
        cards: native stories first, then those of another language.
        total: stories on all pages of the list.
        products: of a product category, on its first page.
    """

    head: Head
    kind: str
    heading: str
    heading_language: Language
    cards: tuple[Card, ...]
    total: int
    numbers: Numbers
    products: tuple[Card, ...] = ()


class LinkGroup(Record):
    """Links under a heading; the heading is empty when there is one group only."""

    heading: str
    links: tuple[Link, ...]


class IndexPage(Record):
    """All lists of one kind: sections, products, tags, authors, sources, the months of the archive."""

    head: Head
    kind: str
    heading: str
    groups: tuple[LinkGroup, ...]


class ProductPage(Record):
    """A product and the stories that mention it."""

    head: Head
    title: str
    summary: str
    body: str
    category: Link
    picture: Picture | None
    source: SourceNote | None
    cards: tuple[Card, ...]
    status: str
    embargo: Moment | None = None


class PlainPage(Record):
    """A page such as «about»."""

    head: Head
    title: str
    summary: str
    body: str
    modified: Moment | None
    status: str
    embargo: Moment | None = None


class AccountPage(Record):
    """What a static site can honestly offer for 注册 / 登录.

    Attributes:
        account_url: of the original portal's account page; empty when there is none.
        submit: the page that explains how to contribute; None when the portal has none.
        repository_url: the editors' way in; empty when the portal has none.
    """

    head: Head
    account_url: str
    submit: Link | None
    repository_url: str


class NotFoundPage(Record):
    """Nothing is here: one language's words (``en/404.html``)."""

    head: Head


class Door(Record):
    """One edition as the root page offers it: its front page and its first headlines.

    Attributes:
        name, tagline: of the portal in the language of the edition.
    """

    edition: Version
    cards: tuple[Card, ...]
    name: str
    tagline: str


class ChooserPage(Record):
    """The root of the portal, where the reader chooses; also ``404.html`` at the root, in every language."""

    head: Head
    doors: tuple[Door, ...]


Data = TypeVar("Data", bound=Record)
"""What a page of one kind shows: one of the classes above, or a feed's."""


class PagePlan(Record, Generic[Data]):
    """One file of the output and everything that decides its bytes, but for the constants of its edition.

    Attributes:
        path: below the output folder, with ``/`` (``en/2024/01/rally/index.html``).
        template: below theme/templates/ (``story.html``).
        language: of the page's own words.
        data: one of the classes above, or a feed's.
        anywhere: the file is served at addresses that it cannot know (``404.html``), so its links start at
            the root of the host, once that is known.
    """

    path: str
    template: str
    language: Language
    data: Data
    anywhere: bool = False

    @property
    def url(self) -> str:
        """The address of the page: a folder's ``index.html`` is its folder."""
        return self.path.removesuffix("index.html")


Packed = tuple[type[Record], bytes]
"""A plan for another process: the class of its data, and bytes that are equal for equal plans."""


def pack(plan: PagePlan[Any]) -> Packed:
    """*plan* as bytes."""
    return type(plan.data), _encode(plan)


def unpack(packed: Packed) -> PagePlan[Any]:
    """The plan that pack was given."""
    of, data = packed
    return _decoder(of).decode(data)


_encode = msgpack.Encoder().encode


@functools.cache
def _decoder(of: type[Record]) -> msgpack.Decoder[PagePlan[Any]]:
    return msgpack.Decoder(PagePlan[of])  # type: ignore[valid-type]


class ListedPage(NamedTuple):
    """A page that search engines may list.

    Attributes:
        versions, default: as in Head.
        modified: when its story was last changed; None for other pages.
        mark: changes when any of these does; empty when unknown.
    """

    url: str
    versions: tuple[Version, ...]
    default: str
    modified: datetime | None
    mark: bytes


class Site(Record):
    """The constants of an edition, which every template sees.

    Attributes:
        name, tagline: of the portal in this language.
        url: absolute address of the root without a trailing slash; empty when it is not known (preview, disk).
        editions: the front pages of all editions, this one included.
        home: the front page of this edition.
        menus: of the edition.
        file_links: links name ``index.html``, so that they work from the disk.
        versions: static file → a few characters that change with its bytes (``portal.css`` → ``1f3a9c``).
        icp_number, icp_url: the original's registration with the ministry; empty when it has none.
        holder: who holds the copyright of the original portal.
        year: of the build, for the copyright line.
        account: address of the account page.
        disclaimer, submit: pages that every page links to; None when the portal has none.
        feed: the Atom feed of the edition.
        repository_url: of the portal's own source.
        preview: the build is a preview, drafts are shown.
    """

    language: Language
    name: str
    tagline: str
    url: str
    editions: tuple[Version, ...]
    home: Link
    menus: Menus
    file_links: bool
    versions: dict[str, str]
    icp_number: str
    icp_url: str
    holder: str
    year: int
    account: str
    disclaimer: Link | None
    submit: Link | None
    feed: str
    repository_url: str
    preview: bool
