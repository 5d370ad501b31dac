"""What a page says about its article: section, keywords, summary, lead picture, its number in the portal's books."""

from __future__ import annotations

import re
from collections.abc import Iterator

from plugins.mirror.page.lines import CRUMBS
from plugins.mirror.page.tree import Tree
from plugins.mirror.page.view import View
from plugins.mirror.page.voices import NOBODY, Voice, bare, clean, is_chinese, objects_of, types_of, words

MOST_TAGS = 15
LONGEST_SUMMARY = 300
"""Characters of a summary that are kept; a longer one ends after its last whole sentence."""


# --- section ---------------------------------------------------------------------------------------------

_NO_SECTION = words(
    "正文 首页 新闻 新闻正文 主页 网站首页 当前位置 您的位置 内容 详情 文章 返回首页 home news article index "
    "homepage front youarehere"
)
_META_SECTIONS = (
    "article:section",
    "og:article:section",
    "section",
    "parsely-section",
    "articlesection",
    "channel",
    "category",
    "catalog",
    "columnname",
)


def find_category(view: View) -> Voice:
    """The section in the portal's own words: meta, JSON-LD, then the last step of the path to the article."""
    for name in _META_SECTIONS:
        if text := _section(view.tree.first_meta(name), view):
            return Voice(text, name, 0.8)
    for thing in view.articles:
        for value in objects_of(thing.get("articleSection")):
            if text := _section(value, view):
                return Voice(text, "JSON-LD", 0.8)
    steps = [thing for thing in view.tree.json_ld if "ListItem" in types_of(thing)]
    for thing in reversed(steps[:12]):
        inner = thing.get("item")
        if text := _section(thing.get("name") or (inner.get("name") if isinstance(inner, dict) else ""), view):
            return Voice(text, "breadcrumb", 0.7)
    for line in view.lines.lines[: view.body[0] or 120]:
        if line.zone == CRUMBS or _PATH.search(line.seams):
            for piece in reversed(re.split(r"[\x1f>＞»›/|→]", line.seams[:300])):
                if text := _section(piece, view):
                    return Voice(text, "breadcrumb", 0.6)
    return NOBODY


_PATH = re.compile(r"(?:首页|主页|Home)[\s\x1f]*(?:>|＞|»|›|→|-)")


def _section(text: object, view: View) -> str:
    text = clean(text, 60).strip(" >＞»›:：")
    plain = bare(text)
    if not 2 <= len(text) <= 30 or plain in _NO_SECTION or plain in view.site_names:
        return ""
    if plain == bare(view.title) or plain in bare(view.title)[:8] or re.search(r"位置[:：]?$|^\d+$", text):
        return ""
    return text


# --- keywords --------------------------------------------------------------------------------------------

_KEYWORDS_LINE = re.compile(
    r"^[\s\x1f【\[]*(?:标\s?签|关键[词字]|Tags?|Keywords|Topics|Filed under)[】\]]?[\s\x1f]*[:：][\s\x1f]*",
    re.IGNORECASE,
)


def find_tags(view: View) -> Voice:
    """Keywords, as one text with line breaks; see `tags_of`.

    The field `keywords` holds the site's words on many pages: of it only what headline or text contain counts.
    """
    text = ""
    for where, values, sure in _tag_places(view):
        words = [clean(word, 40).strip(" #·,，") for value in values for word in _split(value)]
        if not words:
            continue
        text = text or bare(view.title + view.text[:20_000])
        words = [word for word in words if 1 < len(word) <= 30 and bare(word) not in view.site_names]
        if not sure:
            words = [word for word in words if bare(word) in text]
        if words:
            return Voice("\n".join(dict.fromkeys(words[:MOST_TAGS])), where, 0.8 if sure else 0.6)
    return NOBODY


def tags_of(voice: Voice) -> tuple[str, ...]:
    return tuple(voice.value.split("\n")) if voice.value else ()


def _tag_places(view: View) -> Iterator[tuple[str, list[object], bool]]:
    yield "article:tag", list(view.tree.meta.get("article:tag", ())), True
    start, end = view.body
    for line in view.lines.lines[max(0, start - 15) : end + 20] if end else ():
        if found := _KEYWORDS_LINE.match(line.seams):
            rest = line.seams[found.end() :]
            yield "keywords line", [re.sub(r"\s*\x1f\s*", ",", rest) if "\x1f" in rest else rest], True
    yield "rel=tag", [link.text_content() for link in view.tree.root.xpath("//a[@rel='tag']")[:30]], False
    for thing in view.articles:
        yield "JSON-LD", objects_of(thing.get("keywords")), False
    for name in ("news_keywords", "keywords", "parsely-tags"):
        yield name, list(view.tree.meta.get(name, ()))[:1], False


def _split(value: object) -> list[str]:
    if not isinstance(value, str):
        return []
    value = value[:600]
    parts = re.split(r"[,，;；、|]+", value)
    return parts if len(parts) > 1 or not is_chinese(value) else value.split()


# --- summary ---------------------------------------------------------------------------------------------


def find_summary(view: View) -> Voice:
    """A description that is about this article: most of its words occur in headline and text."""
    places: list[tuple[str, object]] = [("og:description", view.tree.first_meta("og:description"))]
    places += [("JSON-LD", thing.get("description")) for thing in view.articles]
    places += [(name, view.tree.first_meta(name)) for name in ("description", "twitter:description", "dc.description")]
    known = _shingles(view.title + "\n" + view.text[:20_000], view.lang)
    for where, value in places:
        text = clean(value, 1000)
        words = _shingles(text, view.lang)
        if len(words) < 8 or bare(text) == bare(view.title) or len(words & known) < 0.5 * len(words):
            continue
        if text := _ended(text.removeprefix("摘要：").removeprefix("核心提示：")):
            return Voice(text, where, 0.7)
    return NOBODY


def _shingles(text: str, lang: str) -> set[str]:
    if lang == "zh":
        plain = bare(text)
        return {plain[at : at + 2] for at in range(len(plain) - 1)}
    return set(re.findall(r"\w{3,}", text.casefold()))


def _ended(text: str) -> str:
    """*text* up to its last whole sentence when it was cut or is too long; what has no whole one ends in «…»."""
    cut = text.endswith(("...", "…", "[…]", "[...]")) or not re.search(r"[。！？.!?][”’」』）)\"']*$", text)
    if not cut and len(text) <= LONGEST_SUMMARY:
        return text
    text = re.sub(r"\s?(?:\[?(?:\.{3}|…)\]?)$", "", text)[:LONGEST_SUMMARY]
    ends = [found.end() for found in re.finditer(r"[。！？][”」』）]*|[.!?][\"”’)]*(?=\s|$)", text)]
    if ends and ends[-1] >= 20:
        return text[: ends[-1]]
    return text.rstrip(" ,，、;；:：—-") + "…" if len(text) >= 10 else ""


# --- picture and number ----------------------------------------------------------------------------------

_NO_PICTURE = re.compile(
    r"logo|default|placeholder|avatar|favicon|icon|blank|sprite|spacer|pixel|1x1|no-?image|noimg|share[_-]?img|\.svg(?:$|\?)",
    re.IGNORECASE,
)


def find_image(view: View) -> Voice:
    """The lead picture, unless it is the site's logo."""
    places: list[tuple[str, object]] = [
        ("og:image", view.tree.first_meta("og:image:secure_url", "og:image", "og:image:url"))
    ]
    for thing in view.articles:
        for image in objects_of(thing.get("image"))[:1]:
            places.append(
                ("JSON-LD", (image.get("url") or image.get("contentUrl")) if isinstance(image, dict) else image)
            )
    places.append(("twitter:image", view.tree.first_meta("twitter:image", "twitter:image:src")))
    for where, value in places:
        address = view.tree.absolute(clean(value, 2000)) if isinstance(value, str) else None
        if address and not _NO_PICTURE.search(address.rsplit("//", 1)[-1].partition("/")[2]):
            return Voice(address, where, 0.8)
    return NOBODY


def find_guid(tree: Tree) -> str | None:
    """What the portal calls the article in its books: the short link of WordPress, an id in the meta fields."""
    for link in tree.root.iter("link"):
        if "shortlink" in (link.get("rel") or "").lower():
            return tree.absolute(link.get("href"))
    number = clean(tree.first_meta("contentid", "articleid", "article_id", "newsid", "docid", "article:id"), 80)
    return number if number and re.fullmatch(r"[\w.-]{4,80}", number) else None
