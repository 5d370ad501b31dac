"""The takedown list on its way into the build: what it names is withdrawn, whatever its file says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pelican import signals
from pelican.contents import Article
from pelican.generators import Generator

if TYPE_CHECKING:
    from plugins.mirror.keep.takedowns import Takedowns


def connect() -> None:
    """Listen to Pelican: the list is read once a build, and asked for each story where there is one."""
    signals.generator_init.connect(read_list)


def read_list(generator: Generator) -> None:
    """Read ``takedowns.yaml`` into the shared context; its mistakes are problems of the build."""
    context = generator.context
    if "takedowns" not in context:
        signals.content_object_init.disconnect(withdraw)
        context["takedowns"] = None
        if not Path(generator.path, "takedowns.yaml").exists():
            return
        # What reads the list takes longer to import than a build in which nothing changed.
        from plugins.mirror.keep.takedowns import NAME, known_guids, read_takedowns

        # Without our settings, as when Pelican's own tests make a generator, every entry holds.
        now = generator.settings.get("NOW")
        takedowns, problems = read_takedowns(Path(generator.path) / NAME, now.date() if now else None)
        context["takedowns"] = takedowns
        by_guid = any(way == "guid" for way, _ in takedowns.by_word)
        context["guids"] = known_guids(Path(generator.path)) if by_guid else {}
        context.setdefault("problems", []).extend(problems)
        # Asking for each of a hundred thousand stories takes a second, and most lists are empty.
        if takedowns:
            signals.content_object_init.connect(withdraw)


def withdraw(article: Article) -> None:
    """Take the text out of a story that the list names; a notice stands in its place, as for any withdrawn story."""
    story = getattr(article, "story", None)
    takedowns: Takedowns | None = getattr(article, "_context", {}).get("takedowns")
    if story is None or takedowns is None or story.status == "withdrawn":
        return
    source = story.source
    found = takedowns.find(
        guid=article._context["guids"].get(story.path, ""),
        addresses=[source.url, *(one.url for one in source.also)] if source else (),
        titles=(story.title, source.title if source else ""),
        day=story.date.date() if story.date else None,
        path=story.path,
    )
    if found:
        article.story = replace(story, status="withdrawn", body="", text="", summary="", image=None, references=())
        article._content = ""
        article.status = "hidden"
