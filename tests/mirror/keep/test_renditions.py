"""Bytes of all kinds in, safe and light files out."""

from __future__ import annotations

import random
import struct
import zlib

import pytest
from PIL import Image

from plugins.mirror.keep import renditions
from plugins.mirror.keep.picture_credit import credit_of
from plugins.mirror.keep.renditions import moves, render
from plugins.mirror.keep.unusable import Unusable
from tests.mirror.keep.painted import as_bytes, chart, exif, halves, iptc, opened, photograph, profile, xmp


def test_a_photograph_becomes_a_jpeg_and_lighter_forms() -> None:
    """At most 1,600 pixels wide, with WebP for phones; every form is lighter than the one above it."""
    rendition = render(as_bytes(photograph(2000, 1000), quality=95))
    assert ".jpg" == rendition.ending
    assert (1600, 800) == opened(rendition.main).size
    assert [(480, 240), (960, 480), (1600, 800)] == [opened(data).size for _, data in rendition.lighter]
    assert [480, 960, 1600] == [width for width, _ in rendition.lighter]
    weights = [*(len(data) for _, data in rendition.lighter), len(rendition.main)]
    assert sorted(weights) == weights


@pytest.mark.parametrize(("width", "forms"), [(2000, [480, 960, 1600]), (1100, [480, 1100]), (500, [500]), (60, [60])])
def test_a_picture_is_never_blown_up(width: int, forms: list[int]) -> None:
    """Forms are those that are clearly smaller than the picture, and the picture itself."""
    rendition = render(as_bytes(photograph(width, 80), quality=95))
    assert min(width, 1600) == opened(rendition.main).width
    assert forms == [across for across, _ in rendition.lighter]


def test_a_chart_stays_a_png() -> None:
    """JPEG would smear its edges; the pixels are the same, in the lighter forms too."""
    rendition = render(as_bytes(chart(800, 450), "PNG"))
    assert ".png" == rendition.ending
    assert chart(800, 450).tobytes() == opened(rendition.main).convert("RGB").tobytes()
    assert all(len(data) < len(rendition.main) for _, data in rendition.lighter)


def test_a_photograph_that_came_as_a_png_becomes_a_jpeg() -> None:
    """Without loss it would weigh ten times as much."""
    data = as_bytes(photograph(600, 400), "PNG")
    rendition = render(data)
    assert ".jpg" == rendition.ending
    assert len(rendition.main) < len(data) / 2


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_transparency_stays(form: str) -> None:
    """On dark pages a logo must not stand in a white box."""
    picture = photograph(300, 200).convert("RGBA")
    picture.paste((0, 0, 0, 0), (0, 0, 150, 200))
    rendition = render(as_bytes(picture, form))
    assert ".png" == rendition.ending
    for data in (rendition.main, *(data for _, data in rendition.lighter)):
        alpha = opened(data).convert("RGBA").getchannel("A")
        assert (0, 255) == (alpha.getpixel((0, 0)), alpha.getpixel((alpha.width - 1, 0)))


def test_a_transparency_that_hides_nothing_is_dropped() -> None:
    """Many photographs carry an empty one."""
    assert ".jpg" == render(as_bytes(photograph(600, 400).convert("RGBA"), "WEBP")).ending


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize(("width", "expected"), [(40, (40, 80)), (2000, (1600, 3200))])
def test_a_camera_held_sideways_makes_an_upright_picture(form: str, width: int, expected: tuple[int, int]) -> None:
    """The orientation is applied before it is dropped with the rest."""
    lying = halves(width, 2 * width).transpose(Image.Transpose.ROTATE_90)
    picture = opened(render(as_bytes(lying, form, exif=exif(orientation=6))).main)
    assert expected == picture.size
    red, _, blue = picture.convert("RGB").getpixel((20, 10))
    assert red > blue


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_nothing_of_the_original_file_goes_on(form: str) -> None:
    """No place, no camera, no name, no comment, no profile, no byte behind the end."""
    options = {"comment": b"private"} if form == "JPEG" else {}
    secrets = exif(artist="Jo Frame", make="Camera 1")
    data = as_bytes(photograph(300, 200), form, exif=secrets, icc_profile=profile(), **options) + b"private"
    rendition = render(data)
    for kept in (rendition.main, *(data for _, data in rendition.lighter)):
        picture = opened(kept)
        assert not dict(picture.getexif())
        assert not {"exif", "icc_profile", "xmp", "comment", "photoshop"} & set(picture.info)
        for secret in (b"private", b"Jo Frame", b"Camera 1", b"Exif", b"ICC"):
            assert secret not in kept


def test_colours_of_another_profile_are_converted() -> None:
    """Browsers would read them as sRGB once the profile is gone."""
    picture = Image.new("RGB", (64, 64), (200, 120, 60))

    def colour(**options: bytes) -> tuple[int, ...]:
        return opened(render(as_bytes(picture, "PNG", **options)).main).convert("RGB").getpixel((9, 9))

    assert (200, 120, 60) == colour()
    red, _, blue = colour(icc_profile=profile())
    assert red < blue


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "CMYK", "I;16", "RGBA"])
def test_every_way_to_store_colours_is_read(mode: str) -> None:
    """Grey of 8 and of 16 bits, palettes, printers' inks: the brightness comes out as it went in."""
    grey = Image.linear_gradient("L")
    if mode == "I;16":
        picture = Image.frombytes(
            "I;16", grey.size, b"".join(struct.pack("<H", value * 257) for value in grey.tobytes())
        )
    else:
        picture = grey.convert(mode)
    rendition = render(as_bytes(picture, "TIFF" if mode == "CMYK" else "PNG"))
    seen = opened(rendition.main).convert("L")
    assert 256 == seen.width
    assert seen.getpixel((128, 20)) < 90 and seen.getpixel((128, 240)) > 170


def test_the_same_bytes_give_the_same_files() -> None:
    """Names come from the bytes, so what stands behind a name must not change."""
    data = as_bytes(photograph(700, 500))
    assert render(data) == render(data)


def test_of_what_moves_the_first_frame_stays() -> None:
    """A page of news holds still; the editor is told by way of `moves`."""
    frames = [Image.new("RGB", (90, 60), colour) for colour in ("red", "blue")]
    data = as_bytes(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert moves(data) and not moves(as_bytes(frames[0], "GIF"))
    assert (255, 0, 0) == opened(render(data).main).convert("RGB").getpixel((5, 5))


@pytest.mark.parametrize("size", [(1, 1), (2, 2), (600, 1), (1, 90)])
def test_a_tracking_pixel_is_no_picture(size: tuple[int, int]) -> None:
    assert render(as_bytes(Image.new("RGB", size), "GIF")) is None


def bomb() -> bytes:
    """A PNG of 400 KB that would fill 1.2 GB."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + name + data + zlib.crc32(name + data).to_bytes(4, "big")

    head = struct.pack(">IIBBBBB", 20_000, 20_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "The file is empty."),
        (b"<!DOCTYPE html><p>Not found</p>", "The file is a page, not a picture."),
        (b"\xef\xbb\xbf  <html><svg></svg></html>", "The file is a page, not a picture."),
        (b"GIF89a", "The file is no picture of a known format."),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "The file is no picture of a known format."),
        (bytes(range(256)) * 20, "The file is no picture of a known format."),
        (bomb(), "The picture has more than 50 million pixels."),
    ],
)
def test_what_is_no_picture_is_refused_with_a_reason(data: bytes, why: str) -> None:
    with pytest.raises(Unusable) as refused:
        render(data)
    assert why == str(refused.value)


def test_half_a_picture_is_refused() -> None:
    """Grey below the place where the connection broke is no picture of anything."""
    data = as_bytes(photograph(300, 200))
    with pytest.raises(Unusable, match="damaged"):
        render(data[: len(data) // 2])


def test_a_file_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    data = as_bytes(photograph(300, 200))
    monkeypatch.setattr(renditions, "MOST_BYTES", len(data) - 1)
    with pytest.raises(Unusable, match="more than"):
        render(data)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "WEBP", "TIFF", "BMP", "AVIF"])
def test_damage_never_gets_out(form: str) -> None:
    """Whatever a decoder makes of broken bytes, the answer is a picture or Unusable."""
    chance = random.Random(form)
    whole = as_bytes(photograph(60, 40), form)
    for _ in range(60):
        data = bytearray(whole)
        for _ in range(chance.randrange(1, 9)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            render(bytes(data[: chance.randrange(1, len(data) + 1)]))
        except Unusable:
            continue


# Who made it


def test_a_file_says_who_made_it() -> None:
    """IPTC first, then XMP, then EXIF; the maker and the agency, else who has the copyright."""
    plain = as_bytes(photograph(60, 40))
    assert "" == credit_of(plain)
    with_iptc = plain[:2] + iptc(byline="木青", credit="海岸通讯社") + plain[2:]
    assert "木青 / 海岸通讯社" == credit_of(with_iptc)
    assert "Jo Frame / Coast Wire" == credit_of(as_bytes(photograph(60, 40), xmp=xmp("Jo Frame", "Coast Wire")))
    assert "Jo Frame" == credit_of(as_bytes(photograph(60, 40), exif=exif(artist="Jo  Frame", copyright="Coast")))
    assert "© Coast Wire" == credit_of(as_bytes(photograph(60, 40), exif=exif(copyright="© Coast Wire".encode())))


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_names_of_old_cameras_are_read(encoding: str) -> None:
    """EXIF knows ASCII only; Chinese cameras write what they like."""
    raw = "记者木青".encode(encoding)
    assert "记者木青" == credit_of(as_bytes(photograph(60, 40), exif=exif(artist=raw)))


def test_a_licence_is_no_name_and_markup_no_word() -> None:
    """A credit is a line of plain text."""
    assert "" == credit_of(as_bytes(photograph(60, 40), exif=exif(copyright="All rights reserved. " * 20)))
    assert "b Jo /b" == credit_of(as_bytes(photograph(60, 40), exif=exif(artist="<b>Jo</b>")))
    assert "" == credit_of(b"<html>")
