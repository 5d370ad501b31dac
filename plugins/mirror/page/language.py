"""Whether a page is Chinese, English, or neither, read from its words; what it declares only breaks a tie."""

from __future__ import annotations

import re
from dataclasses import dataclass

from plugins.languages.chinese import HAN
from plugins.mirror.page.lines import HIDDEN, Lines
from plugins.mirror.page.tree import Tree
from plugins.mirror.page.voices import words

ENOUGH = 12_000
"""Characters after which the language is clear."""

_SCRIPTS = {
    "Japanese": re.compile(r"[\u3041-\u3096\u30a1-\u30fa]"),
    "Korean": re.compile(r"[\uac00-\ud7a3]"),
    "Russian or another language in Cyrillic": re.compile(r"[\u0400-\u04ff]"),
    "Arabic, Persian or Uyghur": re.compile(r"[\u0600-\u06ff]"),
    "Tibetan": re.compile(r"[\u0f00-\u0fff]"),
    "Thai": re.compile(r"[\u0e00-\u0e7f]"),
    "Hindi": re.compile(r"[\u0900-\u097f]"),
    "Greek": re.compile(r"[\u0370-\u03ff]"),
    "Hebrew": re.compile(r"[\u0590-\u05ff]"),
}
_HAN = re.compile(f"[{HAN}]")
_WORD = re.compile(r"[A-Za-zÀ-ɏ]+(?:[’'][a-z]+)?")
_SMALL_WORDS = words(
    "the of and to in is was that for with on at by from has have are were it its be as this which who he she "
    "they will said not but his her their been would an"
)
"""Every third word of English, and hardly one of its neighbours."""

_TRADITIONAL = frozenset("這個們來時會說國對學後開關進過還讓應當發現無與為從業經濟區東廣們書長門車馬見電話語")
_SIMPLIFIED = frozenset("这个们来时会说国对学后开关进过还让应当发现无与为从业经济区东广书长门车马见电话语")

NAMES = {
    "fr": "French",
    "de": "German",
    "es": "Spanish",
    "ja": "Japanese",
    "ko": "Korean",
    "ru": "Russian",
    "pt": "Portuguese",
}
"""What pages declare → how the editor reads it."""


@dataclass(frozen=True, slots=True)
class Language:
    """Attributes:
    code: ``zh``, ``en``; empty for a page in neither.
    refusal: why it is neither, a sentence; else empty.
    warning: a sentence on traditional characters; else empty.
    """

    code: str
    refusal: str = ""
    warning: str = ""


def find_language(tree: Tree, lines: Lines) -> Language:
    """Read the language from the longer lines, from all of them when there are no long ones."""
    text = _sample(lines, longer=True) or _sample(lines, longer=False) or tree.title_tag[:500]
    declared = (tree.root.get("lang") or tree.root.get("xml:lang") or tree.first_meta("content-language", "og:locale"))[
        :20
    ]
    declared = declared.lower()
    han = len(_HAN.findall(text))
    words = [word.lower() for word in _WORD.findall(text)]
    for name, script in _SCRIPTS.items():
        count = len(script.findall(text))
        if count > 20 and count > 0.15 * (han + count) and count > len(words):
            return Language("", f"The page is in {name}, and the portal has Chinese and English.")
    if han > 1.5 * len(words) or (han > 0.8 * len(words) and declared.startswith("zh")):
        return Language("zh", warning=_warning(text))
    if len(words) >= 40:
        share = sum(word in _SMALL_WORDS for word in words) / len(words)
        if share < (0.04 if declared.startswith("en") else 0.06 if not declared or declared.startswith("zh") else 0.12):
            name = NAMES.get(declared[:2])
            which = f"The page is in {name}" if name else "The page is neither Chinese nor English"
            return Language("", f"{which}, and the portal has Chinese and English.")
    if not words and not han:
        return Language("zh" if declared.startswith("zh") else "en")
    return Language("en")


def _sample(lines: Lines, longer: bool) -> str:
    parts, size = [], 0
    for line in lines.lines:
        # Menus and lists of links are in other languages now and then; an article is not all links.
        if line.zone == HIDDEN or (longer and (len(line.seams) < 40 or line.linked > len(line.seams) / 2)):
            continue
        parts.append(line.seams)
        size += len(line.seams)
        if size > ENOUGH:
            break
    return "\n".join(parts) if size > 60 or not longer else ""


def _warning(text: str) -> str:
    old = sum(char in _TRADITIONAL - _SIMPLIFIED for char in text)
    new = sum(char in _SIMPLIFIED - _TRADITIONAL for char in text)
    return "The text is in traditional characters and stays in them." if old > 3 and old > 2 * new else ""
