"""Where stories meet Pelican: files are read through its readers, and its signals are sent."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pelican import signals
from pelican.contents import Article
from pelican.generators import ArticlesGenerator

from plugins.languages import LANGUAGES
from plugins.problems import Problem
from plugins.reader.story import Story
from plugins.stories.portal import make_portal

MARKDOWN = ("md", "markdown")

PELICANS_OWN = "articles_generator_of_pelican"
"""Where the shared context has the generator whose articles Pelican counts in its last line."""


def remember_pelicans_own(generator: ArticlesGenerator) -> None:
    """Keep Pelican's own generator in the shared context; it is made before ours."""
    generator.context.setdefault(PELICANS_OWN, generator)


class StoriesGenerator(ArticlesGenerator):
    """Reads every Markdown file below content/{en,zh}/ and makes the portal of them.

    It is an ArticlesGenerator, so that plugins written for Pelican find articles where they look for them; its own
    lists by category, tag and author stay empty, because Pelican makes them in quadratic time and plugins/pages
    plans those pages.

    After ``generate_context`` the shared context has ``portal`` (a Portal) and ``problems`` (a list of Problem).
    """

    def generate_context(self) -> None:
        content = Path(self.path)
        stories: list[Story] = []
        problems: list[Problem] = self.context.setdefault("problems", [])
        for file in sorted(self.get_files(list(LANGUAGES), extensions=MARKDOWN)):
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
            problems += article.problems
            if article.story is not None:
                stories.append(_as_plugins_left_it(article))
            self._sort_in(article)
            self.add_source_path(article)
        problems += _misplaced(content)
        portal, found = make_portal(stories, content, self.settings["NOW"], self.settings["SHOW_DRAFTS"])
        problems += found
        self.context["portal"] = portal
        signals.article_generator_pretaxonomy.send(self)
        self._update_context(("articles", "drafts", "hidden_articles", "dates", "tags", "categories", "authors"))
        signals.article_generator_finalized.send(self)

    def check_disabled_readers(self) -> None:
        """Every Markdown file is read by our own reader, so there is nothing to warn of."""

    def generate_output(self, writer: object) -> None:
        """plugins/pages writes the pages; here Pelican's own generator, which found none, gets ours to count."""
        counting = self.context[PELICANS_OWN]
        counting.articles = self.articles
        counting.drafts = self.drafts
        counting.hidden_articles = self.hidden_articles

    def _sort_in(self, article: Article) -> None:
        {"draft": self.drafts, "hidden": self.hidden_articles}.get(article.status, self.articles).append(article)


def _as_plugins_left_it(article: Article) -> Story:
    """The story, with the body as other people's plugins may have changed it on ``content_object_init``."""
    story: Story = article.story
    return story if article._content == story.body else replace(story, body=article._content)


def _misplaced(content: Path) -> list[Problem]:
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
        # A folder with a dot is a tool's: the mirror keeps there what it imported.
        if entry.name not in LANGUAGES and not entry.name.startswith(".")
        for file in ([entry] if entry.is_file() else sorted(entry.rglob("*.md")))
        if file.suffix == ".md"
    ]
