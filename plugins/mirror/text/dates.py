"""The day an article was published, from its dateline or from the days its text looks back on.

A day in the text is evidence by what stands beside it: ``截至2月2日`` and ``2月2日，航道局发布`` are as of
that day, ``决定2月5日复工`` lies ahead. Of the strongest kind the latest day counts: a text comes out after
all that it reports. A year that is not written beside the day is a guess, and every guess is a warning.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from plugins.mirror.article import Article
from plugins.mirror.text.calendars import MONTH, MONTHS

A_LONG_READ = 100_000
"""Characters of a paragraph within which the day is looked for; no writer hides it further down."""

AHEAD, MENTIONED, IN_THE_LEAD, AS_OF, STATED = 0, 1, 2, 3, 9
"""How strongly a day dates its article: not at all … a dateline states it."""


@dataclass(frozen=True, slots=True)
class Day:
    """A day that a text names.

    Attributes:
        words: as written.
        year: None when the text gives none here.
        weight: `AHEAD` … `STATED`.
        time: hours, minutes and perhaps seconds; else empty.
        ends: something lasts until this day.
    """

    words: str
    year: int | None
    month: int
    day: int
    weight: int
    time: str = ""
    ends: bool = False

    def on(self, year: int) -> date | None:
        """The calendar day in *year*; None for 29 February in most years and for what is no day at all."""
        try:
            return date(year, self.month, self.day)
        except ValueError:
            return None

    def first_after(self, earliest: date) -> date | None:
        """The first such day from *earliest* on."""
        options = (self.on(earliest.year), self.on(earliest.year + 1))
        return next((option for option in options if option and option >= earliest), None)


# --- the days of a text ----------------------------------------------------------------------------------

_TIME = r"(?P<time>\d{1,2}:\d{2}(?::\d{2})?)"
_DAYS = [
    re.compile(
        rf"(?<!\d)(?P<year>20\d\d)[-/.](?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}})(?!\d)(?:[T\s]{{1,2}}{_TIME})?"
    ),
    re.compile(
        r"(?<!\d)(?:(?P<year>20\d\d)\s?年\s?)?(?P<month>\d{1,2})\s?月\s?(?P<day>\d{1,2})\s?日"
        rf"(?:\s?{_TIME})?"
    ),
    re.compile(
        rf"\b(?P<month>{MONTH})\s(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?!,\d)(?:,?\s(?P<year>20\d\d))?(?:,?\s{_TIME})?"
    ),
    re.compile(
        rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s(?:of\s)?(?P<month>{MONTH})(?:,?\s(?P<year>20\d\d))?(?:,?\s{_TIME})?"
    ),
]
"""Days in the ways they are written; a year and a time when they stand there."""

_BARE_DAY = re.compile(
    r"\bon the (?:(?:night|morning|evening|afternoon) of the )?(?P<day>\d{1,2})(?:st|nd|rd|th)\b",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[。！？]|(?<![A-Z][a-z]{2})[.!?]\s")

_AHEAD_BEFORE = re.compile(
    r"(?:将|将于|将在|定档|定档于|拟|拟于|计划|计划于|计划在|预计|预计于|定于|决定|决定于|决定自|自|从|至|到|直至|有望|有望于|有望在"
    r"|不晚于|最迟|截止(?:时间|日期)[为是：]?)\s?$"
    r"|\b(?:will|would|to be|plans? to|expected|scheduled|due|set to|going to|until|by|before|from|starting"
    r"|effective)\b[^.!?;]{0,70}$",
    re.IGNORECASE,
)
_UNTIL = re.compile(r"(?:至|到|不晚于|最迟)\s?$|\b(?:until|by|through|expires on)\s$")
_AHEAD_AFTER = re.compile(
    r"起(?!草)|之?前|后停止|.{0,5}(?:将|拟|到期|正式(?:实施|施行)|起施行)|,?\s(?:at the latest|onwards?)\b"
)
_AS_OF_BEFORE = re.compile(
    r"(?:截至|截止)\s?$|\b(?:as of|announced on|released on|published on|said on|reported on)\s$",
    re.IGNORECASE,
)
_AS_OF_AFTER = re.compile(
    r"(?:日?[上下]午|晚间?|早间?|午间|盘中|傍晚)?[,，]?[^。！？,，]{0,24}?"
    r"(?:消息|讯|电|发布|公布|印发|宣布|披露|获悉|报道|表示|收盘|公告|通报|迎来|介绍|显示)"
    r"|,?\s(?:[\w’']+\s){0,5}?(?:announced|released|said|published|issued|reported|closed|told|unveiled|launched)\b"
)


def days_in(text: str, weight: int) -> list[Day]:
    """The days that *text* names, in their order, each weighed by the words beside it.

    Args:
        weight: of a day beside which nothing is said.
    """
    found = []
    text = text[:A_LONG_READ]
    for shape in _DAYS:
        for match in shape.finditer(text):
            month = match["month"]
            day = Day(
                words=match[0],
                year=int(match["year"]) if match["year"] else None,
                month=int(month) if month.isdigit() else MONTHS[month[:3]],
                day=int(match["day"]),
                weight=_weigh(text, match, weight),
                time=match["time"] or "",
                ends=bool(_UNTIL.search(text[max(0, match.start() - 10) : match.start()])),
            )
            if day.on(day.year or 2024):  # a leap year: 29 February may be meant
                found.append((match.start(), day))
    return [day for _, day in sorted(found, key=lambda pair: pair[0])]


def _weigh(text: str, day: re.Match[str], weight: int) -> int:
    before, after = text[max(0, day.start() - 90) : day.start()], text[day.end() : day.end() + 60]
    if _AS_OF_BEFORE.search(before):
        return AS_OF
    if _AHEAD_AFTER.match(after) or _AHEAD_BEFORE.search(_clause(before)):
        return AHEAD
    return AS_OF if _AS_OF_AFTER.match(after) else weight


def _clause(before: str) -> str:
    """The last clause of the text before something."""
    return re.split(r"[;；]", _SENTENCE_END.split(before)[-1])[-1]


def _chosen_day(article: Article, now: date) -> Day | None:
    """The day that dates the article: the dateline's, else the latest of the strongest evidence."""
    if article.day and (stated := days_in(article.day, STATED)):
        return replace(stated[0], weight=STATED)
    texts = [(article.title, AS_OF)]
    texts += [(block.text, IN_THE_LEAD if at < 2 else MENTIONED) for at, block in enumerate(article.blocks)]
    found = [day for text, weight in texts for day in days_in(text, weight)]
    found = [day for day in found if day.weight and (not day.year or day.on(day.year) <= now)]
    if not found:
        return _bare_day(article)
    strongest = max(day.weight for day in found)
    return max((day for day in found if day.weight == strongest), key=_order(found))


def _order(found: list[Day]) -> Callable[[Day], tuple[int, int, int]]:
    """A key that sorts days by time; those without a year come within a year after those with one."""
    latest = max((day.on(day.year) for day in found if day.year), default=None)
    # 28 December and 3 January in one text: the year has turned in between.
    turned = {day.month for day in found if not day.year} & {1, 2} and not latest

    def key(day: Day) -> tuple[int, int, int]:
        if day.year:
            year = day.year
        elif latest:
            year = getattr(day.first_after(latest - timedelta(days=60)), "year", latest.year)
        else:
            year = 1 if turned and day.month <= 6 else 0
        return (year, day.month, day.day)

    return key


def _bare_day(article: Article) -> Day | None:
    """«On the 27th»: of the month after the last that is named with its year; one's own needs no name."""
    text = "\n".join(block.text for block in article.blocks)
    bare = [
        found
        for found in _BARE_DAY.finditer(text)
        if not _AHEAD_BEFORE.search(_clause(text[max(0, found.start() - 70) : found.start()]))
    ]
    named = re.finditer(rf"\b(?P<month>{MONTH})\s(?P<year>20\d\d)\b", text)
    months = [(int(found["year"]), MONTHS[found["month"][:3]]) for found in named]
    if not bare or not months:
        return None
    year, month = max(months)
    year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    day = Day(bare[-1][0], year, month, int(bare[-1]["day"]), MENTIONED)
    return day if day.on(year) else None


# --- the year --------------------------------------------------------------------------------------------

HALF_A_YEAR, A_YEAR, LAST_RESORT = 190, 366, 100_000
"""Days; the last is farther than any neighbour."""

_YEAR = re.compile(r"(?<![\d.])(?P<year>20[0-4]\d)(?:\s?年|(?![\d%]|[.,]\d|\s?(?:kilomet|stocks|units|yuan|km)))")
_FORECAST = re.compile(r"预计|预期|有望|将|展望|目标|\b(?:expected|forecast|will|by|outlook|target)\b")
_OUTLOOK = re.compile(
    r"(?:预计|展望|有望|将)\s?$|\b(?:outlook|forecasts?|expect(?:s|ed)?|targets?|by|will)\b[^.;]{0,45}$",
    re.IGNORECASE,
)
_PLAN = re.compile(r"(?:做好|开展|部署|推进|启动|组织|举办|迎接|备战|报名|参加)[^，。；,;]{0,6}$")
_BY = re.compile(r"(?:到|至|\bby)\s?$", re.IGNORECASE)
_REPORT = re.compile(r"(?:全年|度)?.{0,8}(?:年报|年度报告|四季度|业绩预告|年度业绩)|.{0,12}未经审核")
_ANNUAL = re.compile(r"\b(?:annual|full-year|fourth-quarter)\b[^.]{0,50}\b(?:for|in|of)\s$", re.IGNORECASE)
_THIS_YEAR = re.compile(
    r"[\"”\s年]{0,3}(?:开市|开年|开局|伊始|以来|年初|春节|新年|in \w+ this year)|[)）]?\s?(?:以来|开)"
)
_QUARTERS = {"一": 1, "二": 4, "三": 7, "四": 10}


@dataclass(frozen=True, slots=True, order=True)
class Bound:
    """A point in time that the text was certainly written after.

    Attributes:
        earliest: the point.
        reach: days within which the text follows; 0 when nobody can say.
        words: as written.
    """

    earliest: date
    reach: int
    words: str


def _bounds(article: Article, day: Day) -> list[Bound]:
    text = "\n".join((article.title, *(block.text for block in article.blocks)))
    bounds = [
        Bound(named.on(named.year), HALF_A_YEAR, named.words)
        for named in days_in(text, MENTIONED)
        if named.year and named.weight
    ]
    return [
        *bounds,
        *filter(None, (_bound_of_year(text, found, day) for found in _YEAR.finditer(text[:A_LONG_READ]))),
    ]


def _bound_of_year(text: str, found: re.Match[str], day: Day) -> Bound | None:
    """What one mention of a year says; None for a forecast and for a day, which `days_in` has weighed."""
    year = int(found["year"])
    before, after = text[max(0, found.start() - 60) : found.start()], text[found.end() : found.end() + 30]
    words = found[0].strip() + re.match(r"[^。，,.；;\n]{0,10}", after)[0].rstrip()
    if (_REPORT.match(after) or _ANNUAL.search(before)) and day.month <= 5:
        return Bound(date(year + 1, 1, 1), A_YEAR, words)  # a year is reported on in the spring after it
    if _THIS_YEAR.match(after):
        return Bound(date(year, 1, 1), A_YEAR, words)
    if _PLAN.search(before):
        return Bound(date(year, 1, 1), A_YEAR, words)  # 做好2024年高考工作 is said in that year
    if _BY.search(before):
        return None
    if _OUTLOOK.search(before):
        # What is expected of a year is said in that year or in the months before it.
        return Bound(date(year, 1, 1) if day.month <= 6 else date(year - 1, 7, 1), HALF_A_YEAR, words)
    if _FORECAST.search(_SENTENCE_END.split(before)[-1]) or re.match(r"\s?\d{1,2}\s?月\s?\d{1,2}\s?日", after):
        return None
    if month := re.match(r"\s?(1[0-2]|[1-9])\s?月", after):
        return Bound(date(year, int(month[1]), 1), HALF_A_YEAR, words)
    if month := re.search(rf"\b({MONTH})\s$", before):
        return Bound(date(year, MONTHS[month[1][:3]], 1), HALF_A_YEAR, f"{month[1]} {year}")
    if part := re.match(r"\s?(?:第)?([一二三四])季度|\s?下半年", after):
        return Bound(date(year, _QUARTERS.get(part[1], 7), 1), HALF_A_YEAR, words)
    return Bound(date(year, 1, 1), 0, words)


def _year_by_itself(article: Article, day: Day, now: date) -> tuple[int, str] | None:
    """The year that the article's own words give a day, and the words it follows from."""
    bounds = _bounds(article, day)
    nearest = max((bound for bound in bounds if bound.reach), default=None)
    on = day.first_after(nearest.earliest) if nearest else None
    if on and max(bounds).earliest <= on <= now and (on - nearest.earliest).days <= nearest.reach:
        return on.year, f"“{nearest.words}”"
    for ahead in sorted(
        _days_ahead(article)
    ):  # what lies ahead, such as «from 1 March 2024», lies less than a year ahead
        on = day.on(ahead.year if (day.month, day.day) < (ahead.month, ahead.day) else ahead.year - 1)
        if on and on <= now and all(bound.earliest <= on for bound in bounds):
            return on.year, f"“{ahead.isoformat()}”, which lies ahead"
    return None


def _days_ahead(article: Article) -> set[date]:
    """Days on which something begins; what ends on a day may end in many years."""
    named = (day for block in article.blocks for day in days_in(block.text, MENTIONED))
    return {day.on(day.year) for day in named if day.year and day.weight == AHEAD and not day.ends}


# --- dating articles -------------------------------------------------------------------------------------


def date_article(article: Article, now: date) -> Article:
    """Date an article by itself; `date_from_neighbours` finishes those whose year is missing.

    Args:
        now: today; nothing is dated after it.
    Returns: the article with `date`, or without one and without a warning yet.
    """
    modified = next(iter(days_in(article.modified or "", STATED)), None)
    article = replace(article, modified=_iso(modified, modified.year) if modified and modified.year else None)
    chosen = _chosen_day(article, now)
    if not chosen:
        return article
    if chosen.year:
        return _dated(article, chosen, chosen.year) if chosen.on(chosen.year) <= now else article
    guessed = _year_by_itself(article, chosen, now)
    if not guessed:
        return article
    year, reason = guessed
    return _dated(article, chosen, year).warn(f"The year {year} is a guess from {reason}.")


def date_from_neighbours(articles: Iterable[Article], now: date) -> list[Article]:
    """Give articles that name a day but no year the year that brings them nearest to the rest of their dump.

    The nearest comes first and is a neighbour to the next: a page shows the news of some weeks or months.
    Returns: all articles, in their order; one that stays without a date has a warning.
    """
    result = list(articles)
    undated = {at: day for at, article in enumerate(result) if not article.date and (day := _chosen_day(article, now))}
    while undated:
        known = {article.published for article in result if article.published}
        options = [option for at, day in undated.items() for option in _options(result[at], at, day, known, now)]
        if not options:
            break
        _, at, on, reason = min(options)
        article = _dated(result[at], undated.pop(at), on.year)
        result[at] = article.warn(f"The year {on.year} is a guess from {reason}.")
    for at, article in enumerate(result):
        if not article.date:
            why = f"the text says “{undated[at].words}”, but no year" if at in undated else "the text reports no day"
            result[at] = article.warn(f"No date found: {why}.")
    return result


def _options(article: Article, at: int, day: Day, known: set[date], now: date) -> list[tuple[int, int, date, str]]:
    """Days that an article may be of: (distance in days, its place, the day, what it follows from)."""
    if day.year:
        return []
    earliest = max((bound.earliest for bound in _bounds(article, day)), default=None)
    options = [
        (abs((on - neighbour).days), at, on, "the other articles of this dump")
        for neighbour in known
        for year in (neighbour.year - 1, neighbour.year, neighbour.year + 1)
        if (on := day.on(year)) and on <= now and (not earliest or on >= earliest)
    ]
    # A writer says «this year» of the year it is; one that is called by its number is over.
    if earliest and (on := day.on(earliest.year + 1)) and on <= now:
        options.append((LAST_RESORT, at, on, f"{earliest.year}, the latest year in the text"))
    return options


def _dated(article: Article, day: Day, year: int) -> Article:
    article = replace(article, date=_iso(day, year))
    if day.weight == STATED:
        return article
    return article.warn(f"The date {day.on(year)} is a guess: “{day.words}” is the latest day that the text reports.")


def _iso(day: Day, year: int) -> str:
    return f"{day.on(year)}T{day.time:0>{5 if len(day.time) <= 5 else 8}}" if day.time else str(day.on(year))
