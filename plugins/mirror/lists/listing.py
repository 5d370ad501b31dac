"""What a feed, a sitemap or an index page lists: plain data."""

from __future__ import annotations

from dataclasses import dataclass

from plugins.mirror.article import Image


@dataclass(frozen=True, slots=True)
class Entry:
    """One article as a list announces it; the article's own page has the last word on everything but *guid*.

    Attributes:
        url: its absolute address; empty when a feed has only the text.
        guid: what the feed calls it, for ever; empty when the list has no such name.
        title: without markup; the words of the link on an index page.
        date: day or moment of publication as ISO 8601, or None.
        modified: day or moment of the last change as ISO 8601, or None.
        authors: names, one by one.
        tags: words of the feed, exactly.
        summary: without markup.
        html: the article itself when the feed carries it, safe for nothing: it goes through extraction as a page does.
        language: code, as the list states it (``zh-CN``); empty when it does not.
        alternates: (language, address) of its versions in other languages.
        images: pictures that the list gives with it.
        position: its place in the list, from 0.
        score: of a link on an index page, how surely it leads to an article, 0 … 1; 1 in feeds and sitemaps.
    """

    url: str
    guid: str = ""
    title: str = ""
    date: str | None = None
    modified: str | None = None
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    summary: str = ""
    html: str = ""
    language: str = ""
    alternates: tuple[tuple[str, str], ...] = ()
    images: tuple[Image, ...] = ()
    position: int = 0
    score: float = 1.0


@dataclass(frozen=True, slots=True)
class Listing:
    """What one document lists.

    Attributes:
        kind: ``feed``, ``json-feed``, ``sitemap``, ``sitemap-index`` or ``index``.
        title: what the list is called.
        language: code, as stated; empty when it is not.
        entries: articles, in the order of the document.
        next_page: absolute address where the list goes on with older articles, or None.
        nested: absolute addresses of sitemaps to read.
        nested_dates: when each of *nested* changed last, as ISO 8601, or None; as long as *nested*.
        feeds: absolute addresses of feeds that an index page announces.
        sections: absolute addresses on the same site that an index page links and that may list more articles
            (the lead's crawl follows them).
        alternates: (language, address) of the same list in other languages.
        warnings: sentences for the editor.
    """

    kind: str
    title: str = ""
    language: str = ""
    entries: tuple[Entry, ...] = ()
    next_page: str | None = None
    nested: tuple[str, ...] = ()
    nested_dates: tuple[str | None, ...] = ()
    feeds: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    alternates: tuple[tuple[str, str], ...] = ()
    warnings: tuple[str, ...] = ()
