"""A bar for whoever waits: at a terminal, after a while, and gone when the work is done."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import ROOT, story

from plugins import progress

BUILD = """
import sys
from pelican import Pelican
from pelican.settings import read_settings
from plugins import progress
progress.AFTER = float(sys.argv[4])
progress.EVERY = 0
override = {"PATH": sys.argv[1], "OUTPUT_PATH": sys.argv[2], "CACHE_PATH": sys.argv[3], "WORKERS": 1}
Pelican(read_settings("pelicanconf.py", override=override)).run()
print("rich was imported" if "rich.progress" in sys.modules else "rich was not imported")
"""


@pytest.fixture
def portal(content: Callable[..., Path]) -> Path:
    """Enough stories for a bar."""
    return content(
        "pair",
        {
            f"en/2024/05/k{number}.md": story(f"Number {number}", date="2024-05-02", category="markets")
            for number in range(120)
        },
    )


def build(portal: Path, after: float, terminal: bool, **environment: str) -> tuple[str, str]:
    """Build in a process of its own; what it printed, and what it drew on standard error."""
    folder = portal.parent
    command = [sys.executable, "-c", BUILD, str(portal), str(folder / "output"), str(folder / "cache"), str(after)]
    known = {name: value for name, value in os.environ.items() if name != "CI"}
    known.update({"TERM": "xterm", "COLUMNS": "100", **environment})
    if not terminal:
        done = subprocess.run(command, cwd=ROOT, env=known, check=True, capture_output=True, text=True)
        return done.stdout, done.stderr
    ours, theirs = pty.openpty()
    with subprocess.Popen(command, cwd=ROOT, env=known, stdout=subprocess.PIPE, stderr=theirs, text=True) as process:
        os.close(theirs)
        drawn = b""
        try:
            while data := os.read(ours, 65536):
                drawn += data
        except OSError:
            # Linux says so when the other side is closed.
            pass
        os.close(ours)
        said = process.stdout.read() if process.stdout else ""
    assert process.returncode == 0
    return said, drawn.decode("utf-8", "replace")


def test_a_bar_is_drawn_at_a_terminal_and_taken_away(portal: Path) -> None:
    """For reading and for rendering, each with its count; nothing of it is left on the screen."""
    said, drawn = build(portal, 0, terminal=True)
    assert "Reading stories" in drawn and "128/128" in drawn
    counts = re.findall(r"Rendering pages .*?(\d+)/(\d+)", drawn)
    assert counts[-1][0] == counts[-1][1]
    assert "rich was imported" in said
    # The last thing is that the line of the bar is cleared.
    assert drawn.rstrip().endswith("\x1b[2K") or "\x1b[2K" in drawn[drawn.rindex("Rendering pages") :]


@pytest.mark.parametrize(
    ("after", "terminal", "environment"),
    [(60, True, {}), (0, False, {}), (0, True, {"CI": "true"})],
    ids=["quick work", "no terminal", "a build server"],
)
def test_no_bar_where_nobody_waits(portal: Path, after: float, terminal: bool, environment: dict[str, str]) -> None:
    """And nothing is imported for it."""
    said, drawn = build(portal, after, terminal, **environment)
    assert "Reading stories" not in drawn and "Rendering pages" not in drawn
    assert "rich was not imported" in said


def test_where_nobody_watches_the_items_themselves_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """So no item costs anything."""
    items = iter(range(1000))
    assert progress.followed(items, "Counting", 1000) is items
    monkeypatch.setattr(progress, "_somebody_watches", lambda: True)
    assert list(range(1000)) == list(progress.followed(range(1000), "Counting", 1000))
    few = iter(range(3))
    assert progress.followed(few, "Counting", 3) is few
