"""The pages of one language: which there are, what decides each of them, and what they show."""

from __future__ import annotations

import gettext
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import islice
from typing import NamedTuple

from babel.dates import format_skeleton
from msgspec import structs

from plugins.languages import LANGUAGES, Language
from plugins.pages.body import hasten_first_picture, pictures_in, place_body
from plugins.pages.cards import (
    LISTED,
    CardMaker,
    address,
    embargo,
    languages_but,
    summary,
    term_address,
)
from plugins.pages.links import relative_link
from plugins.pages.lists import Listing, Lists
from plugins.pages.menus import INDEXES, index_link, make_menus
from plugins.pages.page import (
    AccountPage,
    Block,
    Card,
    CorrectionNote,
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
    moment,
)
from plugins.pages.related import KeptRelated, Related
from plugins.reader.reading_minutes import minutes_of
from plugins.reader.story import Image, Story
from plugins.stories.pair import Pair
from plugins.stories.portal import Portal, resolve_reference

LATEST = 8
"""Newest stories beside the lead of a front page."""

PINNED = 4
"""Stories under the lead where editors pinned none."""

BLOCK = 4
"""Stories of a section on a front page."""

FOREIGN = 6
"""Untranslated stories on a front page."""


@dataclass(frozen=True, slots=True)
class Options:
    """The settings that planning depends on; plugins/settings.py explains each."""

    per_page: int
    file_links: bool
    names: Mapping[str, str]
    taglines: Mapping[str, str]
    account_urls: Mapping[str, str]
    repository_url: str


class Outline(NamedTuple):
    """A file that the portal has, before anybody knows what it shows.

    Attributes:
        path: below the output folder.
        template: below theme/templates/.
        inputs: with the same inputs, and the same frame of the portal and constants of its edition, the plan is the
            same and need not be made to know it; empty when nobody can tell.
        make: makes the plan.
        listed: what search engines are told of it; None when they must not list it.
    """

    path: str
    template: str
    inputs: bytes
    make: Callable[[], PagePlan]
    listed: ListedPage | None = None


class Edition:
    """Plans the pages of one language.

    Args:
        portal: paired and checked stories.
        lists, related: of the edition.
        address_of: from addresses.
        language: of the edition.
        words: interface words of the language.
        options: settings.
        size_of: picture below content/ → width and height in CSS pixels, 0 when unknown.

    Attributes:
        lists: what the edition lists.
        cards: makes the cards of the edition.
        exists: the addresses of all pages of all editions; to be filled in when these are known.
    """

    def __init__(
        self,
        portal: Portal,
        lists: Lists,
        related: Related | KeptRelated,
        address_of: Callable[[str], str | None],
        language: Language,
        words: gettext.NullTranslations,
        options: Options,
        size_of: Callable[[str], tuple[int, int]],
    ) -> None:
        self.language = language
        self.name = options.names[language.path]
        self.tagline = options.taglines.get(language.path, "")
        self.lists = lists
        self.related = related
        self.cards = CardMaker(portal, language, self._picture)
        self.exists: Collection[str] = ()
        self._portal = portal
        self._options = options
        self._size_of = size_of
        self._words = words
        self._gettext = words.gettext
        self._term_marks: dict[tuple[str, str], bytes] = {}
        self._address_of = address_of
        self._product_pages = {pair.key.removeprefix("products/"): pair for pair in portal.pairs.of_kind("product")}
        self._home = Link(self._gettext("Home"), f"{language.path}/", language)
        self._menus = make_menus(portal, language, words)

    def outlines(self) -> Iterator[Outline]:
        """Every page of the edition."""
        yield self.outline_of_front()
        for pair, story in self._own():
            yield self.outline_of_story(pair, story)
        for kind, id in self._list_terms():
            yield from self.outlines_of_list(kind, id)
        yield from map(self.outline_of_index, INDEXES)
        # These show what the frame tells, and nothing else.
        yield self._outline("account/", "account.html", self._portal.frame, self._account, listed=False)
        path = f"{self.language.path}/404.html"
        yield Outline(path, "not_found.html", self._portal.frame, self._not_found)

    def _own(self) -> Iterator[tuple[Pair, Story]]:
        """The stories that are written in the language of the edition, and their pairs."""
        path = self.language.path
        return ((pair, pair.versions[path]) for pair in self._portal.pairs if path in pair.versions)

    def urls(self) -> Iterator[str]:
        """The address of every page that outlines() gives."""
        yield from (f"{self.language.path}/{name}" for name in ("", "account/", "404.html"))
        yield from (address(story) for _, story in self._own())
        yield from (self._index_link(kind).url for kind in INDEXES)
        for kind, id in self._list_terms():
            base = self._list_address(kind, id)
            yield from (page_address(base, number) for number in self._numbers(self.lists.get(kind, id)))

    def revise(self, portal: Portal, old: Pair, new: Pair) -> None:
        """Show *new* where *old* was: the same story in other words, which stands in the same lists, as old as it was.

        Plans are right then; inputs of outlines are not, because marks are those of the last whole look.

        Args:
            portal: with *new*, and the same in everything else.
        """
        self._portal = portal
        for story in new.versions.values():
            self.cards.revise(portal, story)
            self.related.revise(story)
        if new.kind == "product":
            self._product_pages[new.key.removeprefix("products/")] = new
        every = self.lists.products if new.kind == "product" else self.lists.stories
        listed = next((one for one in every if one.key == old.key), None) if new.kind != "page" else None
        if listed is not None:
            revised = listed._replace(story=new.versions[listed.story.language.path], mark=b"")
            terms = [term for term, found in self.lists.of.items() if term in listed.terms or term[0] == "product"]
            if new.kind == "product":
                self.lists.products = every.replaced(listed, revised)
            else:
                self.lists.stories = every.replaced(listed, revised)
                self.lists.of.update((term, self.lists.of[term].replaced(listed, revised)) for term in terms)

    # What decides a page

    def _outline(
        self,
        rest: str,
        template: str,
        inputs: bytes,
        make: Callable[[], PagePlan],
        listed: bool = True,
        default: str | None = None,
    ) -> Outline:
        """The outline of the page *rest* below the edition, whose other versions have the same address there."""
        url = f"{self.language.path}/{rest}"
        versions = self._same(rest)
        default = versions[0].url if default is None else default
        mark = f"{url} {default} {' '.join(version.url for version in versions)}".encode()
        told = ListedPage(url, versions, default, None, mark) if listed else None
        return Outline(f"{url}index.html", template, inputs, make, told)

    def outline_of_front(self) -> Outline:
        """The front page."""
        return self._outline("", "front.html", self._portal.faces, self._front, default="")

    def outline_of_index(self, kind: str) -> Outline:
        """The page of all lists of a *kind*."""
        return self._outline(f"{kind}/", "index.html", self._portal.faces, partial(self._index, kind))

    def outline_of_story(self, pair: Pair, story: Story) -> Outline:
        """The page of *story*, the version of *pair* in the language of the edition."""
        url = address(story)
        versions = self._versions(pair, story)
        modified = None if story.kind == "product" else story.modified or story.date
        mark = pair.mark and pair.mark + self.language.path.encode()
        told = ListedPage(url, versions, versions[0].url, modified, mark) if self._indexed(story) else None
        template, make = {
            "story": ("story.html", self._story),
            "product": ("product.html", self._product),
            "page": ("page.html", self._plain),
        }[story.kind]
        inputs = self.text_mark(pair, story)
        if inputs and story.kind == "story":
            # The switch leads there, and it may be the page of another pair, which names its versions itself.
            there = repr([self._there(url, other) in self.exists for other in languages_but(self.language)])
            related = self.related.mark(story)
            inputs = related and inputs + related + there.encode()
        elif inputs and story.kind == "product":
            mentions = self.lists.get("item", pair.key.removeprefix("products/"))
            inputs += b"".join(one.mark for one in mentions) if all(one.mark for one in mentions) else b""
        return Outline(f"{url}index.html", template, inputs, partial(make, pair, story), told)

    def text_mark(self, pair: Pair, story: Story) -> bytes:
        """Changes when what its page and feeds show of *story* itself does, beside what the frame tells."""
        if not pair.mark or not story.hash:
            return b""
        parts = [story.hash, pair.mark]
        for kind, ids in (("tag", story.tags), ("author", story.authors)):
            parts += [self._term_mark(kind, id) for id in ids]
        if story.source is not None and story.source.name:
            parts.append(self._term_mark("source", story.source.name))
        for target in [resolve_reference(story.path, reference.target) for reference in story.references]:
            parts += [(self._address_of(target) or "-").encode(), self._portal.pictures.get(target, b"")]
        if story.image is not None:
            parts.append(self._portal.pictures.get(story.image.src, b""))
        return b" ".join(parts)

    def place_of_product(self, id: str) -> int | None:
        """The place of a product in the portal; None for a draft, which stories may name all the same."""
        pair = self._product_pages.get(id)
        return None if pair is None else self._portal.pairs.places[next(iter(pair.versions.values())).path]

    def _term_mark(self, kind: str, id: str) -> bytes:
        """Changes when the name of a term or whether it has a list here does."""
        mark = self._term_marks.get((kind, id))
        if mark is None:
            names = sorted(self._portal.terms[kind, id].names.items())
            mark = self._term_marks[kind, id] = repr((id, names, (kind, id) in self.lists.of)).encode()
        return mark

    def _indexed(self, story: Story) -> bool:
        """Whether search engines may list the page of a story: it is published, and its source does not object."""
        return (
            story.status == "published"
            and (story.source is None or story.source.indexing)
            and story.path not in self._portal.embargoed
        )

    def _same(self, rest: str) -> tuple[Version, ...]:
        """The versions of the page *rest* below this edition in all editions that have it."""
        return tuple(
            Version(language, there)
            for language in LANGUAGES.values()
            if (there := f"{language.path}/{rest}") in self.exists
        )

    def front_cards(self) -> tuple[Card, ...]:
        """The cards of the front page's first stories: the lead, then what is pinned, then the newest."""
        lead, pinned, latest = self._front_order()
        return self.cards.cards([*([lead] if lead else []), *pinned, *latest])

    # Pages of their own

    def _front(self) -> PagePlan:
        lead, pinned, latest = self._front_order()
        shown = {story.path for story in (lead, *pinned, *latest) if story is not None}
        blocks = []
        for link in self._menus.sections:
            id = link.url.split("/")[2]
            native = list(
                islice((story for story in natives_of(self.lists.get("section", id)) if story.path not in shown), BLOCK)
            )
            if native:
                blocks.append(Block(link, self.cards.cards(native)))
        stories = self.lists.stories
        foreign = [one.story for one in stories[stories.natives : stories.natives + FOREIGN]]
        data = FrontPage(
            head=self._head(
                f"{self.language.path}/",
                "",
                self._gettext("News in English and Chinese, each story paired with its translation."),
                picture=self._picture(lead.image) if lead else None,
                trail=(),
            ),
            lead=self.cards.card(lead) if lead else None,
            pinned=self.cards.cards(pinned),
            latest=self.cards.cards(latest),
            blocks=tuple(blocks),
            foreign=self.cards.cards(foreign),
            products=self.cards.cards(one.story for one in self.lists.products),
        )
        return PagePlan(f"{self.language.path}/index.html", "front.html", self.language, data)

    def _front_order(self) -> tuple[Story | None, list[Story], list[Story]]:
        """The lead, what stands beside it, and the newest of the other native stories."""

        def found(key: str) -> list[Story]:
            story = self._portal.pairs.story_of(key, self.language)
            return [story] if story is not None and story.status in LISTED else []

        front = self._portal.fronts.get(self.language.path)
        lead = found(front.lead.key) if front and front.lead else []
        lead = lead or list(islice(natives_of(self.lists.stories), 1))
        keys = dict.fromkeys(pin.key for pin in front.pinned) if front else {}
        leading = {story.path for story in lead}
        pinned = [story for key in keys for story in found(key) if story.path not in leading]
        if not pinned:
            newest = islice(natives_of(self.lists.stories), PINNED + 1)
            pinned = [story for story in newest if story.path not in leading][:PINNED]
        used = {story.path for story in (*lead, *pinned)}
        latest = list(islice((story for story in natives_of(self.lists.stories) if story.path not in used), LATEST))
        return (lead[0] if lead else None), pinned, latest

    def _story(self, pair: Pair, story: Story) -> PagePlan:
        assert story.date is not None, "make_portal refuses a story without a date"
        withdrawn = story.status == "withdrawn"
        section = self.cards.link("section", story.category)
        picture = None if withdrawn else self._picture(story.image)
        head = self._head(
            address(story),
            story.title,
            summary(story),
            trail=(self._home, section),
            listed=self._indexed(story),
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
            date=moment(story.date),
            modified=story.modified and moment(story.modified),
            section=section,
            authors=() if withdrawn else self._term_links("author", story.authors),
            tags=() if withdrawn else self._term_links("tag", story.tags),
            products=() if withdrawn else self._product_links(story.products),
            picture=above,
            status=story.status,
            minutes=minutes_of(story),
            source=None if withdrawn else self._source(story),
            translated_by=story.translation.by if story.translation else "",
            corrections=()
            if withdrawn
            else tuple(CorrectionNote(moment(note.date), note.text) for note in story.corrections),
            related=self.cards.cards(self.related.to(story)),
            embargo=embargo(story, self._portal),
        )
        return PagePlan(path, "story.html", self.language, data)

    def _product(self, pair: Pair, story: Story) -> PagePlan:
        category = self.cards.link("product", story.category)
        path = f"{address(story)}index.html"
        id = pair.key.removeprefix("products/")
        withdrawn = story.status == "withdrawn"
        picture = None if withdrawn else self._picture(story.image)
        head = self._head(
            address(story),
            story.title,
            summary(story),
            trail=(self._home, category),
            listed=self._indexed(story),
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
            cards=self.cards.cards(one.story for one in self.lists.get("item", id)),
            status=story.status,
            embargo=embargo(story, self._portal),
        )
        return PagePlan(path, "product.html", self.language, data)

    def _plain(self, pair: Pair, story: Story) -> PagePlan:
        path = f"{address(story)}index.html"
        versions = self._versions(pair, story)
        head = self._head(address(story), story.title, summary(story), listed=self._indexed(story), versions=versions)
        withdrawn = story.status == "withdrawn"
        data = PlainPage(
            head=head,
            title=story.title,
            summary="" if withdrawn else story.summary,
            body="" if withdrawn else self._place(story, path, self._picture(story.image))[0],
            modified=story.modified and moment(story.modified),
            status=story.status,
            embargo=embargo(story, self._portal),
        )
        return PagePlan(path, "page.html", self.language, data)

    def _account(self) -> PagePlan:
        data = AccountPage(
            head=self._head(
                f"{self.language.path}/account/",
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
        used = sorted(term for term in self.lists.of if term[0] in ("tag", "author", "source", "month"))
        return [*listed_always, *used]

    def page_number(self, position: int) -> int:
        """The page of a list that shows the story at *position* of it."""
        return position // self._options.per_page + 1

    def _numbers(self, listing: Listing) -> Iterable[int]:
        """The pages of a list; one without stories has one all the same."""
        return range(1, self.page_number(max(0, len(listing) - 1)) + 1)

    def outlines_of_list(self, kind: str, id: str, numbers: Iterable[int] = ()) -> Iterator[Outline]:
        """The pages of a list; all, or those with *numbers*."""
        stories = self.lists.get(kind, id)
        base = self._list_address(kind, id)
        rest = base.partition("/")[2]
        per_page = self._options.per_page
        # The switch leads to the same page, or to the first, of the list in another edition.
        there = [version.url for version in self._same(rest)]
        term = self._term_mark(kind, id) if kind in ("tag", "author", "source") else id.encode()
        for number in numbers or self._numbers(stories):
            start = (number - 1) * per_page
            marks = [one.mark for one in stories[start : start + per_page]]
            outline = self._outline(
                page_address(rest, number), "list.html", b"", partial(self._list_page, kind, id, number)
            )
            if all(marks) and self._portal.frame:
                same = [version.url for version in outline.listed.versions] if outline.listed else []
                inputs = b" ".join([repr((len(stories), there, same)).encode(), term, *marks])
                outline = outline._replace(inputs=inputs)
            yield outline

    def _list_page(self, kind: str, id: str, number: int) -> PagePlan:
        stories = self.lists.get(kind, id)
        base = self._list_address(kind, id)
        if kind == "month":
            heading, heading_language = self._month_name(id), self.language
            parent = "archive"
        else:
            link = self.cards.link(kind, id)
            heading, heading_language = link.name, link.language
            parent = kind
        trail = (self._home, self._index_link(parent))
        title, description = heading, self._description(kind, heading)
        if number > 1:
            title = self._gettext("{list}, page {number}").format(list=heading, number=number)
            description = f"{title} · {description}"
            trail = (*trail, Link(heading, base, heading_language))
        feed = self._feed(Link(heading, base, heading_language)) if kind in ("section", "product") else None
        url = page_address(base, number)
        per_page = self._options.per_page
        start = (number - 1) * per_page
        mine = (
            [one for one in self.lists.products if one.story.category == id]
            if kind == "product" and number == 1
            else []
        )
        data = ListPage(
            head=self._head(url, title, description, trail=trail, feed=feed),
            kind=kind,
            heading=heading,
            heading_language=heading_language,
            cards=self.cards.cards(one.story for one in stories[start : start + per_page]),
            total=len(stories),
            numbers=numbers_of(base, number, max(1, -(-len(stories) // per_page)), self.language),
            products=self.cards.cards(one.story for one in mine),
        )
        return PagePlan(f"{url}index.html", "list.html", self.language, data)

    def _list_address(self, kind: str, id: str) -> str:
        return f"{self.language.path}/archive/{id}/" if kind == "month" else term_address(kind, id, self.language)

    def _index(self, kind: str) -> PagePlan:
        link = self._index_link(kind)
        description = self._gettext("{list}: everything at a glance.").format(list=link.name)
        head = self._head(link.url, link.name, description)
        data = IndexPage(head, kind, link.name, tuple(self._index_groups(kind)))
        return PagePlan(f"{link.url}index.html", "index.html", self.language, data)

    def _index_groups(self, kind: str) -> Iterator[LinkGroup]:
        if kind == "archive":
            months = sorted((id for k, id in self.lists.of if k == "month"), reverse=True)
            for year in sorted({month[:4] for month in months}, reverse=True):
                yield LinkGroup(
                    self._year_name(year),
                    tuple(
                        Link(
                            self._month_name(month),
                            f"{self.language.path}/archive/{month}/",
                            self.language,
                            len(self.lists.of["month", month]),
                        )
                        for month in months
                        if month.startswith(year)
                    ),
                )
        elif kind in ("section", "product"):
            counts = self._menu_counts()
            ids = self._portal.taxonomy.terms[kind]
            yield LinkGroup("", tuple(self.cards.link(kind, id, counts[kind, id]) for id in ids))
        else:
            links = [self.cards.link(kind, id, len(stories)) for (k, id), stories in self.lists.of.items() if k == kind]
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
        counts = Counter({term: len(stories) for term, stories in self.lists.of.items() if term[0] == "section"})
        counts.update(("product", one.story.category) for one in self.lists.products)
        return counts

    def _head(
        self,
        url: str,
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
        trail = (self._home,) if trail is None else trail
        rest = url.partition("/")[2]
        versions = versions or self._same(rest)
        reached = {version.language: version for version in versions}
        switch = tuple(
            reached.get(other) or Version(other, self._nearest(other, url, trail))
            for other in languages_but(self.language)
        )
        return Head(
            title=title,
            description=description or title,
            versions=versions,
            default=versions[0].url if rest else "",
            switch=switch,
            trail=trail,
            listed=listed,
            feed=feed or Link(self.name, f"{self.language.path}/feed.xml", self.language),
            picture=picture,
            kind=kind,
        )

    def _nearest(self, language: Language, url: str, trail: tuple[Link, ...]) -> str:
        """The nearest parent of the page *url* that the edition *language* has; its front page at the last."""
        parents = [url[: url.index("page/")]] if "/page/" in url else []
        for parent in [*parents, url, *(link.url for link in reversed(trail))]:
            there = self._there(parent, language)
            if there in self.exists:
                return there
        return f"{language.path}/"

    def _there(self, url: str, language: Language) -> str:
        """The address *url* in the edition *language*."""
        return f"{language.path}/{url.partition('/')[2]}"

    def _not_found(self) -> PagePlan:
        path = f"{self.language.path}/404.html"
        head = self._head(path, self._gettext("Page not found"), "", listed=False)
        return PagePlan(path, "not_found.html", self.language, NotFoundPage(head))

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
        return tuple(self.cards.link(kind, id) for id in ids if (kind, id) in self.lists.of)

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
        paper = self.cards.link("source", source.name) if source.name else None
        if paper is not None and ("source", source.name) not in self.lists.of:
            paper = structs.replace(paper, url=self._index_link("source").url)
        return SourceNote(
            paper=paper,
            url=source.url,
            retrieved=source.retrieved and moment(source.retrieved),
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


def natives_of(listing: Listing) -> Iterator[Story]:
    """The native stories of a list, newest first."""
    return (listing[at].story for at in range(listing.natives))


AROUND = 2
"""Pages of a list on each side of the reader that can be chosen."""


def numbers_of(base: str, number: int, last: int, language: Language) -> Numbers:
    """Where the reader of page *number* of a list is, and what can be chosen from there.

    Not every page of the list: a list of a thousand pages would have a million of them.
    """
    chosen = {1, last, *range(max(1, number - AROUND), min(last, number + AROUND) + 1)}
    pages = tuple(Link(str(one), page_address(base, one), language) for one in sorted(chosen))
    return Numbers(number, pages)


def page_address(base: str, number: int) -> str:
    """The address of page *number* of a list."""
    return base if number == 1 else f"{base}page/{number}/"
