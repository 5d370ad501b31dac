"""Pair the two languages, complete each version from the other, and check all stories together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pelican import Pelican, signals

from plugins.last_build import nothing_changed

if TYPE_CHECKING:
    from pelican.generators import ArticlesGenerator

PELICANS_OWN = "articles_generator_of_pelican"
"""Where the shared context has the generator whose articles Pelican counts in its last line."""


def register() -> None:
    signals.article_generator_init.connect(remember_pelicans_own)
    signals.get_generators.connect(_stories_generator)


def remember_pelicans_own(generator: ArticlesGenerator) -> None:
    """Keep Pelican's own generator in the shared context; it is made before ours."""
    generator.context.setdefault(PELICANS_OWN, generator)


def _stories_generator(pelican: Pelican) -> type[ArticlesGenerator] | None:
    if nothing_changed(pelican):
        return None
    from plugins.stories.generator import StoriesGenerator

    return StoriesGenerator
