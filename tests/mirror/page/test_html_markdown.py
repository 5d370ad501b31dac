"""The text of a page as Markdown: html_markdown.md has the examples."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.utils import read_fixture_file

from plugins.mirror.document import Document
from plugins.mirror.page.body import find_body
from plugins.mirror.page.markdown import markdown_of
from plugins.mirror.page.tree import parse
from plugins.reader.markdown import PARSER

EXAMPLES = read_fixture_file(Path(__file__).with_name("html_markdown.md"))


def markdown(inside: str, lang: str = "") -> str:
    page = f'<html><body><h1>A title of its own</h1><div class="article-body">{inside}</div></body></html>'
    tree = parse(Document("page.html", page.encode(), "https://post.example/a/b.html"))
    lang = lang or ("zh" if "，" in inside else "en")
    return "\n\n".join(markdown_of(block) for block in find_body(tree, "A title of its own", lang).blocks)


@pytest.mark.parametrize(("line", "title", "page", "expected"), EXAMPLES, ids=[example[1] for example in EXAMPLES])
def test_the_text_of_a_page_as_markdown(line, title, page, expected):
    """Each example of html_markdown.md: the HTML of a body, and exactly the Markdown that it becomes."""
    assert expected.strip() == markdown(page)


HOSTILE = st.lists(
    st.sampled_from(
        [
            *(
                "<b>",
                "</b>",
                "<i>",
                "</i>",
                "<code>",
                "</code>",
                '<a href="https://a.example/">',
                "</a>",
                "<s>",
                "</s>",
            ),
            *("&lt;script&gt;", "&lt;/script&gt;", "&lt;img src=x onerror=alert(1)&gt;", "&amp;lt;", "&amp;#60;"),
            *("*", "**", "_", "__", "`", "``", "~~", "[", "]", "](", "(javascript:alert(1))", "!", "![", "\\", "\\\\"),
            *(
                "<br>",
                " ",
                "word",
                "字",
                "。",
                "“",
                "1. ",
                "# ",
                "- ",
                "+ ",
                "> ",
                ": ",
                "~ ",
                "|",
                "=",
                "---",
                "[^1]",
                "&amp;copy;",
            ),
        ]
    ),
    max_size=25,
).map("".join)


@given(HOSTILE)
def test_markdown_means_just_the_text(inside):
    """Whatever stands in a page, the Markdown written of it holds no HTML, no picture and no bad address."""
    written = markdown(f"<p>The ferry, built in 1981, sank on Monday. {inside} The search, they said, goes on.</p>")
    tokens = [
        child
        for reader in (MarkdownIt("commonmark").enable(["table", "strikethrough"]), PARSER)
        for token in reader.parse(written, {})
        for child in (token, *(token.children or ()))
    ]
    assert [] == [token for token in tokens if token.type in ("html_block", "html_inline", "image", "fence", "hr")]
    addresses = {token.attrs["href"] for token in tokens if token.type == "link_open"}
    assert addresses <= {"https://a.example/"}


@given(HOSTILE)
def test_every_letter_is_kept(inside):
    """The words of a paragraph are its words in Markdown, in their order, whatever marks stand around them.

    A line that is nothing but a link or a number is none of its words.
    """
    assume(not ("<a " in inside and "<br>" in inside))
    page = f"<p>The ferry, built in 1981, sank on Monday. {inside} The search, they said, goes on.</p>"
    written = MarkdownIt("commonmark").enable("strikethrough").parse(markdown(page))
    shown = "".join(
        child.content
        for token in written
        for child in token.children or ()
        if child.type in ("text", "text_special", "code_inline", "entity")
    )
    tree = parse(Document("page.html", f"<html><body>{page}</body></html>".encode()))
    letters = [char for char in tree.root.text_content() if char.isalpha()]
    assert letters == [char for char in shown if char.isalpha()]
