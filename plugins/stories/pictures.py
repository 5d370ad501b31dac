"""Which files below content/images/ are lighter forms of others: ``x-480.webp`` beside ``x.jpg`` is 480 pixels wide."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from pathlib import Path

import imagesize

from plugins.values import Record

ENDINGS = (".jpg", ".jpeg", ".png")
"""Of pictures that can have lighter forms; a drawing is light itself."""

_LIGHTER = re.compile(r"(?P<stem>.+)-(?P<width>[1-9]\d{2,3})\.webp")
_MIRRORED = re.compile(r"images/[0-9a-f]{2}/[0-9a-f]{16}-\d+\.webp")


class Variant(Record):
    """A lighter form of a picture.

    Attributes:
        src: below content/ (``images/fab-480.webp``).
        width: pixels across.
    """

    src: str
    width: int


def picture_size(file: Path) -> tuple[int, int]:
    """Width and height in CSS pixels; (0, 0) when the file does not say."""
    try:
        width, height = imagesize.get(str(file))
    except (OSError, ValueError):
        return 0, 0
    return (int(width), int(height)) if width > 0 and height > 0 else (0, 0)


def find_variants(files: Collection[str], width_of: Callable[[str], int]) -> Mapping[str, tuple[Variant, ...]]:
    """Find the lighter forms of pictures.

    Args:
        files: paths of pictures below content/.
        width_of: path → pixels across. ``csi-300.webp`` may well be another picture than ``csi.jpg``, so what editors
            named is looked at; what the mirror named is not, because there may be a hundred thousand of them.
    Returns: picture → its lighter forms, narrowest first.
    """
    found: dict[str, list[Variant]] = {}
    for file in files:
        match = _LIGHTER.fullmatch(file)
        if match is None:
            continue
        width = int(match["width"])
        main = next((main for ending in ENDINGS if (main := match["stem"] + ending) in files), None)
        if main is not None and (_MIRRORED.fullmatch(file) or width_of(file) == width):
            found.setdefault(main, []).append(Variant(file, width))
    return {main: tuple(sorted(variants, key=lambda one: one.width)) for main, variants in found.items()}
