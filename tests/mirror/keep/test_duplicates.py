"""The same text in two papers is one story; two texts of one pattern are two."""

from __future__ import annotations

from itertools import combinations

import pytest
from keep_samples import FERRY, TRAM

from plugins.mirror.keep.duplicates import Texts, same_text, signature

RESULTS = """\
{company} said on Thursday that revenue rose {up} percent to {revenue} million crowns in the {quarter} quarter, in line
with what analysts had expected.

Net profit for the three months came to {profit} million crowns, the company said in a statement.

“We are pleased with the development of our business in a demanding market,” said chief executive {chief}.

{company} confirmed its outlook for the full year and said that it would propose a dividend in May."""

CLOSING = """\
{day}，沪深两市主要股指收盘涨跌不一。截至收盘，上证指数报{index}点，变动{change}%；成交额合计{volume}亿元，较上一交易日有所变化。

盘面上，{sector}板块涨幅居前。分析人士认为，短期市场仍将维持震荡格局，投资者应关注宏观数据和政策动向，控制仓位，注意风险。"""

RAIN = """\
{city}市气象台今天下午发布天气预报：预计今天夜间多云转阴，有小雨，气温{low}到{high}摄氏度，偏北风{wind}级，明天白天{sky}。

气象部门提醒，近期昼夜温差较大，市民外出请注意添衣保暖，雨天路滑，驾车出行请减速慢行，注意交通安全。

未来三天，受冷空气影响，全市大部分地区仍有降水过程，请关注最新预报预警信息。"""

MAYOR = """\
{name} was sworn in as mayor of {town} on Tuesday in front of the old town hall, where a choir sang and it rained.

{name}, a {trade} by profession, promised to listen to everybody and to repair the roads before the next winter comes.

The new mayor of {town} follows {former}, who had held the office for many years and did not stand again."""

PATTERNS = [
    [
        RESULTS.format(company=company, up=up, revenue=revenue, quarter=quarter, profit=profit, chief=chief)
        for company, up, revenue, quarter, profit, chief in (
            ("Nordlys Shipping", 6, 412, "first", 37, "Eva Storm"),
            ("Nordlys Shipping", 4, 398, "second", 31, "Eva Storm"),
            ("Brink Foods", 9, 870, "first", 64, "Karl Toft"),
        )
    ],
    [
        CLOSING.format(day=day, index=index, change=change, volume=volume, sector=sector)
        for day, index, change, volume, sector in (
            ("5月6日", 3140.72, 1.16, 11083, "半导体"),
            ("5月7日", 3147.74, 0.22, 9587, "贵金属"),
            ("5月8日", 3128.48, -0.61, 8673, "煤炭"),
        )
    ],
    [
        RAIN.format(city=city, low=low, high=high, wind=wind, sky=sky)
        for city, low, high, wind, sky in (
            ("青石", 8, 14, 3, "阴转多云"),
            ("丹桂", 11, 17, 4, "小雨"),
            ("青石", 7, 12, 3, "小雨"),
        )
    ],
    [
        MAYOR.format(name=name, town=town, trade=trade, former=former)
        for name, town, trade, former in (
            ("Ilse Brandt", "Larn", "teacher", "Ole Falk"),
            ("Per Lund", "Halden", "carpenter", "Siri Moe"),
        )
    ],
]


def copies(text: str) -> list[str]:
    """What papers make of an agency's text."""
    paragraphs = text.split("\n\n")
    chinese = "，" in text
    more = "本报将继续关注事件进展，欢迎读者提供线索。" if chinese else "Our paper goes on reporting about it tomorrow."
    start = "本报讯（记者 高远）" if chinese else "LARN (North Wire) - "
    return [
        text,
        "\n\n".join(paragraphs[: (len(paragraphs) + 1) // 2]),
        f"{text}\n\n{more}",
        start + text,
        text.replace("，", ",").replace("“", '"'),
        "\n\n".join([*paragraphs[: (len(paragraphs) + 1) // 2], more]),
    ]


ORIGINALS = [FERRY, TRAM, *(texts[0] for texts in PATTERNS)]


@pytest.mark.parametrize("text", ORIGINALS)
def test_copies_of_a_text_are_found(text: str) -> None:
    """Cut to half, with a paragraph more, with another dateline or other marks."""
    index = Texts()
    index.add("story", "en", "2024-05-06", signature(text))
    for copy in copies(text):
        assert ["story"] == index.near("en", "2024-05-07", signature(copy))
        assert same_text(text, copy)


@pytest.mark.parametrize("texts", PATTERNS)
def test_texts_of_one_pattern_stay_apart(texts: list[str]) -> None:
    """Of two quarters, companies, days and cities: nine tenths of the words are the same, and they are news each."""
    assert [] == [pair for pair in combinations(texts, 2) if same_text(*pair)]


def test_strangers_are_not_even_compared() -> None:
    """The index leads to likely copies only, and only to those of about the day."""
    index = Texts()
    for number, text in enumerate(ORIGINALS):
        index.add(str(number), "en", "2024-05-06", signature(text))
    assert ["0"] == index.near("en", "2024-05-06", signature(FERRY))
    assert [] == index.near("en", "2024-05-10", signature(FERRY))
    assert [] == index.near("zh", "2024-05-06", signature(FERRY))


def test_a_note_of_a_sentence_is_like_nothing() -> None:
    """Too short to be told from another."""
    assert b"" == signature("The town hall stays closed on Monday.")
    assert not same_text("The town hall stays closed on Monday.", "The town hall stays closed on Monday.")
