"""Where feeds meet Pelican."""

from __future__ import annotations

from collections.abc import Iterator

from pelican.generators import Generator

from plugins.feeds.plan import outline_feeds, outline_sitemaps
from plugins.pages.edition import Outline
from plugins.pages.generator import MORE_OUTLINES, Pages
from plugins.settings import PREVIEW_URL
from plugins.stories.revision import REVISION, Revision


class FeedsGenerator(Generator):
    """Has the feeds of the portal written after its pages, which the sitemap lists."""

    def generate_context(self) -> None:
        """Tell whoever writes the pages what else there is."""
        self.context.setdefault(MORE_OUTLINES, []).append(self._outlines)

    def _outlines(self, pages: Pages) -> Iterator[Outline]:
        # What depends on this address depends on the constants of the editions, which have it as well.
        root = self.settings["SITEURL"] or PREVIEW_URL
        revision: Revision | None = self.context.get(REVISION)
        changed = {change.at for change in revision.changes} if revision is not None else None
        yield from outline_feeds(self.context["portal"], pages, self.settings["PORTAL_NAME"], root, changed)
        # A sitemap tells nothing of what a story says.
        if revision is None:
            yield from outline_sitemaps(pages.listed, root)
