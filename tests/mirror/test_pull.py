"""Every kind of source through the command: what is found, what is written, what is said, how it exits."""

from __future__ import annotations

import json
import os
import resource
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from command import (
    DUMP,
    TEXTS,
    atom,
    chinese_page,
    extracted,
    json_feed,
    mhtml,
    mirror,
    page,
    parts,
    picture,
    rss,
    sitemap,
    stories,
    warc,
)

LIGHTHOUSE, CHOIR, MILL = TEXTS


def fields(text: str) -> dict:
    """The front matter of a story."""
    return yaml.safe_load(text.split("---\n")[1])


def text_file(text: str) -> Callable[[Path], None]:
    return lambda file: file.write_text(text, "utf-8")


def bytes_file(data: bytes) -> Callable[[Path], None]:
    return lambda file: file.write_bytes(data)


def saved_folder(folder: Path) -> None:
    """Two pages, one in a folder below; pictures and a frame beside the first."""
    (folder / "choir_files").mkdir(parents=True)
    (folder / "more").mkdir()
    picture(folder / "choir_files" / "dock.png")
    (folder / "choir_files" / "frame.html").write_text(page(LIGHTHOUSE), "utf-8")
    figure = '<figure><img src="choir_files/dock.png" alt="A dock"><figcaption>The dock on Sunday</figcaption></figure>'
    saved = "<!-- saved from url=(0036)https://harbour.example/2024/choir.html -->\n"
    (folder / "choir.html").write_text(saved + page(CHOIR, inside=figure), "utf-8")
    (folder / "more" / "mill.html").write_text(page(MILL), "utf-8")


def folder_of_parts(folder: Path) -> None:
    folder.mkdir()
    parts(folder)


def folder_of_parts_with_addresses(folder: Path) -> None:
    folder.mkdir()
    parts(folder, '<link rel="canonical" href="https://harbour.example/2024/05/{name}">')


ARTICLES: dict[str, tuple[Callable[[Path], object], list[str]]] = {
    "page.html": (text_file(page()), [LIGHTHOUSE]),
    "gbk.html": (bytes_file(chinese_page("gbk", "gb2312")), ["海港镇灯塔节开幕"]),
    "gbk-as-utf-8.html": (bytes_file(chinese_page("gb18030", "utf-8")), ["海港镇灯塔节开幕"]),
    "big5-unsaid.html": (bytes_file(chinese_page("gbk", "")), ["海港镇灯塔节开幕"]),
    "saved": (saved_folder, [CHOIR, MILL]),
    "parts": (folder_of_parts, ["A long walk"]),
    "parts-with-addresses": (folder_of_parts_with_addresses, ["A long walk"]),
    "rss.xml": (rss, [LIGHTHOUSE, CHOIR, MILL]),
    "feed.json": (json_feed, [LIGHTHOUSE]),
    "site.warc.gz": (warc, [CHOIR, MILL]),
    "page.mhtml": (mhtml, [LIGHTHOUSE]),
    "dump.txt": (text_file(DUMP), ["The cafe opens"]),
    "奇怪 name #1?[b] %41 'x'.html": (text_file(page()), [LIGHTHOUSE]),
}
"""Name of a source → how it is made, and the headlines that are in it."""


@pytest.mark.parametrize("name", ARTICLES)
def test_every_kind_of_source_is_read(tmp_path: Path, name: str) -> None:
    """Both commands find the same articles; standard output has nothing but them, the summary is on standard error."""
    make, titles = ARTICLES[name]
    make(tmp_path / name)
    looked = mirror("extract", name, folder=tmp_path)
    assert (0, "", titles) == (looked.returncode, looked.stderr, [found["title"] for found in extracted(looked)])
    pulled = mirror("pull", name, folder=tmp_path)
    written = stories(tmp_path / "content")
    assert (0, f"{len(titles)} new.\n") == (pulled.returncode, pulled.stderr)
    assert sorted(f"content/{path}" for path in written) == sorted(pulled.stdout.splitlines())
    assert sorted(titles) == sorted(fields(text)["title"] for text in written.values())
    again = mirror("pull", name, folder=tmp_path)
    assert (0, "", f"{len(titles)} unchanged.\n") == (again.returncode, again.stdout, again.stderr)
    assert written == stories(tmp_path / "content")


NAME_ONE = "Name a page, a dump, a feed, a sitemap, a web archive, or a folder of them."
FETCH_IT = "Pull it with --fetch, or name the address of an article that it lists."
NONE: dict[str, tuple[Callable[[Path], object], str]] = {
    "atom.xml": (atom, f"The feed carries no texts, only links. {FETCH_IT}"),
    "links.xml": (lambda file: rss(file, links_only=True), f"The feed carries no texts, only links. {FETCH_IT}"),
    "sitemap.xml": (sitemap, f"It is a sitemap. {FETCH_IT}"),
    "empty.html": (bytes_file(b""), f"The file is empty. {NAME_ONE}"),
    "paper.pdf": (bytes_file(b"%PDF-1.7\n" + bytes(range(256)) * 9), f"The file is not text. {NAME_ONE}"),
    "picture.png": (picture, f"The file is not text. {NAME_ONE}"),
    "absent.html": (lambda file: None, "There is no such file or folder. Check the name."),
    "empty": (lambda folder: folder.mkdir(), "The folder holds no page. Pages end in .asp, "),
    "pictures": (lambda folder: picture(folder / "a.png"), "The folder holds no page. Pages end in .asp, "),
    "zeros.html": (lambda file: os.truncate(make_empty(file), 200_000_000), f"The file is not text. {NAME_ONE}"),
    "large.html": (
        lambda file: os.truncate(make_empty(file, page().ljust(70_000)), 200_000_000),
        "It has more than 50 MB. Cut it into smaller files.",
    ),
    "lists.html": (
        text_file("<html><title>News</title>" + "".join(f'<p><a href="/{at}">A headline</a>' for at in range(30))),
        "The page ",
    ),
}
"""Name of a source without an article → how it is made, and how the problem begins."""


def make_empty(file: Path, text: str = "") -> Path:
    file.write_text(text, "utf-8")
    return file


@pytest.mark.parametrize("name", NONE)
def test_a_source_without_an_article_is_a_problem(tmp_path: Path, name: str) -> None:
    """Exit code 1, the file, what is wrong and what to do; nothing is written."""
    make, problem = NONE[name]
    make(tmp_path / name)
    for command in ("extract", "pull"):
        run = mirror(command, name, folder=tmp_path)
        assert (1, "") == (run.returncode, run.stdout)
        assert run.stderr.splitlines()[-1].startswith(f"{name}: {problem}")
    assert {} == stories(tmp_path / "content")


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0,
    reason="root may read every file, and Windows keeps rights otherwise, so that none could be made unreadable",
)
def test_a_file_that_may_not_be_read_is_a_problem(tmp_path: Path) -> None:
    """The file beside it is read all the same."""
    (tmp_path / "saved").mkdir()
    (tmp_path / "saved" / "a.html").write_text(page(MILL), "utf-8")
    (tmp_path / "saved" / "b.html").touch(0)
    run = mirror("pull", "saved", folder=tmp_path)
    problem = "saved/b.html: It cannot be read: permission denied. Check the file and its permissions."
    assert (1, ["1 new.", problem]) == (run.returncode, run.stderr.splitlines())


def test_what_is_too_large_is_not_read(tmp_path: Path) -> None:
    """200 MB of nothing in a folder cost no memory, and the page beside them is read."""
    (tmp_path / "saved").mkdir()
    (tmp_path / "saved" / "a.html").write_text(page(MILL), "utf-8")
    os.truncate(make_empty(tmp_path / "saved" / "b.html"), 200_000_000)
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    run = mirror("pull", "saved", folder=tmp_path)
    assert (0, "1 new, 1 no article.\n") == (run.returncode, run.stderr)
    # Kilobytes on Linux; the most that any process of these tests has had, so this can only be too lenient.
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < max(before, 200_000) + 50_000


def test_links_out_of_the_folder_and_pipes_are_passed_over(tmp_path: Path) -> None:
    """A link may lead to anybody's file, and a pipe would never end."""
    (tmp_path / "outside.html").write_text(page(LIGHTHOUSE), "utf-8")
    (tmp_path / "saved").mkdir()
    (tmp_path / "saved" / "a.html").write_text(page(MILL), "utf-8")
    (tmp_path / "saved" / "b.html").symlink_to(tmp_path / "outside.html")
    os.mkfifo(tmp_path / "saved" / "c.html")
    run = mirror("pull", "saved", folder=tmp_path)
    assert (0, "1 new.\n") == (run.returncode, run.stderr)
    assert [MILL] == [fields(text)["title"] for text in stories(tmp_path / "content").values()]


def test_an_address_can_be_given_for_a_file(tmp_path: Path) -> None:
    """It is the source, and links of the page are relative to it; something else than an address is wrong usage."""
    (tmp_path / "page.html").write_text(page(inside='<p>See <a href="map.html">the map</a> of the point.</p>'), "utf-8")
    url = "https://harbour.example/2024/05/lamp.html"
    (found,) = extracted(mirror("extract", "page.html", "--url", url, folder=tmp_path))
    assert url == found["source"]["url"]
    assert ["https://harbour.example/2024/05/map.html"] == found["links"]
    (found,) = extracted(mirror("extract", "page.html", folder=tmp_path))
    assert found["source"]["url"] is None
    run = mirror("extract", "page.html", "--url", "harbour", folder=tmp_path)
    assert (2, '"harbour" is no address of the web.\n') == (run.returncode, run.stderr)


@pytest.mark.parametrize("make", [folder_of_parts, folder_of_parts_with_addresses])
def test_the_pages_of_an_article_are_joined(tmp_path: Path, make: Callable[[Path], None]) -> None:
    """In their order, with their addresses or without."""
    make(tmp_path / "saved")
    mirror("pull", "saved", "--rights", "full", folder=tmp_path)
    (text,) = stories(tmp_path / "content").values()
    paragraphs = [paragraph for texts in TEXTS.values() for paragraph in texts]
    assert sorted(text.index(paragraph) for paragraph in paragraphs) == [text.index(each) for each in paragraphs]


def test_a_missing_part_is_a_warning(tmp_path: Path) -> None:
    """What is there is kept."""
    folder_of_parts(tmp_path / "saved")
    (tmp_path / "saved" / "a_3.html").unlink()
    mirror("pull", "saved", folder=tmp_path)
    (text,) = stories(tmp_path / "content").values()
    assert "# check: Page 3 is missing: saved/a_3.html" in text


def test_pictures_lie_beside_a_saved_page(tmp_path: Path) -> None:
    """With full rights they are stored; without, none is, and nothing points to one."""
    saved_folder(tmp_path / "saved")
    mirror("pull", "saved", "--rights", "full", "--into", "all", folder=tmp_path)
    text = next(text for path, text in stories(tmp_path / "all").items() if "choir" in path)
    assert "![A dock](" in text
    assert [*(tmp_path / "all" / "images").rglob("*.png"), *(tmp_path / "all" / "images").rglob("*.jpg")]
    mirror("pull", "saved", "--into", "some", folder=tmp_path)
    assert not (tmp_path / "some" / "images").exists()


def test_a_refused_page_is_shown_to_who_asks_for_it(tmp_path: Path) -> None:
    """`extract` prints what there is with a warning; `pull` leaves it out and says why."""
    (tmp_path / "gone.html").write_text(
        "<html lang=en><title>404 Not found</title><h1>404 Not found</h1><p>The page you requested cannot be found. "
        "Please try our search.</p></html>",
        "utf-8",
    )
    looked = mirror("extract", "gone.html", folder=tmp_path)
    why = "The page says that there is none at this address."
    assert 0 == looked.returncode
    assert f"This may be no article, and pull leaves it out: {why}" == extracted(looked)[0]["warnings"][-1]
    pulled = mirror("pull", "gone.html", folder=tmp_path)
    assert (1, "1 no article.") == (pulled.returncode, pulled.stderr.splitlines()[0])
    assert pulled.stderr.splitlines()[1].startswith(f"gone.html: {why} ")


def test_one_bad_file_stops_no_other(tmp_path: Path) -> None:
    """`extract` of a folder prints every article and then the problems."""
    saved_folder(tmp_path / "saved")
    (tmp_path / "saved" / "a.html").write_bytes(b"\x1f\x8b" + b"x" * 100)
    os.truncate(make_empty(tmp_path / "saved" / "b.html", page().ljust(70_000)), 60_000_000)
    run = mirror("extract", "saved", folder=tmp_path)
    assert [CHOIR, MILL] == [found["title"] for found in extracted(run)]
    assert 1 == run.returncode
    assert "saved/b.html: It has more than 50 MB. Cut it into smaller files." in run.stderr.splitlines()


def test_two_sources_are_pulled_together(tmp_path: Path) -> None:
    """What cannot be read is said once the rest is written."""
    (tmp_path / "a.html").write_text(page(MILL), "utf-8")
    run = mirror("pull", "absent.html", "a.html", folder=tmp_path)
    problem = "absent.html: There is no such file or folder. Check the name."
    assert (1, ["1 new.", problem]) == (run.returncode, run.stderr.splitlines())


def test_the_reader_of_the_output_may_leave(tmp_path: Path) -> None:
    """`extract … | head -1` ends without a traceback."""
    import subprocess
    import sys

    from command import ENVIRONMENT

    saved_folder(tmp_path / "saved")
    command = [sys.executable, "-m", "plugins.mirror", "extract", "saved"]
    with subprocess.Popen(
        command, cwd=tmp_path, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        process.stdout.close()
        assert b"" == process.stderr.read()


# --- the report ------------------------------------------------------------------------------------------


def test_the_report_says_what_became_of_each(tmp_path: Path) -> None:
    """Its fields are those of docs/mirroring.md; folders on its way are made."""
    (tmp_path / "a.html").write_text(page(MILL), "utf-8")
    run = mirror("pull", "a.html", "absent.html", "--report", "reports/today/pull.json", folder=tmp_path)
    report = json.loads((tmp_path / "reports" / "today" / "pull.json").read_text("utf-8"))
    counts = report.pop("counts")
    assert 1 == run.returncode
    assert (1, 1) == (counts["new"], sum(counts.values()))
    assert {
        "started": "2026-01-31T00:00:00+00:00",
        "interrupted": False,
        "lines": [
            {
                "outcome": "new",
                "name": "a.html",
                "path": "en/2024/05/mill-grinds-after-forty-years.md",
                "title": MILL,
            }
        ],
        "problems": [
            {"path": "absent.html", "line": 0, "what": "There is no such file or folder.", "fix": "Check the name."}
        ],
    } == report


def test_a_report_that_cannot_be_written_is_a_problem(tmp_path: Path) -> None:
    """The stories are written all the same."""
    (tmp_path / "a.html").write_text(page(MILL), "utf-8")
    run = mirror("pull", "a.html", "--report", "a.html/report.json", folder=tmp_path)
    assert 1 == run.returncode
    assert run.stderr.splitlines()[-1].startswith("a.html/report.json: The report cannot be written: ")
    assert 1 == len(stories(tmp_path / "content"))
    assert 2 == mirror("pull", "a.html", "--report", ".", folder=tmp_path).returncode


# --- the web ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["http://127.0.0.1:9/a.html", "http://localhost/", "http://10.0.0.1/feed.xml"])
def test_local_addresses_are_refused(tmp_path: Path, address: str) -> None:
    """Exit code 1 and why; --allow-local is for who runs a portal at home."""
    for command in ("extract", "pull"):
        run = mirror(command, address, folder=tmp_path)
        assert (1, "") == (run.returncode, run.stdout)
        assert run.stderr.splitlines()[-1].startswith(f"{address}: ")
