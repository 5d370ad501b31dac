"""All stories of the portal: paired, completed from each other, checked."""

from __future__ import annotations

import dataclasses
import os
import posixpath
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote

from plugins.problems import Problem, did_you_mean
from plugins.reader.story import Story
from plugins.stories.front import Front, Pinned, read_front
from plugins.stories.pair import Pair, pair
from plugins.stories.taxonomy import Taxonomy, Term, read_taxonomy, slug

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


@dataclass(frozen=True, slots=True)
class Portal:
    """Everything that pages are made of.

    Attributes:
        pairs: of stories, products and pages that readers may see, sorted by kind and key; their categories, tags,
            products, authors and source names are ids of *terms* or keys of products.
        taxonomy: the listed terms, in their order.
        terms: every term by kind and id, those that no list names included.
        fronts: what editors pinned, by path of language.
        files: path of every file below content/ that pages may show, but for Markdown.
    """

    pairs: tuple[Pair, ...]
    taxonomy: Taxonomy
    terms: Mapping[tuple[str, str], Term]
    fronts: Mapping[str, Front]
    files: frozenset[str]


def make_portal(
    stories: Iterable[Story], content: Path, now: datetime, drafts: bool
) -> tuple[Portal, list[Problem]]:
    """Pair, complete and check *stories*.

    Args:
        stories: all that could be read, in any order.
        content: the content folder, for taxonomy.yaml, front.yaml and the files that stories refer to.
        now: stories dated later are under embargo and left out.
        drafts: whether drafts are kept (in the preview) or left out.
    Returns: the portal, and every problem across stories; with problems, nothing may be published.
    """
    name = content.name
    taxonomy, problems = read_taxonomy(content / "taxonomy.yaml", f"{name}/taxonomy.yaml")
    fronts, found = read_front(content / "front.yaml", f"{name}/front.yaml")
    problems += found
    pairs, found = pair(stories, name)
    problems += found
    files = _files(content)
    problems += _check_references(pairs, files, name)
    checked: list[Pair] = []
    terms: dict[tuple[str, str], Term] = {
        (kind, term.id): term for kind, listed in taxonomy.terms.items() for term in listed.values()
    }
    products = {found.key.removeprefix("products/"): found for found in pairs if found.kind == "product"}
    for one in pairs:
        versions = {}
        for path, story in one.versions.items():
            mentioned = frozenset(field for version in one.versions.values() for field in version.lines)
            versions[path], found = _resolve(story, mentioned, taxonomy, terms, products, files, name)
            problems += found
        checked.append(Pair(one.key, versions))
    problems += _check_front(fronts, checked, f"{name}/front.yaml")
    visible = [Pair(one.key, kept) for one in checked if (kept := _visible(one.versions, now, drafts))]
    return Portal(tuple(visible), taxonomy, terms, fronts, files), problems


def _files(content: Path) -> frozenset[str]:
    folder = content / "images"
    return frozenset(
        f"images/{Path(root, file).relative_to(folder).as_posix()}"
        for root, _, names in os.walk(folder)
        for file in names
    )


def _visible(versions: Mapping[str, Story], now: datetime, drafts: bool) -> dict[str, Story]:
    return {
        path: story
        for path, story in versions.items()
        if (story.date is None or story.date <= now) and (drafts or story.status != "draft")
    }


def _resolve(
    story: Story,
    mentioned: frozenset[str],
    taxonomy: Taxonomy,
    terms: dict[tuple[str, str], Term],
    products: Mapping[str, Pair],
    files: frozenset[str],
    content: str,
) -> tuple[Story, list[Problem]]:
    """*story* with ids in the place of names; terms that no list names are added to *terms*.

    A field that is *mentioned* in any version but has no value was broken there, which the reader has reported.
    """
    place = f"{content}/{story.path}"
    problems: list[Problem] = []

    def problem(field: str, what: str, fix: str) -> None:
        problems.append(Problem(place, story.line(field), what, fix))

    def term(kind: str, field: str, written: str) -> str:
        listed = taxonomy.find(kind, written)
        if listed is not None:
            return listed.id
        new = slug(written)
        if not new:
            problem(field, f'{kind} "{written}" has no letter or digit.', "Give it a name that can be an address.")
            return ""
        # An id that the taxonomy lists is found above, so this one is free or was written the same way before.
        terms.setdefault((kind, new), Term(kind, new, {story.language.path: written}))
        return new

    category = story.category
    if story.kind in ("story", "product"):
        kind, part = ("section", "sections") if story.kind == "story" else ("product", "product_categories")
        known = taxonomy.find(kind, category) if category else None
        if known is not None:
            category = known.id
        elif category and not taxonomy.terms[kind]:
            pass  # the taxonomy itself could not be read, which is reported once and not for every story
        elif category:
            fix = did_you_mean(
                category, taxonomy.words(kind), f"Use one of {content}/taxonomy.yaml, or add it there."
            )
            problem("category", f'category "{category}" is not in {part} of {content}/taxonomy.yaml.', fix)
        elif "category" not in mentioned:
            ids = ", ".join(taxonomy.terms[kind])
            problem("category", "category is missing, and no other version gives it.", f"Add one of: {ids}.")
    if story.kind == "story" and story.date is None and "date" not in mentioned:
        problem("date", "date is missing, and no other version gives it.", "Add date: YYYY-MM-DD.")
    if story.kind == "page" and (part := story.key.removeprefix("pages/").partition("/")[0]) in RESERVED:
        problem("title", f'"{part}/" is an address of the portal itself.', "Rename the file.")
    for product in story.products:
        if product not in products:
            fix = did_you_mean(
                product, products, f"Write the name of a file in {content}/*/products/ without .md."
            )
            problem("products", f'product "{product}" does not exist.', fix)
    if story.image is not None and "image" in story.given and story.image.src not in files:
        fix = did_you_mean(story.image.src, files, f"Put the picture into {content}/images/.")
        problem("image", f'image "{story.image.src}" does not exist.', fix)
    source = story.source
    if source is not None and source.name:
        source = dataclasses.replace(source, name=term("source", "source", source.name))
    resolved = dataclasses.replace(
        story,
        category=category,
        tags=_unique(term("tag", "tags", tag) for tag in story.tags),
        authors=_unique(term("author", "authors", author) for author in story.authors),
        source=source,
    )
    return resolved, problems


def _unique(ids: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, ids)))


def _check_references(pairs: Iterable[Pair], files: frozenset[str], content: str) -> list[Problem]:
    stories = {story.path for one in pairs for story in one.versions.values()}
    problems = []
    for one in pairs:
        for story in one.versions.values():
            for reference in story.references:
                target = resolve_reference(story.path, reference.target)
                if target not in stories and target not in files:
                    own = {path for path in stories if path.startswith(f"{story.language.path}/")}
                    near = {_from(story.path, known) for known in own | files}
                    fix = did_you_mean(reference.target, near, "Mend or remove the link.")
                    what = f'link "{reference.target}" has no target.'
                    problems.append(Problem(f"{content}/{story.path}", reference.line, what, fix))
    return problems


def resolve_reference(path: str, target: str) -> str:
    """The path below content/ that *target*, as written in the file *path*, leads to; without ``#…``.

    Args:
        path: of the file with the link (``en/2024/01/rally.md``).
        target: relative to that file, or from content/ when it starts with ``/``.
    """
    bare = unquote(target.partition("#")[0].partition("?")[0])
    joined = bare.lstrip("/") if bare.startswith("/") else posixpath.join(posixpath.dirname(path), bare)
    return posixpath.normpath(joined)


def _from(path: str, target: str) -> str:
    return posixpath.relpath(target, posixpath.dirname(path))


def _check_front(fronts: Mapping[str, Front], pairs: Iterable[Pair], shown: str) -> list[Problem]:
    keys = {story.key for one in pairs if one.kind == "story" for story in one.versions.values()}
    pinned: list[Pinned] = []
    for front in fronts.values():
        pinned += [*([front.lead] if front.lead else []), *front.pinned]
    return [
        Problem(
            shown,
            pin.line,
            f'story "{pin.key}" does not exist.',
            did_you_mean(pin.key, keys, "Write its path without language and .md: 2024/01/rally."),
        )
        for pin in pinned
        if pin.key not in keys
    ]
