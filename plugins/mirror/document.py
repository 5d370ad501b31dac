"""What was read from a file, an archive or the web, before anybody knows what it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Document:
    """Bytes and what is known of them.

    Attributes:
        name: how messages call it: the path of a file, or an address.
        data: as they came, without the compression of HTTP.
        url: the address it has on the web, after redirects; None when nobody knows.
        media_type: what the server or the archive said, ``text/html``; empty when nobody did.
        charset: what the server or the archive said, ``gb2312``; empty when nobody did.
        retrieved: when it was fetched, in UTC; None for a file that does not say.
        archive: path of the web archive that it lies in; empty when it lies in none.
        link_header: what the server said in `Link`, several of them with commas between; empty when it did not.
    """

    name: str
    data: bytes
    url: str | None = None
    media_type: str = ""
    charset: str = ""
    retrieved: datetime | None = None
    archive: str = ""
    link_header: str = ""
