"""Extraction in several processes: documents in, answers out, in the same order."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Generic, TypeVar

from plugins.workers import start_pool

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")

ALONE = 6
"""Documents that this process works on itself before it starts others: their start costs about as much."""

AHEAD = 6
"""Documents a worker that wait for it or for their turn; no more than these are in memory."""


class Workers(Generic[Asked, Answer]):
    """Calls *work* on one input after another, soon in as many processes as there are cores.

    Args:
        work: a function of a module, so that it can be pickled; what it raises reaches who asked.
        count: processes at most; the number of cores when None, and none but this one when 1.
    """

    def __init__(self, work: Callable[[Asked], Answer], count: int | None = None):
        self.work = work
        self.count = count or os.cpu_count() or 1
        self._seen = 0
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Workers[Asked, Answer]:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self._pool:
            # Who leaves early wants no answer to what is in work.
            self._pool.shutdown(wait=kind is None, cancel_futures=True)

    def in_order(self, inputs: Iterable[Asked | None]) -> Iterator[tuple[Asked, Future[Answer]]]:
        """Each input with its finished future, in the order of the inputs.

        Args:
            inputs: None among them says that the next one is not there yet: then all that wait are finished first.
        """
        waiting: deque[tuple[Asked, Future[Answer]]] = deque()
        for asked in inputs:
            if asked is not None:
                waiting.append((asked, self._submit(asked)))
            while waiting and (asked is None or waiting[0][1].done() or len(waiting) > AHEAD * self.count):
                yield self._settled(*waiting.popleft())
        while waiting:
            yield self._settled(*waiting.popleft())

    def _submit(self, asked: Asked) -> Future[Answer]:
        self._seen += 1
        if self.count == 1 or (self._pool is None and self._seen <= ALONE):
            return self._done_here(asked)
        try:
            self._pool = self._pool or start_pool(self.count)
            return self._pool.submit(self.work, asked)
        except BrokenProcessPool:
            self._pool = None
            return self._done_alone(asked)

    def _settled(self, asked: Asked, future: Future[Answer]) -> tuple[Asked, Future[Answer]]:
        """Wait for *future*; when a worker died, nobody knows of what, so each document gets one of its own."""
        if isinstance(future.exception(), BrokenProcessPool):
            self._pool = None
            future = self._done_alone(asked)
        return asked, future

    def _done_alone(self, asked: Asked) -> Future[Answer]:
        with start_pool(1) as pool:
            future = pool.submit(self.work, asked)
            future.exception()
        return future

    def _done_here(self, asked: Asked) -> Future[Answer]:
        future: Future[Answer] = Future()
        try:
            future.set_result(self.work(asked))
        except Exception as error:
            future.set_exception(error)
        return future
