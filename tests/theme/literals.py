"""A page of every kind in both languages, written by hand: what the templates must be able to show."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from msgspec.structs import replace

from plugins.languages import LANGUAGES, Language
from plugins.pages.page import (
    AccountPage,
    Block,
    Card,
    ChooserPage,
    CorrectionNote,
    Door,
    FrontPage,
    Head,
    IndexPage,
    Link,
    LinkGroup,
    ListPage,
    Menus,
    NotFoundPage,
    Numbers,
    PagePlan,
    Picture,
    PlainPage,
    ProductPage,
    Site,
    SourceNote,
    StoryPage,
    Version,
)

EN, ZH = LANGUAGES["en"], LANGUAGES["zh"]
NAMES = {"en": "Duikai", "zh": "对开"}
TAGLINES = {
    "en": "The news of China in two languages, page facing page",
    "zh": "两种语言，一份报纸，左右对开",
}

SECTIONS = {
    "markets": ("Markets", "财经"),
    "policy": ("Policy", "政策"),
    "companies": ("Companies", "公司"),
    "technology": ("Technology", "科技"),
    "autos": ("Autos", "汽车"),
    "property": ("Property", "房产"),
    "education": ("Education", "教育"),
    "culture": ("Culture", "文娱"),
}
CATEGORIES = {
    "electronics": ("Electronics", "数码"),
    "vehicles": ("Vehicles", "汽车"),
    "funds": ("Funds", "基金"),
}

# slug: section, (English title, 中文标题), (summary, 摘要), picture or ""
STORIES = {
    "rally": (
        "markets",
        ("Yuan assets rally as policy lifts confidence", "利好政策提振信心，人民币资产走强"),
        (
            "The Shanghai Composite is back above 2,900 points after a run of supportive measures, and "
            "state-owned groups lead the way.",
            "在一系列利好政策助力下，A股迎来普涨行情，沪指收复2900点，“中”字头股票领涨。",
        ),
        "aito-deliveries",
    ),
    "reits": (
        "markets",
        (
            "Infrastructure funds that were to be as steady as bonds lose a quarter of their price in one "
            "month, and the people who bought them for their pensions ask who told them so",
            "说好像债券一样稳的公募REITs一个月跌去四分之一，拿养老钱买进的投资者追问：当初是谁这样告诉我们的",
        ),
        ("Six of thirty listed trusts rose.", "三十只已上市产品中，只有六只上涨。"),
        "reits-month",
    ),
    "prices": (
        "property",
        ("Two cities up, two down", "两城涨，两城跌：一线城市房价分化"),
        (
            "New homes in Shanghai and Beijing cost more than a month ago; in Shenzhen and Guangzhou, less.",
            "九月新房价格，上海、北京环比上涨，深圳、广州环比下跌。",
        ),
        "first-tier-prices",
    ),
    "face": (
        "technology",
        ("A face that is not hers", "换脸视频上热搜：技术好玩，边界何在"),
        (
            "A clip that put one actress’s face on another was watched a hundred million times before it was removed.",
            "一段把甲的脸换到乙身上的视频，下架之前阅读量过亿。专家提醒：人脸支付也要防。",
        ),
        "face-swap",
    ),
    "headset": (
        "technology",
        ("The headset arrives, without its applications", "头显来了，应用没来"),
        (
            "Three of the largest video services will not write for it.",
            "三家最大的视频平台都表示暂不开发专用应用。",
        ),
        "headset",
    ),
    "nickel": (
        "companies",
        ("Nickel turns cold", "全球镍市场明显转冷"),
        ("Analysts think that three mines in five lose money.", "分析师估计全行业超六成陷入亏损。"),
        "",
    ),
    "range": (
        "autos",
        ("A hundred kilometres short of the promise", "冬季续航：离目标差了一百公里"),
        ("An eighteen-hour live stream ends at about 1,200 km.", "十八小时直播，跑出约1200公里。"),
        "winter-range",
    ),
    "deliveries": (
        "autos",
        ("Ten thousand a month is still far away", "月销一万辆，问界还有多远"),
        ("Nine newcomers sold more in August.", "八月有九家新势力越过这条线。"),
        "aito-deliveries",
    ),
    "insurers": (
        "policy",
        ("Fourteen insurers fall short", "十四家险企偿付能力不达标"),
        ("One company in ten is below the line.", "每十家就有一家在线下。"),
        "insurers-solvency",
    ),
    "certificates": (
        "policy",
        ("Green certificates to cover every kilowatt-hour", "绿证核发全覆盖"),
        ("", ""),
        "",
    ),
    "schools": (
        "education",
        ("Vocational schools may now award degrees", "职业学校也能发学士学位"),
        ("Thirty-three colleges begin this autumn.", "首批三十三所院校今秋开始。"),
        "",
    ),
    "opera": (
        "culture",
        ("Kunqu fills the house on a Tuesday", "周二夜场，昆曲满座"),
        ("Half of those who came are under thirty.", "台下一半观众不到三十岁。"),
        "",
    ),
}

BODY = {path: (Path(__file__).parent / f"body.{path}.html").read_text(encoding="utf-8").rstrip() for path in LANGUAGES}
"""The text of a story with everything that the reader stage lets through, its links as from a story page."""


def pick(language: Language, pair: tuple[str, str]) -> str:
    """The English or the Chinese of *pair*."""
    return pair[language is ZH]


def section_of(language: Language, name: str) -> Link:
    return Link(pick(language, SECTIONS[name]), f"{language.path}/section/{name}/", language, count=120)


def menus_of(language: Language) -> Menus:
    path = language.path
    indexes = {
        "archive": ("Archive", "存档"),
        "tag": ("Tags", "标签"),
        "author": ("Authors", "作者"),
        "source": ("Sources", "来源"),
    }
    return Menus(
        sections=tuple(section_of(language, name) for name in SECTIONS),
        products=tuple(
            Link(pick(language, pair), f"{path}/product/{name}/", language) for name, pair in CATEGORIES.items()
        ),
        pages=(
            Link(pick(language, ("About us", "关于我们")), f"{path}/about/", language),
            Link(pick(language, ("Disclaimer", "免责声明")), f"{path}/disclaimer/", language),
        ),
        indexes=tuple(Link(pick(language, pair), f"{path}/{name}/", language) for name, pair in indexes.items()),
    )


def site_of(language: Language, **changes: object) -> Site:
    """The constants of an edition, as a published portal under a sub-path has them."""
    path = language.path
    site = Site(
        language=language,
        name=NAMES[path],
        tagline=TAGLINES[path],
        url="https://example.org/portal",
        editions=tuple(Version(one, f"{one.path}/") for one in LANGUAGES.values()),
        home=Link(NAMES[path], f"{path}/", language),
        menus=menus_of(language),
        file_links=False,
        versions={"portal.css": "1f3a9c", "portal.js": "77aa01"},
        icp_number="粤ICP备12345678号-1",
        icp_url="https://beian.miit.gov.cn/",
        holder=pick(language, ("Original Portal Ltd", "某某资讯有限公司")),
        year=2024,
        account=f"{path}/account/",
        disclaimer=Link(pick(language, ("Disclaimer", "免责声明")), f"{path}/disclaimer/", language),
        submit=Link(pick(language, ("Contribute", "投稿")), f"{path}/submit/", language),
        feed=f"{path}/feed.xml",
        repository_url="https://example.org/repository",
        preview=False,
    )
    return replace(site, **changes)


SITES = {path: site_of(language) for path, language in LANGUAGES.items()}


def head_of(language: Language, title: str, address: str, **changes: object) -> Head:
    """*address* is below the language's folder; the page exists in every language but for *changes*."""
    versions = tuple(Version(one, f"{one.path}/{address}") for one in LANGUAGES.values())
    head = Head(
        title=title,
        description=pick(language, ("What this page is about, in one sentence.", "用一句话说明本页内容。")),
        versions=versions,
        default=f"en/{address}",
        switch=tuple(version for version in versions if version.language is not language),
        trail=(Link(pick(language, ("Front page", "首页")), f"{language.path}/", language),),
    )
    return replace(head, **changes)


def picture_of(language: Language, name: str) -> Picture | None:
    if not name:
        return None
    drawing = name in ("headset", "suv", "video-call", "winter-road")
    src = f"images/{name}.svg" if drawing else f"images/{name}.{language.path}.svg"
    alt = pick(language, ("A drawing or chart of the matter", "示意图或统计图"))
    return Picture(src, alt, pick(language, ("Graphic: Duikai", "制图：对开")), 1200, 675)


def card_of(slug: str, language: Language, page: Language | None = None, **changes: object) -> Card:
    section, titles, summaries, picture = STORIES[slug]
    number = list(STORIES).index(slug)
    card = Card(
        language=language,
        title=pick(language, titles),
        url=f"{language.path}/2024/01/{slug}/",
        summary=pick(language, summaries),
        date=f"2024-01-{28 - number:02}T16:20:00+08:00",
        section=section_of(page or language, section),
        picture=picture_of(language, picture),
        kicker=pick(language, ("Deepfakes", "深度伪造")) if slug == "face" else "",
    )
    return replace(card, **changes)


def product_card(language: Language, slug: str, names: tuple[str, str], picture: str) -> Card:
    return Card(
        language=language,
        title=pick(language, names),
        url=f"{language.path}/products/{slug}/",
        summary=pick(language, ("A product.", "一件产品。")),
        picture=picture_of(language, picture),
    )


def products_of(language: Language) -> tuple[Card, ...]:
    return (
        product_card(language, "aito-m7", ("AITO M7", "问界M7"), "suv"),
        product_card(language, "vision-pro", ("Apple Vision Pro", "苹果Vision Pro"), "headset"),
        product_card(language, "jd-reit", ("Harvest JD warehouse REIT", "嘉实京东仓储基础设施REIT"), "reits-month"),
    )


def front(language: Language) -> PagePlan:
    other = ZH if language is EN else EN
    cards = {slug: card_of(slug, language) for slug in STORIES}
    blocks = tuple(
        Block(
            section_of(language, section),
            tuple(card for slug, card in cards.items() if STORIES[slug][0] == section),
        )
        for section in SECTIONS
    )
    data = FrontPage(
        head=head_of(language, "", "", trail=()),
        lead=cards["rally"],
        pinned=(cards["prices"], cards["insurers"]),
        latest=(cards["reits"], cards["headset"], cards["nickel"], cards["schools"], cards["opera"]),
        blocks=blocks,
        foreign=tuple(card_of(slug, other, language) for slug in ("range", "face", "certificates", "reits")),
        products=products_of(language),
    )
    return PagePlan(f"{language.path}/index.html", "front.html", language, data)


def empty_front(language: Language) -> PagePlan:
    data = FrontPage(head_of(language, "", ""), None, (), (), (), (), ())
    return PagePlan(f"{language.path}/empty/index.html", "front.html", language, data)


def source_of(language: Language, permission: str = "full") -> SourceNote:
    return SourceNote(
        paper=Link(
            pick(language, ("China Securities Journal", "中国证券报")),
            f"{language.path}/source/csj/",
            language,
        ),
        url="https://example.com/original/2024-01-25.html?id=7&from=list",
        retrieved="2024-01-26T10:33:00+08:00",
        permission=permission,
        title="利好政策提振信心 人民币资产走强",
        dateline=pick(language, ("BEIJING, January 25", "中证网讯（记者 张三）")),
        notice=pick(language, ("Reprints must name the source.", "转载请注明来源：中国证券报·中证网")),
        credits=(pick(language, ("Photograph: Li Si", "图片：李四 摄")),),
        also=((pick(language, ("Larn Post", "拉恩邮报")), "https://example.net/7"), ("", "https://www.example.org/8")),
    )


def story(language: Language, slug: str = "rally", **changes: object) -> PagePlan:
    path = language.path
    card = card_of(slug, language)
    section = section_of(language, STORIES[slug][0])
    trail = (Link(pick(language, ("Front page", "首页")), f"{path}/", language), section)
    data = StoryPage(
        head=head_of(
            language,
            card.title,
            f"2024/01/{slug}/",
            description=card.summary,
            trail=trail,
            picture=card.picture,
            kind="article",
        ),
        title=card.title,
        kicker=pick(language, ("A-shares", "A股")),
        summary=card.summary,
        body=BODY[path],
        date="2024-01-25T16:20:00+08:00",
        modified="2024-01-26T09:05:00+08:00",
        section=section,
        authors=(
            Link(pick(language, ("Markets desk", "财经编辑部")), f"{path}/author/markets-desk/", language),
            Link("孔小平", f"{path}/author/kong-xiaoping/", ZH),
        ),
        tags=(
            Link(pick(language, ("A-shares", "A股")), f"{path}/tag/a-shares/", language, 12),
            Link(pick(language, ("Central bank", "央行")), f"{path}/tag/central-bank/", language, 3),
        ),
        products=(Link(pick(language, ("AITO M7", "问界M7")), f"{path}/products/aito-m7/", language),),
        picture=card.picture,
        status="published",
        minutes=4,
        source=source_of(language),
        translated_by="human",
        corrections=(
            CorrectionNote(
                "2024-01-26",
                pick(
                    language,
                    (
                        "The turnover was 903.6 billion yuan, not 93.6.",
                        "成交额应为9036.3亿元，原文误作936.3亿元。",
                    ),
                ),
            ),
        ),
        related=(card_of("nickel", language), card_of("reits", language), card_of("insurers", language)),
    )
    return PagePlan(f"{path}/2024/01/{slug}/index.html", "story.html", language, replace(data, **changes))


def sparse_story(language: Language) -> PagePlan:
    """No picture, one language, one minute, nothing around it, and a title that fills the screen."""
    head = story(language, "reits").data.head
    own = replace(head, versions=(Version(language, f"{language.path}/2024/01/reits/"),), picture=None)
    return story(
        language,
        "reits",
        head=own,
        picture=None,
        kicker="",
        summary="",
        modified=None,
        authors=(),
        tags=(),
        products=(),
        source=None,
        translated_by="",
        corrections=(),
        related=(),
        minutes=1,
    )


def excerpt(language: Language) -> PagePlan:
    """Machine-translated, an excerpt, hidden from lists."""
    plan = story(language, "insurers")
    data = plan.data
    return replace(
        plan,
        data=replace(
            data,
            head=replace(data.head, listed=False),
            status="hidden",
            body=BODY[language.path].split("\n<p>")[0],
            source=source_of(language, "excerpt"),
            translated_by="machine",
        ),
    )


def headline(language: Language) -> PagePlan:
    """A story of which there is the headline only."""
    plan = story(language, "schools", body="", picture=None, summary="", source=source_of(language, "none"))
    return replace(plan, data=replace(plan.data, head=replace(plan.data.head, listed=False)))


def draft(language: Language) -> PagePlan:
    plan = story(language, "opera", status="draft", kicker="")
    return replace(plan, data=replace(plan.data, head=replace(plan.data.head, listed=False)))


def withdrawn(language: Language) -> PagePlan:
    plan = story(language, "face", status="withdrawn", body="", picture=None, kicker="", summary="", related=())
    return replace(plan, data=replace(plan.data, head=replace(plan.data.head, listed=False)))


def numbers_of(address: str, language: Language, number: int, pages: int) -> Numbers:
    links = (Link(str(one), address if one == 1 else f"{address}page/{one}/", language) for one in range(1, pages + 1))
    return Numbers(number, tuple(links))


def section(language: Language, number: int = 1) -> PagePlan:
    """Page *number* of a section with thirty pages; the last ones hold stories of the other language."""
    other = ZH if language is EN else EN
    address = f"{language.path}/section/markets/"
    page = "" if number == 1 else f"page/{number}/"
    slugs = [*STORIES, *list(STORIES)[:8]]
    cards = tuple(card_of(slug, language) for slug in slugs[:16]) + tuple(
        card_of(slug, other, language) for slug in slugs[16:]
    )
    if number == 30:
        cards = cards[16:]
    data = ListPage(
        head=head_of(
            language,
            pick(language, SECTIONS["markets"]),
            f"section/markets/{page}",
            feed=Link(pick(language, ("Duikai: Markets", "对开：财经")), f"{address}feed.xml", language),
        ),
        kind="section",
        heading=pick(language, SECTIONS["markets"]),
        heading_language=language,
        cards=cards,
        total=598,
        numbers=numbers_of(address, language, number, 30),
    )
    return PagePlan(f"{address}{page}index.html", "list.html", language, data)


def category(language: Language) -> PagePlan:
    address = f"{language.path}/product/vehicles/"
    data = ListPage(
        head=head_of(language, pick(language, CATEGORIES["vehicles"]), "product/vehicles/"),
        kind="product",
        heading=pick(language, CATEGORIES["vehicles"]),
        heading_language=language,
        cards=tuple(card_of(slug, language) for slug in ("range", "deliveries", "nickel")),
        total=3,
        numbers=numbers_of(address, language, 1, 1),
        products=products_of(language)[:2],
    )
    return PagePlan(f"{address}index.html", "list.html", language, data)


def author(language: Language) -> PagePlan:
    """An author whose name is Chinese in both editions, with one story that is not translated."""
    address = f"{language.path}/author/kong-xiaoping/"
    data = ListPage(
        head=head_of(language, "孔小平", "author/kong-xiaoping/"),
        kind="author",
        heading="孔小平",
        heading_language=ZH,
        cards=(card_of("face", ZH, language),),
        total=1,
        numbers=numbers_of(address, language, 1, 1),
    )
    return PagePlan(f"{address}index.html", "list.html", language, data)


def empty_list(language: Language) -> PagePlan:
    address = f"{language.path}/section/culture/"
    data = ListPage(
        head=head_of(language, pick(language, SECTIONS["culture"]), "section/culture/"),
        kind="section",
        heading=pick(language, SECTIONS["culture"]),
        heading_language=language,
        cards=(),
        total=0,
        numbers=numbers_of(address, language, 1, 1),
    )
    return PagePlan(f"{address}index.html", "list.html", language, data)


def archive(language: Language) -> PagePlan:
    path = language.path
    groups = tuple(
        LinkGroup(
            pick(language, (str(year), f"{year}年")),
            tuple(
                Link(
                    pick(language, (date(2024, month, 1).strftime("%B"), f"{month}月")),
                    f"{path}/archive/{year}/{month:02}/",
                    language,
                    40 * month + year,
                )
                for month in range(12, 0, -1)
            ),
        )
        for year in (2024, 2023)
    )
    heading = pick(language, ("Archive", "存档"))
    data = IndexPage(head_of(language, heading, "archive/"), "archive", heading, groups)
    return PagePlan(f"{path}/archive/index.html", "index.html", language, data)


def tags(language: Language) -> PagePlan:
    path = language.path
    pairs = [
        ("A-shares", "A股"),
        ("Artificial intelligence", "人工智能"),
        ("Copyright", "著作权"),
        ("PMI", "采购经理指数"),
    ] * 4
    links = (
        *(
            Link(pick(language, pair), f"{path}/tag/{number}/", language, number * 7 + 1)
            for number, pair in enumerate(pairs)
        ),
        Link("神舟", f"{path}/tag/shenzhou/", ZH, 2),
    )
    heading = pick(language, ("Tags", "标签"))
    data = IndexPage(head_of(language, heading, "tag/"), "tags", heading, (LinkGroup("", links),))
    return PagePlan(f"{path}/tag/index.html", "index.html", language, data)


def product(language: Language) -> PagePlan:
    path = language.path
    category = Link(pick(language, CATEGORIES["vehicles"]), f"{path}/product/vehicles/", language)
    body = pick(
        language,
        (
            "<p>A large sport-utility vehicle with a petrol engine that charges its battery. It was renewed "
            "in September 2023.</p><dl><dt>Length</dt><dd>5,020 mm</dd>"
            "<dt>Range</dt><dd>1,300 km (CLTC)</dd></dl>",
            "<p>大型增程式SUV，2023年9月改款。</p><dl><dt>车长</dt><dd>5020毫米</dd><dt>综合续航</dt><dd>1300公里（CLTC）</dd></dl>",
        ),
    )
    data = ProductPage(
        head=head_of(
            language,
            pick(language, ("AITO M7", "问界M7")),
            "products/aito-m7/",
            trail=(Link(pick(language, ("Front page", "首页")), f"{path}/", language), category),
        ),
        title=pick(language, ("AITO M7", "问界M7")),
        summary=pick(language, ("A family car for long roads.", "一辆跑长途的家用车。")),
        body=body,
        category=category,
        picture=picture_of(language, "suv"),
        source=None,
        cards=(card_of("deliveries", language), card_of("range", language)),
        status="published",
    )
    return PagePlan(f"{path}/products/aito-m7/index.html", "product.html", language, data)


def about(language: Language) -> PagePlan:
    path = language.path
    body = pick(
        language,
        (
            "<p>Duikai publishes each story in English and Chinese. <em>Duìkāi</em> is the broadsheet of a "
            "Chinese newspaper, and also two pages that face each other.</p><h2>Who we are</h2>"
            "<p>Editors in two cities.</p>"
            "<ul><li>We name our sources.</li><li>We correct our mistakes in public.</li></ul>",
            "<p>“对开”是报纸的大版，也是左右相对的两页：同一条新闻，中文一页，英文一页。</p><h2>我们是谁</h2><p>两个城市里的几位编辑。</p>"
            "<ul><li>我们写明消息来源。</li><li>我们公开更正<em>每一个</em>错误。</li></ul>",
        ),
    )
    title = pick(language, ("About us", "关于我们"))
    data = PlainPage(
        head=head_of(language, title, "about/"),
        title=title,
        summary=pick(language, ("A newspaper in two languages.", "一份两种语言的报纸。")),
        body=body,
        modified="2024-01-02T08:00:00+08:00",
        status="published",
    )
    return PagePlan(f"{path}/about/index.html", "page.html", language, data)


def account(language: Language) -> PagePlan:
    path = language.path
    data = AccountPage(
        head=head_of(language, pick(language, ("Register / Log in", "注册 / 登录")), "account/", listed=False),
        account_url="https://example.com/account",
        submit=Link(pick(language, ("How to contribute", "投稿须知")), f"{path}/submit/", language),
        repository_url="https://example.org/repository",
    )
    return PagePlan(f"{path}/account/index.html", "account.html", language, data)


def not_found(language: Language) -> PagePlan:
    home = Version(ZH if language is EN else EN, "zh/" if language is EN else "en/")
    head = head_of(language, pick(language, ("Not found", "找不到页面")), "404.html", listed=False, switch=(home,))
    plan_data = NotFoundPage(head)
    return PagePlan(f"{language.path}/404.html", "not_found.html", language, plan_data, anywhere=True)


def _doors() -> tuple[Door, ...]:
    return tuple(
        Door(
            Version(language, f"{language.path}/"),
            tuple(card_of(slug, language) for slug in ("rally", "reits", "prices", "headset", "opera")),
            NAMES[language.path],
            TAGLINES[language.path],
        )
        for language in LANGUAGES.values()
    )


def chooser() -> PagePlan:
    editions = tuple(Version(language, f"{language.path}/") for language in LANGUAGES.values())
    head = Head("Duikai 对开", "Two editions. 两个版本。", (), "", editions)
    head = replace(head, versions=editions, default="")
    return PagePlan("index.html", "chooser.html", EN, ChooserPage(head, _doors()))


def missing() -> PagePlan:
    head = Head("Not found · 找不到页面", "", (), "", (), listed=False)
    return PagePlan("404.html", "missing.html", EN, ChooserPage(head, _doors()), anywhere=True)


def plans() -> dict[str, PagePlan]:
    """Every page by a readable name, ``front-zh``; all paths differ."""
    kinds = {
        "front": front,
        "empty-front": empty_front,
        "story": story,
        "sparse": sparse_story,
        "excerpt": excerpt,
        "headline": headline,
        "draft": draft,
        "withdrawn": withdrawn,
        "section": section,
        "section-15": lambda language: section(language, 15),
        "section-30": lambda language: section(language, 30),
        "category": category,
        "author": author,
        "empty-list": empty_list,
        "archive": archive,
        "tags": tags,
        "product": product,
        "about": about,
        "account": account,
        "not-found": not_found,
    }
    pages = {f"{kind}-{path}": make(LANGUAGES[path]) for kind, make in kinds.items() for path in LANGUAGES}
    return pages | {"chooser": chooser(), "missing": missing()}
