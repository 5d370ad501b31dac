"""Bytes of a page become its text, whatever page and server say of their encoding."""

from __future__ import annotations

import pytest

from plugins.mirror.document import Document
from plugins.mirror.page.decoding import decode_page

SIMPLIFIED = "<title>海港城新码头下月启用</title><p>海港城市政府昨日宣布，新码头将于下月启用。“这是大事”，他说。</p>"
TRADITIONAL = "<title>維港渡輪減班</title><p>海港城市政府昨日宣佈，新碼頭將於下月啟用。「這是大事」，他說。</p>"
ENGLISH = "<p>The café’s owner said “we’re open” — naïve, perhaps.</p>"
JAPANESE = "<p>これは日本語のテキストです。港の新しい埠頭が開きます。</p>"
WRONG = ("", "utf-8", "gb2312", "iso-8859-1", "big5", "shift_jis", "no-such-charset", "rot13")


@pytest.mark.parametrize("declared", WRONG)
@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        *(
            (SIMPLIFIED, encoding)
            for encoding in ("utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-32")
        ),
        *((TRADITIONAL, encoding) for encoding in ("big5", "utf-8", "gbk")),
        *((ENGLISH, encoding) for encoding in ("cp1252", "utf-8")),
        *((JAPANESE, encoding) for encoding in ("shift_jis", "utf-8")),
    ],
)
def test_the_bytes_have_the_last_word(text: str, encoding: str, declared: str) -> None:
    """A wrong or a missing declaration of the server changes nothing."""
    page = text if encoding.startswith("utf-16") else text * 3
    assert page == decode_page(Document("page", page.encode(encoding), charset=declared))[0]


@pytest.mark.parametrize(("encoding", "declared"), [("gbk", "utf-8"), ("utf-8", "gb2312"), ("big5", "gb2312")])
def test_a_page_may_be_wrong_about_itself(encoding: str, declared: str) -> None:
    """So does a wrong declaration in the page."""
    page = f'<meta charset="{declared}">' + (TRADITIONAL if encoding == "big5" else SIMPLIFIED)
    assert (page, ()) == decode_page(Document("page", page.encode(encoding)))


def test_a_declaration_decides_between_readings_that_are_as_good() -> None:
    """Two words of GBK can be UTF-8 by chance."""
    page = '<meta charset="gbk"><b>联通</b>'
    assert page == decode_page(Document("page", page.encode("gbk")))[0]


def test_lost_characters_are_counted() -> None:
    """A page that was cut in the middle of a character is read, and the editor hears of it."""
    text, warnings = decode_page(Document("page", SIMPLIFIED.encode()[:-5]))
    assert SIMPLIFIED[:20] == text[:20]
    assert ("1 characters could not be read and stand as \ufffd.",) == warnings


def test_the_xml_declaration_and_control_characters_are_gone() -> None:
    """The parser takes text that declares an encoding for a mistake."""
    data = b'<?xml version="1.0" encoding="gb2312"?><p>\x00\x08ok</p>'
    assert ("<p>ok</p>", ()) == decode_page(Document("page", data))
