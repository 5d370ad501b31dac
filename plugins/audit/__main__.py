"""``python -m plugins.audit [FOLDER] [--root ADDRESS]``: audit a built site; exit code 1 with problems."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from plugins.audit.site import audit
from plugins.problems import report
from plugins.settings import PREVIEW_URL


def main(arguments: list[str]) -> int:
    """Audit the folder that *arguments* name; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m plugins.audit", description=__doc__)
    parser.add_argument("folder", nargs="?", default="output", type=Path)
    parser.add_argument("--root", action="append", default=[], help="absolute address the site is published under")
    given = parser.parse_args(arguments)
    if not (given.folder / "index.html").is_file():
        parser.error(f"{given.folder} holds no built site; build it first: make build")
    problems = audit(given.folder, [PREVIEW_URL, *given.root])
    if problems:
        print(report(problems, f"{given.folder}/", "mend them before publishing"), file=sys.stderr)
        return 1
    pages = sum(1 for _ in given.folder.rglob("*.html"))
    print(f"{pages} pages, no problems.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
