"""The portal with its own content in a browser: under a sub-path, from the disk, without scripts, by keyboard."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import axe_findings, needs_browser, open_browser, serve, too_wide, watch_hosts
from conftest import ROOT, run_pelican
from playwright.sync_api import Browser, Page

pytestmark = [
    needs_browser,
    pytest.mark.xdist_group("portal in a browser"),
]

STORY = "2024/02/reserve-ratio-cut/"
PAGES = ["", "{}/", "{}/" + STORY, "{}/section/markets/", "{}/product/vehicles/", "{}/products/aito-m7/", "{}/tag/"]
PAGES += ["{}/archive/2024/02/", "{}/account/", "{}/disclaimer/", "{}/404.html"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the portal as it is published under a sub-path."""
    folder = tmp_path_factory.mktemp("published")
    run_pelican(
        ROOT / "content", folder / "portal", folder / "cache", SITEURL="https://x.example/portal", FILE_LINKS=False
    )
    with serve(folder, missing="portal/404.html") as address:
        yield f"{address}portal/"


@pytest.fixture(scope="module")
def on_disk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a local build."""
    folder = tmp_path_factory.mktemp("local")
    return run_pelican(ROOT / "content", folder / "output", folder / "cache").output


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("width", [320, 390, 1280, 1600])
def test_no_page_scrolls_sideways_or_asks_another_host(
    browser: Browser, published: str, language: str, width: int
) -> None:
    """From the smallest phone to a wide desktop, every kind of page fits and loads from its own host only."""
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    others = watch_hosts(page, published)
    for path in PAGES:
        answer = page.goto(published + path.format(language))
        assert answer is not None and answer.ok
        assert [] == too_wide(page), path
    assert [] == others
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_axe_finds_nothing(browser: Browser, published: str, language: str, scheme: str) -> None:
    """Contrast, names, landmarks, targets: WCAG 2.2 AA as far as a machine can tell."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, color_scheme=scheme)
    page = context.new_page()
    for path in PAGES:
        page.goto(published + path.format(language))
        assert [] == axe_findings(page), path
    context.close()


def walk(page: Page) -> list[str]:
    """Read as a reader would, by clicking: choose, open the lead, switch the language, open a section; the titles."""
    titles = []
    for click in (
        lambda: page.locator("main a[href*='en/']").first.click(),
        lambda: page.locator("main .story-card__title a").first.click(),
        lambda: page.locator("header a[hreflang='zh-Hans']").first.click(),
        lambda: page.locator("main a[href*='section/']").first.click(),
        lambda: page.locator("header a[hreflang='en']").first.click(),
    ):
        click()
        page.wait_for_load_state()
        titles.append((page.locator("html").get_attribute("lang"), page.locator("h1").inner_text().strip()))
    return titles


def test_reading_needs_no_script(browser: Browser, published: str, on_disk: Path) -> None:
    """The same walk with scripts off leads to the same pages, on a host under a sub-path and from the disk."""
    walks = []
    for start in (published, (on_disk / "index.html").as_uri()):
        for scripts in (True, False):
            context = browser.new_context(java_script_enabled=scripts, viewport={"width": 1280, "height": 900})
            page = context.new_page()
            page.goto(start)
            walks.append(walk(page))
            context.close()
    assert ["en", "en", "zh-Hans", "zh-Hans", "en"] == [language for language, _ in walks[0]]
    assert all(other == walks[0] for other in walks)


def test_an_address_that_leads_nowhere_offers_both_editions(browser: Browser, published: str) -> None:
    """Deep below a sub-path, the 404 page has its styles and its links lead back, in the reader's language."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    answer = page.goto(f"{published}zh/2024/13/meiyou/")
    assert answer is not None and answer.status == 404
    assert page.locator("[lang=zh-Hans]").count() and page.locator("[lang=en]").count()
    assert page.evaluate("getComputedStyle(document.body).fontFamily") != "Times"
    page.locator(f"main a[href$='{re.sub('.*/portal', '/portal', published)}zh/']").first.click()
    assert page.url == f"{published}zh/"
    context.close()


def test_the_keyboard_is_enough(browser: Browser, published: str) -> None:
    """The first stop is the skip link, which leads to the main part; every stop can be seen."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(f"{published}zh/{STORY}")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')").startswith("#")
    page.keyboard.press("Enter")
    assert page.evaluate("document.querySelector(location.hash).tagName") == "MAIN"
    for _ in range(8):
        page.keyboard.press("Tab")
        box = page.evaluate("(({width, height}) => [width, height])(document.activeElement.getBoundingClientRect())")
        assert min(box) > 0
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
    context.close()


def test_a_saved_story_waits_on_the_account_page(browser: Browser, published: str) -> None:
    """What a reader saves and sets is kept in the browser, and cleared with one button."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"{published}en/{STORY}")
    title = page.locator("h1").inner_text().strip()
    page.get_by_role("button", name="Save for later").click()
    page.goto(f"{published}en/account/")
    assert page.get_by_role("link", name=title).count() == 1
    page.get_by_label("Dark").check()
    page.goto(f"{published}en/")
    assert page.locator("html").get_attribute("data-scheme") == "dark"
    page.goto(f"{published}en/account/")
    page.get_by_role("button", name=re.compile("[Cc]lear")).click()
    assert page.get_by_role("link", name=title).count() == 0
    assert page.evaluate("localStorage.length") == 0
    context.close()
