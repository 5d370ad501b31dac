"""When a host may be asked next: one request at a time, pauses between them, retries within a budget."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


class Closed(Exception):
    """The run ends; nobody waits any longer."""


@dataclass
class Budget:
    """Retries that are left, and seconds that may be waited for them."""

    count: int
    seconds: float

    def affords(self, wait: float) -> bool:
        return self.count > 0 and wait <= self.seconds

    def spend(self, wait: float) -> None:
        self.count -= 1
        self.seconds -= wait


@dataclass
class _Host:
    budget: Budget
    lock: threading.Lock = field(default_factory=threading.Lock)
    answered_at: float = float("-inf")
    rests_until: float = 0.0
    pauses_refused: int = 0


class Pace:
    """Takes turns per host, for all threads of a run.

    Args:
        host_retries, host_seconds: the budget of each host.
        run_retries, run_seconds: the budget of the run.
    """

    def __init__(self, host_retries: int, host_seconds: float, run_retries: int, run_seconds: float):
        self._of_a_host = (host_retries, host_seconds)
        self._of_the_run = Budget(run_retries, run_seconds)
        self._hosts: dict[str, _Host] = {}
        self._lock = threading.Lock()
        self._closed = threading.Event()

    def close(self) -> None:
        """Wake everybody who waits; they and all who come later get `Closed`."""
        self._closed.set()

    @contextmanager
    def turn(self, host: str, interval: float) -> Iterator[None]:
        """Hold *host* alone, not sooner than *interval* seconds after the last turn ended.

        Raises: Closed.
        """
        of_host = self._host(host)
        with of_host.lock:
            free_at = max(of_host.answered_at + interval, of_host.rests_until)
            if self._closed.wait(max(0.0, free_at - time.monotonic())):
                raise Closed
            try:
                yield
            finally:
                of_host.answered_at = time.monotonic()

    def retry(self, host: str, wait: float) -> bool:
        """Take one retry after *wait* seconds out of the budgets, and let the host rest that long.

        Returns: whether there was one.
        """
        of_host = self._host(host)
        with self._lock:
            if not (of_host.budget.affords(wait) and self._of_the_run.affords(wait)):
                return False
            of_host.budget.spend(wait)
            self._of_the_run.spend(wait)
            of_host.rests_until = max(of_host.rests_until, time.monotonic() + wait)
        return True

    def note_pause(self, host: str, refused: bool) -> None:
        """Count the answers of *host* in a row that ask for a longer pause than we have; any other ends the row."""
        of_host = self._host(host)
        with self._lock:
            of_host.pauses_refused = of_host.pauses_refused + 1 if refused else 0

    def pauses_refused(self, host: str) -> int:
        """The count of `note_pause`."""
        return self._host(host).pauses_refused

    def _host(self, host: str) -> _Host:
        with self._lock:
            if host not in self._hosts:
                self._hosts[host] = _Host(Budget(*self._of_a_host))
            return self._hosts[host]
