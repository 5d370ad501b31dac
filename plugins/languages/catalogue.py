"""The interface words in each language, from the gettext catalogues of the theme."""

from __future__ import annotations

import gettext
import io
from pathlib import Path

from plugins.languages.language import Language


def catalogue_of(folder: Path, language: Language) -> bytes:
    """The catalogue of *language* below *folder* (``zh_Hans/LC_MESSAGES/portal.po``); empty where there is none.

    The messages are written in English, so English needs no catalogue and has none.
    """
    path = folder / language.html.replace("-", "_") / "LC_MESSAGES" / "portal.po"
    return path.read_bytes() if path.is_file() else b""


def compile_words(catalogue: bytes, language: Language) -> bytes:
    """*catalogue* as gettext reads it; compiling in memory leaves no second file to keep in step."""
    if not catalogue:
        return b""
    # Where the words are known, as in most builds, nobody needs to wait for these.
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = io.BytesIO()
    write_mo(compiled, read_po(io.BytesIO(catalogue), locale=language.locale))
    return compiled.getvalue()


def translations_of(words: bytes) -> gettext.NullTranslations:
    """The translations that compile_words has made."""
    return gettext.GNUTranslations(io.BytesIO(words)) if words else gettext.NullTranslations()
