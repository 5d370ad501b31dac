"""The text of a dump → the lines of its articles, without the site's menus and footers."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from plugins.languages.chinese import HAN

CHROME = (
    "EN|English|中文|简体中文|注册|登录|登陆|退出|首页|搜索|更多|返回顶部|上一篇|下一篇|产品分类|头条分类|新闻分类|加载中|正在加载|"
    "Register|Login|Log in|Sign in|Sign up|Home|Search|More|Back to top|"
    "Product categor(?:y|ies)|Products? classification|"
    "(?:Headlines?|News|Top stor(?:y|ies)) (?:categor(?:y|ies)|classification)|Loading"
)
"""The words of the site's own menus. A line of nothing but these is no part of an article."""

_CHROME_LINE = re.compile(rf"(?:(?:{CHROME})\s?[:：]?\s?(?:\.{{3}}|…{{1,2}})?[\s/|·]{{0,8}}){{1,12}}", re.IGNORECASE)
_MENU_LABEL = re.compile(r".{0,12}(?:分类|categor(?:y|ies)|classification)\s?[:：]", re.IGNORECASE)
_MENU_ENTRIES = re.compile(
    rf"(?:[{HAN}]{{2,4}}|[A-Z][A-Za-z]{{1,14}}(?: [A-Za-z]{{1,14}})?)"
    rf"(?:[\s/|·、,]{{1,4}}(?:[{HAN}]{{2,4}}|[A-Z][A-Za-z]{{1,14}})){{0,20}}"
)

_SITE = r"本(?:网|网站|站|平台)|(?:this|our|the) (?:web)?site|this (?:portal|platform)"
FOOTER = re.compile(
    r"版权所有\s?[:：]?\s?(?:\([Cc]\)|（[Cc]）|©|Copyright)"
    r"|(?:Copyright|\([Cc]\)|©)\s?(?:\([Cc]\)|©|20\d\d|all rights)"
    r"|.{0,80}[\u4e00-\u9fff]ICP[备证]\s?(?:\d|$)|.{0,40}公网安备\s?\d"
    rf"|(?:免责声明|Disclaimer)\s?[:：].{{0,200}}?(?:{_SITE})",
    re.IGNORECASE,
)
"""How a line of the site's footer begins. A disclaimer about «this article» belongs to the article."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line that holds text.

    Attributes:
        number: 1-based, in the dump.
        text: without the white space around it.
        indent: columns of white space before the text; a full-width space counts two, a tab four.
        gap: blank lines between this line and the one before.
        lang: ``zh`` or ``en``, by script.
        walled: menus, a footer, the top of the file or a change of language stands directly before.
        footed: a footer stands directly before.
    """

    number: int
    text: str
    indent: int
    gap: int
    lang: str
    walled: bool
    footed: bool


def read_lines(text: str) -> list[Line]:
    """The lines of the articles in a dump, the site's own lines left out."""
    lines: list[Line] = []
    gap, walled, footed, in_menu = 0, True, False, False
    rows = re.split(r"\r\n|[\n\r\u2028\u2029\f\v\x85]", text.removeprefix("\ufeff"))
    for number, row in enumerate(rows, 1):
        stripped = row.strip()
        if not stripped:
            gap += 1
            continue
        footer = is_footer(stripped)
        if footer or _is_chrome(stripped, in_menu and len(_next_text(rows, number)) <= 40):
            in_menu = bool(_MENU_LABEL.fullmatch(stripped)) or (in_menu and len(stripped) <= 40)
            gap, walled, footed = 0, True, footed or footer
            continue
        in_menu = False
        lang = language_of(stripped)
        if lines and not walled and lang != lines[-1].lang:
            # One line in another language is a quotation or a name; two are another article.
            walled = len(stripped) >= 10 and language_of(_next_text(rows, number)) == lang
            lang = lang if walled else lines[-1].lang
        indent = _columns(row[: len(row) - len(row.lstrip())])
        lines.append(Line(number, stripped, indent, gap, lang, walled, footed))
        gap, walled, footed = 0, False, False
    return lines


def _next_text(rows: list[str], number: int) -> str:
    """The next of the three rows below row *number* that holds text; empty when none does."""
    return next((row.strip() for row in rows[number : number + 3] if row.strip()), "")


def join_wrapped(lines: list[Line]) -> list[Line]:
    """Join lines again that a program wrapped at a width; the lines of an unwrapped dump stay as they are.

    A dump is wrapped when its full lines are short and most of them stop in mid-sentence.
    """
    uppers = [upper for upper, lower in pairwise(lines) if _touches(upper, lower)]
    width = max((len(line.text) for line in uppers), default=0)
    full = [line for line in uppers if len(line.text) > 0.6 * width]
    smallest = 20 if full and full[0].lang == "zh" else 45
    open_ended = sum(not _ENDS.search(line.text) for line in full)
    if len(full) < 3 or not smallest <= width <= 130 or open_ended * 2 < len(full):
        return lines
    joined: list[Line] = []
    last_width = 0
    for line in lines:
        if joined and last_width > 0.6 * width and line.gap == 0 and not line.walled:
            joint = "" if line.lang == "zh" else " "
            joined[-1] = replace(joined[-1], text=joined[-1].text + joint + line.text)
        else:
            joined.append(line)
        last_width = len(line.text)
    return joined


_ENDS = re.compile(r"[。！？.!?…:：”\"」』)）]$")


def _touches(upper: Line, lower: Line) -> bool:
    return lower.gap == 0 and not lower.walled and lower.lang == upper.lang


def language_of(text: str) -> str:
    """``zh`` when a tenth of the letters is Chinese (a headline may be half Latin names), else ``en``."""
    chinese = len(re.findall(f"[{HAN}]", text))
    latin_words = len(re.findall(r"[A-Za-z]+", text))
    return "zh" if chinese and chinese * 2 >= latin_words else "en"


def is_footer(line: str) -> bool:
    """Whether *line* is the site's own last word; a text of some length only mentions such things."""
    return len(line) <= 400 and bool(FOOTER.match(line))


def _is_chrome(line: str, in_menu: bool) -> bool:
    return len(line) <= 200 and bool(_CHROME_LINE.fullmatch(line) or (in_menu and _MENU_ENTRIES.fullmatch(line)))


def _columns(space: str) -> int:
    return sum({"\t": 4, "\u3000": 2}.get(char, 1) for char in space)
