"""Addresses of the portal as links of a page."""

from __future__ import annotations

import functools
from urllib.parse import quote, urlsplit

_SAFE = "/:?=&-_.~"


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
    to_root, edition, to_edition = _way_up(path)
    link = _encoded(address, file_links)
    if edition and link.startswith(edition):
        return to_edition + link[len(edition) :] or "./"
    return to_root + link or "./"


def depth(path: str) -> tuple[str, str]:
    """What decides the links of the file *path*: files for which it is equal have the same ones."""
    return _way_up(path)[:2]


@functools.lru_cache(maxsize=1024)
def _way_up(path: str) -> tuple[str, str, str]:
    """From the file *path* to the root; its edition with a slash, empty for a file outside of any; the way to that."""
    edition, slash, rest = path.partition("/")
    up = "../" * rest.count("/")
    return (f"../{up}", f"{edition}/", up) if slash else ("", "", "")


@functools.lru_cache(maxsize=100_000)
def _encoded(address: str, file_links: bool) -> str:
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
