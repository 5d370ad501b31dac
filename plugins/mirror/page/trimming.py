"""From the chosen interval to the leaves of the text: `STEPS` take away what does not belong and add what was lost.

Each step takes the scene, the choice and the numbers of the leaves so far, and returns new numbers.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

from lxml.html import HtmlElement

from plugins.mirror.page.candidates import LITTLE, LONGEST_LEAD, OUTSIDE, Candidate, Scene, make_of
from plugins.mirror.page.leaves import Leaf
from plugins.mirror.page.wording import (
    BIO,
    LABEL,
    ends_the_text,
    is_line_of_facts,
    is_noise,
    is_notice,
    opens_comments,
    signs_off,
)
from plugins.mirror.page.zones import Zone

Step = Callable[[Scene, Candidate, list[int]], list[int]]


def start_below_the_title(scene: Scene, chosen: Candidate, numbers: list[int]) -> list[int]:
    """Nothing above the headline, when text follows below it."""
    below = [at for at in numbers if at > scene.title_at]
    good = sum(max(scene.worth[at], 0) for at in below)
    least = 0.15 if scene.title_at >= 0 and scene.all[scene.title_at].heading == 1 and good > LITTLE / 2 else 0.5
    return below if good > least * sum(max(scene.worth[at], 0) for at in numbers) else numbers


def drop_what_is_outside(scene: Scene, chosen: Candidate, numbers: list[int]) -> list[int]:
    """Share bars, advertisements, lists of links and lines of the page's own."""
    return [at for at in numbers if _belongs(scene, scene.all[at])]


def _belongs(scene: Scene, leaf: Leaf) -> bool:
    if not leaf.text:
        return not leaf.zones & OUTSIDE
    if scene.worth[leaf.at] < 0 or leaf.hidden:
        return False
    if leaf.zones & Zone.LEAD and not scene.worth[leaf.at]:
        return False
    if leaf.zones & Zone.CAPTION:
        return True
    if leaf.heading:
        return not (is_noise(leaf.text, leaf.size) or ends_the_text(leaf.text))
    return True


def end_at_the_first_end(scene: Scene, chosen: Candidate, numbers: list[int]) -> list[int]:
    """«Related stories», «Comments», the editor's line end a text, unless it goes on below; else their list ends."""
    good = {at: max(scene.worth[at], 0.0) for at in numbers}
    total = sum(good.values())
    makes: set[tuple] = set()
    shapes: set[tuple] = set()
    kept: list[int] = []
    before, listed_to = 0.0, -1
    for at in range(numbers[0], numbers[-1] + 1) if numbers else ():
        leaf = scene.all[at]
        if opens_comments(leaf.text) and before > min(LITTLE, 0.3 * total):
            break
        ends = ends_the_text(leaf.text)
        closes = ends or signs_off(leaf.text) or (scene.worth[at] < 0 and is_notice(leaf.text, leaf.size))
        if at not in good or (scene.worth[at] <= 0 and closes):
            start, end = scene.leaves.spans.get(leaf.block.getparent(), (0, 0))
            # A box that holds the headline and its list, and nothing of the text, stands among the paragraphs.
            boxed = ends and at + 1 < end <= numbers[-1] and start > max(kept, default=-1)
            like = {make_of(scene.all[number]) for number in kept if scene.worth[number] > 0}
            boxed = boxed and any(number >= end and make_of(scene.all[number]) in like for number in numbers)
            # Below a headline such as «Most read» a short article may have more words than its text.
            titled = ends and bool(leaf.heading) and scene.title_at >= 0 and before >= LITTLE / 2
            if closes and not boxed and (titled or before > 0.3 * total):
                after = [number for number in numbers if number > at]
                goes_on = any(
                    make_of(scene.all[number]) in makes and _goes_on(scene, makes, number) for number in after
                )
                alike = any(_is_prose(scene, number) and _shape(scene.all[number]) in shapes for number in after)
                if not goes_on and (titled or total - before < 0.8 * before or not alike):
                    break
            if ends:
                prose = next((number for number in numbers if number > at and _goes_on(scene, makes, number)), None)
                listed_to = prose or numbers[-1] + 1
                if at + 1 < end < listed_to:
                    listed_to = end
            if at not in good:
                continue
        if at >= listed_to:
            kept.append(at)
        if _is_prose(scene, at):
            makes.add(make_of(leaf))
            shapes.add(_shape(leaf))
        before += good[at]
    return kept


def _shape(leaf: Leaf) -> tuple[str, ...]:
    """The tags of a leaf's block and of the two around it."""
    tags, element = [], leaf.block
    while element is not None and len(tags) < 3:
        tags.append(element.tag)
        element = element.getparent()
    return tuple(tags)


def _goes_on(scene: Scene, makes: set[tuple], at: int) -> bool:
    """Whether a leaf below the headline of another list is a paragraph of the text again."""
    leaf = scene.all[at]
    return _is_prose(scene, at) or (
        scene.worth[at] > 0 and leaf.stops and leaf.block.tag == "p" and make_of(leaf) in makes
    )


def _is_prose(scene: Scene, at: int) -> bool:
    return scene.worth[at] > 0 and scene.all[at].is_prose


def drop_the_head(scene: Scene, chosen: Candidate, numbers: list[int]) -> list[int]:
    """The title said again, the line of time and source, the path: what is above the first sentence and no sentence."""
    title = _bare(scene.all[scene.title_at].text) if scene.title_at >= 0 else ""
    kept = []
    prose = False
    for at in numbers:
        leaf = scene.all[at]
        same = bool(title) and _bare(leaf.text) == title
        if not prose and leaf.text and (same or is_line_of_facts(leaf.text) or _SUMMARY.match(leaf.text)):
            continue
        opened = bool(title) and leaf.text[:1] in ("【", "[", "「") and not leaf.stops
        if not prose and opened and _bare(leaf.text[: len(title) + 12]).startswith(title):
            continue
        if not prose and at and _SUMMARY_LABEL.fullmatch(scene.all[at - 1].text) and _is_apart(scene, at, numbers):
            continue
        if same and leaf.heading:
            continue
        if not prose and _bare(leaf.text) == scene.description and _is_apart(scene, at, numbers):
            continue
        if not prose and _is_standfirst(scene, at, numbers):
            continue
        prose = prose or leaf.sentences > 0
        kept.append(at)
    return kept


def _is_standfirst(scene: Scene, at: int, numbers: list[int]) -> bool:
    """A sentence between the headline and the line of time and source, made in another way than the paragraphs."""
    leaf, after = scene.all[at], scene.all[at + 1 : at + 3]
    if not 0 <= scene.title_at < at <= scene.title_at + 2 or leaf.size > LONGEST_LEAD:
        return False
    facts = any(is_line_of_facts(line.text) for line in after)
    below = sum(max(scene.worth[number], 0.0) for number in numbers if number > at)
    return facts and below > 3 * leaf.size and _is_apart(scene, at, numbers)


def _is_apart(scene: Scene, at: int, numbers: list[int]) -> bool:
    """A leaf that is made in another way than the next: the words above a text, not its first paragraph."""
    after = next((number for number in numbers if number > at and scene.worth[number] > 0), None)
    return after is not None and make_of(scene.all[after]) != make_of(scene.all[at])


_SUMMARY_LABEL = re.compile(
    r"\W*(?:内容)?(?:摘要|提要|核心提示|导读|导语|内容提要|本文导读|简介|Summary|Key points|Highlights)\W*",
    re.IGNORECASE,
)
_SUMMARY = re.compile(
    r"[\[【(（]?(?:内容)?(?:摘要|提要|核心提示|导读|导语|编者按?语?|内容提要|本文导读)[\]】)）:：]"
    r"|(?:Key (?:points|takeaways)|Summary"
    r"|At a glance)\s?:",
    re.I,
)
"""A box that says beforehand what the text says."""


def _may_sign(scene: Scene, leaf: Leaf) -> bool:
    return scene.worth[leaf.at] >= 0 and not leaf.stops and leaf.size < 25 and not LABEL.match(leaf.text)


SURE = 0.8
"""How clearly a page calls a part of it its text, when nothing outside of that part can be text."""


def add_lost_edges(scene: Scene, chosen: Candidate, numbers: list[int]) -> list[int]:
    """Paragraphs right before and after, made like the ones inside, that the container does not hold."""
    if not numbers:
        return numbers
    made = Counter(make_of(scene.all[at]) for at in numbers if scene.worth[at] > 0)
    first = next((at for at in numbers if scene.worth[at] > 0), numbers[0])
    last = next((at for at in reversed(numbers) if scene.worth[at] > 0), numbers[-1])
    called = chosen.called >= SURE
    before: list[int] = []
    for at in range(first - 1, max(scene.title_at, first - 12) if not called else first - 1, -1):
        leaf = scene.all[at]
        if (
            scene.worth[at] > 0
            and leaf.sentences
            and at not in numbers
            and (made[make_of(leaf)] or scene.title_at >= 0)
        ):
            before.append(at)
        elif scene.worth[at] < 0 or leaf.heading:
            break
    after: list[int] = []
    for at in range(last + 1, min(len(scene.all), last + 40)):
        leaf = scene.all[at]
        if ends_the_text(leaf.text) or leaf.zones & OUTSIDE:
            break
        of_the_text = made[make_of(leaf)] and leaf.text
        if of_the_text and scene.worth[at] > 0 and leaf.stops and leaf.block.tag == "p" and not called:
            after.append(at)
        elif of_the_text and at == last + 1 + len(after) and _may_sign(scene, leaf):
            after.append(at)  # the office and the day that sign a notice
    return sorted({*numbers, *before, *after})


def drop_boxes(scene: Scene, chosen: Candidate, numbers: list[int]) -> list[int]:
    """Boxes that stand among the paragraphs of one container: fact boxes, pull quotes, teasers."""
    holder = _holder(scene, numbers)
    if holder is None:
        return numbers
    dropped: set[int] = set()
    for box in holder:
        if box.tag not in ("div", "section", "aside", "article") or not (box.get("class") or box.get("id")):
            continue
        start, end = scene.leaves.spans.get(box, (0, 0))
        inside = scene.all[start:end]
        plain = len(inside) == 1 and inside[0].stops and inside[0].size > 20
        if (
            inside
            and not plain
            and sum(leaf.size for leaf in inside) < 80
            and not any(leaf.pictures for leaf in inside)
        ):
            dropped.update(range(start, end))
    return [at for at in numbers if at not in dropped]


def _holder(scene: Scene, numbers: list[int]) -> HtmlElement | None:
    """The container whose own children three fifths of the paragraphs are; None when there is none."""
    sizes: Counter[HtmlElement] = Counter()
    for at in numbers:
        if _is_prose(scene, at) and scene.all[at].block.tag == "p":
            sizes[scene.all[at].block.getparent()] += scene.all[at].size
    if not sizes:
        return None
    holder, size = sizes.most_common(1)[0]
    return holder if size >= 0.6 * sum(max(scene.worth[at], 0.0) for at in numbers) and len(numbers) > 3 else None


def drop_loose_ends(scene: Scene, chosen: Candidate, numbers: list[int]) -> list[int]:
    """Before the first and after the last paragraph: subheads, labels, and short lines that are made in another way."""
    prose = [at for at in numbers if _is_prose(scene, at)] or [at for at in numbers if scene.worth[at] > 0]
    prose = [at for at in prose if scene.all[at].block.tag != "li"] or prose
    if not prose:
        return numbers
    makes = {make_of(scene.all[at]) for at in prose}
    first = min(at for at in numbers if at == prose[0] or (scene.worth[at] > 0 and make_of(scene.all[at]) in makes))
    last = max(at for at in numbers if at == prose[-1] or (scene.worth[at] > 0 and _goes_on(scene, makes, at)))

    def stays(at: int) -> bool:
        leaf = scene.all[at]
        if first < at < last or not leaf.text or at in (first, last):
            return True
        if at > last and (leaf.heading or (LABEL.match(leaf.text) and leaf.size < 40)):
            return False
        return (
            make_of(leaf) in makes
            or leaf.stops
            or leaf.size >= 25
            or (at > last and leaf.block.tag in ("li", "td", "th", "dd"))
        )

    return [at for at in numbers if stays(at)]


def drop_repeats(scene: Scene, chosen: Candidate, numbers: list[int]) -> list[int]:
    """A leaf that says again what one before has said: pull quotes, boxes for phones and desks."""
    seen: dict[str, HtmlElement] = {}
    kept = []
    for at in numbers:
        leaf = scene.all[at]
        before = seen.setdefault(leaf.text, leaf.block)
        # Lines of one paragraph that are alike are meant so, as a refrain is.
        if leaf.size >= SHORTEST_REPEAT and before is not leaf.block and leaf.block.tag not in ("td", "th"):
            continue
        kept.append(at)
    return kept


SHORTEST_REPEAT = 8
"""Reading size of a line that is not said twice by chance."""


def drop_the_bio(scene: Scene, chosen: Candidate, numbers: list[int]) -> list[int]:
    """«Jane Doe is a reporter in …» as the last words."""
    texts = [at for at in numbers if scene.all[at].text]
    for at in reversed(texts[3:][-2:]):
        leaf = scene.all[at]
        if leaf.size <= 60 and BIO.match(leaf.text):
            numbers = [number for number in numbers if number != at]
        else:
            break
    return numbers


def add_pictures(scene: Scene, chosen: Candidate, numbers: list[int]) -> list[int]:
    """Pictures with their captions above the first words, up to the headline, and right below the last words."""
    if not numbers:
        return numbers
    found: list[int] = []
    for at in range(numbers[0] - 1, max(scene.title_at, numbers[0] - FARTHEST_PICTURE, -1), -1):
        leaf = scene.all[at]
        if leaf.zones & OUTSIDE or leaf.hidden or (scene.title_at < 0 and not _shares_holder(scene, at, numbers[0])):
            break
        if (leaf.pictures and not leaf.text and leaf.linked == 0) or leaf.zones & Zone.CAPTION:
            found.append(at)
        elif not is_line_of_facts(leaf.text) and leaf.zones & (Zone.META | Zone.LEAD) == 0:
            break
    while found and not scene.all[found[-1]].pictures:
        found.pop()  # a caption without its picture
    last = numbers[-1]
    while last + 1 < len(scene.all) and _ends_with_a_picture(scene, numbers, last + 1):
        last += 1
    return sorted({*numbers, *found, *range(numbers[-1] + 1, last + 1)})


def _ends_with_a_picture(scene: Scene, numbers: list[int], at: int) -> bool:
    """Whether a leaf below the last words is a picture that stands among the paragraphs, or its caption."""
    leaf = scene.all[at]
    if leaf.zones & OUTSIDE or leaf.hidden or leaf.linked or not _shares_holder(scene, at, numbers[-1]):
        return False
    return bool(leaf.pictures and not leaf.text) or bool(leaf.zones & Zone.CAPTION and scene.all[at - 1].pictures)


FARTHEST_PICTURE = 8
"""Leaves above a text in which its lead picture may stand."""


def _shares_holder(scene: Scene, at: int, first: int) -> bool:
    return scene.all[at].block.getparent() is scene.all[first].block.getparent()


STEPS: list[tuple[str, Step]] = [
    ("start_below_the_title", start_below_the_title),
    ("drop_what_is_outside", drop_what_is_outside),
    ("add_lost_edges", add_lost_edges),
    ("end_at_the_first_end", end_at_the_first_end),
    ("drop_the_head", drop_the_head),
    ("drop_boxes", drop_boxes),
    ("drop_loose_ends", drop_loose_ends),
    ("drop_the_bio", drop_the_bio),
    ("drop_repeats", drop_repeats),
    ("add_pictures", add_pictures),
]
"""In this order."""


def trim(scene: Scene, chosen: Candidate) -> list[int]:
    """The numbers of the leaves that are the text, in order."""
    numbers = list(range(chosen.start, chosen.end))
    for _, step in STEPS:
        numbers = step(scene, chosen, numbers)
    return numbers


def credits_beside(scene: Scene, numbers: list[int]) -> list[int]:
    """The numbers of lines that give time, source or people and stand right above, in or right below a text."""
    if not numbers:
        return []
    inside, found = set(numbers), []
    for step, start in ((-1, numbers[0] - 1), (1, numbers[-1] + 1)):
        at = start
        while 0 <= at < len(scene.all) and abs(at - start) < FARTHEST_CREDIT and at != scene.title_at:
            leaf = scene.all[at]
            if is_line_of_facts(leaf.text) and leaf.linked < 0.6:
                found.append(at)
            elif leaf.text:
                break
            at += step
    between = range(numbers[0], numbers[-1])
    found += [at for at in between if at not in inside and LABEL.match(scene.all[at].text) and scene.all[at].size < 40]
    return sorted(found)


FARTHEST_CREDIT = 5
"""Lines above and below a text that are read for credits."""


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).lower()
