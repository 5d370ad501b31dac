"""A page → its article: `STEPS` is the order of work."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from plugins.languages.chinese import HAN
from plugins.mirror.article import Article, Source
from plugins.mirror.document import Document
from plugins.mirror.dump.extract import summarise, today
from plugins.mirror.page.body import NO_SELECTORS, Body, find_body
from plugins.mirror.page.facts import Facts, complete_facts, read_facts
from plugins.mirror.page.markdown import markdown_of
from plugins.mirror.page.moment import moments_in
from plugins.mirror.page.people import is_english_name
from plugins.mirror.page.selectors import Selectors
from plugins.mirror.page.tree import Tree, Unparsable, parse
from plugins.mirror.text.category import categorise
from plugins.mirror.text.credits import take_credits


@dataclass(frozen=True, slots=True)
class Page:
    """What a page turned out to be.

    Attributes:
        article: None when there is no title with a text; of a refused page, what an article would be made of.
        refusal: why the page is no article, a sentence; else empty.
        next_page: the absolute address of the article's next page; the file beside it when nobody knows the page's own.
        page_number: 1 for the first or only page.
        first_page: the address of the first page, when this is another.
        section: what the page calls its section, as written, for the category map of a portal.
    """

    article: Article | None = None
    refusal: str = ""
    next_page: str | None = None
    page_number: int = 1
    first_page: str | None = None
    section: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """An article on its way, and what the steps read."""

    article: Article
    facts: Facts
    body: Body
    tree: Tree


def extract_page(document: Document, selectors: Selectors = NO_SELECTORS, now: date | None = None) -> Page:
    """Read the article of a page.

    Args:
        document: bytes and what is known of them.
        selectors: what the editors say about this portal; what they match wins over everything else.
        now: no article is dated after this day; today by default.
    Returns: the article or a refusal, or both.
    """
    now = now or today()
    try:
        tree = parse(document)
    except Unparsable as why:
        return Page(refusal=str(why))
    facts = read_facts(tree, selectors, now)
    if facts.refusal:
        return Page(refusal=facts.refusal)
    lang = facts.lang or "en"
    body = find_body(tree, facts.title, lang, selectors)
    facts = complete_facts(facts, tree, body, now)
    if not body.blocks or not facts.title:
        return Page(refusal=facts.refusal or "The page holds no text of an article.")
    draft = Draft(_started(document, facts, body, lang), facts, body, tree)
    for _, step in STEPS:
        draft = replace(draft, article=step(draft))
    return Page(draft.article, facts.refusal, facts.next_page, facts.page_number, facts.first_page, facts.category)


def _started(document: Document, facts: Facts, body: Body, lang: str) -> Article:
    return Article(
        title=facts.title,
        lang=lang,
        line=0,
        blocks=body.blocks,
        images=body.images,
        links=body.links,
        canonical=facts.canonical or document.url,
        guid=facts.guid,
        alternates=facts.alternates,
        source=Source(url=document.url),
        warnings=(*facts.warnings, *body.warnings),
        provenance=(*facts.provenance, *((("body", body.provenance),) if body.provenance else ())),
    )


# --- the steps -------------------------------------------------------------------------------------------


def take_out_credits(draft: Draft) -> Article:
    """Lines that are nothing but 来源, 作者 or 责任编辑 leave the text for the fields; the dateline stays."""
    article = take_credits(draft.article, of_a_page=True)
    # What no rule could read is no text either: it stood among the credits.
    unread = tuple(block.text for block in article.blocks if block.kind == "credit")
    blocks = tuple(block for block in article.blocks if block.kind != "credit")
    return replace(article, blocks=blocks, source=replace(article.source, credits=(*article.source.credits, *unread)))


def give_facts(draft: Draft) -> Article:
    """What the page says about the article counts before what its text says."""
    article, facts = draft.article, draft.facts
    source = replace(article.source, name=facts.source or article.source.name)
    return replace(
        article,
        date=facts.date,
        modified=facts.modified or None,
        authors=facts.authors or writers(article),
        tags=facts.tags or article.tags,
        source=source,
        noindex="noindex" in draft.tree.first_meta("robots").lower(),
    )


def writers(article: Article) -> tuple[str, ...]:
    """The persons whom the lines of credits name, but for editors."""
    words = " ".join(filter(None, (article.source.dateline, *article.source.credits)))
    edited = "".join(_EDITED.findall(words))
    persons = (name for name in article.authors if not name.isascii() or is_english_name(name))
    return tuple(name for name in persons if name not in edited)


_EDITED = re.compile(
    rf"(?:编\s?辑|责\s?编|校对|审核|监制)\s?[:：|｜丨/]\s?[{HAN}\s、]+"
    r"|\bEdit(?:ors?|ed by|ing by)\b[\s:]*[^|;:\n]{2,60}"
)
"""Whoever edited a text did not write it."""


def drop_what_the_fields_say(draft: Draft) -> Article:
    """Credits and a dateline that are nothing but moment, source, names and labels say nothing more than the fields."""
    article = draft.article
    source, known = article.source, (article.source.name, *article.authors)
    said = [words for words in known if words]
    credits = tuple(words for words in source.credits if not _is_said(words, said))
    dateline = None if source.dateline and _is_said(source.dateline, said) else source.dateline
    return replace(article, source=replace(source, credits=credits, dateline=dateline))


def _is_said(words: str, said: list[str]) -> bool:
    for moment in reversed(moments_in(words)):
        words = words[: moment.start] + " " + words[moment.end :]
    for one in sorted(said, key=len, reverse=True):
        words = re.sub(re.escape(one), " ", words, flags=re.IGNORECASE)
    return not re.search(r"\w", _LABELS.sub(" ", words))


_LABELS = re.compile(
    r"(?:稿件|文章|信息|消息)?(?:来源|来自)|(?:本文|原)?作者|(?:本报|本网|通讯员|见习|实习)?记者|(?:发布|更新)?(?:时间|日期)|发布于?"
    r"|星期[一二三四五六日天]|\b(?:by|source|written|posted|published|updated|authors?|reporters?|date|time|on|at|from|and"
    r"|(?:mon|tues?|wednes|thurs?|fri|satur|sun)(?:day)?|[ap]\.?m|[ECMP][SD]?T|GMT|UTC|BST|IST|CET)\b",
    re.IGNORECASE,
)


def choose_category(draft: Draft) -> Article:
    """The section of the portal by the words of the text; the portal's own name of it counts before, in `pull`."""
    article = categorise(draft.article)
    return replace(article, provenance=(*article.provenance, ("category", "words of the text")))


def write_body(draft: Draft) -> Article:
    """The blocks as Markdown, and the summary."""
    article = draft.article
    body = "\n\n".join(markdown_of(block) for block in article.blocks)
    return replace(article, body=body, summary=draft.facts.summary or summarise(article))


STEPS: list[tuple[str, Callable[[Draft], Article]]] = [
    ("take_out_credits", take_out_credits),
    ("give_facts", give_facts),
    ("drop_what_the_fields_say", drop_what_the_fields_say),
    ("choose_category", choose_category),
    ("write_body", write_body),
]
"""What is done to each article, in this order."""
