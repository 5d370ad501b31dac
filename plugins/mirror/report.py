"""What a pull did: counted as it goes, shown on the terminal, and written down for programs."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

OUTCOMES = {
    "new": "new",
    "updated": "updated",
    "merged": "merged",
    "unchanged": "unchanged",
    "conflict": "conflicts",
    "duplicate": "duplicates",
    "withdrawn": "withdrawn here",
    "deleted": "deleted here",
    "no article": "no article",
    "robots": "skipped by robots",
    "gone": "gone",
    "limit": "over the limit",
    "refused": "refused",
    "failed": "failed",
}
"""What can become of an address, file or story, and how the summary calls it; in this order."""


@dataclass(frozen=True, slots=True)
class Line:
    """What became of one address, file or story.

    Attributes:
        outcome: a key of `OUTCOMES`.
        name: the address or file it came from.
        path: the file of content/ that it is about; empty when there is none.
        title: of the story; empty when there is none.
        why: a sentence; empty when the outcome says it all.
    """

    outcome: str
    name: str
    path: str = ""
    title: str = ""
    why: str = ""


@dataclass
class Report:
    """The lines of one pull, and their numbers.

    Attributes:
        keep: whether the lines are wanted, for a file; their numbers are counted in any case.
    """

    keep: bool = False
    counts: Counter[str] = field(default_factory=Counter)
    lines: list[Line] = field(default_factory=list)
    warnings: int = 0

    def add(self, line: Line) -> None:
        self.counts[line.outcome] += 1
        if self.keep:
            self.lines.append(line)

    def summary(self) -> str:
        """One line: ``3 new, 1 updated, 20 unchanged, 2 failed``."""
        parts = [f"{self.counts[key]} {words}" for key, words in OUTCOMES.items() if self.counts[key]]
        return ", ".join(parts) or "nothing found"

    def write(self, path: Path, started: datetime, problems: Iterable[str]) -> None:
        """Write the report as JSON: ``started``, ``counts``, ``lines``, ``problems``."""
        data = {
            "started": started.isoformat(timespec="seconds"),
            "counts": {words: self.counts[key] for key, words in OUTCOMES.items()},
            "lines": [
                {name: getattr(line, name) for name in line.__slots__ if getattr(line, name)} for line in self.lines
            ],
            "problems": list(problems),
        }
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n")


class Bar:
    """A bar at the foot of the terminal that says how far a pull is; nothing where no one looks (pipes, CI)."""

    def __init__(self, report: Report):
        self.report = report
        console = Console(stderr=True)
        self._progress = Progress(
            SpinnerColumn(),
            TimeElapsedColumn(),
            BarColumn(20),
            MofNCompleteColumn(),
            TextColumn("{task.description}", markup=False),
            console=console,
            transient=True,
            disable=not console.is_terminal,
            redirect_stdout=sys.stdout.isatty(),
        )
        self._task = self._progress.add_task("", total=None)

    def __enter__(self) -> Bar:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def expect(self, more: int) -> None:
        """Say that *more* files or addresses wait."""
        total = (self._progress.tasks[0].total or 0) + more
        self._progress.update(self._task, total=total)

    def show(self, name: str) -> None:
        """Say that *name* is done."""
        self._progress.update(self._task, advance=1, description=f"{self.report.summary()} · {name[-50:]}")
