"""The text of a page as Markdown: html_markdown.md has the examples."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml.etree import iterwalk
from lxml.html import HtmlElement
from markdown_it import MarkdownIt
from markdown_it.utils import read_fixture_file

from plugins.mirror.document import Document
from plugins.mirror.page.body import find_body
from plugins.mirror.page.markdown import markdown_of
from plugins.mirror.page.tree import parse
from plugins.mirror.page.wording import is_noise
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


FORMATS = ["<b>", "</b>", "<i>", "</i>", "<code>", "</code>", "<s>", "</s>"]
LINKS_AND_BREAKS = ['<a href="https://a.example/">', "</a>", "<br>"]
MARKS = [
    *("&lt;script&gt;", "&lt;/script&gt;", "&lt;img src=x onerror=alert(1)&gt;", "&amp;lt;", "&amp;#60;", "&amp;copy;"),
    *("*", "**", "_", "__", "`", "``", "~~", "[", "]", "](", "(javascript:alert(1))", "!", "![", "\\", "\\\\"),
    *(" ", "word", "字", "。", "“", "1. ", "1) ", "# ", " #", "- ", "+ ", "> ", ": ", "~ ", "|", "=", "---", "[^1]"),
]
HOSTILE = st.lists(st.sampled_from([*FORMATS, *LINKS_AND_BREAKS, *MARKS]), max_size=25).map("".join)
INSIDE = st.lists(st.sampled_from([*FORMATS, *MARKS]), max_size=12).map("".join)


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


def lines_of(paragraph: HtmlElement) -> Iterator[tuple[str, bool]]:
    """The lines of a paragraph, each with whether it must be kept.

    One that is nothing but a link need not be, nor a word of the page's own such as «Copy». A link that begins inside
    a line ends with it: nobody closed it.
    """
    lines: list[list[tuple[str, HtmlElement | None]]] = [[]]
    closed: set[HtmlElement] = set()
    for event, element in iterwalk(paragraph, events=("start", "end")):
        around = element if event == "start" else element.getparent()
        link = next((outer for outer in (around, *around.iterancestors()) if outer.tag == "a"), None)
        if event == "start" and element.tag == "br":
            if link is not None and any(other is None and text.strip() for text, other in lines[-1]):
                closed.add(link)
            lines.append([])
        text = element.text if event == "start" else element.tail if element is not paragraph else None
        lines[-1].append((text or "", None if link in closed else link))
    for line in lines:
        text = " ".join("".join(text for text, _ in line).split())
        own = any(map(str.isalpha, "".join(text for text, link in line if link is None)))
        yield text, own and not is_noise(text, 0)


def letters_of(text: str) -> str:
    return "".join(filter(str.isalpha, text))


@given(HOSTILE)
@example("<code>``<b>&lt;script&gt;")
@example('<a href="https://a.example/"># 字。__&amp;copy;&lt;script&gt;&lt;img src=x onerror=alert(1)&gt;')
@example('<a href="https://a.example/">(javascript:alert(1))&amp;#60;word<br>')
@example('<br>word<a href="https://a.example/">&lt;img src=x onerror=alert(1)&gt;&lt;img src=x onerror=alert(1)&gt;')
@example("<br>=<br>&lt;img src=x onerror=alert(1)&gt;<br>[<br>")
@example("<br>&lt;img src=x onerror=alert(1)&gt;<br>&lt;img src=x onerror=alert(1)&gt;<br>")
@example("<br>&amp;copy;<br>")
@example('<br><a href="https://a.example/">')
@example("__字__")
@example("word<i><s>1. ")
@example("<s>word<b>字")
def test_every_letter_is_kept(inside):
    """The words of a paragraph are its words in Markdown, in their order, whatever marks stand around them.

    No sign of Markdown is shown that the page did not have.
    """
    page = f"<p>The ferry, built in 1981, sank on Monday. {inside} The search, they said, goes on.</p>"
    written = MarkdownIt("commonmark").enable("strikethrough").parse(markdown(page))
    shown = "".join(
        child.content
        for token in written
        for child in token.children or ()
        if child.type in ("text", "text_special", "code_inline", "entity")
    )
    tree = parse(Document("page.html", f"<html><body>{page}</body></html>".encode()))
    lines = [(letters_of(text), needed) for text, needed in lines_of(tree.root.find("body/p"))]
    kept = "".join(letters if needed else f"(?:{letters})?" for letters, needed in lines)
    assert re.fullmatch(kept, letters_of(shown))
    if "<br>" not in inside:  # then there is one line, and every mark of it is shown as well
        assert "".join(tree.root.text_content().split()) == "".join(shown.split())


STRUCTURES = [
    "<p>{} In the harbour, they said, it sank at once.</p>",
    "<h3>Why it sank {}</h3>",
    "<p><b>What is next {}</b></p>",
    "<ul><li>The first, they said: {} and more</li><li>the second {}</li></ul>",
    "<ol><li>{} one item, they said.</li><li>two</li></ol>",
    "<table><tr><th>To</th><th>Yuan</th></tr><tr><td>a {}</td><td>12</td></tr><tr><td>{}</td><td>4</td></tr></table>",
    "<blockquote><p>{} We saw it, they said, on Monday in the harbour.</p></blockquote>",
    "<pre>x = 1\n{}\ny = 2</pre>",
]


@given(st.sampled_from(STRUCTURES), INSIDE)
@example("<h3>Why it sank {}</h3>", " #")
def test_every_mark_is_kept_in_every_structure(structure, inside):
    """Subheads, items, cells, quotes and code show what they show on the page, and nothing of it is markup."""
    around = "<p>Divers, who came from the north on Monday, found the ferry in the deep water of the harbour.</p>"
    page = around + structure.replace("{}", inside) + around.replace("Monday", "Tuesday")
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(markdown(page), {})
    leaves = [leaf for token in tokens for leaf in token.children or (token,)]
    assert [] == [leaf for leaf in leaves if leaf.type in ("html_block", "html_inline", "image", "hr")]
    tree = parse(Document("page.html", f"<html><body>{page}</body></html>".encode()))
    shown = "".join(leaf.content for leaf in leaves)
    assert "".join(tree.root.text_content().split()) == "".join(shown.split())
