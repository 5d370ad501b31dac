"""Which files exist for machines that read the portal, and what they say."""

from __future__ import annotations

import gettext
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime

from plugins.languages import LANGUAGES, Language
from plugins.pages.body import place_body
from plugins.pages.cards import (
    CardMaker,
    Listed,
    address,
    addresses,
    by_term,
    listed,
    of_category,
    summary,
    term_address,
)
from plugins.pages.links import absolute_link
from plugins.pages.page import ListedPage, PagePlan
from plugins.reader.story import Story
from plugins.stories.portal import Portal
from plugins.values import digest_of, value

ENTRIES = 20
"""Stories in a feed, the newest."""

SITEMAP_PAGES = 10_000
"""Pages in one sitemap file; the protocol allows 50,000 and 50 MiB, which the alternates would reach first."""

NEVER = datetime.fromtimestamp(0, UTC)
"""When a feed without stories was updated; the format insists on a time, and the clock would change the bytes."""


@value
class Entry:
    """A story in a feed; addresses are absolute, *body* is HTML."""

    title: str
    url: str
    language: Language
    published: datetime
    updated: datetime
    summary: str
    body: str
    authors: tuple[str, ...]
    categories: tuple[str, ...]


@value
class Feed:
    """An Atom feed (RFC 4287); addresses are absolute.

    Attributes:
        url: of the feed itself.
        page: of the list that it follows.
        author: of entries that name none.
    """

    title: str
    url: str
    page: str
    author: str
    updated: datetime
    entries: tuple[Entry, ...]


@value
class SitemapPage:
    """A page and all its versions; addresses are absolute, *versions* are pairs of hreflang and address."""

    url: str
    versions: tuple[tuple[str, str], ...]
    modified: datetime | None


@value
class Sitemap:
    """One file of the sitemap."""

    pages: tuple[SitemapPage, ...]


@value
class SitemapIndex:
    """The files of a sitemap that is too long for one; addresses are absolute."""

    urls: tuple[str, ...]


@value
class Robots:
    """What crawlers may do, and where the sitemap is."""

    sitemap: str


def plan_feeds(
    portal: Portal,
    words: Mapping[str, gettext.NullTranslations],
    names: Mapping[str, str],
    root: str,
    size_of: Callable[[str], tuple[int, int]],
    is_same: Callable[[str, str], bool] = lambda path, source: False,
) -> Iterator[tuple[PagePlan, str]]:
    """Plan the Atom feeds of every edition: its front, each section and each product category.

    Args:
        portal: paired and checked stories.
        words: interface words by path of language.
        names: of the portal by path of language.
        root: absolute address of the portal, without a trailing slash.
        size_of: picture below content/ → width and height in CSS pixels, 0 when unknown.
        is_same: whether the feed of a path shows the texts, told by a digest, that it showed; it is not planned then.
    Returns: plans, each with the digest of the texts that it shows.
    """
    address_of = addresses(portal)

    def body(story: Story) -> str:
        return place_body(story.body, story.path, address_of, size_of, lambda there: absolute_link(there, root))

    for language in LANGUAGES.values():
        gettext_ = words[language.path].gettext
        stories = listed((pair for pair in portal.pairs if pair.kind == "story"), language)
        products = listed((pair for pair in portal.pairs if pair.kind == "product"), language)
        lists = by_term(stories)
        cards = CardMaker(portal, language, lambda image: None)
        name = names[language.path]

        def feed(
            title: str,
            page: str,
            of: Iterable[Listed],
            language: Language = language,
            name: str = name,
            cards: CardMaker = cards,
        ) -> Iterator[tuple[PagePlan, str]]:
            newest = sorted(of, key=lambda one: (one.story.date or NEVER, one.story.path), reverse=True)[:ENTRIES]
            source = digest_of(*(one.story.hash for one in newest))
            if is_same(f"{page}feed.xml", source):
                return
            entries = tuple(_entry(one.story, cards, body, root) for one in newest if one.story.date)
            data = Feed(
                title=title,
                url=absolute_link(f"{page}feed.xml", root),
                page=absolute_link(page, root),
                author=name,
                updated=max((entry.updated for entry in entries), default=NEVER),
                entries=entries,
            )
            yield PagePlan(f"{page}feed.xml", "feed.xml", language, data), source

        yield from feed(name, f"{language.path}/", stories)
        for kind in ("section", "product"):
            for id in portal.taxonomy.terms[kind]:
                link = cards.link(kind, id)
                title = gettext_("{portal}: {list}").format(portal=name, list=link.name)
                of = lists.get((kind, id), ()) if kind == "section" else of_category(stories, products, id)
                yield from feed(title, term_address(kind, id, language), of)


def _entry(story: Story, cards: CardMaker, body: Callable[[Story], str], root: str) -> Entry:
    assert story.date is not None
    section = cards.link("section", story.category)
    tags = [cards.link("tag", tag).name for tag in story.tags]
    return Entry(
        title=story.title,
        url=absolute_link(address(story), root),
        language=story.language,
        published=story.date,
        updated=max(story.date, story.modified or story.date),
        summary=summary(story),
        body=body(story),
        authors=tuple(cards.link("author", author).name for author in story.authors),
        categories=(section.name, *tags),
    )


def plan_sitemaps(listed: Iterable[ListedPage], root: str) -> list[PagePlan]:
    """Plan ``sitemap.xml`` and ``robots.txt``.

    Args:
        listed: all pages that search engines may list.
        root: absolute address of the portal, without a trailing slash.
    """
    listed = list(listed)
    indexed = frozenset(page.url for page in listed)
    pages = sorted((_sitemap_page(page, root, indexed) for page in listed), key=lambda page: page.url)
    language = next(iter(LANGUAGES.values()))
    robots = PagePlan("robots.txt", "robots.txt", language, Robots(absolute_link("sitemap.xml", root)))
    if len(pages) <= SITEMAP_PAGES:
        return [PagePlan("sitemap.xml", "sitemap.xml", language, Sitemap(tuple(pages))), robots]
    parts = [pages[start : start + SITEMAP_PAGES] for start in range(0, len(pages), SITEMAP_PAGES)]
    paths = [f"sitemap-{number}.xml" for number in range(1, len(parts) + 1)]
    index = SitemapIndex(tuple(absolute_link(path, root) for path in paths))
    return [
        PagePlan("sitemap.xml", "sitemap-index.xml", language, index),
        *(
            PagePlan(path, "sitemap.xml", language, Sitemap(tuple(part)))
            for path, part in zip(paths, parts, strict=True)
        ),
        robots,
    ]


def _sitemap_page(page: ListedPage, root: str, indexed: frozenset[str]) -> SitemapPage:
    # A version that search engines must not list has no place here, not even as another one's version.
    listed = [version for version in page.versions if version.url in indexed]
    default = page.default if page.default in indexed else page.url
    versions = [(version.language.html, absolute_link(version.url, root)) for version in listed]
    versions.append(("x-default", absolute_link(default, root)))
    return SitemapPage(absolute_link(page.url, root), tuple(versions), page.modified)
