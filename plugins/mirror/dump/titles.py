"""Where one article ends and the next begins.

A dump does not mark titles. Every line that could be one collects evidence: each row of `EVIDENCE` that holds
adds its weight, and a sum of `TITLE` or more makes the line a title. A title below `SURE` and a subhead from
`DOUBTFUL` on leave a warning, so that an editor looks.

Title and subhead are told apart by what is around them, hardly by their own words: a title comes after the
end marks of another article (its source, notice or keywords), where the indentation or the width of the gaps
changes, before a dateline, and above a text that shares few words with the text before.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from plugins.languages.chinese import HAN
from plugins.mirror.dump.lines import Line
from plugins.mirror.dump.paragraphs import has_several_sentences
from plugins.mirror.text.credits import ends_an_article, is_credit
from plugins.mirror.text.datelines import opening_credit, read_dateline
from plugins.mirror.text.punctuation import restore

DOUBTFUL, TITLE, SURE = 2, 4, 5

STRANGE = {"en": (0.06, 0.12, 0.2), "zh": (0.04, 0.06, 0.1)}
"""Kinship (see `Spot`) below which two texts are strange, hardly related; above which they are kin.

Measured on eight dumps: titles 0.00–0.30 en, 0.00–0.05 zh; subheads 0.08–0.42 and 0.03–0.12. The ranges
overlap, so kinship alone decides nothing.
"""


@dataclass(frozen=True, slots=True)
class Piece:
    """One article as it stands in the dump.

    Attributes:
        lines: all below the title.
        warnings: sentences on how sure its two ends are.
    """

    title: Line
    lines: tuple[Line, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Spot:
    """A line and what is around it.

    Attributes:
        line: the line in question.
        before: the line before, None at the top.
        after: the line after.
        usual_gap: blank lines between most lines of the dump.
        ends: the line before is the last of its article by what it says.
        kinship: 0 … 1, how many of the rarer words of the text below stand in the article above too.
        repeated: further down stands «Original title:» with this very text.
        below_a_block: three lines or more precede without a blank line between them.
        between_bodies: the dump runs bodies together, and one stands on either side.
    """

    line: Line
    before: Line | None
    after: Line | None
    usual_gap: int
    ends: bool
    kinship: float
    repeated: bool
    below_a_block: bool
    between_bodies: bool

    @property
    def size(self) -> int:
        """Words of an English line; for Chinese, characters by two: about as much is said in both."""
        return len(self.line.text) // 2 if self.line.lang == "zh" else len(self.line.text.split())


def after_a_wall(spot: Spot) -> bool:
    return spot.line.walled


def after_an_end(spot: Spot) -> bool:
    return spot.ends


def repeated_as_original_title(spot: Spot) -> bool:
    return spot.repeated


def leaves_the_indent(spot: Spot) -> bool:
    return spot.before is not None and spot.before.indent > spot.line.indent


def indent_begins(spot: Spot) -> bool:
    return spot.after is not None and spot.after.indent > spot.line.indent


def indented_like_the_line_before(spot: Spot) -> bool:
    return spot.before is not None and spot.before.indent == spot.line.indent > 0


def wider_gap_above(spot: Spot) -> bool:
    return spot.line.gap > spot.usual_gap


def alone_after_a_block(spot: Spot) -> bool:
    """The article above puts its paragraphs on lines without gaps, and this line stands between gaps."""
    return spot.line.gap > 0 and spot.below_a_block and spot.after is not None and spot.after.gap > 0


def above_a_dateline(spot: Spot) -> bool:
    text = spot.after.text if spot.after else ""
    if spot.line.lang == "zh":
        return bool(opening_credit(text, first=True)) or bool(re.match(r"20\d\d[-/.年]\s?\d", text))
    return bool(read_dateline(text, "en")) or bool(re.match(r"[Bb]y [A-Z]\S+ [A-Z]\S+$", text))


def between_two_bodies(spot: Spot) -> bool:
    return spot.between_bodies


def below_a_run_together_body(spot: Spot) -> bool:
    """The line above holds paragraphs run together, so it is a whole body and not one paragraph."""
    return spot.before is not None and _is_run_together(spot.before.text)


def above_a_run_together_body(spot: Spot) -> bool:
    return spot.after is not None and _is_run_together(spot.after.text)


def about_something_else(spot: Spot) -> bool:
    return spot.kinship < STRANGE[spot.line.lang][0]


def hardly_related(spot: Spot) -> bool:
    return spot.kinship < STRANGE[spot.line.lang][1]


def about_the_same(spot: Spot) -> bool:
    return spot.kinship > STRANGE[spot.line.lang][2]


def long(spot: Spot) -> bool:
    return spot.size >= 7


def very_long(spot: Spot) -> bool:
    return spot.size >= 11


def very_short(spot: Spot) -> bool:
    return spot.size <= 4


def in_title_case(spot: Spot) -> bool:
    words = [word for word in re.findall(r"[A-Za-z]+", spot.line.text) if len(word) >= 4]
    return spot.line.lang == "en" and len(words) >= 4 and sum(word[0].isupper() for word in words) > 0.7 * len(words)


def in_two_halves(spot: Spot) -> bool:
    return spot.line.lang == "zh" and bool(re.search(rf"[{HAN}”」]\s[{HAN}“「]|[:：,，!！?？].", spot.line.text))


def ends_in_a_full_stop(spot: Spot) -> bool:
    return spot.line.text.endswith(".")


def numbered(spot: Spot) -> bool:
    return bool(re.match(r"[(（]?(?:[一二三四五六七八九十]{1,3}|\d{1,2})[)）、.](?!\d)", spot.line.text))


EVIDENCE: list[tuple[int, Callable[[Spot], bool]]] = [
    (7, after_a_wall),
    (6, repeated_as_original_title),
    (5, after_an_end),
    (4, leaves_the_indent),
    (3, indent_begins),
    (3, wider_gap_above),
    (3, alone_after_a_block),
    (3, above_a_dateline),
    (3, below_a_run_together_body),
    (3, above_a_run_together_body),
    (2, about_something_else),
    (1, between_two_bodies),
    (1, hardly_related),
    (1, long),
    (1, very_long),
    (1, in_two_halves),
    (2, in_title_case),
    (-2, ends_in_a_full_stop),
    (-2, very_short),
    (-4, numbered),
    (-3, about_the_same),
    (-4, indented_like_the_line_before),
]
"""Weight and test; the names of the tests say what they hold."""


def split(lines: list[Line]) -> list[Piece]:
    """Cut the lines of a dump into its articles.

    Lines above the first title and between a footer and the next title belong to none; they leave a warning.
    """
    usual_gap = Counter(line.gap for line in lines).most_common(1)[0][0] if lines else 0
    originals = {
        _plain(found[1])
        for line in lines
        if (found := re.search(r"(?:Original title|原标题|原题)\s?[:：]\s?([^）)]+)", line.text, re.I))
    }
    starts: list[tuple[int, int]] = []
    doubts: list[int] = []
    for at, line in enumerate(lines):
        above = lines[starts[-1][0] + 1 : at] if starts else []
        goes_on = starts and not line.walled and not any(map(_is_paragraph, above))
        if goes_on or not _may_be_title(lines, at):
            continue
        spot = _spot(lines, at, above, usual_gap, originals)
        score = sum(weight for weight, holds in EVIDENCE if holds(spot))
        if score >= TITLE:
            starts.append((at, score))
        elif not _is_paragraph(line) and (score >= DOUBTFUL or _heads_the_last_paragraph(lines, at)):
            doubts.append(at)
    pieces: list[Piece] = []
    ends = [*(at for at, _ in starts[1:]), len(lines)]
    for (start, score), end in zip(starts, ends, strict=False):  # no title has an end all the same
        footer = next((at for at in range(start + 1, end) if lines[at].footed), end)
        lost = [*(lines[:start] if not pieces else ()), *lines[footer:end]]
        warnings = [f"“{lines[at].text}” may be the title of another article." for at in doubts if start < at < footer]
        warnings += [f"Left out, outside of any article: “{line.text[:60]}”." for line in lost]
        if score < SURE:
            warnings.append("That an article begins here is a guess; its title may be a subhead of the one before.")
        pieces.append(Piece(lines[start], tuple(lines[start + 1 : footer]), tuple(warnings)))
    return pieces


def _spot(lines: list[Line], at: int, above: list[Line], usual_gap: int, originals: set[str]) -> Spot:
    line = lines[at]
    before = lines[at - 1] if at else None
    after = lines[at + 1] if at + 1 < len(lines) else None
    further = range(at + 2, len(lines))
    next_one = (end for end in further if not _is_paragraph(lines[end]) and _may_be_title(lines, end))
    section_end = next(next_one, len(lines))
    return Spot(
        line=line,
        before=before,
        after=after,
        usual_gap=usual_gap,
        ends=before is not None and _ends_an_article(before),
        kinship=_kinship(above, lines[at:section_end]),
        repeated=_plain(line.text) in originals,
        below_a_block=at >= 3 and not any(line.gap for line in lines[at - 2 : at]),
        between_bodies=_stands_between_bodies(lines, at),
    )


def _may_be_title(lines: list[Line], at: int) -> bool:
    """A line of a headline's length, no credit, with a paragraph directly or closely below."""
    line = lines[at]
    text = line.text
    if len(text) > (80 if line.lang == "zh" else 200) or re.search(r"。.|[，,；;：:、]$", text):
        return False
    if text.endswith("。") and not _stands_between_bodies(lines, at):
        return False
    if line.lang == "en" and (re.fullmatch(r"[\[【].*[\]】]", text) or has_several_sentences(text)):
        return False
    below = lines[at + 1 : at + 7]
    if _is_credit(line, bare_words=not below or not _is_paragraph(below[0])):
        return False
    for following, next_one in pairwise([*below, None]):
        if following.walled:
            return False
        if _is_paragraph(following):
            return True
        # «2024-02-05 来源：…» stands below a title, when text or a byline comes next, or below a text.
        goes_on = next_one and (_is_paragraph(next_one) or _is_credit(next_one))
        if not goes_on and _ends_an_article(following):
            return False
    return False


def _heads_the_last_paragraph(lines: list[Line], at: int) -> bool:
    """Whether one English paragraph is all that follows: a last section, or a whole short article."""
    below = [line for line in lines[at + 1 : at + 3] if not line.walled]
    return lines[at].lang == "en" and lines[at].gap > 0 and len(below) == 1 and _is_paragraph(below[0])


def _ends_an_article(line: Line) -> bool:
    return ends_an_article(restore(line.text[-200:]), line.lang)


def _is_credit(line: Line, bare_words: bool = True) -> bool:
    return len(line.text) <= 200 and is_credit(restore(line.text), line.lang, bare_words)


def _stands_between_bodies(lines: list[Line], at: int) -> bool:
    """Whether the lines before and after are whole bodies of Chinese articles, one of them of several paragraphs.

    Where most paragraphs of the neighbourhood stand on lines of their own, no line is a whole body.
    """
    if lines[at].lang != "zh" or at + 1 == len(lines) or len(lines[at].text) > 60:
        return False
    around = lines[at + 1 : at + 2] if lines[at].walled else (lines[at - 1], lines[at + 1])
    if any(line.indent or not _is_paragraph(line) for line in around):
        return False
    near = [line.text for line in lines[max(0, at - 5) : at + 6] if _is_paragraph(line) and line is not lines[at]]
    together = [text for text in near if _is_run_together(text)]
    return len(together) * 2 > len(near) and any(line.text in together for line in around)


def _is_paragraph(line: Line) -> bool:
    text = line.text
    if line.lang == "zh":
        return len(text) >= 80 or "。" in text or (len(text) >= 50 and bool(re.search(r"[,，！？]", text)))
    one_sentence = len(text.split()) >= 12 and bool(re.search(r"[.!?:][\"”’)]*$", text))
    return len(text) >= 200 or one_sentence or has_several_sentences(text)


def _is_run_together(text: str) -> bool:
    return len(re.findall(r"[。！？!?][”」』）)]*\s+\S", text)) >= 1 or (
        len(text) >= 300 and bool(re.search(r"[。][”」』）)]*\s", text))
    )


def _kinship(above: list[Line], below: list[Line]) -> float:
    """Share of the rarer words of *below* that *above* has too; UNKNOWN when there are few words to go by."""
    words = _rare_words(below)
    if not above or len(words) < (15 if below[0].lang == "en" else 30):
        return UNKNOWN[below[0].lang]
    return len(words & _rare_words(above)) / len(words)


UNKNOWN = {"en": 0.15, "zh": 0.08}
"""Neither strange nor kin."""


def _rare_words(lines: list[Line]) -> set[str]:
    """Pairs of Chinese characters; the first five letters of English words, because endings change."""
    text = " ".join(line.text[:2000] for line in lines[:50])[:8000]
    if lines[0].lang == "zh":
        runs = re.findall(rf"[{HAN}]+", text)
        return {run[at : at + 2] for run in runs for at in range(len(run) - 1)}
    return {word.lower()[:5] for word in re.findall(r"[A-Za-z]{4,}", text)} - _COMMON


def _plain(text: str) -> str:
    return re.sub(r"\W", "", restore(text)).lower()


_COMMON_WORDS = """
about above after again against also among another because been before being below between both came
come could does done down during each even every first from give gives going great have having here
into itself just like made make many more most much must never next only other over part people
percent place present right said same second should since some something still such take than that
their them then there these they thing think third this those three through time today told under
until upon very well were what when where which while will with within without work world would year
years your market company companies china chinese reporter according
"""
_COMMON = frozenset(word[:5] for word in _COMMON_WORDS.split())
