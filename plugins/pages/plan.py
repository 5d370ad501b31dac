"""Which pages exist: all editions, and what stands above them."""

from __future__ import annotations

import gettext
from collections.abc import Callable, Iterator, Mapping
from functools import partial

from msgspec import structs

from plugins.languages import LANGUAGES
from plugins.pages.cards import addresses
from plugins.pages.edition import Edition, Options, Outline
from plugins.pages.lists import make_lists, terms_of
from plugins.pages.page import ChooserPage, Door, Head, ListedPage, PagePlan, Version
from plugins.pages.related import Related
from plugins.stories.portal import Portal


def make_editions(
    portal: Portal,
    words: Mapping[str, gettext.NullTranslations],
    options: Options,
    size_of: Callable[[str], tuple[int, int]],
) -> dict[str, Edition]:
    """All editions by path of language, each knowing which pages the others have.

    Args:
        portal: paired and checked stories.
        words: interface words by path of language.
        options: settings.
        size_of: picture below content/ → width and height in CSS pixels, 0 when unknown.
    """
    filed = [(at, pair, terms_of(pair)) for at, pair in enumerate(portal.pairs)]
    address_of = addresses(portal)
    editions = {
        path: Edition(portal, lists, Related(lists.of, language), address_of, language, words[path], options, size_of)
        for path, language in LANGUAGES.items()
        for lists in [make_lists(portal, filed, language)]
    }
    exists = {url for edition in editions.values() for url in edition.urls()}
    for edition in editions.values():
        edition.exists = exists
    return editions


def outline_pages(
    portal: Portal, editions: Mapping[str, Edition], words: Mapping[str, gettext.NullTranslations]
) -> Iterator[Outline]:
    """Every page of the portal, each path once, in an order that depends on nothing else."""
    for edition in editions.values():
        yield from edition.outlines()
    yield from outline_root(portal, editions, words)


def outline_root(
    portal: Portal, editions: Mapping[str, Edition], words: Mapping[str, gettext.NullTranslations]
) -> Iterator[Outline]:
    """The pages that stand above all editions."""
    versions = tuple(Version(language, f"{language.path}/") for language in LANGUAGES.values())
    plan = partial(_plan_root, editions, words, versions)
    yield Outline(
        "index.html", "chooser.html", portal.faces, partial(plan, False), ListedPage("", versions, "", None, b"-")
    )
    yield Outline("404.html", "missing.html", portal.faces, partial(plan, True))


def _plan_root(
    editions: Mapping[str, Edition],
    words: Mapping[str, gettext.NullTranslations],
    versions: tuple[Version, ...],
    missing: bool,
) -> PagePlan:
    """The page where the reader chooses, or what is shown at addresses that lead nowhere."""
    first = next(iter(LANGUAGES.values()))
    names = " · ".join(dict.fromkeys(edition.name for edition in editions.values()))
    head = Head(title=names, description=names, versions=versions, default="", switch=versions)
    doors = tuple(
        Door(version, edition.front_cards()[:3], edition.name, edition.tagline)
        for version in versions
        for edition in [editions[version.language.path]]
    )
    if not missing:
        return PagePlan("index.html", "chooser.html", first, ChooserPage(head, doors))
    title = " · ".join(words[path].gettext("Page not found") for path in LANGUAGES)
    head = structs.replace(head, title=title, listed=False)
    return PagePlan("404.html", "missing.html", first, ChooserPage(head, doors), anywhere=True)
