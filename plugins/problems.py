"""What is wrong with the input, in words an editor can act on."""

from __future__ import annotations

import difflib
import errno
import signal
import sys
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pelican import signals

if TYPE_CHECKING:
    from pelican.generators import Generator


@dataclass(frozen=True, order=True, slots=True)
class Problem:
    """One mistake in one file.

    Attributes:
        path: the file, as the editor would type it (``content/en/2024/05/chip.md``).
        line: 1-based line; 0 when the problem is the file as a whole.
        what: what is wrong, the words quoted, ending in a full stop.
        fix: what to do about it, a sentence.
    """

    path: str
    line: int
    what: str
    fix: str

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        return f"{place}: {self.what} {self.fix}"


class Stop(SystemExit):
    """The build ends here: exit code 1 and the report on standard error.

    A SystemExit, because Pelican catches every other exception and decorates it with a traceback.
    """


def report(problems: Iterable[Problem], where: str, outcome: str = "nothing was published") -> str:
    """All problems in the order of files and lines, under a headline that counts them.

    Args:
        problems: at least one; duplicates are reported once.
        where: the folder or file they were found in, for the headline.
        outcome: what follows from it, for the headline.
    """
    found = sorted(set(problems))
    count = "1 problem" if len(found) == 1 else f"{len(found)} problems"
    return "\n".join([f"{count} in {where}, {outcome}:", *map(str, found)])


def did_you_mean(word: str, known: Iterable[str], otherwise: str) -> str:
    """A question that offers the nearest known word, or *otherwise* when nothing is near."""
    near = difflib.get_close_matches(word, sorted(known), n=1, cutoff=0.6)
    return f'Did you mean "{near[0]}"?' if near else otherwise


NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@contextmanager
def on_disk(where: str) -> Iterator[None]:
    """Do what reads and writes files.

    Args:
        where: the folder, for files that the system does not name.
    Raises: Stop in the place of an OSError; Pelican would show how we came there, and not what to do.
    """
    try:
        yield
    except OSError as error:
        file = str(error.filename or where)
        what = f"this cannot be read or written ({error.strerror or error})."
        fix = "Make room and build again." if error.errno in NO_ROOM else "Look after it and build again."
        raise Stop(report([Problem(file, 0, what, fix)], where)) from error


def register() -> None:
    signals.all_generators_finalized.connect(stop_on_problems)
    # Only where Pelican is the program: others have their own way to end.
    if "pelican" in Path(sys.argv[0]).parts[-2:] and threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, _stop_on_interrupt)


def _stop_on_interrupt(*_: object) -> None:
    # Pelican warns, and --fatal makes an exception with a traceback of its warning.
    raise Stop("Interrupted: nothing was published.")


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Finish what takes a moment and should not be left half done before an interrupt ends the build."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    caught: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: caught.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if caught:
            signal.raise_signal(signal.SIGINT)


def stop_on_problems(generators: Sequence[Generator]) -> None:
    """End the build before anything is written when any stage has found a problem.

    Raises: Stop with all problems.
    """
    context = generators[0].context
    if context.get("problems"):
        raise Stop(report(context["problems"], f"{Path(generators[0].path).name}/"))
