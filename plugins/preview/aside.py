"""Work that takes long, beside a server that has to answer meanwhile."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

T = TypeVar("T")

SWITCH = 0.0005
"""Seconds that one thread may keep the interpreter from another while both have work; Python's own choice is ten times
that, and to answer a request it is asked for more than once."""


class Aside:
    """Runs functions in a thread, one at a time; what is still running ends with the process."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()

    async def __call__(self, work: Callable[[], T]) -> T:
        async with self._lock:
            before = sys.getswitchinterval()
            sys.setswitchinterval(SWITCH)
            try:
                return await _in_thread(work)
            finally:
                sys.setswitchinterval(before)


async def _in_thread(work: Callable[[], T]) -> T:
    # A thread of the standard pool would be waited for when the preview ends.
    loop = asyncio.get_running_loop()
    done: asyncio.Future[T] = loop.create_future()

    def finish(result: T | None, error: Exception | None) -> None:
        if done.cancelled():
            return
        if error is not None:
            done.set_exception(error)
        else:
            done.set_result(result)  # type: ignore[arg-type]

    def run() -> None:
        result, error = None, None
        try:
            result = work()
        except Exception as raised:
            error = raised
        except SystemExit as stop:
            # What ends a build must not end the preview.
            error = RuntimeError(str(stop))
        # The preview may have ended meanwhile.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(finish, result, error)

    threading.Thread(target=run, daemon=True).start()
    return await done
