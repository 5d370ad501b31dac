"""Paragraphs, headings, lists and tables of a text: markdown-it's rules, and a quick way to plain paragraphs."""

from __future__ import annotations

import re
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.common.utils import mdTrim
from markdown_it.parser_block import ParserBlock
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block import table as library_table
from markdown_it.token import Token
from markdown_it.utils import EnvType

from plugins.reader.ruler import LineRuler
from plugins.reader.tokens import new_token

BEGINNINGS = {
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


class StoryState(StateBlock):
    """The lines of a text, and its blocks so far."""

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
    """A paragraph none of whose lines could be anything else; what it leaves, the rule ``paragraph`` reads."""
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
    if line == first + 1 and not state.blkIndent:
        content = src[starts[first] : ends[first]]
    else:
        content = state.getLines(first, line, state.blkIndent, False)
    state.line = line
    # Where a paragraph ends, markdown-it leaves this behind.
    state.parentType = "paragraph"
    level = state.level
    opening = new_token("paragraph_open", "p", 1, level, block=True)
    inside = new_token("inline", "", 0, level + 1, block=True)
    inside.content = mdTrim(content)
    inside.children = []
    opening.map, inside.map = [first, line], [first, line]
    state.tokens += (opening, inside, new_token("paragraph_close", "p", -1, level, block=True))
    return True


def table(state: StateBlock, first: int, end: int, silent: bool) -> bool:
    """As markdown-it reads it, where the line below can be its second: ``|---|---|``."""
    if first + 1 >= end or _first(state, first + 1) not in ("|", "-", ":"):
        return False
    return library_table(state, first, end, silent)


def _first(state: StateBlock, line: int) -> str:
    """The first character of *line* behind its indentation; a line end when there is none."""
    at = state.bMarks[line] + state.tShift[line]
    return state.src[at : at + 1]
