"""Small files below .cache/ that a build trusts only when they are whole: plain data behind its own digest."""

from __future__ import annotations

import hashlib
import marshal
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

_SIZE = 16


def read_sealed(file: Path, version: str) -> Any:
    """The data that write_sealed was given.

    Args:
        version: of what it means; data of another one is not read.
    Returns: None when there is none that can be read, of another version or damaged; a line says so for what is
        damaged.
    """
    try:
        sealed = file.read_bytes()
    except OSError:
        # Where it matters, writing it will not do either, and says so.
        return None
    # marshal believes what it reads, so it is given nothing that we did not write.
    if sealed[:_SIZE] != _seal(sealed[_SIZE:]):
        print(f"{file.name} is damaged; it is made anew.")
        return None
    made_by, data = marshal.loads(sealed[_SIZE:])
    return data if made_by == _made_by(version) else None


def write_sealed(file: Path, version: str, data: Any) -> None:
    """Write *data*, of Python's own plain types, for read_sealed; failing to is no reason to fail."""
    content = marshal.dumps((_made_by(version), data))
    draft = file.with_suffix(".new")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(_seal(content) + content)
        draft.replace(file)
    except OSError as error:
        with suppress(OSError):
            draft.unlink()
        print(f"{file.name} cannot be written ({error.strerror}); the next build takes longer.")


def _made_by(version: str) -> str:
    # The form of marshal is that of a version of Python.
    return f"{sys.version} {version}"


def _seal(content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=_SIZE).digest()
