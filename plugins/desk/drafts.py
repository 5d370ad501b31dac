"""Start a story or its other version as a draft; nothing that exists is ever overwritten."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path

import yaml
from slugify import slugify

from plugins.languages import LANGUAGES, Language
from plugins.problems import Problem, Stop, did_you_mean, report
from plugins.stories.taxonomy import read_taxonomy

OUTCOME = "nothing was written"


def new_story(content: Path, title: str, language: Language, category: str, now: datetime, slug: str = "") -> Path:
    """Write the draft of a new story.

    Args:
        content: the content folder.
        title: of the story, in *language*.
        category: id of a section.
        now: date of the story, in the zone of the portal; its month decides the folder.
        slug: last part of the address; made from the title when empty, Chinese as pinyin.
    Returns: the file.
    Raises: Stop when no address can be made of the title, or the file exists.
    """
    taxonomy, problems = read_taxonomy(content / "taxonomy.yaml", f"{content.name}/taxonomy.yaml")
    if not problems and taxonomy.find("section", category) is None:
        fix = did_you_mean(
            category, taxonomy.words("section"), f"Choose one of: {', '.join(taxonomy.terms['section'])}."
        )
        problems = [Problem(f"{content.name}/taxonomy.yaml", 0, f'"{category}" is not a section.', fix)]
    if slug and slug != slugify(slug):
        fix = f'Write it as "{slugify(slug) or "summit-in-beijing"}".'
        problems.append(Problem("--slug", 0, f'"{slug}" cannot be an address.', fix))
    if problems:
        raise Stop(report(problems, "the command", OUTCOME))
    slug = slug or slugify(_romanised(title), max_length=60, word_boundary=True, save_order=True)
    if not slug:
        fix = "Name one: --slug summit-in-beijing."
        raise Stop(
            report([Problem(content.name, 0, f'no address can be made of "{title}".', fix)], "the title", OUTCOME)
        )
    path = content / language.path / f"{now:%Y}" / f"{now:%m}" / f"{slug}.md"
    front = {"title": title, "date": f"{now:%Y-%m-%d %H:%M}", "category": category, "status": "draft"}
    body = {"en": "Write the story here.", "zh": "正文写在这里。"}[language.path]
    return _write(path, front, body)


def start_translation(file: Path, content: Path) -> list[Path]:
    """Write a draft of every version of the story *file* that does not exist yet, its text to be replaced.

    Date, section and the like are inherited, so the draft leaves them out; ``source_hash`` remembers what the
    translation starts from, and `invoke status` says when the original changes.

    Args:
        file: a Markdown file below *content*.
    Returns: the new files; empty when all versions exist.
    Raises: Stop when *file* is not a story of this portal.
    """
    try:
        own, *rest = file.resolve().relative_to(content.resolve()).parts
        text = file.read_text(encoding="utf-8-sig")
    except ValueError:
        raise Stop(
            report([_not_a_story(file, f"it lies outside of {content.name}/")], "the command", OUTCOME)
        ) from None
    except OSError as error:
        raise Stop(report([_not_a_story(file, str(error.strerror))], "the command", OUTCOME)) from None
    _, mark, rest_of_file = text.partition("---\n")
    front_text, closing, body = rest_of_file.partition("\n---\n")
    if own not in LANGUAGES or not mark or not closing:
        raise Stop(report([_not_a_story(file, "no front matter")], "the command", OUTCOME))
    try:
        front = yaml.safe_load(front_text)
    except yaml.YAMLError:
        front = None
    if not isinstance(front, dict):
        raise Stop(report([_not_a_story(file, "its front matter cannot be read")], "the command", OUTCOME))
    written = []
    for language in LANGUAGES.values():
        other = content.joinpath(language.path, *rest)
        if language.path != own and not other.exists():
            draft = {
                "title": front.get("title", ""),
                "summary": front.get("summary"),
                "status": "draft",
                "translation": {"by": "human", "source_hash": source_hash(text)},
            }
            written.append(_write(other, {name: value for name, value in draft.items() if value}, body.strip()))
    return written


def source_hash(text: str) -> str:
    """A short name for the text of a Markdown file below its front matter; changes when the text does."""
    body = text.replace("\r\n", "\n").partition("\n---\n")[2].strip()
    return hashlib.blake2b(body.encode(), digest_size=6).hexdigest()


def _romanised(title: str) -> str:
    # Imported here: the dictionary of pinyin takes longer to load than everything else that editors start.
    from pypinyin import lazy_pinyin

    return " ".join(lazy_pinyin(title))


def _not_a_story(file: Path, why: str) -> Problem:
    return Problem(str(file), 0, f"this is not a story of the portal ({why}).", "Name a file below content/en/ or zh/.")


def _write(path: Path, front: dict[str, object], body: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    matter = yaml.safe_dump(front, allow_unicode=True, sort_keys=False, width=1000)
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(f"---\n{matter}---\n\n{body}\n")
    except FileExistsError:
        fix = "Choose another slug, or edit that file."
        raise Stop(report([Problem(str(path), 0, "the file exists.", fix)], "the command", OUTCOME)) from None
    return path
