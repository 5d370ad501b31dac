"""Fetch addresses of the web: politely, within limits, and never twice without a condition."""

from __future__ import annotations

import random
import sys
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256

import httpx

from plugins.mirror.document import Document
from plugins.mirror.web.body import ACCEPTED, Damaged, drain, read_body
from plugins.mirror.web.guard import Refused, check_host, web_address
from plugins.mirror.web.pace import Closed, Pace
from plugins.mirror.web.policy import PRODUCT, PURPOSES, ROBOTS, Policy
from plugins.mirror.web.robots import Rules, read_rules, rules_without
from plugins.mirror.web.store import Store, Stored, conditions_of, moment_of
from plugins.mirror.web.transport import GuardedTransport, TooSlow, deadline

__all__ = ["PURPOSES", "Client", "Fetched", "Policy"]

FETCHED, UNCHANGED, FORBIDDEN, GONE, REFUSED, FAILED = "fetched", "unchanged", "robots", "gone", "refused", "failed"

REDIRECTS = (301, 302, 303, 307, 308)
PASSING = (429, 500, 502, 503, 504)
"""Answers that may be others a moment later."""

BODIES = (200, 203)

UNWANTED: Mapping[str, tuple[str, ...]] = {
    "page": ("image/", "audio/", "video/", "font/", "application/pdf", "application/zip"),
    "list": ("image/", "audio/", "video/", "font/", "application/pdf"),
    "picture": ("text/html", "audio/", "video/", "font/", "application/pdf", "application/json"),
    ROBOTS: (),
}
"""Purpose → media types that are not even read; what else a document is, its bytes say better than its server."""

ACCEPT: Mapping[str, str] = {
    "page": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "list": "application/atom+xml,application/rss+xml,application/feed+json,application/xml,text/xml,*/*;q=0.8",
    "picture": "image/avif,image/webp,image/*,*/*;q=0.5",
    ROBOTS: "text/plain,*/*;q=0.5",
}


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came of one address.

    Attributes:
        url: the address that was asked for.
        document: what is there, its `url` the one after redirects, its `retrieved` the time when these bytes first
            came; None when the outcome is neither ``fetched`` nor ``unchanged``.
        outcome: ``fetched``; ``unchanged``: the bytes are those of last time; ``robots``: the host's robots.txt forbids
            it; ``gone``: 404 or 410; ``refused``: we do not want it (where it is, how large, what kind); ``failed``,
            also when robots.txt cannot be read, so that nothing may be fetched.
        why: a sentence when there is no document, else empty.
        redirects: the addresses on the way, from the one asked to the last but one.
        status: of the last answer; 0 when there was none.
    """

    url: str
    document: Document | None
    outcome: str
    why: str = ""
    redirects: tuple[str, ...] = ()
    status: int = 0


@dataclass(frozen=True, slots=True)
class _Answer:
    """One answer of one address; `pause` in seconds is None when another try makes no sense."""

    outcome: str
    status: int = 0
    why: str = ""
    document: Document | None = None
    location: str = ""
    pause: float | None = None
    asks_to_wait: bool = False


class Client:
    """Fetches for one run; any number of threads may share it, and each host is asked by one at a time.

    Addresses may name any port. Cookies are not kept, proxies and passwords of the environment not used. Memory grows
    with the number of hosts and not of pages.

    Args:
        warn: gets a line for what concerns a whole host, such as a Crawl-delay that is cut.
    """

    def __init__(self, policy: Policy, store: Store, warn: Callable[[str], object] | None = None):
        self.policy = policy
        self.store = store
        self._warn = warn or (lambda line: print(line, file=sys.stderr))
        self._pace = Pace(policy.host_retries, policy.host_retry_seconds, policy.run_retries, policy.run_retry_seconds)
        self._rules: dict[str, Future[Rules]] = {}
        self._rules_lock = threading.Lock()
        # Not httpx.Client: it would keep cookies, read Location itself and give up on addresses that are none.
        self._transport = GuardedTransport(policy.allow_local)
        self._headers = {"User-Agent": policy.user_agent, "Accept-Encoding": ACCEPTED}
        self._timeouts = httpx.Timeout(policy.timeout, connect=policy.connect_timeout, pool=None).as_dict()

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the run: who waits for a turn stops waiting, and connections are closed. The store stays open."""
        self._pace.close()
        self._transport.close()

    def fetch(self, url: str, purpose: str = "page", referer: str | None = None) -> Fetched:
        """Fetch *url*, unless manners, limits or safety forbid it; nothing raises.

        Args:
            purpose: one of `PURPOSES`; decides the limit of size, and which kinds of answer are not wanted.
            referer: the page that shows it, for pictures that are given out to readers of the page only.
        """
        try:
            shown_on = str(web_address(referer)) if referer else None
        except Refused:
            shown_on = None
        return self._follow(url, purpose, shown_on)

    def sitemaps_of(self, url: str) -> tuple[str, ...]:
        """The sitemaps that the robots.txt of the host of *url* names; none when it cannot be asked."""
        try:
            address = web_address(url)
            check_host(address.host, self.policy.allow_local)
            return self._rules_of(address).sitemaps
        except Refused:
            return ()

    # --- one address and its redirects -----------------------------------------------------------------------

    def _follow(self, url: str, purpose: str, referer: str | None = None) -> Fetched:
        passed: list[str] = []
        try:
            address = web_address(url)
            while True:
                answer = self._permitted(address, purpose, referer)
                if not answer.location:
                    why = answer.why
                    return Fetched(url, answer.document, answer.outcome, why, tuple(passed), answer.status)
                passed.append(str(address))
                address = web_address(str(address.join(answer.location)))
                if str(address) in passed:
                    why = f"Its redirects go round in a circle, by way of {address}."
                    return Fetched(url, None, FAILED, why, tuple(passed), answer.status)
                if len(passed) > self.policy.redirect_limit:
                    why = f"It is redirected more than {self.policy.redirect_limit} times."
                    return Fetched(url, None, FAILED, why, tuple(passed), answer.status)
        except Refused as refusal:
            return Fetched(url, None, REFUSED, str(refusal), tuple(passed))
        except httpx.InvalidURL:
            return Fetched(url, None, FAILED, "It is redirected to something that is no address.", tuple(passed))
        except Closed:
            return Fetched(url, None, FAILED, "The run ended before its turn came.", tuple(passed))

    def _permitted(self, address: httpx.URL, purpose: str, referer: str | None) -> _Answer:
        """The answer of *address*, if robots.txt and the host's patience permit to ask."""
        check_host(address.host, self.policy.allow_local)
        interval = self.policy.interval_of(address.host)
        if purpose == ROBOTS:
            return self._insist(address, purpose, referer, interval)
        rules = self._rules_of(address)
        if rules.unreadable:
            return _Answer(REFUSED if rules.is_refused else FAILED, why=rules.unreadable)
        if not rules.allow(str(address)):
            return _Answer(FORBIDDEN, why=f"The robots.txt of {address.netloc.decode()} forbids it.")
        return self._insist(address, purpose, referer, max(interval, min(rules.delay, self.policy.longest_delay)))

    # --- robots.txt ------------------------------------------------------------------------------------------

    def _rules_of(self, address: httpx.URL) -> Rules:
        """What the robots.txt of the host says; it is fetched once in a run, and who comes meanwhile waits for it."""
        robots = address.copy_with(raw_path=b"/robots.txt")
        with self._rules_lock:
            first = str(robots) not in self._rules
            future = self._rules.setdefault(str(robots), Future())
        if first:
            try:
                future.set_result(self._fetch_rules(robots))
            except BaseException as error:  # or the others would wait for ever
                future.set_exception(error)
                raise
        return future.result()

    def _fetch_rules(self, robots: httpx.URL) -> Rules:
        fetched = self._follow(str(robots), ROBOTS)
        host = robots.netloc.decode()
        if fetched.document:
            rules = read_rules(fetched.document.data, PRODUCT)
            if rules.delay > self.policy.longest_delay:
                wanted, kept = f"{rules.delay:g}", f"{self.policy.longest_delay:g}"
                self._warn(f"{host}: robots.txt asks for {wanted} seconds between requests; we wait {kept}.")
            return rules
        if fetched.outcome == REFUSED and not fetched.status and not fetched.redirects:
            return Rules(unreadable=fetched.why, is_refused=True)
        if fetched.status in REDIRECTS and fetched.outcome == FAILED:
            return Rules()  # five redirects and no file is no file: RFC 9309, 2.3.1.2
        why = fetched.why[:1].lower() + fetched.why[1:]
        return rules_without(fetched.status, f"The robots.txt of {host} cannot be read, so nothing is fetched: {why}")

    # --- tries -----------------------------------------------------------------------------------------------

    def _insist(self, address: httpx.URL, purpose: str, referer: str | None, interval: float) -> _Answer:
        """The answer of *address*, after as many tries as policy, budget and the host's Retry-After allow.

        Raises: Refused when the host may not be asked; Closed.
        """
        host = address.host
        stored = self.store.recall(str(address))
        often_failed = stored is not None and stored.failures > self.policy.retries
        retries = min(1, self.policy.retries) if often_failed else self.policy.retries
        tried = 0
        unconditional = False
        while True:
            if self._pace.pauses_refused(host) >= self.policy.patience:
                return _Answer(FAILED, why=f"{host} asked us to stay away for longer than this run lasts.")
            with self._pace.turn(host, interval):
                answer = self._try(address, purpose, referer, unconditional)
            if answer.status == 304 and not answer.document and not unconditional:
                unconditional = True
                continue
            if answer.pause is None:
                self._pace.note_pause(host, False)
                return answer
            pause = answer.pause or self.policy.backoff * 2**tried * random.uniform(0.5, 1)
            too_long = answer.asks_to_wait and pause > self.policy.host_retry_seconds
            self._pace.note_pause(host, too_long)
            tried += 1
            if tried > retries or too_long or not self._pace.retry(host, pause):
                return answer

    def _try(self, address: httpx.URL, purpose: str, referer: str | None, unconditional: bool) -> _Answer:
        """One request, and its answer."""
        stored = self.store.recall(str(address))
        headers = self._headers | {"Accept": ACCEPT[purpose]} | ({"Referer": referer} if referer else {})
        headers |= {} if unconditional else conditions_of(stored)
        self.store.note_request(str(address))
        started = time.monotonic()
        try:
            with deadline(self.policy.deadline):
                request = httpx.Request("GET", address, headers=headers, extensions={"timeout": self._timeouts})
                response = self._transport.handle_request(request)
                try:
                    answer = self._read(address, purpose, response, stored)
                finally:
                    response.close()
        except TooSlow:
            answer = _Answer(FAILED, why=f"It did not come within {self.policy.deadline:g} seconds.")
        except Damaged as damage:
            answer = _Answer(FAILED, why=str(damage), pause=0.0)
        except Refused:
            self.store.note_failure(str(address))
            raise
        except (httpx.TransportError, httpx.DecodingError) as error:
            answer = _Answer(FAILED, why=_reason(error, address.host, time.monotonic() - started), pause=0.0)
        except (httpx.InvalidURL, UnicodeError) as error:
            answer = _Answer(FAILED, why=f"It cannot be asked for: {error}.")
        self._note(str(address), answer)
        return answer

    def _note(self, address: str, answer: _Answer) -> None:
        if answer.document:
            self.store.note_success(address)
        elif answer.location:
            self.store.forget_body(address)
            self.store.note_success(address)
        else:
            if answer.outcome == GONE or answer.status == 304:
                self.store.forget_body(address)
            self.store.note_failure(address)

    def _read(self, address: httpx.URL, purpose: str, response: httpx.Response, stored: Stored | None) -> _Answer:
        """What *response* is; its body is kept in the store."""
        status = response.status_code
        if status in BODIES:
            return self._read_body(address, purpose, response, stored)
        drain(response)
        if status == 304:
            document = self.store.document(str(address))
            why = "" if document else "It says that it is unchanged, but we have never seen it."
            return _Answer(UNCHANGED if document else FAILED, status, why, document)
        if status in REDIRECTS:
            location = response.headers.get("location", "").strip()
            why = "" if location else f"It is redirected (status {status}) to nowhere."
            return _Answer(FAILED, status, why, location=location)
        if status in (404, 410):
            return _Answer(GONE, status, f"It is gone: status {status}.")
        if status in PASSING:
            pause = pause_of(response.headers.get("retry-after", ""), datetime.now(UTC))
            why = f"The server answers with status {status}."
            return _Answer(FAILED, status, why, pause=pause, asks_to_wait=pause > 0)
        return _Answer(FAILED, status, f"The server answers with status {status}.")

    def _read_body(self, address: httpx.URL, purpose: str, response: httpx.Response, stored: Stored | None) -> _Answer:
        media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media_type.startswith(UNWANTED[purpose]):
            return _Answer(REFUSED, response.status_code, f"It is {media_type}, not what a {purpose} is.")
        try:
            data = read_body(response, self.policy.limit_of(purpose), cut=purpose == ROBOTS)
        except Refused as refusal:
            return _Answer(REFUSED, response.status_code, str(refusal))
        charset = response.charset_encoding or ""
        document = Document(
            str(address),
            data,
            str(address),
            media_type,
            charset,
            datetime.now(UTC),
            link_header=response.headers.get("link", ""),
        )
        digest = sha256(data).digest()
        known = stored.document if stored and stored.digest == digest else None
        is_same = known is not None and (known.media_type, known.charset) == (media_type, charset)
        if known and is_same:
            document = replace(document, retrieved=known.retrieved)
        self.store.keep(str(address), document, response.headers, digest)
        return _Answer(UNCHANGED if is_same else FETCHED, response.status_code, "", document)


def pause_of(retry_after: str, now: datetime) -> float:
    """Seconds that a Retry-After asks for, given in seconds or as a moment; 0 when it asks for nothing."""
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return float(min(int(text[:9]), 10**8))
    moment = moment_of(text)
    return max(0.0, (moment - now).total_seconds()) if moment else 0.0


def _reason(error: httpx.HTTPError, host: str, seconds: float) -> str:
    if isinstance(error, httpx.TimeoutException):
        return f"{host} was silent for {seconds:.0f} seconds."
    if isinstance(error, httpx.ConnectError):
        return f"{host} cannot be reached: {str(error) or type(error).__name__}."
    return f"The connection to {host} broke: {str(error) or type(error).__name__}."
