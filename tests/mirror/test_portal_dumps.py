"""The two dumps the portal was built from, where they are at hand: facts, none of their text."""

from __future__ import annotations

import os
import re
from datetime import date
from pathlib import Path

import pytest

from plugins.mirror.article import Article
from plugins.mirror.dump.extract import extract

FOLDER = Path(os.environ.get("DUIKAI_SOURCES", Path(__file__).parent.parent.parent.parent / "shared" / "sources"))
pytestmark = pytest.mark.skipif(
    not (FOLDER / "portal-zh.txt").is_file(),
    reason="the dumps are other people's articles, not in the repository; DUIKAI_SOURCES names their folder",
)


def articles(lang: str) -> list[Article]:
    return extract((FOLDER / f"portal-{lang}.txt").read_bytes(), now=date(2026, 1, 31))


def count(found: list[Article], kind: str) -> list[int]:
    return [sum(block.kind == kind for block in article.blocks) for article in found]


def test_the_chinese_dump() -> None:
    """14 articles, their subheads, paragraphs, days and people."""
    found = articles("zh")
    assert count(found, "heading") == [3, 0, 3, 2, 3, 2, 2, 2, 3, 3, 3, 3, 0, 3]
    assert count(found, "paragraph") == [11, 12, 20, 9, 13, 14, 17, 11, 9, 10, 13, 12, 5, 41]
    assert [article.date for article in found] == [
        *("2024-01-25", "2024-02-05", "2024-01-26", "2024-02-05", "2024-02-02", "2024-02-05", "2024-02-05"),
        *("2024-02-02", "2024-01-30", "2024-01-31", "2024-02-02", "2024-02-01", "2024-02-06", "2024-01-26"),
    ]
    assert [len(article.authors) for article in found] == [0, 1, 0, 1, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0]
    assert [bool(article.source.name) for article in found] == [True] * 7 + [False] + [True] * 5 + [False]
    assert [len(article.images) for article in found] == [0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 2]
    assert [len(article.links) for article in found] == [0] * 13 + [1]


def test_the_english_dump() -> None:
    """5 articles, their subheads, paragraphs, days and words kept."""
    found = articles("en")
    assert count(found, "heading") == [9, 2, 0, 3, 0]
    assert count(found, "paragraph") == [15, 21, 9, 13, 10]
    assert [article.date for article in found] == [
        "2019-02-27",
        "2023-09-10",
        None,
        "2023-10-17",
        "2024-01-26",
    ]
    assert [bool(article.source.title) for article in found] == [False, True, False, False, False]
    assert [bool(article.source.notice) for article in found] == [False, False, False, True, True]
    assert [len(article.tags) for article in found] == [0, 0, 0, 0, 7]


def test_no_ascii_mark_is_left_in_chinese() -> None:
    """Marks beside a Chinese character are full-width everywhere."""
    for article in articles("zh"):
        assert not re.findall(r"[\u4e00-\u9fff][,:;?!()]|[,:;?!()][\u4e00-\u9fff]", article.title + article.body)
