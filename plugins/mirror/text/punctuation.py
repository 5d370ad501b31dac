"""Give Chinese text back the full-width punctuation that a dump turned into ASCII.

Whether a mark is Chinese is read from the nearest letters or digits on its two sides and the spaces between.
"""

from __future__ import annotations

import re

from plugins.languages.chinese import FULL_WIDTH_PUNCTUATION, HAN, is_han
from plugins.mirror.text.addresses import ADDRESS

FULL_WIDTH = str.maketrans(",:;?!", "，：；？！")

_HAN = re.compile(f"[{HAN}]")
_WORD = re.compile(r"[^\W_]")

_MARKS = re.compile(
    rf"""(?P<keep> {ADDRESS}
         | [\w.+-]{{1,64}} @ [\w-]{{1,64}} \.[\w.]{{1,64}}                         # a mail address
         | (?<!\d) (?<!\d[.,]) \d{{1,3}} (?:,\d{{3}}){{1,6}} (?![\d,])                # 8,774
         | (?<![A-Z]\d) (?<!\d) (?<![A-SU-Za-z]) (?! \d+ : \d{{1,3}},\d{{3}})         # not «M2:8.7%», «70:5,499»
           \d{{1,9}} (?:\.\d{{1,9}})? (?: : \d{{1,9}} (?:\.\d{{1,9}})? ){{1,2}}         # 18:30, 2:1
         | (?<!\d) \d{{4,6}} : (?:19|20)\d\d (?!\d)                                  # ISO 9001:2015
       ) | (?P<mark> [,:;?!] )""",
    re.VERBOSE | re.ASCII,
)
_BRACKETS = re.compile(r"\(([^()]{0,300})\)")
_QUOTES = re.compile(r'(?<![0-9"])"([^"]{1,400})"(?!")')
_SINGLE_QUOTES = re.compile(r"(?<![A-Za-z0-9'])'([^']{1,200})'(?![A-Za-z0-9'])")
_CLOSERS = "”’」』)）》】\"'"
_OPENERS = "“‘「『(（《【\"'"

_GAP_AFTER = re.compile(r"([，：；？！（])[ \t\u00a0]+")
_GAP_AFTER_IN_HEADLINE = re.compile(r"([，：；（])[ \t\u00a0]+")
_GAP_BEFORE = re.compile(r"(?<=\S)[ \t\u00a0]+([，：；？！（）])")
_GAP_AFTER_BRACKET = re.compile(rf"）[ \t\u00a0]+(?=[{HAN}{FULL_WIDTH_PUNCTUATION}])")


def restore(text: str, headline: bool = False) -> str:
    """Write ，：；？！（）“” where a dump has their ASCII forms; text without Chinese is returned as it is.

    Args:
        text: one title, paragraph or line.
        headline: keep the space after ？ and ！, which divides the halves of a Chinese headline.
    Returns: the text; marks inside Latin phrases, numbers, times and addresses stay ASCII. Restoring twice
        changes nothing more.
    """
    if not _HAN.search(text):
        return text
    # A restored mark takes the space beside it away, and then its neighbour is closer to a Chinese character.
    for _ in range(MOST_PASSES):
        restored = _restored(text, headline)
        if restored == text:
            break
        text = restored
    return text


MOST_PASSES = 6
"""Texts that people wrote need two."""


def _restored(text: str, headline: bool) -> str:
    text = _BRACKETS.sub(_restore_brackets, text)
    text = _QUOTES.sub(lambda found: _restore_pair(found, "“", "”"), text)
    text = _SINGLE_QUOTES.sub(lambda found: _restore_pair(found, "‘", "’"), text)
    text = _MARKS.sub(_restore_mark, text)  # after the quotation marks, which it looks at
    text = _GAP_BEFORE.sub(r"\1", text)
    text = (_GAP_AFTER_IN_HEADLINE if headline else _GAP_AFTER).sub(r"\1", text)
    return text if headline else _GAP_AFTER_BRACKET.sub("）", text)


def _restore_mark(found: re.Match[str]) -> str:
    mark = found["mark"]
    if mark is None:
        return found[0]
    text, at = found.string, found.start()
    if text[at - 1 : at] and is_han(text[at - 1]):
        return mark.translate(FULL_WIDTH)
    left, right = _word_before(text, at), _word_after(text, at + 1)
    following = text[at + 1 : at + 2]
    if mark in "?!" and following in _CLOSERS and following:
        return mark.translate(FULL_WIDTH) if _HAN.search(_quotation(text, at)) else mark
    if is_han(left or " ") or is_han(right or " "):
        return mark.translate(FULL_WIDTH)
    if not right:
        return mark.translate(FULL_WIDTH) if mark in "?!" else mark
    # «Google,Meta» without a space had a full-width comma; in a Latin phrase a space follows.
    tight = (following.isalnum() or following in _OPENERS) and not text[at - 1 : at].isspace()
    in_a_number = mark not in ",:" and text[at - 1 : at].isdigit() and following.isdigit()
    return mark.translate(FULL_WIDTH) if tight and not in_a_number else mark


def _quotation(text: str, end: int) -> str:
    """The text from the nearest opening quotation mark before *end*; at most 200 characters."""
    before = text[max(0, end - 200) : end]
    return before[max(before.rfind(mark) for mark in _OPENERS) + 1 :]


def _restore_brackets(found: re.Match[str]) -> str:
    text, inside = found.string, found[1]
    # «Nova Fold (AR) 手机»: a Latin phrase goes on in the brackets.
    in_phrase = re.search(r"[A-Za-z0-9]\s$", text[max(0, found.start() - 2) : found.start()])
    left, right = _word_before(text, found.start()), _word_after(text, found.end())
    beside_han = is_han(left or " ") or (not in_phrase and is_han(right or " "))
    return f"（{inside}）" if _HAN.search(inside) or beside_han else found[0]


def _restore_pair(found: re.Match[str], opening: str, closing: str) -> str:
    around = (_word_before(found.string, found.start()), _word_after(found.string, found.end()))
    chinese = _HAN.search(found[1]) or any(is_han(char or " ") for char in around)
    return f"{opening}{found[1]}{closing}" if chinese else found[0]


def _word_before(text: str, at: int) -> str:
    """The nearest letter or digit before *at*; empty when twelve marks stand in between."""
    return next((char for char in reversed(text[max(0, at - 12) : at]) if _WORD.match(char)), "")


def _word_after(text: str, at: int) -> str:
    """The nearest letter or digit from *at* on; empty when twelve marks stand in between."""
    return next((char for char in text[at : at + 12] if _WORD.match(char)), "")
