"""Every template in a browser: on a phone, by keyboard, in the dark, without scripts."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from plugins.pages.theme import Theme
from tests.browser import axe_findings, needs_browser, open_browser, serve, too_wide, watch_hosts
from tests.theme import literals
from tests.theme.test_theme import COMPILED, THEME

pytestmark = needs_browser

PLANS = literals.plans()
WIDTHS = (320, 390, 768, 1280, 1600)
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}


@pytest.fixture(scope="module")
def portal(tmp_path_factory) -> Iterator[str]:
    """The address of a portal that has every page of the literals, under a sub-path as on GitHub Pages."""
    folder = tmp_path_factory.mktemp("portal")
    theme = Theme(COMPILED, literals.SITES)
    for plan in PLANS.values():
        file = folder / "portal" / plan.path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(theme.render(plan), encoding="utf-8")
    shutil.copytree(THEME / "static", folder / "portal/theme")
    images = folder / "portal/images"
    images.mkdir()
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="675"><path d="M0 0h1200v675z"/></svg>'
    for name in {src for plan in PLANS.values() for src in re.findall(r"images/([\w.-]+)", theme.render(plan))}:
        (images / name).write_text(drawing, encoding="utf-8")
    with serve(folder, missing="portal/404.html") as address:
        yield f"{address}portal/"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as opened:
        yield opened


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A reader with a phone."""
    opened = browser.new_context(viewport=PHONE)
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.mark.parametrize("name", PLANS)
def test_a_page_is_accessible_fits_every_screen_and_keeps_to_its_host(page, portal, name):
    """axe finds nothing on phone or desk, light or dark; nothing scrolls sideways from 320 to 1,600 px."""
    others = watch_hosts(page, portal)
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(portal + PLANS[name].url)
    findings = {}
    for size in (PHONE, DESK):
        page.set_viewport_size(size)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            findings[f"{scheme}, {size['width']} px"] = axe_findings(page)
    assert {} == {where: found for where, found in findings.items() if found}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert [] == too_wide(page), f"at {width} px"
    assert [] == others
    assert [] == wrong


@pytest.mark.parametrize("name", ["front-zh", "story-en", "section-15-en", "account-zh", "chooser"])
def test_a_page_with_the_largest_text_still_fits_the_smallest_phone(context, portal, name):
    page = context.new_page()
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(portal + PLANS[name].url)
    page.evaluate("localStorage.setItem('duikai.size', 'larger')")
    page.reload()
    assert "20px" == page.evaluate("getComputedStyle(document.documentElement).fontSize")
    assert [] == too_wide(page)


def test_the_first_key_leads_past_the_menus(page, portal):
    page.goto(portal + PLANS["story-en"].url)
    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    expect(page.locator(".skip-link")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#page-main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_a_menu_opens_by_keyboard_and_closes_with_escape(page, portal):
    page.goto(portal + PLANS["front-zh"].url)
    menu = page.get_by_role("navigation", name="头条分类")
    expect(menu.get_by_role("link", name="财经")).to_be_hidden()
    handle = menu.locator("summary")
    handle.focus()
    page.keyboard.press("Enter")
    expect(menu.get_by_role("link", name="财经")).to_be_visible()
    page.keyboard.press("Tab")
    expect(menu.get_by_role("link", name="财经")).to_be_focused()
    page.keyboard.press("Escape")
    expect(menu.get_by_role("link", name="财经")).to_be_hidden()
    expect(handle).to_be_focused()


def test_one_menu_is_open_at_a_time_and_a_tap_elsewhere_closes_it(page, portal):
    page.goto(portal + PLANS["front-en"].url)
    sections, products = (page.get_by_role("navigation", name=name, exact=True) for name in ("Sections", "Products"))
    sections.locator("summary").click()
    products.locator("summary").click()
    expect(products.get_by_role("link").first).to_be_visible()
    expect(sections.get_by_role("link").first).to_be_hidden()
    page.mouse.click(200, 800)
    expect(products.get_by_role("link").first).to_be_hidden()


def test_every_target_of_the_masthead_is_44_px_high_on_a_phone(page, portal):
    page.goto(portal + PLANS["front-zh"].url)
    page.locator(".menu summary").first.click()
    for target in page.locator(".masthead a:visible, .masthead summary").all():
        assert target.bounding_box()["height"] >= 44, target.inner_text()


@pytest.mark.parametrize("name", ["front-zh", "story-en", "category-en"])
def test_every_section_of_a_card_is_24_px_high_on_a_phone(page, portal, name):
    page.goto(portal + PLANS[name].url)
    heights = page.locator(".story-card__section").evaluate_all("all => all.map(one => one.offsetHeight)")
    assert heights and min(heights) >= 24


def test_a_title_without_end_widens_nothing_and_is_cut_in_a_card_only(page, portal):
    page.set_viewport_size({"width": 320, "height": 640})
    for name, title, cut in (("front-en", ".story-card__title", True), ("story-en", ".story__title", False)):
        page.goto(portal + PLANS[name].url)
        page.evaluate(
            "part => document.querySelectorAll(part).forEach(one => "
            "{ (one.querySelector('a') || one).textContent = 'Donaudampfschifffahrt'.repeat(30); })",
            title,
        )
        assert [] == too_wide(page)
        lines = page.locator(title).last.evaluate(
            "one => one.offsetHeight / parseFloat(getComputedStyle(one).lineHeight)"
        )
        assert cut == (lines < 5.5), lines


@pytest.mark.parametrize("language", ["en", "zh"])
def test_figures_of_a_table_stand_below_one_another(page, portal, language):
    page.goto(portal + PLANS[f"story-{language}"].url)
    for cell in page.locator(".prose .align-right").all():
        assert "end" == cell.evaluate("one => getComputedStyle(one).textAlign")
        assert "tabular-nums" in cell.evaluate("one => getComputedStyle(one).fontVariantNumeric")


def test_the_focus_of_a_card_is_seen_around_all_of_it(page, portal):
    page.goto(portal + PLANS["front-en"].url)
    link = page.locator(".story-card__link").first
    page.keyboard.press("Tab")
    link.focus()
    assert "solid" == link.evaluate("one => getComputedStyle(one, '::after').outlineStyle")


def test_both_menus_lie_open_on_a_wide_screen_without_a_script(browser, portal):
    context = browser.new_context(viewport=DESK, java_script_enabled=False)
    page = context.new_page()
    page.goto(portal + PLANS["front-en"].url)
    for name in ("Markets", "Culture", "Funds"):
        expect(page.locator(".menus").get_by_role("link", name=name)).to_be_visible()
    expect(page.locator(".menu__handle").first).to_be_hidden()
    context.close()


def test_everything_can_be_read_without_scripts(browser, portal):
    """A story is whole, menus open, the account page says what is missing, no dead button is shown."""
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto(portal + PLANS["story-zh"].url)
    expect(page.locator(".prose")).to_contain_text("接下来看什么")
    expect(page.get_by_role("button")).to_have_count(0)
    page.locator(".menu summary").first.click()
    expect(page.locator(".menu").first.get_by_role("link", name="财经")).to_be_visible()
    page.goto(portal + PLANS["account-zh"].url)
    expect(page.get_by_text("需要 JavaScript")).to_be_visible()
    expect(page.get_by_role("link", name="前往原站")).to_be_visible()
    expect(page.get_by_role("radio")).to_have_count(0)
    page.goto(f"{portal}zh/nowhere/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("找不到页面")
    context.close()


def test_a_story_saved_for_later_stands_on_the_account_page(page, portal):
    page.goto(portal + PLANS["story-en"].url)
    button = page.get_by_role("button", name="Save for later")
    expect(button).to_have_attribute("aria-pressed", "false")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    page.goto(portal + PLANS["account-zh"].url)
    link = page.get_by_role("link", name="Yuan assets rally as policy lifts confidence")
    expect(link).to_have_attribute("lang", "en")
    assert [] == axe_findings(page)
    link.click()
    expect(page.get_by_role("button", name="Save for later")).to_have_attribute("aria-pressed", "true")
    page.goto(portal + PLANS["account-en"].url)
    page.get_by_role("button", name=re.compile("^Remove: Yuan assets")).click()
    expect(page.locator("[data-saved] li")).to_have_count(0)
    expect(page.get_by_text("Nothing saved yet.")).to_be_visible()


def test_a_withdrawn_story_cannot_be_saved(page, portal):
    page.goto(portal + PLANS["withdrawn-en"].url)
    expect(page.get_by_role("button")).to_have_count(0)


def test_colours_are_those_that_the_reader_chose_before_anything_is_painted(page, portal):
    page.goto(portal + PLANS["account-en"].url)
    page.get_by_role("radio", name="Dark").check()
    paper = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(paper)
    # The page without its deferred script looks the same, so no light page can flash.
    page.route("**/portal.js*", lambda route: route.abort())
    page.goto(portal + PLANS["story-en"].url)
    assert dark == page.evaluate(paper)
    page.unroute("**/portal.js*")
    page.emulate_media(color_scheme="dark")
    page.goto(portal + PLANS["account-en"].url)
    page.get_by_role("radio", name="Light", exact=True).check()
    assert dark != page.evaluate(paper)


def test_the_readers_edition_is_marked_at_the_root_and_nobody_is_sent_there(page, portal):
    page.goto(portal + PLANS["account-en"].url)
    page.get_by_role("radio", name="中文").check()
    page.goto(portal)
    expect(page.get_by_text("您常读的版本")).to_be_visible()
    expect(page.get_by_text("Your edition")).to_be_hidden()
    assert portal == page.url


def test_one_button_forgets_everything(page, portal):
    page.goto(portal + PLANS["story-en"].url)
    page.get_by_role("button", name="Save for later").click()
    page.goto(portal + PLANS["account-en"].url)
    page.get_by_role("radio", name="Dark").check()
    page.get_by_role("radio", name="Larger").check()
    page.get_by_role("button", name="Clear everything").click()
    expect(page.get_by_text("Nothing is kept in this browser any more.")).to_be_visible()
    assert 0 == page.evaluate("localStorage.length")
    assert page.evaluate("document.documentElement.getAttribute('data-scheme')") is None


@pytest.mark.parametrize(("address", "first"), [("zh/nowhere/", "zh-Hans"), ("en/nowhere/", "en"), ("nowhere/", "en")])
def test_a_missing_page_speaks_the_language_of_its_address_first(page, portal, address, first):
    response = page.goto(portal + address)
    assert 404 == response.status
    expect(page.locator("h1 span").first).to_have_attribute("lang", first)
    expect(page.locator(".door").first).to_have_attribute("lang", first)
    assert [] == axe_findings(page)


def test_a_browser_that_keeps_nothing_shows_no_button(context, portal):
    context.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new Error('forbidden'); } })"
    )
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(portal + PLANS["story-en"].url)
    expect(page.get_by_role("button")).to_have_count(0)
    assert [] == wrong


def test_the_two_languages_meet_their_own_letters(page, portal):
    """A Chinese headline on an English page asks for Chinese fonts first, and the other way round."""
    family = "one => getComputedStyle(one).fontFamily"
    page.goto(portal + PLANS["front-en"].url)
    assert page.locator("#only-zh ~ .cells .story-card__title").first.evaluate(family).startswith('"Songti SC"')
    page.goto(portal + PLANS["front-zh"].url)
    assert page.locator("#only-en ~ .cells .story-card__title").first.evaluate(family).startswith("Georgia")


def test_chinese_emphasis_is_a_dot_and_never_slanted(page, portal):
    page.goto(portal + PLANS["story-zh"].url)
    emphasis = page.locator(".prose em").first
    assert "normal" == emphasis.evaluate("one => getComputedStyle(one).fontStyle")
    assert "dot" in emphasis.evaluate("one => getComputedStyle(one).textEmphasisStyle")
    page.goto(portal + PLANS["story-en"].url)
    assert "italic" == page.locator(".prose em").first.evaluate("one => getComputedStyle(one).fontStyle")


def test_paper_is_white_and_shows_the_story_without_menus(page, portal):
    page.goto(portal + PLANS["story-en"].url)
    page.evaluate("document.documentElement.dataset.scheme = 'dark'")
    page.emulate_media(media="print", color_scheme="dark")
    ink = page.evaluate("[getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor]")
    assert ["rgb(0, 0, 0)", "rgb(255, 255, 255)"] == ink
    for hidden in (".menus", ".masthead__tools", ".related", ".save", ".page-footer__columns"):
        expect(page.locator(hidden)).to_be_hidden()
    expect(page.locator(".prose")).to_be_visible()
    expect(page.locator(".source-note")).to_be_visible()
