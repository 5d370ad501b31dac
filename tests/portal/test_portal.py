"""The portal is what `site.py` says, and the client gets of it what can be had."""

from __future__ import annotations

import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from PIL import Image

from plugins.mirror.web.client import Client, Policy
from plugins.mirror.web.store import Store
from portal.server import Portal
from portal.site import (
    EXPECTED_ARTICLES,
    FORBIDDEN,
    NEW_STORY,
    NOT_ARTICLES,
    ONE_WAY,
    STORIES,
    TRANSLATIONS,
    UNREACHABLE,
)

KINDLY = Policy(contact="desk@harbour.example", rate=1000.0, backoff=0.001, allow_local=True, longest_delay=0.001)


@pytest.fixture
def portal() -> Iterator[Portal]:
    with Portal() as running:
        yield running


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path / "web.sqlite")
    yield opened
    opened.close()


@pytest.fixture
def client(store: Store) -> Iterator[Client]:
    with Client(KINDLY, store, lambda line: None) as opened:
        yield opened


def test_the_portal_has_what_the_mirror_is_measured_by() -> None:
    """35 articles in both languages and four layouts, 9 pairs, 12 pages that are none."""
    assert (35, 9, 12) == (len(EXPECTED_ARTICLES), len(TRANSLATIONS), len(NOT_ARTICLES))
    assert {"article", "table", "divs", "data"} == {story.layout for story in STORIES}
    assert {"front", "section", "page 2", "feed", "sitemap", "twin"} == {at for story in STORIES for at in story.lists}


def test_each_pair_is_stated_by_a_page_or_by_the_sitemap() -> None:
    """Seven by both pages or by the sitemap, two by one page only."""
    by_path = {story.path: story for story in STORIES}
    says = {pair: (bool(by_path[pair[0]].says), bool(by_path[pair[1]].says)) for pair in TRANSLATIONS}
    one_way = {pair for pair, (first, second) in says.items() if first != second}
    assert (2, {tuple(sorted(pair)) for pair in ONE_WAY}) == (len(one_way), one_way)
    assert all(any(said) for said in says.values())


def test_every_article_comes(portal: Portal, client: Client) -> None:
    """Slow, busy, packed, redirected or in GBK: the client gets each article, all pages that it is listed as."""
    for article in EXPECTED_ARTICLES:
        for path in (article.path, *article.also):
            fetched = client.fetch(f"{portal.base}{path}")
            assert "fetched" == fetched.outcome or fetched.redirects, (path, fetched.why)
            assert fetched.document.data


def test_what_cannot_be_had_is_not_had(portal: Portal, client: Client) -> None:
    """Everything that never becomes an article ends soon, with a sentence."""
    outcomes = {path: client.fetch(f"{portal.base}{path}") for path in (*UNREACHABLE, *FORBIDDEN)}
    assert ["failed", "failed", "refused", "refused", "gone", "robots"] == [item.outcome for item in outcomes.values()]
    assert all(item.why.endswith(".") for item in outcomes.values())
    assert FORBIDDEN[0] not in portal.paths()


def test_a_second_visit_has_conditions_only(portal: Portal, client: Client, store: Store) -> None:
    """Whatever came of an address the first time, the second time there is a condition, redirects included."""
    paths = [story.path for story in STORIES] + [path for story in STORIES for path in story.also]
    paths += [*NOT_ARTICLES, *UNREACHABLE, "/img/ferry.jpg", "/img/huge.jpg", "/img/missing.jpg", "/sitemap.xml", "/"]
    for path in paths:
        client.fetch(f"{portal.base}{path}", "picture" if path.startswith("/img/") else "page")
    portal.forget_requests()
    with Client(KINDLY, store, lambda line: None) as again:
        outcomes = {
            again.fetch(f"{portal.base}{path}", "picture" if "/img/" in path else "page").outcome for path in paths
        }
    assert [] == [request.path for request in portal.requests if not request.is_conditional]
    assert "fetched" not in outcomes


def test_the_host_is_asked_by_one_at_a_time(portal: Portal, client: Client) -> None:
    """The portal never has two of our requests open."""
    for path in (*UNREACHABLE, *(story.path for story in STORIES[:10]), "/zh/caijing/bomb.html", "/en/"):
        client.fetch(f"{portal.base}{path}")
    assert {1} == {request.at_once for request in portal.requests}


def test_two_at_a_time_would_be_noticed(portal: Portal) -> None:
    """The count is not one by accident: whoever asks twice at once is seen."""
    slow = f"{portal.base}/en/city/clockmaker.html"
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(lambda _: httpx.get(slow, trust_env=False), range(2)))
    assert [1, 2] == [request.at_once for request in portal.requests]


def test_a_changed_story_is_fetched_and_a_withdrawn_one_is_gone(portal: Portal, client: Client, store: Store) -> None:
    """Whatever validators a page has, a change is seen."""
    changed = [story.path for story in STORIES if not story.quirks][:12]
    assert {"etag", "modified", "both", "neither"} == {s.validators for s in STORIES if s.path in changed}
    for path in changed:
        client.fetch(f"{portal.base}{path}")
        portal.change(path, text=("The paper has printed something else since.",))
    portal.withdraw(changed[0])
    portal.add(NEW_STORY)
    with Client(KINDLY, store, lambda line: None) as again:
        outcomes = [again.fetch(f"{portal.base}{path}").outcome for path in (*changed, NEW_STORY.path)]
    assert ["gone", *["fetched"] * len(changed)] == outcomes
    assert (35, False) == (len(portal.expected()), changed[0] in {article.path for article in portal.expected()})


def test_pictures_say_too_much(portal: Portal, client: Client) -> None:
    """The JPEG has a place and a photographer in it; one picture is too large, and one is none."""
    data = client.fetch(f"{portal.base}/img/ferry.jpg", "picture").document.data
    facts = Image.open(io.BytesIO(data)).getexif()
    assert ("Wan Yifan", "N") == (facts[0x013B], facts.get_ifd(0x8825)[1])
    assert "refused" == client.fetch(f"{portal.base}/img/huge.jpg", "picture").outcome
    assert "gone" == client.fetch(f"{portal.base}/img/missing.jpg", "picture").outcome
