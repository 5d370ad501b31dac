"""A YAML file of nested names, with the line of each."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml

from plugins.problems import Problem

DEPTH = 8
"""Levels of nesting that are read; no file of ours needs more, and an alias can make them endless."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One ``key: …`` of a mapping, or one item of a list (then the key is empty).

    Attributes:
        line: 1-based.
        shape: ``text``, ``list`` or ``mapping``; ``text`` also for what is empty.
        text: the value when it is a plain one, else empty.
        items: what is nested below.
    """

    key: str
    line: int
    shape: str
    text: str
    items: tuple[Entry, ...]


def read_entries(path: Path, shown: str) -> tuple[tuple[Entry, ...], list[Problem]]:
    """Read a file whose top level is a mapping.

    Args:
        path: the file.
        shown: *path* as the editor would type it.
    Returns: the entries of the top level, and a Problem for a missing file, broken YAML or a key given twice.
    """
    try:
        node = yaml.compose(path.read_text(encoding="utf-8-sig"), Loader=_Loader)
    except FileNotFoundError:
        return (), [Problem(shown, 0, "the file is missing.", "Create it; docs/editors.md shows what it holds.")]
    except UnicodeDecodeError as error:
        return (), [Problem(shown, 0, f"the file is not UTF-8 ({error.reason}).", "Save it as UTF-8.")]
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        what = f"YAML cannot be read here ({error.problem})."
        return (), [Problem(shown, line, what, "Look for a missing colon, quote or bracket at or above this line.")]
    except yaml.YAMLError:
        return (), [Problem(shown, 1, "YAML cannot be read.", "Remove characters that cannot be seen.")]
    if node is None:
        return (), []
    if not isinstance(node, yaml.MappingNode):
        return (), [Problem(shown, 1, "the file is not a list of names with colons.", 'Write "name: …" lines.')]
    problems: list[Problem] = []
    return _entries(node, shown, problems), problems


_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _entries(node: yaml.Node, shown: str, problems: list[Problem], depth: int = 0) -> tuple[Entry, ...]:
    if depth > DEPTH:
        problems.append(Problem(shown, node.start_mark.line + 1, "this is nested too deep.", "Take levels out."))
        return ()
    if isinstance(node, yaml.SequenceNode):
        return tuple(_entry("", value, value, shown, problems, depth) for value in node.value)
    if not isinstance(node, yaml.MappingNode):
        return ()
    entries = []
    first: dict[str, int] = {}
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            problems.append(Problem(shown, line, "this is not a name before a colon.", 'Write "name: …".'))
            continue
        if key.value in first:
            what = f'"{key.value}" is given twice, first in line {first[key.value]}.'
            problems.append(Problem(shown, line, what, "Keep one of them."))
        first.setdefault(key.value, line)
        entries.append(_entry(key.value, key, value, shown, problems, depth))
    return tuple(entries)


def _entry(key: str, place: yaml.Node, value: yaml.Node, shown: str, problems: list[Problem], depth: int) -> Entry:
    shape = {yaml.SequenceNode: "list", yaml.MappingNode: "mapping"}.get(type(value), "text")
    text = str(value.value) if shape == "text" else ""
    items = _entries(value, shown, problems, depth + 1)
    return Entry(key, place.start_mark.line + 1, shape, text, items)
