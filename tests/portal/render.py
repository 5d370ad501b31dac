"""Make a portal's answers of its stories: pages in four layouts, indexes, feeds, sitemaps, pictures, and all quirks."""

from __future__ import annotations

import gzip
import io
import json
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import format_datetime
from functools import cache
from html import escape

from PIL import Image

from portal.site import FORBIDDEN, NAMES, NOT_ARTICLES, SECTIONS, Story
from portal.web_server import Reply

HOUR = 3600.0
EDITORS = {"en": "Ada Penrose", "zh": "周渡"}


@dataclass(frozen=True)
class Settings:
    """How awkward the portal is.

    Attributes:
        crawl_delay: seconds, in its robots.txt.
        pause: seconds between the eight pieces of the slow page.
        retry_after: seconds, of the 429.
    """

    crawl_delay: float = 0.02
    pause: float = 0.05
    retry_after: int = 1


AWKWARD = Settings()
"""Awkward, and quick enough for tests."""


def render(stories: Sequence[Story], edits: Mapping[str, int], settings: Settings, base: str) -> dict[str, Reply]:
    """All answers of the portal.

    Args:
        base: its address, for what is packed; everywhere else ``{base}`` stands for it.
        edits: path → how often the story was changed; its Last-Modified moves on by an hour each time.
    """
    replies: dict[str, Reply] = {}
    for story in stories:
        replies |= _story_replies(story, edits.get(story.path, 0), stories, settings)
    changed = sum(edits.values()) * HOUR + _moment("2026-05-21T00:00:00+08:00").timestamp()
    for part in (_indexes(stories), _lists(stories, changed, base), _no_articles(), _trouble(), _pictures()):
        replies |= part
    replies["/robots.txt"] = Reply(_robots(settings).encode(), "text/plain; charset=utf-8", etag=True)
    return replies


# --- a story ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Page:
    """One page of a story as the layouts need it; everything but *story* is HTML, ready to stand in a page."""

    story: Story
    number: int
    title: str
    head: str
    body: str
    switch: str
    paging: str
    related: str


def _story_replies(story: Story, edits: int, stories: Sequence[Story], settings: Settings) -> dict[str, Reply]:
    addresses = _page_addresses(story)
    by_path = {other.path: other for other in stories}
    replies = {}
    for number, address in enumerate(addresses, 1):
        page = Page(
            story,
            number,
            escape(story.title, quote=False),
            _head(story, number, addresses),
            _body(story, number),
            _switch(story, by_path),
            _paging(story, number, addresses),
            _related(story, stories),
        )
        reply = Reply(
            LAYOUTS[story.layout](page).encode(),
            etag=story.validators in ("etag", "both"),
            modified=_moment(story.date).timestamp() + edits * HOUR
            if story.validators in ("modified", "both")
            else None,
            packed=number == 1 and story.layout == "divs",
        )
        replies[address] = reply
    for quirk in story.quirks:
        replies |= QUIRKS.get(quirk, _no_change)(story, replies[story.path], settings)
    return replies


def _page_addresses(story: Story) -> list[str]:
    """``a.html``, ``a_2.html`` in the table layout; ``a.html``, ``a/2/`` elsewhere."""
    stem = story.path.removesuffix(".html")
    form = f"{stem}_{{}}.html" if story.layout == "table" else f"{stem}/{{}}/"
    return [story.path, *(form.format(number) for number in range(2, len(story.pages) + 2))]


def _head(story: Story, number: int, addresses: list[str]) -> str:
    at = addresses[number - 1]
    lines = [
        '<meta charset="utf-8">',
        f'<link rel="canonical" href="{{base}}{at}">',
        f'<link rel="alternate" type="{_feed_of(story.lang)[1]}" href="{_feed_of(story.lang)[0]}">',
    ]
    if story.says == "hreflang":
        other = "zh" if story.lang == "en" else "en"
        lines.append(f'<link rel="alternate" hreflang="{story.lang}" href="{{base}}{story.path}">')
        lines.append(f'<link rel="alternate" hreflang="{other}" href="{{base}}{story.twin}">')
    if "rel=next" in story.quirks and number < len(addresses):
        lines.append(f'<link rel="next" href="{addresses[number]}">')
    if "rel=next" in story.quirks and number > 1:
        lines.append(f'<link rel="prev" href="{addresses[number - 2]}">')
    return "\n".join(lines)


def _body(story: Story, number: int) -> str:
    """The paragraphs; pictures stand after the first one, lazy where the layout is."""
    text = story.text if number == 1 else story.pages[number - 2]
    if "script everywhere" in story.quirks:
        return _hostile_body(text)
    indent = "　　" if story.layout == "table" else ""
    paragraphs = [f"<p>{indent}{escape(paragraph, quote=False)}</p>" for paragraph in text]
    if number == 1:
        paragraphs[1:1] = [_figure(name, caption) for name, caption in story.pictures.items()]
    return "\n".join(paragraphs)


def _figure(name: str, caption: str) -> str:
    source = f'src="/img/{name}"'
    if name.startswith("lazy"):
        source = f'src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" data-src="/img/{name}"'
    alt = escape(caption.split("。")[0])
    return f'<figure><img {source} alt="{alt}"><figcaption>{escape(caption)}</figcaption></figure>'


def _switch(story: Story, by_path: dict[str, Story]) -> str:
    if story.says != "link" or story.twin not in by_path:
        return ""
    word = "中文" if story.lang == "en" else "English"
    return f'<a class="lang-switch" href="{story.twin}">{word}</a>'


def _paging(story: Story, number: int, addresses: list[str]) -> str:
    if len(addresses) == 1:
        return ""
    before, after = ("Previous", "Next") if story.lang == "en" else ("上一页", "下一页")
    links = [
        f"<span>{at}</span>" if at == number else f'<a href="{address}">{at}</a>'
        for at, address in enumerate(addresses, 1)
    ]
    if number > 1:
        links.insert(0, f'<a href="{addresses[number - 2]}">{before}</a>')
    if number < len(addresses):
        links.append(f'<a href="{addresses[number]}">{after}</a>')
    return f'<div class="pages">{" ".join(links)}</div>'


def _related(story: Story, stories: Sequence[Story]) -> str:
    others = [other for other in stories if other.section == story.section and "section" in other.lists]
    heading = "Read more" if story.lang == "en" else "相关新闻"
    items = "".join(f'<li><a href="{_shown(other)}">{escape(other.title)}</a></li>' for other in others[:3])
    return f'<div class="related"><h3>{heading}</h3><ul>{items}</ul></div>'


# --- four layouts ----------------------------------------------------------------------------------------------------


def _chrome(lang: str) -> tuple[str, str]:
    """What stands above and below everything in one language."""
    sections = "".join(f'<li><a href="{path}">{name}</a></li>' for path, name in SECTIONS.items() if path[1:3] == lang)
    home = "Home" if lang == "en" else "首页"
    words = {
        "/en/login.html": "Sign in",
        "/en/search?q=harbour": "Search",
        "/en/tags/": "Topics",
        "/en/about.html": "About us",
        "/en/video/regatta.html": "Video: the regatta",
        "/en/calendar/2026/05/": "Calendar",
        "/zh/privacy.html": "隐私政策",
        "/zh/gallery/": "图集",
        "/zh/archive/2026-05/": "2026年5月",
    }
    service = "".join(f'<a href="{path}">{word}</a> ' for path, word in words.items() if path[1:3] == lang)
    other, word = ("/zh/", "中文") if lang == "en" else ("/en/", "English")
    top = (
        f'<header class="site"><a href="/{lang}/"><img src="/img/logo.png" alt="{NAMES[lang]}"></a>'
        f'<nav><ul><li><a href="/{lang}/">{home}</a></li>{sections}</ul></nav></header>'
    )
    bottom = (
        f'<footer class="site">{service}<a href="{other}">{word}</a><p>© 2026 {NAMES[lang]}</p></footer>'
        '<img src="/pixel.gif?u=1" width="1" height="1" alt="">'
    )
    return top, bottom


def _article_layout(page: Page) -> str:
    """Today's HTML: article, header, time; facts in meta elements."""
    story, (top, bottom) = page.story, _chrome(page.story.lang)
    by = f"By {' and '.join(story.authors)}" if story.lang == "en" else f"本报记者 {' '.join(story.authors)}"
    section = SECTIONS[story.section]
    return f"""<!doctype html><html lang="{_html_lang(story)}"><head>{page.head}
<title>{page.title} | {NAMES[story.lang]}</title>
<meta property="og:type" content="article"><meta property="og:title" content="{escape(story.title)}">
<meta property="article:published_time" content="{story.date}">
<meta property="og:site_name" content="{NAMES[story.lang]}">
</head><body>{top}<main><article><header><p class="kicker">{section}</p><h1>{page.title}</h1>
<p class="byline">{by}</p><time datetime="{story.date}">{_day(story)}</time>{page.switch}</header>
<div class="story-text">{page.body}</div>{page.paging}
<div class="share"><a href="https://social.example/share?u=1">Share</a> <a href="mailto:?body=x">Mail</a></div>
</article><aside>{page.related}</aside></main>{bottom}</body></html>"""


def _table_layout(page: Page) -> str:
    """A page of 2003: tables, full-width spaces, a line of credits above and below."""
    story, (top, bottom) = page.story, _chrome(page.story.lang)
    authors, section = " ".join(story.authors), SECTIONS[story.section]
    return f"""<html><head>{page.head}<title>{page.title}_{section}_{NAMES[story.lang]}</title></head>
<body>{top}<table width="760" align="center"><tr><td class="where">您的位置：首页 &gt; {section} &gt; 正文</td></tr>
<tr><td align="center"><b><font size="5">{page.title}</font></b></td></tr>
<tr><td align="center">{_moment(story.date):%Y年%m月%d日 %H:%M}　来源：{NAMES["zh"]}　作者：{authors}
{page.switch}</td></tr>
<tr><td><div id="zoom">{page.body}
<p align="right">（责任编辑：{EDITORS["zh"]}）</p></div>{page.paging}</td></tr>
<tr><td>分享到：<a href="#">微信</a> <a href="#">微博</a> 【<a href="javascript:window.print()">打印</a>】
【<a href="javascript:window.close()">关闭</a>】</td></tr><tr><td>{page.related}</td></tr></table>
{bottom}</body></html>"""


def _divs_layout(page: Page) -> str:
    """Nothing but div and span, with class names that a machine made; an advertisement in the text, comments below."""
    story, (top, bottom) = page.story, _chrome(page.story.lang)
    if story.lang == "en":
        line = f'<span class="x1">{_day(story)}, {_moment(story.date):%H:%M}</span> <span class="x2">By '
        line += f"{' and '.join(story.authors)}</span>"
        advert, comments = "Advertisement: try Moss Tea today", "3 comments. Gull: First! I was on that pier myself."
    else:
        line = f'<span class="x1">{_moment(story.date):%Y-%m-%d %H:%M}</span> <span class="x2">记者：'
        line += f"{'、'.join(story.authors)}</span>"
        advert, comments = "广告：上苔谷新茶上市", "3条评论 海鸥：沙发！我那天也在现场。"
    return f"""<!doctype html><html lang="{_html_lang(story)}"><head>{page.head}
<title>{page.title} - {NAMES[story.lang]}</title></head><body>{top}
<div class="c9a1"><div class="t7f0"><div class="q2"><h1 class="h8">{page.title}</h1></div><div class="m3">{line}
{page.switch}</div></div><div class="b5e">{page.body}<div class="ad-slot">{advert}</div></div>{page.paging}
<div class="k1">{page.related}</div><div class="cmt">{comments}</div>
<iframe src="https://ads.example/frame" width="300" height="250"></iframe></div>{bottom}
<script src="/js/app.js"></script></body></html>"""


def _data_layout(page: Page) -> str:
    """An application's page: the facts are in JSON-LD, the visible ones stand anywhere."""
    story, (top, bottom) = page.story, _chrome(page.story.lang)
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": story.title[:110],
        "datePublished": story.date,
        "author": [{"@type": "Person", "name": name} for name in story.authors],
        "publisher": {"@type": "Organization", "name": NAMES[story.lang]},
        "mainEntityOfPage": f"{{base}}{story.path}",
        "inLanguage": _html_lang(story),
    }
    written = json.dumps(data, ensure_ascii=False)
    by = " / ".join(story.authors)
    return f"""<!doctype html><html lang="{_html_lang(story)}"><head>{page.head}<title>{page.title}</title>
<script type="application/ld+json">{written}</script></head><body>{top}
<main id="app"><section data-testid="hero"><h1>{page.title}</h1><p class="meta">{by} ·
{_moment(story.date):%Y/%m/%d %H:%M}</p>{page.switch}</section><section data-testid="text">{page.body}</section>
{page.paging}<section data-testid="newsletter"><p>Subscribe to our newsletter</p></section>{page.related}</main>
{bottom}</body></html>"""


LAYOUTS: dict[str, Callable[[Page], str]] = {
    "article": _article_layout,
    "table": _table_layout,
    "divs": _divs_layout,
    "data": _data_layout,
}


# --- quirks of single stories ----------------------------------------------------------------------------------------


def _no_change(story: Story, reply: Reply, settings: Settings) -> dict[str, Reply]:
    """Quirks that the page or the lists show elsewhere: «one way», «rel=next», «script everywhere», «pictures …»."""
    return {}


def _gbk_called_utf8(story: Story, reply: Reply, settings: Settings) -> dict[str, Reply]:
    """Written in GBK; its header and its meta element say UTF-8."""
    return {story.path: replace(reply, body=reply.body.decode().encode("gbk", "xmlcharrefreplace"))}


def _slow(story: Story, reply: Reply, settings: Settings) -> dict[str, Reply]:
    """It comes in eight pieces, with a pause after each."""
    return {story.path: replace(reply, pause=settings.pause)}


def _503_once(story: Story, reply: Reply, settings: Settings) -> dict[str, Reply]:
    """The first request is too much for it."""
    return {story.path: replace(reply, before=(Reply(b"<h1>Service Unavailable</h1>", status=503),))}


def _429_once(story: Story, reply: Reply, settings: Settings) -> dict[str, Reply]:
    """The first request is one too many, and it says when to come back."""
    busy = Reply(b"<h1>Too Many Requests</h1>", status=429, headers={"Retry-After": str(settings.retry_after)})
    return {story.path: replace(reply, before=(busy,))}


def _redirected_twice(story: Story, reply: Reply, settings: Settings) -> dict[str, Reply]:
    """The lists give a short address; it leads to another, and that to the page."""
    first, second = story.also
    return {
        first: Reply(status=302, headers={"Location": second}),
        second: Reply(status=301, headers={"Location": f"{{base}}{story.path}"}),
    }


def _print_view(story: Story, reply: Reply, settings: Settings) -> dict[str, Reply]:
    """The same text at a second address, which names the first as canonical; the page links to it."""
    text = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in story.text)
    by = " and ".join(story.authors)
    page = (
        f'<html lang="en"><head><meta charset="utf-8"><link rel="canonical" href="{{base}}{story.path}">'
        f"<title>{escape(story.title)} - print</title></head><body><h1>{escape(story.title)}</h1>"
        f"<p>{by}, {_day(story)}</p>{text}</body></html>"
    )
    link = b'<a href="/en/print/footbridge.html">Print</a>'
    return {
        "/en/print/footbridge.html": Reply(page.encode()),
        story.path: replace(reply, body=reply.body.replace(b'<div class="share">', b'<div class="share">' + link)),
    }


def _agency_text(story: Story, reply: Reply, settings: Settings) -> dict[str, Reply]:
    """The other desk printed the agency's text too, with another headline and a word changed here and there."""
    text = (story.text[0].replace("今年", "日前"), *story.text[1:3], story.text[3].replace("约两万亩", "近两万亩"))
    other = replace(
        story,
        path=story.also[0],
        title="冷藏快递柜进村 山里樱桃当天进城",
        text=text,
        layout="divs",
        date="2026-05-17T10:30:00+08:00",
        quirks=(),
    )
    return _story_replies(other, 0, (), settings)


def _nul(story: Story, reply: Reply, settings: Settings) -> dict[str, Reply]:
    """A NUL in the title, wherever the page writes it, and one in the text."""
    body = reply.body.replace(b"Null and void", b"Null\0 and void").replace(b"61 million", b"61\0 million")
    return {story.path: replace(reply, body=body)}


QUIRKS: dict[str, Callable[[Story, Reply, Settings], dict[str, Reply]]] = {
    "gbk called utf-8": _gbk_called_utf8,
    "slow": _slow,
    "503 once": _503_once,
    "429 once": _429_once,
    "redirected twice": _redirected_twice,
    "print view": _print_view,
    "agency text": _agency_text,
    "NUL": _nul,
}

SCRIPT = "<script>alert(1)</script>"


def _hostile_body(text: Sequence[str]) -> str:
    """The paragraphs among everything that must not be written down."""
    first, second, third = (escape(paragraph) for paragraph in text)
    data = {
        "@type": "NewsArticle",
        "headline": f"Lantern makers {SCRIPT} return to the old quay",
        "author": {"@type": "Person", "name": f"Maren Holt{SCRIPT}"},
        "keywords": [f"lanterns{SCRIPT}", '"><img src=x onerror=alert(2)>'],
        "articleSection": f"City{SCRIPT}",
    }
    written = json.dumps(data).replace("</", "<\\/")
    return f"""<script type="application/ld+json">{written}</script><script>alert(1)</script>
<p onclick="alert(3)" style="background:url(javascript:alert(4))">{first}</p>
<figure onmouseover="alert(5)"><img src="/img/quay.webp" onerror="alert(6)"
alt="&quot;&gt;&lt;script&gt;alert(7)&lt;/script&gt;">
<figcaption>The old quay &lt;script&gt;alert(8)&lt;/script&gt; on Tuesday</figcaption></figure>
<p>{second} <a href="javascript:alert(9)">Prices</a> <a href=" java&#10;script:alert(10)">Map</a>
<a href="data:text/html,&lt;script&gt;alert(11)&lt;/script&gt;">Times</a>
<a href="vbscript:msgbox(12)">Old times</a></p><iframe src="{{base}}/track/frame"></iframe>
<object data="/evil.swf"></object><embed src="/evil.swf">
<svg onload="alert(13)"><script>alert(14)</script></svg><form action="/track/form"><input name="x"></form>
<img src="{{base}}/track/p.gif?x=1" width="1" height="1" alt=""><img src="data:image/png;base64,iVBORw0KGgo=" alt="">
<p>{third}</p><p>&lt;img src=x onerror=alert(15)&gt;</p><style>body {{ display: none }}</style>
<meta http-equiv="refresh" content="0;url=javascript:alert(16)">"""


# --- front, sections, feeds, sitemaps --------------------------------------------------------------------------------


def _shown(story: Story, at: int = 0) -> str:
    return story.shown_as[min(at, len(story.shown_as) - 1)] if story.shown_as else story.path


def _indexes(stories: Sequence[Story]) -> dict[str, Reply]:
    replies = {"/": _index("en", NAMES["en"], '<p><a href="/en/">English</a> <a href="/zh/">中文</a></p>')}
    for lang in ("en", "zh"):
        cards = _cards([story for story in stories if story.lang == lang and "front" in story.lists], 0)
        if lang == "en":
            cards += f'<div class="card"><h2><a href="{FORBIDDEN[0]}">Memo on the harbour wall</a></h2></div>'
        replies[f"/{lang}/"] = _index(lang, NAMES[lang], cards)
    for path, name in SECTIONS.items():
        lang = path[1:3]
        of_section = [story for story in stories if story.section == path]
        first = [story for story in of_section if {"section", "front"} & set(story.lists)]
        second = [story for story in of_section if "page 2" in story.lists]
        words = ("Next", "Previous") if lang == "en" else ("下一页", "上一页")
        onward = f'<p class="pager"><span>1</span> <a href="{path}index_2.html">2</a> '
        onward += f'<a href="{path}index_2.html">{words[0]}</a></p>'
        back = f'<p class="pager"><a href="{path}">{words[1]}</a> <a href="{path}">1</a> <span>2</span></p>'
        replies[path] = _index(lang, name, _cards(first, 1) + EXTRA_CARDS.get(path, "") + (onward if second else ""))
        if second:
            replies[f"{path}index_2.html"] = _index(lang, name, _cards(second, 1) + back)
    return replies


def _cards(stories: Sequence[Story], at: int) -> str:
    return "\n".join(
        f'<div class="card"><h2><a href="{escape(_shown(story, at))}">{escape(story.title)}</a></h2>'
        f'<span class="date">{_moment(story.date):%Y-%m-%d %H:%M}</span><p>{escape(story.text[0][:60])}…</p></div>'
        for story in sorted(stories, key=lambda story: story.date, reverse=True)
    )


def _card(path: str, title: str) -> str:
    return f'<div class="card"><h2><a href="{path}">{title}</a></h2><span class="date">2026-05-03 08:00</span></div>'


EXTRA_CARDS = {
    "/en/markets/": _card("/en/markets/loop-a.html", "Currency traders go round in circles again this week")
    + _card("/en/markets/huge.html", "All prices of the grain exchange since 1871 on one page")
    + _card("/en/markets/withdrawn.html", "Correction: the merger that never took place at all"),
    "/en/city/": _card("/en/city/no-longer-here.html", "Street party on Mill Street moves to the town square"),
    "/zh/caijing/": _card("/zh/caijing/broken.html", "粮食交易所新规下月起试行")
    + _card("/zh/caijing/bomb.html", "一百五十年航运数据全部公开")
    + _card("/zh/caijing/empty.html", "快讯：央行公布五月利率决定"),
    "/zh/chengshi/": _card("/zh/chengshi/moved-away.html", "老城区停车新办法公开征求意见"),
}
"""Links to what is no article, in the list like the others."""


def _index(lang: str, name: str, content: str) -> Reply:
    top, bottom = _chrome(lang)
    address, media_type = _feed_of(lang)
    page = f"""<!doctype html><html lang="{"en" if lang == "en" else "zh-CN"}"><head><meta charset="utf-8">
<title>{name} - {NAMES[lang]}</title><link rel="alternate" type="{media_type}" href="{address}">
<link rel="alternate" type="application/feed+json" href="/feed.json"></head><body>{top}<main><h1>{name}</h1>
{content}</main>{bottom}</body></html>"""
    return Reply(page.encode(), etag=True)


def _feed_of(lang: str) -> tuple[str, str]:
    return ("/en/rss.xml", "application/rss+xml") if lang == "en" else ("/zh/atom.xml", "application/atom+xml")


def _lists(stories: Sequence[Story], changed: float, base: str) -> dict[str, Reply]:
    newest = sorted((story for story in stories if "feed" in story.lists), key=lambda story: story.date, reverse=True)
    english, chinese = ([story for story in newest if story.lang == lang] for lang in ("en", "zh"))
    listed = [story for story in stories if "sitemap" in story.lists]
    xml = "application/xml; charset=utf-8"
    return {
        "/en/rss.xml": Reply(_rss(english).encode(), "application/rss+xml; charset=utf-8", modified=changed),
        "/zh/atom.xml": Reply(_atom(chinese).encode(), "application/atom+xml; charset=utf-8", etag=True),
        "/feed.json": Reply(_json_feed(newest).encode(), "application/feed+json; charset=utf-8"),
        "/sitemap.xml": Reply(_sitemap_index().encode(), xml, etag=True),
        "/sitemap-articles.xml.gz": Reply(
            gzip.compress(_sitemap(listed).replace("{base}", base).encode(), mtime=0), "application/gzip", etag=True
        ),
        "/sitemap-news.xml": Reply(_news_sitemap(listed).encode(), xml, modified=changed),
    }


def _rss(stories: Sequence[Story]) -> str:
    items = "".join(
        f"<item><title>{escape(story.title)}</title><link>{{base}}{escape(_shown(story, 1))}</link>"
        f'<guid isPermaLink="false">harbour-{story.path}</guid>'
        f"<pubDate>{format_datetime(_moment(story.date))}</pubDate>"
        f"<dc:creator>{escape(', '.join(story.authors))}</dc:creator>"
        f"<description>{escape(f'<p>{escape(story.text[0])}</p><script>alert(20)</script>')}</description></item>"
        for story in stories
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
        f"<title>Harbour Courier {escape(SCRIPT)}</title><link>{{base}}/en/</link>"
        f"<description>News of the coast</description><language>en</language>{items}</channel></rss>"
    )


def _atom(stories: Sequence[Story]) -> str:
    entries = "".join(
        f'<entry><title>{escape(story.title)}</title><link href="{{base}}{escape(_shown(story, 1))}"/>'
        f"<id>tag:harbour.example,2026:{story.path}</id><updated>{story.date}</updated>"
        f"<published>{story.date}</published>"
        + "".join(f"<author><name>{escape(name)}</name></author>" for name in story.authors)
        + f'<summary type="html">{escape(f"<p onclick=alert(21)>{escape(story.text[0])}</p>")}</summary></entry>'
        for story in stories
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="zh-CN">'
        '<title type="html">港湾信使报 &lt;script&gt;alert(22)&lt;/script&gt;</title>'
        "<id>tag:harbour.example,2026:zh</id>"
        f'<updated>2026-05-21T00:00:00+08:00</updated><link href="{{base}}/zh/"/>{entries}</feed>'
    )


def _json_feed(stories: Sequence[Story]) -> str:
    items = [
        {
            "id": f"harbour-{story.path}",
            "url": f"{{base}}{_shown(story, 1)}",
            "title": story.title,
            "summary": story.text[0],
            "date_published": story.date,
            "authors": [{"name": name} for name in story.authors],
            "language": _html_lang(story),
        }
        for story in stories
    ]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "Harbour Courier · 港湾信使报", "items": items}
    return json.dumps(feed, ensure_ascii=False)


def _sitemap_index() -> str:
    maps = "".join(
        f"<sitemap><loc>{{base}}{path}</loc></sitemap>" for path in ("/sitemap-articles.xml.gz", "/sitemap-news.xml")
    )
    return (
        f'<?xml version="1.0"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{maps}</sitemapindex>'
    )


def _sitemap(stories: Sequence[Story]) -> str:
    def twins(story: Story) -> str:
        if story.says != "sitemap":
            return ""
        other = "zh" if story.lang == "en" else "en"
        return "".join(
            f'<xhtml:link rel="alternate" hreflang="{lang}" href="{{base}}{path}"/>'
            for lang, path in ((story.lang, story.path), (other, story.twin))
        )

    urls = "".join(
        f"<url><loc>{{base}}{escape(story.path)}</loc><lastmod>{story.date}</lastmod>{twins(story)}</url>"
        for story in stories
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
        f' xmlns:xhtml="http://www.w3.org/1999/xhtml">{urls}<url><loc>{{base}}/en/about.html</loc></url></urlset>'
    )


def _news_sitemap(stories: Sequence[Story]) -> str:
    urls = "".join(
        f"<url><loc>{{base}}{story.path}</loc><news:news><news:publication><news:name>{NAMES[story.lang]}</news:name>"
        f"<news:language>{story.lang}</news:language></news:publication>"
        f"<news:publication_date>{story.date}</news:publication_date><news:title>{escape(story.title)}</news:title>"
        "</news:news></url>"
        for story in stories
        if story.date >= "2026-05-18"
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
        f' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">{urls}</urlset>'
    )


def _robots(settings: Settings) -> str:
    return (
        f"User-agent: *\nDisallow: /private/\nDisallow: /img/private/\nCrawl-delay: {settings.crawl_delay}\n\n"
        "User-agent: GreedyBot\nDisallow: /\n\nSitemap: {base}/sitemap.xml\n"
    )


# --- no articles, and trouble ----------------------------------------------------------------------------------------


def _no_articles() -> dict[str, Reply]:
    """The twelve of `NOT_ARTICLES`; several are long enough to be taken for one."""
    english = {
        "/en/login.html": (
            "Sign in",
            '<form><label>Mail <input name="mail"></label><label>Password <input type="password"></label></form>'
            "<p>Readers who sign in can comment on stories, keep a list of what to read later, and get our letter at "
            "seven in the morning. Your account works in both editions.</p>",
        ),
        "/en/search?q=harbour": (
            "Search results for harbour",
            "<p>4 results</p>"
            + _card("/en/city/night-ferry.html", "Night ferry returns to Lotus Pier after three years"),
        ),
        "/en/tags/": (
            "All topics",
            "<ul>" + "".join(f'<li><a href="#topic-{n}">Topic {n}</a></li>' for n in range(40)) + "</ul>",
        ),
        "/en/about.html": (
            "About the Harbour Courier",
            "<p>The Harbour Courier was founded in 1911 by two brothers who owned a printing press and a rowing boat. "
            "It appears every day in English and in Chinese.</p><p>Forty people work in the newsroom on Chandler "
            "Street. We correct our mistakes where we made them, and we do not take money for what we write.</p>"
            "<p>Write to us: Harbour Courier, 4 Chandler Street, Westhaven.</p>",
        ),
        "/en/city/no-longer-here.html": (
            "Page not found",
            "<p>Sorry, the page that you are looking for does not exist any more, or it has moved. Perhaps one of our "
            "sections has what you want, or try the search at the top of this page.</p>",
        ),
        "/en/video/regatta.html": (
            "Video: the spring regatta in ninety seconds",
            '<div class="player"><video src="/video/regatta.mp4" controls></video></div><p>1:30</p>',
        ),
        "/en/calendar/2026/05/": (
            "Events in May 2026",
            "<table>"
            + "".join(f'<tr><td>{n} May</td><td><a href="#may-{n}">Market day</a></td></tr>' for n in range(1, 32))
            + "</table>",
        ),
    }
    chinese = {
        "/zh/privacy.html": (
            "隐私政策",
            "<p>本政策自2026年1月1日起施行，说明港湾信使报如何收集、使用和保存您的个人信息。请您在使用本网站前仔细阅读。</p>"
            "<p>我们只收集提供服务所必需的信息，例如您订阅早报时留下的邮箱地址。未经您的同意，我们不会向第三方提供这些信息。</p>"
            "<p>您有权查询、更正或删除您的个人信息。如有疑问，请致信本报读者服务部。</p>",
        ),
        "/zh/gallery/": (
            "图集",
            "".join(f'<a href="#{n}"><img src="/img/bridge.png" alt="图集{n}"></a>' for n in range(12)),
        ),
        "/zh/caijing/empty.html": (
            "快讯：央行公布五月利率决定",
            '<p class="meta">2026-05-03 08:00 来源：港湾信使报</p><div class="b5e"></div>',
        ),
        "/zh/archive/2026-05/": (
            "2026年5月归档",
            "".join(_card(f"#d{n:02}", f"5月{n}日 报纸目录") for n in range(1, 22)),
        ),
    }
    replies = {path: _index("en", *page) for path, page in english.items()}
    replies |= {path: _index("zh", *page) for path, page in chinese.items()}
    replies["/zh/chengshi/moved-away.html"] = Reply(status=302, headers={"Location": "/zh/"})
    if set(replies) != set(NOT_ARTICLES):
        raise ValueError(f"site.py and render.py differ: {set(replies) ^ set(NOT_ARTICLES)}")
    memo = f"<h1>Memo on the harbour wall</h1><p>By Ada Penrose</p><p>{'The wall is not to be discussed. ' * 20}</p>"
    return replies | {FORBIDDEN[0]: _index("en", "Memo on the harbour wall", memo)}


def _trouble() -> dict[str, Reply]:
    """Addresses that never answer with an article."""
    return {
        "/zh/caijing/broken.html": Reply(b"<h1>500 Internal Server Error</h1>", status=500),
        "/en/markets/loop-a.html": Reply(status=302, headers={"Location": "/en/markets/loop-b.html"}),
        "/en/markets/loop-b.html": Reply(status=302, headers={"Location": "/en/markets/loop-a.html"}),
        "/en/markets/huge.html": Reply(stream=_huge_page),
        "/zh/caijing/bomb.html": Reply(stream=_bomb, headers={"Content-Encoding": "gzip"}),
        "/en/markets/withdrawn.html": Reply(b"<h1>410 Gone</h1>", status=410),
    }


def _huge_page() -> Iterator[bytes]:
    """200 MB of prices."""
    yield b"<title>All prices</title><h1>All prices</h1>"
    row = b"<p>On this day wheat was sold at 7.10 and rye at 6.40.</p>" * 2000
    for _ in range(200_000_000 // len(row)):
        yield row


def _bomb() -> Iterator[bytes]:
    """10 GB of spaces in 10 MB."""
    packer = zlib.compressobj(9, wbits=31)
    yield packer.compress("<title>航运数据</title>".encode()) + packer.flush(zlib.Z_FULL_FLUSH)
    # After a full flush a block does not refer to what was before it, so one block can be sent again and again.
    packer.compress(b" " * 1_000_000)
    block = packer.flush(zlib.Z_FULL_FLUSH)
    packer.compress(b" " * 1_000_000)
    block = packer.flush(zlib.Z_FULL_FLUSH)
    for _ in range(10_000):
        yield block


# --- pictures --------------------------------------------------------------------------------------------------------


def _pictures() -> dict[str, Reply]:
    svg = (
        b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(30)</script><circle r="9"/></svg>'
    )
    return {
        "/img/ferry.jpg": Reply(_jpeg((30, 60, 120)), "image/jpeg", etag=True),
        "/img/lazy.jpg": Reply(
            _jpeg((120, 60, 30)), "image/jpeg", modified=_moment("2026-05-01T00:00:00+08:00").timestamp()
        ),
        "/img/bridge.png": Reply(_picture("PNG", (20, 120, 60)), "image/png", etag=True),
        "/img/quay.webp": Reply(_picture("WEBP", (90, 90, 20)), "image/webp"),
        "/img/logo.png": Reply(_picture("PNG", (0, 0, 0), (120, 40)), "image/png", etag=True),
        "/img/huge.jpg": Reply(media_type="image/jpeg", stream=_huge_picture),
        "/img/drawing.svg": Reply(svg, "image/svg+xml"),
        "/img/page.jpg": Reply(
            b"<!doctype html><title>Sign in</title><h1>Sign in to see this picture</h1>", "image/jpeg"
        ),
        "/pixel.gif": Reply(_picture("GIF", (0, 0, 0), (1, 1)), "image/gif"),
    }


@cache
def _picture(form: str, colour: tuple[int, int, int], size: tuple[int, int] = (1200, 800)) -> bytes:
    file = io.BytesIO()
    _shaded(colour, size).save(file, form)
    return file.getvalue()


@cache
def _jpeg(colour: tuple[int, int, int]) -> bytes:
    """A picture with all that a camera writes into it: maker, photographer, and where it was taken."""
    facts = Image.Exif()
    facts[0x010F] = "Camera Works"
    facts[0x013B] = "Wan Yifan"
    facts[0x8298] = "© 2026 Harbour Courier"
    facts[0x8825] = {1: "N", 2: (31.0, 14.0, 5.0), 3: "E", 4: (121.0, 29.0, 10.0)}
    file = io.BytesIO()
    _shaded(colour, (1200, 800)).save(file, "JPEG", exif=facts, quality=85)
    return file.getvalue()


def _shaded(colour: tuple[int, int, int], size: tuple[int, int]) -> Image.Image:
    """A gradient: no two colours give the same picture, and none is one flat surface."""
    shade = Image.linear_gradient("L").resize(size)
    return Image.merge("RGB", [shade.point(lambda value, part=part: (value + part) % 256) for part in colour])


def _huge_picture() -> Iterator[bytes]:
    yield _jpeg((1, 2, 3))
    for _ in range(30):
        yield bytes(1_000_000)


# --- small things ----------------------------------------------------------------------------------------------------


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _day(story: Story) -> str:
    moment = _moment(story.date)
    return f"{moment.day} {moment:%B} {moment.year}" if story.lang == "en" else f"{moment:%Y年%m月%d日}"


def _html_lang(story: Story) -> str:
    return "en" if story.lang == "en" else "zh-CN"
