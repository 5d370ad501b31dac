"""SVG that is safe to publish: shapes and words stay; programs, addresses of others and everything unknown go."""

from __future__ import annotations

import re

from lxml import etree

from plugins.mirror.keep.unusable import Unusable

SVG = "{http://www.w3.org/2000/svg}"
_XLINK = "{http://www.w3.org/1999/xlink}href"

_SHAPES = "circle ellipse g line path polygon polyline rect svg switch symbol text textPath tspan use"
_PAINT = "clipPath defs desc linearGradient marker mask pattern radialGradient stop style title"
_FILTERS = (
    "feBlend feColorMatrix feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting feDisplacementMap"
    " feDistantLight feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur feMerge feMergeNode"
    " feMorphology feOffset fePointLight feSpecularLighting feSpotLight feTile feTurbulence filter"
)
TAGS = frozenset(f"{_SHAPES} {_PAINT} {_FILTERS}".split())
"""Elements that draw. What animates can write addresses, and what embeds (image, foreignObject) brings strangers in."""

_TEXTS = frozenset({f"{SVG}text", f"{SVG}tspan", f"{SVG}textPath"})

MOST_BYTES = 2_000_000
MOST_ELEMENTS = 50_000

_START = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--(?:(?!-->).)*-->\s*)*(?:<!DOCTYPE\s+svg|<svg[\s>/])", re.DOTALL
)
_STRANGE = re.compile(r"url\((?!\s*[\"']?#)|@|\\|expression|javascript|data:|://", re.IGNORECASE)
_SPACE = re.compile(r"[\s\0]+")


def is_drawing(data: bytes) -> bool:
    """Whether *data* begins as an SVG file does."""
    return bool(_START.match(data.removeprefix(b"\xef\xbb\xbf")[:10_000]))


def read_drawing(data: bytes) -> bytes:
    """The drawing without what is not safe, as UTF-8.

    Raises: Unusable when it is no XML, is too large, says no size, or would multiply itself.
    """
    if len(data) > MOST_BYTES:
        raise Unusable(f"The drawing has more than {MOST_BYTES // 1_000_000} MB.")
    if b"<!ENTITY" in data[:100_000]:
        raise Unusable("The drawing declares entities.")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True, huge_tree=False
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unusable("The drawing is damaged.") from error
    if root.tag != f"{SVG}svg":
        raise Unusable("The file is no drawing.")
    elements = list(root.iter())
    if len(elements) > MOST_ELEMENTS:
        raise Unusable(f"The drawing has more than {MOST_ELEMENTS:,} parts.")
    for element in elements:
        _clean(element)
    _refuse_multiplication(root)
    if not root.get("viewBox") and not (root.get("width") and root.get("height")):
        raise Unusable("The drawing says no size.")
    etree.cleanup_namespaces(root)
    return etree.tostring(root, encoding="utf-8")


def _clean(element: etree._Element) -> None:
    name = element.tag.removeprefix(SVG) if isinstance(element.tag, str) else ""
    # The words of a link stay, without the link.
    allowed = element.tag == SVG + name and (name in TAGS or name == "a")
    if not allowed or (name == "style" and _STRANGE.search("".join(element.itertext()))):
        _remove(element)
        return
    if name == "a":
        element.tag = f"{SVG}tspan" if element.getparent().tag in _TEXTS else f"{SVG}g"
        element.attrib.clear()
    for attribute, value in list(element.attrib.items()):
        if not _is_harmless(attribute, value):
            del element.attrib[attribute]


def _remove(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is not None:
            before.tail = (before.tail or "") + element.tail
        else:
            parent.text = (parent.text or "") + element.tail
    parent.remove(element)


def _is_harmless(attribute: str, value: str) -> bool:
    if attribute == "href" or attribute == _XLINK:
        return value.strip().startswith("#")
    if attribute.startswith("{"):
        return attribute.endswith("}space")  # xml:space; all others are of editing programs
    return not attribute.lower().startswith("on") and not _STRANGE.search(_SPACE.sub("", value))


def _refuse_multiplication(root: etree._Element) -> None:
    """Ten copies of ten copies of ten copies stop a browser; a chart copies plain shapes."""
    copies = list(root.iter(f"{SVG}use"))
    named = {element.get("id"): element for element in root.iter() if element.get("id")}
    for copy in copies:
        target = named.get((copy.get("href") or copy.get(_XLINK) or "").strip()[1:])
        if target is not None and next(target.iter(f"{SVG}use"), None) is not None:
            raise Unusable("The drawing copies copies of itself.")
