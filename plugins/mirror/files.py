"""Files on the disk → their articles: saved pages, dumps, feeds, web archives, and folders of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from plugins.mirror import clock
from plugins.mirror.article import Article
from plugins.mirror.document import Document
from plugins.mirror.events import Event, Found, Skipped, no_article
from plugins.mirror.lists.folders import read_path
from plugins.mirror.page.paging import join_pages
from plugins.mirror.page.selectors import Selectors
from plugins.mirror.reading import Order, Reading, read
from plugins.mirror.sources import Portal
from plugins.mirror.text.addresses import address_key
from plugins.mirror.workers import Workers
from plugins.problems import Problem


def read_files(path: Path, portal: Portal | None, now: date, processes: int | None = None) -> Iterator[Event | Problem]:
    """Everything that is in a file or folder, in the order of the files.

    Args:
        portal: that they are from; None when nobody listed it.
        now: no article is dated after this day.
        processes: that extract; as many as there are cores when None.
    """
    problems: list[Problem] = []
    select = portal.select if portal else Selectors()
    chains = Chains(portal, now)
    with Workers(read, processes) as workers:
        for order, answer in workers.in_order(_orders(path, portal, now, select, problems)):
            yield from problems
            problems.clear()
            if answer.exception():
                yield Skipped(order.document.name, "failed", "The process that read it died.")
            else:
                yield from chains.take(order.document, answer.result())
    yield from problems
    yield from chains.rest()


def _orders(
    path: Path, portal: Portal | None, now: date, select: Selectors, problems: list[Problem]
) -> Iterator[Order]:
    for item in read_path(path):
        if isinstance(item, Problem):
            problems.append(item)
            continue
        if item.url is None and portal and portal.url:
            item = replace(item, url=portal.url)
        yield Order(item, now, select)


@dataclass
class Chain:
    """The pages of one article that were read so far."""

    name: str
    retrieved: datetime
    pages: list[Article]
    next_page: str | None


@dataclass
class Chains:
    """Articles of several pages, put together as their pages come; only those that are not whole yet are held."""

    portal: Portal | None
    now: date
    _open: dict[str, Chain] = field(default_factory=dict)
    _parts: dict[str, tuple[Article, str | None, str, datetime]] = field(default_factory=dict)

    def take(self, document: Document, reading: Reading) -> Iterator[Event]:
        """What can be said now that *document* is read."""
        retrieved = document.retrieved or clock.now()
        if reading.why or not reading.articles:
            if not (reading.listing and reading.listing.entries):
                yield no_article(document.name, reading)
            return
        if reading.kind != "page":
            for article in reading.articles:
                yield Found((article,), self.portal, document.name, retrieved, written=reading.kind == "dump")
            return
        article = reading.articles[0]
        if reading.first_page:
            self._parts[key_of(document)] = (article, self._key(document, reading.next_page), document.name, retrieved)
        else:
            chain = Chain(document.name, retrieved, [article], self._key(document, reading.next_page))
            self._open[chain.next_page or ""] = chain
        yield from self._closed()

    def rest(self) -> Iterator[Event]:
        """The articles whose further pages are not here, and the pages whose beginning is not."""
        for chain in self._open.values():
            missing = f"Page {len(chain.pages) + 1} is missing: {chain.next_page}"
            yield self._found(replace(chain, pages=[chain.pages[0].warn(missing), *chain.pages[1:]]))
        for article, next_page, name, retrieved in self._parts.values():
            alone = article.warn("This is a further page of an article whose first page is missing.")
            yield self._found(Chain(name, retrieved, [alone], next_page))

    def _closed(self) -> Iterator[Event]:
        for wanted in list(self._open):
            chain = self._open[wanted]
            while chain.next_page in self._parts:
                article, following, _, _ = self._parts.pop(chain.next_page)
                chain.pages.append(article)
                chain.next_page = following
            if not chain.next_page:
                del self._open[wanted]
                yield self._found(chain)
            elif chain.next_page != wanted:
                self._open[chain.next_page] = self._open.pop(wanted)

    def _found(self, chain: Chain) -> Found:
        article = join_pages(chain.pages) if len(chain.pages) > 1 else chain.pages[0]
        file = Path(chain.name)
        return Found((article,), self.portal, chain.name, chain.retrieved, file if file.is_file() else None)

    @staticmethod
    def _key(document: Document, link: str | None) -> str | None:
        """The key of the document that *link* on *document* leads to."""
        if not link or "://" in link:
            return address_key(link) if link else None
        return (PurePosixPath(document.name).parent / unquote(link)).as_posix()


def key_of(document: Document) -> str:
    """What the links of other documents may call it: its address, or its file where that has none."""
    return address_key(document.url) if document.url else PurePosixPath(document.name).as_posix()
