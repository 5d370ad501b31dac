"""Which stories are offered at the end of a story."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from plugins.languages import Language
from plugins.pages.lists import Listed, Term
from plugins.reader.story import Story
from plugins.stories.pairs import Pairs
from plugins.values import digest_of

RELATED = 4
"""Stories offered at the end of a story."""

RELATED_DEPTH = 40
"""Stories of a tag, newest first, that are looked at for that; a bound, so that planning stays linear."""


PLACES = "I"
"""Type code of arrays of places of pairs."""


def places_of(data: bytes) -> array[int]:
    """The places that ``tobytes`` of an array has made bytes."""
    found = array(PLACES)
    found.frombytes(data)
    return found


class Related:
    """The native stories of an edition by what they may have in common with another.

    Args:
        lists: the stories of each list, newest first.
        language: of the edition.

    Attributes:
        picked: path of a story → places of the pairs of those that were offered at its end.
    """

    def __init__(self, lists: Mapping[Term, Sequence[Listed]], language: Language) -> None:
        self._near: dict[Term, list[str]] = {}
        self._marks: dict[Term, bytes] = {}
        self._found: dict[str, tuple[float, int, Story]] = {}
        self.picked: dict[str, tuple[int, ...]] = {}
        for term, stories in lists.items():
            if term[0] not in ("tag", "item", "section"):
                continue
            near = [
                one for one in stories[:RELATED_DEPTH] if one.story.language == language and one.story.date is not None
            ]
            self._near[term] = [one.story.path for one in near]
            for one in near:
                if one.story.path not in self._found and one.story.date is not None:
                    self._found[one.story.path] = (one.story.date.timestamp(), one.at, one.story)
            known = all(one.mark for one in near)
            self._marks[term] = digest_of(*(one.mark for one in near)).encode() if known else b""

    def mark(self, story: Story) -> bytes:
        """Changes when what may be offered at the end of *story* does."""
        return b" ".join(self._marks.get(term, b"-") for term in _terms(story))

    def revise(self, story: Story) -> None:
        """Offer *story* in the place of its last form, which was as old and belonged to the same lists."""
        known = self._found.get(story.path)
        if known is not None:
            self._found[story.path] = (*known[:2], story)

    def to(self, story: Story) -> list[Story]:
        """The stories that have most in common with *story*, the nearest in time first among equals.

        Tags and products count twice as much as the section.
        """
        assert story.date is not None
        *twice, section = (self._near.get(term, []) for term in _terms(story))
        points = Counter(chain(*twice, *twice, section))
        points.pop(story.path, None)
        # Only those that can be among the first need to be put in order.
        least = _least([*points.values()], RELATED)
        here, known = story.date.timestamp(), self._found
        ordered = [(-count, abs(known[path][0] - here), path) for path, count in points.items() if count >= least]
        ordered.sort()
        found = [known[path] for _, _, path in ordered[:RELATED]]
        self.picked[story.path] = tuple(at for _, at, _ in found)
        return [story for _, _, story in found]


def _least(points: Sequence[int], number: int) -> int:
    """The least of the *number* highest; there are few different ones, so that counting is quicker than sorting."""
    least = max(points, default=0)
    above = points.count(least)
    while above < min(number, len(points)):
        least -= 1
        above += points.count(least)
    return least


class KeptRelated:
    """What is offered at the end of stories, as it was when they were last planned.

    Args:
        places: for each pair RELATED of them, plus one; 0 for none.
        pairs: of the portal.
        language: of the edition.
    """

    def __init__(self, places: array[int], pairs: Pairs, language: Language) -> None:
        self._places = places
        self._pairs = pairs
        self._language = language

    def mark(self, story: Story) -> bytes:
        """Nobody can tell without the stories that were not taken."""
        return b""

    def to(self, story: Story) -> list[Story]:
        """As of Related."""
        at = self._pairs.places[story.path]
        return [
            self._pairs[place - 1].versions[self._language.path]
            for place in self._places[at * RELATED : (at + 1) * RELATED]
            if place
        ]

    def shown_after(self, at: int) -> Iterator[int]:
        """The places of the pairs at the end of whose story that at the place *at* is offered."""
        start = 0
        while True:
            try:
                start = self._places.index(at + 1, start) + 1
            except ValueError:
                return
            yield (start - 1) // RELATED


def _terms(story: Story) -> list[Term]:
    return [
        *(("tag", tag) for tag in story.tags),
        *(("item", product) for product in story.products),
        ("section", story.category),
    ]
