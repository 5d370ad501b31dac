"""Leaves of the chosen text → blocks with their Markdown: paragraphs, subheads, lists, tables, figures …"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from lxml.html import HtmlElement

from plugins.mirror.article import Block, Image
from plugins.mirror.page.inline import Piece, destination, escape_all, line_of, pieces_of, text_of
from plugins.mirror.page.leaves import BOLD, Leaf
from plugins.mirror.page.pictures import is_caption, picture_of, split_caption
from plugins.mirror.page.tables import MOST_COLUMNS, cells_of, is_data
from plugins.mirror.page.tree import Tree
from plugins.mirror.page.zones import Zone
from plugins.mirror.text.markdown_text import escape, subhead

LONGEST_SUBHEAD = 60
"""Reading size of a subhead at most."""


@dataclass(frozen=True, slots=True)
class Written:
    """Blocks, and what stands in them."""

    blocks: tuple[Block, ...]
    images: tuple[Image, ...]
    links: tuple[str, ...]
    where: tuple[HtmlElement, ...]


@dataclass(slots=True)
class _Part:
    """A leaf with the structures around it, outermost first: («quote», element), («list», ul), («item», li) …"""

    leaf: Leaf
    pieces: list[Piece]
    path: list[tuple[str, HtmlElement]]


@dataclass(slots=True)
class _Writer:
    tree: Tree
    lang: str
    credits: frozenset[int]
    images: list[Image] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    tables: dict[HtmlElement, bool] = field(default_factory=dict)
    top: int = 2
    bold: int = 2


def write(tree: Tree, leaves: Sequence[Leaf], lang: str, credits: frozenset[int] = frozenset()) -> Written:
    """The leaves as blocks; pictures that are icons or counters left out, captions joined to theirs.

    Args:
        credits: the numbers of leaves that are lines of credits.
    """
    writer = _Writer(tree, lang, credits)
    levels = {leaf.heading for leaf in leaves if leaf.heading}
    writer.top = min(levels, default=2)
    writer.bold = 3 if levels else 2  # a bold line is a smaller subhead than one that the page marks as such
    parts = [_Part(leaf, pieces_of(tree, leaf.runs), _path(writer, leaf)) for leaf in leaves]
    blocks = _blocks(writer, _joined(parts), 0)
    links = dict.fromkeys(piece.link for part in parts for piece in part.pieces if piece.link)
    where = dict.fromkeys(leaf.block for leaf in leaves)
    return Written(tuple(blocks), tuple(writer.images), tuple(links), tuple(where))


_STRUCTURES = {
    "ul": "list",
    "ol": "list",
    "li": "item",
    "blockquote": "quote",
    "pre": "code",
    "figure": "figure",
    "figcaption": "caption",
    "table": "table",
    "tr": "row",
    "td": "cell",
    "th": "cell",
    "dt": "term",
}


def _path(writer: _Writer, leaf: Leaf) -> list[tuple[str, HtmlElement]]:
    path: list[tuple[str, HtmlElement]] = []
    element: HtmlElement | None = leaf.block
    while element is not None and element.tag != "body":
        kind = _STRUCTURES.get(element.tag)
        if kind == "table" and not _is_data(writer, element):
            # A table that lays the page out is nothing; its rows and cells neither.
            path = [step for step in path if step[0] not in ("row", "cell") or _table_of(step[1]) is not element]
        elif kind:
            path.append((kind, element))
        element = element.getparent()
    path.reverse()
    return path


def _table_of(cell: HtmlElement) -> HtmlElement | None:
    return next(cell.iterancestors("table"), None)


def _is_data(writer: _Writer, table: HtmlElement) -> bool:
    known = writer.tables.get(table)
    if known is None:
        known = writer.tables[table] = is_data(table)
    return known


def _joined(parts: list[_Part]) -> list[_Part]:
    """Lines of one paragraph that a single `<br>` breaks in the middle of a sentence are one."""
    joined: list[_Part] = []
    for part in parts:
        before = joined[-1] if joined else None
        if before and _goes_on(before, part):
            last = before.pieces[-1].text
            space = "" if not last.isascii() and not part.pieces[0].text[0].isascii() else " "
            joined[-1] = replace(before, pieces=[*before.pieces, Piece(space, 0, None), *part.pieces], leaf=part.leaf)
        else:
            joined.append(part)
    return joined


def _goes_on(before: _Part, part: _Part) -> bool:
    if not before.pieces or not part.pieces or part.leaf.breaks != 1 or before.leaf.block is not part.leaf.block:
        return False
    if before.leaf.stops or before.leaf.size < 8 or before.leaf.pictures or part.leaf.pictures:
        return False
    first = part.pieces[0].text[0]
    return first.islower() or (before.pieces[-1].text[-1] in ",，、" and not first.isspace())


# --- blocks ----------------------------------------------------------------------------------------------


def _blocks(writer: _Writer, parts: list[_Part], depth: int) -> list[Block]:
    """The parts that share their path up to *depth*, as blocks."""
    blocks: list[Block] = []
    groups = groupby(parts, key=lambda part: part.path[depth] if depth < len(part.path) else None)
    for step, members in groups:
        group = list(members)
        if step is None:
            blocks += _plain(writer, group)
            continue
        kind, element = step
        match kind:
            case "list":
                blocks += _list(writer, element, group, depth)
            case "table":
                blocks += _table(writer, group, depth)
            case "quote":
                blocks += _quote(writer, group, depth)
            case "code":
                blocks += _code(group)
            case "figure":
                blocks += _figure(writer, group)
            case _:
                blocks += _blocks(writer, group, depth + 1)
    return blocks


def _plain(writer: _Writer, parts: list[_Part]) -> list[Block]:
    blocks: list[Block] = []
    at = 0
    while at < len(parts):
        part = parts[at]
        at += 1
        pictures = _pictures(writer, part.leaf)
        if pictures and not part.pieces and at < len(parts) and is_caption(parts[at].leaf, after_picture=True):
            caption = text_of(parts[at].pieces)
            at += 1
            pictures[-1] = _with_caption(pictures[-1], caption)
        elif (
            pictures
            and part.pieces
            and is_caption(part.leaf, after_picture=True)
            and part.leaf.runs[0].picture is not None
        ):
            pictures[-1] = _with_caption(pictures[-1], text_of(part.pieces))
            part = replace(part, pieces=[])
        blocks += [_picture_block(writer, image) for image in pictures]
        if part.pieces:
            blocks += _paragraph(writer, part)
    return blocks


def _paragraph(writer: _Writer, part: _Part) -> list[Block]:
    leaf, text = part.leaf, text_of(part.pieces)
    if leaf.at in writer.credits:
        return [Block(text, "credit")]
    if leaf.zones & Zone.CAPTION:
        writer.images.append(split_caption(Image(), text))
        return []
    if leaf.heading or _is_bold_subhead(part):
        level = min(4, max(2, 2 + leaf.heading - writer.top)) if leaf.heading else writer.bold
        return [Block(text, "heading", subhead(line_of(part.pieces, bold=False), level))]
    markdown = line_of(part.pieces)
    return [Block(text, "paragraph", "" if markdown == escape(text) else markdown)]


def _is_bold_subhead(part: _Part) -> bool:
    """A short line all in bold, without a stop and not after a line break inside a paragraph."""
    if part.leaf.size > LONGEST_SUBHEAD or part.leaf.stops or any(kind in ("item", "cell") for kind, _ in part.path):
        return False
    return all(piece.marks & BOLD for piece in part.pieces if piece.text.strip()) and part.leaf.size >= 2


def _list(writer: _Writer, element: HtmlElement, parts: list[_Part], depth: int) -> list[Block]:
    ordered = element.tag == "ol"
    items = []
    loose: list[Block] = []
    for item, group in groupby(parts, key=lambda part: part.path[depth + 1] if depth + 1 < len(part.path) else None):
        inner = _blocks(writer, list(group), depth + (2 if item and item[0] == "item" else 1))
        loose += inner
        if inner:
            items.append(inner)
    if not items:
        return []
    figures = sum(block.kind == "figure" for block in loose)
    if len(items) == 1 or figures == len(loose):
        return loose
    lines = []
    start = int(element.get("start") or 1) if (element.get("start") or "1").isdigit() else 1
    for number, inner in enumerate(items, start):
        sign = f"{number}." if ordered else "-"
        body = "\n\n".join(markdown_of(block) for block in inner)
        if inner[0].kind == "paragraph" and all(block.kind in ("paragraph", "list") for block in inner):
            body = _tight(inner)
        pad = " " * (len(sign) + 1)
        lines.append(f"{sign} " + body.replace("\n", f"\n{pad}").replace(f"\n{pad}\n", "\n\n"))
    return [Block(" ".join(block.text for block in loose), "list", "\n".join(lines))]


def _tight(blocks: list[Block]) -> str:
    body = markdown_of(blocks[0])
    for block in blocks[1:]:
        body += ("\n" if block.kind == "list" else "\n\n") + markdown_of(block)
    return body


def _table(writer: _Writer, parts: list[_Part], depth: int) -> list[Block]:
    table = parts[0].path[depth][1]
    cells: dict[HtmlElement, list[_Part]] = {}
    for part in parts:
        cell = next((element for kind, element in part.path[depth:] if kind == "cell"), None)
        if cell is not None:
            cells.setdefault(cell, []).append(part)
    rows, texts = [], []
    for row in table.iter("tr"):
        line = []
        for cell in cells_of(row):
            inside = [part for part in cells.get(cell, ()) if part.pieces]
            texts += [text_of(part.pieces) for part in inside]
            line.append(" ".join(line_of(part.pieces) for part in inside).replace("|", "\\|"))
            width = cell.get("colspan") or "1"
            line += [""] * (min(int(width), MOST_COLUMNS) - 1 if width.isdigit() else 0)
        if any(line):
            rows.append(line)
    if len(rows) < 2:
        return [Block(text) for text in texts]
    width = max(map(len, rows))
    rows = [row + [""] * (width - len(row)) for row in rows]
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    lines.insert(1, "|" + " --- |" * width)
    pictures = [_picture_block(writer, image) for part in parts for image in _pictures(writer, part.leaf)]
    return [*pictures, Block(" ".join(texts), "table", "\n".join(lines))]


def _quote(writer: _Writer, parts: list[_Part], depth: int) -> list[Block]:
    inner = _blocks(writer, parts, depth + 1)
    if not inner:
        return []
    if all(block.kind == "figure" for block in inner):
        return inner
    body = "\n\n".join(markdown_of(block) for block in inner)
    quoted = "\n".join(f"> {line}".rstrip() for line in body.split("\n"))
    return [Block(" ".join(block.text for block in inner), "quote", quoted)]


def _code(parts: list[_Part]) -> list[Block]:
    text = "\n".join("".join(run.text for run in part.leaf.runs) for part in parts).strip("\n")
    if not text.strip():
        return []
    if "\n" not in text and re.search(r"[。！？]|[a-z] [a-z]+ [a-z]+ ", text):
        return [Block(" ".join(text.split()))]  # old pages put plain text into <pre>
    fence = "`" * max(3, max(map(len, re.findall("`+", text)), default=0) + 1)
    return [Block(" ".join(text.split()), "code", f"{fence}\n{text.rstrip()}\n{fence}")]


# --- pictures --------------------------------------------------------------------------------------------


def _figure(writer: _Writer, parts: list[_Part]) -> list[Block]:
    images = [image for part in parts for image in _pictures(writer, part.leaf)]
    captions = [text_of(part.pieces) for part in parts if part.pieces]
    if images:
        images[-1] = _with_caption(images[-1], " ".join(captions))
        return [_picture_block(writer, image) for image in images]
    tables = [part for part in parts if any(kind in ("table", "quote") for kind, _ in part.path)]
    if tables:
        return _blocks(
            writer, tables, next(at for at, step in enumerate(tables[0].path) if step[0] in ("table", "quote"))
        )
    if captions:
        writer.images.append(split_caption(Image(), " ".join(captions)))
    return []


def _pictures(writer: _Writer, leaf: Leaf) -> list[Image]:
    """The pictures of a leaf that show something, each address once in the whole text."""
    found = []
    for element in leaf.pictures:
        image = picture_of(writer.tree, element)
        if image and image.src not in writer.seen:
            writer.seen.add(image.src)
            found.append(image)
    return found


def _with_caption(image: Image, caption: str) -> Image:
    return split_caption(image, caption) if caption else image


def _picture_block(writer: _Writer, image: Image) -> Block:
    writer.images.append(image)
    end = (image.caption or " ")[-1]
    joint = "" if end in "。！？" else " " if end in ".!?" else ", "
    words = joint.join(filter(None, (image.caption, image.credit)))
    title = ' "{}"'.format(words.replace("\\", "\\\\").replace('"', '\\"').replace("&", "\\&")) if words else ""
    return Block(image.caption or "", "figure", f"![{escape_all(image.alt or '')}]({destination(image.src)}{title})")


def markdown_of(block: Block) -> str:
    """A block as Markdown."""
    return block.markdown or (subhead(escape(block.text)) if block.kind == "heading" else escape(block.text))
