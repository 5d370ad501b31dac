"""The runs of one leaf as a line of Markdown: bold, italic, code, links, and text that is nothing but text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple
from urllib.parse import quote

from plugins.languages.chinese import FULL_WIDTH_PUNCTUATION, HAN
from plugins.mirror.page.leaves import BOLD, CODE, ITALIC, STRUCK, UNSEEN, Run
from plugins.mirror.page.tree import Tree
from plugins.mirror.text.markdown_text import escape

_SPACE = re.compile(r"\s+")
_WIDE = re.compile(f"[{HAN}{FULL_WIDTH_PUNCTUATION}]")
_MARKUP = re.compile(r"[\\`*\[\]<~]|&(?=#|\w|$)|!$|(?<![^\W_])_|_(?![^\W_])")
_AT_START = re.compile(r"^(?:#{1,6}(?=\s|$)|[-+=>]|[:~](?=\s|:)|\d{1,9}(?=[.)]))")
_EDGE_OF_WORDS = re.compile(r"^(?P<before>[\W_]*)(?P<words>.*?)(?P<after>[\W_]*)$", re.DOTALL)
_TO_ASCII = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
_DIGITS_OF_CHINESE = re.compile("[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]")
_SIGNS = ((STRUCK, "~~"), (BOLD, "**"), (ITALIC, "*"))


class Piece(NamedTuple):
    """Cleaned text in one format; *link* is an absolute address or None."""

    text: str
    marks: int
    link: str | None


def pieces_of(tree: Tree, runs: Sequence[Run]) -> list[Piece]:
    """The text of runs, spaces single across their edges, links absolute, unsafe ones gone."""
    found: list[Piece] = []
    for (marks, link), group in groupby(
        (run for run in runs if run.picture is None), key=lambda run: (run.marks, run.link)
    ):
        text = "".join(run.text for run in group).translate(UNSEEN)
        text = _SPACE.sub(lambda space: "\n" if "\n" in space[0] else " ", text)
        if found and found[-1].text[-1:] in ("", " ", "\n"):
            text = text.lstrip()
        if text:
            found.append(Piece(text, marks, tree.absolute(link.get("href")) if link is not None else None))
    if not found:
        return []
    found[0] = found[0]._replace(text=found[0].text.lstrip())
    found[-1] = found[-1]._replace(text=found[-1].text.rstrip())
    whole = "".join(piece.text for piece in found)
    if "\n" in whole:
        found = _join_lines(found, whole)
    return [piece._replace(text=to_ascii(piece.text)) for piece in found if piece.text]


def _join_lines(pieces: list[Piece], whole: str) -> list[Piece]:
    """A line that wraps in the source goes on: between Chinese without a space."""
    joined, at = [], 0
    for piece in pieces:
        text = list(piece.text)
        for number, char in enumerate(text):
            if char == "\n":
                place = at + number
                beside = whole[place - 1 : place] + whole[place + 1 : place + 2]
                text[number] = "" if len(_WIDE.findall(beside)) == 2 else " "
        at += len(piece.text)
        joined.append(piece._replace(text="".join(text)))
    return joined


def to_ascii(text: str) -> str:
    """Full-width digits and letters in their usual form."""
    return text.translate(_TO_ASCII) if _DIGITS_OF_CHINESE.search(text) else text


def text_of(pieces: Sequence[Piece]) -> str:
    return "".join(piece.text for piece in pieces)


def line_of(pieces: Sequence[Piece], bold: bool = True) -> str:
    """One line of Markdown; with *bold* false without bold, for subheads."""
    if all(not piece.marks and not piece.link for piece in pieces):
        return escape(text_of(pieces))
    line = ""
    for link, group in groupby(pieces, key=lambda piece: piece.link):
        linked = _marked(list(group), bold)
        line += _linked(linked, link) if link and linked.strip() else linked
    return _AT_START.sub(_escape_start, line.strip())


def _escape_start(found: re.Match[str]) -> str:
    return found[0] + "\\" if found[0].isdigit() else "\\" + found[0]


def _linked(words: str, address: str) -> str:
    before = words[: len(words) - len(words.lstrip())]
    after = words[len(words.rstrip()) :]
    return f"{before}[{words.strip()}]({destination(address)}){after}"


def destination(address: str) -> str:
    """An address for the round brackets of a link."""
    address = quote(address, safe="!#$%&'*+,/:;=?@-._~")
    return re.sub(r"&(?=\w{1,31};|#)", "%26", address)


def _marked(pieces: list[Piece], bold: bool) -> str:
    line = ""
    for marks, group in groupby(pieces, key=lambda piece: _shown(piece.marks, bold)):
        text = "".join(piece.text for piece in group)
        if marks & CODE:
            line += _code(text)
            continue
        found = _EDGE_OF_WORDS.match(text)
        if not marks or not found["words"]:
            line += escape_all(text)
            continue
        # Emphasis that begins or ends with punctuation holds beside a letter in no reader: the marks go inside.
        signs = [sign for mark, sign in _SIGNS if marks & mark]
        opening, closing = "".join(signs), "".join(reversed(signs))
        line += (
            f"{escape_all(found['before'])}{opening}{escape_all(found['words'])}{closing}{escape_all(found['after'])}"
        )
    return line


def _shown(marks: int, bold: bool) -> int:
    """The marks that the Markdown has signs for."""
    # Code has no other format in it: two spans of it side by side would make one fence of their backticks. Nor has what
    # is struck: «~~*» holds beside a letter in no reader, and neither does the «~~~~» between two spans.
    for alone in (CODE, STRUCK):
        if marks & alone:
            return alone
    return marks if bold else marks & ~BOLD


def _code(text: str) -> str:
    words = text.strip()
    if not words:
        return text
    fence = "`" * (max(map(len, re.findall("`+", words)), default=0) + 1)
    pad = " " if words[0] == "`" or words[-1] == "`" else ""
    return f"{' ' if text[0] == ' ' else ''}{fence}{pad}{words}{pad}{fence}{' ' if text[-1] == ' ' else ''}"


def escape_all(text: str) -> str:
    """Escape every mark that could be markup beside another piece."""
    return _MARKUP.sub(lambda found: "\\" + found[0], text)
