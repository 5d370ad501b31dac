"""Which characters are Chinese."""

from __future__ import annotations

import re

HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
"""Chinese characters, for use inside a character class of a regular expression."""

FULL_WIDTH_PUNCTUATION = "\u3001\u3002\u3008-\u3011\u3014-\u301f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65"
"""Punctuation that is as wide as a character, for use inside a character class."""

SHARED_PUNCTUATION = "\u2018\u2019\u201c\u201d\u2014\u2026\u00b7"
"""Quotation marks, dash, ellipsis and middle dot: Chinese beside Chinese, Latin beside Latin."""

_HAN = re.compile(f"[{HAN}]")
_CHINESE = re.compile(f"[{HAN}{FULL_WIDTH_PUNCTUATION}]")


def is_han(char: str) -> bool:
    """Whether *char* (one character) is a Chinese character; punctuation is not."""
    return _HAN.match(char) is not None


def is_chinese(char: str) -> bool:
    """Whether *char* (one character) is a Chinese character or full-width punctuation."""
    return _CHINESE.match(char) is not None
