"""Many pages of one input that are one story: the first is, the others are its copies, whatever their order."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest
from keep_samples import FERRY, FULL, MONDAY, TUESDAY, article, snapshot

from plugins.mirror.article import Article, Image, Source
from plugins.mirror.keep.library import Library

SHORT = FERRY.partition("\n\nA bus")[0]
ELSEWHERE = "https://coast.example/a/7"
BARE = {"canonical": None, "source": Source("The Larn Post")}

INPUTS = {
    "two texts without an address": [article(**BARE), article(body=FERRY + "\n\nMore on page 2.", **BARE)],
    "a short and a full text without an address": [article(body=SHORT, **BARE), article(**BARE)],
    "other tags, other authors": [article(**BARE), article(tags=("boat",), **BARE), article(authors=(), **BARE)],
    "a feed entry and its page": [article(body=SHORT, guid="7", authors=()), article(guid="7")],
    "http and https": [article(), article(url="http://post.example/en/1.html", body=SHORT)],
    "a page and its print view": [
        article(),
        article(url="https://post.example/print/1", canonical=article().canonical),
    ],
    "two addresses, two lengths": [article(), article(2, body=SHORT)],
    "another paper, fuller": [
        article(body=SHORT),
        article(url=ELSEWHERE, source=Source("Coast Times", ELSEWHERE)),
        article(body=SHORT + "\n\nThat is all.", **BARE),
    ],
    "with and without a day": [article(date=None, **BARE), article(**BARE)],
    "two readings of its day": [article(date="2024-02-05", **BARE), article(**BARE), article(date=None, **BARE)],
    "two articles of one title and day": [
        article(title="Weather", **BARE),
        article(title="Weather", body="Rain until noon, then sun over all of the bay. " * 12, **BARE),
    ],
    "two articles at one address": [article(), article(title="Rain until noon", body="Sun over the bay. " * 40)],
}


def pull(into: Path, articles: list[Article], at=MONDAY) -> list[str]:
    with Library(into) as library:
        return [outcome.kind for one in articles for outcome in library.keep([one], FULL, at)]


@pytest.mark.parametrize("name", INPUTS)
def test_the_same_input_again_changes_nothing_in_any_order(name: str, tmp_path: Path) -> None:
    """Not a byte and not a time, whichever document came first and comes first."""
    for number, first in enumerate(permutations(INPUTS[name])):
        into = tmp_path / str(number)
        assert "updated" not in pull(into, list(first))
        before = snapshot(into)
        for order in permutations(first):
            assert {"unchanged", "duplicate"} >= set(pull(into, list(order), TUESDAY)), (first, order)
            assert before == snapshot(into)


def test_a_copy_is_named_once(tmp_path: Path) -> None:
    """Under «also» when it is another page; a print view of the same page is none."""
    copy = article(url=ELSEWHERE, source=Source("Coast Times", ELSEWHERE))
    view = article(url="https://post.example/print/1", canonical=article().canonical)
    assert ["new", "duplicate", "duplicate", "duplicate"] == pull(tmp_path, [article(), copy, copy, view])
    text = (tmp_path / "en/2024/05/the-last-ferry-leaves-larn.md").read_text("utf-8")
    assert (1, 0) == (text.count(ELSEWHERE), text.count("print/1"))


def test_the_page_of_a_story_still_updates_it(tmp_path: Path) -> None:
    """Its copies do not stand in for it, and what a copy says does not count."""
    main, copy = article(), article(body=SHORT, **BARE)
    pull(tmp_path, [main, copy])
    changed = replace(main, body=FERRY.replace("half an hour", "hour"))
    assert ["duplicate", "updated"] == pull(tmp_path, [copy, changed], TUESDAY)


def test_a_canonical_address_that_errs_makes_no_story_another(tmp_path: Path) -> None:
    """Two articles that name one page of their paper as their own stay two."""
    other = article(2, title="Rain until noon", body="Sun over the bay by two o'clock. " * 40, date="2024-05-04")
    pages = [replace(one, canonical="https://post.example/en/all.html") for one in (article(), other)]
    assert ["new", "new"] == pull(tmp_path, pages)
    before = snapshot(tmp_path)
    assert ["unchanged", "unchanged"] == pull(tmp_path, pages[::-1], TUESDAY)
    assert before == snapshot(tmp_path)


def test_pictures_are_stored_for_what_is_written_only(tmp_path: Path) -> None:
    """Not for what is deleted, taken down, refused or a copy."""
    asked: list[str] = []

    def complete(one: Article) -> Article:
        asked.append(one.title)
        return replace(one, images=(Image("images/aa/aa.jpg"),))

    def keep(*articles: Article) -> list[str]:
        asked.clear()
        with Library(tmp_path) as library:
            return [outcome.kind for one in articles for outcome in library.keep([one], FULL, MONDAY, complete)]

    copy = article(url=ELSEWHERE, source=Source("Coast Times", ELSEWHERE))
    assert (["new", "duplicate", "refused"], [article().title]) == (keep(article(), copy, article(3, title="")), asked)
    assert (["unchanged", "duplicate"], [article().title]) == (keep(article(), copy), asked)
    (tmp_path / "en/2024/05/the-last-ferry-leaves-larn.md").unlink()
    assert (["deleted"], []) == (keep(article()), asked)
    (tmp_path / "takedowns.yaml").write_text("takedowns:\n  - host: post.example\n", "utf-8")
    assert (["withdrawn"], []) == (keep(article(9, title="Another")), asked)


def test_a_guessed_year_is_no_news(tmp_path: Path) -> None:
    """It is a draft, and keeps its day when a later pull guesses another year."""
    warning = "The date 2024-05-05 is a guess from line near the title."
    assert ["new"] == pull(tmp_path, [article(warnings=(warning,))])
    assert "status: draft" in (tmp_path / "en/2024/05/the-last-ferry-leaves-larn.md").read_text("utf-8")
    before = snapshot(tmp_path)
    later = article(date="2025-05-05", warnings=(warning.replace("2024", "2025"),))
    assert ["unchanged"] == pull(tmp_path, [later], TUESDAY)
    assert before == snapshot(tmp_path)
