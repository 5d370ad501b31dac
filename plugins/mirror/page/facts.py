"""All that is known of an article but its body: read from the page before the body is found, completed after.

Each field is chosen among voices (see `voices`): what one place says, where, and how much that counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from plugins.mirror.page.addresses import find_alternates, find_canonical, find_paging
from plugins.mirror.page.description import find_category, find_guid, find_image, find_summary, find_tags, tags_of
from plugins.mirror.page.kind import refusal
from plugins.mirror.page.language import find_language
from plugins.mirror.page.lines import SEAM, Line, Lines, read_lines, seams_of, words_of
from plugins.mirror.page.moment import Dates, find_dates, read_field
from plugins.mirror.page.origin import find_source, name_in
from plugins.mirror.page.people import Byline, chinese_names, english_names, find_authors, names_in_field
from plugins.mirror.page.selectors import Selectors
from plugins.mirror.page.title import Headline, find_headline, site_names
from plugins.mirror.page.tree import Tree
from plugins.mirror.page.view import View
from plugins.mirror.page.voices import Voice, bare, clean
from plugins.mirror.page.wording import is_line_of_facts

if TYPE_CHECKING:
    from plugins.mirror.page.body import Body


@dataclass(frozen=True)
class Facts:
    """What is known of an article.

    Attributes:
        title: the headline as the page prints it; empty when it has none.
        lang: ``zh`` or ``en``; empty for a page in neither.
        date, modified: ISO 8601, with time and zone when the page gives them; None when nobody knows.
        authors: names of persons.
        source: the paper or agency that wrote it; None when nobody knows.
        site: what the site calls itself, surest first.
        canonical, alternates, next_page, page_number, first_page: see `addresses`.
        category: what the page calls its section, as written.
        image: the absolute address of the lead picture.
        provenance: (field, where it came from).
        doubts: (field, confidence 0 … 1) of what was chosen.
        warnings: sentences for the editor.
        refusal: why this is no article of the portal as far as one can say without its body; else empty.
        lines: the page as lines.
        headline: the headline, with the element that prints it.
        selectors: what the editors say about the portal.
    """

    title: str
    lang: str
    date: str | None = None
    modified: str | None = None
    authors: tuple[str, ...] = ()
    source: str | None = None
    site: tuple[str, ...] = ()
    canonical: str | None = None
    alternates: tuple[tuple[str, str], ...] = ()
    next_page: str | None = None
    page_number: int = 1
    first_page: str | None = None
    category: str = ""
    tags: tuple[str, ...] = ()
    summary: str = ""
    image: str | None = None
    guid: str | None = None
    provenance: tuple[tuple[str, str], ...] = ()
    doubts: tuple[tuple[str, float], ...] = ()
    warnings: tuple[str, ...] = ()
    refusal: str = ""
    lines: Lines = field(default_factory=Lines, repr=False, compare=False)
    headline: Headline | None = field(default=None, repr=False, compare=False)
    selectors: Selectors = field(default=Selectors(), repr=False, compare=False)


def read_facts(tree: Tree, selectors: Selectors, now: date) -> Facts:
    """What can be known before the body is found: headline, language, addresses.

    Args:
        selectors: what the editors say about this portal; what they match wins.
        now: today.
    """
    lines = read_lines(tree)
    sites = site_names(tree)
    language = find_language(tree, lines)
    headline = _selected(tree, selectors.title) or find_headline(tree, lines, sites)
    canonical = find_canonical(tree)
    paging = find_paging(tree, selectors.next_page)
    facts = Facts(
        title=headline.voice.value,
        lang=language.code,
        site=sites,
        canonical=canonical.value or None,
        alternates=find_alternates(tree, language.code or "en"),
        next_page=paging.next_page,
        page_number=paging.number,
        first_page=paging.first_page,
        warnings=(*tree.warnings, *filter(None, (language.warning,))),
        refusal=language.refusal,
        lines=lines,
        headline=headline,
        selectors=selectors,
    )
    return _noted(_noted(facts, "title", headline.voice), "canonical", canonical)


def complete_facts(facts: Facts, tree: Tree, body: Body, now: date) -> Facts:
    """What needs to know where the text is: date, authors, source, tags, section, summary, picture.

    Args:
        facts: what `read_facts` knows of the same tree.
        body: where the text is, and its blocks.
        now: nothing is dated after tomorrow.
    Returns: all facts; with a refusal when the page is no article.
    """
    view = _view(facts, tree, body, now)
    dates = _selected_date(facts, view) or find_dates(view)
    authors = _selected_authors(facts, view) or find_authors(view)
    source = _selected_source(facts, view) or find_source(view)
    category, tags, summary, image = find_category(view), find_tags(view), find_summary(view), find_image(view)
    facts = replace(
        facts,
        date=dates.published.value or None,
        modified=dates.modified.value or None,
        authors=authors.names,
        source=source.value or None,
        category=category.value,
        tags=tags_of(tags),
        summary=summary.value,
        image=image.value or None,
        guid=find_guid(tree),
        warnings=(*facts.warnings, *dates.warnings),
    )
    for name, voice in (
        ("date", dates.published),
        ("modified", dates.modified),
        ("authors", Voice("\n".join(authors.names), authors.where, authors.weight)),
        ("source", source),
        ("category", category),
        ("tags", tags),
        ("summary", summary),
        ("image", image),
    ):
        facts = _noted(facts, name, voice)
    facts = replace(facts, warnings=(*facts.warnings, *doubts(facts)))
    return replace(facts, refusal=refusal(tree, facts, body.blocks, view.body))


def doubts(facts: Facts) -> Iterator[str]:
    """A sentence for the editor about each field that is missing or hardly more than a guess."""
    sure, where = dict(facts.doubts), dict(facts.provenance)
    if not facts.title:
        yield "No headline found."
    elif sure.get("title", 1.0) < UNSURE["title"]:
        yield f"The headline “{facts.title}” is a guess from {where['title']}."
    if not facts.date:
        yield "No date found: the page does not say when it was published."
    elif sure["date"] < UNSURE["date"]:
        yield f"The date {facts.date[:10]} is doubtful: it is read from {where['date']}, and little else confirms it."
    if facts.authors and sure["authors"] < UNSURE["authors"]:
        yield f"The authors {', '.join(facts.authors)} are a guess from {where['authors']}."
    if not facts.source:
        yield "No source found."
    elif sure["source"] < UNSURE["source"]:
        yield f"The source “{facts.source}” is a guess from {where['source']}."


UNSURE = {"title": 0.4, "date": 0.5, "authors": 0.5, "source": 0.4}
"""Confidence below which the editor is told."""


def _view(facts: Facts, tree: Tree, body: Body, now: date) -> View:
    headline = facts.headline
    at = headline.at if headline and headline.element is not None else _line_of(facts)
    paragraphs = tuple(block.text for block in body.blocks if block.kind != "figure")
    start, end = facts.lines.of(body.where)
    above = _lines_of_facts(facts.lines.lines[start : min(start + MOST_LINES_OF_FACTS, end)])
    place = (start + len(above), end)
    while paragraphs and paragraphs[0] in above:
        paragraphs = paragraphs[1:]
    return View(tree, facts.lines, facts.title, facts.lang or "en", at, place, paragraphs, facts.site, now)


MOST_LINES_OF_FACTS = 6
"""Lines at the head of a text that may be date, source and byline: the text has been taken to begin above them."""


def _lines_of_facts(lines: Sequence[Line]) -> list[str]:
    """The lines down to the last one that is nothing but facts; a sentence ends the search."""
    last = 0
    for number, line in enumerate(lines, 1):
        text = line.text
        if is_line_of_facts(text):
            last = number
        elif len(text) > 60 or text.endswith(("。", "！", "？", ".", "!", "?", "”", '"')):
            break
    return [line.text for line in lines[:last]]


def _line_of(facts: Facts) -> int | None:
    """The line that prints the headline which the head of the page states."""
    wanted = bare(facts.title)
    return next((line.at for line in facts.lines.lines[:600] if wanted and bare(line.text) == wanted), None)


# --- what the editors say about a portal -----------------------------------------------------------------


def _words_at(tree: Tree, selector: str) -> str:
    """The words of the first element that a selector matches, with seams; empty when none does."""
    elements = tree.root.cssselect(selector) if selector else []
    return next((seams for element in elements if (seams := seams_of(element, 600).strip())), "")


def _selected_date(facts: Facts, view: View) -> Dates | None:
    selector = facts.selectors.date
    for element in view.tree.root.cssselect(selector) if selector else ():
        stated = element.get("datetime") or element.get("content") or seams_of(element, 600)
        if moment := read_field(stated.replace(SEAM, " "), view.day_first):
            return Dates(Voice(moment.iso(), "selector", 1.0))
    return None


def _selected_authors(facts: Facts, view: View) -> Byline | None:
    words = _words_at(view.tree, facts.selectors.author)
    names = names_in_field(words.replace(SEAM, " "), view) or (chinese_names if facts.lang == "zh" else english_names)(
        words
    )
    return Byline(names, "selector", 1.0) if names else None


def _selected_source(facts: Facts, view: View) -> Voice | None:
    name = name_in(_words_at(view.tree, facts.selectors.source), facts.lang)
    return Voice(name, "selector", 1.0) if name else None


def _selected(tree: Tree, selector: str) -> Headline | None:
    for element in tree.root.cssselect(selector) if selector else ():
        if text := clean(words_of(element)):
            return Headline(Voice(text, "selector", 1.0), element)
    return None


def _noted(facts: Facts, name: str, voice: Voice) -> Facts:
    """*facts* with the origin of one field."""
    if not voice.value:
        return facts
    return replace(
        facts,
        provenance=(*facts.provenance, (name, voice.where)),
        doubts=(*facts.doubts, (name, round(voice.weight, 2))),
    )
