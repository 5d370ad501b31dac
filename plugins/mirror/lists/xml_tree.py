"""Bytes → the tree of a feed or sitemap: forgiving where portals err, deaf to entities and the network."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree

from plugins.mirror.document import Document
from plugins.mirror.lists.kind import TooLarge, root_at, unpack
from plugins.mirror.page.decoding import decode_page


class Refused(ValueError):
    """The document is not read; the message is a sentence for the editor."""


@dataclass(frozen=True, slots=True)
class XmlTree:
    """A parsed document.

    Attributes:
        root: its first element; names are best asked of `name_of`.
        warnings: what was lost in decoding, as sentences.
    """

    root: etree._Element
    warnings: tuple[str, ...]


def parse_xml(document: Document, limit: int) -> XmlTree:
    """Decode and parse XML that a portal wrote: wrong encodings, stray ampersands, names of HTML and missing
    namespaces are taken as they were meant.

    Args:
        limit: bytes beyond which a packed document is not read.
    Raises: Refused for entities of its own, for what grows beyond *limit*, and for what is no XML at all.
    """
    try:
        document = unpack(document, limit)
    except TooLarge as error:
        raise Refused(str(error)) from error
    text, warnings = decode_page(document)
    start = root_at(text)
    if "<!entity" in text[:start].lower():
        raise Refused(
            "It declares entities of its own (<!ENTITY …>), which can grow without end and which nobody needs."
        )
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True,
        remove_pis=True, encoding="utf-8",
    )  # fmt: skip
    try:
        root = etree.fromstring(_mended(text[start:]).encode("utf-8", errors="replace"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Refused("It is no XML.") from error
    if root is None:
        raise Refused("It is no XML.")
    return XmlTree(root, warnings)


_AMPERSAND = re.compile(r"&(#\d{1,7};|#[xX][0-9A-Fa-f]{1,6};|[A-Za-z][A-Za-z0-9]{1,31};)?")
_OF_XML = {"amp;", "lt;", "gt;", "quot;", "apos;"}


def _mended(text: str) -> str:
    """*text* with a stray ``&`` escaped and ``&nbsp;`` and its kin as characters; CDATA means what it says."""
    return "".join(part if is_cdata else _AMPERSAND.sub(_mend, part) for part, is_cdata in _parts(text))


def _parts(text: str) -> Iterator[tuple[str, bool]]:
    at = 0
    while (start := text.find("<![CDATA[", at)) >= 0:
        yield text[at:start], False
        end = text.find("]]>", start)
        at = end + 3 if end >= 0 else len(text)
        # A feed that was cut off ends within; what is there of it still counts.
        yield text[start:at] + ("" if end >= 0 else "]]>"), True
    yield text[at:], False


def _mend(found: re.Match[str]) -> str:
    name = found[1]
    if not name:
        return "&amp;"
    if name in _OF_XML:
        return found[0]
    if name.startswith("#"):
        char = html.unescape(found[0])
        return "" if len(char) != 1 or (char < " " and char not in "\t\n\r") else html.escape(char)
    meant = html.unescape(found[0])
    return html.escape(meant) if meant != found[0] else f"&amp;{name}"


# --- names -----------------------------------------------------------------------------------------------

_NAMESPACES = {
    "purl.org/dc/elements": "dc",
    "purl.org/dc/terms": "dcterms",
    "purl.org/rss/1.0/modules/content": "content",
    "purl.org/rss/1.0/modules/syndication": "sy",
    "search.yahoo.com/mrss": "media",
    "www.itunes.com/dtds/podcast": "itunes",
    "rssnamespace.org/feedburner": "feedburner",
    "www.google.com/schemas/sitemap-news": "news",
    "www.google.com/schemas/sitemap-image": "image",
    "www.google.com/schemas/sitemap-video": "video",
    "www.w3.org/1999/xhtml": "xhtml",
    "www.w3.org/1999/02/22-rdf-syntax-ns": "rdf",
    "www.w3.org/2005/atom": "atom",
    "purl.org/atom": "atom",
}
"""How the address of a namespace begins, in lower case → the prefix that everybody gives it."""

_PLAIN = {"atom", "rss", "rss10", "rss1", "sitemap", "sm", "ns0", "rss090"}
_XML = "{http://www.w3.org/XML/1998/namespace}"


def name_of(element: etree._Element) -> str:
    """``dc:creator``, ``content:encoded``; ``title``, ``entry``, ``url`` for what feeds and sitemaps define themselves.

    The namespace decides when it is one of those we know, the prefix when it is wrong or was never declared.
    """
    return _name(element.tag, element.prefix)


@lru_cache(maxsize=1000)
def _name(tag: str, prefix: str | None) -> str:
    namespace, _, local = tag[1:].partition("}") if tag.startswith("{") else ("", "", tag)
    stray, _, local = local.rpartition(":")
    address = namespace.lower().partition("://")[2]
    known = next((short for start, short in _NAMESPACES.items() if address.startswith(start)), "")
    prefix = known or (stray or prefix or "").lower()
    return local.lower() if not prefix or prefix in _PLAIN else f"{prefix}:{local.lower()}"


class Fields:
    """The children of one element by name, in their order."""

    def __init__(self, element: etree._Element):
        self.element = element
        self.children: dict[str, list[etree._Element]] = {}
        for child in element.iterchildren(etree.Element):
            self.children.setdefault(name_of(child), []).append(child)

    def all(self, *names: str) -> Iterator[etree._Element]:
        """The children called so, the names in order."""
        for name in names:
            yield from self.children.get(name, ())

    def first(self, *names: str) -> str:
        """The text of the first child that has some, the names in order; else empty."""
        return next((text for child in self.all(*names) if (text := text_of(child))), "")


def inherited(element: etree._Element, name: str) -> str:
    """``xml:lang`` or ``xml:base`` of *element* or of the nearest around it; else empty."""
    attribute = _XML + name
    around = element
    while around is not None:
        if value := around.get(attribute) or around.get(f"xml:{name}"):
            return value.strip()
        around = around.getparent()
    return ""


def text_of(element: etree._Element | None) -> str:
    """The words in *element*, those of its children too, without white space around them; of None, empty."""
    return "".join(element.itertext()).strip() if element is not None else ""
