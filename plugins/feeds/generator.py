"""Where feeds meet Pelican."""

from __future__ import annotations

from itertools import chain

from pelican.generators import Generator

from plugins.feeds.plan import outline_feeds, outline_sitemaps
from plugins.pages.generator import Pages
from plugins.pages.output import writing
from plugins.pages.writer import PlanWriter
from plugins.settings import PREVIEW_URL
from plugins.stories.revision import REVISION, Revision
from plugins.values import digest_of


class FeedsGenerator(Generator):
    """Writes the feeds of the portal after its pages, which the sitemap lists."""

    def generate_output(self, writer: PlanWriter) -> None:
        pages: Pages = self.context["pages_of_portal"]
        root = self.settings["SITEURL"] or PREVIEW_URL
        revision: Revision | None = self.context.get(REVISION)
        changed = {change.at for change in revision.changes} if revision is not None else None
        feeds = outline_feeds(self.context["portal"], pages, self.settings["PORTAL_NAME"], root, changed)
        frame = pages.frame and digest_of(pages.frame, root.encode()).encode()
        with writing(self.settings):
            if revision is None:
                writer.write_outlines(chain(feeds, outline_sitemaps(pages.listed, root)), pages.sites, frame)
            else:
                # A sitemap tells nothing of what a story says.
                writer.write_outlines(feeds, pages.sites, frame)
                writer.keep_rest()
