"""The taxonomy, the front pages and the pairing of versions, by themselves."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from pathlib import Path

import pytest
from markdown_it.utils import read_fixture_file

from plugins.languages import LANGUAGES
from plugins.reader.story import Source, Story, Translation
from plugins.stories.front import read_front
from plugins.stories.pair import pair
from plugins.stories.portal import resolve_reference
from plugins.stories.taxonomy import read_taxonomy, slug

HERE = Path(__file__).parent


def examples(name: str) -> list:
    """The examples of a fixture file: what goes in, what comes out."""
    return [pytest.param(given, expected, id=title) for _, title, given, expected in read_fixture_file(HERE / name)]


@pytest.mark.parametrize(("given", "expected"), examples("taxonomy_problems.md"))
def test_problems_of_the_taxonomy(tmp_path: Path, given: str, expected: str) -> None:
    """Each mistake in taxonomy.yaml with its line."""
    file = tmp_path / "taxonomy.yaml"
    file.write_text(given, encoding="utf-8")
    _, problems = read_taxonomy(file, "content/taxonomy.yaml")
    assert expected.splitlines() == sorted(map(str, problems))


@pytest.mark.parametrize(("given", "expected"), examples("front_problems.md"))
def test_problems_of_the_front_pages(tmp_path: Path, given: str, expected: str) -> None:
    """Each mistake in front.yaml with its line."""
    file = tmp_path / "front.yaml"
    file.write_text(given, encoding="utf-8")
    _, problems = read_front(file, "content/front.yaml")
    assert expected.splitlines() == sorted(map(str, problems))


def test_a_term_is_found_by_its_id_and_by_its_name_in_either_language(tmp_path: Path) -> None:
    """An editor writes what comes to mind."""
    file = tmp_path / "taxonomy.yaml"
    file.write_text("sections:\n  markets: {en: Markets, zh: 财经}\n", encoding="utf-8")
    taxonomy, _ = read_taxonomy(file, "taxonomy.yaml")
    assert {"markets"} == {taxonomy.find("section", word).id for word in ("markets", "Markets", "MARKETS", "财经")}
    assert taxonomy.find("tag", "财经") is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Jane Doe", "jane-doe"),
        ("镍", "镍"),
        ("A/B 测试", "a-b-测试"),
        ("C++", "c++"),
        ("  ", ""),
        ("？！", ""),
        ("Café", "café"),
    ],
)
def test_a_name_becomes_part_of_an_address(name: str, expected: str) -> None:
    """Letters of any script stay, everything between them is one hyphen."""
    assert expected == slug(name)


def version(path: str, of: str = "", **fields: object) -> Story:
    """A story as the reader would give it; *fields* are those that its file gives."""
    language, _, key = path.partition("/")
    return Story(
        kind="story",
        language=LANGUAGES[language],
        path=f"{path}.md",
        key=key,
        title=path,
        body="",
        text="",
        translation=Translation(of=of) if of else None,
        given=frozenset(fields),
        **fields,
    )


MAY = datetime(2024, 5, 3, tzinfo=UTC)
JUNE = datetime(2024, 6, 3, tzinfo=UTC)


def test_versions_are_paired_by_path_and_by_name() -> None:
    """The same path is the same story; `of` pairs different paths, from either side or both."""
    stories = [
        version("en/2024/05/chip"),
        version("zh/2024/05/chip"),
        version("en/2024/05/rally"),
        version("zh/2024/05/gushi", of="2024/05/rally"),
        version("en/2024/05/left", of="2024/05/zuo"),
        version("zh/2024/05/zuo", of="2024/05/left"),
        version("zh/2024/05/alone"),
    ]
    expected = {
        "2024/05/alone": ["zh/2024/05/alone.md"],
        "2024/05/chip": ["en/2024/05/chip.md", "zh/2024/05/chip.md"],
        "2024/05/left": ["en/2024/05/left.md", "zh/2024/05/zuo.md"],
        "2024/05/rally": ["en/2024/05/rally.md", "zh/2024/05/gushi.md"],
    }
    for order in itertools.islice(itertools.permutations(stories), 0, 5040, 97):
        pairs, problems = pair(order, "content")
        assert [] == problems
        assert expected == {one.key: [story.path for story in one.versions.values()] for one in pairs}


def test_a_second_translation_of_one_story_is_a_problem() -> None:
    """Two Chinese versions of one English story: the editor must choose."""
    stories = [
        version("en/2024/05/rally"),
        version("zh/2024/05/rally"),
        version("zh/2024/05/gushi", of="2024/05/rally"),
    ]
    _, problems = pair(stories, "content")
    what = 'translation of "2024/05/rally", which "content/zh/2024/05/rally.md" already is.'
    assert [f"content/zh/2024/05/gushi.md:1: {what} Keep one of the two."] == list(map(str, problems))


def test_a_version_takes_only_what_it_does_not_give() -> None:
    """What a version gives is its own, be it empty; the rest comes from the other, whichever that is."""
    source = Source(name="daily")
    english = version("en/2024/05/chip", date=MAY, category="markets", tags=("a", "b"), source=source)
    chinese = version("zh/2024/05/chip", date=JUNE, tags=(), products=("car",))
    (one,), _ = pair([english, chinese], "content")
    completed = one.versions["zh"]
    assert (JUNE, "markets", (), ("car",), source) == (
        completed.date,
        completed.category,
        completed.tags,
        completed.products,
        completed.source,
    )
    assert (MAY, ("car",)) == (one.versions["en"].date, one.versions["en"].products)


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("fab.md", "en/2024/05/fab.md"),
        ("../04/fab.md#prices", "en/2024/04/fab.md"),
        ("../../../images/a%20b.svg", "images/a b.svg"),
        ("/images/a.svg", "images/a.svg"),
    ],
)
def test_a_reference_leads_to_a_path_below_content(target: str, expected: str) -> None:
    """Relative to the file it stands in, or from content/ when it starts with a slash."""
    assert expected == resolve_reference("en/2024/05/chip.md", target)
