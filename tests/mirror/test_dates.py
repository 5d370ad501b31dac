"""The day of an article, from what its text looks back on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from plugins.mirror.article import Article, Block
from plugins.mirror.text.dates import date_article, date_from_neighbours

NOW = date(2024, 12, 31)


def article(text: str, lang: str = "zh", title: str = "标题", day: str = "") -> Article:
    return Article(title, lang, 1, tuple(Block(part) for part in text.split("\n")), day=day)


def dated(*articles: Article) -> list[str | None]:
    return [found.date for found in date_from_neighbours([date_article(one, NOW) for one in articles], NOW)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # as of a day, and the latest of several
        ("2024年1月31日公布。截至2月2日，水位下降。", "2024-02-02"),
        # what lies ahead does not count
        ("2024年1月24日，船厂决定2月5日复工。", "2024-01-24"),
        ("2024年3月1日发布的办法自2024年6月1日起施行。", "2024-03-01"),
        ("门票于2024年1月30日至2月9日在窗口出售。", "2024-01-30"),
        # the balance sheet day is old by the time it is told
        ("截至2023年12月31日，库存下降。截至2月2日，渡口封航。", "2024-02-02"),
        # the year follows from what is told of it
        ("截至2月2日，船厂已交2023年四季度账目。", "2024-02-02"),
        ("截至1月26日，2024年开年以来渡轮未停。", "2024-01-26"),
        ("2月5日，水位回落。预计2024年少雨，2025年仍少雨。", "2024-02-05"),
        # what is done for a year is done in it, and what is promised by a year says nothing
        ("船厂要做好2024年年检。\n6月5日，两县发布公告。", "2024-06-05"),
        ("3月5日获悉，到2027年，渡轮较2023年12月多一倍。", "2024-03-05"),
        # a coming day is not the day of the text
        ("渡轮12日宣布，新船定档2024年3月28日。", None),
        # no later than today
        ("2月5日，市场回落。2025年开局不利。", None),
        # nothing to go by
        ("2月5日，市场回落。", None),
        ("市场回落。", None),
    ],
)
def test_a_chinese_text_tells_its_day(text: str, expected: str | None) -> None:
    """The latest day that it reports, in the year that its words allow."""
    assert dated(article(text)) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The ferry came on September 10, and is due back on September 12. At Fair 2023 in May this year,",
            "2023-09-10",
        ),
        ("On Jan. 26 shares fell. One has published the annual report for 2023.", "2024-01-26"),
        ("On the 27th it apologised. In January 2019, a study was released.", "2019-02-27"),
        ("The court ruled on 9 June 2020.", "2020-06-09"),
        ("It will open by May 30, 2024.", None),
    ],
)
def test_an_english_text_tells_its_day(text: str, expected: str | None) -> None:
    """The same rules, other words."""
    assert dated(article(text, "en")) == [expected]


def test_a_dateline_comes_first() -> None:
    """Whatever days the text names."""
    assert dated(article("截至2024年2月9日，市场回落。", day="2024年2月5日")) == ["2024-02-05"]


def test_a_stated_time_is_kept() -> None:
    """It orders the stories of a day."""
    assert dated(article("市场回落。", day="2024-02-05 9:30")) == ["2024-02-05T09:30"]


def test_the_year_comes_from_the_rest_of_the_dump() -> None:
    """The nearest first, and then it is a neighbour itself."""
    known, near, far = (
        article("截至2023年9月10日。"),
        article("10月17日，市场回暖。"),
        article("12月30日，市场回暖。"),
    )
    assert dated(far, known, near) == ["2023-12-30", "2023-09-10", "2023-10-17"]


def test_a_guess_says_what_it_follows_from() -> None:
    """The editor sees the words and can check them."""
    found = date_from_neighbours([date_article(article("截至1月26日，2024年开年以来渡轮未停。"), NOW)], NOW)[0]
    assert found.warnings == (
        "The date 2024-01-26 is a guess: “1月26日” is the latest day that the text reports.",
        "The year 2024 is a guess from “2024年开年以来渡轮未停”.",
    )


def test_the_last_change_is_a_date_of_its_own() -> None:
    """Updated: …"""
    changed = replace(article("2024年1月1日。"), modified="2024-02-06 10:00")
    assert date_article(changed, NOW).modified == "2024-02-06T10:00"
