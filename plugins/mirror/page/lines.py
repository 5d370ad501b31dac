"""The page as a reader sees it: lines from top to bottom, and the elements whose class says what they hold.

One walk over the tree serves all facts; nobody else looks for text in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from lxml.etree import iterwalk
from lxml.html import HtmlElement

from plugins.mirror.page.tree import Tree
from plugins.mirror.page.voices import words

SEAM = "\x1f"
"""Stands in `Line.seams` where one inline element ends and another begins: `10:05|来源：|海港网`."""

MOST_LINES = 6_000
LONGEST_LINE = 4_000
"""Lines of a page and characters of a line that are read; what lies beyond is no fact about an article."""

PLAIN, CRUMBS, NOISE, HIDDEN = "", "crumbs", "noise", "hidden"
"""Zones of a page: the article or nobody knows, the path to it, what stands around it, what is not shown."""


@dataclass(slots=True)
class Line:
    """What stands between two line breaks of the page.

    Attributes:
        at: its number.
        seams: the text with `SEAM` between inline elements.
        element: the block that holds it.
        linked: characters of it that are links.
        zone: `PLAIN` …
    """

    at: int
    seams: str
    element: HtmlElement
    linked: int
    zone: str

    @property
    def text(self) -> str:
        return " ".join(self.seams.replace(SEAM, "").split())

    @property
    def pieces(self) -> list[str]:
        return [piece for part in self.seams.split(SEAM) if (piece := " ".join(part.split()))]


@dataclass(slots=True)
class Mark:
    """An element whose class, id, itemprop or rel names what it holds.

    Attributes:
        kind: ``title``, ``author``, ``source``, ``date``.
        at: the number of the line it begins in.
        name: what it is called, for `Line`-like judgement: ``byline author``.
    """

    kind: str
    element: HtmlElement
    at: int
    zone: str
    name: str

    @property
    def seams(self) -> str:
        return seams_of(self.element)


@dataclass(slots=True)
class Lines:
    """All lines and marks of a page, and its headings with the line they stand in."""

    lines: list[Line] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    headings: list[Mark] = field(default_factory=list)

    def of(self, elements: Iterable[HtmlElement]) -> tuple[int, int]:
        """First line of *elements* and the one after their last; (0, 0) when they hold none."""
        inside = {inner for element in elements for inner in element.iter()}
        numbers = [line.at for line in self.lines if line.element in inside]
        return (numbers[0], numbers[-1] + 1) if numbers else (0, 0)


def read_lines(tree: Tree) -> Lines:
    """Walk the page once."""
    return _Walk().read(tree.root)


def seams_of(element: HtmlElement, most: int = LONGEST_LINE) -> str:
    """The words of an element, `SEAM` between text nodes; scripts and styles left out."""
    if not len(element):
        return (element.text or "")[:most]
    parts, size = [], 0
    for text in _texts(element):
        parts.append(text)
        size += len(text)
        if size > most:
            break
    return SEAM.join(parts)[:most]


def words_of(element: HtmlElement) -> str:
    """The words of an element with single spaces; a line break inside it is a space."""
    if not len(element):  # most links have no elements in them
        return " ".join((element.text or "").split())
    return " ".join("".join(_texts(element, " ")).split())


def _texts(element: HtmlElement, at_break: str = "") -> Iterator[str]:
    """The text nodes of an element, and *at_break* where a block or a line break divides them."""
    walk = iterwalk(element, events=("start", "end", "comment"))
    for event, inner in walk:
        if event == "start":
            if inner.tag in SILENT and inner is not element:
                walk.skip_subtree()
            elif inner.text:
                yield inner.text
        if at_break and inner is not element and inner.tag in BREAKS:
            yield at_break
        if event != "start" and inner is not element and inner.tail:
            yield inner.tail


SILENT = frozenset({"script", "style", "noscript", "template", "svg", "select", "textarea", "iframe", "object", "head"})
"""Elements without words for the reader."""

INLINE = frozenset(
    {
        *(
            "a",
            "abbr",
            "acronym",
            "b",
            "big",
            "cite",
            "code",
            "em",
            "font",
            "i",
            "img",
            "ins",
            "label",
            "mark",
            "q",
            "s",
        ),
        *(
            "small",
            "span",
            "strong",
            "strike",
            "sub",
            "sup",
            "time",
            "tt",
            "u",
            "var",
            "wbr",
            "kbd",
            "bdi",
            "bdo",
            "o:p",
        ),
        *("address", "button", "input", "data", "nobr"),
    }
)
BREAKS = frozenset(
    {"br", "p", "div", "li", "tr", "td", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "section", "ul"}
)
_HEADINGS = ("h1", "h2", "h3")

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Za-z])(?=\d)")
_NOISE = words(
    "nav navbar navigation menu footer foot sidebar aside related relate relates relation recommend "
    "recommended recommends recommendation recommendations hot hotnews rank ranking comment comments "
    "commentlist reply replies disqus share sharing social copyright advert advertisement advertising ads ad "
    "sponsor sponsored banner pager pagination newsletter promo promos popular trending mostread login "
    "toolbar tuijian xiangguan xgxw xgyd bottom sidebars rightbar rcol crosslinks teaser teasers carousel "
    "widget widgets outbrain taboola cookie consent modal popup signup subscribe masthead topbar friendlink "
    "friendlinks bio"
)
_CRUMBS = words("breadcrumb breadcrumbs crumb crumbs bread mbx weizhi daohang position location")
_MARKS = {
    "author": "author authors byline bylines writer reporter zuozhe contributor contributors journalist",
    "source": "source laiyuan ly medianame nickname jsname copyfrom comefrom newssource from origin wzly "
    "xinxilaiyuan jgname",
    "date": "date time pubtime pubdate publish published publishtime timestamp posted shijian datetime dateline "
    "datepublished"
    " datecreated created pubdata ptime sj rq updated modified datemodified",
    "title": "title headline biaoti tit arctitle bt",
}
_KIND_OF = {word: kind for kind, words in _MARKS.items() for word in words.split()}


@lru_cache(maxsize=20_000)
def _named(name: str) -> tuple[str, tuple[str, ...]]:
    """What a class says: the zone, and the kinds of fact that the element may hold."""
    words = re.split(r"[^a-z0-9]+", _CAMEL.sub(" ", name[:300]).lower())
    pairs = (first + second for first, second in pairwise(words))  # media_name, pub-time
    kinds = tuple(dict.fromkeys(kind for word in (*words, *pairs) if (kind := _KIND_OF.get(word))))
    zone = CRUMBS if _CRUMBS.intersection(words) else NOISE if _NOISE.intersection(words) else PLAIN
    return zone, kinds


def kinds_of(name: str) -> tuple[str, ...]:
    """The kinds of fact that an element of this class and id may hold."""
    return _named(name)[1]


class _Walk:
    def __init__(self) -> None:
        self.found = Lines()
        self.parts: list[str] = []
        self.linked = 0
        self.size = 0
        self.block: HtmlElement | None = None
        self.zone = PLAIN
        self.zones: list[tuple[HtmlElement, str]] = []
        self.links = 0

    def read(self, root: HtmlElement) -> Lines:
        body = root.find("body")
        walk = iterwalk(root if body is None else body, events=("start", "end", "comment"))
        for event, element in walk:
            if event == "comment":
                if element.tail and element.getparent() is not None:
                    self._say(element.tail, element.getparent())
            elif event == "start":
                if element.tag in SILENT:
                    walk.skip_subtree()
                    continue
                self._open(element)
            else:
                self._close(element)
            if len(self.found.lines) >= MOST_LINES:
                break
        self._flush()
        return self.found

    def _open(self, element: HtmlElement) -> None:
        tag = element.tag
        if tag not in INLINE:
            self._flush()
        elif self.parts:
            self.parts.append(SEAM)
        if tag == "a":
            self.links += 1
        attributes = element.attrib
        if attributes:
            self._look_at(element, tag, attributes)
        elif tag in ("nav", "footer", "aside"):
            self._enter(element, NOISE)
        if tag in _HEADINGS:
            self.found.headings.append(Mark("title", element, len(self.found.lines), self.zone, tag))
        if element.text:
            self._say(element.text, element)

    def _look_at(self, element: HtmlElement, tag: str, attributes) -> None:
        get = attributes.get
        name = f"{get('class', '')} {get('id', '')}"
        zone, kinds = _named(name) if name != " " else (PLAIN, ())
        named = f"{get('itemprop', '')} {get('rel', '')} {get('data-testid', '')} {get('bosszone', '')}"
        if named != "   ":
            kinds += _named(named)[1]
        style = get("style")
        if (style and "none" in style and re.search(r"display\s{0,3}:\s{0,3}none", style)) or "hidden" in attributes:
            zone = HIDDEN
        elif tag in ("nav", "footer", "aside"):
            zone = zone or NOISE
        # A count of comments within a line does not make the line noise.
        inline = tag in INLINE and zone != HIDDEN
        if zone and not self.zone and not inline and tag not in ("body", "main", "article", "html", "h1", "header"):
            self._enter(element, zone)
        for kind in kinds:
            self.found.marks.append(Mark(kind, element, len(self.found.lines), self.zone, f"{name} {named}".lower()))
        if tag == "time" and "date" not in kinds:
            self.found.marks.append(Mark("date", element, len(self.found.lines), self.zone, "time"))

    def _enter(self, element: HtmlElement, zone: str) -> None:
        # A wrapper that is called «sidebar-layout» and holds the headline is the page itself.
        if self.zone or (zone in (NOISE, CRUMBS) and element.find(".//h1") is not None):
            return
        self._flush()
        self.zones.append((element, self.zone))
        self.zone = zone

    def _close(self, element: HtmlElement) -> None:
        tag = element.tag
        if tag in SILENT:
            pass
        elif tag not in INLINE:
            self._flush()
        elif self.parts:
            self.parts.append(SEAM)
        if tag == "a":
            self.links -= 1
        if self.zones and self.zones[-1][0] is element:
            self._flush()
            self.zone = self.zones.pop()[1]
        if element.tail:
            parent = element.getparent()
            if parent is not None:
                self._say(element.tail, parent)

    def _say(self, text: str, element: HtmlElement) -> None:
        if self.size > LONGEST_LINE:
            return
        if text.isspace():
            if self.parts:
                self.parts.append(" ")
            return
        if self.block is None:
            self.block = element
        text = text[:LONGEST_LINE]
        self.size += len(text)
        if self.links > 0:
            self.linked += len(text.strip())
        self.parts.append(text)

    def _flush(self) -> None:
        if self.block is not None:
            seams = "".join(self.parts).strip(" \t\r\n\x1f")
            lines = self.found.lines
            lines.append(Line(len(lines), seams, self.block, self.linked, self.zone))
        self.parts, self.linked, self.size, self.block = [], 0, 0, None
