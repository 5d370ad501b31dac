"""Which picture an img element shows, whether it is one, and which words below it are its caption."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from plugins.mirror.article import Image
from plugins.mirror.page.leaves import Leaf, squeeze
from plugins.mirror.page.tree import Tree
from plugins.mirror.page.zones import Zone
from plugins.mirror.text.plain import without_tags

LAZY = [
    "data-src",
    "data-original",
    "data-lazy-src",
    "data-lazyload",
    "data-lazy",
    "data-actualsrc",
    "data-original-src",
    "data-orig-file",
    "data-large-file",
    "data-url",
    "data-img-url",
    "data-echo",
    "data-ks-lazyload",
    "data-hi-res-src",
    "data-full-src",
    "data-image",
    "file",
    "zoomfile",
    "data-imgurl",
    "_src",
]
"""Attributes that hold the address until a script moves it to src; the last ones are of Discuz and old portals."""

SMALLEST = 90
"""Pixels; what is less wide or high is an icon."""

_PLACEHOLDER = re.compile(
    r"^data:|(?:^|[/_.-])(?:blank|spacer|space|placeholder|loading|lazy|lazyload|transparent|pixel|1x1|grey|gray"
    r"|empty|default|dot|clear|none)"
    r"[^/]{0,12}\.(?:gif|png|jpe?g|svg|webp)(?:$|\?)",
    re.IGNORECASE,
)
_ICON = re.compile(
    r"(?:^|[/_.?&=-])(?:logo|icons?|ico|avatar|head(?:img|pic|portrait)|qr|qrcode|ewm|erweima|share|btn|button"
    r"|arrow|bullet|emoji|smil(?:ey|ies)"
    r"|face|beacon|track(?:er|ing)?|counter|count|stat(?:s|istics)?|analytics|tongji|sprite|badge|banner|ad|ads"
    r"|weixin|wechat|weibo|gg|adv|pixel|favicon|rss)(?:[/_.?&=\d-]|$)",
    re.IGNORECASE,
)
_CAPTION_WORDS = re.compile(
    r"^[\s(（【\[]*(?:图为|图[一二三四五六七八九十\d]*\s?[:：/丨|]|[△▲▼↑↓◎]|资料图|配图|图片(?:来源|说明)?|题图"
    r"|图中|图示|上图|下图|左图|右图|供图|制图"
    r"|(?:file )?(?:photo|photograph|picture|image|illustration|credit|caption)s?(?: by| credit"
    r"| courtesy(?: of)?)?\s?[:/|])|"
    r"(?:摄影?|供图|资料图|资料图片|制图|图|发)[)）]?\s*$|(?:getty(?: images)?|/ap|reuters|afp|/xinhua"
    r"|photo by [^.]{3,40}"
    r"|/pool)[)）\].]*\s*$",
    re.IGNORECASE,
)
_CREDIT = re.compile(
    r"[\s(（\[【|]*(?P<credit>(?:(?:photo(?:graph(?:er|y|ed)?)?s?|image|picture|illustration|credit|pic)s?(?:\s(?:by"
    r"|credit|courtesy(?: of)?|from))?\s?[:/|]?\s?"
    r"(?-i:[A-Z]).{1,60}?)|(?:(?:图片?来源|图源|图片|摄影|供图|来源|图)\s?[:：/|丨]\s?.{1,30}?)"
    r"|(?:[\u4e00-\u9fff]{2,12}(?:记者"
    r"|通讯员)\s?)?[\u4e00-\u9fff·\s]{2,9}?\s?[/／]?\s?(?:摄影?|供图|制图|摄发)"
    r"|(?-i:[A-Z])[\w .'’-]{1,40}/(?-i:[A-Z])[\w .'’/-]{1,40})[)）\]】.]*$",
    re.IGNORECASE,
)


_HOLDER = re.compile(
    r"(?:^|[\s_-])(?:\w*image|img|photo|picture|media|figure|pic|thumb|gallery)(?:$|[\s_-])", re.IGNORECASE
)
"""Classes of what holds a picture and the words below it."""


def picture_of(tree: Tree, element: HtmlElement) -> Image | None:
    """The picture of an img or amp-img element; None for icons, counters, placeholders and unsafe addresses."""
    if _is_small(element):
        return None
    address = next((found for found in _addresses(tree, element) if not _PLACEHOLDER.search(found)), None)
    if not address or _ICON.search(address.split("//", 1)[-1].split("/", 1)[-1]):
        return None
    names = f"{element.get('class', '')} {element.get('id', '')}"
    if re.search(r"(?:^|[\s_-])(?:logo|icon|avatar|emoji|qrcode|tracking)(?:$|[\s_-])", names, re.IGNORECASE):
        return None
    return Image(src=address, alt=squeeze(without_tags(element.get("alt") or element.get("title") or "")) or None)


def _addresses(tree: Tree, element: HtmlElement):
    for name in LAZY:
        if address := tree.absolute(element.get(name)):
            yield address
    # libxml2 knows no void source element, so that the img of a picture stands inside it.
    around = [parent for parent in element.iterancestors("source", "picture") if parent.tag == "picture"][:1]
    sources = [element, *(source for picture in around for source in picture.iter("source"))]
    sets = [value for one in sources for name in ("data-srcset", "srcset") if (value := one.get(name))]
    for value in sets:
        if address := tree.absolute(biggest(value)):
            yield address
    if address := tree.absolute(element.get("src")):
        yield address


def biggest(srcset: str) -> str:
    """The address of a srcset with the largest width or density."""
    best, best_size = "", -1.0
    for found in re.finditer(r"(?P<address>\S*[^\s,])(?:\s+(?P<size>\d+(?:\.\d+)?)(?P<unit>[wx]))?\s*(?:,|$)", srcset):
        size = float(found["size"] or 1)
        if size > best_size:
            best, best_size = found["address"], size
    return best


def _is_small(element: HtmlElement) -> bool:
    for name in ("width", "height"):
        found = re.match(r"\s*(\d+)(?:px|\s*$)", element.get(name) or "")
        if (found and 0 < int(found[1]) < SMALLEST) or (found and found[1] == "0"):
            return True
    style = element.get("style") or ""
    found = re.search(r"(?:^|;)\s*(?:width|height)\s*:\s*(\d+)px", style)
    return bool((found and int(found[1]) < SMALLEST) or re.search(r"display\s*:\s*none", style))


def is_caption(leaf: Leaf, after_picture: bool = False) -> bool:
    """Whether a leaf is the words below a picture."""
    if leaf.zones & Zone.CAPTION:
        return True
    if not after_picture or leaf.size > 90 or not leaf.text or leaf.heading:
        return False
    names = f"{leaf.block.get('class', '')} {leaf.block.get('id', '')}"
    if _CAPTION_WORDS.search(leaf.text) or (leaf.pictures and _HOLDER.search(names)):
        return True
    centred = "center" in (leaf.block.get("align") or "") or "text-align: center" in (
        leaf.block.get("style") or ""
    ).replace(":c", ": c")
    return centred and leaf.sentences <= 2 and leaf.size <= 60


def split_caption(image: Image, text: str) -> Image:
    """*image* with its words, the credit at their end apart."""
    text = without_tags(text)
    found = _CREDIT.search(text)
    if not found:
        return Image(image.src, image.alt, image.credit, text)
    caption = text[: found.start()].rstrip(" (（[【|")
    credit = _CREDIT_LABEL.sub("", found["credit"]).strip() or found["credit"]
    return Image(image.src, image.alt, credit, caption or None)


_CREDIT_LABEL = re.compile(
    r"^(?:(?:photo(?:graph(?:er|y|ed)?)?s?|image|picture|illustration|credit|pic)s?(?:\s(?:by|credit"
    r"|courtesy(?: of)?|from))?\s?[:/|]?"
    r"|(?:图片?来源|图源|图片|来源|图)\s?[:：/|丨])\s*",
    re.IGNORECASE,
)
