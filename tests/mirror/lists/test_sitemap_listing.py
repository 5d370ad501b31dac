"""Sitemaps as portals write them."""

from __future__ import annotations

import gzip
from datetime import date

import pytest

from plugins.mirror.article import Image
from plugins.mirror.document import Document
from plugins.mirror.lists import sitemaps
from plugins.mirror.lists.listing import Entry, Listing
from plugins.mirror.lists.sitemaps import read_sitemap
from plugins.mirror.lists.xml_tree import Refused

NOW = date(2024, 6, 1)
ADDRESS = "https://haigang.example/sitemaps/news.xml"
PREFIXES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    ' xmlns:image="http://www.google.com/schemas/sitemap-image/1.1" xmlns:xhtml="http://www.w3.org/1999/xhtml"'
)
URLS = """<url><loc>https://haigang.example/a/1.html</loc><lastmod>2024-05-07T08:00:00+08:00</lastmod>
  <news:news><news:publication><news:name>海港报</news:name><news:language>zh-cn</news:language></news:publication>
  <news:publication_date>2024-05-06</news:publication_date><news:title>防波堤合龙 &amp; 开港</news:title>
  <news:keywords>港口, 渔船，台风</news:keywords></news:news>
  <image:image><image:loc>/p.jpg</image:loc><image:caption>现场</image:caption></image:image>
  <xhtml:link rel="alternate" hreflang="zh" href="https://haigang.example/a/1.html"/>
  <xhtml:link rel="alternate" hreflang="x-default" href="https://haigang.example/"/>
  <xhtml:link rel="alternate" hreflang="en" href="https://haigang.example/en/a/1.html"/></url>
<url><loc>
  /a/2.html
</loc><priority>0.5</priority></url>
<url><loc>https://haigang.example/a/1.html</loc></url><url><loc>javascript:alert(1)</loc></url><url/>"""
ENTRIES = (
    Entry(
        url="https://haigang.example/a/1.html",
        title="防波堤合龙 & 开港",
        date="2024-05-06",
        modified="2024-05-07T08:00:00+08:00",
        tags=("港口", "渔船", "台风"),
        language="zh-cn",
        alternates=(("en", "https://haigang.example/en/a/1.html"),),
        images=(Image("https://haigang.example/p.jpg", alt="现场", caption="现场"),),
    ),
    Entry(url="https://haigang.example/a/2.html", position=1),
)


def read(data: bytes | str) -> Listing:
    return read_sitemap(Document("sitemap.xml", data.encode() if isinstance(data, str) else data, ADDRESS), NOW)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(f"<?xml version='1.0'?><urlset {PREFIXES}>{URLS}</urlset>".encode(), id="as it should be"),
        pytest.param(gzip.compress(f"<urlset {PREFIXES}>{URLS}</urlset>".encode()), id="packed"),
        pytest.param(f"<urlset>{URLS}</urlset>".encode(), id="without namespaces"),
        pytest.param(f"<urlset xmlns='https://wrong.example/'>{URLS}</urlset>".encode(), id="with a wrong one"),
        pytest.param(f"<urlset {PREFIXES}>{URLS}".encode(), id="cut off"),
        pytest.param(f"<?xml version='1.0' encoding='gbk'?><urlset>{URLS}</urlset>".encode("gbk"), id="GBK"),
    ],
)
def test_a_sitemap_lists_articles(data: bytes) -> None:
    """With what the extensions for news, pictures and languages say; each address once."""
    assert Listing(kind="sitemap", title="海港报", entries=ENTRIES) == read(data)


def test_an_index_lists_sitemaps() -> None:
    """Each with the day it changed, so that only what is new has to be fetched."""
    data = """<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
      <sitemap><loc>s1.xml.gz</loc><lastmod>2024-05-06</lastmod></sitemap><sitemap><loc>/s2.xml</loc></sitemap>
      </sitemapindex>"""
    assert Listing(
        kind="sitemap-index",
        nested=("https://haigang.example/sitemaps/s1.xml.gz", "https://haigang.example/s2.xml"),
        nested_dates=("2024-05-06", None),
    ) == read(data)


def test_a_text_lists_an_address_a_line() -> None:
    """The plainest kind of sitemap; a stray line does not matter."""
    data = "\ufeffhttps://haigang.example/1\r\nhttps://haigang.example/2\nnothing\n"
    assert ["https://haigang.example/1", "https://haigang.example/2"] == [entry.url for entry in read(data).entries]


def test_a_day_ahead_is_left_out() -> None:
    """As in feeds."""
    news = "<news:news><news:publication_date>2034-05-06</news:publication_date></news:news>"
    assert [None] == [entry.date for entry in read(f"<urlset><url><loc>/1</loc>{news}</url></urlset>").entries]


def test_no_more_than_the_protocol_allows(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sitemap without end is cut, with a warning."""
    monkeypatch.setattr(sitemaps, "MOST_ENTRIES", 3)
    listing = read("<urlset>" + "".join(f"<url><loc>/{at}</loc></url>" for at in range(5)) + "</urlset>")
    assert (3, ("It lists 5 addresses; the first 3 were read.",)) == (len(listing.entries), listing.warnings)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "no address"),
        (b"<html><body>404</body></html>", "no sitemap"),
        (b"\x1f\x8b\x08broken", "packing is damaged"),
        (b'<!DOCTYPE u [<!ENTITY a "a">]><urlset/>', "entities of its own"),
    ],
)
def test_what_is_no_sitemap_is_refused_with_a_sentence(data: bytes, why: str) -> None:
    """The crawl reports it and goes on."""
    with pytest.raises(Refused, match=why):
        read(data)


def test_a_bomb_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """What unpacks beyond the limit is never unpacked."""
    monkeypatch.setattr(sitemaps, "LARGEST", 1_000_000)
    with pytest.raises(Refused, match="unpacks to more than 1 MB"):
        read(gzip.compress(b" " * 2_000_000))
