"""Dumps with labels made by hand: what a careful reader finds in them is what is extracted.

``tests/dumps/X.txt`` is a dump of invented articles, ``X.json`` says what is true of it. A label has a title,
a body (one entry per block, «## » before subheads) and the fields that the dump settles.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from plugins.mirror.article import Article
from plugins.mirror.dump.extract import extract

DUMPS = Path(__file__).parent.parent / "dumps"
NOW = date(2026, 1, 31)
NAMES = sorted(path.stem for path in DUMPS.glob("*.json"))


def articles_of(name: str) -> list[Article]:
    return extract((DUMPS / f"{name}.txt").read_bytes(), now=NOW)


def labels_of(name: str) -> list[dict]:
    return json.loads((DUMPS / f"{name}.json").read_text(encoding="utf-8"))


PAIRS = [pytest.param(name, at, id=f"{name}-{at}") for name in NAMES for at in range(len(labels_of(name)))]


@pytest.mark.parametrize("name", NAMES)
def test_every_article_is_found_and_nothing_else(name: str) -> None:
    """Titles are exact, in their order."""
    assert [article.title for article in articles_of(name)] == [label["title"] for label in labels_of(name)]


@pytest.mark.parametrize(("name", "at"), PAIRS)
def test_a_body_has_the_words_of_its_article(name: str, at: int) -> None:
    """F1 of at least 0.98, of characters in Chinese and of words in English."""
    article, label = articles_of(name)[at], labels_of(name)[at]
    truth = "\n".join(line.removeprefix("## ") for line in label["body"])
    assert f1(re.sub(r"^## ", "", article.body, flags=re.MULTILINE), truth, article.lang) >= 0.98


@pytest.mark.parametrize(("name", "at"), PAIRS)
def test_paragraphs_and_subheads_are_restored(name: str, at: int) -> None:
    """Block by block, with full-width punctuation."""
    article = articles_of(name)[at]
    blocks = [("## " if block.kind == "heading" else "") + block.text for block in article.blocks]
    assert blocks == labels_of(name)[at]["body"]


@pytest.mark.parametrize(("name", "at"), PAIRS)
def test_what_stands_around_the_text_is_in_its_field(name: str, at: int) -> None:
    """Date, source, people, words kept word for word, keywords, picture credits, addresses and section."""
    article, label = articles_of(name)[at], labels_of(name)[at]
    found = {
        "date": article.date,
        "source": article.source.name,
        "authors": list(article.authors),
        "dateline": article.source.dateline,
        "notice": article.source.notice,
        "original_title": article.source.title,
        "tags": list(article.tags),
        "images": [image.credit for image in article.images],
        "links": list(article.links),
        "category": article.category,
    }
    settled = {key: label[key] for key in found if key in label}
    assert {key: found[key] for key in settled} == settled


@pytest.mark.parametrize(("name", "at"), PAIRS)
def test_a_summary_is_the_beginning_of_the_text(name: str, at: int) -> None:
    """Whole sentences where they fit, 200 characters in English and 100 in Chinese at most."""
    article = articles_of(name)[at]
    first = next(block.text for block in article.blocks if block.kind == "paragraph")
    assert article.summary.removesuffix("…")[:20] == first[:20]
    assert 0 < len(article.summary) <= {"en": 200, "zh": 100}[article.lang]


@pytest.mark.parametrize("name", NAMES)
def test_a_guess_is_a_warning(name: str) -> None:
    """A date without a full date in the dateline is never passed off as known."""
    for article in articles_of(name):
        stated = re.search(r"20\d\d", " ".join([*article.source.credits, article.source.dateline or ""]))
        assert stated or any("is a guess" in warning or "No date" in warning for warning in article.warnings)


def test_the_same_dump_gives_the_same_articles() -> None:
    """Whatever its line ends, its mark and its encoding are."""
    text = (DUMPS / "run-together.txt").read_text(encoding="utf-8")
    expected = articles_of("run-together")
    for data in (
        text.replace("\n", "\r\n").encode(),
        b"\xef\xbb\xbf" + text.encode(),
        text.encode("gb18030"),
        text.encode("utf-16"),
        text.replace("\n", "\n\n").encode(),
    ):
        assert [found.blocks for found in extract(data, now=NOW)] == [article.blocks for article in expected]


def test_a_dump_without_menus_and_footer_has_the_same_articles() -> None:
    """They help nobody but the site."""
    text = (DUMPS / "run-together.txt").read_text(encoding="utf-8")
    bare = text.split("加载中...\n")[-1].split("版权所有")[0]
    assert [found.title for found in extract(bare.encode(), now=NOW)] == [
        label["title"] for label in labels_of("run-together")
    ]


def test_a_line_of_five_megabytes_is_read() -> None:
    """No rule looks at a text more often than its length allows."""
    line = "这一段说的是港口,很长。 " * 400_000
    article = extract(f"港口智能闸口启用 等候缩短\n{line}".encode(), now=NOW)[0]
    assert len(article.blocks) == 400_000


def f1(found: str, truth: str, lang: str) -> float:
    words = r"\S" if lang == "zh" else r"\w+"
    ours, theirs = (Counter(re.findall(words, text.lower())) for text in (found, truth))
    return 2 * (ours & theirs).total() / (ours.total() + theirs.total())
