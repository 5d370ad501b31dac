"""Plain text survives Markdown, and is not escaped more than that takes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.utils import read_fixture_file

from plugins.mirror.article import Block
from plugins.mirror.text.markdown_text import as_markdown, escape

EXAMPLES = read_fixture_file(Path(__file__).with_name("markdown.md"))
TRICKY = st.text(alphabet="ab1 中。*_`<>[]()!#&;:~\\-+=./\"'|", min_size=1, max_size=30)


@pytest.mark.parametrize(("line", "claim", "text", "expected"), EXAMPLES)
def test_only_markup_is_escaped(line: int, claim: str, text: str, expected: str) -> None:
    """Each example: a text, and its Markdown."""
    assert escape(text.rstrip("\n")) == expected.rstrip("\n")


@given(TRICKY)
@example("a __中__ b")
def test_a_reader_of_markdown_sees_the_same_text(text: str) -> None:
    """Whatever a portal prints, CommonMark shows those characters in one paragraph."""
    text = re.sub(r"\s+", " ", text).strip() or "a"
    tokens = MarkdownIt("commonmark").parse(escape(text))
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    children = tokens[1].children
    assert {child.type for child in children} <= {"text", "text_special"}
    assert "".join(child.content for child in children) == text


def test_subheads_are_of_the_second_level() -> None:
    """The title is the first."""
    assert as_markdown([Block("Why", "heading"), Block("Because.")]) == "## Why\n\nBecause."


def test_hashes_at_the_end_of_a_subhead_stay() -> None:
    """Readers of Markdown leave out a closing sequence."""
    assert (
        as_markdown([Block("Songs in F ##", "heading"), Block("In C#", "heading")]) == "## Songs in F \\##\n\n## In C#"
    )
