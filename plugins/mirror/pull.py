"""Sources → files of content/: read what the portals have, keep it, and say what became of it."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from filelock import FileLock

from plugins.mirror.article import Article
from plugins.mirror.crawl import Crawl
from plugins.mirror.events import Event, Found, Listed, Skipped
from plugins.mirror.files import read_files
from plugins.mirror.keep.library import Library, Rights
from plugins.mirror.keep.pairs import apply_pairs
from plugins.mirror.keep.pictures import Pictures, without_pictures
from plugins.mirror.lists.folders import count_files
from plugins.mirror.report import Bar, Line, Report
from plugins.mirror.sources import Portal
from plugins.mirror.web.client import Client
from plugins.mirror.web.policy import Policy
from plugins.mirror.web.store import Store
from plugins.problems import Problem

ADVICE = {
    "failed": "Pull again later, or look whether it is there.",
    "refused": "Check the address; one of your own network is asked with --allow-local only.",
    "robots": "Ask the portal whether it may be mirrored.",
}
"""Outcome of an address → what to do about it."""

AHEAD = 32
"""Stories of the web that wait to be written; then the portals wait too."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How a pull is done.

    Attributes:
        into: the content folder.
        cache: folder that only saves time.
        now: no article is dated after this day.
        force: overwrite stories that were changed here.
        fetch: ask the web for what feeds, sitemaps and pages on the disk name.
        allow_local: whether private and loopback addresses may be asked.
        contact: for the User-Agent.
        processes: that extract; as many as there are cores when None.
    """

    into: Path
    cache: Path
    now: date
    force: bool = False
    fetch: bool = False
    allow_local: bool = False
    contact: str = ""
    processes: int | None = None


def pull(portals: Iterable[Portal], settings: Settings, report: Report) -> list[Problem]:
    """Bring content/ in step with portals.

    Args:
        report: counts what becomes of every address, file and story.
    Returns: what an editor has to look at: failures, conflicts, mistakes in the content folder. When the takedown
        list itself has mistakes, nothing is written.
    """
    portals = list(portals)
    with ExitStack() as stack:
        state = settings.cache / "mirror"
        state.mkdir(parents=True, exist_ok=True)
        # Two pulls into one folder would take each other's stories for an editor's: the second waits.
        stack.enter_context(FileLock(state / "pull.lock"))
        problems: list[Problem] = apply_pairs(settings.into)[1]
        library = stack.enter_context(
            Library(settings.into, state / "library.json", force=settings.force, today=settings.now)
        )
        if library.problems:
            return [*problems, *library.problems]
        web = Web(portals, settings, stack)
        client = web.client
        pictures = stack.enter_context(
            Pictures(settings.into, client and client.fetch, client and client.store.document)
        )
        saved = pictures if settings.fetch else stack.enter_context(Pictures(settings.into))
        bar = stack.enter_context(Bar(report))
        named_ones = {url for portal in portals for url in portal.start}
        for event in web.events(_files_of(portals, settings, bar), bar):
            if isinstance(event, Problem):
                problems.append(event)
            elif isinstance(event, Skipped):
                report.add(Line(event.outcome, event.name, why=event.why))
                # A link may lead to what is gone or forbidden; an address that somebody named should not.
                if event.outcome == "failed" or event.name in named_ones:
                    problems.append(Problem(event.name, 0, event.why, ADVICE.get(event.outcome, "Check the address.")))
            else:
                problems += _keep(event, library, pictures if event.file is None else saved, report)
            bar.show(event.path if isinstance(event, Problem) else event.name)
    return problems


def _files_of(portals: Iterable[Portal], settings: Settings, bar: Bar) -> Iterator[Event | Listed | Problem]:
    sources = [(path, portal) for portal in portals for path in portal.files]
    for path, _ in sources:
        bar.expect(count_files(path))
    for path, portal in sources:
        yield from read_files(path, portal, settings.now, settings.processes, bar.done, settings.fetch)


def _keep(found: Found, library: Library, pictures: Pictures, report: Report) -> Iterator[Problem]:
    """Write one story and its pictures; what became of it goes into *report*."""
    rights = rights_of(found)
    versions = [named(article, found.portal) for article in found.versions]

    def complete(article: Article) -> Article:
        return _with_pictures(article, found, rights, pictures)

    for outcome in library.keep(versions, rights, found.retrieved, complete):
        report.add(Line(outcome.kind, found.name, outcome.path, outcome.title, outcome.why))
        if outcome.kind in ("new", "updated", "merged"):
            print((library.into / outcome.path).as_posix(), flush=True)
        if outcome.problem:
            yield outcome.problem


def _with_pictures(article: Article, found: Found, rights: Rights, pictures: Pictures) -> Article:
    """The article with its pictures stored; without any where the right is not to all of it."""
    if not rights.whole:
        return without_pictures(article)
    article, warnings = pictures.keep(article, found.file)
    for sentence in warnings:
        article = article.warn(sentence)
    return article


def rights_of(found: Found) -> Rights:
    """What may be kept of a story.

    A source that says nothing is kept as an excerpt that search engines leave alone. A plain-text dump is a file that
    somebody made of a page of their own, without an address that an excerpt could lead to: it is kept whole.
    """
    portal = found.portal
    permission = portal.rights if portal else None
    indexing = portal.indexing if portal else None
    if found.written:
        return Rights(permission or "", indexing is not False)
    return Rights(permission or "excerpt", bool(indexing))


def named(article: Article, portal: Portal | None) -> Article:
    """The article with what only sources.yaml knows: the portal's name, and our section for what it calls its own."""
    if portal is None:
        return article
    section = article.section.strip()
    if category := portal.categories.get(section) or portal.categories.get(section.casefold()):
        warnings = tuple(sentence for sentence in article.warnings if not sentence.startswith("The category"))
        article = replace(article, category=category, warnings=warnings)
    name = article.source.name or portal.name or None
    return replace(article, source=replace(article.source, name=name))


class Web:
    """The portals on the web, one thread each; a host never gets two requests at a time (web.client sees to it).

    Attributes:
        client: None when nothing is asked of the web.
    """

    def __init__(self, portals: Iterable[Portal], settings: Settings, stack: ExitStack):
        self._portals = [portal for portal in portals if portal.start]
        self._settings = settings
        self.client: Client | None = None
        if self._portals or settings.fetch:
            rates = {
                urlsplit(url).hostname or "": portal.rate
                for portal in self._portals
                if portal.rate
                for url in portal.start
            }
            policy = Policy(contact=settings.contact, rates=rates, allow_local=settings.allow_local)
            store = stack.enter_context(closing(Store(settings.cache / "mirror" / "web.sqlite")))
            self.client = stack.enter_context(Client(policy, store))

    def events(self, first: Iterator[Event | Listed | Problem], bar: Bar) -> Iterator[Event | Problem]:
        """The events of *first*, then those of all portals and of what *first* lists, as they come."""
        listed: list[Listed] = []
        for event in first:
            if isinstance(event, Listed):
                listed.append(event)
            else:
                yield event
        crawls = self._crawls(listed)
        if not crawls:
            return
        bar.expect(None)
        events: queue.Queue[Event | BaseException | None] = queue.Queue(AHEAD)
        threads = [threading.Thread(target=self._crawl, args=(crawl, events), daemon=True) for crawl in crawls]
        for thread in threads:
            thread.start()
        waiting = len(threads)
        while waiting:
            event = events.get()
            if event is None:
                waiting -= 1
            elif isinstance(event, BaseException):
                raise event
            else:
                bar.done()
                yield event

    def _crawls(self, listed: list[Listed]) -> list[Crawl]:
        """A visit to each portal that is on the web, or whose lists lie on the disk."""
        portals = [*self._portals, *(one.portal or Portal("") for one in listed)]
        return [
            Crawl(portal, self.client, self._settings.now, [one for one in listed if one.portal is portal])
            for portal in {id(portal): portal for portal in portals}.values()
        ]

    def _crawl(self, crawl: Crawl, events: queue.Queue) -> None:
        try:
            for event in crawl.run():
                events.put(event)
        except BaseException as error:  # who reads the queue raises it
            events.put(error)
        finally:
            events.put(None)
