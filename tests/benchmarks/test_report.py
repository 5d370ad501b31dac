"""The page about performance says what the results say."""

from __future__ import annotations

import shutil
from pathlib import Path
from xml.etree import ElementTree

from conftest import ROOT

from benchmarks.report import bar_chart, write_docs


def test_no_figure_is_typed_by_hand(tmp_path: Path) -> None:
    """What is written from docs/performance.json is what stands in docs/performance.md and in its plots."""
    (tmp_path / "docs").mkdir()
    for name in ("performance.json", "performance.md"):
        shutil.copy(ROOT / "docs" / name, tmp_path / "docs")
    write_docs(tmp_path)
    for file in sorted((tmp_path / "docs").rglob("*.*")):
        assert (ROOT / file.relative_to(tmp_path)).read_bytes() == file.read_bytes(), file.name


def test_a_plot_has_a_bar_for_each_program() -> None:
    """Bars are as long as their values, and each has its number."""
    drawing = ElementTree.fromstring(bar_chart("Seconds", {"clean": {"duikai": 2.0, "hugo": 4.0}}, "{:.1f} s"))
    bars = [one for one in drawing.iter("{http://www.w3.org/2000/svg}rect") if one.get("height") == "15"]
    numbers = [one.text for one in drawing.iter("{http://www.w3.org/2000/svg}text")]
    lengths = [float(str(bar.get("width"))) for bar in bars]
    assert [0.5, 1.0] == [length / max(lengths) for length in lengths]
    assert {"2.0 s", "4.0 s"} <= set(numbers)
