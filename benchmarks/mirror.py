"""Measure how quickly saved pages become Markdown: ``python benchmarks/mirror.py --pages 1000``.

Ratios are taken in one run: trafilatura alone, in one process, on the same pages, is 1.
"""

from __future__ import annotations

import argparse
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from itertools import cycle, islice
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

ALONE = """
import sys
from pathlib import Path
import trafilatura
for page in sorted(Path(sys.argv[1]).iterdir()):
    trafilatura.extract(page.read_bytes(), output_format="markdown", with_metadata=True, include_comments=False)
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--filler", type=int, default=60_000, help="bytes of menus and scripts added to each page")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="duikai-bench-") as folder:
        pages = Path(folder) / "pages"
        write_pages(pages, arguments.pages, arguments.filler)
        size = sum(page.stat().st_size for page in pages.iterdir()) / arguments.pages
        print(f"{arguments.pages} pages of {size / 1000:.0f} KB")
        pull = [
            sys.executable,
            "-m",
            "plugins.mirror",
            "pull",
            str(pages),
            "--into",
            f"{folder}/content",
            "--rights",
            "full",
        ]
        alone = timed("trafilatura alone", [sys.executable, "-c", ALONE, str(pages)], None)
        timed("pull, all new", pull, alone)
        timed("pull, all unchanged", pull, alone)


def write_pages(folder: Path, count: int, filler: int) -> None:
    """Write *count* pages of tests/saved_pages, each as heavy as real ones are and each a story of its own."""
    from tests.saved_pages.make import make_pages

    folder.mkdir(parents=True)
    weight = f"<script>var pad='{'x' * (filler // 2)}';</script><ul>"
    weight += "".join(f'<li><a href="/s{at}/">{at}</a></li>' for at in range(filler // 60)) + "</ul></body>"
    for at, page in enumerate(islice(cycle(make_pages()), count)):
        text = page.data.decode(page.encoding, "replace")
        text = LONG_TEXT.sub(lambda found, at=at: shuffled(found[0], at), text).replace("</body>", weight)
        (folder / f"{at:05}.html").write_bytes(text.encode(page.encoding, "replace"))


LONG_TEXT = re.compile(r"(?<=>)[^<>{}]{20,}(?=<)")
"""Sentences between tags; what is shorter is a label, a name or a date and stays."""


def shuffled(text: str, seed: int) -> str:
    """The same words, or the same Chinese characters between marks, in another order."""
    words = re.findall(r"[\u4e00-\u9fff]|[A-Za-z]+", text)
    random.Random(seed).shuffle(words)
    others = iter(words)
    return re.sub(r"[\u4e00-\u9fff]|[A-Za-z]+", lambda _: next(others), text)


def timed(name: str, command: list[str], alone: tuple[float, float] | None) -> tuple[float, float]:
    """Run *command*, print what it took as ratios to *alone*, and return its seconds: on the clock, of processors."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    clock = time.perf_counter() - started
    busy = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    clock_1, busy_1 = alone or (clock, busy)
    last = " ".join(done.stderr.decode().strip().splitlines()[-1:]) if alone else ""
    print(
        f"{name:20} clock {clock / clock_1:.2f} × ({clock:.1f} s), processors {busy / busy_1:.2f} × ({busy:.1f} s), "
        f"largest process so far {after.ru_maxrss / 1024:.0f} MB  {last[:80]}",
        flush=True,
    )
    return clock, busy


if __name__ == "__main__":
    main()
