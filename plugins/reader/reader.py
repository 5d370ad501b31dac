"""A Markdown file as a Story: for us as plain data, for Pelican as content and metadata."""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pelican.contents import Author, Category, Tag
from pelican.readers import BaseReader

from plugins.languages import LANGUAGES
from plugins.problems import Problem
from plugins.reader.front_matter import FrontMatter, read_front_matter
from plugins.reader.markdown import Body, read_body
from plugins.reader.place import Note, Place, read_place
from plugins.reader.reading_minutes import reading_minutes
from plugins.reader.sanitise import beginning
from plugins.reader.story import Story

# Neither YAML, HTML nor XML may contain these.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")
_LINE_END = re.compile("\r\n?")

NO_DATE = datetime(1970, 1, 1, tzinfo=UTC)
"""What Pelican is told when a file gives no date: it refuses articles that have none."""


def read_story(path: str, data: bytes, timezone: ZoneInfo) -> tuple[Story | None, list[Problem]]:
    """Read one Markdown file.

    Args:
        path: from the folder that holds content/ (``content/en/2024/05/chip.md``).
        data: the bytes of the file.
        timezone: of dates that give none.
    Returns: the story and everything that is wrong with the file. A story can have problems: fields that
        could not be read have their defaults (and are in ``given``), so that other stages can check the rest
        in the same run. It is None when nothing can stand for it: no title, front matter that is not YAML,
        not UTF-8, a place that holds no stories.
    """
    problems: list[Problem] = []

    def note(line: int, what: str, fix: str) -> None:
        problems.append(Problem(path, line, what, fix))

    place = read_place(path, note)
    content = _decode(data, note)
    if content is None:
        return None, problems
    front = read_front_matter(content, place.kind if place else "story", timezone, note)
    if place and place.month:
        _compare_folder(front, place, timezone, note)
    withdrawn = front.values.get("status") == "withdrawn"
    # A withdrawn text appears nowhere, so it goes no further than this.
    source = "" if withdrawn else front.text or ""
    body = read_body(source, place.language if place else LANGUAGES["en"], front.lines["body"], note)
    given = front.values.get("source")
    bound_to_be_short = given is not None and given.permission in ("excerpt", "none")
    if not withdrawn and not bound_to_be_short and front.text is not None and not body.html.strip():
        note(front.lines["body"], "the text is empty.", 'Write it below the second "---".')
    return (_story(place, front, body, timezone) if place and front.readable else None), problems


def _decode(data: bytes, note: Note) -> str | None:
    """The characters of a file, with lines that end in ``\\n``; None when it is not UTF-8."""
    try:
        content = data.removeprefix(BOM_UTF8).decode()
    except UnicodeDecodeError as error:
        # The place of the bad byte counts from the start of error.object, which lacks the byte order mark.
        before = error.object[: error.start].decode("utf-8")
        line = _LINE_END.sub("\n", before).count("\n") + 1
        byte = error.object[error.start]
        note(line, f"byte 0x{byte:02X} is not UTF-8.", 'Save the file with the encoding "UTF-8".')
        return None
    if "\r" in content:
        content = _LINE_END.sub("\n", content)
    # What can be printed is none of them, and that is known sooner.
    if not content.replace("\n", " ").isprintable() and _CONTROL.search(content):
        for number, line in enumerate(content.split("\n"), 1):
            for character in sorted(set(_CONTROL.findall(line))):
                note(number, f"there is an invisible character U+{ord(character):04X}.", "Type the line again.")
        content = _CONTROL.sub("", content)
    return content


def _compare_folder(front: FrontMatter, place: Place, zone: ZoneInfo, note: Note) -> None:
    date = front.values.get("date")
    # Near midnight the day of the writer and the day of the site are both right.
    if date and place.month != _month(date) and place.month != _month(date.astimezone(zone)):
        what = f"date {date:%Y-%m-%d} lies outside of its folder {place.month}."
        note(front.lines["date"], what, "Move the file or mend the date.")


def _month(moment: datetime) -> str:
    return f"{moment.year}/{moment.month:02}"


def _story(place: Place, front: FrontMatter, body: Body, timezone: ZoneInfo) -> Story:
    # Readers compare the times of stories, so all of them are told in one zone.
    moments = {name: front.values[name].astimezone(timezone) for name in ("date", "modified") if front.values.get(name)}
    return Story(
        kind=place.kind,
        language=place.language,
        path=place.path,
        key=place.key,
        body=body.html,
        text=body.text,
        beginning="" if front.values.get("summary") else beginning(body.html, body.text),
        minutes=reading_minutes(body.text, place.language),
        given=frozenset(name for name in front.lines if "." not in name and name != "body"),
        lines=dict(front.lines),
        references=body.references,
        **{**front.values, **moments},
    )


class StoryReader(BaseReader):
    """Pelican's way to read_story."""

    enabled = True
    file_extensions = ("md", "markdown")

    def read(self, source_path: str) -> tuple[str, dict[str, Any]]:
        """Read one file for Pelican.

        Returns: body and metadata. Metadata always has ``story`` (Story or None), ``problems`` (a list)
            and what Pelican needs to make an article, or one broken file would hide the problems of another.
        Raises: OSError when the file cannot be opened.
        """
        file = Path(source_path)
        root = Path(self.settings["PATH"])
        below = file.relative_to(root) if file.is_relative_to(root) else Path(file.name)
        zone = ZoneInfo(self.settings.get("TIMEZONE") or "UTC")
        story, problems = read_story((root.name / below).as_posix(), file.read_bytes(), zone)
        return (story.body if story else ""), self._metadata(below, story) | {
            "story": story,
            "problems": problems,
        }

    def _metadata(self, below: Path, story: Story | None) -> dict[str, Any]:
        if story is None:
            metadata = {
                "title": below.stem,
                "date": NO_DATE,
                "status": "hidden",
                "slug": below.stem or "story",
            }
            return metadata | {"key": below.with_suffix("").as_posix()}
        metadata = {
            "title": story.title,
            "date": story.date or NO_DATE,
            "status": "hidden" if story.status == "withdrawn" else story.status,
            "slug": story.key.rpartition("/")[2],
            "lang": story.language.path,
            "key": story.key,
            "tags": [Tag(name, self.settings) for name in story.tags],
        }
        # Pelican takes the first of authors without looking whether there is one.
        if story.authors:
            metadata["authors"] = [Author(name, self.settings) for name in story.authors]
        if story.category:
            metadata["category"] = Category(story.category, self.settings)
        if story.modified:
            metadata["modified"] = story.modified
        if story.summary:
            metadata["summary"] = story.summary
        return metadata
