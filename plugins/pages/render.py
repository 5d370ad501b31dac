"""Render plans and write their files, by several workers when it pays; the bytes are the same."""

from __future__ import annotations

import os
import traceback
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path

from jinja2 import UndefinedError

from plugins.memory import without_collection
from plugins.pages.compiled import CompiledTheme
from plugins.pages.page import Packed, PagePlan, Site, unpack
from plugins.pages.theme import Theme
from plugins.problems import Problem, Stop, report
from plugins.values import value
from plugins.workers import Workers

PART = 100
"""Pages that a worker is given at once."""

FEW = 3
"""Parts with which starting other processes takes longer than it saves."""

Written = tuple[str, int, int]
"""Path of a file, its size and its time of modification (ns)."""


@value
class Setup:
    """What every page of a build needs.

    Attributes:
        theme: the templates and words.
        sites: the constants of the editions by path of language.
        output: folder that pages are written to.
        write: workers see the folder; others give the bytes back.
    """

    theme: CompiledTheme
    sites: Mapping[str, Site]
    output: str
    write: bool


def render_all(
    plans: Iterable[Packed], theme: CompiledTheme, sites: Mapping[str, Site], output: Path, workers: Workers
) -> Iterator[Written]:
    """Render *plans* and write them below *output*.

    Returns: what was written, in the order of the plans.
    Raises: Stop when a template fails, OSError when the disk refuses.
    """
    setup = Setup(theme, dict(sites), str(output), workers.share_disk)
    plans = iter(plans)
    parts = iter(lambda: list(islice(plans, PART)), [])
    for done in workers.run(render_part, setup, parts, FEW):
        for path, data in done:
            yield data if isinstance(data, tuple) else write_page(setup.output, path, data)


def render_part(setup: Setup, plans: list[Packed]) -> list[tuple[str, bytes | Written]]:
    """Render *plans*; the path of each, and its bytes or, where workers write, what was written."""
    # Nothing of a plan or a page refers to itself.
    with without_collection():
        return _render_part(setup, plans)


def _render_part(setup: Setup, plans: list[Packed]) -> list[tuple[str, bytes | Written]]:
    theme = _theme(setup)
    pages = []
    for plan in map(unpack, plans):
        try:
            page = theme.render(plan).encode("utf-8")
        except Exception as error:
            raise _broken(plan, error, setup.theme.digests) from None
        pages.append((plan.path, write_page(setup.output, plan.path, page) if setup.write else page))
    return pages


def _broken(plan: PagePlan, error: Exception, templates: Collection[str]) -> Stop:
    """What a template did wrong, and where; Pelican would show how it was called."""
    cause = error.__cause__ or error
    places = [(frame.f_code.co_filename, line) for frame, line in traceback.walk_tb(cause.__traceback__)]
    name, line = next((place for place in reversed(places) if place[0] in templates), (plan.template, 0))
    said = str(error) if isinstance(error, UndefinedError) and cause is error else f"{type(cause).__name__}: {cause}"
    what = f"the template cannot show {plan.path} ({said.rstrip('.')})."
    fix = "plugins/pages/page.py tells what a template may ask for."
    return Stop(report([Problem(f"theme/templates/{name}", line, what, fix)], "theme/"))


_made: list[tuple[Setup, Theme]] = []


def _theme(setup: Setup) -> Theme:
    """The theme of *setup*, made once for all parts of a build."""
    if not _made or _made[0][0] is not setup:
        _made[:] = [(setup, Theme(setup.theme, setup.sites))]
    return _made[0][1]


def write_page(output: str, path: str, data: bytes) -> Written:
    """Write the file *path* below *output*, which is empty at first."""
    file = f"{output}/{path}"
    folder = file.rpartition("/")[0]
    # Paths and the streams of open() took a tenth of the time of a page.
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)
    # Nearly every page is the first file of its folder, so that to open it before there is one would be for nothing.
    try:
        os.mkdir(folder)  # noqa: PTH102
    except FileExistsError:
        pass
    except FileNotFoundError:
        os.makedirs(folder, exist_ok=True)  # noqa: PTH103
    descriptor = os.open(file, flags, 0o666)
    try:
        left = memoryview(data)
        while left:
            left = left[os.write(descriptor, left) :]
        status = os.fstat(descriptor)
    finally:
        os.close(descriptor)
    return path, status.st_size, status.st_mtime_ns
