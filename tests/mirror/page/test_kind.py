"""Which pages are articles, by written examples."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from markdown_it.utils import read_fixture_file

from plugins.mirror.document import Document
from plugins.mirror.page.extract import extract_page

EXAMPLES = read_fixture_file(Path(__file__).with_name("kinds.md"))
STANDS_FOR = {
    "zh": {
        "§": "<p>昨日，海港市政府召开新闻发布会，宣布新码头将于下月启用。</p>"
        "<p>记者了解到，新码头每年可接待旅客三十万人次，是旧码头的三倍。</p>"
        "<p>“这是大事。”市民王先生说，他每周要坐两趟船。</p>",
        "¶": "".join(
            f'<li><a href="/2018/0308/{1000 + at}.html">海港市第{at}条新闻标题在这里显示出来</a> '
            f"<span>2018-03-0{at % 9 + 1}</span></li>"
            for at in range(20)
        ),
    },
    "en": {
        "§": "<p>The council of Port Merrin voted on Tuesday to rebuild the ferry terminal.</p>"
        "<p>Residents had asked for a vote since the spring, and for a cheaper ticket.</p>"
        "<p>Work is to begin in the autumn, the harbour office said.</p>",
        "※": "".join(
            f'<h3><a href="/2018/03/0{at % 9 + 1}/story-{at}-of-the-day">'
            f"Story number {at} of the day in the port</a></h3>"
            f"<p>A short summary of the story number {at}, which tells what it is about.</p>"
            for at in range(14)
        ),
    },
}


@pytest.mark.parametrize(("line", "claim", "source", "expected"), EXAMPLES, ids=lambda value: str(value)[:50].strip())
def test_only_articles_are_taken(line: int, claim: str, source: str, expected: str) -> None:
    """Each example says whether its page is an article, or why it is none."""
    where, html = source.split("\n", 1)
    url, lang = where.split(" ")
    for sign, meant in STANDS_FOR[lang].items():
        html = html.replace(sign, meant)
    head, body = html.split("\n", 1)
    data = f'<html lang="{lang}"><head><meta charset="utf-8">{head}</head><body>{body}</body></html>'.encode()
    page = extract_page(Document("page.html", data, None if url == "-" else url), now=date(2026, 11, 21))
    assert expected.strip() == (page.refusal or "article")
    assert page.article or page.refusal
