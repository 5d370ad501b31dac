"""The pages of one article in one: what every page repeats stands once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from plugins.mirror.article import Article, Block, Source
from plugins.mirror.page.markdown import markdown_of


def join_pages(pages: Sequence[Article]) -> Article:
    """Join the pages of an article.

    Args:
        pages: at least one, in their order.
    Returns: the first page with the blocks, pictures, links and credits of the others; a block that an earlier page
        had, such as the headline, the lead or a note, is left out. What only the last page says (the editor, the
        source) fills what the first leaves open.
    """
    first, *others = pages
    if not others:
        return first
    blocks = list(first.blocks)
    seen = {_key(block) for block in blocks} | {_bare(page.title) for page in pages}
    for page in others:
        new = [block for block in page.blocks if _key(block) not in seen]
        seen |= {_key(block) for block in new}
        if blocks and new and _goes_on(blocks[-1], new[0]):
            blocks[-1] = _joined(blocks[-1], new.pop(0), first.lang)
        blocks += new
    return replace(
        first,
        blocks=tuple(blocks),
        body="\n\n".join(markdown_of(block) for block in blocks),
        date=_first(page.date for page in pages),
        authors=_first(page.authors for page in pages) or (),
        source=_joined_source(pages),
        tags=_once(tag for page in pages for tag in page.tags),
        images=_once(image for page in pages for image in page.images),
        links=_once(link for page in pages for link in page.links),
        warnings=_once(warning for page in pages for warning in page.warnings),
    )


def _key(block: Block) -> str:
    """What makes a block the same on two pages; a picture is its address."""
    return block.markdown.split(' "')[0] if block.kind == "figure" else _bare(block.text)


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).lower()


def _goes_on(last: Block, next_one: Block) -> bool:
    """Whether the paging cut a sentence in two."""
    if last.kind != "paragraph" or next_one.kind != "paragraph" or last.markdown or next_one.markdown:
        return False
    return bool(re.search(r"[\w，、,]$", last.text)) and len(last.text) > 40 and not re.match(r"[A-Z]", next_one.text)


def _joined(last: Block, next_one: Block, lang: str) -> Block:
    return Block(last.text + ("" if lang == "zh" else " ") + next_one.text)


def _joined_source(pages: Sequence[Article]) -> Source:
    source = pages[0].source
    return replace(
        source,
        name=_first(page.source.name for page in pages),
        title=_first(page.source.title for page in pages),
        dateline=_first(page.source.dateline for page in pages),
        notice=_first(page.source.notice for page in pages),
        credits=_once(credit for page in pages for credit in page.source.credits),
    )


def _first(values):
    return next((value for value in values if value), None)


def _once(values) -> tuple:
    return tuple(dict.fromkeys(values))
