"""How long builds take, as ratios of one run: ``invoke bench --versions 2000``.

Stories are made from those of content/, in both languages, spread over sections, months and tags. Each build is a
process of its own, as an editor or a build server starts it.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import yaml

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


def measure(versions: int) -> dict[str, float]:
    """Seconds of a clean build, of one in which nothing changed, and of one after an edit."""
    with tempfile.TemporaryDirectory(prefix="duikai-bench-") as folder:
        content, output = Path(folder) / "content", Path(folder) / "output"
        first = write_stories(content, versions)

        def edit() -> None:
            first.write_text(first.read_text(encoding="utf-8") + "\nOne more sentence.\n", encoding="utf-8")

        figures = {}
        for name, before in (("clean", None), ("nothing changed", None), ("one body edited", edit)):
            if before is not None:
                before()
            figures[name] = _build(content, output, Path(folder) / "cache")
        return figures


def _build(content: Path, output: Path, cache: Path) -> float:
    command = [sys.executable, "-m", "pelican", str(content), "-s", "pelicanconf.py", "-o", str(output)]
    command += ["--fatal", "warnings", "-e", f'CACHE_PATH="{cache.as_posix()}"']
    started = time.perf_counter()
    if subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, check=False).returncode:
        raise SystemExit("The build failed; its problems stand above.")
    return time.perf_counter() - started


def main(arguments: list[str]) -> None:
    """Print the figures of one run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--versions", type=int, default=2000, help="stories in both languages together")
    versions = parser.parse_args(arguments).versions
    figures = measure(versions)
    for name, seconds in figures.items():
        ratio = seconds / figures["clean"]
        print(f"{name:16} {seconds:7.2f} s  {1000 * seconds / versions:6.2f} ms a version  {ratio:5.2f} × clean")


if __name__ == "__main__":
    main(sys.argv[1:])
