"""What templates may do with values: links, dates, numbers, names of hosts."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal
from jinja2 import pass_context
from jinja2.runtime import Context

from plugins.languages import Language
from plugins.pages.links import absolute_link, links_from, rooted_link
from plugins.pages.page import Card, Moment, PagePlan, Site


def host(url: str) -> str:
    """What readers call the place that *url* leads to: its host without ``www.``; empty for none."""
    return re.split(r"[/?#]", url.partition("://")[2])[0].rpartition("@")[2].removeprefix("www.")


@functools.cache
def territory(language: Language) -> str:
    """What Open Graph calls *language*: with its country, and without the script between them (``zh_CN``)."""
    parts = language.locale.split("_")
    return f"{parts[0]}_{parts[-1]}"


def by_language(cards: Iterable[Card], but: Language | None = None) -> list[tuple[Language, list[Card]]]:
    """*cards* in groups of one language each, in the order of their paths; none of the language *but*."""
    groups: dict[Language, list[Card]] = {}
    for card in cards:
        if card.language is not but:
            groups.setdefault(card.language, []).append(card)
    return sorted(groups.items(), key=lambda group: group[0].path)


_locale = functools.cache(Locale.parse)
"""To parse the name takes longer than to format a day."""


@functools.lru_cache(maxsize=20_000)
def _format_day(day: str, form: str, locale: str) -> str:
    return format_date(date.fromisoformat(day), form, locale=_locale(locale))


@functools.lru_cache(maxsize=20_000)
def _format_number(value: int, locale: str) -> str:
    return format_decimal(value, locale=_locale(locale))


def filters_of(language: Language, site: Site | None = None) -> Mapping[str, Callable[..., Any]]:
    """The filters of the edition *language* by name; to compile templates, where nobody calls them, without *site*."""
    locale = language.locale
    file_links, root = (site.file_links, site.url) if site else (False, "")

    # A component is imported without context, which Jinja then keeps instead of making it anew for every page
    # (a third of the time of a page), so it is given the page and hands it on.
    @pass_context
    def to(context: Context, address: str, page: PagePlan | None = None) -> str:
        page = page or context["page"]
        # Asked for twenty times a page, so that each function on the way counts.
        return rooted_link(address, root) if root and page.anywhere else links_from(page.path, file_links)[address]

    @pass_context
    def to_absolute(context: Context, address: str, page: PagePlan | None = None) -> str:
        return absolute_link(address, root) if root else to(context, address, page)

    @functools.cache
    def static(name: str) -> str:
        version = site.versions.get(name)
        return f"theme/{name}?v={version}" if version else f"theme/{name}"

    def long_date(value: Moment, other: Language | None = None) -> str:
        return _format_day(value[:10], "long", other.locale if other else locale)

    def short_date(value: Moment, other: Language | None = None) -> str:
        return _format_day(value[:10], "medium", other.locale if other else locale)

    return {
        "to": to,
        "absolute": to_absolute,
        "static": static,
        "long_date": long_date,
        "short_date": short_date,
        "clock": lambda value: value[11:16],
        "has_clock": lambda value: value[11:16] not in ("", "00:00"),
        "host": host,
        "territory": territory,
        "by_language": by_language,
        "number": lambda value: _format_number(value, locale),
    }
