"""When an article was published and last changed, by many voices that are weighed day by day.

One voice may be wrong: JSON-LD of the last build, a clock in the masthead, Epoch zero, a day in the future. The day
that the weightiest voices share wins; time and zone come from the most exact of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from urllib.parse import urlsplit

from plugins.mirror.page.lines import HIDDEN, NOISE, SEAM, Line
from plugins.mirror.page.view import View
from plugins.mirror.page.voices import NOBODY, Voice, clean, types_of
from plugins.mirror.text.calendars import MONTH, MONTHS

EARLIEST = date(1991, 1, 1)
"""No news page is older than the web; Epoch zero and slips of the pen are."""

META_DATES = {
    "article:published_time": 0.85,
    "og:article:published_time": 0.8,
    "article:published": 0.8,
    "og:published_time": 0.8,
    "og:pubdate": 0.8,
    "rnews:datepublished": 0.8,
    "datepublished": 0.8,
    "weibo:article:create_at": 0.8,
    "apub:time": 0.75,
    "parsely-pub-date": 0.8,
    "sailthru.date": 0.75,
    "pubdate": 0.8,
    "publishdate": 0.8,
    "publish-date": 0.8,
    "publish_date": 0.8,
    "publish_time": 0.8,
    "publishtime": 0.8,
    "published_time": 0.8,
    "pub_date": 0.75,
    "og:release_date": 0.75,
    "bytedance:published_time": 0.8,
    "article.published": 0.8,
    "ptime": 0.75,
    "firstpublishedtime": 0.75,
    "citation_publication_date": 0.75,
    "citation_date": 0.7,
    "article_date_original": 0.75,
    "originalpublicationdate": 0.8,
    "cxenseparse:recs:publishtime": 0.8,
    "displaydate": 0.7,
    "dc.date.issued": 0.75,
    "dcterms.date": 0.65,
    "dcterms.created": 0.65,
    "dc.date.created": 0.65,
    "dc.date": 0.6,
    "datecreated": 0.6,
    "date": 0.6,
    "created": 0.5,
    "pdate": 0.6,
    "timestamp": 0.5,
}
"""Meta fields with the day of publication, and how far each is believed."""

META_CHANGES = (
    "article:modified_time",
    "og:updated_time",
    "datemodified",
    "last-modified",
    "lastmod",
    "dcterms.modified",
    "dc.date.modified",
    "bytedance:updated_time",
    "bytedance:lrdate_time",
    "weibo:article:update_at",
)
"""Meta fields with the last change."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A day that the page writes, perhaps with a time.

    Attributes:
        day: None when the page writes month and day alone.
        month_day: (month, day) of one without a year.
        clock: ``10:05`` or ``10:05:00``; empty without.
        zone: ``+08:00``, ``Z``; empty without.
        start, end: where it stands in its text.
        doubtful: it may be read otherwise, or follows from when the page was fetched.
        guessed: nothing on the page states the year.
    """

    day: date | None
    month_day: tuple[int, int] = (0, 0)
    clock: str = ""
    zone: str = ""
    start: int = 0
    end: int = 0
    doubtful: bool = False
    guessed: bool = False

    def iso(self) -> str:
        time = (
            f"T{self.clock}" + (":00" if len(self.clock) == 5 and self.zone else "") + self.zone if self.clock else ""
        )
        return f"{self.day.isoformat()}{time}" if self.day else ""


@dataclass(frozen=True, slots=True)
class Saying:
    """What one place says of the moment.

    Attributes:
        weight: 0 … 1.
        change: of the last change, not of publication.
        seen: the reader sees it.
    """

    moment: Moment
    where: str
    weight: float
    change: bool = False
    seen: bool = False


@dataclass(frozen=True, slots=True)
class Dates:
    """Publication and change as chosen, with warnings."""

    published: Voice = NOBODY
    modified: Voice = NOBODY
    warnings: tuple[str, ...] = ()


# --- reading moments in text -----------------------------------------------------------------------------

_GAP = r"[\s\x1f]"
_DAYS: list[tuple[str, re.Pattern[str]]] = [
    (
        "year first",
        re.compile(
            rf"(?<!\d)(?P<y>(?:19|20)\d\d)(?:{_GAP}?年{_GAP}?|[-/.–]{_GAP}?)(?P<m>0?[1-9]|1[0-2])(?:{_GAP}?月{_GAP}?|[-/.–]{_GAP}?)"
            r"(?P<d>3[01]|[12]\d|0?[1-9])(?!\d)\s?[日号]?"
        ),
    ),
    (
        "compact",
        re.compile(
            r"(?<![\d.])(?P<y>(?:19|20)\d\d)(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?=\D|\d{4}(?:\d\d)?\b|$)"
        ),
    ),
    ("short", re.compile(r"(?<![\d.-])(?P<y>[0-3]\d)-(?P<m>0[1-9]|1[0-2])-(?P<d>0[1-9]|[12]\d|3[01])(?![\d-])")),
    (
        "short year",
        re.compile(
            rf"(?<![\d:.-])(?P<d>3[01]|[12]\d|0?[1-9])(?P<mark>[-\s])(?P<m>{MONTH})(?:(?P=mark)|\s?[’'])(?P<y>(?<=[-’'])\d\d)"
            r"(?![\d:-])",
            re.IGNORECASE,
        ),
    ),
    (
        "month name first",
        re.compile(
            rf"\b(?P<m>{MONTH}),?{_GAP}{{0,3}}(?P<d>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?(?!\d)"
            rf"(?:[,.]?{_GAP}{{0,3}}(?P<y>(?:19|20)\d\d)\b)?",
            re.IGNORECASE,
        ),
    ),
    (
        "day first",
        re.compile(
            rf"(?<![\d:.])(?P<d>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?[\s\x1f.-]{{0,2}}(?:of{_GAP})?(?P<m>{MONTH})"
            rf"(?:[,.-]?{_GAP}{{0,3}}(?P<y>(?:19|20)\d\d)\b)?",
            re.IGNORECASE,
        ),
    ),
    (
        "numbers",
        re.compile(r"(?<![\d/.-])(?P<a>\d{1,2})(?P<mark>[/.-])(?P<b>\d{1,2})(?P=mark)(?P<y>(?:19|20)\d\d)(?!\d)"),
    ),
    (
        "month and day",
        re.compile(
            rf"(?<![\d年/-])(?P<m>0?[1-9]|1[0-2])(?:{_GAP}?月{_GAP}?(?=\d{{1,2}}\s?[日号])|[-/](?=\d\d{_GAP}{{1,3}}\d\d:\d\d))(?P<d>3[01]|[12]\d|0?[1-9])(?!\d)\s?[日号]?"
        ),
    ),
]
_ZONES = {
    **dict.fromkeys(("z", "utc", "gmt"), "Z"),
    **{"est": "-05:00", "edt": "-04:00", "cdt": "-05:00", "mst": "-07:00", "mdt": "-06:00", "pst": "-08:00"},
    **{"pdt": "-07:00", "bst": "+01:00", "cet": "+01:00", "cest": "+02:00", "hkt": "+08:00", "sgt": "+08:00"},
    **{"jst": "+09:00", "kst": "+09:00", "aest": "+10:00", "aedt": "+11:00", "北京时间": "+08:00"},
}
"""Zones of one meaning; CST is Chicago and Beijing, IST is India and Ireland."""
_CLOCK = (
    r"(?P<half>上午|下午|晚上|晚间|中午|凌晨|早上)?\s?(?P<h>[01]?\d|2[0-3])(?:[:：.](?P<min>[0-5]\d)(?:[:：](?P<s>[0-5]\d)(?:[.,]\d{1,9})?)?|[时点]\s?(?:(?P<min2>[0-5]\d)分?)?"
    r"|(?=\s?[ap]\.?m))(?!\d)"
    r"\s?(?P<ampm>[ap]\.?m\b\.?)?"
    r"\s?\(?(?P<zone>Z\b|UTC|GMT|[ECMP][SD]T\b|BST|CES?T|HKT|SGT|JST|KST|AE[SD]T)?\)?(?:\s?(?P<offset>[+-](?:0\d|1[0-4]):?[0-5]\d)(?!\d))?"
)
_AFTER = re.compile(
    r"(?:T|[\s\x1f,，|·•@/()（）—–-]{0,8}(?:星期[一二三四五六日天]|周[一二三四五六日]|(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?)?[\s\x1f,，|·•@()（）—–-]{0,8}(?:at\s)?)"
    + _CLOCK,
    re.IGNORECASE,
)
_BEFORE = re.compile(
    _CLOCK + r"(?:\s?ET|\s?CT|\s?PT|\s?CST|\s?IST)?[\s\x1f,|·•()—–-]{0,6}(?:on\s)?"
    r"(?:(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?[,\s]{0,3})?$",
    re.IGNORECASE,
)
_RUN_ON = re.compile(r"(?P<h>[01]\d|2[0-3])(?P<min>[0-5]\d)(?P<s>[0-5]\d)?(?!\d)")
_EPOCH = re.compile(r"\s*(1\d{9})(?:\d{3})?(?:\.\d+)?\s*")
_AGO = re.compile(
    r"(?P<n>\d{1,3}|an?|one|two|three)\s?(?P<unit>minutes?|mins?|hours?|hrs?|days?|weeks?)\s?ago"
    r"|(?P<n2>\d{1,3})\s?(?P<unit2>分钟|小时|天)前|(?P<word>昨天|前天|今天|yesterday|today)(?=\s?\d{1,2}:\d\d|$)",
    re.IGNORECASE,
)


@lru_cache(maxsize=2_000)
def moments_in(text: str, day_first: bool = False) -> tuple[Moment, ...]:
    """The moments that *text* (a field or a line, 500 characters at most) writes, in their order.

    Args:
        day_first: 03/08/2018 is the third of August.
    """
    text = _in_digits(text[:500])
    if not any(char.isdecimal() for char in text):
        return ()
    found: list[Moment] = []
    for shape, pattern in _DAYS:
        for match in pattern.finditer(text):
            if any(match.start() < other.end and other.start < match.end() for other in found):
                continue
            found += _moment(shape, match, day_first)
    return tuple(sorted(found, key=lambda moment: moment.start))


def _in_digits(text: str) -> str:
    """二〇一三年八月三十一日 → 2013年8月31日, with spaces so that all else keeps its place."""
    if "年" not in text or not re.search(r"[〇○零]", text):
        return text
    return _CHINESE_DAY.sub(_day_in_digits, text)


def _day_in_digits(found: re.Match[str]) -> str:
    year = "".join(str(_NUMERALS.index(char) % 10) for char in found["y"].replace("○", "〇").replace("零", "〇"))
    plain = f"{year}年{_number(found['m'])}月{_number(found['d'])}日"
    return plain.ljust(len(found[0]))


def _number(numeral: str) -> int:
    """三十一 → 31; up to 39."""
    tens, ten, ones = numeral.partition("十")
    if not ten:
        return _NUMERALS.index(tens)
    return 10 * (_NUMERALS.index(tens) if tens else 1) + (_NUMERALS.index(ones) if ones else 0)


_NUMERALS = "〇一二三四五六七八九"
_CHINESE_DAY = re.compile(
    r"(?P<y>[一二][〇○零一二三四五六七八九]{3})年(?P<m>十[一二]?|[一二三四五六七八九])月(?P<d>[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])日"
)


def _moment(shape: str, match: re.Match[str], day_first: bool) -> Iterator[Moment]:
    groups = match.groupdict()
    year = int(groups["y"]) if groups.get("y") else 0
    if shape in ("short", "short year"):
        year += 2000 if year < 70 else 1900
    if shape == "numbers":
        readings = [(int(groups["b"]), int(groups["a"])), (int(groups["a"]), int(groups["b"]))]  # (month, day)
        readings = [(month, day) for month, day in readings if month <= 12]
        if not day_first and groups["mark"] != ".":  # 08.03.2018 is in March everywhere
            readings.reverse()
        if len(set(readings)) > 1 and (
            named := _WEEKDAY.search(match.string[max(0, match.start() - 14) : match.end() + 14])
        ):
            readings = [reading for reading in readings if _falls_on(year, reading, named[0])] or readings
        if len(set(readings)) > 1:
            yield from (replace(moment, doubtful=True) for moment in _of(match, year, readings[0], shape))
            return
        month_day = readings[0] if readings else (0, 0)
    else:
        month = groups["m"]
        month_day = (int(month) if month.isdigit() else MONTHS[month[:3].title()], int(groups["d"]))
    yield from _of(match, year, month_day, shape)


_WEEKDAYS = {"mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6}
_WEEKDAY = re.compile(
    r"\b(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?\b|(?:星期|周)[一二三四五六日天]", re.IGNORECASE
)


def _falls_on(year: int, month_day: tuple[int, int], weekday: str) -> bool:
    """Whether a day is a «Sunday», a «周日»."""
    number = _WEEKDAYS[weekday[:3].lower()] if weekday.isascii() else "一二三四五六日天".index(weekday[-1])
    try:
        return date(year, *month_day).weekday() == min(number, 6)
    except ValueError:
        return False


def _of(match: re.Match[str], year: int, month_day: tuple[int, int], shape: str) -> Iterator[Moment]:
    try:
        day = date(year or 2024, *month_day)
    except ValueError:
        return
    text, start, end = match.string, match.start(), match.end()
    clock, zone = "", ""
    time = _RUN_ON.match(text, end) if shape == "compact" else None
    time = time or _AFTER.match(text, end)
    if time:
        end = time.end()
    else:
        time = _BEFORE.search(text[max(0, start - 50) : start])
    if time:
        clock, zone = _clock(time)
    yield Moment(day if year else None, month_day, clock, zone, start, end)


def _clock(time: re.Match[str]) -> tuple[str, str]:
    groups = time.groupdict()
    hour, minute = int(groups["h"]), groups.get("min") or groups.get("min2") or "00"
    half = (groups.get("ampm") or "").lower()[:1]
    if (half == "p" or groups.get("half") in ("下午", "晚上", "晚间")) and hour < 12:
        hour += 12
    elif half == "a" and hour == 12:
        hour = 0
    offset = groups.get("offset") or ""
    if offset and ":" not in offset:
        offset = f"{offset[:3]}:{offset[3:]}"
    zone = offset or _ZONES.get((groups.get("zone") or "").lower(), "")
    return f"{hour:02}:{minute}" + (f":{groups['s']}" if groups.get("s") else ""), zone


def read_field(text: object, day_first: bool = False) -> Moment | None:
    """The moment of a machine's field: ISO 8601, a date of HTTP, seconds since 1970."""
    if isinstance(text, (int, float)) and 0 < text < 1e14:
        text = str(int(text))
    text = clean(text, 120)
    if epoch := _EPOCH.fullmatch(text):
        moment = datetime.fromtimestamp(int(epoch[1]), UTC)
        return Moment(moment.date(), clock=f"{moment:%H:%M:%S}", zone="Z")
    return next((moment for moment in moments_in(text, day_first) if moment.day), None)


# --- the voices ------------------------------------------------------------------------------------------


def json_ld(view: View) -> Iterator[Saying]:
    for thing in view.articles:
        # What a page or a site says of itself may be the day it was set up.
        page = bool(types_of(thing) & {"WebPage", "WebSite", "CollectionPage"})
        for key, weight, change in (
            ("datePublished", 0.85, False),
            ("dateCreated", 0.5, False),
            ("dateModified", 0.85, True),
        ):
            if moment := read_field(thing.get(key), view.day_first):
                yield Saying(moment, "JSON-LD", weight * (0.6 if page else 1.0), change)


def meta(view: View) -> Iterator[Saying]:
    for name, weight in META_DATES.items():
        for content in view.tree.meta.get(name, ())[:1]:
            if moment := read_field(content, view.day_first):
                yield Saying(moment, name, weight)
    for name in META_CHANGES:
        if moment := read_field(view.tree.first_meta(name), view.day_first):
            yield Saying(moment, name, 0.7, change=True)


def elements(view: View) -> Iterator[Saying]:
    """`time` elements, itemprop and classes; far from the headline they belong to other stories."""
    seen = 0
    for mark in view.lines.marks[:600]:
        if mark.kind != "date" or seen > 40:
            continue
        seen += 1
        near = view.near[0] <= mark.at < view.near[1]
        stated = mark.element.get("datetime") or mark.element.get("content") or mark.element.get("title") or ""
        moment = read_field(stated, view.day_first)
        named = "datepublished" in mark.name or mark.element.get("pubdate") is not None
        weight = 0.8 if named and near else 0.75 if near else 0.5 if named and not mark.zone else 0.12
        if mark.zone == NOISE and not near:
            weight *= 0.3
        change = bool(_CHANGED_NAME.search(mark.name))
        if moment:
            yield Saying(moment, "time element", weight, change)
        elif weight > 0.4:
            text = mark.seams
            if len(text) < 160:
                yield from _in_line(text, "date class", weight, view, change)


_CHANGED_NAME = re.compile(r"modified|update|edited|gengxin")
_BETWEEN = r"(?:[^\d]|(?<!\d)\d{1,2}[:：.]\d\d(?!\d)){0,24}$"  # Updated 10:05 AM, March 9: the time may stand first
_CHANGED = re.compile(
    rf"(?:更新|更改|修改|修订|改于|编辑于|updated?|modified|edited|revised|amended|changed){_BETWEEN}", re.IGNORECASE
)
_PUBLISHED = re.compile(
    rf"(?:发布|发表|时间|日期|发稿|刊发|上线|published|posted|release|created|\bdate){_BETWEEN}", re.IGNORECASE
)
_FIRST = re.compile(rf"(?:发布|发表|刊发|published|posted|created){_BETWEEN}", re.IGNORECASE)
_CLOCK_OF_PAGE = re.compile(r"今天是|现在时间|当前时间|农历|today is|copyright|©|版权", re.IGNORECASE)


def _in_line(text: str, where: str, weight: float, view: View, change: bool = False) -> Iterator[Saying]:
    """What a short line says; a moment alone in its line is believed more than one within a sentence."""
    if _CLOCK_OF_PAGE.search(text):
        return
    for moment in moments_in(text, view.day_first)[:4]:
        before = text[max(0, moment.start - 40) : moment.start].replace(SEAM, " ")
        word, first = _CHANGED.search(before), _FIRST.search(before)
        changed = bool(word and (not first or first.start() < word.start()))
        changed = changed or (change and not _PUBLISHED.search(before))
        labelled = bool(_PUBLISHED.search(before))
        if moment.doubtful and moment.day and moment.day.day <= 12:
            # The other reading of 03/08/2018, for another voice to confirm.
            other = replace(moment, day=moment.day.replace(month=moment.day.day, day=moment.day.month))
            yield Saying(other, where, 0.55 * weight, changed, seen=True)
        yield Saying(moment, where, min(0.95, weight + (0.1 if labelled else 0.0)), changed, seen=True)


_NUMBER = re.compile(r"[0-9]|[〇○零一二三四五六七八九]年")


def line_near_title(view: View) -> Iterator[Saying]:
    """The lines around the headline: 2018年03月08日10:05 来源：…"""
    headline = view.headline if view.headline is not None else view.near[0]
    for line in view.nearby:
        if len(line.seams) > 260 or line.zone == HIDDEN or not _NUMBER.search(line.seams):
            continue
        distance = abs(line.at - headline)
        weight = (
            0.75
            if line.at > headline and (distance <= 8 or 0 < view.body[0] - line.at <= 3)
            else 0.6
            if distance <= 4
            else 0.4
        )
        if line.zone == NOISE:
            weight *= 0.5
        if line.at < headline:
            weight = min(weight, 0.45)
        if view.body[0] <= line.at < view.body[1] and len(line.seams) > 100:
            continue
        # Whoever writes a sentence around a day reports of it.
        if len(line.seams) > 120 or (
            line.seams.rstrip(" \x1f)）").endswith(("。", "！", "？")) and len(line.seams) > 40
        ):
            weight *= 0.3
        if line.linked > 0.8 * len(line.seams) and len(line.seams) > 25:
            weight *= 0.3
        yield from _in_line(line.seams, "line near the title", weight, view)
        yield from _ago(line.seams, weight, view)
    start, end = view.body
    for line in view.lines.lines[start : min(start + 12, end)]:
        # The text may have been taken to begin at the line that dates it.
        if 0 < line.at - headline <= 3 and _is_line_of_date(line, view):
            yield from _in_line(line.seams, "line near the title", 0.7, view)
            continue
        labelled = line.at < start + 12 and not line.linked and _LABEL.search(line.seams[:20])
        if len(line.seams) < 60 and (
            labelled or (line.at < start + 5 and not line.linked and _is_no_sentence(line.seams, view))
        ):
            yield from _in_line(line.seams, "line near the title", 0.6, view)


def _is_line_of_date(line: Line, view: View) -> bool:
    """Just below the headline: a moment with its year between names and labels, and no sentence."""
    short = len(line.seams) < 120 and line.linked <= len(line.seams) / 2
    return short and not re.search(r"[。！？]", line.seams) and any(one.day for one in moments_in(line.seams[:120]))


def _is_no_sentence(text: str, view: View) -> bool:
    """祝清秋 · 2021/12/28 06:58 · 浏览 56.8w: a moment with its year, and little else."""
    moments = [moment for moment in moments_in(text, view.day_first) if moment.day]
    size = sum(moment.end - moment.start for moment in moments)
    return (
        bool(moments)
        and len(text) - size <= 36
        and not re.search(r"[。！？，,]|[a-z]{3}\.\s*$", text[moments[-1].end :])
    )


def line_below(view: View) -> Iterator[Saying]:
    """发布时间：… below the text."""
    first, last = view.body
    for line in view.lines.lines[max(first, last - 4) : last + 12] if last else ():
        if len(line.seams) < 120 and not line.zone and _LABEL.search(line.seams):
            yield from _in_line(line.seams, "line below the text", 0.4, view)


_LABEL = re.compile(r"(?:发布|发表|更新|发稿|时间|日期|published|posted|updated)", re.IGNORECASE)


def _ago(text: str, weight: float, view: View) -> Iterator[Saying]:
    found = _AGO.search(text) if len(text) < 120 else None
    if not found:
        return
    number = found["n"] or found["n2"] or "1"
    number = int(number) if number.isdigit() else {"two": 2, "three": 3}.get(number.lower(), 1)
    unit = (found["unit"] or found["unit2"] or "").lower()
    days = number if unit.startswith(("day", "天")) else 7 * number if unit.startswith("week") else 0
    days += {"昨天": 1, "前天": 2, "yesterday": 1}.get((found["word"] or "").lower(), 0)
    yield Saying(Moment(view.now - timedelta(days), doubtful=True), "“" + found[0] + "”", 0.4 * weight, seen=True)


_IN_ADDRESS: list[tuple[re.Pattern[str], float]] = [
    (
        re.compile(r"[/_=-](?P<y>(?:19|20)\d\d)[/_-](?P<m>0?[1-9]|1[0-2])[/_-](?P<d>0?[1-9]|[12]\d|3[01])(?=[/_.-]|$)"),
        0.75,
    ),
    (re.compile(r"[/_=-](?P<y>(?:19|20)\d\d)[/_-]?(?P<m>0[1-9]|1[0-2])[/_-]?(?P<d>0[1-9]|[12]\d|3[01])(?=\D|$)"), 0.75),
    (
        re.compile(rf"/(?P<y>(?:19|20)\d\d)[/-](?P<m>{MONTH})[/-](?P<d>0?[1-9]|[12]\d|3[01])(?=/|$)", re.IGNORECASE),
        0.75,
    ),
    (re.compile(r"/(?P<y>[012]\d)/(?P<m>0[1-9]|1[0-2])/?(?P<d>0[1-9]|[12]\d|3[01])/(?=\w)"), 0.6),
    (re.compile(r"(?<![\dA-Fa-f])t?(?P<y>20[012]\d)(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?=[\dA-Z])"), 0.4),
]
"""Days in addresses: /2018/0308/, /2018-03/08/, t20180308_1, /2018/mar/08/, /18/0308/."""


def in_address(view: View) -> Iterator[Saying]:
    parts = urlsplit(view.address)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    for pattern, weight in _IN_ADDRESS:
        if found := pattern.search(path[:500]):
            year, month = int(found["y"]), found["m"]
            month = int(month) if month.isdigit() else MONTHS[month[:3].title()]
            try:
                day = date(year + 2000 if year < 100 else year, month, int(found["d"]))
            except ValueError:
                continue
            yield Saying(Moment(day), "address", weight)
            return


def in_dateline(view: View) -> Iterator[Saying]:
    """新华社北京3月8日电 · LONDON, March 8 (Reuters) —: a day whose year others give."""
    head = view.opening[:80]
    if not _DATELINE.search(head):
        return
    for moment in moments_in(head)[:1]:
        yield Saying(moment, "dateline", 0.3)


_DATELINE = re.compile(r"[日\s][电讯]|消息|\)\s?(?:--|—|–|-)|[A-Z]{3,}.{0,30}(?:--|—|–|-)\s")


def story(view: View) -> Iterator[Saying]:
    """The article in the data of a script."""
    if view.story and (moment := read_field(view.story.date, view.day_first)):
        yield Saying(moment, "data of a script", 0.9)


def in_scripts(view: View) -> Iterator[Saying]:
    """The variables of a page that is put together by a script."""
    if moment := read_field(view.in_scripts("date"), view.day_first):
        yield Saying(moment, "script", 0.45)


VOICES: list[tuple[str, Callable[[View], Iterable[Saying]]]] = [
    ("json_ld", json_ld),
    ("story", story),
    ("meta", meta),
    ("elements", elements),
    ("line_near_title", line_near_title),
    ("line_below", line_below),
    ("in_address", in_address),
    ("in_dateline", in_dateline),
]
"""Where a page says when; each alone may be wrong."""


# --- choosing --------------------------------------------------------------------------------------------


def find_dates(view: View) -> Dates:
    """Publication and last change.

    Returns: NOBODY and no warning for a page that does not say when it was published.
    """
    said = [saying for _, voice in VOICES for saying in voice(view)]
    if not any(saying.moment.day and saying.weight > 0.3 and not saying.change for saying in said):
        said += in_scripts(view)
    said = _with_years(said, view.now)
    if view.lang == "zh":
        said = _in_beijing(said)
    said = [saying for saying in said if EARLIEST <= saying.moment.day <= view.now + timedelta(1)]
    said = _as_the_reader_sees_it(said)
    published = _chosen([saying for saying in said if not saying.change])
    changed = _chosen([saying for saying in said if saying.change])
    # What is hardly heard is the day of another story; that of the last change is this one's.
    if published and changed and published.weight < 0.3 <= changed.weight:
        published = None
    warnings = []
    if not published:
        published = _by_htmldate(view) if not changed else replace(changed, weight=0.6 * changed.weight)
        if changed:
            warnings.append(f"The date {changed.moment.day} is that of the last change; the page gives no other.")
    if not published:
        return Dates()
    if published.moment.guessed:
        warnings.append(
            f"The year of {published.moment.day} is a guess: the page gives the month and the day ({published.where}), "
            "and no year."
        )
        published = replace(published, where=f"guess of the year; the day is from the {published.where}")
    elif published.moment.doubtful:
        warnings.append(f"The date {published.moment.day} is a guess from {published.where}.")
    modified = changed.moment.iso() if changed and changed.moment.iso() > published.moment.iso()[:10] else ""
    if modified == published.moment.iso():
        modified = ""
    return Dates(
        Voice(published.moment.iso(), published.where, published.weight),
        Voice(modified, changed.where, changed.weight) if modified else NOBODY,
        tuple(warnings),
    )


def _with_years(said: list[Saying], now: date) -> list[Saying]:
    """Days without a year get that of the weightiest other voice, else the last such day before *now*."""
    dated = [saying for saying in said if saying.moment.day]
    known = max(dated, key=lambda saying: saying.weight, default=None)
    result = dated
    for saying in said:
        if saying.moment.day:
            continue
        month, day = saying.moment.month_day
        years = [known.moment.day.year + step for step in (0, -1, 1)] if known else [now.year, now.year - 1]
        options = []
        for year in years:
            try:
                options.append(date(year, month, day))
            except ValueError:
                continue
        near = known.moment.day if known else now
        options = [option for option in options if option <= now]
        if options:
            nearest = min(options, key=lambda option: abs((option - near).days))
            guessed = known is None
            moment = replace(saying.moment, day=nearest, doubtful=saying.moment.doubtful or guessed, guessed=guessed)
            result.append(replace(saying, moment=moment, weight=saying.weight * (0.9 if known else 0.6)))
    return result


def _in_beijing(said: list[Saying]) -> list[Saying]:
    """On a Chinese page a moment in UTC (seconds since 1970, a script's «Z») becomes what its readers see.

    A template that writes its local time with a «Z» is found out by the same clock in the visible line.
    """
    seen = {saying.moment.clock[:5] for saying in said if saying.seen}
    return [
        replace(saying, moment=_eight_hours_on(saying.moment))
        if saying.moment.zone == "Z" and saying.moment.clock[:5] not in seen and not _is_midnight(saying.moment)
        else saying
        for saying in said
    ]


def _eight_hours_on(moment: Moment) -> Moment:
    there = datetime.fromisoformat(f"{moment.day}T{moment.clock}") + timedelta(hours=8)
    return replace(moment, day=there.date(), clock=f"{there:%H:%M:%S}"[: len(moment.clock)], zone="+08:00")


def _is_midnight(moment: Moment) -> bool:
    return moment.clock in ("00:00", "00:00:00")


def _chosen(said: list[Saying]) -> Saying | None:
    """The weightiest day, in the words of its most exact voice; its weight is the confidence."""
    if not said:
        return None
    days: dict[date, dict[str, float]] = {}
    for saying in said:
        # Two fields of one template agree because one program wrote them: each kind of place counts once.
        kind = _KINDS.get(saying.where, "meta")
        places = days.setdefault(saying.moment.day, {})
        places[kind] = max(places.get(kind, 0.0), saying.weight)
    weights = {day: _sum(places.values()) for day, places in days.items()}
    best = max(weights, key=lambda day: (weights[day], -day.toordinal()))
    own = [saying for saying in said if saying.moment.day == best]
    exact = max(own, key=lambda saying: (_exactness(saying.moment), saying.weight))
    rivals = [weight for day, weight in weights.items() if day != best]
    sure = weights[best] * (1.0 if not rivals or max(rivals) < weights[best] - 0.15 else 0.7)
    moment = replace(
        exact.moment,
        doubtful=all(saying.moment.doubtful for saying in own),
        guessed=all(saying.moment.guessed for saying in own),
    )
    if _is_midnight(moment):
        moment = replace(moment, clock="", zone="")
    return Saying(moment, max(own, key=lambda saying: saying.weight).where, sure)


_KINDS = {
    "JSON-LD": "JSON-LD",
    "data of a script": "data of a script",
    "time element": "seen",
    "date class": "seen",
    "line near the title": "seen",
    "line below the text": "below",
    "address": "address",
    "dateline": "dateline",
}


def _sum(weights: Iterable[float]) -> float:
    doubt = 1.0
    for weight in weights:
        doubt *= 1.0 - weight
    return 1.0 - doubt


def _exactness(moment: Moment) -> int:
    return 0 if not moment.clock or _is_midnight(moment) else 1 + bool(moment.zone)


def _as_the_reader_sees_it(said: list[Saying]) -> list[Saying]:
    """A moment in UTC whose local day the page prints counts for that day: 03:05Z on 9 March is the 8th in New York."""
    local = [saying for saying in said if saying.moment.zone not in _UTC and saying.weight >= 0.4 and not saying.change]
    local = [saying for saying in local if saying.seen or saying.where == "address"]
    result = []
    for saying in said:
        if saying.moment.zone in _UTC and not saying.change:
            days = {other.moment.day for other in local}
            beside = [other for other in local if abs((other.moment.day - saying.moment.day).days) == 1]
            if beside and saying.moment.day not in days:
                nearest = max(beside, key=lambda other: (bool(other.moment.clock), other.weight))
                saying = replace(saying, moment=nearest.moment)
        result.append(saying)
    return result


_UTC = ("Z", "+00:00")


def _by_htmldate(view: View) -> Saying | None:
    """htmldate's own search, when no voice was heard; it costs ten milliseconds."""
    from htmldate import find_date  # takes 0.2 s to load, and few pages need it

    try:
        found = find_date(view.tree.text[:300_000], extensive_search=False, url=view.address or None)
    except Exception:
        return None
    day = date.fromisoformat(found) if found else None
    if not day or not EARLIEST <= day <= view.now:
        return None
    return Saying(Moment(day, doubtful=True), "htmldate", 0.4)
