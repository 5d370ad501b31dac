"""The headline: what the page prints above the text, confirmed by what it says of itself in its head.

Places are asked one by one; a candidate counts what agrees with it. Of those that say the same the one that the
reader sees is kept, letter by letter.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import combinations, islice
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from plugins.languages.chinese import HAN
from plugins.mirror.page.addresses import is_home, is_switch, same_site
from plugins.mirror.page.embedded import find_story
from plugins.mirror.page.lines import CRUMBS, HIDDEN, NOISE, Line, Lines, Mark, words_of
from plugins.mirror.page.moment import moments_in
from plugins.mirror.page.tree import Tree
from plugins.mirror.page.voices import NOBODY, Voice, articles_in, bare, clean, is_chinese, objects_of, size_of, words

META_TITLES = {
    "og:title": 0.7,
    "twitter:title": 0.6,
    "citation_title": 0.8,
    "articletitle": 0.8,
    "article_title": 0.7,
    "contenttitle": 0.7,
    "parsely-title": 0.7,
    "sailthru.title": 0.7,
    "headline": 0.7,
    "hdl": 0.6,
    "dc.title": 0.6,
    "dcterms.title": 0.6,
    "apub:title": 0.6,
    "title": 0.5,
}
"""Meta fields that hold the headline, and how far each is believed."""

A_HEADLINE = 3
"""Words (pairs of characters) that a headline has at least when nothing confirms it."""

FIRST_LINES = 400
"""Lines within which a headline without a heading element is looked for."""


@dataclass(frozen=True, slots=True)
class Headline:
    """The chosen headline.

    Attributes:
        voice: its words, where they stand, and a weight that is the confidence.
        element: what prints it; None when only the head of the page has it.
        at: the number of its line; 0 when nobody prints it.
    """

    voice: Voice
    element: HtmlElement | None = None
    at: int = 0


@dataclass(slots=True)
class _Candidate:
    text: str
    where: str
    weight: float
    shown: bool = False
    element: HtmlElement | None = None
    at: int = 0
    bare: str = field(init=False)

    def __post_init__(self) -> None:
        self.bare = bare(self.text)


def find_headline(tree: Tree, lines: Lines, sites: tuple[str, ...]) -> Headline:
    """Choose among all places that may hold the headline.

    Args:
        sites: names of the site, see `site_names`.
    Returns: the headline; its voice is NOBODY when the page has none.
    """
    stated = [candidate for candidate in _stated(tree, sites) if candidate.bare]
    shown = [candidate for candidate in _shown(tree, lines, stated) if candidate.bare]
    site = {bare(name) for name in sites}
    options = [
        one
        for one in (*shown, *stated)
        if one.bare not in site and one.bare not in _NO_HEADLINES and not is_switch(one.text)
    ]
    options = [one for one in options if not _CONSENT.match(one.text)]
    if not options:
        return Headline(NOBODY)
    raw = bare(tree.title_tag[:2000])
    scores = [_score(one, stated, shown, raw) for one in options]
    best = max(range(len(options)), key=lambda at: scores[at])
    chosen = options[best]
    confidence = min(1.0, scores[best] / 2.0)
    return Headline(Voice(chosen.text, chosen.where, confidence), chosen.element, chosen.at)


_CONSENT = re.compile(
    r"(?:we value your privacy|your privacy|privacy (?:preference|setting|notice|policy)|(?:this site|we) uses? cookies"
    r"|(?:manage )?cookie (?:settings|preferences|policy|consent)|manage (?:your )?consent|about your privacy)",
    re.IGNORECASE,
)
"""Headings of what asks for consent."""

_NO_HEADLINES = words(
    "正文 新闻 首页 新闻正文 新闻中心 要闻 国内 国际 社会 体育 娱乐 财经 科技 评论 专题 详情 新闻详情 文章 "
    "文章详情 内容页 无标题 无标题文档 untitled untitleddocument home news article articles sports business "
    "opinion politics world local nodocument null undefined title latestnews breakingnews"
)
"""What stands in the place of a headline and is none, see `bare`."""


def _score(one: _Candidate, stated: list[_Candidate], shown: list[_Candidate], raw: str) -> float:
    """How far the other places of the page agree, with a preference for what the reader sees."""
    confirmed = 0.0
    for other in stated:
        confirmed += other.weight * agreement(one.bare, other.bare)
    if one.bare in raw and len(one.bare) >= 4 and not one.where.startswith("title element"):
        confirmed += 0.3
    if not one.shown:
        # Without a visible twin it is still the headline when no heading of the page is one; a title alone may be
        # the site's and the section's.
        alone = confirmed <= one.weight + 0.05 and one.where.startswith("title element")
        return confirmed * (0.6 if alone and not _is_printed(one, shown) else 1.0)
    if not confirmed and stated:
        kinship = max(_kinship(one, other) for other in stated)
        # The only h1 of a page is its headline, even when search engines are told another one on the same story.
        if kinship and one.where == "h1" and one.weight >= 0.8 and size_of(one.text) > A_HEADLINE:
            kinship = 1.0
        confirmed = kinship * sum(other.weight for other in stated)
        if not confirmed and size_of(one.text) <= A_HEADLINE:
            return 0.3 * one.weight
    if not stated:
        confirmed = one.weight * 0.5 * (1.0 if size_of(one.text) >= A_HEADLINE else 0.3)
    return one.weight + 1.15 * confirmed


def _is_printed(one: _Candidate, shown: list[_Candidate]) -> bool:
    return any(one.bare in other.bare or other.bare in one.bare for other in shown)


def agreement(one: str, other: str) -> float:
    """How far two bare titles say the same, 0 … 1; a cut one says what the whole one does, but less well.

    ``agreement(whole, cut)`` is high and ``agreement(cut, whole)`` low, so that the whole one wins.
    """
    if one == other:
        return 1.0
    short, long = sorted((one, other), key=len)
    if len(short) < 4 or short not in long:
        return 0.0
    share = len(short) / len(long)
    if one is long:
        return 0.9 * share if long.startswith(short) else 0.7 * share
    return 0.6 * share if share > 0.3 else 0.0


def _kinship(one: _Candidate, other: _Candidate) -> float:
    """Share of the words (pairs of characters) of the shorter title that the longer has too."""
    sets = [_shingles(one.text), _shingles(other.text)]
    short, long = sorted(sets, key=len)
    if 2 * len(short) < len(long):
        return 0.0
    common = len(short & long) / len(short) if len(short) >= 3 else 0.0
    return common if common >= 0.3 else 0.0


def _shingles(text: str) -> set[str]:
    if is_chinese(text):
        plain = bare(text)
        return {plain[at : at + 2] for at in range(len(plain) - 1)}
    return {word for word in re.findall(r"\w+", text.casefold()) if len(word) > 3}


# --- what the head of the page states --------------------------------------------------------------------


def _stated(tree: Tree, sites: tuple[str, ...]) -> list[_Candidate]:
    found = []
    for thing in articles_in(tree.json_ld)[:5]:
        for value in (*objects_of(thing.get("headline")), *objects_of(thing.get("name"))[:1]):
            found.append(("JSON-LD", clean(value), 0.8))
            break
    if story := find_story(tree):
        found.append(("data of a script", clean(story.title), 0.95))
    for name, weight in META_TITLES.items():
        if name in tree.meta:
            found.append((name, clean(tree.meta[name][0]), weight))
    found.append(("title element", clean(tree.title_tag[:2000]), 0.6))
    candidates = []
    for where, text, weight in found:
        short = without_site(text, sites)
        if size_of(text) > 80 or not short:
            continue
        if short != text:
            where += " without the site's name"
        # A page that calls itself by the name of its site says nothing about its article.
        if where.startswith("title element") and _SITE_ENDING.fullmatch(short) and size_of(short) <= 4:
            weight *= 0.2
        # «…» at the end says that the place had no room for all of it.
        cut = short.endswith(_DOTS) and not text.endswith(("?…", "!…"))
        candidates.append(_Candidate(short, where, weight * (0.5 if cut else 1.0)))
    return candidates


def site_names(tree: Tree) -> tuple[str, ...]:
    """What the site calls itself, surest first, and the labels of its host."""
    names = [tree.first_meta(key) for key in ("og:site_name", "application-name", "apple-mobile-web-app-title")]
    names += [tree.first_meta("al:iphone:app_name", "al:android:app_name"), tree.first_meta("twitter:site").lstrip("@")]
    for thing in tree.json_ld[:50]:
        for maker in objects_of(thing.get("publisher")):
            names.append(maker.get("name") if isinstance(maker, dict) else maker)
        if thing.get("@type") in ("WebSite", "Organization", "NewsMediaOrganization"):
            names.append(thing.get("name"))
    names += _names_of_home(tree)
    try:
        host = urlsplit(tree.base or "").hostname or ""
    except ValueError:
        host = ""
    labels = [label for label in host.split(".")[:-1] if label not in ("www", "m", "news", "com", "co", "org", "net")]
    cleaned = (clean(name, 80) for name in (*names, *reversed(labels)))
    return tuple(dict.fromkeys(name for name in cleaned if 2 <= len(name) <= 60))


def _names_of_home(tree: Tree) -> list[str]:
    """What the links to the front page are called: the logo."""
    names = []
    for link in islice(tree.root.iter("a"), 60):
        if link.get("href") not in ("/", "./", "/index.html", "index.html"):
            target = tree.absolute(link.get("href")) if link.get("href", "").startswith("http") else None
            if not target or not is_home(target) or not tree.base or not same_site(target, tree.base):
                continue
        picture = link.find(".//img")
        label = words_of(link) or (picture.get("alt") if picture is not None else "") or link.get("title") or ""
        if size_of(label) <= 6 and bare(label) not in _NO_SITE:
            names.append(label)
    return names[:4]


_NO_SITE = words(
    "首页 主页 返回首页 返回 网站首页 home homepage logo frontpage 新闻 news main back 回到首页 en english 中文 skip"
)
_DIVIDER = re.compile(r"\s{0,3}(?:[_|｜丨»›«┃]|::|\s[-–—•·~:]{1,2}\s|(?<=\S)\s?[-–—]{1,2}\s?(?=\S))\s{0,3}")
_TIGHT = re.compile(r"[-–—]{1,2}")
_SITE_ENDING = re.compile(
    rf"[{HAN}A-Za-z0-9·.\s]{{0,12}}(?:网|网站|频道|新闻|新闻中心|日报|晚报|早报|时报|商报|都市报|晨报|周报|报|在线|门户|中心|电视台|广播|广电|"
    r"客户端|杂志|周刊|资讯|财经|正文|首页|网络版|电子报|数字报|新闻网|新闻频道|热点|要闻|国内|国际|社会|体育|娱乐|科技|时政|评论|滚动|"
    r"教育|健康|汽车|房产|文化|旅游|军事|图片|视频|专题|股票|论坛|社区|博客|头条|生活|观点|专栏|政务|原创|手机版|台|社)"
)


def without_site(title: str, sites: tuple[str, ...]) -> str:
    """A title without the names of site and channel: ``标题_频道_站名``, ``Title - Site``, ``Site | Title``."""
    known = [bare(name) for name in sites]
    title = _turned(title)
    for _ in range(5):
        dividers = list(_DIVIDER.finditer(title))
        if not dividers:
            break
        last, first = dividers[-1], dividers[0]
        left, right = title[: last.start()].strip(), title[last.end() :].strip()
        if left and _is_site(left, right, last[0], known):
            title = left
            continue
        head, rest = title[: first.start()].strip(), title[first.end() :].strip()
        if rest and head and not _TIGHT.fullmatch(first[0].strip() or " ") and _is_known(head, known):
            title = rest
            continue
        break
    return title.strip(" \t-–—_|｜丨·»")


def _turned(title: str) -> str:
    """``站名_频道_标题`` and ``站名-多媒体数字报-标题`` → the last part, when the first is called like a site."""
    parts = [part.strip() for part in _CHAIN.split(title)]
    if len(parts) < 2 or not re.search(f"[{HAN}]", title):
        return title
    first, last = parts[0], parts[-1]
    turned = _SITE_ENDING.fullmatch(first) and not _SITE_ENDING.fullmatch(last)
    return last if turned and size_of(last) > 1.3 * size_of(first) and size_of(last) >= A_HEADLINE else title


_CHAIN = re.compile(r"[_|｜丨»]|\s?[-–]\s?")


def _is_site(left: str, right: str, divider: str, known: list[str]) -> bool:
    """Whether *right*, after a divider, is the name of a site or of a part of it."""
    if not right or _is_known(right, known):
        return True
    mark = divider.strip()
    if is_chinese(left + right) or re.search(f"[{HAN}]", right):
        if mark in "_»›«┃" or mark == "::":
            return size_of(right) <= 10 and size_of(left) >= 2
        if re.match(r"Powered by", right, re.IGNORECASE):
            return True
        if divider[:1].isspace() and divider[-1:].isspace() and size_of(right) <= 4 and size_of(left) > size_of(right):
            return not re.search(r"[，。！？；：、\d]", right)
        enough = size_of(left) >= A_HEADLINE or not size_of(left)  # 🏮🐉🎆
        if re.search(r"[，。！？；：]", right):
            return False
        return enough and bool(_SITE_ENDING.fullmatch(right))
    words = right.split()
    capitals = all(word[0].isupper() or not word[0].isalpha() or word in ("of", "the", "and", "on") for word in words)
    loose = divider[:1].isspace() and divider[-1:].isspace()
    enough = len(left.split()) >= 4 and len(words) <= 4 and capitals and loose
    if mark in "|»›«_" or mark == "::":
        return len(left.split()) >= 3 and len(words) <= 5
    return enough and not re.search(r"[?!,:;]|\d", right) and len(words) <= 3 and len(left.split()) > 2 * len(words)


_NO_TITLE_PART = words("blogarchive archive news home article print 正文 新闻正文")


def _is_known(part: str, known: list[str]) -> bool:
    plain = bare(part)
    if len(plain) < 2:
        return False
    if plain in _NO_TITLE_PART:
        return True
    initials = "".join(word[0] for word in re.findall(r"[A-Za-z]+", part)).lower()
    address = re.fullmatch(r"(?:www\.)?([\w-]+)\.[\w.]+", part.strip().lower())
    for name in known:
        if plain == name or (address and bare(address[1]) == name):
            return True
        if len(name) >= 3 and name in plain and len(plain) <= 2 * len(name) + 6:
            return True
        if len(plain) >= 4 and plain in name:
            return True
        if len(initials) >= 3 and initials == name:
            return True
    return False


# --- what the reader sees --------------------------------------------------------------------------------


def _shown(tree: Tree, lines: Lines, stated: list[_Candidate]) -> list[_Candidate]:
    first_level = [mark for mark in lines.headings if mark.element.tag == "h1"]
    plain = [mark for mark in first_level if not mark.zone]
    found: list[_Candidate] = []
    raw = bare(tree.title_tag[:2000])
    wanted = {one.bare for one in stated}
    cut = [one.bare for one in stated if one.text.endswith(_DOTS)]
    for mark in (*lines.headings[:80], *(mark for mark in lines.marks[:400] if mark.kind == "title")):
        weight = _weight(mark, len(plain))
        text = clean(words_of(mark.element)) if weight else ""
        if not text or size_of(text) > 60 or (not _is_in(text, raw) and _is_link_elsewhere(tree, mark.element)):
            continue
        where = mark.element.tag if mark.name == mark.element.tag else "title class"
        found.append(_Candidate(text, where, weight, True, mark.element, mark.at))
        found += [
            _Candidate(part, where, weight + 0.1, True, mark.element, mark.at)
            for part in _parts(lines, mark)
            if bare(part) in wanted
        ]
    for line in lines.lines[:FIRST_LINES]:
        if line.zone in (NOISE, CRUMBS, HIDDEN) or not 3 < len(line.seams) < 400 or line.linked > len(line.seams) / 2:
            continue
        text = line.text
        plain_text = bare(text)
        if _is_whole_of(plain_text, cut) and size_of(text) <= 40:
            found.append(_Candidate(clean(text), "the line with the whole headline", 0.8, True, line.element, line.at))
        elif len(plain_text) >= 5 and (plain_text in wanted or (plain_text in raw and size_of(text) >= 4)):
            text = clean(text)
            found.append(_Candidate(text, "the line above the text", 0.55, True, line.element, line.at))
    if above := _above_the_date(lines):
        found.append(_Candidate(clean(above.text), "the line above the date", 0.5, True, above.element, above.at))
    return found


_DOTS = ("...", "…")


def _is_whole_of(text: str, cut: list[str]) -> bool:
    """Whether a line begins with a headline that the head of the page cuts short, and goes on."""
    return any(len(one) >= 5 and text.startswith(one) and len(text) > len(one) for one in cut)


def _is_in(text: str, raw: str) -> bool:
    """Whether the title element has the words, so that a heading that is a link is this article's all the same."""
    return size_of(text) >= 4 and bare(text) in raw


def _above_the_date(lines: Lines) -> Line | None:
    """The line that stands above a moment and a text, if it can be a headline; a byline in between is passed over."""
    plain = [line for line in lines.lines[:FIRST_LINES] if line.zone not in (NOISE, CRUMBS, HIDDEN)]
    for at, line in enumerate(plain):
        if len(line.seams) > 160 or line.linked > len(line.seams) / 2 or not moments_in(line.seams):
            continue
        if not any(_is_prose(after) for after in plain[at + 1 : at + 7]):
            continue
        for above in reversed(plain[max(0, at - 4) : at]):
            if not _BYLINE.search(above.text) and A_HEADLINE < size_of(above.text) <= 40:
                fits = above.linked < len(above.seams) / 2 and not moments_in(above.seams)
                return above if fits and not above.text.endswith(("。", "；", "：", ":")) else None
    return None


def _is_prose(line: Line) -> bool:
    return not line.linked and (len(line.seams) > 50 or (len(line.seams) > 24 and line.text.endswith(("。", ".", "”"))))


_BYLINE = re.compile(
    r"^by\b|\b(?:writers?|reporters?|staff|correspondent|editor|published|posted|updated)\b|作者|记者|来源|编辑|通讯员",
    re.IGNORECASE,
)


def _weight(mark: Mark, rivals: int) -> float:
    """How far a heading is believed: the only h1 most, one in a list of other stories hardly."""
    tag = mark.element.tag
    if tag in ("h1", "h2", "h3") and mark.name == tag:
        weight = {"h1": 0.8 if rivals <= 1 else 0.65, "h2": 0.4, "h3": 0.25}[tag]
    else:
        weight = 0.45
    return weight * (0.3 if mark.zone else 1.0)


def _is_link_elsewhere(tree: Tree, element: HtmlElement) -> bool:
    """A heading that is nothing but a link to another page: the logo, or the headline of another story."""
    links = [inner for inner in element.iter("a") if inner.get("href")]
    if not links and element.getparent() is not None and element.getparent().tag == "a":
        links = [element.getparent()]
    if len(links) != 1 or len(words_of(links[0])) < 0.8 * len(words_of(element)):
        return False
    target = tree.absolute(links[0].get("href"))
    if not target or not tree.base:
        return bool(target)
    here, there = urlsplit(tree.base), urlsplit(target)
    return (here.path.rstrip("/"), here.query) != (there.path.rstrip("/"), there.query)


def _parts(lines: Lines, mark: Mark) -> list[str]:
    """Runs of the pieces of a heading: the headline alone between kicker and subtitle."""
    pieces = []
    inside = set(mark.element.iter())
    for line in lines.lines[mark.at : mark.at + 6]:
        if line.element not in inside:
            break
        pieces += line.pieces
    if not 1 < len(pieces) <= 8:
        return []
    joint = "" if is_chinese("".join(pieces)) else " "
    return [clean(joint.join(pieces[start:end])) for start, end in combinations(range(len(pieces) + 1), 2)]
