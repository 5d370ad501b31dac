"""Bytes of a web page → text, whatever the page and its server say about its encoding."""

from __future__ import annotations

import codecs
import re

from plugins.mirror.document import Document

A_LONG_HEAD = 4096
"""Bytes within which a page declares its encoding; browsers look at 1024, but portals put scripts first."""

A_SAMPLE = 200_000
"""Bytes from which an encoding is judged when nothing but judgement is left."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(rb"<meta[^>]{0,200}?charset\s{0,3}=\s{0,3}[\"']?\s{0,3}([A-Za-z0-9_.:-]{2,30})", re.IGNORECASE)
_XML = re.compile(rb"<\?xml[^>]{0,100}?encoding\s{0,3}=\s{0,3}[\"']([A-Za-z0-9_.:-]{2,30})")
_XML_IN_TEXT = re.compile(r"^\s{0,20}<\?xml[^>]{0,200}>")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\ufffe\uffff]")
_NO_ASCII = re.compile(rb"[\x80-\xff]+")

_READ_AS = {
    "gb2312": "gb18030",
    "gb_2312-80": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "cp936": "gb18030",
    "ms936": "gb18030",
    "big5": "big5hkscs",
    "big5-hkscs": "big5hkscs",
    "x-x-big5": "big5hkscs",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "ascii": "cp1252",
    "us-ascii": "cp1252",
    "utf8": "utf-8",
}
"""What pages call an encoding → the one that holds all that they write in it (WHATWG Encoding, with GB18030 for "
"GBK)."""


def decode_page(document: Document) -> tuple[str, tuple[str, ...]]:
    """Decode a page; the bytes have the last word about the encoding that the page declares.

    Returns: the text without its mark, its XML declaration and control characters; and a warning when characters
        of it are lost, or when the encoding is a guess.
    """
    data = document.data
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _read(data[len(mark) :], encoding)
    if encoding := _wide(data):
        return _read(data, encoding)
    declared = _declared(document)
    if "iso-2022-jp" in declared and b"\x1b$" in data:
        return _read(data, "iso2022_jp_ext")
    if data.isascii():
        return _clean(data.decode("ascii")), ()
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = ""
    # Some words of GBK are UTF-8 by chance, but not a whole page.
    if text and (not declared or declared[0] == "utf-8" or len(text) < len(data) - 12):
        return _clean(text), ()
    encoding, sure = _best(data, declared)
    text, warnings = _read(data, encoding)
    if not sure:
        warnings = (*warnings, f"The encoding of the page is a guess: {encoding}.")
    return text, warnings


def _wide(data: bytes) -> str:
    """UTF-16 without its mark: every second byte of the markup is zero."""
    head = data[:A_LONG_HEAD]
    half = len(head) // 2
    if half < 8 or head.count(0) < half // 2:
        return ""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > 8 * even and odd > half // 2:
        return "utf-16-le"
    return "utf-16-be" if even > 8 * odd and even > half // 2 else ""


def _declared(document: Document) -> list[str]:
    """The encodings that server, XML declaration and page name, as Python calls them, each once."""
    head = document.data[:A_LONG_HEAD]
    named = [document.charset]
    named += [found[1].decode("ascii") for shape in (_XML, _DECLARED) if (found := shape.search(head))]
    encodings = []
    for name in named:
        name = name.strip(" \"'").lower()
        name = _READ_AS.get(name, name)
        try:
            name = codecs.lookup(name).name
        except (LookupError, ValueError):
            continue
        # Whoever declares UTF-16 in ASCII bytes is wrong, and so is what does no text at all (rot13, zip).
        if name in _KNOWN or name.startswith(("iso8859", "cp125", "koi8", "iso2022")):
            encodings.append(name)
    return list(dict.fromkeys(name if not name.startswith("iso2022") else "iso-2022-jp" for name in encodings))


_KNOWN = {"utf-8", "gb18030", "big5hkscs", "cp932", "cp949", "euc_jp", "cp950", "mac-roman"}


def _best(data: bytes, declared: list[str]) -> tuple[str, bool]:
    """The encoding that reads the bytes best, and whether that is beyond doubt.

    What the page declares counts as evidence: it wins over readings that are hardly better.
    """
    sample = _sample(data)
    scores = {
        encoding: _score(sample, encoding) + (0.1 if encoding in declared else 0.0)
        for encoding in dict.fromkeys((*declared, "utf-8", "gb18030", "big5hkscs", "cp1252", "cp932"))
        if encoding != "iso-2022-jp"
    }
    best = max(scores, key=lambda encoding: scores[encoding])
    if scores[best] >= 0.6:
        return best, True
    from charset_normalizer import from_bytes  # takes 60 ms to load, and hardly any page needs it

    guessed = from_bytes(sample[:20_000]).best()
    return (guessed.encoding if guessed else best), False


def _sample(data: bytes) -> bytes:
    """The part of a page around its first characters beyond ASCII, cut where ASCII stands."""
    if len(data) <= A_SAMPLE:
        return data
    first = _NO_ASCII.search(data)
    start = max(0, (first.start() if first else 0) - 100)
    end = start + A_SAMPLE
    while end < len(data) and data[end] >= 0x80:
        end += 1
    return data[start:end]


def _score(sample: bytes, encoding: str) -> float:
    """How much like written language the bytes read: about 1 when they do, below 0 when they do not."""
    text = sample.decode(encoding, errors="replace")
    beyond = [char for char in text if char > "\x7f"]
    if not beyond:
        return 0.0
    lost = beyond.count("\ufffd") / len(beyond)
    return _SHARE.get(encoding, _usual_latin)(text, beyond) - 6 * lost


def _usual_chinese(text: str, beyond: list[str]) -> float:
    """The share of characters that everybody writes: the first level of GB2312, its marks, or Big5's first level."""
    return sum(char in _EVERYDAY for char in beyond) / len(beyond)


def _usual_japanese(text: str, beyond: list[str]) -> float:
    kana = sum("\u3041" <= char <= "\u30fe" for char in beyond)
    half_width = sum("\uff61" <= char <= "\uff9f" for char in beyond)
    return (min(1.0, 3 * kana / len(beyond)) if kana else 0.0) - 3 * half_width / len(beyond)


def _usual_latin(text: str, beyond: list[str]) -> float:
    """Letters with accents stand alone between plain ones, marks beside them; Chinese read as Latin stands in runs."""
    runs = len(re.findall(r"[^\x00-\x7f]+", text))
    alone = runs / len(beyond)
    strange = sum(char in "¤¦§¨¬­¯°±²³¶·¸¹º¼½¾ÃÐ×ÞðþÝý" or "\x80" <= char <= "\x9f" for char in beyond)
    return alone - strange / len(beyond)


def _everyday() -> frozenset[str]:
    first_level = (bytes((high, low)) for high in range(0xB0, 0xD8) for low in range(0xA1, 0xFF))
    big5 = (bytes((high, low)) for high in range(0xA4, 0xC7) for low in (*range(0x40, 0x7F), *range(0xA1, 0xFF)))
    simplified = "".join(pair.decode("gb2312", errors="ignore") for pair in first_level)
    traditional = "".join(pair.decode("big5", errors="ignore") for pair in big5)
    return frozenset(
        simplified + traditional + "，。、；：？！“”‘’（）《》【】「」『』…—·　\u00a0０１２３４５６７８９～％｜"
    )


_EVERYDAY = _everyday()
_SHARE = {
    "gb18030": _usual_chinese,
    "big5hkscs": _usual_chinese,
    "cp950": _usual_chinese,
    "utf-8": lambda text, beyond: 1.0,  # what reads as UTF-8 without a loss is UTF-8
    "cp932": _usual_japanese,
    "euc_jp": _usual_japanese,
    "cp949": lambda text, beyond: sum("\uac00" <= char <= "\ud7a3" for char in beyond) / len(beyond),
}


def _read(data: bytes, encoding: str) -> tuple[str, tuple[str, ...]]:
    text = data.decode(encoding, errors="replace")
    lost = text.count("\ufffd")
    warnings = (f"{lost} characters could not be read and stand as \ufffd.",) if lost else ()
    return _clean(text), warnings


def _clean(text: str) -> str:
    return _XML_IN_TEXT.sub("", _UNPRINTABLE.sub("", text), count=1)
