"""Pictures for tests, painted here: the same at every run, and free of anybody's rights."""

from __future__ import annotations

import io
import random
from typing import Any

from PIL import Image, ImageCms, ImageDraw


def photograph(width: int, height: int) -> Image.Image:
    """Soft shapes and noise in many colours, as a camera sees."""
    source = random.Random(7)
    painted = Image.frombytes("RGB", (12, 8), source.randbytes(12 * 8 * 3)).resize((width, height), Image.BICUBIC)
    grain = Image.frombytes("RGB", (width, height), source.randbytes(width * height * 3))
    return Image.blend(painted, grain, 0.12)


def chart(width: int, height: int) -> Image.Image:
    """Five bars on white."""
    painted = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(painted)
    for bar in range(5):
        left = width * (2 * bar + 1) // 11
        draw.rectangle((left, height * (5 - bar) // 6, left + width // 11, height - 1), fill=(163, 35, 31))
    return painted


def halves(width: int, height: int) -> Image.Image:
    """Red above, blue below."""
    painted = Image.new("RGB", (width, height), (200, 30, 30))
    painted.paste((30, 30, 200), (0, height // 2, width, height))
    return painted


def as_bytes(picture: Image.Image, form: str = "JPEG", **options: Any) -> bytes:
    """*picture* as a file."""
    file = io.BytesIO()
    picture.save(file, form, **options)
    return file.getvalue()


def opened(data: bytes) -> Image.Image:
    """The picture in a file, loaded."""
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture


def exif(**tags: object) -> Image.Exif:
    """EXIF with these tags: ``artist``, ``copyright``, ``orientation``, ``make``, and a place on the globe."""
    numbers = {"orientation": 0x0112, "make": 0x010F, "artist": 0x013B, "copyright": 0x8298}
    found = Image.Exif()
    for name, value in tags.items():
        found[numbers[name]] = value
    found.get_ifd(0x8825).update({1: "N", 2: (39.0, 54.0, 26.0), 3: "E", 4: (116.0, 23.0, 29.0)})
    return found


def profile() -> bytes:
    """A colour profile that is sRGB with red and blue exchanged."""
    data = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for old, new in ((b"rXYZ", b"----"), (b"bXYZ", b"rXYZ"), (b"----", b"bXYZ")):
        data = data.replace(old, new)
    return data.replace("sRGB".encode("utf-16-be"), "sBGR".encode("utf-16-be"))


def iptc(**datasets: str) -> bytes:
    """The part of a JPEG that holds IPTC: ``byline``, ``credit``, ``copyright``; to be put behind its first marker."""
    numbers = {"byline": 80, "credit": 110, "copyright": 116}
    body = b""
    for name, text in datasets.items():
        data = text.encode("utf-8")
        body += b"\x1c\x02" + bytes([numbers[name]]) + len(data).to_bytes(2, "big") + data
    resource = b"8BIM\x04\x04\0\0" + len(body).to_bytes(4, "big") + body + b"\0" * (len(body) % 2)
    segment = b"Photoshop 3.0\0" + resource
    return b"\xff\xed" + (len(segment) + 2).to_bytes(2, "big") + segment


def xmp(creator: str = "", credit: str = "") -> bytes:
    """An XMP packet."""
    made = f"<dc:creator><rdf:Seq><rdf:li>{creator}</rdf:li></rdf:Seq></dc:creator>" if creator else ""
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/"'
        f' xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" photoshop:Credit="{credit}">{made}'
        "</rdf:Description></rdf:RDF></x:xmpmeta>"
    ).encode()
