"""`invoke build --explain PATH`: why a page was rendered or was not, in words of those who edit."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from conftest import EPOCH, ROOT, SITES, run_pelican, story
from pelican import signals

from plugins.last_build import Told, version_of
from plugins.pages import versions

RALLY = "en/2024/05/rally.md"
PAGE = "en/2024/05/rally/index.html"


class Desk:
    """A content folder and a theme that can be edited, and the builds of them."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._capsys = capsys
        shutil.copytree(ROOT / "theme", folder / "theme")
        shutil.copytree(SITES / "pair" / "content", folder / "content")
        shutil.copy(SITES / "taxonomy.yaml", folder / "content")

    def build(self, explain: str = "", **settings: object) -> list[str]:
        """Build; what was said of the page."""
        self._capsys.readouterr()
        run_pelican(
            self.folder / "content",
            self.folder / "output",
            self.folder / "cache",
            THEME=str(self.folder / "theme"),
            EXPLAIN=explain,
            **settings,
        )
        lines = self._capsys.readouterr().out.splitlines()
        others = ("Done:", "and 0 draft", "Nothing changed:")
        return [line for line in lines if not line.startswith(others) and not line.endswith(("unchanged.", "seconds."))]

    def write(self, path: str, text: str) -> None:
        """Write the file *path*, below content/ or theme/."""
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def replace(self, path: str, old: str, new: str) -> None:
        """Edit the file *path*, below content/ or theme/."""
        text = (self.folder / path).read_text(encoding="utf-8")
        assert old in text
        self.write(path, text.replace(old, new))


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    """A desk where the site was built once."""
    desk = Desk(tmp_path, capsys)
    desk.build()
    return desk


def test_a_page_that_nothing_touched_was_kept(desk: Desk) -> None:
    """Whatever changed elsewhere."""
    desk.replace("content/zh/2024/05/chip.md", "小号12元。", "小号13元。")
    kept = [f"{PAGE} was not rendered: nothing that decides it changed since the last build."]
    for name in (PAGE, "/en/2024/05/rally/", "en/2024/05/rally", f"content/{RALLY}", f"output/{PAGE}"):
        assert kept == desk.build(name)


def test_a_build_in_which_nothing_changed_explains_as_well(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """It looks at nothing but times, and still knows its pages."""
    monkeypatch.setattr("plugins.last_build.SETTLED", 0)
    desk.build()
    desk.build()
    assert [f"{PAGE} was not rendered: nothing that decides it changed since the last build."] == desk.build(PAGE)
    assert ['"en/2024/05/raly/" is no page of the portal. Did you mean "en/2024/05/rally/"?'] == desk.build(
        "en/2024/05/raly/"
    )


def test_no_page_of_the_portal(desk: Desk) -> None:
    """The nearest one is offered; a story that readers do not see says why."""
    fields = {"date": "2024-05-07", "category": "markets"}
    desk.write("content/en/2024/05/idea.md", story("Idea", status="draft", **fields))
    desk.write("content/en/2024/07/later.md", story("Later", date="2024-07-01 08:00", category="markets"))
    assert ['"en/2024/05/raly" is no page of the portal. Did you mean "en/2024/05/rally/"?'] == desk.build(
        "en/2024/05/raly"
    )
    assert ['"en/tag/chip/" is no page of the portal. Did you mean "en/tag/chips/"?'] == desk.build("en/tag/chip/")
    assert ['"content/en/2024/05/raly.md" is no file of content/. Did you mean "en/2024/05/rally.md"?'] == desk.build(
        "content/en/2024/05/raly.md"
    )
    assert ["content/en/2024/05/idea.md has no page: content/en/2024/05/idea.md is a draft."] == desk.build(
        "content/en/2024/05/idea.md"
    )
    assert [
        "en/2024/07/later/ has no page: content/en/2024/07/later.md is under embargo until 2024-07-01 08:00 CST."
    ] == desk.build("en/2024/07/later/")


def test_new_and_removed(desk: Desk) -> None:
    """A story that comes and goes, and the list that comes with it."""
    path = "content/en/2024/05/fall.md"
    desk.write(path, story("Fall", date="2024-05-07", category="markets", tags="[steel]"))
    assert ["en/2024/05/fall/index.html was rendered: it is new.", f"- {path} is new: its own file"] == desk.build(path)
    (desk.folder / path).unlink()
    assert [
        "en/tag/steel/index.html was removed: nothing makes it any more.",
    ] == desk.build("en/tag/steel/")
    desk.write(path, story("Fall", date="2024-05-07", category="markets", tags="[steel]"))
    assert [
        "en/tag/steel/index.html was rendered: it is new.",
        f"- {path} is new: a story of the list",
    ] == desk.build("en/tag/steel/")
    (desk.folder / path).unlink()
    assert [
        "en/2024/05/fall/index.html was removed: nothing makes it any more.",
        f"- {path} is gone",
    ] == desk.build("en/2024/05/fall/")


def test_a_file_of_the_output_was_touched(desk: Desk) -> None:
    """Missing, or changed by hand."""
    (desk.folder / "output" / PAGE).unlink()
    assert [f"{PAGE} was rendered:", "- its file was missing in output/"] == desk.build(PAGE)
    desk.write(f"output/{PAGE}", "Mine.")
    assert [f"{PAGE} was rendered:", "- its file in output/ was changed by hand or by another program"] == desk.build(
        PAGE
    )


def test_without_a_last_build(desk: Desk) -> None:
    """Then nobody knows, and the page says so."""
    shutil.rmtree(desk.folder / "cache")
    assert [f"{PAGE} was rendered: no earlier build into this folder is remembered, so every page was."] == desk.build(
        PAGE
    )


def test_its_own_file(desk: Desk) -> None:
    """Its text, or more than that."""
    desk.replace(f"content/{RALLY}", "Shares rose.", "Shares rose again.")
    assert [f"{PAGE} was rendered:", f"- content/{RALLY} changed: its own file"] == desk.build(PAGE)
    desk.write(f"content/{RALLY}", f"{(desk.folder / 'content' / RALLY).read_text('utf-8')}{'more ' * 90}")
    desk.build()
    desk.write(f"content/{RALLY}", f"{(desk.folder / 'content' / RALLY).read_text('utf-8')}\n\nThe end.\n")
    assert [f"{PAGE} was rendered:", f"- content/{RALLY} changed (its text): its own file"] == desk.build(PAGE)


def test_other_versions_cards_and_related_stories(desk: Desk) -> None:
    """Files that reach the page are named with what they are to it; others are not."""
    desk.replace("content/zh/2024/05/chip.md", "一枚两用芯片", "一枚芯片")
    chip = "en/2024/05/chip/index.html"
    assert [
        f"{chip} was planned again, its plan is the same, and its file was kept:",
        "- content/zh/2024/05/chip.md changed: its other version",
    ] == desk.build(chip)
    (desk.folder / "content/zh/2024/05/chip.md").unlink()
    assert [f"{chip} was rendered:", "- content/zh/2024/05/chip.md is gone: its other version"] == desk.build(chip)
    desk.write("content/en/2024/05/fall.md", story("Shares fall", "They fell.", date="2024-05-06", category="markets"))
    assert [f"{PAGE} was rendered:", "- content/en/2024/05/fall.md is new: a related story"] == desk.build(PAGE)
    desk.replace("content/en/2024/05/fall.md", "Shares fall", "Shares fell")
    assert [f"{PAGE} was rendered:", "- content/en/2024/05/fall.md changed: a related story"] == desk.build(PAGE)
    desk.replace("content/en/2024/05/fall.md", "Shares fell", "Shares plunge")
    section = "en/section/markets/index.html"
    assert [f"{section} was rendered:", "- content/en/2024/05/fall.md changed: a story of the list"] == desk.build(
        section
    )
    desk.replace("content/en/2024/05/fall.md", "Shares plunge", "Shares drop")
    assert [
        "en/index.html was rendered:",
        "- content/en/2024/05/fall.md changed: a story on the front page",
    ] == desk.build("en/")
    desk.replace("content/en/2024/05/fall.md", "They fell.", "They fell a lot.")
    assert ["en/feed.xml was rendered:", "- content/en/2024/05/fall.md changed: a story of the feed"] == desk.build(
        "en/feed.xml"
    )
    (desk.folder / "content/en/2024/05/fall.md").unlink()
    assert [
        f"{section} was rendered:",
        "- content/en/2024/05/fall.md is gone: a story that the page shows or links to",
    ] == desk.build(section)


def test_a_count_that_changed(desk: Desk) -> None:
    """No story that the page names, and still stories."""
    desk.write("content/en/2024/05/fall.md", story("Fall", date="2024-05-06", category="markets"))
    assert [
        "en/section/index.html was rendered:",
        "- another story changed, and may decide what the page counts, orders or offers",
    ] == desk.build("en/section/")


def test_a_product(desk: Desk) -> None:
    """A story that mentions it names it."""
    desk.replace("content/en/products/roadster.md", "title: ", "title: The new ")
    chip = "en/2024/05/chip/index.html"
    assert [
        f"{chip} was rendered:",
        "- content/en/products/roadster.md changed: a product of the story",
    ] == desk.build(chip)


def test_the_taxonomy(desk: Desk) -> None:
    """Names of sections stand in the menus of every page."""
    desk.replace("content/taxonomy.yaml", "Markets", "Trading")
    assert [f"{PAGE} was rendered:", "- content/taxonomy.yaml changed"] == desk.build(PAGE)
    desk.write("content/taxonomy.yaml", f"{(desk.folder / 'content/taxonomy.yaml').read_text('utf-8')}# more\n")
    assert [
        f"{PAGE} was planned again, its plan is the same, and its file was kept:",
        "- content/taxonomy.yaml changed",
    ] == desk.build(PAGE)


def test_what_is_pinned(desk: Desk) -> None:
    """It decides the front page."""
    desk.write("content/front.yaml", "en:\n  lead: 2024/05/chip\n")
    assert ["en/index.html was rendered:", "- content/front.yaml is new"] == desk.build("en/")


def test_a_picture(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its size stands in the page."""
    picture = "images/chip.svg"
    text = (desk.folder / "content" / picture).read_text(encoding="utf-8")
    desk.write(f"content/{picture}", text.replace('width="', 'width="1', 1))
    chip = "en/2024/05/chip/index.html"
    assert [f"{chip} was rendered:", f"- content/{picture} changed"] == desk.build(chip)
    monkeypatch.setattr("plugins.last_build.SETTLED", 0)
    desk.build()
    # So that the build looks at pictures at all.
    desk.replace("content/zh/2024/05/chip.md", "小号12元。", "小号13元。")
    assert [f"{picture} was kept: it is copied as it is, and its source did not change."] == desk.build(
        f"content/{picture}"
    )


def test_a_template_that_the_page_reaches(desk: Desk) -> None:
    """Another one is no cause."""
    desk.replace("theme/templates/components/story_card.html", "story-card__meta", "story-card__more")
    assert [f"{PAGE} was rendered:", "- theme/templates/components/story_card.html changed"] == desk.build(PAGE)
    desk.replace("theme/templates/list.html", "</", "<!-- x --></")
    assert [f"{PAGE} was not rendered: nothing that decides it changed since the last build."] == desk.build(PAGE)


def test_the_words_and_the_static_files(desk: Desk) -> None:
    """Every page shows them."""
    words = "theme/translations/zh_Hans/LC_MESSAGES/portal.po"
    desk.write(words, f"{(desk.folder / words).read_text('utf-8')}\n# more\n")
    assert [f"{PAGE} was rendered:", f"- {words} changed"] == desk.build(PAGE)
    desk.replace("theme/static/portal.css", ":root {", ":root  {")
    assert [f"{PAGE} was rendered:", "- theme/static/portal.css changed"] == desk.build(PAGE)


def test_a_setting(desk: Desk) -> None:
    """With its old and its new value."""
    assert [
        f"{PAGE} was rendered:",
        "- the setting ICP_NUMBER is '粤ICP备1号' now, it was '粤ICP备20006386号'",
    ] == desk.build(PAGE, ICP_NUMBER="粤ICP备1号")
    section = "en/section/technology/index.html"
    assert [
        f"{section} was planned again, its plan is the same, and its file was kept:",
        "- the setting STORIES_PER_PAGE is 10 now, it was 20",
    ] == desk.build(section, STORIES_PER_PAGE=10, ICP_NUMBER="粤ICP备1号")


def test_a_library(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another version may write other bytes."""
    version = version_of("babel")
    monkeypatch.setattr(versions, "version_of", lambda name: "99.1" if name == "babel" else version_of(name))
    assert [f"{PAGE} was rendered:", f"- the library babel is 99.1 now, it was {version}"] == desk.build(PAGE)


def test_an_embargo_that_ended(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """No file changed; only the time did."""
    path = "content/en/2024/06/later.md"
    desk.write(path, story("Later", date="2024-06-20 08:00", category="markets"))
    desk.build()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(EPOCH) + 30 * 86400))
    assert [
        "en/2024/06/later/index.html was rendered: it is new.",
        f"- {path} is as it was, and can be seen now: its own file",
    ] == desk.build(path)


def test_a_takedown(desk: Desk) -> None:
    """The file of the story is as it was."""
    desk.write("content/takedowns.yaml", "takedowns:\n  - path: en/2024/05/rally\n")
    assert [f"{PAGE} was rendered:", "- content/takedowns.yaml is new"] == desk.build(PAGE)


def test_drafts_that_are_shown(desk: Desk) -> None:
    """A setting makes pages."""
    path = "content/en/2024/05/idea.md"
    desk.write(path, story("Idea", date="2024-05-07", category="markets", status="draft"))
    desk.build()
    assert [
        "en/2024/05/idea/index.html was rendered: it is new.",
        "- the setting SHOW_DRAFTS is True now, it was False",
        f"- {path} is as it was, and can be seen now: its own file",
    ] == desk.build(path, SHOW_DRAFTS=True)
    assert [f"en/2024/05/idea/index.html was removed: {path} is a draft."] == desk.build(path)


def test_many_causes_are_counted(desk: Desk) -> None:
    """A list of a thousand files would say nothing."""
    for number in range(12):
        desk.write(f"content/en/2024/05/k{number:02}.md", story("K", date="2024-05-08", category="markets"))
    first, *lines, last = desk.build("en/section/markets/")
    assert "en/section/markets/index.html was rendered:" == first
    assert [f"- content/en/2024/05/k{number:02}.md is new: a story of the list" for number in range(7)] == lines
    assert "- and 5 more" == last


def test_several_causes_of_a_kind_each(desk: Desk) -> None:
    """All that changed and reach the page, and nothing else."""
    desk.replace(f"content/{RALLY}", "Shares rose.", "Shares rose again.")
    desk.replace("theme/templates/story.html", "</header>", "</header><!-- mark -->")
    desk.replace("theme/templates/list.html", "</", "<!-- x --></")
    assert [
        f"{PAGE} was rendered:",
        "- theme/templates/story.html changed",
        "- the setting ICP_NUMBER is '' now, it was '粤ICP备20006386号'",
        f"- content/{RALLY} changed: its own file",
    ] == desk.build(PAGE, ICP_NUMBER="")


def test_a_plugin_of_other_people_may_change_any_story(desk: Desk) -> None:
    """Then nobody can tell which files reach the page, but where it differs can be told."""

    def shout(article: object) -> None:
        article._content = article._content.replace("rose", "ROSE")  # type: ignore[attr-defined]

    signals.content_object_init.connect(shout)
    try:
        first, *lines = desk.build(PAGE)
    finally:
        signals.content_object_init.disconnect(shout)
    assert f"{PAGE} was rendered:" == first
    assert "  +<p>Shares ROSE.</p>" in lines


def test_what_is_remembered_can_be_read_back() -> None:
    """By path, as it was; nothing where a story is not known well enough."""
    one = SimpleNamespace(path="en/a.md", hash=b"0123456789abcdef", face=b"fedcba9876543210")
    two = SimpleNamespace(path="en/b.md", hash=b"1" * 16, face=b"2" * 16)
    known = {one.path: (one.hash, one.face), two.path: (two.hash, two.face)}
    assert known == Told.of_stories([one, two]).stories()
    assert {} == Told.of_stories([]).stories()
    assert Told() == Told.of_stories([one, SimpleNamespace(path="en/c.md", hash=b"", face=b"")])


def test_without_what_explanations_remember(desk: Desk) -> None:
    """A build that was killed may leave it behind; where the page differs is told all the same."""
    for file in (desk.folder / "cache").glob("told-*"):
        file.unlink()
    desk.replace(f"content/{RALLY}", "Shares rose.", "Shares rose again.")
    first, second, *lines = desk.build(PAGE)
    assert f"{PAGE} was rendered:" == first
    assert "- what the last build was made of is not remembered" == second
    assert "  +<p>Shares rose again.</p>" in lines


def test_the_command_explains(tmp_path: Path, content: Callable[..., Path]) -> None:
    """Plain Pelican takes the setting; `invoke build --explain` gives it."""
    folder = content("pair")
    options = ["-o", str(tmp_path / "out"), "-e", f'CACHE_PATH="{tmp_path}/cache"', 'EXPLAIN="en/2024/05/rally/"']
    command = [sys.executable, "-m", "pelican", str(folder), "-s", "pelicanconf.py", *options]
    said = [subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout for _ in range(2)]
    assert f"{PAGE} was rendered: no earlier build" in said[0]
    assert f"{PAGE} was not rendered: nothing that decides it changed" in said[1]
