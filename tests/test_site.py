"""Whole tiny sites under the real pelicanconf.py: what readers, crawlers and editors get."""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

import feedparser
import pytest
from conftest import ROOT, SITES, Site, run_pelican, story
from pelican import signals
from pelican.contents import Article
from pelican.generators import ArticlesGenerator
from pelican.settings import read_settings

from plugins.audit.site import audit
from plugins.languages import LANGUAGES
from plugins.problems import Stop
from plugins.settings import PREVIEW_URL

ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
XHTML = "{http://www.w3.org/1999/xhtml}"

Build = Callable[..., Site]


def titles(page) -> list[str]:
    """The titles of the stories in a list, in order."""
    return [link.get_text(strip=True) for link in page.select("main .story-card__title a")]


def target(path: str, link: str) -> str:
    """The file that the relative *link* on the page *path* leads to."""
    joined = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(urlsplit(link).path)))
    return joined if "." in posixpath.basename(joined) else posixpath.normpath(f"{joined}/index.html")


# Two languages


def test_a_chinese_story_says_so_to_screen_readers(build: Build) -> None:
    """A Chinese page declares its language, so that it is read aloud in Chinese."""
    assert "zh-Hans" == build("pair")("zh/2024/05/chip").html["lang"]


def test_every_version_lists_all_versions(build: Build) -> None:
    """Both versions of a story name both, and the default, by hreflang."""
    site = build("pair")
    found = {
        path: {
            link["hreflang"]: target(f"{path}/index.html", link["href"])
            for link in site(path).select("link[rel=alternate][hreflang]")
        }
        for path in ("en/2024/05/chip", "zh/2024/05/chip")
    }
    expected = {
        "en": "en/2024/05/chip/index.html",
        "zh-Hans": "zh/2024/05/chip/index.html",
        "x-default": "en/2024/05/chip/index.html",
    }
    assert {"en/2024/05/chip": expected, "zh/2024/05/chip": expected} == found


@pytest.mark.parametrize(
    ("page", "other"),
    [
        ("en/2024/05/chip/index.html", "zh/2024/05/chip/index.html"),
        ("zh/section/technology/index.html", "en/section/technology/index.html"),
        ("en/archive/2024/05/index.html", "zh/archive/2024/05/index.html"),
        ("zh/tag/夜市/index.html", "en/tag/夜市/index.html"),
        ("en/products/roadster/index.html", "zh/products/roadster/index.html"),
        ("en/about/index.html", "zh/about/index.html"),
        ("en/account/index.html", "zh/account/index.html"),
        ("en/404.html", "zh/404.html"),
        ("en/2024/05/rally/index.html", "zh/section/markets/index.html"),
        ("zh/2024/05/jingji/index.html", "en/section/markets/index.html"),
    ],
)
def test_the_language_switch_stays_on_the_page_or_goes_to_its_parent(build: Build, page: str, other: str) -> None:
    """The switch leads to the same page in the other language, else to the section of the story."""
    switch = build("pair").pages()[page].select_one("header .language-switch a, header a[hreflang]")
    assert other == target(page, switch["href"])


def test_a_version_inherits_what_it_does_not_give(build: Build) -> None:
    """Date, section, tags, products, picture and source of a story come from its other version."""
    page = build("pair")("zh/2024/05/chip")
    text = page.main.get_text()
    assert "2024年5月3日" in page.select_one("main time").get_text()
    assert "科技" in [link.get_text(strip=True) for link in page.select("main a, nav a")]
    assert all(word in text for word in ("芯片", "敞篷车", "日报"))
    assert page.select_one("main figure img")["alt"] == "A square with legs"


def test_an_untranslated_story_is_listed_after_the_native_ones_and_leads_to_the_original(build: Build) -> None:
    """A reader of English finds the Chinese story last, marked as Chinese, and arrives at the original."""
    site = build("pair")
    page = site("en/section/markets")
    assert ["Shares rise", "只有中文的一篇"] == titles(page)
    link = page.select(".story-card__title a")[-1]
    card = link.find_parent("article")
    assert "zh/2024/05/jingji/index.html" == target("en/section/markets/index.html", link["href"])
    assert "zh-Hans" == (link.get("lang") or link.find_parent(attrs={"lang": True})["lang"])
    assert "中文" in card.get_text()


def test_every_kind_of_page_exists_in_both_editions(build: Build) -> None:
    """No list, index or plain page is there for one language only; a story may be."""
    paths = {path for path in build("pair").files() if path.endswith((".html", ".xml"))}
    rest = {
        language: {
            path.removeprefix(f"{language}/")
            for path in paths
            if path.startswith(f"{language}/") and "/2024/" not in path.removeprefix(f"{language}/archive")
        }
        for language in LANGUAGES
    }
    assert rest["en"] == rest["zh"]
    assert {"section/markets/index.html", "product/vehicles/index.html", "author/desk/index.html"} <= rest["en"]


def test_names_that_the_taxonomy_lists_are_written_in_the_language_of_the_page(build: Build) -> None:
    """The same tag, author and source have one address and a name in each language."""
    site = build("pair")
    assert ["Chips", "芯片"] == [site(f"{path}/tag/chips").h1.get_text(strip=True) for path in ("en", "zh")]
    assert ["The desk", "编辑部"] == [site(f"{path}/author/desk").h1.get_text(strip=True) for path in ("en", "zh")]
    assert ["The Daily", "日报"] == [site(f"{path}/source/daily").h1.get_text(strip=True) for path in ("en", "zh")]


def test_the_root_lets_the_reader_choose(build: Build) -> None:
    """The root page offers both editions, each in its own language, and sends nobody anywhere."""
    page = build("pair").pages()["index.html"]
    offered = {
        target("index.html", link["href"]): link for link in page.select("main a[hreflang], main a[lang], main a")
    }
    assert {"en/index.html", "zh/index.html"} <= set(offered)
    assert not page.select("meta[http-equiv=refresh]")


def test_file_names_may_differ_when_a_version_says_whose_translation_it_is(build: Build) -> None:
    """`translation: {of: …}` pairs stories whose slugs differ, and the switch follows it."""
    files = {
        "zh/2024/05/gushi.md": story("股市上涨", "股市涨了。", translation="{of: 2024/05/rally, by: human}"),
    }
    site = build("pair", files)
    switch = site("en/2024/05/rally").select_one("header .language-switch a, header a[hreflang]")
    assert "zh/2024/05/gushi/index.html" == target("en/2024/05/rally/index.html", switch["href"])
    assert "2024年5月4日" in site("zh/2024/05/gushi").main.get_text()


# Who may see what


def everywhere(site: Site, words: str) -> list[str]:
    """The files in which *words* occur."""
    return [path for path, data in site.files().items() if words.encode() in data]


def test_a_draft_is_in_the_preview_only(build: Build) -> None:
    """A draft has no page, no card and no trace in a build; the preview shows it, marked."""
    files = {
        "en/2024/05/idea.md": story("Wild idea", "Unfinished.", date="2024-05-06", category="markets", status="draft")
    }
    assert [] == everywhere(build("pair", files), "Wild idea")
    preview = build("pair", files, SHOW_DRAFTS=True)
    assert preview.has("en/2024/05/idea")
    assert "draft" in preview("en/2024/05/idea").main.get_text().lower()


def test_a_story_under_embargo_is_absent_from_every_output(build: Build) -> None:
    """A story dated after the build has no page and is named nowhere, and links to it lose their address."""
    files = {
        "en/2024/07/later.md": story("Not yet", "Secret.", date="2024-07-01 08:00", category="markets"),
        "en/2024/05/now.md": story("Now", "See [later](../07/later.md).", date="2024-05-07", category="markets"),
    }
    site = build("pair", files)
    assert [] == everywhere(site, "Not yet") + everywhere(site, "Secret") + everywhere(site, "2024/07")
    assert "See later." in site("en/2024/05/now").main.get_text()


def test_a_story_under_embargo_is_in_the_preview_and_says_so(build: Build) -> None:
    """Its page and its card name the moment, in the words of the edition; search engines are kept away."""
    fields = {"date": "2024-07-01 08:00", "category": "markets"}
    files = {"en/2024/07/later.md": story("Not yet", **fields), "zh/2024/07/later.md": story("稍后", **fields)}
    site = build("pair", files, SHOW_DRAFTS=True)
    badges = {"en": "Embargoed until July 1, 2024, 08:00", "zh": "将于2024年7月1日 08:00发布"}
    for language, badge in badges.items():
        page = site(f"{language}/2024/07/later")
        assert [badge] == [one.text for one in page.select(".story__header .badge")]
        assert "noindex" in page.select_one("meta[name=robots]")["content"]
        assert badge in [one.text for one in site(f"{language}/section/markets").select(".story-card .badge")]
    assert "2024/07/later" not in site.text("sitemap.xml")


def test_a_hidden_story_has_a_page_and_stands_in_no_list(build: Build) -> None:
    """Whoever knows the address can read it; lists, feeds, sitemap and search engines do not have it."""
    files = {
        "en/2024/05/quiet.md": story("Quiet", date="2024-05-06", category="markets", status="hidden", tags="[chips]")
    }
    site = build("pair", files)
    assert ["en/2024/05/quiet/index.html"] == everywhere(site, "Quiet")
    assert "noindex" in site("en/2024/05/quiet").select_one("meta[name=robots]")["content"]


def test_a_withdrawn_story_leaves_a_notice_and_its_text_is_nowhere(build: Build) -> None:
    """The address still answers, says that the story was withdrawn, and shows nothing of it."""
    files = {
        "en/2024/05/gone.md": story(
            "Gone", "Stolen text.", date="2024-05-06", category="markets", status="withdrawn", summary="Their summary."
        )
    }
    site = build("pair", files)
    assert ["en/2024/05/gone/index.html"] == everywhere(site, "Gone")
    assert [] == everywhere(site, "Stolen") + everywhere(site, "Their summary")
    assert "withdrawn" in site("en/2024/05/gone").main.get_text().lower()


@pytest.mark.parametrize(
    "entry",
    ["path: 2024/05/gone", "title: Gone", "url: https://harbour.example/gone.html", "host: harbour.example"],
)
def test_what_was_taken_down_is_published_no_more(build: Build, entry: str) -> None:
    """takedowns.yaml wins over the file, also over pages of an earlier build; without the entry the text is back."""
    source = "{name: Harbour, url: https://harbour.example/gone.html}"
    file = story("Gone", "Stolen text.", date="2024-05-06", category="markets", source=source)
    assert everywhere(build("pair", {"en/2024/05/gone.md": file}), "Stolen")
    site = build(files={"takedowns.yaml": f"takedowns:\n  - {entry}\n"})
    assert [] == everywhere(site, "Stolen")
    assert "withdrawn" in site("en/2024/05/gone").main.get_text().lower()
    assert everywhere(build(files={"takedowns.yaml": "takedowns: []\n"}), "Stolen")


def test_a_mistake_in_the_takedown_list_stops_the_build(problems: Callable[..., list[str]]) -> None:
    """What is misspelt there would be published."""
    found = problems("pair", {"takedowns.yaml": "takedowns:\n  - ulr: https://harbour.example/x\n"})
    assert ["content/takedowns.yaml:2"] == [line.partition(": ")[0] for line in found]


def test_the_picture_of_a_withdrawn_or_embargoed_story_is_not_published(build: Build) -> None:
    """A picture goes with the last page that shows it."""
    assert (build("pair").output / "images/chip.svg").is_file()
    for change in ({"status": "withdrawn"}, {"date": "2024-07-03"}):
        month = "07" if "date" in change else "05"
        fields = {"date": "2024-05-03", "category": "markets", "image": "{src: images/chip.svg, alt: A chip}", **change}
        files = {f"{path}/2024/{month}/chip.md": story("Chip", **fields) for path in ("en", "zh")}
        files["images/chip.svg"] = "<svg xmlns='http://www.w3.org/2000/svg' width='4' height='4'/>"
        assert not (build(files=files).output / "images/chip.svg").exists()


def test_a_hidden_version_is_advertised_nowhere(build: Build) -> None:
    """Where one version is hidden, the other does not name it to search engines."""
    site = build("pair", {"zh/2024/05/chip.md": story("芯片", status="hidden")})
    assert not site("en/2024/05/chip").select("link[hreflang=zh-Hans]")
    assert "zh/2024/05/chip" not in site.text("sitemap.xml")
    assert [] == audit(site.output, [PREVIEW_URL])


def test_what_search_engines_must_not_list_is_kept_from_them(build: Build) -> None:
    """The page says so and the sitemap leaves it out, also as another's version; readers find it as any other."""
    source = "{name: Post, url: 'https://example.org/1', permission: excerpt, indexing: false,"
    source += " also: [{name: Coast, url: 'https://coast.example/7'}]}"
    site = build("pair", {"zh/2024/05/chip.md": story("芯片", source=source)})
    assert "noindex" in site("zh/2024/05/chip").select_one("meta[name=robots]")["content"]
    assert "zh/2024/05/chip" not in site.text("sitemap.xml")
    assert "en/2024/05/chip" in site.text("sitemap.xml")
    assert "芯片" in titles(site("zh"))
    assert "Coast" == site("zh/2024/05/chip").select_one('a[href="https://coast.example/7"]').get_text(strip=True)
    assert [] == audit(site.output, [PREVIEW_URL])


def test_a_story_without_the_right_to_its_text_is_a_headline_and_a_link(build: Build) -> None:
    """An empty text is no mistake there, and the page leads to the original."""
    source = "{name: Post, url: 'https://example.org/1', permission: none}"
    files = {"en/2024/05/far.md": story("Far away", "", date="2024-05-06", category="markets", source=source)}
    site = build("pair", files)
    assert "https://example.org/1" == site("en/2024/05/far").select_one(".notice a")["href"]
    assert [] == audit(site.output, [PREVIEW_URL])


def test_what_the_mirror_remembers_is_no_story(build: Build) -> None:
    """The folder content/.mirror/ and review files beside stories lie in git and are not published."""
    files = {
        ".mirror/imported/en/2024/05/chip.md": story("Chip as imported", date="2024-05-03", category="markets"),
        ".mirror/pending/en/2024/05/chip.md": story("Chip that waits", date="2024-05-03", category="markets"),
        "en/2024/05/chip.md.review": "chip.md: the source has changed\n",
    }
    site = build("pair", files)
    assert [] == everywhere(site, "as imported") + everywhere(site, "that waits")
    assert [] == [path for path in site.output.rglob("*") if ".mirror" in path.parts or path.suffix == ".review"]


def test_a_date_is_told_in_the_zone_of_the_portal(build: Build) -> None:
    """What was evening in Lima is the next morning in Shanghai."""
    files = {"en/2024/05/lima.md": story("Lima", date="2024-05-06T20:15:00-05:00", category="markets")}
    assert "2024-05-07T09:15:00+08:00" == build("pair", files)("en/2024/05/lima").select_one("main time")["datetime"]


# Lists


def many(count: int) -> dict[str, str]:
    """*count* Chinese stories, one a minute, so that their order is known."""
    return {
        f"zh/2024/05/s{number:03}.md": story(
            f"第{number}篇",
            "正文。",
            date=f"2024-05-20 {number // 60:02}:{number % 60:02}",
            category="markets",
            tags="[chips]",
        )
        for number in range(count)
    }


def test_a_long_list_goes_on_twenty_to_a_page(build: Build) -> None:
    """45 stories fill two pages and a quarter, newest first, and every page names its neighbours."""
    site = build(files=many(45))
    assert [20, 20, 5] == [
        len(titles(site(address)))
        for address in ("zh/section/markets", "zh/section/markets/page/2", "zh/section/markets/page/3")
    ]
    assert "第44篇" == titles(site("zh/section/markets"))[0]
    assert "第0篇" == titles(site("zh/section/markets/page/3"))[-1]
    assert not site.has("zh/section/markets/page/4")
    numbers = site("zh/section/markets/page/2").select_one("nav.pagination")
    links = {target("zh/section/markets/page/2/index.html", link["href"]) for link in numbers.select("a")}
    assert {"zh/section/markets/index.html", "zh/section/markets/page/3/index.html"} <= links


def test_list_pages_of_both_editions_belong_together(build: Build) -> None:
    """Page 2 of a list switches to page 2 in the other language."""
    page = "zh/tag/chips/page/2/index.html"
    switch = build(files=many(45)).pages()[page].select_one("header .language-switch a, header a[hreflang]")
    assert "en/tag/chips/page/2/index.html" == target(page, switch["href"])


def test_a_product_whose_file_names_differ_keeps_its_stories(build: Build, content: Callable[..., Path]) -> None:
    """`translation.of` pairs products, too; both editions list the stories under the category."""
    (content("pair") / "zh/products/roadster.md").rename(content("pair") / "zh/products/pengche.md")
    translated = story("敞篷车", "敞篷车。", category="vehicles", translation="{of: products/roadster}")
    files = {"zh/products/pengche.md": translated}
    folder = content("pair", files)
    (folder / "zh/products/roadster.md").unlink()
    site = run_pelican(folder, folder.parent / "output", folder.parent / "cache")
    for path in ("en", "zh"):
        assert site(f"{path}/product/vehicles").select("a[href*='2024/05/chip']")


def test_names_that_cannot_be_files_are_problems(problems: Callable[..., list[str]]) -> None:
    """A page named like a file, and a tag that no file system takes, are named with their lines."""
    files = {
        "en/pages/feed.xml.md": story("Feed"),
        "zh/2024/05/long.md": story("长标签", date="2024-05-06", category="markets", tags=f"[{'长' * 90}]"),
    }
    page, tag = problems("pair", files)
    assert 'content/en/pages/feed.xml.md:2: "feed.xml/" is an address of the portal itself. Rename the file.' == page
    assert tag.startswith('content/zh/2024/05/long.md:5: tag "') and "too long for an address" in tag


def test_only_what_an_edition_has_can_be_pinned_there(problems: Callable[..., list[str]]) -> None:
    """A pin that would be skipped in silence is a problem."""
    expected = 'content/front.yaml:2: story "2024/05/rally" does not exist in "zh". Pin one that does, or translate it.'
    assert [expected] == problems("pair", {"front.yaml": "zh:\n  lead: 2024/05/rally\n"})


def test_an_empty_section_says_so(build: Build) -> None:
    """The menu offers every section, so one without stories has a page, too."""
    site = build(files={"en/pages/about.md": story("About")})
    assert [] == titles(site("en/section/technology"))
    assert site("en/section/technology").main.p.get_text(strip=True)


# Links, wherever the site stands


def test_the_audit_finds_nothing(build: Build) -> None:
    """Links, languages, headings, hreflang, feeds and sitemap of a small site are in order."""
    assert [] == audit(build("pair").output, [PREVIEW_URL])


@pytest.mark.parametrize("root", ["https://news.example", "https://someone.github.example/portal"])
def test_the_audit_finds_nothing_in_a_published_site(build: Build, root: str) -> None:
    """The same with the address of a host root and of a sub-path, without index.html in links."""
    site = build("pair", FILE_LINKS=False, SITEURL=root)
    assert [] == audit(site.output, [root])
    missing = site.pages()["404.html"]
    base = urlsplit(root).path
    assert {f"{base}/en/", f"{base}/zh/"} <= {link["href"] for link in missing.select("a[href]")}
    canonical = site("zh/2024/05/chip").select_one("link[rel=canonical]")["href"]
    assert f"{root}/zh/2024/05/chip/" == canonical


def test_links_work_from_the_disk(build: Build) -> None:
    """Every link between pages names a file, because a disk adds no index.html."""
    site = build("pair")
    for path, page in site.pages().items():
        for link in page.select("a[href], link[href], img[src], script[src]"):
            address = urlsplit(link.get("href") or link.get("src"))
            if not address.scheme and address.path:
                file = site.output / posixpath.dirname(path) / unquote(address.path)
                assert file.is_file(), f"{path}: {address.path}"


def test_the_audit_finds_what_is_broken(build: Build) -> None:
    """A dead link, a missing language, one-way hreflang and a picture from elsewhere are found, each in its file."""
    site = build("pair")
    page = site.output / "en/2024/05/chip/index.html"
    text = page.read_text(encoding="utf-8")
    other = site.output / "zh/about/index.html"
    page.write_text(
        text.replace("</main>", '<a href="../nowhere/">x</a><img src="https://elsewhere.example/a.png"></main>'),
        encoding="utf-8",
    )
    other.write_text(
        other.read_text(encoding="utf-8").replace('lang="zh-Hans"', "", 1).replace("about/", "account/"),
        encoding="utf-8",
    )
    found = {(problem.path, problem.what) for problem in audit(site.output, [PREVIEW_URL])}
    assert ("en/2024/05/chip/index.html", 'the link "../nowhere/" leads nowhere.') in found
    assert ("en/2024/05/chip/index.html", "a picture has no alternative text.") in found
    assert ("zh/about/index.html", "the page does not say its language.") in found
    assert any("from another host" in what for _, what in found)
    assert any("hreflang" in what for path, what in found if path == "en/about/index.html")


def test_headings_may_say_what_the_page_says_itself(build: Build) -> None:
    """A subhead «Source» or «Related» does not get the id of a part of the page."""
    words = "\n\n".join(
        f"## {word}\n\nText." for word in ("Source", "Related", "Main", "Top", "Corrections", "Products")
    )
    front = {
        "source": "{name: daily}",
        "corrections": "[{date: 2024-05-09, text: Put right.}]",
        "products": "[roadster]",
    }
    files = {"en/2024/05/ids.md": story("Ids", words, date="2024-05-08", category="markets", **front)}
    assert [] == audit(build("pair", files).output, [PREVIEW_URL])


# Feeds and sitemap


@pytest.mark.parametrize(
    "path", ["en/feed.xml", "zh/feed.xml", "zh/section/markets/feed.xml", "en/product/vehicles/feed.xml"]
)
def test_a_feed_is_read_without_complaint(build: Build, path: str) -> None:
    """A feed reader finds titles, absolute addresses, times and authors; the format's required parts are there."""
    site = build("pair")
    feed = feedparser.parse((site.output / path).read_bytes())
    assert not feed.bozo, feed.get("bozo_exception")
    assert feed.entries
    root = ElementTree.fromstring(site.text(path))
    for element in (root, *root.iter(f"{ATOM}entry")):
        for required in ("id", "title", "updated"):
            assert 1 == len(element.findall(f"{ATOM}{required}")), required
    for entry in feed.entries:
        assert entry.link.startswith(PREVIEW_URL)
        assert (site.output / unquote(urlsplit(entry.link).path)[1:] / "index.html").is_file()
        assert entry.published_parsed and entry.updated_parsed


def test_feed_entries_stand_on_their_own(build: Build) -> None:
    """Links and pictures in the text of an entry are absolute, or they would lead nowhere in a feed reader."""
    feed = feedparser.parse((build("pair").output / "en/feed.xml").read_bytes())
    body = next(entry for entry in feed.entries if entry.title == "A chip for two").content[0].value
    assert f'href="{PREVIEW_URL}/en/2024/05/rally/"' in body
    assert f'src="{PREVIEW_URL}/images/chip.svg"' in body


def test_the_sitemap_has_every_page_with_its_versions(build: Build) -> None:
    """Each listed page stands in the sitemap once, with the same versions as in its own head."""
    site = build("pair")
    root = ElementTree.fromstring(site.text("sitemap.xml"))
    entries = {
        url.findtext(f"{SITEMAP}loc"): {(link.get("hreflang"), link.get("href")) for link in url.iter(f"{XHTML}link")}
        for url in root.iter(f"{SITEMAP}url")
    }
    pages = {path for path, page in site.pages().items() if not page.select("meta[name=robots][content*=noindex]")}
    assert {f"{PREVIEW_URL}/{path.removesuffix('index.html')}" for path in pages} == set(map(unquote, entries))
    for url, versions in entries.items():
        assert ("x-default" in {language for language, _ in versions}) and any(url == link for _, link in versions), url


def test_robots_names_the_sitemap(build: Build) -> None:
    """Crawlers may come and are told where the sitemap is."""
    lines = build("pair").text("robots.txt").splitlines()
    assert "User-agent: *" == lines[0]
    assert f"Sitemap: {PREVIEW_URL}/sitemap.xml" == lines[-1]


# Same inputs, same bytes


def test_the_number_of_workers_cannot_be_seen(build: Build, tmp_path: Path, content: Callable[..., Path]) -> None:
    """One process or three: the same files, the same bytes."""
    folder = content("pair", many(30))
    one = run_pelican(folder, tmp_path / "one", tmp_path / "cache1", WORKERS=1)
    three = run_pelican(folder, tmp_path / "three", tmp_path / "cache3", WORKERS=3)
    assert one.files() == three.files()


def test_an_incremental_build_equals_a_clean_one(tmp_path: Path, content: Callable[..., Path]) -> None:
    """After adding, editing, removing and hiding stories the output is that of a build from nothing."""
    folder = content("pair", many(25))
    run_pelican(folder, tmp_path / "grown", tmp_path / "cache")
    (folder / "zh/2024/05/s003.md").write_text(
        story("改过的第3篇", "新正文。", date="2024-05-20 00:03", category="technology"), encoding="utf-8"
    )
    (folder / "zh/2024/05/s004.md").unlink()
    (folder / "en/2024/05/new.md").write_text(story("New", date="2024-05-21", category="markets"), encoding="utf-8")
    grown = run_pelican(folder, tmp_path / "grown", tmp_path / "cache")
    clean = run_pelican(folder, tmp_path / "clean", tmp_path / "nothing")
    assert clean.files() == grown.files()


def test_nothing_is_rendered_when_nothing_changed(build: Build, capsys: pytest.CaptureFixture[str]) -> None:
    """The second build of the same stories takes every page from the first."""
    build("pair")
    capsys.readouterr()
    build("pair")
    assert "0 pages rendered" in capsys.readouterr().out


def test_a_damaged_cache_costs_time_only(build: Build, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A ledger full of rubbish, and pages that somebody changed by hand, are built anew; a line says so."""
    before = build("pair").files()
    for ledger in (tmp_path / "cache").glob("*.bin"):
        ledger.write_bytes(ledger.read_bytes()[:-1])
    capsys.readouterr()
    assert before == build("pair").files()
    assert "is damaged; it is made anew" in capsys.readouterr().out
    (tmp_path / "output/en/index.html").write_text("by hand", encoding="utf-8")
    assert before == build("pair").files()


# The last good output stays


def test_a_build_with_problems_leaves_the_last_site(build: Build, tmp_path: Path) -> None:
    """All problems are named, and not one byte of the output changes."""
    before = build("pair").files()
    with pytest.raises(Stop, match=r"2 problems in content/"):
        build(
            "pair",
            {"en/2024/05/a.md": "no front matter", "en/2024/05/b.md": story(date="2024-13-01", category="markets")},
        )
    assert before == Site(tmp_path / "output").files()


def test_every_mistake_is_reported_at_once(
    problems: Callable[..., list[str]], expect: Callable[[Path, str], None]
) -> None:
    """Forty broken files: each mistake with its file, its line, what is wrong and what to do."""
    found = problems("broken")
    assert len(found) >= 40
    expect(SITES / "broken" / "report.txt", "\n".join(found) + "\n")


def test_a_folder_with_other_files_is_not_replaced(build: Build, tmp_path: Path) -> None:
    """Whoever builds into a folder of their own by mistake keeps what is in it."""
    (tmp_path / "output").mkdir()
    (tmp_path / "output" / "thesis.txt").write_text("years of work", encoding="utf-8")
    with pytest.raises(Stop, match="not built from this portal"):
        build("pair")
    assert "years of work" == (tmp_path / "output" / "thesis.txt").read_text(encoding="utf-8")


def test_the_output_may_be_a_link_but_not_a_file(build: Build, tmp_path: Path) -> None:
    """What a link leads to is replaced, build after build; a file of that name is left alone."""
    (tmp_path / "real").mkdir()
    (tmp_path / "output").symlink_to(tmp_path / "real", target_is_directory=True)
    for _ in range(2):
        build("pair")
        assert (tmp_path / "output").is_symlink() and (tmp_path / "real/en/index.html").is_file()
    (tmp_path / "output").unlink()
    (tmp_path / "output").write_text("mine", encoding="utf-8")
    with pytest.raises(Stop, match="a file, not a folder"):
        build("pair")
    assert "mine" == (tmp_path / "output").read_text(encoding="utf-8")


def test_a_cache_that_cannot_be_written_is_no_reason_to_fail(
    build: Build, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file where the cache should be: the site is built, and a line says so."""
    (tmp_path / "cache").write_text("in the way", encoding="utf-8")
    assert build("pair").has("en")
    assert "cannot be written" in capsys.readouterr().out


def test_what_a_killed_build_left_is_put_right(build: Build, tmp_path: Path) -> None:
    """Killed between the two renames, the last site stands under its old name; the next build finds it."""
    before = build("pair").files()
    (tmp_path / "output").rename(tmp_path / ".output.old")
    (tmp_path / ".output.new").mkdir()
    (tmp_path / ".output.new" / "half.html").write_text("half", encoding="utf-8")
    with pytest.raises(Stop):
        build("pair", {"en/2024/05/a.md": "no front matter"})
    assert before == Site(tmp_path / "output").files()


def test_a_plugin_that_does_not_load_stops_the_build(build: Build) -> None:
    """Pelican alone would log it and publish without the plugin."""
    plugins = ["plugins.settings", "plugins.nowhere", "plugins.reader", "plugins.stories", "plugins.pages"]
    with pytest.raises(Stop, match=r'plugin "plugins\.nowhere" did not load'):
        build("pair", PLUGINS=plugins, REQUIRED_PLUGINS=tuple(plugins))


# Pelican stays the host


class Loud:
    """A plugin as other people write them: it changes texts, counts articles and watches files being written."""

    def __init__(self) -> None:
        self.articles = 0
        self.written: list[str] = []

    def register(self) -> None:
        signals.content_object_init.connect(self.shout)
        signals.article_generator_finalized.connect(self.count)
        signals.content_written.connect(self.watch)

    def shout(self, content: Article) -> None:
        if isinstance(content, Article):
            content._content = content._content.replace("Shares rose.", "SHARES ROSE!")

    def count(self, generator: ArticlesGenerator) -> None:
        self.articles += len(generator.articles)

    def watch(self, path: str, context: dict[str, object]) -> None:
        self.written.append(path)


def test_plugins_of_other_people_work(build: Build) -> None:
    """What a plugin does on Pelican's signals reaches the page; it sees our articles and our files."""
    plugin = Loud()
    names = read_settings(str(ROOT / "pelicanconf.py"))["PLUGINS"]
    site = build("pair", PLUGINS=[*names, plugin])
    assert "SHARES ROSE!" in site("en/2024/05/rally").main.get_text()
    assert 8 == plugin.articles
    assert any(path.endswith("rally/index.html") for path in plugin.written)
