"""Addresses on a page that belong to its article: its own, its other pages, its versions in other languages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import PurePath
from urllib.parse import parse_qsl, quote, urlencode, urljoin, urlsplit, urlunsplit

from lxml.html import HtmlElement

from plugins.mirror.page.lines import words_of
from plugins.mirror.page.tree import Tree
from plugins.mirror.page.voices import NOBODY, Voice, words

MOST_LINKS = 3_000
"""Links of a page that are looked at."""


@dataclass(frozen=True, slots=True)
class Paging:
    """The place of a page among the pages of its article.

    Attributes:
        next_page: the absolute address of the next; None on the last and on an only page. Of a saved page that nobody
            knows the address of, the name of the file beside it.
        number: of this page, from 1.
        first_page: the absolute address (or the file) of the first, on further pages.
    """

    next_page: str | None = None
    number: int = 1
    first_page: str | None = None


# --- judging addresses -----------------------------------------------------------------------------------

_HOME = re.compile(r"/?(?:(?:index|default|home|main)(?:\.\w{2,5})?)?/?", re.IGNORECASE)
_TWO_PART_ENDINGS = words(
    "com.cn net.cn org.cn gov.cn edu.cn co.uk org.uk com.au com.hk com.tw com.sg co.nz co.za co.in"
)


def is_home(address: str) -> bool:
    """Whether an address is the front page of its host or of an edition: ``/``, ``/index.html``, ``/en/``.

    One with a route behind ``#/`` is a page of its own.
    """
    parts = urlsplit(address)
    if re.match(r"!?/\w", parts.fragment):
        return False
    path = re.sub(r"^/(?:en|zh|cn|english|chinese|zh-cn|zh-hans|en-us)(?=/|$)", "", parts.path, flags=re.IGNORECASE)
    return bool(_HOME.fullmatch(path)) and not re.search(r"\d", parts.query)


def same_site(one: str, other: str) -> bool:
    """Whether two addresses are of one site: the host's last labels are the same."""
    return _domain(one) == _domain(other)


def _domain(address: str) -> str:
    host = (urlsplit(address).hostname or "").lower()
    if re.fullmatch(r"[\d.]+|.*:.*", host):
        return host
    labels = host.split(".")
    return ".".join(labels[-3 if ".".join(labels[-2:]) in _TWO_PART_ENDINGS else -2 :])


def looks_like_article(address: str) -> bool:
    """Whether an address has the shape of an article's: a number, a day or a slug of several words at its end."""
    parts = urlsplit(address)
    if is_home(address):
        return False
    if re.search(r"(?:^|&)\w{0,12}id=\w{2,}", parts.query):
        return True
    last = re.sub(r"\.\w{2,5}$", "", parts.path.rstrip("/").rsplit("/", 1)[-1])
    if re.fullmatch(r"(?:index|list|default|node|channel)(?:[_-]\d{1,3})?", last, re.IGNORECASE):
        return bool(re.search(r"/20\d\d|\d{5}", parts.path))
    return bool(re.search(r"\d{3}", last)) or last.count("-") >= 2 or last.count("_") >= 2


# --- canonical -------------------------------------------------------------------------------------------


def find_canonical(tree: Tree) -> Voice:
    """The address that the page gives itself, if that can be true; else the one it was read from."""
    stated = [(element.get("href"), "canonical link") for element in _links_with(tree, "canonical")]
    stated.append((tree.first_meta("og:url"), "og:url"))
    for address, where in stated:
        absolute = tree.absolute(address)
        if not absolute or len(absolute) > 2000:
            continue
        if tree.url and (not same_site(absolute, tree.url) or (is_home(absolute) and not is_home(tree.url))):
            continue
        if not tree.url and is_home(absolute):
            continue
        return Voice(urlsplit(absolute)._replace(fragment="").geturl(), where, 0.9)
    return Voice(tree.url, "address", 0.8) if tree.url else NOBODY


def _links_with(tree: Tree, rel: str) -> Iterable[HtmlElement]:
    """`link` elements of a relation, which may be one of several in the attribute."""
    return [link for link in tree.root.iter("link") if rel in (link.get("rel") or "").lower().split()]


# --- versions in other languages -------------------------------------------------------------------------

_SWITCH = {
    "en": re.compile(
        r"(?:(?:read|view|see|read this|switch to)\s)?(?:(?:this )?(?:story|article|it)\s)?(?:in\s)?english(?: "
        r"version| edition)?|en|eng"
        r"|[(\[（【]?(?:英文版?|英语|英文报道|查看英文版?|阅读英文版?|英文原文|切换英文)[)\]）】]?",
        re.IGNORECASE,
    ),
    "zh": re.compile(
        r"(?:(?:read|view|see|read this|switch to)\s)?(?:(?:this )?(?:story|article|it)\s)?(?:in\s)?(?:simplified "
        r")?chinese(?: version| edition)?|cn|zh"
        r"|[(\[（【]?(?:中文版?|简体(?:中文)?版?|查看中文版?|阅读中文版?|汉语|华语|中文报道|切换中文)[)\]）】]?",
        re.IGNORECASE,
    ),
}
_BOTH = re.compile(
    r"(?:双语|中英双语|中英对照|bilingual|english[/|]中文|中文[/|]english)(?:版|阅读|version)?", re.IGNORECASE
)


def find_alternates(tree: Tree, lang: str) -> tuple[tuple[str, str], ...]:
    """(language, address) of this article's version in the other language.

    A link counts when it leads to an article: the switch to the other edition's front page is no version of a story.
    """
    here = tree.url or ""
    found: dict[str, str] = {}
    stated = [(link.get("hreflang") or "", link.get("href")) for link in _links_with(tree, "alternate")]
    for language, href in (*stated, *_alternates_of_the_header(tree)):
        code = language.lower().split("-")[0].split("_")[0]
        code = "zh" if code in ("zh", "cn", "chi", "zho") else code
        address = tree.absolute(href)
        if code in ("zh", "en") and code != lang and address and not is_home(address):
            found.setdefault(code, address)
    other = "en" if lang == "zh" else "zh"
    if other not in found:
        options = [address for address in _switches(tree, other) if address != here]
        if options:
            found[other] = options[0]
    return tuple(found.items())


_HEADER_LINK = re.compile(r"<([^<>]{1,2000})>((?:[^\"<>,]|\"[^\"]{0,500}\"){0,500})")
_HEADER_PARAMETER = re.compile(r";\s*([a-z*]{1,20})\s*=\s*(?:\"([^\"]*)\"|([^\s\";,]+))", re.IGNORECASE)
LONGEST_HEADER = 20_000
"""Characters of a header that are read."""


def _alternates_of_the_header(tree: Tree) -> Iterable[tuple[str, str]]:
    """(hreflang, address) of the alternates in `Link`, whose addresses are relative to the page's own (RFC 8288)."""
    for target, stated in _HEADER_LINK.findall(tree.link_header[:LONGEST_HEADER]):
        parameters = [(name.lower(), quoted or bare) for name, quoted, bare in _HEADER_PARAMETER.findall(stated)]
        # Of several rel the first counts; of hreflang each.
        rel = next((value for name, value in parameters if name == "rel"), "")
        if "alternate" not in rel.lower().split():
            continue
        with suppress(ValueError):  # an address such as http://[
            address = urljoin(tree.url or "", target.strip())
            yield from ((value, address) for name, value in parameters if name == "hreflang")


def _switches(tree: Tree, other: str) -> Iterable[str]:
    """Targets of links that are called after the other language, those in the article's own place first."""
    for link in list(tree.root.iter("a"))[:MOST_LINKS]:
        href = link.get("href")
        if not href:
            continue
        labels = (link.get("title"), link.get("aria-label"), words_of(link) if len(link) < 5 else "")
        code = (link.get("hreflang") or link.get("lang") or "").lower()
        named = any(label and _names(label.strip(), other) for label in labels if label and len(label) < 60)
        if not named and not (code.startswith(other) and link.get("hreflang")):
            continue
        address = tree.absolute(href)
        if not address or (tree.base and not same_site(address, tree.base)):
            continue
        if looks_like_article(address) or (tree.base and _has_shape_of(address, tree.base)):
            yield address


def _has_shape_of(address: str, own: str) -> bool:
    """Whether an address is made like the page's own: as deep, with the same ending, and no index page.

    ``/en/city/herons.html`` says no more of itself than ``/zh/chengshi/canglu.html`` does.
    """
    there, here = ([step for step in urlsplit(one).path.split("/") if step] for one in (address, own))
    if not there or len(there) != len(here) or is_home(address) or is_home(own):
        return False
    if _INDEX.fullmatch(there[-1]) or _INDEX.fullmatch(here[-1]):
        return False
    return PurePath(there[-1]).suffix == PurePath(here[-1]).suffix != "" or looks_like_article(own)


_INDEX = re.compile(r"(?:index|list|default|node|channel)(?:[_-]\d{1,3})?(?:\.\w{2,5})?", re.IGNORECASE)


def is_switch(label: str) -> bool:
    """Whether a link with these words leads to the other language: «English», «中文版», «Read in Chinese»."""
    return any(_names(label.strip(), other) for other in _SWITCH)


def _names(label: str, other: str) -> bool:
    label = label.strip(" \t>»›→[]|·")
    # «阅读英文版 Read in English», «Read this story in Chinese | 阅读中文版»: one link for the readers of both.
    parts = [part.strip() for part in re.split(r"\s*[|/·]\s*|(?<=[\u4e00-\u9fff])\s+(?=[A-Za-z])", label)]
    parts += re.split(r"(?<=[A-Za-z])\s+(?=[\u4e00-\u9fff])", label)
    return any(_SWITCH[other].fullmatch(part) for part in (label, *parts)) or bool(_BOTH.fullmatch(label))


# --- pages of one article --------------------------------------------------------------------------------

_NEXT = re.compile(r"(?:下一页|下一頁|下页|后一页|next(?: page)?|next page)\s?[»›→>]{0,3}|[»›→>]{1,2}", re.IGNORECASE)
_NUMBERED = re.compile(r"[\[(（【第]?\s?(\d{1,2})\s?[\])）】页]?")
_IN_PATH = [
    re.compile(r"(?P<stem>.*/page)/(?P<number>\d{1,2})/?"),
    re.compile(r"(?P<stem>.*[^/\d_-])[_-](?P<number>\d{1,2})(?P<end>\.\w{3,5})"),
    re.compile(r"(?P<stem>.*\d)[_-](?P<number>\d{1,2})(?P<end>\.\w{3,5})"),
    re.compile(r"(?P<stem>.*[^/])/(?P<number>\d{1,2})/?"),
]
_IN_QUERY = words("page p pn pg pageno pagenum page_no pageindex _page start")


def split_page(address: str) -> list[tuple[str, int]]:
    """The readings of an address as (address of the whole article, number in it); 0 where it has no number.

    ``…/c_123_2.html`` may be page 2 of ``…/c_123.html``, or an article of its own: both readings.
    """
    parts = urlsplit(address)
    query = parse_qsl(parts.query, keep_blank_values=True)
    readings = [(_stem(parts, parts.path, query), 0)]
    for key, value in query:
        if key.lower() in _IN_QUERY and value.isdecimal() and len(value) < 3:
            rest = [pair for pair in query if pair[0] != key]
            readings.append((_stem(parts, parts.path, rest), int(value)))
    for shape in _IN_PATH:
        if found := shape.fullmatch(parts.path):
            whole = found["stem"].removesuffix("/page") + (found.groupdict().get("end") or "")
            readings.append((_stem(parts, whole, query), int(found["number"])))
    return readings


def _stem(parts, path: str, query: list[tuple[str, str]]) -> str:
    path = path.rstrip("/").lower()
    path = re.sub(r"/(?:index|default)\.\w{3,5}$", "", path)
    path = re.sub(r"\.(?:s?html?|php|jsp|aspx?)$", "", path)  # …/keepers.html goes on at …/keepers/2/
    return urlunsplit(("", parts.netloc.lower(), path, urlencode(sorted(query)), ""))


def find_paging(tree: Tree, selector: str = "") -> Paging:
    """Where the article goes on, by the links that lead to the same address but for a page number.

    Args:
        selector: CSS of the link to the next page, when an editor has said it; it wins.
    """
    here, absolute = tree.url or tree.base, tree.absolute
    if not here:
        here, absolute = _beside(quote(PurePath(tree.name).name)), _beside
    if not here:
        return Paging()
    mine = split_page(here)
    near = _pages_of(tree, here, mine, absolute)
    number, first = _own_number(near, mine)
    first = first and first.removeprefix(BESIDE)
    if selector:
        following = next((absolute(link.get("href")) for link in tree.root.cssselect(selector)), None)
        return Paging(following and following.removeprefix(BESIDE), number, first)
    following = next((page.address for page in near if page.is_next and page.number != number), None)
    if not following:
        following = next((page.address for page in near if page.number == number + 1), None)
    return Paging(following and following.removeprefix(BESIDE), number, first)


BESIDE = "https://beside.invalid/"
"""Where saved pages lie that nobody knows the address of: their links to each other are as good as addresses."""


def _beside(href: str | None) -> str | None:
    """The stand-in address of a file in the folder of the page; None for what is elsewhere, or no file."""
    try:
        address = urljoin(BESIDE, href or "")
    except ValueError:
        return None
    return address if address.startswith(BESIDE) and address != BESIDE else None


@dataclass(frozen=True, slots=True)
class _OtherPage:
    address: str
    stem: str
    mark: int
    number: int
    is_next: bool


def _pages_of(
    tree: Tree, here: str, mine: list[tuple[str, int]], absolute: Callable[[str | None], str | None]
) -> list[_OtherPage]:
    """Links to other pages of this article."""
    stems = {stem for stem, _ in mine}
    found = []
    own = urlsplit(here)._replace(fragment="").geturl()
    for link in (*_links_with(tree, "next"), *list(tree.root.iter("a"))[:MOST_LINKS]):
        href = link.get("href")
        if not href:
            continue
        rel = "next" in (link.get("rel") or "").lower().split()
        label = "" if link.tag == "link" or len(link) > 4 else words_of(link)
        if len(label) > 12 or not (rel or _NEXT.fullmatch(label) or _NUMBERED.fullmatch(label) or _is_first(label)):
            continue
        address = absolute(href)
        address = urlsplit(address)._replace(fragment="").geturl() if address else None
        if not address or address == own:
            continue
        pairs = [pair for pair in split_page(address) if pair[0] in stems]
        if not pairs:
            continue
        stem, mark = pairs[-1]
        numbered = _NUMBERED.fullmatch(label)
        number = int(numbered[1]) if numbered else 1 if mark == 0 else 0
        found.append(_OtherPage(address, stem, mark, number, rel or bool(_NEXT.fullmatch(label))))
    return found


def _is_first(label: str) -> bool:
    return label in ("首页", "上一页", "上页", "第一页", "«", "‹", "<") or label.lower() in (
        "first",
        "previous",
        "prev",
    )


def _own_number(near: list[_OtherPage], mine: list[tuple[str, int]]) -> tuple[int, str | None]:
    """The number of this page and the first page's address; (1, None) when no other page tells."""
    for stem, mark in mine[1:]:
        # Some count from index_1.html for the second page: the link's words say by how much its mark is off.
        kin = [page for page in near if page.stem == stem]
        if not kin or (not mark and not kin):
            continue
        shift = next((page.number - page.mark for page in kin if page.number > 1 and page.mark), 0)
        first = next((page.address for page in kin if page.number == 1 or page.mark == 0), None)
        if mark + shift > 1:
            return mark + shift, first
    return 1, None
