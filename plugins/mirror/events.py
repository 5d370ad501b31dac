"""What a source brought, one by one: stories, and addresses or files that brought none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from plugins.mirror.article import Article
from plugins.mirror.reading import Reading
from plugins.mirror.sources import Portal


@dataclass(frozen=True, slots=True)
class Found:
    """A story.

    Attributes:
        versions: an article, or the same one in several languages, as the pages link each other.
        portal: it is from; None when nobody listed the source.
        name: address or file, for messages.
        retrieved: when it was fetched.
        file: the saved page, beside which its pictures may lie, or the archive, in which they may; None for what
            came from the web.
        written: whether it comes from a plain-text dump, which has no address to lead back to.
    """

    versions: tuple[Article, ...]
    portal: Portal | None
    name: str
    retrieved: datetime
    file: Path | None = None
    written: bool = False


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that brought no story.

    Attributes:
        name: address or file.
        outcome: ``robots``, ``failed``, ``refused``, ``gone`` or ``no article``.
        why: a sentence.
    """

    name: str
    outcome: str
    why: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A feed, sitemap or index page on the disk, whose articles are to be fetched.

    Attributes:
        url: the address it has on the web; None when nobody knows.
    """

    reading: Reading
    portal: Portal | None
    name: str
    url: str | None


Event = Found | Skipped


def no_article(name: str, reading: Reading) -> Skipped:
    """What is said of a document that holds no article, or that we could not read."""
    outcome = "failed" if reading.fault else "no article"
    return Skipped(name, outcome, reading.why or "It holds no article.")
