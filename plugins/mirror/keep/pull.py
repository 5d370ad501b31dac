"""Articles → Markdown files: decide for each what happens to it, then write.

An editor's work is never lost: a file that says something else than the source is left and reported, and a
withdrawn story is neither touched nor written again under another name.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

from plugins.languages import LANGUAGES
from plugins.mirror.article import Article
from plugins.problems import Problem

LONGEST_SLUG = 60
FENCE = re.compile(r"\A---\n(?P<front>.*?)\n---\n?(?P<body>.*)\Z", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Existing:
    """A story that is in the content folder already."""

    path: Path
    front: dict
    body: str

    @property
    def withdrawn(self) -> bool:
        return self.front.get("status") == "withdrawn"

    @property
    def titles(self) -> set[str]:
        """What the story is called, and what it was called at its source."""
        source = self.front.get("source")
        return {
            _key(title)
            for title in (self.front.get("title"), source.get("title") if isinstance(source, dict) else None)
            if title
        }


@dataclass(frozen=True, slots=True)
class Stories:
    """The stories of a language, by each of their titles and by their file."""

    by_title: dict[str, Existing]
    by_path: dict[Path, Existing]


@dataclass(frozen=True, slots=True)
class Planned:
    """A file to write."""

    path: Path
    text: str


def plan_files(
    articles: Iterable[Article], into: Path, retrieved: date, force: bool = False
) -> tuple[list[Planned], list[Problem]]:
    """Decide where each article goes.

    Args:
        articles: with `source.name` and `source.url` filled in as far as they are known.
        into: the content folder.
        retrieved: the day of the pull; it also dates articles that have no date, as drafts.
        force: overwrite stories that say something else than the source; withdrawn ones stay all the same.
    Returns: the files to write, and a Problem for each that would lose an editor's work.
    """
    existing = {lang: _read_existing(into / lang) for lang in LANGUAGES}
    taken: set[Path] = set()
    seen: set[tuple[str, str]] = set()
    planned: list[Planned] = []
    problems: list[Problem] = []
    for article in articles:
        key = (article.lang, _key(article.title))
        if key in seen:
            continue
        seen.add(key)
        text = as_file(article, retrieved)
        path = _path(article, into, retrieved)
        known = _known(article, path, existing[article.lang])
        if known is None:
            path = _free_path(path, taken)
            taken.add(path)
            planned.append(Planned(path, text))
        elif known.withdrawn or _same(known, text):
            continue
        elif force:
            planned.append(Planned(known.path, text))
        else:
            what = f"“{article.title}” says something else here than at its source."
            fix = "Keep the file as it is, or pull with --force to lose the changes that were made here."
            problems.append(Problem(known.path.as_posix(), 0, what, fix))
    return planned, problems


def write_files(planned: Iterable[Planned]) -> None:
    """Write each file whole or not at all."""
    for file in planned:
        file.path.parent.mkdir(parents=True, exist_ok=True)
        draft = file.path.with_name(f".{file.path.name}.{os.getpid()}.part")
        try:
            draft.write_text(file.text, encoding="utf-8", newline="\n")
            draft.replace(file.path)
        finally:
            draft.unlink(missing_ok=True)


def as_file(article: Article, retrieved: date) -> str:
    """The Markdown file of an article: what an editor should check, front matter, body."""
    # A warning is one line; a line break in it would end the comment.
    checks = "".join(f"# check: {' '.join(warning.split())}\n" for warning in article.warnings)
    fields = front_matter(article, retrieved)
    front = yaml.dump(fields, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10_000)
    return f"---\n{checks}{front}---\n\n{article.body}\n"


class _Dumper(yaml.SafeDumper):
    """Writes a day that occurs twice twice: an editor would not know what to do with «&id001»."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def front_matter(article: Article, retrieved: date) -> dict:
    """The fields of docs/design.md, «A story's front matter», as far as the source gives them."""
    image = next((image for image in article.images if image.src), None)
    credits = [
        *article.source.credits,
        *(image.credit or image.alt for image in article.images if not image.src),
    ]
    source = {
        "name": article.source.name,
        "url": article.source.url,
        "retrieved": retrieved,
        "title": article.source.title,
        "dateline": article.source.dateline,
        "notice": article.source.notice,
        "credits": credits,
    }
    fields = {
        "title": article.title,
        "date": _moment(article.date) if article.date else retrieved,
        "modified": _moment(article.modified) if article.modified else None,
        "category": article.category,
        # A day that nobody knows is not published: an editor dates the draft.
        "status": None if article.date else "draft",
        "summary": article.summary,
        "authors": list(article.authors),
        "tags": list(article.tags),
        "image": {
            key: value for key, value in (("src", image.src), ("alt", image.alt), ("credit", image.credit)) if value
        }
        if image
        else None,
        "source": {key: value for key, value in source.items() if value},
    }
    return {key: value for key, value in fields.items() if value}


def slug_of(title: str, lang: str) -> str:
    """The file name of a story: words of an English title, syllables of a Chinese one."""
    from slugify import slugify

    if lang == "zh":
        from pypinyin import lazy_pinyin

        title = " ".join(lazy_pinyin(title))
    return slugify(title.replace("’", ""), max_length=LONGEST_SLUG, word_boundary=True, save_order=True) or "story"


def _known(article: Article, path: Path, stories: Stories) -> Existing | None:
    """The story that is this article: by its title, or by its file where an editor changed the title."""
    if story := stories.by_title.get(_key(article.title)):
        return story
    story = stories.by_path.get(path)
    if not story:
        return None
    source = story.front.get("source")
    same_source = isinstance(source, dict) and source.get("name") and source["name"] == article.source.name
    return story if story.withdrawn or same_source else None


def _path(article: Article, into: Path, retrieved: date) -> Path:
    day = article.published or retrieved
    folder = into / article.lang / f"{day.year:04}" / f"{day.month:02}"
    return folder / f"{slug_of(article.title, article.lang)}.md"


def _free_path(first: Path, taken: set[Path]) -> Path:
    path, number = first, 1
    while path in taken or path.exists():
        number += 1
        path = first.with_stem(f"{first.stem}-{number}")
    return path


def _read_existing(folder: Path) -> Stories:
    """The stories below *folder*; a file that the reader would refuse is none."""
    found = []
    for path in sorted(folder.glob("[0-9]*/[0-9]*/*.md")):
        match = FENCE.match(
            path.read_text(encoding="utf-8", errors="replace").removeprefix("\ufeff").replace("\r\n", "\n")
        )
        try:
            front = yaml.safe_load(match["front"]) if match else None
        except yaml.YAMLError:
            front = None
        if isinstance(front, dict):
            found.append(Existing(path, front, match["body"].strip()))
    by_title = {title: story for story in reversed(found) for title in story.titles}
    return Stories(by_title, {story.path: story for story in found})


def _same(known: Existing, text: str) -> bool:
    """Whether a file says what the source says; when that was fetched and what to check is not part of it."""
    match = FENCE.match(text)
    return known.body == match["body"].strip() and _lasting(known.front) == _lasting(yaml.safe_load(match["front"]))


def _lasting(front: dict) -> dict:
    source = front.get("source")
    lasting = dict(front)
    if isinstance(source, dict):
        lasting["source"] = {key: value for key, value in source.items() if key != "retrieved"}
    if front.get("status") == "draft":
        del lasting["date"]
    return lasting


def _moment(iso: str) -> date | str:
    return iso.replace("T", " ") if "T" in iso else date.fromisoformat(iso)


def _key(title: object) -> str:
    return re.sub(r"\W", "", str(title)).lower()
