"""How a text begins that names its paper, its day and its reporters before the first sentence.

Also how other credits look that a dump runs together with the text: `opening_credit` finds where one ends,
before paragraphs are cut, because datelines hold spaces that are no paragraph breaks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from plugins.languages.chinese import HAN
from plugins.mirror.text.calendars import ENGLISH_DAY
from plugins.mirror.text.people import ROLES, is_chinese_name, names_in

_DAY = r"(?:20\d\d\s?年\s?)?\d{1,2}\s?月\s?\d{1,2}\s?日"
_MEDIA = (
    "社|网|报|台|之家|新闻|财经|在线|日报|周刊|杂志|客户端|观察|通讯|科技|[Aa][Pp][Pp]|本刊"
    "|央视|每经|36氪|格隆汇|钛媒体|机器之心|量子位|金十数据|红星资本局|21世纪经济"
)
OUTLET = rf"[A-Za-z{HAN}·]{{0,12}}(?:{_MEDIA})"
"""A paper by the last characters of its name."""

_RANK = "首席|资深|见习|实习|特约|特派|本报|本刊|全媒体|融媒体"
ROLE = rf"(?:(?:{_RANK})?(?:责任编辑|责编|记者|实习生|编辑|作者|通讯员|撰文|编译|评论员|校对|审校))"
_ROLE_AHEAD = rf"(?:{_RANK}|责编|记者|编辑|作者|通讯员|撰文|编译|评论员|校对|审校)"
PERSON = rf"(?:(?!{_ROLE_AHEAD})[{HAN}]{{2,4}}?(?:·[{HAN}]{{1,8}})?|[{HAN}]\s[{HAN}](?![{HAN}]))"
PEOPLE = rf"{PERSON}(?:[\s、]{PERSON}){{0,3}}?"
_MARK = r"\s?[|｜丨/:：]?\s?"
_CREW = rf"{ROLE}{_MARK}{PEOPLE}(?:[\s;；]{{1,3}}(?:{OUTLET})?{ROLE}{_MARK}{PEOPLE}){{0,4}}"
"""Who did what: 记者 卢大海 实习生 苗青 编辑 容若."""

NEWS_AGENCY = re.compile(  # 海港社5月6日讯(编辑 苗青) · 新华社北京2月5日电（记者 张三 李四） · 证券时报网讯
    rf"(?P<outlet>[A-Za-z{HAN}·]{{2,16}}?)\s?(?P<day>{_DAY})?\s?(?<![通短资简机])[讯电](?=[\s,，:：(（]|$)"
    rf"\s?(?P<people>[(（]\s?(?:{ROLE}[^()（）]{{0,60}}|{PEOPLE})[)）])?\s?(?:题[:：])?[\s,，:：]?"
    rf"(?P<last_day>{_DAY})?(?(last_day)消息[,，:：])"
)
NEWS_SITE = re.compile(  # 码农之家 5 月 6 日消息, · 央视网消息： · 36氪获悉, · 央广网北京5月6日消息(记者 苗青)
    rf"(?P<outlet>{OUTLET}(?:[{HAN}]{{2,4}}?(?=\s?{_DAY}))?)\s?(?P<day>{_DAY})?\s?(?:消息|获悉|报道|快讯|(?<=日)[丨|｜])"
    rf"(?:\s?[(（](?P<people>{ROLE}[^()（），,]{{0,30}})[)）][,，:：]?|\s(?P<crew>{_CREW})(?=\s|$)|[,，:：\s]|$|(?<=[丨|｜]))"
)
IN_BRACKETS = re.compile(rf"【(?P<outlet>{OUTLET})(?:综合)?(?:报道|消息|讯)?\s(?P<people>{_CREW})】")
REPORTER_OF = re.compile(  # 海港观察网 记者 卢大海 5月6日, · 界面新闻记者 | 王五 · 本报记者 赵六 北京报道
    rf"(?P<outlet>(?:{OUTLET}|本报|本刊|本网|21世纪经济报道)(?:讯|消息)?)\s?"
    rf"(?P<people>{_CREW})"
    rf"(?:\s?(?:[{HAN}]{{2,4}}\s?)?(?P<day>{_DAY})?\s?(?:综合)?报道|\s{{1,3}}(?P<last_day>{_DAY}))?(?:[\s,，:：。]|$)"
)
REPORTER = re.compile(  # 文|张三 · 作者：张三 · 记者 张三 李四
    rf"(?P<people>(?:文\s?[|｜丨/／]\s?|{ROLE}\s?[|｜丨/／:：]\s?|{ROLE}\s){PEOPLE}"
    rf"(?:\s{{1,3}}{ROLE}{_MARK}{PEOPLE}){{0,4}})(?=\s|$)"
)
CITY = re.compile(  # BEIJING, Feb. 5 (Xinhua) -- · SHANGHAI (Reuters) -
    rf"[A-Z][A-Z .'’-]{{1,30}}(?:,\s[A-Z][A-Za-z.]{{1,20}})?(?:,\s(?P<day>{ENGLISH_DAY}))?"
    r"(?:\s\((?P<outlet>[A-Z][^()]{1,40})\))?\s?(?:--|—|–|-)\s(?=\S)"
)
_ENGLISH_MEDIA = (
    "News|Newspaper|Press|Agency|Daily|Times|Post|House|Network|Net|Online|Herald|Journal|Finance|Observer|Weekly|Tribune"
    "|Gazette|Television|TV|Radio|Media|App|Society|Service|Xinhua|Xinhuanet|Reuters|Bloomberg|CCTV|CNR"
)
ENGLISH_OUTLET = rf"(?:[A-Z][\w&.’'-]{{1,20}}\s){{0,4}}?(?:[A-Z]\w{{0,12}})?(?:{_ENGLISH_MEDIA})\b"
_CITY = r"(?:,?\s(?!(?:On|on)\b)[A-Z][a-z]{1,15}(?:\s[A-Z][a-z]{1,15})?)"
STANDING_ALONE = re.compile(  # Xinhuanet Hexi, May 6
    rf"(?P<outlet>{ENGLISH_OUTLET}){_CITY}?,?\s(?P<day>{ENGLISH_DAY})$"
)
TRANSLATED = re.compile(  # Cailian Press, February 5 (Reporter Wang Hong) · IT House, February 6 news,
    rf"(?P<outlet>{ENGLISH_OUTLET}){_CITY}?,?\s(?:on\s)?(?P<day>{ENGLISH_DAY})"
    r"(?:\s?(?:news|report|dispatch)\b)?,?\s?"
    r"(?:(?P<people>\(\s?(?:[Rr]eporter|[Ee]ditor|[Jj]ournalist)s?[^()]{1,60}\))[,:]?|(?<=[a-z]),|:)\s?"
)
DATELINES = {
    "zh": [IN_BRACKETS, REPORTER_OF, NEWS_AGENCY, NEWS_SITE, REPORTER],
    "en": [CITY, STANDING_ALONE, TRANSLATED],
}
"""The shapes of each language, in the order in which they are tried."""

_PICTURE = (
    "图片来源|图源|图片|题图|资料来源|数据来源|图表来源|供图|制图|摄影|图片素材"
    "|(?:Image|Photo|Picture|Chart|Graphic|Data)s?\\s?(?:source|credit|by|from|courtesy(?: of)?)|Photo|Image"
)
PICTURE_LABEL = re.compile(
    rf"(?:{_PICTURE})\s?(?:[:：/／丨|｜]|(?<=by)\s|(?<=of)\s"
    r"|(?<=from)\s(?=(?:the )?(?:internet|web|network|official|weibo|wechat|interviewee|company)))\s?",
    re.IGNORECASE,
)
PICTURE_IN_BRACKETS = re.compile(  # (图源:X) · (图片来源:X 摄(资料图)) · (资料图片由X提供)
    rf"[(（\[【]\s?(?:(?:{_PICTURE})\s?[:：/／丨|｜ ]\s?"
    r"|(?:资料)?(?:图片?|照片|供图)均?由(?=[^()（）]{2,40}提供))"
    r"(?P<credit>[^()（）\[\]【】]{1,60}?(?:[(（][^()（）]{1,20}[)）])?)(?:提供)?\s?[)）\]】]",
    re.IGNORECASE,
)
_BY_CAMERA = rf"{PERSON}\s?[/／]?\s?摄影?(?:\s?[(（][^()（）]{{1,12}}[)）])?(?=\s|$)"
PHOTOGRAPHER = re.compile(rf"(?:{OUTLET})?(?:记者|通讯员)\s?{_BY_CAMERA}")  # 每经记者 苗青 摄(资料图)
_AFTER_LABEL = re.compile(rf"(?:(?:{OUTLET})?(?:记者|通讯员)\s?)?{_BY_CAMERA}")

_LABELS = (
    "来源|转载自|稿件来源|文章来源|信息来源|原标题|原题|关键词|关键字|标签|责任编辑|责编|实习编辑|编辑|记者|作者|撰文"
    "|校对|审校|审核|监制|发布时间|更新时间|更新于|发布于"
)
_LABEL = re.compile(rf"[(（【\[]?\s?(?:{_LABELS})\s?[:：丨|｜]")
_BRACKETED = re.compile(r"[(（【\[][^()（）【】\[\]]*[)）】\]]")
_NEXT_LABEL = re.compile(rf"\s+(?=[(（]?(?:{_LABELS})\s?[:：丨|｜])")

# 国资委6月3日消息 is a sentence about an office, and so is what begins with a preposition.
_NO_OUTLET = re.compile(r"据|从|在|对|与|向|记者从|有|多家|该|.*(?:[委局部院会司]|[官电联全]网)$")


_NEXT_NAME = re.compile(rf"(?:(?<=\s)|[\s、])(?P<name>[{HAN}]{{2,3}})(?=\s|$)")
_WITH_CITY = re.compile(rf"本[报刊网台站社]|{OUTLET}(?:[{HAN}]{{2,4}})?")
_CHINESE_GAP = re.compile(rf"[^,，。！？：:]{{1,20}}?[{HAN}](?=\s[{HAN}])")
"""Up to a space between two Chinese characters: «Lumen 官网» before «另一段»."""
_SAID_TWICE = re.compile(r"(\w{2,20})(?=\s\1\s)")
"""«Lumen» before «Lumen 表示»: the name is the credit, and the subject of the next sentence."""


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
    if found := PHOTOGRAPHER.match(text):
        return found.end()
    dateline = read_dateline(text, "zh") if first else None
    return dateline.end if dateline else 0


def cut_labels(text: str) -> list[str]:
    """``来源：X 责任编辑：Y`` → the two; other text and what one pair of brackets holds stay whole."""
    return _NEXT_LABEL.split(text) if _LABEL.match(text) and not _BRACKETED.fullmatch(text) else [text]


def _understood(found: re.Match[str]) -> Dateline | None:
    groups = found.groupdict()
    outlet, people = groups.get("outlet") or "", groups.get("people") or groups.get("crew") or ""
    day = groups.get("day") or groups.get("last_day") or ""
    authors, end = names_in(people), found.end()
    if people and not authors and people[0] in "(（" and not ROLES.search(people):
        people, end = "", found.start("people")  # brackets that belong to the sentence
    if authors and people[0] not in "(（":
        while (more := _NEXT_NAME.match(found.string, end)) and is_chinese_name(more["name"]):
            authors, end = (*authors, more["name"]), more.end()
    named = outlet or day if found.re is CITY else outlet or authors
    if not named or (people and not authors) or _NO_OUTLET.match(outlet):
        return None
    if found.re is NEWS_AGENCY and not day and not people and not _WITH_CITY.fullmatch(outlet):
        return None  # 港南机电: a company
    words = re.sub(r"[\s,，:：。—–-]+$", "", found.string[found.start() : end].lstrip())
    return Dateline(words, _without_city(outlet), day, authors, end)


def _without_city(outlet: str) -> str | None:
    """新华社江州 → 新华社; 本报 names nobody."""
    outlet = re.sub(r"(?<=[社网报台刊经])(?:讯|消息)$", "", outlet.strip(" ,，"))
    # A place has two to four characters, and none that ends the name of a paper.
    city = re.fullmatch(rf"(?P<outlet>[{HAN}]{{1,10}}?[社网报台])[{HAN}]{{1,3}}[^社网报台刊]", outlet)
    if city:
        return _without_city(city["outlet"])
    return None if outlet in ("", "本报", "本刊", "本网", "本台") else outlet


def _end_of_label(text: str, start: int) -> int:
    """``图源：X 另一段``: it ends at the first space that two Latin words do not share."""
    if found := _AFTER_LABEL.match(text, start) or _SAID_TWICE.match(text, start):
        return found.end()
    if found := _CHINESE_GAP.match(text, start):
        return found.end()
    for gap in re.finditer(r"\s", text[: start + 60]):
        before, after = text[gap.start() - 1], text[gap.end() : gap.end() + 1]
        if gap.start() > start and not (before.isascii() and after.isascii()):
            return gap.start()
    return len(text) if len(text) <= start + 60 and not re.search(r"[。！？]", text) else 0
