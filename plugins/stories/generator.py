"""Where stories meet Pelican: files are read through its readers, and its signals are sent."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pelican import signals
from pelican.contents import Article
from pelican.generators import ArticlesGenerator

from plugins.languages import LANGUAGES
from plugins.last_build import (
    FINGERPRINT,
    LAST_BUILD,
    SNAPSHOT,
    SOURCES,
    LastBuild,
    Told,
    is_of_tools,
    others_listen,
    surroundings,
)
from plugins.memory import without_collection
from plugins.problems import Problem, on_disk
from plugins.reader.files import read_files
from plugins.reader.sanitise import plain_text
from plugins.reader.store import StoryStore, reader_version
from plugins.reader.story import Story
from plugins.stories import PELICANS_OWN
from plugins.stories.pairs import ENDINGS
from plugins.stories.portal import make_portal
from plugins.stories.revision import REVISION, Revision, find_revision
from plugins.stories.snapshot import LAST_SNAPSHOT, Snapshot, read_snapshot
from plugins.values import digest_of
from plugins.workers import workers_of


class StoriesGenerator(ArticlesGenerator):
    """Reads every Markdown file below content/{en,zh}/ and makes the portal of them.

    It is an ArticlesGenerator, so that plugins written for Pelican find articles where they look for them; its own
    lists by category, tag and author stay empty, because Pelican makes them in quadratic time and plugins/pages
    plans those pages.

    After ``generate_context`` the shared context has ``portal`` (a Portal) and ``problems`` (a list of Problem).
    """

    def generate_context(self) -> None:
        with on_disk(self.path), without_collection():
            self._generate_context()

    def _generate_context(self) -> None:
        content = Path(self.path)
        problems: list[Problem] = self.context.setdefault("problems", [])
        store = open_store(content, self.settings)
        if self._may_revise():
            snapshot = self.context[LAST_SNAPSHOT] = read_snapshot(self.settings)
            revision = snapshot and find_revision(self.settings, snapshot, store, workers_of(self.settings))
            if revision is not None:
                self._take(revision)
                return
        files = markdown_files(self.settings)
        stories = self._read_for_others(files) if others_listen() else self._read(files, store)
        problems += misplaced(content)
        portal, found = make_portal(stories, content, self.settings["NOW"], self.settings["SHOW_DRAFTS"])
        problems += found
        self.context["portal"] = portal
        last: LastBuild = self.settings[LAST_BUILD]
        last.stories = len(stories)
        last.told = Told.of_stories(stories)
        last.until = portal.until
        if self.context.get("takedowns"):
            # An entry may end on any day, and what the mirror knows of addresses stands elsewhere.
            self.settings[FINGERPRINT] = ""
        elif not problems and not others_listen():
            self.settings[SNAPSHOT] = Snapshot.of(portal, surroundings(self.settings, {*files}))
        self._update_context(("articles", "drafts", "hidden_articles", "dates", "tags", "categories", "authors"))
        signals.article_generator_finalized.send(self)

    def _may_revise(self) -> bool:
        """Whether nobody has to see all stories."""
        settings = self.settings
        if settings["EXPLAIN"] or settings["DELETE_OUTPUT_DIRECTORY"] or self.context.get("takedowns"):
            return False
        return not others_listen()

    def _take(self, revision: Revision) -> None:
        """Go on with what differs from the last build."""
        self.context["portal"] = revision.portal
        self.context[REVISION] = revision
        last: LastBuild = self.settings[LAST_BUILD]
        last.told = revision.told
        last.until = revision.portal.until
        self.settings[SNAPSHOT] = revision.snapshot
        # For Pelican's last line; of our own plugins, nobody looks at them.
        self.articles = [None] * last.stories

    def _read(self, files: list[str], store: StoryStore) -> list[Story]:
        """Our own way: what did not change comes from the store, and no article is made that nobody looks at."""
        content = Path(self.path)
        zone = ZoneInfo(self.settings["TIMEZONE"])
        stories = []
        listening = signals.content_object_init.receivers
        workers, stamps = workers_of(self.settings), self.settings[SOURCES]
        # Before the articles are there, because nobody but our own plugins hears it here, and these only get ready.
        ready = partial(signals.article_generator_pretaxonomy.send, self)
        for file in read_files(content, files, zone, store, workers, stamps, ready):
            self.context["problems"] += file.problems
            if file.story is None:
                continue
            story = file.story
            if listening:
                seen = SeenStory(story, self.context)
                signals.content_object_init.send(seen)
                story = seen.story
            stories.append(story)
            counted = {"draft": self.drafts, "hidden": self.hidden_articles, "withdrawn": self.hidden_articles}
            counted.get(story.status, self.articles).append(story)
        return stories

    def _read_for_others(self, files: list[str]) -> list[Story]:
        """Pelican's way, with an article for every file, for plugins of other people."""
        stories = []
        for file in files:
            article = self.readers.read_file(
                base_path=self.path,
                path=file,
                content_class=Article,
                context=self.context,
                preread_signal=signals.article_generator_preread,
                preread_sender=self,
                context_signal=signals.article_generator_context,
                context_sender=self,
            )
            self.context["problems"] += article.problems
            if article.story is not None:
                stories.append(_as_plugins_left_it(article))
            {"draft": self.drafts, "hidden": self.hidden_articles}.get(article.status, self.articles).append(article)
            self.add_source_path(article)
        signals.article_generator_pretaxonomy.send(self)
        return stories

    def check_disabled_readers(self) -> None:
        """Every Markdown file is read by our own reader, so there is nothing to warn of."""

    def generate_output(self, writer: object) -> None:
        """plugins/pages writes the pages; here Pelican's own generator, which found none, gets ours to count."""
        counting = self.context[PELICANS_OWN]
        counting.articles = self.articles
        counting.drafts = self.drafts
        counting.hidden_articles = self.hidden_articles


def markdown_files(settings: Mapping[str, Any]) -> list[str]:
    """The Markdown files of the editions below content/, in order."""
    return sorted(filter(which_are_read(settings), settings[SOURCES]))


def which_are_read(settings: Mapping[str, Any]) -> Callable[[str], bool]:
    """A function: whether the file *path* below content/ is Markdown of an edition, and not ignored (IGNORE_FILES)."""
    ignored = re.compile("|".join(map(fnmatch.translate, settings["IGNORE_FILES"])) or "$.").match
    editions = tuple(f"{path}/" for path in LANGUAGES)

    def is_read(path: str) -> bool:
        return (
            path.endswith(ENDINGS)
            and path.startswith(editions)
            # A file with a dot is a tool's: editors leave one beside a file that is open, some disks beside each.
            and "/." not in path
            and not any(map(ignored, path.split("/")))
        )

    return is_read


class SeenStory:
    """A story as the rest of our own plugins see it on ``content_object_init``: what they need of an Article."""

    __slots__ = ("_content", "_context", "status", "story")

    def __init__(self, story: Story, context: dict[str, Any]) -> None:
        self.story = story
        self.status = "hidden" if story.status == "withdrawn" else story.status
        self._content = None
        self._context = context


def _as_plugins_left_it(article: Article) -> Story:
    """The story, with the body as other people's plugins may have changed it on ``content_object_init``."""
    story: Story = article.story
    if article._content == story.body:
        return story
    return replace(story, body=article._content, text=plain_text(article._content), beginning=None, minutes=None)


def open_store(content: Path, settings: Mapping[str, Any]) -> StoryStore:
    """What the files of *content* said when they were last read; for the build and the preview alike."""
    # One store a content folder, so that two of them do not forget each other's stories.
    name = f"stories-{digest_of(str(content.resolve()).encode())[:8]}.db"
    version = reader_version(f"{content.name} {settings['TIMEZONE']}")
    return StoryStore(Path(settings["CACHE_PATH"]) / name, version)


def misplaced(content: Path) -> list[Problem]:
    """Markdown outside of the language folders would be silently left out, which no editor expects."""
    fix = f"Move it into {content.name}/{{{','.join(LANGUAGES)}}}/YYYY/MM/."
    return [
        Problem(
            f"{content.name}/{file.relative_to(content).as_posix()}",
            0,
            "the file is in no language's folder.",
            fix,
        )
        for entry in sorted(content.iterdir())
        if entry.name not in LANGUAGES and not entry.name.startswith(".")
        for file in ([entry] if entry.is_file() else sorted(entry.rglob("*.md")))
        # The mirror keeps in a folder of its own what it imported.
        if file.suffix == ".md" and not any(map(is_of_tools, file.relative_to(content).parts[:-1]))
    ]
