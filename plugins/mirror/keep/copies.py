"""Copies of a story: the same text, come a second time from a page that has no address of its own."""

from __future__ import annotations

import hashlib
import re

from plugins.mirror.keep.form import Form
from plugins.mirror.keep.merge import lasting
from plugins.mirror.keep.pictures import text_without_pictures

MOST = 100
"""Copies of one story that are remembered; of more, the last."""

OF_THE_STORY = ("image", "translation")
OF_THE_SOURCE = ("url", "also", "permission", "indexing")
"""What the library adds to a form, or a page says of itself and not of the text."""


def words_of(body: str) -> str:
    """The letters and digits of a Markdown text, without those of its pictures: the same before they are stored."""
    return re.sub(r"[\W_]+", "", text_without_pictures(body))


def mark_of(form: Form) -> str:
    """What a copy is known by when it comes again: a digest of what it says (``#`` and 16 hexadecimal digits)."""
    said = lasting(form.fields)
    source = said.pop("source", None)
    if isinstance(source, dict):
        said |= {f"source.{name}": value for name, value in source.items() if name not in OF_THE_SOURCE}
    # The day of a draft is that of its first import, or a guess.
    unsure = ("date", "modified") if said.get("status") == "draft" else ()
    known = {name: value for name, value in said.items() if name not in (*OF_THE_STORY, *unsure)}
    data = f"{sorted(known.items())!r}\n{words_of(form.body)}".encode("utf-8", "replace")
    return f"#{hashlib.blake2b(data, digest_size=8).hexdigest()}"
