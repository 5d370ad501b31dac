"""How Python looks after memory while very many small things are made that all stay."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collection() -> Iterator[None]:
    """Let nobody look for garbage meanwhile: with a hundred thousand stories in memory each look takes a second.

    What is there at the end is never looked at again, which also leaves it shared with processes that are started.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if enabled:
            gc.enable()
