"""What the names of classes and ids say of a part of a page: the article's text, or one of the things around it.

Portals of all countries and years call the same things by a few dozen words; they are data here, and a class counts
only as evidence: `scoring` takes it back when the words cannot be meant, as for a «sidebar» that holds the headline.
"""

from __future__ import annotations

import re
from enum import IntFlag
from functools import lru_cache


class Zone(IntFlag):
    """A kind of place on a page that is not the article's text."""

    NAV = 1
    ASIDE = 2
    COMMENT = 4
    RELATED = 8
    SHARE = 16
    AD = 32
    META = 64
    AUTHOR = 128
    CAPTION = 256
    FOOTER = 512
    HEADER = 1024
    TAGS = 2048
    PROMPT = 4096
    NOTICE = 8192
    LEAD = 16384


WORDS: dict[Zone, str] = {
    Zone.NAV: (
        "nav nav\\w+ \\w*navbar \\w+nav menu menus \\w+menu breadcrumbs? crumbs? bread mianbaoxie weizhi daohang"
        " current-location position"
        " path pagination pager paging pagenum page-?nav page-links page-numbers fenye page-next next-page"
        " sitemap skip-link skip"
        " tabs tab-nav prev-?next post-navigation toc table-of-contents jump-to"
    ),
    Zone.ASIDE: (
        "sidebar\\w* side-bar aside rail right-(?:rail|col|column|side|sidebar|bar|con|box|part|area|main)"
        " col-right column-right rightcolumn youce secondary complementary widget widgets widget-area"
        " pull-?quote\\w* quote-box fact-?box\\w* info-?box\\w* \\w*highlights key-?points quick-read callout"
    ),
    Zone.COMMENT: (
        "comments? comment(?!ary)\\w* \\w+comments? disqus\\w* respond replies reply pinglun liuyan gentie"
        " livefyre spot-?im talkback"
        " cmt\\w* tie-area post-tie\\w* wangyou yuedu-pinglun discussion"
    ),
    Zone.RELATED: (
        "related\\w* \\w+related recommend\\w* tuijian \\w+tuijian xiangguan xgyd xgxw xgwz relevant relate"
        " trending popular mostread"
        " most-(?:read|viewed|popular|commented|shared|recent)"
        " more-(?:news|stories|from|on|in|articles|posts|like|top|coverage|links|reading)"
        " read-(?:more|next|also|on) readmore also-(?:read"
        "|like) hot hotnews hot-news hotlist rank ranking paihang guess"
        " guess-you-like outbrain\\w* taboola\\w* mgid zergnet revcontent dianomi recirc\\w* promo promos"
        " promo-\\w+ teasers up-next"
        " upnext next-(?:post|article|story) prev-(?:post"
        "|article) further suggest\\w* see-also similar\\w* yarpp\\w* crp latest"
        " latest-news link-?list linked-stories other-news other-stories"
    ),
    Zone.SHARE: (
        "share share(?!d-content"
        "|holder)\\w* \\w+share sharing social\\w* sns bdshare\\w* addthis\\w* addtoany a2a jiathis\\w* fenxiang"
        " follow follow-us followus qrcode\\w* qr-code erweima ewm saoma tool-?bar tools toolbox dianzan"
        " like-button shoucang"
        " article-tools story-tools weixin-share"
    ),
    Zone.AD: (
        "ads? adv advert\\w* adsbygoogle adbox adslot ad-\\w+ \\w+-ad dfp gpt gg guanggao sponsor\\w* promoted"
        " adwrap\\w* ad\\d+"
    ),
    Zone.META: (
        "meta byline\\w* dateline datetime date pubtime pubdate pub-time publish\\w* post-(?:meta|info"
        "|date) entry-meta"
        " article-(?:info|meta|source"
        "|date) news-info source laiyuan infos? time timestamp posted author authors credits? zeren"
        " bianji zebian editor-name article-editor updated kicker eyebrow reading-time views"
    ),
    Zone.AUTHOR: (
        "author-(?:bio|box|info|card|desc\\w*|profile|details|about|block"
        "|area) about-(?:the-)?authors? authorbox bio biography"
        " contributor-?\\w* writer-bio author-bio\\w*"
    ),
    Zone.CAPTION: (
        "caption\\w* \\w+caption figcaption pictext pic-text pic-?(?:desc|info|note|intro|title)"
        " img-?(?:desc|note|text|title|info|alt) image-(?:credit|meta|info|desc\\w*|source) photo-(?:credit"
        "|desc\\w*|info|text|by)"
        " tuzhu tushuo cutline picture-credit media-credit"
    ),
    Zone.FOOTER: "footer\\w* \\w+footer foot site-?info colophon copy-?right\\w* footnav",
    Zone.HEADER: "masthead top-?bar site-header page-header global-header hd logo header head-?top",
    Zone.TAGS: "tags? tag-?(?:list|cloud|links|s) keywords? biaoqian cat-links categories topics",
    Zone.PROMPT: (
        "newsletter\\w* subscri\\w+ sign-?up paywall\\w* regwall piano login sign-?in register cookies?"
        " cookie\\w+ consent \\w+-consent gdpr \\w+-cmp cmp-\\w+ qc-cmp\\w* onetrust\\w* didomi\\w* sp-message\\w*"
        " privacy popup\\w* pop-up modal\\w* overlay lightbox toast donat\\w+ support-us membership cta"
        " call-to-action"
        " app-(?:download|open|promo"
        "|banner) download-?app open-?app down-?load optin opt-in survey poll quiz mailing-list"
        " most-popular-widget promo-?box"
    ),
    Zone.LEAD: (
        "summary abstract standfirst dek deck sub-?head lead-text jianjie subtitle sub-title sub-headline"
        " subheadline digest daodu zhaiyao excerpt tagline"
        " article-(?:desc\\w*|summary|subtitle|abstract|excerpt) intro-box introtext summary-box intro lede"
    ),
    Zone.NOTICE: "disclaimer\\w* shengming mianze statement legal",
}
"""Per zone the words of its classes and ids, as they are after camelCase and underscores became hyphens."""

BODY = (
    "article-?body article-?content article-?text article-?txt article-?con article-?cont article-?detail"
    " article-?main"
    " article-?copy articlebody article-body-\\w+ entry-?content post-?content post-?body post-?text post-?entry"
    " story-?body story-?content"
    " story-?text story-?copy body-?copy body-?content body-?text news-?content news-?text news-?txt news-?body"
    " news-?con"
    " news-?detail main-?text main-?content-body td-post-content single-content single-?post-?content"
    " c-entry-content caas-body"
    " rich-?text rich-text-\\w+ richtext\\w* detail-?content detail-?body detail-?text detail-?con text-?content"
    " content-?text content-?article"
    " content-?body page-?content-body blog-?content blog-?post-?body blog-?body field-name-body field-body"
    " paywall-content"
    " trs-editor trs-ueditor ueditor-content editor-content artibody art-?content art-?con art-?text art-?body"
    " art-?txt content-?body contentbody end-?text"
    " js-content rm-txt-con left-zw p-detail content-area zoom zoomcon ucap-content pages-content text-con ozoom"
    " cnt-main-article-qq main-article-qq artical-real yc-con-txt xl-content view-trs-editor con-txt cont-txt"
    " conttxt contxt"
    " wp-articlecontent v-news-content contentmain content-main show-?text text-?body newstext newscontent"
    " zhengwen neirong zw"
    " zwnr nr wznr artical-?content article-?holder main-?article the-?content story-element-text articleBody"
    " instapaper-body e-content"
    " hentry-content prose article-?paragraphs article-?wrap-content gwd-content detail-?wrap-content"
    " txt-?content txt-?con"
)
"""Words of classes and ids that call a container the article's text."""

_HUMPS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[\s_.:/]+|--+|__+")
_POST_CLASSES = re.compile(r"-(?:tag|category|cat|term|type|format|status)-.*")
_NO_ZONE = re.compile(r"-(?:no|not|non|without|has|have|with|is|hide|show|elementor|wp-block|js|grid|col|row|align)-.*")
_UNSEEN = re.compile(r"-(?:sr-only|visually-?hidden|screen-reader(?:-text)?|assistive-text|offscreen|a11y-hidden)-")
_ZONES = [(zone, re.compile(f"-(?:{'|'.join(words.split())})-")) for zone, words in WORDS.items()]
_BODY = re.compile(f"-(?:{'|'.join(BODY.split())})-")
_OF_ARTICLE = re.compile(r"-(?:article|story|entry|post|news|content)-")
_TAGS = {
    "nav": Zone.NAV,
    "aside": Zone.ASIDE,
    "footer": Zone.FOOTER,
    "header": Zone.HEADER,
    "figcaption": Zone.CAPTION,
    "menu": Zone.NAV,
}
_ROLES = {
    "navigation": Zone.NAV,
    "complementary": Zone.ASIDE,
    "contentinfo": Zone.FOOTER,
    "banner": Zone.HEADER,
    "search": Zone.NAV,
    "dialog": Zone.PROMPT,
    "alertdialog": Zone.PROMPT,
    "menu": Zone.NAV,
    "menubar": Zone.NAV,
    "toolbar": Zone.SHARE,
}


@lru_cache(maxsize=20_000)
def zone_of(tag: str, names: str, role: str = "") -> Zone:
    """The zone that an element opens, by its tag, its class and id (with a space between) and its role."""
    zone = _TAGS.get(tag, Zone(0)) | _ROLES.get(role, Zone(0))
    if not names or tag in ("html", "body", "main", "article"):
        return zone  # themes write the whole page's state into the classes of these
    for name in _hyphened(names):
        if _POST_CLASSES.match(name) or _NO_ZONE.match(name) or _BODY.search(name):
            continue
        for kind, words in _ZONES:
            if words.search(name) and not _meant_otherwise(kind, tag, name):
                zone |= kind
    return zone


def _meant_otherwise(kind: Zone, tag: str, name: str) -> bool:
    # The header of an article is no header of the page, and p.intro is often the text's first paragraph.
    return (kind == Zone.HEADER and bool(_OF_ARTICLE.search(name))) or (
        kind == Zone.LEAD and tag == "p" and "intro" in name
    )


@lru_cache(maxsize=20_000)
def is_called_body(names: str) -> bool:
    """Whether a class or id calls a container the article's text."""
    return any(_BODY.search(name) for name in _hyphened(names))


@lru_cache(maxsize=20_000)
def is_unseen(names: str) -> bool:
    """Whether a class says that the words are for screen readers only."""
    return any(_UNSEEN.search(name) for name in _hyphened(names))


def _hyphened(names: str) -> list[str]:
    """``relatedPosts share_box`` → ``-related-posts-``, ``-share-box-``."""
    return [f"-{_HUMPS.sub('-', name).lower().strip('-')}-" for name in names.split()]
