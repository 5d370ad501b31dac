"""A page, decoded and parsed once: the tree that everything in page/ reads, with its meta fields and JSON-LD."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from urllib.parse import urljoin, urlsplit

import lxml.html
from lxml.etree import ParserError

from plugins.mirror.document import Document
from plugins.mirror.page.decoding import decode_page
from plugins.mirror.page.leaves import Leaves, grow_leaves

_PROLOG = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_TRAILING_COMMA = re.compile(r",(?=\s*[}\]])")
_AROUND_JSON = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>|;)\s*$")
_ENDLESS_TAG = re.compile(r"<[A-Za-z][^<>]{10000,}>")
_ATTRIBUTE = re.compile(r"\s[^\s=<>\"'/]+\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'<>]+)")
MOST_ATTRIBUTES = 1_000
"""Attributes of an element that are read; the parser's time grows with their square."""

MOST_NODES = 2_000
"""Objects of JSON-LD that are read of one page; more are no description of it."""


class Unparsable(ValueError):
    """There is no HTML in the bytes; the message is a sentence for the editor."""


@dataclass
class Tree:
    """A parsed page; nobody changes it, because all parts of page/ read the same one.

    Attributes:
        root: the `html` element.
        text: the source as it was decoded, for what the parser loses.
        url: the address the page was read from; None when nobody knows.
        name: how messages call it: a file, an address.
        link_header: what the server said in `Link`; empty when nobody knows.
        warnings: what was lost in decoding, as sentences.
    """

    root: lxml.html.HtmlElement
    text: str
    url: str | None = None
    warnings: tuple[str, ...] = ()
    name: str = ""
    link_header: str = ""

    @cached_property
    def base(self) -> str | None:
        """The absolute address that relative ones are relative to; the page's own word stands in for a missing one."""
        own = self.url or next(iter(self.root.xpath("//link[@rel='canonical']/@href")), "") or self.first_meta("og:url")
        stated = next(iter(self.root.xpath("//base/@href")), "")
        address = _joined(own, stated)
        return address if urlsplit(address).scheme in ("http", "https") else None

    @cached_property
    def meta(self) -> dict[str, list[str]]:
        """Contents of the meta elements by their name, property, itemprop or http-equiv in lower case."""
        found: dict[str, list[str]] = {}
        for element in self.root.iter("meta"):
            content = (element.get("content") or "").strip()
            names = {element.get(key, "").strip().lower() for key in ("name", "property", "itemprop", "http-equiv")}
            for name in names - {""} if content else ():
                found.setdefault(name, []).append(content)
        return found

    def first_meta(self, *names: str) -> str:
        """The first content of the first of *names* (lower case) that the page has; else empty."""
        return next((self.meta[name][0] for name in names if name in self.meta), "")

    @cached_property
    def json_ld(self) -> list[dict]:
        """The objects of the page's JSON-LD: those of lists and of ``@graph`` one by one; unreadable ones left out."""
        objects: list[dict] = []
        for script in self.root.iter("script"):
            if "ld+json" in (script.get("type") or "").lower():
                objects += _flattened(read_json(script.text or ""))
        return objects[:MOST_NODES]

    @cached_property
    def script_data(self) -> list[object]:
        """What the scripts of type ``application/json`` hold, such as ``__NEXT_DATA__``; unreadable ones left out."""
        scripts = (script for script in self.root.iter("script") if script.get("type") == "application/json")
        return [data for script in scripts if (data := read_json(script.text or "")) is not None]

    @cached_property
    def leaves(self) -> Leaves:
        """The runs of text of the page, cut once."""
        return grow_leaves(self.root)

    @cached_property
    def title_tag(self) -> str:
        """The words of `<title>` with single spaces."""
        element = next(self.root.iter("title"), None)
        return " ".join(element.text_content().split()) if element is not None else ""

    def absolute(self, address: str | None) -> str | None:
        """*address* as the page means it, if it is one of the web; else None (script, mail, data, a broken one)."""
        address = (
            re.sub(r"[\x00-\x20]+", "", address or "") if address and ":" in address[:40] else (address or "").strip()
        )
        if not address or address.startswith("#"):
            return None
        absolute = _joined(self.base or "", address)
        try:
            parts = urlsplit(absolute)
        except ValueError:
            return None
        return absolute if parts.scheme in ("http", "https") and parts.hostname else None


def parse(document: Document) -> Tree:
    """Decode and parse a page.

    Raises: Unparsable when there is no HTML in it.
    """
    text, warnings = decode_page(document)
    text = _ENDLESS_TAG.sub(_with_few_attributes, _UNWRITABLE.sub("", _PROLOG.sub("", text)))
    # Without huge_tree the parser drops what is nested 256 deep: pages that never close <font> are.
    parser = lxml.html.HTMLParser(encoding="utf-8", remove_pis=True, huge_tree=True)
    try:
        root = lxml.html.document_fromstring(text.encode("utf-8"), parser=parser)
    except (ParserError, ValueError) as error:
        raise Unparsable("There is no HTML in it.") from error
    url = document.url if _is_readable(document.url) else None
    return Tree(root, text, url, tuple(warnings), document.name, document.link_header)


def _with_few_attributes(tag: re.Match[str]) -> str:
    attributes = list(islice(_ATTRIBUTE.finditer(tag[0]), MOST_ATTRIBUTES + 1))
    return tag[0] if len(attributes) <= MOST_ATTRIBUTES else tag[0][: attributes[-1].start()] + ">"


def read_json(text: str) -> object:
    """What a script element holds, its usual mistakes forgiven: line breaks in strings, comments, last commas.

    Returns: plain data, or None when it cannot be read.
    """
    text = _AROUND_JSON.sub("", _AROUND_JSON.sub("", text)).strip()
    for attempt in (text, _TRAILING_COMMA.sub("", text)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _flattened(data: object) -> Iterator[dict]:
    waiting = [data]
    while waiting:
        item = waiting.pop()
        if isinstance(item, list):
            waiting.extend(reversed(item))
        elif isinstance(item, dict):
            yield item
            waiting.extend(value for key, value in item.items() if key in ("@graph", "mainEntity", "itemListElement"))


def _is_readable(address: str | None) -> bool:
    """Whether an address has the parts of one; ``http://[`` has not."""
    try:
        return bool(address) and urlsplit(address).port != 0
    except ValueError:
        return False


def _joined(base: str, address: str) -> str:
    try:
        return urljoin(base, address)
    except ValueError:
        return ""
