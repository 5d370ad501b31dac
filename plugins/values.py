"""Small frozen data, of which a build makes, sends and compares many thousands."""

from __future__ import annotations

import hashlib
import io
import pickle
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Any, TypeVar, dataclass_transform

from msgspec import Struct

T = TypeVar("T")


class Record(Struct, frozen=True, array_like=True, gc=False):
    """What pages are made of: compiled code makes, compares and packs it, with its values in the order of its fields.

    Its fields hold numbers, text, languages, other records, and tuples of these.
    """


@dataclass_transform(frozen_default=True)
def value(cls: type[T]) -> type[T]:
    """A frozen data class with slots that is pickled by its values alone.

    What ``dataclass`` generates asks for the names of all fields each time, which took longer than rendering a page.
    """
    made = dataclass(frozen=True, slots=True)(cls)
    names = [field.name for field in fields(made)]  # type: ignore[arg-type]
    values = attrgetter(*names) if len(names) > 1 else lambda self: (getattr(self, names[0]),)

    def __reduce__(self: Any) -> tuple[type, tuple[Any, ...]]:
        return made, values(self)

    made.__reduce__ = __reduce__  # type: ignore[method-assign, assignment]
    return made


def bytes_of(data: object) -> bytes:
    """*data* as bytes that are equal for equal values, wherever they came from.

    A common pickle also tells which of two equal strings are one object, and that differs between a story that was
    just read and one that comes from the store. Sets have no order: sort them first.
    """
    stream = io.BytesIO()
    pickler = pickle.Pickler(stream, protocol=5)
    pickler.fast = True
    pickler.dump(data)
    return stream.getvalue()


def digest_of(*parts: bytes) -> str:
    """A short name for *parts* that changes when any of them changes."""
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.hexdigest()
