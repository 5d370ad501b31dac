"""Addresses of the portal as links of a page."""

from __future__ import annotations

import functools
import re
from urllib.parse import quote, urlsplit

_SAFE = "/:?=&-_.~"

_PLAIN = re.compile(r"[A-Za-z0-9/:?=&_.~-]*").fullmatch
"""Whether nothing of an address needs to be encoded, as of most."""

LINKS = 10_000
"""Links that a process remembers of files that are as deep."""


def relative_link(address: str, path: str, file_links: bool) -> str:
    """The link from the file *path* to *address*; it works on a host root, under a sub-path and from the disk.

    It climbs to the edition of the page, or to the root, and no less where it could: so all pages of an edition that
    are as deep have the same links, and what shows them (a card, the menus, the footer) is rendered once for all.

    Args:
        address: below the root (``en/tag/镍/``, empty for the root); may end in ``?…`` or ``#…``.
        path: of the file that holds the link, below the output folder (``en/index.html``).
        file_links: name ``index.html``, which a disk does not add by itself.
    Returns: percent-encoded, never empty.
    """
    return links_from(path, file_links)[address]


class Links(dict[str, str]):
    """Address → the link to it from the files of an *edition* that are as many folders below the root.

    A page asks for some forty, and most of them were asked for before.

    Attributes:
        depth: equal where all links are.
    """

    def __init__(self, edition: str, climbs: int, file_links: bool) -> None:
        self.depth = (edition, climbs)
        self._edition = f"{edition}/"
        self._to_edition = "../" * (climbs - 1)
        self._to_root = "../" * climbs
        self._file_links = file_links

    def __missing__(self, address: str) -> str:
        link = _encoded(address, self._file_links)
        inside = self._to_root and link.startswith(self._edition)
        made = (self._to_edition + link[len(self._edition) :] if inside else self._to_root + link) or "./"
        if len(self) >= LINKS:
            self.clear()
        self[address] = made
        return made


@functools.lru_cache(maxsize=64)
def _links_of(edition: str, climbs: int, file_links: bool) -> Links:
    return Links(edition, climbs, file_links)


@functools.lru_cache(maxsize=1024)
def links_from(path: str, file_links: bool) -> Links:
    """All that relative_link gives for the file *path*."""
    # A file outside of any edition is at the root.
    edition, slash, _ = path.partition("/")
    return _links_of(edition if slash else "", path.count("/"), file_links)


@functools.lru_cache(maxsize=20_000)
def _encoded(address: str, file_links: bool) -> str:
    if _PLAIN(address):
        return f"{address}index.html" if file_links and (not address or address.endswith("/")) else address
    address, mark, fragment = address.partition("#")
    if file_links and (not address or address.endswith("/")):
        address += "index.html"
    return quote(address, safe=_SAFE) + mark + quote(fragment, safe=_SAFE)


def rooted_link(address: str, root: str) -> str:
    """The link to *address* from wherever on the host; for a page that is served at addresses it cannot know.

    Args:
        address: below the root of the portal.
        root: absolute address of the portal's root; empty means the root of the host.
    """
    return f"{urlsplit(root).path.rstrip('/')}/{_encoded(address, False)}"


def absolute_link(address: str, root: str) -> str:
    """The full address, for those who read it outside of the page: search engines, feed readers."""
    return f"{root}/{_encoded(address, False)}"
