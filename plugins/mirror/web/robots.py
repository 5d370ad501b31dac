"""What a host's robots.txt allows (RFC 9309), read with protego."""

from __future__ import annotations

from dataclasses import dataclass, field

from protego import Protego

UNAVAILABLE = range(400, 500)
"""Answers that say there is no robots.txt for us, so that everything is allowed (RFC 9309, 2.3.1.3)."""

TOO_MANY = 429
"""The one of these that says something else: come back later."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What one robots.txt says to us.

    Attributes:
        delay: seconds between two requests; 0 when it names none.
        sitemaps: addresses of sitemaps, as they are written there.
        unreadable: why nothing may be fetched at all, a sentence; empty when the file was read or there is none.
        is_refused: whether that is because the host itself may not be asked.
    """

    delay: float = 0.0
    sitemaps: tuple[str, ...] = ()
    unreadable: str = ""
    is_refused: bool = False
    _parsed: Protego = field(default_factory=Protego, repr=False, compare=False)
    _product: str = ""

    def allow(self, url: str) -> bool:
        return not self.unreadable and self._parsed.can_fetch(url, self._product)


def read_rules(data: bytes, product: str) -> Rules:
    """The rules for *product*, the name of a robot, in a robots.txt.

    Lines that cannot be read are passed over, so a page of HTML in its place allows everything.
    """
    parsed = Protego.parse(data.decode("utf-8-sig", errors="replace"))
    rate = parsed.request_rate(product)
    delays = (parsed.crawl_delay(product) or 0.0, rate.seconds / rate.requests if rate and rate.requests else 0.0)
    return Rules(max(delays), tuple(parsed.sitemaps), _parsed=parsed, _product=product)


def rules_without(status: int, why: str) -> Rules:
    """The rules of a host that gave no robots.txt.

    Args:
        status: of its answer; 0 when there was none.
        why: a sentence.
    """
    if status in UNAVAILABLE and status != TOO_MANY:
        return Rules()
    return Rules(unreadable=why)
