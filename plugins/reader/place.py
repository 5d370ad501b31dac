"""What the place of a file says: kind, language and key of its story."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from plugins.languages import LANGUAGES, Language
from plugins.problems import did_you_mean

Note = Callable[[int, str, str], None]
"""Takes line, what and fix of one Problem of the file that is being read."""

FOLDERS = {"products": "product", "pages": "page"}
"""Folder below the language → kind; every other folder is a year and holds stories."""

_SLUG = re.compile(r"[^\W_]+(?:[-_.][^\W_]+)*")
_NOT_IN_SLUGS = re.compile(r"[^\w.]+")
_DIGITS = re.compile(r"\d+", re.ASCII)
_YEAR = re.compile(r"[12]\d{3}", re.ASCII)
_MONTH = re.compile(r"0[1-9]|1[0-2]")
_ENDING = re.compile(r"\.(?:md|markdown)$")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a file lies.

    Attributes:
        kind: ``story``, ``product`` or ``page``.
        language: of the folder.
        path: below content/ (``en/2024/01/rally.md``).
        key: without language and ending (``2024/01/rally``).
        month: ``2024/01`` for a story in the folder of a month, else empty.
    """

    kind: str
    language: Language
    path: str
    key: str
    month: str


def read_place(path: str, note: Note) -> Place | None:
    """Read the place of a file; None when no story can lie there.

    Args:
        path: from the folder that holds content/ (``content/en/2024/01/rally.md``).
        note: is told what is wrong, with line 0: the file as a whole.
    """
    content, _, below = path.partition("/")
    *above, file = below.split("/")
    folder, *folders = above or [""]
    slug = _ENDING.sub("", file)
    if folder not in LANGUAGES:
        fix = f"Move it to {' or '.join(f'{content}/{language}/' for language in LANGUAGES)}."
        what = f'no edition has the folder "{folder}".' if folder else f'no story can lie in "{content}".'
        note(0, what, did_you_mean(folder, LANGUAGES, fix))
        return None

    kind = FOLDERS.get("/".join(folders), "story")
    month = ""
    if kind == "story":
        fix = f"Move it to {content}/{folder}/ and YYYY/MM/, products/ or pages/."
        if len(folders) != 2 or not _DIGITS.fullmatch(folders[0]):
            note(0, f'no story can lie in "{"/".join([content, *above])}".', fix)
            return None
        if not _YEAR.fullmatch(folders[0]):
            note(0, f'folder "{folders[0]}" is not a year.', "Give it four digits, as in 2024.")
        elif not _MONTH.fullmatch(folders[1]):
            digit = re.fullmatch(r"[1-9]", folders[1], re.ASCII)
            fix = f'Rename it to "0{folders[1]}".' if digit else "Give it two digits, 01 to 12."
            note(0, f'folder "{folders[1]}" is not a month of two digits.', fix)
        else:
            month = "/".join(folders)
    if not _SLUG.fullmatch(slug) or slug != slug.lower():
        better = _NOT_IN_SLUGS.sub("-", slug.lower()).strip("-_.")
        usable = _SLUG.fullmatch(better)
        fix = f'Rename it to "{better}.md".' if usable else "Use small letters, digits and hyphens."
        note(0, f'file name "{slug}" cannot be an address.', fix)
    return Place(kind, LANGUAGES[folder], below, "/".join([*folders, slug]), month)
