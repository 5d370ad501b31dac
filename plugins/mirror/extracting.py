"""Files and addresses → articles, for those who only want to look."""

from __future__ import annotations

import json
import queue
import threading
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from plugins.mirror.article import Article, as_json
from plugins.mirror.clock import today
from plugins.mirror.document import Document
from plugins.mirror.lists.folders import read_path
from plugins.mirror.reading import Order, read
from plugins.mirror.sources import is_web_address
from plugins.mirror.workers import AHEAD, Workers
from plugins.problems import Problem


class Unreadable(Exception):
    """A source that holds no article, or cannot be read; `problem` says why."""

    def __init__(self, problem: Problem):
        super().__init__(str(problem))
        self.problem = problem


def articles_at(place: str, url: str | None, cache: Path, allow_local: bool = False) -> list[Article]:
    """The articles of one file or address.

    Args:
        place: a file or the address of a page.
        url: the address that the file was read from, if anybody knows.
        cache: folder that only saves time.
    Raises: Unreadable.
    """
    documents = _fetched(place, cache, allow_local) if is_web_address(place) else read_path(Path(place))
    articles: list[Article] = []
    why = ""
    for document in documents:
        if isinstance(document, Problem):
            raise Unreadable(document)
        reading = read(Order(replace(document, url=url or document.url), today()))
        articles += [article.warn(reading.why) if reading.why else article for article in reading.articles]
        why = why or reading.why
    if not articles:
        raise Unreadable(Problem(place, 1, why or NOTHING, "Save the page again when its articles have loaded."))
    return articles


NOTHING = "No article found: there is no title with a text below it."


def _fetched(url: str, cache: Path, allow_local: bool) -> list[Document]:
    from plugins.mirror.web.client import Client
    from plugins.mirror.web.policy import Policy
    from plugins.mirror.web.store import Store

    with ExitStack() as stack:
        store = stack.enter_context(closing(Store(cache / "mirror" / "web.sqlite")))
        client = stack.enter_context(Client(Policy(allow_local=allow_local), store))
        fetched = client.fetch(url, "page")
    if fetched.document is None:
        raise Unreadable(Problem(url, 0, fetched.why, "Look at the address in a browser."))
    return [fetched.document]


def answers(lines: BinaryIO) -> Iterator[dict[str, object]]:
    """Answer each line ``{"input": FILE, "url": URL}``, in order, as soon as it can be answered.

    Whatever is wrong with a line, the next one gets its answer too.
    """
    with Workers(answer) as workers:
        for line, future in workers.in_order(_as_they_come(lines)):
            error = future.exception()
            # A fault of ours must not stop the thousands of pages that wait behind this one.
            yield {"input": _input(line), "error": f"{type(error).__name__}: {error}"} if error else future.result()


def _as_they_come(lines: Iterable[bytes]) -> Iterator[bytes | None]:
    """The lines that hold something; None before waiting for a line that is not there yet."""
    come: queue.Queue[bytes | None] = queue.Queue(AHEAD * 8)

    def collect() -> None:
        for line in lines:
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


def answer(line: bytes) -> dict[str, object]:
    """The answer to one line of ``extract -``: ``{"input": …, "articles": […]}`` or ``{"input": …, "error": …}``."""
    try:
        asked = json.loads(line)
    except ValueError:
        return {"input": None, "error": "The line is not JSON."}
    file = asked.get("input") if isinstance(asked, dict) else None
    url = asked.get("url") if file else None
    if not isinstance(file, str) or not isinstance(url, str | None):
        return {"input": None, "error": 'The line is not {"input": FILE, "url": URL}.'}
    try:
        found = articles_at(file, url, Path(".cache")) if not is_web_address(file) else []
    except Unreadable as error:
        return {"input": file, "error": error.problem.what}
    if not found:
        return {"input": file, "error": "An address of the web is no FILE."}
    return {"input": file, "articles": [as_json(article) for article in found]}


def _input(line: bytes) -> str | None:
    asked = json.loads(line)
    return asked.get("input") if isinstance(asked, dict) else None
