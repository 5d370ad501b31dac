"""Where feeds meet Pelican."""

from __future__ import annotations

from pelican.generators import Generator

from plugins.feeds.plan import plan_feeds, plan_sitemaps
from plugins.pages.generator import Pages
from plugins.pages.writer import PlanWriter
from plugins.settings import PREVIEW_URL


class FeedsGenerator(Generator):
    """Writes the feeds of the portal after its pages, which the sitemap lists."""

    def generate_output(self, writer: PlanWriter) -> None:
        pages: Pages = self.context["pages_of_portal"]
        root = self.settings["SITEURL"] or PREVIEW_URL
        feeds = plan_feeds(self.context["portal"], pages.words, self.settings["PORTAL_NAME"], root, pages.size_of)
        writer.write_plans([*feeds, *plan_sitemaps(pages.plans, root)], pages.sites)
