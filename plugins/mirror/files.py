"""Files on the disk → their articles: saved pages, dumps, feeds, web archives, and folders of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from plugins.mirror import clock
from plugins.mirror.article import Article
from plugins.mirror.document import Document
from plugins.mirror.events import Event, Found, Listed, Skipped, no_article
from plugins.mirror.lists.folders import read_path
from plugins.mirror.lists.kind import DUMP, kind_of
from plugins.mirror.page.paging import join_pages
from plugins.mirror.page.selectors import Selectors
from plugins.mirror.reading import Order, Reading, advice, read
from plugins.mirror.sources import Portal
from plugins.mirror.text.addresses import address_key
from plugins.mirror.workers import Workers
from plugins.problems import Problem


def read_files(
    path: Path,
    portal: Portal | None,
    now: date,
    processes: int | None = None,
    done: Callable[[], object] = lambda: None,
    fetch: bool = False,
) -> Iterator[Event | Listed | Problem]:
    """Everything that is in a file or folder, in the order of the files.

    Args:
        portal: that they are from; None when nobody listed it.
        now: no article is dated after this day.
        processes: that extract; as many as there are cores when None.
        done: called for each document that is read.
        fetch: whether what feeds, sitemaps and index pages list is to be fetched; each is a Listed then.
    Yields: at last a Problem when there is no article in all of it, and nothing else has said why.
    """
    select = portal.select if portal else Selectors()
    documents = (_addressed(item, portal.url if portal else None) for item in read_path(path))
    chains = Chains(portal, now, fetch)
    fruitful, last, count = False, None, 0
    for item in readings(documents, now, select, processes, fetch):
        if isinstance(item, Problem):
            yield item
            fruitful = True  # it says enough
            continue
        count, last = count + 1, item[1]
        for event in (_wanted(event, portal) for event in chains.take(*item)):
            fruitful = fruitful or not isinstance(event, Skipped) or event.outcome == "failed"
            yield event
        done()
    for event in (_wanted(event, portal) for event in chains.rest()):
        fruitful = fruitful or isinstance(event, Found)
        yield event
    if not fruitful:
        yield fruitless(str(path), last, count)


def fruitless(place: str, last: Reading | None, count: int) -> Problem:
    """The problem of a file, folder or address that somebody named, and that holds no article.

    Args:
        last: what was in the last of its documents; None when there is none.
        count: of its documents.
    """
    if last is None:
        return Problem(place, 0, "There is no page in it.", "Save or fetch it again.")
    if count > 1:
        return Problem(place, 0, f"None of its {count} documents is an article.", "Extract one of them to see why.")
    return Problem(place, 0, last.why or "It holds no article.", advice(last))


def _addressed(item: Document | Problem, url: str | None) -> Document | Problem:
    """The document with the address of the page that it is a dump of; saved pages have one of their own or none."""
    is_dump = url and isinstance(item, Document) and item.url is None and kind_of(item) == DUMP
    return replace(item, url=url) if is_dump else item


def _wanted(event: Event, portal: Portal | None) -> Event:
    """The event; of a story in a language that the portal is not read in, that it was passed over."""
    if not isinstance(event, Found) or not portal or not portal.languages:
        return event
    lang = event.versions[0].lang
    why = f"It is in a language ({lang}) that is not wanted."
    return event if lang in portal.languages else Skipped(event.name, "no article", why)


def readings(
    documents: Iterable[Document | Problem],
    now: date,
    select: Selectors,
    processes: int | None = None,
    links: bool = False,
) -> Iterator[tuple[Document, Reading] | Problem]:
    """What is in each document, in their order; problems at their place among them."""
    problems: list[Problem] = []

    def orders() -> Iterator[Order]:
        for item in documents:
            if isinstance(item, Problem):
                problems.append(item)
            else:
                yield Order(item, now, select, links)

    with Workers(read, processes) as workers:
        for order, answer in workers.in_order(orders()):
            yield from problems
            problems.clear()
            died = "The process that read it died."
            yield order.document, Reading("", why=died, fault=died) if answer.exception() else answer.result()
    yield from problems


@dataclass
class Chain:
    """The pages of one article that were read so far; *file* holds the first: a page, or an archive with it."""

    name: str
    file: str
    retrieved: datetime
    pages: list[Article]
    next_page: str | None


@dataclass(frozen=True, slots=True)
class Part:
    """A further page of an article, which waits for those before it."""

    article: Article
    next_page: str | None
    name: str
    file: str
    retrieved: datetime
    reading: Reading


@dataclass
class Chains:
    """Articles of several pages, put together as their pages come; only those that are not whole yet are held."""

    portal: Portal | None
    now: date
    fetch: bool = False
    _open: dict[str, Chain] = field(default_factory=dict)
    _parts: dict[str, Part] = field(default_factory=dict)

    def take(self, document: Document, reading: Reading) -> Iterator[Event | Listed]:
        """What can be said now that *document* is read."""
        retrieved = document.retrieved or clock.now()
        file = document.archive or document.name
        is_list = reading.kind != "page" or not reading.articles or reading.why
        if self.fetch and reading.listing and is_list and (reading.listing.entries or reading.listing.nested):
            yield Listed(reading, self.portal, document.name, document.url)
            return
        # Alone, the last lines of an article look like none; its first page says what they are.
        if not reading.articles or (reading.why and not reading.first_page):
            yield no_article(document.name, reading)
            return
        if reading.kind != "page":
            for article in reading.articles:
                yield Found((article,), self.portal, document.name, retrieved, Path(file), reading.kind == "dump")
            return
        article = reading.articles[0]
        if reading.first_page:
            next_page = self._key(document, reading.next_page)
            self._parts[key_of(document)] = Part(article, next_page, document.name, file, retrieved, reading)
        else:
            chain = Chain(document.name, file, retrieved, [article], self._key(document, reading.next_page))
            self._open[chain.next_page or ""] = chain
        yield from self._closed()

    def rest(self) -> Iterator[Event]:
        """The articles whose further pages are not here, and the pages whose beginning is not."""
        for chain in self._open.values():
            missing = f"Page {len(chain.pages) + 1} is missing: {chain.next_page}"
            yield self._found(replace(chain, pages=[chain.pages[0].warn(missing), *chain.pages[1:]]))
        for part in self._parts.values():
            if part.reading.why:
                yield no_article(part.name, part.reading)
                continue
            alone = part.article.warn("This is a further page of an article whose first page is missing.")
            yield self._found(Chain(part.name, part.file, part.retrieved, [alone], part.next_page))

    def _closed(self) -> Iterator[Event]:
        for wanted in list(self._open):
            chain = self._open[wanted]
            while chain.next_page in self._parts:
                part = self._parts.pop(chain.next_page)
                chain.pages.append(part.article)
                chain.next_page = part.next_page
            if not chain.next_page:
                del self._open[wanted]
                yield self._found(chain)
            elif chain.next_page != wanted:
                self._open[chain.next_page] = self._open.pop(wanted)

    def _found(self, chain: Chain) -> Found:
        article = join_pages(chain.pages) if len(chain.pages) > 1 else chain.pages[0]
        return Found((article,), self.portal, chain.name, chain.retrieved, Path(chain.file))

    @staticmethod
    def _key(document: Document, link: str | None) -> str | None:
        """The key of the document that *link* on *document* leads to."""
        if not link or "://" in link:
            return address_key(link) if link else None
        return (PurePosixPath(document.name).parent / unquote(link)).as_posix()


def key_of(document: Document) -> str:
    """What the links of other documents may call it: its address, or its file where that has none."""
    return address_key(document.url) if document.url else PurePosixPath(document.name).as_posix()
