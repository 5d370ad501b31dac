"""Chinese in Markdown: emphasis beside Chinese punctuation, and line breaks that are not spaces.

CommonMark decides by spaces and punctuation whether ``**`` opens or closes; Chinese has no spaces, so
``**注意：**正文`` stays literal there. Here a Chinese neighbour never forbids emphasis. Where neither
neighbour is Chinese, CommonMark decides alone.
Source: github.com/tats-u/markdown-cjk-friendly, specification; quotation marks are ours.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from markdown_it.common.utils import isMdAsciiPunct, isPunctChar, isWhiteSpace
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from plugins.languages.chinese import FULL_WIDTH_PUNCTUATION, HAN, SHARED_PUNCTUATION, is_chinese, is_han
from plugins.reader.paragraphs import read_paragraph
from plugins.reader.ruler import OTHER, MarkRuler

_CHINESE = f"[{HAN}{FULL_WIDTH_PUNCTUATION}]"
_WIDE = f"[{HAN}{FULL_WIDTH_PUNCTUATION}{SHARED_PUNCTUATION}]"
_SPACE_INSIDE_CHINESE = re.compile(f"(?<={_CHINESE}) (?={_WIDE})|(?<={_WIDE}) (?={_CHINESE})")

BEGINNINGS = {
    "text": OTHER,
    "newline": "\n",
    "escape": "\\",
    "backticks": "`",
    "strikethrough": "~",
    "emphasis": "*_",
    "link": "[",
    "footnote_ref": "[",
    "image": "!",
    "autolink": "<",
    "html_inline": "<",
    "entity": "&",
}
"""Rule → the characters that it can begin with; each rule gives up at any other itself."""

# Where text ends: at a mark with a rule, and at what ends the words of a link. markdown-it also stops for plugins that
# nobody uses here.
_MARK = re.compile(r"[\n\\`~*_\[\]<&!]")

LOCATED = frozenset({"link_open", "image", "html_inline"})
"""Tokens that remember where they stand in their paragraph (``meta["at"]``), for lines in Problems."""


class ChineseState(StateInline):
    """The text of one paragraph, with emphasis that works beside Chinese."""

    def push(self, ttype: str, tag: str, nesting: int) -> Token:
        """As StateInline does; links, pictures and HTML tags remember where they stand."""
        token = super().push(ttype, tag, nesting)
        if ttype in LOCATED:
            token.meta["at"] = self.pos
        return token

    def scanDelims(self, start: int, canSplitWord: bool):
        """Whether the run of ``*``, ``_`` or ``~`` at *start* can open and can close emphasis."""
        scanned = super().scanDelims(start, canSplitWord)
        if scanned.can_open and scanned.can_close:
            return scanned
        end = start + scanned.length
        before = self.src[start - 1] if start else " "
        after = self.src[end] if end < self.posMax else " "
        if before.isascii() and after.isascii():
            return scanned
        chinese_before = is_chinese(_beyond_quotes(reversed(self.src[max(0, start - 9) : start])))
        chinese_after = is_chinese(_beyond_quotes(self.src[end : min(end + 9, self.posMax)]))
        if not chinese_before and not chinese_after:
            return scanned

        space_before, space_after = isWhiteSpace(ord(before)), isWhiteSpace(ord(after))
        loose_before = chinese_before or _is_punctuation(before)
        loose_after = chinese_after or _is_punctuation(after)
        tight_before = chinese_before or not _is_punctuation(before)
        tight_after = chinese_after or not _is_punctuation(after)
        left_flanking = not space_after and (tight_after or space_before or loose_before)
        right_flanking = not space_before and (tight_before or space_after or loose_after)
        if canSplitWord:
            return scanned._replace(can_open=left_flanking, can_close=right_flanking)
        return scanned._replace(
            can_open=left_flanking and (not right_flanking or loose_before),
            can_close=right_flanking and (not left_flanking or loose_after),
        )


class ChineseInline(ParserInline):
    """markdown-it's parser of paragraphs, reading with ChineseState.

    A subclass, because mdit-py-cjk-friendly exchanges a method of markdown-it for the whole process.
    """

    def __init__(self) -> None:
        super().__init__()
        self.ruler = MarkRuler(self.ruler.__rules__, BEGINNINGS)
        self.terminator_re = _MARK

    def parse(self, src, md, env, tokens):
        """Append the tokens of *src* to *tokens* and return them."""
        if not src or read_paragraph(src, tokens):
            return tokens
        state = ChineseState(src, md, env, tokens)
        self.tokenize(state)
        for rule in self.ruler2.getRules(""):
            rule(state)
        return state.tokens


def join_chinese_lines(state: StateCore) -> None:
    """Remove line breaks between Chinese characters: browsers would show each as a space."""
    for token in state.tokens:
        if token.type == "inline" and token.children and "\n" in token.content:
            token.children = _joined(token.children, state.env["language"].path == "zh")


def join_chinese_words(text: str) -> str:
    """*text* without the spaces that folding lines left between Chinese characters."""
    return _SPACE_INSIDE_CHINESE.sub("", text)


def _joined(tokens: list[Token], chinese_story: bool) -> list[Token]:
    kept = []
    for index, token in enumerate(tokens):
        if token.type == "softbreak":
            before = _nearest(tokens, range(index - 1, -1, -1))
            after = _nearest(tokens, range(index + 1, len(tokens)))
            if _touch(before, after, chinese_story):
                continue
        elif token.type == "image" and token.children:
            token.children = _joined(token.children, chinese_story)
        kept.append(token)
    return kept


def _nearest(tokens: Sequence[Token], indexes: range) -> tuple[str, str]:
    """The first character along *indexes*, and the first that is not SHARED_PUNCTUATION; else spaces.

    Markers of emphasis, links and footnotes have no width, so we look through them.
    """
    nearest = ""
    for index in indexes:
        token = tokens[index]
        if token.type in ("text", "code_inline"):
            for char in token.content[:: indexes.step]:
                nearest = nearest or char
                if char not in SHARED_PUNCTUATION:
                    return nearest, char
        elif token.tag == "br" or token.type == "image" or token.content.startswith("<br"):
            break
    return nearest or " ", " "


def _touch(before: tuple[str, str], after: tuple[str, str], chinese_story: bool) -> bool:
    """Whether nothing stands between two lines, given the characters beside their break (see _nearest)."""
    if is_chinese(before[1]) and is_chinese(after[1]):
        return True
    # “Apple” alone may be either language; the story decides.
    return chinese_story and (
        (_is_wide(before[0]) and _is_wide(after[0]))
        or _is_full_width_punctuation(before[0])
        or _is_full_width_punctuation(after[0])
    )


def _is_wide(char: str) -> bool:
    return is_chinese(char) or char in SHARED_PUNCTUATION


def _is_full_width_punctuation(char: str) -> bool:
    return is_chinese(char) and not is_han(char)


def _beyond_quotes(chars) -> str:
    """The first of *chars* that belongs to one script; a space when there is none."""
    return next((char for char in chars if char not in SHARED_PUNCTUATION), " ")


def _is_punctuation(char: str) -> bool:
    return isMdAsciiPunct(ord(char)) or isPunctChar(char)
