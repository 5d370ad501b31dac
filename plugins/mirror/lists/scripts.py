"""Lists that a page builds from data in its scripts."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator

from plugins.mirror.lists.links import absolute
from plugins.mirror.lists.moments import read_moment

A_LONG_SCRIPT = 2_000_000
"""Characters of a script that are read; what is longer is a program."""

MOST_STARTS = 40
"""Places in a script where data may begin."""

MOST_OBJECTS = 20_000
"""Objects of the data that are looked at."""


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


URL_KEYS = _words(
    "url link href articleurl article_url linkurl link_url pcurl pc_url weburl docurl arcurl shareurl share_url"
    " detailurl newsurl contenturl permalink path titleurl"
)
TITLE_KEYS = _words("title headline articletitle newstitle showtitle linktitle name topic subject")
DAY_KEYS = _words(
    "publishtime publish_time pubtime pubdate pub_date publishdate publish_date datepublished date time ctime"
    " createtime create_time showtime focus_date published publishedat published_at display_time updatetime ptime"
)
"""Names of fields, in lower case, the surest first."""

_START = re.compile(r"(?:^|[=(:,]\s{0,20}|return\s{1,5}|JSON\.parse\(\s{0,5})(?=[\[{])")
_FLAT_OBJECT = re.compile(r"\{[^{}]{20,4000}\}")
_PAIR = re.compile(
    r"""["']?([A-Za-z_]{3,20})["']?\s{0,5}:\s{0,5}(?:"((?:[^"\\\n]|\\.){1,600})"|'((?:[^'\\\n]|\\.){1,600})')"""
)


def links_in_script(text: str, base: str) -> Iterator[tuple[str, str, str | None]]:
    """Address, title and day (ISO 8601, or None) of what the data in a script lists; only what stands there plainly.

    Args:
        text: JSON, or a program with JSON or simple object literals in it.
        base: what relative addresses are relative to.
    """
    if len(text) > A_LONG_SCRIPT or not re.search(r"https?:\\?/|\.s?html?[\"']|[\"'](?:url|link|href)[\"']", text):
        return
    found = list(_links_of(_objects_of_json(text), base))
    yield from found or _links_of(_flat_objects(text), base)


def _links_of(objects: Iterable[dict], base: str) -> Iterator[tuple[str, str, str | None]]:
    for values in objects:
        address = next((value for key in URL_KEYS if isinstance(value := values.get(key), str) and "/" in value), "")
        title = next((value for key in TITLE_KEYS if isinstance(value := values.get(key), str) and value.strip()), "")
        url = absolute(address, base) if address and title else None
        if url:
            day = next((moment for key in DAY_KEYS if (moment := _moment(values.get(key)))), None)
            yield url, " ".join(html.unescape(re.sub(r"<[^<>]{1,200}>", "", title)).split())[:300], day


def _moment(value: object) -> str | None:
    return read_moment(str(value)) if isinstance(value, str | int) else None


def _objects_of_json(text: str) -> Iterator[dict]:
    """The objects of the data in *text*, keys in lower case, in their order."""
    decoder, at, left = json.JSONDecoder(strict=False), 0, MOST_OBJECTS
    for start in _starts(text):
        if start < at:
            continue
        try:
            data, at = decoder.raw_decode(text, start)
        except (ValueError, RecursionError):
            continue
        waiting = [data]
        while waiting and left > 0:
            item = waiting.pop()
            if isinstance(item, dict):
                left -= 1
                yield {str(key).lower(): value for key, value in item.items()}
                waiting.extend(value for value in reversed(item.values()) if isinstance(value, dict | list))
            elif isinstance(item, list):
                waiting.extend(reversed(item))


def _starts(text: str) -> Iterator[int]:
    for found, _ in zip(_START.finditer(text), range(MOST_STARTS), strict=False):
        yield found.end()


def _flat_objects(text: str) -> Iterator[dict]:
    """Object literals of a program that are no JSON: keys without quotation marks, single ones around values."""
    for found, _ in zip(_FLAT_OBJECT.finditer(text), range(MOST_OBJECTS), strict=False):
        pairs = _PAIR.findall(found[0])
        yield {key.lower(): _unquoted(double or single) for key, double, single in reversed(pairs)}


def _unquoted(value: str) -> str:
    return re.sub(r"\\u([0-9a-fA-F]{4})|\\(.)", lambda found: chr(int(found[1], 16)) if found[1] else found[2], value)
