"""Addresses that a page gives: its own, its other pages, its versions in other languages."""

from __future__ import annotations

import pytest

from plugins.mirror.document import Document
from plugins.mirror.page.addresses import (
    Paging,
    find_alternates,
    find_canonical,
    find_paging,
    is_home,
    looks_like_article,
)
from plugins.mirror.page.tree import Tree, parse

HERE = "http://news.haigang.example/2018/0308/c1_1001.html"


def tree(html: str, url: str | None = HERE) -> Tree:
    return parse(Document("page.html", f"<html><body>{html}</body></html>".encode(), url))


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ('<link rel="canonical" href="/2018/0308/c1.html#top">', "http://news.haigang.example/2018/0308/c1.html"),
        ('<meta property="og:url" content="http://m.haigang.example/c1.html">', "http://m.haigang.example/c1.html"),
        ('<link rel="canonical" href="http://news.haigang.example/">', HERE),
        ('<link rel="canonical" href="https://copycat.example/c1.html">', HERE),
        ('<link rel="canonical" href="javascript:alert(1)">', HERE),
        ('<link rel="canonical" href="http://[">', HERE),
        ("", HERE),
    ],
)
def test_the_page_names_its_own_address(head: str, expected: str) -> None:
    """It counts when it is of the same site and not the front page; else the page has the address it was read from."""
    assert expected == find_canonical(tree(head)).value


@pytest.mark.parametrize(
    ("links", "expected"),
    [
        (
            "<a href='/2018/0308/c2_1001.html'>English</a>",
            (("en", "http://news.haigang.example/2018/0308/c2_1001.html"),),
        ),
        (
            "<a href='http://en.haigang.example/a/new-bus-lines'>[英文]</a>",
            (("en", "http://en.haigang.example/a/new-bus-lines"),),
        ),
        ("<a href='http://en.haigang.example/'>English</a>", ()),
        ("<a href='/english/index.html'>English</a>", ()),
        ("<a href='https://elsewhere.example/story-of-the-day-1234.html'>English</a>", ()),
        ("<a href='/2018/0308/c3_1002.html'>English football returns</a>", ()),
        (
            "<link rel='alternate' hreflang='en-US' href='/en/c1.html'>",
            (("en", "http://news.haigang.example/en/c1.html"),),
        ),
        ("<link rel='alternate' hreflang='en' href='/en/'><link rel='alternate' hreflang='x-default' href='/c'>", ()),
        ("<link rel='alternate' hreflang='zh-Hant' href='/hant/c1.html'>", ()),
        ("<link rel='alternate' type='application/rss+xml' href='/feed'>", ()),
    ],
)
def test_versions_in_other_languages_are_articles(links: str, expected: tuple) -> None:
    """A switch to the other edition's front page is no version of a story."""
    assert expected == find_alternates(tree(links), "zh")


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (
            '<https://en.haigang.example/c1.html>; rel="alternate"; hreflang="en-GB", <c1.html>; rel=canonical',
            "c1.html",
        ),
        (
            '</feed>; rel=alternate; type=text/xml, <e1.html> ; HREFLANG = en; rel = "Prev Alternate"',
            "2018/0308/e1.html",
        ),
        ('</e1,2.html>; title="a, <b>; c"; rel=alternate; hreflang=en', "e1,2.html"),
        ("</e1.html>; rel=alternate; rel=next; hreflang=fr; hreflang=en", "e1.html"),
        ("</c1.html>; rel=alternate; hreflang=zh", ""),
        ("</c1.html>; rel=next; rel=alternate; hreflang=en", ""),
        ("<http://[>; rel=alternate; hreflang=en", ""),
        ("<javascript:alert(1)>; rel=alternate; hreflang=en", ""),
        ('</e1.html>; rel="alternate; hreflang=en', ""),
        ("<" * 30_000, ""),
    ],
)
def test_the_server_names_versions_too(header: str, expected: str) -> None:
    """In `Link`, with any number of relations and parameters; addresses are relative to the page, whatever its base."""
    page = parse(Document("page.html", b"<base href='https://b.example/'><p>x</p>", HERE, link_header=header))
    found = [(code, address.partition("haigang.example/")[2]) for code, address in find_alternates(page, "zh")]
    assert ([("en", expected)] if expected else []) == found


def test_the_page_goes_before_its_server() -> None:
    """Somebody wrote the element for this page; headers are made for many."""
    html = b"<link rel=alternate hreflang=en href=/en/c1.html><p>x</p>"
    page = parse(Document("page.html", html, HERE, link_header="</en/c2.html>; rel=alternate; hreflang=en"))
    assert (("en", "http://news.haigang.example/en/c1.html"),) == find_alternates(page, "zh")


def test_a_chinese_version_of_an_english_page() -> None:
    """Its link may be in either language."""
    page = tree("<a href='/a/20180308-c1.html'>中文</a>", "https://haigang.example/en/a/20180308-c1.html")
    assert (("zh", "https://haigang.example/a/20180308-c1.html"),) == find_alternates(page, "en")


@pytest.mark.parametrize(
    ("target", "taken"),
    [("/en/city/herons.html", True), ("/en/", False), ("/en/city/index.html", False), ("/en/herons.html", False)],
)
def test_a_switch_leads_to_what_is_made_like_the_page(target: str, taken: bool) -> None:
    """A target as deep as the page and with its ending is an article, whatever its name is like."""
    page = tree(
        f"<a class='lang-switch' href='{target}'>English</a>", "https://haigang.example/zh/chengshi/canglu.html"
    )
    expected = (("en", f"https://haigang.example{target}"),) if taken else ()
    assert expected == find_alternates(page, "zh")


BASE = "http://news.haigang.example/2018/0308/"


@pytest.mark.parametrize(
    ("name", "links", "expected"),
    [
        ("c1001.html", "<a href='c1001_2.html'>2</a> <a href='c1001_2.html'>下一页</a>", ("c1001_2.html", 1, None)),
        ("keepers.html", "<link rel='next' href='keepers/2/'>", ("keepers/2/", 1, None)),
        ("c1001_2.html", "<a href='c1001.html'>1</a> <a href='c1001_3.html'>3</a>", ("c1001_3.html", 2, "c1001.html")),
        ("c1001_3.html", "<a href='c1001.html'>1</a> <a href='c1001_2.html'>上一页</a>", (None, 3, "c1001.html")),
        ("c1001.html", "<a href='c1001_1.html'>2</a><a href='c1001_2.html'>3</a>", ("c1001_1.html", 1, None)),
        ("c1001_1.html", "<a href='c1001.html'>1</a><a href='c1001_2.html'>3</a>", ("c1001_2.html", 2, "c1001.html")),
        ("a?id=7", "<a href='a?id=7&page=2'>Next page »</a>", ("a?id=7&page=2", 1, None)),
        ("a?id=7&page=2", "<a href='a?id=7'>1</a><a href='a?id=7&page=3'>Next</a>", ("a?id=7&page=3", 2, "a?id=7")),
        ("long-read", "<a href='long-read/2'>2</a>", ("long-read/2", 1, None)),
        ("long-read/page/2/", "<a href='/2018/0308/long-read/page/3/'>Next</a>", ("long-read/page/3/", 2, None)),
        ("c1001.html", "<a href='c1002.html'>下一篇</a><a href='c1003.html'>Next article</a>", (None, 1, None)),
        ("c1001.html", "<link rel='next' href='c1002.html'>", (None, 1, None)),
        ("c1001.html", "<a href='/list_2.html'>2</a><a href='/list_2.html'>下一页</a>", (None, 1, None)),
        ("c1001_2.html", "<p>An article of its own.</p>", (None, 1, None)),
    ],
)
def test_an_article_goes_on_where_its_address_does(name: str, links: str, expected: tuple) -> None:
    """The next page has the same address but for its number; the next article has not."""
    following, number, first = expected
    absolute = [BASE + part if part else None for part in (following, first)]
    assert Paging(absolute[0], number, absolute[1]) == find_paging(tree(links, BASE + name))


def test_an_editor_may_say_where_the_next_page_is() -> None:
    """The selector of sources.yaml wins over the shape of the address."""
    assert BASE + "other.html" == find_paging(tree("<a class='go' href='other.html'>more</a>"), ".go").next_page


@pytest.mark.parametrize(
    "address", ["http://a.example/", "http://a.example/index.html", "https://a.example/en/", "https://a.example"]
)
def test_front_pages_are_known_by_their_addresses(address: str) -> None:
    """Those of an edition too."""
    assert is_home(address)
    assert not looks_like_article(address)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("http://a.example/2018/0308/c1.html", False),
        ("http://a.example/2018/0308/c1001.html", True),
        ("http://a.example/n1/2018/0308/c1001-29856547.html", True),
        ("http://a.example/news/port-merrin-to-rebuild", True),
        ("http://a.example/show.asp?id=77", True),
        ("http://a.example/news", False),
        ("http://a.example/english/", False),
    ],
)
def test_articles_are_known_by_their_addresses(address: str, expected: bool) -> None:
    """By a number, a day or several words at the end."""
    assert expected == looks_like_article(address)
