"""The site in memory: every page is known, and made when somebody asks for it."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from msgspec import structs

from plugins.feeds.plan import outline_feeds, outline_sitemaps
from plugins.memory import without_collection
from plugins.pages.compiled import CompiledTheme, compile_theme
from plugins.pages.generator import Pages, make_pages, static_files, static_versions
from plugins.pages.page import PagePlan, pack
from plugins.pages.plan import outline_pages
from plugins.pages.theme import Theme
from plugins.preview.sources import Sources, stories_in
from plugins.preview.told import problem_of, problems_in
from plugins.problems import Problem, Stop
from plugins.reader.files import ReadFile
from plugins.reader.story import Story
from plugins.settings import build_time
from plugins.stories.generator import misplaced
from plugins.stories.pair import INHERITED, Pair
from plugins.stories.pairs import Pairs
from plugins.stories.portal import Portal, check_alone, make_portal, resolve_reference
from plugins.values import bytes_of, digest_of

KEPT_PAGES = 500
"""Pages whose bytes are kept."""

Make = Callable[[], PagePlan]

Aside = Callable[[Callable[[], Any]], Awaitable[Any]]

_STATIC_VERSION = re.compile(rb"\?v=[0-9a-f]{8}")


@dataclass(slots=True)
class Shown:
    """A portal that can be shown.

    Attributes:
        stories: what it was made of, by path: each as it was written.
        portal, pages: of these.
        makes: path of a page below the output folder → makes its plan.
        alone: stories as they were saved since, of which only their own pages know.
    """

    stories: dict[str, Story]
    portal: Portal
    pages: Pages
    makes: dict[str, Make]
    alone: dict[str, Story] = field(default_factory=dict)


@dataclass(slots=True)
class Look:
    """What a look at all stories found.

    Attributes:
        shown: None when the last one has to stay.
        problems: across stories.
    """

    shown: Shown | None
    problems: list[Problem]


@dataclass(slots=True)
class Page:
    """What was made of a plan.

    Attributes:
        content: the bytes of the file.
        digest: changes when a reader's page must be loaded anew; a new stylesheet is exchanged without that.
        plan: digest of the plan.
        theme: that rendered it.
        edition: of the site, for which it is known to be right.
    """

    content: bytes
    digest: str
    plan: str
    theme: Theme
    edition: int


class Site:
    """The pages of the portal as they would be built now.

    Everything but ``look`` is for one thread.

    Args:
        settings: Pelican's, with ours.
        sources: its stories.
        aside: runs a function beside everything else.

    Attributes:
        shown: None while nothing can be shown.
        of_settings: what is wrong with settings or code, so that the preview goes on with those it was started with.
    """

    def __init__(self, settings: Mapping[str, Any], sources: Sources, aside: Aside) -> None:
        self._aside = aside
        self.sources = sources
        self.shown: Shown | None = None
        self.of_settings: list[Problem] = []
        self.theme_folder = Path(settings["THEME"])
        self._settings = settings
        self._across: list[Problem] = []
        self._of_templates: list[Problem] = []
        self._of_pages: dict[str, Problem] = {}
        self._compiled: CompiledTheme | None = None
        self._theme: Theme | None = None
        self._edition = 0
        self._pages: OrderedDict[str, Page] = OrderedDict()
        self._feeds: tuple[int, dict[str, Make]] = (-1, {})
        self._sitemaps: tuple[int, dict[str, Make]] = (-1, {})
        self._compile()

    def problems(self) -> list[Problem]:
        """Everything that is wrong now, each once."""
        found = (self.sources.found(), self._across, self._of_templates, self._of_pages.values(), self.of_settings)
        return sorted({problem for problems in found for problem in problems})

    @property
    def until(self) -> float:
        """Seconds since 1970 when an embargo ends; 0 for never."""
        return self.shown.portal.until if self.shown else 0

    # What changes

    def look(self, files: Mapping[str, ReadFile], last: Shown | None) -> Look:
        """Look at all stories, as a build does.

        A file with mistakes is shown as it was in *last*. With mistakes that concern all of them, the last one stays.

        Args:
            files: a copy that nobody changes meanwhile.
            last: what is shown.
        """
        content = self.sources.content
        now = build_time([])
        stories = stories_in(list(files.values()))
        portal, problems = make_portal(stories.values(), content, now, True)
        problems += misplaced(content)
        wrong = {problem.path for problem in (*problems, *(one for file in files.values() for one in file.problems))}
        if wrong:
            if last is not None and wrong & {f"{content.name}/taxonomy.yaml", f"{content.name}/front.yaml"}:
                return Look(None, problems)
            before = {**last.stories, **last.alone} if last is not None else {}
            stories = {
                path: story
                for path, file in files.items()
                if (story := before.get(path) if f"{content.name}/{path}" in wrong else file.story) is not None
            }
            portal, _ = make_portal(stories.values(), content, now, True)
            portal = replace(portal, pairs=Pairs([one for one in portal.pairs if _is_showable(one, portal)]))
        if self._compiled is None:
            return Look(None, problems)
        words = self._compiled.translations()
        pages = make_pages(portal, {**self._settings, "NOW": now}, content, self.theme_folder, words)
        with without_collection():
            makes = {outline.path: outline.make for outline in outline_pages(portal, pages.editions, words)}
        return Look(Shown(stories, portal, pages, makes), problems)

    def take(self, look: Look) -> None:
        """Show what a look at all stories found."""
        self._across = look.problems
        if look.shown is None:
            return
        last, self.shown = self.shown, look.shown
        if last is None or bytes_of(last.pages.sites) != bytes_of(look.shown.pages.sites):
            self._theme = None
        if last is not None:
            # Editions hold themselves by their own methods, and nobody looks for such rings among what stays.
            for edition in last.pages.editions.values():
                vars(edition).clear()
        self._edition += 1

    def edit(self, path: str) -> bool:
        """Show the story *path* as it is now.

        Returns: whether all stories have to be looked at for the other pages to be right.
        """
        file, shown = self.sources.files.get(path), self.shown
        if file is None or file.problems or file.story is None or shown is None:
            return True
        old, new = shown.stories.get(path), file.story
        self._edition += 1
        if old is not None and old.hash == new.hash and old.status == new.status:
            return bool(self._across)
        if old is not None and path in shown.portal.pairs.places and _stays(old, new, shown):
            self._revise(shown, new)
            shown.stories[path] = new
            return bool(self._across)
        self._show_alone(shown, new)
        return True

    def _revise(self, shown: Shown, story: Story) -> None:
        """Put *story* in the place of its last form."""
        at = shown.portal.pairs.places[story.path]
        pairs = shown.portal.pairs
        old = pairs[at]
        last = old.versions[story.language.path]
        kept = {name: getattr(last, name) for name in (*INHERITED, "authors")}
        new = Pair(old.kind, old.key, {**old.versions, story.language.path: story.but(**kept)})
        shown.portal = replace(shown.portal, pairs=pairs.replaced(at, new), frame=b"", faces=b"")
        for path, edition in shown.pages.editions.items():
            edition.revise(shown.portal, old, new)
            if path in new.versions:
                outline = edition.outline_of_story(new, new.versions[path])
                shown.makes[outline.path] = outline.make

    def _show_alone(self, shown: Shown, story: Story) -> None:
        """Show *story* on its own page; other pages know nothing of it yet."""
        at = shown.portal.pairs.places.get(story.path)
        paths = {version.path for version in shown.portal.pairs[at].versions.values()} if at is not None else set()
        keys = {story.key, story.translation.of if story.translation and story.translation.of else story.key}
        paths |= {f"{language}/{key}.md" for language in shown.pages.editions for key in keys}
        files = [self.sources.files[path] for path in sorted(paths) if path in self.sources.files]
        versions = [file.story for file in files if file.story is not None and not file.problems]
        pairs, terms, problems = check_alone(versions, shown.portal, self.sources.content)
        if problems:
            return
        shown.alone[story.path] = story
        dict.update(shown.portal.terms, terms)  # type: ignore[arg-type]
        for one in pairs:
            for language, version in one.versions.items():
                if version.path == story.path:
                    outline = shown.pages.editions[language].outline_of_story(one, version)
                    shown.makes[outline.path] = outline.make

    def change_theme(self, names: Iterable[str]) -> None:
        """Render every page anew: files of the theme changed, of which pages may name the version.

        Args:
            names: below the folder of the theme.
        """
        if self.shown is not None:
            versions = static_versions(self.theme_folder / "static")
            sites = {path: structs.replace(site, versions=versions) for path, site in self.shown.pages.sites.items()}
            self.shown.pages.sites = sites
        self._theme = None
        self._of_pages.clear()
        self._edition += 1
        if not all(name.startswith("static/") for name in names):
            self._compile()

    def _compile(self) -> None:
        """Read the templates and words; with mistakes the last ones stay."""
        self._of_templates = []
        try:
            self._compiled = compile_theme(self.theme_folder, Path(self._settings["CACHE_PATH"]))
        except Stop as stop:
            self._of_templates = problems_in(str(stop))
        except Exception as error:
            self._of_templates = [problem_of(error, self.theme_folder / "templates")]

    def static_path(self, name: str) -> str:
        """Where the file *name* of the theme is served."""
        return f"{self._settings['THEME_STATIC_DIR']}/{name}"

    # What is asked for

    def file(self, path: str) -> Path | None:
        """The file that is served at *path* as it is: a picture, a style sheet."""
        below = f"{self._settings['THEME_STATIC_DIR']}/"
        if path.startswith(below):
            return dict(static_files(self.theme_folder / "static", below.rstrip("/"))).get(path)
        if self.shown is not None and path in self.shown.portal.files:
            return self.sources.content / path
        return None

    def has(self, path: str) -> bool:
        """Whether there is a page *path*."""
        return self.shown is not None and path in self.shown.makes

    async def content(self, path: str) -> tuple[bytes, str] | None:
        """The bytes of the page *path*, and what changes when browsers have to load it anew."""
        make = None
        if path.endswith("feed.xml"):
            make = self._feed(path)
        elif path == "robots.txt" or (path.startswith("sitemap") and path.endswith(".xml")):
            if self._sitemaps[0] != self._edition:
                edition = self._edition
                self._sitemaps = (edition, await self._aside(self._sitemap))
            make = self._sitemaps[1].get(path)
        page = self.page(path, make)
        return (page.content, page.digest) if page is not None else None

    def _sitemap(self) -> dict[str, Make]:
        """The parts of the sitemap, and ``robots.txt``; takes as long as a look at all stories."""
        shown, root = self.shown, self._settings["SITEURL"]
        if shown is None:
            return {}
        outlines = outline_pages(shown.portal, shown.pages.editions, shown.pages.words)
        listed = [outline.listed for outline in outlines if outline.listed is not None]
        return {outline.path: outline.make for outline in outline_sitemaps(listed, root)}

    def _feed(self, path: str) -> Make | None:
        if self._feeds[0] != self._edition and self.shown is not None:
            names, root = self._settings["PORTAL_NAME"], self._settings["SITEURL"]
            outlines = outline_feeds(self.shown.portal, self.shown.pages, names, root)
            self._feeds = (self._edition, {outline.path: outline.make for outline in outlines})
        return self._feeds[1].get(path)

    def page(self, path: str, make: Make | None = None) -> Page | None:
        """The page *path* as it is now; as it was where it cannot be made, None where it never was.

        Args:
            make: of a file that is not among the pages of the portal.
        """
        known = self._pages.get(path)
        if known is not None and known.edition == self._edition:
            return known
        make = make or (self.shown.makes.get(path) if self.shown else None)
        if make is None or self.shown is None or self._compiled is None:
            self._pages.pop(path, None)
            return None
        try:
            if self._theme is None:
                self._theme = Theme(self._compiled, self.shown.pages.sites)
            plan = make()
            digest = digest_of(pack(plan)[1])
            if known is not None and known.plan == digest and known.theme is self._theme:
                known.edition = self._edition
                return known
            content = self._theme.render(plan).encode("utf-8")
        except Stop as stop:
            # A file changed while it was read; its save is told in a moment.
            self._of_pages[path] = problems_in(str(stop))[0]
            return known
        except Exception as error:
            self._of_pages[path] = problem_of(error, self.theme_folder / "templates")
            return known
        self._of_pages.pop(path, None)
        made = Page(content, digest_of(_STATIC_VERSION.sub(b"", content)), digest, self._theme, self._edition)
        self._pages[path] = made
        self._pages.move_to_end(path)
        while len(self._pages) > KEPT_PAGES:
            self._pages.popitem(last=False)
        return made


SAME = ("kind", "language", "path", "key", "status", "date", "category", "tags", "authors", "products", "image")
"""With these, and what its versions give each other, a story stands in the same lists in the same order."""


def _stays(old: Story, new: Story, shown: Shown) -> bool:
    """Whether *new* can be put in the place of *old*: the same lists, order and files, and nothing that others take."""
    if old.kind != "story" and old.face != new.face:
        return False
    if any(getattr(old, name) != getattr(new, name) for name in (*SAME, "source", "translation")):
        return False
    if old.given & frozenset(INHERITED) != new.given & frozenset(INHERITED):
        return False
    # A picture that comes or goes is a file that is published or not.
    targets = [{resolve_reference(one.path, link.target) for link in one.references} for one in (old, new)]
    return all(target in shown.portal.pairs.places for target in targets[0] ^ targets[1])


def _is_showable(pair: Pair, portal: Portal) -> bool:
    """Whether pages can be made of *pair* although there are mistakes."""
    kind = {"story": "section", "product": "product"}.get(pair.kind)
    return all(
        (kind is None or (kind, story.category) in portal.terms) and (pair.kind != "story" or story.date is not None)
        for story in pair.versions.values()
    )
