"""The figures of a text in one form for both languages: ``1.2万亿`` is ``1.2 trillion``, ``5月6日`` is ``May 6``."""

from __future__ import annotations

import re
import unicodedata

_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10_000, "亿": 100_000_000}

_LARGE_WORDS = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
_SCALES = _LARGE_WORDS | {"m": 1e6, "mn": 1e6, "bn": 1e9, "tn": 1e12}
_ONES = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
seventeen eighteen nineteen"""
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_WORDS = {word: value for value, word in enumerate(_ONES.split())} | {
    word: 10 * value for value, word in enumerate(_TENS.split(), 2)
}
_MONTH_NAMES = "january february march april may june july august september october november december"
_MONTHS = _MONTH_NAMES.split()
_MONTH = "|".join(f"{name[:3]}(?:{name[3:]})?\\.?" if len(name) > 4 else name for name in _MONTHS)

_PLAIN = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_CHINESE_FIGURE = re.compile(
    rf"(?P<number>{_PLAIN})\s*(?P<scale>[十百千]?[万亿]{{0,2}})\s*(?P<percent>%|个百分点)?"
    r"|(?P<words>[零〇一二两三四五六七八九十百千万亿]{2,})"
    r"|百分之(?P<share>[\d.]+|[零〇一二三四五六七八九十百点]+)"
)
_FIRST = "|".join([*_WORDS, *(f"a {scale}" for scale in _LARGE_WORDS)])
_NEXT = "|".join([*_WORDS, *_LARGE_WORDS])
_ENGLISH_FIGURE = re.compile(
    rf"(?P<number>{_PLAIN})(?:\s*-?(?P<scale>hundred|thousand|million|billion|trillion|mn|bn|tn|m)\b)?"
    r"\s*(?P<percent>%|per\s?cent\b|percentage points?\b)?"
    rf"|\b(?P<words>(?:{_FIRST})(?:[ -](?:and )?(?:{_NEXT}))*)\b"
    r"(?P<share>\s(?:percent|per\scent)\b)?",
    re.IGNORECASE,
)
_CHINESE_DAY = re.compile(r"(?:(?P<year>\d{4})年)?(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号]")
_ENGLISH_DAY = re.compile(
    rf"\b(?:(?P<month>{_MONTH})\s(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b|(?P<day2>\d{{1,2}})\s(?P<month2>{_MONTH})\b)"
    r"(?:,?\s\d{4}\b)?",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d年|\b(?:in|of|since|by|from|until)\s(?:19|20)\d\d\b", re.IGNORECASE)


def figures(text: str, lang: str) -> frozenset[str]:
    """The figures of a text that tell stories apart: ``1.2e+12``, ``3.5%``, ``day 5-6``.

    Small whole numbers and years are in every story and left out.
    """
    text = unicodedata.normalize("NFKC", text)
    chinese = lang == "zh"
    days = _CHINESE_DAY if chinese else _ENGLISH_DAY
    found = {_day(match) for match in days.finditer(text)}
    rest = _YEAR.sub(" ", days.sub(" ", text))
    pattern, read = (_CHINESE_FIGURE, _chinese) if chinese else (_ENGLISH_FIGURE, _english)
    for match in pattern.finditer(rest):
        value, percent = read(match)
        if percent:
            found.add(f"{value:.4g}%")
        elif (value > 12 and not 1900 <= value <= 2100) or value != int(value):
            found.add(f"{value:.4g}")
    return frozenset(found)


def _day(match: re.Match[str]) -> str:
    groups = match.groupdict()
    month = groups["month"] or groups["month2"]
    day = groups["day"] or groups["day2"]
    number = (
        int(month)
        if month.isdigit()
        else next(at for at, name in enumerate(_MONTHS, 1) if name.startswith(month[:3].lower()))
    )
    return f"day {number}-{int(day)}"


def _chinese(match: re.Match[str]) -> tuple[float, bool]:
    if match["share"]:
        share = match["share"]
        whole, _, part = share.partition("点")
        if share[0] in "0123456789":
            return _plain(share), True
        return _numeral(whole) + float("0." + ("".join(str(_DIGITS.get(c, 0)) for c in part) or "0")), True
    if match["words"]:
        return float(_numeral(match["words"])), False
    value = _plain(match["number"])
    for character in match["scale"]:
        value *= (_UNITS | _LARGE)[character]
    return value, bool(match["percent"])


def _english(match: re.Match[str]) -> tuple[float, bool]:
    if match["words"]:
        return float(_spoken(match["words"])), bool(match["share"])
    value = _plain(match["number"])
    return value * _SCALES.get((match["scale"] or "").lower(), 1), bool(match["percent"])


def _plain(digits: str) -> float:
    try:
        return float(digits.replace(",", ""))
    except ValueError:
        return 0.0


def _numeral(words: str) -> int:
    """``四十六亿`` → 4600000000; figures in a row are digits, ``二〇二四``."""
    if not any(character in _UNITS or character in _LARGE for character in words):
        return int("".join(str(_DIGITS[character]) for character in words) or 0)
    total = section = digit = 0
    for character in words:
        if character in _DIGITS:
            digit = _DIGITS[character]
        elif character in _UNITS:
            section += (digit or 1) * _UNITS[character]
            digit = 0
        else:
            total = (total + section + digit or 1) * _LARGE[character]
            section = digit = 0
    return total + section + digit


def _spoken(words: str) -> float:
    """``two hundred and twelve thousand`` → 212000."""
    total = part = 0.0
    for word in re.split(r"[ -]", words.lower()):
        if word in _WORDS:
            part += _WORDS[word]
        elif word == "hundred":
            part = (part or 1) * 100
        elif word in _SCALES:
            total += (part or 1) * _SCALES[word]
            part = 0.0
    return total + part
