"""sources.yaml: what a portal may say, and how a mistake is reported."""

from __future__ import annotations

from pathlib import Path

import pytest

from plugins.mirror.page.selectors import Selectors
from plugins.mirror.sources import Portal, Sources, read_sources, with_sections

WHOLE = """\
contact: desk@harbour.example
portals:
  - name: Harbour Evening News
    start: [https://harbour.example/, https://harbour.example/feed.xml]
    languages: [en, zh]
    select: {title: h1.headline, body: "div.text > p", next_page: a.next}
    categories: {财经: markets, Sport: culture}
    rights: full
    indexing: yes
    rate: 0.5
    limit: 80
  - name: Old dumps
    files: dumps
    url: https://old.example/page
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "sources.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_portal_says_where_to_begin_and_what_is_allowed(tmp_path: Path) -> None:
    """Every field has its place, and files are relative to sources.yaml."""
    harbour = Portal(
        name="Harbour Evening News",
        start=("https://harbour.example/", "https://harbour.example/feed.xml"),
        languages=("en", "zh"),
        select=Selectors(title="h1.headline", body="div.text > p", next_page="a.next"),
        categories={"财经": "markets", "Sport": "culture"},
        rights="full",
        indexing=True,
        rate=0.5,
        limit=80,
    )
    old = Portal(name="Old dumps", files=(tmp_path / "dumps",), url="https://old.example/page")
    assert (Sources((harbour, old), "desk@harbour.example"), []) == read_sources(write(tmp_path, WHOLE))


@pytest.mark.parametrize(
    ("lines", "line", "what"),
    [
        ("portal: []", 1, 'There is no field "portal".'),
        ("contact: 港湾台\nportals: []", 1, 'contact "港湾台" cannot stand in a User-Agent.'),
        ("portals: yes", 1, 'There is no list "portals".'),
        ("portals:\n  - Harbour", 2, "A portal is not a group of fields."),
        ("portals:\n  - start: [https://a.example/]", 2, "A portal has no name."),
        ("portals:\n  - name: A", 2, "A portal has neither “start” nor “files”."),
        ("portals:\n  - name: A\n    start:\n      - https://a.example/\n      - a.example", 5, 'start "a.example" is'),
        ("portals:\n  - name: A\n    start: 'http://['", 3, 'start "http://[" is not an address.'),
        ("portals:\n  - name: A\n    files: [x]\n    rigths: full", 4, 'A portal has no field "rigths".'),
        ("portals:\n  - name: A\n    files: [x]\n    rights: all", 4, 'rights "all" is not known.'),
        ("portals:\n  - name: A\n    files: [x]\n    indexing: 1", 4, 'indexing "1" is neither yes nor no.'),
        ("portals:\n  - name: A\n    files: [x]\n    rate: quick", 4, 'rate "quick" is not a number'),
        ("portals:\n  - name: A\n    files: [x]\n    limit: 0", 4, 'limit "0" is not a number of articles.'),
        ("portals:\n  - name: A\n    files: [x]\n    languages: [fr]", 4, '"fr" is not a language of the portal.'),
        ("portals:\n  - name: A\n    files: [x]\n    select:\n      body: 'div['", 5, 'body "div[" is not a CSS'),
        ("portals:\n  - name: A\n    files: [x]\n    select:\n      text: p", 5, '"select" has no field "text".'),
        ("portals:\n  - {name: A, files: [x]}\n  - {name: A, files: [y]}", 2, 'Two portals are called "A".'),
        ("portals: [", 2, "YAML cannot be read here"),
    ],
)
def test_a_mistake_has_its_line(tmp_path: Path, lines: str, line: int, what: str) -> None:
    """File, line, what is wrong and what to do, and the portal is left out."""
    path = write(tmp_path, lines + "\n")
    _, problems = read_sources(path)
    found = next(problem for problem in problems if problem.what.startswith(what))
    assert (path.as_posix(), line) == (found.path, found.line)
    assert found.fix.endswith((".", "?"))


def test_all_mistakes_are_reported_at_once(tmp_path: Path) -> None:
    """An editor mends a file once."""
    text = "contcat: x\nportals:\n  - name: A\n    start: here\n    rights: all\n  - files: []\n"
    assert [1, 4, 5, 6, 6] == sorted(problem.line for problem in read_sources(write(tmp_path, text))[1])


def test_the_names_of_our_sections_need_no_entry(tmp_path: Path) -> None:
    """A portal's «财经» is our markets because taxonomy.yaml says so; a section that there is not is a mistake."""
    taxonomy = tmp_path / "taxonomy.yaml"
    taxonomy.write_text("sections:\n  markets: {en: Markets, zh: 财经}\n  culture: {en: Culture, zh: 文娱}\n", "utf-8")
    portals = [Portal("A", categories={"Sport": "culture"}), Portal("B", categories={"Kino": "cultur"})]
    (first, _), problems = with_sections(portals, taxonomy, "sources.yaml")
    names = {"markets": "markets", "财经": "markets", "culture": "culture", "文娱": "culture", "Sport": "culture"}
    assert names == first.categories
    assert [
        f'sources.yaml: "Kino" of B leads to "cultur", which is no section of {taxonomy.as_posix()}. '
        'Did you mean "culture"?'
    ] == [str(problem) for problem in problems]
