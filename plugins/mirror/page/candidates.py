"""Where the text of an article may be: each candidate is an interval of the page's leaves, and who speaks for it.

What a leaf is worth is judged first (`judge`): reading size, less or negative for links, for places and for words that
are the page's own. Every container, every pair of comments and what trafilatura found are candidates.
"""

from __future__ import annotations

import re
from collections import Counter
from copy import copy
from dataclasses import dataclass, field
from itertools import accumulate, groupby

import trafilatura
from lxml.html import HtmlElement

from plugins.mirror.page.leaves import Leaf, Leaves, squeeze
from plugins.mirror.page.pictures import is_caption
from plugins.mirror.page.tables import is_data
from plugins.mirror.page.tree import Tree
from plugins.mirror.page.wording import (
    BIO,
    LABEL,
    LONGEST_CALL,
    MOMENT,
    ends_the_text,
    is_figures,
    is_line_of_facts,
    is_noise,
    is_notice,
)
from plugins.mirror.page.zones import Zone

OUTSIDE = (
    Zone.NAV | Zone.ASIDE | Zone.COMMENT | Zone.RELATED | Zone.SHARE | Zone.AD | Zone.FOOTER | Zone.PROMPT | Zone.NOTICE
    | Zone.AUTHOR | Zone.TAGS
)  # fmt: skip
"""Zones that an article's text has no part in."""

WEAK = Zone.HEADER | Zone.META
"""Zones whose names are also given to parts of an article."""


@dataclass(slots=True)
class Scene:
    """A page seen as leaves, with what is known of each.

    Attributes:
        title_at: the leaf of the headline; −1 when the page does not show it.
        worth: per leaf, how much it speaks for being the article's text, in reading size; negative against.
        by_trafilatura: per leaf, whether trafilatura took it.
        description: what the page says of itself in a sentence, letters and digits only.
    """

    leaves: Leaves
    title_at: int
    worth: list[float]
    by_trafilatura: list[bool] = field(default_factory=list)
    description: str = ""

    @property
    def all(self) -> list[Leaf]:
        return self.leaves.all


@dataclass(frozen=True, slots=True)
class Candidate:
    """An interval of leaves, the first and one after the last.

    Attributes:
        called: 0 to 1: how clearly the page itself calls this its article's text.
    """

    start: int
    end: int
    called: float = 0.0


def look(leaves: Leaves, title: str, description: str = "") -> Scene:
    """Judge the leaves of a page."""
    title_at = find_title(leaves.all, title)
    spread_zones(leaves, title_at)
    mark_cards(leaves, title_at)
    mark_next_article(leaves, title_at)
    mark_flat_comments(leaves, title_at)
    mark_captions(leaves, title_at)
    mark_bios(leaves, title_at)
    for leaf in leaves.all:
        if _NUMBERED_PICTURE.match(leaf.text):
            leaf.zones |= Zone.CAPTION
    tabular = _tabular(leaves)
    scene = Scene(
        leaves, title_at, [judge(leaf, leaf.at in tabular) for leaf in leaves.all], description=_bare(description)
    )
    if sum(value for value in scene.worth if value > 0) < LITTLE:
        # A picture story says it all in captions, and some pages show their text by a script.
        scene.worth = [judge(leaf, leaf.at in tabular, lenient=True) for leaf in leaves.all]
    _judge_repeated(scene)
    _judge_neighbours(scene)
    _judge_lines_of_paragraphs(scene)
    return scene


_NUMBERED_PICTURE = re.compile(r"[(（\[]?\d{1,3}\s?/\s?\d{1,3}[)）\]]?\s+\S")
"""«3 / 9 What the new parking rules mean»: a caption of a gallery."""

LITTLE = 40
"""Reading size below which a page has no text, or has it where others have none."""


def find_title(leaves: list[Leaf], title: str) -> int:
    """The leaf that shows the headline: a heading before others, the last of several at the top; −1 for none."""
    wanted = _bare(title)
    if len(wanted) < 4:
        return next((leaf.at for leaf in leaves if leaf.heading == 1 and leaf.size > 5), -1)
    best, best_at = 0.0, -1
    for leaf in leaves:
        if not leaf.text or len(leaf.text) > 3 * len(title) + 40:
            continue
        text = _bare(leaf.text)
        if len(text) < 0.5 * len(wanted):
            continue
        if not leaf.heading and leaf.sentences and leaf.stops and len(text) > 1.5 * len(wanted):
            continue  # a 快讯 says its headline again in its first words
        if text == wanted:
            likeness = 1.0
        elif wanted in text or text in wanted:
            likeness = 0.9 * min(len(text), len(wanted)) / max(len(text), len(wanted))
        else:
            continue
        likeness += {1: 0.5, 2: 0.3, 3: 0.1}.get(leaf.heading, 0.0) - 0.4 * leaf.linked
        if likeness > best + 0.01:
            best, best_at = likeness, leaf.at
    if best_at < 0:
        best_at = next((leaf.at for leaf in leaves if leaf.heading == 1 and leaf.size > 5), -1)
    return best_at


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).lower()


def spread_zones(leaves: Leaves, title_at: int) -> None:
    """Give each leaf the zones of the containers around, but for names that cannot be meant.

    A container that holds the headline, or most of the page's prose, is no sidebar whatever it is called.
    """
    prose = [leaf.size if leaf.linked < 0.4 and leaf.sentences + leaf.commas >= 2 else 0.0 for leaf in leaves.all]
    sums = [0.0, *accumulate(prose)]
    families: Counter[tuple] = Counter()
    for element, _ in leaves.zoned:
        start, end = leaves.spans.get(element, (0, 0))
        families[element.tag, element.get("class")] += sums[end] - sums[start]
    for element, zone in leaves.zoned:
        start, end = leaves.spans.get(element, (0, 0))
        if start == end:
            continue
        inside = sums[end] - sums[start]
        if zone & Zone.LEAD and (end - start > 2 or sum(leaf.size for leaf in leaves.all[start:end]) > LONGEST_LEAD):
            zone &= ~Zone.LEAD
        if start <= title_at < end:
            zone &= ~(OUTSIDE | Zone.META | Zone.CAPTION) if inside > 0.1 * sums[-1] else ~Zone(0)
        strong = zone & (Zone.COMMENT | Zone.RELATED | Zone.FOOTER | Zone.NAV)
        if not strong:  # «subscriber-only» on every paragraph of the text
            inside = max(inside, families[element.tag, element.get("class")])
        if inside > (0.85 if strong else 0.6) * sums[-1]:
            continue
        for leaf in leaves.all[start:end]:
            leaf.zones |= zone


def mark_cards(leaves: Leaves, title_at: int) -> None:
    """Teasers and comments, known by their number: three and more siblings that are made alike.

    A teaser has a line that is a link and a few words more; a comment has a line of name and moment and a few words.
    """
    families: dict[tuple, list[tuple[int, int]]] = {}
    for element, span in leaves.spans.items():
        if element.tag not in ("p", "td", "tbody") and span[1] - span[0] <= LARGEST_CARD:
            names = (element.get("class") or "").split()
            key = (element.getparent(), element.tag, names[0] if names and element.tag != "li" else "")
            families.setdefault(key, []).append(span)
    _mark_flat_teasers(leaves, title_at)
    for spans in families.values():
        if len(spans) < 3 or any(start <= title_at < end for start, end in spans):
            continue
        cards = [leaves.all[start:end] for start, end in spans]
        teasers = [card for card in cards if _is_teaser(card)]
        if len(teasers) >= max(3, 0.7 * len(cards)):
            for leaf in (leaf for card in teasers for leaf in card):
                leaf.zones |= Zone.RELATED
            continue
        comments = [card for card in cards[1:] if _is_comment(card)]
        above = sum(
            leaf.size for leaf in leaves.all[title_at + 1 : spans[1][0]] if leaf.sentences and leaf.linked < 0.3
        )
        if len(comments) >= max(2, 0.7 * (len(cards) - 1)) and above >= LITTLE:
            for leaf in (leaf for card in comments for leaf in card):
                leaf.zones |= Zone.COMMENT


def mark_next_article(leaves: Leaves, title_at: int) -> None:
    """What follows a second headline with its own time and source: a page that scrolls into the next story."""
    if title_at < 0 or not leaves.all[title_at].heading:
        return
    title, above = leaves.all[title_at], 0.0
    for leaf in leaves.all[title_at + 1 :]:
        another = leaf.heading == title.heading and make_of(leaf)[:2] == make_of(title)[:2] and leaf.text != title.text
        if another and above >= LITTLE and _has_facts_below(leaves.all, leaf):
            for later in leaves.all[leaf.at :]:
                later.zones |= Zone.RELATED
            return
        above += leaf.size if leaf.sentences and leaf.linked < 0.3 else 0.0


def _opens_an_article(leaves: list[Leaf], leaf: Leaf) -> bool:
    """Whether a leaf is the headline of another article: some pages mark the subheads of one article alike."""
    return leaf.heading == 1 and _has_facts_below(leaves, leaf)


def _has_facts_below(leaves: list[Leaf], leaf: Leaf) -> bool:
    return any(is_line_of_facts(line.text) or line.zones & Zone.META for line in leaves[leaf.at + 1 : leaf.at + 3])


def _mark_flat_teasers(leaves: Leaves, title_at: int) -> None:
    """Headlines that are links, each with a few words below it, and no container around the pair."""
    families: dict[tuple, list[int]] = {}
    for leaf in leaves.all[title_at + 1 :]:
        if leaf.heading > 1 and leaf.linked > 0.9:
            families.setdefault(make_of(leaf), []).append(leaf.at)
    for heads in families.values():
        if len(heads) < 3:
            continue
        ends = [*heads[1:], min(heads[-1] + 3, len(leaves.all))]
        below = [sum(leaf.size for leaf in leaves.all[at + 1 : end]) for at, end in zip(heads, ends, strict=True)]
        if sum(below) / len(below) < 100:
            for leaf in leaves.all[heads[0] : ends[-1]]:
                leaf.zones |= Zone.RELATED


def mark_flat_comments(leaves: Leaves, title_at: int) -> None:
    """Lines of name and moment with a few words below each, three and more, below the text and in no container."""
    heads = [
        leaf.at
        for leaf in leaves.all[title_at + 1 :]
        if leaf.size <= LONGEST_NAME and MOMENT.search(leaf.text) and not LABEL.match(leaf.text) and not leaf.heading
    ]
    runs: list[list[int]] = []
    for at in heads:
        between = leaves.all[runs[-1][-1] + 1 : at] if runs else []
        if between and len(between) <= 4 and sum(leaf.size for leaf in between) < 150:
            runs[-1].append(at)
        else:
            runs.append([at])
    for run in runs:
        above = sum(leaf.size for leaf in leaves.all[title_at + 1 : run[0]] if leaf.stops and leaf.linked < 0.3)
        below = [leaf for at in run for leaf in leaves.all[at + 1 : at + 3] if leaf.at not in run]
        if len(run) < 3 or above < LITTLE or any(leaf.heading for leaf in below):
            continue
        for leaf in leaves.all[run[0] : run[-1] + 1]:
            leaf.zones |= Zone.COMMENT
        last = leaves.all[run[-1]]
        for leaf in leaves.all[run[-1] + 1 : run[-1] + 4]:
            if leaf.block.getparent() is not last.block.getparent():
                break
            leaf.zones |= Zone.COMMENT


LONGEST_NAME = 25
"""Reading size of a reader's name and the moment of the comment."""


def mark_captions(leaves: Leaves, title_at: int) -> None:
    """The words below a picture, where no element says that they are."""
    for before, leaf in zip(leaves.all, leaves.all[1:], strict=False):
        if before.pictures and not before.text and leaf.at > title_at and is_caption(leaf, after_picture=True):
            leaf.zones |= Zone.CAPTION


def mark_bios(leaves: Leaves, title_at: int) -> None:
    """A person's name as a headline, and below it a paragraph that begins with the name: the words on the writer."""
    for head, leaf in zip(leaves.all, leaves.all[1:], strict=False):
        named = title_at < head.at and head.heading and head.text and leaf.text.startswith(head.text + " ")
        if named and (BIO.match(leaf.text) or _signs(leaves.all[title_at + 1 : head.at], head.text)):
            head.zones |= Zone.AUTHOR
            leaf.zones |= Zone.AUTHOR


def _signs(leaves: list[Leaf], name: str) -> bool:
    return any(name in leaf.text and is_line_of_facts(leaf.text) for leaf in leaves)


LARGEST_CARD = 12
"""Leaves of a teaser or comment at most."""


def _is_teaser(card: list[Leaf]) -> bool:
    linked = any(leaf.linked > 0.4 and leaf.size >= 3 for leaf in card)
    return linked and sum(leaf.size * (1 - leaf.linked) for leaf in card) < 110


def _is_comment(card: list[Leaf]) -> bool:
    moment = any(is_line_of_facts(leaf.text) for leaf in card)
    return moment and sum(leaf.size for leaf in card) < 100


def _tabular(leaves: Leaves) -> set[int]:
    """The leaves that stand in tables of figures and words."""
    tables = (span for element, span in leaves.spans.items() if element.tag == "table" and is_data(element))
    return {at for start, end in tables for at in range(start, end)}


LONGEST_LEAD = 70
"""Reading size of the words above a text that say beforehand what it says."""


def judge(leaf: Leaf, tabular: bool = False, lenient: bool = False) -> float:
    """What a leaf is worth by itself, in reading size.

    Args:
        tabular: it stands in a table of figures and words, where a number is no page number.
        lenient: captions and what a style hides count, too.
    """
    size = leaf.size
    if not size:
        return 0.0
    if leaf.zones & OUTSIDE or (leaf.linked > (0.66 if leaf.stops else 0.4) and not leaf.apart):
        return -0.6 * min(size, 120)
    if leaf.zones & WEAK and size < 60:
        return -0.2 * size
    if leaf.zones & (Zone.CAPTION | Zone.LEAD) and not lenient:
        return 0.0
    if tabular:
        return 0.1 * size
    if not leaf.sentences and len(MOMENT.findall(leaf.text)) > 1:
        return -0.6 * min(size, 120)  # headlines with their hours, run together
    if is_noise(leaf.text, size) or ends_the_text(leaf.text):
        return -0.8 * min(size, 80)
    if leaf.heading or is_line_of_facts(leaf.text):
        return 0.0
    marks = leaf.sentences + leaf.commas
    if leaf.stops and marks >= 2:
        quality = 1.0
    elif leaf.stops or marks >= 3:
        quality = 0.8
    elif size >= 40:
        quality = 0.5
    else:
        quality = 0.1
    quality -= 1.4 * leaf.linked
    if leaf.apart:
        quality = max(quality, 0.1)
    if leaf.block.tag == "p":
        quality += 0.1
    if leaf.hidden and not lenient:
        quality = min(quality, 0.0)
    return quality * size


def _judge_repeated(scene: Scene) -> None:
    """What a page says three times it says of itself."""
    times = Counter(leaf.text for leaf in scene.all)
    for leaf in scene.all:
        if leaf.size > 6 and times[leaf.text] > 2 and scene.worth[leaf.at] > 0.1 * leaf.size:
            scene.worth[leaf.at] = -0.3 * leaf.size


def _judge_neighbours(scene: Scene) -> None:
    """A short line between lines of the page is one of them; a sentence between two of the text is none."""
    worth, leaves = scene.worth, scene.all
    for before, leaf, after in zip(leaves, leaves[1:], leaves[2:], strict=False):
        at = leaf.at
        around = (worth[at - 1], worth[at + 1])
        if 0 < worth[at] < 12 and not leaf.sentences and all(value < 0 for value in around):
            worth[at] = -0.3 * leaf.size
        elif (
            worth[at] < 0
            and leaf.stops
            and not leaf.zones
            and leaf.linked < 0.3
            and 12 <= leaf.size <= LONGEST_CALL
            and not is_notice(leaf.text, leaf.size)
        ):
            alike = make_of(before) == make_of(leaf) == make_of(after)
            worth[at] = 0.8 * leaf.size if alike and all(value > 0 for value in around) else worth[at]


def _judge_lines_of_paragraphs(scene: Scene) -> None:
    """In one `p` with a sentence, a line is text, unless it is a link or in words of the page's own.

    A line of figures is text there between two others, such as a result; elsewhere it numbers pages.
    """
    for block, members in groupby(scene.all, key=lambda leaf: leaf.block):
        lines = list(members)
        if block.tag != "p" or len(lines) < 2 or not any(leaf.sentences and scene.worth[leaf.at] > 0 for leaf in lines):
            continue
        for leaf in lines:
            if scene.worth[leaf.at] >= 0 or leaf.zones or _is_all_link(leaf) or ends_the_text(leaf.text):
                continue
            between = lines[0] is not leaf is not lines[-1]
            if not is_noise(leaf.text, leaf.size) or (between and is_figures(leaf.text)):
                scene.worth[leaf.at] = 0.1 * leaf.size


def _is_all_link(leaf: Leaf) -> bool:
    """Whether all letters of a leaf stand in links."""
    return bool(leaf.linked) and not any(run.link is None and any(map(str.isalpha, run.text)) for run in leaf.runs)


def make_of(leaf: Leaf) -> tuple:
    """How a leaf is marked up: tag and class of its block and of what holds that; without a class, in which one."""
    block, parent = leaf.block, leaf.block.getparent()
    own = block.get("class") or ""
    around = (parent.get("class") or "") if parent is not None else ""
    return (block.tag, own, around) if own or around else (block.tag, parent)


# --- trafilatura -----------------------------------------------------------------------------------------


LARGEST_ASKED, DEEPEST_ASKED = 8_000, 250
"""Leaves and levels of a page at most for which trafilatura is asked: its time grows with the square of both."""


def is_askable(leaves: Leaves) -> bool:
    """Whether trafilatura reads the page in time that is worth its vote."""
    return len(leaves.all) <= LARGEST_ASKED and leaves.depth <= DEEPEST_ASKED


def ask_trafilatura(tree: Tree, leaves: list[Leaf]) -> list[bool]:
    """Per leaf, whether trafilatura counts it to the text; all False when it finds none."""
    try:
        found = trafilatura.bare_extraction(copy(tree.root), include_comments=False, fast=FAST)
    except Exception:  # it promises no list of errors, and a page without its vote is still a page
        found = None
    if found is None or found.body is None:
        return [False] * len(leaves)
    lines = {_tight(line) for element in found.body.iter() for line in _lines_of(element)}
    text = "\n".join(_tight("".join(element.itertext())) for element in found.body)
    return [_taken(_tight(leaf.text), lines, text) for leaf in leaves]


FAST = False
"""trafilatura without its comparison with readability and justext, which have their say in `choice`."""


def _lines_of(element: HtmlElement) -> list[str]:
    if not isinstance(element.tag, str):
        return []
    return [part for part in (element.text, element.tail) if part] + (
        ["".join(element.itertext())] if element.tag in ("p", "item", "cell", "head", "quote", "hi") else []
    )


def _taken(text: str, lines: set[str], all_text: str) -> bool:
    if len(text) < 10:
        return bool(text) and text in lines
    return text in all_text


def _tight(text: str) -> str:
    return squeeze(text).replace(" ", "")


# --- candidates ------------------------------------------------------------------------------------------


def candidates(scene: Scene) -> list[Candidate]:
    """All intervals that hold something of worth, each once, with the strongest word for it."""
    found: dict[tuple[int, int], Candidate] = {}

    def add(start: int, end: int, called: float) -> None:
        while start < end and scene.worth[start] <= 0:
            start += 1
        while end > start and scene.worth[end - 1] <= 0:
            end -= 1
        if start == end:
            return
        old = found.get((start, end))
        if not old or called > old.called:
            found[start, end] = Candidate(start, end, called)

    for element, (start, end) in scene.leaves.spans.items():
        add(start, end, {"article": 0.4, "main": 0.1}.get(element.tag, 0.0))
    for element in scene.leaves.called_body:
        if element in scene.leaves.spans:
            add(*scene.leaves.spans[element], 1.0 if "articleBody" in (element.get("itemprop") or "") else 0.8)
    for start, end in _pieced_together(scene):
        add(start, end, 0.8)
    for start, end in scene.leaves.marked:
        add(start, end, 0.9)
    taken = [at for at, yes in enumerate(scene.by_trafilatura) if yes]
    if taken:
        add(taken[0], taken[-1] + 1, 0.0)
    return list(found.values())


def _pieced_together(scene: Scene) -> list[tuple[int, int]]:
    """A text that advertisements cut into several containers, all called the same; what lies between is little."""
    runs: list[tuple[int, int]] = []
    families: dict[tuple, tuple[int, int]] = {}
    good = [0.0, *accumulate(max(value, 0.0) for value in scene.worth)]
    for element in scene.leaves.called_body:
        start, end = scene.leaves.spans.get(element, (0, 0))
        if start == end:
            continue
        key = (element.tag, element.get("class"))
        first, last = families.get(key, (start, end))
        between = good[start] - good[last] if start >= last else 0.0
        if between > LITTLE or any(_opens_an_article(scene.all, leaf) for leaf in scene.all[last:start]):
            first = start
        families[key] = (first, max(last, end))
        if first != start:
            runs.append(families[key])
    return runs
