"""HTML that is safe to publish, and complete: what every link, picture and table of a story carries."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

import nh3

_WORDS = "a abbr b bdi bdo cite code del dfn em i ins kbd mark q s samp small span strong sub sup time u var"
_BLOCKS = "blockquote dd details div dl dt figcaption figure h2 h3 h4 h5 h6 li ol p pre section summary ul"
_TABLES = "caption col colgroup table tbody td tfoot th thead tr"
TAGS = frozenset(f"{_WORDS} {_BLOCKS} {_TABLES} ruby rp rt br hr img wbr".split())
"""What Markdown makes, and what an editor may write; h1 is the title of the page."""

SCHEMES = frozenset({"http", "https", "mailto", "tel"})
"""Where links may lead, besides to files of the portal."""

ALIGNMENTS = frozenset({"align-left", "align-center", "align-right"})

_CLEANER = nh3.Cleaner(
    tags=set(TAGS),
    clean_content_tags={"script", "style"},
    attributes={
        "*": {"id", "lang", "dir", "title", "aria-label"},
        "a": {"href"},
        "blockquote": {"cite"},
        "code": {"class"},  # language-…
        "col": {"span"},
        "colgroup": {"span"},
        "del": {"datetime"},
        "details": {"open"},
        "img": {"src", "alt", "width", "height"},
        "ins": {"datetime"},
        "li": {"value"},
        "ol": {"start", "reversed", "type"},
        "td": {"colspan", "rowspan", "headers"},
        "th": {"colspan", "rowspan", "headers", "scope", "abbr"},
        "time": {"datetime"},
    },
    tag_attribute_values={
        "a": {"role": {"doc-noteref", "doc-backlink"}},
        "section": {"role": {"doc-endnotes"}},
    },
    allowed_classes={
        "a": {"footnote-backref"},
        "ol": {"footnotes-list"},
        "section": {"footnotes"},
        "sup": {"footnote-ref"},
        "td": set(ALIGNMENTS),
        "th": set(ALIGNMENTS),
    },
    url_schemes=set(SCHEMES),
    link_rel=None,
)

# The cleaner writes attributes in double quotes and every other "<" as "&lt;": patterns see real tags only.
_FINISHED = re.compile(r'<(/?)(a|img|table)((?: (?:[^"<>]|"[^"]*")*)?)>')
_CAPTION = re.compile(r"\s*<caption[^>]*>(.*?)</caption>", re.DOTALL)
_HREF = re.compile(r' href="\s*https?:', re.IGNORECASE)
_SRC = re.compile(r' src="([^"]*)"')
_TAG = re.compile(r"<[^>]*>")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*(?=:)", re.IGNORECASE)
_IGNORED_IN_ADDRESSES = dict.fromkeys(map(ord, "\t\r\n"))

_UNSEEN = re.compile(
    r'<sup class="footnote-ref">.*?</sup>|<a [^>]*class="footnote-backref"[^>]*>.*?</a>'
    r"|<r[tp][^>]*>.*?</r[tp]>",
    re.DOTALL,
)
_LINE_ENDS = re.compile(
    r"(?:<br>|<hr>|</(?:p|h\d|li|dt|dd|tr|pre|blockquote|figcaption|caption|div|summary|table|section)>)"
)
_FIGURE = re.compile(r"<figure.*?</figure>", re.DOTALL)
# What most stories are made of: words without control characters, tags without attributes, and the few attributes that
# Markdown gives. Nobody can misread hosts and paths like these.
_TAGS_OF_MARKDOWN = "/?(?:p|h[2-6]|em|strong|s|code|blockquote|ul|ol|li|table|thead|tbody|tr|t[hd])|br|hr|/a"
_CELL = f'th scope="col"|t[hd](?: scope="col")? class="(?:{"|".join(sorted(ALIGNMENTS))})"'
_HOST = r'https?://(?:[a-z0-9]{1,20}(?:-[a-z0-9]{1,20})?\.){1,4}[a-z]{2,10}(?=[/"])'
_PLAIN = re.compile(
    r"(?:[^<>&\x00-\x08\x0b-\x1f\x7f-\x9f]++|&(?:amp|lt|gt|quot);"
    rf'|<(?:{_TAGS_OF_MARKDOWN}|{_CELL}|h[2-6] id="[\w-]+"|ol start="[0-9]+"'
    rf'|a href="(?:{_HOST})?[A-Za-z0-9_./%#?=+~-]*")>)*+'
)

BEGINNING = 240
"""Characters of a text that lists may show."""


@dataclass(frozen=True, slots=True)
class Labels:
    """What the HTML of a story says by itself, in the language of the story."""

    table: str
    footnotes: str
    back: str


LABELS = {
    "en": Labels(table="Table", footnotes="Footnotes", back="Back to reference {}"),
    "zh": Labels(table="表格", footnotes="脚注", back="返回注释 {}"),
}
"""By ``Language.path``; not in theme/translations, because a body is finished before a theme sees it."""


def sanitise(untrusted: str, well_nested: bool = False) -> str:
    """*untrusted* without tags, attributes and addresses that are not allowed; always well-formed.

    Args:
        untrusted: HTML.
        well_nested: whether all its tags were written by Markdown. Then nothing is cleaned where every tag is known to
            be harmless, which takes a tenth of the time and gives the same.
    """
    return as_cleaned(untrusted) if well_nested and is_harmless(untrusted) else _CLEANER.clean(untrusted)


def is_harmless(untrusted: str) -> bool:
    """Whether cleaning *untrusted*, whose tags Markdown wrote, would leave it as_cleaned; where unsure, no."""
    return _PLAIN.fullmatch(untrusted) is not None


def as_cleaned(harmless: str) -> str:
    """*harmless* with the characters that the cleaner writes otherwise than Markdown."""
    return harmless.replace("&quot;", '"').replace("\xa0", "&nbsp;")


def finish(body: str, labels: Labels) -> str:
    """Complete the tags of a sanitised *body*.

    Links to other hosts say ``rel="external"``; pictures load late, and not at all from other hosts (readers
    were promised that); a table scrolls in a region that a keyboard can reach and a screen reader can name.
    """
    tables = 0
    depth = 0
    several = body.count("<table") > 1

    def completed(match: re.Match) -> str:
        nonlocal tables, depth
        closing, tag, attributes = match.groups()
        if tag == "a":
            external = not closing and _HREF.search(attributes)
            return f'<a{attributes} rel="external">' if external else match[0]
        if tag == "img":
            source = _SRC.search(attributes)
            if source is None or is_remote(html.unescape(source[1])):
                return ""
            # Pelican warns of every alt="", though an ornament needs no words; a bare alt means the same.
            attributes = attributes.replace(' alt=""', " alt")
            return f'<img{attributes} loading="lazy" decoding="async">'
        if closing:
            depth -= 1
            return "</table></div>" if depth == 0 else match[0]
        depth += 1
        if depth > 1:
            return match[0]
        tables += 1
        caption = _CAPTION.match(body, match.end())
        label = plain_text(caption[1]) if caption else ""
        # Regions of one page need different names to be told apart.
        label = label or (f"{labels.table} {tables}" if several else labels.table)
        name = html.escape(label)
        return f'<div class="table-scroll" role="region" tabindex="0" aria-label="{name}">{match[0]}'

    return _FINISHED.sub(completed, body)


def plain_text(body: str) -> str:
    """The words of a sanitised *body*, a line a block; no marks of footnotes, no readings of characters."""
    if "<sup" in body or "<r" in body:
        body = _UNSEEN.sub("", body)
    for blank in ("\n", "\t", "</td>", "</th>"):
        body = body.replace(blank, " ")
    body = with_single_blanks(body)
    lines = html.unescape(_TAG.sub("", _LINE_ENDS.sub("\0", body))).split("\0")
    return "\n".join(filter(None, (line.strip(" ") for line in lines))).strip()


def with_single_blanks(text: str) -> str:
    """*text* with one blank in the place of several."""
    while "  " in text:
        text = text.replace("  ", " ")
    return text


def beginning(body: str, text: str) -> str:
    """The first BEGINNING characters of a story, from which a summary can be made; *text* as of plain_text(*body*)."""
    # What stands below a picture is no beginning.
    words = plain_text(_FIGURE.sub("", body)) if "<figure" in body else text
    # Twice that many hold enough words in most texts, ten times in all, however many blanks are between them.
    start = " ".join(words[: 2 * BEGINNING].split())
    if len(start) < BEGINNING:
        start = " ".join(words[: 10 * BEGINNING].split())
    return start[:BEGINNING]


def scheme(address: str) -> str:
    """The scheme of *address* as browsers read it, in lower case (``https``); empty when there is none."""
    match = _SCHEME.match(address.translate(_IGNORED_IN_ADDRESSES).strip())
    return match[0].lower() if match else ""


def is_remote(address: str) -> bool:
    """Whether *address* is not one of the portal's own files."""
    bare = address.translate(_IGNORED_IN_ADDRESSES).strip().replace("\\", "/")
    return bare.startswith("//") or scheme(bare) != ""
