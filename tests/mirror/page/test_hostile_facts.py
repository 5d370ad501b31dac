"""Pages that were made to break a reader: nothing raises, and what comes out is plain text of sane length."""

from __future__ import annotations

from datetime import date
from itertools import chain

import pytest

from plugins.mirror.document import Document
from plugins.mirror.page.body import Body
from plugins.mirror.page.facts import complete_facts, read_facts
from plugins.mirror.page.selectors import Selectors
from plugins.mirror.page.tree import parse

SCRIPT = "<script>alert(1)</script>"
ESCAPED = "&lt;script&gt;alert(1)&lt;/script&gt;"
TEXT = "<p>" + "The council voted on Tuesday to rebuild the terminal. " * 5 + "</p>"
CHINESE = "<p>" + "海港市政府昨日宣布新码头将于下月启用，市民王先生说这是大事。" * 5 + "</p>"


def json_ld(text: str) -> str:
    return f'<script type="application/ld+json">{text}</script>'


PAGES = {
    "a long title": "<title>" + "A - " * 50_000 + "</title><h1>" + "B " * 50_000 + "</h1>",
    "many headings": "<h1>Head line one two three</h1>" * 3_000,
    "many spans": "<div class=author>" + "<span>By Jane Doe, </span>" * 5_000 + "</div>",
    "deep": "<div class=sidebar>" * 3_000 + "<h1>x y z</h1>",
    "strange json-ld": json_ld(
        '{"@type":["NewsArticle",1,null],"headline":{"a":1},"author":[1,null,{"name":{"x":[]}},[["a"]]],'
        '"datePublished":{"a":1},"publisher":[[]],"image":[{"url":5}],"keywords":{"a":1},"articleSection":[[1]]}'
    ),
    "deep json-ld": json_ld("[" * 5_000),
    "huge numbers": json_ld(
        '{"@type":"Article","datePublished":1e400,"dateModified":99999999999999999999,"author":-5}'
    ),
    "script in every field": f'<title>{ESCAPED}T</title><meta property="og:title" content="{ESCAPED}">'
    f'<meta name="author" content="By {ESCAPED}"><meta name="source" content="{ESCAPED}">'
    f'<meta name="keywords" content="{ESCAPED},terminal">'
    f'<meta name="description" content="{ESCAPED} The council voted">'
    f"<h1>Title {ESCAPED} here now</h1><p>来源：{ESCAPED} 作者：{ESCAPED}</p>{SCRIPT}",
    "broken addresses": '<link rel="canonical" href="http://[::1"><base href="http://["><a href="http://[">English</a>'
    '<a href="http://]x">2</a><a rel="next" href="http://[a">x</a>'
    '<h1><a href="http://[">Some words of a headline</a></h1>',
    "digits": "<p>" + "1" * 50_000 + "</p><p>" + "2018-" * 10_000 + "</p>",
    "labels": "".join(
        "<p>" + label * 5_000 + "</p>" for label in ("来源：", "作者：", "记者 ", "By A ", "（", "March 8 ")
    ),
    "dividers": "<title>" + "-" * 20_000 + "</title><h1>" + "_" * 10_000 + "</h1>",
    "spaces": "<title>a" + " " * 50_000 + "b</title><p>来源" + " " * 50_000 + "：x</p><p>作" + " " * 3_000 + "者</p>",
    "a long class": "<div class='" + "author-date " * 10_000 + "'>x</div>",
    "many meta fields": "<meta name=author content='Jane Doe'>" * 5_000,
    "many links": "".join(f"<a href='/c1_{at}.html'>{at}</a>" for at in range(4_000)),
    "variables": "<title>A headline of words</title><script>"
    + '"author": "' * 5_000
    + '"source":{' * 5_000
    + "</script>",
    "no characters": "<h1>&#xD800;&#0;&#x1F600; abc def\u2028ghi</h1><meta name=author content='&#55555;'>",
    "no days": "<meta name=pubdate content='9999999999999'><time datetime='99999-99-99'>x</time><p>2018-02-31 "
    "25:61</p>",
    "entities": "<h1>" + "&amp;lt;a " * 5_000 + "</h1>",
}


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("text", [TEXT, CHINESE])
@pytest.mark.parametrize("url", [None, "http://a.example/2018/0308/c1_2.html", "http://["])
def test_hostile_pages_are_read(name: str, text: str, url: str | None) -> None:
    """No exception, no line breaks, no control characters and no tags in any field."""
    tree = parse(Document(name, (PAGES[name] + text).encode("utf-8", "surrogatepass"), url))
    facts = read_facts(tree, Selectors(), date(2026, 11, 21))
    facts = complete_facts(facts, tree, Body(where=tuple(tree.root.iter("p"))[:3]), date(2026, 11, 21))
    fields = (facts.title, facts.source, facts.category, facts.summary, *facts.authors, *facts.tags)
    for value in filter(None, chain(fields, (where for _, where in facts.provenance))):
        assert len(value) <= 600
        assert "" == "".join(char for char in value if char < " " or char in "\x7f\u2028\u2029")
        assert "<script" not in value
    assert all(address.startswith("http") for _, address in facts.alternates)
