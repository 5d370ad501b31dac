"""The menus of an edition, which stand on every one of its pages."""

from __future__ import annotations

import gettext
from collections.abc import Iterable

from plugins.languages import Language
from plugins.pages.cards import address, term_link
from plugins.pages.page import Link, Menus
from plugins.reader.story import Story
from plugins.stories.portal import Portal

INDEXES = ("archive", "tag", "author", "source", "section", "product")
"""Kinds of lists that have an index page of their own; the first four are offered in the footer."""


def make_menus(portal: Portal, language: Language, words: gettext.NullTranslations) -> Menus:
    """The menus of the edition *language*, in its interface *words*."""
    # Without counts, which would make every page of the edition anew whenever a story is added.
    menu = {
        kind: tuple(term_link(portal, kind, id, language) for id in portal.taxonomy.terms[kind])
        for kind in ("section", "product")
    }
    pages = tuple(
        Link(story.title, address(story), story.language)
        for story in plain_pages(portal, language)
        if story.status == "published"
    )
    indexes = tuple(index_link(kind, language, words) for kind in INDEXES[:4])
    return Menus(menu["section"], menu["product"], pages, indexes)


def plain_pages(portal: Portal, language: Language) -> Iterable[Story]:
    """The plain pages that the edition *language* has."""
    return (pair.versions[language.path] for pair in portal.pairs.of_kind("page") if language.path in pair.versions)


def index_link(kind: str, language: Language, words: gettext.NullTranslations) -> Link:
    """The link to the index of all lists of a *kind*."""
    _ = words.gettext
    name = {
        "archive": _("Archive"),
        "tag": _("Tags"),
        "author": _("Authors"),
        "source": _("Sources"),
        "section": _("Sections"),
        "product": _("Products"),
    }[kind]
    return Link(name, f"{language.path}/{kind}/", language)
