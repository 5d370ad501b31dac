"""A pull that somebody watches: the bar on the terminal, and Ctrl-C."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from command import ENVIRONMENT, TEXTS, mirror, page, stories

pty = pytest.importorskip("pty", reason="Windows has no pseudo-terminals and no Ctrl-C between processes")

PULL = [sys.executable, "-m", "plugins.mirror", "pull"]
MANY = 50


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """A folder of pages, no two of them alike."""
    folder = tmp_path / "saved"
    folder.mkdir()
    sentences = [sentence for texts in TEXTS.values() for sentence in texts]
    for number in range(MANY):
        town = "".join(chr(97 + int(digit)) for digit in f"{number * 7919:07}").capitalize()
        told = [f"{town} has the number {number}, and so {town} waits: {text}" for text in sentences]
        (folder / f"{number:03}.html").write_text(page(f"{town} counts its houses again", told), "utf-8")
    return folder


@pytest.mark.parametrize("report", [True, False])
def test_ctrl_c_ends_a_pull_at_once(saved: Path, report: bool) -> None:
    """One line, exit code 130, a report of what was done, nothing half-written; the next pull does the rest."""
    options = ["--report", "report.json"] if report else []
    with subprocess.Popen(
        [*PULL, "saved", *options],
        cwd=saved.parent,
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        process.stdout.readline()
        # To all processes, as a terminal does.
        os.killpg(process.pid, signal.SIGINT)
        _, said = process.communicate(timeout=30)
    assert 130 == process.returncode
    assert re.fullmatch(r"Stopped: \d+ new\. What is written is whole; pull again to go on\.\n", said.decode())
    written = stories(saved.parent / "content")
    assert 0 < len(written) < MANY
    assert [] == list(saved.parent.rglob("*.part"))
    if report:
        done = json.loads((saved.parent / "report.json").read_text("utf-8"))
        assert done["interrupted"]
        assert len(done["lines"]) == done["counts"]["new"]
    assert 0 == mirror("pull", "saved", folder=saved.parent).returncode
    after = stories(saved.parent / "content")
    assert MANY == len(after)
    assert written == {path: after[path] for path in written}


def test_no_process_outlives_a_pull_that_is_killed(saved: Path) -> None:
    """Workers end when the process that asks them does."""
    process = subprocess.Popen(
        [*PULL, "saved"],
        cwd=saved.parent,
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    for _ in range(20):
        process.stdout.readline()
    process.kill()
    process.wait()
    # Workers hold the pipe, too: it ends when the last of them has.
    process.stdout.read()
    process.stdout.close()


def watched(*arguments: str, folder: Path, piped: bool = False) -> tuple[str, str]:
    """Run a pull whose standard error is a terminal, and its standard output too unless it is *piped*.

    Returns: what the terminal got, and what went into the pipe.
    """
    leader, terminal = pty.openpty()
    process = subprocess.Popen(
        [*PULL, *arguments],
        cwd=folder,
        env={**ENVIRONMENT, "TERM": "xterm", "COLUMNS": "120"},
        stdin=terminal,
        stdout=subprocess.PIPE if piped else terminal,
        stderr=terminal,
    )
    os.close(terminal)
    shown = b""
    while True:
        try:
            block = os.read(leader, 65_536)
        except OSError:  # Linux says so that nobody has the other end open any more
            break
        if not block:
            break
        shown += block
        time.sleep(0.01)
    os.close(leader)
    into_pipe = process.stdout.read().decode() if piped else ""
    process.wait()
    return shown.decode(), into_pipe


def words(shown: str) -> list[str]:
    """The lines that a terminal was given, without colours and movements."""
    return [line for line in re.split(r"[\r\n]+", re.sub(r"\x1b\[[?\d;]*[A-Za-z]", "", shown)) if line.strip()]


def test_the_bar_shows_how_far_a_pull_is(saved: Path) -> None:
    """Files done of all, what became of them, and the last one; at the end only the summary stays."""
    shown, piped = watched("saved", folder=saved.parent, piped=True)
    lines = words(shown)
    assert f"{MANY} new." == lines[-1]
    assert sorted(f"content/{path}" for path in stories(saved.parent / "content")) == sorted(piped.splitlines())
    steps = [re.search(r"(\d+)/(\d+) (\d+) new · saved/\d{3}\.html", line) for line in lines[:-1]]
    steps = [tuple(map(int, step.groups())) for step in steps if step]
    assert steps
    assert all(total == MANY and done >= new for done, total, new in steps)
    assert any(f"{MANY}/{MANY}" in line for line in lines)


def test_the_bar_and_the_paths_share_a_terminal(saved: Path) -> None:
    """Each path stands on a line of its own."""
    shown, _ = watched("saved", folder=saved.parent)
    paths = [line for line in words(shown) if re.fullmatch(r"content/en/2024/05/[a-z-]+\.md", line.strip())]
    assert MANY == len(paths)
