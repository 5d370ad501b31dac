"""Sitemaps of all kinds (sitemaps.org; Google's news, image and language extensions) → `Listing`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from lxml import etree

from plugins.mirror.article import Image
from plugins.mirror.clock import today
from plugins.mirror.document import Document
from plugins.mirror.lists.kind import LARGEST, TooLarge, unpack
from plugins.mirror.lists.links import absolute
from plugins.mirror.lists.listing import Entry, Listing
from plugins.mirror.lists.moments import is_after, read_moment
from plugins.mirror.lists.xml_tree import Fields, Refused, name_of, parse_xml, text_of
from plugins.mirror.page.decoding import decode_page

MOST_ENTRIES = 50_000
"""Addresses in one sitemap at most (sitemaps.org)."""


def read_sitemap(document: Document, now: date | None = None) -> Listing:
    """Read a sitemap, an index of sitemaps, or a text with an address a line; packed with gzip or not.

    Args:
        now: a publication date after this day is left out; today by default.
    Returns: a Listing of kind ``sitemap`` or ``sitemap-index``. The publication date of a news sitemap is `Entry.date`,
        ``lastmod`` is `Entry.modified`.
    Raises: Refused, with a sentence, when it is no sitemap or no safe one.
    """
    now = now or today()
    try:
        document = unpack(document, LARGEST)
    except TooLarge as error:
        raise Refused(str(error)) from error
    if b"<" not in document.data.replace(b"\0", b"")[:1000]:
        return _read_text(document)
    tree = parse_xml(document, LARGEST)
    kind = "sitemap-index" if name_of(tree.root) == "sitemapindex" else "sitemap"
    elements = [element for element in tree.root.iter(etree.Element) if name_of(element) in ("url", "sitemap")]
    if not elements and name_of(tree.root) not in ("urlset", "sitemapindex"):
        raise Refused("It is no sitemap: there is neither an address nor a sitemap in it.")
    warnings = [*tree.warnings, *_too_many(len(elements))]
    entries: dict[str, Entry] = {}
    nested: dict[str, str | None] = {}
    for element in elements[:MOST_ENTRIES]:
        fields = Fields(element)
        address = absolute(fields.first("loc"), document.url or "")
        if address and name_of(element) == "sitemap":
            nested.setdefault(address, read_moment(fields.first("lastmod")))
        elif address and address not in entries:
            entries[address] = _without_future(_entry(fields, address, len(entries)), now)
    return Listing(
        kind=kind,
        title=next((text_of(name) for name in tree.root.iter(etree.Element) if name_of(name) == "news:name"), ""),
        entries=tuple(entries.values()),
        nested=tuple(nested),
        nested_dates=tuple(nested.values()),
        warnings=tuple(warnings),
    )


def _read_text(document: Document) -> Listing:
    text, warnings = decode_page(document)
    lines = text.split()
    addresses = dict.fromkeys(address for line in lines[:MOST_ENTRIES] if (address := absolute(line, "")))
    if not addresses:
        raise Refused("It is no sitemap: there is no address in it.")
    return Listing(
        kind="sitemap",
        entries=tuple(Entry(address, position=at) for at, address in enumerate(addresses)),
        warnings=(*warnings, *_too_many(len(lines))),
    )


def _too_many(count: int) -> tuple[str, ...]:
    return (f"It lists {count} addresses; the first {MOST_ENTRIES} were read.",) if count > MOST_ENTRIES else ()


def _entry(fields: Fields, address: str, position: int) -> Entry:
    news = next((Fields(element) for element in fields.all("news:news", "news")), fields)
    publication = next((Fields(element) for element in news.all("news:publication", "publication")), fields)
    keywords = news.first("news:keywords", "keywords").replace("，", ",").split(",")
    return Entry(
        url=address,
        title=news.first("news:title", "title"),
        date=read_moment(news.first("news:publication_date", "publication_date")),
        modified=read_moment(fields.first("lastmod")),
        tags=tuple(dict.fromkeys(word.strip() for word in keywords if word.strip())),
        language=publication.first("news:language", "language"),
        alternates=_alternates(fields, address),
        images=tuple(_images(fields, address)),
        position=position,
    )


def _alternates(fields: Fields, address: str) -> tuple[tuple[str, str], ...]:
    """Versions in other languages; a sitemap lists the page itself among them."""
    found = []
    for link in fields.all("xhtml:link", "link"):
        other, language = absolute(link.get("href"), address), link.get("hreflang", "")
        if other and other != address and language not in ("", "x-default"):
            found.append((language, other))
    return tuple(dict.fromkeys(found))


def _images(fields: Fields, base: str) -> Iterator[Image]:
    for image in map(Fields, fields.all("image:image", "image")):
        if address := absolute(image.first("image:loc", "loc"), base):
            caption = image.first("image:caption", "image:title", "caption", "title") or None
            yield Image(address, alt=caption, caption=caption)


def _without_future(entry: Entry, now: date) -> Entry:
    return replace(entry, date=None) if entry.date and is_after(entry.date, now) else entry
