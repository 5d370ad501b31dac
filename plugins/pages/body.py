"""The text of a story as one page shows it: links lead to pages, pictures have their room."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from urllib.parse import urlsplit

from plugins.stories.portal import resolve_reference

_ANCHOR = re.compile(r'<a ([^>]*?)href="([^"]*)"([^>]*)>(.*?)</a>', re.DOTALL)
_IMAGE = re.compile(r'<img ([^>]*?)src="([^"]*)"')


def place_body(
    body: str,
    path: str,
    address_of: Callable[[str], str | None],
    size_of: Callable[[str], tuple[int, int]],
    link: Callable[[str], str],
) -> str:
    """*body* with every reference to another file of content/ turned into a link.

    A reference to a file that has no page (a draft, a story under embargo) keeps its words and loses its link.

    Args:
        body: sanitised HTML, as the reader made it.
        path: of the Markdown file below content/, which references are relative to.
        address_of: path below content/ → address in the portal; None when it has no page.
        size_of: path of a picture → width and height in CSS pixels, 0 when unknown.
        link: address → what to write into the page.
    """

    def resolve(reference: str) -> str | None:
        target = html.unescape(reference)
        parts = urlsplit(target)
        if parts.scheme or parts.netloc or not parts.path:
            return reference
        address = address_of(resolve_reference(path, target))
        if address is None:
            return None
        # The reader has encoded it already.
        fragment = f"#{parts.fragment}" if parts.fragment else ""
        return html.escape(link(address) + fragment)

    def anchor(match: re.Match[str]) -> str:
        before, reference, after, words = match.groups()
        target = resolve(reference)
        return words if target is None else f'<a {before}href="{target}"{after}>{words}</a>'

    def image(match: re.Match[str]) -> str:
        before, reference = match.groups()
        size = ""
        if not urlsplit(reference).scheme:
            width, height = size_of(resolve_reference(path, html.unescape(reference)))
            size = f'width="{width}" height="{height}" ' if width and height else ""
        return f'<img {before}{size}src="{resolve(reference) or reference}"'

    return _IMAGE.sub(image, _ANCHOR.sub(anchor, body))
