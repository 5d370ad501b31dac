"""Paragraphs, headings, lists and tables of a text: markdown-it's rules, and a quick way to plain paragraphs."""

from __future__ import annotations

import re
from itertools import accumulate, zip_longest
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.common.utils import mdTrim
from markdown_it.parser_block import ParserBlock
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.table import MAX_AUTOCOMPLETED_CELLS, escapedSplit
from markdown_it.token import Token
from markdown_it.utils import EnvType

from plugins.reader.ruler import OTHER, LineRuler
from plugins.reader.tokens import new_token

BEGINNINGS = {
    "prose": OTHER + "*0123456789#",
    "fence": "`~",
    "blockquote": ">",
    "hr": "*-_",
    "list": "*-+0123456789",
    "footnote_def": "[",
    "reference": "[",
    "html_block": "<",
    "heading": "#",
}
"""Rule → the first characters of the lines that it can begin at; each rule gives up at any other itself."""

# Lines that can neither begin or end a block, nor underline a heading or a table, nor define a term: "2024年", "3.5%"
# and "**甲**" begin no list.
_PROSE = re.compile(r"[^ \t\n`~>*\-_+0-9\[<#|:=]|[0-9]+(?:[^0-9.)\n]|[.)][^ \t\n])|\*\*?[^* \t\n]")

# Paragraphs of one line each, and nothing in them that Markdown, HTML or the cleaning of HTML looks at. The last may be
# no term, which a definition follows.
_WORDS = r"\n\\`~*_\[<&>\x00-\x1f\x7f-\xa0"
_PARAGRAPHS = re.compile(
    rf"(?:(?:[^{_WORDS}\s\-+0-9#|:=]|[0-9](?![0-9]*+[.)](?:[ \t\n]|\Z)))[^{_WORDS}]*+(?<!\s)"
    r"(?:\n\n(?![ \t\n]*[:~])|\n?\Z))++"
)
_HEADING = re.compile(rf"(#{{1,6}}) +([^{_WORDS}#\s][^{_WORDS}#]*+)(?<!\s)(?=\n\n|\n?\Z)")

_BELOW_HEADER = re.compile(r"(?:[|:][-|: \t]|-[-|:])[-|: \t]*")
_COLUMN = re.compile(r":?-+:?")
_ALIGNMENTS = {(False, False): "", (True, False): "left", (False, True): "right", (True, True): "center"}
"""Whether the dashes below a column have a colon before and behind them → its alignment."""


class StoryState(StateBlock):
    """The lines of a text, and its blocks so far."""

    def __init__(self, src: str, md: MarkdownIt, env: EnvType, tokens: list[Token]) -> None:
        # Of no text, because the library looks at every line's characters one by one, and few lines are indented.
        super().__init__("", md, env, tokens)
        self.src = src
        lines = src.split("\n")
        if not lines[-1].strip(" \t"):
            del lines[-1]
        starts = list(accumulate([len(line) + 1 for line in lines], initial=0))
        # Behind the last line the library expects an empty one.
        self.eMarks = [start - 1 for start in starts[1:]] + [len(src)]
        starts[-1] = len(src)
        self.bMarks = starts
        self.tShift, self.sCount, self.bsCount = [0] * len(starts), [0] * len(starts), [0] * len(starts)
        self.lineMax = len(lines)
        if not {line[:1] for line in lines}.isdisjoint((" ", "\t")):
            for number, line in enumerate(lines):
                indentation = line[: len(line) - len(line.lstrip(" \t"))]
                self.tShift[number] = len(indentation)
                self.sCount[number] = len(indentation.expandtabs(4))

    def push(self, ttype: str, tag: str, nesting: Literal[-1, 0, 1]) -> Token:
        """As StateBlock does."""
        level = self.level
        if nesting < 0:
            self.level = level = level - 1
        elif nesting > 0:
            self.level = level + 1
        token = new_token(ttype, tag, nesting, level, block=True)
        self.tokens.append(token)
        return token


class StoryBlocks(ParserBlock):
    """markdown-it's parser of blocks, quick for what most lines of a newspaper are."""

    def __init__(self) -> None:
        super().__init__()
        self.ruler = LineRuler(self.ruler.__rules__, BEGINNINGS)
        self.ruler.at("table", table, {"alt": ["paragraph", "reference"]})
        self.ruler.before("table", "prose", prose)

    def parse(self, src: str, md: MarkdownIt, env: EnvType, outTokens: list[Token]) -> list[Token] | None:
        """Append the blocks of *src* to *outTokens* and return them."""
        state = StoryState(src, md, env, outTokens)
        self.tokenize(state, state.line, state.lineMax)
        return outTokens


def prose(state: StateBlock, first: int, end: int, silent: bool) -> bool:
    """A paragraph none of whose lines could be anything else; what it leaves, the rule ``paragraph`` reads.

    Where no other block is around it, so is a heading of words alone; and paragraphs of words alone become one token,
    of the type ``prose``.
    """
    if not state.level and not state.blkIndent and _is_words_alone(state, first):
        return True
    if state.is_code_block(first):
        return False
    starts, shifts, ends, src = state.bMarks, state.tShift, state.eMarks, state.src
    line = first
    while line < state.lineMax:
        at = starts[line] + shifts[line]
        if at >= ends[line]:
            break
        if not _PROSE.match(src, at):
            return False
        line += 1
    if line == first + 1 < end - 1 and _first(state, line + 1) in (":", "~"):
        # It may be a term, which a definition follows below a blank line.
        return False
    if line == first + 1:
        content = src[starts[first] + shifts[first] : ends[first]]
    else:
        content = state.getLines(first, line, state.blkIndent, False)
    state.line = line
    # Where a paragraph ends, markdown-it leaves this behind.
    state.parentType = "paragraph"
    _push(state, "paragraph", "p", mdTrim(content), [first, line])
    return True


def _is_words_alone(state: StateBlock, first: int) -> bool:
    """Whether blocks of words alone begin at the line *first*; then they are read."""
    src, start = state.src, state.bMarks[first]
    if match := _PARAGRAPHS.match(src, start):
        state.line = state.lineMax if match.end() == len(src) else first + match[0].count("\n")
        state.parentType = "paragraph"
        words = new_token("prose", "p", 0, 0, block=True)
        words.content = match[0].rstrip("\n")
        words.map = [first, state.line]
        state.tokens.append(words)
        return True
    if match := _HEADING.match(src, start):
        state.line = first + 1
        marks, words = match.groups()
        _push(state, "heading", f"h{len(marks)}", words, [first, first + 1], marks)
        return True
    return False


def _push(state: StateBlock, name: str, tag: str, words: str, lines: list[int], markup: str = "") -> None:
    """Push a block of *words*."""
    level = state.level
    opening = new_token(f"{name}_open", tag, 1, level, block=True)
    inside = new_token("inline", "", 0, level + 1, block=True)
    closing = new_token(f"{name}_close", tag, -1, level, block=True)
    inside.content = words
    inside.children = []
    opening.map, inside.map = lines, lines.copy()
    opening.markup = closing.markup = markup
    state.tokens += (opening, inside, closing)


def table(state: StateBlock, first: int, end: int, silent: bool) -> bool:
    """A table, as markdown-it reads it.

    A rule of our own, because every cell is three tokens, and the library looks at each character of a row.
    """
    below = first + 1
    if below >= end or _first(state, below) not in ("|", "-", ":"):
        return False
    if state.sCount[below] < state.blkIndent or state.is_code_block(below) or state.is_code_block(first):
        return False
    alignments = _alignments(state.src[state.bMarks[below] + state.tShift[below] : state.eMarks[below]])
    header = _words(state, first)
    cells = _cells(header) if "|" in header else []
    if not cells or len(cells) != len(alignments):
        return False
    if silent:
        return True

    around, state.parentType = state.parentType, "table"
    ends = state.md.block.ruler.getRules("blockquote")
    whole = [first, 0]
    body: list[int] | None = None
    state.push("table_open", "table", 1).map = whole
    state.push("thead_open", "thead", 1).map = [first, below]
    _push_row(state, "th", first, cells, alignments)
    state.push("thead_close", "thead", -1)
    line = first + 2
    missing = 0
    while line < end and state.sCount[line] >= state.blkIndent:
        row = _words(state, line)
        if not row or state.is_code_block(line) or any(rule(state, line, end, True) for rule in ends):
            break
        cells = _cells(row)
        missing += len(alignments) - len(cells)
        if missing > MAX_AUTOCOMPLETED_CELLS:
            break
        if body is None:
            body = [line, 0]
            state.push("tbody_open", "tbody", 1).map = body
        _push_row(state, "td", line, cells, alignments)
        line += 1
    if body is not None:
        body[1] = line
        state.push("tbody_close", "tbody", -1)
    state.push("table_close", "table", -1)
    whole[1] = state.line = line
    state.parentType = around
    return True


def _alignments(line: str) -> list[str]:
    """Of each column, from the line below the header; none when *line* is no such line."""
    if not _BELOW_HEADER.fullmatch(line):
        return []
    columns = [mdTrim(column) for column in line.split("|")]
    # Nothing before the first "|" and behind the last is no column.
    columns = columns[not columns[0] :]
    columns = columns[: len(columns) - (bool(columns) and not columns[-1])]
    if not all(map(_COLUMN.fullmatch, columns)):
        return []
    return [_ALIGNMENTS[column[0] == ":", column[-1] == ":"] for column in columns]


def _cells(row: str) -> list[str]:
    cells = escapedSplit(row) if "\\" in row else row.split("|")
    if cells[0] == "":
        del cells[0]
    if cells and cells[-1] == "":
        del cells[-1]
    return cells


def _push_row(state: StateBlock, tag: str, line: int, cells: list[str], alignments: list[str]) -> None:
    """Push a row of as many cells as there are *alignments*."""
    state.push("tr_open", "tr", 1).map = [line, line + 1]
    level = state.level
    opening, closing = f"{tag}_open", f"{tag}_close"
    for cell, alignment in zip_longest(cells[: len(alignments)], alignments, fillvalue=""):
        start = new_token(opening, tag, 1, level, block=True)
        if alignment:
            start.attrs = {"style": f"text-align:{alignment}"}
        inside = new_token("inline", "", 0, level + 1, block=True)
        inside.map = [line, line + 1]
        inside.content = mdTrim(cell)
        inside.children = []
        state.tokens += (start, inside, new_token(closing, tag, -1, level, block=True))
    state.push("tr_close", "tr", -1)


def _words(state: StateBlock, line: int) -> str:
    """The words of *line*, without what is around them."""
    return mdTrim(state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]])


def _first(state: StateBlock, line: int) -> str:
    """The first character of *line* behind its indentation; a line end when there is none."""
    at = state.bMarks[line] + state.tShift[line]
    return state.src[at : at + 1]
