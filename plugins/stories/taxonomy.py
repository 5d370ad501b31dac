"""content/taxonomy.yaml: what the portal sorts its stories by, with a name in every language."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from plugins.languages import LANGUAGES, Language
from plugins.problems import Problem, did_you_mean
from plugins.yaml_file import Entry, read_entries

KINDS = {
    "sections": "section",
    "product_categories": "product",
    "tags": "tag",
    "sources": "source",
    "authors": "author",
}
"""Part of the file → the word of the address (``en/section/markets/``)."""

EXAMPLE = '"markets: {en: Markets, zh: 财经}"'

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_BETWEEN_WORDS = re.compile(r"[^\w+]+")


@dataclass(frozen=True, slots=True)
class Term:
    """Something that stories are listed under.

    Attributes:
        kind: ``section``, ``product`` (a product category), ``tag``, ``author`` or ``source``.
        id: the last part of its address.
        names: by path of language; a name that was never listed has the one language it was written in.
    """

    kind: str
    id: str
    names: Mapping[str, str]

    def name(self, language: Language) -> tuple[str, Language]:
        """Its name for readers of *language*, and the language that name is in."""
        if language.path in self.names:
            return self.names[language.path], language
        path, name = next(iter(self.names.items()))
        return name, LANGUAGES[path]


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """The listed terms by kind and id, in the order of the file."""

    terms: Mapping[str, Mapping[str, Term]]
    _by_name: Mapping[tuple[str, str], str] = field(repr=False)

    def find(self, kind: str, written: str) -> Term | None:
        """The term of *kind* that an editor means by *written*: its id or its name in any language."""
        found = self._by_name.get((kind, written.casefold()))
        return self.terms[kind][found] if found else None

    def words(self, kind: str) -> list[str]:
        """All ids and names of *kind*, to suggest from."""
        return [word for k, word in self._by_name if k == kind]


def slug(name: str) -> str:
    """The address part of a name that is not listed; Chinese characters stay, so that it can be read.

    Empty when *name* has no letter or digit.
    """
    return _BETWEEN_WORDS.sub("-", unicodedata.normalize("NFC", name).lower()).strip("-")


def read_taxonomy(path: Path, shown: str) -> tuple[Taxonomy, list[Problem]]:
    """Read the taxonomy.

    Args:
        path: the file; a missing one is a Problem.
        shown: *path* as the editor would type it.
    Returns: the terms that are in order, and everything that is not.
    """
    entries, problems = read_entries(path, shown)
    terms: dict[str, dict[str, Term]] = {kind: {} for kind in KINDS.values()}
    by_name: dict[tuple[str, str], str] = {}
    for part in entries:
        kind = KINDS.get(part.key)
        if kind is None:
            fix = did_you_mean(part.key, KINDS, f"Known parts are: {', '.join(KINDS)}.")
            problems.append(Problem(shown, part.line, f'"{part.key}" is not a part of the taxonomy.', fix))
            continue
        if part.shape == "list" or part.text:
            what = f'"{part.key}" is not a group of names.'
            problems.append(Problem(shown, part.line, what, f"Write below it, indented: {EXAMPLE}."))
            continue
        for item in part.items:
            term, found = _read_term(kind, item, shown)
            problems += found
            if term is None:
                continue
            terms[kind][term.id] = term
            for word in (term.id, *term.names.values()):
                taken = by_name.setdefault((kind, word.casefold()), term.id)
                if taken != term.id:
                    what = f'{kind} "{term.id}" is called "{word}", and so is "{taken}".'
                    problems.append(Problem(shown, item.line, what, "Give one of them another name."))
    return Taxonomy(terms, by_name), problems


def _read_term(kind: str, item: Entry, shown: str) -> tuple[Term | None, list[Problem]]:
    if not _ID.fullmatch(item.key):
        what = f'"{item.key}" cannot be part of an address.'
        return None, [Problem(shown, item.line, what, "Use small letters, digits and single hyphens.")]
    if item.shape != "mapping":
        return None, [Problem(shown, item.line, f'{kind} "{item.key}" has no names.', f"Write it as {EXAMPLE}.")]
    problems = []
    names = {name.key: name.text for name in item.items}
    for name in item.items:
        if name.key not in LANGUAGES:
            what = f'{kind} "{item.key}" has a name in "{name.key}", which is no language of the portal.'
            problems.append(Problem(shown, name.line, what, f"Languages are: {', '.join(LANGUAGES)}."))
    for path, language in LANGUAGES.items():
        if not names.get(path):
            what = f'{kind} "{item.key}" has no name in {language.endonym}.'
            problems.append(Problem(shown, item.line, what, f'Add "{path}: …".'))
    return (None, problems) if problems else (Term(kind, item.key, names), [])
