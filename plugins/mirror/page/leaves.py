"""The leaves of a page: its runs of text between the edges of blocks and line breaks, in document order.

Every container holds an interval of them. So a body is a set of their numbers, and what is known of a container
(its text, links, sentences) is a difference of two sums.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from lxml.etree import iterwalk
from lxml.html import HtmlElement

from plugins.languages.chinese import FULL_WIDTH_PUNCTUATION, HAN
from plugins.mirror.page.zones import Zone, is_called_body, is_unseen, zone_of

SKIPPED = frozenset(
    {
        *(
            "script",
            "style",
            "noscript",
            "template",
            "iframe",
            "frame",
            "frameset",
            "object",
        ),
        *(
            "applet",
            "svg",
            "math",
            "canvas",
            "select",
            "option",
            "button",
            "input",
            "textarea",
            "head",
        ),
        *(
            "audio",
            "video",
            "map",
            "dialog",
            "rt",
            "rp",
            "datalist",
            "meter",
            "progress",
        ),
    }
)
"""Elements that hold no text of a page."""

INLINE = frozenset(
    {
        *(
            "a",
            "abbr",
            "acronym",
            "b",
            "bdi",
            "bdo",
            "big",
            "cite",
            "code",
            "data",
            "del",
            "dfn",
            "em",
        ),
        *(
            "font",
            "i",
            "ins",
            "kbd",
            "label",
            "mark",
            "nobr",
            "q",
            "ruby",
            "rb",
            "s",
            "samp",
            "small",
        ),
        *(
            "span",
            "strike",
            "strong",
            "sub",
            "sup",
            "time",
            "tt",
            "u",
            "var",
            "wbr",
            "img",
            "picture",
        ),
        *(
            "source",
            "amp-img",
            "blink",
            "o:p",
        ),
    }
)
"""Elements that end no paragraph."""

BOLD, ITALIC, CODE, STRUCK = 1, 2, 4, 8
_MARKS = {
    "b": BOLD,
    "strong": BOLD,
    "i": ITALIC,
    "em": ITALIC,
    "code": CODE,
    "tt": CODE,
    "kbd": CODE,
    "samp": CODE,
    "s": STRUCK,
    "del": STRUCK,
    "strike": STRUCK,
}
_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_BOLD_STYLE = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|font-size\s*:\s*0(?![.\d])", re.IGNORECASE)

UNSEEN = dict.fromkeys(
    map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\ufeff\u202a\u202b\u202c\u202d\u202e\ufffc")
)
_WRAPPED = re.compile(rf"(?<=[{HAN}{FULL_WIDTH_PUNCTUATION}])[ \t\r]*\n\s*(?=[{HAN}{FULL_WIDTH_PUNCTUATION}])")
_SENTENCE_END = re.compile(r"[。！？；]|[.!?][\"”’)]*(?=\s|$)")
_COMMA = re.compile(r"[，、]|,(?=\s)")
_LAST_STOP = re.compile(r"[。！？；…!?.][”’」』）)\"'\s]*$")
_MARKER = re.compile(
    r"^\s*(?P<end>/)?\s*(?P<name>(?:[\w:.-]*\s?){0,3}(?:content|body|article|正文|内容|zw|text)[\w:.-]*(?:\s[\w-]+){0,3})\s*$",
    re.IGNORECASE,
)
_EDGE = re.compile(r"begin|start|开始|end|结束|[\s_:.-]+", re.IGNORECASE)


NOWHERE = Zone(0)

SHORTEST_PROSE = 20
"""Reading size of a paragraph at least."""

SHORTEST_SENTENCE = 12
"""Characters of a sentence beside a link at least; «See also.» is shorter."""

MOST_PARAGRAPHS = 1
"""Paragraphs in one link at most: a teaser may be one. With more of them, nobody closed the link."""


class Run(NamedTuple):
    """A piece of text in one format, or a picture.

    Attributes:
        text: as it stands in the source; of a picture, empty.
        marks: BOLD and the like, added.
        link: the `a` element around it, or None.
        picture: an img or amp-img element, or None.
    """

    text: str
    marks: int
    link: HtmlElement | None
    picture: HtmlElement | None = None


@dataclass(slots=True, eq=False)
class Leaf:
    """A run of text that no block and no line break divides.

    Attributes:
        at: its number.
        runs: what it is made of.
        block: the innermost block element around it.
        text: the words, spaces single.
        heading: 1 to 6 in a heading, else 0.
        breaks: line breaks since the leaf before in the same block; 0 when a block began or ended between.
        size: how much there is to read, in Chinese characters (an English word counts a little under two).
        linked: share of the text that is links, 0 to 1.
        apart: there is a whole sentence outside of the links.
        sentences, commas: how many marks there are that end sentences and that divide them.
        stops: the text ends like a sentence.
        zones: what the containers around say it is.
        hidden: a style hides it.
    """

    at: int
    runs: list[Run]
    block: HtmlElement
    text: str
    heading: int = 0
    breaks: int = 0
    hidden: bool = False
    size: float = 0.0
    linked: float = 0.0
    apart: bool = False
    sentences: int = 0
    commas: int = 0
    stops: bool = False
    zones: Zone = NOWHERE

    def __post_init__(self) -> None:
        text = self.text
        beyond = (len(text.encode("utf-8")) - len(text)) / 2
        self.size = beyond + 0.3 * (len(text) - beyond)
        self.weigh_links()
        self.sentences = len(_SENTENCE_END.findall(text))
        self.commas = len(_COMMA.findall(text))
        self.stops = len(text) > 6 and bool(_LAST_STOP.search(text[-12:]))

    def weigh_links(self) -> None:
        """Set `linked` and `apart` from the runs."""
        self.linked, self.apart = 0.0, False
        if any(run.link is not None for run in self.runs):
            total = sum(len(run.text.strip()) for run in self.runs)
            own = [run.text for run in self.runs if run.link is None]
            self.linked = 1 - sum(len(text.strip()) for text in own) / total if total else 0.0
            self.apart = any(len(text) >= SHORTEST_SENTENCE and _SENTENCE_END.search(text) for text in own)

    @property
    def is_prose(self) -> bool:
        """Whether this reads like a paragraph of a text, by its length and its marks."""
        return self.stops and self.sentences + self.commas >= 2 and self.size >= SHORTEST_PROSE

    @property
    def pictures(self) -> list[HtmlElement]:
        return [run.picture for run in self.runs if run.picture is not None]


@dataclass(slots=True)
class Leaves:
    """All leaves of a page and what holds them.

    Attributes:
        all: in document order.
        spans: block element → the interval of its leaves (first, one after the last); empty ones left out.
        zoned: (element, what its names say it is).
        called_body: elements whose names say that they hold the article's text.
        marked: intervals between comments such as ``<!--enpcontent-->`` and ``<!--/enpcontent-->``.
        depth: how many elements stand in one another at the deepest place that holds text.
    """

    all: list[Leaf] = field(default_factory=list)
    spans: dict[HtmlElement, tuple[int, int]] = field(default_factory=dict)
    zoned: list[tuple[HtmlElement, Zone]] = field(default_factory=list)
    called_body: list[HtmlElement] = field(default_factory=list)
    marked: list[tuple[int, int]] = field(default_factory=list)
    depth: int = 0


def squeeze(text: str) -> str:
    """Without invisible characters, spaces of every kind single; lines that wrap between Chinese joined."""
    text = text.translate(UNSEEN)
    if "\n" in text:
        text = _WRAPPED.sub("", text)
    return " ".join(text.split())


def grow_leaves(root: HtmlElement) -> Leaves:
    """Cut a page into leaves; one walk, no recursion, because pages nest as deep as they like."""
    body = root.find("body")
    return _Walk().through(root if body is None else body)


class _Walk:
    """The state of one walk."""

    def __init__(self) -> None:
        self.leaves = Leaves()
        self.runs: list[Run] = []
        self.block: HtmlElement | None = None
        self.heading = self.marks = self.breaks = self.code = self.hidden = 0
        self.link: HtmlElement | None = None
        self.unclosed: set[HtmlElement] = set()
        self.prose: dict[HtmlElement, list[Leaf]] = {}
        self.opened: dict[str, int] = {}

    def through(self, root: HtmlElement) -> Leaves:
        walker = iterwalk(root, events=("start", "end", "comment"))
        stack: list[tuple] = []
        for event, element in walker:
            if event == "start":
                tag = element.tag
                state = (self.block, self.heading, self.marks, self.link, self.code, self.hidden)
                if tag in SKIPPED:
                    if tag == "noscript":
                        self.picture_without_scripts(element)
                    stack.append((tag not in INLINE and tag in _BLOCKS_SKIPPED, -1, state))
                    walker.skip_subtree()
                    continue
                inline = tag in INLINE
                if tag == "br":
                    self.line_break()
                    stack.append((False, -1, state))
                    continue
                if inline:
                    stack.append((False, -1, state))
                    if not self.enter_inline(element, tag):
                        walker.skip_subtree()
                        continue
                else:
                    self.flush()
                    self.breaks = 0
                    if not self.enter_block(element, tag):
                        stack.append((True, -1, state))
                        walker.skip_subtree()
                        continue
                    stack.append((True, len(self.leaves.all), state))
                if element.text:
                    self.runs.append(Run(element.text, self.marks, self.link))
            elif event == "end":
                block, start, state = stack.pop()
                if block:
                    self.leaves.depth = max(self.leaves.depth, len(stack))
                    self.flush()
                    self.breaks = 0
                    if start >= 0 and len(self.leaves.all) > start:
                        self.leaves.spans[element] = (start, len(self.leaves.all))
                self.block, self.heading, self.marks, self.link, self.code, self.hidden = state
                if self.link is not None and self.link in self.unclosed:
                    self.link = None
                if element.tail and stack:
                    self.runs.append(Run(element.tail, self.marks, self.link))
            else:
                self.comment(element.text or "")
                if element.tail:
                    self.runs.append(Run(element.tail, self.marks, self.link))
        return self.leaves

    def enter_inline(self, element: HtmlElement, tag: str) -> bool:
        """Take over the format; False for what is not to be read."""
        if tag in ("img", "amp-img"):
            self.runs.append(Run("", self.marks, self.link, element))
            return False
        self.marks |= _MARKS.get(tag, 0)
        attributes = element.attrib
        if not attributes:
            return True
        if tag == "a" and "href" in attributes:
            self.link = element
        names = attributes.get("class")
        if names and is_unseen(names):
            return False
        style = attributes.get("style")
        if style:
            if _HIDDEN_STYLE.search(style):
                return False
            if _BOLD_STYLE.search(style):
                self.marks |= BOLD
        return True

    def picture_without_scripts(self, element: HtmlElement) -> None:
        """The one picture of a noscript: a lazy picture stands before it, without its address."""
        pictures = list(element.iter("img"))
        if len(pictures) == 1:
            self.runs.append(Run("", self.marks, self.link, pictures[0]))

    def enter_block(self, element: HtmlElement, tag: str) -> bool:
        self.block = element
        if tag in _HEADINGS:
            self.heading = _HEADINGS[tag]
        if tag == "pre":
            self.code = 1
        attributes = element.attrib
        if not attributes:
            zone = zone_of(tag, "")
            if zone:
                self.leaves.zoned.append((element, zone))
            return True
        names = f"{attributes.get('class', '')} {attributes.get('id', '')}".strip()
        if names and is_unseen(names):
            return False
        called = (names and is_called_body(names)) or "articleBody" in attributes.get("itemprop", "")
        if called:
            self.leaves.called_body.append(element)
        # «article-body subscriber-preview»: what is called the text is nothing else.
        zone = zone_of(tag, "" if called else names, attributes.get("role", ""))
        if zone:
            self.leaves.zoned.append((element, zone))
        style = attributes.get("style")
        if style:
            if _HIDDEN_STYLE.search(style):
                self.hidden = 1
            if _BOLD_STYLE.search(style):
                self.marks |= BOLD
        if "hidden" in attributes or attributes.get("aria-hidden") == "true":
            self.hidden = 1
        return True

    def line_break(self) -> None:
        if self.code:
            self.runs.append(Run("\n", self.marks, self.link))
        elif self.heading:
            self.runs.append(Run(" ", self.marks, self.link))
        else:
            if self.link is not None and any(run.link is None and run.text.strip() for run in self.runs):
                self.unclosed.add(self.link)  # a link that begins inside a line ends in it: nobody closed this one
            self.flush()
            self.breaks += 1

    def flush(self) -> None:
        """What has gathered since the last edge becomes a leaf, unless it is nothing but space."""
        runs, self.runs = self.runs, []
        if not runs:
            return
        text = squeeze("".join(run.text for run in runs))
        if not text and not any(run.picture is not None for run in runs):
            return
        leaf = Leaf(len(self.leaves.all), runs, self.block, text, self.heading, self.breaks, bool(self.hidden))
        self.leaves.all.append(leaf)
        self.breaks = 0
        links = {run.link for run in runs if run.text.strip()}
        link = links.pop() if len(links) == 1 else None
        if link is not None and leaf.is_prose:
            self.paragraph_in_a_link(leaf, link)

    def paragraph_in_a_link(self, leaf: Leaf, link: HtmlElement) -> None:
        """Take the link away from paragraphs when it holds several of them."""
        inside = self.prose.setdefault(link, [])
        inside.append(leaf)
        if len(inside) > MOST_PARAGRAPHS:
            self.unclosed.add(link)
            for paragraph in inside:
                paragraph.runs = [run._replace(link=None) if run.link is link else run for run in paragraph.runs]
                paragraph.weigh_links()
            inside.clear()

    def comment(self, text: str) -> None:
        found = _MARKER.match(text) if len(text) < 60 else None
        if not found:
            return
        self.flush()
        name = _EDGE.sub("", found["name"]).lower()
        here = len(self.leaves.all)
        if (found["end"] or re.search(r"end|结束", text, re.IGNORECASE)) and name in self.opened:
            start = self.opened.pop(name)
            if start < here:
                self.leaves.marked.append((start, here))
        else:
            self.opened[name] = here


# Not embed: the parser takes it for a box that holds the rest of the page.
_BLOCKS_SKIPPED = frozenset(["iframe", "object", "textarea", "video", "audio", "dialog", "select"])
"""Skipped elements that still divide the text before them from the text after."""
