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
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, pass_context
from jinja2.environment import TemplateModule
from jinja2.runtime import Context, Macro

from plugins.languages import Language
from plugins.languages.catalogue import read_catalogues
from plugins.pages.links import absolute_link, relative_link, rooted_link
from plugins.pages.page import Menus, PagePlan, Site


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


class Component(Template):
    """A template whose macros are made once.

    Jinja compares the global names of both templates at each import, which took a twelfth of the time of a page; ours
    have the same ones.
    """

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        return super()._get_default_module()


@functools.lru_cache(maxsize=20_000)
def _format_day(year: int, month: int, day: int, form: str, locale: str) -> str:
    return format_date(date(year, month, day), form, locale=locale)


class Frame:
    """What stands around every story of an edition, rendered once for all from which its links are the same."""

    def __init__(self) -> None:
        self._made: dict[tuple[Any, ...], str] = {}
        self._first_parts: dict[Menus, frozenset[str]] = {}

    def once(self, macro: Macro, page: PagePlan, menus: Menus | None) -> str:
        """What *macro* says of *page* and *menus*, of which it may show all, and of its head the trail and the feed."""
        parts = page.path.split("/")
        # Links from one story are those from another, unless they lead into its own year.
        if menus is None or page.anywhere or parts[0] != page.language.path or not parts[1].isdigit():
            return macro(page, menus)
        if menus not in self._first_parts:
            links = (*menus.sections, *menus.products, *menus.pages, *menus.indexes)
            self._first_parts[menus] = frozenset(link.url.split("/")[1] for link in links if "/" in link.url)
        if parts[1] in self._first_parts[menus]:
            return macro(page, menus)
        head = page.data.head
        key = (macro.name, len(parts), menus, head.trail, head.feed)
        made = self._made.get(key)
        if made is None:
            made = self._made[key] = macro(page, menus)
        return made


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
        return self._environments[plan.language.path].get_template(plan.template).render(page=plan)


def _environment(templates: Path, catalogues: Mapping[str, gettext.NullTranslations], site: Site) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(templates, encoding="utf-8"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_translations(catalogues[site.language.path], newstyle=True)
    # JSON-LD in UTF-8: half the bytes of \uXXXX for Chinese; tojson still escapes <, > and &.
    environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "sort_keys": True}
    environment.template_class = Component
    environment.globals["site"] = site
    environment.globals["once"] = Frame().once
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
