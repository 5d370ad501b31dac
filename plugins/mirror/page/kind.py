"""Whether a page is an article at all: `EVIDENCE` is data, and the heaviest against it is the reason.

What an address or a headline merely looks like does not count against a page that has all of an article: `View.whole`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from plugins.mirror.page.addresses import is_home, looks_like_article
from plugins.mirror.page.lines import NOISE
from plugins.mirror.page.tree import Tree
from plugins.mirror.page.voices import articles_in, size_of, types_of

if TYPE_CHECKING:
    from plugins.mirror.article import Block
    from plugins.mirror.page.facts import Facts


@dataclass
class View:
    """The page with what is known of it, and the measures that several tests need.

    Attributes:
        linked: 0 … 1, how much of the lines of the text are links.
    """

    tree: Tree
    facts: Facts
    blocks: Sequence[Block]
    span: tuple[int, int]

    @cached_property
    def size(self) -> int:
        return sum(size_of(block.text) for block in self.blocks)

    @cached_property
    def sentences(self) -> int:
        return sum(bool(_SENTENCE.search(block.text)) for block in self.blocks if block.kind in ("paragraph", "quote"))

    @cached_property
    def linked(self) -> float:
        lines = self.facts.lines.lines[self.span[0] : self.span[1]]
        total = sum(len(line.seams) for line in lines)
        return sum(line.linked for line in lines) / total if total else 0.0

    @cached_property
    def types(self) -> set[str]:
        return {kind for thing in self.tree.json_ld[:40] for kind in types_of(thing)}

    @cached_property
    def og_type(self) -> str:
        return self.tree.first_meta("og:type").lower()

    @cached_property
    def path(self) -> str:
        return urlsplit(self.address).path.lower()

    @property
    def address(self) -> str:
        return self.tree.url or self.facts.canonical or ""

    @cached_property
    def names(self) -> str:
        """Headline and title, for what the page calls itself."""
        return f"{self.facts.title}\n{self.tree.title_tag[:300]}"

    @property
    def short(self) -> bool:
        return self.size < 120

    @cached_property
    def whole(self) -> bool:
        """Headline, day and sentences are there, and no list of other headlines: its shape makes it no less."""
        return has_a_headline(self) and dated(self) and has_sentences(self) and self.linked <= 0.3 and self.cards < 3

    @cached_property
    def cards(self) -> int:
        """Headings that are links: the headlines of other stories."""
        return sum(
            1
            for mark in self.facts.lines.headings[:300]
            if mark.zone != NOISE
            and (mark.element.find(".//a[@href]") is not None or mark.element.getparent().tag == "a")
        )


_SENTENCE = re.compile(r"[。！？…][”’」』）]*$|[.!?][\"”’)]*$|[。！？]")
_ERROR = re.compile(
    r"\b(?:404|403|410|500)\b(?!\s?(?:million|people|人|名|万|元))|页面不存在|找不到(?:您|该|此|页面|网页)|页面(?:没有|未)找到|无法(?:访问|显示)|(?:文章|内容|页面|信息)(?:已(?:被)?删除|不存在)|出错了|访问受限"
    r"|not found|page (?:you requested )?(?:can(?:'|’)?t|cannot|could not) be found|access denied|no longer "
    r"available|page unavailable|just a moment|are you (?:a )?(?:human|robot)",
    re.IGNORECASE,
)
_SEARCH = re.compile(
    r"搜索结果|站内搜索|搜索[:：_-]|search results|results for\b|^search\b", re.IGNORECASE | re.MULTILINE
)
_SERVICE = re.compile(
    r"^(?:about(?: us)?|contact(?: us)?|privacy(?: policy| notice)?|terms(?: (?:of|and) .{0,20})?|cookie policy"
    r"|advertise(?: with us)?|careers|subscribe|newsletters?|sitemap|site map|masthead|imprint|faq|help"
    r"|关于我们|联系我们|联系方式|隐私(?:政策|声明|条款)|版权声明|免责声明|网站地图|广告服务|加入我们|人才招聘|网站声明|服务条款|法律声明|投稿须知|友情链接|诚聘英才)(?:\s?[-–—_|·].*)?$",
    re.IGNORECASE | re.MULTILINE,
)
_SERVICE_PATH = re.compile(
    r"/(?:about(?:-?us)?|contact(?:-?us)?|privacy(?:-policy)?|terms(?:-of-\w+|-and-conditions)?|cookie-policy|advertise|careers|subscribe|login|signin|register|sitemap|faq|help|guanyu\w*|aboutus|copyright)(?:/|\.\w{3,5})?$"
)
_LIST_PATH = re.compile(
    r"/(?:tags?|categor(?:y|ies)|topics?|authors?|sections?|search|archives?|label|columns?|channels?|zhuanti|list|subject|keywords?|series|collections?)(?:/[^/]*){0,3}/?$|/(?:index|list|default|node)(?:_\d+|-\d+)?\.\w{3,5}$|/page/\d+/?$"
)
_FORUM_PATH = re.compile(
    r"/(?:forums?|bbs|thread|viewtopic|showthread|discuss|questions?)(?:[-/.]|\.php)|/thread-\d+-\d+"
)


def says_article(view: View) -> bool:
    return any(
        re.search(r"Article$|BlogPosting|^Report", kind)
        for thing in articles_in(view.tree.json_ld)[:1]
        for kind in types_of(thing)
    )


def calls_itself_article(view: View) -> bool:
    return view.og_type in ("article", "news", "newsarticle", "og:article", "blog", "review", "story")


def address_of_an_article(view: View) -> bool:
    return bool(view.address) and looks_like_article(view.address)


def dated(view: View) -> bool:
    return bool(view.facts.date) and dict(view.facts.doubts).get("date", 0.0) >= 0.6


def has_a_headline(view: View) -> bool:
    return bool(view.facts.title) and size_of(view.facts.title) >= 3


def has_sentences(view: View) -> bool:
    return view.sentences >= 1 and view.linked < 0.5


def has_a_text(view: View) -> bool:
    return view.sentences >= 3 and view.size >= 60 and view.linked < 0.4


def says_error(view: View) -> bool:
    return view.short and bool(_ERROR.search(view.names))


def is_search(view: View) -> bool:
    looks_so = bool(_SEARCH.search(view.names) or re.search(r"/search(?:/|\.|$)", view.path))
    return looks_so and not view.whole


def is_front_page(view: View) -> bool:
    if not view.address or not is_home(view.address):
        return False
    says_otherwise = view.whole and (says_article(view) or calls_itself_article(view))
    return view.path in ("", "/") or not says_otherwise


def is_service(view: View) -> bool:
    return bool(_SERVICE.search(view.names) or _SERVICE_PATH.search(view.path)) and not dated(view)


def asks_to_log_in(view: View) -> bool:
    return (
        view.short
        and bool(re.search(r"登录|注册|\blog ?in\b|\bsign (?:in|up)\b|register", view.names, re.IGNORECASE))
        and (view.tree.root.find(".//input[@type='password']") is not None)
    )


def has_address_of_a_list(view: View) -> bool:
    return bool(_LIST_PATH.search(view.path)) and not looks_like_article(view.address) and not view.whole


def says_list(view: View) -> bool:
    return bool(view.types & {"CollectionPage", "SearchResultsPage", "ProfilePage", "AboutPage", "ContactPage"})


def text_is_links(view: View) -> bool:
    return view.linked > 0.5


def text_is_half_links(view: View) -> bool:
    return view.linked > 0.3


def shows_cards(view: View) -> bool:
    return view.cards >= 8 and view.size < 60 * view.cards


def is_product(view: View) -> bool:
    return view.og_type.startswith("product") or ("Product" in view.types and not says_article(view))


def is_forum(view: View) -> bool:
    says_so = bool(view.types & {"DiscussionForumPosting", "QAPage"})
    return says_so or (bool(_FORUM_PATH.search(view.path)) and not view.whole)


def is_video(view: View) -> bool:
    return view.size < 50 and (
        view.og_type.startswith("video") or ("VideoObject" in view.types and not says_article(view))
    )


def is_empty(view: View) -> bool:
    return view.size < 8 or (view.size < 25 and not view.sentences)


def has_no_day(view: View) -> bool:
    return not view.facts.date


def calls_itself_site(view: View) -> bool:
    return view.og_type in ("website", "profile") and not says_article(view)


EVIDENCE: list[tuple[int, Callable[[View], bool], str]] = [
    (4, says_article, ""),
    (2, calls_itself_article, ""),
    (2, address_of_an_article, ""),
    (2, dated, ""),
    (1, has_a_headline, ""),
    (2, has_sentences, ""),
    (3, has_a_text, ""),
    (-16, says_error, "The page says that there is none at this address"),
    (-9, is_search, "The page shows the results of a search"),
    (-12, is_front_page, "The page is the front page of a site"),
    (-10, is_service, "The page is about the site itself"),
    (-12, asks_to_log_in, "The page asks to log in"),
    (-7, has_address_of_a_list, "The page lists articles, by its address"),
    (-6, says_list, "The page lists articles, as it says itself"),
    (-8, text_is_links, "The page lists articles: its text is links"),
    (-2, text_is_half_links, "The page lists articles: much of its text is links"),
    (-5, shows_cards, "The page lists articles: it shows the headlines of many"),
    (-9, is_product, "The page offers a product"),
    (-6, is_forum, "The page is of a forum"),
    (-8, is_video, "The page shows a video and has no text"),
    (-14, is_empty, "The page has no text of an article"),
    (-2, has_no_day, "The page has no date"),
    (-2, calls_itself_site, "The page calls itself a site"),
]
"""Weight, test and the reason to refuse; a sum below zero refuses."""


def refusal(tree: Tree, facts: Facts, blocks: Sequence[Block], span: tuple[int, int]) -> str:
    """Why the page is no article, a sentence; empty for an article.

    Args:
        blocks: of the body.
        span: its lines, see `Lines.of`.
    """
    view = View(tree, facts, blocks, span)
    heard = [(weight, why) for weight, holds, why in EVIDENCE if holds(view)]
    if sum(weight for weight, _ in heard) >= 0:
        return ""
    # That there is no text is said when there is nothing better to say.
    reasons = [pair for pair in heard if pair[0] <= -5 and not pair[1].startswith("The page has no text")] or heard
    return min(reasons)[1] + "."
