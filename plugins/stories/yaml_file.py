"""A YAML file of nested names, with the line of each."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml

from plugins.problems import Problem


@dataclass(frozen=True, slots=True)
class Entry:
    """One ``key: …`` of a mapping, or one item of a list (then the key is empty).

    Attributes:
        line: 1-based.
        text: the value when it is a plain one, else empty.
        items: what is nested below.
    """

    key: str
    line: int
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
        return (), [
            Problem(shown, line, what, "Look for a missing colon, quote or bracket at or above this line.")
        ]
    except yaml.YAMLError:
        return (), [Problem(shown, 1, "YAML cannot be read.", "Remove characters that cannot be seen.")]
    if node is None:
        return (), []
    if not isinstance(node, yaml.MappingNode):
        return (), [Problem(shown, 1, "the file is not a list of names with colons.", 'Write "name: …" lines.')]
    problems: list[Problem] = []
    return _entries(node, shown, problems), problems


_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _entries(node: yaml.Node, shown: str, problems: list[Problem]) -> tuple[Entry, ...]:
    if isinstance(node, yaml.MappingNode):
        seen: dict[str, int] = {}
        for key, _ in node.value:
            line = key.start_mark.line + 1
            first = seen.get(str(key.value))
            seen.setdefault(str(key.value), line)
            if first is not None:
                what = f'"{key.value}" is given twice, first in line {first}.'
                problems.append(Problem(shown, line, what, "Keep one of them."))
        return tuple(_entry(str(key.value), key, value, shown, problems) for key, value in node.value)
    if isinstance(node, yaml.SequenceNode):
        return tuple(_entry("", value, value, shown, problems) for value in node.value)
    return ()


def _entry(key: str, place: yaml.Node, value: yaml.Node, shown: str, problems: list[Problem]) -> Entry:
    text = str(value.value) if isinstance(value, yaml.ScalarNode) else ""
    return Entry(key, place.start_mark.line + 1, text, _entries(value, shown, problems))
