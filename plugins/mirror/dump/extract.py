"""Dump → articles: `STEPS` is the order of work."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date

from plugins.mirror.article import Article, Block, Source
from plugins.mirror.clock import today
from plugins.mirror.dump import titles
from plugins.mirror.dump.lines import join_wrapped, read_lines
from plugins.mirror.dump.paragraphs import chinese_blocks, english_blocks
from plugins.mirror.text.addresses import find_addresses, rejoin_addresses
from plugins.mirror.text.category import categorise
from plugins.mirror.text.credits import take_credits
from plugins.mirror.text.dates import date_article, date_from_neighbours
from plugins.mirror.text.decoding import decode
from plugins.mirror.text.markdown_text import as_markdown
from plugins.mirror.text.punctuation import restore

SUMMARY = {"en": 200, "zh": 100}
"""Characters of a summary at most."""


def extract(data: bytes, url: str | None = None, now: date | None = None) -> list[Article]:
    """Find the articles of a dump.

    Args:
        data: the file as it is.
        url: the address it was read from, for `Source.url`.
        now: no article is dated after this day; today by default.
    Returns: the articles in their order; empty when the dump holds none.
    Raises: decoding.Undecodable when *data* is not text.
    """
    text, lost = decode(data)
    now = now or today()
    articles = [_started(piece, url, lost) for piece in titles.split(join_wrapped(read_lines(text)))]
    for _, step in STEPS:
        articles = [step(article, now) for article in articles]
    return [_described(article) for article in date_from_neighbours(articles, now)]


def _started(piece: titles.Piece, url: str | None, lost: tuple[str, ...]) -> Article:
    lines = [replace(line, text=rejoin_addresses(line.text)) for line in piece.lines]
    lang = "zh" if _is_chinese(piece) else "en"
    cut = chinese_blocks if lang == "zh" else english_blocks
    return Article(
        title=restore(piece.title.text, headline=True),
        lang=lang,
        line=piece.title.number,
        blocks=tuple(cut(lines)),
        source=Source(url=url),
        warnings=(*lost, *piece.warnings),
    )


def _is_chinese(piece: titles.Piece) -> bool:
    size = {"zh": 0, "en": 0}
    for line in piece.lines:
        size[line.lang] += len(line.text)
    return size["zh"] > size["en"] / 3


# --- the steps -------------------------------------------------------------------------------------------


def restore_punctuation(article: Article, now: date) -> Article:
    """Full-width marks in each block, now that the spaces have told where blocks begin."""
    if article.lang != "zh":
        return article
    blocks = (replace(block, text=restore(block.text, block.kind == "heading")) for block in article.blocks)
    return replace(article, blocks=tuple(blocks))


def take_out_credits(article: Article, now: date) -> Article:
    """Datelines, sources, notices and keywords into their fields."""
    return take_credits(article)


def settle_headings(article: Article, now: date) -> Article:
    """A subhead with nothing below it is a paragraph; so is a credit that no rule could read."""
    blocks = [block for block in article.blocks if _bare(block.text) != _bare(article.title)]
    last = next((at for at in reversed(range(len(blocks))) if blocks[at].kind != "heading"), -1)
    for block in blocks[last + 1 :]:
        article = article.warn(f"“{block.text}” ends the text like a subhead with nothing below it.")
    settled = (Block(block.text) if at > last or block.kind == "credit" else block for at, block in enumerate(blocks))
    return replace(article, blocks=tuple(settled))


def name_source_by_text(article: Article, now: date) -> Article:
    """When no credit names the source, the paper that the first paragraphs quote stands in."""
    if article.source.name:
        return article
    text = "\n".join(block.text for block in article.blocks[:3])
    found = next((found for shape in QUOTED if (found := shape.search(text))), None)
    if not found:
        return article.warn("No source found.")
    name = found["name"].strip()
    return replace(article, source=replace(article.source, name=name)).warn(
        f"The source “{name}” is a guess: the text quotes it."
    )


QUOTED = [
    re.compile(
        r"据(?P<name>[\u4e00-\u9fffA-Za-z·]{2,14}?(?:报|社|网|新闻|财经|电视台|周刊|杂志))(?:记者)?"
        r"[^，。]{0,6}(?:报道|消息|统计|获悉)"
    ),
    re.compile(
        r"\bAccording to (?:the )?(?P<name>(?:[\w&’'-]+ ){1,4}?"
        r"(?:[Nn]ews(?: Agency)?|Daily|Times|Post|Herald|Journal|Press|Network))\b(?=,| report)"
    ),
    re.compile(
        r"\bAccording to [^.,]{0,60}\bof (?:the )?(?P<name>(?:[A-Z][\w&’'-]+ ){1,4}?"
        r"(?:News(?: Agency)?|Daily|Times|Post|Herald|Journal|Press))\b"
    ),
]
"""How a text quotes a paper: 据海港晚报报道 · According to the Harbour Evening News, … Group: name."""

STEPS: list[tuple[str, Callable[[Article, date], Article]]] = [
    ("restore_punctuation", restore_punctuation),
    ("take_out_credits", take_out_credits),
    ("settle_headings", settle_headings),
    ("name_source_by_text", name_source_by_text),
    ("categorise", lambda article, now: categorise(article)),
    ("date_article", date_article),
]
"""What is done to each article, in this order."""


def _described(article: Article) -> Article:
    body = as_markdown(article.blocks)
    text = "\n".join(block.text for block in article.blocks)
    return replace(article, body=body, summary=summarise(article), links=find_addresses(text))


def summarise(article: Article) -> str:
    """The first sentences that fit into `SUMMARY`, at least a part of the first."""
    limit = SUMMARY[article.lang]
    text = _lead(article)
    ends = [found.end() for found in _SENTENCE_END.finditer(text[: limit + 1]) if found.end() <= limit]
    if len(text) <= limit:
        return text
    if ends:
        return text[: ends[-1]]
    cut = text[: limit - 1]
    if article.lang == "en":
        return cut.rsplit(" ", 1)[0].rstrip(",;:—- ") + "…"
    return re.sub(r"[，、；：“「（《][^，、；：“「（《]{0,12}$", "", cut) + "…"


_SENTENCE_END = re.compile(r"[。！？][”」』）]*|[.!?][\"”’)]*(?=\s)")


def _lead(article: Article) -> str:
    """The paragraphs before the second subhead, as far as a summary may need them."""
    text, joint = "", "" if article.lang == "zh" else " "
    for block in article.blocks:
        if block.kind == "heading" and text:
            break
        if block.kind == "paragraph" and len(text) <= SUMMARY[article.lang]:
            text += joint + block.text
    return text.strip()


def _bare(text: str) -> str:
    return re.sub(r"\W", "", text).lower()
