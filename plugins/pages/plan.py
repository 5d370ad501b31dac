"""Which pages exist, and what each of them shows."""

from __future__ import annotations

import dataclasses
import gettext
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from babel.dates import format_skeleton

from plugins.languages import LANGUAGES, Language
from plugins.pages.body import hasten_first_picture, pictures_in, place_body
from plugins.pages.cards import (
    LISTED,
    CardMaker,
    Listed,
    address,
    addresses,
    by_term,
    languages_but,
    listed,
    of_category,
    summary,
    term_address,
)
from plugins.pages.links import relative_link
from plugins.pages.menus import INDEXES, index_link, make_menus
from plugins.pages.page import (
    AccountPage,
    Block,
    Card,
    ChooserPage,
    CorrectionNote,
    Door,
    FrontPage,
    Head,
    IndexPage,
    Link,
    LinkGroup,
    ListedPage,
    ListPage,
    NotFoundPage,
    Numbers,
    PagePlan,
    Picture,
    PlainPage,
    ProductPage,
    SourceNote,
    StoryPage,
    Version,
)
from plugins.pages.reading_minutes import reading_minutes
from plugins.reader.story import Image, Story
from plugins.stories.pair import Pair
from plugins.stories.portal import Portal

LATEST = 8
"""Newest stories beside the lead of a front page."""

PINNED = 4
"""Stories under the lead where editors pinned none."""

BLOCK = 4
"""Stories of a section on a front page."""

FOREIGN = 6
"""Untranslated stories on a front page."""

RELATED = 4
"""Stories offered at the end of a story."""

RELATED_DEPTH = 40
"""Stories of a tag, newest first, that are looked at for that; a bound, so that planning stays linear."""


@dataclass(frozen=True, slots=True)
class Options:
    """The settings that planning depends on; plugins/settings.py explains each."""

    per_page: int
    file_links: bool
    names: Mapping[str, str]
    taglines: Mapping[str, str]
    account_urls: Mapping[str, str]
    repository_url: str


def plan_pages(
    portal: Portal,
    words: Mapping[str, gettext.NullTranslations],
    options: Options,
    size_of: Callable[[str], tuple[int, int]],
) -> Iterator[PagePlan]:
    """Plan every page of the portal.

    Args:
        portal: paired and checked stories.
        words: interface words by path of language.
        options: settings.
        size_of: picture below content/ → width and height in CSS pixels, 0 when unknown.
    Returns: plans, each path once, in an order that depends on nothing else; a large portal's need not all exist at
        a time.
    """
    editions = make_editions(portal, words, options, size_of)
    exists = {url for edition in editions.values() for url in edition.urls()}
    for edition in editions.values():
        for plan in edition.plans():
            yield _with_versions(plan, exists)
    yield from _root_pages(editions, words)


def plan_stories(
    paths: Collection[str],
    exists: Collection[str],
    portal: Portal,
    words: Mapping[str, gettext.NullTranslations],
    options: Options,
    size_of: Callable[[str], tuple[int, int]],
) -> Iterator[PagePlan]:
    """Plan some pages of stories, products and plain pages, where all other pages are known.

    Args:
        paths: below content/, of the stories.
        exists: addresses of all pages of the portal.
        portal, words, options, size_of: as of plan_pages.
    """
    for edition in make_editions(portal, words, options, size_of).values():
        for plan in edition.plans_of(paths):
            yield _with_versions(plan, exists)


def make_editions(
    portal: Portal,
    words: Mapping[str, gettext.NullTranslations],
    options: Options,
    size_of: Callable[[str], tuple[int, int]],
) -> dict[str, Edition]:
    """All editions by path of language; arguments as of plan_pages."""
    return {
        language.path: Edition(portal, language, words[language.path], options, size_of)
        for language in LANGUAGES.values()
    }


def _with_versions(plan: PagePlan, exists: Collection[str]) -> PagePlan:
    """*plan*, its versions and its language switch found by address, where it has not said better itself."""
    head: Head = plan.data.head
    rest = plan.url.partition("/")[2]
    versions = head.versions or tuple(
        Version(language, there) for language in LANGUAGES.values() if (there := f"{language.path}/{rest}") in exists
    )
    reached = {version.language: version for version in versions}
    switch = tuple(
        reached.get(other) or Version(other, _nearest(other, plan, head, exists))
        for other in languages_but(plan.language)
    )
    default = head.default if rest == "" else versions[0].url
    return dataclasses.replace(
        plan,
        data=dataclasses.replace(
            plan.data,
            head=dataclasses.replace(head, versions=versions, switch=switch, default=default),
        ),
    )


def _nearest(language: Language, plan: PagePlan, head: Head, exists: Collection[str]) -> str:
    """The nearest parent of *plan* that the edition *language* has; its front page at the last."""
    own = [*(link.url for link in head.trail), plan.url]
    parents = [plan.url[: plan.url.index("page/")]] if "/page/" in plan.url else []
    for parent in [*parents, *reversed(own)]:
        there = f"{language.path}/{parent.partition('/')[2]}"
        if there in exists:
            return there
    return f"{language.path}/"


def _root_pages(editions: Mapping[str, Edition], words: Mapping[str, gettext.NullTranslations]) -> Iterator[PagePlan]:
    first = next(iter(LANGUAGES.values()))
    versions = tuple(Version(language, f"{language.path}/") for language in LANGUAGES.values())
    names = " · ".join(dict.fromkeys(edition.name for edition in editions.values()))
    head = Head(title=names, description=names, versions=versions, default="", switch=versions)
    doors = tuple(
        Door(version, edition.front_cards()[:3], edition.name, edition.tagline)
        for version in versions
        for edition in [editions[version.language.path]]
    )
    yield PagePlan("index.html", "chooser.html", first, ChooserPage(head, doors))
    missing = dataclasses.replace(
        head, title=" · ".join(words[path].gettext("Page not found") for path in LANGUAGES), listed=False
    )
    yield PagePlan("404.html", "missing.html", first, ChooserPage(missing, doors), anywhere=True)


class Edition:
    """Plans the pages of one language.

    Args: as of plan_pages.
    """

    def __init__(
        self,
        portal: Portal,
        language: Language,
        words: gettext.NullTranslations,
        options: Options,
        size_of: Callable[[str], tuple[int, int]],
    ) -> None:
        self.language = language
        self.name = options.names[language.path]
        self.tagline = options.taglines.get(language.path, "")
        self._portal = portal
        self._options = options
        self._size_of = size_of
        self._words = words
        self._gettext = words.gettext
        self._cards = CardMaker(portal, language, self._picture)
        self._stories = listed((pair for pair in portal.pairs if pair.kind == "story"), language)
        self._products = listed((pair for pair in portal.pairs if pair.kind == "product"), language)
        self._lists = by_term(self._stories)
        self._of_category: dict[str, list[Listed]] = {}
        self._near = {
            term: [
                (one.story.path, one.story.date.timestamp(), one.story)
                for one in stories[:RELATED_DEPTH]
                if one.story.language == language and one.story.date is not None
            ]
            for term, stories in self._lists.items()
            if term[0] in ("tag", "item", "section")
        }
        """The stories that may be related, by what they have in common: path, time, story."""
        self._address_of = addresses(portal)
        self._own = [(pair, pair.versions[language.path]) for pair in portal.pairs if language.path in pair.versions]
        self._product_pages = {
            pair.key.removeprefix("products/"): pair for pair in portal.pairs if pair.kind == "product"
        }
        self._home = Link(self._gettext("Home"), f"{language.path}/", language)
        self._menus = make_menus(portal, language, words)

    def plans(self) -> Iterator[PagePlan]:
        """Every page of the edition; versions and language switch are found when all editions are planned."""
        yield self._front()
        yield from self.plans_of(None)
        for kind, id in self._list_terms():
            yield from self._list(kind, id)
        for kind in INDEXES:
            yield self._index(kind)
        yield self._account()
        yield PagePlan(
            f"{self.language.path}/404.html",
            "not_found.html",
            self.language,
            NotFoundPage(self._head(self._gettext("Page not found"), "", listed=False)),
        )

    def plans_of(self, paths: Collection[str] | None) -> Iterator[PagePlan]:
        """The pages of the edition's own stories, products and plain pages; of *paths* below content/, or of all."""
        plan = {"story": self._story, "product": self._product, "page": self._plain}
        for pair, story in self._own:
            if paths is None or story.path in paths:
                yield plan[story.kind](pair, story)

    def urls(self) -> Iterator[str]:
        """The address of every page that plans() gives."""
        yield from (f"{self.language.path}/{name}" for name in ("", "account/", "404.html"))
        yield from (address(story) for _, story in self._own)
        yield from (self._index_link(kind).url for kind in INDEXES)
        for kind, id in self._list_terms():
            pages = max(1, -(-len(self._listed(kind, id)) // self._options.per_page))
            yield from (_page_address(self._list_address(kind, id), number) for number in range(1, pages + 1))

    def front_cards(self) -> tuple[Card, ...]:
        """The cards of the front page's first stories: the lead, then what is pinned, then the newest."""
        lead, pinned, rest = self._front_order()
        return self._cards.cards([*([lead] if lead else []), *pinned, *rest[:LATEST]])

    # Pages of their own

    def _front(self) -> PagePlan:
        lead, pinned, rest = self._front_order()
        latest = rest[:LATEST]
        shown = {story.path for story in (lead, *pinned, *latest) if story is not None}
        blocks = []
        for link in self._menus.sections:
            id = link.url.split("/")[2]
            native = [
                one.story
                for one in self._lists.get(("section", id), ())
                if one.story.language == self.language and one.story.path not in shown
            ][:BLOCK]
            if native:
                blocks.append(Block(link, self._cards.cards(native)))
        foreign = [one.story for one in self._stories if one.story.language != self.language][:FOREIGN]
        data = FrontPage(
            head=self._head(
                "",
                self._gettext("News in English and Chinese, each story paired with its translation."),
                picture=self._picture(lead.image) if lead else None,
                trail=(),
            ),
            lead=self._cards.card(lead) if lead else None,
            pinned=self._cards.cards(pinned),
            latest=self._cards.cards(latest),
            blocks=tuple(blocks),
            foreign=self._cards.cards(foreign),
            products=self._cards.cards(one.story for one in self._products),
        )
        return PagePlan(f"{self.language.path}/index.html", "front.html", self.language, data)

    def _front_order(self) -> tuple[Story | None, list[Story], list[Story]]:
        """The lead, what stands beside it, and the other native stories, newest first."""
        native = [one.story for one in self._stories if one.story.language == self.language]
        versions = {
            story.key: pair.versions.get(self.language.path)
            for pair in self._portal.pairs
            if pair.kind == "story"
            for story in pair.versions.values()
        }
        visible = {story.path for story in native}

        def found(key: str) -> list[Story]:
            story = versions.get(key)
            return [story] if story is not None and story.path in visible else []

        front = self._portal.fronts.get(self.language.path)
        lead = found(front.lead.key) if front and front.lead else []
        lead = lead or native[:1]
        keys = dict.fromkeys(pin.key for pin in front.pinned) if front else {}
        leading = {story.path for story in lead}
        pinned = [story for key in keys for story in found(key) if story.path not in leading]
        if not pinned:
            pinned = [story for story in native[: PINNED + 1] if story.path not in leading][:PINNED]
        used = {story.path for story in (*lead, *pinned)}
        return (lead[0] if lead else None), pinned, [story for story in native if story.path not in used]

    def _story(self, pair: Pair, story: Story) -> PagePlan:
        assert story.date is not None, "make_portal refuses a story without a date"
        withdrawn = story.status == "withdrawn"
        section = self._cards.link("section", story.category)
        picture = None if withdrawn else self._picture(story.image)
        head = self._head(
            story.title,
            summary(story),
            trail=(self._home, section),
            listed=_indexed(story),
            versions=self._versions(pair, story),
            picture=picture,
            feed=self._feed(section),
            kind="article",
        )
        path = f"{address(story)}index.html"
        body, above = ("", picture) if withdrawn else self._place(story, path, picture)
        data = StoryPage(
            head=head,
            title=story.title,
            kicker="" if withdrawn else story.kicker,
            summary="" if withdrawn else story.summary,
            body=body,
            date=story.date,
            modified=story.modified,
            section=section,
            authors=() if withdrawn else self._term_links("author", story.authors),
            tags=() if withdrawn else self._term_links("tag", story.tags),
            products=() if withdrawn else self._product_links(story.products),
            picture=above,
            status=story.status,
            minutes=reading_minutes(story.text, story.language),
            source=None if withdrawn else self._source(story),
            translated_by=story.translation.by if story.translation else "",
            corrections=() if withdrawn else tuple(CorrectionNote(note.date, note.text) for note in story.corrections),
            related=self._related(pair, story),
        )
        return PagePlan(path, "story.html", self.language, data)

    def _product(self, pair: Pair, story: Story) -> PagePlan:
        category = self._cards.link("product", story.category)
        path = f"{address(story)}index.html"
        id = pair.key.removeprefix("products/")
        withdrawn = story.status == "withdrawn"
        picture = None if withdrawn else self._picture(story.image)
        head = self._head(
            story.title,
            summary(story),
            trail=(self._home, category),
            listed=_indexed(story),
            versions=self._versions(pair, story),
            picture=picture,
        )
        body, above = ("", picture) if withdrawn else self._place(story, path, picture)
        data = ProductPage(
            head=head,
            title=story.title,
            summary="" if withdrawn else story.summary,
            body=body,
            category=category,
            picture=above,
            source=None if withdrawn else self._source(story),
            cards=self._cards.cards(one.story for one in self._lists.get(("item", id), ())),
            status=story.status,
        )
        return PagePlan(path, "product.html", self.language, data)

    def _plain(self, pair: Pair, story: Story) -> PagePlan:
        path = f"{address(story)}index.html"
        head = self._head(story.title, summary(story), listed=_indexed(story), versions=self._versions(pair, story))
        withdrawn = story.status == "withdrawn"
        data = PlainPage(
            head=head,
            title=story.title,
            summary="" if withdrawn else story.summary,
            body="" if withdrawn else self._place(story, path, self._picture(story.image))[0],
            modified=story.modified,
            status=story.status,
        )
        return PagePlan(path, "page.html", self.language, data)

    def _account(self) -> PagePlan:
        data = AccountPage(
            head=self._head(
                self._gettext("Register / Log in"),
                self._gettext("Your reading list and preferences, kept in this browser."),
                listed=False,
            ),
            account_url=self._options.account_urls.get(self.language.path, ""),
            submit=next((link for link in self._menus.pages if link.url.endswith("/submit/")), None),
            repository_url=self._options.repository_url,
        )
        return PagePlan(f"{self.language.path}/account/index.html", "account.html", self.language, data)

    # Lists

    def _list_terms(self) -> list[tuple[str, str]]:
        """The lists of this edition as (kind, id): what the menus offer, and whatever a story is under."""
        listed_always = [(kind, id) for kind in ("section", "product") for id in self._portal.taxonomy.terms[kind]]
        used = sorted(term for term in self._lists if term[0] in ("tag", "author", "source", "month"))
        return [*listed_always, *used]

    def _list(self, kind: str, id: str) -> Iterator[PagePlan]:
        products: tuple[Card, ...] = ()
        if kind == "product":
            mine = [one for one in self._products if one.story.category == id]
            products = self._cards.cards(one.story for one in mine)
        stories = self._listed(kind, id)
        base = self._list_address(kind, id)
        if kind == "month":
            heading, heading_language = self._month_name(id), self.language
            parent = "archive"
        else:
            link = self._cards.link(kind, id)
            heading, heading_language = link.name, link.language
            parent = kind
        cards = self._cards.cards(one.story for one in stories)
        per_page = self._options.per_page
        chunks: Sequence[tuple[Card, ...]] = [
            cards[start : start + per_page] for start in range(0, max(1, len(cards)), per_page)
        ]
        trail = (self._home, self._index_link(parent))
        description = self._description(kind, heading)
        feed = self._feed(Link(heading, base, heading_language)) if kind in ("section", "product") else None
        for number, chunk in enumerate(chunks, start=1):
            title = (
                heading if number == 1 else self._gettext("{list}, page {number}").format(list=heading, number=number)
            )
            here = trail if number == 1 else (*trail, Link(heading, base, heading_language))
            head = self._head(title, description if number == 1 else f"{title} · {description}", trail=here, feed=feed)
            data = ListPage(
                head=head,
                kind=kind,
                heading=heading,
                heading_language=heading_language,
                cards=chunk,
                total=len(cards),
                numbers=numbers_of(base, number, len(chunks), self.language),
                products=products if number == 1 else (),
            )
            yield PagePlan(f"{_page_address(base, number)}index.html", "list.html", self.language, data)

    def _listed(self, kind: str, id: str) -> Sequence[Listed]:
        if kind == "product":
            if id not in self._of_category:
                self._of_category[id] = of_category(self._stories, self._products, id)
            return self._of_category[id]
        return self._lists.get((kind, id), [])

    def _list_address(self, kind: str, id: str) -> str:
        return f"{self.language.path}/archive/{id}/" if kind == "month" else term_address(kind, id, self.language)

    def _index(self, kind: str) -> PagePlan:
        link = self._index_link(kind)
        head = self._head(link.name, self._gettext("{list}: everything at a glance.").format(list=link.name))
        data = IndexPage(head, kind, link.name, tuple(self._index_groups(kind)))
        return PagePlan(f"{link.url}index.html", "index.html", self.language, data)

    def _index_groups(self, kind: str) -> Iterator[LinkGroup]:
        if kind == "archive":
            months = sorted((id for k, id in self._lists if k == "month"), reverse=True)
            for year in sorted({month[:4] for month in months}, reverse=True):
                yield LinkGroup(
                    self._year_name(year),
                    tuple(
                        Link(
                            self._month_name(month),
                            f"{self.language.path}/archive/{month}/",
                            self.language,
                            len(self._lists["month", month]),
                        )
                        for month in months
                        if month.startswith(year)
                    ),
                )
        elif kind in ("section", "product"):
            counts = self._menu_counts()
            ids = self._portal.taxonomy.terms[kind]
            yield LinkGroup("", tuple(self._cards.link(kind, id, counts[kind, id]) for id in ids))
        else:
            links = [self._cards.link(kind, id, len(stories)) for (k, id), stories in self._lists.items() if k == kind]
            yield LinkGroup("", tuple(sorted(links, key=lambda one: (-one.count, one.name.casefold(), one.url))))

    def _month_name(self, month: str) -> str:
        year, number = month.split("/")
        return format_skeleton("yMMMM", date(int(year), int(number), 1), locale=self.language.locale)

    def _year_name(self, year: str) -> str:
        return format_skeleton("y", date(int(year), 1, 1), locale=self.language.locale)

    def _index_link(self, kind: str) -> Link:
        return index_link(kind, self.language, self._words)

    def _description(self, kind: str, name: str) -> str:
        _ = self._gettext
        return {
            "section": _("The latest stories on {name}."),
            "product": _("Products and stories: {name}."),
            "tag": _("Stories tagged {name}."),
            "author": _("Stories by {name}."),
            "source": _("Stories from {name}."),
            "month": _("All stories of {name}."),
        }[kind].format(name=name)

    # Parts of pages

    def _menu_counts(self) -> Counter[tuple[str, str]]:
        """Stories of each section; products of each product category."""
        counts: Counter[tuple[str, str]] = Counter(
            term for one in self._stories for term in one.terms if term[0] == "section"
        )
        counts.update(("product", one.story.category) for one in self._products)
        return counts

    def _head(
        self,
        title: str,
        description: str,
        *,
        trail: tuple[Link, ...] | None = None,
        listed: bool = True,
        versions: tuple[Version, ...] = (),
        picture: Picture | None = None,
        feed: Link | None = None,
        kind: str = "website",
    ) -> Head:
        return Head(
            title=title,
            description=description or title,
            versions=versions,
            default="",
            switch=(),
            trail=(self._home,) if trail is None else trail,
            listed=listed,
            feed=feed or Link(self.name, f"{self.language.path}/feed.xml", self.language),
            picture=picture,
            kind=kind,
        )

    def _feed(self, list_link: Link) -> Link:
        name = self._gettext("{portal}: {list}").format(portal=self.name, list=list_link.name)
        return Link(name, f"{list_link.url}feed.xml", self.language)

    def _versions(self, pair: Pair, own: Story) -> tuple[Version, ...]:
        """The versions that search engines may know; a hidden or withdrawn one knows itself only."""
        if own.status not in LISTED:
            return (Version(own.language, address(own)),)
        return tuple(
            Version(story.language, address(story)) for story in pair.versions.values() if story.status in LISTED
        )

    def _picture(self, image: Image | None) -> Picture | None:
        if image is None:
            return None
        variants = self._portal.variants.get(image.src, ())
        return Picture(image.src, image.alt, image.credit, *self._size_of(image.src), variants)

    def _term_links(self, kind: str, ids: Iterable[str]) -> tuple[Link, ...]:
        # A hidden story belongs to no list, so its terms may have no page.
        return tuple(self._cards.link(kind, id) for id in ids if (kind, id) in self._lists)

    def _product_links(self, ids: Iterable[str]) -> tuple[Link, ...]:
        links = []
        for id in ids:
            pair = self._product_pages.get(id)
            if pair is not None:
                product = pair.versions.get(self.language.path) or next(iter(pair.versions.values()))
                links.append(Link(product.title, address(product), product.language))
        return tuple(links)

    def _source(self, story: Story) -> SourceNote | None:
        source = story.source
        if source is None:
            return None
        paper = self._cards.link("source", source.name) if source.name else None
        if paper is not None and ("source", source.name) not in self._lists:
            paper = dataclasses.replace(paper, url=self._index_link("source").url)
        return SourceNote(
            paper=paper,
            url=source.url,
            retrieved=source.retrieved,
            permission=source.permission,
            title=source.title,
            dateline=source.dateline,
            notice=source.notice,
            credits=source.credits,
            also=tuple((self._paper(one.name), one.url) for one in source.also),
        )

    def _paper(self, name: str) -> str:
        """A paper as readers of this edition know it."""
        known = self._portal.taxonomy.find("source", name) if name else None
        return known.name(self.language)[0] if known else name

    def _place(self, story: Story, path: str, picture: Picture | None) -> tuple[str, Picture | None]:
        """The text of *story* for the page *path*, and the *picture* above it, unless it shows it."""
        body = story.body
        above = None if picture and picture.src in pictures_in(body, story.path) else picture
        placed = place_body(
            body,
            story.path,
            self._address_of,
            self._size_of,
            lambda there: relative_link(there, path, self._options.file_links),
            lambda file: self._portal.variants.get(file, ()),
        )
        return (placed if above else hasten_first_picture(placed)), above

    def _related(self, pair: Pair, story: Story) -> tuple[Card, ...]:
        score: dict[str, int] = {}
        found: dict[str, tuple[float, Story]] = {}
        terms = [("tag", tag) for tag in story.tags] + [("item", product) for product in story.products]
        for weight, term in [*((2, term) for term in terms), (1, ("section", story.category))]:
            for path, moment, other in self._near.get(term, ()):
                if path in score:
                    score[path] += weight
                else:
                    score[path] = weight
                    found[path] = moment, other
        score.pop(story.path, None)
        assert story.date is not None
        here = story.date.timestamp()
        near = sorted((-points, abs(found[path][0] - here), path) for path, points in score.items())
        return self._cards.cards(found[path][1] for _, _, path in near[:RELATED])


def _indexed(story: Story) -> bool:
    """Whether search engines may list the page of a story: it is published, and its source does not object."""
    return story.status == "published" and (story.source is None or story.source.indexing)


AROUND = 2
"""Pages of a list on each side of the reader that can be chosen."""


def listed_page(plan: PagePlan) -> ListedPage | None:
    """What search engines are told of the page *plan*; None when they must not list it."""
    head = getattr(plan.data, "head", None)
    if not isinstance(head, Head) or not head.listed or plan.anywhere:
        return None
    modified = getattr(plan.data, "modified", None) or getattr(plan.data, "date", None)
    return ListedPage(plan.url, head.versions, head.default, modified)


def numbers_of(base: str, number: int, last: int, language: Language) -> Numbers:
    """Where the reader of page *number* of a list is, and what can be chosen from there.

    Not every page of the list: a list of a thousand pages would have a million of them.
    """
    chosen = {1, last, *range(max(1, number - AROUND), min(last, number + AROUND) + 1)}
    pages = tuple(Link(str(one), _page_address(base, one), language) for one in sorted(chosen))
    return Numbers(number, pages)


def _page_address(base: str, number: int) -> str:
    return base if number == 1 else f"{base}page/{number}/"
