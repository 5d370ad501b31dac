"""Proofreading: what is wrong in a text, and where it leads."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from markdown_it.token import Token

from plugins.problems import did_you_mean
from plugins.reader.place import Note
from plugins.reader.render import is_one_text
from plugins.reader.sanitise import SCHEMES, TAGS, is_remote, scheme
from plugins.reader.story import Reference

# The numbers bound the time that a malformed tag can cost; what they miss is still sanitised.
_RAW_TAG = re.compile(r"""<([A-Za-z][^\s/>]{0,99})((?:[^"'<>]|"[^"]*"|'[^']*'){0,999})>""")
_RAW_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?""")
_COMMENT = re.compile(r"<!--(?:.*?-->|.*)", re.DOTALL)
_HEADING = re.compile(r"h[1-6]")
_NO_ALT = "picture has no text for those who cannot see it."
_FOOTNOTE = re.compile(r"\[\^([^\]\s]+)\]")


@dataclass(slots=True)
class _Findings:
    """What a text contains, each with its line: collected first, judged after."""

    headings: list[tuple[int, int]] = field(default_factory=list)
    fragments: list[tuple[str, int]] = field(default_factory=list)
    ids: dict[str, int] = field(default_factory=dict)
    references: list[Reference] = field(default_factory=list)


def proofread(tokens: list[Token], env: dict[str, Any], first_line: int, note: Note) -> tuple[Reference, ...]:
    """Note what is wrong in a text.

    Args:
        tokens: the parsed text, after all rules.
        env: what the rules of ``markdown.py`` kept.
        first_line: the line of the file that the text starts in.
        note: is told what is wrong.
    Returns: links and pictures that lead to files of the portal, in the order of the text.
    """
    found = _Findings()
    line = first_line
    for index, token in enumerate(tokens):
        if token.map:
            line = token.map[0] + first_line
        if token.type == "heading_open":
            found.headings.append((int(token.tag[1]), line))
            _take_id(token.attrs["id"], line, found, note)
            if not tokens[index + 1].content:
                note(line, "heading has no words.", "Write them, or remove the heading.")
        elif token.type == "html_block":
            _read_raw(token.content, line, found, note)
        elif token.type == "inline" and token.children and not _says_nothing(token):
            _read_inline(token, line, found, note)
    _judge_headings(found.headings, note)
    _judge_footnotes(env, first_line, note)
    for fragment, line in found.fragments:
        if fragment not in found.ids and fragment != "top":
            fix = did_you_mean(fragment, found.ids, "Link to the id of a heading in this text.")
            note(line, f'link "#{fragment}" has no target in this text.', fix)
    return tuple(found.references)


def _says_nothing(paragraph: Token) -> bool:
    """Whether *paragraph* holds nothing that could lead anywhere or be wrong."""
    return is_one_text(paragraph.children) and "[^" not in paragraph.children[0].content


def _read_inline(paragraph: Token, line: int, found: _Findings, note: Note) -> None:
    at = 0
    for index, token in enumerate(paragraph.children):
        if "at" in token.meta:
            line += paragraph.content.count("\n", at, token.meta["at"])
            at = token.meta["at"]
        if token.type == "link_open":
            _read_link(token.attrs["href"], line, found, note)
            if paragraph.children[index + 1].type == "link_close":
                what = f'link "{unquote(token.attrs["href"])}" has no words.'
                note(line, what, "Write what it leads to in the square brackets.")
        elif token.type == "image":
            _read_picture(token.attrs["src"], line, found, note)
            # Rendering has written the alternative text.
            if not token.attrs["alt"].strip():
                note(line, _NO_ALT, "Write what it shows in the square brackets.")
        elif token.type == "html_inline":
            _read_raw(token.content, line, found, note)
        elif token.type == "text" and "[^" in token.content:
            for match in _FOOTNOTE.finditer(token.content):
                start = max(at, paragraph.content.find(match[0], at))
                below = line + paragraph.content.count("\n", at, start)
                fix = f'Add "{match[0]}: …" on a line of its own.'
                note(below, f'footnote "{match[0]}" is not defined.', fix)


def _read_raw(source: str, line: int, found: _Findings, note: Note) -> None:
    """Read HTML that the editor wrote."""
    source = _COMMENT.sub(lambda match: "\n" * match[0].count("\n"), source)
    at = 0
    for tag, attributes, start in _raw_tags(source):
        line += source.count("\n", at, start)
        at = start
        if _HEADING.fullmatch(tag):
            found.headings.append((int(tag[1]), line))
        elif tag not in TAGS:
            fix = "Remove it; to show it to readers, put it between backticks."
            note(line, f"tag <{tag}> is not allowed in a text.", fix)
        if attributes.get("id"):
            _take_id(attributes["id"], line, found, note)
        if tag == "a" and "href" in attributes:
            _read_link(attributes["href"], line, found, note)
        elif tag == "img":
            _read_picture(attributes.get("src", ""), line, found, note)
            if "alt" not in attributes:
                note(line, _NO_ALT, 'Add alt="…", what it shows; alt="" when it is an ornament.')


def _take_id(name: str, line: int, found: _Findings, note: Note) -> None:
    first = found.ids.setdefault(name, line)
    if first != line:
        note(line, f'id "{name}" is taken in line {first}.', "Choose another one.")


def _raw_tags(source: str) -> Iterator[tuple[str, dict[str, str], int]]:
    for match in _RAW_TAG.finditer(source):
        attributes = {}
        for name, double, single, bare in _RAW_ATTRIBUTE.findall(match[2]):
            attributes.setdefault(name.lower(), html.unescape(double or single or bare))
        yield match[1].lower(), attributes, match.start()


def _read_link(address: str, line: int, found: _Findings, note: Note) -> None:
    # Markdown writes addresses with escapes (%E4%B8%AD); editors wrote and know the characters.
    target = unquote(address.strip())
    if target.startswith("#"):
        if target != "#":
            found.fragments.append((target[1:], line))
    elif scheme(target):
        if scheme(target) not in SCHEMES:
            fix = "Link to a page (https://…) or a file of the portal."
            note(line, f'link "{target}" leads where readers cannot follow.', fix)
    elif not is_remote(target):
        found.references.append(Reference(target, line))


def _read_picture(address: str, line: int, found: _Findings, note: Note) -> None:
    target = unquote(address.strip())
    if not target:
        note(line, "picture has no address.", "Write the path of a file in content/images/.")
    elif is_remote(target):
        shown = target if len(target) <= 60 else target[:60] + "…"
        note(
            line,
            f'picture "{shown}" lies on another host.',
            "Save it in content/images/ and link to that file.",
        )
    else:
        found.references.append(Reference(target, line))


def _judge_headings(headings: list[tuple[int, int]], note: Note) -> None:
    above = 1
    for level, line in headings:
        if level == 1:
            note(
                line,
                "the text has a heading of the first level, which is the title.",
                "Start subheads at ##.",
            )
        elif level > above + 1:
            fix = f"Write {'#' * (above + 1)}, or add the heading above it."
            note(line, f"heading {'#' * level} skips a level.", fix)
        above = level


def _judge_footnotes(env: dict[str, Any], first_line: int, note: Note) -> None:
    used = env.get("footnotes", {}).get("refs", {})
    seen: dict[str, int] = {}
    for label, index in env["footnotes_defined"]:
        line = first_line + index
        if label in seen:
            note(
                line,
                f'footnote "[^{label}]" is defined twice.',
                f"Rename it; the first is in line {seen[label]}.",
            )
        elif used.get(f":{label}", -1) < 0:
            note(line, f'footnote "[^{label}]" is not used.', f'Write "[^{label}]" in the text, or remove it.')
        seen.setdefault(label, line)
