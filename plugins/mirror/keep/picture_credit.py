"""Who made a picture, as its own file says: IPTC, XMP, EXIF and the words of a PNG."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from plugins.mirror.keep.renditions import open_picture
from plugins.mirror.keep.unusable import Unusable

if TYPE_CHECKING:
    from PIL.Image import Image

LONGEST = 120
"""Characters; what is longer is a licence, not a name."""

_BY_LINE, _AGENCY, _RIGHTS = (2, 80), (2, 110), (2, 116)
"""Datasets of IPTC-IIM 4.2."""

_ARTIST, _COPYRIGHT = 0x013B, 0x8298
"""Tags of EXIF 2.3."""

_XMP = {
    "creator": "{http://purl.org/dc/elements/1.1/}creator",
    "agency": "{http://ns.adobe.com/photoshop/1.0/}Credit",
    "rights": "{http://purl.org/dc/elements/1.1/}rights",
}
_RDF_DESCRIPTION = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}Description"


def credit_of(data: bytes) -> str:
    """The maker and the agency of a picture (``Jo Frame / Coast Wire``), else who has the copyright.

    Returns: one line without markup; empty when the file names nobody or is no picture that can be read.
    """
    try:
        picture = open_picture(data)
        found = [_clean(text) for text in _named(picture)]
    except Unusable:
        return ""
    # Broken metadata is met with as many kinds of errors as a broken picture, and the picture may be whole.
    except Exception:
        return ""
    makers, agencies, rights = ([text for text in found[kind::3] if text] for kind in range(3))
    names = list(dict.fromkeys([*makers[:1], *agencies[:1]]))
    return " / ".join(names) or (rights[0] if rights else "")


def _named(picture: Image) -> Iterator[str]:
    """Maker, agency and copyright, again and again: from each kind of metadata in turn."""
    yield from _iptc(picture)
    yield from _xmp(picture.info.get("xmp") or picture.info.get("XML:com.adobe.xmp"))
    exif = picture.getexif()
    yield from (str(exif.get(_ARTIST, "")), "", str(exif.get(_COPYRIGHT, "")))
    text = getattr(picture, "text", {})
    yield from (str(text.get("Author", "")), "", str(text.get("Copyright", "")))


def _iptc(picture: Image) -> Iterator[str]:
    from PIL import IptcImagePlugin

    known = IptcImagePlugin.getiptcinfo(picture) or {}
    for dataset in (_BY_LINE, _AGENCY, _RIGHTS):
        value = known.get(dataset, b"")
        value = value[0] if isinstance(value, list) else value
        yield value.decode("latin-1")


def _xmp(packet: bytes | str | None) -> Iterator[str]:
    from defusedxml import ElementTree

    if not packet:
        yield from ("", "", "")
        return
    data = packet.encode("utf-8") if isinstance(packet, str) else packet
    root = ElementTree.fromstring(data.strip(b"\0 \r\n"))
    for name in _XMP.values():
        words = ["".join(element.itertext()) for element in root.iter(name)]
        words += [element.get(name, "") for element in root.iter(_RDF_DESCRIPTION)]
        # Its text is Unicode already; all others come as bytes that somebody took for Latin letters.
        yield next((word for word in words if word.strip()), "").encode("utf-8").decode("latin-1")


def _clean(raw: str) -> str:
    """One line of text; *raw* has a character for each byte of what was written in UTF-8, GBK or Latin letters."""
    try:
        data = raw.encode("latin-1")
    except UnicodeEncodeError:
        text = raw  # PNG says which characters it means
    else:
        text = _decoded(data)
    text = " ".join(re.sub(r"[\0-\x1f\x7f-\x9f\ufffd<>]", " ", text).split())
    return text if len(text) <= LONGEST else ""


def _decoded(data: bytes) -> str:
    for encoding in ("utf-8", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")
