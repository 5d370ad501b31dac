"""What editions list as a snapshot keeps it, and editions that take from it no more than they are asked for."""

from __future__ import annotations

import functools
import gettext
from array import array
from collections.abc import Callable, Collection, Container, Iterator, Mapping, Sequence
from typing import Any

from plugins.languages import LANGUAGES, Language
from plugins.pages.cards import addresses
from plugins.pages.edition import Edition, Options, Outline
from plugins.pages.lists import Listed, Listing, Lists, listed_as, terms_of
from plugins.pages.menus import INDEXES
from plugins.pages.related import PLACES, RELATED, KeptRelated, places_of
from plugins.stories.portal import Portal
from plugins.stories.revision import Change
from plugins.stories.snapshot import OnDemand, Snapshot

LOST = 0xFFFFFFFF
"""The place of a pair that is gone."""


def keep_lists(snapshot: Snapshot, last: Snapshot | None, portal: Portal, editions: Mapping[str, Edition]) -> None:
    """Put into *snapshot* what *editions* list.

    Of each edition: its stories, its products, its lists as (kind, id, listing), and RELATED numbers for each pair: the
    places, plus one, of what is offered at the end of its story. A listing is the places of its pairs and how many of
    them are native.

    Args:
        last: of the build before, which knows what is offered at the end of stories that were not planned now.
    """
    for path, edition in editions.items():
        lists = edition.lists
        snapshot.lists[path] = (
            _kept(lists.stories),
            _kept(lists.products),
            [(kind, id, _kept(listing)) for (kind, id), listing in lists.of.items()],
            _related(edition, portal, last).tobytes(),
        )


def _kept(listing: Listing) -> tuple[bytes, int]:
    return array(PLACES, listing.places).tobytes(), listing.natives


def _related(edition: Edition, portal: Portal, last: Snapshot | None) -> array[int]:
    path, pairs = edition.language.path, portal.pairs
    related, known = _related_before(path, portal, last)
    picked = edition.related.picked
    for at in range(*pairs.kinds["story"]):
        story = pairs[at].versions.get(path)
        if story is not None and story.path not in picked:
            if known[at]:
                continue
            edition.related.to(story)
        places = [place + 1 for place in picked[story.path]] if story is not None else []
        related[at * RELATED : (at + 1) * RELATED] = array(PLACES, [*places, *[0] * (RELATED - len(places))])
    return related


def _related_before(path: str, portal: Portal, last: Snapshot | None) -> tuple[array[int], bytearray]:
    """What was offered at the end of each story when it was last planned, and of which stories that is known."""
    pairs = portal.pairs
    related = array(PLACES, bytes(array(PLACES).itemsize * RELATED * len(pairs)))
    known = bytearray(len(pairs))
    # Code that offers more or fewer, or has another language, reads the snapshot that its last version left.
    before = places_of(last.lists[path][3]) if last is not None and path in last.lists else related[:0]
    if last is None or len(before) != RELATED * len(last.written):
        return related, known
    if last.written == portal.written:
        return before, bytearray(b"\1" * len(pairs))
    places = pairs.places
    now = [0, *(next((places[one] + 1 for one in paths if one in places), LOST) for paths in last.written)]
    for at, place in enumerate(now[1:]):
        row = [now[one] for one in before[at * RELATED : (at + 1) * RELATED]]
        if place != LOST and LOST not in row:
            related[(place - 1) * RELATED : place * RELATED] = array(PLACES, row)
            known[place - 1] = True
    return related, known


class KeptListing(Listing):
    """A listing of which a story is made when somebody asks for it."""

    def __init__(self, places: Sequence[int], natives: int, load: Callable[[int], Listed]) -> None:
        super().__init__(OnDemand(places, load), natives)
        self._places = places

    @property
    def places(self) -> Sequence[int]:
        return self._places


class KnownPages(Container[str]):
    """The addresses of *files* below the output folder."""

    def __init__(self, files: Container[str]) -> None:
        self._files = files

    def __contains__(self, url: object) -> bool:
        return f"{url}index.html" in self._files or url in self._files


def kept_editions(
    portal: Portal,
    snapshot: Snapshot,
    files: Container[str],
    words: Mapping[str, gettext.NullTranslations],
    options: Options,
    size_of: Callable[[str], tuple[int, int]],
) -> dict[str, Edition]:
    """As make_editions, of a portal that is a revision.

    Args:
        snapshot: with the lists.
        files: what there was below the output folder, and is still.
    """
    address_of = addresses(portal)
    editions = {}
    for path, language in LANGUAGES.items():
        lists, related = _lists(portal, snapshot.lists[path], language)
        editions[path] = Edition(portal, lists, related, address_of, language, words[path], options, size_of)
        editions[path].exists = KnownPages(files)
    return editions


def _lists(portal: Portal, kept: Any, language: Language) -> tuple[Lists, KeptRelated]:
    @functools.cache
    def load(at: int) -> Listed:
        pair = portal.pairs[at]
        found = listed_as(at, pair, terms_of(pair), language, portal.pictures)
        assert found is not None, "what a revision changes keeps its status"
        return found

    def listing(places: bytes, natives: int) -> Listing:
        return KeptListing(places_of(places), natives, load)

    stories, products, of, related = kept
    lists = Lists(listing(*stories), listing(*products), {(kind, id): listing(*one) for kind, id, one in of})
    return lists, KeptRelated(places_of(related), portal.pairs, language)


def outline_changes(portal: Portal, edition: Edition, changes: Collection[Change]) -> Iterator[Outline]:
    """The pages of *edition* that may show what *changes*, beside others."""
    path = edition.language.path
    seen = [change for change in changes if change.seen]
    places = {change.at for change in changes for story in change.versions if story.language.path == path}
    places.update(change.at for change in seen)
    numbers: dict[tuple[str, str], set[int]] = {}
    for change in seen:
        places.update(edition.related.shown_after(change.at))
        categories = [("product", id) for id in portal.taxonomy.terms["product"]]
        for kind, id in (*terms_of(change.pair), *categories):
            listing = edition.lists.get(kind, id)
            if change.at not in listing.places:
                continue
            if kind == "item":
                if (place := edition.place_of_product(id)) is not None:
                    places.add(place)
            else:
                numbers.setdefault((kind, id), set()).add(edition.page_number(listing.places.index(change.at)))
    for at in sorted(places):
        pair = portal.pairs[at]
        if path in pair.versions:
            yield edition.outline_of_story(pair, pair.versions[path])
    for kind, id in sorted(numbers):
        yield from edition.outlines_of_list(kind, id, sorted(numbers[kind, id]))
    if seen:
        yield edition.outline_of_front()
        yield from map(edition.outline_of_index, INDEXES)
