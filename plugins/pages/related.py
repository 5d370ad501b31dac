"""Which stories are offered at the end of a story."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import chain

from plugins.languages import Language
from plugins.pages.lists import Listed, Term
from plugins.reader.story import Story
from plugins.values import digest_of

RELATED = 4
"""Stories offered at the end of a story."""

RELATED_DEPTH = 40
"""Stories of a tag, newest first, that are looked at for that; a bound, so that planning stays linear."""


class Related:
    """The native stories of an edition by what they may have in common with another.

    Args:
        lists: the stories of each list, newest first.
        language: of the edition.
    """

    def __init__(self, lists: Mapping[Term, Sequence[Listed]], language: Language) -> None:
        self._near: dict[Term, list[str]] = {}
        self._marks: dict[Term, bytes] = {}
        self._found: dict[str, tuple[float, Story]] = {}
        for term, stories in lists.items():
            if term[0] not in ("tag", "item", "section"):
                continue
            near = [
                one for one in stories[:RELATED_DEPTH] if one.story.language == language and one.story.date is not None
            ]
            self._near[term] = [one.story.path for one in near]
            for one in near:
                if one.story.path not in self._found and one.story.date is not None:
                    self._found[one.story.path] = (one.story.date.timestamp(), one.story)
            known = all(one.mark for one in near)
            self._marks[term] = digest_of(*(one.mark for one in near)).encode() if known else b""

    def mark(self, story: Story) -> bytes:
        """Changes when what may be offered at the end of *story* does."""
        return b" ".join(self._marks.get(term, b"-") for term in _terms(story))

    def revise(self, story: Story) -> None:
        """Offer *story* in the place of its last form, which was as old and belonged to the same lists."""
        known = self._found.get(story.path)
        if known is not None:
            self._found[story.path] = (known[0], story)

    def to(self, story: Story) -> list[Story]:
        """The stories that have most in common with *story*, the nearest in time first among equals.

        Tags and products count twice as much as the section.
        """
        assert story.date is not None
        *twice, section = (self._near.get(term, []) for term in _terms(story))
        points = Counter(chain(*twice, *twice, section))
        points.pop(story.path, None)
        # Only those that can be among the first need to be put in order.
        least = min(sorted(points.values(), reverse=True)[:RELATED], default=0)
        here = story.date.timestamp()
        ordered = sorted(
            (-count, abs(self._found[path][0] - here), path) for path, count in points.items() if count >= least
        )
        return [self._found[path][1] for _, _, path in ordered[:RELATED]]


def _terms(story: Story) -> list[Term]:
    return [
        *(("tag", tag) for tag in story.tags),
        *(("item", product) for product in story.products),
        ("section", story.category),
    ]
