"""Dates as feeds and sitemaps write them → ISO 8601."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone

from plugins.mirror.text.calendars import MONTHS

_CLOCK = (
    r"(?:[T\s,]{0,3}(?:(?:GMT|UTC)\s)?(?P<half>上午|下午|晚上|凌晨|中午)?\s?(?P<hour>\d{1,2})(?:[:：时点](?P<minute>\d{1,2})"
    r"(?:[:：分](?P<second>\d{1,2}))?(?:[.,]\d{1,9})?[分秒]?)\s?(?P<pm>[AaPp]\.?[Mm]\.?)?)?"
)
_ZONE = r"\s{0,3}(?P<zone>Z\b|(?:GMT|UTC)?[+-]\d{1,2}:?(?:\d{2})?\b|[A-Z]{2,4}\b)?"
_MONTH_WORD = r"(?P<month>[A-Za-z]{3,9}|[一二三四五六七八九十]{1,2}月)\.?"

_SHAPES = [
    # 2024-05-06T10:30:00+08:00, 2024/5/6 10:30, 2024.05.06, 2024年5月6日 10:30
    re.compile(rf"(?P<year>\d{{4}})\s?[-/.年]\s?(?P<month>\d{{1,2}})\s?[-/.月]\s?(?P<day>\d{{1,2}})(?!\d)日?{_CLOCK}{_ZONE}"),
    # 20240506, 20240506T103000Z
    re.compile(
        r"(?P<year>20\d\d|19\d\d)(?P<month>\d\d)(?P<day>\d\d)"
        rf"(?:T?(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)?)?{_ZONE}(?!\d)"
    ),
    # Mon, 06 May 2024 10:30:00 +0800, 6-May-24
    re.compile(rf"(?:\w{{2,9}}\.?[,，]?\s{{0,3}})?(?P<day>\d{{1,2}})[\s-]{{1,3}}{_MONTH_WORD}[\s,-]{{1,3}}(?P<year>\d{{2,4}}){_CLOCK}{_ZONE}"),
    # Mon May 06 2024 10:30:00 GMT+0800, May 6, 2024 10:30 AM
    re.compile(rf"(?:\w{{2,9}}\.?,?\s{{1,3}})?{_MONTH_WORD}\s{{1,3}}(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s{{1,3}}(?P<year>\d{{4}}){_CLOCK}{_ZONE}"),
    # Mon May  6 10:30:00 2024
    re.compile(rf"(?:\w{{2,9}},?\s{{1,3}})?{_MONTH_WORD}\s{{1,3}}(?P<day>\d{{1,2}}){_CLOCK}{_ZONE}\s{{1,3}}(?P<year>\d{{4}})"),
]  # fmt: skip
"""Ways to write a day, tried in this order at the beginning of the text. 05/06/2024 is none: nobody knows the month."""

_CHINESE_MONTHS = {f"{name}月": at for at, name in enumerate([*"一二三四五六七八九十", "十一", "十二"], 1)}
_HOURS = {
    "Z": 0, "UT": 0, "UTC": 0, "GMT": 0, "WET": 0, "BST": 1, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3, "MSK": 3,
    "SGT": 8, "HKT": 8, "JST": 9, "KST": 9, "AEST": 10, "AEDT": 11,
    "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
}  # fmt: skip
_EPOCH = re.compile(r"1\d{9}(?:\d{3})?")


def read_moment(text: str, is_chinese: bool = False) -> str | None:
    """The day or moment at the beginning of *text* as ISO 8601, in the time zone that it is written in.

    Args:
        is_chinese: whether CST is China's time; it is America's otherwise.
    Returns: ``2024-05-06``, ``2024-05-06T10:30`` (no zone known), ``2024-05-06T10:30:00+08:00``; else None.
    """
    text = text[:80].strip()
    if _EPOCH.fullmatch(text):
        return datetime.fromtimestamp(int(text[:10]), UTC).isoformat()
    for shape in _SHAPES:
        if (found := shape.match(text)) and (moment := _moment(found.groupdict(), is_chinese)):
            return moment
    return None


def is_after(moment: str, now: date) -> bool:
    """Whether *moment* lies ahead, seen from *now*; the other side of the earth is a day ahead."""
    return date.fromisoformat(moment[:10]) > now + timedelta(days=1)


def _moment(found: dict[str, str | None], is_chinese: bool) -> str | None:
    year, month = int(found["year"] or 0), _month(found["month"] or "")
    if year < 100:
        year += 2000 if year < 70 else 1900
    try:
        day = date(year, month, int(found["day"] or 0))
        if not found["hour"]:
            return day.isoformat() if day.year >= 1900 else None
        hour = _hour(int(found["hour"]), (found.get("half") or "") + (found.get("pm") or "").lower())
        clock = datetime(day.year, day.month, day.day, hour, int(found["minute"] or 0), int(found["second"] or 0))
    except ValueError:
        return None
    zone = _zone(found["zone"] or "", is_chinese)
    if day.year < 1900:
        return None
    return clock.replace(tzinfo=zone).isoformat(timespec="seconds" if found["second"] else "minutes")


def _month(written: str) -> int:
    if written.isdigit():
        return int(written)
    return _CHINESE_MONTHS.get(written) or MONTHS.get(written[:3].capitalize(), 0)


def _hour(hour: int, half: str) -> int:
    if half.startswith(("下午", "晚上", "p")) and hour < 12:
        return hour + 12
    return 0 if half.startswith(("a", "凌晨")) and hour == 12 else hour


def _zone(written: str, is_chinese: bool) -> timezone | None:
    if written == "CST" and is_chinese:
        return timezone(timedelta(hours=8))
    if not (found := re.search(r"([+-])(\d{1,2}):?(\d{2})?$", written)):
        return timezone(timedelta(hours=_HOURS[written])) if written and written in _HOURS else None
    minutes = int(found[2]) * 60 + int(found[3] or 0)
    if minutes > 14 * 60:
        return None
    return timezone(timedelta(minutes=-minutes if found[1] == "-" else minutes))
