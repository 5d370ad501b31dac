"""How long a story takes to read."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.languages import LANGUAGES
from plugins.languages.chinese import HAN
from plugins.reader.reading_minutes import WORD, characters_and_words, reading_minutes, words

CHARACTER = re.compile(f"[{HAN}]")
LATIN_WORD = re.compile(r"[A-Za-z0-9]+(?:[.,'’-][A-Za-z0-9]+)*")
TEXT = (
    st.text(alphabet="aZ9éßx_.,'’- \n“—?−×中〇，\u3400\u4dbf\u4dc0\u9fff\uf900\ufb00\ud800\U00020000\U000323b0")
    | st.text()
)


@given(TEXT)
def test_words_are_counted_as_they_are_defined(text):
    assert len(WORD.findall(text)) == words(text)


@given(TEXT)
def test_chinese_characters_and_the_words_between_them_are_counted_as_they_are_defined(text):
    assert len(CHARACTER.findall(text)) + len(LATIN_WORD.findall(text)) == characters_and_words(text)


def test_every_character_is_chinese_or_not_as_it_is_defined():
    """The quick count knows rows of characters, the definition each of them."""
    wrong = [hex(code) for code in range(0x33000) if (CHARACTER.match(chr(code)) is not None) != alone(chr(code))]
    assert [] == wrong


def alone(char: str) -> bool:
    return characters_and_words(char) == 1 and not LATIN_WORD.match(char)


@pytest.mark.parametrize(
    ("text", "language", "minutes"),
    [
        ("", "en", 1),
        ("word " * 238, "en", 1),
        ("word " * 239, "en", 2),
        ("well-known, it’s 3.5 " * 80, "en", 2),
        ("字" * 260, "zh", 1),
        ("字，" * 261, "zh", 2),
        ("字 GDP" * 131, "zh", 2),
    ],
)
def test_a_minute_is_238_words_or_260_characters(text, language, minutes):
    assert minutes == reading_minutes(text, LANGUAGES[language])
