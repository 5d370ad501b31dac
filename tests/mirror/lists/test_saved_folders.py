"""Folders of saved pages, and the addresses that the pages once had."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from plugins.mirror.lists.folders import is_host, picture_beside, read_path, read_sidecar
from plugins.problems import Problem

FIRST, SECOND = "https://haigang.example/1", "https://haigang.example/2"
PAGE = "<html><head>{}</head><body><p>防波堤合龙。</p></body></html>"


def site(root: Path, files: dict[str, str | bytes]) -> Path:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return root


def addresses(root: Path) -> dict[str, str | None]:
    return {Path(found.name).relative_to(root).as_posix(): found.url for found in read_path(root)}


def test_a_folder_gives_its_pages_in_order(tmp_path: Path) -> None:
    """Pages, feeds, dumps; neither pictures nor the folders that browsers put beside pages."""
    root = site(
        tmp_path / "saved",
        {
            "b.html": PAGE,
            "a.HTM": PAGE,
            "page.html": PAGE,
            "page_files/ad.html": PAGE,
            "sub_files/story.html": PAGE,
            "sub/dump.txt": "一行",
            "sub/feed.xml.gz": gzip.compress(b"<rss></rss>"),
            "story.php?id=7": PAGE,
            "p.jpg": b"\xff\xd8\xff",
            ".hidden/x.html": PAGE,
            "README": "x",
        },
    )
    assert [
        "a.HTM",
        "b.html",
        "page.html",
        "story.php?id=7",
        "sub/dump.txt",
        "sub/feed.xml.gz",
        "sub_files/story.html",
    ] == list(addresses(root))
    assert b"<rss></rss>" == next(found.data for found in read_path(root / "sub/feed.xml.gz"))


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    """Nobody else's files become stories."""
    site(tmp_path, {"secret/x.html": PAGE, "saved/a.html": PAGE})
    (tmp_path / "saved/x.html").symlink_to(tmp_path / "secret/x.html")
    (tmp_path / "saved/more").symlink_to(tmp_path / "secret", target_is_directory=True)
    assert ["a.html"] == list(addresses(tmp_path / "saved"))


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("<!-- saved from url=(0031)https://haigang.example/a/1.html -->", "https://haigang.example/a/1.html"),
        ("<!-- saved from url=(0014)about:internet -->", None),
        ("<!--\n Page saved with SingleFile \n url: https://haigang.example/a/1.html \n-->", "https://haigang.example/a/1.html"),
        ("<!-- Mirrored from haigang.example/a/1.html by HTTrack Website Copier/3.x -->", "http://haigang.example/a/1.html"),
        ("<link rel='canonical' href='https://haigang.example/a/1.html'>", "https://haigang.example/a/1.html"),
        ("<base href=https://haigang.example/a/><link href=1.html rel=canonical>", "https://haigang.example/a/1.html"),
        ('<meta content="https://haigang.example/a/1.html" property="og:url">', "https://haigang.example/a/1.html"),
        ('<link rel="canonical" href="/a/1.html">', None),
        ("", None),
    ],
)  # fmt: skip
def test_a_saved_page_says_where_it_came_from(tmp_path: Path, head: str, expected: str | None) -> None:
    """In a comment of the browser, else in its own words."""
    assert {"a.html": expected} == addresses(site(tmp_path, {"a.html": PAGE.format(head)}))


def test_single_file_says_when(tmp_path: Path) -> None:
    """In the time of the reader."""
    comment = (
        "<!--\n Page saved with SingleFile \n url: https://haigang.example/1"
        " \n saved date: Mon May 06 2024 10:30:00 GMT+0800 (中国标准时间)\n-->"
    )
    (found,) = read_path(site(tmp_path, {"a.html": PAGE.format(comment)}))
    assert datetime(2024, 5, 6, 2, 30, tzinfo=UTC) == found.retrieved


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("urls.tsv", f"a.html\t{FIRST}\nb/c.html\t{SECOND}\n"),
        ("urls.tsv", f"\ufeff{FIRST}\ta.html\r\n{SECOND}\tb\\c.html\r\n"),
        ("index.json", json.dumps({"a.html": FIRST, "b/c.html": {"url": SECOND}})),
        ("index.json", json.dumps([{"file": "a.html", "url": FIRST}, {"path": "./b/c.html", "url": SECOND}, 7])),
    ],
)
def test_a_list_beside_the_pages_wins(tmp_path: Path, name: str, text: str) -> None:
    """Whoever fetched them knew the addresses."""
    root = site(tmp_path, {"a.html": PAGE.format("<link rel=canonical href=https://wrong.example/>"), "b/c.html": PAGE})
    (root / name).write_text(text, encoding="utf-8")
    assert {"a.html": FIRST, "b/c.html": SECOND} == addresses(root)


@pytest.mark.parametrize("text", ["", "[", "{}", '{"a": 1}', "7", "[[]]"])
def test_a_list_that_is_none_says_nothing(tmp_path: Path, text: str) -> None:
    """Another program's index.json is no mistake."""
    (tmp_path / "index.json").write_text(text, encoding="utf-8")
    assert {} == read_sidecar(tmp_path)


def test_folders_named_after_hosts_are_addresses(tmp_path: Path) -> None:
    """As `wget -r` leaves them."""
    root = site(
        tmp_path,
        {
            "www.haigang.example/index.html": PAGE,
            "www.haigang.example/a/渔港.html": PAGE,
            "www.haigang.example/v.php?id=7.html": PAGE,
            "haigang.example+8080/v@id=8.html": PAGE,
        },
    )
    assert {
        "haigang.example+8080/v@id=8.html": "https://haigang.example:8080/v?id=8",
        "www.haigang.example/a/渔港.html": "https://www.haigang.example/a/%E6%B8%94%E6%B8%AF.html",
        "www.haigang.example/index.html": "https://www.haigang.example/",
        "www.haigang.example/v.php?id=7.html": "https://www.haigang.example/v.php?id=7",
    } == addresses(root)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("www.haigang.example", True),
        ("haigang.example+8080", True),
        ("2024.05", False),
        ("page.html", False),
        ("a", False),
    ],
)
def test_a_host_is_told_from_a_folder(name: str, expected: bool) -> None:
    """Not every name with a dot is one."""
    assert expected == is_host(name)


@pytest.mark.parametrize(
    ("picture", "expected"),
    [
        ("https://haigang.example/a/1_files/p.jpg", "saved/1_files/p.jpg"),
        ("https://haigang.example/a/1_files/%E6%BD%AE.jpg?w=9", "saved/1_files/潮.jpg"),
        ("./1_files/p.jpg", "saved/1_files/p.jpg"),
        ("../secret.jpg", None),
        ("/etc/hostname", None),
        ("https://haigang.example/a/none.jpg", None),
        ("https://haigang.example/a/../../secret.jpg", None),
        ("https://haigang.example/a/%2e%2e/secret.jpg", None),
        ("https://img.elsewhere.example/x/p.jpg", "saved/1_files/p.jpg"),
        ("https://elsewhere.example/a/none.jpg", None),
        ("http://[", None),
    ],
)
def test_pictures_saved_with_a_page_are_found(tmp_path: Path, picture: str, expected: str | None) -> None:
    """Beside it, and never outside its folder."""
    site(tmp_path, {"secret.jpg": "x", "saved/1.html": PAGE, "saved/1_files/p.jpg": "x", "saved/1_files/潮.jpg": "x"})
    found = picture_beside(tmp_path / "saved/1.html", picture, "https://haigang.example/a/1.html")
    assert (tmp_path / expected if expected else None) == found


def test_pictures_of_a_mirror_are_found_in_the_folder_of_their_host(tmp_path: Path) -> None:
    """As `wget -r -H -p` leaves them."""
    site(tmp_path, {"haigang.example/a/1.html": PAGE, "img.haigang.example/p.jpg": "x"})
    page = tmp_path / "haigang.example/a/1.html"
    assert tmp_path / "img.haigang.example/p.jpg" == picture_beside(page, "https://img.haigang.example/p.jpg")


def test_what_cannot_be_read_is_a_problem(tmp_path: Path) -> None:
    """With the name that was typed, and what to do."""
    (tmp_path / "empty").mkdir()
    for path, what in (("none.html", "There is no such file or folder."), ("empty", "The folder holds no page.")):
        (found,) = read_path(tmp_path / path)
        assert (Problem, what) == (type(found), found.what)
    (found,) = read_path(Path("a\0b"))
    assert "There is no such file or folder." == found.what
