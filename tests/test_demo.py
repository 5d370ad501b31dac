"""From page dumps to a portal, by the commands that people use."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT, Site

from plugins.audit.site import audit
from plugins.settings import PREVIEW_URL

OURS = sorted((ROOT / "tests" / "dumps").glob("*.txt"))
"""Dumps in the shape of real ones, their texts written for the tests."""

REAL = sorted(Path(os.environ.get("DUIKAI_SOURCES", ROOT.parent / "shared" / "sources")).glob("*.txt"))
"""Two real dumps, which lie beside the repository where it is developed; other people's articles are not committed."""


def invoke(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run an invoke task from the root."""
    command = [sys.executable, "-m", "invoke", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8")


def extracted(dumps: list[Path]) -> list[dict]:
    """What `python -m plugins.mirror extract` finds in all *dumps*."""
    articles = []
    for dump in dumps:
        command = [sys.executable, "-m", "plugins.mirror", "extract", str(dump)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=True)
        articles += map(json.loads, done.stdout.splitlines())
    return articles


@pytest.mark.parametrize(
    "dumps",
    [
        pytest.param(OURS, id="ours"),
        pytest.param(
            REAL,
            id="real",
            marks=pytest.mark.skipif(not REAL, reason="the real dumps are other people's and not in the repository"),
        ),
    ],
)
def test_dumps_become_a_portal_in_order(tmp_path: Path, dumps: list[Path]) -> None:
    """Every article of the dumps has a page with its title, in a portal in which the audit finds nothing."""
    sources = [part for dump in dumps for part in ("--source", str(dump))]
    done = invoke("demo", *sources, "--out", str(tmp_path), "--no-serve")
    assert done.returncode == 0, done.stdout + done.stderr
    site = Site(tmp_path / "output")
    pages = {path: page for path, page in site.pages().items() if page.select_one("meta[content=article]")}
    articles = extracted(dumps)
    assert articles
    assert sorted(article["title"] for article in articles) == sorted(
        page.h1.get_text(strip=True) for page in pages.values()
    )
    assert {"en", "zh-Hans"} == {page.html["lang"] for page in pages.values()}
    assert [] == audit(site.output, [PREVIEW_URL])


def test_a_saved_page_becomes_a_portal(tmp_path: Path) -> None:
    """Not only dumps can be shown."""
    (tmp_path / "page.html").write_text(
        "<html lang=en><title>Ferry sails again</title><meta property='article:published_time' content='2024-05-06'>"
        "<h1>Ferry sails again</h1><p>The ferry to Gull Point sails again, the harbour board said on Monday.</p>"
        "<p>It had waited for a propeller since March, and the islanders for their newspapers.</p></html>",
        "utf-8",
    )
    done = invoke("demo", "--source", str(tmp_path / "page.html"), "--out", str(tmp_path / "demo"), "--no-serve")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Ferry sails again" == Site(tmp_path / "demo" / "output")("en/2024/05/ferry-sails-again").h1.get_text(
        strip=True
    )


def test_every_option_of_a_pull_is_one_of_the_task(tmp_path: Path) -> None:
    """`invoke mirror` passes them on; what is wrong with one is said by the program."""
    helped = invoke("--help", "mirror").stdout
    command = [sys.executable, "-m", "plugins.mirror", "pull", "--help"]
    shown = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=True).stdout
    options = set(re.findall(r"--[a-z-]+", shown)) - {"--help"}
    assert set() == options - set(re.findall(r"--[a-z-]+", helped))
    (tmp_path / "sources.yaml").write_text("portals: []\n", "utf-8")
    done = invoke(
        *("mirror", "--into", str(tmp_path / "content"), "--sources", str(tmp_path / "sources.yaml"), "--rate", "2"),
        *("--limit", "3", "--contact", "desk@harbour.example", "--rights", "none", "--force", "--fetch"),
        *("--allow-local", "--pairs", "--report", str(tmp_path / "report.json")),
    )
    assert 0 == done.returncode, done.stderr
    assert (tmp_path / "report.json").exists()
    assert 2 == invoke("mirror", "--limit", "0").returncode


def test_mirroring_twice_changes_nothing(tmp_path: Path) -> None:
    """The second pull recognises what the first wrote."""
    sources = [part for dump in OURS for part in ("--source", str(dump))]
    written = []
    for _ in range(2):
        done = invoke("mirror", *sources, "--into", str(tmp_path))
        assert done.returncode == 0, done.stdout + done.stderr
        written.append({file: file.read_bytes() for file in sorted(tmp_path.rglob("*.md"))})
    assert written[0] and written[0] == written[1]


def test_a_demo_without_a_dump_says_what_to_do() -> None:
    """Wrong usage is exit code 2 and a sentence."""
    done = invoke("demo")
    assert (done.returncode, "--source" in done.stdout + done.stderr) == (2, True)
