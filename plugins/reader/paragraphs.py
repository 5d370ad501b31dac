"""What is in most paragraphs, read at once: words, some of them strong, and links."""

from __future__ import annotations

import re

from markdown_it.token import Token

from plugins.reader.tokens import new_token

PLAIN_ADDRESS = r"(?:https?://(?:[a-z0-9-]{1,60}\.){1,3}[a-z]{2,10}(?=/))?(?!//)[A-Za-z0-9_./-]+"
"""Addresses that markdown-it takes apart, escapes and puts together again unchanged."""

_WORDS = r"[^\n\\`~*_\[\]<&!]"
"""Everything but characters that an inline rule of Markdown begins with."""

# Beside a letter or digit inside of it, ``**`` opens and closes whatever stands outside; of longer rows of asterisks
# this is not sure.
_STRONG = rf"\*\*((?=[^\W_]){_WORDS}++(?<=[^\W_]))\*\*(?!\*)"
_LINK = rf"\[({_WORDS}++)\]\(({PLAIN_ADDRESS})\)"
_PIECE = re.compile(rf"({_WORDS}++)|{_STRONG}|{_LINK}")
_PARAGRAPH = re.compile(rf"(?:{_WORDS}++|{_STRONG}|{_LINK})++")


def read_paragraph(source: str, tokens: list[Token]) -> bool:
    """Append the tokens of *source* to *tokens* if all that it holds is told here.

    Returns: False, and *tokens* as they were, when markdown-it's rules have to look at it.
    """
    if not _PARAGRAPH.fullmatch(source):
        return False
    for piece in _PIECE.finditer(source):
        words, strong, linked, address = piece.groups()
        if words:
            tokens.append(_text(words, 0))
        elif strong:
            opening, closing = new_token("strong_open", "strong", 1, 0), new_token("strong_close", "strong", -1, 0)
            opening.markup = closing.markup = "**"
            tokens += (opening, _text(strong, 1), closing)
        else:
            opening = new_token("link_open", "a", 1, 0)
            opening.attrs = {"href": address}
            opening.meta = {"at": piece.start() + 1}
            tokens += (opening, _text(linked, 1), new_token("link_close", "a", -1, 0))
    return True


def _text(words: str, level: int) -> Token:
    token = new_token("text", "", 0, level)
    token.content = words
    return token
