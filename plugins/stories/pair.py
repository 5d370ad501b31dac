"""Bring the versions of a story together and complete them from each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from plugins.languages import LANGUAGES
from plugins.problems import Problem, did_you_mean
from plugins.reader.story import Story

INHERITED = ("date", "category", "products", "image", "source", "tags")
"""What a version takes from its other version when it does not give it itself (design.md, section 4)."""


class Pair(NamedTuple):
    """The versions of one story, product or page.

    Attributes:
        kind: ``story``, ``product`` or ``page``.
        key: path without language and ending, of the first version in the order of the editions.
        versions: by path of language; one or more.
        mark: changes when anything but the texts of its versions changes, of those too that nobody may see yet and
            that still give a date or a section; empty when nobody looked.
    """

    kind: str
    key: str
    versions: Mapping[str, Story]
    mark: bytes = b""


def pair(stories: Iterable[Story], content: str) -> tuple[list[Pair], list[Problem]]:
    """Group *stories* into pairs: by path, or by ``translation.of`` where file names differ.

    Args:
        stories: in any order.
        content: name of the content folder, for problems.
    Returns: pairs sorted by key, their versions completed from each other.
    """
    ordered = sorted(stories, key=lambda story: story.path)
    joining = _joining(ordered)
    groups: dict[tuple[str, str], dict[str, Story]] = {}
    problems: list[Problem] = []
    for story in ordered:
        if story.path not in joining:
            versions = groups.setdefault((story.kind, story.key), {})
            taken = versions.setdefault(story.language.path, story)
            if taken is not story:
                what = f'the address of this file is that of "{content}/{taken.path}" as well.'
                problems.append(Problem(f"{content}/{story.path}", 1, what, "Rename or delete one of the two."))
    for story in ordered:
        if story.path in joining:
            problems += _join(story, groups, content)
    pairs = [
        Pair(kind, next(iter(versions.values())).key, complete_all(versions))
        for (kind, _), versions in zip(groups, map(_in_order, groups.values()), strict=True)
    ]
    return sorted(pairs, key=lambda found: (found.kind, found.key)), problems


def _joining(stories: Iterable[Story]) -> set[str]:
    """Paths of the stories that join another's group; of two that name each other, the second joins the first."""
    named = {
        (story.kind, story.key): (story.path, story.translation.of)
        for story in stories
        if story.translation is not None and story.translation.of not in ("", story.key)
    }
    return {
        path
        for (kind, key), (path, of) in named.items()
        if not ((kind, of) in named and named[kind, of][1] == key and path < named[kind, of][0])
    }


def _join(story: Story, groups: dict[tuple[str, str], dict[str, Story]], content: str) -> list[Problem]:
    assert story.translation is not None
    of = story.translation.of
    place = f"{content}/{story.path}"
    line = story.line("translation")
    versions = groups.get((story.kind, of))
    if versions is None:
        known = [key for kind, key in groups if kind == story.kind]
        fix = did_you_mean(of, known, "Write the path of the other version without its language and .md.")
        return [Problem(place, line, f'translation of "{of}", but there is no such {story.kind}.', fix)]
    taken = versions.setdefault(story.language.path, story)
    if taken is not story:
        what = f'translation of "{of}", which "{content}/{taken.path}" already is.'
        return [Problem(place, line, what, "Keep one of the two.")]
    return []


def _in_order(versions: Mapping[str, Story]) -> dict[str, Story]:
    return {path: versions[path] for path in LANGUAGES if path in versions}


def complete_all(versions: Mapping[str, Story]) -> dict[str, Story]:
    """*versions* of a story, by path of language, completed from each other."""
    return {path: complete(story, versions.values()) for path, story in versions.items()}


def complete(story: Story, versions: Iterable[Story]) -> Story:
    """*story* with the inherited fields that it does not give taken from the first other version that does."""
    if story.given.issuperset(INHERITED):
        return story
    others = [other for other in versions if other is not story]
    taken = {
        name: getattr(giver, name)
        for name in INHERITED
        if name not in story.given
        for giver in [next((other for other in others if name in other.given), None)]
        if giver is not None
    }
    return story.but(**taken) if taken else story
