"""Fetching from a real server on loopback: manners, limits, safety, and what is remembered."""

from __future__ import annotations

import gzip
import socket
import threading
import time
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from email.utils import formatdate
from itertools import pairwise
from pathlib import Path

import pytest
from portal.web_server import Reply, Server, trickle

from plugins.mirror.web.client import Client, Policy, pause_of
from plugins.mirror.web.store import EPOCH, Store

QUICK = Policy(contact="desk@harbour.example", rate=1000.0, backoff=0.001, timeout=5.0, deadline=10.0, allow_local=True)
STORY = "<title>渡轮复航</title><p>港口的渡轮周一复航。</p>".encode()
ALLOWED = {"/robots.txt": Reply(b"User-agent: *\nAllow: /\n", "text/plain")}
LAST_WEEK = time.time() - 7 * 86_400


@pytest.fixture
def serve() -> Iterator[Callable[..., Server]]:
    """Start a server that answers from the table that is given, and robots.txt that allows all."""
    servers: list[Server] = []

    def start(replies: dict[str, Reply]) -> Server:
        servers.append(Server(ALLOWED | replies))
        servers[-1].start()
        return servers[-1]

    yield start
    for server in servers:
        server.stop()


@pytest.fixture
def client_of(tmp_path: Path) -> Iterator[Callable[..., Client]]:
    """Make the client of a further run, on the cache that the runs before have left."""
    clients: list[Client] = []

    def make(**limits: object) -> Client:
        policy = Policy(**{name: getattr(QUICK, name) for name in Policy.__slots__} | limits)
        clients.append(Client(policy, Store(tmp_path / "web.sqlite"), warnings.append))
        return clients[-1]

    warnings: list[str] = []
    make.warnings = warnings
    yield make
    for client in clients:
        client.close()
        client.store.close()


def asked(server: Server, path: str) -> list[dict[str, str]]:
    """The conditions of each request for *path*, in order."""
    names = ("if-none-match", "if-modified-since")
    return [
        {name: request.headers[name] for name in names if name in request.headers}
        for request in server.requests
        if request.path == path
    ]


# --- what comes ------------------------------------------------------------------------------------------------------


def test_a_page_comes_with_what_the_server_says_of_it(serve, client_of) -> None:
    """Bytes, address, type, charset and time are in the document; the fragment is not sent."""
    link = "</en/a.html>; rel=alternate; hreflang=en"
    server = serve({"/a.html": Reply(STORY, "text/html; charset=gb2312", headers={"Link": link})})
    fetched = client_of().fetch(f"{server.base}/a.html#top")
    document = fetched.document
    assert ("fetched", STORY, f"{server.base}/a.html") == (fetched.outcome, document.data, document.url)
    assert ("text/html", "gb2312", link) == (document.media_type, document.charset, document.link_header)
    assert document.retrieved is not None


def test_we_say_who_we_are(serve, client_of) -> None:
    """Each request names the mirror and whom to turn to."""
    server = serve({"/a.html": Reply(STORY)})
    client_of().fetch(f"{server.base}/a.html")
    assert {"DuikaiMirror/0.1 (+desk@harbour.example)"} == {item.headers["user-agent"] for item in server.requests}


def test_a_contact_that_cannot_be_sent_is_a_mistake() -> None:
    """A User-Agent is plain ASCII on one line."""
    with pytest.raises(ValueError, match="contact"):
        Policy(contact="desk@harbour.example\r\nX: 1")


def test_cookies_are_not_sent_back(serve, client_of) -> None:
    """No host gets a cookie, its own included."""
    server = serve({"/a.html": Reply(STORY, headers={"Set-Cookie": "id=7; Path=/"}), "/b.html": Reply(STORY)})
    client = client_of()
    client.fetch(f"{server.base}/a.html")
    client.fetch(f"{server.base}/b.html")
    assert [] == [item.path for item in server.requests if "cookie" in item.headers]


def test_proxies_of_the_environment_are_ignored(serve, client_of, monkeypatch) -> None:
    """A proxy that is set for other programs would hide from us where we connect to."""
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    server = serve({"/a.html": Reply(STORY)})
    assert "fetched" == client_of().fetch(f"{server.base}/a.html").outcome


@pytest.mark.parametrize(
    ("coding", "data"),
    [
        ("gzip", gzip.compress(STORY, mtime=0)),
        ("gzip", gzip.compress(STORY[:20], mtime=0) + gzip.compress(STORY[20:], mtime=0) + b"\0\0"),
        ("deflate", zlib.compress(STORY)),
        ("deflate", zlib.compressobj(wbits=-15).compress(b"") + zlib.compress(STORY, wbits=-15)),
    ],
)
def test_packed_answers_are_unpacked(serve, client_of, coding: str, data: bytes) -> None:
    """gzip, in one member or two, with padding; deflate with and without its header."""
    server = serve({"/a.html": Reply(data, headers={"Content-Encoding": coding})})
    assert STORY == client_of().fetch(f"{server.base}/a.html").document.data


# --- conditions ------------------------------------------------------------------------------------------------------


def test_an_unchanged_page_is_not_sent_again(serve, client_of) -> None:
    """304 gives the stored document, with the time when it first came."""
    server = serve({"/a.html": Reply(STORY, etag=True, modified=LAST_WEEK)})
    first = client_of().fetch(f"{server.base}/a.html")
    second = client_of().fetch(f"{server.base}/a.html")
    assert ("unchanged", first.document) == (second.outcome, second.document)
    assert [200, 304] == [item.status for item in server.requests if item.path == "/a.html"]


@pytest.mark.parametrize(
    ("reply", "condition"),
    [
        (Reply(STORY, headers={"ETag": 'W/"7"'}), {"if-none-match": 'W/"7"'}),
        (Reply(STORY, modified=86_400.0), {"if-modified-since": "Fri, 02 Jan 1970 00:00:00 GMT"}),
        (Reply(b"", status=404), {"if-modified-since": EPOCH}),
        (Reply(b"", status=500), {"if-modified-since": EPOCH}),
        (Reply(STORY, status=301, headers={"Location": "/robots.txt"}), {"if-modified-since": EPOCH}),
        (Reply(STORY, headers={"Last-Modified": "yesterday", "ETag": "«7»"}), None),
        (Reply(STORY), None),
    ],
)
def test_the_second_request_has_a_condition(serve, client_of, reply: Reply, condition: dict | None) -> None:
    """ETag, else Last-Modified, else the Date of the answer; the epoch when there is nothing to compare with."""
    server = serve({"/a.html": reply})
    client_of(retries=0).fetch(f"{server.base}/a.html")
    client_of(retries=0).fetch(f"{server.base}/a.html")
    first, second = asked(server, "/a.html")
    if condition is None:
        recent = [formatdate(time.time() - ago, usegmt=True) for ago in range(30)]
        assert ({}, True) == (first, second.get("if-modified-since") in recent)
    else:
        assert ({}, condition) == (first, second)


def test_retries_and_other_purposes_have_a_condition_too(serve, client_of) -> None:
    """robots.txt, a list and a picture are asked for with a condition, and so is each retry."""
    broken = Reply(status=500)
    replies = {"/feed.xml": Reply(b"<rss/>", "text/xml", before=(broken,)), "/a.png": Reply(b"\x89PNG", "image/png")}
    server = serve(replies)
    for _ in range(2):
        client = client_of()
        client.fetch(f"{server.base}/feed.xml", "list")
        client.fetch(f"{server.base}/a.png", "picture")
    for path in ("/robots.txt", "/feed.xml", "/a.png"):
        assert [False, *[True] * (len(asked(server, path)) - 1)] == [bool(item) for item in asked(server, path)]


def test_the_same_bytes_are_unchanged_whatever_the_status(serve, client_of) -> None:
    """A server that knows no conditions sends the page again; it is still the same page."""
    server = serve({"/a.html": Reply(STORY)})
    first = client_of().fetch(f"{server.base}/a.html")
    second = client_of().fetch(f"{server.base}/a.html")
    assert ("unchanged", first.document) == (second.outcome, second.document)


def test_a_changed_page_is_fetched(serve, client_of) -> None:
    """New bytes are new, and the stored ones from then on."""
    server = serve({"/a.html": Reply(STORY, etag=True)})
    client_of().fetch(f"{server.base}/a.html")
    server.replies["/a.html"] = Reply(STORY + b"<p>!", etag=True)
    assert ("fetched", STORY + b"<p>!") == (
        (second := client_of().fetch(f"{server.base}/a.html")).outcome,
        second.document.data,
    )
    assert "unchanged" == client_of().fetch(f"{server.base}/a.html").outcome


def test_unchanged_since_never_is_asked_again_without_a_condition(serve, client_of) -> None:
    """A server that answers 304 although we hold nothing is asked once more."""
    server = serve({"/a.html": Reply(STORY, before=(Reply(status=404), Reply(status=304)))})
    client_of().fetch(f"{server.base}/a.html")
    assert "fetched" == client_of().fetch(f"{server.base}/a.html").outcome
    assert [{}, {"if-modified-since": EPOCH}, {}] == asked(server, "/a.html")


def test_a_failure_does_not_lose_what_we_have(serve, client_of) -> None:
    """After an evening of 500 the page is still known, and 304 brings it back."""
    server = serve({"/a.html": Reply(STORY, etag=True)})
    client_of().fetch(f"{server.base}/a.html")
    server.replies["/a.html"] = Reply(status=500)
    assert "failed" == client_of().fetch(f"{server.base}/a.html").outcome
    server.replies["/a.html"] = Reply(STORY, etag=True)
    assert ("unchanged", STORY) == (
        (third := client_of().fetch(f"{server.base}/a.html")).outcome,
        third.document.data,
    )


def test_what_was_withdrawn_is_not_brought_back(serve, client_of) -> None:
    """After 410 the stored body is forgotten."""
    server = serve({"/a.html": Reply(STORY, etag=True)})
    client_of().fetch(f"{server.base}/a.html")
    server.replies["/a.html"] = Reply(status=410)
    client = client_of()
    assert ("gone", 410, None) == (
        (gone := client.fetch(f"{server.base}/a.html")).outcome,
        gone.status,
        client.store.document(f"{server.base}/a.html"),
    )


# --- retries ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_what_may_pass_is_tried_again(serve, client_of, status: int) -> None:
    """Servers recover."""
    server = serve({"/a.html": Reply(STORY, before=(Reply(status=status), Reply(status=status)))})
    assert ("fetched", 3) == (client_of().fetch(f"{server.base}/a.html").outcome, len(asked(server, "/a.html")))


def test_what_does_not_pass_is_tried_so_often_and_less_often_in_the_next_run(serve, client_of) -> None:
    """Three retries, and one in the next run."""
    server = serve({"/a.html": Reply(status=500)})
    fetched = client_of().fetch(f"{server.base}/a.html")
    assert ("failed", 500, "The server answers with status 500.") == (fetched.outcome, fetched.status, fetched.why)
    assert 4 == len(asked(server, "/a.html"))
    client_of().fetch(f"{server.base}/a.html")
    assert 6 == len(asked(server, "/a.html"))


@pytest.mark.parametrize("status", [400, 401, 403, 451])
def test_what_is_forbidden_is_not_tried_again(serve, client_of, status: int) -> None:
    """A refusal is an answer."""
    server = serve({"/a.html": Reply(status=status)})
    assert ("failed", 1) == (client_of().fetch(f"{server.base}/a.html").outcome, len(asked(server, "/a.html")))


def test_retries_have_a_budget(serve, client_of) -> None:
    """Many broken pages of one host are tried five times more between them, and not three times each."""
    server = serve({f"/{page}.html": Reply(status=500) for page in range(8)})
    client = client_of(host_retries=5)
    outcomes = {client.fetch(f"{server.base}/{page}.html").outcome for page in range(8)}
    assert ({"failed"}, 8 + 5) == (outcomes, len(server.requests) - 1)


def test_retry_after_is_honoured(serve, client_of) -> None:
    """The host rests as long as it asks."""
    busy = Reply(status=429, headers={"Retry-After": "1"})
    server = serve({"/a.html": Reply(STORY, before=(busy,))})
    assert "fetched" == client_of().fetch(f"{server.base}/a.html").outcome
    first, second = [item.time for item in server.requests if item.path == "/a.html"]
    assert second - first >= 1


def test_a_pause_beyond_the_budget_is_not_waited_for(serve, client_of) -> None:
    """The address fails at once; after three such answers in a row the host is left alone."""
    busy = Reply(status=503, headers={"Retry-After": "86400"})
    server = serve({f"/{page}.html": busy for page in range(5)})
    client = client_of()
    whys = [client.fetch(f"{server.base}/{page}.html").why for page in range(5)]
    assert ["The server answers with status 503."] * 3 == whys[:3]
    assert ["127.0.0.1 asked us to stay away for longer than this run lasts."] * 2 == whys[3:]
    assert 3 == len(server.requests) - 1


def test_a_connection_that_breaks_is_tried_again(serve, client_of) -> None:
    """A body that ends too early is no body."""
    cut = Reply(b"half", headers={"Content-Encoding": "gzip"})
    halved = Reply(gzip.compress(STORY)[:-12], headers={"Content-Encoding": "gzip"})
    server = serve({"/a.html": Reply(STORY, before=(cut, halved))})
    assert ("fetched", 3) == (client_of().fetch(f"{server.base}/a.html").outcome, len(asked(server, "/a.html")))


def test_a_page_that_stops_in_the_middle_is_tried_again(client_of) -> None:
    """A body that is shorter than announced is not taken for the page."""
    answers = [b"HTTP/1.1 404 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"]
    answers += [
        b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(STORY) + part
        for part in (b"<", STORY)
    ]
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            for data in answers:
                connection, _ = listener.accept()
                with connection:
                    connection.recv(65_536)
                    connection.sendall(data)

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        fetched = client_of().fetch(f"http://127.0.0.1:{listener.getsockname()[1]}/a.html")
        assert ("fetched", STORY) == (fetched.outcome, fetched.document.data)
        thread.join()


def test_nobody_there_is_a_sentence(client_of) -> None:
    """A port that nobody listens at makes robots.txt unreadable, and so nothing is fetched."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    fetched = client_of(retries=1).fetch(f"http://127.0.0.1:{port}/a.html")
    assert ("failed", True) == (fetched.outcome, "cannot be reached" in fetched.why)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("7", 7.0),
        ("", 0.0),
        ("soon", 0.0),
        ("-3", 0.0),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0.0),
        ("Thu, 01 Jan 99999999999 00:00:00 GMT", 0.0),
        ("Sat, 21 Nov 2026 10:00:30 GMT", 30.0),
    ],
)
def test_retry_after_is_seconds_or_a_moment(text: str, seconds: float) -> None:
    """RFC 9110, 10.2.3."""
    assert seconds == pause_of(text, datetime(2026, 11, 21, 10, tzinfo=UTC))


# --- limits ----------------------------------------------------------------------------------------------------------


def endless() -> Iterator[bytes]:
    while True:
        yield b"<p>no end</p>" * 5000


def bomb() -> Iterator[bytes]:
    """Zeros without end, a thousand of them in each byte."""
    packer = zlib.compressobj(wbits=31)
    while True:
        if packed := packer.compress(bytes(1_000_000)):
            yield packed


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        (Reply(stream=endless), "It is larger than 0.1 MB."),
        (Reply(stream=bomb, headers={"Content-Encoding": "gzip"}), "It is larger than 0.1 MB."),
        (Reply(bytes(300_000)), "It is 0.3 MB large, and the limit is 0.1 MB."),
        (Reply(b"?", headers={"Content-Encoding": "br"}), 'It is packed as "br", which we did not ask for.'),
        (
            Reply(b"?", headers={"Content-Encoding": "gzip, gzip"}),
            'It is packed as "gzip, gzip", which we did not ask for.',
        ),
        (Reply(b"%PDF", "application/pdf"), "It is application/pdf, not what a page is."),
    ],
)
def test_what_is_too_much_is_refused(serve, client_of, reply: Reply, why: str) -> None:
    """It is refused while it arrives, or before, and not tried again."""
    server = serve({"/a.html": reply})
    fetched = client_of(page_limit=100_000).fetch(f"{server.base}/a.html")
    assert ("refused", why, 1) == (fetched.outcome, fetched.why, len(asked(server, "/a.html")))


def test_a_bomb_is_let_out_in_pieces(serve, client_of) -> None:
    """At the default limits, a page of ten gigabytes takes no more memory than its limit and a little."""
    server = serve({"/a.html": Reply(gzip.compress(bytes(200_000_000), 1), headers={"Content-Encoding": "gzip"})})
    client = client_of()
    client.fetch(f"{server.base}/b.html")
    tracemalloc.start()
    outcome = client.fetch(f"{server.base}/a.html").outcome
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert ("refused", True) == (outcome, peak < 3 * QUICK.page_limit)


def test_lists_and_pictures_have_limits_of_their_own(serve, client_of) -> None:
    """A feed may be larger than a page."""
    server = serve({"/a": Reply(bytes(300), "text/xml")})
    client = client_of(page_limit=200, list_limit=400, picture_limit=100)
    outcomes = [client.fetch(f"{server.base}/a", purpose).outcome for purpose in ("page", "list", "picture")]
    assert ["refused", "fetched", "refused"] == outcomes


def test_a_trickle_ends_at_the_deadline(serve, client_of) -> None:
    """A byte now and then keeps a connection alive, and does not keep us."""
    server = serve({"/a.html": Reply(stream=trickle(b".", 200, 0.02))})
    fetched = client_of(deadline=0.3).fetch(f"{server.base}/a.html")
    assert ("failed", "It did not come within 0.3 seconds.") == (fetched.outcome, fetched.why)


def test_headers_that_trickle_end_at_the_deadline_too(client_of) -> None:
    """The deadline holds for the whole answer and not for its body alone."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            connection, _ = listener.accept()
            with connection:
                try:
                    connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")
                    for _ in range(200):
                        connection.sendall(b".")
                        time.sleep(0.02)
                except OSError:
                    return

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        fetched = client_of(deadline=0.3).fetch(f"http://127.0.0.1:{listener.getsockname()[1]}/a.html")
        assert ("failed", True) == (fetched.outcome, "did not come within 0.3 seconds" in fetched.why)
        thread.join()


# --- redirects -------------------------------------------------------------------------------------------------------


def moved(to: str, status: int = 302) -> Reply:
    return Reply(status=status, headers={"Location": to})


def test_redirects_are_followed(serve, client_of) -> None:
    """The document has the last address; the others are told."""
    server = serve({"/a": moved("/b", 301), "/b": moved("{base}/c.html#x"), "/c.html": Reply(STORY)})
    fetched = client_of().fetch(f"{server.base}/a")
    assert ("fetched", f"{server.base}/c.html") == (fetched.outcome, fetched.document.url)
    assert (f"{server.base}/a", f"{server.base}/b") == fetched.redirects


@pytest.mark.parametrize(
    ("replies", "outcome", "why"),
    [
        ({"/a": moved("/b"), "/b": moved("/a")}, "failed", "Its redirects go round in a circle"),
        ({"/a": moved("/a")}, "failed", "Its redirects go round in a circle"),
        ({"/a": moved("/1"), **{f"/{at}": moved(f"/{at + 1}") for at in range(1, 9)}}, "failed", "more than 5 times"),
        ({"/a": Reply(status=302)}, "failed", "to nowhere"),
        ({"/a": moved("ftp://harbour.example/a")}, "refused", "neither http nor https"),
        ({"/a": moved("javascript:alert(1)")}, "refused", "neither http nor https"),
        ({"/a": moved("http://me:secret@harbour.example/")}, "refused", "a user name or password"),
        ({"/a": moved("http://[::1")}, "failed", "no address"),
        ({"/a": moved("/closed/b")}, "robots", "forbids"),
    ],
)
def test_redirects_that_lead_nowhere(serve, client_of, replies: dict[str, Reply], outcome: str, why: str) -> None:
    """Each hop is checked as the first address was."""
    robots = {"/robots.txt": Reply(b"User-agent: *\nDisallow: /closed/", "text/plain")}
    fetched = client_of().fetch(f"{serve(robots | replies).base}/a")
    assert (outcome, True) == (fetched.outcome, why in fetched.why), fetched.why


# --- safety ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "127.1", "2130706433", "0x7f.1", "0177.0.0.1", "[::ffff:127.0.0.1]"]
)
def test_this_machine_is_not_asked(serve, client_of, host: str) -> None:
    """Loopback is refused in every spelling, its robots.txt too."""
    server = serve({"/a.html": Reply(STORY)})
    fetched = client_of(allow_local=False).fetch(f"http://{host}:{server.base.rpartition(':')[2]}/a.html")
    assert ("refused", []) == (fetched.outcome, server.requests)


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://a.example/",
        "javascript:1",
        "data:text/html,x",
        "//a.example/",
        "",
        "http://",
        "http://u:p@127.0.0.1/",
        "http://a.example:99999/",
        "http://a.example/\ud800",
    ],
)
def test_only_the_web_is_asked(client_of, url: str) -> None:
    """Other schemes, no host and passwords are refused without a connection."""
    assert "refused" == client_of().fetch(url).outcome


# --- robots.txt ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("robots", "path", "outcome"),
    [
        (Reply(b"User-agent: *\nDisallow: /a", "text/plain"), "/a.html", "robots"),
        (
            Reply(b"User-agent: duikaimirror\nAllow: /\n\nUser-agent: *\nDisallow: /", "text/plain"),
            "/a.html",
            "fetched",
        ),
        (Reply(b"User-agent: DuikaiMirror\nDisallow: /\n\nUser-agent: *\nAllow: /", "text/plain"), "/a.html", "robots"),
        (Reply(b"User-agent: *\nDisallow: /\nAllow: /a.html$", "text/plain"), "/a.html", "fetched"),
        (Reply(b"<html><h1>Not found</h1>"), "/a.html", "fetched"),
        (Reply(b"\xef\xbb\xbfUser-agent: *\r\nDisallow: /", "text/plain"), "/a.html", "robots"),
        (Reply(b"#" * 600_000 + b"\nUser-agent: *\nDisallow: /", "text/plain"), "/a.html", "fetched"),
        (Reply(b"User-agent: *\nDisallow: /\n" + b"#" * 600_000, "text/plain"), "/a.html", "robots"),
        (Reply(status=404), "/a.html", "fetched"),
        (Reply(status=403), "/a.html", "fetched"),
        (Reply(status=503), "/a.html", "failed"),
        (Reply(status=429), "/a.html", "failed"),
        (moved("/robots.txt"), "/a.html", "fetched"),
        (moved("/rules"), "/a.html", "robots"),
    ],
)
def test_robots_txt_decides(serve, client_of, robots: Reply, path: str, outcome: str) -> None:
    """RFC 9309: no file allows, an unreadable one forbids; our own group goes before the one for all."""
    rules = Reply(b"User-agent: *\nDisallow: /", "text/plain")
    server = serve({"/robots.txt": robots, "/rules": rules, path: Reply(STORY)})
    fetched = client_of(retries=0).fetch(f"{server.base}{path}")
    assert outcome == fetched.outcome, fetched.why


def test_robots_txt_is_fetched_once_in_a_run(serve, client_of) -> None:
    """Whoever comes while it is on its way waits for it."""
    server = serve({f"/{page}.html": Reply(STORY) for page in range(8)})
    client = client_of()
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda page: client.fetch(f"{server.base}/{page}.html"), range(8)))
    assert (1, 9) == (server.paths().count("/robots.txt"), len(server.requests))


def test_sitemaps_are_those_of_robots_txt(serve, client_of) -> None:
    """Lists begin there."""
    server = serve({"/robots.txt": Reply(b"Sitemap: {base}/sitemap.xml", "text/plain")})
    assert (f"{server.base}/sitemap.xml",) == client_of().sitemaps_of(f"{server.base}/a.html")


# --- pace ------------------------------------------------------------------------------------------------------------


def gaps(server: Server) -> list[float]:
    times = [request.time for request in server.requests]
    return [later - earlier for earlier, later in pairwise(times)]


def test_a_host_has_one_connection_and_a_rate(serve, client_of) -> None:
    """However many threads want something of a host, requests come one by one, with pauses."""
    server = serve({f"/{page}.html": Reply(STORY) for page in range(6)})
    client = client_of(rate=20.0)
    with ThreadPoolExecutor(6) as threads:
        list(threads.map(lambda page: client.fetch(f"{server.base}/{page}.html"), range(6)))
    assert ({1}, True) == ({item.at_once for item in server.requests}, min(gaps(server)) >= 0.05)


def test_crawl_delay_is_kept(serve, client_of) -> None:
    """A longer pause that the host asks for goes before our own rate, from the first page on."""
    server = serve({"/robots.txt": Reply(b"User-agent: *\nCrawl-delay: 0.2", "text/plain"), "/a.html": Reply(STORY)})
    client_of().fetch(f"{server.base}/a.html")
    assert gaps(server)[0] >= 0.2


def test_an_endless_crawl_delay_is_cut_and_told(serve, client_of) -> None:
    """A day between two requests is no mirror; somebody should know that we do not wait so long."""
    server = serve({"/robots.txt": Reply(b"User-agent: *\nCrawl-delay: 86400", "text/plain"), "/a.html": Reply(STORY)})
    client_of(longest_delay=0.05).fetch(f"{server.base}/a.html")
    host = server.base.removeprefix("http://")
    told = [f"{host}: robots.txt asks for 86400 seconds between requests; we wait 0.05."]
    assert (told, True) == (client_of.warnings, gaps(server)[0] >= 0.05)


def test_who_waits_when_the_run_ends_stops_waiting(serve, client_of) -> None:
    """Ctrl-C must not wait for a slow portal's turn."""
    server = serve({"/a.html": Reply(STORY)})
    client = client_of(rate=0.001)
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(client.fetch, f"{server.base}/a.html")
        while not server.requests:
            time.sleep(0.01)
        client.close()
        assert "failed" == waiting.result().outcome
