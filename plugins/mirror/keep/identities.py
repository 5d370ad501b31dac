"""What each story of a content folder is known by, read quickly and remembered in a disposable cache."""

from __future__ import annotations

import hashlib
import json
import os
import re
import time
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

from plugins.languages import LANGUAGES
from plugins.mirror.keep.duplicates import signature
from plugins.mirror.keep.form import Form, read_form
from plugins.mirror.text.addresses import address_key

VERSION = 1
"""Of the cache; another one is not read."""

RECENT = 2_000_000_000
"""Nanoseconds. A file saved so shortly before the cache may have been saved again within the same tick of the clock."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What one file is known by.

    Attributes:
        digest: of its bytes.
        day: ``2024-05-06``; empty when it gives none.
        status: as written, empty when published.
        titles: keys of its title and of the original's.
        name: of the source.
        addresses: keys of ``source.url``.
        also: keys of the addresses of further sources; of one without an address ``name:…``.
        of: path of the other version, where it differs.
        signature: of the text.
    """

    digest: str
    day: str = ""
    status: str = ""
    titles: tuple[str, ...] = ()
    name: str = ""
    addresses: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    of: str = ""
    signature: bytes = b""


def title_key(title: object) -> str:
    """A title without what differs between two prints of it: spaces, marks, capitals, widths."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", str(title))).casefold()


def identity_of(form: Form, digest: str) -> Identity:
    """What a file is known by."""
    fields, source = form.fields, form.source
    titles = (fields.get("title"), source.get("title"))
    found = re.match(r"\d{4}-\d\d-\d\d", str(fields.get("date", "")))
    translation = fields.get("translation")
    also = source.get("also")
    return Identity(
        digest=digest,
        day=found[0] if found else "",
        status=str(fields.get("status", "")),
        titles=tuple(dict.fromkeys(key for title in titles if title and (key := title_key(title)))),
        name=str(source.get("name", "")),
        addresses=(address_key(source["url"]),) if isinstance(source.get("url"), str) and source["url"] else (),
        also=tuple(also_key(one) for one in also if isinstance(one, dict)) if isinstance(also, list) else (),
        of=str(translation.get("of", "")) if isinstance(translation, dict) else "",
        signature=signature(form.body),
    )


def also_key(source: Mapping[str, Any]) -> str:
    """What one entry of ``source.also`` is known by."""
    return address_key(source["url"]) if source.get("url") else f"name:{title_key(source.get('name', ''))}"


def digest_of(data: bytes) -> str:
    """A name for these bytes."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def read_text(data: bytes) -> str:
    """The characters of a file; bytes that are not UTF-8 do not stop the mirror, the reader will complain of them."""
    return data.decode("utf-8-sig", errors="replace")


class Identities:
    """Reads the identities of files, and remembers them where it is told to."""

    def __init__(self, into: Path, cache: Path | None):
        self._into = into
        self._cache = cache
        self._entries: dict[str, list[Any]] = {}
        self._by_digest: dict[str, Identity] = {}
        self._saved = 0
        self._read_cache()

    def read(self, folder: str) -> dict[str, Identity]:
        """All stories below a folder of the content folder, by path below that folder."""
        found = {}
        root = self._into / folder if folder else self._into
        for language in LANGUAGES:
            for below, entry in story_files(root / language, language):
                found[below] = self._identity(f"{folder}/{below}" if folder else below, entry)
        return found

    def remember(self, path: str, identity: Identity) -> None:
        """Note what a file that was just written is known by."""
        state = (self._into / path).stat()
        self._entries[path] = [state.st_size, state.st_mtime_ns, identity]

    def save(self) -> None:
        """Write the cache, if there is one; it only saves time, so that it cannot be written is no matter."""
        if self._cache is None:
            return
        files = {path: [size, mtime, _packed(identity)] for path, (size, mtime, identity) in self._entries.items()}
        try:
            self._cache.parent.mkdir(parents=True, exist_ok=True)
            draft = self._cache.with_name(f"{self._cache.name}.{os.getpid()}.part")
            draft.write_text(
                json.dumps({"version": VERSION, "saved": time.time_ns(), "files": files}), encoding="utf-8"
            )
            draft.replace(self._cache)
        except OSError:
            return

    def _read_cache(self) -> None:
        try:
            stored = json.loads(self._cache.read_text(encoding="utf-8")) if self._cache else {}
            if stored.get("version") != VERSION:
                return
            for path, (size, mtime, packed) in stored["files"].items():
                identity = self._by_digest.setdefault(packed[0], _unpacked(packed))
                self._entries[path] = [int(size), int(mtime), identity]
            self._saved = int(stored["saved"])
        except (OSError, ValueError, TypeError, KeyError, AttributeError, IndexError):
            self._entries, self._by_digest = {}, {}

    def _identity(self, path: str, entry: os.DirEntry[str]) -> Identity:
        state = entry.stat(follow_symlinks=False)
        size, mtime, identity = self._entries.get(path, (0, 0, None))
        if (
            identity is not None
            and (size, mtime) == (state.st_size, state.st_mtime_ns)
            and mtime < self._saved - RECENT
        ):
            return identity
        data = Path(entry.path).read_bytes()
        digest = digest_of(data)
        known = self._by_digest.get(digest)
        if known is None:
            known = self._by_digest[digest] = identity_of(read_form(read_text(data)), digest)
        self._entries[path] = [state.st_size, state.st_mtime_ns, known]
        return known


def story_files(folder: Path, below: str) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """The stories below a folder, in order; links are not followed, and what a killed pull left is cleared away."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except (FileNotFoundError, NotADirectoryError):
        return
    if folder.is_symlink():
        return
    for entry in entries:
        path = f"{below}/{entry.name}"
        if entry.is_dir(follow_symlinks=False):
            if not entry.name.startswith(".") and path.partition("/")[2] not in ("products", "pages"):
                yield from story_files(Path(entry.path), path)
        elif not entry.is_file(follow_symlinks=False):
            continue
        elif entry.name.startswith(".") and entry.name.endswith(".part"):
            Path(entry.path).unlink(missing_ok=True)
        elif entry.name.endswith((".md", ".markdown")) and not entry.name.startswith("."):
            yield path, entry


def _packed(identity: Identity) -> list[Any]:
    *values, sign = astuple(identity)
    return [*values, sign.hex()]


def _unpacked(packed: list[Any]) -> Identity:
    digest, day, status, titles, name, addresses, also, of, sign = packed
    return Identity(digest, day, status, tuple(titles), name, tuple(addresses), tuple(also), of, bytes.fromhex(sign))
