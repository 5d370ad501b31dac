"""One row a language."""

from __future__ import annotations

from enum import Enum


class Language(Enum):
    """A language by all the names it has; its value is its path.

    An Enum, because every card and link has one: it is sent as two letters and compared by what it is.

    Attributes:
        path: in addresses and folders (``zh``).
        html: BCP 47, for ``lang`` and ``hreflang`` (``zh-Hans``); with ``_`` the folder of its catalogue.
        locale: of CLDR (``zh_Hans_CN``).
        endonym: its name in the language itself (``中文``).
    """

    EN = "en", "en", "en_US", "English"
    ZH = "zh", "zh-Hans", "zh_Hans_CN", "中文"

    path: str
    html: str
    locale: str
    endonym: str

    def __new__(cls, path: str, html: str, locale: str, endonym: str) -> Language:
        row = object.__new__(cls)
        row._value_ = row.path = path
        row.html, row.locale, row.endonym = html, locale, endonym
        return row

    # There is one of each, and a page asks some thirty times whether two are the same.
    __hash__ = object.__hash__


LANGUAGES: dict[str, Language] = {language.path: language for language in Language}
"""The editions, in the order in which the portal offers them."""
