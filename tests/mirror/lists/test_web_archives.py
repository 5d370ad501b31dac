"""WARC and MHTML, whole and damaged."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib
from datetime import UTC, datetime
from email.mime.image import MIMEImage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from plugins.mirror.document import Document
from plugins.mirror.lists import archives
from plugins.mirror.lists.archives import PicturesInside, dechunked, read_archive, split_media_type
from plugins.problems import Problem

PAGE = "<html><head><title>渔港</title></head><body><p>防波堤合龙。</p></body></html>"
CHUNKED = b"5\r\n<html\r\n%x;x=y\r\n%s\r\n0\r\n\r\n" % (len(PAGE.encode()) - 5, PAGE.encode()[5:])
WHEN = "2024-05-06T02:30:00Z"


class Warc:
    """A web archive in the making."""

    def __init__(self, packed: bool = True):
        self.file = BytesIO()
        self.writer = WARCWriter(self.file, gzip=packed)

    def add(self, url: str, body: bytes, kind: str = "response", status: str = "200 OK", **headers: str) -> Warc:
        stated = [(name.replace("_", "-"), value) for name, value in headers.items()]
        record = self.writer.create_warc_record(
            url,
            kind,
            payload=BytesIO(body),
            length=len(body),
            http_headers=StatusAndHeaders(status, stated, protocol="HTTP/1.1") if kind != "resource" else None,
            warc_content_type=headers.get("Content_Type", "") if kind == "resource" else "",
            warc_headers_dict={"WARC-Date": WHEN},
        )
        self.writer.write_record(record)
        return self

    def at(self, folder: Path, name: str = "pages.warc.gz") -> Path:
        path = folder / name
        path.write_bytes(self.file.getvalue())
        return path


def texts(found: list[Document | Problem]) -> list[str]:
    return [one.what if isinstance(one, Problem) else one.data.decode() for one in found]


HTML = {"Content_Type": "text/html; charset=GB2312"}


@pytest.mark.parametrize("packed", [True, False])
def test_a_warc_gives_its_pages(tmp_path: Path, packed: bool) -> None:
    """Answers with 200 and resources, with what their headers say; nothing else."""
    warc = Warc(packed)
    link = "</en/1.html>; rel=alternate; hreflang=en"
    warc.add("https://haigang.example/a/1.html", PAGE.encode("gbk"), Link=link, **HTML)
    warc.add("https://haigang.example/old", b"", status="301 Moved", Location="/a/1.html")
    warc.add("https://haigang.example/none", PAGE.encode(), status="404 Not Found", **HTML)
    warc.add("https://haigang.example/p.jpg", b"\xff\xd8\xff", Content_Type="image/jpeg")
    warc.add("https://haigang.example/a/1.html", b"", kind="revisit", **HTML)
    warc.add("https://haigang.example/a/2.html", PAGE.encode(), kind="resource", Content_Type="text/html")
    path = warc.at(tmp_path)
    when = datetime(2024, 5, 6, 2, 30, tzinfo=UTC)
    first, second = "https://haigang.example/a/1.html", "https://haigang.example/a/2.html"
    assert [
        Document(f"{path}: {first}", PAGE.encode("gbk"), first, "text/html", "gb2312", when, str(path), link),
        Document(f"{path}: {second}", PAGE.encode(), second, "text/html", "", when, str(path)),
    ] == list(read_archive(path))


def test_pictures_in_an_archive_are_found_by_address(tmp_path: Path) -> None:
    """Those that are asked for, in another spelling too."""
    warc = Warc().add("https://haigang.example/p.jpg", b"\xff\xd8\xff1", Content_Type="image/jpeg")
    path = warc.add("https://haigang.example/q.jpg", b"\xff\xd8\xff2", Content_Type="image/jpeg").at(tmp_path)
    inside = PicturesInside(path)
    assert b"\xff\xd8\xff2" == inside.find("http://haigang.example/q.jpg#x")
    assert b"\xff\xd8\xff1" == inside.find("https://haigang.example/p.jpg")
    assert inside.find("https://haigang.example/none.jpg") is None


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (gzip.compress(PAGE.encode(), mtime=0), {"Content_Encoding": "gzip"}),
        (zlib.compress(PAGE.encode()), {"Content_Encoding": "deflate"}),
        (zlib.compress(PAGE.encode())[2:-4], {"Content_Encoding": "deflate"}),
        (PAGE.encode(), {"Content_Encoding": "gzip"}),
        (PAGE.encode(), {"Transfer_Encoding": "chunked"}),
        (CHUNKED, {"Transfer_Encoding": "chunked"}),
    ],
)  # fmt: skip
def test_the_codings_of_http_are_taken_off(tmp_path: Path, body: bytes, headers: dict[str, str]) -> None:
    """Also when the crawler had taken them off and kept the header."""
    path = Warc().add("https://haigang.example/1", body, **HTML, **headers).at(tmp_path)
    assert [PAGE] == texts(list(read_archive(path)))


def test_a_bomb_is_left_out_and_the_rest_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Packed or chunked or plain, no record takes more than its limit."""
    monkeypatch.setattr(archives, "LARGEST_RECORD", 1_000_000)
    bomb = gzip.compress(b" " * 30_000_000)
    warc = Warc().add("https://haigang.example/bomb", bomb, **HTML, Content_Encoding="gzip")
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(bomb), bomb)
    warc.add("https://haigang.example/chunks", chunked, **HTML, Content_Encoding="gzip", Transfer_Encoding="chunked")
    warc.add("https://haigang.example/long", b" " * 1_100_000, **HTML)
    path = warc.add("https://haigang.example/1", PAGE.encode(), **HTML).at(tmp_path)
    assert [
        "https://haigang.example/bomb was left out: it unpacks to more than 1 MB.",
        "https://haigang.example/chunks was left out: it unpacks to more than 1 MB.",
        "https://haigang.example/long was left out: it has more than 1 MB.",
        PAGE,
    ] == texts(list(read_archive(path)))


@pytest.mark.parametrize("packed", [True, False])
def test_a_damaged_record_costs_only_itself(tmp_path: Path, packed: bool) -> None:
    """The next record is looked for, and the damage is told."""
    warc = Warc(packed).add("https://haigang.example/1", b"<p>one</p>" + b"<br>" * 50, **HTML)
    start = warc.file.tell()
    warc.add("https://haigang.example/2", b"<p>two</p>" + b"<br>" * 50, **HTML)
    end = warc.file.tell()
    path = warc.add("https://haigang.example/3", b"<p>three</p>" + b"<br>" * 50, **HTML).at(tmp_path)
    data = bytearray(path.read_bytes())
    data[start + 10 : end - 10] = b"\xaa" * (end - start - 20)
    path.write_bytes(data)
    found = list(read_archive(path))
    assert ["https://haigang.example/1", "https://haigang.example/3"] == [
        one.url for one in found if isinstance(one, Document)
    ]
    assert [True] == ["damaged" in one.what for one in found if isinstance(one, Problem)]


def test_a_cut_record_without_an_address_is_a_problem(tmp_path: Path) -> None:
    """Packed, too, where it is asked whether the whole file is one member."""
    record = b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 9999\r\n\r\nHTTP/1.1 200 OK\r\n\r\n<html>"
    path = tmp_path / "cut.warc.gz"
    path.write_bytes(gzip.compress(record)[:-12])
    (problem,) = read_archive(path)
    assert "The record at byte 0 is damaged: it has no address." in problem.what


def test_a_truncated_archive_gives_what_is_whole(tmp_path: Path) -> None:
    """Crawls are interrupted."""
    warc = Warc().add("https://haigang.example/1", PAGE.encode(), **HTML)
    start = warc.file.tell()
    path = warc.add("https://haigang.example/2", PAGE.encode() + bytes(range(256)) * 40, **HTML).at(tmp_path)
    path.write_bytes(path.read_bytes()[: start + 500])
    first, second = read_archive(path)
    assert (PAGE, True) == (first.data.decode(), "damaged" in second.what)


def test_a_warc_that_somebody_packed_as_a_whole_is_read(tmp_path: Path) -> None:
    """`gzip pages.warc` makes one member of all records."""
    warc = Warc(packed=False).add("https://haigang.example/1", PAGE.encode(), **HTML)
    path = warc.add("https://haigang.example/2", PAGE.encode(), **HTML).at(tmp_path, "plain.warc")
    packed = tmp_path / "whole.warc.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    assert [PAGE, PAGE] == texts(list(read_archive(packed)))


def test_memory_does_not_grow_with_the_archive(tmp_path: Path) -> None:
    """One record at a time."""
    warc = Warc(packed=False)
    for at in range(40):
        warc.add(f"https://haigang.example/{at}", b"<p>x</p>" + b"x" * 1_000_000, **HTML)
    path = warc.at(tmp_path, "large.warc")
    del warc
    tracemalloc.start()
    count = sum(isinstance(found, Document) for found in read_archive(path))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (40, True) == (count, peak < 10_000_000)


def test_a_page_saved_as_mhtml_is_read(tmp_path: Path) -> None:
    """As Chinese browsers save it: GBK, quoted-printable, frames and pictures beside it."""
    message = MIMEMultipart("related", type="text/html", start="<main@x>")
    message["Date"] = "Mon, 06 May 2024 10:30:00 +0800"
    message["Snapshot-Content-Location"] = "https://haigang.example/a/1.html"
    for name, body in (("<frame@x>", "<p>frame</p>"), ("<main@x>", PAGE)):
        part = MIMEText(body, "html", "gbk")
        part["Content-ID"] = name
        message.attach(part)
    picture = MIMEImage(b"\xff\xd8\xff", "jpeg")
    picture["Content-Location"] = "https://haigang.example/p.jpg"
    message.attach(picture)
    path = tmp_path / "page.mht"
    path.write_bytes(message.as_bytes())
    url, when = "https://haigang.example/a/1.html", datetime(2024, 5, 6, 2, 30, tzinfo=UTC)
    page = Document(f"{path}: {url}", PAGE.encode("gbk"), url, "text/html", "gbk", when, str(path))
    assert [page] == list(read_archive(path))
    assert b"\xff\xd8\xff" == PicturesInside(path).find("https://haigang.example/p.jpg")


@settings(max_examples=60)
@given(st.binary(max_size=400), st.integers(0, 3))
def test_whatever_stands_in_an_archive_nothing_raises(data: bytes, way: int) -> None:
    """Documents and problems are all that comes out."""
    from tempfile import TemporaryDirectory

    warc = Warc(packed=way == 1).add("https://haigang.example/1", PAGE.encode(), **HTML).file.getvalue()
    mhtml = b"Content-Type: multipart/related; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>x\r\n--b--"
    whole = (
        data + warc,
        warc[:100] + data + warc[100:] + warc,
        mhtml[:60] + data + mhtml[60:],
        b"WARC/1.0\r\n" + data,
    )[way]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a"
        path.write_bytes(whole)
        assert all(isinstance(found, Document | Problem) for found in read_archive(path))


@given(st.binary(max_size=200))
def test_chunks_of_any_bytes_are_bytes(data: bytes) -> None:
    """Never more than came in."""
    assert len(dechunked(data)) <= len(data)


def test_a_content_type_is_taken_apart() -> None:
    """With the quotation marks that it should not have."""
    assert ("text/html", "gb2312") == split_media_type('Text/HTML;charset="GB2312"')
    assert ("", "") == split_media_type("")
