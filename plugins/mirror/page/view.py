"""What all voices look at: the page as lines, and where headline and text are in it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import islice
from urllib.parse import urlsplit

from plugins.mirror.page.embedded import Story, find_story
from plugins.mirror.page.lines import Line, Lines, kinds_of
from plugins.mirror.page.tree import Tree
from plugins.mirror.page.voices import articles_in, bare, clean

ABOVE, BELOW = 8, 30
"""Lines around the headline within which the page speaks of this article: a kicker above, date and byline below."""


@dataclass
class View:
    """A page on which headline and text are known.

    Attributes:
        headline: the number of the headline's line; None when no line prints it.
        body: first line of the text and the one after its last; (0, 0) without a text.
        paragraphs: the text, block by block.
        sites: what the site calls itself.
        now: today.
    """

    tree: Tree
    lines: Lines
    title: str
    lang: str
    headline: int | None
    body: tuple[int, int]
    paragraphs: tuple[str, ...]
    sites: tuple[str, ...]
    now: date

    @cached_property
    def near(self) -> tuple[int, int]:
        """First line and the one after the last around the headline and above the text."""
        start, end = self.body
        if self.headline is None:
            return (max(0, start - 2 * ABOVE), start + 2) if end else (0, 2 * BELOW)
        at = self.headline
        if start <= at:
            return (max(0, at - ABOVE), at + BELOW // 2)
        # A long way between the two is a column beside the text; both ends of it count, and a middling one whole.
        return (max(0, at - ABOVE), start if start - at <= 2 * BELOW else at + BELOW)

    @property
    def nearby(self) -> list[Line]:
        """The lines around the headline and above the text, those just above the text included."""
        first, last = self.near
        start = self.body[0]
        lines = self.lines.lines[first:last]
        return lines + self.lines.lines[max(last, start - ABOVE) : start] if start > last else lines

    @property
    def opening(self) -> str:
        """The first paragraph, with the next when it is no more than a dateline."""
        first = self.paragraphs[0] if self.paragraphs else ""
        return f"{first} {self.paragraphs[1]}" if len(first) < 30 and len(self.paragraphs) > 1 else first

    @property
    def closing(self) -> tuple[str, ...]:
        """The last paragraphs."""
        return self.paragraphs[-3:]

    @cached_property
    def text(self) -> str:
        return "\n".join(self.paragraphs)

    @cached_property
    def site_names(self) -> frozenset[str]:
        """`sites` as `bare` text."""
        return frozenset(bare(name) for name in self.sites)

    @cached_property
    def articles(self) -> list[dict]:
        """The objects of JSON-LD that describe this article; of several the one with its headline."""
        found = articles_in(self.tree.json_ld)
        title = bare(self.title)
        own = [
            thing
            for thing in found
            if title and _agrees(bare(clean(thing.get("headline") or thing.get("name"))), title)
        ]
        return (own or found)[:1]

    @cached_property
    def story(self) -> Story | None:
        """This article in the data of a script."""
        return find_story(self.tree)

    def in_scripts(self, kind: str) -> str:
        """What the variables of a page that a script puts together say of a kind of fact; empty when they do not.

        Args:
            kind: a key of `STATED`.
        """
        for area in self.tree.root.iter("textarea"):
            if kind in kinds_of(f"{area.get('class', '')} {area.get('id', '')}") and area.text:
                return clean(area.text, 200)
        text = self.tree.text[:MOST_SCRIPT]
        places = self._places_of_the_title
        found = [
            (_distance(match.start(), places), match["value"]) for match in islice(STATED[kind].finditer(text), 200)
        ]
        # The lists of other stories have authors, too: theirs stand beside other headlines.
        distance, value = min(found, default=(0, ""), key=lambda pair: pair[0])
        return clean(_unescaped(value), 200) if distance < NEAR_THE_TITLE else ""

    @cached_property
    def _places_of_the_title(self) -> list[int]:
        """Where scripts hold the headline, plain or with its escapes."""
        head = self.title[:40]
        forms = {head, json.dumps(head)[1:-1]} if len(head) > 3 else set()
        return [
            found.start() for form in forms for found in re.finditer(re.escape(form), self.tree.text[:MOST_SCRIPT])
        ][:50]

    @property
    def address(self) -> str:
        """Where the page is from; empty when nobody knows."""
        return self.tree.url or self.tree.base or ""

    @cached_property
    def day_first(self) -> bool:
        """Whether 03/08/2018 is in August on this page: by its other days, its language and its host."""
        lines = (line.seams for line in self.lines.lines[:2_000] if len(line.seams) < 300)
        told = [found for line in lines if "20" in line for found in _IN_ONE_WAY.findall(line)]
        if told:
            return 2 * sum(bool(day) for day, _ in told) > len(told)
        lang = (self.tree.root.get("lang") or self.tree.first_meta("og:locale")).lower().replace("_", "-")
        if self.lang == "zh":
            return True  # who writes the year last in Chinese writes for Hong Kong or Europe
        if re.fullmatch(r"en-(?:gb|au|nz|ie|in|za|sg|hk)", lang):
            return True
        return lang != "en-us" and (urlsplit(self.address).hostname or "").endswith(_DAY_FIRST_HOSTS)


MOST_SCRIPT = 1_500_000
NEAR_THE_TITLE = 20_000
"""Characters of a page that are searched for variables, and those between a headline and its variables."""

_VALUE = (
    r"[\"']?\s{0,3}[:=]\s{0,3}(?:\[?\s{0,3}\{[^{}]{0,200}?\"name\"\s{0,3}:\s{0,3})?[\"']"
    r"(?P<value>(?:[^\"'\\<>\n]|\\.){2,120})[\"']"
)
STATED = {
    "author": re.compile(r"[\"'\s](?:authors?_?(?:name)?|writer|byline)" + _VALUE, re.IGNORECASE),
    "source": re.compile(
        r"[\"'\s](?:(?:article_?|news_?)?source_?(?:name)?|media_?name|copy_?from|origin_?name|src)"
        + _VALUE.replace("(?P<value>", "(?P<value>(?!https?:|/|data:)"),
        re.IGNORECASE,
    ),
    "date": re.compile(
        r"[\"'\s](?:pub_?date|publish(?:ed)?_?(?:time|date|at|on)|date_?published|pub_?time|ptime|article_?(?:date|time)|create_?(?:time|at|date))"
        r"[\"']?\s{0,3}[:=]\s{0,3}[\"']?(?P<value>[^\"'<>,{}\[\]]{8,40})",
        re.IGNORECASE,
    ),
}
"""How scripts name the facts of an article."""


def _distance(at: int, places: list[int]) -> int:
    return min((abs(at - place) for place in places), default=0)


def _unescaped(value: str) -> str:
    try:
        return json.loads(f'"{value}"', strict=False)
    except ValueError:
        return value


_IN_ONE_WAY = re.compile(
    r"(?<![\d/.-])(?:(1[3-9]|2\d|3[01])/(?:0?[1-9]|1[0-2])|(?:0?[1-9]|1[0-2])/(1[3-9]|2\d|3[01]))/20\d\d"
)
"""25/08/2018 or 08/25/2018: (day,) before or (, day) after."""

_DAY_FIRST_HOSTS = (".uk", ".au", ".nz", ".ie", ".in", ".za", ".sg", ".hk", ".my", ".ng", ".ke", ".pk")


def _agrees(one: str, other: str) -> bool:
    return bool(one) and (one in other or other in one)
