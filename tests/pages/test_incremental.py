"""Whatever is edited in whatever order, building on top of the last build gives what a build from nothing gives."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import EPOCH, ROOT, SITES, Site, run_pelican, story
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from plugins.problems import Stop

LANGUAGES = ("en", "zh")
SLUGS = ("rise", "fall", "calm")
SECTIONS = ("markets", "policy", "technology")


def story_path(language: str, slug: str, month: str) -> str:
    return f"{language}/2024/{month}/{slug}.md"


paths = st.builds(story_path, st.sampled_from(LANGUAGES), st.sampled_from(SLUGS), st.sampled_from(("03", "05")))


@st.composite
def written(draw: st.DrawFn) -> tuple[str, str]:
    """A story in its place; the fields come and go from one edit to the next."""
    path = draw(paths)
    month = path.split("/")[2]
    # The build is on the first of June.
    day = draw(st.sampled_from((f"2024-{month}-02", f"2024-{month}-03 10:00", "2024-06-02" if month == "06" else "")))
    fields = {
        "date": day or f"2024-{month}-04",
        "category": draw(st.sampled_from(SECTIONS)),
        "tags": draw(st.sampled_from(("[]", "[steel]", "[steel, 镍]"))),
        "authors": draw(st.sampled_from(("[]", "[Li Wei]"))),
        "status": draw(st.sampled_from(("published", "published", "hidden", "withdrawn", "draft"))),
        "summary": draw(st.sampled_from(("", "In short."))),
        "source": draw(st.sampled_from(("{name: cls}", "{name: The Paper, url: https://a.example/1}"))),
    }
    body = draw(st.sampled_from(("One.", "Two, [about](../../pages/about.md).", "Three.\n\n![pic](/images/dot.svg)")))
    title = draw(st.sampled_from(("Up", "Down", "涨")))
    return path, story(title, body, **{name: text for name, text in fields.items() if text})


Edit = Callable[[Path, Path], None]


def write(given: tuple[str, str]) -> Edit:
    def edit(content: Path, theme: Path) -> None:
        file = content / given[0]
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(given[1], encoding="utf-8")

    return edit


def append(given: tuple[str, str]) -> Edit:
    """Only the text of a story that may be there."""

    def edit(content: Path, theme: Path) -> None:
        file = content / given[0]
        if file.exists():
            file.write_text(f"{file.read_text('utf-8')}\n{given[1]}\n", encoding="utf-8")

    return edit


def remove(path: str) -> Edit:
    return lambda content, theme: (content / path).unlink(missing_ok=True)


def rename(names: tuple[str, str]) -> Edit:
    def edit(content: Path, theme: Path) -> None:
        old, new = (content / name for name in names)
        if old.exists() and old.parent == new.parent:
            old.replace(new)

    return edit


def replace_in(file: str, old: str, new: str) -> Edit:
    def edit(content: Path, theme: Path) -> None:
        path = (theme if file.startswith("templates") or file.startswith("static") else content) / file
        path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")

    return edit


edits = st.one_of(
    written().map(write),
    written().map(write),
    st.tuples(st.one_of(paths, st.just("en/2024/05/chip.md")), st.sampled_from(("More.", "[a](rally.md)"))).map(append),
    paths.map(remove),
    st.tuples(paths, paths).map(rename),
    st.sampled_from(
        [
            replace_in("taxonomy.yaml", "Markets", "Trading"),
            replace_in("taxonomy.yaml", "Trading", "Markets"),
            replace_in("en/pages/about.md", "About", "Who we are"),
            replace_in("images/dot.svg", 'width="8"', 'width="9"'),
            replace_in("templates/story.html", "</header>", "</header><!-- mark -->"),
            replace_in("templates/components/story_card.html", "story-card__meta", "story-card__more"),
            replace_in("static/portal.css", ":root {", ":root  {"),
        ]
    ),
)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A content folder and a theme that can be edited."""
    folder = tmp_path_factory.mktemp("incremental")
    shutil.copytree(ROOT / "theme", folder / "theme")
    shutil.copytree(SITES / "pair" / "content", folder / "content")
    shutil.copy(SITES / "taxonomy.yaml", folder / "content")
    (folder / "content" / "images").mkdir(exist_ok=True)
    (folder / "content" / "images" / "dot.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"/>', "utf-8"
    )
    return folder


def built(folder: Path, name: str) -> dict[str, bytes] | None:
    """The files of the site; None when problems kept it from being built."""
    os.environ["SOURCE_DATE_EPOCH"] = EPOCH
    try:
        return run_pelican(
            folder / "content", folder / name, folder / f"{name}-cache", THEME=str(folder / "theme")
        ).files()
    except Stop:
        return None


@settings(
    max_examples=int(os.environ.get("INCREMENTAL_EXAMPLES", "5")),
    deadline=None,
    derandomize=True,
    # Each example is a dozen builds: what fails is short as it is, and to shorten it takes longer than all tests.
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
@given(steps=st.lists(st.lists(edits, min_size=1, max_size=4), min_size=2, max_size=3))
def test_an_edited_site_is_the_one_that_a_clean_build_makes(template: Path, steps: list[list[Edit]]) -> None:
    """After each round of edits, the files are those of a build without cache and output, and no others."""
    folder = template.parent / "case"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(template, folder)
    before = built(folder, "grown")
    for round, step in enumerate(step for step in steps):
        for edit in step:
            edit(folder / "content", folder / "theme")
        grown = built(folder, "grown")
        clean = built(folder, f"clean{round}")
        assert clean == grown
        kept = Site(folder / "grown").files()
        assert kept == (before if grown is None else grown)
        before = kept


def test_an_edited_text_renders_its_own_page_and_feeds_alone(
    template: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Other pages keep their bytes and their time, and the site is that of a clean build."""
    for name in ("content", "theme"):
        shutil.copytree(template / name, tmp_path / name)
    built(tmp_path, "grown")
    before = {path: (tmp_path / "grown" / path).stat().st_mtime_ns for path in Site(tmp_path / "grown").files()}
    story_file = tmp_path / "content" / "en" / "2024" / "05" / "rally.md"
    story_file.write_text(f"{story_file.read_text('utf-8')}{'word ' * 60}\n\nThe last sentence.\n", "utf-8")
    built(tmp_path, "grown")
    story_file.write_text(story_file.read_text("utf-8").replace("The last", "The very last"), "utf-8")
    capsys.readouterr()
    grown = built(tmp_path, "grown")
    said = capsys.readouterr().out
    assert grown == built(tmp_path, "clean")
    now = {path: (tmp_path / "grown" / path).stat().st_mtime_ns for path in grown or {}}
    assert "en/about/index.html" in {path for path in before if before[path] == now[path]}
    # Its page, and in both editions the feeds of the front and of its section.
    assert "5 pages rendered" in said, said
