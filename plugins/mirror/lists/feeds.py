"""RSS 0.9 – 2.0, RSS 1.0 (RDF), Atom 0.3 and 1.0, JSON Feed 1.0 and 1.1 → `Listing`."""

from __future__ import annotations

import copy
import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

import lxml.html
from lxml import etree

from plugins.mirror.article import Image
from plugins.mirror.clock import today
from plugins.mirror.document import Document
from plugins.mirror.lists.kind import JSON_FEED
from plugins.mirror.lists.links import absolute, is_picture
from plugins.mirror.lists.listing import Entry, Listing
from plugins.mirror.lists.moments import is_after, read_moment
from plugins.mirror.lists.xml_tree import Fields, Refused, inherited, name_of, parse_xml, text_of
from plugins.mirror.page.decoding import decode_page
from plugins.mirror.page.tree import read_json
from plugins.mirror.text.addresses import same_address
from plugins.mirror.text.people import names_in

MOST_ENTRIES = 10_000
"""Entries that are read of one feed."""

LARGEST_FEED = 50_000_000
"""Bytes of a feed, without its packing."""

A_FULL_TEXT = 600
"""Characters from which a description is the article; a line of Chinese counts double. Shorter ones are teasers."""


def read_feed(document: Document, now: date | None = None) -> Listing:
    """Read a feed of any kind.

    Args:
        now: an entry that is dated later has no date, and a warning; today by default.
    Raises: Refused, with a sentence, when it is no feed or no safe one.
    """
    now = now or today()
    if len(document.data) > LARGEST_FEED:
        raise Refused(f"It is larger than {LARGEST_FEED // 1_000_000} MB.")
    if document.data[:4000].removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"["):
        return _without_future(_read_json_feed(document), now)
    tree = parse_xml(document, LARGEST_FEED)
    items = [element for element in tree.root.iter(etree.Element) if name_of(element) in ("item", "entry")]
    channel = _channel(tree.root)
    if not items and channel is None:
        raise Refused("It is no feed: there is neither a channel nor an entry in it.")
    head = Fields(channel if channel is not None else tree.root)
    base = document.url or _own_address(head)
    language = inherited(head.element, "lang") or head.first("language", "dc:language")
    entries = [_entry(Fields(item), base, language) for item in items[:MOST_ENTRIES]]
    warnings = list(tree.warnings)
    if len(items) > MOST_ENTRIES:
        warnings.append(f"It has {len(items)} entries; the first {MOST_ENTRIES} were read.")
    listing = Listing(
        kind="feed",
        title=plain(head.first("title")),
        language=language,
        entries=_numbered(entry for entry in entries if entry.url or entry.html),
        next_page=_paging(head, base, document.url),
        warnings=tuple(warnings),
    )
    return _without_future(listing, now)


def _own_address(head: Fields) -> str:
    """The address of the portal as its feed gives it; empty when it does not."""
    addresses = (absolute(link.get("href") or text_of(link), "") for link in head.all("link"))
    return next(filter(None, addresses), "")


def _channel(root: etree._Element) -> etree._Element | None:
    """The element that describes the feed itself."""
    if name_of(root) == "feed":
        return root
    return next((element for element in root.iter(etree.Element) if name_of(element) in ("channel", "feed")), None)


# --- one entry of RSS or Atom ----------------------------------------------------------------------------


def _entry(fields: Fields, base: str, language: str) -> Entry:
    base = absolute(inherited(fields.element, "base"), base) or base
    language = inherited(fields.element, "lang") or fields.first("dc:language", "language") or language
    is_chinese = not language or language.lower().startswith("zh")
    url, alternates = _addresses(fields, base, language)
    body = _content(fields)
    description = fields.first("description", "summary", "itunes:summary", "media:description")
    if not body and is_full_text(description):
        body, description = description, ""
    return Entry(
        url=url,
        guid=fields.first("guid", "id") or _about(fields.element),
        title=plain(fields.first("title", "dc:title", "media:title")),
        date=_first_moment(
            fields, ("pubdate", "published", "dc:date", "issued", "dcterms:issued", "created"), is_chinese
        ),
        modified=_first_moment(fields, ("updated", "modified", "dcterms:modified"), is_chinese),
        authors=_authors(fields),
        tags=_unique(plain(word) for word in _tags(fields)),
        summary=plain(description),
        html=_with_base(body, inherited(fields.element, "base"), base) if body else "",
        language=language,
        alternates=alternates,
        images=_images(fields, base),
    )


def _addresses(fields: Fields, base: str, language: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The entry's own address, and those of its versions in other languages."""
    own: list[tuple[bool, str]] = []
    alternates = []
    for link in fields.all("link"):
        address = absolute(link.get("href") or text_of(link), base)
        if not address or (link.get("rel") or "alternate").lower() != "alternate":
            continue
        other = (link.get("hreflang") or "").strip()
        if other and language and other.lower() != language.lower():
            alternates.append((other, address))
        else:
            own.append(("html" not in (link.get("type") or "html"), address))
    # A feed that counts its readers hides the address behind its own; it says so.
    url = absolute(fields.first("feedburner:origlink"), base) or min(own, default=(False, ""))[1]
    return url or _address_by_name(fields, base), _unique(alternates)


def _address_by_name(fields: Fields, base: str) -> str:
    """The address of an entry without a link: its name may be one."""
    names = [text_of(guid) for guid in fields.all("guid") if guid.get("isPermaLink", "").strip().lower() != "false"]
    names += [fields.first("id"), _about(fields.element)]
    names += [content.get("src", "") for content in fields.all("content")]
    return next((absolute(name, base) or "" for name in names if name.startswith(("http://", "https://"))), "")


def _about(element: etree._Element) -> str:
    """What RDF calls it."""
    return next((value.strip() for name, value in element.attrib.items() if name.rpartition("}")[2] == "about"), "")


def _first_moment(fields: Fields, names: Iterable[str], is_chinese: bool) -> str | None:
    moments = (read_moment(text_of(element), is_chinese) for element in fields.all(*names))
    return next((moment for moment in moments if moment), None)


def _authors(fields: Fields) -> tuple[str, ...]:
    """The names of those who wrote it."""
    written = []
    for element in fields.all("dc:creator", "author", "itunes:author"):
        named = [text_of(child) for child in element.iterchildren(etree.Element) if name_of(child) == "name"]
        written += named or [text_of(element)]
    return _unique(name for words in written for name in split_authors(words))


_MAIL = re.compile(r"[^\s()<>]{1,100}@[^\s()<>]{1,100}")


def split_authors(words: str) -> tuple[str, ...]:
    """``desk@a.example (Jane Doe and Li Lei)`` → Jane Doe, Li Lei; what holds no name of a person stays whole."""
    words = _MAIL.sub("", plain(words)[:300]).strip(' ()<>"')
    return names_in(words) or ((words,) if words else ())


def _tags(fields: Fields) -> Iterator[str]:
    for element in fields.all("category", "dc:subject"):
        yield element.get("label") or text_of(element) or element.get("term") or ""
    for element in fields.all("media:keywords", "itunes:keywords"):
        yield from re.split(r"[,，;；]", text_of(element))


def _images(fields: Fields, base: str) -> tuple[Image, ...]:
    """The pictures given with an entry, each once; groups of Media RSS opened."""
    media = [*fields.all("enclosure", "media:content", "media:thumbnail", "itunes:image")]
    media += [child for group in fields.all("media:group") for child in group.iterchildren(etree.Element)]
    media += [link for link in fields.all("link") if link.get("rel") == "enclosure"]
    found: dict[str, Image] = {}
    for element in media:
        address = absolute(element.get("url") or element.get("href"), base)
        if not address or address in found or not _is_image(element, address):
            continue
        words = Fields(element)
        caption = plain(words.first("media:description", "media:title"))
        found[address] = Image(address, caption or None, words.first("media:credit") or None, caption or None)
    return tuple(found.values())


def _is_image(element: etree._Element, address: str) -> bool:
    stated = element.get("type") or element.get("medium") or ""
    return (
        stated.startswith("image")
        or name_of(element) in ("media:thumbnail", "itunes:image")
        or (not stated and is_picture(address))
    )


# --- the text of an entry --------------------------------------------------------------------------------


def _content(fields: Fields) -> str:
    """The article as HTML, when the entry carries it; else empty."""
    encoded = fields.first("content:encoded", "xhtml:body")
    if encoded:
        return encoded
    for content in fields.all("content"):
        kind = (content.get("type") or "text").lower()
        if "xhtml" in kind or kind.endswith("xml"):
            return _inner_html(content)
        if (text := text_of(content)) and kind in ("text", "text/plain") and not _MARKUP.search(text):
            return as_paragraphs(text)
        if text:
            return text
    return ""


def _inner_html(element: etree._Element) -> str:
    """What is in *element*, as HTML without namespaces."""
    copied = copy.deepcopy(element)
    for inner in copied.iter(etree.Element):
        inner.tag = name_of(inner).rpartition(":")[2] or "span"
    etree.cleanup_namespaces(copied)
    words = [html.escape(copied.text or "", quote=False)]
    words += [etree.tostring(child, method="html", encoding="unicode") for child in copied.iterchildren(etree.Element)]
    return "".join(words).strip()


def as_paragraphs(text: str) -> str:
    """Plain text as HTML, a paragraph for each line."""
    return "".join(f"<p>{html.escape(line.strip(), quote=False)}</p>" for line in text.splitlines() if line.strip())


def _with_base(body: str, stated: str, base: str) -> str:
    """*body* with the address that its links are relative to, if that is not the entry's own."""
    return f'<base href="{html.escape(base)}">{body}' if stated and base else body


_MARKUP = re.compile(
    r"<(?:/?(?:p|div|br|b|i|em|strong|a|span|font|img|ul|ol|li|h[1-6]|table|blockquote|sub|sup|u|section|figure))\b[^<>]{0,2000}>",
    re.IGNORECASE,
)
_PARAGRAPH = re.compile(r"<(?:p|br|div)\b", re.IGNORECASE)


def is_full_text(description: str) -> bool:
    """Whether a description is the article itself: several paragraphs, and long."""
    if len(_PARAGRAPH.findall(description)) < 2:
        return False
    text = plain(description)
    return len(text) + sum("\u4e00" <= char <= "\u9fff" for char in text) >= A_FULL_TEXT


def plain(text: str) -> str:
    """*text* without markup, entities and double spaces."""
    if _MARKUP.search(text):
        try:
            root = lxml.html.fromstring(f"<div>{text}</div>")
            text = " ".join(root.itertext())
        except (etree.ParserError, ValueError):
            text = _MARKUP.sub(" ", text)
    return " ".join(html.unescape(text).split())


# --- JSON Feed -------------------------------------------------------------------------------------------


def _read_json_feed(document: Document) -> Listing:
    text, warnings = decode_page(document)
    feed = read_json(text)
    if not isinstance(feed, dict) or not isinstance(feed.get("items"), list):
        raise Refused("It is no JSON Feed: there is no list of items in it.")
    base = document.url or _word(feed, "feed_url") or _word(feed, "home_page_url")
    language = _word(feed, "language")
    items = [item for item in feed["items"][:MOST_ENTRIES] if isinstance(item, dict)]
    entries = [_json_entry(item, base, language) for item in items]
    next_page = absolute(_word(feed, "next_url"), base)
    return Listing(
        kind=JSON_FEED,
        title=_word(feed, "title"),
        language=language,
        entries=_numbered(entry for entry in entries if entry.url or entry.html),
        next_page=next_page if next_page and not same_address(next_page, document.url or "") else None,
        warnings=warnings,
    )


def _json_entry(item: dict, base: str, language: str) -> Entry:
    language = _word(item, "language") or language
    is_chinese = not language or language.lower().startswith("zh")
    authors = [author for author in (*_list(item, "authors"), item.get("author")) if isinstance(author, dict)]
    pictures = [_word(item, "image"), _word(item, "banner_image")]
    pictures += [_word(each, "url") for each in _list(item, "attachments") if _word(each, "mime_type")[:6] == "image/"]
    addresses = _unique(address for picture in pictures if (address := absolute(picture, base)))
    url = (
        absolute(_word(item, "url"), base)
        or absolute(_word(item, "id"), "")
        or absolute(_word(item, "external_url"), base)
    )
    return Entry(
        url=url or "",
        guid=_word(item, "id"),
        title=plain(_word(item, "title")),
        date=read_moment(_word(item, "date_published"), is_chinese),
        modified=read_moment(_word(item, "date_modified"), is_chinese),
        authors=_unique(name for author in authors for name in split_authors(_word(author, "name"))),
        tags=_unique(tag.strip() for tag in _list(item, "tags") if isinstance(tag, str)),
        summary=plain(_word(item, "summary")),
        html=_word(item, "content_html") or as_paragraphs(_word(item, "content_text")),
        language=language,
        images=tuple(Image(address) for address in addresses),
    )


def _word(values: object, key: str) -> str:
    """A string or number of a JSON object; empty for anything else."""
    value = values.get(key) if isinstance(values, dict) else None
    return str(value).strip() if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _list(values: dict, key: str) -> list:
    value = values.get(key)
    return value if isinstance(value, list) else []


# --- the feed as a whole ---------------------------------------------------------------------------------


def _paging(head: Fields, base: str, url: str | None) -> str | None:
    """Where older entries are (RFC 5005: paged feeds, else archived ones)."""
    links = {(link.get("rel") or "").lower(): link.get("href") for link in reversed([*head.all("link")])}
    address = absolute(links.get("next") or links.get("prev-archive"), base)
    return address if address and not same_address(address, url or "") else None


def _numbered(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    return tuple(replace(entry, position=at) for at, entry in enumerate(entries))


def _without_future(listing: Listing, now: date) -> Listing:
    """The same listing; dates that lie ahead are taken out, with a warning."""
    ahead = [entry for entry in listing.entries if entry.date and is_after(entry.date, now)]
    if not ahead:
        return listing
    entries = tuple(replace(entry, date=None) if entry in ahead else entry for entry in listing.entries)
    first = f'"{ahead[0].title}" on {ahead[0].date}'
    sentence = f"{len(ahead)} entries are dated in the future, {first}; their dates are left out."
    return replace(listing, entries=entries, warnings=(*listing.warnings, sentence))


def _unique(values: Iterable) -> tuple:
    return tuple(dict.fromkeys(value for value in values if value))
