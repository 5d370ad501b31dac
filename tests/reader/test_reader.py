"""Files in, stories and problems out."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it.utils import read_fixture_file
from pelican.contents import Article, Page
from pelican.generators import ArticlesGenerator, PagesGenerator
from pelican.readers import Readers
from pelican.settings import read_settings

from plugins import reader
from plugins.problems import Problem
from plugins.reader import Story, read_story
from plugins.reader.front_matter import INSTEAD, KINDS, STORY, read_front_matter
from plugins.reader.place import read_place
from plugins.reader.reader import NO_DATE
from plugins.reader.story import Correction, Image, Source, Translation

HERE = Path(__file__).parent
CHIP = "content/zh/2024/05/chip.md"
SHANGHAI = ZoneInfo("Asia/Shanghai")


def examples(name: str) -> list:
    return [
        pytest.param(source, expected, id=title)
        for _, title, source, expected in read_fixture_file(HERE / f"{name}.md")
    ]


def read(source: str, path: str = CHIP) -> tuple[Story | None, list[str]]:
    story, problems = read_story(path, source.encode(), SHANGHAI)
    return story, [str(problem) for problem in sorted(problems)]


def front(fields: str) -> Story:
    """The story of a file with these *fields* and a title; there must be no problem."""
    story, problems = read(f"---\ntitle: 芯片\n{fields}\n---\n正文。\n")
    assert [] == problems
    return story


@pytest.mark.parametrize(("source", "expected"), examples("front_matter_problems"))
def test_problems_of_front_matter(source, expected):
    assert expected.splitlines() == read(source)[1]


@pytest.mark.parametrize(("source", "expected"), examples("body_problems"))
def test_problems_of_a_text(source, expected):
    assert expected.splitlines() == read(source)[1]


@pytest.mark.parametrize(("path", "expected"), examples("places"))
def test_places(path, expected):
    lines: list[str] = []
    place = read_place(path.strip(), lambda line, what, fix: lines.append(f"{what} {fix}"))
    if place:
        lines.insert(0, f"{place.kind} {place.language.path} {place.key}")
    assert expected.splitlines() == lines


def test_a_whole_story():
    """Every field of the contract arrives as its own type, with its line."""
    source = """\
---
title: "芯片：下一波"
date: 2024-05-03 18:30
modified: 2024-05-04T09:00:00+09:00
category: markets
kicker: 快讯
summary: >
  第一行，
  第二行 Apple
  第三行
authors: 张三、李四
tags: [AI, 芯片，汽车, AI, "甲，乙"]
products: aito-m7
image:
  src: /images/chip.svg
  alt: 走势图
  credit: 新华社
status: hidden
source:
  name: 新华社
  url: https://example.com/a?b=中
  retrieved: 2024-05-03
  permission: excerpt
  title: Chips
  dateline: 新华社北京5月3日电
  notice: 转载请注明
  credits: [张三/图, 李四/文]
translation: {of: 2024/05/chips.md, by: machine, source_hash: 0123}
corrections:
  - date: 2024-05-05
    text: 更正一处数字。
---

第一段，见[前文](../04/fab.md)。
"""
    expected = Story(
        kind="story",
        language=reader.reader.LANGUAGES["zh"],
        path="zh/2024/05/chip.md",
        key="2024/05/chip",
        title="芯片：下一波",
        body='<p>第一段，见<a href="../04/fab.md">前文</a>。</p>\n',
        text="第一段，见前文。",
        date=datetime(2024, 5, 3, 18, 30, tzinfo=SHANGHAI),
        modified=datetime(2024, 5, 4, 0, 0, tzinfo=UTC),
        category="markets",
        summary="第一行，第二行 Apple 第三行",
        authors=("张三", "李四"),
        tags=("AI", "芯片", "汽车", "甲，乙"),
        products=("aito-m7",),
        image=Image("images/chip.svg", "走势图", "新华社"),
        kicker="快讯",
        status="hidden",
        source=Source(
            "新华社",
            "https://example.com/a?b=中",
            datetime(2024, 5, 3, tzinfo=SHANGHAI),
            "excerpt",
            "Chips",
            "新华社北京5月3日电",
            "转载请注明",
            ("张三/图", "李四/文"),
        ),
        translation=Translation("2024/05/chips", "machine", "0123"),
        corrections=(Correction(date(2024, 5, 5), "更正一处数字。"),),
        given=frozenset(STORY),
        lines={},
        references=(reader.story.Reference("../04/fab.md", 34),),
    )
    story, problems = read(source)
    assert [] == problems
    named = (
        "title",
        "summary",
        "image",
        "image.alt",
        "source.url",
        "corrections",
        "corrections.date",
        "body",
    )
    assert [2, 7, 14, 16, 21, 29, 30, 33] == [story.line(name) for name in named]
    assert expected == replace(story, lines={})


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2024-05-03", datetime(2024, 5, 3, tzinfo=SHANGHAI)),
        ("2024-05-03 18:30", datetime(2024, 5, 3, 18, 30, tzinfo=SHANGHAI)),
        ("2024-05-03 18:30:15", datetime(2024, 5, 3, 18, 30, 15, tzinfo=SHANGHAI)),
        ("2024-05-03T18:30:15.25", datetime(2024, 5, 3, 18, 30, 15, tzinfo=SHANGHAI)),
        ("2024-05-03T10:30:00Z", datetime(2024, 5, 3, 10, 30, tzinfo=UTC)),
        ("2024-05-03 18:30 +08:00", datetime(2024, 5, 3, 10, 30, tzinfo=UTC)),
        ("2024-05-03 06:30-0400", datetime(2024, 5, 3, 10, 30, tzinfo=UTC)),
        ("2024-05-03 19:30+09", datetime(2024, 5, 3, 10, 30, tzinfo=UTC)),
        ('"2024-05-03"', datetime(2024, 5, 3, tzinfo=SHANGHAI)),
    ],
)
def test_dates_have_a_time_zone(written, expected):
    found = front(f"date: {written}").date
    assert expected == found
    assert found.tzinfo is not None


def test_around_midnight_either_month_is_right():
    """18:00 in London on 30 April is 1 May in Shanghai; both folders may hold the story."""
    source = "---\ntitle: Chips\ndate: 2024-04-30 18:00+01:00\n---\nText.\n"
    for month in ("04", "05"):
        assert [] == read(source, f"content/en/2024/{month}/chip.md")[1]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("title: 2024", "2024"),
        ("title: yes", "yes"),
        ("title: 1.10", "1.10"),
        ("title: null and void", "null and void"),
        ("title: >\n  芯片\n  上涨", "芯片上涨"),
        ("title: 芯片\n  上涨 Apple\n  股", "芯片上涨 Apple 股"),
        ("title: A股 上涨", "A股 上涨"),
        ("title: 涨 跌", "涨 跌"),
        ("title: '“芯片”: \"利好\"'", '“芯片”: "利好"'),
        ("title: 芯片　上涨", "芯片　上涨"),
    ],
)
def test_titles_are_what_was_written(written, expected):
    """YAML's guesses (numbers, yes and no) do not reach a title."""
    assert expected == read(f"---\n{written}\n---\n正文。\n")[0].title


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("tags: AI", ("AI",)),
        ("tags: AI, 芯片；汽车", ("AI", "芯片", "汽车")),
        ("tags: [AI, 芯片]", ("AI", "芯片")),
        ("tags:\n  - AI\n  - 芯片", ("AI", "芯片")),
        ("tags:\n- 2024\n- on", ("2024", "on")),
        ("tags: [“甲”，“乙”]", ("“甲”", "“乙”")),
        ("tags:", ()),
        ("tags: []", ()),
    ],
)
def test_tags_may_be_a_list_or_one_line(written, expected):
    assert expected == front(written).tags


def test_an_empty_field_is_not_given():
    story = front("summary:\ndate: ~\ntags: []\nimage:\n")
    assert frozenset({"title"}) == story.given


def test_an_ornament_has_an_empty_alt():
    assert Image("images/line.svg") == front('image: {src: images/line.svg, alt: ""}').image


def test_a_field_that_cannot_be_read_is_given_but_has_its_default():
    """So that other stages neither inherit it nor say that it is missing."""
    story, problems = read("---\ntitle: 芯片\ndate: soon\n---\n正文。\n")
    assert (None, True, 1) == (story.date, "date" in story.given, len(problems))


def test_a_withdrawn_text_goes_nowhere():
    story, problems = read("---\ntitle: 芯片\nstatus: withdrawn\n---\n正文[甲](a.md)。\n")
    assert ("", "", (), []) == (story.body, story.text, story.references, problems)


@pytest.mark.parametrize("kind", ["products", "pages"])
def test_products_and_pages_have_fewer_fields(kind):
    source = "---\ntitle: 问界\nkicker: 新\nauthors: 张三\n---\n正文。\n"
    fields = "title, summary, image, date, modified, status, translation, corrections"
    if kind == "products":
        fields += ", category, tags, source"
    path = f"content/zh/{kind}/m7.md"
    name = kind.removesuffix("s")
    assert [
        f'{path}:3: a {name} has no field "kicker". Remove it. Fields are {fields}.',
        f'{path}:4: a {name} has no field "authors". Remove it. Fields are {fields}.',
    ] == read(source, path)[1]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (
            b"---\ntitle: a\n---\nb\n\xff\n",
            [':5: byte 0xFF is not UTF-8. Save the file with the encoding "UTF-8".'],
        ),
        (
            b"\xef\xbb\xbf---\r\ntitle: a\r\n---\r\n\xd0\xbe",
            [],
        ),
        (
            b"\xef\xbb\xbf---\r\ntitle: a\r\n---\r\n\xd0",
            [':4: byte 0xD0 is not UTF-8. Save the file with the encoding "UTF-8".'],
        ),
        (
            "---\ntitle: 股票\n---\n".encode("gb18030"),
            [':2: byte 0xB9 is not UTF-8. Save the file with the encoding "UTF-8".'],
        ),
        (
            "---\ntitle: 芯片\n---\n".encode("utf-16"),
            [':1: byte 0xFF is not UTF-8. Save the file with the encoding "UTF-8".'],
        ),
        (b"---\rtitle: a\r---\rb", []),
        (
            b"---\ntitle: a\0b\n---\nb\x07\x7f\n",
            [
                ":2: there is an invisible character U+0000. Type the line again.",
                ":4: there is an invisible character U+0007. Type the line again.",
                ":4: there is an invisible character U+007F. Type the line again.",
            ],
        ),
        ("---\ntitle: a\u2028b\nfoo: c\n---\nb\u2028c\u0085".encode(), None),
    ],
)
def test_bytes(data, expected):
    """Byte order marks and all line ends are read; what is no text is told with its line."""
    _, problems = read_story(CHIP, data, SHANGHAI)
    found = [str(problem).removeprefix(CHIP) for problem in sorted(problems)]
    if expected is None:
        assert [3, 5] == sorted(problem.line for problem in problems)
    else:
        assert expected == found


def test_endless_front_matter_is_a_problem_and_no_crash():
    """libyaml dies of 200,000 open brackets."""
    _, problems = read("---\ntitle: " + "[" * 200_000 + "\n---\nText.\n")
    assert [
        f"{CHIP}:1: the front matter is longer than 20000 characters. "
        'Write a line "---" below the last field, and the text below that.'
    ] == problems


def test_names_from_elsewhere_lead_to_fields_that_there_are():
    assert set() == set(INSTEAD.values()) - set(STORY)


FILES = st.one_of(
    st.binary(max_size=200),
    st.text(max_size=200).map(str.encode),
    st.builds(
        lambda fields, body: ("---\ntitle: a\n" + "\n".join(fields) + "\n---\n" + body).encode(),
        st.lists(
            st.builds(
                "{}{}{}{}".format,
                st.sampled_from(["", " ", "  ", "\t", "- "]),
                st.sampled_from([*STORY, "src", "name", "foo", "<<", "?"]),
                st.sampled_from([": ", ":", "：", ""]),
                st.text(alphabet="a中,，[]{}\"'|>&*!%@`#-:?\\0129 \n", max_size=20),
            ),
            max_size=6,
        ),
        st.text(alphabet="a中“”。*_~`[]()<>!/\"'=#^|:-+.&;\\1 \n\t", max_size=120),
    ),
)


@given(FILES, st.text(alphabet="content/enzh2405.mdpages", max_size=30))
@example(b"---\n(:\nauthors:\n- -\n---", "")
def test_any_file_gives_a_story_or_problems(data, path):
    """It never raises, and a file without a story says why, with a line that the file has."""
    for place in (CHIP, path):
        story, problems = read_story(place, data, SHANGHAI)
        assert isinstance(story, Story) or problems
        lines = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").count(b"\n") + 1
        for problem in problems:
            assert isinstance(problem, Problem)
            assert problem.path == place
            assert 0 <= problem.line <= lines + 1
            assert problem.what.endswith(".")


PIECES = "中文¦a¦2024-05-01¦ 08:30¦:¦: ¦ #¦#¦,¦, ¦，¦、¦null¦~¦'¦ ¦  ¦-¦a/b¦https://a.cn/b¦published¦full¦*a¦&a¦!a¦\\¦\\n¦?¦|¦@¦%"
WORDS = st.lists(st.sampled_from([*PIECES.split("¦"), "\u3000", "\ufeff", "\xa0"]), max_size=4).map("".join)
VALUES = st.one_of(
    WORDS,
    st.sampled_from(["2024-05-01", "2024-13-01", "true", "", '""', "[]", "{}", "[a, ]", "[[a], b]", "[a b, c]", "- a"]),
    WORDS.map('"{}"'.format),
    WORDS.map("'{}'".format),
    st.lists(st.one_of(WORDS, WORDS.map('"{}"'.format), WORDS.map(" {} ".format)), max_size=3).map(
        lambda items: f"[{','.join(items)}]"
    ),
    st.lists(
        st.builds(
            "{0}{1}{0}: {2}{3}{2}".format,
            st.sampled_from(["", '"']),
            st.sampled_from(["src", "alt", "name", "url", "of", "by", "retrieved", "foo", "name"]),
            st.sampled_from(["", '"']),
            WORDS,
        ),
        max_size=3,
    ).map(lambda pairs: f"{{{', '.join(pairs)}}}"),
)
FIELDS = st.builds(
    "{}{}{}{}".format,
    st.sampled_from([""] * 15 + [" ", "  ", "- ", "# ", "\t"]),
    st.sampled_from([*STORY, *STORY, "lang", "src", "---", '"title"']),
    st.sampled_from([": "] * 15 + [":  ", ":", " : ", "："]),
    VALUES,
)


@given(st.lists(FIELDS, max_size=5), st.sampled_from(["title: a", 'title: "a: b"', ""]), st.sampled_from(list(KINDS)))
@example(["authors: [&a b]", "tags: [&a c]"], "title: a", "story")
@example(["authors: [&a b]", "tags: [*a]"], "title: a", "story")
@example(['tags: ["a，b", c，d, "e"]', "status: null"], "title: a", "story")
@example(["summary: a:\tb"], "title: a", "story")
@example(['summary: "a\x85b"'], "title: a", "story")
@example(["tags: [a: b, c]"], "title: a", "story")
@example(["source: {name: a, retrieved: 2024-05-01}", "date: 2024-05-02", "modified: 2024-05-01"], "title: a", "story")
def test_fields_of_one_line_are_read_without_yaml_as_with_it(fields, title, kind):
    """Values, lines and problems are those that YAML and its checks give; twice, because lines are remembered."""
    content = "\n".join(["---", title, *fields, "---", "Text."])

    def told():
        problems: list[tuple[int, str, str]] = []
        front = read_front_matter(content, kind, SHANGHAI, lambda *problem: problems.append(problem))
        return front, list(front.lines), problems

    quick = told()
    assert quick == told()
    with patch("plugins.reader.front_matter._read_lines", return_value=None):
        assert told() == quick


@pytest.fixture
def settings(tmp_path):
    """Settings of a site with one folder of content, all readers ours."""
    reader.register()
    content = tmp_path / "content"
    content.mkdir()
    return read_settings(
        override={
            "PATH": str(content),
            "OUTPUT_PATH": str(tmp_path / "output"),
            "TIMEZONE": "Asia/Shanghai",
            "ARTICLE_PATHS": ["zh/2024", "en/2024"],
            "PAGE_PATHS": ["zh/pages", "en/pages"],
            "USE_FOLDER_AS_CATEGORY": False,
            "WITH_FUTURE_DATES": False,
            "ARTICLE_TRANSLATION_ID": "key",
            "CACHE_CONTENT": False,
            "PLUGINS": [],
        }
    )


def _generated(settings, kind, files):
    for path, text in files.items():
        file = Path(settings["PATH"], path)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    context = settings | {
        "generated_content": {},
        "static_links": set(),
        "static_content": {},
        "localsiteurl": "",
    }
    generator = kind(context, settings, settings["PATH"], settings["THEME"], settings["OUTPUT_PATH"])
    generator.generate_context()
    return generator


def test_pelican_makes_articles_of_every_file(settings, caplog):
    """Whatever a file says, Pelican warns of nothing and drops nothing: later stages have the last word."""
    story = "---\ntitle: {0}\n{1}\n---\n正文 <img src='a.svg' alt=''>\n"
    fields = {
        "published": "date: 2024-05-03\ncategory: markets\ntags: [甲, 乙]\nauthors: 张三",
        "draft": "status: draft\ndate: 2024-05-03",
        "hidden": "status: hidden\ndate: 2024-05-03",
        "withdrawn": "status: withdrawn\ndate: 2024-05-03",
        "undated": "summary: 摘要",
        "undated-draft": "status: draft",
        "future": "date: 2024-05-03\nmodified: 2924-05-03",
        "2024-05-03-broken": "date: [",
    }
    files = {f"zh/2024/05/{name}.md": story.format(name, given) for name, given in fields.items()}
    files["en/2024/05/published.md"] = story.format("published", "date: 2024-05-03")
    files["en/2024/06/published.md"] = story.format("published", "date: 2024-06-03")
    with caplog.at_level(logging.WARNING):
        generator = _generated(settings, ArticlesGenerator, files)
    assert [] == [record.getMessage() for record in caplog.records]
    articles = [
        *generator.articles,
        *generator.translations,
        *generator.drafts,
        *generator.drafts_translations,
        *generator.hidden_articles,
        *generator.hidden_translations,
    ]
    found = {article.relative_source_path: article for article in articles}
    assert set(files) == set(found)
    statuses = {Path(path).stem: article.status for path, article in found.items() if path.startswith("zh")}
    assert {
        "published": "published",
        "draft": "draft",
        "hidden": "hidden",
        "withdrawn": "hidden",
        "undated": "published",
        "undated-draft": "draft",
        "future": "published",
        "2024-05-03-broken": "hidden",
    } == statuses
    whole = found["zh/2024/05/published.md"]
    assert ("markets", ["甲", "乙"], ["张三"], "zh", "published") == (
        whole.category.name,
        [tag.name for tag in whole.tags],
        [author.name for author in whole.authors],
        whole.lang,
        whole.slug,
    )
    assert whole.story.body == whole._content
    assert NO_DATE == found["zh/2024/05/undated.md"].date
    broken = found["zh/2024/05/2024-05-03-broken.md"]
    assert (None, "2024-05-03-broken", NO_DATE) == (broken.story, broken.title, broken.date)
    assert [("content/zh/2024/05/2024-05-03-broken.md", 3)] == [
        (problem.path, problem.line) for problem in broken.problems
    ]


def test_pelican_makes_pages(settings, caplog):
    text = "---\ntitle: 关于\nsummary: 摘要\n---\n正文。\n"
    with caplog.at_level(logging.WARNING):
        generator = _generated(settings, PagesGenerator, {"zh/pages/about.md": text, "en/pages/about.md": text})
    assert [] == [record.getMessage() for record in caplog.records]
    pages = [*generator.pages, *generator.translations]
    assert [("en/pages/about.md", "page"), ("zh/pages/about.md", "page")] == sorted(
        (page.story.path, page.story.kind) for page in pages
    )


def test_pelican_reads_every_ending_of_markdown_with_our_reader(settings):
    """READERS and DEFAULT_METADATA of the host still work; only Markdown is ours."""
    file = Path(settings["PATH"], "en", "pages", "about.markdown")
    file.parent.mkdir(parents=True)
    file.write_text("---\ntitle: About\n---\nText.\n", encoding="utf-8")
    for content_class in (Article, Page):
        found = Readers(settings).read_file(settings["PATH"], str(file), content_class=content_class)
        assert ("pages/about", "About") == (found.story.key, found.title)
