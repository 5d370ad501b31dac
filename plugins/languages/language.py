"""One row a language."""

from __future__ import annotations

from dataclasses import dataclass


# There is one of each, and a page asks some thirty times whether two are the same.
@dataclass(frozen=True, slots=True, eq=False)
class Language:
    """A language by all the names it has.

    Attributes:
        path: in addresses and folders (``zh``).
        html: BCP 47, for ``lang`` and ``hreflang`` (``zh-Hans``); with ``_`` the folder of its catalogue.
        locale: of CLDR (``zh_Hans_CN``).
        name: in the language itself (``中文``).
    """

    path: str
    html: str
    locale: str
    name: str

    def __reduce__(self) -> tuple[object, tuple[str]]:
        # Every card and link has one; a pickle names the row instead of repeating it.
        return language_of, (self.path,)


LANGUAGES: dict[str, Language] = {
    "en": Language(path="en", html="en", locale="en_US", name="English"),
    "zh": Language(path="zh", html="zh-Hans", locale="zh_Hans_CN", name="中文"),
}
"""The editions, in the order in which the portal offers them."""


def language_of(path: str) -> Language:
    """The row of a language."""
    return LANGUAGES[path]
