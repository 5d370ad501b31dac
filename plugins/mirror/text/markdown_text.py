"""Plain text as Markdown that means just that text."""

from __future__ import annotations

import re
from collections.abc import Iterable

from plugins.mirror.article import Block

_AT_START = re.compile(
    r"^(?:(#{1,6})(?=\s|$)|([-+*>=:~])(?=\s|$|>|-|=)|(>)|(\d{1,9})([.)])(?=\s|$)|(~~~|:::)|(\[)(?=[^\]]{1,999}\]:))"
)
_INLINE = re.compile(
    r"\\(?=[!-/:-@\[-`{-~])"  # a backslash that would escape the mark behind it
    r"|[`]|<(?=[A-Za-z/!?])|&(?=#?\w{1,31};)|~~"
    r"|\[(?=[^\]]{0,999}\]\()|\[(?=\^)|!(?=\[)|\](?=\()"
)
_STARS = re.compile(r"\*")
_CLOSING_HASHES = re.compile(r"(?<=[ \t])#+$")
_UNDERSCORES = re.compile(r"_+")


def escape(text: str) -> str:
    """Escape what CommonMark would take for markup in one paragraph, and nothing else.

    A single star or underscore is no emphasis, and an underscore inside a word never is; those stay.
    """
    text = _INLINE.sub(lambda found: "".join("\\" + char for char in found[0]), text)
    if text.count("*") > 1:
        text = _STARS.sub(r"\\*", text)
    text = _escape_underscores(text)
    return _AT_START.sub(_escape_start, text)


def _escape_underscores(text: str) -> str:
    def is_free(run: re.Match[str]) -> bool:
        return not (text[run.start() - 1 : run.start()].isalnum() and text[run.end() : run.end() + 1].isalnum())

    if sum(len(run[0]) for run in _UNDERSCORES.finditer(text) if is_free(run)) < 2:
        return text
    return _UNDERSCORES.sub(lambda run: r"\_" * len(run[0]) if is_free(run) else run[0], text)


def _escape_start(found: re.Match[str]) -> str:
    if found[4]:
        return f"{found[4]}\\{found[5]}"
    return "\\" + found[0]


def subhead(markdown: str, level: int = 2) -> str:
    """A line of Markdown as a subhead; hashes at its end are no closing sequence, which readers leave out."""
    words = _CLOSING_HASHES.sub(lambda found: "\\" + found[0], markdown)
    return f"{'#' * level} {words}"


def as_markdown(blocks: Iterable[Block]) -> str:
    """Paragraphs and ``##`` subheads, a blank line between."""
    return "\n\n".join(
        subhead(escape(block.text)) if block.kind == "heading" else escape(block.text) for block in blocks
    )
