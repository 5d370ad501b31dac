"""Where pages meet Pelican."""

from __future__ import annotations

import functools
import gettext
import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pelican.generators import Generator

from plugins.languages import LANGUAGES, Language
from plugins.languages.catalogue import read_catalogues
from plugins.pages.cards import address
from plugins.pages.ledger import FACE
from plugins.pages.menus import make_menus, plain_pages
from plugins.pages.page import Link, ListedPage, PagePlan, Site, Version
from plugins.pages.plan import Options, listed_page, plan_pages, plan_stories
from plugins.pages.writer import PlanWriter
from plugins.stories.pictures import picture_size
from plugins.stories.portal import Portal
from plugins.values import bytes_of, digest_of


@dataclass(slots=True)
class Pages:
    """What later stages take from this one.

    Attributes:
        sites: constants of the editions by path of language.
        words: interface words by path of language.
        size_of: picture below content/ → width and height in CSS pixels, 0 when unknown.
        same_face: the portal differs from that of the last build in the texts of stories at most.
        changed: paths below content/ of the stories whose texts differ, if it does.
        listed: the pages that search engines may list; nobody looked when the face is the same.
    """

    sites: Mapping[str, Site]
    words: Mapping[str, gettext.NullTranslations]
    size_of: Callable[[str], tuple[int, int]]
    same_face: bool
    changed: frozenset[str] = frozenset()
    listed: list[ListedPage] = field(default_factory=list)


class PortalGenerator(Generator):
    """Plans all pages and has them written; leaves ``pages_of_portal`` (Pages) in the shared context."""

    def generate_output(self, writer: PlanWriter) -> None:
        portal: Portal = self.context["portal"]
        settings = self.settings
        theme = Path(self.theme)
        words = read_catalogues(theme / "translations")
        options = Options(
            per_page=settings["STORIES_PER_PAGE"],
            file_links=settings["FILE_LINKS"],
            names=settings["PORTAL_NAME"],
            taglines=settings["PORTAL_TAGLINE"],
            account_urls=settings["ACCOUNT_URLS"],
            repository_url=settings["REPOSITORY_URL"],
        )
        size_of = picture_sizes(Path(self.path))
        static = static_versions(theme / "static")
        sites = {
            language.path: make_site(language, portal, words[language.path], settings, static)
            for language in LANGUAGES.values()
        }
        sources = {
            f"{address(story)}index.html": story.hash.hex()
            for pair in portal.pairs
            for story in pair.versions.values()
            if story.hash
        }
        pages = Pages(sites, words, size_of, writer.ledger.look(_face(portal, options, sites)))
        self.context["pages_of_portal"] = pages

        def plan() -> Iterator[PagePlan]:
            for made in plan_pages(portal, words, options, size_of):
                if (listed := listed_page(made)) is not None:
                    pages.listed.append(listed)
                yield made

        # With the face that it had, the portal differs from the last one in the texts of some stories at most.
        if pages.same_face and writer.keep_all(lambda source: source == FACE):
            pages.changed = frozenset(
                story.path
                for pair in portal.pairs
                for story in pair.versions.values()
                if not writer.keep_page(f"{address(story)}index.html", story.hash.hex())
            )
            if pages.changed:
                exists = {path.removesuffix("index.html") for path in writer.ledger.paths_before}
                plans = plan_stories(pages.changed, exists, portal, words, options, size_of)
                writer.write_plans(plans, sites, sources)
        else:
            pages.same_face = False
            writer.write_plans(plan(), sites, sources)
        writer.copy_files(static_files(theme / "static", settings["THEME_STATIC_DIR"]))
        writer.copy_files((path, Path(self.path, path)) for path in sorted(portal.files))


def _face(portal: Portal, options: Options, sites: Mapping[str, Site]) -> str:
    return digest_of(bytes_of((portal.face, options, dict(sites)))) if portal.face else ""


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
