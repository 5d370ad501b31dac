"""A build in which a few stories were put into other words: the portal of the last build, of which little is read."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from plugins.last_build import (
    LAST_BUILD,
    SOURCES,
    LastBuild,
    Told,
    is_as_written,
    read_told,
    surroundings,
)
from plugins.reader.files import body_of, changed_files, parse_again, parse_files
from plugins.reader.store import Known, StoryStore
from plugins.reader.story import FACTS, Story, story_of
from plugins.stories.front import read_front
from plugins.stories.pair import Pair, complete_all
from plugins.stories.pairs import Pairs
from plugins.stories.portal import MARK_SIZE, Portal, Resolver, as_seen, faces_of, is_later, resolve_reference
from plugins.stories.snapshot import OnDemand, Snapshot
from plugins.stories.taxonomy import Taxonomy, read_taxonomy
from plugins.workers import Workers

REVISION = "revision"
"""Where the shared context has the revision that a build is."""

FEW = 100
"""Changed stories; with more, a look at all of them takes no longer."""

WORDS = ("title", "summary", "kicker", "corrections", "beginning", "minutes")
"""Facts of a story that change neither in which lists it stands, nor where, nor what other stories take from it."""

_FOR_PEOPLE = ("lines", "given", "references")
"""Facts that are compared by what they mean."""

_SAME = tuple(at for at, name in enumerate(FACTS) if name not in (*WORDS, *_FOR_PEOPLE))
_GIVEN, _REFERENCES = FACTS.index("given"), FACTS.index("references")


class Change(NamedTuple):
    """A pair of which a version was put into other words.

    Attributes:
        at: its place in the portal.
        pair: as it is now.
        versions: those that changed.
        seen: whether other pages may show what changed.
    """

    at: int
    pair: Pair
    versions: tuple[Story, ...]
    seen: bool


@dataclass(frozen=True, slots=True)
class Revision:
    """What differs from the last build.

    Attributes:
        portal: as make_portal would make it; what nobody asks for is not read.
        changes: in the order of the portal.
        snapshot: of this build.
        told: of this build.
    """

    portal: Portal
    changes: tuple[Change, ...]
    snapshot: Snapshot
    told: Told


def find_revision(
    settings: Mapping[str, Any], snapshot: Snapshot, store: StoryStore, workers: Workers
) -> Revision | None:
    """What differs from the last build, if that is the words of a few stories.

    None when it is anything else, when something of the last build is not known, or when something is wrong: then all
    stories have to be looked at. What was parsed until then is in *store*.

    Args:
        settings: Pelican's, with ours.
        snapshot: of the last build.
        store: what is known of files; brought up to date.
        workers: parse what is new.
    Raises: OSError when a file cannot be read.
    """
    last: LastBuild = settings[LAST_BUILD]
    if last.others is None or not last.mark or not last.since <= settings["NOW"].timestamp() < (last.until or math.inf):
        return None
    told = read_told(settings, last)
    if not told.paths:
        return None
    paths = told.paths.split("\n")
    stamps = settings[SOURCES]
    if surroundings(settings, {*paths}) != snapshot.surroundings or any(path not in stamps for path in paths):
        return None
    content, zone = Path(settings["PATH"]), ZoneInfo(settings["TIMEZONE"])
    new, settled = changed_files(content, paths, store, stamps)
    if len(new) > FEW:
        return None
    before = {path: known for path in new if (known := store.get(path)) is not None}
    store.keep(parse_files(content, new, zone, workers), settled, paths)
    # Not those that are new to the store: a build that failed may have left there what it read, and the preview does.
    changed = told.changed([store.hashes[path] for path in paths])
    if len(changed) > FEW or not all(
        _are_other_words(path, old, before.get(path), store.get(path)) for path, old in changed.items()
    ):
        return None
    if not all(is_as_written(settings["LAST_OUTPUT_PATH"], path, entry) for path, entry in last.files.items()):
        return None
    return _revision(settings, snapshot, told, store, list(changed))


def _are_other_words(path: str, last: tuple[bytes, bytes], known: Known | None, new: Known | None) -> bool:
    """Whether the story in the file *path* stands where it stood, and says something else.

    Args:
        last: its hash and face in the last build.
        known: what was known of it before it was read, if anything.
        new: what is known now; None where the store is damaged.
    """
    if new is None:
        return False
    now, problems, face = new.facts
    if now is None or problems or now[0] != "story":
        return False
    if face == last[1]:
        return True
    before = known.facts[0] if known is not None and known.hash == last[0] else None
    if before is None:
        return False
    if any(before[at] != now[at] for at in _SAME):
        return False
    targets = [{resolve_reference(path, one.target) for one in facts[_REFERENCES]} for facts in (before, now)]
    return targets[0] == targets[1] and before[_GIVEN] - {*WORDS} == now[_GIVEN] - {*WORDS}


def _revision(
    settings: Mapping[str, Any], snapshot: Snapshot, told: Told, store: StoryStore, changed: list[str]
) -> Revision | None:
    content = Path(settings["PATH"])
    taxonomy, _ = read_taxonomy(content / "taxonomy.yaml", "")
    places = snapshot.places()
    if any(path not in places for path in changed):
        # Of a story that readers do not see, a name may be seen.
        return None
    pairs = KeptPairs(settings, snapshot, taxonomy, store)
    versions: dict[int, list[str]] = {}
    for path in changed:
        versions.setdefault(places[path], []).append(path)
    changes = []
    for at in sorted(versions):
        pair = pairs.load(at)
        stories = tuple(story for story in pair.versions.values() if story.path in versions[at])
        if not pair.mark:
            return None
        seen = pair.mark != snapshot.marks[at * MARK_SIZE : (at + 1) * MARK_SIZE]
        changes.append(Change(at, pair, stories, seen))
    snapshot = snapshot.remarked({change.at: change.pair.mark for change in changes})
    fronts, _ = read_front(content / "front.yaml", "")
    portal = Portal(
        pairs=Pairs(OnDemand(range(len(snapshot.written)), pairs.load), places, snapshot.kinds),
        taxonomy=taxonomy,
        terms=snapshot.terms_by_id(),
        fronts=fronts,
        files=frozenset(snapshot.files),
        variants=snapshot.variants_by_file(),
        pictures=snapshot.pictures,
        frame=snapshot.frame,
        faces=faces_of(snapshot.frame, snapshot.marks, snapshot.unseen, snapshot.pictures, content),
        until=snapshot.until,
        embargoed=frozenset(snapshot.embargoed),
        written=snapshot.written,
        unseen=snapshot.unseen,
    )
    return Revision(portal, tuple(changes), snapshot, told.rehashed(map(pairs.story, changed)))


class Everything(frozenset[str]):
    """What has every name: the last build looked for those that are missing, and to do so again takes time."""

    def __contains__(self, name: object) -> bool:
        return True


class KeptPairs:
    """Makes the pairs of a snapshot, one by one, as make_portal makes all.

    Args:
        settings: Pelican's, with ours.
        taxonomy: as it is, and was.
        store: knows every story.
    """

    def __init__(self, settings: Mapping[str, Any], snapshot: Snapshot, taxonomy: Taxonomy, store: StoryStore) -> None:
        self._content, self._zone = Path(settings["PATH"]), ZoneInfo(settings["TIMEZONE"])
        self._now, self._drafts = settings["NOW"], settings["SHOW_DRAFTS"]
        self._snapshot = snapshot
        self._store = store
        self._resolver = Resolver(taxonomy, Everything(), Everything(), self._content.name, True)
        self._made: dict[int, Pair] = {}

    def load(self, at: int) -> Pair:
        """The pair at the place *at*."""
        made = self._made.get(at)
        if made is None:
            stories = [self.story(path) for path in self._snapshot.written[at]]
            versions = complete_all({story.language.path: story for story in stories})
            raw = Pair(stories[0].kind, stories[0].key, versions)
            checked = self._resolver.resolve(raw)
            later = {story.path for story in checked.versions.values() if is_later(story, self._now)}
            made = self._made[at] = as_seen(raw, checked, later, self._drafts)
        return made

    def story(self, path: str) -> Story:
        """The story in the file *path*, as it is written."""
        known = self._store.get(path) or parse_again(path, self._content, self._zone, self._store)
        facts, _, face = known.facts
        assert facts is not None, "a build with a file that cannot be read leaves no snapshot"
        body = partial(body_of, content=self._content, zone=self._zone, store=self._store)
        return story_of(facts, face, known.hash, body)
