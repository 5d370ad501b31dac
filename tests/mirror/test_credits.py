"""What is read in the words around a text."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest
from markdown_it.utils import read_fixture_file

from plugins.mirror.article import Article, Block
from plugins.mirror.text.credits import Finding, Place, read, take_credits
from plugins.mirror.text.people import is_chinese_name, names_in

EXAMPLES = read_fixture_file(Path(__file__).with_name("credits.md"))


@pytest.mark.parametrize(("line", "claim", "words", "expected"), EXAMPLES, ids=lambda value: str(value)[:40].strip())
def test_words_around_a_text_are_understood(line: int, claim: str, words: str, expected: str) -> None:
    """Each example says what leaves the text and what stays."""
    place, text = words.rstrip("\n").split("\n", 1)
    lang, where = place.split()
    head, tail = where == "head", where == "tail"
    found, rest = read(text, Place(lang, head=head, tail=tail, ending=tail, opening=head))
    assert shown(found, rest) == expected.rstrip("\n")


def shown(found: list[Finding], rest: str) -> str:
    lines = []
    for name in (field.name for field in fields(Finding) if field.name != "rest"):
        for value in (getattr(finding, name) for finding in found):
            if name == "image" and value:
                value = " ".join(f"{key}={word}" for key in ("alt", "credit") if (word := getattr(value, key)))
            if value:
                lines.append(f"{name}: {', '.join(value) if isinstance(value, tuple) else value}")
    return "\n".join(lines + ([f"rest: {rest}"] if rest else []))


def article(*paragraphs: str, lang: str = "en") -> Article:
    return Article("Title", lang, 1, tuple(Block(text) for text in paragraphs))


def test_debris_between_notice_and_keywords_leaves_a_warning() -> None:
    """Two words that fell off the page are not text, but the editor hears of them."""
    text = "The quay opens in June, three years after it was planned, and the ferry moves there."
    found = take_credits(article(text, "All rights reserved.", "Very complex", "quay, ferry, public works, June"))
    assert [block.text for block in found.blocks] == [text]
    assert found.tags == ("quay", "ferry", "public works", "June")
    assert any("Very complex" in warning for warning in found.warnings)


def test_a_short_last_sentence_is_no_debris() -> None:
    """«It rains.» has a stop."""
    assert [block.text for block in take_credits(article("A text.", "It rains.")).blocks] == [
        "A text.",
        "It rains.",
    ]


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("记者 贺 宁 李明明；编辑 苗青", ("贺宁", "李明明", "苗青")),
        ("文/欧阳一鸣", ("欧阳一鸣",)),
        ("记者 近日", ()),
        ("Reporting by Jane Doe and Li Lei; editing by Max Orr", ("Jane Doe", "Li Lei", "Max Orr")),
    ],
)
def test_names_in_bylines(words: str, names: tuple[str, ...]) -> None:
    """Roles and what divides the names are left out."""
    assert names_in(words) == names


@pytest.mark.parametrize(
    ("word", "is_name"), [("卢大海", True), ("今年", False), ("方案显示", False), ("买买提·艾力", True)]
)
def test_a_name_begins_with_a_family_name(word: str, is_name: bool) -> None:
    """Or has the dot of a transcribed one."""
    assert is_chinese_name(word) == is_name
