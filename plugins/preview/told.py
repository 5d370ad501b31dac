"""What went wrong in a template, in code or in a command, as problems."""

from __future__ import annotations

import re
import traceback
from pathlib import Path

from plugins.problems import Problem

_PROBLEM = re.compile(r"(?P<path>\S[^:\n]*?)(?::(?P<line>\d+))?: (?P<what>.+)")
_FRAME = re.compile(r'File "(?P<path>[^"]+)", line (?P<line>\d+)')


def shown_path(file: Path) -> str:
    """*file* as an editor would type it."""
    here = Path.cwd()
    return file.relative_to(here).as_posix() if file.is_relative_to(here) else file.as_posix()


def problem_of(error: Exception, templates: Path) -> Problem:
    """What a template or our own code could not do, with the line that could not.

    Args:
        templates: the folder; compiled ones are told by their name in it.
    """
    frames = traceback.extract_tb((error.__cause__ or error).__traceback__)
    own = [frame for frame in frames if frame.filename.endswith((".html", ".xml", ".txt"))]
    place, line = ((own or frames)[-1].filename, (own or frames)[-1].lineno or 0) if frames else ("", 0)
    file = templates / place if own else Path(place)
    return Problem(shown_path(file), line, f"{type(error).__name__}: {error}.", "Mend it and save.")


def problems_in(text: str) -> list[Problem]:
    """The problems that a command has reported, or where it failed without a report."""
    lines = text.strip().splitlines() or ["The command failed and said nothing."]
    headline = next((at for at, line in enumerate(lines) if re.match(r"\d+ problems? in ", line)), None)
    if headline is not None:
        found = [match for line in lines[headline + 1 :] if (match := _PROBLEM.fullmatch(line))]
        return [Problem(one["path"], int(one["line"] or 0), one["what"], "") for one in found]
    frame = (_FRAME.findall(text) or [("", "0")])[-1]
    return [Problem(frame[0] or "the build", int(frame[1]), lines[-1], "Mend it and save.")]
