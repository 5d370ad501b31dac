"""Files of a content folder: how one is called, where one may lie, and how it is written whole or not at all."""

from __future__ import annotations

from pathlib import Path

LONGEST_SLUG = 60
"""Characters of a slug; with folders and numbers it stays far below what any system allows."""

RESERVED = frozenset(
    ["con", "prn", "aux", "nul", *(f"{name}{digit}" for name in ("com", "lpt") for digit in range(1, 10))]
)
"""Names that Windows keeps for devices, with any ending."""


class Unsafe(OSError):
    """A path that leads out of the content folder, or could."""


def slug_of(title: str, lang: str) -> str:
    """The file name of a story: words of an English title, syllables of a Chinese one.

    Returns: small Latin letters, digits and hyphens, 1 to 60 of them; ``story`` when the title has no letter.
    """
    from slugify import slugify

    if lang == "zh":
        from pypinyin import lazy_pinyin

        title = " ".join(lazy_pinyin(title))
    plain = title.encode("utf-8", "ignore").decode().replace("’", "").replace("'", "")
    slug = slugify(plain, max_length=LONGEST_SLUG, word_boundary=True, save_order=True) or "story"
    return f"{slug}-story" if slug in RESERVED else slug


def safe_path(into: Path, below: str) -> Path:
    """The file *below* the folder *into*.

    Raises: Unsafe when it would lie elsewhere, or behind a link, which may lead anywhere tomorrow.
    """
    parts = below.split("/")
    if any(part in ("", ".", "..") or "\\" in part or "\0" in part or ":" in part for part in parts):
        raise Unsafe(f"{below!r} is not a path below {into}")
    path = into
    for part in parts[:-1]:
        path = path / part
        if path.is_symlink():
            raise Unsafe(f"{path} is a link")
    return path / parts[-1]


def write_whole(into: Path, below: str, text: str) -> None:
    """Write a file whole or not at all, whenever the program stops.

    Raises: Unsafe; OSError when it cannot be written.
    """
    path = safe_path(into, below)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.part")
    draft.unlink(missing_ok=True)
    # Exclusive, so that no link that somebody left here is followed.
    try:
        with draft.open("x", encoding="utf-8", newline="") as file:
            file.write(text)
        draft.replace(path)
    except OSError:
        draft.unlink(missing_ok=True)
        raise


def remove(into: Path, below: str) -> None:
    """Remove a file, if it is there."""
    safe_path(into, below).unlink(missing_ok=True)
