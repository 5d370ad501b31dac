"""All pairs of a portal, and how one is found."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import overload

from plugins.languages import LANGUAGES, Language
from plugins.reader.story import Story
from plugins.stories.pair import Pair

ENDINGS = (".md", ".markdown")
"""Of files that are stories."""


class Pairs(Sequence[Pair]):
    """Pairs sorted by kind and key, found by their place, their kind or the file of a version.

    Args:
        pairs: in their order.
        places: path of the file of each version → place of its pair, if that is known already.
        kinds: kind → the first place and the one after the last, if that is known already.
    """

    def __init__(
        self,
        pairs: Sequence[Pair] = (),
        places: Mapping[str, int] | None = None,
        kinds: Mapping[str, tuple[int, int]] | None = None,
    ) -> None:
        self._pairs = pairs
        self._places = places
        self._kinds = kinds

    def __len__(self) -> int:
        return len(self._pairs)

    @overload
    def __getitem__(self, at: int) -> Pair: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Pair]: ...
    def __getitem__(self, at: int | slice) -> Pair | Sequence[Pair]:
        return self._pairs[at]

    def __iter__(self) -> Iterator[Pair]:
        return iter(self._pairs)

    @property
    def places(self) -> Mapping[str, int]:
        """Path of the file of each version → place of its pair."""
        if self._places is None:
            self._places = {story.path: at for at, one in enumerate(self._pairs) for story in one.versions.values()}
        return self._places

    @property
    def kinds(self) -> Mapping[str, tuple[int, int]]:
        """Kind → the first place and the one after the last."""
        if self._kinds is None:
            self._kinds = {
                kind: (bisect_left(self._pairs, kind, key=_kind), bisect_right(self._pairs, kind, key=_kind))
                for kind in ("page", "product", "story")
            }
        return self._kinds

    def of_kind(self, kind: str) -> Sequence[Pair]:
        """The pairs of a *kind*, in their order."""
        return self._pairs[slice(*self.kinds[kind])]

    def find(self, path: str) -> tuple[Pair, Story] | None:
        """The pair that has the file *path* below content/ as a version, and that version; None for none."""
        at = self.places.get(path)
        if at is None:
            return None
        pair = self._pairs[at]
        story = next((story for story in pair.versions.values() if story.path == path), None)
        return None if story is None else (pair, story)

    def story_of(self, key: str, language: Language) -> Story | None:
        """The version in *language* of the story whose versions, or one of them, have this *key*."""
        for path in (language.path, *LANGUAGES):
            for ending in ENDINGS:
                found = self.find(f"{path}/{key}{ending}")
                if found is not None and found[0].kind == "story":
                    return found[0].versions.get(language.path)
        return None

    def replaced(self, at: int, pair: Pair) -> Pairs:
        """The same pairs but for that at the place *at*, which has versions in the same files."""
        return Pairs((*self._pairs[:at], pair, *self._pairs[at + 1 :]), self.places, self.kinds)


def _kind(pair: Pair) -> str:
    return pair.kind
