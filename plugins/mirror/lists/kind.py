"""What a document is: a page, a feed, a sitemap, an archive, a dump. Content decides, names only where it is silent."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from plugins.mirror.document import Document

PAGE, FEED, JSON_FEED, SITEMAP, SITEMAP_INDEX = "page", "feed", "json-feed", "sitemap", "sitemap-index"
ARCHIVE, DUMP, UNKNOWN = "archive", "dump", "unknown"

A_LONG_HEAD = 65_536
"""Bytes from which the kind is told; old portals put 40 KB of scripts before their first heading."""

LARGEST = 200_000_000
"""Bytes that a packed document may grow to; a sitemap has 50 MB at most (sitemaps.org)."""

MOST_MEMBERS = 100
"""Packed parts of one document, as ``cat a.gz b.gz`` makes them."""


class TooLarge(ValueError):
    """A packed document grows beyond bounds, or it is damaged; the message is a sentence for the editor."""


def kind_of(document: Document) -> str:
    """What *document* is.

    Returns: ``page``, ``feed`` (RSS, Atom), ``json-feed``, ``sitemap`` (XML, or a text of nothing but addresses),
        ``sitemap-index``, ``archive`` (WARC, MHTML), ``dump`` (plain text), or ``unknown``: a picture, a PDF, a
        script, an empty file. A document packed with gzip is what is in it. Nothing raises.
    """
    head = document.data[:A_LONG_HEAD]
    if head.startswith(b"\x1f\x8b"):
        head = _unpack_head(head)
    text, is_wide = _ascii(head)
    for tell in TELLERS:
        if kind := tell(document, text, is_wide):
            return kind
    return UNKNOWN


def unpack(document: Document, limit: int = LARGEST) -> Document:
    """The document without gzip around it; itself when it is not packed.

    Raises: TooLarge when more than *limit* bytes come out, or when the packing is damaged.
    """
    data = document.data
    if not data.startswith(b"\x1f\x8b"):
        return document
    unpacked = b""
    for _ in range(MOST_MEMBERS):
        member = zlib.decompressobj(wbits=31)
        try:
            unpacked += member.decompress(data, limit + 1 - len(unpacked))
        except zlib.error as error:
            raise TooLarge("It is packed with gzip, and the packing is damaged.") from error
        if len(unpacked) > limit:
            raise TooLarge(f"It is packed with gzip and unpacks to more than {limit // 1_000_000} MB.")
        data = member.unused_data
        if not data.startswith(b"\x1f\x8b"):
            return replace(document, data=unpacked, media_type="", charset="")
    raise TooLarge(f"It is packed with gzip in more than {MOST_MEMBERS} parts.")


def _unpack_head(head: bytes) -> bytes:
    try:
        return zlib.decompressobj(wbits=31).decompress(head, A_LONG_HEAD)
    except zlib.error:
        return b""


def _ascii(head: bytes) -> tuple[str, bool]:
    """The ASCII in *head*, all other bytes as something else; and whether each character has two bytes or more."""
    is_wide = head.startswith((b"\xff\xfe", b"\xfe\xff")) or head[:400].count(0) * 3 > len(head[:400])
    if is_wide:
        head = head.replace(b"\0", b"")
    for mark in (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"):
        head = head.removeprefix(mark)
    return head.decode("latin-1"), is_wide


# --- what tells it ---------------------------------------------------------------------------------------

_PICTURES_AND_SUCH = (
    "%PDF",
    "PK\x03\x04",
    "\x89PNG",
    "\xff\xd8\xff",
    "GIF8",
    "RIFF",
    "OggS",
    "ID3",
    "Rar!",
    "7z\xbc\xaf",
    "\xd0\xcf\x11\xe0",
    "{\\rtf",
    "wOFF",
    "wOF2",
    "SQLite format",
    "II*\0",
    "MM\0*",
)
_ROOT = re.compile(r"<(?:([A-Za-z_][\w.-]{0,30}):)?([A-Za-z_][\w.-]{0,30})([^<>]{0,2000})")
_TAG = re.compile(
    r"</?(?:html|head|body|meta|title|div|p|a|br|table|tr|td|span|img|script|style|link|h[1-6]|ul|li|article|section"
    r"|font|center|main|header|nav|b|strong)(?=[\s/>])",
    re.IGNORECASE,
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_ADDRESS_LINE = re.compile(r"https?://[^\s<>]+")
_MHTML = re.compile(r"^content-type:\s*multipart/related", re.IGNORECASE | re.MULTILINE)
_MHTML_PART = re.compile(r"^content-(?:location|transfer-encoding):", re.IGNORECASE | re.MULTILINE)
_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]{1,40}: ")
_NOT_FOR_READING = {
    *("js", "mjs", "css", "json", "csv", "tsv", "yaml", "yml", "ini", "py", "sh", "bat", "map", "svg", "log", "sql"),
    *("jpg", "jpeg", "png", "gif", "webp", "avif", "ico", "mp3", "mp4", "pdf", "doc", "docx", "xls", "xlsx", "zip"),
}
_OTHER_TYPES = re.compile(r"(?:image|audio|video|font)/|.*(?:javascript|css|json|pdf|zip|octet-stream)")


def is_binary(document: Document, text: str, is_wide: bool) -> str:
    """A picture, a PDF, an archive of another kind, an empty file."""
    if not text.strip() or text.startswith(_PICTURES_AND_SUCH) or text[4:8] == "ftyp":
        return UNKNOWN
    # One control character in a hundred is more than any text has.
    return UNKNOWN if not is_wide and len(_CONTROL.findall(text)) * 100 > len(text) else ""


def is_archive(document: Document, text: str, is_wide: bool) -> str:
    """WARC by its first line, MHTML by the headers of the mail that it is."""
    if re.match(r"WARC/\d", text):
        return ARCHIVE
    if not _HEADER.match(text):
        return ""
    head = text[:20_000]
    return ARCHIVE if _MHTML.search(head) and _MHTML_PART.search(head) else ""


def is_json(document: Document, text: str, is_wide: bool) -> str:
    """JSON Feed says so; other JSON is for programs."""
    if text.lstrip()[:1] not in ("{", "["):
        return ""
    if b"jsonfeed.org/version/" in document.data.replace(b"\\/", b"/"):
        return JSON_FEED
    return UNKNOWN if re.match(r'\s*(?:\{\s*"|\[\s*(?:[\[{"\d]|\]))', text) else ""


def is_xml(document: Document, text: str, is_wide: bool) -> str:
    """The root element decides, whatever stands before it."""
    root = _ROOT.match(text, root_at(text))
    if not root:
        return ""
    name = root[2].lower()
    if name == "rdf":
        return FEED if "rss/1.0" in root[3] or "<item" in text or "<channel" in text else UNKNOWN
    if kind := _ROOTS.get(name):
        return kind
    return UNKNOWN if text.lstrip().startswith("<?xml") and not _TAG.search(text) else ""


_ROOTS = {
    "rss": FEED,
    "feed": FEED,
    "channel": FEED,
    "urlset": SITEMAP,
    "sitemapindex": SITEMAP_INDEX,
    "html": PAGE,
    "svg": UNKNOWN,
    "opml": UNKNOWN,
}


def is_list_of_addresses(document: Document, text: str, is_wide: bool) -> str:
    """A sitemap may be a text with an address a line (sitemaps.org)."""
    lines = text[:8000].split("\n")
    lines = [line.strip() for line in (lines[:-1] if len(text) > 8000 else lines) if line.strip()]
    return SITEMAP if lines and all(_ADDRESS_LINE.fullmatch(line) for line in lines) else ""


def is_page(document: Document, text: str, is_wide: bool) -> str:
    """Markup of HTML, with or without a document type."""
    tags = _TAG.findall(text)
    return PAGE if len(tags) >= 3 or (tags and text.lstrip().startswith("<")) else ""


def is_named_so(document: Document, text: str, is_wide: bool) -> str:
    """Text without markup: what the server says of it, then what its name says."""
    ending = PurePosixPath(urlsplit_path(document.url or document.name)).suffix.lower().lstrip(".")
    media_type = document.media_type.lower()
    if media_type.startswith("text/html") or (not media_type and ending in ("html", "htm", "shtml", "xhtml")):
        return PAGE
    return UNKNOWN if _OTHER_TYPES.match(media_type) or ending in _NOT_FOR_READING else DUMP


TELLERS: list[Callable[[Document, str, bool], str]] = [
    is_binary,
    is_archive,
    is_json,
    is_xml,
    is_list_of_addresses,
    is_page,
    is_named_so,
]
"""Asked in this order, each with the document, the ASCII of its head, and whether that was UTF-16; "" is no answer."""


def root_at(text: str) -> int:
    """Where the first element of XML or HTML begins: after declaration, comments, document type and stray words."""
    at = text.find("<")
    while at >= 0:
        if text.startswith("<!--", at):
            end = text.find("-->", at + 4)
        elif text.startswith("<?", at):
            end = text.find("?>", at + 2)
        elif text.startswith("<!", at):
            end = text.find(">", at)
            subset = text.find("[", at, max(at, end))
            end = text.find("]", subset) if subset >= 0 else end
        else:
            return at
        if end < 0:
            return len(text)
        at = text.find("<", end)
    return len(text)


def urlsplit_path(address: str) -> str:
    """The path of an address, or of a file; a broken address is all path."""
    try:
        return urlsplit(address).path if "://" in address else address.replace("\\", "/")
    except ValueError:
        return address
