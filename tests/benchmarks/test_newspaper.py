"""The newspapers that builds are measured on: without problems, the same every time, each story with its own text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from conftest import run_pelican

from benchmarks.newspaper import write_newspaper
from plugins.languages.chinese import HAN

VERSIONS = 40
BETWEEN_HAN = re.compile(rf"[{HAN}][,;:?!.()]+[{HAN}]")
SPACED_HAN = re.compile(rf"[{HAN}] +[{HAN}]")


@pytest.fixture(scope="module")
def newspaper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    content = tmp_path_factory.mktemp("newspaper")
    write_newspaper(content, VERSIONS)
    return content


def stories(content: Path) -> list[Path]:
    return sorted(content.glob("*/[0-9]*/*/*.md"))


def body(file: Path) -> str:
    return file.read_text(encoding="utf-8").split("---\n", 2)[2]


def test_it_has_as_many_versions_as_asked_for(newspaper: Path) -> None:
    """Versions are files of stories, in both languages together."""
    assert VERSIONS == len(stories(newspaper))


def test_it_builds_without_problems(newspaper: Path, tmp_path: Path) -> None:
    """Every story has its page, under the settings of the portal."""
    site = run_pelican(newspaper, tmp_path / "output", tmp_path / "cache")
    for file in stories(newspaper):
        assert site.has(file.relative_to(newspaper).with_suffix("").as_posix())


def test_a_seed_is_a_paper(newspaper: Path, tmp_path: Path) -> None:
    """The same seed gives the same bytes, another one another paper."""
    write_newspaper(tmp_path / "again", VERSIONS)
    write_newspaper(tmp_path / "other", VERSIONS, seed=2)
    assert files(newspaper) == files(tmp_path / "again")
    assert not {body(file) for file in stories(newspaper)} & {body(file) for file in stories(tmp_path / "other")}


def files(folder: Path) -> dict[str, bytes]:
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_each_story_has_its_own_text(newspaper: Path) -> None:
    """Of the paragraphs of a paper, not one is in two stories."""
    paragraphs = [
        block
        for file in stories(newspaper)
        for block in set(body(file).split("\n\n"))
        if len(block) > 60 and not block.startswith("#")
    ]
    assert len(paragraphs) == len(set(paragraphs))


def test_chinese_is_punctuated_as_chinese(newspaper: Path) -> None:
    """No half-width mark and no space between Chinese characters, in titles and summaries, too."""
    for file in newspaper.glob("zh/**/*.md"):
        text = file.read_text(encoding="utf-8")
        assert not BETWEEN_HAN.findall(text) and not SPACED_HAN.findall(text), file
