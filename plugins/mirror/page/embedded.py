"""The text of an article that stands in no element: in JSON-LD, in the data of a script, in a textarea or template.

Pages that a script draws in the browser hold their text this way. It becomes a small document of its own, so that the
rules for all pages read it.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote

import lxml.html
from lxml.html import HtmlElement

from plugins.mirror.page.leaves import squeeze
from plugins.mirror.page.tree import Tree, read_json

_TEXT_KEY = re.compile(
    r"content|body|text|html|detail|cnt|story|article|paragraph|block|children|items|nodes|value|elements|^data$",
    re.IGNORECASE,
)
"""Keys under which scripts keep a text or the parts of one."""

_TITLE_KEYS = ("title", "headline", "name", "subject", "articleTitle", "news_title")
_START = re.compile(r"(?:^\s*|=\s*|JSON\.parse\(\s*|push\(\s*)(?=[{\[\"'])")
_LITERAL = re.compile(
    r"""["']?(?:content|body|articleBody|text|html|detail|contentHtml|article_content)["']?\s*[:=]\s*(?P<literal>"(?:[^"\\]|\\.){60,}"|'(?:[^'\\]|\\.){60,}'|`[^`]{60,}`)""",
    re.DOTALL,
)
_MARKUP = re.compile(r"</?(?:p|br|div|section|span|strong|img|h\d|ul|li|a)\b[^>]*>", re.IGNORECASE)
_TAGS = re.compile(r"<[^>]*>")
_MARKS = re.compile(r"[，。！？；、]|[,.;!?](?=\s)")

SMALLEST = 40
"""Characters of a text at least."""

DEEPEST, MOST_STARTS = 40, 30
"""Levels of nested data and beginnings of data in one script that are read."""


@dataclass(frozen=True, slots=True)
class Story:
    """This page's article as the data of a script has it.

    Attributes:
        text: with or without markup.
        authors, date, source: as written; empty when it does not say.
    """

    title: str
    text: str
    date: object
    authors: tuple[str, ...] = ()
    source: str = ""


def find_story(tree: Tree) -> Story | None:
    """The object of a script's data with a text and a moment whose title is the page's; None when there is none."""
    wanted = [_bare(_without_dots(title)) for title in (tree.title_tag, tree.first_meta("og:title")) if title]
    waiting, seen = list(tree.script_data), 0
    while waiting and seen < MOST_OBJECTS:
        seen += 1
        item = waiting.pop()
        if isinstance(item, dict):
            if (story := _story(item)) and any(_shares_title(_bare(story.title), title) for title in wanted):
                return story
            item = list(item.values())
        if isinstance(item, list):
            waiting += [value for value in item if isinstance(value, dict | list)]
    return None


MOST_OBJECTS = 20_000


def _story(item: dict) -> Story | None:
    title = next((value for key in _TITLE_KEYS if isinstance(value := item.get(key), str) and value.strip()), "")
    text = next((value for key in _STORY_TEXT if isinstance(value := item.get(key), str) and len(value) > 40), "")
    date = next((item[key] for key in item if _STORY_DATE.fullmatch(key) and isinstance(item[key], str | int)), None)
    if not (title and text and date):
        return None
    named = next((item[key] for key in ("authors", "author", "byline") if item.get(key)), [])
    said = [
        one.get("name") if isinstance(one, dict) else one for one in (named if isinstance(named, list) else [named])
    ]
    source = item.get("source") or item.get("sourceName")
    source = source.get("name") if isinstance(source, dict) else source
    authors = tuple(one for one in said if isinstance(one, str))
    return Story(title, text, date, authors, source if isinstance(source, str) else "")


_STORY_TEXT = ("content", "articleBody", "body", "contentHtml", "html", "article_content", "text")
_STORY_DATE = re.compile(
    r"pub_?(?:date|time)|publish(?:ed)?_?(?:time|date|at|on)?|date_?published|ptime|first_?published_?at", re.IGNORECASE
)


def _without_dots(title: str) -> str:
    """``Volcano eruption in Iceland cl...-NewsLine`` → the part before the dots."""
    return re.split(r"\.{3}|…", title, maxsplit=1)[0]


def _shares_title(own: str, page: str) -> bool:
    """Whether one bare title begins with the other, or the page's holds it whole."""
    return min(len(own), len(page)) >= 5 and (own.startswith(page) or own in page)


def stated_text(tree: Tree) -> str:
    """What JSON-LD says is the article's text, without markup; empty when it says nothing."""
    found = (item.get("articleBody") for item in tree.json_ld)
    texts = [_plain(text) for text in found if isinstance(text, str)]
    return max(texts, key=len, default="")


def told_text(tree: Tree) -> str:
    """What the data of a script or JSON-LD says is the article's text, without markup; empty without either."""
    story = find_story(tree)
    return _plain(story.text) if story else stated_text(tree)


def is_unseen(told: str, shown: Iterable[str]) -> bool:
    """Whether a text of some length is nowhere on the page: neither its head nor its middle nor its end."""
    told = _bare(told)
    if len(told) < LONG:
        return False
    page = _bare("".join(shown))
    return not any(told[at : at + PROBE] in page for at in (0, len(told) // 2, len(told) - PROBE))


LONG, PROBE = 100, 20
"""Letters of a text that is looked for on the page, and of each piece of it."""


def embedded_text(tree: Tree, title: str) -> HtmlElement | None:
    """The best text that stands in no element, as a document; None when there is none."""
    if story := find_story(tree):
        return _document(story.text)
    best, best_score = None, 0.0
    for source, near in _sources(tree, _bare(title)):
        plain = _plain(source)
        if len(plain) < SMALLEST:
            continue
        score = len(plain) * (1 if _MARKS.search(plain) else 0.1) * (3 if near else 1)
        if score > best_score:
            best, best_score = source, score
    return _document(best) if best else None


def _sources(tree: Tree, title: str) -> Iterator[tuple[str, bool]]:
    """Texts, with or without markup, and whether the page's headline stands beside them."""
    for item in tree.json_ld:
        if isinstance(text := item.get("articleBody"), str):
            yield text, True
    for element in tree.root.iter("textarea", "template", "xmp", "noscript"):
        inside = element.text_content() if element.tag in ("textarea", "xmp") else _markup_inside(element)
        if len(inside) >= SMALLEST:
            yield inside, False
    for element in tree.root.iter():
        for value in element.values() if isinstance(element.tag, str) else ():
            if len(value) > 2 * SMALLEST and value.lstrip()[:1] in ("{", "["):
                yield from _in_data(read_json(value), title, False, 0)
    for script in tree.root.iter("script"):
        text = script.text or ""
        kind = (script.get("type") or "").lower()
        if len(text) > 2 * SMALLEST and "ld+json" not in kind and "template" not in kind:
            yield from _in_script(text, title)
        elif "template" in kind and len(text) > 2 * SMALLEST:
            yield text, False


def _markup_inside(element: HtmlElement) -> str:
    return (element.text or "") + "".join(lxml.html.tostring(child, encoding="unicode") for child in element)


def _in_script(text: str, title: str) -> Iterator[tuple[str, bool]]:
    found = False
    end = 0
    for start in list(_START.finditer(text))[:MOST_STARTS]:
        if start.end() < end:
            continue
        data, end = _data_at(text, start.end())
        if data is not None:
            found = True
            yield from _in_data(data, title, False, 0)
    if not found:
        for literal in _LITERAL.finditer(text):
            if value := _string(literal["literal"]):
                yield value, False


def _data_at(text: str, at: int) -> tuple[object, int]:
    """What JSON begins at a place, and where it ends; JSON in a string is opened."""
    try:
        data, end = _DECODER.raw_decode(text, at)
    except (ValueError, RecursionError):
        return None, 0
    if isinstance(data, str):
        data = unquote(data) if data.startswith(("%7B", "%5B")) else data
        try:
            data = json.loads(data, strict=False)
        except (ValueError, RecursionError):
            return None, 0
    return (data, end) if isinstance(data, dict | list) else (None, 0)


_DECODER = json.JSONDecoder(strict=False)


def _string(literal: str) -> str:
    inside = literal[1:-1]
    if literal[0] != '"':
        inside = re.sub(r'(?<!\\)"', r"\"", inside.replace("\\'", "'").replace("\\`", "`"))
    inside = inside.replace("\n", "\\n").replace("\r", "").replace("\t", " ")
    inside = re.sub(r"\\x([0-9a-fA-F]{2})", r"\\u00\1", inside)
    try:
        return str(json.loads(f'"{inside}"', strict=False))
    except ValueError:
        return ""


def _in_data(data: object, title: str, near: bool, depth: int) -> Iterator[tuple[str, bool]]:
    if depth > DEEPEST:
        return
    if isinstance(data, list):
        if len(parts := [part for item in data if (part := _part(item, 0))]) > 1:
            yield "\n\n".join(parts), near
        for item in data:
            yield from _in_data(item, title, False, depth + 1)
    elif isinstance(data, dict):
        beside = near or any(title and _bare(str(data.get(key, ""))) == title for key in _TITLE_KEYS)
        for key, value in data.items():
            if isinstance(value, str):
                if _TEXT_KEY.search(key) and len(value) >= SMALLEST:
                    yield value, beside
            elif isinstance(value, dict | list):
                yield from _in_data(value, title, beside and bool(_TEXT_KEY.search(key)), depth + 1)


def _part(item: object, depth: int) -> str:
    """The text of a part of a text: of a string, or of a node with its children."""
    if isinstance(item, str):
        return item if depth else ""
    if depth > DEEPEST:
        return ""
    if isinstance(item, list):
        return "".join(_part(child, depth + 1) for child in item)
    if not isinstance(item, dict):
        return ""
    if any(key in item for key in ("url", "href", "link", "id")) and any(key in item for key in _TITLE_KEYS):
        return ""  # a story of its own
    return "".join(
        value if isinstance(value, str) else _part(value, depth + 1)
        for key, value in item.items()
        if _TEXT_KEY.search(key)
    )


def _plain(text: str) -> str:
    if "&lt;" in text:
        text = html.unescape(text)
    return squeeze(html.unescape(_TAGS.sub(" ", text)))


def _document(text: str) -> HtmlElement:
    if "&lt;" in text and not _MARKUP.search(text):
        text = html.unescape(text)
    if not _MARKUP.search(text):
        lines = (html.escape(html.unescape(line)) for line in re.split(r"\s*\n\s*", text))
        text = "".join(f"<p>{line}</p>" for line in lines if line)
    elif "\n\n" in text and not re.search(r"<(?:p|br|div)\b", text, re.IGNORECASE):
        text = "".join(f"<p>{line}</p>" for line in re.split(r"\n\s*\n", text))
    return lxml.html.document_fromstring(f"<html><body><div>{text}</div></body></html>")


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).lower()
