"""Where a list goes on: the address of its next page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from lxml import etree

from plugins.mirror.lists.links import absolute, base_of, path_of, query_of, site_of, words_of
from plugins.mirror.page.tree import Tree
from plugins.mirror.text.addresses import address_key

MOST_LINKS = 20_000
"""Links that are looked at on one page."""

A_PAGE_NUMBER = 60
"""Characters of a link in a pager at most, with room for arrows and white space."""

_NEXT = re.compile(
    r"[\s<>«»‹›→\[\]【】.…|]*(?:下一?[页頁]|后一?页|往后|下[一]?[页頁]\s?(?:>|»|›)+|next(?:\s(?:page|\d{1,3}))?"
    r"|older(?:\s(?:posts|entries|stories|articles|news))?|more\s(?:posts|stories|articles|news)|earlier\s(?:posts|stories|articles))"
    r"[\s<>«»‹›→\[\]【】.…|]*",
    re.IGNORECASE,
)
_MORE = re.compile(
    r"[\s\[【]*(?:点击)?(?:更多|加载更多|查看更多|浏览更多|show more|load more|see more|view more|more)[\s\]】>»›.…]*",
    re.IGNORECASE,
)
_PAGE_QUERY = re.compile(
    r"(^|&)(page|p|pg|pn|pageno|pagenum|pageindex|page_no|currentpage|curpage|paged|start_page)=(\d{1,6})(?=&|$)",
    re.IGNORECASE,
)
_PAGE_FOLDER = re.compile(r"/(?:page|p)[/_-]?(\d{1,6})(?=/?$|\.s?html?$)", re.IGNORECASE)
_PAGE_FILE = re.compile(
    r"(?<=[A-Za-z0-9])[_-](\d{1,4})(?=\.(?:s?html?|php|jsp|aspx?)$)|(?<=/)(\d{1,4})(?=\.s?html?$)", re.IGNORECASE
)
_HOME_FILE = re.compile(r"(?<=/)(?:index|default|list)(?:\.(?:s?html?|php|jsp|aspx?))?$", re.IGNORECASE)
_CREATE_PAGES = re.compile(r"\bcreatePage(?:HTML|s)?\s{0,3}\(([^()]{3,200})\)", re.IGNORECASE)


_MAY_BE_AN_ARTICLE = re.compile(r"/\d{1,4}\.s?html?$|[?&]p=\d|/p/?\d")


def find_next_page(tree: Tree, chosen: Iterable[etree._Element] | None = None) -> str | None:
    """The absolute address where the list of *tree* goes on, with older articles; None when it says so nowhere.

    Args:
        chosen: elements that a selector names; nothing else is asked then.
    """
    finders = FINDERS if chosen is None else [lambda tree: (element.get("href") for element in _anchors(chosen))]
    own, base = address_key(tree.url or ""), base_of(tree)
    for find in finders:
        for address in find(tree):
            url = absolute(address, base)
            is_another = url and address_key(url) != own and (not base or site_of(url) == site_of(base))
            if is_another and not (address or "").strip().startswith("#"):
                return url
    return None


def _anchors(elements: Iterable[etree._Element]) -> Iterable[etree._Element]:
    for element in elements:
        yield element if element.get("href") else next(element.iter("a"), element)


def by_relation(tree: Tree) -> Iterable[str | None]:
    """``rel="next"`` in the head, then in the page."""
    for tag in ("link", "a"):
        for element in tree.root.iter(tag):
            if "next" in (element.get("rel") or "").lower().split():
                yield element.get("href")


def by_words(tree: Tree) -> Iterable[str | None]:
    """下一页, 下页, Next, Older posts: the first link that says nothing else."""
    for element, words in _links(tree):
        if _NEXT.fullmatch(words) or _NEXT.fullmatch(element.get("title") or element.get("aria-label") or "-"):
            yield element.get("href")


def by_number(tree: Tree) -> Iterable[str | None]:
    """The link to page 2 of page 1: its address is that of this page but for the number, its words say 2 or «more»."""
    stem, number = page_of(tree.url or "")
    for element, words in _links(tree):
        if words.strip(" []") == str(number + 1) or _MORE.fullmatch(words):
            url = absolute(element.get("href"), base_of(tree))
            if url and (not tree.url or page_of(url)[0] == stem) and page_of(url)[1] == number + 1:
                yield url


def by_program(tree: Tree) -> Iterable[str | None]:
    """``createPageHTML(20, 0, "index", "html")``, as a system that many Chinese portals run on writes its pager."""
    for script in tree.root.iter("script"):
        for call in _CREATE_PAGES.findall((script.text or "")[:200_000]):
            numbers = [int(each) for each in re.findall(r"(?<![\w\"'])\d{1,6}(?![\w\"'])", call)]
            words = re.findall(r"[\"']([\w./-]{1,60})[\"']", call)
            if len(numbers) < 2 or len(words) < 2:
                continue
            # With the id of an element before them, pages count from 1; without it, from 0.
            last = numbers[0] if len(words) > 2 else numbers[0] - 1
            if numbers[1] < last:
                yield f"{words[-2]}_{numbers[1] + 1}.{words[-1].lstrip('.')}"


FINDERS: list[Callable[[Tree], Iterable[str | None]]] = [by_relation, by_words, by_number, by_program]
"""Asked in this order; the first address that is another page of the same site counts."""


def is_page_of_list(url: str, other: str) -> bool:
    """Whether *url* is a page of the list that *other* is a page of; /news/7.html and /?p=7 may well be articles."""
    return not _MAY_BE_AN_ARTICLE.search(url) and page_of(url)[0] == page_of(other)[0]


def page_of(url: str) -> tuple[str, int]:
    """What the pages of one list share, and the number of this one: ``…/index_2.html`` and ``…/?page=2`` are page 2."""
    path, query = path_of(url), query_of(url)
    if found := _PAGE_QUERY.search(query):
        query = _PAGE_QUERY.sub("", query, count=1)
        return _stem(url, path, query), int(found[3])
    for shape in (_PAGE_FOLDER, _PAGE_FILE):
        if found := shape.search(path):
            return _stem(url, path[: found.start()] + path[found.end() :], query), int(found[found.lastindex])
    return _stem(url, path, query), 1


def _stem(url: str, path: str, query: str) -> str:
    path = _HOME_FILE.sub("", re.sub(r"(?<=/)\.s?html?$", "", path))
    return f"{site_of(url)}{path.rstrip('/')}?{query.strip('&')}"


def _links(tree: Tree) -> Iterable[tuple[etree._Element, str]]:
    """Links with few words, from the last to the first: pagers stand below the list."""
    links = [element for element, _ in zip(tree.root.iter("a"), range(MOST_LINKS), strict=False)]
    for element in reversed(links):
        yield element, words_of(element, A_PAGE_NUMBER)
