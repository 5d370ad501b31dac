"""How much of a text an excerpt keeps."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from keep_samples import FERRY, TRAM

from plugins.mirror.keep.excerpt import excerpt


def test_an_excerpt_ends_with_a_paragraph_or_a_sentence() -> None:
    """The first paragraph here; what would be more than a third is cut at a full stop."""
    assert FERRY.partition("\n\n")[0] == excerpt(FERRY, "en")
    assert TRAM.partition("\n\n")[0] == excerpt(TRAM, "zh")
    long = "One two three four. Five six seven. " + "word " * 12 + "end."
    assert "One two three four." == excerpt(long, "en")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Only one sentence, of ten words, is all there is here.", ""),
        (
            '![Pier](https://a.example/p.jpg "Pier")\n\n## Pier\n\nThe pier. The boat. A bus. A car. A tram. The end.',
            "The pier. The boat.",
        ),
        (
            "看[第一](https://a.example/一)。再看第二句。" + "三" * 60 + "。",
            "看[第一](https://a.example/一)。再看第二句。",
        ),
        ("**甲。乙。**" + "丙" * 30 + "。", "**甲。乙。**"),
        ("", ""),
    ],
)
def test_an_excerpt_is_whole_markdown(body: str, expected: str) -> None:
    """No picture, no subhead, no half of a link or of bold words, and never more than a third."""
    assert expected == excerpt(body, "zh" if re.search("[一-龥]", body) else "en")


@given(st.lists(st.text("甲乙丙，。！ab .\n", max_size=60), max_size=12), st.sampled_from(["zh", "en"]))
def test_no_excerpt_is_longer_than_a_third(paragraphs: list[str], lang: str) -> None:
    """Whatever the text."""
    body = "\n\n".join(paragraphs)
    pattern = r"[\u3400-\u9fff]|[A-Za-z0-9]+" if lang == "zh" else r"\S+"
    assert 3 * len(re.findall(pattern, excerpt(body, lang))) <= len(re.findall(pattern, body))
