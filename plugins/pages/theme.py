"""The theme as a function: one PagePlan and the constants of its edition → the text of a file."""

from __future__ import annotations

import gettext
import re
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

from babel.dates import format_date
from babel.numbers import format_decimal
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

from plugins.languages import Language
from plugins.languages.catalogue import read_catalogues
from plugins.pages.links import absolute_link, relative_link, rooted_link
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
    environment.globals["site"] = site
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
        return format_date(value, form, locale=language.locale if language else locale)

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
