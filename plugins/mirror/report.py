"""What a pull did: counted as it goes, shown on the terminal, and written down for programs."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from plugins.problems import Problem

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
        counted = [(self.counts[key], key, words) for key, words in OUTCOMES.items() if self.counts[key]]
        parts = [f"{count} {key if count == 1 and words == f'{key}s' else words}" for count, key, words in counted]
        return ", ".join(parts) or "nothing found"

    def write(self, path: Path, started: datetime, problems: Iterable[Problem], interrupted: bool = False) -> None:
        """Write the report as JSON, whole or not at all; docs/mirroring.md explains its fields.

        Raises: OSError.
        """
        data = {
            "started": started.isoformat(timespec="seconds"),
            "interrupted": interrupted,
            "counts": {words: self.counts[key] for key, words in OUTCOMES.items()},
            "lines": [
                {name: getattr(line, name) for name in line.__slots__ if getattr(line, name)} for line in self.lines
            ],
            "problems": [asdict(problem) for problem in sorted(set(problems))],
        }
        text = json.dumps(data, ensure_ascii=False, indent=1) + "\n"
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.part")
        draft.write_text(text, encoding="utf-8", errors="backslashreplace", newline="\n")
        draft.replace(path)


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
        self._expected: int | None = 0

    def __enter__(self) -> Bar:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def expect(self, more: int | None) -> None:
        """Say that *more* files wait; None: that nobody knows how much there is."""
        self._expected = None if more is None or self._expected is None else self._expected + more
        # A bar shows a total that is unknown as one that moves.
        self._progress.tasks[0].total = self._expected

    def done(self) -> None:
        """Say that one more file or address is read."""
        self._progress.advance(self._task)

    def show(self, name: str) -> None:
        """Say what became of everything so far, *name* the last."""
        self._progress.update(self._task, description=f"{self.report.summary()} · {name[-50:]}")
