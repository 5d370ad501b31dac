"""Web addresses: find them in running text, rejoin those that a dump tore apart, and tell which two are the same."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

ADDRESS = r"(?:https?://|www\.)[A-Za-z0-9._~:/?\#\[\]@!$&'()*+,;=%-]{0,1999}[A-Za-z0-9/=_~%-]"
"""A web address; it ends in a letter, so that the comma of the sentence stays outside. Fit for re.VERBOSE."""

_ADDRESS = re.compile(ADDRESS)
_SEGMENT = r"[A-Za-z0-9._~%=&?-]{1,300}"
_TORN = re.compile(
    r"(?:https?://|www\.)[A-Za-z0-9._~:/?#@=&%-]{1,300}?"
    # « / papers»: a slash after a space goes on; «com/ content» when a slash or a file ending follows.
    rf"(?:[ ]/[ ]?{_SEGMENT}|(?<=/)[ ]{_SEGMENT}(?=[ ]?/|[ ]{_SEGMENT}[ ]/)"
    rf"|(?<=/)[ ]{_SEGMENT}\.(?:pdf|html?|php|aspx?)"
    rf"|/{_SEGMENT}|/){{1,40}}(?![A-Za-z0-9])"
)


def rejoin_addresses(text: str) -> str:
    """``https://a.org/ papers / x.pdf`` → ``https://a.org/papers/x.pdf``; other spaces stay."""
    if " /" not in text and "/ " not in text:
        return text
    return _TORN.sub(lambda found: found[0].replace(" ", ""), text)


def find_addresses(text: str) -> tuple[str, ...]:
    """The addresses in *text*, each once, in their order."""
    return tuple(dict.fromkeys(_ADDRESS.findall(text)))


# --- one address, written in many ways -------------------------------------------------------------------


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


TRACKING_PREFIXES = ("utm_", "mtm_", "pk_", "matomo_", "hsa_", "mc_", "share_", "sharer_", "spm_", "tt_", "vero_")
"""Beginnings of query parameters that say who sent the reader, and never what is shown."""

TRACKING = _words(
    # by Facebook, Google, Microsoft, Yandex, X, TikTok, Instagram, Marketo, and by news sites in their own links
    "fbclid gclid gclsrc dclid gbraid wbraid msclkid yclid twclid ttclid igsh igshid mkt_tok _ga _gl icid cmpid cmp "
    "ncid ocid smid smtyp ftag ns_campaign ns_mchannel ns_source ns_linkname at_medium at_campaign at_custom1 "
    # by Alibaba, WeChat, Weibo, Baidu, Toutiao, and by the Chinese apps of papers
    "spm scm sharetype sharetoken sharefrom isappinstalled nsukey chksm scene clicktime enterid mpshare srcid wfr "
    "wxfid wx_fid weibo_id luicode lfid fromapp fromuid pass_ticket wxshare_count is_share isshare "
    # where a session is kept for readers without cookies
    "jsessionid phpsessid aspsessionid"
)
"""Query parameters, in lower case, that say who sent the reader, and never what is shown."""

DOUBTFUL = _words("from ref refer referer referrer source src share via origin seid f")
"""Query parameters that mostly do so too: without weight in a comparison unless they hold a number."""

CLOCKS = _words("_ _t t ts time timestamp rnd rand random r v")
"""Query parameters that keep caches from answering: without weight when they hold a moment or a random fraction."""

READERS_DEVICE = re.compile(r"^(?:(?:www\d?|m|wap|mobile|amp|3g)\.)+(?=[^.]+\.)")
"""Beginnings of a host that say on what the page is read, and not whose it is."""

_CLOCK = re.compile(r"1\d{9}(?:\d{3})?|0?\.\d{3,20}")
_AMP_QUERY = frozenset(["amp", "amp=1", "amp=true", "outputtype=amp", "output=amp"])
_HOME_FILE = re.compile(r"/(?:index|default)\.(?:s?html?|php\d?|aspx?|jsp)$", re.IGNORECASE)
_AMP_PATH = re.compile(r"^/amp(?=/)|/amp(?=/?$)|\.amp(?=(?:\.html?)?$)", re.IGNORECASE)
_SESSION_IN_PATH = re.compile(r";jsessionid=[^/?;]*", re.IGNORECASE)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,30}:")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_UNESCAPED = re.compile(r"[^A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]|%(?![0-9A-Fa-f]{2})")
_NEVER_IN_AN_ADDRESS = re.compile(r"[\t\n\r]")
_PORTS = {"http": 80, "https": 443}


def normal_address(url: str) -> str:
    """The address as it is written down and fetched: one spelling of the same request.

    Scheme and host in lower case, the host in ASCII; no default port, user, fragment, dot segments or `TRACKING`
    parameters; each character escaped when it must be and not otherwise. The order of the query stays.

    Returns: *url*, stripped, when it is no address of the web; it never raises.
    """
    url = _NEVER_IN_AN_ADDRESS.sub("", url.strip())
    parts = _split(url)
    if parts is None:
        return url
    scheme, host, path, query = parts
    kept = "&".join(pair for pair in query if not _is_tracking(pair))
    return f"{scheme}://{host}{path or '/'}" + (f"?{kept}" if kept else "")


def address_key(url: str) -> str:
    """What two addresses of one page have in common; to compare, never to fetch.

    Beyond `normal_address`: without scheme, ``www.``, ``m.``, ``wap.``, ``amp.`` and the like, ``index.html``, AMP in
    path or query, doubled and last slashes, `DOUBTFUL` parameters and `CLOCKS`; the rest of the query sorted.

    Returns: *url*, stripped, when it is no address of the web; it never raises.
    """
    url = _NEVER_IN_AN_ADDRESS.sub("", url.strip())
    parts = _split(url)
    if parts is None:
        return url
    _, host, path, query = parts
    path = _AMP_PATH.sub("", _HOME_FILE.sub("/", re.sub(r"/{2,}", "/", path)))
    kept = sorted(pair for pair in query if not _is_tracking(pair) and not _is_noise(pair))
    return READERS_DEVICE.sub("", host) + path.rstrip("/") + (f"?{'&'.join(kept)}" if kept else "")


def same_address(one: str, other: str) -> bool:
    """Whether both lead to one page, as far as addresses can tell."""
    return address_key(one) == address_key(other)


def _split(url: str) -> tuple[str, str, str, list[str]] | None:
    """Scheme, host with its port, path and query of an address of the web; None for anything else."""
    if url.startswith("//"):
        url = f"http:{url}"
    elif not _SCHEME.match(url) and url.startswith("www."):
        url = f"http://{url}"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:  # no closing bracket, a port that is no number
        return None
    scheme = parts.scheme.lower()
    host = _ascii_host(parts.hostname or "")
    if scheme not in _PORTS or not host:
        return None
    host = f"[{host}]" if ":" in host else host
    host += f":{port}" if port not in (None, _PORTS[scheme]) else ""
    path = _without_dots(_escaped(_SESSION_IN_PATH.sub("", parts.path)))
    return scheme, host, path, [_escaped(pair) for pair in parts.query.split("&") if pair]


def _ascii_host(host: str) -> str:
    host = host.rstrip(".").lower()
    try:
        return host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError:
        return host


def _without_dots(path: str) -> str:
    """``/a/./b/../c`` → ``/a/c`` (RFC 3986, 5.2.4)."""
    if "/." not in path:
        return path
    kept: list[str] = []
    *folders, last = path.split("/")[1:]
    for segment in folders:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if last == "..":
        del kept[-1:]
    return "/" + "/".join([*kept, "" if last in (".", "..") else last])


def _escaped(text: str) -> str:
    """Each character as it is when RFC 3986 allows, else as its bytes in UTF-8, in capitals."""
    text = _ESCAPE.sub(_unescape, text)
    return _UNESCAPED.sub(lambda found: quote(found[0], safe="", errors="replace"), text)


def _unescape(found: re.Match[str]) -> str:
    char = chr(int(found[1], 16))
    return char if char.isascii() and (char.isalnum() or char in "-._~") else found[0].upper()


def _is_tracking(pair: str) -> bool:
    name = pair.partition("=")[0].lower()
    return name in TRACKING or name.startswith(TRACKING_PREFIXES)


def _is_noise(pair: str) -> bool:
    name, _, value = pair.partition("=")
    name = name.lower()
    doubtful = name in DOUBTFUL and not value.isdigit()
    return doubtful or (name in CLOCKS and bool(_CLOCK.fullmatch(value))) or pair.lower() in _AMP_QUERY
