"""The program as it is called, and pages, feeds and archives to call it with; all written for the tests."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from PIL import Image
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

ROOT = Path(__file__).parent.parent.parent
ENVIRONMENT = {"PYTHONPATH": str(ROOT), "SOURCE_DATE_EPOCH": "1769817600", "PATH": ""}
"""The program runs on 2026-01-31."""


def mirror(*arguments: str | Path, given: bytes = b"", folder: Path = ROOT, **environment: str):
    """Run the program in *folder*.

    Returns: the finished process, what it printed as text.
    """
    run = subprocess.run(
        [sys.executable, "-m", "plugins.mirror", *map(str, arguments)],
        input=given,
        capture_output=True,
        cwd=folder,
        env={**ENVIRONMENT, **environment},
        timeout=60,
        check=False,
    )
    run.stdout, run.stderr = run.stdout.decode(), run.stderr.decode()
    return run


def stories(content: Path) -> dict[str, str]:
    """The stories below a content folder, without what the mirror remembers of them."""
    return {
        path.relative_to(content).as_posix(): path.read_text("utf-8") for path in sorted(content.glob("*/2*/*/*.md"))
    }


def extracted(run) -> list[dict]:
    """The articles that `extract` printed."""
    return [json.loads(line) for line in run.stdout.splitlines()]


TEXTS = {
    "Lighthouse keeps its lamp": (
        "The lighthouse on Gull Point will keep its old lamp, the harbour board decided on Monday evening.",
        "Its members voted nine to two against a lamp without lenses, which would have cost less and lasted longer.",
        "Fishermen had collected two thousand signatures, because the old light can be told from those of the town.",
    ),
    "Choir sings in the dry dock": (
        "Three hundred singers stood at the bottom of a dry dock on Sunday and sang for the people on the edge.",
        "The conductor, who had tried the echo with a whistle in March, called it the best hall of the coast.",
        "Next year the dock will be full of water again, and the choir is looking for a quarry instead.",
    ),
    "Mill grinds after forty years": (
        "The water mill at Alder Bridge has ground its first sack of rye since a flood broke the wheel in 1984.",
        "Volunteers built a new wheel of larch in two winters, from drawings that a school had kept in its attic.",
        "Bread of the first flour was gone within an hour, said the baker, who had expected to take half of it home.",
    ),
}
"""English stories: headline → paragraphs."""

CHINESE = (
    "海港镇灯塔节开幕",
    (
        "海港镇星期一举行了第十二届灯塔节，两千多名居民带着灯笼来到码头，镇长在开幕式上讲了话。",
        "组织者表示，今年的灯塔节比去年多了三条船，活动将持续到本周五晚上十点。",
        "附近的小学也组织学生参加，孩子们画了一百多幅画，挂在旧仓库的墙上。",
    ),
)
"""A Chinese story."""


def page(
    title: str = "Lighthouse keeps its lamp",
    paragraphs: Iterable[str] = (),
    *,
    lang: str = "en",
    byline: str = '<p class="byline">By Ada Quill</p>',
    head: str = "",
    inside: str = "",
    below: str = "",
) -> str:
    """A page of the Harbour Evening News; *inside* stands behind the first paragraph, *below* under the last."""
    first, *others = [f"<p>{text}</p>" for text in paragraphs or TEXTS[title]]
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{title} - Harbour Evening News</title>'
        f'<meta property="og:type" content="article">{head}</head><body><nav><a href="/">Home</a></nav>'
        f'<article><h1>{title}</h1><time datetime="2024-05-06T09:30:00+08:00">6 May 2024</time>{byline}'
        f"{first}{inside}{''.join(others)}</article>{below}<footer>Harbour Evening News</footer></body></html>"
    )


def chinese_page(encoding: str, charset: str) -> bytes:
    """A Chinese page in *encoding* that says *charset*, or nothing when that is empty."""
    title, paragraphs = CHINESE
    byline = '<div class="info">2024年05月06日 09:30 来源：海港晚报 作者：苗青</div>'
    text = page(title, paragraphs, lang="zh", byline=byline)
    return text.replace('<meta charset="utf-8">', f'<meta charset="{charset}">' if charset else "").encode(encoding)


def parts(folder: Path, head: str = "") -> None:
    """An article of three pages: ``a.html``, ``a_2.html``, ``a_3.html``; *head* may name each as ``{name}``."""
    names = ["a.html", "a_2.html", "a_3.html"]
    for at, (name, paragraphs) in enumerate(zip(names, TEXTS.values(), strict=True)):
        numbers = " ".join(
            f"<span>{number}</span>" if number == at + 1 else f'<a href="{other}">{number}</a>'
            for number, other in enumerate(names, 1)
        )
        text = page("A long walk", paragraphs, head=head.format(name=name), below=f'<div class="pager">{numbers}</div>')
        (folder / name).write_text(text, "utf-8")


def picture(file: Path) -> None:
    """A photograph, as far as programs can tell."""
    file.parent.mkdir(parents=True, exist_ok=True)
    Image.effect_mandelbrot((640, 400), (-2, -1.5, 1, 1.5), 60).convert("RGB").save(file)


def warc(file: Path) -> None:
    """An archive of two pages and a picture."""
    seen = io.BytesIO()
    Image.new("RGB", (640, 400), "teal").save(seen, "PNG")
    titles = list(TEXTS)
    records = [
        ("one.html", "text/html; charset=utf-8", page(titles[1]).encode()),
        ("two.html", "text/html; charset=utf-8", page(titles[2]).encode()),
        ("seal.png", "image/png", seen.getvalue()),
    ]
    with file.open("wb") as out:
        writer = WARCWriter(out, gzip=True)
        for name, media_type, data in records:
            headers = StatusAndHeaders("200 OK", [("Content-Type", media_type)], protocol="HTTP/1.1")
            url = f"https://harbour.example/2024/05/{name}"
            writer.write_record(
                writer.create_warc_record(url, "response", payload=io.BytesIO(data), http_headers=headers)
            )


def mhtml(file: Path) -> None:
    """A page as a browser saves it in one file."""
    file.write_bytes(
        b"From: <Saved by Blink>\r\nSnapshot-Content-Location: https://harbour.example/2024/05/saved.html\r\n"
        b"Subject: Lighthouse\r\nDate: Sat, 11 May 2024 08:00:00 -0000\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/related; type="text/html"; boundary="----edge"\r\n\r\n'
        b"------edge\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: 8bit\r\n"
        b"Content-Location: https://harbour.example/2024/05/saved.html\r\n\r\n"
        + page().encode()
        + b"\r\n------edge--\r\n"
    )


def rss(file: Path, links_only: bool = False) -> None:
    """A feed of the three stories, with or without their texts."""
    items = "".join(
        f"<item><title>{title}</title><link>https://harbour.example/2024/05/{at}.html</link><guid>urn:{at}</guid>"
        f"<pubDate>Wed, 08 May 2024 0{at}:00:00 +0800</pubDate>"
        + (
            ""
            if links_only
            else f"<content:encoded><![CDATA[{''.join(f'<p>{text}</p>' for text in texts)}]]></content:encoded>"
        )
        + "</item>"
        for at, (title, texts) in enumerate(TEXTS.items())
    )
    file.write_text(
        '<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        f"<title>Harbour</title><link>https://harbour.example/</link><description>News</description>{items}"
        "</channel></rss>",
        "utf-8",
    )


def atom(file: Path) -> None:
    """A feed of one link."""
    file.write_text(
        '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Harbour</title><id>urn:h</id>'
        "<updated>2024-05-08T00:00:00Z</updated><entry><title>A link</title><id>urn:1</id>"
        '<link href="https://harbour.example/a.html"/><updated>2024-05-08T00:00:00Z</updated></entry></feed>',
        "utf-8",
    )


def json_feed(file: Path) -> None:
    """A JSON Feed with one text."""
    title, texts = next(iter(TEXTS.items()))
    item = {
        "id": "1",
        "url": "https://harbour.example/2024/05/1.html",
        "title": title,
        "date_published": "2024-05-10T08:00:00+08:00",
        "content_html": "".join(f"<p>{text}</p>" for text in texts),
    }
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "Harbour", "items": [item]}
    file.write_text(json.dumps(feed), "utf-8")


def sitemap(file: Path) -> None:
    """A sitemap of one page."""
    file.write_text(
        '<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
        "<url><loc>https://harbour.example/a.html</loc></url></urlset>",
        "utf-8",
    )


DUMP = "The cafe opens\n\nIt was opened on March 3, 2024, and the first cup was drunk by the mayor of the town.\n"
