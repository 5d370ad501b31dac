"""All stories of the portal: paired, completed from each other, checked."""

from __future__ import annotations

import functools
import hashlib
import os
import posixpath
import time
from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote

from msgspec import structs

from plugins.last_build import is_of_tools, is_settled, stamp_of
from plugins.problems import Problem, did_you_mean
from plugins.reader.story import Story
from plugins.stories.front import Front, read_front
from plugins.stories.pair import Pair, pair
from plugins.stories.pairs import Pairs
from plugins.stories.pictures import Variant, find_variants, picture_size
from plugins.stories.taxonomy import Taxonomy, Term, read_taxonomy, slug
from plugins.values import digest_of

RESERVED = frozenset(
    [
        "account",
        "archive",
        "author",
        "bilingual",
        "page",
        "product",
        "products",
        "search",
        "section",
        "source",
        "tag",
    ]
)
"""First parts of an address that the portal uses itself, so that no plain page can have them."""

SUGGESTIONS = 20
"""Broken links for which the nearest file is looked for: among a hundred thousand that takes a second each."""

LONGEST_ID = 200
"""Bytes of a part of an address; file systems end at 255."""


@dataclass(frozen=True, slots=True)
class Portal:
    """Everything that pages are made of.

    Attributes:
        pairs: of stories, products and pages that readers may see, sorted by kind and key; their categories, tags,
            products, authors and source names are ids of *terms* or keys of products.
        taxonomy: the listed terms, in their order.
        terms: every term by kind and id, those that no list names included.
        fronts: what editors pinned, by path of language.
        files: path of every picture below content/ that a page shows, and of its lighter forms; others are not
            published.
        variants: picture below content/ → its lighter forms, narrowest first.
        pictures: path → bytes that change when the picture, or a lighter form of it, changes; for those of *files*.
        frame: changes when anything changes that any page may show, beside stories and their pictures: the taxonomy,
            products, plain pages; empty when unknown.
        faces: changes when *frame*, what is pinned, or anything of a story but its text changes; empty when unknown.
        until: seconds since 1970 when the next embargo ends; 0 for never.
        embargoed: paths of stories that are under embargo and shown all the same, in a preview.
        written: the files of all versions of each pair, of those too that readers may not see yet.
        unseen: changes when anything but the text of a pair changes of which readers see nothing.
    """

    pairs: Pairs
    taxonomy: Taxonomy
    terms: Mapping[tuple[str, str], Term]
    fronts: Mapping[str, Front]
    files: frozenset[str]
    variants: Mapping[str, tuple[Variant, ...]]
    pictures: Mapping[str, bytes]
    frame: bytes
    faces: bytes
    until: float
    embargoed: frozenset[str] = frozenset()
    written: Sequence[tuple[str, ...]] = ()
    unseen: bytes = b""


def make_portal(stories: Iterable[Story], content: Path, now: datetime, drafts: bool) -> tuple[Portal, list[Problem]]:
    """Pair, complete and check *stories*.

    Args:
        stories: all that could be read, in any order.
        content: the content folder, for taxonomy.yaml, front.yaml and the files that stories refer to.
        now: stories dated later are under embargo.
        drafts: whether drafts and what is under embargo are kept (in the preview) or left out.
    Returns: the portal, and every problem across stories; with problems, nothing may be published.
    """
    name = content.name
    taxonomy, problems_of_taxonomy = read_taxonomy(content / "taxonomy.yaml", f"{name}/taxonomy.yaml")
    problems = list(problems_of_taxonomy)
    fronts, found = read_front(content / "front.yaml", f"{name}/front.yaml")
    problems += found
    pairs, found = pair(stories, name)
    problems += found
    files = _files(content)
    problems += _check_references(pairs, files, name)
    products = {one.key.removeprefix("products/") for one in pairs if one.kind == "product"}
    resolver = Resolver(taxonomy, products, files, name, trust_taxonomy=not problems_of_taxonomy)
    checked = [resolver.resolve(one) for one in pairs]
    problems += resolver.problems
    problems += _check_front(fronts, checked, f"{name}/front.yaml")
    later = {story.path: story.date for one in checked for story in one.versions.values() if is_later(story, now)}
    marked = [as_seen(raw, one, later, drafts) for raw, one in zip(pairs, checked, strict=True)]
    visible = [one for one in marked if one.versions]
    written = [
        tuple(story.path for story in raw.versions.values())
        for raw, one in zip(pairs, marked, strict=True)
        if one.versions
    ]
    shown = files & _shown(visible)
    variants = {src: found for src, found in _variants(content, files).items() if src in shown}
    published = shown.union(variant.src for found in variants.values() for variant in found)
    pictures = _pictures(content, published, variants)
    frame = _frame(marked, pictures, content)
    unseen = _digest(*(one.mark for one in marked if not one.versions))
    faces = faces_of(frame, b"".join([one.mark for one in visible]), unseen, pictures, content)
    until = min((date.timestamp() for date in later.values() if date is not None), default=0)
    terms = resolver.terms
    early = frozenset(later) if drafts else frozenset()
    return (
        Portal(
            pairs=Pairs(visible),
            taxonomy=taxonomy,
            terms=terms,
            fronts=fronts,
            files=published,
            variants=variants,
            pictures=pictures,
            frame=frame,
            faces=faces,
            until=until,
            embargoed=early,
            written=written,
            unseen=unseen,
        ),
        problems,
    )


def check_alone(
    stories: Iterable[Story], portal: Portal, content: Path
) -> tuple[list[Pair], Mapping[tuple[str, str], Term], list[Problem]]:
    """Pair, complete and check a few *stories*, all versions of each, beside a portal that is there.

    The preview shows what was saved before all stories are looked at again.

    Returns: the pairs, the terms that they name beside those of the portal, and what is wrong.
    """
    stories = list(stories)
    known = {*portal.pairs.places, *(story.path for story in stories)}
    wanted = {story.image.src for story in stories if story.image is not None}
    wanted.update(resolve_reference(story.path, link.target) for story in stories for link in story.references)
    files = portal.files.union(path for path in wanted if path.startswith("images/") and (content / path).is_file())
    pairs, problems = pair(stories, content.name)
    problems += _check_targets(pairs, known, files, content.name)
    products = {one.key.removeprefix("products/") for one in portal.pairs.of_kind("product")}
    resolver = Resolver(portal.taxonomy, products, files, content.name, trust_taxonomy=True)
    checked = [resolver.resolve(one) for one in pairs]
    terms = {key: term for key, term in resolver.terms.items() if key not in portal.terms}
    return checked, terms, problems + resolver.problems


def as_seen(raw: Pair, checked: Pair, later: Container[str], drafts: bool) -> Pair:
    """A pair as readers may see it.

    Args:
        raw, checked: before and after it was resolved.
        later: paths of stories under embargo.
        drafts: as of make_portal.
    """
    kept = checked.versions if drafts else _visible(checked.versions, later)
    return Pair(checked.kind, checked.key, kept, _mark(raw, kept, later))


MARK_SIZE = 12
"""Bytes of the mark of a pair."""


def _mark(one: Pair, visible: Mapping[str, Story], later: Container[str]) -> bytes:
    digest = hashlib.blake2b(digest_size=MARK_SIZE)
    for path, story in one.versions.items():
        if not story.face:
            return b""
        seen = f"{story.path} {story.status} {path in visible} {story.path in later} "
        digest.update(seen.encode() + story.face)
    return digest.digest()


def _pictures(
    content: Path, published: Iterable[str], variants: Mapping[str, tuple[Variant, ...]]
) -> Mapping[str, bytes]:
    now = time.time_ns()
    stamps = {path: _look_of(content / path, now) for path in published}
    return {
        path: stamp + b"".join(one.src.encode() + stamps[one.src] for one in variants.get(path, ()))
        for path, stamp in stamps.items()
    }


def _look_of(file: Path, now: int) -> bytes:
    stamp = stamp_of(file.stat())
    # Another picture may be written with the time of a young one, so that one is looked at again by the next build.
    return repr(stamp if is_settled(stamp, now) else (stamp, now)).encode()


def _frame(pairs: Iterable[Pair], pictures: Mapping[str, bytes], content: Path) -> bytes:
    """The frame of the portal; *pairs* that nobody may see count, for they too spell names of terms."""
    parts = [_content_of(content / "taxonomy.yaml")]
    for one in pairs:
        if not one.mark:
            return b""
        if one.kind != "story":
            images = [story.image for story in one.versions.values()]
            parts += [one.mark, *(pictures.get(image.src, b"") for image in images if image is not None)]
    return _digest(*parts)


def faces_of(frame: bytes, marks: bytes, unseen: bytes, pictures: Mapping[str, bytes], content: Path) -> bytes:
    """The faces of the portal.

    Args:
        frame, unseen, pictures: as of Portal.
        marks: of its pairs.
        content: the content folder.
    """
    looks = (part for path in sorted(pictures) for part in (path.encode(), pictures[path]))
    return frame and _digest(_content_of(content / "front.yaml"), frame, marks, unseen, *looks)


def _digest(*parts: bytes) -> bytes:
    return digest_of(*parts).encode()


def _content_of(file: Path) -> bytes:
    return file.read_bytes() if file.is_file() else b""


def _variants(content: Path, files: frozenset[str]) -> Mapping[str, tuple[Variant, ...]]:
    return find_variants(files, lambda path: picture_size(content / path)[0])


def _shown(pairs: Iterable[Pair]) -> set[str]:
    """The files that readers may see: what the stories that they may read show or link to."""
    shown = set()
    for one in pairs:
        for story in one.versions.values():
            if story.status == "withdrawn":
                continue
            if story.image is not None:
                shown.add(story.image.src)
            shown.update(resolve_reference(story.path, reference.target) for reference in story.references)
    return shown


def _files(content: Path) -> frozenset[str]:
    folder = content / "images"
    found = set()
    for root, folders, names in os.walk(folder):
        # What changes there makes no build begin.
        folders[:] = [name for name in folders if not is_of_tools(name)]
        found.update(f"images/{Path(root, name).relative_to(folder).as_posix()}" for name in names)
    return frozenset(found)


def _visible(versions: Mapping[str, Story], later: Container[str]) -> dict[str, Story]:
    return {path: story for path, story in versions.items() if story.path not in later and story.status != "draft"}


def is_later(story: Story, now: datetime) -> bool:
    """Whether *story* is under embargo at the time *now*."""
    # To compare times of two zones takes as long as all the rest; in years before, the answer is known.
    return story.date is not None and story.date.year >= now.year - 1 and story.date > now


class Resolver:
    """Puts ids in the place of names, and checks that everything a story names exists.

    Args:
        taxonomy: the listed terms.
        products: ids of all products.
        files: paths of all pictures below content/.
        content: name of the content folder, for problems.
        trust_taxonomy: False while the taxonomy has problems of its own; where it then has no category at all,
            that is no mistake of the story.

    Attributes:
        terms: all terms by kind and id; those that no list names are added when a story names them.
        problems: what was found so far.
    """

    def __init__(
        self,
        taxonomy: Taxonomy,
        products: Collection[str],
        files: Collection[str],
        content: str,
        trust_taxonomy: bool,
    ) -> None:
        self._taxonomy = taxonomy
        self._products = products
        self._files = files
        self._content = content
        self._trust_taxonomy = trust_taxonomy
        self.terms: dict[tuple[str, str], Term] = {
            (kind, term.id): term for kind, listed in taxonomy.terms.items() for term in listed.values()
        }
        self.problems: list[Problem] = []
        self._ids: dict[tuple[str, str], str] = {}
        self._known: dict[tuple[str, tuple[str, ...]], tuple[str, ...]] = {}

    def resolve(self, one: Pair) -> Pair:
        """The same pair, its versions resolved."""
        return Pair(
            one.kind, one.key, {path: self._resolve(story, one.versions) for path, story in one.versions.items()}
        )

    def _resolve(self, story: Story, versions: Mapping[str, Story]) -> Story:
        if story.kind == "story" and story.date is None and not _mentioned("date", versions):
            self._note(story, "date", "date is missing, and no other version gives it.", "Add date: YYYY-MM-DD.")
        part = story.key.removeprefix("pages/").partition("/")[0]
        if story.kind == "page" and (part in RESERVED or "." in part):
            self._note(story, "title", f'"{part}/" is an address of the portal itself.', "Rename the file.")
        for product in story.products:
            if product not in self._products:
                advice = f"Write the name of a file in {self._content}/*/products/ without .md."
                fix = did_you_mean(product, self._products, advice)
                self._note(story, "products", f'product "{product}" does not exist.', fix)
        if story.image is not None and "image" in story.given and story.image.src not in self._files:
            fix = did_you_mean(story.image.src, self._files, f"Put the picture into {self._content}/images/.")
            self._note(story, "image", f'image "{story.image.src}" does not exist.', fix)
        source = story.source
        if source is not None and source.name:
            id = self._term(story, "source", "source", source.name)
            source = source if id == source.name else structs.replace(source, name=id)
        found = {
            "category": story.category if story.kind == "page" else self._category(story, versions),
            "tags": self._terms(story, "tag", "tags", story.tags),
            "authors": self._terms(story, "author", "authors", story.authors),
            "source": source,
        }
        changed = {name: value for name, value in found.items() if getattr(story, name) is not value}
        return story.but(**changed) if changed else story

    def _note(self, story: Story, field: str, what: str, fix: str) -> None:
        self.problems.append(Problem(f"{self._content}/{story.path}", story.line(field), what, fix))

    def _category(self, story: Story, versions: Mapping[str, Story]) -> str:
        kind, part = ("section", "sections") if story.kind == "story" else ("product", "product_categories")
        taxonomy = f"{self._content}/taxonomy.yaml"
        known = self._taxonomy.find(kind, story.category) if story.category else None
        if known is not None:
            # The same string where it is the same, so that whoever compares need not look at its letters.
            return story.category if known.id == story.category else known.id
        if story.category and (self._trust_taxonomy or self._taxonomy.terms[kind]):
            advice = f"Use one of {taxonomy}, or add it there."
            fix = did_you_mean(story.category, self._taxonomy.words(kind), advice)
            self._note(story, "category", f'category "{story.category}" is not in {part} of {taxonomy}.', fix)
        elif not _mentioned("category", versions):
            ids = ", ".join(self._taxonomy.terms[kind])
            self._note(story, "category", "category is missing, and no other version gives it.", f"Add one of: {ids}.")
        return story.category

    def _terms(self, story: Story, kind: str, field: str, written: tuple[str, ...]) -> tuple[str, ...]:
        """The ids of terms, each once; *written* itself where it is them."""
        known = self._known.get((kind, written))
        if known is None:
            ids = tuple(self._term(story, kind, field, one) for one in written)
            known = tuple(dict.fromkeys(filter(None, ids)))
            # Names that have no id are a problem of each story.
            if all(ids):
                self._known[kind, written] = known
        return written if known == written else known

    def _term(self, story: Story, kind: str, field: str, written: str) -> str:
        """The id of a term; one that no list names gets its own name as its id."""
        id = self._ids.get((kind, written))
        if id is None:
            id = self._find(story, kind, field, written)
            if id:
                self._ids[kind, written] = id
        return id

    def _find(self, story: Story, kind: str, field: str, written: str) -> str:
        listed = self._taxonomy.find(kind, written)
        if listed is not None:
            return listed.id
        new = slug(written)
        if not new:
            self._note(story, field, f'{kind} "{written}" has no letter or digit.', "Write a name that has one.")
            return ""
        if len(new.encode()) > LONGEST_ID:
            self._note(story, field, f'{kind} "{written[:30]}…" is too long for an address.', "Write a shorter name.")
            return ""
        self.terms.setdefault((kind, new), Term(kind, new, {story.language.path: written}))
        return new


def _mentioned(field: str, versions: Mapping[str, Story]) -> bool:
    # A field that is mentioned in a version but has no value was broken there, which the reader has reported.
    return any(field in story.lines for story in versions.values())


def _check_references(pairs: Iterable[Pair], files: frozenset[str], content: str) -> list[Problem]:
    return _check_targets(pairs, {story.path for one in pairs for story in one.versions.values()}, files, content)


def _check_targets(pairs: Iterable[Pair], stories: set[str], files: frozenset[str], content: str) -> list[Problem]:
    problems: list[Problem] = []
    for one in pairs:
        for story in one.versions.values():
            for reference in story.references:
                target = resolve_reference(story.path, reference.target)
                if target not in stories and target not in files:
                    fix = "Mend or remove the link."
                    if len(problems) < SUGGESTIONS:
                        own = {path for path in stories if path.startswith(f"{story.language.path}/")}
                        near = {_from(story.path, known) for known in own | files}
                        fix = did_you_mean(reference.target, near, fix)
                    what = f'link "{reference.target}" has no target.'
                    problems.append(Problem(f"{content}/{story.path}", reference.line, what, fix))
    return problems


def resolve_reference(path: str, target: str) -> str:
    """The path below content/ that *target*, as written in the file *path*, leads to; without ``#…``.

    Args:
        path: of the file with the link (``en/2024/01/rally.md``).
        target: relative to that file, or from content/ when it starts with ``/``.
    """
    return _resolve(path.rpartition("/")[0], target)


@functools.lru_cache(maxsize=500_000)
def _resolve(folder: str, target: str) -> str:
    # Each is asked for three times a build, and stories of a month refer to the same ones.
    bare = unquote(target.partition("#")[0].partition("?")[0])
    joined = bare.lstrip("/") if bare.startswith("/") else posixpath.join(folder, bare)
    return posixpath.normpath(joined)


def _from(path: str, target: str) -> str:
    return posixpath.relpath(target, posixpath.dirname(path))


def _check_front(fronts: Mapping[str, Front], pairs: Iterable[Pair], shown: str) -> list[Problem]:
    versions = {story.key: one.versions for one in pairs if one.kind == "story" for story in one.versions.values()}
    problems = []
    for path, front in fronts.items():
        for pin in [*([front.lead] if front.lead else []), *front.pinned]:
            if pin.key not in versions:
                fix = did_you_mean(pin.key, versions, "Write its path without language and .md: 2024/01/rally.")
                problems.append(Problem(shown, pin.line, f'story "{pin.key}" does not exist.', fix))
            elif path not in versions[pin.key]:
                what = f'story "{pin.key}" does not exist in "{path}".'
                problems.append(Problem(shown, pin.line, what, "Pin one that does, or translate it."))
    return problems
