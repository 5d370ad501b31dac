"""The body of an answer, unpacked while it arrives and never longer than its limit."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress

import httpx

from plugins.mirror.web.guard import Refused
from plugins.mirror.web.transport import TooSlow

PIECE = 65_536
"""Bytes that are unpacked at a time; a packed body grows a thousandfold, so it is let out in pieces."""

ACCEPTED = "gzip, deflate"
"""Codings that we ask for; the standard library unpacks them piece by piece."""

DRAINED = 65_536
"""Bytes of an unwanted body that we read rather than give up the connection."""


class Damaged(Exception):
    """A body that cannot be unpacked; the message is a sentence."""


def read_body(response: httpx.Response, limit: int, cut: bool = False) -> bytes:
    """Read the body of a streamed *response*, unpacked.

    Args:
        limit: bytes of the result at most; of what arrives, too.
        cut: whether a longer body is cut there instead of refused.
    Raises: Refused when it is longer or packed in a way that we did not ask for; Damaged; what httpx raises.
    """
    if not cut and (announced := _length(response)) > limit:
        raise Refused(f"It is {_megabytes(announced)} large, and the limit is {_megabytes(limit)}.")
    whole = bytearray()
    for piece in unpack(_bounded(response.iter_raw(), limit, cut), response.headers.get("content-encoding", "")):
        whole += piece
        if len(whole) > limit:
            if cut:
                break
            raise Refused(f"It is larger than {_megabytes(limit)}.")
    return bytes(whole[:limit])


def drain(response: httpx.Response) -> None:
    """Read a body that nobody wants, when it is short, so that the connection can be used again.

    The answer is known already, so a body that breaks off or never ends is no failure.
    """
    if response.status_code == 304 or _length(response, DRAINED + 1) <= DRAINED:
        with suppress(httpx.TransportError, TooSlow):
            for _ in response.iter_raw():
                pass


def unpack(packed: Iterable[bytes], codings: str) -> Iterator[bytes]:
    """*packed* without its Content-Encoding, in pieces of at most `PIECE` bytes where it was packed.

    Raises: Refused for a coding that we did not ask for, or several; Damaged when the packing is broken or cut off.
    """
    coding = codings.strip().lower()
    if coding in ("", "identity"):
        return iter(packed)
    if coding in ("gzip", "x-gzip"):
        return _gunzip(packed)
    if coding == "deflate":
        return _inflate(packed)
    raise Refused(f'It is packed as "{codings[:40]}", which we did not ask for.')


def _gunzip(packed: Iterable[bytes]) -> Iterator[bytes]:
    member = None
    for data in packed:
        # A file may have several members; what follows the last is padding.
        while data:
            if member is None or member.eof:
                if member and not data.startswith(b"\x1f"):
                    return
                member = zlib.decompressobj(wbits=31)
            yield from _pieces(member, data)
            data = member.unused_data
    yield from _last_pieces(member)


def _inflate(packed: Iterable[bytes]) -> Iterator[bytes]:
    """What servers call deflate: with the header of zlib, as RFC 9110 says, or without, as many do."""
    stream = None
    for data in packed:
        if stream is None:
            has_header = data[0] & 0x0F == 8 and (len(data) < 2 or int.from_bytes(data[:2], "big") % 31 == 0)
            stream = zlib.decompressobj(wbits=15 if has_header else -15)
        yield from _pieces(stream, data)
    yield from _last_pieces(stream)


def _pieces(stream: zlib._Decompress, data: bytes) -> Iterator[bytes]:
    try:
        while data and not stream.eof:
            if piece := stream.decompress(data, PIECE):
                yield piece
            data = stream.unconsumed_tail
    except zlib.error as error:
        raise Damaged("Its compression is damaged.") from error


def _last_pieces(stream: zlib._Decompress | None) -> Iterator[bytes]:
    """What *stream* still holds when all has arrived; None is a body of no bytes."""
    while stream and not stream.eof:
        try:
            piece = stream.decompress(b"", PIECE)
        except zlib.error as error:
            raise Damaged("Its compression is damaged.") from error
        if not piece:
            raise Damaged("It ends before its compressed data does.")
        yield piece


def _bounded(pieces: Iterable[bytes], limit: int, cut: bool) -> Iterator[bytes]:
    arrived = 0
    for piece in pieces:
        arrived += len(piece)
        if arrived > limit and not cut:
            raise Refused(f"It is larger than {_megabytes(limit)}.")
        if piece:
            yield piece


def _length(response: httpx.Response, unknown: int = 0) -> int:
    text = response.headers.get("content-length", "")
    return int(text) if text.isascii() and text.isdigit() else unknown


def _megabytes(count: int) -> str:
    return f"{count / 1_000_000:.3g} MB"
