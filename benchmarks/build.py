"""How long builds take, ours and others' in turn: ``invoke bench --versions 10000 --hugo PATH --pelican PYTHON``.

All build the same newspaper (benchmarks/newspaper.py). Each build is a process of its own, as an editor or a build
server starts it, and each job is done by one program after the other, so that whatever else the machine does counts for
all. Hugo knows no incremental build: it does the same work for every job.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from statistics import median

from benchmarks.latency import measure_latency
from benchmarks.newspaper import DUIKAI, Story, write_newspaper
from benchmarks.process import measure
from benchmarks.report import describe, save, write_docs
from benchmarks.rival import HUGO, PELICAN

ROOT = Path(__file__).resolve().parent.parent
RENAMED = "markets"
"""The section that gets another name."""


@dataclass(frozen=True)
class Contender:
    """A site generator with its copy of the newspaper.

    Attributes:
        name: as in the results: duikai, hugo or pelican.
        version: of the program.
        command: that builds; run in *folder*.
        output, cache: what a clean build does not have.
        story: file of the story that is edited.
        names: file with the name of the section that is renamed, in quotes; None where that is in every story.
    """

    name: str
    version: str
    command: Sequence[str]
    folder: Path
    output: Path
    cache: Path
    story: Path
    names: Path | None


@dataclass(frozen=True)
class Figures:
    """One build.

    Attributes:
        wall, processor, rss, pss: as in process.Measurement.
        pages: HTML files in the output.
        page_bytes: of those.
        written: HTML files that the build wrote.
        bytes: of all files in the output.
    """

    wall: float
    processor: float | None
    rss: int | None
    pss: int | None
    pages: int
    page_bytes: int
    written: int
    bytes: int


def start_clean(contender: Contender, turn: int) -> None:
    """Nothing of an earlier build is there; it is moved away.

    It is not removed: for minutes after many files were removed, ext4 searches long for the place of each new one, and
    that would be all that is measured.
    """
    for folder in (contender.output, contender.cache):
        if folder.exists():
            folder.rename(folder.with_name(f"{folder.name}-before-{turn}"))


def change_nothing(_: Contender, __: int) -> None:
    """The site is as the last build left it."""


def edit_body(contender: Contender, turn: int) -> None:
    """The newest story gets one more sentence."""
    _replace(contender.story, r"\Z", f"\nThe desk added this sentence in edit {turn}.\n")


def edit_title(contender: Contender, turn: int) -> None:
    """Its title gets one more word, which all lists with that story show."""
    _replace(contender.story, r'(?im)^(title: "?)', rf"\g<1>Update {turn}: ")


def rename_section(contender: Contender, turn: int) -> None:
    """A section gets another name in English, which its lists and stories show."""
    if contender.names:
        _replace(contender.names, '"Markets[^"]*"', f'"Markets {turn}"')


def _replace(file: Path, pattern: str, by: str) -> None:
    file.write_bytes(re.sub(pattern, by, file.read_text("utf-8"), count=1).encode())


JOBS: dict[str, Callable[[Contender, int], None]] = {
    "clean": start_clean,
    "nothing changed": change_nothing,
    "one body edited": edit_body,
    "one title edited": edit_title,
    "one section renamed": rename_section,
}
"""What is done to a site before it is built, in this order."""


def set_up(folder: Path, versions: int, hugo: str, pelican: str) -> list[Contender]:
    """Write the newspaper for each program that is there."""
    contenders = []
    for name, form, program in (
        ("duikai", DUIKAI, sys.executable),
        ("hugo", HUGO, hugo),
        ("pelican", PELICAN, pelican),
    ):
        if not program:
            continue
        site = folder / name
        content = site / "content" if name == "duikai" else site
        story = newest(write_newspaper(content, versions, form=form))
        contenders.append(_contender(name, program, site, content / form.stories / "en" / f"{story.key}.md"))
    return contenders


def newest(stories: Sequence[Story]) -> Story:
    """The last story that is in both languages: what editors are most likely to change."""
    return next(story for story in reversed(stories) if len(story.titles) == 2)


def _contender(name: str, program: str, site: Path, story: Path) -> Contender:
    if name == "hugo":
        names = site / "content" / "en" / "categories" / RENAMED / "_index.md"
        told = subprocess.run([program, "version"], capture_output=True, text=True, check=True).stdout
        number = re.search(r"v(\d+\.\d+\.\d+)", told)
        return Contender(
            *(name, number[1] if number else told.strip(), [program, "--quiet"], site, site / "public"),
            *(site / "resources", story, names if names.exists() else None),
        )
    if name == "pelican":
        command = [program, "-m", "pelican", "-s", "settings.py", "--quiet"]
        told = subprocess.run([program, "-m", "pelican", "--version"], capture_output=True, text=True, check=True)
        return Contender(name, told.stdout.strip(), command, site, site / "public", site / "cache", story, None)
    content, output, cache = site / "content", site / "output", site / "cache"
    command = [program, "-m", "pelican", str(content), "-s", "pelicanconf.py", "-o", str(output)]
    command += ["--fatal", "warnings", "-e", f'CACHE_PATH="{cache.as_posix()}"']
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    return Contender(name, version, command, ROOT, output, cache, story, content / "taxonomy.yaml")


def run_jobs(contenders: Sequence[Contender], repeat: int) -> Iterator[tuple[str, str, Figures]]:
    """Do every job with every contender, *repeat* times; yields job, contender and what it took.

    All turns of a job before the next one: the last job removes files, which would make the next clean build slower.
    """
    for job, prepare in JOBS.items():
        for turn in range(1, repeat + 1):
            for contender in contenders:
                if prepare is rename_section and contender.names is None:
                    continue
                prepare(contender, turn)
                yield job, contender.name, _build(contender)


def _build(contender: Contender) -> Figures:
    # What is still to be written to the disk from before is not this build's.
    getattr(os, "sync", lambda: None)()
    # Times of files come from a clock that may be some milliseconds behind.
    since = time.time_ns() - 20_000_000
    took = measure(contender.command, contender.folder)
    return Figures(**asdict(took), **_look_at(contender.output, since))


def _look_at(output: Path, since: int) -> dict[str, int]:
    found = {"pages": 0, "page_bytes": 0, "written": 0, "bytes": 0}
    folders = [str(output)]
    while folders:
        with os.scandir(folders.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)
                    continue
                status = entry.stat()
                found["bytes"] += status.st_size
                if entry.name.endswith(".html"):
                    found["pages"] += 1
                    found["page_bytes"] += status.st_size
                    found["written"] += status.st_mtime_ns >= since
    return found


def _middle(figures: Sequence[Figures]) -> dict[str, object]:
    """The median of each figure, and all times on the clock."""
    middle: dict[str, object] = {}
    for name in asdict(figures[0]):
        values = [getattr(one, name) for one in figures]
        middle[name] = None if None in values else round(median(values), 3)
    return middle | {"walls": [round(one.wall, 3) for one in figures]}


def main(arguments: Sequence[str]) -> None:
    """Measure, print, and keep the results where asked to."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.build", description=__doc__)
    parser.add_argument("--versions", type=int, default=2000, help="story files in both languages together")
    parser.add_argument("--hugo", default="", help="the program; without it Hugo is not measured")
    parser.add_argument("--pelican", default="", help="a Python that has pelican[markdown]; without it not measured")
    parser.add_argument("--repeat", type=int, default=1, help="times; medians are kept")
    parser.add_argument("--builds", action=argparse.BooleanOptionalAction, default=True, help="measure builds")
    parser.add_argument("--latency", action="store_true", help="measure the preview, too")
    parser.add_argument("--save", action="store_true", help="keep the results in docs/performance.json")
    parser.add_argument("--write-docs", action="store_true", help="bring docs/performance.md up to date with that file")
    options = parser.parse_args(arguments)
    measured: list[Callable[[Path], dict[str, object]]] = []
    if options.builds:
        measured.append(lambda folder: measure_builds(folder, options))
    if options.latency:
        measured.append(lambda folder: {"latency": measure_latency(ROOT, folder / "preview", options.versions)})
    for part in measured:
        with tempfile.TemporaryDirectory(prefix="duikai-bench-") as folder:
            result = {"versions": options.versions, **part(Path(folder))}
            # Now, because the folder takes its time to go, and what comes next may fail.
            print(describe(result), flush=True)
            if options.save:
                save(ROOT, result)
    if options.write_docs:
        write_docs(ROOT)


def measure_builds(folder: Path, options: argparse.Namespace) -> dict[str, object]:
    """Results of all jobs, with what they were measured on."""
    # How busy the machine was with other things.
    load = round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None
    contenders = set_up(folder, options.versions, options.hugo, options.pelican)
    taken: dict[str, dict[str, list[Figures]]] = {}
    for job, name, figures in run_jobs(contenders, options.repeat):
        print(f"{name:8} {job:20} {figures.wall:8.2f} s {figures.pages:7} pages", flush=True)
        taken.setdefault(job, {}).setdefault(name, []).append(figures)
    return {
        "date": date.today().isoformat(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "system": platform.system(),
        "load": load,
        "programs": {"python": platform.python_version(), **{one.name: one.version for one in contenders}},
        "repeat": options.repeat,
        "jobs": {job: {name: _middle(all_) for name, all_ in by.items()} for job, by in taken.items()},
    }


if __name__ == "__main__":
    main(sys.argv[1:])
