"""Whatever is edited in whatever order, the site in memory has the pages that it has when it is read anew."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Iterable
from pathlib import Path

import pytest
from conftest import EPOCH, ROOT, story
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pages.edits import Case, Edit, edits
from pelican import Pelican
from pelican.settings import read_settings

from plugins.preview.aside import Aside
from plugins.preview.follow import Follower
from plugins.preview.site import Site
from plugins.preview.sources import Sources
from plugins.preview.watch import Watched


class Preview:
    """A site in memory that is told what was saved, as the preview's watcher would."""

    def __init__(self, folder: Path, cache: str = "cache") -> None:
        self._start = (folder, cache)
        os.environ["SOURCE_DATE_EPOCH"] = EPOCH
        theme = folder / "theme" if (folder / "theme").is_dir() else ROOT / "theme"
        override = {
            **{"PATH": str(folder / "content"), "THEME": str(theme), "CACHE_PATH": str(folder / cache)},
            **{"OUTPUT_PATH": str(folder / "output"), "SITEURL": "http://127.0.0.1:8000"},
            **{"SHOW_DRAFTS": True, "FILE_LINKS": False},
        }
        known = Pelican(read_settings(str(ROOT / "pelicanconf.py"), override=override)).settings
        sources = Sources(known)
        sources.read_all()
        self.told: list[str] = []
        self.site = Site(known, sources, Aside())
        self.site.take(self.site.look(dict(sources.files), None))
        watched = Watched(folder / "content", theme, ROOT / "plugins", ROOT / "pelicanconf.py")
        self._follower = Follower(self.site, Aside(), watched, self._tell)

    async def _tell(self, files: Iterable[str]) -> None:
        self.told += files

    async def save(self, *paths: Path, settle: bool = True) -> None:
        """Tell that *paths* were saved."""
        await self._follower.change(map(str, paths))
        if settle:
            await self._follower.settle()
        if self._follower.outdated.is_set():
            # The list of takedowns decides what is read, so the process begins anew.
            Preview.__init__(self, *self._start)

    async def files(self) -> dict[str, bytes]:
        """Every page, feed and part of the sitemap by its path, and the pictures that are served."""
        assert self.site.shown is not None
        machines = ["robots.txt", "sitemap.xml", *(f"{language}/feed.xml" for language in ("en", "zh"))]
        machines += [f"{language}/section/markets/feed.xml" for language in ("en", "zh")]
        pages = {path: await self.site.content(path) for path in [*self.site.shown.makes, *machines]}
        assert [] == self.site.problems()
        return {
            **{path: page[0] for path, page in pages.items() if page is not None},
            **dict.fromkeys(self.site.shown.portal.files, b""),
        }

    def text(self, path: str) -> str:
        """The page *path* as it is now."""
        page = self.site.page(path)
        return page.content.decode("utf-8") if page is not None else ""


def tree(folder: Path) -> dict[Path, bytes]:
    """Every file that an edit may touch, with its bytes."""
    return {
        file: file.read_bytes()
        for name in ("content", "theme")
        for file in (folder / name).rglob("*")
        if file.is_file()
    }


SAVED = edits.filter(lambda edit: edit[0] in ("write", "append", "replace", "rename", "picture"))
"""Edits of files, which a preview sees."""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for one example after the other."""
    return tmp_path_factory.mktemp("preview")


@settings(
    max_examples=int(os.environ.get("PREVIEW_EXAMPLES", "5")),
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
@given(steps=st.lists(st.lists(SAVED, min_size=1, max_size=3), min_size=2, max_size=4))
def test_an_edited_site_is_the_one_that_is_read_anew(place: Path, steps: list[list[Edit]]) -> None:
    """After each round of edits without mistakes, every page served is, byte for byte, that of a preview just started.

    While there are mistakes, the last good pages are there.
    """
    folder = place / "case"
    shutil.rmtree(folder, ignore_errors=True)
    case = Case.start(folder)

    async def follow() -> None:
        preview = Preview(folder)
        for number, step in enumerate(steps):
            before = tree(folder)
            for edit in step:
                case.do(edit)
            after = tree(folder)
            changed = [file for file in before.keys() | after.keys() if before.get(file) != after.get(file)]
            for file in changed:
                # A broken file that is very young may be one that an editor has emptied and is about to fill.
                if file.exists():
                    os.utime(file, (1, 1))
            await preview.save(*changed)
            clean = Preview(folder, f"clean{number}")
            assert clean.site.problems() == preview.site.problems()
            if not clean.site.problems():
                assert await clean.files() == await preview.files()
            else:
                assert "</html>" in preview.text("en/index.html")

    asyncio.run(follow())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A content folder and a theme to edit."""
    return Case.start(tmp_path).folder


def test_a_new_text_needs_no_look_at_all_stories(folder: Path) -> None:
    """Text and title are shown at once, where the story stands, in its lists and in feeds."""
    preview = Preview(folder)
    file = folder / "content/en/2024/05/rally.md"
    shown = preview.site.shown

    async def edit() -> None:
        file.write_text(file.read_text("utf-8").replace("title: ", "title: Steep ", 1) + "\nFresh words.\n", "utf-8")
        await preview.save(file)
        feed = await preview.site.content("en/feed.xml")
        assert feed is not None and b"Fresh words." in feed[0] and b"Steep " in feed[0]

    asyncio.run(edit())
    assert shown is preview.site.shown
    assert "Fresh words." in preview.text("en/2024/05/rally/index.html")
    assert "Steep " in preview.text("en/index.html")


def test_a_new_section_shows_at_once_on_the_page_of_the_story(folder: Path) -> None:
    """Lists follow when all stories were looked at."""
    preview = Preview(folder)
    file = folder / "content/en/2024/05/fresh.md"

    async def edit() -> None:
        file.write_text(story("Brand new", date="2024-05-09", category="technology", tags="[unheard]"), "utf-8")
        await preview.save(file, settle=False)
        assert "Brand new" in preview.text("en/2024/05/fresh/index.html")
        assert "Brand new" not in preview.text("en/section/technology/index.html")
        await preview.save()
        assert "Brand new" in preview.text("en/section/technology/index.html")
        assert "Brand new" in preview.text("en/tag/unheard/index.html")
        file.unlink()
        await preview.save(file)
        assert "" == preview.text("en/2024/05/fresh/index.html")

    asyncio.run(edit())


def test_a_mistake_leaves_the_last_good_page(folder: Path) -> None:
    """Of stories, of the taxonomy and of templates; all mistakes are told together, and mending them shows."""
    preview = Preview(folder)
    page = "en/2024/05/rally/index.html"
    good = preview.text(page)
    rally, chip = (folder / f"content/en/2024/05/{name}.md" for name in ("rally", "chip"))
    taxonomy, template = folder / "content/taxonomy.yaml", folder / "theme/templates/story.html"
    before = {file: file.read_text("utf-8") for file in (rally, chip, taxonomy, template)}

    async def edit() -> None:
        rally.write_text(before[rally].replace("date: ", "date: some ", 1), "utf-8")
        chip.write_text(before[chip].replace("category: ", "category: un", 1), "utf-8")
        template.write_text(before[template].replace("{% endblock %}", "{% endblok %}", 1), "utf-8")
        os.utime(rally, (1, 1))
        await preview.save(rally, chip, template)
        assert {"rally.md", "chip.md", "story.html"} == {Path(one.path).name for one in preview.site.problems()}
        assert all(one.line for one in preview.site.problems())
        assert good == preview.text(page)
        taxonomy.write_text("sections: [", "utf-8")
        await preview.save(taxonomy)
        assert "taxonomy.yaml" in {Path(one.path).name for one in preview.site.problems()}
        assert good == preview.text(page)
        for file, text in before.items():
            file.write_text(text, "utf-8")
        await preview.save(*before)
        assert [] == preview.site.problems()
        assert good == preview.text(page)

    asyncio.run(edit())


def test_a_mistake_in_a_story_that_was_just_begun_leaves_it_as_it_was(folder: Path) -> None:
    """Also when nobody has looked at all stories between the two saves."""
    preview = Preview(folder)
    file = folder / "content/en/2024/05/fresh.md"

    async def edit() -> None:
        file.write_text(story("Brand new", date="2024-05-09", category="technology"), "utf-8")
        await preview.save(file, settle=False)
        file.write_text(story("Brand new", date="tomorrow", category="technology"), "utf-8")
        os.utime(file, (1, 1))
        await preview.save(file)
        assert ["fresh.md"] == [Path(one.path).name for one in preview.site.problems()]
        assert "Brand new" in preview.text("en/2024/05/fresh/index.html")

    asyncio.run(edit())


def test_a_preview_that_starts_with_a_mistake_shows_what_it_can(folder: Path) -> None:
    """The other pages are there, and the broken one is as soon as it is mended."""
    rally = folder / "content/en/2024/05/rally.md"
    text = rally.read_text("utf-8")
    rally.write_text(text.replace("category: ", "category: un", 1), "utf-8")
    preview = Preview(folder)
    assert ["rally.md"] == [Path(one.path).name for one in preview.site.problems()]
    assert "</html>" in preview.text("en/2024/05/chip/index.html")
    rally.write_text(text, "utf-8")
    asyncio.run(preview.save(rally))
    assert [] == preview.site.problems()
    assert "</html>" in preview.text("en/2024/05/rally/index.html")


def test_a_style_sheet_changes_no_page_for_the_browser(folder: Path) -> None:
    """The bytes name its new version; what tells browsers to load the page anew does not change."""
    preview = Preview(folder)
    before = preview.site.page("en/index.html")
    sheet = folder / "theme/static/portal.css"
    sheet.write_text(sheet.read_text("utf-8") + "\nbody { margin: 0; }\n", "utf-8")
    asyncio.run(preview.save(sheet))
    after = preview.site.page("en/index.html")
    assert before is not None and after is not None
    assert before.content != after.content
    assert before.digest == after.digest
    assert ["theme/portal.css"] == preview.told
