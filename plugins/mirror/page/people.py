"""Who wrote it: persons, named below the headline, in the dateline, at the end, or in the head of the page.

Editors, proofreaders and photographers are no authors, agencies and sites are no persons.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import unquote, urlsplit

from plugins.languages.chinese import HAN
from plugins.mirror.page.addresses import is_switch
from plugins.mirror.page.lines import HIDDEN, NOISE, PLAIN, SEAM, Line
from plugins.mirror.page.moment import moments_in
from plugins.mirror.page.view import View
from plugins.mirror.page.voices import bare, clean, objects_of, simpler, types_of, words
from plugins.mirror.text.calendars import MONTH
from plugins.mirror.text.people import TIME_WORDS, is_chinese_name

MOST_AUTHORS = 12


@dataclass(frozen=True, slots=True)
class Byline:
    """Names that one place gives.

    Attributes:
        seen: the reader sees it.
    """

    names: tuple[str, ...]
    where: str
    weight: float
    seen: bool = False


# --- Chinese names ---------------------------------------------------------------------------------------

_RANK = (
    r"(?:首席|资深|高级|见习|实习|特约|特派|特邀|驻[\u4e00-\u9fff]{1,4}|"
    r"本报|本刊|本网|本台|本社|全媒体|融媒体?|新媒体|[\u4e00-\u9fff]{2,8}[报网社台])"
)
_WRITERS = (
    r"(?:原|本文)?作者|记者|撰文|撰稿人?|通讯员|"
    r"评论员|实习生|采写|采访|文字|执笔|主笔|编译|供稿|投稿|特约撰稿人|报道员|写手|专栏作家|文案|特稿"
)
_WRITER = re.compile(
    rf"(?<![和与及或对向由被把将给])(?<!网页)(?:{_RANK}){{0,3}}(?:{_WRITERS})(?:[/／、&＆和及](?:摄影|图片?|拍摄|摄)\s?)?(?P<mark>\s?[】\]]?\s?[:：|｜丨/／]{{1,2}}\s?|[】\]]\s?|[\s\x1f]+)?"
    r"|(?<![\u4e00-\u9fff\w])(?:图[/／、]?文|文[/／、]?图|文[/／、](?:摄|摄影)|文)(?P<mark2>\s?[:：|｜丨/／]\s?|[\s\x1f]+)"
)
_OTHERS = re.compile(
    r"责任编辑|责编|本版编辑|网络编辑|编辑|编审|责任校对|校对|审校|审核|终审|初审|复审|主编|监制|策划|统筹|值班|美编|视觉|制图|设计|排版|摄影|图片|供图|视频|剪辑"
    r"|来源|来自|关闭|返回|推荐|查看|上一篇|下一篇|推送|稿源|出处|发布|时间|日期|字号|字体|阅读|点击|浏览|评论(?!员)|分享|原标题|标签|关键词|版权|收藏|打印|纠错|举报|出品|签审|责任人|联系|电话|邮箱|热线"
    r"|编(?=\s?[:：|｜丨/／])|(?<![文/／])图(?=\s?[:：|｜丨/／])"
)
_SPLIT = re.compile(r"[\s\x1f、，,;；/／|｜丨&＆+]+|(?<=[\u4e00-\u9fff])[和及与](?=[\u4e00-\u9fff])")
_SINGLE_PAIR = re.compile(rf"(?<![{HAN}])([{HAN}])[\s\u3000]{{1,3}}([{HAN}])(?![{HAN}])")
_REPORTS = re.compile(
    r"(?:从?[\u4e00-\u9fff]{2,4})?(?:报[道导]|发自|综合报[道导]|摄影报[道导]|电|讯)|文并图|文[/／、]图|图[/／、]文|文[/／]摄|编译|整理|采写|撰文|文$"
)
_PHOTOGRAPHER = re.compile(r"\s?[/／]?\s?(?:摄影?(?!报道)|供图|制图|图(?!文))")
_WITH_CAMERA = re.compile(
    rf"(?:(?<![{HAN}])|(?<=记者)|(?<=通讯员))[{HAN}]{{2,4}}[\s\x1f]?[/／]?[\s\x1f]?(?:摄影?|供图|制图|图)(?![{HAN}/／])"
)
_CAMERA_BEFORE = re.compile(
    rf"(?<=[{HAN}])[\s\x1f]+摄影?[\s\x1f:：]+(?!记者|通讯员|报道|文)[{HAN}]{{2,4}}(?=[\s\x1f]|$)"
)
"""«记者 张三 摄影 李四»: the name behind is the photographer's, the one before is not."""
_WRITER_AFTER = re.compile(rf"(?<![{HAN}/／])([{HAN}]{{2,4}})\s?[/／]\s?(?:文图?|撰文)(?![{HAN}])")
_LATIN_GAP = re.compile(r"(?<=[A-Za-z.])\s(?=[A-Z])")
_HAN_NAME = re.compile(rf"[{HAN}]{{2,4}}")
_DOTTED = re.compile(rf"[{HAN}]{{1,8}}(?:[·•・‧∙．][{HAN}]{{1,8}}){{1,3}}")
_NO_NAMES = words(
    "凌晨 上午 下午 晚上 中午 清晨 傍晚 深夜 高清 高速 高考 黄金 金融 时间 时报 时评 安全 应急 文化 文章 文明 "
    "项目 申请 admin administrator editor webmaster root null undefined 本报讯 本网讯 佚名 未知 不详 匿名 "
    "网络 互联网 综合 转载 原创 管理员 编辑部 本站 小编 整理 记者 通讯员 作者 报道 图文 无 暂无 新华社 中新社 "
    "人民网 新华网 中新网 央视网 点击 来源 关注 微信 微博 客户端 返回 首页 国内 国际 社会 财经 完 待续 倒序 "
    "无关 有关 所有 声明 "
    "正序 楼主 下同 上接 下转 见图 图片 摄影 资料图 本报 本网 本台 讯 北京 上海 天津 重庆 广州 深圳 香港 澳门 "
    "台北 南京 杭州 武汉 成都 西安 华盛顿 纽约 伦敦 巴黎 东京 莫斯科 柏林"
)
_OUTLET_WORDS = re.compile(
    r"[报网社台]$|日报|晚报|新闻|频道|编辑部|委员会|办公室|工作室|公司|集团|中心|宣传部|大学|学院|研究院|政府|法院|公安|局$|厅$|部$|委$|杂志|周刊|客户端|在线|传媒|电视"
)


def chinese_names(text: str, loose: bool = False) -> tuple[str, ...]:
    """The writers that a byline names: ``记者 张三 李四 通讯员王五 责任编辑：赵六`` → 张三, 李四, 王五.

    Args:
        text: with or without `SEAM`; at most some 200 characters.
        loose: what follows the label need not read like a name, for «作者：» with its pen names.
    """
    text = _SINGLE_PAIR.sub(r"\1\2", text[:400].replace("\u3000", " "))
    text = _CAMERA_BEFORE.sub("", text)
    text = _WITH_CAMERA.sub("", _WRITER_AFTER.sub(r"文/\1 ", text))
    text = _LATIN_GAP.sub("_", text)
    plain = simpler(text)
    labels = [(found.start(), found.end(), found) for found in _WRITER.finditer(plain)]
    ends = sorted([start for start, _, _ in labels] + [found.start() for found in _OTHERS.finditer(plain)])
    names: list[str] = []
    for start, end, label in labels:
        stop = min((at for at in ends if at >= end and at > start), default=len(text))
        marked = bool(label["mark2"]) or bool(re.search(r"[:：|｜丨/／】\]]", label[0]))
        pen_names = loose and label[0].lstrip("原本文").startswith(("作者", "撰", "文", "编译"))
        names += _names_after_label(_without_rank(text[end:stop], stop < len(text)), marked, pen_names)
    return tuple(dict.fromkeys(names))


def _without_rank(text: str, goes_on: bool) -> str:
    """``张三 每经`` before ``编辑：``: the paper is part of the next label."""
    run = re.search(rf"(?<=[\s\x1f、])[{HAN}]{{2,4}}$", text) if goes_on else None
    return text[: run.start()] if run and not is_chinese_name(run[0]) else text


_NO_MORE_NAMES = re.compile(r"[()（）【】\[\]<>《》“”\"。！？!?@]|\d{2,}")


def _names_after_label(text: str, marked: bool, loose: bool) -> Iterator[str]:
    """Names up to the first word that is none."""
    text = _NO_MORE_NAMES.split(text, maxsplit=1)[0]
    given = 0
    for part in _SPLIT.split(text.strip(" \x1f:：")):
        part = part.strip(" .:：-—–").replace("_", " ")
        if not part:
            continue
        name = _one_name(part, marked or loose)
        if (
            not name
            and loose
            and not given
            and 2 <= len(part) <= 12
            and not _OUTLET_WORDS.search(part)
            and part.lower() not in _NO_NAMES
        ):
            name = part if not re.search(r"[\d:：]", part) else ""
        if not name:
            return
        if name != "-":
            given += 1
            yield name


def _one_name(part: str, marked: bool) -> str:
    """The name in a part of a byline; «-» for a part to pass over, empty when the names are over."""
    part = part.replace("•", "·").replace("・", "·").replace("‧", "·").replace("．", "·")
    if _DOTTED.fullmatch(part):
        return part
    if found := _PHOTOGRAPHER.search(part):
        return "-" if found.start() > 1 else ""
    # 潘立文 is a name; 张三 文 has a space.
    if (found := _REPORTS.search(part)) and not (found[0] == "文" and len(part) == 3 and is_chinese_name(part)):
        part = part[: found.start()]
        if not part:
            return ""
    if part in _NO_NAMES or part in TIME_WORDS:
        return ""
    if is_chinese_name(part) or (marked and _HAN_NAME.fullmatch(part) and not _OUTLET_WORDS.search(part)):
        return part
    # 记者张三北京报道: the place is stuck to the name.
    if _HAN_NAME.match(part) and len(part) in (4, 5) and part[-2:] in _NO_NAMES and is_chinese_name(part[:-2]):
        return part[:-2]
    if marked and is_english_name(part):
        return part
    return ""


_OPENING_BYLINE = re.compile(
    rf"[(（【]\s?(?P<inside>(?:[^()（）【】]{{0,14}}?(?:{_WRITERS})|文)[^()（）【】]{{1,60}})[)）】]"
    rf"|^\s?(?P<bare>(?:{_RANK})+(?:{_WRITERS})[\s:：丨|]?[{HAN}·]{{2,4}}(?:[\s、][{HAN}·]{{2,4}}){{0,4}})(?=[\s,，]|$)"
    rf"|(?<=[电讯])[(（](?P<unlabelled>[{HAN}·]{{2,4}}(?:[\s、][{HAN}·]{{2,4}}){{0,4}}\s?)[)）]"
)
_CLOSING_BYLINE = re.compile(
    rf"[(（【\[]\s?(?P<inside>[^()（）【】\[\]]{{2,80}})[)）】\]]\s?$|(?<=[。！？”])\s?(?P<bare>(?:{_RANK})+(?:{_WRITERS})[^。]{{2,40}})$"
)


def _chinese_opening(text: str) -> tuple[str, ...]:
    for found in _OPENING_BYLINE.finditer(simpler(text[:160])):
        if found.start() > 60:
            break
        names = (
            _bare_names(found["unlabelled"]) if found["unlabelled"] else chinese_names(found["inside"] or found["bare"])
        )
        if names:
            return names
    return ()


def _chinese_closing(text: str) -> tuple[str, ...]:
    """（记者 张三） · （张三 李四） · 本报记者 张三, after the last full stop."""
    found = _CLOSING_BYLINE.search(text[-160:])
    if not found:
        return ()
    inside = found["inside"] or found["bare"]
    # （秋实 通讯员 田野）, （郭子敬 摄影报道）: the first names need no label.
    first = _bare_names(
        re.split(rf"[\s、，,；;](?=(?:{_RANK})*(?:{_WRITERS}|摄影报道|文并图|报道|编译|整理))", inside)[0]
    )
    return tuple(dict.fromkeys((*first, *chinese_names(inside))))


def _bare_names(text: str) -> tuple[str, ...]:
    """Names without a label that says so: each has to read like one."""
    if _OTHERS.search(text) or re.search(r"[。！？，：:\d]", text):
        return ()
    parts = [part for part in re.split(r"[\s、]+", _SINGLE_PAIR.sub(r"\1\2", text)) if part]
    named = all(is_chinese_name(part) and part not in _NO_NAMES for part in parts)
    return tuple(parts) if named and len(parts) <= 5 else ()


# --- English names ---------------------------------------------------------------------------------------

_TITLE_WORDS = (
    "staff|senior|chief|special|contributing|contributor|national|political|politics|business|sports?|health|science|education|technology|tech"
    "|foreign|diplomatic|legal|crime|home affairs|environment|economics?|city|deputy|assistant|associate|managing"
    "|executive|digital|investigative"
    "|data|media|arts|culture|entertainment|fashion|food|travel|consumer|world|international|regional|local|night|news|breaking|trainee|multimedia"
)
_ROLE = (
    "writers?|reporters?|correspondents?|editors?|editor-in-chief|journalists?|contributors?|columnists?|critics?"
    "|producers?|bureau chief|analysts?"
    "|photographers?|interns?|anchors?|presenters?|bloggers?|guest author|authors?|freelancers?|desk|team|staff"
)
_ROLE_PHRASE = re.compile(
    rf"\b(?:(?:{_TITLE_WORDS})[\s,/&-]{{1,3}}(?:and )?){{0,4}}(?:{_ROLE})\b.{{0,60}}$", re.IGNORECASE
)
_PAPER = (
    "News|Herald|Times|Post|Press|Journal|Tribune|Gazette|Daily|Agency|Network|Media|Observer|Chronicle|Courier|Service"
    "|Magazine|Weekly|Mail|Standard|Star|Sun|Record|Register|Sentinel"
)
_PAPER_BEFORE_ROLE = re.compile(rf"(?<=\w)(?P<before>\s\S+)\s(?:The\s)?(?:{_PAPER})$")
"""«Jane Doe Courier» before «staff writer»; two words at least are the name."""
_BY = re.compile(
    r"^(?:(?:article|story|post|report|reporting|reported|words?|text|written|posted|published|authored|created|submitted|compiled|opinion|analysis|commentary|contributed|exclusive|column|review)\s{0,3}[:|]?\s{0,3})?by(?:line)?\b\s{0,3}[:|]?\s{0,3}"
    r"|^(?:authors?|reporters?|writers?|written by|from|words|reporting)\s{0,3}[:|]\s{0,3}",
    re.IGNORECASE,
)
_NOT_WRITING = re.compile(
    r"\b(?:edit(?:ed|ing)|editors?:|photo(?:graph)?s?|photography|pictures?|videos?|image|illustrat\w+|graphics?"
    r"|reviewed|fact[- ]checked|produced|translated|design(?:ed)?|additional reporting|medically)\b\s{0,2}(?:by\b"
    r"|:)?.*$",
    re.IGNORECASE,
)
_DATE_STUCK = re.compile(r"(?<=[a-z])(?=\d{1,2}[\s/.-])")
"""Jane Doe19 June 2021."""
_FILED = re.compile(r"[\s\x1f](?:filed\s)?(?:in|under|on)\x1f")
"""Between the writer and the link to the section: Posted by X in Y on Z."""
_AND = re.compile(r"\s*(?:[;|/·•\x1f\n]|,|\s(?:and|&|with|y)\s|\s[–—-]\s|&)\s*", re.IGNORECASE)
_ENGLISH_WORD = (
    r"(?:[A-ZÀ-ÖØ-Þ][\w’'.-]{0,24}|"
    r"(?:de|da|di|do|dos|del|della|der|den|du|van|von|la|le|bin|bint|ibn|al|el|ter|ten|y|e|of)(?=\s))"
)
_ENGLISH_NAME = re.compile(
    rf"(?=[A-ZÀ-ÖØ-Þ]|de\s|van\s|von\s|al[\s-]|el-)(?:{_ENGLISH_WORD}\s){{1,4}}(?:[A-ZÀ-ÖØ-Þ][\w’'.-]{{0,24}}|I{{2,3}})"
)
_NO_PERSON = re.compile(
    r"\b(?:news|newspaper|staff|reporters?|press|times|post|daily|herald|journal|tribune|gazette|editorial|editors?|desk|team|correspondents?|magazine|university|college|department|agency"
    r"|agencies|associated|reuters|bloomberg|xinhua|afp|bbc|cnn|wire|wires|services?|network|media|group|inc|ltd|llc|company|corp|office|board|admin|administrator|webmaster|online|digital|television|tv|radio"
    r"|bureau|institute|association|council|government|ministry|committee|foundation|report|guest|contributor|updated|published|posted|comments?|share|follow|subscribe|read|more|minutes?|ago|today|yesterday"
    r"|monday|tuesday|wednesday|thursday|friday|saturday|sunday|http|www|com|am|pm|est|edt|gmt|view|profile|author|about|email|twitter|facebook|archive|articles?|stories|story|videos?|photos?|the|this|our|your|from|contact|breaking|world|business|sports?|politics|opinion|review|community|weekly|chronicle|observer|guardian|sentinel|insider)\b",
    re.IGNORECASE,
)
_MONTH = re.compile(rf"\b{MONTH}", re.IGNORECASE)


def english_names(text: str, single: bool = False) -> tuple[str, ...]:
    """The writers that a byline names: ``By JANE DOE and John Smith, Staff Writer`` → Jane Doe, John Smith.

    Args:
        text: a byline or a field, with or without `SEAM`.
        single: one word may be a name, as in a field that holds nothing but the author.
    """
    text = text[:300].replace("\u00a0", " ").strip(" \x1f\t\r\n")
    text = _BY.sub(
        "", re.sub(r"[\x1f\s]+", lambda gap: SEAM if SEAM in gap[0] and len(gap[0].strip(" ")) else " ", text)
    )
    text = re.sub(rf"^(?:{SEAM}|\s)+", "", text)
    text = _BY.sub("", text)
    text = _NOT_WRITING.sub("", _DATE_STUCK.sub(SEAM, text))
    text = _FILED.split(text, maxsplit=1)[0]
    text = re.sub(r"\([^()]{0,60}\)|<[^<>]{0,80}>|\S+@\S+|https?://\S+|(?<=\w)@\w+|(?:^|\s)@\w+", " ", text)
    # «Doe, Jane» of a catalogue
    if turned := re.fullmatch(r"([A-Z][\w’'-]+),\s?([A-Z][\w’'-]+(?:\s[A-Z]\.)?)", text.strip()):
        text = f"{turned[2]} {turned[1]}" if not _NO_PERSON.search(text) and single else text
    names = []
    for part in _AND.split(text)[:30]:
        part, roles = _ROLE_PHRASE.subn("", part.strip(" .:,"))
        part = part.strip(" .:,-–—|")
        part = _PAPER_BEFORE_ROLE.sub(r"\g<before>", part) if roles else part
        part = re.sub(r"\s(?:in|for|at|of|on|from)\s.*$", "", part)
        part = _BY.sub("", " ".join(part.split()))
        part = re.sub(r"^(?:Mr|Mrs|Ms)\.?\s", "", part)
        if part.isupper() and len(part) > 4:
            part = _title_case(part)
        if is_english_name(part) or (single and not names and _single_word(part)) or is_chinese_name(part):
            names.append(part)
    return tuple(dict.fromkeys(names))


def is_english_name(text: str) -> bool:
    """Whether two to five words read like a person's name."""
    return (
        bool(_ENGLISH_NAME.fullmatch(text))
        and not _NO_PERSON.search(text)
        and not _MONTH.fullmatch(text.split()[0])
        and len(text) <= 48
    )


def _single_word(text: str) -> bool:
    return bool(re.fullmatch(r"[A-Z][a-zà-ÿ’'-]{2,20}", text)) and not _NO_PERSON.search(text)


def _title_case(text: str) -> str:
    """JANE O'NEIL-DOE → Jane O'Neil-Doe."""
    text = re.sub(r"[^\W\d_]+", lambda word: word[0].capitalize(), text)
    return re.sub(r"\bMc([a-z])", lambda found: "Mc" + found[1].upper(), text)


# --- the voices ------------------------------------------------------------------------------------------


def json_ld(view: View) -> Iterator[Byline]:
    for thing in view.articles:
        names: list[str] = []
        for author in (
            *objects_of(thing.get("author")),
            *(objects_of(thing.get("creator")) if not thing.get("author") else ()),
        ):
            names += _persons(author, view, thing)
        if names:
            yield Byline(tuple(dict.fromkeys(names)), "JSON-LD", 0.85)


def _persons(author: object, view: View, article: dict) -> tuple[str, ...]:
    """The names of one author of JSON-LD; an organisation has none."""
    if isinstance(author, dict):
        if types_of(author) & {"Organization", "NewsMediaOrganization", "Corporation", "WebSite"}:
            return ()
        if "name" not in author and isinstance(author.get("@id"), str):
            author = next(
                (thing for thing in view.tree.json_ld if thing.get("@id") == author["@id"] and "name" in thing), author
            )
        names = [name for value in objects_of(author.get("name")) for name in names_in_field(clean(value, 200), view)]
        return tuple(names)
    return names_in_field(clean(author, 200), view)


def names_in_field(text: str, view: View) -> tuple[str, ...]:
    """Names in a field that holds nothing but the author."""
    if not text or "@" in text[1:] or bare(text) in view.site_names or is_switch(text):
        return ()
    if re.match(r"https?://|/", text):
        return _slug(text)
    if re.match(r"\[?\s?\{", text):  # [{"name": "Jane Doe"}]
        listed = re.findall(r"[\"']name[\"']\s?:\s?[\"']([^\"']{2,60})[\"']", text)
        return tuple(name for one in listed for name in names_in_field(one, view))
    if re.search(f"[{HAN}]", text):
        names = chinese_names(text, loose=True)
        if names:
            return names
        parts = _SPLIT.split(_SINGLE_PAIR.sub(r"\1\2", text))
        return tuple(
            part for part in parts if is_chinese_name(part) and part not in _NO_NAMES and not _OUTLET_WORDS.search(part)
        )
    return english_names(text, single=True)


def _slug(address: str) -> tuple[str, ...]:
    """/author/jane-doe → Jane Doe."""
    try:
        path = unquote(urlsplit(address).path)
    except ValueError:
        return ()
    found = re.search(
        r"/(?:authors?|by|people|staff|profiles?|reporters?|contributors?|writers?)/([a-z]+(?:-[a-z]+){1,3})/?$", path
    )
    name = found[1].replace("-", " ").title() if found else ""
    return (name,) if is_english_name(name) else ()


META_AUTHORS = {
    "author": 0.6,
    "article:author": 0.55,
    "og:article:author": 0.5,
    "article:author_name": 0.65,
    "sailthru.author": 0.7,
    "parsely-author": 0.7,
    "citation_author": 0.7,
    "byl": 0.7,
    "dc.creator": 0.65,
    "dcterms.creator": 0.65,
    "dc.creator.name": 0.6,
    "rbauthors": 0.6,
    "cxenseparse:author": 0.6,
    "article.author": 0.6,
    "authors": 0.6,
    "creator": 0.5,
    "news_author": 0.6,
    "twitter:data1": 0.4,
}


def meta(view: View) -> Iterator[Byline]:
    for name, weight in META_AUTHORS.items():
        names = []
        for content in view.tree.meta.get(name, ())[:MOST_AUTHORS]:
            if name == "twitter:data1" and "written by" not in view.tree.first_meta("twitter:label1").lower():
                continue
            names += names_in_field(clean(content, 600 if content[:1] in "[{" else 200), view)
        if name == "twitter:data1":
            names = [one for one in names if " " in one or not one.isascii()]
        if names:
            # In China the field holds whoever put the page up.
            yield Byline(tuple(dict.fromkeys(names)), name, weight * (0.7 if view.lang == "zh" else 1.0))


def marks(view: View) -> Iterator[Byline]:
    """Elements that are called byline or author, near the headline or at the ends of the text."""
    seen = 0
    for mark in view.lines.marks[:800]:
        if mark.kind != "author" or mark.zone == HIDDEN:
            continue
        near = view.near[0] <= mark.at < max(view.near[1], view.body[0] + 3)
        below = view.body[1] - 3 <= mark.at < view.body[1] + 6
        seen += 1
        if not (near or below) or seen > 40 or re.search(r"editor(?!ial)|bianji|avatar|photo|image", mark.name):
            continue
        text = mark.seams
        if len(text) > 400 or mark.element.tag in ("form", "meta", "img"):
            continue
        names = _in_mark(text, view, mark)
        if names:
            sure = "itemprop" in mark.element.attrib or mark.element.get("rel") == "author" or "byline" in mark.name
            weight = (0.8 if sure else 0.75) if near else 0.5
            yield Byline(names, "byline", weight * (0.5 if mark.zone == NOISE else 1.0), seen=True)


def _in_mark(text: str, view: View, mark) -> tuple[str, ...]:
    if re.search(f"[{HAN}]", text):
        names = chinese_names(text, loose=True)
        if names or _OTHERS.search(text):
            return names
        plain = " ".join(text.replace(SEAM, " ").split())
        return names_in_field(plain, view) if len(plain) <= 20 else ()
    for inner in mark.element.iter():
        if inner.get("itemprop") == "name" or (inner.get("rel") or "").startswith("author"):
            names = english_names(inner.text_content())
            if names:
                more = english_names(text)
                return more if set(names) <= set(more) and len(more) <= 6 else names
    return english_names(text)


def lines_near_title(view: View) -> Iterator[Byline]:
    """作者：张三 · 本报记者 李四 · By Jane Doe, in a short line between headline and text."""
    start, end = view.body
    read = _in_chinese_line if view.lang == "zh" else _in_english_line
    for line in (*view.nearby, *view.lines.lines[start : min(start + 3, end)]):
        if line.zone == HIDDEN or len(line.seams) > 260:
            continue
        # Above the headline stand the writers of other stories, as often as not.
        above = view.headline is not None and line.at < view.headline
        if not above:
            yield from read(line, view)
        elif not any(_is_link(one) for one in view.lines.lines[max(0, line.at - 2) : view.headline]):
            yield from (replace(byline, weight=0.6 * byline.weight) for byline in read(line, view))


def _is_link(line: Line) -> bool:
    """Whether a line is the headline of another story."""
    return len(line.text) > 6 and line.linked > 0.6 * len(line.text)


def _in_chinese_line(line: Line, view: View) -> Iterator[Byline]:
    text = line.seams
    if len(text) > 120 and "。" in text:
        return
    if names := chinese_names(text, loose=True) if not _SENTENCE.search(text) else ():
        yield Byline(names, "line near the title", 0.85 if line.zone != NOISE else 0.5, seen=True)
    elif line.zone == PLAIN and len(text) < 80 and (names := _among_facts(text)):
        yield Byline(names, "line near the title", 0.55, seen=True)
    elif line.zone == PLAIN and view.headline is not None and 0 < line.at - view.headline <= 4:
        names = _bare_names(text.replace(SEAM, " ").strip("●○■□◎•◆▲★* "))  # 江晚晴　贾卫东, and nothing else
        yield from [Byline(names, "line near the title", 0.5, seen=True)] if names else []


def _in_english_line(line: Line, view: View) -> Iterator[Byline]:
    text = line.seams
    if re.fullmatch(r"(?:written |posted )?by:?", line.text, re.IGNORECASE):
        following = view.lines.lines[line.at + 1 : line.at + 2]
        text = "By " + (following[0].seams[:200] if following else "")
    plain = _NOT_WRITING.sub("", text.replace(SEAM, " ")).lstrip()
    if len(plain) < 200 and _BEGINS_WITH_BY.match(plain):
        names, weight = english_names(text), 0.8 if line.zone != NOISE else 0.5
    elif _may_name_writers(line, view) and (found := _ENGLISH_BY.search(plain)):
        names, weight = english_names(found[0]), 0.6
    elif _may_name_writers(line, view) and line.zone == PLAIN and line.at <= view.headline + 6:
        yield from _without_by(line)
        return
    else:
        return
    if names:
        yield Byline(names, "byline", weight, seen=True)


_BEGINS_WITH_BY = re.compile(
    r"(?:written |posted |story |words |reported |analysis |opinion )?by\b(?:line)?[\s:|]"
    r"|(?:words|authors?|writers?|reporters?)\s?:\s",
    re.IGNORECASE,
)


def _without_by(line: Line) -> Iterator[Byline]:
    """Jane Doe, Political Correspondent · Jane Doe: a line below the headline that is names and roles alone."""
    text, seams = line.text, line.seams
    if moments := moments_in(seams):
        before, after = seams[: moments[0].start], seams[moments[-1].end :]
        seams = before if re.search(r"\w", before) else after.lstrip(" |·•,\x1f-–—")
        text = " ".join(seams.replace(SEAM, " ").split())
    if len(text) > 90 or len(text.split()) > 10:
        return
    names = english_names(seams)
    rest = text
    for name in names:
        rest = re.sub(re.escape(name), "", rest, flags=re.IGNORECASE)
    rest = re.sub(r"\b(?:follow|subscribe|share)\b", "", rest, flags=re.IGNORECASE)
    role = bool(_ROLE_PHRASE.search(rest)) or bool(_PAPER_AFTER.fullmatch(rest))
    if names and (role or not re.search(r"[A-Za-z]", re.sub(r"\band\b", "", rest))):
        yield Byline(names, "line near the title", 0.6 if role else 0.45, seen=True)


_PAPER_AFTER = re.compile(
    rf"\s?[,|·/–—-]\s?(?:[A-Z][\w’'-]*\s){{0,4}}(?:{_PAPER}|Reuters|Bloomberg|AP|AFP|Xinhua|PA)\s?"
)
"""The paper behind a name: «, Castellan News»."""


def _may_name_writers(line: Line, view: View) -> bool:
    """A short line below the headline that is no sentence: «November 2nd, 2012 by Helen Marsh»."""
    below = view.headline is not None and line.at > view.headline
    return below and len(line.seams) < 140 and not re.search(r"[.!?][\"”’]?\s*$", line.seams)


def _among_facts(text: str) -> tuple[str, ...]:
    """The one name in a line of nothing but names, papers, moments and labelled words: 佟律／海港晚报 2018-03-08."""
    moments = moments_in(text)
    if moments:
        text = text[: moments[0].start] + SEAM + text[moments[-1].end :]
    told_apart = _OTHERS.search(text)
    text = text[: told_apart.start()] if told_apart else text
    parts = [part for part in re.split(r"[\s\x1f／/|｜丨,，]+", text) if part]
    if moments and len(parts) == 2 and _HAN_NAME.fullmatch(parts[1]) and len(parts[1]) <= 3 < len(parts[0]):
        return (parts[1],) if parts[1] not in _NO_NAMES else ()  # 2018-03-08 海港观察家 南风: moment, paper, writer
    names = [part for part in parts if is_chinese_name(part) and part not in _NO_NAMES]
    others = [part for part in parts if part not in names]
    told = moments or (others and all(_OUTLET_WORDS.search(part) for part in others))
    return tuple(names) if len(names) == 1 and told and len(others) <= 6 else ()


_SENTENCE = re.compile(r"[。！？]\s?$|记者(?:从|在|了解|获悉|看到|发现|采访|走进|来到)")
_ENGLISH_BY = re.compile(r"(?:^|[\s|·•,-])[Bb][Yy]:?\s[A-Z][^|·•]{3,80}")


def opening(view: View) -> Iterator[Byline]:
    """The dateline: 本报讯（记者 张三）."""
    if view.lang == "zh":
        for text in (view.opening, *view.paragraphs[1:3]):
            if names := _chinese_opening(text):
                yield Byline(names, "dateline", 0.8, seen=True)
                break
        return
    found = re.match(r"By\s(?P<names>[A-Z][^.]{3,60}?)(?=\s[A-Z]{3,}[\s,]|$)", view.opening[:120])
    if names := english_names(found["names"]) if found else ():
        yield Byline(names, "byline", 0.6, seen=True)


def _is_of_a_card(line: Line, view: View) -> bool:
    """Whether a line stands below the headline of another story, which is a link."""
    return any(_is_link(one) for one in view.lines.lines[max(0, line.at - 2) : line.at])


def closing(view: View) -> Iterator[Byline]:
    """（张三） after the last stop; 本报记者 张三 and Reporting by Jane Doe below the text."""
    start, end = view.body
    after = view.lines.lines[max(start, end - 8) : end + 8] if end else []
    after = [line for line in after if not _is_of_a_card(line, view)]
    if view.lang == "zh":
        for text in reversed(view.paragraphs[-3:]):
            if names := _chinese_closing(text):
                yield Byline(names, "end of the text", 0.7, seen=True)
                break
        for line in after:
            if line.zone not in (NOISE, HIDDEN) and len(line.seams) < 100:
                names = chinese_names(line.seams, loose=True) if not _SENTENCE.search(line.seams) else ()
                names = names or (_chinese_closing(line.text) if len(line.seams) < 40 and not line.linked else ())
                alone = bool(re.fullmatch(r"[(（][^:：]{2,12}[)）]", line.text))  # an editor as often as not
                if names:
                    yield Byline(names, "line below the text", 0.45 if alone else 0.6, seen=True)
        return
    for text in (*view.closing, *(line.text for line in after if line.zone not in (NOISE, HIDDEN))):
        found = re.search(
            r"(?:^|[(\s])(?:Reporting|Written|Reported|Story|Posted) by (?P<names>[^().]{4,120})", text[-300:]
        )
        found = found or (re.match(r"By (?P<names>[A-Z][^().\d]{4,80})$", text) if len(text) < 90 else None)
        found = found or (re.fullmatch(r"[—–-]{1,2}\s?(?P<names>[A-Z][^.]{4,40}?)(?:,\s[^.]{2,40})?", text.strip()))
        names = english_names(found["names"]) if found else ()
        if names:
            yield Byline(names, "end of the text", 0.6, seen=True)


def story(view: View) -> Iterator[Byline]:
    """The article in the data of a script."""
    said = view.story.authors if view.story else ()
    if names := tuple(dict.fromkeys(name for one in said for name in names_in_field(clean(one, 200), view))):
        yield Byline(names, "data of a script", 0.9)


def scripts(view: View) -> Iterator[Byline]:
    """The variables of a page that a script puts together."""
    if names := names_in_field(view.in_scripts("author"), view):
        yield Byline(names, "script", 0.45)


VOICES: list[tuple[str, Callable[[View], Iterable[Byline]]]] = [
    ("json_ld", json_ld),
    ("story", story),
    ("meta", meta),
    ("marks", marks),
    ("lines_near_title", lines_near_title),
    ("opening", opening),
    ("closing", closing),
]
"""Where a page says who."""


def find_authors(view: View) -> Byline:
    """The weightiest names, completed by other places that name one of them too, or that the reader sees as well.

    Returns: a Byline without names for a page that names nobody.
    """
    said = sorted((byline for _, voice in VOICES for byline in voice(view)), key=lambda byline: -byline.weight)
    site = view.site_names
    if not any(byline.seen or byline.weight >= 0.5 for byline in said):
        said = sorted((*said, *scripts(view)), key=lambda byline: -byline.weight)
    said = [byline for byline in said if not all(bare(name) in site for name in byline.names)]
    if not said:
        return Byline((), "", 0.0)
    best = said[0]
    names = list(best.names)
    for other in said[1:]:
        shared = _same(names, other.names)
        # In a Chinese paper the line below the headline and the dateline name different people of one story.
        both_seen = view.lang == "zh" and best.seen and other.where in ("dateline", "end of the text")
        if (shared and other.weight >= 0.5) or both_seen:
            names += [name for name in other.names if not _same(names, (name,))]
    names = [name for name in names if bare(name) not in site][:MOST_AUTHORS]
    if not best.seen and view.lang == "zh":
        # Where the page prints 责任编辑：X, an X in its head is the editor and no author.
        editors = _editors(view)
        names = [name for name in names if name not in editors]
    agreed = sum(1 for other in said[1:] if _same(names, other.names))
    return Byline(tuple(names), best.where, min(1.0, best.weight + 0.1 * agreed))


def _editors(view: View) -> set[str]:
    return {
        name
        for line in view.lines.lines
        if len(line.seams) < 120
        for found in _EDITOR.finditer(line.text)
        for name in re.split(r"[\s、]+", found[1])
    }


_EDITOR = re.compile(
    rf"(?:责任编辑|责\s?编|编\s?辑|校对|审核|发布者|发布人|录入)\s?[:：|丨]?\s?([{HAN}]{{2,4}}(?:[\s、][{HAN}]{{2,4}}){{0,3}})"
)


def _same(names: Iterable[str], others: Iterable[str]) -> bool:
    return bool({bare(name) for name in names} & {bare(name) for name in others})
