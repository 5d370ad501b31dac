"""The theme as a function: one PagePlan and the constants of its edition → the text of a file."""

from __future__ import annotations

import functools
import gettext
import re
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from babel.dates import format_date
from babel.numbers import format_decimal
from jinja2 import UndefinedError, pass_context
from jinja2.runtime import Context, Macro

from plugins.languages import Language
from plugins.languages.catalogue import read_catalogues
from plugins.pages.environment import ThemeEnvironment
from plugins.pages.links import absolute_link, depth, relative_link, rooted_link
from plugins.pages.page import PagePlan, Site


def link_to(address: str, plan: PagePlan, site: Site) -> str:
    """The link from the page *plan* to *address*."""
    if plan.anywhere and site.url:
        return rooted_link(address, site.url)
    return relative_link(address, plan.path, site.file_links)


def host(url: str) -> str:
    """What readers call the place that *url* leads to: its host without ``www.``; empty for none."""
    return re.split(r"[/?#]", url.partition("://")[2])[0].rpartition("@")[2].removeprefix("www.")


def absolute(address: str, plan: PagePlan, site: Site) -> str:
    """The full address for canonical, hreflang and link previews; relative while the root is not known."""
    return absolute_link(address, site.url) if site.url else link_to(address, plan, site)


FRAGMENTS = 50_000
"""Parts of pages that a process keeps; a part takes about a kilobyte."""


@functools.lru_cache(maxsize=20_000)
def _format_day(year: int, month: int, day: int, form: str, locale: str) -> str:
    return format_date(date(year, month, day), form, locale=locale)


class Fragments:
    """Parts that many pages show, rendered once for all pages that are as deep and so have the same links."""

    def __init__(self, site: Site) -> None:
        menus = site.menus
        links = (*menus.sections, *menus.products, *menus.pages, *menus.indexes)
        self._in_menus = frozenset((*(link.url for link in links), site.account))
        self._made: dict[tuple[Any, ...], str] = {}

    def once(self, macro: Macro, page: PagePlan, *values: Any, **options: Any) -> str:
        """What *macro* makes of *values* and *options*; of *page* it may know the language and where links lead."""
        if page.anywhere:
            return macro(page, *values, **options)
        key = (macro, depth(page.path), values, tuple(options.values()))
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
        folder: with ``templates/`` and ``translations/``.
        sites: the constants of each edition by path of language.
    """

    def __init__(self, folder: Path, sites: Mapping[str, Site]) -> None:
        self.sites = sites
        catalogues = read_catalogues(folder / "translations")
        self._environments = {
            path: _environment(folder / "templates", catalogues, site) for path, site in sites.items()
        }

    def render(self, plan: PagePlan) -> str:
        """The text of the file that *plan* describes.

        Raises: jinja2.UndefinedError when the template asks for what the plan does not have.
        """
        try:
            return self._environments[plan.language.path].get_template(plan.template).render(page=plan)
        except AttributeError as error:
            raise UndefinedError(f"{plan.template} asks for what {plan.path} does not have: {error}") from error


def _environment(templates: Path, catalogues: Mapping[str, gettext.NullTranslations], site: Site) -> ThemeEnvironment:
    environment = ThemeEnvironment(templates, catalogues[site.language.path])
    # JSON-LD in UTF-8: half the bytes of \uXXXX for Chinese; tojson still escapes <, > and &.
    environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "sort_keys": True}
    environment.globals["site"] = site
    fragments = Fragments(site)
    environment.globals.update(once=fragments.once, here=fragments.here, above=fragments.above)
    locale = site.language.locale

    # A component is imported without context, which Jinja then keeps instead of making it anew for every page
    # (a third of the time of a page), so it is given the page and hands it on.
    @pass_context
    def to(context: Context, address: str, page: PagePlan | None = None) -> str:
        return link_to(address, page or context["page"], site)

    @pass_context
    def to_absolute(context: Context, address: str, page: PagePlan | None = None) -> str:
        return absolute(address, page or context["page"], site)

    def static(name: str) -> str:
        version = site.versions.get(name)
        return f"theme/{name}?v={version}" if version else f"theme/{name}"

    def say(language: Language, message: str) -> str:
        """*message* in the words of another edition, for pages that speak several languages at once."""
        return catalogues[language.path].gettext(message)

    def day(value: date | datetime, form: str, language: Language | None) -> str:
        return _format_day(value.year, value.month, value.day, form, language.locale if language else locale)

    environment.globals["say"] = say
    environment.filters.update(
        to=to,
        absolute=to_absolute,
        static=static,
        long_date=lambda value, language=None: day(value, "long", language),
        short_date=lambda value, language=None: day(value, "medium", language),
        clock=lambda value: value.strftime("%H:%M"),
        host=host,
        number=lambda value: format_decimal(value, locale=locale),
    )
    return environment
