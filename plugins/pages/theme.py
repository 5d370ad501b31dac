"""The theme as a function: one PagePlan and the constants of its edition → the text of a file."""

from __future__ import annotations

import gettext
from collections.abc import Callable, Mapping
from typing import Any

from jinja2 import Undefined, UndefinedError
from msgspec import json

from plugins.languages import Language
from plugins.pages.compiled import CompiledTheme
from plugins.pages.environment import ThemeEnvironment
from plugins.pages.filters import filters_of
from plugins.pages.links import links_from
from plugins.pages.page import PagePlan, Site

FRAGMENTS = 10_000
"""Parts of pages that a process keeps for each edition; a part takes about a kilobyte."""


class Fragments:
    """Parts that many pages show, rendered once for all pages that are as deep and so have the same links."""

    def __init__(self, site: Site) -> None:
        menus = site.menus
        links = (*menus.sections, *menus.products, *menus.pages, *menus.indexes)
        self._in_menus = frozenset((*(link.url for link in links), site.account))
        self._file_links = site.file_links
        self._made: dict[tuple[Any, ...], str] = {}

    def once(self, macro: Callable[..., str], page: PagePlan, *values: Any, **options: Any) -> str:
        """What *macro* makes of *values* and *options*; of *page* it may know the language and where links lead."""
        if page.anywhere:
            return macro(page, *values, **options)
        key = (macro, links_from(page.path, self._file_links).depth, values, *options, *options.values())
        made = self._made.get(key)
        if made is None:
            if len(self._made) >= FRAGMENTS:
                self._made.clear()
            made = self._made[key] = macro(page, *values, **options)
        return made

    def here(self, page: PagePlan) -> str:
        """The address of *page*, if the menus or the footer lead to it, else empty."""
        return page.url if page.url in self._in_menus else ""

    def above(self, page: PagePlan) -> tuple[str, ...]:
        """The addresses above *page* to which the menus lead."""
        return tuple(link.url for link in page.data.head.trail if link.url in self._in_menus)


class Theme:
    """Renders plans; made once per process from plain data, so that a worker can make its own.

    Args:
        theme: from compile_theme.
        sites: the constants of each edition by path of language.
    """

    def __init__(self, theme: CompiledTheme, sites: Mapping[str, Site]) -> None:
        words = theme.translations()
        self._environments = {path: _environment(theme, words, site) for path, site in sites.items()}

    def render(self, plan: PagePlan) -> str:
        """The text of the file that *plan* describes.

        Raises: jinja2.UndefinedError when the template asks for what the plan does not have.
        """
        try:
            return self._environments[plan.language.path].get_template(plan.template).render(page=plan)
        except AttributeError as error:
            raise UndefinedError(f"{plan.template} asks for what {plan.path} does not have: {error}") from error


def _text(value: object) -> str:
    """What a template marks as safe is text as well; what is missing says so when it is asked."""
    if isinstance(value, str | Undefined):
        return str(value)
    raise TypeError(f"JSON has no {type(value).__name__}")


# In UTF-8: half the bytes of \\uXXXX for Chinese; tojson still escapes <, > and &.
_encode = json.Encoder(order="sorted", enc_hook=_text).encode


def _json(value: Any, indent: int | None = None) -> str:
    made = _encode(value)
    return (made if indent is None else json.format(made, indent=indent)).decode()


def _environment(theme: CompiledTheme, words: Mapping[str, gettext.NullTranslations], site: Site) -> ThemeEnvironment:
    path = site.language.path
    templates = {name: code for (language, name), code in theme.templates.items() if language == path}
    environment = ThemeEnvironment(words[path], filters_of(site.language, site), templates)
    environment.policies.update({"json.dumps_function": _json, "json.dumps_kwargs": {}})
    fragments = Fragments(site)

    def say(language: Language, message: str) -> str:
        """*message* in the words of another edition, for pages that speak several languages at once."""
        return words[language.path].gettext(message)

    environment.globals.update(site=site, say=say, once=fragments.once, here=fragments.here, above=fragments.above)
    return environment
