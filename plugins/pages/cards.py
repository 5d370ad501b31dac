"""Stories as they stand in lists, and which list has which."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import NamedTuple

from plugins.languages import LANGUAGES, Language
from plugins.pages.page import Card, Link, Moment, Picture, moment
from plugins.reader.sanitise import beginning
from plugins.reader.story import Image, Story
from plugins.stories.pair import Pair
from plugins.stories.portal import Portal

LISTED = ("published", "draft")
"""Statuses that lists show; a draft gets as far as this in a preview only."""

_NEVER = datetime.min.replace(tzinfo=UTC)


def address(story: Story) -> str:
    """The address of the page of *story*."""
    key = story.key.removeprefix("pages/") if story.kind == "page" else story.key
    return f"{story.language.path}/{key}/"


def addresses(portal: Portal) -> Callable[[str], str | None]:
    """A function: path of a file below content/ → its address; None when readers cannot see it."""

    def address_of(path: str) -> str | None:
        found = portal.pairs.find(path)
        return address(found[1]) if found is not None else path if path in portal.files else None

    return address_of


def term_address(kind: str, id: str, language: Language) -> str:
    """The address of a list, in one edition."""
    return f"{language.path}/{kind}/{id}/"


def term_link(portal: Portal, kind: str, id: str, language: Language, count: int = 0) -> Link:
    """The link to a list of the edition *language*, named in that language where it has a name there."""
    name, named_in = portal.terms[kind, id].name(language)
    return Link(name, term_address(kind, id, language), named_in, count)


class Listed(NamedTuple):
    """One story as an edition lists it: its own version, else the one that exists; *key* is that of its pair.

    Attributes:
        mark: changes when its card does, beside what the frame of the portal tells; empty when unknown.
    """

    story: Story
    key: str
    terms: tuple[tuple[str, str], ...]
    mark: bytes


def card_mark(pair: Pair, story: Story, pictures: Mapping[str, bytes]) -> bytes:
    """Changes when the card of *story*, a version of *pair*, does; empty when unknown."""
    picture = pictures.get(story.image.src, b"") if story.image is not None else b""
    return pair.mark and pair.mark + picture


Term = tuple[str, str]
"""A list by its kind and id."""

Filed = tuple[Pair, tuple[Term, ...]]
"""A pair, and the lists that it belongs to as terms_of tells them."""


def listed(pairs: Iterable[Filed], language: Language, pictures: Mapping[str, bytes]) -> list[Listed]:
    """What the edition *language* lists: newest first, untranslated stories after all native ones.

    A story whose own version is hidden or withdrawn is not listed, whatever its other versions are.
    """
    found = []
    for pair, terms in pairs:
        own = pair.versions.get(language.path)
        story = own or next((other for other in pair.versions.values() if other.status in LISTED), None)
        if story is not None and story.status in LISTED:
            found.append(Listed(story, pair.key, terms, card_mark(pair, story, pictures)))
    return in_order(found, language)


def in_order(found: list[Listed], language: Language) -> list[Listed]:
    """*found* as the edition *language* lists it."""
    found.sort(key=lambda one: one.story.key)
    found.sort(key=lambda one: one.story.date or _NEVER, reverse=True)
    found.sort(key=lambda one: one.story.language != language)
    return found


def terms_of(pair: Pair) -> tuple[tuple[str, str], ...]:
    """The lists that a story belongs to, as (kind, id): what any visible version says counts for all.

    So a list has the same stories in both editions, even where versions name an author in two scripts.
    """
    terms: dict[tuple[str, str], None] = {}
    for story in pair.versions.values():
        if story.status not in LISTED:
            continue
        terms["section", story.category] = terms["month", story.key[:7]] = None
        for kind, ids in (("tag", story.tags), ("author", story.authors), ("item", story.products)):
            for id in ids:
                terms[kind, id] = None
        if story.source is not None and story.source.name:
            terms["source", story.source.name] = None
    return tuple(terms)


def by_term(stories: Iterable[Listed]) -> Mapping[tuple[str, str], list[Listed]]:
    """The stories of each list, in the order given."""
    lists: dict[tuple[str, str], list[Listed]] = defaultdict(list)
    for one in stories:
        for term in one.terms:
            lists[term].append(one)
    return lists


def of_category(
    lists: Mapping[Term, list[Listed]], products: Iterable[Listed], category: str, language: Language
) -> list[Listed]:
    """The stories that mention a product of *category*, as the edition *language* lists them; *lists* from by_term."""
    items = [("item", one.key.removeprefix("products/")) for one in products if one.story.category == category]
    found = {one.key: one for item in items for one in lists.get(item, ())}
    return in_order(list(found.values()), language)


class CardMaker:
    """Makes the cards of one edition, each once.

    Args:
        portal: for the names of sections.
        language: of the edition.
        picture: an image of content/ → with the room it takes.
    """

    def __init__(self, portal: Portal, language: Language, picture: Callable[[Image | None], Picture | None]) -> None:
        self._portal = portal
        self._language = language
        self._picture = picture
        self._cards: dict[str, Card] = {}

    def card(self, story: Story) -> Card:
        """The card of *story*, its section named in the language of the edition."""
        made = self._cards.get(story.path)
        if made is None:
            made = self._cards[story.path] = Card(
                language=story.language,
                title=story.title,
                url=address(story),
                summary=summary(story),
                date=moment(story.date) if story.date and story.kind == "story" else None,
                section=self.link("section", story.category) if story.kind == "story" else None,
                kicker=story.kicker,
                picture=self._picture(story.image),
                draft=story.status == "draft",
                embargo=embargo(story, self._portal),
            )
        return made

    def revise(self, portal: Portal, story: Story) -> None:
        """Make the card of *story* anew when it is asked for, from *portal*."""
        self._portal = portal
        self._cards.pop(story.path, None)

    def cards(self, stories: Iterable[Story]) -> tuple[Card, ...]:
        """The cards of *stories*, in their order."""
        return tuple(map(self.card, stories))

    def link(self, kind: str, id: str, count: int = 0) -> Link:
        """The link to a list, named in the language of the edition where it has a name there."""
        return term_link(self._portal, kind, id, self._language, count)


def embargo(story: Story, portal: Portal) -> Moment | None:
    """When *story* may be published, where that is not yet so."""
    return moment(story.date) if story.date and story.path in portal.embargoed else None


SUMMARY_LENGTH = {"en": 200, "zh": 90}
"""Characters of a summary that is taken from the text, by path of language."""


def summary(story: Story) -> str:
    """The summary of *story*; where the editor gives none, the beginning of the text, cut between words."""
    if story.summary or story.status == "withdrawn":
        return story.summary if story.status != "withdrawn" else ""
    text = beginning(story.body, story.text) if story.beginning is None else story.beginning
    most = SUMMARY_LENGTH[story.language.path]
    if len(text) <= most:
        return text
    cut = text[:most]
    if " " in cut and story.language.path != "zh":
        cut = cut.rpartition(" ")[0]
    return cut.rstrip(" ,;:，；：、") + "…"


def languages_but(language: Language) -> list[Language]:
    """All other languages, in the order of the editions."""
    return [other for other in LANGUAGES.values() if other != language]
