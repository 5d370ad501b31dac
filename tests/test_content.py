"""The portal's own content: what comes with the repository is complete, in both languages, and clean."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from conftest import ROOT, run_pelican

from plugins.audit.site import audit
from plugins.desk.status import status_of
from plugins.languages.chinese import HAN
from plugins.reader.reader import read_story
from plugins.reader.story import Story
from plugins.settings import PREVIEW_URL

CONTENT = ROOT / "content"
BETWEEN_HAN = re.compile(rf"[{HAN}][,;:?!()]+[{HAN}]")
SPACED_HAN = re.compile(rf"[{HAN}] +[{HAN}]")


def stories() -> list[Story]:
    """Every file of content/, read as the build reads it; problems end the test."""
    from zoneinfo import ZoneInfo

    read = []
    for file in sorted(CONTENT.glob("*/**/*.md")):
        path = file.relative_to(ROOT).as_posix()
        story, problems = read_story(path, file.read_bytes(), ZoneInfo("Asia/Shanghai"))
        assert story is not None and not problems, problems
        read.append(story)
    return read


def test_there_is_enough_of_everything() -> None:
    """At least 20 stories in both languages and 3 in each alone, 6 products in 3 categories, 3 pages."""
    languages: dict[tuple[str, str], set[str]] = {}
    categories = Counter()
    for story in stories():
        languages.setdefault((story.kind, story.key), set()).add(story.language.path)
        if story.kind == "product":
            categories[story.category] += 1
    of = Counter((kind, "".join(sorted(there))) for (kind, _), there in languages.items())
    assert of["story", "enzh"] >= 20
    assert of["story", "en"] >= 3 and of["story", "zh"] >= 3
    assert of["product", "enzh"] >= 6 and len(categories) >= 3
    assert of["page", "enzh"] >= 3
    assert not [key for key in of if key[0] != "story" and key[1] != "enzh"]


def test_stories_have_the_length_of_stories() -> None:
    """150 to 500 words in English, 300 to 1,200 characters in Chinese, with a summary."""
    for story in stories():
        if story.kind != "story":
            continue
        if story.language.path == "zh":
            length, least, most = len(re.findall(f"[{HAN}]", story.text)), 300, 1200
        else:
            length, least, most = len(story.text.split()), 150, 500
        assert least <= length <= most, f"{story.path}: {length}"
        assert story.summary, story.path


def test_chinese_is_punctuated_as_chinese() -> None:
    """No half-width comma, colon or bracket between Chinese characters, and no space."""
    for story in stories():
        if story.language.path == "zh":
            for text in (story.title, story.summary, *story.text.splitlines()):
                assert not BETWEEN_HAN.search(text), f"{story.path}: {BETWEEN_HAN.search(text)}"
            written = (CONTENT / story.path).read_text(encoding="utf-8")
            for line in written.splitlines():
                if not line.startswith(("|", "-")):
                    assert not SPACED_HAN.search(line), f"{story.path}: {SPACED_HAN.search(line)}"


def test_nothing_waits_to_be_mended() -> None:
    """No problem, no draft and no outdated translation is left lying about."""
    from datetime import UTC, datetime
    from zoneinfo import ZoneInfo

    status = status_of(CONTENT, ZoneInfo("Asia/Shanghai"), datetime.now(UTC))
    assert () == status.problems + status.drafts + status.outdated + status.embargoed


@pytest.mark.parametrize(
    "settings", [{}, {"SITEURL": "https://x.example/portal", "FILE_LINKS": False}], ids=["local", "published"]
)
def test_the_portal_is_in_order(tmp_path: Path, settings: dict[str, object]) -> None:
    """The audit finds nothing in the portal as it is."""
    site = run_pelican(CONTENT, tmp_path / "output", tmp_path / "cache", **settings)
    assert [] == audit(site.output, [PREVIEW_URL, str(settings.get("SITEURL", ""))])
