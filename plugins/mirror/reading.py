"""One document → what is in it: articles, a list of addresses, or the reason why it is neither."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from html import escape

from plugins.mirror.article import Article
from plugins.mirror.document import Document
from plugins.mirror.lists.kind import kind_of
from plugins.mirror.lists.listing import Entry, Listing
from plugins.mirror.lists.xml_tree import Refused
from plugins.mirror.page.selectors import Selectors
from plugins.mirror.text.decoding import Undecodable


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be read, and what is known of the portal it is from.

    Attributes:
        now: no article is dated after this day.
        select: where the portal's pages have what.
        links: whether the links of a page are wanted too.
    """

    document: Document
    now: date
    select: Selectors = field(default_factory=Selectors)
    links: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """What is in a document.

    Attributes:
        kind: of the document, as `kind_of` calls it.
        articles: of a page at most one.
        why: why there is no article, or why what was found seems to be none; else empty.
        next_page: the address where the article of a page goes on.
        first_page: the address where it began; None for a first or only page.
        listing: what a feed, a sitemap or (when asked for) a page links to.
        fault: what our own program could not do with it, a mistake of ours; else empty.
    """

    kind: str
    articles: tuple[Article, ...] = ()
    why: str = ""
    next_page: str | None = None
    first_page: str | None = None
    listing: Listing | None = None
    fault: str = ""


def read(order: Order) -> Reading:
    """Read one document.

    Returns: never raises for what stands in the document: what cannot be read has a `Reading.why`.
    """
    kind = kind_of(order.document)
    try:
        return _READERS.get(kind, _unknown)(kind, order)
    except (Refused, Undecodable) as why:
        return Reading(kind, why=str(why))
    except Exception as error:  # thousands of pages wait behind this one: a fault of ours must not stop them
        what = f"{type(error).__name__}: {error}"
        return Reading(kind, why=f"It cannot be read: {what}.", fault=what)


def _page(kind: str, order: Order) -> Reading:
    from plugins.mirror.lists.index import read_index
    from plugins.mirror.page.extract import extract_page

    page = extract_page(order.document, order.select, order.now)
    listing = None
    if order.links:
        listing = read_index(order.document, order.select.next_page, order.select.articles)
    return Reading(
        kind,
        articles=(replace(page.article, section=page.section),) if page.article else (),
        why=page.refusal,
        next_page=page.next_page,
        first_page=page.first_page,
        listing=listing,
    )


def _feed(kind: str, order: Order) -> Reading:
    from plugins.mirror.lists.feeds import read_feed

    listing = read_feed(order.document, order.now)
    if order.links:
        return Reading(kind, why="It is a feed.", listing=listing)
    articles = [article for entry in listing.entries for article in _carried(entry, order)]
    why = "" if articles else "The feed carries no texts, only links."
    return Reading(kind, tuple(articles), why, listing=listing)


def _carried(entry: Entry, order: Order) -> Iterator[Article]:
    """The article that a feed carries whole: its text goes through extraction as that of a page does."""
    from plugins.mirror.page.extract import extract_page

    if not entry.html:
        return
    page = (
        f"<!doctype html><html><head><meta charset=utf-8><title>{escape(entry.title)}</title></head>"
        f"<body><article><h1>{escape(entry.title)}</h1>{entry.html}</article></body></html>"
    )
    document = replace(order.document, data=page.encode(), url=entry.url or None, media_type="text/html", charset="")
    found = extract_page(document, now=order.now)
    if found.article and not found.refusal:
        yield completed(replace(found.article, title=entry.title or found.article.title), entry)


def _sitemap(kind: str, order: Order) -> Reading:
    from plugins.mirror.lists.sitemaps import read_sitemap

    return Reading(kind, why="It is a sitemap.", listing=read_sitemap(order.document, order.now))


def _dump(kind: str, order: Order) -> Reading:
    from plugins.mirror.dump.extract import extract

    articles = extract(order.document.data, order.document.url, order.now)
    why = "" if articles else "No article found: there is no title with a text below it."
    return Reading(kind, tuple(articles), why)


def _unknown(kind: str, order: Order) -> Reading:
    if not order.document.data.strip():
        return Reading(kind, why="The file is empty.")
    return Reading(kind, why="The file is not text.")


_READERS = {
    "page": _page,
    "feed": _feed,
    "json-feed": _feed,
    "sitemap": _sitemap,
    "sitemap-index": _sitemap,
    "dump": _dump,
}


def advice(reading: Reading) -> str:
    """What somebody can do who hoped for an article, a sentence."""
    if reading.fault:
        return "Please report it, with the file: that is a mistake of this program."
    return ADVICE.get(reading.kind, "Name a page, a dump, a feed, a sitemap, a web archive, or a folder of them.")


_FETCH_IT = "Pull it with --fetch, or name the address of an article that it lists."
ADVICE = {
    "page": "Save the page again when its article has loaded; or name its text under “select” in sources.yaml.",
    "feed": _FETCH_IT,
    "json-feed": _FETCH_IT,
    "sitemap": _FETCH_IT,
    "sitemap-index": _FETCH_IT,
    "dump": "Put a title above each text.",
}
"""Kind of a document without an article → what to do about it."""


def completed(article: Article, entry: Entry | None) -> Article:
    """The article with what its feed or sitemap says and its page does not."""
    if entry is None:
        return article
    given = {
        "guid": article.guid or entry.guid,
        "date": article.date or entry.date,
        "modified": article.modified or entry.modified,
        "authors": article.authors or entry.authors,
        "tags": article.tags or entry.tags,
        "alternates": article.alternates or entry.alternates,
    }
    added = tuple((name, "feed") for name, value in given.items() if value and not getattr(article, name))
    warnings = article.warnings
    if given["date"] and not article.date:
        warnings = tuple(sentence for sentence in warnings if not sentence.startswith("No date"))
    return replace(article, **given, warnings=warnings, provenance=(*article.provenance, *added))
