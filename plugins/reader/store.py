"""What every Markdown file said when it was last read, so that a file is parsed again only when its content changed."""

from __future__ import annotations

import hashlib
import marshal
import pickle
import platform
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from plugins import languages
from plugins.last_build import PARSERS, Stamp, version_of
from plugins.problems import Problem
from plugins.values import digest_of

FORMAT = 5
"""Of the store; another number means that it is not read."""

AT_ONCE = 500
"""Rows that are held in memory before they are written."""

AHEAD = 16
"""Texts that are read at once where somebody asks for one after the other."""

ROOM = 1_000
"""Rows that may be out of date before all are written anew; more where there are many stories."""

TABLES = (
    "CREATE TABLE IF NOT EXISTS made (version TEXT)",
    "CREATE TABLE IF NOT EXISTS blocks"
    " (id INTEGER PRIMARY KEY, looks BLOB, seal_of_looks BLOB, rows BLOB, seal_of_rows BLOB)",
    "CREATE TABLE IF NOT EXISTS texts (path TEXT PRIMARY KEY, body BLOB, seal BLOB)",
)

Facts = tuple[tuple[Any, ...] | None, tuple[Problem, ...], bytes]
"""Of a file: what its story is without the text, if any, its problems and its face."""


class Known(NamedTuple):
    """What the store tells of a file without being asked for its text; as in Row."""

    stamp: Stamp
    hash: bytes
    facts: Facts


class Row(NamedTuple):
    """One file as it was read.

    Attributes:
        path: below content/.
        stamp: zeros when not to be trusted.
        hash: of the bytes of the file.
        body: of the story, in UTF-8, as it is sent, sealed and stored.
    """

    path: str
    stamp: Stamp
    hash: bytes
    facts: Facts
    body: bytes


def reader_version(zone: str) -> str:
    """Changes when the code that reads, its libraries or what else decides a story (*zone*: of dates) changes."""
    code = [*Path(__file__).parent.glob("*.py"), *Path(languages.__file__).parent.glob("*.py")]
    libraries = " ".join(f"{name} {version_of(name)}" for name in PARSERS)
    return digest_of(
        f"{FORMAT} {platform.python_version()} {libraries} {zone}".encode(),
        *(part for file in sorted(code) for part in (file.name.encode(), file.read_bytes())),
    )


class StoryStore:
    """Rows by path, in one file that may be deleted at any time.

    What it gives was sealed when it was written: a file that is damaged anywhere costs time, never a wrong page.
    Where it cannot be used at all, a temporary one serves for this build, and a line says so.

    Args:
        file: of the store.
        version: from reader_version; the rows of another one are forgotten.
    """

    def __init__(self, file: Path, version: str) -> None:
        self._file = file
        self._version = version
        self._complained = False
        self._rows: dict[str, Known] = {}
        self._stamps: dict[str, Stamp] = {}
        self._hashes: dict[str, bytes] = {}
        self._blocks: dict[str, int] = {}
        self._ahead: dict[str, tuple[bytes, bytes]] = {}
        self._asked, self._in_order = "", 0
        self._written = 0
        self._database = self._open()

    def _open(self) -> sqlite3.Connection:
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            new = not self._file.exists()
            database = self._connect(str(self._file))
            made = database.execute("SELECT version FROM made").fetchone()
            if made != (self._version,):
                if not new:
                    self._say("is of another version; every story is read anew.")
                self._forget(database)
            else:
                self._read_looks(database)
            return database
        except (sqlite3.Error, OSError, ValueError, TypeError):
            return self._replace()

    def _replace(self) -> sqlite3.Connection:
        """A new store in the place of a damaged one; a temporary one when that cannot be."""
        self._stamps, self._hashes, self._blocks, self._written = {}, {}, {}, 0
        try:
            if self._file.exists():
                self._say("cannot be read; every story is read anew.")
                self._remove()
            database = self._connect(str(self._file))
            self._forget(database)
            return database
        except (sqlite3.Error, OSError):
            self._say("cannot be written; the next build reads every story anew.")
            database = self._connect("")
            self._forget(database)
            return database

    def _remove(self) -> None:
        for ending in ("", "-journal"):
            self._file.with_name(self._file.name + ending).unlink(missing_ok=True)

    def _connect(self, name: str) -> sqlite3.Connection:
        database = sqlite3.connect(name, timeout=10, isolation_level=None)
        # A process that dies leaves a whole file all the same; only a machine that dies may not, and the seals tell.
        database.execute("PRAGMA synchronous=OFF")
        # A text fits into one page.
        database.execute("PRAGMA page_size=16384")
        for statement in TABLES:
            database.execute(statement)
        return database

    def _forget(self, database: sqlite3.Connection) -> None:
        database.execute("BEGIN IMMEDIATE")
        # Another version may have had other tables, or the same ones with other columns.
        for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            database.execute(f'DROP TABLE "{table}"')
        for statement in TABLES:
            database.execute(statement)
        database.execute("INSERT INTO made VALUES (?)", (self._version,))
        database.execute("COMMIT")

    def _read_looks(self, database: sqlite3.Connection) -> None:
        """Learn which rows there are; they are kept in blocks, because one by one they take ten times as long to read.

        Their facts are read, a block at a time, when somebody asks for them.
        """
        for block, looks, seal in database.execute("SELECT id, looks, seal_of_looks FROM blocks ORDER BY id"):
            if seal == _seal(looks):
                for path, stamp, hash in marshal.loads(looks):
                    self._written += 1
                    if stamp is None:
                        self._drop(path)
                    else:
                        self._blocks[path], self._stamps[path], self._hashes[path] = block, stamp, hash

    def _drop(self, path: str) -> None:
        for known in (self._blocks, self._stamps, self._hashes, self._rows):
            known.pop(path, None)

    def _read_rows(self, block: int) -> None:
        try:
            found = self._database.execute("SELECT rows, seal_of_rows FROM blocks WHERE id = ?", (block,)).fetchone()
        except sqlite3.Error:
            found = None
        if found is None or found[1] != _seal(found[0]):
            return
        for path, known in pickle.loads(found[0]):
            # Another process may have written all blocks anew meanwhile, and young files all look the same.
            if self._blocks.get(path) == block and (self._stamps[path], self._hashes[path]) == known[:2]:
                self._rows.setdefault(path, Known(*known))

    def _read_all_rows(self) -> None:
        for path in list(self._blocks):
            self.get(path)

    def _say(self, what: str) -> None:
        if not self._complained:
            self._complained = True
            print(f"{self._file.name} {what}")

    def get(self, path: str) -> Known | None:
        """What is known of the file *path*; None for nothing, or when it cannot be read any more."""
        known = self._rows.get(path)
        if known is None and path in self._blocks:
            self._read_rows(self._blocks[path])
            known = self._rows.get(path)
        return known

    def __getitem__(self, path: str) -> Known:
        known = self.get(path)
        if known is None:
            raise KeyError(path)
        return known

    @property
    def stamps(self) -> Mapping[str, Stamp]:
        """The files of which something is known, and what they looked like."""
        return self._stamps

    @property
    def hashes(self) -> Mapping[str, bytes]:
        """The same files, and what changes when one does."""
        return self._hashes

    def body(self, path: str) -> str:
        """The body of the file *path*.

        Raises: LookupError when it is not there as it was written.
        """
        row = self._ahead.pop(path, None)
        if row is None:
            try:
                # Who asks for some in the order of paths will ask for the next ones.
                many = AHEAD if self._in_order >= AHEAD // 4 else 1
                found = self._database.execute(
                    "SELECT path, body, seal FROM texts WHERE path >= ? ORDER BY path LIMIT ?", (path, many)
                )
                self._ahead = {one: (body, seal) for one, body, seal in found}
            except sqlite3.Error as error:
                raise LookupError(path) from error
            row = self._ahead.pop(path, None)
        self._in_order = self._in_order + 1 if path > self._asked else 0
        self._asked = path
        # Another process may have read a newer form of the file meanwhile and have left its text here.
        if row is None or row[1] != _seal_body(path, self[path].hash, row[0]):
            raise LookupError(path)
        return row[0].decode()

    def keep(self, rows: Iterable[Row], stamps: Iterable[tuple[str, Stamp]], all: Iterable[str]) -> None:
        """Write what was read.

        Args:
            rows: of new and changed files; taken a few at a time, as their readers bring them.
            stamps: of files whose content is as it was, though they look otherwise on the disk.
            all: paths of all files; what is known of others is forgotten.
        """
        stamps = list(stamps)
        for part in _parts(rows):
            for row in part:
                self._rows[row.path] = Known(*row[1:4])
                self._stamps[row.path], self._hashes[row.path] = row.stamp, row.hash
            self._write_or_abandon([row.path for row in part], part, [])
        for path, stamp in stamps:
            self._rows[path] = self[path]._replace(stamp=stamp)
            self._stamps[path] = stamp
        gone = list(self._stamps.keys() - set(all))
        for path in gone:
            self._drop(path)
        self._write_or_abandon([path for path, _ in stamps], [], gone)

    def _write_or_abandon(self, touched: list[str], rows: list[Row], gone: list[str]) -> None:
        if not touched and not gone:
            return
        try:
            self._write(touched, rows, gone)
        except (sqlite3.Error, OSError):
            self._say("cannot be written; the next build reads every story anew.")
            self._abandon()
            self._write(touched, rows, gone)

    def _abandon(self) -> None:
        """Go on in a temporary store, with the texts that the last one still gives."""
        kept = []
        self._read_all_rows()
        self._blocks.clear()
        for path, known in self._rows.items():
            try:
                kept.append((path, known.hash, self.body(path).encode()))
            except LookupError:
                continue
        self._database.close()
        self._database = self._connect("")
        self._forget(self._database)
        self._write_bodies(kept)

    def _write(self, touched: list[str], rows: list[Row], gone: list[str]) -> None:
        database = self._database
        try:
            database.execute("BEGIN IMMEDIATE")
            if database.execute("SELECT version FROM made").fetchone() != (self._version,):
                raise sqlite3.OperationalError("a process of another version has taken the store over")
            if self._written + len(touched) > 2 * len(self._stamps) + ROOM:
                self._read_all_rows()
                database.execute("DELETE FROM blocks")
                self._written = 0
                touched, gone_rows = list(self._rows), []
            else:
                gone_rows = gone
            for part in _parts([*touched, *gone_rows]):
                self._write_block(part)
                self._written += len(part)
            self._write_bodies((row.path, row.hash, row.body) for row in rows)
            database.executemany("DELETE FROM texts WHERE path = ?", ((path,) for path in gone))
            database.execute("COMMIT")
        except BaseException:
            if database.in_transaction:
                database.execute("ROLLBACK")
            raise

    def _write_block(self, paths: list[str]) -> None:
        """One more block, of what is known of *paths*, or that they are gone."""
        known = [(path, self._rows.get(path)) for path in paths]
        looks = marshal.dumps([(path, row and row.stamp, row and row.hash) for path, row in known])
        rows = pickle.dumps([(path, tuple(row)) for path, row in known if row is not None], protocol=5)
        into = "INSERT INTO blocks (looks, seal_of_looks, rows, seal_of_rows) VALUES (?, ?, ?, ?)"
        block = self._database.execute(into, (looks, _seal(looks), rows, _seal(rows))).lastrowid
        self._blocks.update((path, block) for path, row in known if row is not None)

    def _write_bodies(self, bodies: Iterable[tuple[str, bytes, bytes]]) -> None:
        self._ahead.clear()
        self._database.executemany(
            "INSERT OR REPLACE INTO texts VALUES (?, ?, ?)",
            ((path, body, _seal_body(path, hash, body)) for path, hash, body in bodies),
        )

    def close(self) -> None:
        """Give the file back; texts can no longer be asked for."""
        self._database.close()


T = TypeVar("T")


def _parts(rows: Iterable[T]) -> Iterator[list[T]]:
    rows = iter(rows)
    while part := list(islice(rows, AT_ONCE)):
        yield part


def _seal(block: bytes) -> bytes:
    return hashlib.blake2b(block, digest_size=12).digest()


def _seal_body(path: str, hash: bytes, body: bytes) -> bytes:
    return hashlib.blake2b(b"%b%b\0%b" % (hash, path.encode(), body), digest_size=12).digest()
