"""``python -m plugins.mirror``: arguments in, lines out; exit code 0 done, 1 problems, 2 wrong usage."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from plugins.problems import Problem

if TYPE_CHECKING:
    from plugins.mirror.sources import Portal

CACHE = Path(".cache")
SOURCES = Path("sources.yaml")
INTERRUPTED = 130
"""The exit code of what Ctrl-C has ended, as shells have it."""

SUPPORTED = (
    "a saved page, a text dump, a feed, a sitemap, a web archive, a folder of them, or the address of a page, feed, "
    "sitemap or section"
)


def main(argv: list[str]) -> int:
    """Run the program.

    Returns: the exit code; wrong usage raises SystemExit(2), as argparse does.
    """
    for stream in (sys.stdout, sys.stderr):
        # A file name that is no text is printed as JSON writes it (\udcff) and stops nobody.
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    arguments = _parser().parse_args(argv)
    try:
        code = arguments.run(arguments)
        sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        print("Stopped.", file=sys.stderr)
        _leave(INTERRUPTED)
    except BrokenPipeError:  # `extract … | head`: who read has seen enough
        _leave(1)


def _leave(code: int) -> NoReturn:
    """End now: neither documents in work nor answers on their way are waited for."""
    with suppress(OSError):
        sys.stderr.flush()
        sys.stdout.flush()
    os._exit(code)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m plugins.mirror", description="Mirror a portal: page → Markdown.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    extract = commands.add_parser("extract", help="print the articles of a page as JSON, one a line; writes nothing")
    extract.add_argument(
        "file", metavar="FILE|URL", help='- reads {"input": FILE, "url": URL} lines from standard input'
    )
    extract.add_argument("--url", help="the address that the file was read from")
    extract.add_argument("--allow-local", action="store_true", help="ask private and loopback addresses, too")
    extract.set_defaults(run=_extract)
    pull = commands.add_parser("pull", help="write the articles of portals as Markdown files")
    pull.add_argument("sources", metavar="SOURCE", nargs="*", help=f"{SUPPORTED}; without one, what sources.yaml lists")
    pull.add_argument("--into", type=Path, default=Path("content"), help="the content folder (default: content)")
    pull.add_argument("--sources", type=Path, default=SOURCES, dest="listed", metavar="FILE", help="else sources.yaml")
    pull.add_argument("--rights", choices=("full", "excerpt", "none"), help="what may be kept of a SOURCE not listed")
    pull.add_argument(
        "--force", action="store_true", help="take the source's form where an editor's change conflicts with it"
    )
    pull.add_argument("--fetch", action="store_true", help="fetch what feeds, sitemaps and pages on the disk name")
    pull.add_argument("--allow-local", action="store_true", help="ask private and loopback addresses, too")
    pull.add_argument(
        "--rate", type=_positive(float), help="requests per second and host, for a SOURCE not listed (default: 1)"
    )
    pull.add_argument("--limit", type=_positive(int), help="articles of a SOURCE at most")
    pull.add_argument("--contact", default="", help="who runs this; named to the portals")
    pull.add_argument("--report", type=Path, metavar="FILE", help="write what became of each address as JSON")
    pull.add_argument("--pairs", action="store_true", help="propose which stories are versions of each other")
    pull.set_defaults(run=_pull)
    return parser


def _positive(number: type) -> Callable[[str], float]:
    def parse(text: str) -> float:
        value = number(text)
        if not 0 < value < 1e9:
            raise ValueError
        return value

    parse.__name__ = "number above 0"  # argparse: invalid number above 0 value: '-1'
    return parse


# --- extract ---------------------------------------------------------------------------------------------


def _extract(arguments: argparse.Namespace) -> int:
    from plugins.mirror.article import as_json
    from plugins.mirror.extracting import answers, look
    from plugins.mirror.sources import is_web_address

    for address in (arguments.url, arguments.file if "://" in arguments.file else None):
        if address and not is_web_address(address):
            return _misused(f'"{address}" is no address of the web.')
    if arguments.file == "-":
        # Not sys.stdin itself: a worker closes that when it starts, and must not wait for the thread that reads it.
        with os.fdopen(os.dup(sys.stdin.fileno()), "rb") as lines:
            for answer in answers(lines):
                print(json.dumps(answer, ensure_ascii=False), flush=True)
        return 0
    problems: list[Problem] = []
    for found in look(arguments.file, arguments.url, CACHE, arguments.allow_local):
        if isinstance(found, Problem):
            problems.append(found)
        else:
            print(json.dumps(as_json(found), ensure_ascii=False), flush=True)
    return _reported(problems)


# --- pull ------------------------------------------------------------------------------------------------


def _pull(arguments: argparse.Namespace) -> int:
    from plugins.mirror.clock import now, today
    from plugins.mirror.pull import Settings, pull
    from plugins.mirror.report import Report
    from plugins.mirror.sources import CONTACT, is_contact, is_web_address, read_sources, with_sections

    started = now()
    for source in arguments.sources:
        if "://" in source and not is_web_address(source):
            return _misused(f'"{source}" is no address of the web; SOURCE is {SUPPORTED}.')
    if not is_contact(arguments.contact):
        return _misused(f'--contact "{arguments.contact}" cannot stand in a User-Agent. {CONTACT}')
    if arguments.report and arguments.report.is_dir():
        return _misused(f"--report {arguments.report} is a folder; name a file.")
    problems: list[Problem] = []
    listed, mistakes = read_sources(arguments.listed) if arguments.listed.exists() else (None, [])
    portals = list(listed.portals) if listed else []
    if not arguments.sources:
        problems += mistakes
        if listed is None:
            problems.append(
                Problem(arguments.listed.as_posix(), 0, "There is no such file.", "Create it, or name a SOURCE.")
            )
        elif not portals and not mistakes:
            print("sources.yaml lists no portal. Name a SOURCE, or add a portal there.", file=sys.stderr)
    else:
        portals = [_portal_of(source, portals, arguments) for source in arguments.sources]
    portals, mistakes = with_sections(portals, arguments.into / "taxonomy.yaml", arguments.listed.as_posix())
    problems += mistakes
    settings = Settings(
        into=arguments.into,
        cache=CACHE,
        now=today(),
        force=arguments.force,
        fetch=arguments.fetch,
        allow_local=arguments.allow_local,
        contact=arguments.contact or (listed.contact if listed else ""),
    )
    report = Report(keep=arguments.report is not None)
    try:
        problems += pull(portals, settings, report)
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        print(f"Stopped: {report.summary()}. What is written is whole; pull again to go on.", file=sys.stderr)
        if arguments.report:
            report.write(arguments.report, started, problems, interrupted=True)
        _leave(INTERRUPTED)
    if arguments.pairs:
        from plugins.mirror.keep.pairs import propose_pairs

        path, count = propose_pairs(arguments.into)
        print(f"{count} pairs are proposed in {path.as_posix()}." if count else "No pair to propose.", file=sys.stderr)
    if portals:
        print(f"{report.summary()}.", file=sys.stderr)
    if arguments.report:
        try:
            report.write(arguments.report, started, problems)
        except OSError as error:
            what = f"The report cannot be written: {(error.strerror or str(error)).lower()}."
            problems.append(Problem(arguments.report.as_posix(), 0, what, "Name another file."))
    return _reported(problems)


def _portal_of(source: str, listed: Iterable[Portal], arguments: argparse.Namespace) -> Portal:
    """The portal that one SOURCE is of: the listed one that owns the address, else one that nobody listed."""
    from plugins.mirror.crawl import site_of
    from plugins.mirror.sources import MOST_ARTICLES, Portal, is_web_address

    limit = arguments.limit or MOST_ARTICLES
    if not is_web_address(source):
        owner = next((portal for portal in listed if Path(source) in portal.files), Portal(""))
        return replace(owner, start=(), files=(Path(source),), rights=arguments.rights or owner.rights)
    owner = next(
        (portal for portal in listed if site_of(source) in map(site_of, portal.start)),
        Portal("", rate=arguments.rate),
    )
    return replace(owner, start=(source,), files=(), rights=arguments.rights or owner.rights, limit=limit)


def _reported(problems: Iterable[Problem]) -> int:
    found = sorted(set(problems))
    for problem in found:
        print(problem, file=sys.stderr)
    return 1 if found else 0


def _misused(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 2
