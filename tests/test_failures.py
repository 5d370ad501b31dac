"""What ends a build, and what it leaves: the last good site, one clear report, exit code 1."""

from __future__ import annotations

import os
import re
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest
from conftest import EPOCH, ROOT, Site, story
from pages.edits import Case
from pelican import signals

from plugins.command import build_command
from plugins.pages import output
from plugins.problems import Stop
from plugins.sealed import read_sealed, write_sealed
from plugins.stories import snapshot


@pytest.fixture
def case(tmp_path: Path) -> Case:
    """A portal to edit."""
    return Case.start(tmp_path)


def command_of(case: Case, **settings: object) -> list[str]:
    """The command that builds *case*."""
    folder = case.folder
    paths = {"PATH": folder / "content", "CACHE_PATH": folder / "cache", "THEME": folder / "theme"}
    return build_command(
        folder / case.output, {**case.settings, **{name: str(path) for name, path in paths.items()}, **settings}
    )


def run(case: Case, **settings: object) -> tuple[int, str]:
    """Build *case* by the command: the exit code, and what was said."""
    done = subprocess.run(
        command_of(case, **settings), cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False
    )
    return done.returncode, done.stdout + done.stderr


# Templates and words


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("story.html", "{{ page.data.nothing }}"),
        ("components/story_card.html", "{{ nothing }}"),
        ("base.html", "{{ 1 + page }}"),
        ("base.html", '{% from "nothing.html" import nothing %}'),
        ("components/byline.html", "{{ language_name(nothing=1) }}"),
        ("story.html", "{% if %}"),
        ("list.html", '{% include "nothing.html" %}'),
    ],
)
def test_a_template_that_fails_is_named_with_its_line(case: Case, file: str, line: str) -> None:
    """A component, too; the last site stays, and the next build is as good as ever."""
    before = case.build()
    template = case.folder / "theme/templates" / file
    text = template.read_text("utf-8")
    lines = text.splitlines(keepends=True)
    # Inside of what is put out.
    at = next(number for number, words in enumerate(lines) if words.lstrip().startswith("<"))
    template.write_text("".join([*lines[:at], line, *lines[at:]]), encoding="utf-8")
    code, said = run(case)
    assert 1 == code
    assert f"theme/templates/{file}:{at + 1}: the template cannot " in said
    assert "Traceback" not in said and 2 == len(said.splitlines()), said
    assert before == Site(case.folder / "grown").files()
    template.write_text(text, encoding="utf-8")
    assert before == case.build()


def test_a_theme_that_is_not_whole_is_a_problem(case: Case) -> None:
    """A missing template, and files that are no text."""
    templates = case.folder / "theme/templates"
    (templates / "page.html").rename(templates / "pages.html")
    with pytest.raises(Stop, match=r"templates/page.html: the template of en/about/index.html does not exist"):
        case.build_or_stop()
    (templates / "list.html").write_bytes(b"\xff\xfe")
    with pytest.raises(Stop, match=r"templates/list.html: the template is not written in UTF-8"):
        case.build_or_stop()
    (case.folder / "theme/translations/zh_Hans/LC_MESSAGES/portal.po").write_bytes(b"\xff\xfe")
    with pytest.raises(Stop, match=r"translations/zh_Hans/LC_MESSAGES/portal.po: the catalogue cannot be read"):
        case.build_or_stop()


# What lies in the cache


def damage(data: bytes, kind: str) -> bytes:
    return {
        "empty": b"",
        "rubbish": b"rubbish" * 999,
        "half": data[: len(data) // 2],
        "short": data[:-1],
        "head": b"\0" * 20 + data[20:],
        "flipped": data[: len(data) // 3] + bytes([data[len(data) // 3] ^ 1]) + data[len(data) // 3 + 1 :],
    }[kind]


def test_a_damaged_cache_costs_time_only(case: Case, capsys: pytest.CaptureFixture[str]) -> None:
    """Every file of it at once; a line for each at most, and the site is that of a clean build."""
    clean = case.clean()
    for kind in ("empty", "rubbish", "half", "short", "head", "flipped", "folder", "absent"):
        case.build()
        for file in [file for file in (case.folder / "cache").iterdir() if file.is_file()]:
            data = file.read_bytes()
            file.unlink()
            if kind == "folder":
                file.mkdir()
            elif kind != "absent":
                file.write_bytes(damage(data, kind))
        # Both pages are to be made, so that what the cache says of them counts.
        case.spoil("en/2024/05/rally/index.html", None)
        case.spoil("en/index.html", "by hand")
        capsys.readouterr()
        assert clean == case.build(), kind
        said = [line.partition(" ")[0] for line in capsys.readouterr().out.splitlines() if re.match(r"\S+\.\w+ ", line)]
        assert len(said) == len(set(said)), said
        for file in (case.folder / "cache").iterdir():
            if file.is_dir():
                file.rmdir()


def test_a_cache_of_another_version_is_not_read(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its files are whole, and mean something else."""
    for name in ("last_build.VERSION", "pages.compiled.VERSION", "stories.snapshot.VERSION"):
        monkeypatch.setattr(f"plugins.{name}", "other")
    case.build()
    monkeypatch.undo()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", EPOCH)
    monkeypatch.chdir(ROOT)
    case.append("en/2024/05/rally.md", "More.")
    assert case.build() == case.clean()


def test_a_store_that_lost_its_facts_costs_time_only(case: Case) -> None:
    """It still knows which files there are: the headline is seen, and the stories beside it are parsed anew."""
    case.append("en/2024/05/rally.md", f"{'word ' * 60}\n")
    case.build()
    case.append("en/2024/05/rally.md", "The last sentence.")
    lose_facts(case)
    assert case.build() == case.clean()
    case.replace("en/2024/05/rally.md", "title: ", "title: New ")
    # A build that fails reads it, and what it kept of it is lost.
    case.write("en/2024/05/broken.md", "Broken.")
    assert case.build() is None
    case.write("en/2024/05/broken.md", None)
    lose_facts(case)
    assert case.build() == case.clean()


def lose_facts(case: Case) -> None:
    for file in (case.folder / "cache").glob("stories-*.db"):
        with closing(sqlite3.connect(file)) as database, database:
            database.execute("UPDATE blocks SET rows = x'00'")


def test_a_snapshot_of_code_that_offered_more_stories_is_not_taken_for_one_of_this(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor is one without a language of this code."""
    for number in range(1, 9):
        case.write(f"en/2024/05/k{number}.md", story("Old", date=f"2024-05-0{number}", category="markets"))
    with monkeypatch.context() as older:
        older.setattr("plugins.pages.related.RELATED", 6)
        older.setattr("plugins.pages.kept.RELATED", 6)
        case.build()
    case.setting("REPOSITORY_URL", "https://code.example/")
    for number in range(1, 9):
        assert case.build() is not None
        case.replace(f"en/2024/05/k{number}.md", "title: Old", "title: New")
        assert case.build() == case.clean()
    (file,) = (case.folder / "cache").glob("snapshot-*.bin")
    mark, plain = read_sealed(file, snapshot.VERSION)
    del plain[-1]["zh"]
    write_sealed(file, snapshot.VERSION, (mark, plain))
    case.write("en/2024/05/rise.md", story("Up", date="2024-05-04", category="markets"))
    assert case.build() == case.clean()


def test_a_cache_that_cannot_be_written_is_done_without(case: Case, capsys: pytest.CaptureFixture[str]) -> None:
    """A file stands in the place of its folder: a line for each file of it, and every build is a right one."""
    (case.folder / "cache").write_text("no folder")
    for words in ("More.", "Still more."):
        case.append("en/2024/05/rally.md", words)
        capsys.readouterr()
        grown = case.build()
        said = [line for line in capsys.readouterr().out.splitlines() if "cannot be written" in line]
        assert 5 == len(said) == len({line.partition(" ")[0] for line in said}), said
        assert grown and grown == case.clean()


# Disks without room


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of its own; mounting one needs rights that few have."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = shutil.which("mount") and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=4m", "none", str(folder)], capture_output=True, check=False
    )
    if not mounted or mounted.returncode:
        pytest.skip("a full disk is a small one mounted for the test, which takes rights that only root has")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(disk: Path, left: int) -> Path:
    """A file that leaves *left* bytes on the *disk*."""
    room = os.statvfs(disk)
    file = disk / "full"
    file.write_bytes(bytes(room.f_bavail * room.f_frsize - left))
    return file


def test_a_full_output_disk_leaves_the_last_site(case: Case, disk: Path) -> None:
    """The build says so and ends with 1; with room again, the next one is as good as ever."""
    case.output = "disk/output"
    before = case.build()
    case.replace("taxonomy.yaml", "Markets", "Trading")
    for left in (0, 16_384, 200_000):
        full = fill(disk, left)
        code, said = run(case)
        full.unlink()
        assert 1 == code
        assert "cannot be read or written (No space left on device). Make room and build again." in said
        assert "Traceback" not in said and 2 == len(said.splitlines()), said
        assert before == Site(disk / "output").files()
        assert {".output.lock", "output"} == {file.name for file in disk.iterdir()}
    assert case.build() == case.clean()


def test_a_full_cache_disk_costs_time_only(case: Case, disk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What cannot be kept is said in a line for each file, and what is there from before misleads nobody."""
    case.build(cache="disk/cache")
    new = "en/2024/05/rise.md"
    case.write(new, story("Up", "Words.\n" * 9999, date="2024-05-04", category="markets"))
    full = fill(disk, 0)
    capsys.readouterr()
    assert case.build(cache="disk/cache") == case.clean()
    said = [line.partition(" ")[0] for line in capsys.readouterr().out.splitlines() if "cannot be written" in line]
    assert said and len(said) == len(set(said)), said
    case.write(new, None)
    assert case.build(cache="disk/cache") == case.clean()
    full.unlink()
    case.append("en/2024/05/rally.md", "More.")
    assert case.build(cache="disk/cache") == case.clean()


def test_a_disk_in_the_place_of_the_output_is_refused(case: Case, disk: Path) -> None:
    """Before anything is built: no folder can take its place."""
    case.output = "disk"
    with pytest.raises(Stop, match=r"this is a disk of its own"):
        case.build_or_stop()


# Ends from outside


def many(case: Case, count: int, text: str) -> None:
    """Stories, each with this text."""
    for number in range(count):
        language, month = ("en", "zh")[number % 2], f"0{number % 4 + 1}"
        case.write(
            f"{language}/2024/{month}/k{number}.md",
            story(f"Number {number}", text, date=f"2024-{month}-0{number % 9 + 1}", category="markets"),
        )


def wait_until(found: Callable[[], object], process: subprocess.Popen[str]) -> None:
    """Until something is so, or the process has ended."""
    while process.poll() is None and not found():
        time.sleep(0.001)


def processes_of(case: Case) -> list[str]:
    """The processes that build *case*; it takes them a moment to end."""
    for _ in range(50):
        listed = subprocess.run(["ps", "-eo", "pid,args"], capture_output=True, text=True, check=True).stdout
        found = [line for line in listed.splitlines() if f"{case.folder}/content" in line]
        if not found:
            return []
        time.sleep(0.1)
    return found


@pytest.mark.parametrize("count", [60, 520], ids=["moved one by one", "exchanged"])
def test_a_build_that_is_killed_at_any_moment_is_made_good_by_the_next(case: Case, count: int) -> None:
    """Killed while it reads, renders and publishes: the output is the last site, or is being finished."""
    case.settings["STORIES_PER_PAGE"] = 20
    case.settings["WORKERS"] = 2
    many(case, count, "Words.")
    before = case.build()
    assert before
    beside = case.folder
    staging, moves = beside / f".{case.output}.new", beside / f".{case.output}.moves"
    moments = [
        # The first page: to look for a later one takes as long as a build does that is nearly done.
        lambda: (staging / "en").exists() or (staging / "zh").exists(),
        lambda: moves.exists() or (staging / ".duikai").exists(),
        lambda: (staging / "sitemap.xml").exists(),
    ]
    for round, moment in enumerate(moments):
        many(case, count, f"Words of round {round}.")
        case.write(f"en/2024/05/new{round}.md", story("New", date="2024-05-01", category="markets"))
        case.write(f"en/2024/05/new{round - 1}.md", None)
        with subprocess.Popen(
            command_of(case), cwd=ROOT, text=True, start_new_session=True, stdout=subprocess.DEVNULL
        ) as process:
            wait_until(moment, process)
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        assert [] == processes_of(case)
        if round == 0:
            assert before == Site(beside / case.output).files()
    assert case.build() == case.clean()
    assert [f".{case.output}.lock"] == [
        file.name for file in beside.iterdir() if file.name.startswith(f".{case.output}")
    ]


def test_an_interrupted_build_ends_with_a_sentence(case: Case) -> None:
    """Ctrl-C reaches every process of a build: nobody shows a traceback, nobody stays, the last site does."""
    case.settings["WORKERS"] = 2
    many(case, 320, "Words.")
    before = case.build()
    many(case, 320, "Other words.")
    with subprocess.Popen(
        command_of(case),
        cwd=ROOT,
        text=True,
        encoding="utf-8",
        start_new_session=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as process:
        staging = case.folder / f".{case.output}.new"
        wait_until(lambda: any(staging.rglob("k9/index.html")), process)
        os.killpg(process.pid, signal.SIGINT)
        said, _ = process.communicate()
    assert (1, "Interrupted: nothing was published.\n") == (process.returncode, said)
    assert [] == processes_of(case)
    assert before == Site(case.folder / case.output).files()
    assert case.build() == case.clean()


def test_a_build_that_waits_for_another_knows_what_that_one_made(case: Case) -> None:
    """It looks at the output when its turn has come, not when it began to wait."""
    case.build()
    new = case.folder / "content/en/2024/05/rise.md"
    new.write_text(story("Up", date="2024-05-04", category="markets"), encoding="utf-8")
    lock = output._lock(case.folder / case.output)
    lock.acquire()
    with subprocess.Popen(command_of(case), cwd=ROOT, text=True) as second:
        time.sleep(2)

        def remove(pelican: object) -> None:
            new.unlink(missing_ok=True)

        with signals.finalized.connected_to(remove):
            case.build()
        assert 0 == second.wait()
    assert Site(case.folder / case.output).files() == case.clean()
