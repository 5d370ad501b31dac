"""Which page was made from what, so that a page whose inputs did not change is not rendered again."""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import shutil
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path

from plugins.pages.page import PagePlan, Site

FORMAT = 1
"""Of the ledger file; another number means that it is not read."""

RENDERERS = ("jinja2", "markupsafe", "babel")
"""Libraries whose version may change the bytes of a page."""


def digest_of(*parts: bytes) -> str:
    """A short name for *parts* that changes when any of them changes."""
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.hexdigest()


def theme_digest(theme: Path, code: tuple[Path, ...]) -> str:
    """Changes when a template, a catalogue, the code that renders, or a library that it uses changes.

    Args:
        theme: with templates/ and translations/.
        code: folders of the rendering code.
    """
    files = [*_files(theme / "templates"), *_files(theme / "translations")]
    files += [file for folder in code for file in sorted(folder.glob("*.py"))]
    versions = [f"{name} {metadata.version(name)}".encode() for name in RENDERERS]
    return digest_of(*versions, *(part for file in files for part in (file.name.encode(), file.read_bytes())))


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


class Ledger:
    """Remembers, for every file of the last build, the digest of its plan and what it looked like on the disk.

    The file is a convenience: missing, damaged or of another version, every page is rendered.

    Args:
        cache: the folder for what may be deleted at any time.
        last: the output folder of the last build, which unchanged pages are taken from.
        theme: from theme_digest.
    """

    def __init__(self, cache: Path, last: Path, theme: str) -> None:
        # One ledger an output folder, so that the preview and the build do not forget each other's pages.
        self._file = cache / f"pages-{digest_of(str(last).encode())[:8]}.json"
        self._last = last
        self._theme = theme
        self._before = self._read()
        self._now: dict[str, tuple[str, int, int]] = {}

    def _read(self) -> dict[str, tuple[str, int, int]]:
        try:
            stored = json.loads(self._file.read_text(encoding="utf-8"))
            if stored["format"] != FORMAT or stored["theme"] != self._theme:
                return {}
            return {path: (str(d), int(size), int(time)) for path, (d, size, time) in stored["pages"].items()}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            print(f"{self._file.name} cannot be read; every page is rendered anew.")
            return {}

    def digest(self, plan: PagePlan, site: bytes) -> str:
        """The digest of everything that decides the bytes of *plan*'s file, but for the theme."""
        return digest_of(pickle.dumps(plan, protocol=5), site)

    def reuse(self, path: str, digest: str, into: Path) -> bool:
        """Take the file from the last build when it would be the same; True when that was done.

        A file that somebody changed since is not taken.
        """
        known = self._before.get(path)
        if known is None or known[0] != digest:
            return False
        old, new = self._last / path, into / path
        try:
            stat = old.stat()
            if (stat.st_size, stat.st_mtime_ns) != known[1:]:
                return False
            new.parent.mkdir(parents=True, exist_ok=True)
            _link_or_copy(old, new)
        except OSError:
            return False
        self._now[path] = known
        return True

    def enter(self, digests: Iterable[tuple[str, str]], into: Path) -> None:
        """Note the files that were rendered, as (path, digest)."""
        for path, digest in digests:
            stat = (into / path).stat()
            self._now[path] = (digest, stat.st_size, stat.st_mtime_ns)

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
            json.dumps({"format": FORMAT, "theme": self._theme, "pages": self._now}, separators=(",", ":")),
            encoding="utf-8",
        )
        draft.replace(self._file)


def _link_or_copy(old: Path, new: Path) -> None:
    try:
        os.link(old, new)
    except OSError:
        # Not every file system has hard links.
        shutil.copy2(old, new)


def site_bytes(site: Site) -> bytes:
    """The constants of an edition, for digest()."""
    return pickle.dumps(site, protocol=5)
