"""Addresses in lists: made absolute, and told apart by what they lead to."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice
from urllib.parse import urljoin, urlsplit

from lxml import etree

from plugins.mirror.page.tree import Tree
from plugins.mirror.text.addresses import READERS_DEVICE

_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|bmp|svg)(?:$|[!@?_])", re.IGNORECASE)


A_LONG_ADDRESS = 2_000
"""Characters of an address at most; browsers and servers draw the line here too."""


def absolute(address: str | None, base: str) -> str | None:
    """*address* as an absolute one of the web, without its fragment; None for script, mail, data and broken ones."""
    address = re.sub(r"[\t\r\n]", "", (address or "").strip())
    if not address or len(address) > A_LONG_ADDRESS:
        return None
    try:
        joined = urljoin(base, address).partition("#")[0]
        parts = urlsplit(joined)
        is_of_the_web = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return None
    return joined if is_of_the_web and not re.search(r"\s{2}|[<>\"]", joined) else None


def is_picture(address: str) -> bool:
    """Whether the name of the file says that it is one."""
    return bool(_PICTURE.search(path_of(address)))


def path_of(address: str) -> str:
    """The path of an address; empty when it is broken."""
    return _parts(address)[1]


def query_of(address: str) -> str:
    """What follows the question mark; empty when nothing does or when the address is broken."""
    return _parts(address)[2]


def host_of(address: str) -> str:
    """The host of an address in lower case, without ``www.``, ``m.`` and the like; empty when it is broken."""
    return _parts(address)[0]


@lru_cache(maxsize=4096)  # an index page asks for the parts of each address a dozen times
def _parts(address: str) -> tuple[str, str, str]:
    try:
        parts = urlsplit(address)
        return READERS_DEVICE.sub("", parts.hostname or ""), parts.path, parts.query
    except ValueError:
        return "", "", ""


_SECOND_LEVEL = {"com", "co", "net", "org", "gov", "edu", "ac", "or", "ne", "go", "mil"}


def site_of(address: str) -> str:
    """What the hosts of one portal share: ``news.paper.com.cn`` and ``sport.paper.com.cn`` → ``paper.com.cn``.

    A host without a name (127.0.0.1, localhost) is a site with its port.
    """
    host = host_of(address)
    labels = host.split(".")
    if not labels[-1].isalpha() or len(labels) == 1:
        return address.partition("://")[2].partition("/")[0].lower()
    size = 3 if len(labels) > 2 and labels[-2] in _SECOND_LEVEL and len(labels[-1]) == 2 else 2
    return ".".join(labels[-size:])


def base_of(tree: Tree) -> str:
    """What the relative addresses of a page are relative to; empty when nobody knows or when it is broken."""
    try:
        return tree.base or ""
    except ValueError:
        return ""


MOST_NODES = 300
"""Steps from element to element in one link or card; what is longer is no headline."""


def words_of(element: etree._Element, most: int) -> str:
    """The words of *element*, with single spaces, until there are *most* characters."""
    words, size = [], 0
    for event, node in islice(etree.iterwalk(element, events=("start", "end")), MOST_NODES):
        text = node.text if event == "start" else (node.tail if node is not element else "")
        if text:
            words.append(text)
            size += len(text)
        if size > most:
            break
    return " ".join("".join(words).split())
