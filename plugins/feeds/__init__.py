"""Write what machines read: Atom feeds, the sitemap and robots.txt."""

from __future__ import annotations

from pelican import signals

from plugins.feeds.generator import FeedsGenerator


def register() -> None:
    signals.get_generators.connect(_feeds_generator)


def _feeds_generator(pelican: object) -> type[FeedsGenerator]:
    return FeedsGenerator
