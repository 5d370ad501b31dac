"""Where feeds meet Pelican."""

from __future__ import annotations

from pelican.generators import Generator

from plugins.feeds.plan import plan_feeds, plan_sitemaps
from plugins.pages.generator import Pages
from plugins.pages.ledger import FACE, NO_SOURCE
from plugins.pages.writer import PlanWriter
from plugins.settings import PREVIEW_URL


class FeedsGenerator(Generator):
    """Writes the feeds of the portal after its pages, which the sitemap lists."""

    def generate_output(self, writer: PlanWriter) -> None:
        pages: Pages = self.context["pages_of_portal"]
        root = self.settings["SITEURL"] or PREVIEW_URL
        # Where no text changed, or none that a feed shows, the feeds are those of the last build.
        if pages.same_face and not pages.changed and writer.keep_all(is_of_texts):
            return
        is_same = writer.keep_page if pages.same_face else lambda path, source: False
        portal, names = self.context["portal"], self.settings["PORTAL_NAME"]
        feeds = list(plan_feeds(portal, pages.words, names, root, pages.size_of, is_same))
        sources = {plan.path: source for plan, source in feeds}
        writer.write_plans((plan for plan, _ in feeds), pages.sites, sources if portal.face else None)
        if not pages.same_face:
            writer.write_plans(plan_sitemaps(pages.listed, root), pages.sites)


def is_of_texts(source: str) -> bool:
    """Whether *source* tells of texts of stories, as that of a feed does."""
    return source not in (FACE, NO_SOURCE)
