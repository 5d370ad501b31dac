"""Which addresses may be asked at all: those of the public web, and nothing behind our own door."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

import httpx

GLOBAL_UNICAST = IPv6Network("2000::/3")
"""The one part of IPv6 that is given to hosts of the Internet (IANA); all the rest is local, multicast or reserved."""

NAT64 = IPv6Network("64:ff9b::/96")
"""IPv4 addresses in the clothes of IPv6 (RFC 6052); networks without IPv4 reach the old web through it."""

LOCAL_NAMES = ("localhost", "local", "internal", "home.arpa", "lan", "localdomain")
"""Domains that no public server has (RFC 6761, 6762, 8375, and habit): not even looked up."""


class Refused(Exception):
    """An address that is not asked; the message is a sentence for the editor."""


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether a host of the Internet can have *address*: not private, loopback, link-local, multicast or reserved.

    An IPv4 address inside an IPv6 one (mapped, NAT64, 6to4, Teredo) is judged itself.
    """
    if isinstance(address, IPv4Address):
        return address.is_global and not (address.is_multicast or address.is_reserved)
    if address.ipv4_mapped:
        return is_public(address.ipv4_mapped)
    if address in NAT64:
        return is_public(IPv4Address(int(address) & 0xFFFF_FFFF))
    if address.sixtofour:
        return is_public(address.sixtofour)
    if address.teredo:
        return all(map(is_public, address.teredo))
    return address in GLOBAL_UNICAST and address.is_global


def web_address(text: str) -> httpx.URL:
    """The address to ask for *text*: without its fragment, the host in ASCII, each character escaped as it must be.

    Raises: Refused when it is not http or https, has no host, or holds a user or password.
    """
    shown = text[:200].encode("utf-8", "replace").decode()
    try:
        url = httpx.URL(text.strip())
        scheme, host, user, port = url.scheme, url.host, url.userinfo, url.port
    except (httpx.InvalidURL, ValueError) as error:
        raise Refused(f'"{shown}" is not an address of the web.') from error
    if scheme not in ("http", "https"):
        raise Refused(f'"{shown}" is neither http nor https.')
    if not host:
        raise Refused(f'"{shown}" names no host.')
    if user:
        raise Refused(f"An address of {host} holds a user name or password, and we send none.")
    if port is not None and not 0 < port < 65_536:
        raise Refused(f'"{shown}" names a port that does not exist.')
    return url.copy_with(fragment=None)


def check_host(host: str, allow_local: bool) -> None:
    """Refuse a host that tells without a question that it is local; names are judged by `check_addresses`.

    Raises: Refused.
    """
    if allow_local:
        return
    name = host.rstrip(".").lower()
    if name.rpartition(".")[2] in LOCAL_NAMES or name.endswith(".home.arpa"):
        raise Refused(f"{host} is a name of the local network.")
    try:
        address = ip_address(name.strip("[]").partition("%")[0])
    except ValueError:
        return
    check_addresses(host, [str(address)])


def check_addresses(host: str, addresses: list[str]) -> None:
    """Refuse *host* when any of the *addresses* that it has is not public: whoever mixes them wants to lead us astray.

    Raises: Refused.
    """
    for address in addresses:
        if not is_public(ip_address(address.partition("%")[0])):
            what = f"{host} is" if host.strip("[]") == address else f"{host} leads to {address},"
            raise Refused(f"{what} a private or reserved address.")
