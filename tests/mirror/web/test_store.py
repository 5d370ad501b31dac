"""The cache of answers: what it keeps, and that it is disposable."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from plugins.mirror.document import Document
from plugins.mirror.web.store import EPOCH, KEPT_DAYS, Store, Stored, conditions_of, validators_of

ADDRESS = "https://harbour.example/a.html"
LINK = "</en/a.html>; rel=alternate; hreflang=en"
PAGE = Document(
    ADDRESS, "港口".encode(), ADDRESS, "text/html", "utf-8", datetime(2026, 5, 6, tzinfo=UTC), link_header=LINK
)
DIGEST = sha256(PAGE.data).digest()
LAST_WEEK, TODAY = "Sat, 14 Nov 2026 08:00:00 GMT", "Sat, 21 Nov 2026 08:00:00 GMT"


def filled(path: Path, warnings: list[str]) -> Store:
    store = Store(path, warnings.append)
    store.note_request(ADDRESS)
    store.keep(ADDRESS, PAGE, {"etag": '"7"', "date": TODAY}, DIGEST)
    return store


@pytest.mark.parametrize(
    ("stored", "conditions"),
    [
        (None, {}),
        (Stored(), {"If-Modified-Since": EPOCH}),
        (Stored(3, etag='"7"'), {"If-Modified-Since": EPOCH}),
        (Stored(digest=b"7"), {"If-Modified-Since": EPOCH}),
        (Stored(digest=b"7", date=TODAY), {"If-Modified-Since": TODAY}),
        (Stored(digest=b"7", date=TODAY, last_modified=LAST_WEEK), {"If-Modified-Since": LAST_WEEK}),
        (Stored(digest=b"7", etag='W/"7"', date=TODAY), {"If-None-Match": 'W/"7"'}),
    ],
)
def test_conditions_follow_from_what_is_stored(stored: Stored | None, conditions: dict[str, str]) -> None:
    """Only what was never asked has none."""
    assert conditions == conditions_of(stored)


def test_validators_that_no_server_would_understand_are_dropped() -> None:
    """A date that is none, an ETag that is not ASCII."""
    assert ("", "", TODAY) == validators_of({"etag": "“7”", "last-modified": "gestern", "date": TODAY})


def test_an_answer_is_kept_until_the_next_run(tmp_path: Path) -> None:
    """Bytes and what the server said come back from the file."""
    filled(tmp_path / "cache" / "web.sqlite", []).close()
    store = Store(tmp_path / "cache" / "web.sqlite")
    assert PAGE == store.document(ADDRESS)
    assert ('"7"', DIGEST, 0) == ((known := store.recall(ADDRESS)).etag, known.digest, known.failures)


def test_what_nobody_asks_for_any_more_is_forgotten(tmp_path: Path) -> None:
    """After half a year, and the file is smaller for it; what was asked since stays, unchanged as it is."""
    path, warnings = tmp_path / "web.sqlite", []
    store = filled(path, warnings)
    picture = Document(ADDRESS, bytes(range(256)) * 2000, ADDRESS, "image/png")
    store.keep(f"{ADDRESS}?old", picture, {}, sha256(picture.data).digest())
    store.note_request(f"{ADDRESS}?failed")
    store.close()
    before = path.stat().st_size
    with sqlite3.connect(path) as database:
        database.execute("UPDATE answers SET asked = asked - ?", (KEPT_DAYS,))
    database.close()
    store = Store(path, warnings.append)
    assert picture.data == store.document(f"{ADDRESS}?old").data
    store.note_request(ADDRESS)
    store.close()
    with sqlite3.connect(path) as database:
        database.execute("UPDATE answers SET asked = asked - 1")
    database.close()
    store = Store(path, warnings.append)
    known = [store.recall(f"{ADDRESS}{query}") for query in ("?old", "?failed")]
    assert ([None, None], None, PAGE) == (known, store.document(f"{ADDRESS}?old"), store.document(ADDRESS))
    store.close()
    assert ([], True) == (warnings, path.stat().st_size < before / 2)


def test_failures_are_counted_until_a_success(tmp_path: Path) -> None:
    """The body stays meanwhile."""
    store = filled(tmp_path / "web.sqlite", [])
    store.note_failure(ADDRESS)
    store.note_failure(ADDRESS)
    assert (2, PAGE) == (store.recall(ADDRESS).failures, store.document(ADDRESS))
    store.note_success(ADDRESS)
    assert 0 == store.recall(ADDRESS).failures


@pytest.mark.parametrize("damage", [b"this is no database" * 100, b"SQLite format 3\0" + bytes(5000)])
def test_a_damaged_file_is_started_anew_with_one_line(tmp_path: Path, damage: bytes) -> None:
    """The cache saves time and decides nothing."""
    path, warnings = tmp_path / "web.sqlite", []
    path.write_bytes(damage)
    store = filled(path, warnings)
    assert (PAGE, 1) == (store.document(ADDRESS), len(warnings)), warnings


def test_a_truncated_file_costs_one_line_and_no_error(tmp_path: Path) -> None:
    """Damage in the middle is found when it is read, and the run goes on."""
    path, warnings = tmp_path / "web.sqlite", []
    store = filled(path, warnings)
    for page in range(300):
        store.keep(f"{ADDRESS}?{page}", PAGE, {}, DIGEST)
    store.close()
    path.write_bytes(path.read_bytes()[:8192] + b"\xff" * 30_000)
    store = Store(path, warnings.append)
    for page in range(300):
        store.document(f"{ADDRESS}?{page}")
    store.keep(ADDRESS, PAGE, {}, DIGEST)
    assert (PAGE, 1) == (store.document(ADDRESS), len(warnings)), warnings


def test_a_file_of_another_version_is_started_anew_with_one_line(tmp_path: Path) -> None:
    """Tables of another form are not guessed at."""
    path, warnings = tmp_path / "web.sqlite", []
    with sqlite3.connect(path) as database:
        database.executescript("CREATE TABLE answers (address); PRAGMA user_version = 99;")
    database.close()
    store = filled(path, warnings)
    told = [f"{path}: the cache is from another version and is started anew."]
    assert (PAGE, told) == (store.document(ADDRESS), warnings)


def test_a_damaged_body_is_no_body(tmp_path: Path) -> None:
    """What does not have its digest is asked for again."""
    path = tmp_path / "web.sqlite"
    filled(path, []).close()
    with sqlite3.connect(path) as database:
        database.execute("UPDATE bodies SET packed = x'00'")
    database.close()
    assert None is Store(path).document(ADDRESS)


def test_without_a_place_to_write_the_run_goes_on(tmp_path: Path) -> None:
    """A folder where the file should be: one line, and nothing is remembered."""
    (tmp_path / "web.sqlite").mkdir()
    warnings: list[str] = []
    store = filled(tmp_path / "web.sqlite", warnings)
    assert (None, 1) == (store.document(ADDRESS), len(warnings))


def test_a_killed_run_leaves_whole_answers(tmp_path: Path) -> None:
    """After kill -9 in the middle of writing, what is there is whole and the rest is not there."""
    path = tmp_path / "web.sqlite"
    program = f"""if True:
        import os, signal, sys
        from hashlib import sha256
        from pathlib import Path
        from plugins.mirror.document import Document
        from plugins.mirror.web.store import Store
        store = Store(Path({str(path)!r}))
        for page in range(100):
            data = b"%d" % page * 9000
            store.keep(str(page), Document(str(page), data), {{}}, sha256(data).digest())
        os._exit(9)
    """
    assert 9 == subprocess.run([sys.executable, "-c", program], check=False).returncode
    warnings: list[str] = []
    store = Store(path, warnings.append)
    assert [b"%d" % page * 9000 for page in range(100)] == [store.document(str(page)).data for page in range(100)]
    assert [] == warnings


def test_two_runs_share_a_file(tmp_path: Path) -> None:
    """What one keeps the other finds."""
    warnings: list[str] = []
    one, other = Store(tmp_path / "web.sqlite", warnings.append), Store(tmp_path / "web.sqlite", warnings.append)
    one.keep(ADDRESS, PAGE, {}, DIGEST)
    assert (PAGE, []) == (other.document(ADDRESS), warnings)
