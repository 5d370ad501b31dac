"""``python -m plugins.mirror``: arguments in, lines out; exit code 0 done, 1 problems, 2 wrong usage."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from plugins.problems import Problem

if TYPE_CHECKING:
    from plugins.mirror.article import Article

SUPPORTED = "a dump (.txt) or a folder of dumps"


def main(argv: list[str]) -> int:
    """Run the program.

    Returns: the exit code; wrong usage raises SystemExit(2), as argparse does.
    """
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8")
    arguments = _parser().parse_args(argv)
    return arguments.run(arguments)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m plugins.mirror", description="Mirror a portal: page → Markdown.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    extract = commands.add_parser("extract", help="print the articles of a dump as JSON, one a line")
    extract.add_argument(
        "file", metavar="FILE", help='a dump; - reads {"input": FILE, "url": URL} lines from standard input'
    )
    extract.add_argument("--url", help="the address that the dump was read from")
    extract.set_defaults(run=_extract)
    pull = commands.add_parser("pull", help="write the articles of dumps as Markdown files")
    pull.add_argument("sources", metavar="SOURCE", nargs="*", help=f"{SUPPORTED}; without one, what sources.yaml lists")
    pull.add_argument("--into", type=Path, default=Path("content"), help="the content folder (default: content)")
    pull.add_argument("--force", action="store_true", help="overwrite stories that were changed here")
    pull.set_defaults(run=_pull)
    return parser


# --- extract ---------------------------------------------------------------------------------------------


def _extract(arguments: argparse.Namespace) -> int:
    if arguments.file == "-":
        for line in sys.stdin.buffer:
            if line.strip():
                print(json.dumps(_answer(line), ensure_ascii=False), flush=True)
        return 0
    try:
        articles = _articles_of(Path(arguments.file), arguments.url)
    except Unreadable as error:
        return _reported([error.problem])
    for article in articles:
        print(json.dumps(_printed(article), ensure_ascii=False))
    return 0


def _answer(line: bytes) -> dict[str, object]:
    """One line of ``extract -``; whatever is wrong with it, the next line gets its answer too."""
    try:
        asked = json.loads(line)
    except ValueError:
        return {"input": None, "error": "The line is not JSON."}
    file = asked.get("input") if isinstance(asked, dict) else None
    url = asked.get("url") if file else None
    if not isinstance(file, str) or not isinstance(url, str | None):
        return {"input": None, "error": 'The line is not {"input": FILE, "url": URL}.'}
    try:
        return {"input": file, "articles": [_printed(article) for article in _articles_of(Path(file), url)]}
    except Unreadable as error:
        return {"input": file, "error": error.problem.what}
    except Exception as error:  # thousands of pages wait behind this one: a fault of ours must not stop them
        return {"input": file, "error": f"{type(error).__name__}: {error}"}


class Unreadable(Exception):
    """A source that cannot be read; `problem` says why."""

    def __init__(self, problem: Problem):
        super().__init__(str(problem))
        self.problem = problem


def _articles_of(path: Path, url: str | None) -> list[Article]:
    from plugins.mirror.text.decoding import Undecodable
    from plugins.mirror.dump.extract import extract

    try:
        data = path.read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        raise Unreadable(
            Problem(str(path), 0, f"It cannot be read: {_reason(error)}.", f"Name {SUPPORTED}.")
        ) from error
    try:
        articles = extract(data, url)
    except Undecodable as error:
        raise Unreadable(Problem(str(path), 1, str(error), "Save the page as plain text and try again.")) from error
    if not articles:
        what = "No article found: there is no title with a text below it."
        raise Unreadable(Problem(str(path), 1, what, "Save the page again when its articles have loaded."))
    return articles


def _reason(error: Exception) -> str:
    return (getattr(error, "strerror", None) or str(error)).lower()


def _printed(article: Article) -> dict[str, object]:
    from plugins.mirror.article import as_json

    return as_json(article)


# --- pull ------------------------------------------------------------------------------------------------


def _pull(arguments: argparse.Namespace) -> int:
    from plugins.mirror.dump.extract import today
    from plugins.mirror.keep.pull import plan_files, write_files

    for source in arguments.sources:
        if "://" in source:
            return _misused(f'"{source}" cannot be pulled yet: SOURCE is {SUPPORTED}.')
    problems: list[Problem] = []
    articles: list[Article] = []
    for file, name, url in _listed(arguments.sources, problems):
        try:
            found = _articles_of(file, url)
        except Unreadable as error:
            problems.append(error.problem)
            continue
        articles += [
            replace(article, source=replace(article.source, name=article.source.name or name)) for article in found
        ]
    planned, conflicts = plan_files(articles, arguments.into, today(), arguments.force)
    write_files(planned)
    for file in planned:
        print(file.path.as_posix())
    return _reported(problems + conflicts)


def _listed(sources: Iterable[str], problems: list[Problem]) -> Iterator[tuple[Path, str | None, str | None]]:
    """Dumps to pull, each with the name and address of its portal; what is wrong goes into *problems*."""
    wanted: list[tuple[Path, str | None, str | None]] = [(Path(source), None, None) for source in sources]
    if not wanted:
        from plugins.mirror.sources import read_portals

        portals, mistakes = read_portals(Path("sources.yaml"))
        problems += mistakes
        if not portals and not mistakes:
            print("sources.yaml lists no portal. Name a dump, or add a portal there.", file=sys.stderr)
        wanted = [(file, portal.name, portal.url) for portal in portals for file in portal.files]
    for path, name, url in wanted:
        if not path.is_dir():
            yield path, name, url
            continue
        dumps = sorted(path.glob("*.txt"))
        if not dumps:
            problems.append(Problem(str(path), 0, "The folder holds no dump.", f"SOURCE is {SUPPORTED}."))
        for dump in dumps:
            yield dump, name, url


def _reported(problems: list[Problem]) -> int:
    for problem in sorted(set(problems)):
        print(problem, file=sys.stderr)
    return 1 if problems else 0


def _misused(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 2
