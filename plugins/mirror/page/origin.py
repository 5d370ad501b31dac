"""Which paper or agency an article is from (来源): as the page prints it, without the words around it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import islice

from plugins.languages.chinese import HAN
from plugins.mirror.page.addresses import is_switch
from plugins.mirror.page.lines import HIDDEN, NOISE, PLAIN, Line
from plugins.mirror.page.view import View
from plugins.mirror.page.voices import NOBODY, Voice, bare, clean, objects_of, simpler, types_of, words
from plugins.mirror.text.datelines import OUTLET, read_dateline
from plugins.mirror.text.people import is_chinese_name

_LABEL = re.compile(
    r"(?<!图片)(?<!资料)(?<!数据)(?<!图表)(?<!素材)(?<!视频)(?<!人口)(?<!资金)(?<!收入)(?<!主要)"
    r"(?:(?:信息|稿件|文章|新闻|内容|消息|资讯|本文|原文)?来\s{0,4}[源自]|稿\s?源|出\s?处|转[载贴帖]?自|摘自|来源于|原载于?)(?:[\s\x1f]*(?:网站|单位|媒体|机构))?[\s\x1f]*[:：丨|｜][\s\x1f:：]*"
    r"|^(?:文章)?[来稿]源\s?[/／]\s?"
    r"|(?:转载?自|本文来自|来源于|摘自)[\s\x1f]*(?=[《<\x1f\u4e00-\u9fff])"
)
_ENGLISH_LABEL = re.compile(
    r"(?:^|[\x1f|·•\s(])(?:Sources?|Original source|Published by|Republished from|Courtesy of)\s?[:|]\s*[\x1f\s]*",
    re.IGNORECASE,
)
_DAY = r"(?:19|20)\d\d\s?[-年/.]|\d{1,2}[:：]\d\d|\d{1,2}月\d{1,2}日|\d\d-\d\d"
_END = re.compile(
    rf"[\s\x1f]*(?:(?:原|本文)?作\s{{0,4}}者|记\s?者|责任编辑|责\s?编|编\s?辑(?!部)|校对|(?:发布|发表|更新)(?=[时日于在人:：]|\s?\d)|时间|日期|点击|浏览|阅读|人气|次数|字号|字体|【|［|\[|[(（]|分享|评论|收藏|打印|我要|参与"
    rf"|扫描|手机|关注|微信扫|举报|纠错|字[:：]|大\s?中\s?小|[|｜丨>＞<]|{_DAY}|(?:客户端)?自媒体|[。；;！？!?，])"
)
_GAP = re.compile(r"\s*\x1f[\s\x1f]*|\s{2,}|[\u3000\xa0]+")
_OUTLET = re.compile(
    r".{1,24}(?:报|网|社|台|刊|周刊|杂志|客户端|日报|晚报|新闻|在线|广播|电视|频道|财经|资讯|传媒|通讯|中心|公众号|发布|之声|出版社|部|局|委|委员会|政府|厅|办|院|大学|时报)"
)
_NO_SOURCE = words("本站 网络 互联网 原创 转载 未知 其他 本站原创 来源 网站 编辑 管理员 本网 无 综合 本站编辑 网友")
_WEAK = 0.75
"""Factor for what names nobody: 来源：网络."""


_ACCOUNT = re.compile(
    r"^(?:(?:微信|官方|微博|头条)?(?:公众号|公众平台|订阅号|头条号|百家号|企鹅号)|微信)"
    r"(?:[\s\x1f]*[:：][\s\x1f]*|(?=[\s\x1f]*[“\"‘「《【])|[\s\x1f]+)"
)
"""微信公众号：青崖慢谈, 微信公众号“青崖慢谈”."""


def cut_name(text: str, lang: str) -> str:
    """The name at the start of what follows a label: up to the next label, time, bracket or wide gap."""
    text = _ACCOUNT.sub("", text[:160].lstrip(" \x1f\t\r\n:：")).lstrip(" \x1f")
    end = _END.search(text)
    if end and end.start() == 0 and text[:1] in "(（【[":
        text, end = text[1:], None
        end = _END.search(text) or re.search(r"[)）】\]]", text)
    text = text[: end.start()] if end else text
    text = re.split(r"[)）】\]]\s*$", text)[0] if text.count("(") + text.count("（") == 0 else text
    # The text of a link, even when it has spaces or inner elements, is one name; a seam after it ends the name.
    text = _GAP.split(text.strip(" \x1f"))[0]
    if re.search(f"[{HAN}]", text):
        parts = text.split(" ")
        # 来源：海港晚报 林晓舟: the name of a person after a paper is no part of it.
        while len(parts) > 1 and (is_chinese_name(parts[-1]) or _OUTLET.fullmatch(parts[0])):
            if _OUTLET.fullmatch(" ".join(parts[1:])) and not _OUTLET.fullmatch(parts[0]):
                break
            parts.pop()
        text = " ".join(parts)
    return (
        clean(text, 80).strip(" :：,，、.;；-—–_\"'“”|/·").removeprefix("《").removesuffix("》").strip() if text else ""
    )


def name_in(text: str, lang: str) -> str:
    """The name in an element that holds the source, with its label or without."""
    found = _LABEL.search(simpler(text)) or _ENGLISH_LABEL.search(text)
    return cut_name(text[found.end() :] if found else text, lang)


def _plausible(name: str, lang: str) -> bool:
    """Whether a name can be a paper's: neither a sentence nor a language nor an address of a file nor a number."""
    if not name or is_switch(name) or len(name) > 50 or (re.search(f"[{HAN}]", name) and len(name) > 30):
        return False
    if re.fullmatch(r"[\W\d_]+", name) or re.search(
        r"[。！？]|https?:|\.(?:jpe?g|png|gif|js|css|html?)$|\{|\}|=|function|undefined|null", name
    ):
        return False
    return not (lang == "zh" and name in ("null", "来源"))


def labelled(view: View) -> Iterator[Voice]:
    """来源：海港晚报 near the headline, or below the text."""
    start, end = view.body
    every = view.lines.lines
    zones = [(view.nearby, 0.95, "line near the title")]
    if end:
        zones.append((every[start : min(start + 4, end)], 0.8, "line near the title"))
        zones.append((every[max(start, end - 10) : end + 15], 0.75, "line below the text"))
        zones.append(
            ([line for line in every[start:end] if _IS_LABEL.fullmatch(line.text)][:1], 0.7, "end of the text")
        )
    seen = set()
    for lines, weight, where in zones:
        for line in lines:
            if line.at in seen or line.zone == HIDDEN:
                continue
            seen.add(line.at)
            factor = 0.5 if line.zone == NOISE else 1.0
            yield from _in_line(line, view, weight * factor, where)


_IS_LABEL = re.compile(r"[（(【]?(?:稿件|文章)?(?:来源|转自|稿源)[:：][^:：，。\d]{2,16}[)）】]?")
"""（来源：海港晚报）, and nothing else: the text may have been taken to go on below it."""


def _in_line(line: Line, view: View, weight: float, where: str) -> Iterator[Voice]:
    label = _LABEL if view.lang == "zh" else _ENGLISH_LABEL
    text = line.seams
    # In a paragraph only its end says where it is from: ……。（来源：海港晚报）
    long = len(text) > 160
    for found in label.finditer(simpler(text[-80:] if long else text)):
        rest = (text[-80:] if long else text)[found.end() :]
        before = found.string[: found.start()]
        if (long and not re.search(r"[(（\[【。！？]\s?$", before)) or re.search(r"[“\"‘「]\s?$|注明\S{0,4}$", before):
            continue
        name = cut_name(rest, view.lang)
        if not name and not rest.strip(" \x1f"):
            name = _in_picture(line, view.lang) or _in_next_line(line, view)
        if _plausible(name, view.lang):
            yield Voice(name, where, weight * (_WEAK if name in _NO_SOURCE else 1.0))
            return


def _in_picture(line: Line, lang: str) -> str:
    """The name in the alternative text of the logo after «来源：»."""
    for holder in (line.element, line.element.getparent()):
        pictures = [] if holder is None or holder.tag == "body" else list(islice(holder.iter("img"), 3))
        for picture in pictures:
            if name := cut_name(picture.get("alt") or picture.get("title") or "", lang):
                return name
    return ""


def _in_next_line(line: Line, view: View) -> str:
    """The name that stands below its label; a sentence is the text."""
    following = view.lines.lines[line.at + 1 : line.at + 2]
    if not following or len(following[0].seams) > 60 or re.search(r"[。！？]", following[0].seams):
        return ""
    return cut_name(following[0].seams, view.lang)


def marks(view: View) -> Iterator[Voice]:
    """Elements that are called source, near the headline."""
    seen = 0
    for mark in view.lines.marks[:800]:
        if mark.kind != "source" or mark.zone in (HIDDEN, NOISE) or seen > 20:
            continue
        near = view.near[0] <= mark.at < max(view.near[1], view.body[0] + 2)
        if not near and not re.search(r"(?:^|\s)(?:source|laiyuan|media_name|article-source)(?:$|\s)", mark.name):
            continue
        seen += 1
        text = mark.seams
        if not text.strip(" \x1f") or len(text) > 160:
            continue
        found = _LABEL.search(simpler(text)) or _ENGLISH_LABEL.search(text)
        if found:
            name, weight = cut_name(text[found.end() :], view.lang), 0.95
        else:
            name, weight = (
                cut_name(next(iter(_rest_of(text, view)), ""), view.lang),
                0.8 if re.search(r"source|laiyuan|media|jgname|nickname|js_name", mark.name) else 0.5,
            )
        if _plausible(name, view.lang) and not is_chinese_name(name):
            yield Voice(name, "source class", weight * (1.0 if near else 0.55) * (_WEAK if name in _NO_SOURCE else 1.0))


_COUNTS = re.compile(
    r"(?:阅读|点击|浏览|评论|人气|次数|字号|分享|参与)\D{0,6}\d{0,9}|\d{1,9}\s?(?:次|人|条)?(?:阅读|点击|浏览|评论|参与|跟贴|观看)"
)


def _rest_of(text: str, view: View) -> list[str]:
    """What is left of a line without its date, counts and labelled people, piece by piece."""
    if titled := re.match(r"[\s\x1f]*《([^《》]{2,20})》", text):  # 《海港晚报》（2018年03月08日 第02版）
        return [titled[1]]
    pieces = [piece.strip(" |｜丨·,，-—/") for piece in re.split(r"[\x1f|｜丨\s]{1,9}", text)]
    kept = []
    for piece in pieces:
        if (
            not piece
            or re.search(rf"{_DAY}|\d\d:\d\d", piece)
            or _COUNTS.search(piece)
            or re.fullmatch(r"[\d\W]+", piece)
        ):
            continue
        if re.match(
            r"作者|记者|责任|责编|编辑|发布|时间|日期|文[/／:：]|图[/／:：]|我要|分享|打印|字号|收藏|(?:大|中|小|T)$",
            piece,
        ):
            break
        kept.append(piece)
    return [clean(" ".join(kept), 60)] if view.lang == "en" else kept


def beside_the_date(view: View) -> Iterator[Voice]:
    """2018-03-08 10:05 海港晚报, without a label: what is called like a paper, or the only thing that stands there."""
    if view.lang != "zh":
        return
    for line in view.nearby:
        if view.headline is not None and line.at < view.headline:
            continue
        below = view.headline is not None and 0 < line.at - view.headline <= 3
        if below and line.zone == PLAIN and _OUTLET.fullmatch(line.text) and 3 <= len(line.text) <= 12:
            yield Voice(line.text, "line near the title", 0.5)
            continue
        if below and line.zone == PLAIN and _stands_by_the_date(line, view):
            yield Voice(line.text, "line near the title", 0.4)
            continue
        if (
            line.zone in (HIDDEN, NOISE)
            or len(line.seams) > 120
            or not re.search(_DAY, line.seams)
            or _LABEL.search(simpler(line.seams))
        ):
            continue
        names = [
            name for part in _rest_of(line.seams, view) if (name := cut_name(part, "zh")) and _plausible(name, "zh")
        ]
        names = [name for name in names if not is_chinese_name(name) and name not in _SECTIONS]
        outlets = [name for name in names if _OUTLET.fullmatch(name)]
        if outlets:
            yield Voice(outlets[0], "beside the date", 0.65)
        elif len(names) in (1, 2) and 2 <= len(names[0]) <= 12 and len(names[-1]) <= len(names[0]):
            yield Voice(names[0], "beside the date", 0.5 if len(names) == 1 else 0.4)


def _stands_by_the_date(line: Line, view: View) -> bool:
    """Whether a line is a short name and nothing else, and the next is a moment: 海港观察家, 2018-03-08 10:05."""
    name = line.text
    if not re.fullmatch(rf"[{HAN}A-Za-z·]{{3,10}}", name) or is_chinese_name(name) or name in _SECTIONS:
        return False
    following = view.lines.lines[line.at + 1 : line.at + 2]
    return bool(following) and len(following[0].seams) < 60 and bool(re.match(rf"\D{{0,6}}{_DAY}", following[0].seams))


_SECTIONS = words(
    "财经 新闻 社会 国内 国际 体育 娱乐 科技 时政 军事 教育 健康 汽车 房产 文化 旅游 要闻 评论 原创 首页 正文 "
    "滚动 视频 图片 关注 置顶 专题 热点"
)
"""What stands beside a date and is the section."""


META_SOURCES = {
    "source": 0.6,
    "mediaid": 0.6,
    "og:source": 0.55,
    "contentsource": 0.65,
    "content-source": 0.6,
    "news_source": 0.6,
    "syndication-source": 0.3,
    "dc.source": 0.55,
    "article:source": 0.55,
    "og:article:author": 0.4,
    "article:author": 0.35,
    "author": 0.35,
    "dc.publisher": 0.35,
    "copyright": 0.2,
}


def meta(view: View) -> Iterator[Voice]:
    for name, weight in META_SOURCES.items():
        text = clean(view.tree.first_meta(name), 120)
        if not text or "://" in text:
            continue
        found = _LABEL.match(text)
        text = cut_name(text[found.end() :] if found else text, view.lang)
        person = "author" in name and not (_OUTLET.fullmatch(text) or _AGENCY.search(text))
        if _plausible(text, view.lang) and not person:
            yield Voice(text, name, weight)


_AGENCY = re.compile(
    r"\b(?:Reuters|Associated Press|AP|AFP|Agence France-Presse|Xinhua|Bloomberg|PA Media|Press Association|UPI"
    r"|News Agency|Staff|News)\b"
)


def json_ld(view: View) -> Iterator[Voice]:
    for thing in view.articles:
        for key, weight in (
            ("sourceOrganization", 0.6),
            ("provider", 0.4),
            ("author", 0.45),
            ("creator", 0.4),
            ("publisher", 0.35),
        ):
            for maker in objects_of(thing.get(key)):
                person = key in ("author", "creator")
                if isinstance(maker, dict):
                    if person and not types_of(maker) & {"Organization", "NewsMediaOrganization", "Corporation"}:
                        continue
                    maker = maker.get("name")
                elif person:
                    continue
                name = clean(maker, 80)
                if _plausible(name, view.lang):
                    yield Voice(name, "JSON-LD", weight)
                    break


def dateline(view: View) -> Iterator[Voice]:
    """新华社北京3月8日电 · LONDON (Reuters) —."""
    found = read_dateline(view.opening[:200], view.lang)
    if found and found.outlet:
        # 青崖在线观察日内瓦3月8日消息: the place is no part of the paper.
        paper = re.match(OUTLET, found.outlet) if view.lang == "zh" else None
        yield Voice(paper[0] if paper else found.outlet, "dateline", 0.45)
    if view.lang == "en" and (
        agency := re.match(r"[^()]{2,50}\((?P<name>[A-Z][\w. ]{1,24})\)\s?[-–—]", view.opening[:100])
    ):
        yield Voice(agency["name"], "dateline", 0.5)


def byline(view: View) -> Iterator[Voice]:
    """By Jane Doe, Reuters · By The Associated Press."""
    if view.lang != "en":
        return
    for mark in view.lines.marks[:400]:
        if mark.kind != "author" or mark.zone in (HIDDEN, NOISE) or not view.near[0] <= mark.at < view.near[1]:
            continue
        for piece in re.split(r"[\x1f,|/·•]|\sby\s|^[Bb]y\s", mark.seams[:200]):
            name = " ".join(piece.split()).removeprefix("By ").removeprefix("The ")
            if re.fullmatch(
                r"(?:Reuters|Associated Press|AP|AFP|Agence France-Presse|Xinhua|Bloomberg|PA Media|Press "
                r"Association|UPI)",
                name,
            ):
                yield Voice(name, "byline", 0.6)
                return


def site(view: View) -> Iterator[Voice]:
    """The site itself, when it names nobody else."""
    own = view.tree.first_meta("og:site_name", "application-name")
    name = clean(own, 60)
    if _plausible(name, view.lang):
        yield Voice(name, "og:site_name", 0.3)
    # 标题_频道_站名
    parts = [part.strip() for part in re.split(r"[_|｜丨–—»-]", view.tree.title_tag[:300]) if part.strip()]
    if len(parts) > 1 and _OUTLET.fullmatch(parts[-1]) and len(parts[-1]) <= 12:
        yield Voice(parts[-1], "title element", 0.25)


def story(view: View) -> Iterator[Voice]:
    """The article in the data of a script."""
    name = cut_name(view.story.source, view.lang) if view.story else ""
    if _plausible(name, view.lang):
        yield Voice(name, "data of a script", 0.85)


def scripts(view: View) -> Iterator[Voice]:
    """The variables of a page that a script puts together."""
    name = cut_name(view.in_scripts("source"), view.lang)
    if _plausible(name, view.lang) and not re.fullmatch(r"[\w-]*[a-z][\w-]*", name):
        yield Voice(name, "script", 0.5)


VOICES: list[tuple[str, Callable[[View], Iterable[Voice]]]] = [
    ("labelled", labelled),
    ("marks", marks),
    ("beside_the_date", beside_the_date),
    ("meta", meta),
    ("json_ld", json_ld),
    ("story", story),
    ("dateline", dateline),
    ("byline", byline),
    ("site", site),
]
"""Where a page says which paper."""


OURS = "本报"
_PAPER = re.compile(rf"[{HAN}]{{2,8}}报")


def find_source(view: View) -> Voice:
    """The name that the surest place prints; NOBODY when no place names one."""
    said = [saying for _, voice in VOICES for saying in voice(view)]
    if any(saying.value == OURS for saying in said):
        own = next((name for name in view.sites if _PAPER.fullmatch(name)), "")
        said = [replace(one, value=own) if one.value == OURS else one for one in said if own or one.value != OURS]
    if view.lang == "zh" and all(saying.weight < 0.5 for saying in said):
        said += scripts(view)
    if not said:
        return NOBODY
    weights: dict[str, float] = {}
    for saying in said:
        key = bare(saying.value)
        weights[key] = 1.0 - (1.0 - weights.get(key, 0.0)) * (1.0 - saying.weight)
    # Agreement helps, but what the page labels 来源 is not outvoted by the names of the site.
    return max(said, key=lambda saying: saying.weight + 0.05 * weights[bare(saying.value)])
