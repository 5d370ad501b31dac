"""Where a portal says that its pages have what: CSS selectors of sources.yaml."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Selectors:
    """CSS selectors; an empty one leaves the field to the rules for all pages.

    Attributes:
        title, body, date, author, source: of an article page; what matches wins over everything else.
        next_page: the link to the next page, of an article and of an index page.
        articles: the links to articles on an index page.
    """

    title: str = ""
    body: str = ""
    date: str = ""
    author: str = ""
    source: str = ""
    next_page: str = ""
    articles: str = ""
