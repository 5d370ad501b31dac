"""What templates may do with values: links, dates, numbers, names of hosts."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from babel.dates import format_date
from babel.numbers import format_decimal
from jinja2 import pass_context
from jinja2.runtime import Context

from plugins.languages import Language
from plugins.pages.links import absolute_link, relative_link, rooted_link
from plugins.pages.page import Card, PagePlan, Site


def link_to(address: str, plan: PagePlan, site: Site) -> str:
    """The link from the page *plan* to *address*."""
    if plan.anywhere and site.url:
        return rooted_link(address, site.url)
    return relative_link(address, plan.path, site.file_links)


def absolute(address: str, plan: PagePlan, site: Site) -> str:
    """The full address for canonical, hreflang and link previews; relative while the root is not known."""
    return absolute_link(address, site.url) if site.url else link_to(address, plan, site)


def host(url: str) -> str:
    """What readers call the place that *url* leads to: its host without ``www.``; empty for none."""
    return re.split(r"[/?#]", url.partition("://")[2])[0].rpartition("@")[2].removeprefix("www.")


def by_language(cards: Iterable[Card]) -> list[tuple[Language, list[Card]]]:
    """*cards* in groups of one language each, in the order of their paths."""
    groups: dict[Language, list[Card]] = {}
    for card in cards:
        groups.setdefault(card.language, []).append(card)
    return sorted(groups.items(), key=lambda group: group[0].path)


@functools.lru_cache(maxsize=20_000)
def _format_day(year: int, month: int, day: int, form: str, locale: str) -> str:
    return format_date(date(year, month, day), form, locale=locale)


@functools.lru_cache(maxsize=20_000)
def _format_number(value: int, locale: str) -> str:
    return format_decimal(value, locale=locale)


def filters_of(language: Language, site: Site | None = None) -> Mapping[str, Callable[..., Any]]:
    """The filters of the edition *language* by name; to compile templates, where nobody calls them, without *site*."""
    locale = language.locale

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

    def day(value: date | datetime, form: str, other: Language | None) -> str:
        return _format_day(value.year, value.month, value.day, form, other.locale if other else locale)

    return {
        "to": to,
        "absolute": to_absolute,
        "static": static,
        "long_date": lambda value, language=None: day(value, "long", language),
        "short_date": lambda value, language=None: day(value, "medium", language),
        "clock": lambda value: f"{value.hour:02}:{value.minute:02}",
        "host": host,
        "by_language": by_language,
        "number": lambda value: _format_number(value, locale),
    }
