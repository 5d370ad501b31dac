"""``sources.yaml``: the portals that are mirrored, where they begin and what is known of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from urllib.parse import urlsplit

from plugins.languages import LANGUAGES
from plugins.mirror.page.selectors import Selectors
from plugins.problems import Problem, did_you_mean
from plugins.yaml_file import Entry, read_entries

RIGHTS = ("full", "excerpt", "none")
"""What may be kept of an article: all of it, its first paragraphs and a link, a headline and a link."""

MOST_ARTICLES = 500
"""Articles of one portal that one pull fetches at most, unless `limit` says otherwise."""


@dataclass(frozen=True, slots=True)
class Portal:
    """A portal.

    Attributes:
        name: stands as the source of a story that names none itself.
        start: addresses where a pull begins: front and section pages, feeds, sitemaps, articles.
        files: dumps, saved pages, feeds, web archives, or folders of them.
        url: the address of the portal's page, if its dumps are of one page.
        languages: codes of the articles that are wanted; all when empty.
        select: where its pages have what.
        categories: the portal's own name of a section → id of ours.
        rights: one of `RIGHTS`; None when nobody said, which is taken as ``excerpt`` for what has an address.
        indexing: whether search engines may list the stories; None when nobody said, which is taken as no.
        rate: requests per second; None for the client's own.
        limit: articles that one pull fetches at most.
    """

    name: str
    start: tuple[str, ...] = ()
    files: tuple[Path, ...] = ()
    url: str | None = None
    languages: tuple[str, ...] = ()
    select: Selectors = field(default_factory=Selectors)
    categories: Mapping[str, str] = field(default_factory=dict)
    rights: str | None = None
    indexing: bool | None = None
    rate: float | None = None
    limit: int = MOST_ARTICLES


@dataclass(frozen=True, slots=True)
class Sources:
    """What ``sources.yaml`` says.

    Attributes:
        portals: those without mistakes.
        contact: an address or mail address that the mirrored portals can turn to; part of the User-Agent.
    """

    portals: tuple[Portal, ...] = ()
    contact: str = ""


class _Wrong(ValueError):
    """A value that cannot be read: what is wrong, and what to do."""

    def __init__(self, what: str, fix: str, line: int = 0):
        super().__init__(what)
        self.what, self.fix, self.line = what, fix, line


def read_sources(path: Path) -> tuple[Sources, list[Problem]]:
    """Read ``sources.yaml``; files are relative to its folder.

    Returns: what is in order, and a Problem with its line for each mistake.
    """
    shown = path.as_posix()
    entries, problems = read_entries(path, shown)
    if problems:
        return Sources(), problems
    given = {entry.key: entry for entry in entries}
    for entry in entries:
        if entry.key not in ("portals", "contact"):
            fix = did_you_mean(entry.key, ("portals", "contact"), "Known are: portals, contact.")
            problems.append(Problem(shown, entry.line, f'There is no field "{entry.key}".', fix))
    listed = given.get("portals")
    if listed is None or listed.shape == "mapping" or listed.text:
        fix = "Write “portals:” and a list of portals below it."
        line = listed.line if listed else 1
        return Sources(), [*problems, Problem(shown, line, 'There is no list "portals".', fix)]
    portals = [_portal(entry, path, shown, problems) for entry in listed.items]
    contact = given["contact"].text.strip() if "contact" in given else ""
    if not is_contact(contact):
        what = f'contact "{contact}" cannot stand in a User-Agent.'
        problems.append(Problem(shown, given["contact"].line, what, CONTACT))
        contact = ""
    found = tuple(portal for portal in portals if portal)
    names = [portal.name for portal in found]
    for entry, portal in zip(listed.items, portals, strict=True):
        if portal and names.count(portal.name) > 1:
            what = f'Two portals are called "{portal.name}".'
            problems.append(Problem(shown, entry.line, what, "Give each a name of its own."))
    return Sources(found, contact), problems


def with_sections(portals: Iterable[Portal], taxonomy: Path, shown: str) -> tuple[tuple[Portal, ...], list[Problem]]:
    """Let every portal use the names that our sections have in ``taxonomy.yaml``, beside its own `Portal.categories`.

    Args:
        taxonomy: the file; where there is none, only what sources.yaml says counts, unchecked.
        shown: sources.yaml as an editor would type it.
    Returns: the portals, and a Problem for each category that leads to a section that there is not.
    """
    entries, _ = read_entries(taxonomy, taxonomy.as_posix()) if taxonomy.exists() else ((), [])
    sections = [item for entry in entries if entry.key == "sections" for item in entry.items]
    names = {word.text.casefold(): item.key for item in sections for word in item.items}
    names |= {item.key.casefold(): item.key for item in sections}
    known, problems = {item.key for item in sections}, []
    for portal in portals:
        for name, section in portal.categories.items():
            if known and section not in known:
                what = f'"{name}" of {portal.name} leads to "{section}", which is no section of {taxonomy.as_posix()}.'
                problems.append(
                    Problem(shown, 0, what, did_you_mean(section, known, f"Use {', '.join(sorted(known))}."))
                )
    return tuple(replace(portal, categories={**names, **portal.categories}) for portal in portals), problems


def _portal(entry: Entry, path: Path, shown: str, problems: list[Problem]) -> Portal | None:
    """The portal of one list item; None when something is wrong with it."""
    before = len(problems)
    if entry.shape != "mapping":
        what = "A portal is not a group of fields."
        problems.append(Problem(shown, entry.line, what, "Write “- name: …” and “start: [ … ]” below."))
        return None
    values: dict[str, object] = {}
    for item in entry.items:
        parse = FIELDS.get(item.key)
        if parse is None:
            fix = did_you_mean(item.key, FIELDS, f"Fields are {', '.join(FIELDS)}.")
            problems.append(Problem(shown, item.line, f'A portal has no field "{item.key}".', fix))
            continue
        try:
            values[item.key] = parse(item)
        except _Wrong as wrong:
            problems.append(Problem(shown, wrong.line or item.line, wrong.what, wrong.fix))
    given = {item.key for item in entry.items}
    if "name" not in given:
        problems.append(Problem(shown, entry.line, "A portal has no name.", "Add “name: …”."))
    if not given & {"start", "files"}:
        what = "A portal has neither “start” nor “files”."
        problems.append(Problem(shown, entry.line, what, "Add “start: [https://…]” or “files: [dump.txt]”."))
    if len(problems) > before:
        return None
    values["files"] = tuple(path.parent / file for file in values.get("files", ()))
    return Portal(**values)


# --- parsers: Entry → value, or _Wrong ---------------------------------------------------------------------


def _text(entry: Entry) -> str:
    text = entry.text.strip()
    if entry.shape != "text" or not text:
        raise _Wrong(f'"{entry.key}" is not a text.', f"Write “{entry.key}: …” on one line.")
    return text


def _texts(entry: Entry) -> tuple[str, ...]:
    """A list, or one text."""
    items = [entry] if entry.shape == "text" else list(entry.items)
    if entry.shape == "mapping" or not items or any(item.shape != "text" or not item.text.strip() for item in items):
        raise _Wrong(f'"{entry.key}" is not a list of texts.', f"Write “{entry.key}: [ … ]”.")
    return tuple(item.text.strip() for item in items)


def _address(entry: Entry) -> str:
    return _addresses(entry)[0]


def _addresses(entry: Entry) -> tuple[str, ...]:
    found = _texts(entry)
    for at, address in enumerate(found):
        if not is_web_address(address):
            line = entry.items[at].line if entry.shape == "list" else entry.line
            raise _Wrong(f'{entry.key} "{address}" is not an address.', "Write it as https://example.org/news/.", line)
    return found


CONTACT = "Write a mail address, or the address of a page, in plain ASCII without brackets."


def is_contact(text: str) -> bool:
    """Whether *text* can stand in a User-Agent; the empty one can."""
    return text.isascii() and text.isprintable() and not set(text) & set("()")


def is_web_address(text: str) -> bool:
    """Whether *text* is the whole address of something on the web."""
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and not any(map(str.isspace, text))
    except ValueError:  # «http://[»
        return False


def _one_of(known: tuple[str, ...]) -> Callable[[Entry], str]:
    def parse(entry: Entry) -> str:
        word = _text(entry)
        if word not in known:
            fix = did_you_mean(word, known, f"Write one of: {', '.join(known)}.")
            raise _Wrong(f'{entry.key} "{word}" is not known.', fix)
        return word

    return parse


def _languages(entry: Entry) -> tuple[str, ...]:
    found = _texts(entry)
    for code in found:
        if code not in LANGUAGES:
            fix = did_you_mean(code, LANGUAGES, f"Languages are {', '.join(LANGUAGES)}.")
            raise _Wrong(f'"{code}" is not a language of the portal.', fix)
    return found


def _select(entry: Entry) -> Selectors:
    known = tuple(part.name for part in fields(Selectors))
    if entry.shape != "mapping":
        raise _Wrong('"select" is not a group of selectors.', f"Write “select: {{body: …}}” with {', '.join(known)}.")
    from cssselect import HTMLTranslator, SelectorError

    for item in entry.items:
        if item.key not in known:
            fix = did_you_mean(item.key, known, f"Known are: {', '.join(known)}.")
            raise _Wrong(f'"select" has no field "{item.key}".', fix, item.line)
        try:
            HTMLTranslator().css_to_xpath(_text(item))
        except SelectorError as error:
            what = f'{item.key} "{item.text}" is not a CSS selector: {str(error).rstrip(".")}.'
            raise _Wrong(what, "Write it as in a style sheet: div.article > h1.", item.line) from error
    return Selectors(**{item.key: _text(item) for item in entry.items})


def _categories(entry: Entry) -> Mapping[str, str]:
    if entry.shape != "mapping":
        raise _Wrong(
            '"categories" is not a map.', "Write “categories: {财经: markets}”: the portal's name, our section."
        )
    return {item.key.strip(): _text(item) for item in entry.items}


def _yes_or_no(entry: Entry) -> bool:
    word = _text(entry).lower()
    if word not in ("yes", "no", "true", "false", "on", "off"):
        raise _Wrong(f'{entry.key} "{entry.text}" is neither yes nor no.', "Write yes or no.")
    return word in ("yes", "true", "on")


def _rate(entry: Entry) -> float:
    try:
        rate = float(_text(entry))
    except ValueError:
        rate = 0.0
    if not 0.001 <= rate <= 100:
        raise _Wrong(f'rate "{entry.text}" is not a number of requests per second.', "Write it as 0.5 or 2.")
    return rate


def _limit(entry: Entry) -> int:
    text = _text(entry)
    if not text.isascii() or not text.isdigit() or not int(text):
        raise _Wrong(f'limit "{entry.text}" is not a number of articles.', "Write a whole number of 1 or more.")
    return int(text)


FIELDS: dict[str, Callable[[Entry], object]] = {
    "name": _text,
    "start": _addresses,
    "files": _texts,
    "url": _address,
    "languages": _languages,
    "select": _select,
    "categories": _categories,
    "rights": _one_of(RIGHTS),
    "indexing": _yes_or_no,
    "rate": _rate,
    "limit": _limit,
}
"""Fields of a portal and how each is read."""
