"""Feeds as portals write them."""

from __future__ import annotations

import json
from datetime import date

import pytest

from plugins.mirror.article import Image
from plugins.mirror.document import Document
from plugins.mirror.lists.feeds import read_feed
from plugins.mirror.lists.listing import Entry, Listing
from plugins.mirror.lists.moments import read_moment
from plugins.mirror.lists.xml_tree import Refused

NOW = date(2024, 6, 1)
PREFIXES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:media="http://search.yahoo.com/mrss/"'
)
DECLARED = '<?xml version="1.0" encoding="utf-8"?>'
ITEM = (
    "<item><title>渔港防波堤合龙</title><link>https://haigang.example/a/1.html</link>"
    "<pubDate>Mon, 06 May 2024 00:30:00 +0800</pubDate><dc:creator>苗青</dc:creator>"
    "<content:encoded><![CDATA[<p>防波堤合龙。</p><img src='/p.jpg'>]]></content:encoded></item>"
)
EXPECTED = Entry(
    url="https://haigang.example/a/1.html",
    title="渔港防波堤合龙",
    date="2024-05-06T00:30:00+08:00",
    authors=("苗青",),
    html="<p>防波堤合龙。</p><img src='/p.jpg'>",
)


def rss(items: str, declared: str = DECLARED, prefixes: str = PREFIXES) -> str:
    return f"{declared}<rss version='2.0' {prefixes}><channel><title>海港周报</title>{items}</channel></rss>"


def read(data: bytes | str, now: date = NOW) -> Listing:
    encoded = data.encode() if isinstance(data, str) else data
    return read_feed(Document("feed.xml", encoded, "https://haigang.example/feed.xml"), now)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(rss(ITEM).encode(), id="as it should be"),
        pytest.param(rss(ITEM, '<?xml version="1.0" encoding="gb2312"?>').encode("gbk"), id="GBK"),
        pytest.param(rss(ITEM).encode("gbk"), id="GBK that says UTF-8"),
        pytest.param(rss(ITEM, "").encode("gbk"), id="GBK that says nothing"),
        pytest.param(rss(ITEM, '<?xml version="1.0" encoding="gbk"?>').encode(), id="UTF-8 that says GBK"),
        pytest.param(rss(ITEM, "").encode("utf-16"), id="UTF-16"),
        pytest.param(b"\xef\xbb\xbf\n\n" + rss(ITEM).encode(), id="a mark and blank lines first"),
        pytest.param(rss(ITEM, prefixes="").encode(), id="prefixes that were never declared"),
        pytest.param(rss(ITEM.replace("合龙<", "合\x08龙<", 1)).encode(), id="a control character"),
        pytest.param(rss(ITEM).encode()[:-20], id="cut off"),
        pytest.param((DECLARED + "<!DOCTYPE rss [<!ELEMENT a ANY>]>" + rss(ITEM, "")).encode(), id="a harmless DTD"),
        pytest.param(rss(ITEM.replace("pubDate", "pubdate")).encode(), id="names in lower case"),
    ],
)
def test_a_broken_feed_is_read_as_it_was_meant(data: bytes) -> None:
    """Encodings, declarations and namespaces may be wrong; the entry is the same."""
    assert (EXPECTED,) == read(data).entries


def test_stray_marks_and_entities_of_html_are_kept() -> None:
    """Portals write & and &nbsp; into XML, and what they mean is plain."""
    item = "<item><title>R&D 与 A&B：港口&nbsp;重开&mdash;快讯 &#8; &bogus;</title><link>https://h.example/?a=1&b=2</link></item>"
    entry = read(rss(item)).entries[0]
    assert "R&D 与 A&B：港口 重开—快讯 &bogus;" == entry.title
    assert "https://h.example/?a=1&b=2" == entry.url


def test_markup_in_titles_and_summaries_is_taken_off() -> None:
    """Words stay."""
    item = "<item><title>&lt;b&gt;港口&lt;/b&gt;重开&amp;nbsp;!</title><guid>https://h.example/1</guid><description><![CDATA[<p>潮水<br>退去</p>]]></description></item>"
    entry = read(rss(item)).entries[0]
    assert ("港口 重开 !", "潮水 退去") == (entry.title, entry.summary)


def test_a_long_description_is_the_article() -> None:
    """Portals that know no content:encoded put the whole text there."""
    text = "<p>防波堤合龙，渔船进港。</p>" * 40
    entry = read(
        rss(f"<item><title>长</title><link>/a/1.html</link><description><![CDATA[{text}]]></description></item>")
    )
    assert (text, "") == (entry.entries[0].html, entry.entries[0].summary)


@pytest.mark.parametrize(
    ("guid", "url"),
    [
        ("<guid>https://h.example/1</guid>", "https://h.example/1"),
        ('<guid isPermaLink="true">https://h.example/1</guid>', "https://h.example/1"),
        ('<guid isPermaLink="false">https://h.example/1</guid><link>/2</link>', "https://haigang.example/2"),
        ("<guid>tag-1</guid><link> https://h.example/3#top </link>", "https://h.example/3"),
        (
            "<link>https://count.example/x</link><feedburner:origLink>https://h.example/4</feedburner:origLink>",
            "https://h.example/4",
        ),
    ],
)
def test_an_entry_of_rss_has_an_address(guid: str, url: str) -> None:
    """The link first, else a guid that is a permanent link."""
    assert url == read(rss(f"<item><title>x</title>{guid}</item>")).entries[0].url


def test_atom_is_read_with_its_versions_pages_and_bases() -> None:
    """XHTML content, links by relation and language, paging, xml:base and xml:lang."""
    feed = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="zh-CN" xml:base="https://h.example/zh/">
      <title type="html">海港&lt;b&gt;报&lt;/b&gt;</title>
      <link rel="self" href="atom.xml"/><link rel="next" href="atom.xml?page=2"/>
      <entry><id>urn:1</id><title>合龙</title>
        <link rel="alternate" type="text/html" href="a/1.html"/>
        <link rel="alternate" hreflang="en" href="/en/a/1.html"/>
        <link rel="enclosure" type="image/jpeg" href="/p.jpg"/>
        <published>2024-05-06T10:30:00+08:00</published><updated>2024-05-07T08:00:00Z</updated>
        <author><name>苗青、蓝海</name><email>a@h.example</email></author>
        <category term="port" label="港口"/><category term="sea"/>
        <summary>短</summary>
        <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>防波堤<b>合龙</b></p></div></content>
      </entry></feed>"""
    assert Listing(
        kind="feed",
        title="海港 报",
        language="zh-CN",
        entries=(
            Entry(
                url="https://h.example/zh/a/1.html",
                guid="urn:1",
                title="合龙",
                date="2024-05-06T10:30:00+08:00",
                modified="2024-05-07T08:00:00+00:00",
                authors=("苗青", "蓝海"),
                tags=("港口", "sea"),
                summary="短",
                html='<base href="https://h.example/zh/"><div><p>防波堤<b>合龙</b></p></div>',
                language="zh-CN",
                alternates=(("en", "https://h.example/en/a/1.html"),),
                images=(Image("https://h.example/p.jpg"),),
            ),
        ),
        next_page="https://haigang.example/atom.xml?page=2",
    ) == read(feed)


def test_rdf_lists_its_items_beside_the_channel() -> None:
    """RSS 1.0 as portals of the early years have it."""
    feed = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
      xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://h.example/"><title>T</title></channel>
      <item rdf:about="https://h.example/1"><title>One</title><dc:date>2004-05-06T10:30+08:00</dc:date>
      <dc:subject>port</dc:subject></item></rdf:RDF>"""
    entry = Entry("https://h.example/1", "https://h.example/1", "One", "2004-05-06T10:30+08:00", tags=("port",))
    assert (entry,) == read(feed).entries


def test_pictures_of_media_rss_have_captions_and_credits() -> None:
    """Also those in groups; films are none."""
    item = (
        "<item><title>x</title><link>/1</link><media:group><media:content url='/v.mp4' type='video/mp4'/>"
        "<media:content url='/p.jpg' medium='image'><media:description>合龙现场</media:description>"
        "<media:credit>蓝海 摄</media:credit></media:content></media:group>"
        "<enclosure url='/q.png' type='image/png'/><enclosure url='/s.mp3' type='audio/mpeg'/></item>"
    )
    images = read(rss(item)).entries[0].images
    assert {
        Image("https://haigang.example/p.jpg", "合龙现场", "蓝海 摄", "合龙现场"),
        Image("https://haigang.example/q.png"),
    } == set(images)


def test_json_feed_is_read() -> None:
    """Versions 1.0 and 1.1, numbers for names, and authors in both ways."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Tides",
        "language": "en",
        "next_url": "/feed.json?page=2",
        "items": [
            {
                "id": 7,
                "url": "/a/7",
                "title": "Mud",
                "content_html": "<p>Mud.</p>",
                "date_published": "2024-05-06T09:00:00Z",
                "authors": [{"name": "Ida Fennimore"}],
                "tags": ["mud", 3],
                "image": "/m.jpg",
            },
            {
                "id": "https://h.example/8",
                "content_text": "One\nTwo <b>",
                "author": {"name": "Rosa Lind"},
                "tags": None,
            },
            "no entry",
            {},
        ],
    }
    listing = read(json.dumps(feed))
    assert "https://haigang.example/feed.json?page=2" == listing.next_page
    assert (
        Entry(
            url="https://haigang.example/a/7",
            guid="7",
            title="Mud",
            date="2024-05-06T09:00:00+00:00",
            authors=("Ida Fennimore",),
            tags=("mud",),
            html="<p>Mud.</p>",
            language="en",
            images=(Image("https://haigang.example/m.jpg"),),
        ),
        Entry(
            url="https://h.example/8",
            guid="https://h.example/8",
            authors=("Rosa Lind",),
            html="<p>One</p><p>Two &lt;b&gt;</p>",
            language="en",
            position=1,
        ),
    ) == listing.entries


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Mon, 06 May 2024 10:30:00 +0800", "2024-05-06T10:30:00+08:00"),
        ("Mon,06 May 2024 10:30:00  GMT", "2024-05-06T10:30:00+00:00"),
        ("06 May 24 10:30 EST", "2024-05-06T10:30-05:00"),
        ("Mon, 06 May 2024 10:30:00 CST", "2024-05-06T10:30:00+08:00"),
        ("星期一, 06 五月 2024 10:30:00 +0800", "2024-05-06T10:30:00+08:00"),
        ("Mon May  6 10:30:00 2024", "2024-05-06T10:30:00"),
        ("Mon May 06 2024 10:30:00 GMT+0800 (中国标准时间)", "2024-05-06T10:30:00+08:00"),
        ("May 6, 2024 10:30 PM", "2024-05-06T22:30"),
        ("2024-05-06", "2024-05-06"),
        ("2024-05-06 10:30", "2024-05-06T10:30"),
        ("2024-05-06T10:30:00.123Z", "2024-05-06T10:30:00+00:00"),
        ("2024-05-06T10:30:00+0800", "2024-05-06T10:30:00+08:00"),
        ("2024/5/6 9:05:00", "2024-05-06T09:05:00"),
        ("2024年5月6日", "2024-05-06"),
        ("2024年05月06日 10时30分", "2024-05-06T10:30"),
        ("2024年5月6日下午3:05", "2024-05-06T15:05"),
        ("20240506", "2024-05-06"),
        ("20240506103000", "2024-05-06T10:30:00"),
        ("1714962600", "2024-05-06T02:30:00+00:00"),
        ("1714962600000", "2024-05-06T02:30:00+00:00"),
        # nobody knows the month, there is no such day, it is no date
        ("05/06/2024", None),
        ("2024-13-06", None),
        ("2023-02-29", None),
        ("0000-00-00 00:00:00", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_dates_are_read_as_portals_write_them(written: str, expected: str | None) -> None:
    """In the zone they are written in: half past midnight in Beijing is not the day before."""
    assert expected == read_moment(written, is_chinese=True)


def test_cst_is_america_s_in_an_english_feed() -> None:
    """The same three letters are two zones."""
    assert "2024-05-06T10:30:00-06:00" == read_moment("Mon, 06 May 2024 10:30:00 CST")


def test_a_date_that_lies_ahead_is_no_date() -> None:
    """A wrong clock would keep the story back until then."""
    listing = read(rss(ITEM), now=date(2024, 5, 1))
    assert None is listing.entries[0].date
    warning = (
        '1 entries are dated in the future, "渔港防波堤合龙" on 2024-05-06T00:30:00+08:00; their dates are left out.'
    )
    assert (warning,) == listing.warnings


LAUGHS = (
    '<!DOCTYPE rss [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    "<rss><channel><item><title>&b;</title></item></channel></rss>"
)
STRANGER = '<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/hostname">]><rss><channel><title>&a;</title></channel></rss>'


@pytest.mark.parametrize("data", [LAUGHS, DECLARED + LAUGHS, LAUGHS.replace("ENTITY", "entity"), STRANGER])
def test_a_feed_with_entities_of_its_own_is_refused(data: str) -> None:
    """They can grow to gigabytes, or read files of this machine."""
    with pytest.raises(Refused, match="entities of its own"):
        read(data)


@pytest.mark.parametrize("data", [b"", b"plain", b"<html><body>404</body></html>", b'{"items": 1}', b"[" * 100_000])
def test_what_is_no_feed_is_refused_with_a_sentence(data: bytes) -> None:
    """The crawl reports it and goes on."""
    with pytest.raises(Refused, match=r"no (feed|XML|JSON Feed)"):
        read(data)


def test_a_feed_that_leads_to_itself_has_no_next_page() -> None:
    """Or the pull would never end."""
    feed = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><link rel="next" href="http://haigang.example/feed.xml#2"/></feed>'
    )
    assert None is read(feed).next_page
