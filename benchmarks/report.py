"""Results as text, as JSON, and as the tables and plots of docs/performance.md."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from html import escape
from pathlib import Path

NAMES = {"duikai": "Duikai", "hugo": "Hugo", "pelican": "Pelican"}
COLOURS = {"duikai": "#c8102e", "hugo": "#5b7f95", "pelican": "#b9b09a"}

Result = Mapping[str, object]
"""Of one size of newspaper, ``versions``.

Of builds: ``date``, ``cores``, ``load``, ``system``, ``programs``, ``repeat`` and ``jobs`` (job → contender →
medians of build.Figures); of the preview: ``latency`` (kind of edit → seconds)."""


def save(root: Path, result: Result) -> None:
    """Keep *result* in docs/performance.json, in the place of an older one of the same size."""
    file = root / "docs" / "performance.json"
    kept = {one["versions"]: one for one in _results(root)}
    kept[result["versions"]] = {**kept.get(result["versions"], {}), **result}
    ordered = [kept[versions] for versions in sorted(kept)]
    file.write_text(json.dumps(ordered, indent=1, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")


def write_docs(root: Path) -> None:
    """Write the plots, and the parts of docs/performance.md between ``<!-- begin … -->`` and ``<!-- end … -->``."""
    results = _results(root)
    built = [one for one in results if "jobs" in one]
    page = root / "docs" / "performance.md"
    images = root / "docs" / "images"
    images.mkdir(exist_ok=True)
    text = page.read_text("utf-8")
    plots = []
    for result in built:
        name = f"builds-{result['versions']}.svg"
        _write(images / name, plot_walls(result))
        alt = f"Seconds of each build at {result['versions']:,} versions; the table below has the figures"
        plots.append(f"![{alt}](images/{name})\n\n{builds_table(result)}")
    if built:
        _write(images / "memory.svg", plot_memory(built))
    text = _between(text, "builds", "\n\n".join(plots))
    memory = "![Peak memory of clean builds; the tables above have the figures](images/memory.svg)" if built else ""
    text = _between(text, "memory", "\n\n".join(filter(None, [memory, growth_table(built)])))
    text = _between(text, "preview", latency_table([one for one in results if "latency" in one]))
    _write(page, text)


def _results(root: Path) -> list[dict]:
    file = root / "docs" / "performance.json"
    return json.loads(file.read_text("utf-8")) if file.exists() else []


def _write(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8", newline="\n")


def _between(text: str, name: str, generated: str) -> str:
    begin, end = f"<!-- begin {name}: written by invoke bench -->", f"<!-- end {name} -->"
    pattern = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    if not pattern.search(text):
        raise SystemExit(f"docs/performance.md has no place for {name}: it needs the lines {begin} and {end}.")
    return pattern.sub(lambda _: f"{begin}\n\n{generated}\n\n{end}" if generated else f"{begin}\n{end}", text)


def describe(result: Result) -> str:
    """The results for a terminal."""
    parts = []
    if "jobs" in result:
        parts.append(builds_table(result))
    if "latency" in result:
        parts.append(latency_table([result]))
    return "\n\n".join(parts)


def builds_table(result) -> str:
    """All builds of one size, with ratios to Hugo's of the same job."""
    programs = result["programs"]
    shown = ", ".join(f"{NAMES.get(name, name.capitalize())} {version}" for name, version in programs.items())
    runs = "one run" if result["repeat"] == 1 else f"medians of {result['repeat']} runs"
    load = "" if result.get("load") is None else f" (load before: {result['load']})"
    measured_on = f"{result['cores']} cores{load}, {result['system']}, {runs}, {result['date']}: {shown}"
    columns = ["build", "program", "seconds", "× Hugo", "a page, × Hugo", "processors", "PSS", "RSS", "pages"]
    columns += ["written", "MB"]
    rows = [
        f"{result['versions']:,} versions; {measured_on}.",
        "",
        f"| {' | '.join(columns)} |",
        "|---|---|" + "--:|" * (len(columns) - 2),
    ]
    for job, taken in result["jobs"].items():
        hugo = taken.get("hugo")
        for name, figures in taken.items():
            ratio = a_page = "–"
            if hugo and name != "hugo":
                ratio = f"{figures['wall'] / hugo['wall']:.2f}"
                a_page = f"{figures['wall'] / figures['pages'] / (hugo['wall'] / hugo['pages']):.2f}"
            cells = [
                *(job, NAMES[name], _seconds(figures["wall"]), ratio, a_page, _seconds(figures["processor"])),
                *(_megabytes(figures["pss"]), _megabytes(figures["rss"])),
                *(f"{figures['pages']:,.0f}", f"{figures['written']:,.0f}", f"{figures['bytes'] / 1e6:,.0f}"),
            ]
            rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def growth_table(results) -> str:
    """What a larger newspaper costs, clean: the largest size beside the one before."""
    if len(results) < 2:
        return ""
    small, large = results[-2:]
    rows = [
        f"| from {small['versions']:,} to {large['versions']:,} versions | time | memory (PSS) |",
        "|---|--:|--:|",
    ]
    for name, after in large["jobs"]["clean"].items():
        before = small["jobs"]["clean"].get(name)
        if before:
            memory = f"{after['pss'] / before['pss']:.1f} ×" if after["pss"] and before["pss"] else "–"
            rows.append(f"| {NAMES[name]} | {after['wall'] / before['wall']:.1f} × | {memory} |")
    return "\n".join(rows)


def latency_table(results) -> str:
    """From saving to the new bytes, for each kind of edit and size."""
    if not results:
        return ""
    rows = ["| versions | edit | median | worst |", "|--:|---|--:|--:|"]
    for result in results:
        for kind, taken in result["latency"].items():
            median, worst = (f"{1000 * taken[name]:.0f} ms" for name in ("median", "worst"))
            rows.append(f"| {result['versions']:,} | {kind}, {taken['edits']} times | {median} | {worst} |")
    return "\n".join(rows)


def _seconds(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f} s"


def _megabytes(value: float | None) -> str:
    return "–" if value is None else f"{value / 1e6:,.0f} MB"


def plot_walls(result) -> str:
    """Seconds of each job, a bar for each program."""
    groups = {job: {name: one["wall"] for name, one in taken.items()} for job, taken in result["jobs"].items()}
    return bar_chart(f"Seconds to build {result['versions']:,} versions", groups, "{:.1f} s")


def plot_memory(results) -> str:
    """Peak memory of clean builds, a group for each size."""
    groups = {
        f"{result['versions']:,} versions": {
            name: one["pss"] / 1e6 for name, one in result["jobs"]["clean"].items() if one["pss"] is not None
        }
        for result in results
    }
    return bar_chart("Peak memory of a clean build, all processes", groups, "{:,.0f} MB")


STYLE = """
text { font: 13px system-ui, sans-serif; fill: #1b1b1b }
.title { font-weight: 600; font-size: 15px }
.number { font-variant-numeric: tabular-nums }
.paper { fill: #fff } .axis { stroke: #767676 }
@media (prefers-color-scheme: dark) { text { fill: #e8e8e8 } .paper { fill: #161616 } }
"""


def bar_chart(title: str, groups: Mapping[str, Mapping[str, float]], unit: str) -> str:
    """A drawing of horizontal bars, as SVG.

    Args:
        title: what the bars mean.
        groups: label → contender → length; contenders as in NAMES.
        unit: format of the number at a bar's end.
    """
    left, width, thick, gap, top = 165, 430, 18, 14, 64
    longest = max((value for bars in groups.values() for value in bars.values()), default=0) or 1
    parts, y = [], top
    for label, bars in groups.items():
        middle = y + len(bars) * thick / 2 + 5
        parts.append(f'<text x="{left - 10}" y="{middle:g}" text-anchor="end">{escape(label)}</text>')
        for name, value in bars.items():
            length, colour = max(1.0, width * value / longest), COLOURS[name]
            parts.append(f'<rect x="{left}" y="{y + 1}" width="{length:.1f}" height="{thick - 3}" fill="{colour}"/>')
            number = unit.format(value)
            parts.append(f'<text class="number" x="{left + length + 6:.1f}" y="{y + 13}">{number}</text>')
            y += thick
        y += gap
    present = [name for name in NAMES if any(name in bars for bars in groups.values())]
    for at, name in enumerate(present):
        x = left + 110 * at
        parts.append(f'<rect x="{x}" y="36" width="12" height="12" fill="{COLOURS[name]}"/>')
        parts.append(f'<text x="{x + 18}" y="47">{NAMES[name]}</text>')
    full = left + width + 90
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{full}" height="{y}" viewBox="0 0 {full} {y}" role="img">',
            f"<title>{escape(title)}</title><style>{STYLE}</style>",
            f'<rect class="paper" width="{full}" height="{y}"/>',
            f'<text class="title" x="16" y="22">{escape(title)}</text>',
            *parts,
            f'<path class="axis" d="M{left} {top - 4}V{y - gap + 4}"/>',
            "</svg>\n",
        ]
    )
