"""Bytes of a dump → text."""

from __future__ import annotations

import codecs
import re

_MARKED = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")


class Undecodable(ValueError):
    """The bytes are no text; the message is a sentence for the editor."""


def decode(data: bytes) -> tuple[str, tuple[str, ...]]:
    """Decode a dump: UTF-8 or UTF-16 by its mark, else UTF-8, else GB18030 (which contains GBK and GB2312).

    Returns: the text, and warnings when characters of it are lost.
    Raises: Undecodable when there is no text in *data*.
    """
    if not data.strip():
        raise Undecodable("The file is empty.")
    text, lost = _decode(data)
    # One control character in a hundred is more than any text has and far less than a picture or an archive.
    if len(_CONTROL.findall(text)) * 100 > len(text):
        raise Undecodable("The file is not text.")
    text = _CONTROL.sub("", text)
    lost = max(lost, text.count("\ufffd"))
    if lost * 10 > len(text):
        raise Undecodable("The file is not text in UTF-8 or GB18030.")
    warnings = (f"{lost} characters could not be read and stand as \ufffd.",) if lost else ()
    return text, warnings


def _decode(data: bytes) -> tuple[str, int]:
    for mark, encoding in _MARKED:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace"), 0
    for encoding in ("utf-8", "gb18030"):
        try:
            return data.decode(encoding), 0
        except UnicodeDecodeError:
            continue
    # A file cut in the middle of a character: the reading that loses less is the right one.
    readings = [data.decode(encoding, errors="replace") for encoding in ("utf-8", "gb18030")]
    text = min(readings, key=lambda reading: reading.count("\ufffd"))
    return text, text.count("\ufffd")
