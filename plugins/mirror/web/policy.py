"""How politely and how long the mirror asks: every limit of fetching in one place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

PRODUCT = "DuikaiMirror"
"""Our name in the User-Agent, and the one that a robots.txt calls us by (RFC 9309, 2.2.1)."""

VERSION = "0.1"

PURPOSES = ("page", "list", "picture")
"""What an address is fetched for; each has its limit of size and the kinds of answer that it does not want."""

ROBOTS = "robots"
"""The purpose of the client's own requests for robots.txt."""


@dataclass(frozen=True, slots=True)
class Policy:
    """Limits of one run; sizes are in bytes after decompression, times in seconds.

    robots.txt cannot be switched off. Whoever mirrors a portal of their own writes
    ``User-agent: DuikaiMirror`` and ``Allow: /`` in that portal's robots.txt.

    Attributes:
        contact: an address of the web or a mail address, in ASCII; who runs a portal turns to it.
        rate: requests per second to one host, at most; counted from the end of one answer to the next request.
        rates: host → its own rate.
        longest_delay: a Crawl-delay beyond this is cut to it, with a warning.
        connect_timeout: for the connection and for TLS.
        timeout: without a byte from the server.
        deadline: for one answer as a whole, so that a trickle ends too.
        page_limit: of a page.
        list_limit: of a feed or a sitemap, packed or not.
        picture_limit: of a picture.
        robots_limit: of robots.txt; the rest is not read (RFC 9309, 2.5, demands 500 KiB).
        redirect_limit: hops.
        retries: further tries of one address; one at most when it failed that often before, in an earlier run.
        backoff: before the first retry; doubled for each further one, and shortened by up to half at random.
        host_retries, host_retry_seconds: retries of all addresses of one host, and what is waited for them.
        run_retries, run_retry_seconds: the same for the whole run.
        patience: after this many answers in a row that ask for a longer pause than we have, a host is left alone.
        allow_local: whether private and loopback addresses may be asked.
    """

    contact: str = ""
    rate: float = 1.0
    rates: Mapping[str, float] = field(default_factory=dict)
    longest_delay: float = 30.0
    connect_timeout: float = 10.0
    timeout: float = 30.0
    deadline: float = 60.0
    page_limit: int = 8_000_000
    list_limit: int = 50_000_000
    picture_limit: int = 20_000_000
    robots_limit: int = 512_000
    redirect_limit: int = 5
    retries: int = 3
    backoff: float = 1.0
    host_retries: int = 20
    host_retry_seconds: float = 120.0
    run_retries: int = 100
    run_retry_seconds: float = 600.0
    patience: int = 3
    allow_local: bool = False

    def __post_init__(self) -> None:
        if not (self.contact.isascii() and self.contact.isprintable()) or set(self.contact) & set("()"):
            raise ValueError(f"contact {self.contact!r} cannot stand in a User-Agent: it is not plain ASCII")
        if not all(rate > 0 for rate in (self.rate, *self.rates.values())):
            raise ValueError("a rate is a number of requests per second above 0")

    @property
    def user_agent(self) -> str:
        """``DuikaiMirror/0.1 (+desk@harbour.example)``."""
        return f"{PRODUCT}/{VERSION}" + (f" (+{self.contact})" if self.contact else "")

    def limit_of(self, purpose: str) -> int:
        """Bytes of an answer at most; *purpose* is one of `PURPOSES` or `ROBOTS`."""
        limits = {"page": self.page_limit, "list": self.list_limit, "picture": self.picture_limit}
        return {**limits, ROBOTS: self.robots_limit}[purpose]

    def interval_of(self, host: str) -> float:
        """Seconds between two requests to *host*, before its robots.txt is asked."""
        return 1 / self.rates.get(host, self.rate)
