"""Which addresses may be asked, and that the one that was checked is the one that is connected to."""

from __future__ import annotations

import socket
import threading
import time
from ipaddress import ip_address

import httpcore
import pytest

from plugins.mirror.web.guard import Refused, check_host, is_public, web_address
from plugins.mirror.web.transport import GuardedBackend, TooSlow, deadline


@pytest.mark.parametrize("address", ["93.184.216.34", "8.8.8.8", "2606:4700::6810:84e5", "64:ff9b::5db8:d822"])
def test_hosts_of_the_internet_are_public(address: str) -> None:
    """IPv4, IPv6, and IPv4 behind NAT64."""
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.255.0.9", "0.0.0.0", "10.0.0.1", "172.16.3.4", "192.168.1.1", "169.254.169.254"),
        *("100.64.0.1", "192.0.0.1", "192.0.2.1", "198.18.0.1", "203.0.113.5", "224.0.0.1", "240.0.0.1"),
        "255.255.255.255",
        *("::", "::1", "::7f00:1", "fe80::1", "fc00::1", "fec0::1", "ff02::1", "2001:db8::1", "100::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b:1::1"),
        *("2002:7f00:1::", "2002:c0a8:101::1", "2001:0:4136:e378:8000:63bf:80ff:fffe"),
    ],
)
def test_everything_behind_our_own_door_is_not(address: str) -> None:
    """Private, loopback, link-local, shared, test, multicast and reserved, in IPv4 and in all its clothes."""
    assert not is_public(ip_address(address))


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST.", "a.localhost", "printer.local", "db.internal", "nas.home.arpa"]
)
def test_local_names_are_not_even_looked_up(host: str) -> None:
    """Names that no public server has."""
    with pytest.raises(Refused, match="name of the local network"):
        check_host(host, allow_local=False)


@pytest.mark.parametrize(
    "host", ["harbour.example", "93.184.216.34", "[2606:4700::1]", "internal.example", "本地.example"]
)
def test_other_hosts_pass_until_they_are_looked_up(host: str) -> None:
    """What a name leads to, the connection decides."""
    check_host(host, allow_local=False)


def test_an_address_is_written_as_it_is_sent() -> None:
    """Host in ASCII, path and query escaped, no fragment."""
    written = " https://你好.example/港?a=1#top "
    assert "https://xn--6qq79v.example/%E6%B8%AF?a=1" == str(web_address(written))


class Recorder(httpcore.NetworkBackend):
    """A network that says where it was sent, and is not reached."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def connect_tcp(self, host: str, *_: object, **__: object) -> httpcore.NetworkStream:
        self.asked.append(host)
        raise httpcore.ConnectError("no network in tests")


def resolver(*answers: list[str]) -> object:
    """A DNS that gives another answer each time."""
    left = list(answers)
    return lambda host, port, **_: [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (found, port)) for found in left.pop(0)]


def test_a_name_is_looked_up_once_and_the_checked_address_is_asked(monkeypatch) -> None:
    """A name that turns private after the check (DNS rebinding) gains nothing."""
    monkeypatch.setattr(socket, "getaddrinfo", resolver(["93.184.216.34"], ["127.0.0.1"]))
    network = Recorder()
    with pytest.raises(httpcore.ConnectError):
        GuardedBackend(network, allow_local=False).connect_tcp("harbour.example", 80)
    assert ["93.184.216.34"] == network.asked


def test_a_name_with_a_private_address_among_others_is_refused(monkeypatch) -> None:
    """Whoever mixes them wants to lead us astray."""
    monkeypatch.setattr(socket, "getaddrinfo", resolver(["93.184.216.34", "169.254.169.254"]))
    network = Recorder()
    with pytest.raises(Refused, match=r"harbour\.example leads to 169\.254\.169\.254, a private or reserved address\."):
        GuardedBackend(network, allow_local=False).connect_tcp("harbour.example", 80)
    assert [] == network.asked


@pytest.mark.parametrize(("whole", "error"), [(30.0, httpcore.ConnectTimeout), (0.01, TooSlow)])
def test_a_silent_dns_ends_in_time(monkeypatch, whole: float, error: type[Exception]) -> None:
    """The resolver of the system may wait for minutes; the time for connecting holds, and that of the whole answer."""
    never = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: never.wait(60) and [])
    started = time.monotonic()
    with deadline(whole), pytest.raises(error):
        GuardedBackend(Recorder(), allow_local=False).connect_tcp("harbour.example", 80, timeout=0.05)
    never.set()
    assert time.monotonic() - started < 10


def test_the_next_address_is_tried_when_one_is_not_reached(monkeypatch) -> None:
    """Hosts with IPv6 that we cannot reach have IPv4 too."""
    monkeypatch.setattr(socket, "getaddrinfo", resolver(["93.184.216.34", "8.8.8.8"]))
    network = Recorder()
    with pytest.raises(httpcore.ConnectError):
        GuardedBackend(network, allow_local=False).connect_tcp("harbour.example", 80)
    assert ["93.184.216.34", "8.8.8.8"] == network.asked
