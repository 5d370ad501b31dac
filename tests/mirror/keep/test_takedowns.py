"""The list of what must never be published."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from keep_samples import FULL, MONDAY, article

from plugins.mirror.keep.library import Library
from plugins.mirror.keep.takedowns import known_guids, read_takedowns

LIST = """\
takedowns:
  - url: https://www.post.example/en/1.html
    reason: a court order
  - url: https://post.example/private/*
  - guid: tag:post.example,2024:7
  - title: “The last ferry”
    date: 2024-05-05
  - host: gone.example
  - path: en/2024/05/chip
  - path: 2024/06/fab
  - url: https://post.example/until
    until: 2024-06-01
"""


@pytest.fixture
def listed(tmp_path: Path):
    """The list as it holds on 2024-05-06."""
    (tmp_path / "takedowns.yaml").write_text(LIST, "utf-8")
    takedowns, problems = read_takedowns(tmp_path / "takedowns.yaml", date(2024, 5, 6))
    assert [] == problems
    return takedowns


@pytest.mark.parametrize(
    ("asked", "line"),
    [
        ({"addresses": ["http://m.post.example/en/1.html?utm_source=x"]}, 2),
        ({"addresses": ["https://post.example/en/10.html"]}, None),
        ({"addresses": ["https://post.example/private/a/b.html"]}, 4),
        ({"addresses": ["https://post.example/privately"]}, None),
        ({"guid": "tag:post.example,2024:7"}, 5),
        ({"titles": ["The Last Ferry!"], "day": date(2024, 5, 5)}, 6),
        ({"titles": ["The Last Ferry!"]}, 6),
        ({"titles": ["The Last Ferry!"], "day": date(2024, 5, 6)}, None),
        ({"addresses": ["https://news.gone.example/x"]}, 8),
        ({"addresses": ["https://notgone.example/x"]}, None),
        ({"path": "en/2024/05/chip.md"}, 9),
        ({"path": "zh/2024/05/chip.md"}, None),
        ({"path": "zh/2024/06/fab.md"}, 10),
        ({"addresses": ["https://post.example/until"]}, 11),
        ({"addresses": ["https://post.example/other", "https://post.example/private/x"]}, 4),
        ({}, None),
    ],
)
def test_a_story_is_found_by_whatever_names_it(listed, asked: dict, line: int | None) -> None:
    """An address in any of its forms, a beginning of addresses, a guid, a title of a day, a host, a path."""
    found = listed.find(**asked)
    assert line == (found.line if found else None)


def test_an_entry_ends_with_its_day(tmp_path: Path) -> None:
    """On that day it no longer holds."""
    (tmp_path / "takedowns.yaml").write_text(LIST, "utf-8")
    takedowns, _ = read_takedowns(tmp_path / "takedowns.yaml", date(2024, 6, 1))
    assert takedowns.find(addresses=["https://post.example/until"]) is None


def test_without_the_file_nothing_is_listed(tmp_path: Path) -> None:
    """No problem either."""
    takedowns, problems = read_takedowns(tmp_path / "takedowns.yaml")
    assert (None, []) == (takedowns.find(titles=["A"]), problems)


@pytest.mark.parametrize(
    ("entry", "line", "what"),
    [
        ("  - urll: https://a.example/", 2, 'there is no field "urll".'),
        ("  - url: a.example/x", 2, 'url "a.example/x" is not a web address.'),
        ("  - url: https://a.example/*/x", 2, 'url "https://a.example/*/x" has a * that is not at its end.'),
        ("  - title: A\n    date: soon", 3, 'date "soon" is not a date.'),
        ("  - title: “”", 2, 'title "“”" has no letter or digit.'),
        ("  - host: https://a.example", 2, 'host "https://a.example" is not a host name.'),
        ("  - path: chip", 2, 'path "chip" is not the path of a story.'),
        ("  - reason: none given", 2, "the entry names nothing."),
        ("  - url: https://a.example/x\n    guid: 7", 2, "the entry names url and guid."),
        ("  - url: https://a.example/x\n    date: 2024-05-05", 2, "date goes with a title only."),
        ("  - https://a.example/x", 2, "this is not an entry."),
        ("  - url:", 2, "url is empty."),
    ],
)
def test_mistakes_have_their_line(tmp_path: Path, entry: str, line: int, what: str) -> None:
    """What is misspelt would come back, so it is said."""
    (tmp_path / "takedowns.yaml").write_text(f"takedowns:\n{entry}\n", "utf-8")
    _, problems = read_takedowns(tmp_path / "takedowns.yaml")
    assert [(f"{tmp_path.name}/takedowns.yaml", line, what)] == [(one.path, one.line, one.what) for one in problems]


@pytest.mark.parametrize("text", ["- url: https://a.example/", "take: []", "takedowns: all", "takedowns: [", "\t"])
def test_a_file_that_is_no_list_is_a_problem(tmp_path: Path, text: str) -> None:
    """And no crash."""
    (tmp_path / "takedowns.yaml").write_text(text, "utf-8")
    assert read_takedowns(tmp_path / "takedowns.yaml")[1]


def test_guids_are_known_to_who_only_has_files(tmp_path: Path) -> None:
    """The build withdraws by guid as well."""
    with Library(tmp_path) as library:
        (outcome,) = library.keep([article(guid="tag:post.example,2024:7")], FULL, MONDAY)
    assert {outcome.path: "tag:post.example,2024:7"} == known_guids(tmp_path)
