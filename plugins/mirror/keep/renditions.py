"""The bytes of somebody's picture → the files that the portal serves instead of it.

Every picture is decoded and drawn anew, so nothing of the original file but what can be seen goes on: no position of
the camera, no thumbnail, no comment, nothing hidden behind the last byte.

WebP is the only light form. AVIF at the same error was 12 to 27 % smaller on photographs of 480 px and took 2 to 10
times as long; it would have doubled the files to save readers a few KB.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from plugins.mirror.keep.drawings import is_drawing, read_drawing
from plugins.mirror.keep.unusable import Unusable

if TYPE_CHECKING:
    from PIL.Image import Image

WIDEST = 1600
"""Pixels across the main file at most: twice the column of text, for fine screens."""

WIDTHS = (480, 960)
"""Pixels across the lighter forms; the picture's own width is added."""

MOST_BYTES = 30_000_000
"""Of a file; a photograph straight from a camera has 10 to 20 million."""

MOST_PIXELS = 50_000_000
"""Of a picture: unpacking more would take more than 200 MB."""

TALLEST = 65_000
"""Pixels from top to bottom, which JPEG can hold; WebP can hold 16,383."""
TALLEST_WEBP = 16_383

SPECK = 3
"""A picture that is less than this high or wide is a counter or a spacer, not a picture."""

FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "AVIF", "BMP", "TIFF")
"""What is read. Others (EPS, PSD, ICO …) start programs, are no pictures for readers, or have decoders nobody tends."""

LOSSLESS = frozenset({"PNG", "GIF", "BMP", "TIFF"})
"""Formats in which a graphic may have come with its edges unharmed."""

_WORTH_PNG = 1.25
"""A PNG may be this much larger than a JPEG of the same graphic, for its clean edges."""

_JPEG_BYTES, _WEBP_BYTES = 0.30, 0.20
"""Bytes a pixel above which the next lower quality is tried."""


@dataclass(frozen=True, slots=True)
class Rendition:
    """A picture, ready to be stored.

    Attributes:
        ending: of the main file, ``.jpg``, ``.png`` or ``.svg``.
        main: its bytes; every browser can show them.
        lighter: (pixels across, bytes) of WebP files, narrowest first.
    """

    ending: str
    main: bytes
    lighter: tuple[tuple[int, bytes], ...] = ()


def render(data: bytes) -> Rendition | None:
    """The files that stand for a picture; the same for the same bytes.

    Args:
        data: what was fetched under the address of a picture, whatever it is.
    Returns: None for a tracking pixel or a spacer.
    Raises: Unusable.
    """
    if not data:
        raise Unusable("The file is empty.")
    if len(data) > MOST_BYTES:
        raise Unusable(f"The file has more than {MOST_BYTES // 1_000_000} MB.")
    if is_drawing(data):
        return Rendition(".svg", read_drawing(data))
    if re.match(rb"\s*<", data.removeprefix(b"\xef\xbb\xbf")):
        raise Unusable("The file is a page, not a picture.")
    try:
        return _render(data)
    except Unusable:
        raise
    # Decoders meet broken files with a dozen kinds of errors, and any of them is the same news for an editor.
    except Exception as error:
        raise Unusable(f"The file is damaged ({' '.join(str(error).split()) or type(error).__name__}).") from error


def moves(data: bytes) -> bool:
    """Whether the picture in *data* has several frames, of which only the first is kept."""
    if is_drawing(data):
        return False
    picture = open_picture(data)
    # An MPO is a still photograph with its preview.
    return picture.format != "MPO" and getattr(picture, "n_frames", 1) > 1


def look_alike(one: Path, other: Path) -> bool:
    """Whether two stored pictures show the same in different sizes; False for drawings.

    Source: difference hash, Krawetz 2013, "Kind of Like That" (hackerfactor.com): which of 64 places are brighter than
    their neighbour hardly changes when a picture is made smaller or saved again.
    """
    try:
        (width, height, bright), (other_width, other_height, other_bright) = map(_look, (one, other))
    except (Unusable, OSError):
        return False
    same_shape = abs(width * other_height - other_width * height) <= 0.03 * width * other_height
    return same_shape and (bright ^ other_bright).bit_count() <= 4


def _look(file: Path) -> tuple[int, int, int]:
    picture = open_picture(file.read_bytes())
    width, height = picture.size
    picture.draft(None, (64, 64))
    pixels = _plain(picture).convert("L").resize((9, 8)).tobytes()
    bright = [pixels[at] > pixels[at + 1] for at in range(71) if at % 9 != 8]
    return width, height, sum(bit << at for at, bit in enumerate(bright))


def open_picture(data: bytes) -> Image:
    """The picture in *data*; nothing but its head has been read.

    Raises: Unusable when it is none of `FORMATS`, or too large to be unpacked.
    """
    import PIL.Image

    # Decoders print what they think of broken and large files; the mirror has its own words for editors.
    warnings.filterwarnings("ignore", module=r"PIL\.")
    PIL.Image.init()  # else it knows only the most common of FORMATS
    try:
        picture = PIL.Image.open(io.BytesIO(data), formats=FORMATS)
    except PIL.UnidentifiedImageError:
        raise Unusable("The file is no picture of a known format.") from None
    except PIL.Image.DecompressionBombError:
        raise Unusable(f"The picture has more than {MOST_PIXELS // 1_000_000} million pixels.") from None
    if picture.width * picture.height > MOST_PIXELS:
        raise Unusable(f"The picture has more than {MOST_PIXELS // 1_000_000} million pixels.")
    return picture


def _render(data: bytes) -> Rendition | None:
    picture = open_picture(data)
    if min(picture.size) < SPECK:
        return None
    lossless = picture.format in LOSSLESS
    pixels = picture.width * picture.height
    drawn = _drawn(picture)
    if drawn.height > TALLEST:
        raise Unusable(f"The picture is more than {TALLEST:,} pixels tall.")
    # Drawn in its own size, it needs no more bytes than it came with.
    most = len(data) if drawn.width * drawn.height == pixels else None
    ending, main = _main(drawn, lossless, most)
    return Rendition(ending, main, tuple(_lighter(drawn, main, graphic=ending == ".png")))


def _drawn(picture: Image) -> Image:
    """The picture upright, in sRGB, at most `WIDEST` wide, and nothing else: RGB, or RGBA where it is transparent."""
    from PIL.Image import Resampling, Transpose

    if picture.format not in ("JPEG", "MPO"):
        picture.load()  # TIFF turns itself upright now, and forgets that it had to
    orientation = picture.getexif().get(0x0112, 1)
    across = picture.height if orientation in (5, 6, 7, 8) else picture.width
    if across > WIDEST:
        size = tuple(max(1, round(side * WIDEST / across)) for side in picture.size)
        # A JPEG can be decoded at a half, a quarter or an eighth of its size, which saves most of the memory.
        picture.draft(None, size)
        picture = _plain(picture).resize(size, Resampling.LANCZOS)
    if orientation in _UPRIGHT:
        picture = picture.transpose(Transpose[_UPRIGHT[orientation]])
    drawn = _in_srgb(_plain(picture))
    drawn.info = {}
    return drawn


_UPRIGHT = {
    2: "FLIP_LEFT_RIGHT",
    3: "ROTATE_180",
    4: "FLIP_TOP_BOTTOM",
    5: "TRANSPOSE",
    6: "ROTATE_270",
    7: "TRANSVERSE",
    8: "ROTATE_90",
}
"""Orientation of EXIF 2.3 → what turns the picture upright, as Pillow calls it."""


def _plain(picture: Image) -> Image:
    """The picture in one of four ways to store colours: RGB, RGBA, L, CMYK."""
    if picture.mode.startswith("I"):
        # 16 bits a pixel; Pillow's own conversion would cut them off instead of scaling them.
        return picture.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if picture.has_transparency_data:
        return picture if picture.mode == "RGBA" else picture.convert("RGBA")
    return picture if picture.mode in ("RGB", "L", "CMYK") else picture.convert("RGB")


def _in_srgb(plain: Image) -> Image:
    alpha = plain.getchannel("A") if plain.mode == "RGBA" else None
    profile = plain.info.get("icc_profile")
    drawn = (_through_profile(plain, profile) if profile else plain).convert("RGB")
    if alpha is not None and alpha.getextrema()[0] < 255:
        drawn.putalpha(alpha)
    return drawn


def _through_profile(picture: Image, profile: bytes) -> Image:
    from PIL import ImageCms

    try:
        own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if "srgb" in ImageCms.getProfileDescription(own).lower():
            return picture
        bare = picture.convert("RGB") if picture.mode == "RGBA" else picture
        return ImageCms.profileToProfile(bare, own, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture  # a profile that is broken or of another kind of colours says nothing


def _main(drawn: Image, lossless: bool, most: int | None) -> tuple[str, bytes]:
    """Ending and bytes of the file that every browser shows."""
    if drawn.mode == "RGBA":
        return ".png", _png(drawn)
    if not lossless:
        return ".jpg", _jpeg(drawn, most)
    png = _save(drawn, "PNG", optimize=True)
    if drawn.getcolors(256):
        return ".png", png
    jpeg = _jpeg(drawn, None)
    return (".png", png) if len(png) <= len(jpeg) * _WORTH_PNG else (".jpg", jpeg)


def _png(drawn: Image) -> bytes:
    """As it is, or in 256 colours when that would be as heavy as no JPEG ever is."""
    png = _save(drawn, "PNG", optimize=True)
    if len(png) <= drawn.width * drawn.height * _JPEG_BYTES * 2:
        return png
    return min(png, _save(drawn.quantize(256, method=2), "PNG", optimize=True), key=len)


def _jpeg(drawn: Image, most: int | None) -> bytes:
    budget = drawn.width * drawn.height * _JPEG_BYTES
    if most is not None:
        budget = min(budget, most)
    return _best(drawn, budget, "JPEG", (84, 76, 68, 60), optimize=True, progressive=True)


def _lighter(drawn: Image, main: bytes, graphic: bool) -> Iterator[tuple[int, bytes]]:
    from PIL.Image import Resampling

    # A form that is nearly as wide as the next one saves nothing.
    widths = [*(width for width in WIDTHS if width * 1.2 < drawn.width), drawn.width]
    for width in widths:
        height = max(1, round(drawn.height * width / drawn.width))
        if height > TALLEST_WEBP:
            continue
        small = drawn if width == drawn.width else drawn.resize((width, height), Resampling.LANCZOS)
        data = _best(small, width * height * _WEBP_BYTES, "WEBP", (80, 72, 64), method=4)
        if graphic:
            data = min(data, _save(small, "WEBP", lossless=True, method=4), key=len)
        if len(data) < len(main):
            yield width, data


def _best(picture: Image, budget: float, form: str, qualities: tuple[int, ...], **options: Any) -> bytes:
    """The picture in the highest of *qualities* that keeps to *budget* bytes, or in the lowest."""
    for quality in qualities:
        data = _save(picture, form, quality=quality, **options)
        if len(data) <= budget:
            break
    return data


def _save(picture: Image, form: str, **options: Any) -> bytes:
    file = io.BytesIO()
    picture.save(file, form, **options)
    return file.getvalue()
