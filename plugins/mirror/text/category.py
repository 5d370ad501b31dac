"""Which section of the portal an article belongs to, by the words it uses."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import yaml

from plugins.mirror.article import Article

WORDS = Path(__file__).with_name("category.yaml")
"""Words that speak for a section, Chinese and English."""

IN_TITLE, IN_LEAD, FURTHER_DOWN = 6.0, 2.0, 1.0
"""What a word weighs in the title, in the first two paragraphs and in the rest."""

MOST = 8.0
"""What one word counts at most in an article, so that no name decides alone."""

OTHERWISE = "companies"
"""The section of an article that uses nobody's words."""


def categorise(article: Article) -> Article:
    """Choose the section whose words are heard most; two that are nearly as strong leave a warning."""
    scores = {section: score(article, pattern) for section, pattern in _patterns(article.lang).items()}
    best, other, *_ = sorted(scores, key=lambda section: (-scores[section], section))
    if not scores[best]:
        return replace(article, category=OTHERWISE).warn(
            f"The category “{OTHERWISE}” is a guess: no section's words occur."
        )
    article = replace(article, category=best)
    if scores[other] > 0.75 * scores[best]:
        article = article.warn(f"The category is a guess: “{best}” is hardly stronger than “{other}”.")
    return article


def score(article: Article, words: re.Pattern[str]) -> float:
    """How much is heard of a section's words in an article."""
    counts: dict[str, float] = {}
    for at, text in enumerate((article.title, *(block.text for block in article.blocks))):
        weight = IN_TITLE if at == 0 else IN_LEAD if at <= 2 else FURTHER_DOWN
        for word in words.findall(text if article.lang == "zh" else text.lower()):
            counts[word.lower()] = min(MOST, counts.get(word.lower(), 0.0) + weight)
    return sum(counts.values())


@cache
def _patterns(lang: str) -> dict[str, re.Pattern[str]]:
    """Per section a pattern that finds its words in one language."""
    sections = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    return {section: (_chinese if lang == "zh" else _english)(words[lang]) for section, words in sections.items()}


def _chinese(words: str) -> re.Pattern[str]:
    # The longest first; a Latin word is not the middle of another: AI in AITO.
    longest_first = sorted(words.split(), key=lambda word: (-len(word), word))
    edged = [rf"(?<![A-Za-z]){word}(?![A-Za-z])" if word.isascii() else word for word in longest_first]
    return re.compile("|".join(edged))


def _english(words: str) -> re.Pattern[str]:
    stems = [re.escape(word.strip().lower()) for word in words.split(",")]
    # What no word begins with is passed over at once; in lower case, because ignoring case is three times as slow.
    firsts = "".join(sorted({stem[0] for stem in stems}))
    stems = (rf"{stem[:-1]}(?:y|ies)" if stem.endswith("y") else rf"{stem}(?:s|es)?" for stem in stems)
    return re.compile(rf"\b(?=[{firsts}])(?:{'|'.join(stems)})\b")
