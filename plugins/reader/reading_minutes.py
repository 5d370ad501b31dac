"""How long a story takes to read."""

from __future__ import annotations

import math
import re

from plugins.languages import Language
from plugins.languages.chinese import HAN
from plugins.reader.story import Story

READING_SPEED = {"en": 238, "zh": 260}
"""Words (en) or characters (zh) a minute, by path of language."""

WORD = re.compile(r"\w+(?:['’.,-]\w+)*")
HAN_CHARACTERS = re.compile(f"[{HAN}]+")

# Every text is counted, and these count in a fifth of the time what the two above define.
_JOINING = "'’.,-"
_WESTERN = [bytes([byte]).decode("cp1252", "replace") for byte in range(256)]
_LETTERS = bytes(re.fullmatch(r"\w", char) is not None for char in _WESTERN)
_LATIN_LETTERS = bytes(re.fullmatch("[A-Za-z0-9]", char) is not None for char in _WESTERN)
_JOINTS = bytes(char in _JOINING for char in _WESTERN)
"""Tables for ``bytes.translate``: 1 for a letter, or for what joins two parts of a word."""

_WHOLLY_HAN = bytes([*range(0x34, 0x4D), *range(0x4E, 0xA0), 0xF9, 0xFA])
_PARTLY_HAN = bytes([0x4D, *range(0xD8, 0xE0)])
"""First bytes in UTF-16 of Chinese characters, and of Chinese characters and others; but for 〇 (U+3007)."""


def reading_minutes(text: str, language: Language) -> int:
    """Estimate how long a story takes to read silently.

    Args:
        text: the story without markup; any length, may be empty.
        language: decides the unit of counting, words (en) or characters (zh).
    Returns: whole minutes, at least 1.
    Raises: KeyError when READING_SPEED has no row for *language*.
    Source: Brysbaert 2019, doi:10.1016/j.jml.2019.104047 (English 238 words, Chinese 260 characters per minute).
    """
    count = characters_and_words(text) if language.path == "zh" else words(text)
    return max(1, math.ceil(count / READING_SPEED[language.path]))


def words(text: str) -> int:
    """How often WORD is found in *text*."""
    try:
        # The minus sign of tables is the one common character that this encoding lacks.
        western = text.replace("−", " ").encode("cp1252")
    except UnicodeEncodeError:
        return len(WORD.findall(text))
    return _runs(western, _LETTERS)


def characters_and_words(text: str) -> int:
    """How many Chinese characters there are in *text*, and words of Latin letters and digits between them."""
    first_bytes = text.encode("utf-16-be", "surrogatepass")[::2]
    if "〇" in text or len(first_bytes.translate(None, _PARTLY_HAN)) < len(first_bytes):
        characters = len("".join(HAN_CHARACTERS.findall(text)))
    else:
        characters = len(first_bytes) - len(first_bytes.translate(None, _WHOLLY_HAN))
    return characters + _runs(text.replace("’", "'").encode("ascii", "replace"), _LATIN_LETTERS)


def _runs(western: bytes, letters: bytes) -> int:
    """How many words there are in *western*."""
    # A word ends at a letter that neither another follows nor a joint and another. All characters make one number,
    # in which a shift brings the next ones to the place of each.
    letter = int.from_bytes(western.translate(letters), "big")
    joint = int.from_bytes(western.translate(_JOINTS), "big")
    followed = letter << 8 | (joint << 8 & letter << 16)
    return (letter & ~followed).bit_count()


def minutes_of(story: Story) -> int:
    """How long *story* takes to read, counted now where nobody has counted before."""
    return reading_minutes(story.text, story.language) if story.minutes is None else story.minutes
