"""Which page was made from what, so that a page whose inputs did not change is not rendered again."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

from plugins.pages.page import Site
from plugins.reader.store import PARSERS
from plugins.values import bytes_of, digest_of

FORMAT = 2
"""Of the ledger file; another number means that it is not read."""

RENDERERS = ("jinja2", "markupsafe", "babel", "imagesize", *PARSERS)
"""Libraries whose version may change the bytes of a page."""

CODE = ("settings.py", "values.py", "languages", "reader", "stories", "pages", "feeds")
"""The parts of plugins/ that decide the bytes of a page."""

FACE = "face"
"""The source of a page that shows no story's text."""

NO_SOURCE = ""
"""The source of a file about which only its digest tells."""


class Entry(NamedTuple):
    """One file of the output.

    Attributes:
        digest: of everything that decides its bytes.
        size, modified: of the file when it was written.
        source: the texts that it shows, by a digest: with the same face of the portal and the same source a page is
            the same, and need not be planned to know it.
    """

    digest: str
    size: int
    modified: int
    source: str


def theme_digest(theme: Path, code: Path) -> str:
    """Changes when a template, a catalogue, the code that makes pages, or a library that it uses changes.

    Args:
        theme: with templates/ and translations/.
        code: the folder plugins/.
    """
    files = [*_files(theme / "templates"), *_files(theme / "translations")]
    files += [file for name in CODE for file in (_files(code / name) if (code / name).is_dir() else [code / name])]
    files = [file for file in files if file.suffix != ".pyc"]
    versions = [f"{name} {metadata.version(name)}".encode() for name in RENDERERS]
    return digest_of(*versions, *(part for file in files for part in (file.name.encode(), file.read_bytes())))


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


class Ledger:
    """Remembers, for every file of the last build, the digest of its plan and what it looked like on the disk.

    The file is a convenience: missing, damaged or of another version, every page is rendered.

    Args:
        cache: the folder for what may be deleted at any time.
        last: the output folder of the last build, where unchanged pages stay.
        theme: from theme_digest.
        kept: is filled with the files that stay.
    """

    def __init__(self, cache: Path, last: Path, theme: str, kept: set[str]) -> None:
        # One ledger an output folder, so that the preview and the build do not forget each other's pages.
        self._file = cache / f"pages-{digest_of(str(last).encode())[:8]}.json"
        self._last = last
        self._theme = theme
        self._kept = kept
        self._face_before = ""
        self._before = self._read()
        self._now: dict[str, Entry] = {}
        self._face = ""

    def _read(self) -> dict[str, Entry]:
        try:
            stored = json.loads(self._file.read_text(encoding="utf-8"))
            if stored["format"] != FORMAT or stored["theme"] != self._theme:
                return {}
            pages = {
                str(path): Entry(str(digest), int(size), int(time), str(source))
                for path, (digest, size, time, source) in stored["pages"].items()
            }
            self._face_before = str(stored["face"])
            return pages
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            print(f"{self._file.name} cannot be read; every page is rendered anew.")
            return {}

    def look(self, face: str) -> bool:
        """Whether the portal has the *face* (digest; empty when unknown) that it had when this ledger was written.

        Then every page of the last build exists, and those whose source is the same are the same.
        """
        self._face = face
        return face != "" and face == self._face_before

    def keeps(self, path: str, digest: str, source: str) -> bool:
        """Whether the file of the last build stays, because it would be the same; a file changed by hand does not.

        Args:
            digest: of everything that decides the bytes of the file, but for the theme.
            source: as in Entry, to be noted.
        """
        known = self._before.get(path)
        return known is not None and known.digest == digest != "" and self._keep(path, known._replace(source=source))

    def keeps_source(self, path: str, source: str) -> bool:
        """As keeps, for a page of a portal that has the face that it had."""
        known = self._before.get(path)
        return known is not None and known.source == source != NO_SOURCE and self._keep(path, known)

    def of_source(self, wanted: Callable[[str], bool]) -> list[tuple[str, str]]:
        """The files of the last build whose source is *wanted*, with it."""
        return [(path, entry.source) for path, entry in self._before.items() if wanted(entry.source)]

    @property
    def unchanged(self) -> int:
        """How many files stay, but for copies."""
        return sum(1 for path in self._kept if self._now[path].source != NO_SOURCE)

    @property
    def paths_before(self) -> Iterable[str]:
        """The files of the last build."""
        return self._before.keys()

    def _keep(self, path: str, known: Entry) -> bool:
        try:
            status = os.stat(f"{self._last}/{path}")  # noqa: PTH116  a Path each would take longer
        except OSError:
            return False
        if (status.st_size, status.st_mtime_ns) != (known.size, known.modified):
            return False
        self._now[path] = known
        self._kept.add(path)
        return True

    def enter(self, path: str, digest: str, size: int, modified: int, source: str) -> None:
        """Note a file that was written; as in Entry."""
        self._now[path] = Entry(digest, size, modified, source)
        self._kept.discard(path)

    def save(self) -> None:
        """Write the ledger for the next build; failing to is no reason to fail."""
        try:
            self._write()
        except OSError as error:
            print(f"{self._file} cannot be written ({error.strerror}); the next build renders every page.")

    def _write(self) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        draft = self._file.with_suffix(".new")
        draft.write_text(
            json.dumps(
                {"format": FORMAT, "theme": self._theme, "face": self._face, "pages": self._now},
                separators=(",", ":"),
            ),
            encoding="utf-8",
        )
        draft.replace(self._file)


def site_bytes(site: Site) -> bytes:
    """The constants of an edition, for digest()."""
    return bytes_of(site)
