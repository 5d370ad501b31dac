"""What is read from a page around its text, by written examples."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from markdown_it.utils import read_fixture_file

from plugins.mirror.document import Document
from plugins.mirror.page.body import find_body
from plugins.mirror.page.facts import Facts, complete_facts, read_facts
from plugins.mirror.page.selectors import Selectors
from plugins.mirror.page.tree import parse

HERE = Path(__file__).parent
NOW = date(2026, 11, 21)
NONE = Selectors()
EXAMPLES = [example for name in ("facts_zh.md", "facts_en.md") for example in read_fixture_file(HERE / name)]

TEXTS = {
    "zh": (
        "<p>海港市交通局昨日宣布，今年将新开十条公交线路，覆盖全部城区和两个镇。</p>"
        "<p>记者了解到，新线路每天运行十六个小时，平均每八分钟一班。</p>"
        "<p>“以后上班方便多了。”市民王先生说，他每天要换两趟车。</p>"
    ),
    "en": (
        "<p>The council of Port Merrin voted on Tuesday to rebuild the ferry terminal, which a storm wrecked last "
        "winter, "
        "and to pay for it with a levy on tickets.</p>"
        '<p>Residents had asked for a vote since the spring. "We waited long enough," said Ada Quill, who sells nets '
        "beside the quay.</p>"
        "<p>Work is to begin in the autumn and to last two years, the harbour office said.</p>"
    ),
}
OTHER_STORIES = {
    "zh": "<ul>"
    + "".join(f"<li><a href='/2019/{at}.html'>第{at}条别的新闻标题</a> 2019-01-0{at}</li>" for at in range(1, 7))
    + "</ul>",
    "en": "<aside><h3>More stories</h3><ul>"
    + "".join(
        f'<li><a href="/2019/01/0{at}/story-number-{at}">Another story number {at} about the port</a> '
        f'<span class="author">By Max Other</span> <time datetime="2019-01-0{at}">Jan {at}, 2019</time></li>'
        for at in range(1, 7)
    )
    + "</ul></aside>",
}


def facts_of(html: str, url: str | None, selectors: Selectors = NONE) -> Facts:
    tree = parse(Document("page.html", html.encode(), url))
    facts = read_facts(tree, selectors, NOW)
    return complete_facts(facts, tree, find_body(tree, facts.title, facts.lang or "en", selectors), NOW)


def page(source: str, lang: str) -> str:
    source = source.replace("§", TEXTS[lang[:2]]).replace("¶", OTHER_STORIES[lang[:2]])
    head, body = source.split("\n", 1)
    return f'<!DOCTYPE html><html lang="{lang}"><head><meta charset="utf-8">{head}</head><body>{body}</body></html>'


def shown(facts: Facts, name: str, expected: str) -> str:
    if name == "warned":
        return expected if expected in facts.warnings else "\n".join(facts.warnings)
    value = getattr(facts, name)
    if isinstance(value, tuple):
        return ", ".join(value)
    # A day is expected without a time, where the example is about the day.
    return (value or "")[: len(expected)] if name == "date" and len(expected) == 10 else value or ""


@pytest.mark.parametrize(("line", "claim", "source", "expected"), EXAMPLES, ids=lambda value: str(value)[:50].strip())
def test_a_page_tells_its_facts(line: int, claim: str, source: str, expected: str) -> None:
    """Each example says what its page tells."""
    where, html = source.split("\n", 1)
    url, lang = where.split(" ")
    facts = facts_of(page(html, lang), None if url == "-" else url)
    fields = [field.partition(":")[::2] for field in expected.rstrip("\n").split("\n")]
    fields = [(name, value.strip()) for name, value in fields]
    assert fields == [(name, shown(facts, name, value)) for name, value in fields]
    assert "" == facts.refusal


HEADLINE = (
    "<title>Port Merrin to rebuild its ferry terminal</title>\n<h1>Port Merrin to rebuild its ferry terminal</h1>"
)


def test_what_an_editor_selected_wins() -> None:
    """CSS selectors of sources.yaml are asked before anything else."""
    html = page(
        HEADLINE + "<h4>Ferry terminal, at last</h4><p>By Max Other, March 9, 2018</p>"
        "<b class='w'>Jane Doe</b><i>March 8, 2018</i><u>The Merrin Post</u>§",
        "en",
    )
    facts = facts_of(html, None, Selectors(title="h4", date="i", author=".w", source="u"))
    assert ("Ferry terminal, at last", "2018-03-08", ("Jane Doe",), "The Merrin Post") == (
        facts.title,
        facts.date,
        facts.authors,
        facts.source,
    )
    assert {"title": "selector", "date": "selector", "authors": "selector", "source": "selector"} == {
        name: where for name, where in facts.provenance if where == "selector"
    }


def test_every_field_says_where_it_came_from() -> None:
    """Provenance names the place, and what is little more than a guess has a warning."""
    facts = facts_of(page(HEADLINE + "<p>By Jane Doe</p><p>3 days ago</p>§", "en"), None)
    assert {"title": "h1", "authors": "byline", "date": "“3 days ago”"} == dict(facts.provenance)
    assert "2026-11-18" == facts.date
    assert "The date 2026-11-18 is a guess from “3 days ago”." in facts.warnings
    assert "No source found." in facts.warnings


def test_a_change_is_told_from_the_publication() -> None:
    """`modified` is there when the page was changed after it was published."""
    facts = facts_of(page(HEADLINE + "<p>Published March 8, 2018 10:05 GMT. Updated March 9, 2018</p>§", "en"), None)
    assert ("2018-03-08T10:05:00Z", "2018-03-09") == (facts.date, facts.modified)


def test_what_describes_the_article_is_kept() -> None:
    """Section, keywords, summary and picture come from the head; what is the site's own is left out."""
    head = (
        "<title>Port Merrin to rebuild its ferry terminal</title>"
        "<meta property='article:section' content='Transport'>"
        "<meta name='keywords' content='ferry terminal, council, horoscopes'>"
        "<meta property='og:description' content='The council of Port Merrin voted to rebuild the ferry terminal, which"
        " a storm wrecked. Residents had asked for a vote since...'>"
        "<meta property='og:image' content='/pictures/terminal.jpg'>"
        "<meta property='og:site_name' content='The Merrin Post'>"
    )
    facts = facts_of(
        page(head + "\n" + HEADLINE.split("\n")[1] + "<p>March 8, 2018</p>§", "en"), "https://m.example/a/b-c-d"
    )
    assert "Transport" == facts.category
    assert ("ferry terminal", "council") == facts.tags
    assert "The council of Port Merrin voted to rebuild the ferry terminal, which a storm wrecked." == facts.summary
    assert "https://m.example/pictures/terminal.jpg" == facts.image
    assert "The Merrin Post" == facts.source
    assert "The source “The Merrin Post” is a guess from og:site_name." in facts.warnings
