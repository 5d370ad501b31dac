"""The interface words in each language, from the gettext catalogues of the theme."""

from __future__ import annotations

import gettext
import io
from collections.abc import Mapping
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from plugins.languages.language import LANGUAGES, Language


def read_catalogues(folder: Path) -> Mapping[str, gettext.NullTranslations]:
    """Read the words by path of language from ``folder/zh_Hans/LC_MESSAGES/portal.po`` and the like.

    The messages are written in English, so English needs no catalogue and has none.
    """
    return {path: _read(folder, language) for path, language in LANGUAGES.items()}


def _read(folder: Path, language: Language) -> gettext.NullTranslations:
    path = folder / language.html.replace("-", "_") / "LC_MESSAGES" / "portal.po"
    if not path.is_file():
        return gettext.NullTranslations()
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language.locale)
    # gettext reads compiled catalogues only; compiling in memory leaves no second file to keep in step.
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
