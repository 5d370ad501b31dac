"""Pair the two languages, complete each version from the other, and check all stories together."""

from __future__ import annotations

from pelican import signals

from plugins.stories.generator import StoriesGenerator, remember_pelicans_own


def register() -> None:
    signals.article_generator_init.connect(remember_pelicans_own)
    signals.get_generators.connect(_stories_generator)


def _stories_generator(pelican: object) -> type[StoriesGenerator]:
    return StoriesGenerator
