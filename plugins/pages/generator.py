"""Where pages meet Pelican."""

from __future__ import annotations

import functools
import gettext
import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

from pelican.generators import Generator

from plugins.languages import LANGUAGES, Language
from plugins.last_build import LAST_BUILD, SNAPSHOT
from plugins.memory import without_collection
from plugins.pages.cards import address
from plugins.pages.edition import Edition, Options, Outline
from plugins.pages.kept import keep_lists, kept_editions, outline_changes
from plugins.pages.menus import make_menus, plain_pages
from plugins.pages.output import writing
from plugins.pages.page import Link, ListedPage, Site, Version
from plugins.pages.plan import make_editions, outline_pages, outline_root
from plugins.pages.writer import PlanWriter
from plugins.progress import followed
from plugins.stories.pictures import picture_size
from plugins.stories.portal import Portal
from plugins.stories.revision import REVISION, Revision
from plugins.stories.snapshot import LAST_SNAPSHOT, Snapshot
from plugins.values import bytes_of, digest_of

MORE_OUTLINES = "outlines_beside_pages"
"""Where the shared context has functions of later stages, Pages → outlines; called when all pages are planned."""


@dataclass(slots=True)
class Pages:
    """What later stages take from this one.

    Attributes:
        sites: constants of the editions by path of language.
        words: interface words by path of language.
        size_of: picture below content/ → width and height in CSS pixels, 0 when unknown.
        editions: by path of language.
        frame: what every page depends on, by a digest; empty when unknown.
        listed: the pages that search engines may list.
    """

    sites: Mapping[str, Site]
    words: Mapping[str, gettext.NullTranslations]
    size_of: Callable[[str], tuple[int, int]]
    editions: Mapping[str, Edition]
    frame: bytes
    listed: list[ListedPage] = field(default_factory=list)


class PortalGenerator(Generator):
    """Plans all pages and has them written, and what others add in MORE_OUTLINES."""

    def generate_output(self, writer: PlanWriter) -> None:
        """Plan and write the pages."""
        with writing(self.settings):
            self._generate_output(writer)

    def _generate_output(self, writer: PlanWriter) -> None:
        portal: Portal = self.context["portal"]
        theme = Path(self.theme)
        words = writer.theme.translations()
        revision: Revision | None = self.context.get(REVISION)
        snapshot = revision.snapshot if revision is not None else None
        pages = make_pages(portal, self.settings, Path(self.path), theme, words, snapshot)
        # A generator for each, which begins when the one before has ended.
        more = (outline for outlines in self.context.get(MORE_OUTLINES, ()) for outline in outlines(pages))
        if revision is not None:
            writer.write_outlines(chain(_outline_revision(revision, pages), more), pages.sites, pages.frame)
            writer.keep_rest()
            return

        # All editions know all addresses; beside them there are the root and its page for what is missing.
        total = len(next(iter(pages.editions.values())).exists) + 2
        planned = followed(outline_pages(portal, pages.editions, pages.words), "Rendering pages", total)

        def outlines() -> Iterator[Outline]:
            for outline in planned:
                if outline.listed is not None:
                    pages.listed.append(outline.listed)
                yield outline
            yield from more

        def meanwhile() -> None:
            writer.copy_files(static_files(theme / "static", self.settings["THEME_STATIC_DIR"]))
            writer.copy_files((path, Path(self.path, path)) for path in sorted(portal.files))
            if (left := self.settings.get(SNAPSHOT)) is not None:
                keep_lists(left, self.context.get(LAST_SNAPSHOT), portal, pages.editions)

        writer.write_outlines(outlines(), pages.sites, pages.frame, meanwhile)


def _outline_revision(revision: Revision, pages: Pages) -> Iterator[Outline]:
    """The pages that may differ from those of the last build."""
    for edition in pages.editions.values():
        yield from outline_changes(revision.portal, edition, revision.changes)
    if any(change.seen for change in revision.changes):
        yield from outline_root(revision.portal, pages.editions, pages.words)


def make_pages(
    portal: Portal,
    settings: Mapping[str, Any],
    content: Path,
    theme: Path,
    words: Mapping[str, gettext.NullTranslations],
    snapshot: Snapshot | None = None,
) -> Pages:
    """What decides the pages of *portal*.

    Args:
        settings: Pelican's, with ours.
        content, theme: the folders.
        words: interface words by path of language.
        snapshot: of a portal that is a revision.
    """
    options = Options(
        per_page=settings["STORIES_PER_PAGE"],
        file_links=settings["FILE_LINKS"],
        names=settings["PORTAL_NAME"],
        taglines=settings["PORTAL_TAGLINE"],
        account_urls=settings["ACCOUNT_URLS"],
        repository_url=settings["REPOSITORY_URL"],
    )
    size_of = picture_sizes(content)
    static = static_versions(theme / "static")
    sites = {
        language.path: make_site(language, portal, words[language.path], settings, static)
        for language in LANGUAGES.values()
    }
    if snapshot is not None:
        files = settings[LAST_BUILD].files
        editions = kept_editions(portal, snapshot, files, words, options, size_of)
    else:
        with without_collection():
            editions = make_editions(portal, words, options, size_of)
    frame = portal.frame and digest_of(portal.frame, bytes_of(options)).encode()
    return Pages(sites, words, size_of, editions, frame)


def make_site(
    language: Language,
    portal: Portal,
    words: gettext.NullTranslations,
    settings: Mapping[str, Any],
    static: dict[str, str],
) -> Site:
    """The constants of the edition *language*.

    Args:
        portal: the menus lead to its lists, the footer to its plain pages.
        words: interface words of the language.
        settings: Pelican's, with ours.
        static: from static_versions.
    """
    menus = make_menus(portal, language, words)
    titles = {address(story): story.title for story in plain_pages(portal, language)}

    def page(name: str) -> Link | None:
        url = f"{language.path}/{name}/"
        return Link(titles[url], url, language) if url in titles else None

    return Site(
        language=language,
        name=settings["PORTAL_NAME"][language.path],
        tagline=settings["PORTAL_TAGLINE"].get(language.path, ""),
        url=settings["SITEURL"],
        editions=tuple(Version(other, f"{other.path}/") for other in LANGUAGES.values()),
        home=Link(words.gettext("Home"), f"{language.path}/", language),
        menus=menus,
        file_links=settings["FILE_LINKS"],
        versions=static,
        icp_number=settings["ICP_NUMBER"],
        icp_url=settings["ICP_URL"],
        holder=settings["COPYRIGHT_HOLDER"].get(language.path, ""),
        year=settings["NOW"].year,
        account=f"{language.path}/account/",
        disclaimer=page("disclaimer"),
        submit=page("submit"),
        feed=f"{language.path}/feed.xml",
        repository_url=settings["REPOSITORY_URL"],
        preview=settings["SHOW_DRAFTS"],
    )


def static_files(folder: Path, below: str) -> list[tuple[str, Path]]:
    """The files of the theme's *folder*, and where they are *below* the output folder."""
    return [
        (f"{below}/{path.relative_to(folder).as_posix()}", path) for path in sorted(folder.rglob("*")) if path.is_file()
    ]


def static_versions(folder: Path) -> dict[str, str]:
    """File of the theme → a few characters that change with its bytes, so that browsers fetch the new one."""
    return {
        path.relative_to(folder).as_posix(): hashlib.blake2b(path.read_bytes(), digest_size=4).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def picture_sizes(content: Path) -> Callable[[str], tuple[int, int]]:
    """A function: picture below *content* → width and height in CSS pixels, (0, 0) when the file does not say."""

    return functools.cache(lambda path: picture_size(content / path))
