"""Articles for the tests of what the mirror keeps."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from plugins.mirror.article import Article, Source
from plugins.mirror.keep.library import Rights

FULL = Rights("full", True)
MONDAY = datetime(2024, 5, 6, 2, 33, tzinfo=UTC)
TUESDAY = datetime(2024, 5, 7, 2, 33, tzinfo=UTC)

FERRY = """\
The old ferry of Larn left its pier for the last time on Sunday, with two hundred people and a brass band on board.

The council had voted in March to sell the boat, which needs a new engine and costs the town 1.2 million crowns a year.

“My grandfather was its first captain,” said Ilse Brandt, who stood at the rail until the harbour lights were gone.

A bus will take the eleven kilometres around the bay instead, every half an hour, and twice as often in summer.

## What comes next

The boat goes to a shipyard in the north, where it will become a floating library with four thousand books."""

TRAM = """\
丹桂市第三条有轨电车线路周日清晨开通，首班车上坐了一百八十名乘客，其中不少人凌晨四点就在站台排队。

线路全长十六公里，设二十一座车站，连接老城码头与高新园区，总投资四十六亿元，工期比原计划多用了七个月。

市交通局说，工作日高峰每五分钟一班，票价两元，换乘公交不再另外收费，学生和老人可以免费乘坐。

沿线商户对客流有期待，也有人担心路口等候时间变长，交管部门承诺一个月内调整信号灯配时。"""


def article(number: int = 1, lang: str = "en", **changes: object) -> Article:
    """An article of a page; *changes* are its fields, ``url`` the address it was read from."""
    url = str(changes.pop("url", f"https://post.example/{lang}/{number}.html"))
    made = Article(
        title="The last ferry leaves Larn" if lang == "en" else "丹桂市第三条有轨电车开通",
        lang=lang,
        line=0,
        blocks=(),
        date="2024-05-05T18:20",
        authors=("Ada Holm",) if lang == "en" else ("林小舟",),
        source=Source("The Larn Post" if lang == "en" else "丹桂日报", url),
        category="markets",
        tags=("ferry", "harbour") if lang == "en" else ("有轨电车",),
        summary="The last ferry has left." if lang == "en" else "三号线开通。",
        body=FERRY if lang == "en" else TRAM,
        canonical=url,
    )
    return replace(made, **changes)


def snapshot(into: Path) -> dict[str, tuple[bytes, int]]:
    """Every file below a folder: its bytes and when it was changed."""
    return {
        path.relative_to(into).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in sorted(into.rglob("*"))
        if path.is_file()
    }
