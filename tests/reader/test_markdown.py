"""Markdown in, HTML out: the examples are in the *.md beside this file."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.parser_block import ParserBlock
from markdown_it.parser_inline import ParserInline
from markdown_it.token import Token
from markdown_it.utils import read_fixture_file
from mdit_py_plugins.deflist import deflist_plugin

from plugins.languages import LANGUAGES
from plugins.reader.chinese import ChineseInline, ChineseState
from plugins.reader.markdown import PARSER, make_parser, read_body, slug
from plugins.reader.sanitise import LABELS, sanitise
from plugins.reader.story import Reference

HERE = Path(__file__).parent


def examples(*names: str) -> list:
    """Input and expected output of the examples in the files *names*, each under its title."""
    return [
        pytest.param(source, expected, id=f"{name}: {title}")
        for name in names
        for _, title, source, expected in read_fixture_file(HERE / f"{name}.md")
    ]


def read(source: str, language: str = "zh"):
    problems: list[tuple[int, str, str]] = []
    return read_body(source, LANGUAGES[language], 1, lambda *problem: problems.append(problem)), problems


@pytest.mark.parametrize(("source", "expected"), examples("emphasis", "line_breaks", "blocks", "html"))
def test_chinese_examples(source, expected):
    body, problems = read(source)
    assert (expected.rstrip(), []) == (body.html.rstrip(), problems)


@pytest.mark.parametrize(("source", "expected"), examples("commonmark", "line_breaks_en"))
def test_english_examples(source, expected):
    body, problems = read(source, "en")
    assert (expected.rstrip(), []) == (body.html.rstrip(), problems)


MARKUP = st.text(alphabet="ab .,(*_~`[]()!<>/\n\"'“”—…&#-|:\\", max_size=60)


@given(MARKUP)
def test_without_chinese_it_is_commonmark(source):
    """Emphasis beside Chinese changes nothing for texts that contain none."""
    ours = MarkdownIt()
    ours.inline = ChineseInline()
    ours.configure("commonmark").enable(["table", "strikethrough"]).use(deflist_plugin)
    stock = MarkdownIt("commonmark").enable(["table", "strikethrough"]).use(deflist_plugin)
    assert stock.render(source) == ours.render(source)


class EveryRule(ParserInline):
    """As markdown-it asks its rules, with our emphasis."""

    def parse(self, src, md, env, tokens):
        state = ChineseState(src, md, env, tokens)
        self.tokenize(state)
        for rule in self.ruler2.getRules(""):
            rule(state)
        return state.tokens


PATIENT = make_parser(ParserBlock(), EveryRule())
BEGINNINGS = [
    "- ",
    "* ",
    "1. ",
    "12) ",
    "> ",
    "    ",
    "\t",
    "## ",
    "| a | b |\n|---|:-:|\n",
    "---",
    "===",
    "***",
    "```\n",
]
BEGINNINGS += [": ", "~ ", "[^1]: ", "[a]: b", "<div>", "<!--", "+ ", "2024年", "3.5%", "**中**", "_", "\n", "\n\n"]
INSIDE = [
    "[^1]",
    "[a](b)",
    "![a](b 't')",
    "<b>",
    "</b>",
    "&amp;",
    "&#13;",
    "`",
    "**",
    "*",
    "~~",
    "\\",
    "!",
    "]",
    "[",
    "“",
    "：",
    "中",
]
INSIDE += ["English", " ", "  \n", "\n", "<https://a.cn>", "|", "\xa0", "-", "="]


TABLE = st.lists(
    st.sampled_from(["|", "|", "-", "--", ":", " ", "\t", "\u3000", "a", "\\", "\n", "> ", "- "]), max_size=40
).map("".join)


PROSE = [
    "甲乙。",
    "Some words.",
    "“Mr. A” said:",
    "2024. Then",
    "3.5%",
    "1)",
    "　　甲",
    "乙\u3000",
    "\xa0",
    "\t",
    "a  b",
    "> ",
]
PROSE += [
    "\n\n",
    "\n\n",
    "\n\n\n",
    "\n",
    "\n \n",
    "\n\n: ",
    "\n  ~ ",
    "\n\n## 甲\n\n",
    "## a #",
    "# b!",
    "- c\n\n",
    "  d",
]
PROSE += [
    "**甲**",
    "**a b**",
    "** a**",
    "**，**",
    "***",
    "[甲](a/b.md)",
    "[a](https://a.cn/_b_)",
    "[^a](b)",
    "![c](d)",
    "[](",
]
TEXTS = st.lists(st.sampled_from(BEGINNINGS + INSIDE * 2), max_size=25).map("".join) | TABLE
TEXTS |= st.lists(st.sampled_from(PROSE), max_size=12).map("".join)


def spelled_out(tokens: list[Token]) -> list[dict]:
    """*tokens* as markdown-it makes them: of each paragraph in a token ``prose`` three, and no empty texts."""
    told = []
    for token in tokens:
        if token.type == "prose":
            first, _ = token.map
            for number, words in enumerate(token.content.split("\n\n")):
                lines = [first + 2 * number, first + 2 * number + 1]
                for name, nesting, tag in (("paragraph_open", 1, "p"), ("inline", 0, ""), ("paragraph_close", -1, "p")):
                    told.append(Token(name, tag, nesting, level=not nesting and 1, block=True).as_dict())
                told[-2] |= {
                    "content": words,
                    "map": lines,
                    "children": [Token("text", "", 0, content=words).as_dict()],
                }
                told[-3]["map"] = lines
        else:
            told.append(token.as_dict())
            told[-1]["children"] = token.children and [
                child.as_dict() for child in token.children if child.type != "text" or child.content
            ]
    return told


@given(TEXTS)
@example("a\n\n: b")
@example("a\n\nb\n\n  ~ c")
@example("a\n\nb \n\n## c\n\nd\n\n\n1) e")
@example("**a** b **中**[c](d)\n\n[^e](f) [g](_h_)\n\n[^e]: i")
def test_rules_that_are_not_asked_would_have_said_no(source):
    """Rules are asked only where they could say yes; asking every rule everywhere reads the same."""
    quick, patient = (
        spelled_out(parser.parse(source, {"language": LANGUAGES["zh"], "labels": LABELS["zh"]}))
        for parser in (PARSER, PATIENT)
    )
    assert patient == quick


@given(TEXTS, st.sampled_from(["en", "zh"]))
@example("a  b\n\n## c\n\nd\n\n- e\n\nf\n", "en")
@example("\1\n\na\n\n## b", "en")
@example("a\n\n<div>\n\nb", "en")
def test_prose_is_read_apart_from_the_rest_and_comes_out_the_same(source, language):
    """HTML, text, references and problems are those that the text has as a whole."""
    quick = read(source, language)
    with patch("plugins.reader.markdown.PARSER", PATIENT):
        assert read(source, language) == quick


def test_the_parser_of_others_stays_as_it_was():
    """Our emphasis is ours alone: a plugin beside us gets CommonMark."""
    assert "<p>**注意：**正文</p>\n" == MarkdownIt().render("**注意：**正文")


@given(st.text(alphabet="中“”，a*_~`[]()!<>/\n\"'=-|:#^&;&1 ", max_size=80))
def test_sanitising_a_sanitised_body_changes_nothing(source):
    """What comes out is well-formed and allowed: reading it again finds nothing to repair."""
    once = sanitise(PARSER.render(source, {"language": LANGUAGES["zh"], "labels": LABELS["zh"]}))
    assert once == sanitise(once)


PLAIN = ["中文", "a b", "“", '"', "'", "&amp;", "&lt;b>", "&#13;", "&#12;", "&nbsp;", "\xa0", ">", "**", "*", "_", "~~"]
PLAIN += [
    "`",
    "\n",
    "\n\n",
    "# ",
    "## ",
    "### 甲 ",
    "- ",
    "3. ",
    "> ",
    "| a | b |\n|:-:|--:|\n| c | d |\n",
    "    ",
    ": ",
]
PARTS = "https:// http:// // / . .. : @ [ ] javascript: data: mailto: xn--a -- - a cn b1 1 0x7f % %41 %zz ? # & = 中 é"
ADDRESSES = st.lists(st.sampled_from(PARTS.split(" ")), max_size=8).map("".join)
LINKS = st.builds("[{}]({})".format, st.sampled_from(["a", "**b**", "![c](d)", ""]), ADDRESSES)


@given(st.lists(st.sampled_from(PLAIN) | LINKS, max_size=20).map("".join))
def test_nothing_is_cleaned_only_where_that_changes_nothing(source):
    """Whether a body is cleaned or seen to be harmless, the same is published."""
    body = PARSER.render(source, {"language": LANGUAGES["zh"], "labels": LABELS["zh"]})
    assert sanitise(body) == sanitise(body, well_nested="<" not in source)


@given(ADDRESSES)
def test_addresses_are_normal_as_markdown_it_says(address):
    assert MarkdownIt().normalizeLink(address) == PARSER.normalizeLink(address)


@pytest.mark.parametrize(
    "unclean",
    [
        '<a href="javascript:alert(1)">a</a>',
        '<a href="java\nscript:alert(1)">a</a>',
        '<a href="https://a.cn/" onclick="alert(1)">a</a>',
        '<a href="https://[a/">a</a>',
        '<h2 id="a" onclick="b">a</h2>',
        "<h1>a</h1>",
        "<script>a</script>",
        "<p onclick=a>a</p>",
        "<p",
        "a < b",
        "a > b",
        "a & b",
        "a\rb",
    ],
)
def test_what_could_harm_is_cleaned_whoever_wrote_it(unclean):
    """Nothing but words and harmless tags is left as it is."""
    assert sanitise(unclean) == sanitise(unclean, well_nested=True) != unclean


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1) alt=x>",
        "[a](javascript:alert(1))",
        "[a](JaVaScRiPt:alert(1))",
        "[a](java\tscript:alert(1))",
        "<a href='&#106;avascript:alert(1)'>a</a>",
        "<svg><script>alert(1)</script></svg>",
        "<svg onload=alert(1)>",
        "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
        "<a href=x style='background:url(javascript:alert(1))'>a</a>",
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
        "<details open ontoggle=alert(1)>a</details>",
        "<form action=javascript:alert(1)><input type=submit></form>",
        "<a href='data:text/html,<script>alert(1)</script>'>a</a>",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
        '![x](images/a.png"onerror="alert(1))',
        "```<script>\nalert(1)\n```",
    ],
)
def test_nothing_runs(attack):
    """No element, attribute or address of a story can run a program."""
    html = read(attack)[0].html.lower()
    for tag in ("<script", "<iframe", "<svg", "<form", "<style", "<math", "<input"):
        assert tag not in html
    for part in html.split("<")[1:]:
        inside = part.partition(">")[0]
        assert " on" not in inside
        assert 'href="javascript' not in inside.replace("\t", "")
        assert 'href="data' not in inside


@pytest.mark.parametrize(
    "source",
    [
        "<img src='https://example.com/a.png' alt=a>",
        "<img src='ht\ntps://example.com/a.png' alt=a>",
        "<img src='\\\\example.com/a.png' alt=a>",
        "<div><img/src='//example.com/a.png' alt=a></div>",
        "<image src='https://example.com/a.png' alt=a>",
        "![a](https://example.com/a.png)",
        "![a](//example.com/a.png)",
        "![a][b]\n\n[b]: https://example.com/a.png",
    ],
)
def test_pictures_of_other_hosts_are_not_loaded(source):
    """Readers are promised no requests to other hosts; an editor is told."""
    body, problems = read(source)
    assert "<img" not in body.html
    assert problems


def test_a_text_is_the_words_of_a_body():
    """Summaries, counts and the search index need words, without markup and marks."""
    source = """\
## 政策 & 利好

第一行
第二行[^1]，**重点** <ruby>汉<rt>hàn</rt></ruby> `<b>`。
Apple
rose.

| 甲 | 乙 |
|---|---|
| 1 | 2 |

- 一
- 二

![图](a.png)

[^1]: 脚注
"""
    text = "政策 & 利好\n第一行第二行，重点 汉 <b>。Apple rose.\n甲 乙\n1 2\n一\n二\n脚注"
    assert text == read(source)[0].text


def test_references_lead_to_files_of_the_portal_and_have_lines():
    """Other stages check and rewrite them; addresses of other hosts are not theirs."""
    source = """\
[甲](../04/a.md#价格)，
[乙](../04/中文 b.md) [c](<../04/a b.md>)
![图](/images/图.png) <img src="images/d.png" alt="">
[web](https://example.com) <mailto:a@example.com> [anchor](#甲) [tel](tel:110) [host](//example.com)

## 甲

- [列表](e.md)

[参考][f]

[f]: f.md
"""
    expected = (
        Reference("../04/a.md#价格", 1),
        Reference("../04/a b.md", 2),
        Reference("/images/图.png", 3),
        Reference("images/d.png", 3),
        Reference("e.md", 8),
        Reference("f.md", 10),
    )
    assert expected == read(source)[0].references


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("芯片股领涨", "芯片股领涨"),
        ("一、政策：“利好”", "一-政策-利好"),
        ("What’s next?", "whats-next"),
        ("  A_b  ", "a-b"),
        ("……", ""),
    ],
)
def test_slugs_keep_chinese(title, expected):
    assert expected == slug(title)


def test_every_edition_has_its_labels():
    assert set(LANGUAGES) == set(LABELS)


def test_brackets_that_nest_deeply_are_a_problem_and_no_crash():
    body, problems = read("![" * 5000 + "](x)" * 5000)
    assert body.html or problems
