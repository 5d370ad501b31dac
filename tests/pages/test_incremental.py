"""Whatever is edited in whatever order, building on top of the last build gives what a build from nothing gives."""

from __future__ import annotations

import os
import shutil
from contextlib import ExitStack
from pathlib import Path
from unittest import mock

import pytest
from conftest import EPOCH, ROOT, Site, story
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from pages.edits import Case, Edit, edits, words
from pelican import Pelican
from pelican.settings import read_settings

from plugins.pages import render
from plugins.reader import store


@pytest.fixture
def case(tmp_path: Path) -> Case:
    """A portal to edit."""
    return Case.start(tmp_path)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for one example after the other."""
    return tmp_path_factory.mktemp("incremental")


def differences(clean: dict[str, bytes] | None, grown: dict[str, bytes] | None) -> list[str]:
    """The files in which two sites differ."""
    if clean is None or grown is None:
        return [] if clean is grown else ["one was built and the other was not"]
    return sorted(path for path in clean.keys() | grown.keys() if clean.get(path) != grown.get(path))


def differences_kept(case: Case) -> list[str]:
    """What two builds of the same site, one of them clean, keep differently; what tells times of files may differ."""
    clean, grown = case.snapshot("clean", "clean-cache"), case.snapshot()
    if clean is None or grown is None:
        return []
    names = ("written", "kinds", "marks", "terms", "files", "until", "embargoed", "unseen", "lists")
    return [name for name in names if getattr(clean, name) != getattr(grown, name)]


SMALL = {
    **{"feeds.plan.SITEMAP_PAGES": 30, "feeds.plan.ENTRIES": 3, "pages.output.FEW": 30},
    **{f"pages.edition.{name}": 2 for name in ("LATEST", "PINNED", "BLOCK", "FOREIGN")},
    **{"pages.related.RELATED": 2, "pages.kept.RELATED": 2, "pages.related.RELATED_DEPTH": 3},
}
"""Bounds that a newspaper reaches, and a site of a test only when they are low."""


@settings(
    max_examples=int(os.environ.get("INCREMENTAL_EXAMPLES", "3")),
    deadline=None,
    derandomize="INCREMENTAL_EXAMPLES" not in os.environ,
    # Each example is a dozen builds: what fails is short as it is, and to shorten it takes longer than all tests.
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
@given(
    steps=st.lists(
        st.one_of(st.lists(edits, max_size=4), st.lists(words, min_size=1, max_size=3)), min_size=2, max_size=4
    )
)
@example(
    steps=[
        # A draft comes first in the order of stories, so that it spells the tag for all.
        [
            ("write", "en/2024/03/calm.md", story("Up", date="2024-03-04", category="markets", tags="[STEEL]")),
            ("replace", "en/2024/03/calm.md", "title: ", "status: draft\ntitle: "),
            ("write", "en/2024/05/rise.md", story("Up", date="2024-05-04", category="markets", tags="[steel]")),
        ],
        [("replace", "en/2024/03/calm.md", "STEEL", "Steel")],
    ]
)
@example(
    steps=[
        # The language switch of a story without translation leads to what stands at its address.
        [
            ("write", "en/2024/05/rise.md", story("Up", date="2024-05-04", category="markets")),
            ("write", "en/2024/05/fall.md", story("Down", date="2024-05-04", category="markets")),
        ],
        [("write", "zh/2024/05/fall.md", story("涨", translation="{of: 2024/05/rise}"))],
        [("write", "zh/2024/05/fall.md", None)],
    ]
)
@example(
    steps=[
        # A build that fails reads what was edited; the next one is told nothing of it by the store.
        [
            ("replace", "en/2024/05/rally.md", "title: ", "title: Again "),
            ("append", "zh/2024/05/rally.md", "又一句。"),
            ("write", "en/2024/05/broken.md", story("Broken", date="no date", category="markets")),
        ],
        [("write", "en/2024/05/broken.md", None)],
    ]
)
@example(
    steps=[
        # A story names a product that readers do not see yet.
        [
            ("write", "en/products/van.md", story("Van", category="vehicles", status="draft")),
            ("write", "en/2024/05/rise.md", story("Up", date="2024-05-04", category="markets", products="[van]")),
        ],
        [("replace", "en/2024/05/rise.md", "title: ", "title: New ")],
    ]
)
@example(
    steps=[
        # Folders that begin like those of tools: of the one no file is published, of the other every change is seen.
        [
            ("picture", "images/__charts/pic.png", 800, 600),
            ("append", "en/2024/05/rally.md", "![pic](/images/__charts/pic.png)"),
        ],
        [("picture", "images/__charts/pic.png", 640, 480)],
        [("write", "__notes/rise.md", "Not a story.")],
        [("write", "__notes/rise.md", None), ("write", "notes/.tool/rise.md", "Not a story.")],
        [
            ("picture", "images/.tool/pic.png", 800, 600),
            ("append", "en/2024/05/rally.md", "![](/images/.tool/pic.png)"),
        ],
    ]
)
@example(steps=[[("now", int(EPOCH) + 10)], [("now", 1714900000)], [("now", int(EPOCH))]])
def test_an_edited_site_is_the_one_that_a_clean_build_makes(place: Path, steps: list[list[Edit]]) -> None:
    """After each round of edits, the files are those of a build without cache and output, and no others."""
    with ExitStack() as stack:
        for name, number in SMALL.items():
            stack.enter_context(mock.patch(f"plugins.{name}", number))
        build_and_compare(place, steps)


def build_and_compare(place: Path, steps: list[list[Edit]]) -> None:
    """As the test says."""
    shutil.rmtree(place / "case", ignore_errors=True)
    case = Case.start(place / "case")
    built = {case.output: case.build()}
    for step in steps:
        for edit in step:
            case.do(edit)
        output = case.folder / case.output
        before, times = (Site(output).files(), case.times()) if output.exists() else ({}, {})
        grown = case.build()
        assert [] == differences(case.clean(), grown)
        assert [] == differences_kept(case)
        if grown is None:
            # The last good site stays as it was.
            assert before == (Site(output).files() if output.exists() else {})
        elif built.get(case.output) is not None and all(edit[0] in ("spoil", "trust") for edit in step):
            now = case.times()
            spoilt = {".duikai", *(edit[1] for edit in step if edit[0] == "spoil")}
            assert [] == [
                path for path in now.keys() - spoilt if before[path] == grown[path] and now[path] != times[path]
            ]
        built[case.output] = grown


def test_an_edited_text_renders_its_own_page_and_feeds_alone(case: Case, capsys: pytest.CaptureFixture[str]) -> None:
    """Other pages keep their bytes and their time, and the site is that of a clean build."""
    case.build()
    before = case.times()
    case.append("en/2024/05/rally.md", f"{'word ' * 60}\n\nThe last sentence.")
    case.build()
    case.replace("en/2024/05/rally.md", "The last", "The very last")
    capsys.readouterr()
    grown = case.build()
    said = capsys.readouterr().out
    assert [] == differences(case.clean(), grown)
    now = case.times()
    assert "en/about/index.html" in {path for path in before if before[path] == now[path]}
    # Its page, and in both editions the feeds of the front and of its section.
    assert "5 pages rendered" in said, said


def test_other_words_are_read_without_the_stories_beside_them(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """A headline renders the pages that show it, and nothing is read that these do not show."""
    monkeypatch.setattr(store, "AT_ONCE", 1)
    for number in range(30):
        case.write(
            f"en/2023/01/k{number}.md", story(f"Old {number}", date=f"2023-01-{number + 1:02}", category="markets")
        )
    case.build()
    read = []
    get = store.StoryStore.get
    monkeypatch.setattr(store.StoryStore, "get", lambda self, path: read.append(path) or get(self, path))
    case.replace("en/2023/01/k3.md", "title: Old", "title: Very old")
    grown = case.build()
    assert "en/2023/01/k3.md" in read
    assert "en/2023/01/k12.md" not in read
    monkeypatch.undo()
    assert [] == differences(case.clean(), grown)


def test_files_of_others_stay_after_other_words(case: Case) -> None:
    """Pelican copies what STATIC_PATHS names, as it does in every build."""
    case.settings["STATIC_PATHS"] = ["images", "extra"]
    case.write("extra/CNAME", "paper.example\n")
    case.build()
    case.replace("en/2024/05/rally.md", "title: ", "title: Again ")
    grown = case.build()
    assert grown and "extra/CNAME" in grown
    assert [] == differences(case.clean(), grown)


def test_a_pelican_that_runs_again_knows_what_it_made(
    case: Case, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As with ``--autoreload``: nothing, and then a headline."""
    monkeypatch.setattr("plugins.last_build.SETTLED", -1_000_000_000)
    folders = {"PATH": "content", "OUTPUT_PATH": case.output, "CACHE_PATH": "cache", "THEME": "theme"}
    override = {**case.settings, **{name: str(case.folder / folder) for name, folder in folders.items()}}
    pelican = Pelican(read_settings(str(ROOT / "pelicanconf.py"), override=override))
    # Pelican's own reader of Markdown completes its settings in the first.
    for _ in range(2):
        pelican.run()
    capsys.readouterr()
    pelican.run()
    assert "Nothing changed" in capsys.readouterr().out
    case.replace("en/2024/05/rally.md", "title: ", "title: Again ")
    pelican.run()
    assert [] == differences(case.clean(), Site(case.folder / case.output).files())


def test_two_processes_make_what_one_makes(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """Clean, and after an edit that touches many pages."""
    monkeypatch.setattr(render, "FEW", 0)
    monkeypatch.setattr(render, "PART", 3)
    case.settings["WORKERS"] = 2
    for edit in (("trust", True), ("replace", "taxonomy.yaml", "Markets", "Trading")):
        case.do(edit)
        grown = case.build()
        case.settings["WORKERS"] = 1
        assert [] == differences(case.clean(), grown)
        case.settings["WORKERS"] = 2


def test_a_build_whose_memory_could_not_be_kept_leaves_nothing_behind(case: Case) -> None:
    """The cache is of an older state than the output: what was made in between is known, and taken away."""
    case.build()
    shutil.copytree(case.folder / "cache", case.folder / "old-cache")
    new = "en/2024/05/rise.md"
    case.write(new, story("Up", date="2024-05-04", category="markets"))
    case.build()
    shutil.rmtree(case.folder / "cache")
    (case.folder / "old-cache").rename(case.folder / "cache")
    case.write(new, None)
    assert [] == differences(case.clean(), case.build())


def test_two_caches_of_one_output_do_not_mislead_each_other(case: Case) -> None:
    """Each takes away what the other has made."""
    new = "en/2024/05/rise.md"
    case.build(cache="one")
    case.write(new, story("Up", date="2024-05-04", category="markets"))
    case.build(cache="two")
    case.write(new, None)
    assert [] == differences(case.clean(), case.build(cache="one"))


def test_a_link_that_leads_nowhere_is_no_file(case: Case) -> None:
    """Some editors leave one beside a file that is open."""
    (case.folder / "content/en/2024/05/.#rally.md").symlink_to("somebody@here.1234")
    (case.folder / "theme/templates/.#story.html").symlink_to("somebody@here.1234")
    assert [] == differences(case.clean(), case.build())
    assert case.build() == case.build()


def test_files_of_the_same_size_that_follow_each_other_at_once_are_seen(case: Case) -> None:
    """Two saves within a second, before times can be trusted: a story, a picture, a stylesheet."""
    case.settled = False
    case.replace("en/2024/05/rally.md", "category", "image: {src: images/pic.png}\ncategory")
    case.build()
    for step in [
        [("replace", "en/2024/05/rally.md", "Shares rose", "Shares fell")],
        [("replace", "en/2024/05/rally.md", "Shares fell", "Shares rose"), ("picture", "images/pic.png", 640, 480)],
        [("picture", "images/pic.png", 800, 600), ("replace", "static/portal.css", "block", "BLOCK")],
        [("replace", "static/portal.css", "BLOCK", "block")],
    ]:
        for edit in step:
            case.do(edit)
        grown = case.build()
    assert [] == differences(case.clean(), grown)
