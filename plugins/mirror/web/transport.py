"""Connections of httpx that lead to public addresses only and end at a deadline."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from queue import Empty, SimpleQueue
from typing import Any

import httpcore
import httpx

from plugins.mirror.web.guard import check_addresses, check_host

_ends_at: ContextVar[float | None] = ContextVar("ends_at", default=None)


class TooSlow(Exception):
    """An answer did not come to its end in time."""


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """What this thread sends and receives inside ends after *seconds*: connection, TLS, headers and body together.

    Raises: TooSlow, out of whatever reads or writes then.
    """
    token = _ends_at.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _ends_at.reset(token)


def _left(timeout: float | None) -> float | None:
    """The *timeout* of one step, shortened to what the deadline leaves."""
    ends_at = _ends_at.get()
    if ends_at is None:
        return timeout
    left = ends_at - time.monotonic()
    if left <= 0:
        raise TooSlow
    return left if timeout is None else min(timeout, left)


class GuardedTransport(httpx.HTTPTransport):
    """httpx's transport on `GuardedBackend`, without proxies and without anything else of the environment."""

    def __init__(self, allow_local: bool):
        super().__init__(trust_env=False, limits=httpx.Limits(max_connections=None, max_keepalive_connections=20))
        # httpx has no door for a backend. Should the names change, this fails at once instead of asking unguarded.
        self._pool._network_backend = GuardedBackend(self._pool._network_backend, allow_local)


class GuardedBackend(httpcore.NetworkBackend):
    """Looks a name up once, checks every address that it has, and connects to one of those.

    The check is here and not before the request, because between two look-ups of one name its answer may change
    (DNS rebinding), and because only the resolver knows what ``0x7f.1`` or ``2130706433`` means.
    """

    def __init__(self, backend: httpcore.NetworkBackend, allow_local: bool):
        self._backend = backend
        self._allow_local = allow_local

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        check_host(host, self._allow_local)
        addresses = _addresses_of(host, port, _left(timeout))
        if not self._allow_local:
            check_addresses(host, addresses)
        for at, address in enumerate(addresses):
            try:
                stream = self._backend.connect_tcp(address, port, _left(timeout), local_address, socket_options)
                return TimedStream(stream)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if at == len(addresses) - 1:
                    _left(None)
                    raise
        raise httpcore.ConnectError(f"{host} has no address")

    def connect_unix_socket(self, *_: object, **__: object) -> httpcore.NetworkStream:
        raise httpcore.ConnectError("no address of the web is a socket of this machine")

    def sleep(self, seconds: float) -> None:
        self._backend.sleep(seconds)


def _addresses_of(host: str, port: int, timeout: float | None) -> list[str]:
    """What DNS knows of a name, or not, after *timeout* seconds at most.

    The resolver of the system takes no time limit, so a thread waits for it that nobody has to wait for.
    """
    answers: SimpleQueue[list[Any] | Exception] = SimpleQueue()

    def ask() -> None:
        try:
            answers.put(socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM))
        except Exception as error:  # raised below, by who has asked
            answers.put(error)

    threading.Thread(target=ask, name=f"DNS of {host}", daemon=True).start()
    try:
        found = answers.get(timeout=timeout)
    except Empty:
        _left(None)
        raise httpcore.ConnectTimeout(f"DNS has not said where {host} is") from None
    if isinstance(found, (OSError, UnicodeError)):
        raise httpcore.ConnectError(f"the name {host} is not known") from found
    if isinstance(found, Exception):
        raise found
    return list(dict.fromkeys(str(info[4][0]) for info in found))


class TimedStream(httpcore.NetworkStream):
    """A stream whose every step ends at the `deadline` of the thread."""

    def __init__(self, stream: httpcore.NetworkStream):
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        with _at_the_deadline():
            return self._stream.read(max_bytes, _left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        with _at_the_deadline():
            self._stream.write(buffer, _left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        with _at_the_deadline():
            return TimedStream(self._stream.start_tls(ssl_context, server_hostname, _left(timeout)))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


@contextmanager
def _at_the_deadline() -> Iterator[None]:
    """A timeout that the deadline made shorter is the deadline."""
    try:
        yield
    except httpcore.TimeoutException:
        _left(None)
        raise
