"""Addresses of the portal as links of a page."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

_SAFE = "/:?=&-_.~"


def relative_link(address: str, path: str, file_links: bool) -> str:
    """The link from the file *path* to *address*; it works on a host root, under a sub-path and from the disk.

    Args:
        address: below the root (``en/tag/镍/``, empty for the root); may end in ``?…`` or ``#…``.
        path: of the file that holds the link, below the output folder (``en/index.html``).
        file_links: name ``index.html``, which a disk does not add by itself.
    Returns: percent-encoded, never empty.
    """
    address, mark, fragment = address.partition("#")
    if file_links and (not address or address.endswith("/")):
        address += "index.html"
    # posixpath.relpath would ask for the working directory twice; a list page has hundreds of links.
    here, there = path.split("/")[:-1], address.split("/")
    shared = 0
    for mine, its in zip(here, there[:-1], strict=False):
        if mine != its:
            break
        shared += 1
    link = "../" * (len(here) - shared) + "/".join(there[shared:]) or "./"
    return quote(link, safe=_SAFE) + mark + quote(fragment, safe=_SAFE)


def rooted_link(address: str, root: str) -> str:
    """The link to *address* from wherever on the host; for a page that is served at addresses it cannot know.

    Args:
        address: below the root of the portal.
        root: absolute address of the portal's root; empty means the root of the host.
    """
    address, mark, fragment = address.partition("#")
    base = urlsplit(root).path.rstrip("/")
    return f"{base}/{quote(address, safe=_SAFE)}{mark}{quote(fragment, safe=_SAFE)}"


def absolute_link(address: str, root: str) -> str:
    """The full address, for those who read it outside of the page: search engines, feed readers."""
    address, mark, fragment = address.partition("#")
    return f"{root}/{quote(address, safe=_SAFE)}{mark}{quote(fragment, safe=_SAFE)}"
