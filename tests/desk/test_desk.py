"""Starting stories and translations, and seeing what is missing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from conftest import Site, story

from plugins.desk.drafts import new_story, start_translation
from plugins.desk.status import describe, status_of
from plugins.languages import LANGUAGES
from plugins.problems import Stop

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2024, 5, 8, 9, 30, tzinfo=ZONE)


def test_a_new_story_can_be_built_at_once(build: Callable[..., Site], content: Callable[..., Path]) -> None:
    """The draft has an address made of its title, and the preview shows it as it is."""
    folder = content("pair")
    english = new_story(folder, "Who’s buying chips?", LANGUAGES["en"], "technology", NOW)
    chinese = new_story(folder, "谁在买芯片", LANGUAGES["zh"], "technology", NOW)
    assert "content/en/2024/05/whos-buying-chips.md" == english.relative_to(folder.parent).as_posix()
    assert "content/zh/2024/05/shui-zai-mai-xin-pian.md" == chinese.relative_to(folder.parent).as_posix()
    site = build("pair", SHOW_DRAFTS=True)
    assert "谁在买芯片" == site("zh/2024/05/shui-zai-mai-xin-pian").h1.get_text(strip=True)


def test_a_title_without_letters_needs_a_slug(content: Callable[..., Path]) -> None:
    """No address can be made of punctuation; the message says how to name one."""
    with pytest.raises(Stop, match="--slug"):
        new_story(content(), "？！", LANGUAGES["zh"], "markets", NOW)


def test_a_section_and_a_slug_are_checked(content: Callable[..., Path]) -> None:
    """A mistake is named before a file is written, both at once."""
    folder = content()
    with pytest.raises(Stop, match=r'2 problems(.|\n)*cannot be an address(.|\n)*Did you mean "markets"'):
        new_story(folder, "A title", LANGUAGES["en"], "market", NOW, "../Weird Slug")
    assert [] == list(folder.rglob("*.md"))


def test_nothing_that_exists_is_overwritten(content: Callable[..., Path]) -> None:
    """The same title twice: the second command is refused and the first file stays."""
    folder = content()
    path = new_story(folder, "A title", LANGUAGES["en"], "markets", NOW)
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(Stop, match="the file exists"):
        new_story(folder, "A title", LANGUAGES["en"], "markets", NOW)
    assert "mine" == path.read_text(encoding="utf-8")


def test_a_translation_starts_from_the_text_and_inherits_the_rest(
    build: Callable[..., Site], content: Callable[..., Path]
) -> None:
    """The other version is a draft at the same path, with the words to translate and no date of its own."""
    folder = content("pair")
    written = start_translation(folder / "en/2024/05/rally.md", folder)
    assert [folder / "zh/2024/05/rally.md"] == written
    assert "date" not in written[0].read_text(encoding="utf-8")
    page = build("pair", SHOW_DRAFTS=True)("zh/2024/05/rally")
    assert "Shares rose." in page.main.get_text()
    assert "2024年5月4日" in page.main.get_text()
    assert [] == start_translation(folder / "en/2024/05/rally.md", folder)


def test_a_translation_of_what_is_no_story_is_refused(content: Callable[..., Path], tmp_path: Path) -> None:
    """A file elsewhere, or one that does not exist, gets a sentence and not a traceback."""
    folder = content("pair")
    for path in (tmp_path / "elsewhere.md", folder / "en/2024/05/nothing.md", folder / "taxonomy.yaml"):
        with pytest.raises(Stop, match="not a story"):
            start_translation(path, folder)


def test_status_names_what_waits(content: Callable[..., Path]) -> None:
    """Untranslated, drafts, embargoes and translations whose original has changed are listed by file."""
    folder = content("pair", {"en/2024/06/later.md": story("Later", date="2024-06-01", category="markets")})
    start_translation(folder / "en/2024/05/rally.md", folder)
    rally = folder / "en/2024/05/rally.md"
    rally.write_text(rally.read_text(encoding="utf-8").replace("Shares rose.", "Shares fell."), encoding="utf-8")
    status = status_of(folder, ZONE, NOW)
    assert {"en": ("zh/2024/05/jingji.md",), "zh": ("en/2024/06/later.md",)} == status.untranslated
    assert ("zh/2024/05/rally.md",) == status.drafts == status.outdated
    assert ("en/2024/06/later.md",) == status.embargoed
    assert () == status.problems
    assert "translations whose original has changed (1):\n  zh/2024/05/rally.md" in describe(status)
