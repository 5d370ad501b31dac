"""Stories as they stand in lists, and which list has which."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from plugins.languages import LANGUAGES, Language
from plugins.pages.page import Card, Link, Moment, Picture, moment
from plugins.reader.sanitise import beginning
from plugins.reader.story import Image, Story
from plugins.stories.portal import Portal

LISTED = ("published", "draft")
"""Statuses that lists show; a draft gets as far as this in a preview only."""


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
        self._links: dict[tuple[str, str], Link] = {}

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
        made = self._cards
        return tuple([made.get(story.path) or self.card(story) for story in stories])

    def link(self, kind: str, id: str, count: int = 0) -> Link:
        """The link to a list, named in the language of the edition where it has a name there."""
        if count:
            return term_link(self._portal, kind, id, self._language, count)
        made = self._links.get((kind, id))
        if made is None:
            made = self._links[kind, id] = term_link(self._portal, kind, id, self._language)
        return made


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
