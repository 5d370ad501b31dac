"""A front, section or archive page → the articles it links, its next page, the feeds and languages it announces.

Recall comes first: what is taken for an article and is none is refused once it has been fetched. So a link is left
out only when its address, its words and its place agree that it leads elsewhere.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import islice

from lxml import etree
from lxml.cssselect import CSSSelector

from plugins.mirror.document import Document
from plugins.mirror.lists.links import (
    MOST_NODES,
    absolute,
    base_of,
    host_of,
    is_picture,
    path_of,
    query_of,
    site_of,
    words_of,
)
from plugins.mirror.lists.listing import Entry, Listing
from plugins.mirror.lists.moments import read_moment
from plugins.mirror.lists.pager import find_next_page, is_page_of_list
from plugins.mirror.lists.scripts import links_in_script
from plugins.mirror.lists.xml_tree import Refused
from plugins.mirror.page.tree import Tree, Unparsable, parse
from plugins.mirror.text.addresses import address_key

MOST_LINKS = 20_000
"""Links that are looked at on one page."""

MOST_ENTRIES = 1_000
"""Articles of one page; the likeliest ones stay when there are more."""

LIKELY, SURE = 0.4, 0.6
"""The score from which a link is taken for an article's, and from which it speaks for those like it."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link of the page, or what its scripts say of one.

    Attributes:
        url: absolute.
        text: its words; the whole headline when the page cuts it.
        day: the date beside it or in it, as ISO 8601, or None.
        is_headline: it stands in a heading or holds one.
        in_card: it stands in an ``article`` or in a card that names a date.
        is_bookmark: the page calls it the lasting address of an article (``rel="bookmark"``).
        in_script: the page builds it from data.
        chrome: 1 in a sidebar or a list of the most read, 2 in a menu, a footer or a pager; else 0.
        place: the elements around it, to tell what stands in the same kind of place.
        kin: links of the page that stand in such a place.
        shape: of its address: digits and words made alike.
    """

    url: str
    text: str
    day: str | None = None
    is_headline: bool = False
    in_card: bool = False
    is_bookmark: bool = False
    in_script: bool = False
    chrome: int = 0
    place: str = ""
    kin: int = 0
    shape: str = ""


def read_index(document: Document, next_selector: str = "", article_selector: str = "") -> Listing:
    """Find the articles that a page links.

    Args:
        next_selector: CSS of the link to the next page of the list, when the portal is known.
        article_selector: CSS of the links to articles, or of what holds them; nothing else is an article then.
    Returns: a Listing of kind ``index``; each `Entry.score` says how surely it is an article.
    Raises: Refused, with a sentence, when there is no HTML, or when a selector is no CSS.
    """
    try:
        tree = parse(document)
    except Unparsable as error:
        raise Refused(str(error)) from error
    found = _links(tree)
    site = _site(tree, [link for _, link in found])
    here = [link for link in _merged(link for _, link in found) if _may_be_an_article(link, site, tree.url)]
    links = _selected(tree, article_selector, found) if article_selector else _likely(here)
    return Listing(
        kind="index",
        title=tree.title_tag,
        language=tree.root.get("lang") or tree.root.get("{http://www.w3.org/XML/1998/namespace}lang") or "",
        entries=tuple(_entry(link, score, at) for at, (link, score) in enumerate(links)),
        next_page=find_next_page(tree, _matching(tree, next_selector)) if next_selector else find_next_page(tree),
        feeds=_feeds(tree),
        sections=_sections(here, [link for link, _ in links]),
        alternates=_versions(tree),
        warnings=tree.warnings,
    )


def _sections(links: Iterable[Link], articles: Iterable[Link]) -> tuple[str, ...]:
    """What else the page links on its site and that may list articles: the way to those that it does not link."""
    known = {address_key(link.url) for link in articles}
    urls = [link.url for link in links if not _NO_LIST.search(path_of(link.url))]
    return tuple(url for url in urls if address_key(url) not in known)[:MOST_SECTIONS]


def _entry(link: Link, score: float, position: int) -> Entry:
    return Entry(link.url, title=link.text, date=link.day, position=position, score=round(min(1.0, score), 2))


# --- with selectors --------------------------------------------------------------------------------------


def _matching(tree: Tree, selector: str) -> list[etree._Element]:
    try:
        return CSSSelector(selector, translator="html")(tree.root)
    except (SyntaxError, ValueError, NotImplementedError) as error:  # cssselect's errors are of these
        raise Refused(f'The selector "{selector}" is not CSS: {error}.') from error


def _selected(
    tree: Tree, selector: str, found: Iterable[tuple[etree._Element | None, Link]]
) -> list[tuple[Link, float]]:
    """The links that *selector* matches, or that stand in what it matches."""
    wanted = set()
    for matched in _matching(tree, selector):
        wanted.update(matched.iter("a") if matched.tag != "a" else [matched])
    return [(link, 1.0) for link in _merged(link for element, link in found if element in wanted)]


# --- without -------------------------------------------------------------------------------------------


def _likely(links: Iterable[Link]) -> list[tuple[Link, float]]:
    """Those of *links* that lead to articles, as on the page, with their scores."""
    scored = [(link, score(link)) for link in links]
    sure = [link for link, points in scored if points >= SURE]
    company = Counter(key for link in sure for key in _company_of(link))
    scored = [(link, points + _points_for_company(link, company)) for link, points in scored]
    likely = [(link, points) for link, points in scored if points >= LIKELY]
    if len(likely) > MOST_ENTRIES:
        least = sorted((points for _, points in likely), reverse=True)[MOST_ENTRIES - 1]
        likely = [(link, points) for link, points in likely if points >= least][:MOST_ENTRIES]
    return likely


def _company_of(link: Link) -> tuple[str, ...]:
    """What *link* may have in common with others: the shape of its address, its place, its place and folder."""
    if link.chrome:
        return (link.shape,)
    return (link.shape, link.place, f"{link.place} {path_of(link.url).rstrip('/').rpartition('/')[0]}")


def _points_for_company(link: Link, company: Counter[str]) -> float:
    """What has the address of sure articles is one too, though only a picture links it; so is what stands as they do.

    Args:
        company: how many links that are sure have each of what `_company_of` names.
    """
    shape, place, folder = (min(2, company[key]) for key in (*_company_of(link), "", "")[:3])
    points = 0.3 if shape == 2 else 0.0
    points += 0.3 * place if link.is_headline else 0.1 * place
    return points + (0.5 if folder == 2 and not link.is_headline else 0.0)


def _site(tree: Tree, links: list[Link]) -> str:
    """The site of the page; of a saved page that does not know its address, the one that it links most."""
    if base := base_of(tree):
        return site_of(base)
    return next((site for site, _ in Counter(site_of(link.url) for link in links).most_common(1)), "")


MOST_SECTIONS = 100
"""Sections of a page that are followed; a front page with more lists its archive."""

_NO_LIST = re.compile(
    r"/(?:log(?:in|out)|sign(?:in|up)|register|passport|account|subscri\w*|newsletters?|search|so|share|print|comments?"
    r"|cart|feedback|contact|about|privacy|terms|help|legal|advert\w*|jobs|careers"
    r"|tags?|topics?|keywords?|authors?|people|users?|members?|calendar|galler(?:y|ies)|photos?|videos?|archives?|download)\b"
    r"|\d{1,9}/?$",
    re.IGNORECASE,
)
"""Addresses of pages that list no articles, or those of other lists once more and without end: tags, calendars."""

_NO_PAGE = re.compile(
    r"\.(?:pdf|docx?|xlsx?|pptx?|zip|rar|7z|gz|apk|exe|dmg|mp[34]|m3u8|mov|avi|wav|css|js|json|xml|rss|atom|ics)$",
    re.IGNORECASE,
)


def _may_be_an_article(link: Link, site: str, url: str | None) -> bool:
    path = path_of(link.url)
    if site_of(link.url) != site or is_picture(link.url) or _NO_PAGE.search(path):
        return False
    if url and is_page_of_list(link.url, url):
        return False
    return (path.strip("/") != "" or bool(query_of(link.url))) and address_key(link.url) != address_key(url or "")


def _merged(links: Iterable[Link]) -> list[Link]:
    """One link for each address: picture, headline and «read more» of a card lead to the same."""
    merged: dict[str, Link] = {}
    for link in links:
        key = address_key(link.url)
        known = merged.get(key)
        merged[key] = _joined(known, link) if known else link
    return list(merged.values())


def _joined(one: Link, other: Link) -> Link:
    better = max(
        one, other, key=lambda link: (link.is_headline, not _SAYS_NOTHING.fullmatch(link.text), len(link.text))
    )
    return replace(
        one,
        text=better.text,
        day=one.day or other.day,
        is_headline=one.is_headline or other.is_headline,
        in_card=one.in_card or other.in_card,
        is_bookmark=one.is_bookmark or other.is_bookmark,
        chrome=min(one.chrome, other.chrome),
        kin=max(one.kin, other.kin),
    )


_SAYS_NOTHING = re.compile(
    r"[\s\d.…>»›\[\]【】（）()图文组视频]*"
    r"|[\[【]?(?:阅读|查看|点击)?(?:全文|详[情细]|更多|原文|阅读全文|继续阅读)[\]】]?[\s.…>»›]*"
    r"|(?:read|see|learn|show)? ?(?:more|full story|the full story|article|on)[\s.…>»›→]*|continue reading.*"
    r"|图集|视频|评论.*|[上下]一?[页頁]|首[页頁]|末[页頁]|尾[页頁]|(?:next|prev(?:ious)?|first|last)(?: page)?[\s»›→]*",
    re.IGNORECASE,
)
"""Words of a link that tell nothing of where it leads."""


# --- the score -----------------------------------------------------------------------------------------

_DATE_IN_PATH = re.compile(
    r"(?<!\d)(?:19|20)\d\d[-/_.]?(?:0?[1-9]|1[0-2])(?:[-/_.]?(?:0?[1-9]|[12]\d|3[01]))?(?!\d)(?=.*[/_.-].)"
    r"|(?<!\d)(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
)
_LIST_FILE = re.compile(
    r"(?:^|/)(?:index|default|list|channel|node|col|home|main|more|page)s?(?:[-_]?\d{1,7}){0,3}(?:\.s?html?|\.php|\.jsp|\.aspx?)?/?$"
    r"|/page/\d{1,5}/?$",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"/(?:tags?|topics?|keywords?|authors?|contributors?|people|writers?|reporters?|profiles?|users?|members?|categor(?:y|ies)|cat"
    r"|sections?|channels?|columns?|hubs?|collections?|login|signin|signup|register|passport|account|subscribe|subscriptions?|newsletters?|search|so"
    r"|share|about|aboutus|contact|contactus|help|faq|feedback|privacy|terms|legal|cookies?|advertis\w*|ads?|careers?|jobs?|rss"
    r"|feeds?|sitemap|download|app|epaper|live|zt|zhuanti|special|shop|store|games?|bbs|forum|comments?|print|wp-login|cart"
    r"|archives?)(?=/|$|\.|\?)",
    re.IGNORECASE,
)
_HOUSE_PAGE = re.compile(
    r"(?:privacy|cookies?|terms|conditions|copyright|disclaimer|advertis\w*|contact|about|subscri\w*|newsletter|sitemap|careers?|jobs"
    r"|accessib\w*|editorial|corrections|complaints|imprint|impressum|help|faq|login|logout|register|sign-?(?:in|up))"
    r"(?:-(?:us|policy|policies|notice|statement|of|use|and|conditions|service|center|centre|settings|preferences|team|page|with|guidelines))*"
    r"(?:\.s?html?|\.php|\.aspx?)?/?$",
    re.IGNORECASE,
)
_ARTICLE_WORD = re.compile(
    r"(?:^|[/_.-])(?:articles?|contents?|details?|show|view|stor(?:y|ies)|posts?|arti?|doc|a|p|s|n|info|text)(?=[/_.\d?-]|$)"
    r"|(?:news|article|story)_?(?:detail|info|show|view|content)",
    re.IGNORECASE,
)
_DAY_OF_AN_ARCHIVE = re.compile(r"/(?:19|20)\d\d(?:[-/]\d{1,2}){0,2}/?$")
_HOME_FILE = re.compile(r"(?<=/)(?:index|default)\.(?:s?html?|php|jsp|aspx?)$", re.IGNORECASE)
_ID_QUERY = re.compile(
    r"(?:^|&)(?:id|aid|nid|newsid|news_id|articleid|article_id|contentid|docid|infoid|p|sid|cid|mid|tid|itemid|contid)=[\w-]{1,40}",
    re.IGNORECASE,
)


def points_for_address(link: Link) -> float:
    """A date, a number or a slug at the end of the path speak for an article; a folder, a list's name against it."""
    path, query = path_of(link.url), query_of(link.url)
    if not query:
        path = _HOME_FILE.sub("", path)  # …/ferry-strike-ends/index.html is an article
    last = path.rstrip("/").rpartition("/")[2]
    stem = re.sub(r"\.(?:s?html?|php|jsp|aspx?|do)$", "", last, flags=re.IGNORECASE)
    is_day, has_id = bool(_DAY_OF_AN_ARCHIVE.search(path)), bool(_ID_QUERY.search(query))
    is_dated = bool(_DATE_IN_PATH.search(path)) and not is_day
    points = 0.45 if is_dated else (-0.5 if is_day else 0.0)
    points += 0.3 if has_id else _points_for_name(stem)
    points += 0.1 if stem != last else 0.0
    points += 0.15 if _ARTICLE_WORD.search(path) else 0.0
    points -= 0.6 if _LIST_FILE.search(path) and not has_id else 0.0
    points -= 0.5 if _ELSEWHERE.search(path) and not is_dated else 0.0
    points -= 0.7 if _HOUSE_PAGE.fullmatch(last) else 0.0
    return points


def _points_for_name(stem: str) -> float:
    """Of the last part of the path, without its ending."""
    words = [word for word in re.split(r"[-_+]|%20", stem) if word]
    digits = sum(char.isdigit() for char in stem)
    if digits >= 5 or re.fullmatch(r"(?=\w*\d)(?=\w*[A-Za-z])\w{10,64}", stem):
        return 0.35
    if len(words) >= 4 or stem.count("%") >= 12:
        return 0.35
    if digits:
        return 0.15
    return 0.1 if len(words) >= 2 else -0.25


def points_for_words(link: Link) -> float:
    """A headline is long; a Chinese one has eight characters and more, an English one five words and more."""
    if _SAYS_NOTHING.fullmatch(link.text):
        return 0.0
    size = len(re.findall(r"[\u3400-\u9fff]", link.text)) + 1.7 * len(re.findall(r"[A-Za-z0-9À-ɏ’'-]+", link.text))
    if size >= 8:
        return 0.35
    if link.is_headline and link.in_card:
        return 0.15
    return 0.15 if size >= 6 else (0.0 if size >= 4.5 else (-0.15 if size >= 3 else -0.25))


def points_for_place(link: Link) -> float:
    """Headings and cards speak for an article; menus, footers and, a little, sidebars against it."""
    points = 0.25 if link.is_headline else 0.0
    points += 0.15 if link.in_card else 0.0
    points += 0.25 if link.is_bookmark else 0.0
    points += 0.1 if link.kin >= 3 else 0.0
    points += 0.1 if link.in_script else 0.0
    return points - (0.0, 0.1, 0.45)[link.chrome]


RULES: list[Callable[[Link], float]] = [points_for_address, points_for_words, points_for_place]
"""What speaks for an article and against it; the points are added up."""


def score(link: Link) -> float:
    """How surely *link* leads to an article: `LIKELY` and more when it does; may be below 0 and above 1."""
    return sum(rule(link) for rule in RULES)


# --- the links of a page -----------------------------------------------------------------------------

_MENU = re.compile(
    # site-footer, Page-header-navigation, nav-bar__list; but not has-nav, which the frame of a page is called
    r"(?!(?:has|with|no|is|js)[-_])(?:[\w-]{0,60}[-_])?(?:nav|navi|navbar|nav-bar|navigation|menu|footer|breadcrumbs?|pagination|pager)"
    r"(?:__\w{1,30})?"
    r"|(?:(?:main|top|sub|site|global|bottom|foot|page|left|right|user|head|header|channel|wp|g|m)[-_]?)?"
    r"(?:navs?|navi|header|masthead|menus?|submenu|foot|crumbs?|bread|toolbar|topbar|share|sharebar|login|copyright|friendlinks?|friend|flink|links|tags?"
    r"|taglist|tag-?cloud|pages?nav|paging|lang|languages?|position|location|weizhi|dangqian|social|sns|banquan|byline|authors?"
    r"|categories|meta-?cats)"
    r"(?:[-_]?(?:\d{1,3}|box|wrap|wrapper|bar|list|inner|con|cont|content|left|right|top|bottom|main|item|links?|area|nav))?",
    re.IGNORECASE,
)
_SIDE = re.compile(
    r"(?:side|sidebar|siderbar|aside|rank|ranking|hot|hotnews|popular|trending|most-?read|related|recommend\w*|widget)"
    r"(?:[-_]?(?:\d{1,3}|box|wrap|bar|list|news|area|left|right))?",
    re.IGNORECASE,
)
_SIDE_TAGS = {"aside"}
_MENU_TAGS = {"nav", "footer"}
_MENU_ROLES = {"navigation", "contentinfo", "menu", "menubar", "search", "banner"}
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}


@dataclass(slots=True)
class _Place:
    """Where the walk through the page stands: what is true of all that an element holds."""

    signature: str
    chrome: int
    heading: bool
    article: bool
    main: bool


def _links(tree: Tree) -> list[tuple[etree._Element | None, Link]]:
    """All links of the page to addresses of the web, in their order, each with its element; None for a script's."""
    base = base_of(tree)
    found: list[tuple[etree._Element | None, Link]] = []
    places = [_Place("", 0, False, False, False)]
    for event, element in etree.iterwalk(tree.root, events=("start", "end")):
        if event == "end":
            places.pop()
            continue
        place = _place(element, places[-1])
        places.append(place)
        if len(found) >= MOST_LINKS:
            continue
        if element.tag == "a" and (url := absolute(element.get("href"), base)):
            signature = ">".join(each.signature for each in places[-5:])
            found.append((element, replace(_link(element, url, place), place=signature)))
        elif element.tag == "script" and element.text:
            for url, text, day in links_in_script(element.text, base):
                found.append((None, Link(url, text, day, in_script=True, place="script", shape=shape_of(url))))
    kin = Counter(link.place for _, link in found)
    return [(element, replace(link, kin=kin[link.place])) for element, link in found]


def _place(element: etree._Element, around: _Place) -> _Place:
    tag = element.tag if isinstance(element.tag, str) else ""
    names = f"{element.get('class') or ''} {element.get('id') or ''}".split()[:12]
    chrome = around.chrome
    is_menu = tag in _MENU_TAGS or (element.get("role") or "").lower() in _MENU_ROLES
    if is_menu or (tag == "header" and not around.article and not around.main):
        chrome = 2
    elif tag not in ("html", "body", "main", "article", "li"):
        if any(_MENU.fullmatch(name) for name in names):
            chrome = 2
        elif tag in _SIDE_TAGS or any(_SIDE.fullmatch(name) for name in names):
            chrome = max(chrome, 1)
    name = re.sub(r"\d+", "0", names[0]) if names else ""
    signature = f"{tag}.{name}" if tag not in ("b", "strong", "em", "span", "font", "i") else tag
    return _Place(
        signature,
        chrome,
        around.heading or tag in _HEADINGS,
        around.article or tag == "article",
        around.main or tag == "main",
    )


def _link(element: etree._Element, url: str, place: _Place) -> Link:
    inside = list(islice(element.iter(), MOST_NODES))
    heading = next((inner for inner in inside if inner.tag in _HEADINGS), None)
    words = words_of(heading if heading is not None else element, A_CARD)
    shown = (element.get("title") or "").strip()
    # 港口今晨重新开…: the page cuts the headline and keeps the whole in the title.
    if words.rstrip(" .…") and shown.startswith(words.rstrip(" .…")):
        words = shown
    if _SAYS_NOTHING.fullmatch(words):
        pictured = next((image.get("alt") or "" for image in inside if image.tag == "img"), "")
        words = shown or pictured.strip() or words
    relation = f" {element.get('rel') or ''} ".lower()
    chrome = 2 if re.search(r" (?:tag|author|category|next|prev|license) ", relation) else place.chrome
    day = _day_beside(element)
    return Link(
        url=url,
        text=" ".join(words.split())[:300],
        day=day or _day_in(path_of(url)),
        is_headline=place.heading or heading is not None,
        in_card=place.article or day is not None,
        is_bookmark=" bookmark " in relation,
        chrome=chrome,
        shape=shape_of(url),
    )


A_CARD = 600
"""Characters of a card at most; what is longer is a column of the page."""

_DAY = re.compile(
    r"(?<!\d)(?:20\d\d\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}日?(?:\s{1,3}\d{1,2}:\d\d(?::\d\d)?)?"
    r"|(?:\d{1,2}\s)?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.?\s(?:\d{1,2},?\s)?20\d\d)"
)


def _day_beside(element: etree._Element) -> str | None:
    """The date in the card around a link: of the nearest elements around it that hold few other links."""
    for card in _around(element):
        time = next((inner.get("datetime") for inner in card.iter("time") if inner.get("datetime")), "")
        if time and (moment := read_moment(time)):
            return moment
        if found := _DAY.search(words_of(card, A_CARD)):
            return read_moment(found[0])
    return None


def _around(element: etree._Element) -> list[etree._Element]:
    cards, card = [], element
    while card is not None and len(cards) < 4 and card.tag not in ("body", "main", "ul", "ol", "tbody", "table"):
        if len(list(islice(card.iter("a"), 7))) > 6:
            break
        cards.append(card)
        card = card.getparent()
    return cards


def _day_in(path: str) -> str | None:
    """The day in an address such as ``/2024/05/06/`` and ``t20240506_1.html``."""
    found = re.search(r"(?<!\d)(20[0-4]\d)[-/_]?(0?[1-9]|1[0-2])[-/_]?(0[1-9]|[12]\d|3[01]|[1-9](?=[/_]))(?!\d)", path)
    return read_moment(f"{found[1]}-{found[2]}-{found[3]}") if found else None


_WORD_IN_A_SLUG = re.compile(r"(?<![^-_])[A-Za-z]+(?![^-_.])")


def shape_of(url: str) -> str:
    """What the addresses of a portal's articles have in common: numbers and slugs made alike."""
    path = re.sub(r"[^/]+", lambda name: "s-s" if len(_WORD_IN_A_SLUG.findall(name[0])) > 2 else name[0], path_of(url))
    path = re.sub(r"(?=[A-Za-z]*\d)[A-Za-z0-9]{10,}", "0", path)
    query = re.sub(r"=[^&]*", "=", query_of(url))
    return f"{host_of(url)}{re.sub(r'[0-9]+', '0', path)}?{query}"


# --- what the head announces -------------------------------------------------------------------------

_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml")
_FEED_FILE = re.compile(r"(?:^|/)(?:rss|feed|atom|index)(?:\d?\.(?:xml|rss|rdf|json)|/?$)", re.IGNORECASE)


def _feeds(tree: Tree) -> tuple[str, ...]:
    """The feeds that the page announces; else those that it links by name."""
    base = base_of(tree)
    announced = [
        link.get("href")
        for link in tree.root.iter("link")
        if "alternate" in (link.get("rel") or "").lower() and (link.get("type") or "").lower() in _FEED_TYPES
    ]
    if not announced:
        announced = [
            link.get("href")
            for link in tree.root.iter("a")
            if _FEED_FILE.search(path_of(absolute(link.get("href"), base) or ""))
            and "index" not in link.get("href", "")
        ]
    return tuple(dict.fromkeys(address for each in announced if (address := absolute(each, base))))[:20]


def _versions(tree: Tree) -> tuple[tuple[str, str], ...]:
    """(language, address) of the same page in other languages."""
    found = []
    for link in tree.root.iter("link"):
        language, address = (link.get("hreflang") or "").strip(), absolute(link.get("href"), base_of(tree))
        is_version = "alternate" in (link.get("rel") or "").lower() and language not in ("", "x-default")
        if is_version and address and address_key(address) != address_key(tree.url or ""):
            found.append((language, address))
    return tuple(dict.fromkeys(found))
