"""How long a story takes to read."""

from __future__ import annotations

import math
import re

from plugins.languages import Language
from plugins.languages.chinese import HAN
from plugins.reader.story import Story

READING_SPEED = {"en": 238, "zh": 260}
"""Words (en) or characters (zh) a minute, by path of language."""

_WORD = re.compile(r"\w+(?:['’.,-]\w+)*")
_HAN = re.compile(f"[{HAN}]")
_LATIN_WORD = re.compile(r"[A-Za-z0-9]+(?:[.,'’-][A-Za-z0-9]+)*")


def reading_minutes(text: str, language: Language) -> int:
    """Estimate how long a story takes to read silently.

    Args:
        text: the story without markup; any length, may be empty.
        language: decides the unit of counting, words (en) or characters (zh).
    Returns: whole minutes, at least 1.
    Raises: KeyError when READING_SPEED has no row for *language*.
    Source: Brysbaert 2019, doi:10.1016/j.jml.2019.104047 (English 238 words, Chinese 260 characters per minute).
    """
    if language.path == "zh":
        count = len(_HAN.findall(text)) + len(_LATIN_WORD.findall(text))
    else:
        count = len(_WORD.findall(text))
    return max(1, math.ceil(count / READING_SPEED[language.path]))


def minutes_of(story: Story) -> int:
    """How long *story* takes to read, counted now where nobody has counted before."""
    return reading_minutes(story.text, story.language) if story.minutes is None else story.minutes
