"""The form of a story: what the mirror writes of an article, and what a file says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from plugins.mirror.article import Article
from plugins.mirror.keep.excerpt import excerpt
from plugins.mirror.text.plain import without_tags

_FENCE = re.compile(r"\A---[ \t]*\n(?P<front>(?:[^\n]*\n)*?)---[ \t]*(?:\n|\Z)(?P<body>.*)\Z", re.DOTALL)
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_CHECK = "# check: "
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]")
"""What neither YAML nor HTML may contain; half a character cannot be written at all."""

_ADDRESS = re.compile(r"https?://[^\s/?#]+\S*")
_GUESSED_DATE = re.compile(r"The date \d{4}-\d\d-\d\d is a guess from ")
"""What a page's article says of a date whose year stands nowhere."""

_SPLITTING = re.compile("[，、；]")
"""At these the reader takes a plain entry of a list apart."""

LONGEST = {"title": 600, "summary": 1000, "notice": 1000, "dateline": 200, "credits": 300}
"""Characters of a field; a page that offers more has something else there."""

LONGEST_NAME = 60
"""Characters of a tag, an author or a paper: they are parts of addresses."""

MOST = 50
"""Entries of a list."""


@dataclass(frozen=True, slots=True)
class Rights:
    """What a portal lets us do with its stories.

    Attributes:
        permission: ``full``, ``excerpt`` (the first paragraphs), ``none`` (a headline and a link), or empty where
            nobody has said anything and the text is kept whole.
        indexing: whether search engines may list the page.
        note: a sentence on it, shown with the source where a story brings none of its own.
    """

    permission: str = "excerpt"
    indexing: bool = False
    note: str = ""

    @property
    def whole(self) -> bool:
        """Whether the whole text is kept, with its pictures."""
        return self.permission not in ("excerpt", "none")


@dataclass(frozen=True, slots=True)
class Form:
    """What a file says.

    Attributes:
        front: the lines between the two ``---``, each with its line end.
        body: everything below.
        fields: values of *front* as written: texts, lists of texts, groups; empty when it is not YAML.
        readable: whether it is a file with front matter that YAML understands.
    """

    front: str
    body: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    readable: bool = True

    @property
    def text(self) -> str:
        """The whole file."""
        return f"---\n{self.front}---\n{self.body}"

    @property
    def source(self) -> Mapping[str, Any]:
        """The fields of ``source``."""
        found = self.fields.get("source")
        return found if isinstance(found, dict) else {}

    @property
    def checks(self) -> list[str]:
        """What an editor is asked to check."""
        return [line for line in self.front.splitlines() if line.startswith(_CHECK)]


def read_form(text: str) -> Form:
    """Take a file apart; one that nobody can read is all body."""
    content = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    match = _FENCE.match(content)
    if match is None:
        return Form("", content, readable=False)
    try:
        fields = yaml.load(match["front"], _LOADER)
    except (yaml.YAMLError, RecursionError, ValueError):
        fields = None
    if not isinstance(fields, dict) or not all(isinstance(name, str) for name in fields):
        return Form(match["front"], match["body"], readable=False)
    return Form(match["front"], match["body"], fields)


def form_of(
    article: Article,
    rights: Rights,
    retrieved: datetime,
    zone: ZoneInfo,
    url: str | None = None,
    kept: Mapping[str, Any] | None = None,
) -> Form:
    """What the mirror writes of an article.

    Args:
        retrieved: when it was fetched; it also dates an article that has no date, as a draft. One whose year is a
            guess is a draft as well.
        zone: of the portal; *retrieved* is told in it.
        url: where the original is read; else the article's.
        kept: fields (``date``, ``translation``, ``also``) that come from elsewhere than the article.
    """
    kept = kept or {}
    # A warning is one line; a line break in it would end the comment.
    checks = "".join(f"{_CHECK}{_line(warning)}\n" for warning in article.warnings)
    moment = retrieved.astimezone(zone) if retrieved.tzinfo else retrieved
    body = _UNPRINTABLE.sub("", article.body.replace("\r\n", "\n").replace("\r", "\n")).strip("\n")
    if not rights.whole:
        body = excerpt(body, article.lang) if rights.permission == "excerpt" else ""
    fields = _fields(article, rights, moment, zone, url or article.source.url, kept)
    front = _written(fields)
    return read_form(f"---\n{checks}{front}---\n" + (f"\n{body}\n" if body else ""))


def _without_aliases(dumper: type) -> type:
    """A dumper that writes a day that occurs twice twice: an editor would not know what to do with «&id001»."""
    made = type(dumper.__name__, (dumper,), {"ignore_aliases": lambda self, data: True})
    made.add_representer(
        _Quoted, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", str(text), style="'")
    )
    return made


def _written(fields: Mapping[str, Any]) -> str:
    """Fields as YAML."""
    text = yaml.dump(fields, Dumper=_FAST, allow_unicode=True, sort_keys=False, width=10_000)
    # libyaml, twenty times as fast, writes emoji as numbers that no editor can read.
    if "\\U000" in text:
        text = yaml.dump(fields, Dumper=_PLAIN, allow_unicode=True, sort_keys=False, width=10_000)
    return text


class _Quoted(str):
    """An entry of a list that must stand in quotes."""


_PLAIN = _without_aliases(yaml.SafeDumper)
_FAST = _without_aliases(getattr(yaml, "CSafeDumper", yaml.SafeDumper))


def _line(text: str | None, longest: int = 1000) -> str:
    """A text in one line that any file can hold."""
    line = " ".join(_UNPRINTABLE.sub("", without_tags(text or "")).split())
    return line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…"


def _lines(texts: Iterable[str], longest: int) -> list[str]:
    lines = [line for line in dict.fromkeys(_line(text, longest) for text in texts) if line]
    return [_Quoted(line) if _SPLITTING.search(line) else line for line in lines[:MOST]]


def _names(words: Iterable[str]) -> list[str]:
    """Words that can be parts of addresses."""
    return _lines((word for word in words if re.search(r"[^\W_]", word) and len(word) <= LONGEST_NAME), LONGEST_NAME)


def _fields(
    article: Article, rights: Rights, retrieved: datetime, zone: ZoneInfo, url: str | None, kept: Mapping[str, Any]
) -> dict[str, Any]:
    full = rights.whole
    image = next((image for image in article.images if image.src), None) if full else None
    credits = [*article.source.credits]
    if full:
        credits += [credit for image in article.images if not image.src and (credit := image.credit or image.alt)]
    # A guess depends on the day of the pull, so the first one stays.
    sure = None if _is_guessed(article) else article.date
    date_, modified = sure or kept.get("date") or article.date or f"{retrieved:%Y-%m-%d}", article.modified
    source = {
        "name": next(iter(_names([_line(article.source.name, LONGEST_NAME)])), None),
        "url": url if url and _ADDRESS.fullmatch(url) else None,
        "retrieved": f"{retrieved:%Y-%m-%d %H:%M}",
        "permission": rights.permission,
        "indexing": None if rights.indexing and not article.noindex else False,
        "title": _line(article.source.title, LONGEST["title"]),
        "dateline": _line(article.source.dateline, LONGEST["dateline"]),
        "notice": _line(article.source.notice or rights.note, LONGEST["notice"]),
        "credits": _lines(credits, LONGEST["credits"]),
        "also": kept.get("also"),
    }
    fields = {
        "title": _line(article.title, LONGEST["title"]),
        "date": _moment(date_),
        # Some pages say that they were changed before they were there.
        "modified": _moment(modified) if modified and _at(modified, zone) >= _at(date_, zone) else None,
        "category": article.category,
        # A day that nobody knows is not published: an editor dates the draft.
        "status": None if sure else "draft",
        # A summary is the source's text as well; an excerpt must not grow by it.
        "summary": _line(article.summary, LONGEST["summary"]) if full else None,
        "authors": _names(article.authors),
        "tags": _names(article.tags),
        "image": _image(image) if image else None,
        "source": {key: value for key, value in source.items() if value or value is False},
        "translation": kept.get("translation"),
    }
    return {key: value for key, value in fields.items() if value}


def _is_guessed(article: Article) -> bool:
    """Whether the year of a page's date is a guess: an old story must not appear as fresh news."""
    return any(map(_GUESSED_DATE.match, article.warnings))


def _image(image: Any) -> dict[str, str]:
    # A picture without words is an ornament; the reader insists that somebody says so.
    credit = {"credit": _line(image.credit, LONGEST["credits"])} if image.credit else {}
    return {"src": image.src, "alt": _line(image.alt)} | credit


def _at(iso: str, zone: ZoneInfo) -> datetime:
    """A moment to compare, as the reader understands it: a day is its midnight, a time without zone the portal’s."""
    moment = datetime.fromisoformat(iso)
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _moment(iso: str) -> date | str:
    """A day as YAML writes days; a moment without its ``T`` and its seconds."""
    if len(iso) == 10:
        return date.fromisoformat(iso)
    return re.sub(r"^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(?::00(?:\.0+)?)?", r"\1 \2", iso)
