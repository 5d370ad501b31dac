"""Write what machines read: Atom feeds, the sitemap and robots.txt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pelican import Pelican, signals

from plugins.last_build import nothing_changed

if TYPE_CHECKING:
    from pelican.generators import Generator


def register() -> None:
    signals.get_generators.connect(_feeds_generator)


def _feeds_generator(pelican: Pelican) -> type[Generator] | None:
    if nothing_changed(pelican):
        return None
    from plugins.feeds.generator import FeedsGenerator

    return FeedsGenerator
