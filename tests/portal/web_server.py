"""An HTTP server on loopback that answers from a table, as threaded as a real one, and remembers every request."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from email.utils import formatdate, parsedate_to_datetime
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from select import select

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Reply:
    """What an address answers.

    Attributes:
        body: the bytes.
        media_type: the Content-Type, charset and all.
        status: of the answer.
        etag: whether the answer has an ETag and 304 is given for it.
        modified: its Last-Modified as a moment in seconds; 304 is given for it. None for none.
        headers: further headers.
        packed: whether the body is packed with gzip for those who accept that.
        stream: instead of *body*: gives its pieces, which are sent chunked, without a Content-Length.
        pause: seconds between the eighths of the body, which are sent one by one; 0 sends it at once.
        before: answers that come first, one each, before this one comes for good.
    """

    body: bytes = b""
    media_type: str = "text/html; charset=utf-8"
    status: int = 200
    etag: bool = False
    modified: float | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    packed: bool = False
    stream: Callable[[], Iterable[bytes]] | None = None
    pause: float = 0.0
    before: tuple[Reply, ...] = ()


@dataclass(frozen=True)
class Request:
    """A request as it came.

    Attributes:
        path: with its query.
        headers: names in small letters.
        time: when it came, in seconds of a clock that only goes forward.
        at_once: requests that somebody was waiting for then, this one included.
        status: of the answer.
    """

    method: str
    path: str
    headers: Mapping[str, str]
    time: float
    at_once: int
    status: int

    @property
    def is_conditional(self) -> bool:
        return bool({"if-none-match", "if-modified-since"} & set(self.headers))


NOTHING = Reply(b"<title>404</title><h1>404</h1>", status=404)


class Server:
    """Answers from a table, path → `Reply`, with its query or without; what is not in it is a 404.

    Attributes:
        replies: the table; it may be changed while the server runs. ``{base}`` in the text of a reply, and in its
            headers, is the address of the server, without a slash at the end.
        requests: what came, in order.
    """

    def __init__(self, replies: Mapping[str, Reply], port: int = 0):
        self.replies = dict(replies)
        self.requests: list[Request] = []
        self._asked: dict[str, int] = {}
        self._open: set[BaseHTTPRequestHandler] = set()
        self._lock = threading.Lock()
        self._server = _server(self, port)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def base(self) -> str:
        """``http://127.0.0.1:8100``."""
        return f"http://{HOST}:{self._server.server_port}"

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def __enter__(self) -> Server:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def forget_requests(self) -> None:
        """Begin a new list of requests; what came before `Reply.before` stays used up."""
        self.requests = []

    def paths(self) -> list[str]:
        """The paths that were asked for, in order."""
        return [request.path for request in self.requests]

    # --- one answer ------------------------------------------------------------------------------------------

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """Answer one request of *handler*."""
        came = time.monotonic()
        with self._lock:
            at_once = 1 + sum(not _hung_up(other) for other in self._open)
            self._open.add(handler)
            count = self._asked[handler.path] = self._asked.get(handler.path, 0) + 1
            reply = self.replies.get(handler.path) or self.replies.get(handler.path.partition("?")[0], NOTHING)
        if count <= len(reply.before):
            reply = reply.before[count - 1]
        body = reply.body.replace(b"{base}", self.base.encode())
        tag = f'"{sha256(body).hexdigest()[:16]}"' if reply.etag else ""
        status = 304 if _is_unchanged(reply, tag, handler.headers) else reply.status
        headers = {name.lower(): value for name, value in handler.headers.items()}
        with self._lock:
            self.requests.append(Request(handler.command, handler.path, headers, came, at_once, status))
        try:
            with suppress(ConnectionError):  # who asked hangs up in the middle of what is too much
                self._send(handler, reply, status, tag, body)
        finally:
            with self._lock:
                self._open.discard(handler)

    def _send(self, handler: BaseHTTPRequestHandler, reply: Reply, status: int, tag: str, body: bytes) -> None:
        handler.send_response(status)
        if tag:
            handler.send_header("ETag", tag)
        if reply.modified is not None:
            handler.send_header("Last-Modified", formatdate(reply.modified, usegmt=True))
        for name, value in reply.headers.items():
            handler.send_header(name, value.replace("{base}", self.base))
        if status == 304:
            handler.end_headers()
            return
        if reply.media_type:
            handler.send_header("Content-Type", reply.media_type)
        if reply.packed and "gzip" in handler.headers.get("Accept-Encoding", ""):
            handler.send_header("Content-Encoding", "gzip")
            body = gzip.compress(body)
        if reply.stream is None:
            handler.send_header("Content-Length", str(len(body)))
            handler.end_headers()
            for piece in _eighths(body) if reply.pause else (body,):
                handler.wfile.write(piece)
                time.sleep(reply.pause)
            return
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        for piece in reply.stream():
            handler.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
        handler.wfile.write(b"0\r\n\r\n")


def _hung_up(handler: BaseHTTPRequestHandler) -> bool:
    """Whether the other side closed the connection, though we may still be sending."""
    try:
        has_news = bool(select([handler.connection], [], [], 0)[0])
        return has_news and not handler.connection.recv(1, socket.MSG_PEEK)
    except (OSError, ValueError):  # reset, or closed by now
        return True


def _eighths(body: bytes) -> list[bytes]:
    size = len(body) // 8 + 1
    return [body[at : at + size] for at in range(0, len(body), size)]


def _is_unchanged(reply: Reply, tag: str, asked: Mapping[str, str]) -> bool:
    """Whether the conditions of a request hold (RFC 9110, 13.2.2: If-None-Match goes before If-Modified-Since)."""
    if reply.status != 200:
        return False
    if tag and asked.get("If-None-Match"):
        return tag in asked["If-None-Match"]
    if reply.modified is None or not asked.get("If-Modified-Since"):
        return False
    try:
        return int(reply.modified) <= parsedate_to_datetime(asked["If-Modified-Since"]).timestamp()
    except ValueError:
        return False


def _server(portal: Server, port: int) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # or every answer waits 40 ms for an acknowledgement
        timeout = 30

        def do_GET(self) -> None:
            portal.answer(self)

        do_HEAD = do_POST = do_GET

        def log_message(self, *_: object) -> None:
            """Tests read `requests`; nobody reads lines."""

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

        def handle_error(self, *_: object) -> None:
            """A client that hangs up is no news."""

    return Quiet((HOST, port), Handler)


def trickle(piece: bytes, count: int, pause: float) -> Callable[[], Iterator[bytes]]:
    """A stream of *count* pieces with *pause* seconds after each."""

    def pieces() -> Iterator[bytes]:
        for _ in range(count):
            yield piece
            time.sleep(pause)

    return pieces
