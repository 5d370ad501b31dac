"""Pulls of what lies on the disk: pictures in archives, and lists whose articles are fetched when asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from email.mime.image import MIMEImage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from io import BytesIO
from pathlib import Path

import pytest
from portal.web_server import Reply, Server
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from plugins.mirror.pull import Settings, pull
from plugins.mirror.report import Report
from plugins.mirror.sources import Portal
from tests.mirror.keep.painted import as_bytes, photograph

PHOTO = as_bytes(photograph(620, 400))
SENTENCE = "The ferry left the pier at {} o'clock with two hundred people and a brass band on board. "


def page(title: str, picture: str = "") -> str:
    """A saved page of a newspaper."""
    text = "".join(f"<p>{SENTENCE.format(hour) * 2}</p>" for hour in range(1, 8))
    figure = f'<figure><img src="{picture}" alt="A ferry"></figure>' if picture else ""
    return (
        f'<html lang="en"><head><title>{title}</title><meta property="article:published_time" '
        f'content="2024-05-06T08:00:00Z"></head><body><article><h1>{title}</h1>{figure}{text}</article></body></html>'
    )


@pytest.fixture
def pulled(tmp_path: Path) -> Callable[..., dict[str, int]]:
    """pulled(file, fetch=…) → outcomes and their numbers."""

    def pull_file(file: Path, fetch: bool = False) -> dict[str, int]:
        report = Report()
        cache, now = tmp_path / "cache", date(2024, 5, 28)
        settings = Settings(tmp_path / "content", cache, now, fetch=fetch, allow_local=True, processes=1)
        pull([Portal("Larn Post", files=(file,), rights="full", rate=1000)], settings, report)
        return {outcome: count for outcome, count in report.counts.items() if count}

    return pull_file


def warc(folder: Path) -> Path:
    file = BytesIO()
    writer = WARCWriter(file, gzip=True)
    for url, kind, body in (
        ("https://larn.example/a.html", "text/html", page("The last ferry leaves Larn", "/p.jpg").encode()),
        ("https://larn.example/p.jpg", "image/jpeg", PHOTO),
    ):
        headers = StatusAndHeaders("200 OK", [("Content-Type", kind)], protocol="HTTP/1.1")
        record = writer.create_warc_record(url, "response", payload=BytesIO(body), http_headers=headers)
        writer.write_record(record)
    (folder / "pages.warc.gz").write_bytes(file.getvalue())
    return folder / "pages.warc.gz"


def mhtml(folder: Path) -> Path:
    message = MIMEMultipart("related", type="text/html")
    message["Snapshot-Content-Location"] = "https://larn.example/a.html"
    text = MIMEText(page("The last ferry leaves Larn", "https://larn.example/p.jpg"), "html", "utf-8")
    text["Content-Location"] = "https://larn.example/a.html"
    picture = MIMEImage(PHOTO, "jpeg")
    picture["Content-Location"] = "https://larn.example/p.jpg"
    message.attach(text)
    message.attach(picture)
    (folder / "page.mhtml").write_bytes(message.as_bytes())
    return folder / "page.mhtml"


@pytest.mark.parametrize("archive", [warc, mhtml])
def test_the_pictures_of_an_archive_come_with_its_articles(archive, pulled, tmp_path: Path) -> None:
    """Without asking the web."""
    assert {"new": 1} == pulled(archive(tmp_path))
    (story,) = (tmp_path / "content/en").rglob("*.md")
    (picture,) = (tmp_path / "content/images").rglob("*.jpg")
    assert picture.name in story.read_text("utf-8")
    assert {"unchanged": 1} == pulled(archive(tmp_path))


@pytest.fixture
def portal() -> Iterator[str]:
    server = Server(
        {
            "/robots.txt": Reply(b"User-agent: *\nAllow: /\n", "text/plain"),
            "/2024/05/ferry.html": Reply(page("The last ferry leaves Larn", "/p.jpg").encode(), "text/html"),
            "/p.jpg": Reply(PHOTO, "image/jpeg"),
        }
    )
    server.start()
    yield server.base
    server.stop()


@pytest.mark.parametrize("kind", ["feed", "sitemap"])
def test_what_a_list_on_the_disk_names_is_fetched_when_asked_for(kind, portal, pulled, tmp_path: Path) -> None:
    """With its pictures; otherwise the list is no article, and says so."""
    link = f"{portal}/2024/05/ferry.html"
    text = {
        "feed": f'<rss version="2.0"><channel><title>Larn</title><item><title>Ferry</title><link>{link}</link></item>'
        "</channel></rss>",
        "sitemap": f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>{link}</loc></url></urlset>',
    }[kind]
    file = tmp_path / f"{kind}.xml"
    file.write_text(f'<?xml version="1.0"?>{text}', "utf-8")
    assert {"no article": 1} == pulled(file)
    assert {"new": 1} == pulled(file, fetch=True)
    assert list((tmp_path / "content/images").rglob("*.jpg"))
    assert {"unchanged": 1} == pulled(file, fetch=True)
