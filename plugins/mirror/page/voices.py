"""What one place on a page says of one fact, and how such sayings are weighed."""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass

from plugins.languages.chinese import HAN
from plugins.mirror.text.plain import without_tags

LONGEST = 600
"""Characters of a fact; a headline of more is none."""


def words(text: str) -> frozenset[str]:
    """The words of *text*, to look others up in."""
    return frozenset(text.split())


@dataclass(frozen=True, slots=True)
class Voice:
    """A value, where it stands and how much that counts.

    Attributes:
        value: cleaned text.
        where: in words for the editor: ``JSON-LD``, ``h1``, ``byline``.
        weight: 0 … 1, how often such a place is right.
    """

    value: str
    where: str
    weight: float


NOBODY = Voice("", "", 0.0)
"""No place of the page says anything."""

_INVISIBLE = re.compile(
    r"[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\u00ad\ufffc\x00-\x08\x0b-\x1f\x7f-\x9f]"
)


def clean(text: object, most: int = LONGEST) -> str:
    """One line of plain text: entities read, tags and invisible characters gone, single spaces.

    A script goes with its content: of ``Maren Holt<script>…</script>`` the name is left.

    What is no text at all is empty, so that hostile JSON ends here.
    """
    if not isinstance(text, str):
        return ""
    text = text[: 4 * most]
    # JSON in HTML is escaped twice now and then: &amp;quot;
    for _ in range(2):
        if "&" not in text:
            break
        text = html.unescape(text)
    text = without_tags(text)
    text = " ".join(_INVISIBLE.sub(_space_for_separator, text).split())
    return text if len(text) <= most else text[:most].rstrip()


def _space_for_separator(found: re.Match[str]) -> str:
    return " " if found[0] in "\x0b\x0c\x1c\x1d\x1e\x1f\x85" else ""


_QUOTES = str.maketrans("“”„‟«»‘’‚‛′＂＇「」『』", '""""""' + "'''''\"'" + '""""')
_MARKS = str.maketrans(dict.fromkeys(" \t\u3000'\"`´-–—―‐‑_·•.,:;!?，。：；！？、…()[]（）【】《》<>|丨", None))


def bare(text: str) -> str:
    """*text* for comparing: without spaces, punctuation, case and width; the text itself when nothing else is left."""
    plain = unicodedata.normalize("NFKC", text).translate(_QUOTES).casefold()
    return plain.translate(_MARKS) or plain


_SIMPLER = str.maketrans(
    "記編輯責報導攝訊來發佈訪筆譯評論實習約體審閱讀點擊標籤鍵詞號綜聞處轉載題專員",
    "记编辑责报导摄讯来发布访笔译评论实习约体审阅读点击标签键词号综闻处转载题专员",
)


def simpler(text: str) -> str:
    """The characters of labels in their simplified form, so that 記者 is read like 记者; as long as *text*."""
    return text.translate(_SIMPLER)


_HAN = re.compile(f"[{HAN}]")
_WORD = re.compile(r"[A-Za-z0-9’']+")


def size_of(text: str) -> int:
    """Words of a text, a Chinese character being half a word rounded up: how much it says."""
    han = len(_HAN.findall(text))
    return (han + 1) // 2 + len(_WORD.findall(text))


def is_chinese(text: str) -> bool:
    """Whether the text has more Chinese characters than Latin words."""
    return len(_HAN.findall(text)) > len(_WORD.findall(text))


def objects_of(value: object) -> list[object]:
    """A value of JSON-LD as a list: one thing, several, or none."""
    if value is None:
        return []
    return value[:50] if isinstance(value, list) else [value]


def types_of(thing: dict) -> set[str]:
    """The types of an object of JSON-LD, without the address of schema.org."""
    return {kind.rsplit("/", 1)[-1] for kind in objects_of(thing.get("@type")) if isinstance(kind, str)}


ARTICLE_TYPES = re.compile(
    r"(?:\w{0,20}Article|BlogPosting|LiveBlogPosting|Report|Review|\w{0,12}NewsPage|Blog|AdvertiserContentArticle)"
)


def articles_in(json_ld: list[dict]) -> list[dict]:
    """The objects of JSON-LD that describe an article; a page or a thing with a headline stands in for them."""
    found = [thing for thing in json_ld if any(ARTICLE_TYPES.fullmatch(kind) for kind in types_of(thing))]
    return found or [thing for thing in json_ld if "headline" in thing or "datePublished" in thing]
