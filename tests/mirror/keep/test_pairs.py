"""Stories of two languages that may be one: proposed with reasons, joined by an editor only."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from keep_samples import FERRY, FULL, MONDAY, TRAM, article

from plugins.mirror.keep.figures import figures
from plugins.mirror.keep.library import Library
from plugins.mirror.keep.pairs import apply_pairs, propose_pairs

FERRY_ZH = """\
周日，拉恩的老渡轮最后一次离开码头，船上有两百人和一支铜管乐队。

镇议会三月投票决定卖掉这条船。它需要一台新发动机，每年要花镇里120万克朗。

“我的祖父是它的第一任船长，”站在栏杆边的Ilse Brandt说，直到港口的灯光消失她才离开。

今后改由公交车绕海湾行驶十一公里，每半小时一班，夏天加倍。这条船将成为藏书四千册的水上图书馆。"""

TRAM_EN = """\
The third tram line of Dangui opened early on Sunday, and 180 passengers were on the first train.

The line is sixteen kilometres long, has twenty-one stops and cost 4.6 billion yuan, the Dangui transport office said.

A ticket costs two yuan; students and pensioners travel free of charge. Shopkeepers hope for more customers."""

PORT_EN = """\
Container traffic in the port of Qinglan rose 8.4 percent to 312,000 boxes in April, the customs office said on Sunday.

Exports of machinery reached 2.75 billion yuan, while imports of timber fell, said Zhao Mingyuan, who runs it."""

PORT_ZH = """\
海关周日公布，四月青岚港集装箱吞吐量达31.2万箱，同比增长8.4%。

其中机械出口27.5亿元，木材进口有所下降。港务负责人赵明远说，五月的形势仍待观察。"""

RAIN_EN = "It rained in Dangui on Sunday, and 40 streets were under water, the office said. Buses ran late all day."
RAIN_ZH = "周日全市普降中雨，三十条道路积水，公交车晚点。气象部门说，明天天气转好，市民出行请注意安全。"


@pytest.fixture
def into(tmp_path: Path) -> Path:
    """Eight strangers, of which six belong together."""
    folder = tmp_path / "content"
    texts = [
        ("en", "The last ferry leaves Larn", FERRY, "2024-05-05"),
        ("en", "Dangui opens a third tram line", TRAM_EN, "2024-05-06"),
        ("en", "Qinglan port handles more boxes", PORT_EN, "2024-05-05"),
        ("en", "Rain stops buses", RAIN_EN, "2024-05-05"),
        ("zh", "老渡轮告别拉恩", FERRY_ZH, "2024-05-06"),
        ("zh", "丹桂市第三条有轨电车开通", TRAM, "2024-05-05"),
        ("zh", "青岚港四月吞吐量增长", PORT_ZH, "2024-05-05"),
        ("zh", "周日降雨道路积水", RAIN_ZH, "2024-05-05"),
    ]
    with Library(folder) as library:
        for number, (lang, title, body, day) in enumerate(texts):
            library.keep([article(number, lang, title=title, body=body, date=day)], FULL, MONDAY)
    return folder


def entries(into: Path) -> list[dict]:
    return yaml.safe_load((into / ".mirror/pairs.yaml").read_text("utf-8"))["pairs"]


def answer(into: Path, zh: str, word: str) -> None:
    """Write an answer as an editor does."""
    file = into / ".mirror/pairs.yaml"
    before, name, after = file.read_text("utf-8").partition(f"- zh: {zh}")
    assert name
    file.write_text(before + name + after.replace("accept:", f"accept: {word}", 1), "utf-8")


FERRIES = ("zh/2024/05/lao-du-lun-gao-bie-la-en", "en/2024/05/the-last-ferry-leaves-larn")


def test_versions_are_proposed_with_reasons(into: Path) -> None:
    """By figures, names, sounds of names and days; the two that only share a topic are not."""
    path, count = propose_pairs(into)
    found = entries(into)
    assert (into / ".mirror/pairs.yaml", 3) == (path, count)
    assert {("ferry" in one["en"], "tram" in one["en"], "port" in one["en"]) for one in found} == {
        (True, False, False),
        (False, True, False),
        (False, False, True),
    }
    assert FERRIES in {(one["zh"], one["en"]) for one in found}
    (ferry,) = [one for one in found if one["zh"] == FERRIES[0]]
    assert "1,200,000" in ferry["evidence"][1] and "brandt" in ferry["evidence"][2]
    assert all(one["accept"] is None for one in found)


def test_the_same_stories_give_the_same_file(into: Path) -> None:
    """To the byte."""
    propose_pairs(into)
    before = (into / ".mirror/pairs.yaml").read_bytes()
    propose_pairs(into)
    assert before == (into / ".mirror/pairs.yaml").read_bytes()


def test_an_accepted_pair_is_joined(into: Path) -> None:
    """In file and base, so that the next pull finds nothing changed; the entry is done with."""
    propose_pairs(into)
    answer(into, FERRIES[0], "yes")
    assert ([f"{FERRIES[0]}.md"], []) == apply_pairs(into)
    text = (into / f"{FERRIES[0]}.md").read_text("utf-8")
    assert "translation:\n  of: 2024/05/the-last-ferry-leaves-larn\n" in text
    assert text == (into / f".mirror/imported/{FERRIES[0]}.md").read_text("utf-8")
    assert ([], []) == apply_pairs(into)
    assert 2 == propose_pairs(into)[1]
    with Library(into) as library:
        again = article(4, "zh", title="老渡轮告别拉恩", body=FERRY_ZH, date="2024-05-06")
        assert ["unchanged"] == [outcome.kind for outcome in library.keep([again], FULL, MONDAY)]


def test_a_refused_pair_never_comes_back(into: Path) -> None:
    """The answer stays in the file."""
    propose_pairs(into)
    answer(into, FERRIES[0], "no")
    assert ([], []) == apply_pairs(into)
    assert 2 == propose_pairs(into)[1]
    assert [FERRIES] == [(one["zh"], one["en"]) for one in entries(into) if one["accept"] is False]


def test_mistakes_in_answers_have_their_line(into: Path) -> None:
    """Neither joined nor forgotten."""
    propose_pairs(into)
    answer(into, FERRIES[0], "perhaps")
    changed, problems = apply_pairs(into)
    assert [] == changed
    assert ['accept "perhaps" is no answer.'] == [problem.what for problem in problems]
    assert problems[0].line > 3


@pytest.mark.parametrize(
    ("chinese", "english"),
    [
        ("1.2万亿元", "1.2 trillion yuan"),
        ("四十六亿", "4.6 billion"),
        ("31.2万箱", "312,000 boxes"),
        ("增长3.5％", "up 3.5 percent"),
        ("百分之十二点五", "12.5 per cent"),
        (
            "一百八十名",
            "a hundred and eighty",
        ),
        ("二十一座", "twenty-one"),
        ("5月6日", "May 6"),
        ("2024年12月31日", "31 December 2024"),
        ("两千三百人", "2,300 people"),
    ],
)
def test_figures_are_told_in_one_form(chinese: str, english: str) -> None:
    """Whatever the language counts in."""
    assert figures(english, "en") == figures(chinese, "zh") != frozenset()
