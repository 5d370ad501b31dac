"""``sources.yaml``: the portals that are mirrored, and the dumps they are read from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml

from plugins.problems import Problem, did_you_mean

KEYS = {"name", "files", "url"}


@dataclass(frozen=True, slots=True)
class Portal:
    """A portal.

    Attributes:
        name: stands as the source of a story that names none itself.
        files: dumps, or folders of dumps.
        url: the address of the portal's page, if the dumps are of one page.
    """

    name: str
    files: tuple[Path, ...]
    url: str | None = None


def read_portals(path: Path) -> tuple[list[Portal], list[Problem]]:
    """Read ``sources.yaml``; files are relative to its folder.

    Returns: the portals without mistakes, and a Problem with its line for each mistake.
    """
    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except OSError:
        return [], [Problem(path.name, 0, "There is no such file.", "Create it, or name the dumps to pull.")]
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        what = f"This is not YAML: {getattr(error, 'problem', None) or 'it is not UTF-8'}."
        return [], [Problem(path.name, mark.line + 1 if mark else 0, what, "Correct the line.")]
    entries = _entries(root, "portals")
    if entries is None:
        return [], [Problem(path.name, 1, 'There is no list "portals".', "Start with “portals:” and a list below.")]
    portals: list[Portal] = []
    problems: list[Problem] = []
    for entry in entries:
        found = _mistakes(entry, path)
        problems += found
        if not found:
            portals.append(_portal(_values(entry), path.parent))
    return portals, problems


def _entries(root: yaml.Node | None, key: str) -> list[yaml.Node] | None:
    for name, value in root.value if isinstance(root, yaml.MappingNode) else ():
        if name.value == key and isinstance(value, yaml.SequenceNode):
            return value.value
    return None


def _mistakes(entry: yaml.Node, path: Path) -> list[Problem]:
    line = entry.start_mark.line + 1
    if not isinstance(entry, yaml.MappingNode):
        return [Problem(path.name, line, "A portal is not a mapping.", "Write “- name: …” and “files: [ … ]” below.")]
    found = []
    for name, _ in entry.value:
        if name.value not in KEYS:
            fix = did_you_mean(name.value, KEYS, f"Use {', '.join(sorted(KEYS))}.")
            found.append(Problem(path.name, name.start_mark.line + 1, f'A portal has no field "{name.value}".', fix))
    values = _values(entry)
    if not isinstance(values.get("name"), str) or not values["name"].strip():
        found.append(Problem(path.name, line, "A portal has no name.", "Add “name: …”."))
    files = values.get("files")
    if not isinstance(files, list) or not files or not all(isinstance(file, str) and file for file in files):
        found.append(Problem(path.name, line, 'A portal has no list "files".', "Add “files: [dump.txt]”."))
    if not isinstance(values.get("url", ""), str):
        found.append(Problem(path.name, line, f'url "{values["url"]}" is not an address.', "Write one address."))
    return found


def _values(entry: yaml.Node) -> dict:
    return yaml.SafeLoader("").construct_document(entry)


def _portal(values: dict, folder: Path) -> Portal:
    files = tuple(folder / file for file in values["files"])
    return Portal(values["name"].strip(), files, values.get("url"))
