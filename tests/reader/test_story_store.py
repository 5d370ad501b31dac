"""What was read before: found again, and never believed when it is damaged."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from conftest import story, write_files

from plugins.last_build import stamps_below
from plugins.problems import Stop
from plugins.reader import files as reading
from plugins.reader import store
from plugins.reader.files import LoadedFile, ReadFile, parse_file, read_files
from plugins.reader.reader import read_story
from plugins.reader.store import Row, StoryStore
from plugins.reader.story import Story
from plugins.workers import Workers

SHANGHAI = ZoneInfo("Asia/Shanghai")
PATHS = [f"en/2024/05/s{number}.md" for number in range(8)]
Read = Callable[..., list[ReadFile]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Read PATHS of a content folder as a new process would."""
    texts = {
        path: story(f"Title {number}", f"Text {number}. [a](s1.md)", date="2024-05-01", category="markets")
        for number, path in enumerate(PATHS)
    }
    write_files(tmp_path / "content", texts)

    def read(version: str = "1", workers: int = 1) -> list[ReadFile]:
        store = StoryStore(tmp_path / "cache" / "stories.db", version)
        stamps = dict(stamps_below(str(tmp_path / "content")))
        present = [path for path in PATHS if (tmp_path / "content" / path).exists()]
        return read_files(tmp_path / "content", present, SHANGHAI, store, Workers(workers), stamps)

    return read


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that were parsed."""
    seen: list[str] = []
    parse = reading.parse_file

    def watch(content: str, zone: ZoneInfo, file: LoadedFile) -> object:
        seen.append(file[0])
        return parse(content, zone, file)

    monkeypatch.setattr(reading, "parse_file", watch)
    return seen


def plain(found: list[ReadFile]) -> list[tuple[Story | None, str, str]]:
    """What was read, with its texts."""
    return [(file.story, file.story.body, file.story.text) for file in found if file.story]


def test_a_stored_story_is_the_one_that_was_read(read: Read, tmp_path: Path) -> None:
    """Every field, and the text, are those of read_story."""
    for found in (read(), read()):
        for file in found:
            data = (tmp_path / "content" / file.path).read_bytes()
            assert (file.story, list(file.problems)) == read_story(f"content/{file.path}", data, SHANGHAI)


def test_a_file_is_parsed_again_only_when_its_content_changed(read: Read, tmp_path: Path, parsed: list[str]) -> None:
    """A file of another time but the same bytes is the same; same size and old time do not hide other bytes."""
    first = plain(read())
    assert PATHS == parsed
    parsed.clear()
    (tmp_path / "content" / PATHS[2]).touch()
    assert first == plain(read()) and not parsed
    file = tmp_path / "content" / PATHS[3]
    status = file.stat()
    file.write_text(file.read_text("utf-8").replace("Text", "Word"), "utf-8")
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert "<p>Word 3. " in plain(read())[3][1]
    assert [PATHS[3]] == parsed
    (tmp_path / "content" / PATHS[0]).unlink()
    assert 7 == len(read())


@pytest.mark.parametrize("damage", ["rubbish", "truncated", "empty", "folder", "spotted"])
def test_a_damaged_store_costs_time_only(
    read: Read, tmp_path: Path, damage: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever the file holds, the stories are right, and a line at most says so."""
    first = plain(read())
    file = tmp_path / "cache" / "stories.db"
    data = file.read_bytes()
    if damage == "folder":
        file.unlink()
        file.mkdir()
    elif damage == "spotted":
        file.write_bytes(data.replace(b"Text 4.", b"Lies 4.").replace(b"Title 5", b"Title 6"))
    else:
        file.write_bytes({"rubbish": b"rubbish" * 999, "truncated": data[: len(data) // 2], "empty": b""}[damage])
    capsys.readouterr()
    assert first == plain(read())
    said = capsys.readouterr().out.splitlines()
    assert len(said) == (0 if damage == "spotted" else 1), said


def test_a_store_of_another_version_is_not_read(
    read: Read, parsed: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A line says so, and every file is parsed, once; its tables may have been others."""
    first = plain(read())
    parsed.clear()
    with sqlite3.connect(tmp_path / "cache" / "stories.db") as database:
        database.execute("DROP TABLE texts")
        database.execute("CREATE TABLE texts (path TEXT, words TEXT, body TEXT, seal BLOB)")
    assert first == plain(read("2")) and PATHS == parsed
    parsed.clear()
    assert first == plain(read("2")) and not parsed
    assert ["stories.db is of another version; every story is read anew."] == capsys.readouterr().out.splitlines()


def test_a_store_that_cannot_be_written_is_used_all_the_same(
    read: Read, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What changed is right although it cannot be kept."""
    read()
    monkeypatch.setattr(StoryStore, "_connect", _read_only(StoryStore._connect))
    (tmp_path / "content" / PATHS[1]).write_text(story("New", "New words.", date="2024-05-01"), "utf-8")
    found = plain(read())
    assert "<p>New words.</p>\n" == found[1][1] and "Text 2. a" == found[2][2]
    assert ["stories.db cannot be written; the next build reads every story anew."] == (
        capsys.readouterr().out.splitlines()
    )


def _read_only(connect: Callable) -> Callable:
    def connected(self: StoryStore, name: str) -> object:
        database = connect(self, name)
        if name:
            database.execute("PRAGMA query_only=ON")
        return database

    return connected


def test_processes_read_the_same(read: Read, tmp_path: Path) -> None:
    """One process or three: the same stories in the same order."""
    first = plain(read())
    (tmp_path / "cache" / "stories.db").unlink()
    assert first == plain(read(workers=3))


def test_two_processes_do_not_mix_two_forms_of_a_story(read: Read, tmp_path: Path) -> None:
    """A build that has read the title of one form never shows the text of another, which a second process left."""
    ours = read()
    file = tmp_path / "content" / PATHS[1]
    before = file.read_text("utf-8")
    file.write_text(story("Newer", "Newer words.", date="2024-05-01", category="markets"), "utf-8")
    assert "<p>Newer words.</p>\n" == plain(read())[1][1]
    assert ours[1].story
    with pytest.raises(Stop, match=r"content/en/2024/05/s1.md: the file changed while .* Build again."):
        ours[1].story.body  # noqa: B018
    file.write_text(before, "utf-8")
    assert "<p>Text 1. " in plain(ours)[1][1]


def test_young_files_of_two_processes_are_told_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store that another process has written anew has other rows at the same place, and no time to tell them by."""
    monkeypatch.setattr(store, "ROOM", -3)
    file, path, young = tmp_path / "stories.db", PATHS[0], (0, 0, 0)

    def row(text: bytes) -> Row:
        return parse_file("content", SHANGHAI, (path, young, text))

    StoryStore(file, "1").keep([row(b"One.")], (), [path])
    one, other = StoryStore(file, "1"), StoryStore(file, "1")
    other.keep([row(b"Two.")], (), [path])
    assert one.get(path) is None
    assert row(b"Two.").hash == StoryStore(file, "1").hashes[path]


@pytest.mark.parametrize("seal", ["seal_of_looks", "seal_of_rows"])
def test_what_a_damaged_block_said_does_not_bring_back_a_text(read: Read, tmp_path: Path, seal: str) -> None:
    """The store forgets that a file changed and was changed back; the text is that of the file all the same."""
    file = tmp_path / "content" / PATHS[1]
    before = file.read_text("utf-8")
    first = plain(read())
    file.write_text(before.replace("Text", "Word"), "utf-8")
    read()
    with sqlite3.connect(tmp_path / "cache" / "stories.db") as database:
        database.execute(f"UPDATE blocks SET {seal} = x'00' WHERE id = (SELECT max(id) FROM blocks)")
    file.write_text(before, "utf-8")
    assert first == plain(read())


def test_a_process_of_another_version_leaves_nothing_in_a_store(
    read: Read, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A preview that was started before the code changed reads on, and what it reads is its own."""
    read("1")
    old = StoryStore(tmp_path / "cache" / "stories.db", "1")
    read("2")
    capsys.readouterr()
    (tmp_path / "content" / PATHS[1]).write_text(story("New", "New words.", date="2024-05-01"), "utf-8")
    stamps = dict(stamps_below(str(tmp_path / "content")))
    found = read_files(tmp_path / "content", PATHS, SHANGHAI, old, Workers(1), stamps)
    assert "<p>New words.</p>\n" == plain(found)[1][1]
    assert ["stories.db cannot be written; the next build reads every story anew."] == (
        capsys.readouterr().out.splitlines()
    )
    seen = StoryStore(tmp_path / "cache" / "stories.db", "2")[PATHS[1]].facts
    assert seen[0] and "New" not in seen[0]
