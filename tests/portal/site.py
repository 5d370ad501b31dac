"""The stories of a bilingual portal, what stands around them, and what a good crawl makes of it.

Plain data; `render.py` makes pages of it. 港湾信使报, the Harbour Courier, their people, firms and places are invented.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

NAMES = {"en": "Harbour Courier", "zh": "港湾信使报"}

SECTIONS = {
    "/en/markets/": "Markets",
    "/en/city/": "City",
    "/zh/caijing/": "财经",
    "/zh/chengshi/": "城市",
}
"""Section pages; each continues at ``index_2.html``."""


@dataclass(frozen=True)
class Story:
    """An article as its paper has it.

    Attributes:
        path: its address; the first part is its language, the second its section.
        date: with time and zone.
        text: paragraphs.
        layout: one of ``article``, ``table``, ``divs``, ``data``: see `render.py`.
        validators: what its answer has for conditional requests: ``etag``, ``modified``, both or neither.
        twin: the path of its other version.
        says: how the page names its twin: ``hreflang``, ``link`` (a visible 「English」 or 「中文」), ``sitemap``, or
            empty: it does not.
        lists: where a crawler can learn of it: ``front``, ``section``, ``page 2``, ``feed``, ``sitemap``, ``twin``.
        quirks: what is odd about it; each name is explained in `render.py`.
        pages: further pages, each its paragraphs.
        shown_as: addresses that lists give instead of the path.
        also: further addresses of the same article, or of nearly the same.
        pictures: below /img/, with caption.
    """

    path: str
    title: str
    date: str
    authors: tuple[str, ...]
    text: tuple[str, ...]
    layout: str = "article"
    validators: str = "etag"
    twin: str = ""
    says: str = ""
    lists: tuple[str, ...] = ("section", "feed", "sitemap")
    quirks: tuple[str, ...] = ()
    pages: tuple[tuple[str, ...], ...] = ()
    shown_as: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    pictures: Mapping[str, str] = field(default_factory=dict)

    @property
    def lang(self) -> str:
        return self.path.split("/")[1]

    @property
    def section(self) -> str:
        return "/".join([*self.path.split("/")[:3], ""])


STORIES: tuple[Story, ...] = (
    # --- nine stories in two languages -----------------------------------------------------------------------------
    Story(
        "/en/city/night-ferry.html",
        "Night ferry returns to Lotus Pier after three years",
        "2026-05-04T08:30:00+08:00",
        ("Maren Holt",),
        (
            "The night ferry between Lotus Pier and the Salt Bank sailed again on Monday with 214 passengers on board, "
            "three years after a storm broke its landing stage.",
            "Boats now leave every forty minutes until half past one, and the last of them waits for the late train. "
            "The port office paid 18 million for two new pontoons and a covered waiting room.",
            "Cooks and nurses from the night shifts had asked for the service longest. Many of them had taken a bus "
            "over the northern bridge instead, which took an hour and a half each way.",
        ),
        twin="/zh/chengshi/yehang.html",
        says="hreflang",
        lists=("front", "section", "feed", "sitemap"),
        pictures={"ferry.jpg": "The first boat leaves Lotus Pier on Monday night. Photo: Idris Vane"},
    ),
    Story(
        "/zh/chengshi/yehang.html",
        "停航三年后荷花码头夜航渡轮复航",
        "2026-05-04T08:00:00+08:00",
        ("林晚舟",),
        (
            "荷花码头至盐滩的夜航渡轮星期一重新开航，首班船载客214人。三年前，一场风暴冲断了码头的浮桥，航线从此停开。",
            "新的班次每四十分钟一班，末班船凌晨一点半开出，并会等候晚点的列车。港务处投入1800万元，更换了两座浮桥，还盖起一间有顶棚的候船室。",
            "盼望复航最久的，是上夜班的厨师和护士。这三年里，他们只能坐公交绕行北桥，单程就要一个半小时。",
        ),
        layout="table",
        twin="/en/city/night-ferry.html",
        says="hreflang",
        lists=("front", "section", "feed", "sitemap"),
        pictures={"ferry.jpg": "星期一晚，首班渡轮驶离荷花码头。万一凡 摄"},
    ),
    Story(
        "/en/markets/kelan-packaging.html",
        "Kelan Semiconductor starts second packaging line in Westhaven",
        "2026-05-05T09:15:00+08:00",
        ("Idris Vane", "Tessa Okafor"),
        (
            "Kelan Semiconductor started its second chip packaging line in Westhaven on Tuesday and said that it would "
            "reach 30,000 wafers a month by December.",
            "The company spent 2.6 billion on the line, a quarter more than planned, because a supplier of bonding "
            "machines went out of business last autumn.",
            "Shares rose 4.2 percent to 37.80. Analysts had feared a further delay after the spring floods closed the "
            "road to the plant for eleven days.",
        ),
        layout="divs",
        validators="modified",
        twin="/zh/caijing/kelan.html",
        says="hreflang",
        lists=("front", "section", "feed", "sitemap"),
    ),
    Story(
        "/zh/caijing/kelan.html",
        "科岚半导体西港第二条封装线投产",
        "2026-05-05T09:00:00+08:00",
        ("顾知远",),
        (
            "科岚半导体设在西港的第二条芯片封装线星期二投产。公司预计，到12月，这条线的月产能将达到3万片晶圆。",
            "这条线的总投资为26亿元，比原计划高出四分之一。原因是一家键合设备供应商去年秋天停业，公司不得不另找货源。",
            "公司股价当日上涨4.2%，收于37.80元。春汛曾使通往厂区的道路中断十一天，分析人士一度担心投产再次推迟。",
        ),
        layout="data",
        validators="modified",
        twin="/en/markets/kelan-packaging.html",
        says="hreflang",
    ),
    Story(
        "/en/markets/tea-frost.html",
        "Tea futures climb as late frost reaches the hill gardens",
        "2026-05-06T07:45:00+08:00",
        ("Colm Reyes",),
        (
            "Tea for July delivery rose 6.8 percent on Wednesday, the most in a day since 2019, after frost was "
            "reported from gardens above 900 metres.",
            "Growers in the Upper Moss valley lit straw fires between the rows for two nights. About a fifth of the "
            "young shoots were lost all the same, the growers' union said.",
            "Traders expect the first official count on Friday. Stocks in the port warehouses cover some seven weeks "
            "of exports, which is less than usual for the season.",
        ),
        layout="data",
        validators="neither",
        twin="/zh/caijing/chaye.html",
        says="hreflang",
    ),
    Story(
        "/zh/caijing/chaye.html",
        "高山茶园遭遇晚霜 茶叶期货大涨",
        "2026-05-06T07:20:00+08:00",
        ("沈听澜",),
        (
            "七月交割的茶叶期货星期三上涨6.8%，创2019年以来最大单日涨幅。此前，海拔900米以上的茶园传出霜冻消息。",
            "上苔谷的茶农连续两夜在茶垄间点燃稻草驱寒。茶农协会说，尽管如此，仍有约五分之一的嫩芽被冻坏。",
            "交易商预计，官方的首次统计将于星期五公布。目前港口仓库的存货约够出口七周，低于往年同期。",
        ),
        layout="table",
        validators="neither",
        twin="/en/markets/tea-frost.html",
        says="hreflang",
    ),
    Story(
        "/en/city/tool-library.html",
        "City library lends drills and ladders as well as books",
        "2026-05-07T10:00:00+08:00",
        ("Tessa Okafor",),
        (
            "From Thursday readers can borrow 340 tools at the central library, from cordless drills to a seed drill "
            "for balconies, for a week at a time.",
            "A lender has to watch a short film on safety first. The fee for a late hammer is the same as for a late "
            "novel: nothing on the first day and two coins on each day after it.",
            "The idea came from a carpenter who left his workshop to the library in his will, together with a note "
            "that good tools should not sleep in cellars.",
        ),
        validators="both",
        twin="/zh/chengshi/gongju.html",
        says="hreflang",
    ),
    Story(
        "/zh/chengshi/gongju.html",
        "市图书馆开始出借电钻和梯子",
        "2026-05-07T09:40:00+08:00",
        ("欧阳禾",),
        (
            "从星期四起，读者可以在市图书馆总馆借到340件工具，小到螺丝刀，大到伸缩梯，每次借期一周。",
            "第一次借工具的读者要先看一段安全短片。锤子逾期和小说逾期收费一样：第一天免费，此后每天两元。",
            "这个主意出自一位木匠。他在遗嘱里把整间作坊留给了图书馆，还附上一张字条：好工具不该睡在地下室里。",
        ),
        layout="divs",
        validators="both",
        twin="/en/city/tool-library.html",
        says="hreflang",
    ),
    Story(
        "/en/city/metro-nine.html",
        "Metro line 9 will run an hour later at weekends",
        "2026-05-08T11:20:00+08:00",
        ("Maren Holt",),
        (
            "Trains on metro line 9 will run until half past midnight on Fridays and Saturdays from June, the operator "
            "said on Friday.",
            "Drivers agreed to the later shifts in return for a free Sunday every second week. The operator is hiring "
            "26 people for the new timetable.",
            "Restaurants along the line had counted 9,000 guests a night who left before dessert in order to catch the "
            "last train.",
        ),
        layout="divs",
        validators="modified",
        twin="/zh/chengshi/ditie.html",
        says="link",
    ),
    Story(
        "/zh/chengshi/ditie.html",
        "地铁九号线周末末班车延后一小时",
        "2026-05-08T11:00:00+08:00",
        ("林晚舟", "欧阳禾"),
        (
            "地铁运营公司星期五宣布，从六月起，九号线每逢星期五和星期六的末班车将延至零点三十分发出。",
            "司机们同意上更晚的班，条件是每两周保证休息一个星期日。为配合新的时刻表，公司将增聘26人。",
            "沿线餐馆做过统计：每晚约有九千名客人为了赶末班车，没等甜点上桌就离席了。",
        ),
        layout="table",
        validators="modified",
        twin="/en/city/metro-nine.html",
        says="link",
    ),
    Story(
        "/en/markets/harbour-bonds.html",
        "Harbour bonds draw orders of 42 billion in one morning",
        "2026-05-09T14:05:00+08:00",
        ("Idris Vane",),
        (
            "Investors ordered 42 billion worth of the port authority's ten-year bonds on Saturday morning, six times "
            "what was on offer.",
            "The coupon was set at 2.95 percent, a tenth of a point below the first guidance. Pension funds from the "
            "northern provinces took almost half of the issue.",
            "The money will pay for a second breakwater, which engineers want finished before the typhoon season of "
            "2029.",
        ),
        layout="article",
        validators="neither",
        twin="/zh/caijing/zhaiquan.html",
        says="link",
    ),
    Story(
        "/zh/caijing/zhaiquan.html",
        "港务债券一上午获420亿元认购",
        "2026-05-09T13:50:00+08:00",
        ("顾知远",),
        (
            "港务局十年期债券星期六上午开放认购，收到的订单达420亿元，相当于发行规模的六倍。",
            "票面利率最终定为2.95%，比最初的指导利率低0.1个百分点。北方各省的养老基金认购了将近一半。",
            "募集的资金将用于修建第二道防波堤。工程人员希望，它能赶在2029年台风季之前完工。",
        ),
        layout="data",
        validators="neither",
        twin="/en/markets/harbour-bonds.html",
        says="link",
    ),
    Story(
        "/en/city/kiln.html",
        "Archaeologists find a glass kiln below the fish market",
        "2026-05-10T16:30:00+08:00",
        ("Colm Reyes",),
        (
            "A kiln for green glass, some eight hundred years old, has come to light below the fish market, the city's "
            "museum said on Sunday.",
            "Workers had dug for a drain when they hit a wall of fused sand. Inside lay 61 beads, a broken bowl and "
            "the print of a thumb in the clay.",
            "Stalls in the southern hall move to the car park until August. The museum wants to show the kiln under a "
            "floor of glass when the market opens again.",
        ),
        layout="data",
        twin="/zh/chengshi/guyao.html",
        says="sitemap",
    ),
    Story(
        "/zh/chengshi/guyao.html",
        "鱼市地下发现八百年前玻璃窑址",
        "2026-05-10T16:00:00+08:00",
        ("沈听澜",),
        (
            "市博物馆星期日公布，鱼市地下发现一座烧制绿色玻璃的古窑，距今约八百年。",
            "施工队挖排水沟时，碰到了一堵熔结的沙墙。窑内出土61颗珠子、一只残碗，泥坯上还留着一枚拇指印。",
            "南厅的摊位将迁到停车场营业，直到八月。博物馆打算在市场重新开放时铺一块玻璃地面，让人们看到脚下的窑址。",
        ),
        layout="article",
        twin="/en/city/kiln.html",
        says="sitemap",
        lists=("sitemap",),
    ),
    Story(
        "/en/markets/lanxi-buses.html",
        "Sodium battery maker Lanxi wins order for 380 buses",
        "2026-05-11T08:10:00+08:00",
        ("Tessa Okafor",),
        (
            "Lanxi, a maker of sodium batteries, will equip 380 city buses in the river provinces, its largest order "
            "so far, the company said on Monday.",
            "The packs are heavier than those with lithium and cost a third less. They also start at thirty degrees "
            "below zero, which decided the matter for the mountain towns.",
            "Delivery begins in September. Lanxi has to build a hall for it first, on a site where sugar was boiled "
            "until 1998.",
        ),
        layout="article",
        validators="modified",
        twin="/zh/caijing/lanxi.html",
        says="hreflang",
        quirks=("one way",),
    ),
    Story(
        "/zh/caijing/lanxi.html",
        "钠电池企业澜溪拿下380辆公交订单",
        "2026-05-11T07:50:00+08:00",
        ("沈听澜",),
        (
            "钠电池企业澜溪星期一宣布，将为沿江各省的380辆公交车供应电池，这是公司成立以来最大的一笔订单。",
            "钠电池比锂电池重，价格却低三分之一，而且在零下三十摄氏度仍能启动，山区城市正是看中了这一点。",
            "交货从九月开始。在此之前，澜溪得先盖好一座厂房，选址在一家1998年停产的糖厂旧址上。",
        ),
        layout="divs",
        validators="modified",
        twin="/en/markets/lanxi-buses.html",
    ),
    Story(
        "/en/city/herons.html",
        "Grey herons nest on the roof of the tram depot",
        "2026-05-12T17:00:00+08:00",
        ("Maren Holt",),
        (
            "Eleven pairs of grey herons have built nests on the roof of the tram depot in Mill Street, and the depot "
            "has stopped all work on its gutters until they leave.",
            "A warden with a telescope counts the eggs each morning and chalks the number on a board next to the "
            "timetable. On Tuesday it said 27.",
            "The birds used to nest on an island that the river took away last winter. Where they will go next spring "
            "nobody at the depot dares to say.",
        ),
        layout="divs",
        validators="both",
        twin="/zh/chengshi/canglu.html",
        lists=("twin",),
    ),
    Story(
        "/zh/chengshi/canglu.html",
        "十一对苍鹭在电车场屋顶筑巢",
        "2026-05-12T16:40:00+08:00",
        ("欧阳禾",),
        (
            "磨坊街电车场的屋顶上，十一对苍鹭搭起了窝。电车场为此停下了檐沟的全部维修，要等它们离开再说。",
            "一名看护员每天早晨架起望远镜数蛋，再用粉笔把数目写在时刻表旁的黑板上。星期二的数字是27。",
            "这些苍鹭原先住在江心的一座小岛上，去年冬天，小岛被江水冲走了。明年春天它们会去哪里，电车场里没人敢说。",
        ),
        layout="article",
        validators="both",
        twin="/en/city/herons.html",
        says="link",
        quirks=("one way",),
    ),
    # --- pages that are hard to fetch or to join --------------------------------------------------------------------
    Story(
        "/zh/caijing/zhangben.html",
        "三十年后再看老码头的一本账",
        "2026-05-13T08:00:00+08:00",
        ("顾知远",),
        (
            "老码头的会计冯守业留下一本蓝布面的账本，从1996年记到2025年，一天也没有漏。",
            "账本的前十年写满了煤和木材。每吨煤的装卸费是四元二角，他用红笔把零头一笔一笔抹平。",
        ),
        layout="table",
        pages=(
            ("第二个十年，集装箱来了。冯守业不认得箱号里的英文字母，就照着样子一个一个描下来。",),
            ("最后一页只有一行字：今日无船。那天是2025年12月31日，码头改成了公园，他也退休了。",),
        ),
    ),
    Story(
        "/en/markets/lighthouse-keepers.html",
        "What the last lighthouse keepers did with their savings",
        "2026-05-13T12:00:00+08:00",
        ("Colm Reyes",),
        (
            "Nine lighthouse keepers retired on this coast between 1988 and 2004, and all of them had saved most of "
            "their pay, because there was nowhere to spend it.",
            "Two bought orchards. One lent his money to a cousin who built radios, and never asked for it back.",
        ),
        layout="divs",
        pages=(
            (
                "The others put theirs into a common fund, which still pays for the school bus of the outer islands. "
                "Its books are kept by the daughter of the keeper of Gull Rock.",
            ),
        ),
        quirks=("rel=next",),
        lists=("page 2", "feed"),
    ),
    Story(
        "/zh/chengshi/yanchang.html",
        "旧盐场变身湿地公园",
        "2026-05-14T09:30:00+08:00",
        ("沈听澜",),
        (
            "城南旧盐场的改造工程星期四完工，六百亩盐田变成了湿地公园，免费开放。",
            "设计师保留了三座盐仓和一段运盐的小铁轨。盐仓改成观鸟屋，轨道上跑起了手摇车。",
            "老盐工何大全每周来讲一次课，教孩子们看云识天气。他说，晒盐的人一辈子都在和云打交道。",
        ),
        layout="table",
        validators="modified",
        quirks=("gbk called utf-8",),
        lists=("page 2",),
    ),
    Story(
        "/en/city/clockmaker.html",
        "The clockmaker who repairs the tide tables",
        "2026-05-14T15:00:00+08:00",
        ("Tessa Okafor",),
        (
            "Every spring Anselm Quist takes the brass machine that predicts the tides apart, oils its 37 wheels and "
            "puts it together again.",
            "Computers have done the work since 1979. The harbour master keeps the machine as a second opinion, and "
            "says that it has been wrong only once.",
            "Mr Quist is 81 and has no apprentice. He has written down each step in a school exercise book, with "
            "drawings, in case somebody asks.",
        ),
        validators="neither",
        quirks=("slow",),
    ),
    Story(
        "/zh/caijing/fengdian.html",
        "海上风电场首月发电量超预期",
        "2026-05-15T08:20:00+08:00",
        ("顾知远",),
        (
            "东礁海上风电场并网首月发电1.3亿千瓦时，比设计值多出一成，运营方星期五公布了这一数字。",
            "四月的东北风来得比往年晚，也走得更晚。四十二台风机中只有一台因齿轮箱异响停机三天。",
            "渔民代表提出，希望在风机之间留出两条航道。双方约定六月再谈。",
        ),
        layout="data",
        quirks=("503 once",),
    ),
    Story(
        "/en/markets/container-rates.html",
        "Container rates fall for the fifth week in a row",
        "2026-05-15T13:40:00+08:00",
        ("Idris Vane",),
        (
            "The price of shipping a forty-foot box from Westhaven to the northern ports fell to 1,870 on Friday, its "
            "lowest since January.",
            "Carriers have idled fourteen vessels and slowed the rest. A broker said that June bookings looked thin "
            "outside furniture and solar panels.",
            "Fuel is cheaper too, so most lines still earn money on the route, if less than in the golden winter of "
            "two years ago.",
        ),
        layout="divs",
        quirks=("429 once",),
    ),
    Story(
        "/zh/chengshi/caishi.html",
        "菜市场的秤会说话了",
        "2026-05-16T07:00:00+08:00",
        ("林晚舟",),
        (
            "北桥菜市场换上了一百二十台会报数的电子秤，重量和单价都用方言念出来，老人听得清清楚楚。",
            "管理方录了三种口音。卖豆腐的罗婶说，自家那台像她姑妈，客人听了都笑。",
            "旧秤没有扔，送到职校当了教具。",
        ),
        layout="divs",
        quirks=("redirected twice",),
        shown_as=("/zh/go/1016",),
        also=("/zh/go/1016", "/zh/go/1016/"),
    ),
    Story(
        "/en/city/footbridge.html",
        "Footbridge over the canal opens with a village fair",
        "2026-05-16T18:00:00+08:00",
        ("Maren Holt",),
        (
            "A footbridge of larch wood over the Old Canal opened on Saturday with a fair, a brass band and a queue of "
            "three hundred people who wanted to be first.",
            "The bridge saves the children of Alder Row a walk of two kilometres to school. They chose its colour in a "
            "vote: dark green, ahead of orange.",
            "The carpenters signed the underside of the last plank, where only ducks and canoeists will ever read it.",
        ),
        validators="both",
        lists=("front", "section", "feed", "sitemap"),
        quirks=("print view",),
        shown_as=(
            "/en/city/footbridge.html?utm_source=front&utm_medium=web&utm_campaign=may",
            "/en/city/footbridge.html?from=section&spm=a1.b2.c3",
            "/en/city/footbridge.html#comments",
        ),
        also=(
            "/en/city/footbridge.html?utm_source=front&utm_medium=web&utm_campaign=may",
            "/en/city/footbridge.html?from=section&spm=a1.b2.c3",
            "/en/print/footbridge.html",
        ),
    ),
    Story(
        "/zh/caijing/kuaidi.html",
        "快递柜进村 山里樱桃当天进城",
        "2026-05-17T08:00:00+08:00",
        ("海港社",),
        (
            "青岭县今年在五十六个村装上了冷藏快递柜，清晨摘下的樱桃，傍晚就能送到城里人的餐桌上。",
            "过去果农要赶四十公里山路到镇上发货，一箱樱桃常有两成在路上颠坏。现在损耗降到了百分之三。",
            "快递柜的电由村口的太阳能板供应，阴雨天可以撑两天。县里打算明年再装八十台。",
            "青岭县的樱桃种植面积约两万亩，采摘季从五月初持续到六月中旬。",
        ),
        layout="data",
        quirks=("agency text",),
        also=("/zh/chengshi/kuaidi-b.html",),
    ),
    # --- titles that make bad file names -----------------------------------------------------------------------------
    Story(
        "/en/city/t101.html",
        "../../../etc/passwd",
        "2026-05-18T08:00:00+08:00",
        ("Colm Reyes",),
        (
            "A teacher of computer science hung a banner with the path of a password file above the school gate on "
            "Monday, and within an hour every pupil had looked up what it meant.",
            "The lesson was about names that lead somewhere else. Next week the banner will be replaced by a riddle "
            "on cellars and ladders.",
        ),
        layout="divs",
    ),
    Story(
        "/en/city/t102.html",
        "CON",
        "2026-05-18T09:00:00+08:00",
        ("Tessa Okafor",),
        (
            "The theatre on Cooper Square opens its season with a comedy of three letters about a man who sells the "
            "same piano eleven times.",
            "The author, a retired bailiff, says that two of the sales are true. The piano on stage is the real one "
            "and has to be tuned before each act.",
        ),
        layout="article",
    ),
    Story(
        "/en/city/t103.html",
        "How a baker, two bus drivers, the choir of Saint Brannock, a retired harbour pilot with a wooden leg and a "
        "school class of thirty-one children who had never before left their valley built in the course of a single "
        "rainy summer, without a permit and largely out of old doors, the longest table that this coast has ever seen",
        "2026-05-18T10:00:00+08:00",
        ("Maren Holt",),
        (
            "The table is 211 metres long and stands on the mole, where the wind keeps the wasps away.",
            "It began with a quarrel about who had to carry the benches. By August there were 94 doors in it, some "
            "with letter boxes, through which the children passed the bread.",
        ),
        layout="data",
        lists=("feed",),
    ),
    Story(
        "/zh/chengshi/t104.html",
        "🏮🐉🎆",
        "2026-05-18T19:00:00+08:00",
        ("欧阳禾",),
        (
            "老城灯会星期一晚上开幕，主办方只在海报上印了三个图案，一个字也没有写。",
            "有人猜是灯笼、龙舟和烟花，有人猜是放假三天。开幕式上谜底揭晓：猜什么都对，来了就好。",
        ),
        layout="divs",
    ),
    Story(
        "/en/markets/t105.html",
        "..",
        "2026-05-19T08:00:00+08:00",
        ("Idris Vane",),
        (
            "A start-up that sells pauses to call centres has raised nine million on Tuesday under a name that is "
            "nothing but two full stops.",
            "Its founders could not register the name anywhere, which they call the best advertisement that they "
            "never paid for.",
        ),
        layout="article",
        validators="modified",
    ),
    Story(
        "/en/markets/t106.html",
        "Null and void: court returns the salt tax",
        "2026-05-19T09:00:00+08:00",
        ("Colm Reyes",),
        (
            "The provincial court declared the salt tax of 2023 null and void on Tuesday and told the treasury to "
            "return some 61 million to 212 salt works.",
            "The law had been printed with an empty paragraph, and the judges held that nobody owes anything under a "
            "paragraph that says nothing.",
        ),
        layout="divs",
        quirks=("NUL",),
    ),
    # --- script everywhere, and pictures -----------------------------------------------------------------------------
    Story(
        "/en/city/lanterns.html",
        "Lantern makers <script>alert(1)</script> return to the old quay",
        "2026-05-19T18:00:00+08:00",
        ("Maren Holt",),
        (
            "Forty lantern makers set up their benches on the old quay on Tuesday, the first time since the flood took "
            "their street.",
            "They fold oiled paper over split bamboo and sell each lantern with a spare wick. Children get the bent "
            "ones for nothing.",
            "The quay stays open until the end of the month, and after dark the boats pass it without lights.",
        ),
        layout="article",
        quirks=("script everywhere",),
    ),
    Story(
        "/zh/chengshi/denghui.html",
        "镜头里的老城灯会",
        "2026-05-20T20:00:00+08:00",
        ("万一凡",),
        (
            "老城灯会进入第三天，记者带着相机走了一圈，从扎灯的作坊走到放河灯的埠头。",
            "今年最大的一盏灯有两层楼高，用了四百根竹篾，十二个人扎了二十天。",
            "散场后，清洁工把落在水里的纸灯一盏盏捞起来，晾干，留给明年的孩子拆着玩。",
        ),
        layout="divs",
        validators="both",
        quirks=("pictures of all kinds",),
        pictures={
            "ferry.jpg": "灯会期间，渡轮也挂上了灯笼。万一凡 摄",
            "bridge.png": "桥上看灯的人群。",
            "quay.webp": "埠头的河灯。",
            "lazy.jpg": "作坊里扎灯的师傅。",
            "missing.jpg": "散场之后。",
            "huge.jpg": "两层楼高的大灯。",
            "drawing.svg": "灯会示意图。",
            "page.jpg": "晾干的纸灯。",
        },
    ),
)


@dataclass(frozen=True)
class Expected:
    """What a good crawl makes of a `Story`.

    Attributes:
        path: of the address that it is kept under.
        title: as readers see it.
        date: the day.
        authors: who wrote it.
        sentences: that stand in the body, in this order, each once; of an article of several pages, of all.
        also: other addresses that lead to it, or to nearly the same text: one story, several sources.
        lists: where it is listed; one that is listed in one place only is missed by who does not look there.
    """

    path: str
    title: str
    lang: str
    date: str
    authors: tuple[str, ...]
    sentences: tuple[str, ...]
    also: tuple[str, ...]
    lists: tuple[str, ...]


def expected(stories: Iterable[Story]) -> tuple[Expected, ...]:
    """What is expected of *stories*: a script in a title is no word of it."""
    return tuple(
        Expected(
            story.path,
            " ".join(re.sub(r"<script>.*?</script>", "", story.title).split()),
            story.lang,
            story.date[:10],
            story.authors,
            (*story.text, *(paragraph for page in story.pages for paragraph in page)),
            story.also,
            story.lists,
        )
        for story in stories
    )


EXPECTED_ARTICLES = expected(STORIES)

TRANSLATIONS = tuple((story.path, story.twin) for story in STORIES if story.twin and story.lang == "en")
"""Nine pairs, English first; each is stated by at least one of the two pages, or by the sitemap."""

ONE_WAY = (
    ("/en/markets/lanxi-buses.html", "/zh/caijing/lanxi.html"),
    ("/zh/chengshi/canglu.html", "/en/city/herons.html"),
)
"""The pairs that only one page states: the page that does, and its twin."""

NOT_ARTICLES = (
    "/en/login.html",
    "/en/search?q=harbour",
    "/en/tags/",
    "/en/about.html",
    "/zh/privacy.html",
    "/en/city/no-longer-here.html",
    "/en/video/regatta.html",
    "/zh/gallery/",
    "/en/calendar/2026/05/",
    "/zh/chengshi/moved-away.html",
    "/zh/caijing/empty.html",
    "/zh/archive/2026-05/",
)
"""Pages with status 200, or that lead to one, which are no articles: twelve."""

FORBIDDEN = ("/private/memo.html",)
"""An article that robots.txt forbids; a crawler must not ask for it."""

UNREACHABLE = {
    "/zh/caijing/broken.html": "a 500 for ever",
    "/en/markets/loop-a.html": "a redirect loop",
    "/en/markets/huge.html": "200 MB, sent in pieces",
    "/zh/caijing/bomb.html": "10 GB in 10 MB",
    "/en/markets/withdrawn.html": "410",
}
"""Addresses on the index pages that never become an article, and why."""

NEW_STORY = Story(
    "/en/city/new-bell.html",
    "The town hall gets its lost bell back",
    "2026-05-21T08:00:00+08:00",
    ("Tessa Okafor",),
    (
        "Divers lifted the bell of the old town hall out of the river mud on Thursday, ninety years after a barge lost "
        "it on the way to the foundry.",
        "It weighs 640 kilograms and has a crack as long as a hand. The town will hang it all the same, and ring it "
        "softly.",
    ),
)
"""A story for `Portal.add`."""
