"""Where the text of a page is: each page is written here, short and hostile in one way."""

from __future__ import annotations

import json

import pytest

from plugins.mirror.article import Article, Block, Image, Source
from plugins.mirror.document import Document
from plugins.mirror.page.body import NO_SELECTORS, find_body
from plugins.mirror.page.extract import extract_page
from plugins.mirror.page.paging import join_pages
from plugins.mirror.page.selectors import Selectors
from plugins.mirror.page.tree import Unparsable, parse

TITLE = "海港新开航线 每周往返两次"
TEXT = ("海港社5月6日电（记者 张三）港口今天新开一条航线，共有三艘船。", "第一艘船今天上午出发，船上有一百二十名旅客。")
PARAGRAPHS = "".join(f"<p>　　{line}</p>" for line in TEXT)


def texts(html: str, selectors: Selectors = NO_SELECTORS, lang: str = "zh", title: str = TITLE) -> tuple[str, ...]:
    tree = parse(Document("page.html", html.encode(), "https://news.example/2024/a.html"))
    return tuple(block.text for block in find_body(tree, title, lang, selectors).blocks if block.kind != "credit")


def page(inside: str, head: str = "") -> str:
    return f"<html><head><meta charset=utf-8>{head}</head><body><h1>{TITLE}</h1>{inside}</body></html>"


LONG_NOTICE = (
    "本网站所载文章、数据仅供参考，使用前请仔细阅读法律声明，风险自负。"
    "未经本网站授权，任何人不得转载、摘编，违者将依法追究法律责任。"
    "如本网站内容侵犯了您的权利，请与本站联系删除。"
)
TEASER = (
    "<li><a href=/{0}>另一条新闻的标题{0}</a><p>另一条新闻的摘要，比正文还长，写的是别的事情，与本文无关。</p></li>"
)
COMMENT = "<div class=c><i>momo 12:0{}</i><p>这条新闻写得真好，支持一下，希望以后多来一些，辛苦了。</p></div>"
BOX = "<div class=article-body><p>{}</p></div><div class=ad>广告</div>"
HOSTILE = {
    "a disclaimer longer than the text": f"<div>{PARAGRAPHS}</div><div><p>{LONG_NOTICE * 3}</p></div>",
    "teasers longer than the text": f"<div>{PARAGRAPHS}</div><ul>{''.join(TEASER.format(n) for n in range(9))}</ul>",
    "comments longer than the text": f"<div>{PARAGRAPHS}</div><h3>网友评论</h3>"
    + "".join(COMMENT.format(n) for n in range(9)),
    "share bar, editor and app call": f"<div>{PARAGRAPHS}<p>责任编辑：李四</p><p>扫一扫，下载海港客户端</p></div>"
    "<div>分享到 微信 微博</div>",
    "moment and source below the title": f"<div>2024-05-06 10:05 来源：海港社</div><div>{PARAGRAPHS}</div>",
    "the comments of an old editing system": f"<!--enpcontent-->{PARAGRAPHS}<!--/enpcontent-->"
    "<p>本版其他文章，共有五篇。</p>",
    "lines that breaks divide, in a table": "<table><tr><td>"
    + "<br><br>".join("　　" + line for line in TEXT)
    + "</td></tr></table>",
    "a wrapper that is called sidebar": f"<div class=sidebar-layout><div class=with-sidebar>{PARAGRAPHS}</div></div>",
    "every paragraph in a box of its own": "".join(BOX.format(line) for line in TEXT),
    "the next story below": f"<div>{PARAGRAPHS}</div><h1>北屿岛禁渔期开始</h1><div>2024-05-01 来源：海港晚报</div>"
    "<div><p>5月1日12时，北屿岛海域进入伏季休渔期，三千余艘渔船陆续回港靠泊，渔民们忙着整理渔网。</p></div>",
    "a box of headlines, and teasers that no list holds": f"<div class=text>{PARAGRAPHS}</div><div class=hot>"
    "<div class=box><h4>精彩图片</h4><ul><li><a href=/1>图片的标题</a></ul></div>"
    + "".join(
        f"<div class=i>别的新闻{n}</div>"
        f"<div class=i><p>别的新闻的摘要{n}，比正文还长，写的是别的事情，与本文无关。</p></div>"
        for n in range(3)
    )
    + "</div>",
    "a summary in a box": f"<div><p>[摘要]港口新开一条航线，每周往返。</p>{PARAGRAPHS}</div>",
    "links inside and lists of links after": f"<div>{PARAGRAPHS}<p><a href=/1>相关：另一条新闻</a></p></div>"
    "<h3>推荐阅读</h3><ul><li><a href=/2>标题</a></ul>",
}


@pytest.mark.parametrize("inside", HOSTILE.values(), ids=HOSTILE)
def test_the_text_is_found_and_nothing_else(inside):
    """A text of two short paragraphs is found whole, whatever stands around it."""
    assert TEXT == texts(page(inside))


def test_the_text_in_the_data_of_a_script_is_found():
    """A page that a script draws gives the text that its data holds."""
    data = {"hot": ["一", "二"], "article": {"title": TITLE, "content": PARAGRAPHS}}
    assert TEXT == texts(page(f"<div id=app></div><script>window.__STATE__ = {json.dumps(data)};</script>"))


@pytest.mark.parametrize(
    "inside",
    [
        f"<textarea style='display:none'>{PARAGRAPHS.replace('<', '&lt;')}</textarea>",
        f"<script>var page = {{content: '{PARAGRAPHS.replace('/', chr(92) + '/')}', id: 1}}</script>",
        f"<div id=app data-page='{json.dumps({'article': {'title': TITLE, 'body': PARAGRAPHS}})}'></div>",
    ],
    ids=["textarea", "object that is no JSON", "attribute"],
)
def test_a_text_outside_of_elements_is_found(inside):
    """The text of a page stands in a textarea, in a script or in an attribute, if nowhere else."""
    assert TEXT == texts(page(inside))


def test_the_json_ld_of_a_page_is_its_text_when_it_shows_none():
    """articleBody stands in for a text that the page does not show."""
    data = json.dumps({"@type": "NewsArticle", "articleBody": "\n".join(TEXT)})
    assert TEXT == texts(page("", f'<script type="application/ld+json">{data}</script>'))


def test_the_json_ld_of_a_page_is_its_text_when_the_page_shows_another():
    """What the page shows is the text of other stories when nothing of articleBody is in it."""
    told = (*TEXT, *(f"第{at}艘船将在每天上午九时开出，船票可以在码头的窗口买到，老人免票。" for at in "一二三"))
    data = json.dumps({"@type": "NewsArticle", "articleBody": "\n".join(told)})
    other = "<p>青石县的渡船昨日起又开了起来，每天往返八次，票价三元，学生和老人免票。</p>" * 8
    assert told == texts(page(other, f'<script type="application/ld+json">{data}</script>'))


def test_the_editors_selector_wins():
    """What `body` of sources.yaml matches is the text, whatever else looks like one."""
    inside = f"<div>{PARAGRAPHS}</div><div id=mine><p>这里才是正文，只有一句话，编辑是这样说的。</p></div>"
    assert ("这里才是正文，只有一句话，编辑是这样说的。",) == texts(page(inside), Selectors(body="#mine"))


def test_english_noise_between_paragraphs_is_left_out():
    """Advertisements, newsletters, links to other stories and the words on the author are no part of a text."""
    lines = [
        "At least 14 people died when a ferry capsized off Marabo, the coast guard said on Tuesday.",
        "The wooden vessel, the Santa Lucena, was licensed to carry 60 passengers, and it held twice as many.",
        "The search, officials said, will go on until the weekend, with help from two neighboring islands.",
        "Sea accidents are common in the archipelago, where boats are old and often overloaded.",
    ]
    noise = [
        "<div>Advertisement</div>",
        '<div class="box"><h3>Read more</h3><ul><li><a href="/1">Harbor fees rise again</a></li></ul></div>',
        '<div class="nl"><p>Sign up for our daily newsletter and get the news in your inbox</p></div>',
        "<p>Jane Doe is a reporter in Port Aliba. She covers the sea.</p><p>© 2024 The Post. All rights reserved.</p>",
    ]
    inside = "".join(f"<p>{line}</p>{more}" for line, more in zip(lines, noise, strict=True))
    html = f"<html><body><h1>Ferry sinks off Marabo</h1><div><div>{inside}</div></div></body></html>"
    assert tuple(lines) == texts(html, lang="en", title="Ferry sinks off Marabo")


FERRY = (
    "The council of Port Merrin voted on Tuesday to rebuild the ferry terminal, which a storm wrecked last winter.",
    "Work is to begin in the autumn, and to last two years, the harbour office said on Tuesday.",
    "Residents had asked for a vote since the spring, and some of them came to the meeting.",
)
FERRY_TITLE = "Council votes to rebuild terminal"


@pytest.mark.parametrize(
    "inside",
    [
        "<p class=article-body>{}</p><h1>What happens next</h1>"
        "<p class=article-body>{}</p><p class=article-body>{}</p>",
        "<p>By Ada Quill</p><p>{}</p><p>{}</p><p>{}</p><div class=bx><h4>Ada Quill</h4><p>Ada Quill joined the Post in"
        " 2014 after a decade at the Herald, where she wrote about fish, nets, harbours and the sea.</p></div>",
        "<section class=release><div class=col><p>{}</p><p>{}</p><p>{}</p></div></section>"
        "<div class=more><h2>More Releases From This Source</h2><h3>Fares rise</h3>"
        "<p>Merrin Ferries, the largest operator, today announced its results.</p></div>",
        "<div>{}<br>{}<br>{}</div>",
        "<div>{} See <a href=/1>the plans.<br>{}<br>{}</div>",
    ],
    ids=[
        "subheads as large as the headline",
        "the writer below",
        "more releases",
        "breaks",
        "a link that nobody closed",
    ],
)
def test_an_english_text_is_found_whole(inside):
    """Subheads, boxes on the writer and open links end no text before its end, and nothing follows it."""
    html = f"<html><body><h1>{FERRY_TITLE}</h1>{inside.format(*FERRY)}</body></html>"
    found = texts(html, lang="en", title=FERRY_TITLE)
    assert list(FERRY) == [text.removesuffix(" See the plans.") for text in found if text != "What happens next"]


@pytest.mark.parametrize(
    ("inside", "authors", "credits"),
    [
        ("<p>By Maren Holt</p><p>4 May 2026</p><p>{}</p><p>{}</p>", ("Maren Holt",), ()),
        ("<p>{}</p><p>{}</p><p>Editor: Fang Y.</p>", (), ("Editor: Fang Y.",)),
        ("<p>Updated: November 23, 2009, 09:12 PM ET</p><p>{}</p><p>{}</p>", (), ()),
    ],
    ids=["byline and day", "editor", "moment with its zone"],
)
def test_credits_say_what_the_fields_do_not(inside, authors, credits):
    """An editor is a credit and no author; a byline and a day are fields, and no credit says them again."""
    html = f"<html><body><h1>{FERRY_TITLE}</h1>{inside.format(*FERRY)}</body></html>"
    found = extract_page(Document("page.html", html.encode(), "https://news.example/a.html")).article
    assert (authors, credits, None) == (found.authors, found.source.credits, found.source.dateline)


def test_a_page_without_text_says_so():
    """Nothing is made up where there is nothing."""
    tree = parse(Document("page.html", b"<html><body><a href=/1>One</a></body></html>"))
    assert ("The page holds no text.",) == find_body(tree, "", "en").warnings


@pytest.mark.parametrize("data", [b"", b"   ", b"<!-- nothing -->"])
def test_bytes_without_html_are_refused(data):
    """An empty file is no page."""
    with pytest.raises(Unparsable):
        parse(Document("page.html", data))


def test_a_page_of_two_thousand_levels_is_read():
    """Tags that nobody closes end neither the text nor the program."""
    depth = "<font>" * 1500
    assert TEXT == texts(page(f"<div>{depth}{PARAGRAPHS}</div>"))


def test_credits_leave_the_text_for_their_fields():
    """来源 and 责任编辑 are no text; the dateline is, and its reporter is the author."""
    inside = f"<div>{PARAGRAPHS}<p>来源：海港晚报</p><p>责任编辑：李四</p></div>"
    found = extract_page(Document("page.html", page(inside).encode(), "https://news.example/2024/a.html")).article
    assert "\n\n".join(TEXT) == found.body
    assert ("张三",) == found.authors
    assert any("李四" in words for words in found.source.credits)


def article(*blocks: Block, **fields) -> Article:
    return Article(title=TITLE, lang="zh", line=0, blocks=blocks, **fields)


def test_pages_of_one_article_are_joined_once():
    """The headline, the lead and a note that every page repeats stand once; the last page names the source."""
    lead, note = Block("　　导语，每一页都有，写的是同一件事情。"), Block("注：文中数字截至五月。")
    picture = Block("", "figure", "![](https://news.example/1.jpg)")
    first = article(lead, Block(TEXT[0]), picture, note, images=(Image("https://news.example/1.jpg"),))
    second = article(Block(TITLE, "heading"), lead, picture, Block(TEXT[1]), note, source=Source(name="海港晚报"))
    joined = join_pages([first, second])
    assert (lead, Block(TEXT[0]), picture, note, Block(TEXT[1])) == joined.blocks
    assert ("海港晚报", 1) == (joined.source.name, len(joined.images))


def test_a_sentence_that_the_paging_cut_is_joined():
    """The paging of some portals cuts where the page is full."""
    first = article(Block("第一页的最后一段写得很长，说到港口今天新开了一条航线，共有三艘船，每周往返两次，第一艘船"))
    second = article(Block("今天上午出发。"))
    assert (Block(first.blocks[0].text + "今天上午出发。"),) == join_pages([first, second]).blocks
