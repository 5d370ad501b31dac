"""What a content folder holds, as far as the mirror is concerned, and what becomes of an article that comes again.

Below ``INTO/.mirror/`` lies what the mirror remembers, in git like the stories themselves:

    imported/<path>.md   each story as it was last imported: the base of three-way merges; a base without its story is
                         a story that an editor deleted
    known/<path>.json    what a story is known by and has no place for in its file
    pending/<path>.md    the form that waits for an editor's decision
    merging.json         while a merge is written, what will have been written

A story is written first and its base after it. Killed in between, the next pull finds a story that says what its
source says and writes the base; the other way round it would find a deleted story.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from plugins.languages import LANGUAGES
from plugins.mirror import clock
from plugins.mirror.article import Article
from plugins.mirror.keep import files
from plugins.mirror.keep.copies import MOST as MOST_COPIES
from plugins.mirror.keep.copies import mark_of, words_of
from plugins.mirror.keep.duplicates import Texts, same_text, shingles, signature
from plugins.mirror.keep.form import Form, Rights, form_of, read_form
from plugins.mirror.keep.front_lines import REMOVED, change_fields, change_group, dumped, field_lines
from plugins.mirror.keep.identities import (
    Identities,
    Identity,
    also_key,
    digest_of,
    identity_of,
    read_text,
    title_key,
)
from plugins.mirror.keep.merge import Difference, merge, same, with_source
from plugins.mirror.keep.review import review_text
from plugins.mirror.keep.takedowns import NAME as TAKEDOWNS
from plugins.mirror.keep.takedowns import read_takedowns
from plugins.mirror.text.addresses import address_key
from plugins.problems import Problem

__all__ = ["Library", "Outcome", "Rights"]

IMPORTED = ".mirror/imported"
KNOWN = ".mirror/known"
PENDING = ".mirror/pending"
MERGING = ".mirror/merging.json"

ZONE = ZoneInfo("Asia/Shanghai")
"""In which times are told where nobody says otherwise."""

FULLER = 1.2
"""A text replaces another form of the same text when it is so many times as long."""

LITTLE = 0.2
"""The share of the shorter text below which two texts are not of one story."""

Complete = Callable[[Article], Article]
"""Stores the pictures of an article."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one article.

    Attributes:
        kind: ``new``, ``updated``, ``merged`` (with an editor's changes), ``unchanged``, ``conflict``, ``duplicate``,
            ``withdrawn`` (by an editor or takedowns.yaml), ``deleted`` (by an editor), ``refused``.
        path: of the story below the content folder (``zh/2024/05/chip.md``); empty when it has none.
        title: of the article.
        why: a sentence, where the kind does not say it all.
        problem: what an editor has to do; None when nothing.
    """

    kind: str
    path: str
    title: str
    why: str = ""
    problem: Problem | None = None


@dataclass(slots=True, eq=False)
class _Story:
    """One story of the content folder.

    Attributes:
        path: of its file, below the content folder; empty when an editor deleted it.
        base_path: of its base, below ``imported``; empty when it has none. Differs from *path* when it was moved.
        facts: what its file below ``known`` says; addresses, guid, alternates and signature are also from there.
        copies: keys of further pages of the same text: their addresses, else the marks of what they say.
    """

    path: str
    file: Identity | None
    base_path: str
    base: Identity | None
    addresses: frozenset[str] = frozenset()
    guid: str = ""
    alternates: tuple[tuple[str, str], ...] = ()
    signature: bytes = b""
    facts: Mapping[str, Any] = field(default_factory=dict)
    copies: tuple[str, ...] = ()

    @property
    def lang(self) -> str:
        return (self.path or self.base_path).partition("/")[0]

    @property
    def key(self) -> str:
        """Path without language and ending."""
        return (self.path or self.base_path).partition("/")[2].rpartition(".")[0]

    @property
    def identities(self) -> tuple[Identity, ...]:
        both = (self.file, self.base) if self.file is not self.base else (self.file,)
        return tuple(one for one in both if one is not None)

    @property
    def also(self) -> set[str]:
        return {key for one in self.identities for key in one.also}

    @property
    def dateless(self) -> bool:
        """Whether its day is the day of its first import, because the source gives none."""
        return any(one.status == "draft" or not one.day for one in self.identities)


_Stories = dict[_Story, None]
"""Stories in the order in which they came."""


class Library:
    """The stories of a content folder.

    Args:
        into: the content folder.
        cache: a file that saves time at the next start; None for none.
        force: take the source's form where it conflicts with an editor's; what was withdrawn, deleted or taken down
            stays so all the same.
        zone: of the portal, in which times are written.
        today: decides which entries of takedowns.yaml still hold; else the day of the run.
    Attributes:
        problems: mistakes in takedowns.yaml. Who finds one must not import: what is misspelt there would come back.
    """

    def __init__(
        self,
        into: Path,
        cache: Path | None = None,
        *,
        force: bool = False,
        zone: ZoneInfo = ZONE,
        today: date | None = None,
    ):
        self.into = into
        self._force = force
        self._zone = zone
        self.takedowns, self.problems = read_takedowns(into / TAKEDOWNS, today or clock.today())
        self._identities = Identities(into, cache)
        self._by_address: dict[str, _Stories] = defaultdict(dict)
        self._by_also: dict[str, _Stories] = defaultdict(dict)
        self._by_copy: dict[str, _Stories] = defaultdict(dict)
        self._by_guid: dict[str, _Stories] = defaultdict(dict)
        self._by_title: dict[tuple[str, str], _Stories] = defaultdict(dict)
        self._by_path: dict[str, _Story] = {}
        self._by_text_path: dict[str, _Story] = {}
        self._by_of: dict[tuple[str, str], _Stories] = defaultdict(dict)
        self._awaited: dict[str, _Stories] = defaultdict(dict)
        self._taken: set[str] = set()
        # Whose page was read in this run. A second page of the same story is a copy, or both would overwrite each
        # other in every run.
        self._filled: set[_Story] = set()
        self._texts = Texts()
        self._finish_merge()
        for story in self._read_stories():
            self._add(story)

    def __enter__(self) -> Library:
        return self

    def __exit__(self, *_: object) -> None:
        self.save()

    def save(self) -> None:
        """Write the cache."""
        self._identities.save()

    def knows(self, url: str) -> str:
        """The path of the story that was read from an address; empty when there is none."""
        stories = self._by_address.get(address_key(url)) or self._by_also.get(address_key(url)) or ()
        return next((story.path for story in stories if story.path), "")

    def keep(
        self,
        versions: Sequence[Article],
        rights: Rights,
        retrieved: datetime,
        complete: Complete = lambda article: article,
    ) -> list[Outcome]:
        """Decide what becomes of one story and write it.

        Args:
            versions: the article, or its versions in several languages.
            rights: of the portal that it was read from.
            retrieved: when it was read.
            complete: called with an article whose text is wanted, before it is written; stores its pictures.
        Returns: an outcome for each version, in their order.
        """
        order = [*LANGUAGES, *(article.lang for article in versions)]
        outcomes: dict[int, Outcome] = {}
        known: list[_Story] = []
        # The first edition's words make the path of a new pair.
        for at in sorted(range(len(versions)), key=lambda at: (order.index(versions[at].lang), at)):
            outcomes[at], story = self._keep(versions[at], rights, retrieved, known, complete)
            if story is not None and story.path:
                known.append(story)
        return [outcomes[at] for at in range(len(versions))]

    # --- One article -------------------------------------------------------------------------------------

    def _keep(
        self,
        article: Article,
        rights: Rights,
        retrieved: datetime,
        siblings: Sequence[_Story],
        complete: Complete,
    ) -> tuple[Outcome, _Story | None]:
        def outcome(kind: str, path: str = "", why: str = "", problem: Problem | None = None) -> Outcome:
            return Outcome(kind, path, article.title, why, problem)

        story, relation = self._find(article, rights, retrieved)
        path = story.path if story else ""
        stopped = self.takedowns.find(
            addresses=[*_addresses(article), *(f"https://{key}" for key in (story.addresses if story else ()))],
            guid=article.guid or "",
            titles=(article.title, article.source.title or ""),
            day=article.published,
            path=path or (story.base_path if story else ""),
        )
        if stopped is not None:
            return outcome("withdrawn", path, stopped.why), None
        if story is not None and any(one.status == "withdrawn" for one in story.identities):
            return outcome("withdrawn", path, "An editor has withdrawn it."), None
        if story is not None and not path:
            return outcome("deleted", "", f"An editor has deleted {story.base_path}."), None
        if why := _unfit(article, rights):
            return outcome("refused", path, why), None
        try:
            if story is not None and (relation == "duplicate" or story in self._filled):
                return self._add_source(story, article, rights, retrieved, complete, outcome), story
            article = complete(article)
            if why := _unfit(article, rights):
                return outcome("refused", path, why), None
            if story is None:
                done, story = self._write_new(article, rights, retrieved, siblings, outcome)
            else:
                done = self._update(story, article, rights, retrieved, siblings, outcome)
            self._filled.add(story)
            return done, story
        except files.Unsafe as error:
            problem = Problem(self._shown(path), 0, f"{error}.", "Put a folder in its place.")
            return outcome("refused", path, "It would be written out of the content folder.", problem), None
        except OSError as error:
            why = f"It cannot be written: {(error.strerror or str(error)).lower()}."
            problem = Problem(str(error.filename or self._shown(path)), 0, why, "Mend that and pull again.")
            return outcome("refused", path, why, problem), None

    def _write_new(
        self, article: Article, rights: Rights, retrieved: datetime, siblings: Sequence[_Story], outcome: Any
    ) -> tuple[Outcome, _Story]:
        other = self._other_version(article, None, siblings)
        path, of = self._new_path(article, retrieved, other)
        kept = {"translation": {"of": of}} if of else {}
        url = self._url(article, None)
        form = form_of(article, rights, retrieved, self._zone, url, kept)
        # Known before the base is there: who is killed in between finds the story by its file and does the rest.
        identity = self._write(path, form.text)
        story = _Story(path, identity, path, identity)
        self._remember(story, article, rights, url)
        self._write(f"{IMPORTED}/{path}", form.text)
        self._add(story)
        return outcome("new", path), story

    def _update(
        self,
        story: _Story,
        article: Article,
        rights: Rights,
        retrieved: datetime,
        siblings: Sequence[_Story],
        outcome: Any,
    ) -> Outcome:
        ours = self._read(story.path)
        base = self._read(f"{IMPORTED}/{story.base_path}") if story.base_path else None
        kept = _kept(base or ours)
        other = None if _of(base) else self._other_version(article, story, siblings)
        if other is not None and other.key != story.key and _of(ours) in ("", other.key):
            kept["translation"] = {"of": other.key}
        url = self._url(article, story)
        theirs = form_of(article, rights, retrieved, self._zone, url, kept)
        self._remember(story, article, rights, url)
        return self._bring_together(story, base, ours, theirs, outcome)

    def _add_source(
        self,
        story: _Story,
        article: Article,
        rights: Rights,
        retrieved: datetime,
        complete: Complete,
        outcome: Any,
    ) -> Outcome:
        """One more source of a story; its text, where that is fuller and no editor has touched the story."""
        ours = self._read(story.path)
        base = self._read(f"{IMPORTED}/{story.base_path}") if story.base_path else None
        why = f"It is in {story.path}."
        current = base or ours
        mine = {"name": article.source.name, "url": self._url(article, None)}
        mine = {name: value for name, value in mine.items() if value}
        listed = list(current.source.get("also") or ())
        new = form_of(article, rights, retrieved, self._zone, mine.get("url"))
        if base is not None and same(base, ours) and _is_fuller(new, base):
            self._take_text(story, base, ours, complete(article), rights, retrieved, outcome)
            return outcome("duplicate", story.path, f"{why} Its text was fuller and is now the story's.")
        own, canonical = _page_keys(article)
        if own and own not in story.addresses:
            self._remember_copies(story, [own])
        elif base is None or mark_of(new) != mark_of(base):
            self._remember_copies(story, [mark_of(new)])
        of_this_page = own and canonical in story.addresses and _site(own) == _site(canonical)
        if not mine or of_this_page or also_key(mine) in {*map(also_key, listed), *_main_keys(current)}:
            return outcome("duplicate", story.path, why)
        if base is None:
            # Without a base there is nothing to merge with; the story becomes its own.
            base = ours
        theirs = _with_sources(base, [*listed, mine])
        done = self._bring_together(story, base, ours, theirs, outcome)
        return done if done.kind == "conflict" else outcome("duplicate", story.path, why)

    def _take_text(
        self,
        story: _Story,
        base: Form,
        ours: Form,
        article: Article,
        rights: Rights,
        retrieved: datetime,
        outcome: Any,
    ) -> None:
        """Let a story have the text of another page; the page that it was from becomes a further source."""
        url = self._url(article, story)
        mine = {"name": article.source.name, "url": url}
        first = {name: base.source[name] for name in ("name", "url") if base.source.get(name)}
        sources = {also_key(one): one for one in [first, *(base.source.get("also") or ())] if one}
        sources.pop(also_key({name: value for name, value in mine.items() if value}), None)
        keys = set(filter(None, _page_keys(article)))
        copies = [mark_of(base), *sorted(story.addresses - keys)]
        fuller = form_of(article, rights, retrieved, self._zone, url, _kept(base) | {"also": list(sources.values())})
        self._bring_together(story, base, ours, fuller, outcome)
        kept = [key for key in story.copies if key not in keys and key != mark_of(fuller)]
        self._write_facts(story, {**story.facts, "copies": kept})
        self._remember(story, article, rights, url, copies)
        self._filled.add(story)

    # --- Three forms -------------------------------------------------------------------------------------

    def _bring_together(self, story: _Story, base: Form | None, ours: Form, theirs: Form, outcome: Any) -> Outcome:
        """Merge and write; or leave the file and ask its editor."""
        pending_path, review_path = f"{PENDING}/{story.base_path or story.path}", f"{story.path}.review"
        pending = self._read(pending_path) if self._exists(pending_path) else None
        asked = self._exists(review_path)
        if pending is None and not asked and not self._force and base is not None and same(base, theirs):
            return outcome("unchanged", story.path)
        if pending is not None and not asked:
            # The editor has decided and removed the review file: what was pending has had its say.
            self._write_base(story, pending)
            files.remove(self.into, pending_path)
            base, pending = pending, None
        if base is None:
            # Rights are the portal's and not the story's: that a story has none yet is no editor's change.
            base = next((form for form in (theirs, _without_rights(theirs, ours)) if same(form, ours)), None)
            if base is not None:
                self._write_base(story, _retrieved_like(base, ours))
        if self._force and not same(ours, theirs):
            return self._take(story, base, ours, theirs, outcome)
        merged = merge(base, ours, theirs)
        conflicts = merged.conflicts
        if not conflicts and _month(merged.form) not in (_month(ours), _folder(story.path)):
            if ours.fields.get("status") == "draft":
                self._move(story, _month(merged.form))
            else:
                conflicts = (Difference("date", None, *(str(form.fields.get("date")) for form in (ours, theirs))),)
        if conflicts:
            return self._ask(story, theirs, pending, conflicts, merged.taken, outcome)
        untouched = base is not None and same(base, ours)
        if merged.taken:
            # As the mirror would write it where nobody has touched the file, so that both stay the same bytes.
            if base is not None and base.text == ours.text:
                self._write_like(story, theirs.text)
            else:
                self._begin_merge(story, merged.form, theirs)
                self._write_like(story, merged.form.text)
        if merged.taken:
            self._write_base(story, theirs)
            files.remove(self.into, MERGING)
        elif base is None or not same(base, theirs):
            self._write_base(story, _retrieved_like(theirs, ours))
        self._settle(story)
        if not merged.taken:
            return outcome("unchanged", story.path)
        return outcome("updated" if untouched else "merged", story.path)

    def _begin_merge(self, story: _Story, merged: Form, theirs: Form) -> None:
        """Note what is about to be written: merged a second time, a text could become another one."""
        note = {"path": story.path, "base": story.base_path or story.path, "file": merged.text, "new": theirs.text}
        files.write_whole(self.into, MERGING, json.dumps(note, ensure_ascii=False))

    def _finish_merge(self) -> None:
        """Write the base of a merge between whose two files the last pull was killed."""
        try:
            note = json.loads((self.into / MERGING).read_text(encoding="utf-8"))
            done = self._exists(note["path"]) and self._read(note["path"]).text == note["file"]
        except FileNotFoundError:
            return
        except (OSError, ValueError, KeyError, TypeError):
            done = False
        if done:
            files.write_whole(self.into, f"{IMPORTED}/{note['base']}", note["new"])
        files.remove(self.into, MERGING)

    def _take(self, story: _Story, base: Form | None, ours: Form, theirs: Form, outcome: Any) -> Outcome:
        """The source's form, whatever the editor's is."""
        form = base if base is not None and same(base, theirs) else theirs
        if _month(form) not in (_month(ours), _folder(story.path)):
            self._move(story, _month(form))
        self._write_like(story, form.text)
        self._write_base(story, form)
        self._settle(story)
        return outcome("updated", story.path)

    def _settle(self, story: _Story) -> None:
        """A conflict is over; the pending form goes first, because one without a review file counts as decided."""
        files.remove(self.into, f"{PENDING}/{story.base_path or story.path}")
        files.remove(self.into, f"{story.path}.review")

    def _ask(
        self,
        story: _Story,
        theirs: Form,
        pending: Form | None,
        conflicts: Sequence[Difference],
        taken: Sequence[Difference],
        outcome: Any,
    ) -> Outcome:
        """Leave the file, write the review file beside it, remember the form that waits."""
        review = f"{story.path}.review"
        if pending is None or not same(pending, theirs):
            # The review file first, because a form that waits without one counts as decided.
            files.write_whole(self.into, review, review_text(Path(story.path).name, conflicts, taken))
            files.write_whole(self.into, f"{PENDING}/{story.base_path or story.path}", theirs.text)
        parts = ", ".join(dict.fromkeys(one.where for one in conflicts))
        problem = Problem(
            self._shown(story.path),
            0,
            f"the source and an editor have both changed: {parts}.",
            f"Look into {self._shown(review)}, mend the story and delete that file; or pull with --force.",
        )
        return outcome("conflict", story.path, f"Both have changed: {parts}.", problem)

    def _move(self, story: _Story, month: str) -> None:
        """Move a story to the month that its source now gives."""
        path = self._free(f"{story.lang}/{month}/{Path(story.path).stem}")
        target = files.safe_path(self.into, path)
        target.parent.mkdir(parents=True, exist_ok=True)
        # The base stays: the story is found by what it says at its new place, as when an editor had moved it.
        files.safe_path(self.into, story.path).rename(target)
        self._by_path.pop(story.path, None)
        self._taken.add(path)
        story.path = path
        self._by_path[path] = story

    # --- Which story is it -------------------------------------------------------------------------------

    def _find(self, article: Article, rights: Rights, retrieved: datetime) -> tuple[_Story | None, str]:
        """The story that an article is; "same" or "duplicate" (the same story from another source)."""
        own, canonical = _page_keys(article)
        mark = mark_of(form_of(article, rights, retrieved, self._zone)) if self._by_copy else ""
        for key in filter(None, (own, mark)):
            if found := self._one_of(self._by_copy.get(key, ()), article):
                return found, "duplicate"
        for key in filter(None, (own, canonical)):
            found = self._one_of(self._by_address.get(key, ()), article)
            if found and not self._is_another(found, article, key == own or own is None):
                return found, "same" if key == own or own is None else _relation(own, canonical)
            if found := self._one_of(self._by_also.get(key, ()), article):
                return found, "duplicate"
        if article.guid and (found := self._one_of(self._by_guid.get(_guid_key(article), ()), article)):
            return found, "same" if not own or not found.addresses or own in found.addresses else "duplicate"
        if found := self._by_same_title(article):
            return found
        return self._by_text(article, retrieved)

    def _one_of(self, stories: Iterable[_Story], article: Article) -> _Story | None:
        """The story in the language of the article; of several, as on a page with many, the one of its title."""
        mine = [story for story in stories if story.lang == article.lang]
        if len(mine) > 1:
            mine = [story for story in mine if _titles(article) & _titles_of(story)]
        return self._likest(mine, article) if mine else None

    def _is_another(self, story: _Story, article: Article, own_page: bool) -> bool:
        """Whether an article at a story's address is another one: by title and text, where the address is no proof.

        A page that gives the address of another as its own may err, and of two articles at one address in one run
        the second is no new form of the first.
        """
        if not story.path or (own_page and story not in self._filled) or _titles(article) & _titles_of(story):
            return False
        mine, theirs = shingles(article.body), shingles(self._read(story.path).body)
        fewer = min(len(mine), len(theirs))
        return fewer > 0 and len(mine & theirs) < LITTLE * fewer

    def _likest(self, stories: Sequence[_Story], article: Article) -> _Story:
        """The story that has most of the article's text."""
        if len(stories) == 1:
            return stories[0]
        mine = shingles(article.body)

        def likeness(story: _Story) -> tuple[bool, float]:
            texts = [*map(shingles, self._texts_of(story))]
            same_day = article.date is None or article.date[:10] in {one.day for one in story.identities}
            return same_day, max((len(mine & text) / max(1, len(mine | text)) for text in texts), default=0)

        return max(stories, key=likeness)

    def _by_same_title(self, article: Article) -> tuple[_Story, str] | None:
        day = article.published
        own, _ = _page_keys(article)
        found: dict[_Story, str] = {}
        # A file has the first characters of a name that is too long.
        name = title_key(article.source.name or "")
        candidates = dict.fromkeys(
            story for key in _titles(article) for story in self._by_title.get((article.lang, key), ())
        )
        for story in candidates:
            days = {one.day for one in story.identities}
            if day is not None and day.isoformat() not in days and not story.dateless:
                continue
            names = {title_key(one.name) for one in story.identities if one.name}
            other_page = bool(own and story.addresses and own not in story.addresses)
            other_paper = bool(names and name and not any(map(name.startswith, names)))
            if day is None and (other_page or other_paper):
                continue
            if not other_page and not other_paper:
                if story not in self._filled or self._may_be_same(story, article):
                    found[story] = "same"
            elif story.path and self._may_be_same(story, article):
                found[story] = "duplicate"
        if not found:
            return None
        story = self._likest([*found], article)
        return story, found[story]

    def _may_be_same(self, story: _Story, article: Article) -> bool:
        """Two papers' stories of one title and day are one, unless their texts have little in common."""
        mine, theirs = shingles(article.body), shingles(self._read(story.path).body)
        fewer = min(len(mine), len(theirs))
        return fewer < 60 or len(mine & theirs) >= LITTLE * fewer

    def _by_text(self, article: Article, retrieved: datetime) -> tuple[_Story | None, str]:
        day = article.published or self._told(retrieved).date()
        for path in self._texts.near(article.lang, day.isoformat(), signature(article.body)):
            story = self._by_text_path.get(path)
            if story is not None and any(same_text(article.body, text) for text in self._texts_of(story)):
                return story, "duplicate"
        return None, ""

    def _texts_of(self, story: _Story) -> Iterator[str]:
        """What a story says and what it said when it was imported, which is left of one that an editor took out."""
        for path in (story.path, f"{IMPORTED}/{story.base_path}" if story.base_path else ""):
            if path and self._exists(path):
                yield self._read(path).body

    def _told(self, moment: datetime) -> datetime:
        """A moment in the zone of the portal."""
        return moment.astimezone(self._zone) if moment.tzinfo else moment

    # --- Its other version -------------------------------------------------------------------------------

    def _other_version(self, article: Article, own: _Story | None, siblings: Sequence[_Story]) -> _Story | None:
        """The version of an article in another language, where one is said to exist and is nobody else's."""
        linked = [
            story
            for lang, address in article.alternates
            for story in self._by_address.get(address_key(address), ())
            if story.lang != article.lang
        ]
        linking = [
            story
            for key in filter(None, _page_keys(article))
            for story in self._awaited.get(key, ())
            if story.lang != article.lang
        ]
        for story in [*siblings, *linked, *linking]:
            if story.path and story is not own and story.lang != article.lang and self._is_free(story, article, own):
                return story
        return None

    def _is_free(self, other: _Story, article: Article, own: _Story | None) -> bool:
        """Whether a story has no version in the language of the article yet, or that is the article."""
        if other.file is not None and other.file.of:
            return own is not None and other.file.of == own.key
        there = self._by_path.get(f"{article.lang}/{other.key}.md")
        if there is not None and there is not own:
            return False
        return all(story is own for story in self._by_of.get((article.lang, other.key), ()))

    def _new_path(self, article: Article, retrieved: datetime, other: _Story | None) -> tuple[str, str]:
        """Where a new story goes, and the path of its other version where that differs."""
        day = article.published or self._told(retrieved)
        month = f"{day.year:04}/{day.month:02}"
        if other is not None and other.key.startswith(f"{month}/"):
            path = f"{article.lang}/{other.key}.md"
            if self._is_open(path):
                self._taken.add(path)
                return path, ""
        path = self._free(f"{article.lang}/{month}/{files.slug_of(article.title, article.lang)}")
        self._taken.add(path)
        return path, other.key if other is not None else ""

    def _free(self, stem: str) -> str:
        path, number = f"{stem}.md", 1
        while not self._is_open(path):
            number += 1
            path = f"{stem}-{number}.md"
        return path

    def _is_open(self, path: str) -> bool:
        """Whether nothing is, was or will be at a path."""
        return path not in self._taken and not self._exists(path) and not self._exists(f"{IMPORTED}/{path}")

    # --- What is known -----------------------------------------------------------------------------------

    def _read_stories(self) -> Iterator[_Story]:
        stories = self._identities.read("")
        bases = self._identities.read(IMPORTED)
        self._taken = {*stories, *bases}
        facts = {path: self._read_facts(path) for path in self._fact_files()}
        by_address = defaultdict(list)
        by_title = defaultdict(list)
        for path, file in stories.items():
            if path not in bases:
                lang = path.partition("/")[0]
                for key in file.addresses:
                    by_address[lang, key].append(path)
                for key in file.titles:
                    by_title[lang, key, file.day].append(path)
        found: dict[str, str] = {}
        for path, base in bases.items():
            lang = path.partition("/")[0]
            file = stories.get(path)
            if file is not None and (
                not base.addresses or not file.addresses or set(base.addresses) & set(file.addresses)
            ):
                found[path] = path
                continue
            moved = [other for key in base.addresses for other in by_address[lang, key]]
            if len(moved) > 1 or not moved:
                titled = [other for key in base.titles for other in by_title[lang, key, base.day]]
                moved = [other for other in moved if other in titled] if moved else titled
            if moved:
                found[path] = moved[0]
            elif file is not None:
                found[path] = path
        taken = set()
        for path, base in bases.items():
            at = found.get(path, "")
            at = "" if at in taken else at
            taken.add(at)
            yield _story(at, stories.get(at), path, base, facts.get(path, {}))
        for path, file in stories.items():
            if path not in taken:
                yield _story(path, file, "", None, facts.get(path, {}))

    def _fact_files(self) -> Iterator[str]:
        root = self.into / KNOWN
        for language in LANGUAGES:
            for file in (root / language).glob("*/*/*.json"):
                yield file.relative_to(root).as_posix().removesuffix(".json") + ".md"

    def _read_facts(self, path: str) -> Mapping[str, Any]:
        try:
            found = json.loads((self.into / KNOWN / f"{path.removesuffix('.md')}.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def _remember(
        self, story: _Story, article: Article, rights: Rights, url: str | None, copies: Sequence[str] = ()
    ) -> None:
        """Write what a story is known by and the file that the mirror makes of it, with *url*, does not say."""
        own, canonical = _page_keys(article)
        alternates = tuple((lang, address_key(address)) for lang, address in article.alternates if lang != article.lang)
        addresses = [key for key in (own, canonical) if key]
        sign = signature(article.body)
        said = address_key(url) if url else ""
        former = [key for key in story.facts.get("addresses", ()) if key not in copies]
        facts = {
            "guid": _guid_key(article) if article.guid else "",
            # Several addresses of a page may each be the one that is read today.
            "addresses": [key for key in dict.fromkeys([*former, *addresses]) if key != said],
            "alternates": [list(pair) for pair in alternates],
            "signature": "" if rights.whole else sign.hex(),
            "copies": [*story.copies, *(key for key in copies if key not in story.copies)][-MOST_COPIES:],
        }
        self._write_facts(story, facts)
        if story.file is not None:
            self._drop(story)
        story.addresses = frozenset([*former, *addresses, *(key for one in story.identities for key in one.addresses)])
        story.guid = str(facts["guid"])
        story.alternates = alternates
        story.signature = sign
        if story.file is not None:
            self._add(story)

    def _remember_copies(self, story: _Story, copies: Iterable[str]) -> None:
        """Note by what further pages of a story are known."""
        new = [key for key in copies if key not in story.copies]
        if new:
            self._write_facts(story, {**story.facts, "copies": [*story.copies, *new][-MOST_COPIES:]})

    def _write_facts(self, story: _Story, facts: Mapping[str, Any]) -> None:
        facts = {name: value for name, value in facts.items() if value}
        path = story.base_path or story.path
        if facts != story.facts:
            file = f"{KNOWN}/{path.removesuffix('.md')}.json"
            if facts:
                files.write_whole(self.into, file, json.dumps(facts, ensure_ascii=False, indent=1) + "\n")
            else:
                files.remove(self.into, file)
        story.facts = facts
        for key in story.copies:
            self._by_copy[key].pop(story, None)
        story.copies = tuple(facts.get("copies", ()))
        for key in story.copies:
            self._by_copy[key][story] = None

    def _add(self, story: _Story) -> None:
        for key in story.addresses:
            self._by_address[key][story] = None
        for key in story.also:
            self._by_also[key][story] = None
        for key in story.copies:
            self._by_copy[key][story] = None
        if story.guid:
            self._by_guid[story.guid][story] = None
        for one in story.identities:
            for title in one.titles:
                self._by_title[story.lang, title][story] = None
        for _, key in story.alternates:
            self._awaited[key][story] = None
        if story.path:
            self._by_path[story.path] = story
            if story.file is not None and story.file.of:
                self._by_of[story.lang, story.file.of][story] = None
        said = story.file or story.base
        if said is not None:
            path = story.path or f"{IMPORTED}/{story.base_path}"
            self._by_text_path[path] = story
            self._texts.add(path, story.lang, said.day, story.signature)

    def _drop(self, story: _Story) -> None:
        for key in story.addresses:
            self._by_address[key].pop(story, None)

    # --- Files -------------------------------------------------------------------------------------------

    def _write(self, path: str, text: str) -> Identity:
        files.write_whole(self.into, path, text)
        identity = _identified(text)
        self._identities.remember(path, identity)
        return identity

    def _write_like(self, story: _Story, text: str) -> None:
        """Write a story with the line ends and the byte order mark that its file has."""
        with files.safe_path(self.into, story.path).open("rb") as file:
            data = file.read()
        if b"\r\n" in data:
            text = text.replace("\n", "\r\n")
        if data.startswith(b"\xef\xbb\xbf"):
            text = "\ufeff" + text
        story.file = self._write(story.path, text)
        self._add(story)

    def _write_base(self, story: _Story, form: Form) -> None:
        story.base_path = story.base_path or story.path
        story.base = self._write(f"{IMPORTED}/{story.base_path}", form.text)
        self._add(story)

    def _url(self, article: Article, story: _Story | None) -> str | None:
        """The address where readers find the original: the one it gives itself, if that is its own."""
        own, canonical = _page_keys(article)
        # Only those whose file says so: what a story is known by besides may come to it later than its own address.
        others = [
            one
            for one in self._by_address.get(canonical or "", ())
            if one is not story
            and one.lang == article.lang
            and any(canonical in identity.addresses for identity in one.identities)
        ]
        if canonical and not others and (own is None or _site(own) == _site(canonical)):
            return article.canonical
        return article.source.url

    def _read(self, path: str) -> Form:
        return read_form(read_text((self.into / path).read_bytes()))

    def _exists(self, path: str) -> bool:
        file = self.into / path
        return file.exists() or file.is_symlink()

    def _shown(self, path: str) -> str:
        return (self.into / path).as_posix()


# --- Small decisions -------------------------------------------------------------------------------------


_NOBODY = Identity("")


def _story(path: str, file: Identity | None, base_path: str, base: Identity | None, facts: Mapping[str, Any]) -> _Story:
    own = file or base
    said = own.addresses if own else ()
    return _Story(
        path=path,
        file=file,
        base_path=base_path,
        base=base,
        addresses=frozenset({*said, *(base.addresses if base else ()), *facts.get("addresses", ())}),
        guid=str(facts.get("guid", "")),
        alternates=tuple((lang, key) for lang, key in facts.get("alternates", ())),
        # As it was imported: of a withdrawn story an editor may have removed the text.
        signature=bytes.fromhex(facts.get("signature", "")) or (base or own or _NOBODY).signature,
        facts=facts,
        copies=tuple(map(str, facts.get("copies", ()))),
    )


@lru_cache(maxsize=4)
def _identified(text: str) -> Identity:
    """What a text is known by; a story and its base are mostly the same text."""
    return identity_of(read_form(text), digest_of(text.encode()))


def _page_keys(article: Article) -> tuple[str | None, str | None]:
    """Keys of the address an article was read from and of the one it gives itself.

    None for a dump, which may hold many articles of one address, and for a home page, which many articles name in
    error.
    """
    if article.canonical is None:
        return None, None
    keys = [address_key(url) if url else "" for url in (article.source.url, article.canonical)]
    own, canonical = (key if "/" in key or "?" in key else None for key in keys)
    return own or canonical, canonical


def _site(key: str) -> str:
    """The domain that a key's host belongs to: ``news.example.com.cn/a`` → ``example.com.cn``."""
    labels = key.partition("/")[0].partition("?")[0].partition(":")[0].split(".")
    shared = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in ("com", "net", "org", "gov", "edu", "co", "ac")
    return ".".join(labels[-3 if shared else -2 :])


def _relation(own: str, canonical: str | None) -> str:
    """What an article is to the story whose address it gives as its own: itself, or another paper's copy."""
    return "same" if canonical and _site(own) == _site(canonical) else "duplicate"


def _guid_key(article: Article) -> str:
    """A guid is unique in the place it comes from, unless it is an address."""
    guid = (article.guid or "").strip()
    if "://" in guid:
        return address_key(guid)
    return f"{_site(address_key(article.source.url or ''))} {guid}"


def _addresses(article: Article) -> list[str]:
    return [url for url in (article.source.url, article.canonical) if url]


def _titles(article: Article) -> set[str]:
    return {key for title in (article.title, article.source.title) if title and (key := title_key(title))}


def _titles_of(story: _Story) -> set[str]:
    return {key for one in story.identities for key in one.titles}


def _is_fuller(new: Form, base: Form) -> bool:
    """Whether a form has the same text as the base and much more of it, for the same place."""
    if not base.body.strip() or _month(new) != _month(base) or new.fields.get("status") != base.fields.get("status"):
        return False
    return len(words_of(new.body)) > FULLER * len(words_of(base.body)) and same_text(new.body, base.body)


def _unfit(article: Article, rights: Rights) -> str:
    """Why an article can be no story; empty when it can."""
    if article.lang not in LANGUAGES:
        return f"Its language is {article.lang or 'not known'}; the portal has {' and '.join(LANGUAGES)}."
    if not title_key(article.title) and not article.title.strip():
        return "It has no title."
    if not article.body.strip() and rights.permission != "none":
        return "It has no text."
    return ""


def _kept(base: Form) -> dict[str, Any]:
    """What a new form takes from the last one, because no article says it."""
    day = str(base.fields.get("date", ""))
    kept = {
        "also": base.source.get("also"),
        "translation": base.fields.get("translation"),
        "date": day if re.fullmatch(r"\d{4}-\d\d-\d\d(?: \d\d:\d\d)?", day) else None,
    }
    return {name: value for name, value in kept.items() if value}


def _of(form: Form | None) -> str:
    """The path of the other version that a form names."""
    translation = form.fields.get("translation") if form is not None else None
    return str(translation.get("of", "")) if isinstance(translation, dict) else ""


def _main_keys(form: Form) -> set[str]:
    """What the first source of a story is known by, with an address and without."""
    name, url = form.source.get("name"), form.source.get("url")
    return {also_key({"name": name, "url": url}), *([] if url else [also_key({"name": name})])}


def _with_sources(form: Form, also: Sequence[Mapping[str, str]]) -> Form:
    """A form with these further sources."""
    lines = change_group(field_lines(form.front).get("source", ""), {"also": dumped("also", list(also))}, form.source)
    return read_form(replace(form, front=change_fields(form.front, {"source": lines})).text)


def _without_rights(form: Form, ours: Form) -> Form:
    """A form without what our file does not say on rights."""
    changes = {name: REMOVED for name in ("permission", "indexing") if not ours.source.get(name)}
    lines = change_group(field_lines(form.front).get("source", ""), changes, form.source)
    return read_form(replace(form, front=change_fields(form.front, {"source": lines})).text)


def _retrieved_like(form: Form, ours: Form) -> Form:
    """A form retrieved when our file was."""
    return read_form(replace(form, front=with_source(form.front, ours, ["retrieved"])).text)


def _month(form: Form) -> str:
    """``2024/05``, as the form's date has it."""
    return str(form.fields.get("date", ""))[:7].replace("-", "/")


def _folder(path: str) -> str:
    """``2024/05``, as the path has it."""
    return "/".join(path.split("/")[1:3])
