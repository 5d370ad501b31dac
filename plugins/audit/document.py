"""What an HTML page refers to and declares, read without building a tree."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

_ADDRESSES = {"a": "href", "link": "href", "img": "src", "script": "src", "source": "src", "iframe": "src"}
_LOADED = {"img", "script", "source", "iframe"}
_LOADED_LINKS = {"stylesheet", "icon", "preload", "manifest", "apple-touch-icon"}


@dataclass(slots=True)
class Document:
    """One page.

    Attributes:
        language: of the ``html`` element; empty when it declares none.
        links: (line, address) of everything that the page leads to or loads.
        loaded: those of them that a browser fetches by itself.
        ids: of elements, with repetitions.
        canonical: empty when the page names none.
        alternates: (hreflang, address).
        headings: level of each, in order.
        images_without_alt: lines.
        unnamed_navs: lines of ``nav`` elements without a name.
    """

    language: str = ""
    title: str = ""
    description: str = ""
    canonical: str = ""
    noindex: bool = False
    links: list[tuple[int, str]] = field(default_factory=list)
    loaded: list[tuple[int, str]] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    alternates: list[tuple[str, str]] = field(default_factory=list)
    headings: list[int] = field(default_factory=list)
    images_without_alt: list[int] = field(default_factory=list)
    unnamed_navs: list[int] = field(default_factory=list)


def read_document(text: str) -> Document:
    """Read one page; broken markup gives what can be made of it."""
    parser = _Parser()
    parser.feed(text)
    parser.close()
    return parser.document


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.document = Document()
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        document = self.document
        line = self.getpos()[0]
        if tag == "html":
            document.language = given.get("lang", "")
        elif tag == "title" and not document.title:
            self._in_title = True
        elif tag == "meta":
            if given.get("name") == "description":
                document.description = given.get("content", "")
            document.noindex |= given.get("name") == "robots" and "noindex" in given.get("content", "")
        elif tag == "nav" and not (given.get("aria-label") or given.get("aria-labelledby")):
            document.unnamed_navs.append(line)
        elif tag == "img" and "alt" not in given:
            document.images_without_alt.append(line)
        elif len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
            document.headings.append(int(tag[1]))
        if "id" in given:
            document.ids.append(given["id"])
        if tag in ("img", "source"):
            # A candidate is an address and its width; what we publish has no comma in an address.
            chosen = [(line, one.split()[0]) for one in given.get("srcset", "").split(",") if one.strip()]
            document.links += chosen
            document.loaded += chosen
        address = given.get(_ADDRESSES.get(tag, ""))
        if address is None:
            return
        rel = given.get("rel", "").split()
        if tag == "link" and "canonical" in rel:
            document.canonical = address
        elif tag == "link" and "hreflang" in given and "alternate" in rel:
            document.alternates.append((given["hreflang"], address))
        document.links.append((line, address))
        if tag in _LOADED or (tag == "link" and _LOADED_LINKS.intersection(rel)):
            document.loaded.append((line, address))

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self._in_title = False

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.document.title += data
