"""Which stories an edition lists, in which order, and which list has which."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple, overload

from plugins.languages import Language
from plugins.pages.cards import LISTED
from plugins.reader.story import Story
from plugins.stories.pair import Pair
from plugins.stories.portal import Portal

_NEVER = datetime.min.replace(tzinfo=UTC)


class Listed(NamedTuple):
    """One story as an edition lists it: its own version, else the one that exists.

    Attributes:
        at, key: place and key of its pair.
        terms: the lists that its pair belongs to.
        mark: changes when its card does, beside what the frame of the portal tells; empty when unknown.
    """

    story: Story
    at: int
    key: str
    terms: tuple[tuple[str, str], ...]
    mark: bytes


def card_mark(pair: Pair, story: Story, pictures: Mapping[str, bytes]) -> bytes:
    """Changes when the card of *story*, a version of *pair*, does; empty when unknown."""
    picture = pictures.get(story.image.src, b"") if story.image is not None else b""
    return pair.mark and pair.mark + picture


Term = tuple[str, str]
"""A list by its kind and id."""

Filed = tuple[int, Pair, tuple[Term, ...]]
"""The place of a pair, the pair, and the lists that it belongs to as terms_of tells them."""


def listed(pairs: Iterable[Filed], language: Language, pictures: Mapping[str, bytes]) -> list[Listed]:
    """What the edition *language* lists: newest first, untranslated stories after all native ones.

    A story whose own version is hidden or withdrawn is not listed, whatever its other versions are.
    """
    found = (listed_as(*one, language, pictures) for one in pairs)
    return in_order([one for one in found if one is not None], language)


def listed_as(
    at: int, pair: Pair, terms: tuple[Term, ...], language: Language, pictures: Mapping[str, bytes]
) -> Listed | None:
    """How the edition *language* lists *pair*; None when it does not."""
    own = pair.versions.get(language.path)
    story = own or next((other for other in pair.versions.values() if other.status in LISTED), None)
    if story is None or story.status not in LISTED:
        return None
    return Listed(story, at, pair.key, terms, card_mark(pair, story, pictures))


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


class Listing(Sequence[Listed]):
    """The stories of a list, in its order.

    Args:
        stories: native ones first, newest first each.

    Attributes:
        natives: how many of them are written in the language of the edition.
    """

    def __init__(self, stories: Sequence[Listed], natives: int) -> None:
        self._stories = stories
        self.natives = natives

    def __len__(self) -> int:
        return len(self._stories)

    @overload
    def __getitem__(self, at: int) -> Listed: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Listed]: ...
    def __getitem__(self, at: int | slice) -> Listed | Sequence[Listed]:
        return self._stories[at]

    def __iter__(self) -> Iterator[Listed]:
        return iter(self._stories)

    @property
    def places(self) -> Sequence[int]:
        """The places of their pairs."""
        return [one.at for one in self._stories]

    def replaced(self, old: Listed, new: Listed) -> Listing:
        """The same list with *new* in the place of *old*, if that is there."""
        if all(one is not old for one in self._stories):
            return self
        return Listing([new if one is old else one for one in self._stories], self.natives)


NOTHING = Listing((), 0)


@dataclass(slots=True)
class Lists:
    """What an edition lists.

    Attributes:
        stories, products: all of them.
        of: the stories of each list; those of a product category mention one of its products.
    """

    stories: Listing
    products: Listing
    of: dict[Term, Listing]

    def get(self, kind: str, id: str) -> Listing:
        """The stories of a list; none where no story belongs to it."""
        return self.of.get((kind, id), NOTHING)


def make_lists(portal: Portal, filed: Sequence[Filed], language: Language) -> Lists:
    """The lists of the edition *language*.

    Args:
        filed: all pairs of *portal*.
    """
    stories = listed((one for one in filed if one[1].kind == "story"), language, portal.pictures)
    products = listed((one for one in filed if one[1].kind == "product"), language, portal.pictures)
    lists = by_term(stories)
    for id in portal.taxonomy.terms["product"]:
        if found := of_category(lists, products, id, language):
            lists["product", id] = found

    def listing(found: list[Listed]) -> Listing:
        return Listing(found, bisect_left(found, True, key=lambda one: one.story.language != language))

    return Lists(listing(stories), listing(products), {term: listing(found) for term, found in lists.items()})
