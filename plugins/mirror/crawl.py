"""One portal on the web → its articles: begin at its addresses, follow what lists articles, read them.

Nothing is written here. What was found comes out one by one, so that memory does not grow with the portal.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from urllib.parse import urlsplit

from courlan import extract_domain

from plugins.mirror.article import Article
from plugins.mirror.document import Document
from plugins.mirror.events import Event, Found, Listed, Skipped, no_article
from plugins.mirror.lists.listing import Entry, Listing
from plugins.mirror.page.paging import join_pages
from plugins.mirror.reading import Order, Reading, completed, read
from plugins.mirror.sources import Portal
from plugins.mirror.text.addresses import address_key
from plugins.mirror.web.client import Client, Fetched

DEEPEST = 4
"""Links from a start address to the last list that is read."""

MOST_LISTS = 200
"""Feeds, sitemaps and index pages that one pull of a portal reads."""

MOST_PAGES = 50
"""Pages of one article; more are a gallery or a trap."""


@dataclass(frozen=True, slots=True)
class Step:
    """An address to go to.

    Attributes:
        depth: links from a start address.
        entry: what a list said of the article; None for a list.
    """

    url: str
    depth: int = 0
    entry: Entry | None = None


@dataclass
class Crawl:
    """One visit to a portal.

    Args:
        client: fetches, with manners and within limits.
        now: no article is dated after this day.
        listed: lists that lie on the disk; what they name is the portal's.
    """

    portal: Portal
    client: Client
    now: date
    listed: Sequence[Listed] = ()
    _lists: deque[Step] = field(default_factory=deque)
    _articles: deque[Step] = field(default_factory=deque)
    _queued: set[str] = field(default_factory=set)
    _read: set[str] = field(default_factory=set)
    _sites: set[str] = field(default_factory=set)
    _alternates: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    _lists_queued: int = 0
    _found: int = 0

    def run(self) -> Iterator[Event]:
        """Everything there is, lists before articles; at most `Portal.limit` stories."""
        for url in self.portal.start:
            self._sites.add(site_of(url))
            self._queue(self._lists, Step(url))
        for sitemap in dict.fromkeys(found for url in self.portal.start for found in self.client.sitemaps_of(url)):
            if site_of(sitemap) in self._sites:
                self._queue(self._lists, Step(sitemap, 1))
        for one in self.listed:
            self._begin_with(one)
        while self._lists or self._articles:
            if self._found >= self.portal.limit:
                why = f"The limit of {self.portal.limit} articles is reached; {len(self._articles)} more were linked."
                yield Skipped(self.portal.name, "limit", why)
                return
            # Who has enough to read asks for no further lists: an archive's sitemaps name millions of articles.
            lists_first = self._lists and len(self._articles) < self.portal.limit
            yield from self._step(
                self._lists.popleft() if lists_first or not self._articles else self._articles.popleft()
            )

    def _begin_with(self, one: Listed) -> None:
        """Queue what a list on the disk names, as if it had been fetched."""
        entries = one.reading.listing.entries if one.reading.kind != "page" else ()
        addresses = [one.url, *(entry.url for entry in entries), *one.reading.listing.nested]
        self._sites.update(site_of(url) for url in addresses if url)
        self._follow(Step(one.url or ""), one.reading)

    def _step(self, step: Step) -> Iterator[Event]:
        fetched = self._fetch(step.url, "page" if step.entry else "list")
        if fetched is None:
            return
        if fetched.document is None:
            yield skipped(fetched)
            return
        reading = self._reading(fetched.document)
        self._follow(step, reading)
        if reading.why or not reading.articles:
            if step.entry or reading.listing is None:
                yield no_article(step.url, reading)
            return
        yield from self._story(step, fetched.document, reading)

    def _fetch(self, url: str, purpose: str) -> Fetched | None:
        """What an address holds; None when it was read before, under this address or the one it leads to."""
        if address_key(url) in self._read:
            return None
        self._read.add(address_key(url))
        fetched = self.client.fetch(url, purpose)
        led_to = fetched.document.url if fetched.document else None
        if not led_to or address_key(led_to) == address_key(url):
            return fetched
        if address_key(led_to) in self._read:
            return None
        self._read.add(address_key(led_to))
        if site_of(led_to) not in self._sites and site_of(url) in self._sites:
            return replace(fetched, document=None, outcome="refused", why=f"It leads to another site: {led_to}")
        return fetched

    def _reading(self, document: Document) -> Reading:
        return read(Order(document, self.now, self.portal.select, links=True))

    # --- what a list or a page links to -------------------------------------------------------------------

    def _follow(self, step: Step, reading: Reading) -> None:
        listing = reading.listing
        if listing is None or step.depth >= DEEPEST:
            return
        # A feed or sitemap that sources.yaml names may list other sites, as those of feed services do.
        trusted = step.depth == 0 and reading.kind != "page"
        for entry in _newest_first(listing):
            if entry.url and (trusted or site_of(entry.url) in self._sites):
                if entry.alternates:
                    self._alternates[address_key(entry.url)] = entry.alternates
                self._queue(self._articles, Step(entry.url, step.depth + 1, entry))
        if step.entry is None:
            nested = sorted(zip(listing.nested_dates, listing.nested, strict=True), key=_by_date, reverse=True)
            for url in (listing.next_page, *(url for _, url in nested), *listing.feeds, *listing.sections):
                if url and site_of(url) in self._sites and self._lists_queued < MOST_LISTS:
                    self._lists_queued += self._queue(self._lists, Step(url, step.depth + (url != listing.next_page)))

    def _queue(self, queue: deque[Step], step: Step) -> bool:
        """Put *step* into *queue*, once."""
        key = address_key(step.url)
        new = key not in self._queued
        self._queued.add(key)
        if new:
            queue.append(step)
        return new

    # --- an article ----------------------------------------------------------------------------------------

    def _story(self, step: Step, document: Document, reading: Reading) -> Iterator[Event]:
        if reading.first_page:
            # Somebody linked page 2: the article is read from its first page.
            if address_key(reading.first_page) not in self._read:
                self._articles.appendleft(replace(step, url=reading.first_page))
            return
        versions: list[Article] = []
        yield from self._whole(reading, step.entry, versions)
        # Several lists may name an article, and only the sitemap its versions.
        alternates = versions[0].alternates or self._alternates.get(address_key(step.url), ())
        versions[0] = replace(versions[0], alternates=alternates)
        for language, url in alternates:
            if language != versions[0].lang and self._wants(language) and site_of(url) in self._sites:
                yield from self._other_version(url, versions)
        wanted = tuple(version for version in versions if self._wants(version.lang))
        if wanted:
            self._found += 1
            yield Found(wanted, self.portal, step.url, document.retrieved or datetime.now(UTC))
        else:
            yield Skipped(step.url, "no article", f"It is in a language ({versions[0].lang}) that is not wanted.")

    def _wants(self, language: str) -> bool:
        return not self.portal.languages or language in self.portal.languages

    def _whole(self, reading: Reading, entry: Entry | None, versions: list[Article]) -> Iterator[Event]:
        """Read the following pages of an article, and add the whole to *versions*."""
        pages = list(reading.articles[:1])
        next_page = reading.next_page
        while next_page and len(pages) < MOST_PAGES and (fetched := self._fetch(next_page, "page")):
            if fetched.document is None:
                pages[0] = pages[0].warn(f"Page {len(pages) + 1} is missing: {fetched.why}")
                yield skipped(fetched)
                break
            following = self._reading(fetched.document)
            pages += following.articles[:1]
            next_page = following.next_page
        versions.append(completed(join_pages(pages) if len(pages) > 1 else pages[0], entry))

    def _other_version(self, url: str, versions: list[Article]) -> Iterator[Event]:
        """Read the version at *url*, and add it to *versions* when it is one in a further language."""
        fetched = self._fetch(url, "page")
        if fetched is None:
            return
        if fetched.document is None:
            yield skipped(fetched)
            return
        reading = self._reading(fetched.document)
        if reading.why or not reading.articles:
            yield no_article(url, reading)
        elif reading.articles[0].lang in {version.lang for version in versions}:
            self._read.discard(address_key(url))
            self._queue(self._articles, Step(url, DEEPEST, Entry(url=url)))
        else:
            yield from self._whole(reading, None, versions)


def _newest_first(listing: Listing) -> Sequence[Entry]:
    """The entries of a sitemap by their days, those without one last; other lists have an order of their own."""
    if not listing.kind.startswith("sitemap"):
        return listing.entries
    return sorted(listing.entries, key=lambda entry: entry.date or entry.modified or "", reverse=True)


def _by_date(dated: tuple[str | None, str]) -> str:
    return dated[0] or ""


def skipped(fetched: Fetched) -> Skipped:
    """What the client said of an address that it brought nothing from."""
    return Skipped(fetched.url, fetched.outcome, fetched.why)


def site_of(url: str) -> str:
    """What addresses of one portal share: the registered domain, or host and port where there is none."""
    return extract_domain(url) or urlsplit(url).netloc.lower()
