"""What of the theme and the code decides the bytes of a page, by digests."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from plugins.last_build import RENDERERS, version_of
from plugins.values import digest_of

CODE = ("settings.py", "values.py", "yaml_file.py", "languages", "reader", "stories", "pages", "feeds")
"""The parts of plugins/ that decide the bytes of a page."""

_REACHES = re.compile(r"\{%[-+]?\s*(?:extends|from|import|include)\s+(?:[\"']([^\"']+)[\"']\s*(?:import|as|%|-%|$))?")


def template_digests(theme: Path, code: Path) -> Mapping[str, str]:
    """Template → a digest that changes when it does, one that it reaches, the words, or what renders them.

    Args:
        theme: with templates/ and translations/.
        code: the folder plugins/.
    """
    common = _common(theme, code)
    folder = theme / "templates"
    sources = {file.relative_to(folder).as_posix(): file.read_bytes() for file in files_in(folder)}
    reached = {name: _reached_directly(source) for name, source in sources.items()}
    digests = {}
    for name in sources:
        parts = sorted(_all_reached(name, reached)) if None not in reached.values() else sorted(sources)
        digests[name] = digest_of(common, *(part for one in parts for part in (one.encode(), sources[one])))
    return digests


def part_digests(theme: Path, code: Path) -> Mapping[str, str]:
    """Every file that template_digests looks at → its digest, and every library → its version."""
    files = [*files_in(theme / "templates"), *_common_files(theme, code)]
    top = {theme: theme.name, code: code.name}
    named = {
        f"{name}/{file.relative_to(folder).as_posix()}": file
        for file in files
        for folder, name in top.items()
        if file.is_relative_to(folder)
    }
    versions = {name: version_of(name) for name in RENDERERS}
    return {**{name: digest_of(file.read_bytes()) for name, file in named.items()}, **versions}


def templates_reached(theme: Path, name: str) -> set[str]:
    """The template *name* and those that it may reach."""
    folder = theme / "templates"
    reached = {file.relative_to(folder).as_posix(): _reached_directly(file.read_bytes()) for file in files_in(folder)}
    return _all_reached(name, reached) if None not in reached.values() else set(reached)


def _common_files(theme: Path, code: Path) -> list[Path]:
    files = files_in(theme / "translations")
    files += [file for name in CODE for file in (files_in(code / name) if (code / name).is_dir() else [code / name])]
    return [file for file in files if file.suffix != ".pyc"]


def _common(theme: Path, code: Path) -> bytes:
    files = _common_files(theme, code)
    versions = [f"{name} {version_of(name)}".encode() for name in RENDERERS]
    return digest_of(*versions, *(part for file in files for part in (file.name.encode(), file.read_bytes()))).encode()


def _reached_directly(source: bytes) -> frozenset[str] | None:
    """The templates that *source* names; None when it makes a name up, so that it may reach any."""
    found = _REACHES.findall(source.decode("utf-8", "replace"))
    return frozenset(found) if all(found) else None


def _all_reached(name: str, reached: Mapping[str, frozenset[str] | None]) -> set[str]:
    found: set[str] = set()
    waiting = [name]
    while waiting:
        one = waiting.pop()
        if one not in found and one in reached:
            found.add(one)
            waiting += reached[one] or ()
    return found


def files_in(folder: Path) -> list[Path]:
    """The files below *folder*, in order; one with a dot is a tool's (an editor leaves it beside an open file)."""
    return sorted(path for path in folder.rglob("*") if not path.name.startswith(".") and path.is_file())
