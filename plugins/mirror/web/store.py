"""What was answered before: bodies and the conditions for the next request, in ``.cache/mirror/web.sqlite``.

The file only saves time and traffic. Deleted, damaged or from another version, it is started anew.
"""

from __future__ import annotations

import sqlite3
import sys
import threading
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from plugins.mirror.document import Document

FORM = 2
"""The form of the tables; a file of another form is started anew."""

EPOCH = "Thu, 01 Jan 1970 00:00:00 GMT"
"""The condition of an address that we hold nothing of: whatever is there has changed since."""

KEPT_DAYS = 180
"""Days after which an answer that nobody has asked for is forgotten: its page has left the lists of the portal."""

_TABLES = f"""
    CREATE TABLE IF NOT EXISTS answers (
        address TEXT PRIMARY KEY, failures INTEGER NOT NULL DEFAULT 0,
        etag TEXT NOT NULL DEFAULT '', last_modified TEXT NOT NULL DEFAULT '', date TEXT NOT NULL DEFAULT '',
        url TEXT, media_type TEXT, charset TEXT, retrieved TEXT, link_header TEXT, digest BLOB,
        asked INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS bodies (address TEXT PRIMARY KEY, packed BLOB NOT NULL);
    PRAGMA user_version = {FORM};
"""


@dataclass(frozen=True, slots=True)
class Stored:
    """What is known of an address that was asked before.

    Attributes:
        failures: answers in a row that brought no body, or no answers at all.
        etag, last_modified, date: of the stored answer; empty when the server gave none that can be sent back.
        document: the stored answer without its body; None when there is no body.
        digest: SHA-256 of the body; empty when there is none.
    """

    failures: int = 0
    etag: str = ""
    last_modified: str = ""
    date: str = ""
    document: Document | None = None
    digest: bytes = b""


def conditions_of(stored: Stored | None) -> dict[str, str]:
    """The headers that make a request conditional; none for an address that was never asked.

    Without a validator, the date of the stored answer is the condition (RFC 9110, 13.1.3); without an answer, `EPOCH`.
    """
    if stored is None:
        return {}
    if not stored.digest:
        return {"If-Modified-Since": EPOCH}
    validators = {"If-None-Match": stored.etag, "If-Modified-Since": stored.last_modified}
    given = {name: value for name, value in validators.items() if value}
    return given or {"If-Modified-Since": stored.date or EPOCH}


def validators_of(headers: Mapping[str, str]) -> tuple[str, str, str]:
    """ETag, Last-Modified and Date of an answer; empty where they are missing or no server would understand them."""
    etag = headers.get("etag", "")
    plain = etag if etag.isascii() and etag.isprintable() and len(etag) < 1000 else ""
    return plain, _plain_moment(headers.get("last-modified", "")), _plain_moment(headers.get("date", ""))


def moment_of(text: str) -> datetime | None:
    """The moment of a header such as Date or Retry-After, with its zone; None when it is none."""
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return moment.replace(tzinfo=moment.tzinfo or UTC)


def _plain_moment(text: str) -> str:
    return text if text.isascii() and text.isprintable() and moment_of(text) else ""


def _today() -> int:
    """The day in UTC as a number."""
    return datetime.now(UTC).toordinal()


def _print(line: str) -> None:
    print(line, file=sys.stderr)


class Store:
    """A file of answers; any number of threads may use it, and other processes too.

    Args:
        path: the file; its folder is made. ``:memory:`` keeps everything in memory, for small runs and tests.
        warn: gets a line when the file had to be started anew or cannot be used; nothing else goes wrong here.
    """

    def __init__(self, path: Path | str, warn: Callable[[str], object] = _print):
        self._path = path
        self._warn = warn
        self._lock = threading.RLock()
        self._database: sqlite3.Connection | None = None
        self._attempt(self._open)

    def close(self) -> None:
        """Close the file; what comes after finds and keeps nothing."""
        with self._lock:
            if self._database:
                self._database.close()
            self._database = None

    def recall(self, address: str) -> Stored | None:
        """What is known of *address*; None when it was never asked."""
        rows = self._run(
            "SELECT failures, etag, last_modified, date, url, media_type, charset, retrieved, link_header, digest"
            " FROM answers WHERE address = ?",
            address,
        )
        if not rows:
            return None
        failures, etag, last_modified, date, url, media_type, charset, retrieved, links, digest = rows[0]
        if digest is None:
            return Stored(failures)
        moment = datetime.fromisoformat(retrieved)
        document = Document(address, b"", url, media_type, charset, moment, link_header=links)
        return Stored(failures, etag, last_modified, date, document, digest)

    def document(self, address: str) -> Document | None:
        """The stored answer of *address* with its body; None when there is none, or when it is damaged."""
        stored = self.recall(address)
        rows = self._run("SELECT packed FROM bodies WHERE address = ?", address)
        if not stored or not stored.document or not rows:
            return None
        try:
            data = zlib.decompress(rows[0][0])
        except zlib.error:
            return None
        if sha256(data).digest() != stored.digest:
            return None
        return replace(stored.document, data=data)

    def note_request(self, address: str) -> None:
        """Remember that *address* is asked: the next request has a condition even if we are killed in between."""
        self._run(
            "INSERT INTO answers (address, asked) VALUES (?, ?)"
            " ON CONFLICT DO UPDATE SET asked = excluded.asked WHERE asked <> excluded.asked",
            address,
            _today(),
        )

    def note_failure(self, address: str) -> None:
        """Count an answer without a body; what is stored stays, and its condition with it."""
        self._run("UPDATE answers SET failures = failures + 1 WHERE address = ?", address)

    def note_success(self, address: str) -> None:
        """What is stored was confirmed."""
        self._run("UPDATE answers SET failures = 0 WHERE address = ? AND failures > 0", address)

    def forget_body(self, address: str) -> None:
        """What was stored is no longer the answer: the page is gone, or it is elsewhere, or our copy is damaged."""
        self._run(
            "UPDATE answers SET etag = '', last_modified = '', date = '', digest = NULL WHERE address = ?",
            address,
        )
        self._run("DELETE FROM bodies WHERE address = ?", address)

    def keep(self, address: str, document: Document, headers: Mapping[str, str], digest: bytes) -> None:
        """Store the answer *document* of *address*.

        Args:
            headers: of the answer; names in any case that the mapping finds in small letters.
            digest: SHA-256 of its data.
        """
        etag, last_modified, date = validators_of(headers)
        # A picture is packed already: its data is stored as it is.
        level = 0 if document.media_type.startswith("image/") else 6
        retrieved = (document.retrieved or datetime.now(UTC)).isoformat()
        known = (document.url, document.media_type, document.charset, retrieved, document.link_header, digest)
        with self._lock:
            self._attempt(
                lambda: self._keep(
                    (address, etag, last_modified, date, *known, _today()),
                    (address, zlib.compress(document.data, level)),
                )
            )

    def _keep(self, answer: tuple[Any, ...], body: tuple[Any, ...]) -> None:
        if self._database:
            with self._database:
                self._database.execute(
                    "REPLACE INTO answers (address, etag, last_modified, date, url, media_type, charset, retrieved,"
                    " link_header, digest, asked) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    answer,
                )
                self._database.execute("REPLACE INTO bodies VALUES (?, ?)", body)

    # --- the file --------------------------------------------------------------------------------------------

    def _run(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        def run() -> list[tuple[Any, ...]]:
            if not self._database:
                return []
            with self._database:
                return self._database.execute(statement, values).fetchall()

        with self._lock:
            return self._attempt(run) or []

    def _attempt(self, act: Callable[[], Any]) -> Any:
        """Do *act*; a damaged file is started anew, and one that cannot be used at all is left alone."""
        try:
            return act()
        except sqlite3.OperationalError as error:
            self.close()
            self._warn(f"{self._path}: the cache cannot be used ({error}), so pages are fetched without it.")
        except sqlite3.DatabaseError as error:
            self.close()
            self._warn(f"{self._path}: the cache is damaged ({error}) and is started anew.")
            self._start_anew()
        return None

    def _open(self) -> None:
        if isinstance(self._path, Path):
            self._path.parent.mkdir(parents=True, exist_ok=True)
        self._database = sqlite3.connect(self._path, timeout=30, check_same_thread=False)
        form = self._database.execute("PRAGMA user_version").fetchone()[0]
        has_tables = bool(self._database.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])
        # Before anything is written; else what is forgotten later leaves the file as large as it was.
        self._database.execute("PRAGMA auto_vacuum = INCREMENTAL")
        # A line of the log is written whole or not at all; the last few may be lost when the power fails.
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute("PRAGMA synchronous = NORMAL")
        if form == FORM:
            self._forget_the_old()
            return
        if not has_tables:
            self._database.executescript(f"BEGIN IMMEDIATE; {_TABLES} COMMIT;")
            return
        self.close()
        self._warn(f"{self._path}: the cache is from another version and is started anew.")
        self._start_anew()

    def _forget_the_old(self) -> None:
        with self._database:
            old = "FROM answers WHERE asked < ?"
            limit = (_today() - KEPT_DAYS,)
            self._database.execute(f"DELETE FROM bodies WHERE address IN (SELECT address {old})", limit)
            self._database.execute(f"DELETE {old}", limit)
        # `execute` would take the first step of it only, one page.
        self._database.executescript("PRAGMA incremental_vacuum")

    def _start_anew(self) -> None:
        try:
            for ending in ("", "-wal", "-shm"):
                Path(f"{self._path}{ending}").unlink(missing_ok=True)
            self._open()
        except (OSError, sqlite3.Error) as error:
            self.close()
            self._warn(f"{self._path}: the cache cannot be used ({error}), so pages are fetched without it.")
