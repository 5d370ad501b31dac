"""Web addresses in running text: find them, and rejoin those that a dump tore apart with spaces."""

from __future__ import annotations

import re

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
