"""How a text begins that names its paper, its day and its reporters before the first sentence.

Also how other credits look that a dump runs together with the text: `opening_credit` finds where one ends,
before paragraphs are cut, because datelines hold spaces that are no paragraph breaks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from plugins.languages.chinese import HAN
from plugins.mirror.calendars import ENGLISH_DAY
from plugins.mirror.people import names_in

_DAY = r"(?:20\d\d\s?年\s?)?\d{1,2}\s?月\s?\d{1,2}\s?日"
_MEDIA = "社|网|报|台|之家|新闻|财经|在线|日报|周刊|杂志|客户端|观察|通讯|科技|36氪|证券时报|本刊|每经"
OUTLET = rf"[A-Za-z{HAN}·]{{0,12}}(?:{_MEDIA})"
"""A paper by the last characters of its name."""

_RANK = "首席|资深|见习|实习|特约|特派|本报|全媒体|融媒体"
ROLE = rf"(?:(?:{_RANK})?(?:责任编辑|责编|记者|编辑|作者|通讯员|撰文|编译|评论员))"
PERSON = rf"[{HAN}](?:\s?[{HAN}]){{1,3}}"
PEOPLE = rf"{PERSON}(?:[\s、]{PERSON}){{0,3}}?"
_MARK = r"\s?[|｜丨/:：]?\s?"

NEWS_AGENCY = re.compile(  # 海港社5月6日讯(编辑 苗青) · 新华社北京2月5日电（记者 张三 李四） · 证券时报网讯
    rf"(?P<outlet>[A-Za-z{HAN}·]{{2,16}}?)\s?(?P<day>{_DAY})?\s?(?<![通短资简])[讯电](?=[\s,，:：(（])"
    rf"\s?(?P<people>[(（]\s?{ROLE}[^()（）]{{0,60}}[)）])?[\s,，:：]?"
)
NEWS_SITE = re.compile(  # 码农之家 5 月 6 日消息, · 央视网消息： · 36氪获悉,
    rf"(?P<outlet>{OUTLET})\s?(?P<day>{_DAY})?\s?(?:消息|获悉|报道|快讯)"
    rf"\s?[(（]?(?P<people>{ROLE}[^()（），,]{{0,30}})?[)）]?[,，:：\s]"
)
REPORTER_OF = re.compile(  # 海港观察网 记者 卢大海 5月6日, · 界面新闻记者 | 王五 · 本报记者 赵六 北京报道
    rf"(?P<outlet>{OUTLET}|本报|本刊|本网|21世纪经济报道)\s?"
    rf"(?P<people>{ROLE}{_MARK}{PEOPLE}(?:\s{{1,3}}(?:{OUTLET})?{ROLE}{_MARK}{PEOPLE})?)"
    rf"(?:\s?(?:[{HAN}]{{2,4}}\s?)?(?P<day>{_DAY})?\s?(?:综合)?报道|\s{{1,3}}(?P<last_day>{_DAY}))?(?:[\s,，。]|$)"
)
REPORTER = re.compile(  # 文|张三 · 作者：张三 · 记者 张三 李四
    rf"(?P<people>(?:文\s?[|｜丨/／]\s?|{ROLE}\s?[|｜丨/／:：]\s?|{ROLE}\s){PEOPLE}"
    rf"(?:\s{{1,3}}{ROLE}{_MARK}{PEOPLE})?)(?=\s|$)"
)
CITY = re.compile(  # BEIJING, Feb. 5 (Xinhua) -- · SHANGHAI (Reuters) -
    rf"[A-Z][A-Z .'’-]{{1,30}}(?:,\s[A-Z][A-Za-z.]{{1,20}})?(?:,\s(?P<day>{ENGLISH_DAY}))?"
    r"(?:\s\((?P<outlet>[A-Z][^()]{1,40})\))?\s?(?:--|—|–|-)\s(?=\S)"
)
TRANSLATED = re.compile(  # Cailian Press, February 5 (Reporter Wang Hong) · IT House, February 6 news,
    rf"(?P<outlet>[A-Z][\w&.’'-]{{1,20}}(?:\s[A-Z][\w&.’'-]{{1,20}}){{0,4}}),?\s(?:on\s)?(?P<day>{ENGLISH_DAY})"
    r"(?:\s?(?:news|report|dispatch)\b)?\s?"
    r"(?:(?P<people>\(\s?(?:[Rr]eporter|[Ee]ditor|[Jj]ournalist)s?[^()]{1,60}\))[,:]?|(?<=[a-z])[,:])\s?"
)
DATELINES = {"zh": [NEWS_AGENCY, NEWS_SITE, REPORTER_OF, REPORTER], "en": [CITY, TRANSLATED]}
"""The shapes of each language, in the order in which they are tried."""

_PICTURE = (
    "图片来源|图源|图片|题图|资料来源|数据来源|图表来源|供图|制图|摄影|图片素材"
    "|(?:Image|Photo|Picture|Chart|Graphic|Data)s?\\s?(?:source|credit|by|courtesy(?: of)?)|Photo|Image"
)
PICTURE_LABEL = re.compile(rf"(?:{_PICTURE})\s?(?:[:：/／丨|｜]|(?<=by)\s|(?<=of)\s)\s?", re.IGNORECASE)
PICTURE_IN_BRACKETS = re.compile(
    rf"[(（\[【]\s?(?:{_PICTURE})\s?[:：/／丨|｜ ]\s?(?P<credit>[^()（）\[\]【】]{{1,60}})[)）\]】]",
    re.IGNORECASE,
)

_LABELS = (
    "来源|稿件来源|文章来源|信息来源|原标题|原题|关键词|关键字|标签|责任编辑|责编|实习编辑|编辑|记者|作者|撰文"
    "|校对|审校|审核|监制|发布时间|更新时间|更新于|发布于"
)
_LABEL = re.compile(rf"[(（【\[]?\s?(?:{_LABELS})\s?[:：丨|｜]")
_NEXT_LABEL = re.compile(rf"\s+(?=[(（]?(?:{_LABELS})\s?[:：丨|｜])")

# 国资委6月3日消息 is a sentence about an office, and so is what begins with a preposition.
_NO_OUTLET = re.compile(r"据|从|在|对|与|向|记者从|有|多家|该|.*[委局部院会司]$")


_CHINESE_GAP = re.compile(rf"[^,，。！？：:]{{1,20}}?[{HAN}](?=\s[{HAN}])")
"""Up to a space between two Chinese characters: «Lumen 官网» before «另一段»."""


@dataclass(frozen=True, slots=True)
class Dateline:
    """A dateline that was found.

    Attributes:
        words: as written, without the mark that divides it from the text.
        outlet: the paper, None for 本报 and the like.
        day: the day as written; else empty.
        authors: the names in it.
        end: where the text goes on.
    """

    words: str
    outlet: str | None
    day: str
    authors: tuple[str, ...]
    end: int


def read_dateline(text: str, lang: str) -> Dateline | None:
    """The dateline that *text* begins with, its punctuation ASCII or full-width; None when there is none."""
    for shape in DATELINES[lang]:
        found = shape.match(text)
        if found and (dateline := _understood(found)):
            return dateline
    return None


def opening_credit(text: str, first: bool) -> int:
    """The length of the credit that a run of Chinese text begins with, 0 when it begins with none.

    Args:
        first: no paragraph stands before, so a dateline may.
    """
    if found := PICTURE_IN_BRACKETS.match(text):
        return found.end()
    if found := PICTURE_LABEL.match(text):
        return _end_of_label(text, found.end())
    dateline = read_dateline(text, "zh") if first else None
    return dateline.end if dateline else 0


def cut_labels(text: str) -> list[str]:
    """``来源：X 责任编辑：Y`` → the two; other text stays whole."""
    return _NEXT_LABEL.split(text) if _LABEL.match(text) else [text]


def _understood(found: re.Match[str]) -> Dateline | None:
    groups = found.groupdict()
    outlet, people = groups.get("outlet") or "", groups.get("people") or ""
    day = groups.get("day") or groups.get("last_day") or ""
    authors = names_in(people)
    named = outlet or day if found.re is CITY else outlet or authors
    if not named or (people and not authors) or _NO_OUTLET.match(outlet):
        return None
    words = re.sub(r"[\s,，:：。—–-]+$", "", found[0].lstrip())
    return Dateline(words, _without_city(outlet), day, authors, found.end())


def _without_city(outlet: str) -> str | None:
    """新华社江州 → 新华社; 本报 names nobody."""
    outlet = outlet.strip(" ,，")
    # A place has two to four characters, and none that ends the name of a paper.
    city = re.fullmatch(rf"(?P<outlet>[{HAN}]{{1,10}}?[社网报台])[{HAN}]{{1,3}}[^社网报台刊]", outlet)
    if city:
        return _without_city(city["outlet"])
    return None if outlet in ("", "本报", "本刊", "本网", "本台") else outlet


def _end_of_label(text: str, start: int) -> int:
    """``图源：X 另一段``: it ends at the first space that two Latin words do not share."""
    if found := _CHINESE_GAP.match(text, start):
        return found.end()
    for gap in re.finditer(r"\s", text[: start + 60]):
        before, after = text[gap.start() - 1], text[gap.end() : gap.end() + 1]
        if gap.start() > start and not (before.isascii() and after.isascii()):
            return gap.start()
    return len(text) if len(text) <= start + 60 and not re.search(r"[。！？]", text) else 0
