"""Whatever a portal sends, reading its lists ends, and ends in a listing or a sentence."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.mirror.document import Document
from plugins.mirror.lists.feeds import read_feed
from plugins.mirror.lists.index import read_index
from plugins.mirror.lists.kind import kind_of
from plugins.mirror.lists.listing import Listing
from plugins.mirror.lists.moments import read_moment
from plugins.mirror.lists.scripts import links_in_script
from plugins.mirror.lists.sitemaps import read_sitemap
from plugins.mirror.lists.xml_tree import Refused
from plugins.mirror.text.addresses import address_key

NOW = date(2024, 6, 1)
ADDRESS = "https://haigang.example/"
READERS = [
    lambda document: read_feed(document, NOW),
    lambda document: read_sitemap(document, NOW),
    read_index,
]
PIECES = """
<rss><channel> <item> </item> <title> </title> <link> <link href='//[' rel=next> <guid> <pubDate> 2024-05-06 <entry>
<content type='xhtml'> <feed> <urlset> <url> <loc> <sitemap> <lastmod> ]]> <![CDATA[ & &nbsp; &#0; &#x110000; <!-- -->
<a href=/a/10012.html> <a rel=next href=?page=2> 下一页 <script> </script>
{"url":"/a/1.html","title":"x"} <base href=//[>
{"items": [ "version": <link rel=canonical
createPageHTML(9,0,'i','html') <nav> </nav> <p> http://[ https://a.example/1
"""


def outcome(read, document: Document) -> str:
    try:
        listing = read(document)
    except Refused as error:
        return str(error)
    assert isinstance(listing, Listing)
    assert all(entry.url.startswith(("http://", "https://")) for entry in listing.entries if entry.url)
    return "listed"


@pytest.mark.parametrize("read", READERS)
@given(
    text=st.lists(st.sampled_from(PIECES.split()) | st.text(max_size=12), max_size=25).map("".join),
    url=st.sampled_from([ADDRESS, None, "http://["]),
)
@settings(max_examples=150)
def test_any_document_is_listed_or_refused(read, text: str, url: str | None) -> None:
    """And every address in a listing is one of the web."""
    assert outcome(read, Document("document", text.encode("utf-8", "surrogatepass"), url))


@pytest.mark.parametrize("read", READERS)
@given(data=st.binary(max_size=200))
@settings(max_examples=100)
def test_any_bytes_are_listed_or_refused(read, data: bytes) -> None:
    """Text or not."""
    assert outcome(read, Document("document", data, ADDRESS))


@given(st.text(max_size=60))
def test_any_text_is_a_moment_or_none(text: str) -> None:
    """What comes out is ISO 8601."""
    moment = read_moment(text)
    assert moment is None or date.fromisoformat(moment[:10])


@given(st.text(max_size=200))
def test_any_script_is_read(text: str) -> None:
    """Programs are not run, only looked at."""
    assert isinstance(list(links_in_script(text + "http://", ADDRESS)), list)


SIZE = 40_000
HOSTILE = {
    "deep elements": "<div>" * SIZE,
    "deep feeds": "<rss><channel>" + "<item>" * SIZE,
    "deep JSON": '{"version":"https://jsonfeed.org/version/1","items":' + "[" * SIZE,
    "CDATA without end": "<rss><channel><item><title>" + "<![CDATA[" * SIZE,
    "comments without end": "<rss><channel>" + "<!--" * SIZE,
    "document types without end": "<!DOCTYPE [" * SIZE,
    "declarations": "<!a>" * SIZE,
    "ampersands": "<rss><channel><title>" + "&" * SIZE + "&a" * SIZE,
    "tags without end": "<a " * SIZE + "<meta " * SIZE,
    "attributes": "<html><body><a href=" + "x" * SIZE + " " + "b=c " * SIZE + ">",
    "one long address": "<html><p><a href='/"
    + "2024-" * SIZE
    + "'>x</a></p><p><a href='/"
    + "a-" * 900
    + "'>x</a></html>",
    "links in links": "<html><ul>" + "<li><a href=/a/1.html><b>" * SIZE,
    "many links": "<html><p>" + "".join(f"<a href=/a/{at}.html>渔港防波堤{at}</a>" for at in range(SIZE)),
    "braces in a script": "<html><p><p><script>http://" + "{" * SIZE + "[" * SIZE + "({[" * SIZE + "</script>",
    "quotes in a script": "<html><p><p><script>http:// {" + "a:'" * 5_000 + "}" + "{url:'\\" * SIZE + "</script>",
    "calls in a script": "<html><p><p><script>" + "createPageHTML(" * SIZE + "</script>",
    "spaces": "<html><p><p>" + " " * SIZE + "<a href=/a/1.html>" + " " * SIZE + "2024 " * SIZE + "</a>",
    "white space in dates": "<rss><channel><item><title>x</title><pubDate>" + "Mon " * SIZE + "</pubDate></item>",
    "a sitemap of nothing": "<urlset>" + "<url/>" * SIZE,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_documents_are_read_by_every_reader(name: str) -> None:
    """A hundred kilobytes of malice; in quadratic time this test would not end."""
    document = Document("document", HOSTILE[name].encode(), ADDRESS)
    assert kind_of(document)
    for read in READERS:
        assert outcome(read, document)


def test_a_long_address_has_a_key() -> None:
    """In time that grows with its length only."""
    url = ADDRESS + "a/../" * SIZE + "?" + "&utm_=" * SIZE + "%" * SIZE
    assert "haigang.example" == address_key(url)[:15]
