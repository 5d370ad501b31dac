"""Full-width punctuation comes back where it was, and nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it.utils import read_fixture_file

from plugins.mirror.text.addresses import find_addresses, rejoin_addresses
from plugins.mirror.text.punctuation import restore

HERE = Path(__file__).parent
MIXED = st.text(alphabet="中文年一a B9.,:;?!()\"'“”《》 /%-", max_size=60)
LATIN = st.text(alphabet=st.characters(max_codepoint=0x24F), max_size=60)


@pytest.mark.parametrize(("line", "claim", "text", "expected"), read_fixture_file(HERE / "punctuation.md"))
def test_marks_are_restored(line: int, claim: str, text: str, expected: str) -> None:
    """Each example: a line of a dump, and the line as it was printed."""
    assert restore(text.rstrip("\n")) == expected.rstrip("\n")


@pytest.mark.parametrize(("line", "claim", "text", "expected"), read_fixture_file(HERE / "headlines.md"))
def test_headlines_keep_the_space_between_their_halves(line: int, claim: str, text: str, expected: str) -> None:
    """Each example: a title line of a dump, and the headline."""
    assert restore(text.rstrip("\n"), headline=True) == expected.rstrip("\n")


@given(MIXED, st.booleans())
def test_restoring_twice_changes_nothing_more(text: str, headline: bool) -> None:
    """A pull of a text that was pulled before writes the same bytes."""
    once = restore(text, headline)
    assert restore(once, headline) == once


@given(LATIN)
def test_a_latin_text_is_never_touched(text: str) -> None:
    """English articles go through the same function."""
    assert restore(text) == text


@given(MIXED)
def test_only_marks_and_spaces_change(text: str) -> None:
    """No letter, digit or Chinese character is lost, added or moved."""
    assert [char for char in restore(text) if char.isalnum()] == [char for char in text if char.isalnum()]


@pytest.mark.parametrize(
    ("torn", "whole"),
    [
        (
            "见 https://example.org/ content / 2022 / a_b.pdf 另见",
            "见 https://example.org/content/2022/a_b.pdf 另见",
        ),
        ("see https://example.org/ YouTube / Music", "see https://example.org/YouTube/Music"),
        ("见 https://example.org/ YouTube 应用", "见 https://example.org/ YouTube 应用"),
        ("支持 3D / VR 布局", "支持 3D / VR 布局"),
    ],
)
def test_an_address_that_was_torn_apart_is_joined(torn: str, whole: str) -> None:
    """Only slashes hold the parts of an address together; other words keep their spaces."""
    assert rejoin_addresses(torn) == whole


def test_addresses_are_found_without_the_marks_around_them() -> None:
    """The comma of the sentence is not part of the address."""
    text = "见https://example.org/b?c=d，另见 (https://example.org/x.pdf). https://example.org/b?c=d"
    assert find_addresses(text) == ("https://example.org/b?c=d", "https://example.org/x.pdf")
