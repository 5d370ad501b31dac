"""Paragraphs, subheads and credits come out of the lines of a dump."""

from __future__ import annotations

from pathlib import Path

import pytest
from markdown_it.utils import read_fixture_file

from plugins.mirror.dump.lines import Line, join_wrapped, read_lines
from plugins.mirror.dump.paragraphs import chinese_blocks, english_blocks

EXAMPLES = read_fixture_file(Path(__file__).with_name("paragraphs.md"))
MARKS = {"heading": "## ", "credit": "@", "paragraph": ""}


@pytest.mark.parametrize(("line", "claim", "dump", "expected"), EXAMPLES, ids=lambda value: str(value)[:40].strip())
def test_a_body_is_cut_into_its_blocks(line: int, claim: str, dump: str, expected: str) -> None:
    """Each example: lines of a dump, and the blocks they hold."""
    lang, *rows = dump.rstrip("\n").split("\n")
    lines = [Line(number, row, 0, 0, lang, False, False) for number, row in enumerate(rows, 1)]
    blocks = (chinese_blocks if lang == "zh" else english_blocks)(lines)
    assert "\n".join(MARKS[block.kind] + block.text for block in blocks) == expected.rstrip("\n")


def test_menus_and_footers_are_no_lines_of_an_article() -> None:
    """The site's own words go, in both languages, wherever they stand."""
    dump = (
        "EN\n中文\n注册 / 登录\n产品分类:\n数码 汽车 基金\n头条分类:\n加载中...\n标题在这里\n正文在这里。\n"
        "版权所有 (C) 某公司 粤ICP备1号\n免责声明:本网站内容由用户上传。\nRegister / Login\nLoading...\n"
    )
    assert [line.text for line in read_lines(dump)] == ["标题在这里", "正文在这里。"]


def test_a_disclaimer_of_the_article_stays_with_it() -> None:
    """Only the site's own disclaimer is a footer."""
    assert [line.text for line in read_lines("免责声明:本文不构成投资建议。")] == ["免责声明:本文不构成投资建议。"]


def test_lines_that_a_program_wrapped_are_joined() -> None:
    """Most lines stop in mid-sentence, at about the same width."""
    dump = (
        "A title stands above\n\n"
        "The overnight service between the two towns will run again from\n"
        "June, eleven years after it was cut, the operator announced on the\n"
        "third of March, and two cars have been rebuilt at the works of the\n"
        "company.\n\n"
        "It is cheap.\n"
    )
    assert [line.text[-12:] for line in join_wrapped(read_lines(dump))] == [
        "stands above",
        "the company.",
        "It is cheap.",
    ]
