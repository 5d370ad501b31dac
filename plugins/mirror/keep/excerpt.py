"""The part of a text that may be shown where the right is to an excerpt."""

from __future__ import annotations

import re

LONGEST = {"zh": 120, "en": 80}
"""Language → 汉字 or words of an excerpt."""

SHARE = 3
"""An excerpt is at most one part in so many of the text."""

_NOT_PROSE = re.compile(r"\s*(?:!\[|#{1,6}\s|```|~~~|\||<|\[\^|---\s*$|\*\*\*\s*$)")
_UNIT = {"zh": re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]|[A-Za-z0-9]+"), "en": re.compile(r"\S+")}
_SENTENCE_END = {
    "zh": re.compile(r"[。！？!?…]+[”’」』）)*_]*"),
    "en": re.compile(r"(?<![A-Z])(?<!\b[A-Z][a-z])[.!?…]+[”’\")*_]*(?=\s|$)"),
}


def excerpt(body: str, lang: str) -> str:
    """The first paragraphs of a Markdown text, without pictures and subheads.

    Returns: whole paragraphs, the last one perhaps cut at the end of a sentence; at most about 120 汉字 or 80 words
        and a third of the text. Empty when not even the first sentence is that short.
    """
    prose = [block.strip() for block in re.split(r"\n[ \t]*\n", body) if block.strip() and not _NOT_PROSE.match(block)]
    unit = _UNIT["zh" if lang == "zh" else "en"]
    room = min(LONGEST.get(lang, LONGEST["en"]), sum(len(unit.findall(block)) for block in prose) // SHARE)
    kept = []
    for block in prose:
        size = len(unit.findall(block))
        if size > room:
            kept.append(_sentences(block, room, unit, lang))
            break
        kept.append(block)
        room -= size
    return "\n\n".join(filter(None, kept))


def _sentences(block: str, room: int, unit: re.Pattern[str], lang: str) -> str:
    """The sentences of a paragraph that fit into *room*; none ends inside a link or emphasis."""
    best = ""
    for end in _SENTENCE_END["zh" if lang == "zh" else "en"].finditer(block):
        head = block[: end.end()]
        if len(unit.findall(head)) > room:
            break
        if head.count("[") == head.count("]") and head.count("](") <= head.count(")") and head.count("**") % 2 == 0:
            best = head
    return best
