"""content/front.yaml: what editors pin on the front page of each edition."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from plugins.languages import LANGUAGES
from plugins.problems import Problem, did_you_mean
from plugins.yaml_file import Entry, read_entries

PARTS = ("lead", "pinned")


@dataclass(frozen=True, slots=True)
class Pinned:
    """A story that an editor put on the front page.

    Attributes:
        key: its path without language and ``.md``.
        line: 1-based line in front.yaml.
    """

    key: str
    line: int


@dataclass(frozen=True, slots=True)
class Front:
    """What stands first on the front page of one edition; the newest stories fill what is not pinned."""

    lead: Pinned | None = None
    pinned: tuple[Pinned, ...] = ()


def read_front(path: Path, shown: str) -> tuple[Mapping[str, Front], list[Problem]]:
    """Read the pinned stories of every edition by path of language; without the file nothing is pinned.

    Args:
        path: the file.
        shown: *path* as the editor would type it.
    """
    if not path.exists():
        return {}, []
    entries, problems = read_entries(path, shown)
    fronts: dict[str, Front] = {}
    for edition in entries:
        if edition.key not in LANGUAGES:
            fix = f"Editions are: {', '.join(LANGUAGES)}."
            problems.append(Problem(shown, edition.line, f'"{edition.key}" is not an edition.', fix))
            continue
        if edition.shape == "list" or edition.text:
            fix = "Write below it, indented: lead: 2024/01/rally."
            problems.append(Problem(shown, edition.line, f'"{edition.key}" is not a group of fields.', fix))
            continue
        parts = {part.key: part for part in edition.items}
        for name, part in parts.items():
            if name not in PARTS:
                fix = did_you_mean(name, PARTS, f"Known are: {', '.join(PARTS)}.")
                problems.append(Problem(shown, part.line, f'"{name}" is not a part of a front page.', fix))
        lead = _pinned([parts["lead"]] if "lead" in parts else [], shown, problems)
        listed = parts.get("pinned")
        if listed is not None and (listed.shape == "mapping" or listed.text):
            problems.append(Problem(shown, listed.line, '"pinned" is not a list.', "Write it as [2024/01/rally, …]."))
        pinned = _pinned(listed.items if listed and listed.shape == "list" else [], shown, problems)
        fronts[edition.key] = Front(lead=next(iter(lead), None), pinned=tuple(pinned))
    return fronts, problems


def _pinned(entries: Iterable[Entry], shown: str, problems: list[Problem]) -> list[Pinned]:
    for entry in entries:
        if entry.shape != "text":
            what = "this is not the path of a story."
            problems.append(Problem(shown, entry.line, what, "Write it without language and .md: 2024/01/rally."))
    return [Pinned(entry.text, entry.line) for entry in entries if entry.text]
