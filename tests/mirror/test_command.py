"""The program as it is called: what it prints, what it writes, how it exits."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
import yaml
from command import DUMP, ENVIRONMENT, ROOT, mirror, page, stories

from plugins.mirror.article import PRINTED

DUMPS = ROOT / "tests" / "dumps"


def test_extract_prints_one_article_a_line() -> None:
    """All keys, in the order of the design, Chinese as Chinese."""
    run = mirror("extract", DUMPS / "both-languages.txt", "--url", "https://example.org/page")
    lines = run.stdout.splitlines()
    assert (run.returncode, run.stderr) == (0, "")
    assert [list(json.loads(line)) for line in lines] == [PRINTED] * 3
    assert "雨水花园进社区" in lines[0]
    assert {json.loads(line)["source"]["url"] for line in lines} == {"https://example.org/page"}


def test_extract_answers_each_line_of_standard_input(tmp_path: Path) -> None:
    """One bad line has its error, and the next its articles."""
    (tmp_path / "empty.txt").write_bytes(b"")
    asked = [
        json.dumps({"input": str(DUMPS / "english.txt"), "url": "https://example.org/"}),
        "no json",
        "[1]",
        '{"input": 3}',
        json.dumps({"input": str(tmp_path / "absent.txt")}),
        json.dumps({"input": "a\0b"}),
        json.dumps({"input": str(tmp_path / "empty.txt")}),
        json.dumps({"input": str(DUMPS / "english.txt")}),
    ]
    run = mirror("extract", "-", given=("\n".join(asked) + "\n").encode())
    answers = [json.loads(line) for line in run.stdout.splitlines()]
    assert run.returncode == 0
    assert [len(answer.get("articles", [])) for answer in answers] == [4, 0, 0, 0, 0, 0, 0, 4]
    assert [answer["error"] for answer in answers[1:4]] == [
        "The line is not JSON.",
        'The line is not {"input": FILE, "url": URL}.',
        'The line is not {"input": FILE, "url": URL}.',
    ]
    assert answers[6] == {"input": str(tmp_path / "empty.txt"), "error": "The file is empty."}


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "The file is empty."),
        (bytes(range(256)) * 40, "The file is not text."),
        (
            "EN\n中文\n注册 / 登录\n产品分类:\n加载中...\n".encode(),
            "No article found: there is no title with a text below it.",
        ),
    ],
)
def test_a_file_without_articles_is_a_problem(tmp_path: Path, data: bytes, what: str) -> None:
    """Exit code 1, with file, line and what to do."""
    file = tmp_path / "dump.txt"
    file.write_bytes(data)
    run = mirror("extract", file)
    assert (run.returncode, run.stdout) == (1, "")
    assert run.stderr.startswith(f"{file}: {what} ")


@pytest.mark.parametrize("arguments", [(), ("fetch",), ("extract",), ("pull", "ftp://example.org/")])
def test_wrong_usage_has_its_own_exit_code(arguments: tuple[str, ...]) -> None:
    """2, and a sentence that says what is supported."""
    run = mirror(*arguments)
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr


def test_pull_writes_a_story_an_editor_can_check(tmp_path: Path) -> None:
    """Warnings are comments on top, the fields are those of the design."""
    run = mirror("pull", DUMPS / "run-together.txt", "--into", tmp_path)
    text = (tmp_path / "zh/2025/08/liang-bu-men-qi-lei-xiao-xing-ji-xie-na-ru-yi-jiu-huan-xin.md").read_text("utf-8")
    front = text.split("---\n")[1]
    assert run.returncode == 0
    assert front.startswith("# check: ")
    assert yaml.safe_load(front) | {"summary": ""} == {
        "title": "两部门：七类小型机械纳入以旧换新",
        "date": date(2025, 8, 6),
        "category": "policy",
        "summary": "",
        "tags": ["农机", "以旧换新", "补贴"],
        "source": {
            "name": "经纬时报网",
            "retrieved": "2026-01-31 08:00",
            "title": "农机以旧换新扩围，七类小型机械入列",
            "notice": "未经授权不得转载本文。",
        },
    }
    assert "\n\n## 补贴怎么领\n\n" in text
    assert [".mirror"] == [path.name for path in tmp_path.rglob(".*")]


def test_a_story_without_a_date_is_a_draft(tmp_path: Path) -> None:
    """Filed under the day of the pull, because a day of publication would be an invention."""
    mirror("pull", DUMPS / "english.txt", "--into", tmp_path)
    text = (tmp_path / "en/2026/01/the-island-that-counts-its-puffins-by-ear.md").read_text("utf-8")
    front = yaml.safe_load(text.split("---\n")[1])
    assert front["status"] == "draft"
    assert "# check: No date found" in text
    assert "\ndate: 2026-01-31\n" in text


def test_a_second_pull_changes_nothing(tmp_path: Path) -> None:
    """Not on another day either, and nothing is doubled."""
    mirror("pull", DUMPS, "--into", tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    run = mirror("pull", DUMPS, "--into", tmp_path, SOURCE_DATE_EPOCH="1777593600")
    assert (run.returncode, run.stdout) == (0, "")
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
    assert len(stories(tmp_path)) == 31


def test_what_an_editor_changed_is_kept(tmp_path: Path) -> None:
    """While the source stays as it is, there is nothing to say; --force takes the source's words all the same."""
    mirror("pull", DUMPS / "english.txt", "--into", tmp_path)
    path = next((tmp_path / "en").rglob("night-trains*.md"))
    pulled = path.read_text("utf-8")
    path.write_text(pulled.replace("eleven years", "twelve years"), "utf-8")
    run = mirror("pull", DUMPS / "english.txt", "--into", tmp_path)
    assert (0, "", "4 unchanged.\n") == (run.returncode, run.stdout, run.stderr)
    assert "twelve years" in path.read_text("utf-8")
    run = mirror("pull", DUMPS / "english.txt", "--into", tmp_path, "--force")
    assert (0, f"{path}\n") == (run.returncode, run.stdout)
    assert path.read_text("utf-8") == pulled


def test_a_conflict_names_the_story_and_the_review(tmp_path: Path) -> None:
    """The editor's file stays; mended, and the review deleted, the next pull has nothing to say."""
    (tmp_path / "page.html").write_text(page(), "utf-8")
    mirror("pull", "page.html", "--rights", "full", folder=tmp_path)
    path = tmp_path / "content/en/2024/05/lighthouse-keeps-its-lamp.md"
    edited = path.read_text("utf-8").replace("nine to two", "nine against two")
    path.write_text(edited, "utf-8")
    (tmp_path / "page.html").write_text(page().replace("nine to two", "nine to three"), "utf-8")
    for _ in range(2):
        run = mirror("pull", "page.html", "--rights", "full", folder=tmp_path)
        shown = "content/en/2024/05/lighthouse-keeps-its-lamp.md"
        assert (1, "", "1 conflict.") == (run.returncode, run.stdout, run.stderr.splitlines()[0])
        assert run.stderr.splitlines()[1].startswith(f"{shown}: the source and an editor have both changed: ")
        assert f"{shown}.review" in run.stderr
        assert edited == path.read_text("utf-8")
    review = path.with_name(f"{path.name}.review")
    assert "nine against two" in review.read_text("utf-8") and "nine to three" in review.read_text("utf-8")
    review.unlink()
    run = mirror("pull", "page.html", "--rights", "full", folder=tmp_path)
    assert (0, "1 unchanged.\n") == (run.returncode, run.stderr)


def test_a_withdrawn_story_stays_withdrawn(tmp_path: Path) -> None:
    """Neither touched nor written again under another name, by no option."""
    mirror("pull", DUMPS / "english.txt", "--into", tmp_path)
    path = next((tmp_path / "en").rglob("night-trains*.md"))
    moved = path.with_name("withdrawn-night-trains.md")
    moved.write_text(path.read_text("utf-8").split("---\n")[1].join(["---\n", "status: withdrawn\n---\n"]), "utf-8")
    path.unlink()
    before = stories(tmp_path)
    assert mirror("pull", DUMPS / "english.txt", "--into", tmp_path, "--force").returncode == 0
    assert stories(tmp_path) == before


def test_a_story_whose_title_was_changed_is_known_by_its_file(tmp_path: Path) -> None:
    """So it is not written a second time."""
    mirror("pull", DUMPS / "english.txt", "--into", tmp_path)
    path = next((tmp_path / "en").rglob("night-trains*.md"))
    path.write_text(path.read_text("utf-8").replace("title: Night trains", "title: Sleeper trains"), "utf-8")
    before = stories(tmp_path)
    run = mirror("pull", DUMPS / "english.txt", "--into", tmp_path)
    assert (0, "4 unchanged.\n") == (run.returncode, run.stderr)
    assert stories(tmp_path) == before


def test_two_stories_of_one_name_have_two_files(tmp_path: Path) -> None:
    """The second is numbered, and stays where it is when both are pulled again."""
    for name in ("cafe", "café"):
        text = "It was opened on March 3, 2024, and the first cup was drunk by the mayor of the town."
        (tmp_path / f"{name}.txt").write_text(f"The {name} opens\n\n{text}\n", "utf-8")
    for _ in range(2):
        mirror("pull", tmp_path, "--into", tmp_path / "content")
    assert list(stories(tmp_path / "content")) == [
        "en/2024/03/the-cafe-opens-2.md",
        "en/2024/03/the-cafe-opens.md",
    ]


def test_pull_reads_the_list_of_portals(tmp_path: Path) -> None:
    """Files are relative to sources.yaml; a portal's name stands in where a story has no source."""
    (tmp_path / "dumps").mkdir()
    (tmp_path / "dumps" / "a.txt").write_bytes((DUMPS / "lines-gb18030.txt").read_bytes())
    (tmp_path / "sources.yaml").write_text("portals:\n  - name: 江边门户\n    files: [dumps]\n", "utf-8")
    run = mirror("pull", folder=tmp_path)
    names = [
        yaml.safe_load(text.split("---\n")[1])["source"]["name"] for text in stories(tmp_path / "content").values()
    ]
    assert run.returncode == 0
    assert sorted(names) == ["梧桐校报", "江边门户", "沿江晚报"]


def test_mistakes_in_the_list_of_portals_are_told_together(tmp_path: Path) -> None:
    """With their lines; what is right is pulled."""
    (tmp_path / "sources.yaml").write_text(
        "portals:\n  - name: A\n    file: [a.txt]\n  - files: [b.txt]\n  - C\n  - name: D\n    files: [absent.txt]\n",
        "utf-8",
    )
    run = mirror("pull", folder=tmp_path)
    assert run.returncode == 1
    assert run.stderr.splitlines() == [
        "nothing found.",
        "absent.txt: There is no such file or folder. Check the name.",
        "sources.yaml:2: A portal has neither “start” nor “files”. Add “start: [https://…]” or “files: [dump.txt]”.",
        'sources.yaml:3: A portal has no field "file". Did you mean "files"?',
        "sources.yaml:4: A portal has no name. Add “name: …”.",
        "sources.yaml:5: A portal is not a group of fields. Write “- name: …” and “start: [ … ]” below.",
    ]


# --- extract - -------------------------------------------------------------------------------------------


def answers(given: list[str | bytes], folder: Path) -> list[dict]:
    """What `extract -` answers to lines."""
    data = b"".join((line.encode() if isinstance(line, str) else line) + b"\n" for line in given)
    run = mirror("extract", "-", given=data, folder=folder)
    assert (0, "") == (run.returncode, run.stderr)
    return [json.loads(line) for line in run.stdout.splitlines()]


def test_answers_stand_in_the_order_of_the_lines(tmp_path: Path) -> None:
    """Sixty lines of six kinds, more than any queue holds."""
    (tmp_path / "page.html").write_text(page(), "utf-8")
    (tmp_path / "dump.txt").write_text(DUMP, "utf-8")
    kinds = [
        ('{"input": "page.html"}', "page.html", 1),
        ('{"input": "dump.txt", "url": "https://harbour.example/cafe"}', "dump.txt", 1),
        ('{"input": "absent.html"}', "absent.html", 0),
        ("no json", None, 0),
        ('{"input": "https://harbour.example/"}', "https://harbour.example/", 0),
        ('{"input": "page.html", "url": "harbour"}', "page.html", 0),
    ]
    found = answers([line for line, _, _ in kinds * 10], tmp_path)
    assert [(name, count) for _, name, count in kinds * 10] == [
        (each["input"], len(each.get("articles", ()))) for each in found
    ]
    assert [
        "There is no such file or folder.",
        "The line is not JSON.",
        "Addresses are not fetched here; ask for one alone: extract URL.",
        'The url "harbour" is no address of the web.',
    ] == [each["error"] for each in found[2:6]]


def test_no_line_can_stop_the_next(tmp_path: Path) -> None:
    """Bytes that are no text, a line without end, lists in lists, names that no file has, a page without mercy."""
    (tmp_path / "page.html").write_text(page(), "utf-8")
    (tmp_path / "deep.html").write_text("<div>" * 200_000, "utf-8")
    given: list[str | bytes] = [
        b'{"input": "\xff\xfe.html"}',
        b"\xff" * 3_000_000,
        "[" * 100_000,
        '{"input": "\\udcff.html"}',
        '{"input": "\\ud83d"}',
        '{"input": "a\\u0000b"}',
        '{"input": ""}',
        '{"input": "deep.html"}',
        '{"input": "."}',
        '{"input": "page.html", "url": null, "more": [1]}',
    ]
    found = answers(given, tmp_path)
    assert len(given) == len(found)
    assert [None, None, None, "\udcff.html", "\ud83d", "a\0b"] == [each["input"] for each in found[:6]]
    assert all(each["error"] for each in found[:8])
    assert "The line has more than 1,000,000 bytes." == found[1]["error"]
    assert 1 == len(found[-1]["articles"])


def test_who_asks_one_at_a_time_is_answered_one_at_a_time(tmp_path: Path) -> None:
    """Also when more than one process works."""
    (tmp_path / "page.html").write_text(page(), "utf-8")
    with subprocess.Popen(
        [sys.executable, "-m", "plugins.mirror", "extract", "-"],
        cwd=tmp_path,
        env=ENVIRONMENT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        for number in range(20):
            name = "page.html" if number % 2 else f"absent-{number}.html"
            process.stdin.write(json.dumps({"input": name}).encode() + b"\n")
            process.stdin.flush()
            assert name == json.loads(process.stdout.readline())["input"]
        process.stdin.close()
        assert 0 == process.wait()


MEASURED = """
import resource, subprocess, sys
subprocess.run([sys.executable, "-m", "plugins.mirror", "extract", "-"], stdout=subprocess.DEVNULL, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def test_memory_does_not_grow_with_the_pages(tmp_path: Path) -> None:
    """A thousand pages of 100 KB are never all there."""
    (tmp_path / "page.html").write_text(page(below="<!--" + "x" * 100_000 + "-->"), "utf-8")
    run = subprocess.run(
        [sys.executable, "-c", MEASURED],
        cwd=tmp_path,
        env=ENVIRONMENT,
        input=b'{"input": "page.html"}\n' * 1000,
        capture_output=True,
        check=True,
    )
    # Kilobytes, of the largest process: less than the pages alone and one interpreter have.
    assert int(run.stdout) < 250_000
