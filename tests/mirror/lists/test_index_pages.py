"""Front, section and archive pages of portals of every age: indexes/*.html.

There, ``data-article`` marks the links that lead to articles (on an element without an address it names one), and
comments at the top give the address of the page and of the next one.
"""

from __future__ import annotations

import re
from pathlib import Path

import lxml.html
import pytest

from plugins.mirror.document import Document
from plugins.mirror.lists.index import read_index
from plugins.mirror.lists.pager import page_of
from plugins.mirror.lists.scripts import links_in_script
from plugins.mirror.lists.xml_tree import Refused
from plugins.mirror.text.addresses import address_key

PAGES = sorted((Path(__file__).parent / "indexes").glob("*.html"))
ADDRESS = "https://haigang.example/news/"


def marked(text: str, url: str) -> set[str]:
    root = lxml.html.fromstring(text)
    root.make_links_absolute(url)
    return {
        address_key(element.get("href") or element.get("data-article")) for element in root.xpath("//*[@data-article]")
    }


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_an_index_page_lists_its_articles_and_nothing_else(path: Path) -> None:
    """And it knows where the list goes on."""
    text = path.read_text(encoding="utf-8")
    url, next_page = (re.search(rf"<!-- {name}: (\S+) -->", text)[1] for name in ("url", "next"))
    charset = re.search(r"charset=\"?([\w-]+)", text)
    data = text.replace("data-article", "").encode(charset[1] if charset else "utf-8", "xmlcharrefreplace")
    listing = read_index(Document(path.name, data, url))
    assert marked(text, url) == {address_key(entry.url) for entry in listing.entries}
    assert next_page == str(listing.next_page)


def read(body: str, url: str | None = ADDRESS, **selectors: str):
    return read_index(
        Document("index.html", f"<html lang=zh><title>要闻</title>{body}</html>".encode(), url), **selectors
    )


def test_an_entry_has_the_words_and_the_day_of_its_card() -> None:
    """The headline in full, though the page cuts it; one entry for picture, headline and «more»."""
    body = """<ul><li><a href="/a/10012.html"><img src="1.jpg" alt="现场"></a>
      <a href="/a/10012.html" title="渔港防波堤今晨合龙，渔船提前三天进港">渔港防波堤今晨合龙…</a>
      <span>2024年5月6日 08:30</span> <a href="/a/10012.html?from=list">查看全文</a></li></ul>"""
    (entry,) = read(body).entries
    assert ("渔港防波堤今晨合龙，渔船提前三天进港", "2024-05-06T08:30", "https://haigang.example/a/10012.html") == (
        entry.title,
        entry.date,
        entry.url,
    )


def test_the_address_dates_an_entry_when_the_card_does_not() -> None:
    """/2024/05/06/ is a day."""
    assert ["2024-05-06"] == [entry.date for entry in read("<a href=/2024/05/06/1.html>渔港防波堤今晨合龙</a>").entries]


def test_links_that_lead_nowhere_are_left_out() -> None:
    """Scripts, mail, files, other sites, the page itself, house pages."""
    words = "一个很长很长的标题，像文章一样"
    addresses = [
        *("javascript:open('/a/10012.html')", "mailto:a@haigang.example", "data:text/html,x", "#a10012", "http://["),
        *("/a/10012.pdf", "/a/10012.jpg", "https://elsewhere.example/a/10012.html", ADDRESS, "/", "/tag/10012/"),
        *("/login?to=/a/10012.html", "/about-us.html", "/author/10012", "/search?q=10012", "/rss.xml"),
    ]
    assert () == read("".join(f'<p><a href="{address}">{words}</a></p>' for address in addresses)).entries


def test_days_of_an_archive_are_no_articles() -> None:
    """A calendar goes on for ever, and holds nothing but lists."""
    assert () == read("".join(f"<td><a href=/news/2024/05/{day}/>{day}</a></td>" for day in range(1, 32))).entries


def test_selectors_win() -> None:
    """An editor who knows the portal says which links are articles and which is the next page."""
    body = """<div class=x><a href=/a>甲</a></div><p class=y><a href=/a/10012.html>渔港防波堤今晨合龙</a></p>
      <b class=z><a href=/old>更早</a></b><a rel=next href=/wrong>下一页</a>"""
    listing = read(body, article_selector=".x, .none", next_selector=".z")
    assert ["https://haigang.example/a"] == [entry.url for entry in listing.entries]
    assert "https://haigang.example/old" == listing.next_page


def test_a_selector_that_is_none_is_told() -> None:
    """A sentence, not a traceback."""
    with pytest.raises(Refused, match='The selector "p:::" is not CSS'):
        read("<p>x</p>", article_selector="p:::")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<a href=index_2.html>下一页</a>", "https://haigang.example/news/index_2.html"),
        ("<a href=index_2.html>[下页]</a>", "https://haigang.example/news/index_2.html"),
        ("<a href='?page=2'>Next »</a>", "https://haigang.example/news/?page=2"),
        ("<a href='/news/page/2/'>Older posts</a>", "https://haigang.example/news/page/2/"),
        ("<a href='?page=2' title=下一页><i></i></a>", "https://haigang.example/news/?page=2"),
        ("<b>1</b> <a href='?p=2'>2</a> <a href='?p=3'>3</a>", "https://haigang.example/news/?p=2"),
        ("<a href='?page=2'>加载更多</a>", "https://haigang.example/news/?page=2"),
        ("<script>createPageHTML(9, 0, 'index', 'shtml');</script>", "https://haigang.example/news/index_1.shtml"),
        (
            "<script>createPageHTML('pages', 9, 1, 'index', 'html', 170);</script>",
            "https://haigang.example/news/index_2.html",
        ),
        # no page of this list
        ("<a href='/sport/'>更多</a>", None),
        ("<a href='javascript:go(2)'>下一页</a>", None),
        ("<a href='#'>下一页</a>", None),
        ("<a href='https://elsewhere.example/2'>下一页</a>", None),
        ("<a href='/a/2.html'>下一篇：渔港</a>", None),
        ("<script>createPageHTML(1, 0, 'index', 'html');</script>", None),
        ("<a href='?year=2'>2</a>", None),
    ],
)
def test_a_list_goes_on(body: str, expected: str | None) -> None:
    """By relation, words, numbers, or the program that writes the pager."""
    assert expected == read(body).next_page


def test_the_last_page_does_not_lead_back() -> None:
    """The number after the page's own is asked for, not the first number."""
    body = "<a href='index.html'>1</a> <a href='index_2.html'>2</a> <b>3</b>"
    assert None is read(body, url="https://haigang.example/news/index_3.html").next_page


@pytest.mark.parametrize(
    ("url", "number"),
    [
        ("https://a.example/news/", 1),
        ("https://a.example/news/index.html", 1),
        ("https://a.example/news/index_2.html", 2),
        ("https://a.example/news/page/2/", 2),
        ("https://a.example/news/?page=2", 2),
    ],
)
def test_pages_of_a_list_have_one_stem(url: str, number: int) -> None:
    """However the portal numbers them."""
    assert ("a.example/news?", number) == page_of(url)


def test_feeds_and_languages_are_announced() -> None:
    """In the head, or, by older portals, with a link."""
    head = """<link rel=alternate type=application/rss+xml href=/rss.xml><link rel=alternate hreflang=en href=/en/news/>
      <link rel=alternate hreflang=zh href=/news/><link rel=alternate hreflang=x-default href=/>"""
    listing = read(head)
    assert (("https://haigang.example/rss.xml",), (("en", "https://haigang.example/en/news/"),)) == (
        listing.feeds,
        listing.alternates,
    )
    assert ("https://haigang.example/rss/rss.xml",) == read("<a href=/rss/rss.xml>RSS</a>").feeds


def test_a_saved_page_without_an_address_keeps_its_absolute_links() -> None:
    """The site is the one that it links most."""
    body = "".join(
        f"<p><a href=https://haigang.example/a/1001{at}.html>渔港防波堤今晨合龙{at}</a></p>" for at in range(3)
    )
    assert 3 == len(read(body + "<a href=https://x.example/a/10019.html>别处的一个长标题</a>", url=None).entries)


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        (
            'var d = {"list": [{"title": "<em>渔港</em>&amp;码头", "url": "\\/a\\/1.html", "pubTime": "2024-05-06"}]}',
            [("https://haigang.example/a/1.html", "渔港&码头", "2024-05-06")],
        ),
        (
            "d = [{title: '渔\\u6e2f', link: '/a/1.html'}, {name: \"码头\", url: '//haigang.example/a/2.html'}]",
            [("https://haigang.example/a/1.html", "渔港", None), ("https://haigang.example/a/2.html", "码头", None)],
        ),
        ('{"@type": "ListItem", "url": "https://haigang.example/a/1.html", "name": "渔港"}',
         [("https://haigang.example/a/1.html", "渔港", None)]),
        # nothing stands there plainly
        ('d = {"id": 17, "title": "渔港"}', []),
        ("location.href = '/a/1.html'", []),
        ('{"url": "javascript:x//", "title": "x"}', []),
    ],
)  # fmt: skip
def test_lists_in_scripts_are_read(script: str, expected: list) -> None:
    """JSON, and object literals that are nearly JSON."""
    assert expected == list(links_in_script(script, ADDRESS))
