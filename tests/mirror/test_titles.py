"""Where the articles of a dump begin."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from markdown_it.utils import read_fixture_file

from plugins.mirror.dump.extract import extract

EXAMPLES = read_fixture_file(Path(__file__).with_name("titles.md"))
NOW = date(2026, 1, 31)


@pytest.mark.parametrize(("line", "claim", "dump", "expected"), EXAMPLES, ids=lambda value: str(value)[:40].strip())
def test_titles_are_told_from_what_stands_around_them(line: int, claim: str, dump: str, expected: str) -> None:
    """Each example: a dump, and a title a line."""
    assert [found.title for found in extract(dump.encode(), now=NOW)] == expected.rstrip("\n").split("\n")


def test_a_last_section_of_one_paragraph_may_be_an_article() -> None:
    """Nothing tells them apart, so the editor is asked."""
    paragraph = "The quay was built by eleven towns, and each of them still pays for its own steps."
    dump = f"The ferry is back\n\n{paragraph}\n\n{paragraph}\n\nSmall quay, big ships\n\n{paragraph}\n"
    (found,) = extract(dump.encode(), now=NOW)
    assert "“Small quay, big ships” may be the title of another article." in found.warnings


def test_a_second_source_is_kept() -> None:
    """The first names the story, the other stays among the credits."""
    dump = "渡轮复航\n晨星社5月6日讯(编辑 苗青)渡轮今天复航,停航三年。 票价两元,老人免费。 来源:江州网\n"
    (found,) = extract(dump.encode(), now=NOW)
    assert (found.source.name, found.source.credits) == ("晨星社", ("江州网",))
