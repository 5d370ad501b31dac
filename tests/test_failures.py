"""What ends a build, and what it leaves: the last good site, one clear report, exit code 1."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from conftest import EPOCH, ROOT, Site
from pages.edits import Case

from plugins.preview.server import build_command
from plugins.problems import Stop


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


@pytest.mark.parametrize("kind", ["empty", "rubbish", "half", "short", "head", "flipped", "folder", "absent"])
def test_a_damaged_cache_costs_time_only(case: Case, kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Every file of it at once; a line for each at most, and the site is that of a clean build."""
    case.build()
    files = [file for file in (case.folder / "cache").iterdir() if file.is_file()]
    for file in files:
        data = file.read_bytes()
        file.unlink()
        if kind == "folder":
            file.mkdir()
        elif kind != "absent":
            file.write_bytes(damage(data, kind))
    case.append("en/2024/05/rally.md", "More.")
    capsys.readouterr()
    grown = case.build()
    said = [line.partition(" ")[0] for line in capsys.readouterr().out.splitlines() if "." in line.partition(" ")[0]]
    assert grown and grown == case.clean()
    assert len(said) == len(set(said)), said
    assert grown == case.build()


def test_a_cache_of_another_version_is_not_read(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its files are whole, and mean something else."""
    for name in ("plugins.last_build.VERSION", "plugins.pages.compiled.VERSION"):
        monkeypatch.setattr(name, "other")
    case.build()
    monkeypatch.undo()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", EPOCH)
    monkeypatch.chdir(ROOT)
    case.append("en/2024/05/rally.md", "More.")
    assert case.build() == case.clean()


def test_a_cache_that_cannot_be_written_is_done_without(case: Case, capsys: pytest.CaptureFixture[str]) -> None:
    """A file stands in the place of its folder: a line for each file of it, and every build is a right one."""
    (case.folder / "cache").write_text("no folder")
    for words in ("More.", "Still more."):
        case.append("en/2024/05/rally.md", words)
        capsys.readouterr()
        grown = case.build()
        said = [line for line in capsys.readouterr().out.splitlines() if "cannot be written" in line]
        assert 3 == len(said) == len({line.partition(" ")[0] for line in said}), said
        assert grown and grown == case.clean()
