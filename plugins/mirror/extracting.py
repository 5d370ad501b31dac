"""Files and addresses → articles, for those who only want to look."""

from __future__ import annotations

import json
import queue
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from plugins.mirror.article import Article, as_json
from plugins.mirror.clock import today
from plugins.mirror.document import Document
from plugins.mirror.events import Found, Skipped
from plugins.mirror.files import Chains, fruitless, readings
from plugins.mirror.lists.folders import read_path
from plugins.mirror.page.selectors import Selectors
from plugins.mirror.reading import Reading, advice
from plugins.mirror.sources import is_web_address
from plugins.mirror.workers import AHEAD, Workers
from plugins.problems import Problem

LONGEST_LINE = 1_000_000
"""Bytes of a line of ``extract -``; a file and an address have some thousands at most."""


def look(
    place: str, url: str | None, cache: Path, allow_local: bool = False, processes: int | None = None
) -> Iterator[Article | Problem]:
    """The articles of one file, folder or address, as they are found.

    A page that `pull` would leave out is there too, with a warning: somebody has asked for it.

    Args:
        place: a file, a folder or the address of a page.
        url: the address that the file was read from, if anybody knows.
        cache: folder that only saves time.
        processes: that extract; as many as there are cores when None.
    Yields: a Problem for what cannot be read; at last one when there is nothing at all.
    """
    documents = _fetched(place, cache, allow_local) if is_web_address(place) else read_path(Path(place))
    given = (replace(item, url=url) if url and isinstance(item, Document) else item for item in documents)
    chains = Chains(None, today())
    fruitful, last, count = False, None, 0
    for item in readings(given, today(), Selectors(), processes):
        if isinstance(item, Problem):
            fruitful = True
            yield item
            continue
        count, last = count + 1, item[1]
        for found in _found(chains, *item):
            fruitful = True
            yield found
    for event in chains.rest():
        if isinstance(event, Found):
            fruitful = True
            yield from event.versions
    if not fruitful:
        yield fruitless(place, last, count)


def _found(chains: Chains, document: Document, reading: Reading) -> Iterator[Article | Problem]:
    for event in chains.take(document, reading):
        if isinstance(event, Found):
            yield from event.versions
        elif isinstance(event, Skipped) and event.outcome == "failed":
            yield _nothing(event.name, reading)
        else:
            doubt = f"This may be no article, and pull leaves it out: {reading.why}"
            yield from (article.warn(doubt) for article in reading.articles)


def _nothing(place: str, reading: Reading) -> Problem:
    return Problem(place, 0, reading.why or "It holds no article.", advice(reading))


def _fetched(url: str, cache: Path, allow_local: bool) -> Iterator[Document | Problem]:
    from plugins.mirror.web.client import Client
    from plugins.mirror.web.policy import Policy
    from plugins.mirror.web.store import Store

    with ExitStack() as stack:
        store = stack.enter_context(closing(Store(cache / "mirror" / "web.sqlite")))
        client = stack.enter_context(Client(Policy(allow_local=allow_local), store))
        fetched = client.fetch(url, "page")
    yield fetched.document or Problem(url, 0, fetched.why, "Look at the address in a browser.")


# --- extract - -------------------------------------------------------------------------------------------


def answers(lines: BinaryIO) -> Iterator[dict[str, object]]:
    """Answer each line ``{"input": FILE, "url": URL}``, in order, as soon as it can be answered.

    Whatever is wrong with a line, the next one gets its answer too.
    """
    with Workers(answer) as workers:
        for line, future in workers.in_order(_as_they_come(lines)):
            error = future.exception()
            # A fault of ours must not stop the thousands of pages that wait behind this one.
            yield {"input": _input(line), "error": f"{type(error).__name__}: {error}"} if error else future.result()


def _as_they_come(lines: BinaryIO) -> Iterator[bytes | None]:
    """The lines that hold something; None before waiting for a line that is not there yet."""
    come: queue.Queue[bytes | None] = queue.Queue(AHEAD * 8)

    def collect() -> None:
        for line in _lines(lines):
            if line.strip():
                come.put(line)
        come.put(None)

    threading.Thread(target=collect, daemon=True).start()
    while True:
        if come.empty():
            yield None
        line = come.get()
        if line is None:
            return
        yield line


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    """The lines of a stream; of one that is too long, as much as shows that it is."""
    while line := stream.readline(LONGEST_LINE + 1):
        yield line
        while len(line) > LONGEST_LINE and not line.endswith(b"\n"):
            line = stream.readline(LONGEST_LINE + 1)


def answer(line: bytes) -> dict[str, object]:
    """The answer to one line of ``extract -``: ``{"input": …, "articles": […]}`` or ``{"input": …, "error": …}``."""
    if len(line) > LONGEST_LINE:
        return {"input": None, "error": f"The line has more than {LONGEST_LINE:,} bytes."}
    try:
        asked = json.loads(line)
    except (ValueError, RecursionError):
        return {"input": None, "error": "The line is not JSON."}
    file = asked.get("input") if isinstance(asked, dict) else None
    url = asked.get("url") if file else None
    if not file or not isinstance(file, str) or not isinstance(url, str | None):
        return {"input": None, "error": 'The line is not {"input": FILE, "url": URL}.'}
    if is_web_address(file):
        return {"input": file, "error": "Addresses are not fetched here; ask for one alone: extract URL."}
    if url and not is_web_address(url):
        return {"input": file, "error": f'The url "{url}" is no address of the web.'}
    found = list(look(file, url, Path(".cache"), processes=1))
    articles = [as_json(item) for item in found if isinstance(item, Article)]
    problems = [item.what for item in found if isinstance(item, Problem)]
    return {"input": file, "articles": articles} if articles else {"input": file, "error": problems[0]}


def _input(line: bytes) -> str | None:
    try:
        asked = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return asked.get("input") if isinstance(asked, dict) else None
