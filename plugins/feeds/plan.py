"""Which files exist for machines that read the portal, and what they say."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial

from plugins.languages import LANGUAGES, Language
from plugins.pages.body import place_body
from plugins.pages.cards import CardMaker, address, addresses, summary, term_address
from plugins.pages.edition import Edition, Outline
from plugins.pages.generator import Pages
from plugins.pages.links import absolute_link
from plugins.pages.lists import Listed, Listing
from plugins.pages.page import ListedPage, Moment, PagePlan, moment
from plugins.reader.story import Story
from plugins.stories.portal import Portal
from plugins.values import Record, digest_of

ENTRIES = 20
"""Stories in a feed, the newest."""

SITEMAP_PAGES = 10_000
"""Pages in one sitemap file; the protocol allows 50,000 and 50 MiB, which the alternates would reach first."""

NEVER = datetime.fromtimestamp(0, UTC)
"""When a feed without stories was updated; the format insists on a time, and the clock would change the bytes."""


class Entry(Record):
    """A story in a feed; addresses are absolute, *body* is HTML."""

    title: str
    url: str
    language: Language
    published: Moment
    updated: Moment
    summary: str
    body: str
    authors: tuple[str, ...]
    categories: tuple[str, ...]


class Feed(Record):
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
    updated: Moment
    entries: tuple[Entry, ...]


class SitemapPage(Record):
    """A page and all its versions; addresses are absolute, *versions* are pairs of hreflang and address."""

    url: str
    versions: tuple[tuple[str, str], ...]
    modified: Moment | None


class Sitemap(Record):
    """One file of the sitemap."""

    pages: tuple[SitemapPage, ...]


class SitemapIndex(Record):
    """The files of a sitemap that is too long for one; addresses are absolute."""

    urls: tuple[str, ...]


class Robots(Record):
    """What crawlers may do, and where the sitemap is."""

    sitemap: str


def outline_feeds(
    portal: Portal, pages: Pages, names: Mapping[str, str], root: str, changed: Collection[int] | None = None
) -> Iterator[Outline]:
    """The Atom feeds of every edition: its front, each section and each product category.

    Args:
        portal: paired and checked stories.
        pages: of the portal.
        names: of the portal by path of language.
        root: absolute address of the portal, without a trailing slash.
        changed: places of the pairs that changed; other feeds than those that show one are left out.
    """
    address_of = addresses(portal)

    def body(story: Story) -> str:
        return place_body(story.body, story.path, address_of, pages.size_of, lambda there: absolute_link(there, root))

    for edition in pages.editions.values():
        language, name = edition.language, names[edition.language.path]
        gettext_ = pages.words[language.path].gettext
        lists = [(name, f"{language.path}/", edition.lists.stories)]
        for kind in ("section", "product"):
            for id in portal.taxonomy.terms[kind]:
                title = gettext_("{portal}: {list}").format(portal=name, list=edition.cards.link(kind, id).name)
                lists.append((title, term_address(kind, id, language), edition.lists.get(kind, id)))
        for title, page, stories in lists:
            if changed is not None and not any(
                at in changed for part in _newest(stories) for at in stories.places[part]
            ):
                continue
            newest = newest_of(stories)
            texts = [one.story for one in newest if one.story.date]
            found = [portal.pairs.find(story.path) for story in texts]
            marks = [one and edition.text_mark(*one) for one in found]
            inputs = digest_of(*marks).encode() if all(marks) else b""
            make = partial(_plan_feed, edition, title, page, name, texts, body, root)
            yield Outline(f"{page}feed.xml", "feed.xml", inputs, make)


def newest_of(stories: Listing) -> list[Listed]:
    """The newest of *stories*, native or not."""
    first = [one for part in _newest(stories) for one in stories[part]]
    return heapq.nlargest(ENTRIES, first, key=lambda one: (one.story.date or NEVER, one.story.path))


def _newest(stories: Listing) -> tuple[slice, slice]:
    """Where the newest native ones stand, and the newest others."""
    natives = stories.natives
    return slice(min(ENTRIES, natives)), slice(natives, natives + ENTRIES)


def _plan_feed(
    edition: Edition,
    title: str,
    page: str,
    author: str,
    stories: Sequence[Story],
    body: Callable[[Story], str],
    root: str,
) -> PagePlan:
    entries = tuple(_entry(story, edition.cards, body, root) for story in stories)
    data = Feed(
        title=title,
        url=absolute_link(f"{page}feed.xml", root),
        page=absolute_link(page, root),
        author=author,
        updated=moment(max(map(_updated, stories), default=NEVER)),
        entries=entries,
    )
    return PagePlan(f"{page}feed.xml", "feed.xml", edition.language, data)


def _entry(story: Story, cards: CardMaker, body: Callable[[Story], str], root: str) -> Entry:
    assert story.date is not None
    section = cards.link("section", story.category)
    tags = [cards.link("tag", tag).name for tag in story.tags]
    return Entry(
        title=story.title,
        url=absolute_link(address(story), root),
        language=story.language,
        published=moment(story.date),
        updated=moment(_updated(story)),
        summary=summary(story),
        body=body(story),
        authors=tuple(cards.link("author", author).name for author in story.authors),
        categories=(section.name, *tags),
    )


def _updated(story: Story) -> datetime:
    assert story.date is not None
    return max(story.date, story.modified or story.date)


def outline_sitemaps(listed: Sequence[ListedPage], root: str) -> Iterator[Outline]:
    """``sitemap.xml``, in parts where it is long, and ``robots.txt``.

    Args:
        listed: all pages that search engines may list.
        root: absolute address of the portal, without a trailing slash.
    """
    indexed = frozenset(page.url for page in listed)
    pages = sorted(listed, key=lambda page: page.url)
    language = next(iter(LANGUAGES.values()))

    def sitemap(path: str, part: Sequence[ListedPage]) -> Outline:
        def make() -> PagePlan:
            data = Sitemap(tuple(_sitemap_page(page, root, indexed) for page in part))
            return PagePlan(path, "sitemap.xml", language, data)

        # Whether its versions may be listed is told by the mark of a page as well.
        marks = [page.mark for page in part]
        return Outline(path, "sitemap.xml", b" ".join(marks) if all(marks) else b"", make)

    if len(pages) <= SITEMAP_PAGES:
        yield sitemap("sitemap.xml", pages)
    else:
        parts = [pages[start : start + SITEMAP_PAGES] for start in range(0, len(pages), SITEMAP_PAGES)]
        paths = [f"sitemap-{number}.xml" for number in range(1, len(parts) + 1)]
        index = SitemapIndex(tuple(absolute_link(path, root) for path in paths))
        plan = PagePlan("sitemap.xml", "sitemap-index.xml", language, index)
        yield Outline(plan.path, plan.template, str(len(parts)).encode(), lambda: plan)
        yield from map(sitemap, paths, parts)
    robots = PagePlan("robots.txt", "robots.txt", language, Robots(absolute_link("sitemap.xml", root)))
    yield Outline(robots.path, robots.template, b"-", lambda: robots)


def _sitemap_page(page: ListedPage, root: str, indexed: frozenset[str]) -> SitemapPage:
    # A version that search engines must not list has no place here, not even as another one's version.
    listed = [version for version in page.versions if version.url in indexed]
    default = page.default if page.default in indexed else page.url
    versions = [(version.language.html, absolute_link(version.url, root)) for version in listed]
    versions.append(("x-default", absolute_link(default, root)))
    return SitemapPage(absolute_link(page.url, root), tuple(versions), page.modified and moment(page.modified))
