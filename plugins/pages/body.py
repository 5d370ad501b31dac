"""The text of a story as one page shows it: links lead to pages, pictures have their room."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

from plugins.stories.pictures import Variant
from plugins.stories.portal import resolve_reference

SIZES = "(min-width: 48em) 43rem, 72vw"
"""How wide a picture in the column of text is shown, for browsers that choose between its forms; picture.html says the
same. On phones it fills the screen, but nobody sees all of their three pixels to a point, and so most of them fetch
960 pixels instead of 1,600."""

_ANCHOR = re.compile(r'<a ([^>]*?)href="([^"]*)"([^>]*)>(.*?)</a>', re.DOTALL)
_IMAGE = re.compile(r'<img ((?:[^"<>]|"[^"]*")*?)(?<= )src="([^"]*)"((?:[^"<>]|"[^"]*")*)>')
_LATE = ' loading="lazy" decoding="async"'


def place_body(
    body: str,
    path: str,
    address_of: Callable[[str], str | None],
    size_of: Callable[[str], tuple[int, int]],
    link: Callable[[str], str],
    variants_of: Callable[[str], tuple[Variant, ...]] = lambda path: (),
) -> str:
    """*body* with every reference to another file of content/ turned into a link.

    A reference to a file that has no page (a draft, a story under embargo) keeps its words and loses its link.

    Args:
        body: sanitised HTML, as the reader made it.
        path: of the Markdown file below content/, which references are relative to.
        address_of: path below content/ → address in the portal; None when it has no page.
        size_of: path of a picture → width and height in CSS pixels, 0 when unknown.
        link: address → what to write into the page.
        variants_of: path of a picture → its lighter forms, which browsers may choose from.
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
        before, reference, after = match.groups()
        if urlsplit(html.unescape(reference)).scheme:
            return match[0]
        file = resolve_reference(path, html.unescape(reference))
        width, height = size_of(file)
        given = " width=" in match[0] or " height=" in match[0]
        size = f'width="{width}" height="{height}" ' if width and height and not given else ""
        tag = f'<img {before}{size}src="{resolve(reference) or reference}"{after}>'
        return _with_variants(tag, [(html.escape(link(one.src)), one.width) for one in variants_of(file)])

    return _IMAGE.sub(image, _ANCHOR.sub(anchor, body))


def _with_variants(image: str, variants: Iterable[tuple[str, int]]) -> str:
    srcset = ", ".join(f"{address} {width}w" for address, width in variants)
    if not srcset:
        return image
    return f'<picture><source type="image/webp" srcset="{srcset}" sizes="{SIZES}">{image}</picture>'


def pictures_in(body: str, path: str) -> set[str]:
    """The pictures that a sanitised *body* shows, as paths below content/; *path* as in place_body."""
    return {resolve_reference(path, html.unescape(match[2])) for match in _IMAGE.finditer(body)}


def hasten_first_picture(body: str) -> str:
    """*body* with its first picture loading at once, for pages that show none above it."""
    return _IMAGE.sub(lambda match: match[0].replace(_LATE, ""), body, count=1)
