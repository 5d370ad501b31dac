"""What a document is, whatever it is called."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.mirror.document import Document
from plugins.mirror.lists.kind import LARGEST, TooLarge, kind_of, unpack

RSS = '<?xml version="1.0" encoding="gb2312"?>\n<rss version="2.0"><channel><title>海港</title></channel></rss>'
PAGE = "<html><head><title>海港</title></head><body><p>渔港防波堤合龙。</p></body></html>"
DUMP = "渔港防波堤合龙\n\n来源：海港报\n防波堤5月6日合龙。\n"
MHTML = (
    "From: <Saved by Blink>\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n"
    '\ttype="text/html";\r\n\tboundary="--b"\r\n\r\n----b\r\nContent-Type: text/html\r\n'
    "Content-Location: https://a.example/1.html\r\n\r\n<p>x</p>\r\n----b--\r\n"
)


@pytest.mark.parametrize(
    ("expected", "data"),
    [
        ("feed", RSS.encode("gbk")),
        ("feed", b"\xef\xbb\xbf\n  " + RSS.encode("gbk")),
        ("feed", RSS.encode("utf-16")),
        ("feed", b"<!-- made today --><!DOCTYPE rss PUBLIC '-//N//DTD'><rss version='0.91'><channel/></rss>"),
        ("feed", b'<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title></feed>'),
        ("feed", b'<a:feed xmlns:a="http://www.w3.org/2005/Atom"/>'),
        ("feed", b'<rdf:RDF xmlns="http://purl.org/rss/1.0/"><channel/></rdf:RDF>'),
        ("json-feed", b'{"items": [], "version": "https://jsonfeed.org/version/1.1"}'),
        ("json-feed", rb'{"version": "https:\/\/jsonfeed.org\/version\/1", "items": []}'),
        ("sitemap", b"<?xml version='1.0'?><?xml-stylesheet href='x.xsl'?><urlset><url/></urlset>"),
        ("sitemap", gzip.compress(b"<urlset></urlset>", mtime=0)),
        ("sitemap", b"https://a.example/1\r\nhttps://a.example/2\r\n"),
        ("sitemap-index", b'<sm:sitemapindex xmlns:sm="http://www.sitemaps.org/schemas/sitemap/0.9"/>'),
        ("archive", b"WARC/1.0\r\nWARC-Type: warcinfo\r\n"),
        ("archive", gzip.compress(b"WARC/1.1\r\nWARC-Type: warcinfo\r\n", mtime=0)),
        ("archive", MHTML.encode()),
        ("page", PAGE.encode()),
        ("page", PAGE.encode("utf-16")),
        ("page", PAGE.encode("utf-16-le")),
        ("page", b'<?xml version="1.0"?><!DOCTYPE html PUBLIC "x" "y"><html xmlns="http://www.w3.org/1999/xhtml"/>'),
        ("page", b"<p>one<p>two<br>three"),
        ("dump", DUMP.encode()),
        ("dump", DUMP.encode("gb18030")),
        ("dump", DUMP.encode("utf-16")),
        ("dump", "价格 < 5 元，温度 > 3 度。\n".encode()),
        ("unknown", b""),
        ("unknown", b" \n\n"),
        ("unknown", b"%PDF-1.7\n"),
        ("unknown", b"PK\x03\x04rest"),
        ("unknown", b"\x89PNG\r\n\x1a\n"),
        ("unknown", b"\xff\xd8\xff\xe0\x00\x10JFIF"),
        ("unknown", b"\x00\x00\x00\x20ftypavif"),
        ("unknown", gzip.compress(b"%PDF-1.7\n", mtime=0)),
        ("unknown", b"\x1f\x8bbroken"),
        ("unknown", b'<svg xmlns="http://www.w3.org/2000/svg"><a/></svg>'),
        ("unknown", b'<?xml version="1.0"?><opml version="2.0"><body/></opml>'),
        ("unknown", b'{"status": 1}'),
        ("unknown", bytes(range(32)) * 10),
    ],
)
def test_content_says_what_a_document_is(expected: str, data: bytes) -> None:
    """No name and no media type is needed, and neither does a declaration have to be true."""
    assert expected == kind_of(Document("document", data))


@pytest.mark.parametrize(
    ("expected", "document"),
    [
        ("page", Document("page.txt", PAGE.encode(), media_type="text/plain")),
        ("page", Document("page.html", "没有标记的一页。".encode())),
        ("page", Document("https://a.example/1", "没有标记的一页。".encode(), media_type="text/html")),
        ("dump", Document("https://a.example/1.txt", "没有标记的一页。".encode(), media_type="text/plain")),
        ("unknown", Document("app.js", b"var a = 1; run(a)")),
        ("unknown", Document("https://a.example/s", b"a { color: red }", media_type="text/css")),
        ("feed", Document("https://a.example/rss.html", RSS.encode("gbk"), media_type="text/html")),
    ],
)
def test_names_decide_where_content_is_silent(expected: str, document: Document) -> None:
    """A text without markup is what the server or the ending says."""
    assert expected == kind_of(document)


@given(st.binary(max_size=300), st.sampled_from(["a.txt", "a.html", "https://[/x", ""]))
def test_any_bytes_are_of_some_kind(data: bytes, name: str) -> None:
    """Nothing raises."""
    assert kind_of(Document(name, data))


def test_what_unpacks_without_end_is_refused() -> None:
    """A small file that grows to more than the limit is never in memory as a whole."""
    packed = gzip.compress(b"\0" * 3_000_000)
    with pytest.raises(TooLarge, match="unpacks to more than 1 MB"):
        unpack(Document("bomb.gz", packed), limit=1_000_000)
    assert 3_000_000 == len(unpack(Document("bomb.gz", packed), limit=LARGEST).data)


def test_members_of_gzip_follow_each_other() -> None:
    """What was appended to a packed file is read too."""
    packed = gzip.compress(b"<urlset>") + gzip.compress(b"</urlset>")
    assert b"<urlset></urlset>" == unpack(Document("s.gz", packed)).data


def test_a_thousand_packed_parts_are_refused() -> None:
    """Each is small, and each costs a copy of the rest."""
    with pytest.raises(TooLarge, match="more than 100 parts"):
        unpack(Document("s.gz", gzip.compress(b"") * 1_000))


def test_broken_packing_is_told() -> None:
    """A damaged file is a sentence, not a traceback."""
    with pytest.raises(TooLarge, match="the packing is damaged"):
        unpack(Document("s.gz", b"\x1f\x8b\x08" + b"\xff" * 20))
