"""What is missing, waiting or out of date among the stories."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from plugins.desk.drafts import source_hash
from plugins.languages import LANGUAGES
from plugins.problems import Problem
from plugins.reader.reader import read_story
from plugins.reader.story import Story
from plugins.stories.pair import Pair, pair
from plugins.stories.pairs import ENDINGS
from plugins.stories.portal import make_portal


@dataclass(frozen=True, slots=True)
class Status:
    """Paths of stories below content/, sorted, under what editors look for.

    Attributes:
        stories: number of stories, products and pages, each counted once for all its versions.
        untranslated: by path of the language that is missing.
        drafts, embargoed, hidden, withdrawn: not (yet) shown to every reader.
        outdated: translations whose original has changed since.
        problems: what keeps the portal from being built.
    """

    stories: int
    untranslated: Mapping[str, tuple[str, ...]]
    drafts: tuple[str, ...]
    embargoed: tuple[str, ...]
    hidden: tuple[str, ...]
    withdrawn: tuple[str, ...]
    outdated: tuple[str, ...]
    problems: tuple[Problem, ...]


def status_of(content: Path, timezone: ZoneInfo, now: datetime) -> Status:
    """Look through the content folder.

    Args:
        content: the folder.
        timezone: of dates that give none.
        now: stories dated later are under embargo.
    """
    stories: list[Story] = []
    problems: list[Problem] = []
    for path in LANGUAGES:
        for file in sorted((content / path).rglob("*.m*")):
            if file.suffix not in ENDINGS:
                continue
            shown = f"{content.name}/{file.relative_to(content).as_posix()}"
            story, found = read_story(shown, file.read_bytes(), timezone)
            problems += found
            if story is not None:
                stories.append(story)
    _, found = make_portal(stories, content, now, drafts=True)
    problems += found
    pairs, _ = pair(stories, content.name)
    completed = [story for one in pairs for story in one.versions.values()]

    def of(status: str) -> tuple[str, ...]:
        return tuple(sorted(story.path for story in completed if story.status == status))

    return Status(
        stories=len(pairs),
        untranslated={
            path: tuple(sorted(_first(one).path for one in pairs if path not in one.versions)) for path in LANGUAGES
        },
        drafts=of("draft"),
        embargoed=tuple(sorted(story.path for story in completed if story.date and story.date > now)),
        hidden=of("hidden"),
        withdrawn=of("withdrawn"),
        outdated=tuple(sorted(_outdated(pairs, content))),
        problems=tuple(sorted(set(problems))),
    )


def _first(one: Pair) -> Story:
    return next(iter(one.versions.values()))


def _outdated(pairs: Iterable[Pair], content: Path) -> Iterable[str]:
    for one in pairs:
        for story in one.versions.values():
            remembered = story.translation.source_hash if story.translation else ""
            others = [other for other in one.versions.values() if other is not story]
            if remembered and others:
                text = (content / others[0].path).read_text(encoding="utf-8-sig")
                if source_hash(text) != remembered:
                    yield story.path


def describe(status: Status) -> str:
    """*status* in lines for a terminal; what is empty is not mentioned."""
    lines = [f"{status.stories} stories, products and pages."]
    groups = {
        **{f"not in {LANGUAGES[path].name}": paths for path, paths in status.untranslated.items()},
        "drafts": status.drafts,
        "under embargo": status.embargoed,
        "hidden": status.hidden,
        "withdrawn": status.withdrawn,
        "translations whose original has changed": status.outdated,
        "problems": tuple(map(str, status.problems)),
    }
    for name, found in groups.items():
        if found:
            lines += ["", f"{name} ({len(found)}):", *(f"  {path}" for path in found)]
    return "\n".join(lines)
