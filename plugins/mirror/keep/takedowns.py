"""``takedowns.yaml``: what must never be published, whatever a source or an import says."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from plugins.mirror.keep.identities import title_key
from plugins.mirror.text.addresses import address_key
from plugins.problems import Problem, did_you_mean
from plugins.yaml_file import Entry, read_entries

NAME = "takedowns.yaml"
"""Of the file, in the content folder."""

WAYS = ("url", "guid", "title", "host", "path")
"""How an entry names what it means; one of them."""

FIELDS = (*WAYS, "date", "reason", "until")


@dataclass(frozen=True, slots=True)
class Takedown:
    """One entry.

    Attributes:
        url: an address, or the beginning of addresses, ending in ``*``; a guid, title, host or path likewise empty
            where the entry names another.
        path: of a story, below content/ and without its ending (``en/2024/05/chip``), or without the language, for
            every version (``2024/05/chip``).
        date: the day of the story that *title* means; None for any.
        until: the first day on which the entry no longer holds; None for ever.
        line: 1-based, in the file.
    """

    line: int
    url: str = ""
    guid: str = ""
    title: str = ""
    host: str = ""
    path: str = ""
    date: date | None = None
    reason: str = ""
    until: date | None = None

    @property
    def why(self) -> str:
        """The entry in a sentence."""
        return f"{NAME}:{self.line} keeps it out{f': {self.reason}' if self.reason else ''}."


@dataclass(frozen=True, slots=True)
class Takedowns:
    """The entries that hold today, ready to be asked."""

    by_word: Mapping[tuple[str, str], tuple[Takedown, ...]]
    prefixes: tuple[tuple[str, Takedown], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.by_word or self.prefixes)

    def find(
        self,
        *,
        addresses: Iterable[str] = (),
        guid: str = "",
        titles: Iterable[str] = (),
        day: date | None = None,
        path: str = "",
    ) -> Takedown | None:
        """The first entry that means a story.

        Args:
            addresses: of the story: its own, the original's, those of further sources.
            titles: of the story and of the original.
            day: of the story; None when unknown, then an entry with a date means it as well.
            path: below content/ (``en/2024/05/chip.md``); empty for a story that has no file yet.
        """
        hits: list[Takedown] = []
        for address in filter(None, addresses):
            key = address_key(address)
            hits += self.by_word.get(("url", key), ())
            hits += [entry for prefix, entry in self.prefixes if key.startswith(prefix)]
            hits += [entry for host in _hosts(address) for entry in self.by_word.get(("host", host), ())]
        if guid:
            hits += self.by_word.get(("guid", guid.strip()), ())
            hits += self.by_word.get(("url", address_key(guid)), ()) if "://" in guid else ()
        for title in filter(None, titles):
            found = self.by_word.get(("title", title_key(title)), ())
            hits += [entry for entry in found if entry.date is None or day is None or entry.date == day]
        if path:
            key = _bare(path)
            hits += self.by_word.get(("path", key), ())
            hits += self.by_word.get(("path", key.partition("/")[2]), ())
        return min(hits, key=lambda entry: entry.line, default=None)


NOTHING = Takedowns({})


def read_takedowns(path: Path, today: date | None = None) -> tuple[Takedowns, list[Problem]]:
    """Read the list; without the file nothing is on it.

    Args:
        path: ``content/takedowns.yaml``.
        today: entries whose ``until`` is not later are left out; None takes none out.
    Returns: the entries without mistakes, and a Problem with its line for each mistake. Who publishes or imports
        must stop at a Problem: what is misspelt here would come back.
    """
    shown = f"{path.parent.name}/{path.name}"
    if not path.exists():
        return NOTHING, []
    entries, problems = _read(path, shown)
    found = [takedown for entry in entries if (takedown := _takedown(entry, shown, problems))]
    holding = [one for one in found if one.until is None or today is None or today < one.until]
    by_word: dict[tuple[str, str], tuple[Takedown, ...]] = {}
    prefixes = []
    for one in holding:
        for way, key in _keys(one):
            if way == "prefix":
                prefixes.append((key, one))
            else:
                by_word[way, key] = (*by_word.get((way, key), ()), one)
    return Takedowns(by_word, tuple(prefixes)), problems


def known_guids(into: Path) -> dict[str, str]:
    """Path of a story (``en/2024/05/chip.md``) → its guid, as far as the mirror has seen one and it is no address.

    A guid has no place in a story's file; who only has the files asks here.
    """
    root = into / ".mirror" / "known"
    found = {}
    for file in sorted(root.glob("*/*/*/*.json")):
        try:
            guid = json.loads(file.read_text(encoding="utf-8")).get("guid", "")
        except (OSError, ValueError, AttributeError):
            continue
        if isinstance(guid, str) and " " in guid:
            found[file.relative_to(root).with_suffix(".md").as_posix()] = guid.partition(" ")[2]
    return found


def _read(path: Path, shown: str) -> tuple[tuple[Entry, ...], list[Problem]]:
    """The items of the list ``takedowns:``."""
    top, problems = read_entries(path, shown)
    listed: tuple[Entry, ...] = ()
    for entry in top:
        if entry.key != "takedowns":
            problems.append(
                Problem(shown, entry.line, f'there is no "{entry.key}" here.', 'Start with "takedowns:" and a list.')
            )
        elif entry.shape == "mapping" or entry.text:
            problems.append(
                Problem(shown, entry.line, '"takedowns" is not a list.', 'Write each entry after a "- ": - url: ….')
            )
        else:
            listed = entry.items
    return listed, problems


def _takedown(entry: Entry, shown: str, problems: list[Problem]) -> Takedown | None:
    """One entry; None when it has a mistake, which is then among *problems*."""
    before = len(problems)

    def note(line: int, what: str, fix: str) -> None:
        problems.append(Problem(shown, line, what, fix))

    if entry.shape != "mapping":
        note(entry.line, "this is not an entry.", 'Write "- url: …", or guid, title, host or path.')
        return None
    values: dict[str, str] = {}
    days: dict[str, date | None] = {}
    for field in entry.items:
        if field.key not in FIELDS:
            fix = did_you_mean(field.key, FIELDS, f"Known are: {', '.join(FIELDS)}.")
            note(field.line, f'there is no field "{field.key}".', fix)
        elif field.shape != "text" or not field.text.strip():
            note(field.line, f"{field.key} is empty.", f'Write "{field.key}: …" in one line.')
        elif field.key in ("date", "until"):
            days[field.key] = _day(field, note)
        else:
            values[field.key] = field.text.strip()
            _check(field, values[field.key], note)
    ways = [way for way in WAYS if way in values]
    if len(ways) != 1 and len(problems) == before:
        what = "the entry names nothing." if not ways else f"the entry names {' and '.join(ways)}."
        note(entry.line, what, f"Give one of {', '.join(WAYS)}; write an entry for each.")
    if "date" in days and "title" not in values and len(problems) == before:
        note(entry.line, "date goes with a title only.", "Remove the date.")
    return Takedown(entry.line, **values, **days) if len(problems) == before else None


def _day(field: Entry, note: Callable[[int, str, str], None]) -> date | None:
    try:
        return date.fromisoformat(field.text.strip()[:10])
    except ValueError:
        note(field.line, f'{field.key} "{field.text}" is not a date.', "Write it as YYYY-MM-DD.")
        return None


def _check(field: Entry, value: str, note: Callable[[int, str, str], None]) -> None:
    if field.key == "url" and not re.match(r"https?://[^/?#\s]+", value):
        note(field.line, f'url "{value}" is not a web address.', "Copy it whole from the browser.")
    elif field.key == "url" and "*" in value[:-1]:
        note(field.line, f'url "{value}" has a * that is not at its end.', "Write the beginning and one * at the end.")
    elif field.key == "host" and not re.fullmatch(r"(?:\*\.)?[^\s/:*]+\.[^\s/:*]+", value):
        note(field.line, f'host "{value}" is not a host name.', 'Write it without https:// and path: "example.com".')
    elif field.key == "path" and not re.fullmatch(r"(?:[a-z]+/)?\d{4}/\d\d/[^/\s]+", value.removeprefix("content/")):
        note(field.line, f'path "{value}" is not the path of a story.', 'Write it as "en/2024/05/chip".')
    elif field.key == "title" and not title_key(value):
        note(field.line, f'title "{value}" has no letter or digit.', "Name the story by its url.")


def _keys(one: Takedown) -> list[tuple[str, str]]:
    """What an entry is found by."""
    if one.url.endswith("*"):
        # The last part may be cut anywhere, so what a key leaves out at the end of an address stays.
        key = address_key(one.url[:-1])
        slash = "/" if one.url[:-1].endswith("/") and not key.endswith("/") else ""
        return [("prefix", key + slash)]
    if one.url:
        return [("url", address_key(one.url))]
    if one.title:
        return [("title", title_key(one.title))]
    if one.host:
        return [("host", one.host.lower().removeprefix("*.").removeprefix("www."))]
    return [("path", _bare(one.path))] if one.path else [("guid", one.guid)]


def _hosts(address: str) -> list[str]:
    """The host of an address and the domains above it."""
    try:
        parts = (urlsplit(address).hostname or "").split(".")
    except ValueError:
        return []
    return [".".join(parts[at:]) for at in range(len(parts) - 1)]


def _bare(path: str) -> str:
    return re.sub(r"\.(?:md|markdown)$", "", path.removeprefix("content/"))
