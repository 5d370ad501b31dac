"""Sentences and whole stories in one language, put together at random from the phrases of ``words/``."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

import yaml

WORDS = Path(__file__).resolve().parent / "words"
_SLOT = re.compile(r"{(\w+)}")

Phrase = tuple[str, ...]
"""Literal text and names of slots in turn: ``("Shares of ", "company", " fell")``."""


def read_words(name: str) -> dict:
    """The mapping in ``words/{name}.yaml``."""
    return yaml.load((WORDS / f"{name}.yaml").read_text("utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))


@cache
def phrases_of(language: str, section: str) -> Mapping[str, Sequence[Phrase]]:
    """Name → its phrases, for stories of a section in a language; sentences of the section join the common ones."""
    words = read_words(language)
    lists = {**words["common"], **words[section]}
    lists["sentence"] = words["common"]["sentence"] + words[section]["sentence"]
    return {name: [tuple(_SLOT.split(phrase)) for phrase in phrases] for name, phrases in lists.items()}


def _english_count(number: int) -> str:
    return f"{number:,}"


def _chinese_count(number: int) -> str:
    return str(number) if number < 10_000 else f"{number / 10_000:.2f}".rstrip("0").rstrip(".") + "万"


def _english_yuan(millions: int) -> str:
    return f"{millions} million yuan" if millions < 1000 else f"{millions / 1000:.1f} billion yuan".replace(".0 ", " ")


def _chinese_yuan(millions: int) -> str:
    return f"{millions / 100:.1f}".removesuffix(".0") + "亿元" if millions >= 100 else f"{millions}00万元"


def _words(text: str) -> float:
    return text.count(" ") + 1


def _characters(text: str) -> float:
    # Chinese characters and marks take three bytes, of which we count two; every ninth of them is a mark.
    return (len(text.encode()) - len(text)) / 2 * 0.88


@dataclass(frozen=True)
class Manner:
    """How a language writes figures and joins sentences.

    Attributes:
        length: how long a text is: English words, Chinese characters.
        least, most: usual length of a story.
        quote: of a remark and of who made it.
    """

    count: Callable[[int], str]
    yuan: Callable[[int], str]
    percent: str
    between: str
    length: Callable[[str], float]
    least: int
    most: int
    quote: str


MANNERS = {
    "en": Manner(_english_count, _english_yuan, " percent", " ", _words, 210, 760, "“{remark},” {said}."),
    "zh": Manner(_chinese_count, _chinese_yuan, "%", "", _characters, 320, 1420, "{said}：“{remark}。”"),
}


@dataclass(frozen=True)
class Link:
    """Another story that a text mentions: its address and the facts that the mention tells."""

    address: str
    facts: Mapping[str, str]


class Teller:
    """Tells one story in one language.

    Args:
        language: ``en`` or ``zh``.
        section: id; decides the vocabulary.
        facts: what slots stand for in all of this story: company, rival, city, other, person, expert, reporter, and
            year, last and next as figures.
        random: whose state decides everything that is told.
    """

    def __init__(self, language: str, section: str, facts: Mapping[str, str], random: Random) -> None:
        self._phrases = phrases_of(language, section)
        self._manner = MANNERS[language]
        self._facts = facts
        self._random = random.random
        self._shuffle = random.shuffle
        self._figures = {"pct": self._pct, "yuan": self._yuan, "count": self._count}
        self._figures |= {"tens": self._tens, "day": self._day}
        self._fresh: dict[str, list[Phrase]] = {}

    def say(self, name: str) -> str:
        """A fact, a figure, or one of the phrases called *name*."""
        if (fact := self._facts.get(name)) is not None:
            return fact
        if (figure := self._figures.get(name)) is not None:
            return figure()
        return self._fill(self._one_of(self._phrases[name]))

    def sentence(self, name: str) -> str:
        """The same, with a capital."""
        return _capital(self.say(name))

    def title(self, chance: float) -> str:
        """A headline; at the same *chance*, from 0 to below 1, those of both languages tell the same news."""
        titles = self._phrases["title"]
        return _capital(self._fill(titles[int(len(titles) * chance)]))

    def body(self, size: float, cities: Sequence[str] = (), links: Sequence[Link] = (), picture: str = "") -> str:
        """The Markdown of a whole story.

        Args:
            size: 0 for the shortest that is usual, 1 for the longest.
            cities: names for the rows of tables.
            links: stories to mention.
            picture: address of the picture within the text.
        """
        manner, chance = self._manner, self._random
        goal = manner.least + (manner.most - manner.least) * size
        blocks = [manner.between.join([self.sentence("lead"), self._next("sentence"), self._next("sentence")])]
        extras = self._extras(cities, links, picture)
        self._shuffle(extras)
        headed = chance() < 0.55 and goal > 1.3 * manner.least
        length, since = manner.length(blocks[0]), 0
        while length < goal or extras:
            if headed and since >= 3 and goal - length > 60:
                blocks.append(f"## {self._next('subhead')}")
                since = 0
            extra = extras and (length >= goal or chance() < 0.4)
            blocks.append(extras.pop() if extra else self._paragraph())
            length += manner.length(blocks[-1])
            since += 1
        return "\n\n".join(blocks) + "\n"

    def _paragraph(self) -> str:
        parts = [self._next("sentence") for _ in range(1 + int(4 * self._random()))]
        if self._random() < 0.25:
            parts.insert(0 if self._random() < 0.5 else 1, self._quote())
        return self._manner.between.join(parts)

    def _extras(self, cities: Sequence[str], links: Sequence[Link], picture: str) -> list[str]:
        chance, between = self._random, self._manner.between
        extras = [between.join([self._mention(link), self._next("sentence")]) for link in links]
        if picture:
            extras.append(f"![{self.sentence('caption')}]({picture})")
        if chance() < 0.15:
            items = "\n".join(f"- {self._next('item')}" for _ in range(3 + int(4 * chance())))
            extras.append(f"{self.sentence('list_intro')}\n\n{items}")
        if chance() < 0.12:
            extras.append(f"{self.sentence('table_intro')}\n\n{self._table(cities)}")
        if chance() < 0.15:
            extras.append(f"> {between.join([self._quote(), self._next('sentence')])}")
        return extras

    def _next(self, name: str) -> str:
        """One of the phrases called *name* that the story has not had yet, as long as there are such."""
        fresh = self._fresh.get(name)
        if not fresh:
            fresh = self._fresh[name] = list(self._phrases[name])
            self._shuffle(fresh)
        return _capital(self._fill(fresh.pop()))

    def _quote(self) -> str:
        return self._manner.quote.format(remark=self._next("remark"), said=self.say("said"))

    def _mention(self, link: Link) -> str:
        own, self._facts = self._facts, {**self._facts, **link.facts}
        told = self.sentence("link").replace("LINK", link.address)
        self._facts = own
        return told

    def _table(self, cities: Sequence[str]) -> str:
        head = " | ".join("".join(phrase) for phrase in self._phrases["columns"])
        rows = [
            f"| {city} | {self._count()} | {'+' if self._random() < 0.5 else '−'}{20 * self._random():.1f}% |"
            for city in cities
        ]
        return "\n".join([f"| {head} |", "|---|--:|--:|", *rows])

    def _one_of(self, phrases: Sequence[Phrase]) -> Phrase:
        return phrases[int(len(phrases) * self._random())]

    def _fill(self, phrase: Phrase) -> str:
        if len(phrase) == 1:
            return phrase[0]
        parts = list(phrase)
        for at in range(1, len(parts), 2):
            parts[at] = self.say(parts[at])
        return "".join(parts)

    def _count(self) -> str:
        return self._manner.count(int(300 * 400 ** self._random()))

    def _pct(self) -> str:
        return f"{0.2 * 250 ** self._random():.1f}{self._manner.percent}"

    def _yuan(self) -> str:
        return self._manner.yuan(int(20 * 2000 ** self._random()))

    def _tens(self) -> str:
        return str(11 + int(80 * self._random()))

    def _day(self) -> str:
        return str(1 + int(28 * self._random()))


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
