"""Pictures of articles: where they come from, where they lie, and what an article says afterwards."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from portal.web_server import Reply, Server

from plugins.languages import LANGUAGES
from plugins.mirror.article import Article, Image, Source
from plugins.mirror.keep.pictures import Pictures, without_pictures
from plugins.mirror.web.client import Client, Policy
from plugins.mirror.web.store import Store
from plugins.reader.markdown import read_body
from tests.mirror.keep.painted import as_bytes, chart, exif, photograph

QUICK = Policy(contact="desk@harbour.example", rate=1000.0, retries=0, timeout=5.0, deadline=10.0, allow_local=True)
PHOTO = as_bytes(photograph(620, 400))
CHART = as_bytes(chart(600, 400), "PNG")
PAGE = "https://harbour.example/2024/05/ferry.html"


def article(body: str = "", *images: Image, lang: str = "zh", url: str = PAGE) -> Article:
    return Article("渡轮复航", lang, 0, (), body=body, images=images, source=Source(url=url))


def stored(into: Path) -> dict[str, bytes]:
    """Every file below content/ with its bytes."""
    return {file.relative_to(into).as_posix(): file.read_bytes() for file in sorted(into.rglob("*")) if file.is_file()}


@pytest.fixture
def into(tmp_path: Path) -> Path:
    return tmp_path / "content"


@pytest.fixture
def saved(tmp_path: Path) -> Callable[..., Path]:
    """A saved page, with files beside it (path → bytes)."""

    def save(**files: bytes) -> Path:
        folder = tmp_path / "saved"
        for path, data in {"ferry.html": b"<html>", **files}.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(data)
        return folder / "ferry.html"

    return save


@pytest.fixture
def portal() -> Iterator[Callable[..., Server]]:
    """A portal on loopback that serves these addresses."""
    servers: list[Server] = []

    def start(**replies: Reply) -> Server:
        paths = {f"/{path}": reply for path, reply in replies.items()}
        servers.append(Server({"/robots.txt": Reply(b"User-agent: *\nAllow: /\n", "text/plain")} | paths))
        servers[-1].start()
        return servers[-1]

    yield start
    for server in servers:
        server.stop()


@pytest.fixture
def pull(tmp_path: Path, into: Path) -> Iterator[Callable[[], Pictures]]:
    """Pictures as a further pull would keep them, on the cache of the pulls before."""
    clients: list[Client] = []

    def start() -> Pictures:
        clients.append(Client(QUICK, Store(tmp_path / "web.sqlite")))
        return Pictures(into, clients[-1].fetch, clients[-1].store.document)

    yield start
    for client in clients:
        client.close()
        client.store.close()


# Where they lie


def test_a_picture_lies_below_the_first_letters_of_its_hash(into, saved) -> None:
    """The main file and its lighter forms; front matter and text name the main one as editors do."""
    page = saved(**{"a.jpg": PHOTO})
    told = article('前文。\n\n![大门](a.jpg "新大门。")\n\n后文。', Image("a.jpg", "大门", "木青 摄", "新大门。"))
    kept, warnings = Pictures(into).keep(told, page)
    main, *lighter = sorted(stored(into), key=lambda path: (path.endswith(".webp"), path))
    folder, name = main.split("/")[1:]
    assert folder == name[:2] and name.endswith(".jpg") and len(name) == 20
    stem = main.removesuffix(".jpg")
    assert [f"{stem}-480.webp", f"{stem}-620.webp"] == lighter
    assert (Image(main, "大门", "木青 摄", "新大门。"),) == kept.images
    assert f'前文。\n\n![大门](/{main} "新大门。")\n\n后文。' == kept.body
    assert [] == warnings


def test_the_reader_takes_what_the_mirror_writes(into, saved) -> None:
    """A figure with its caption and no problem, whatever stood in the source."""
    page = saved(**{"a.jpg": PHOTO})
    body = '![甲 \\[乙\\] `丙`](a.jpg "他说：\\"好\\" & &amp;lt; \\\\")'
    kept, _ = Pictures(into).keep(article(body), page)
    problems: list[tuple] = []
    html = read_body(kept.body, LANGUAGES["zh"], 1, lambda *problem: problems.append(problem)).html
    assert [] == problems
    assert '<figcaption>他说："好" &amp; &amp;lt; \\</figcaption></figure>' in html
    assert 'alt="甲 [乙] `丙`"' in html


def test_the_same_picture_is_stored_once_and_never_touched_again(into, saved) -> None:
    """Two articles, two addresses, one file; the second pull writes nothing."""
    page = saved(**{"a.jpg": PHOTO, "b.jpg": PHOTO})
    first, _ = Pictures(into).keep(article("![甲](a.jpg)\n\n![乙](b.jpg)"), page)
    times = {path: (into / path).stat().st_mtime_ns for path in stored(into)}
    assert 3 == len(times)
    assert first == Pictures(into).keep(article("![甲](a.jpg)\n\n![乙](b.jpg)"), page)[0]
    assert times == {path: (into / path).stat().st_mtime_ns for path in stored(into)}


def test_a_pull_that_was_stopped_leaves_no_half_picture(into, saved) -> None:
    """What it left is written over; the main file comes last, so without it all are made again."""
    page = saved(**{"a.jpg": PHOTO})
    Pictures(into).keep(article("![甲](a.jpg)"), page)
    whole = stored(into)
    main = next(path for path in whole if path.endswith(".jpg"))
    (into / main).rename((into / main).with_name(f".{Path(main).name}.part"))
    (into / main.replace(".jpg", "-480.webp")).write_bytes(b"half")
    Pictures(into).keep(article("![甲](a.jpg)"), page)
    assert whole == stored(into)


def test_threads_may_share_it(into, saved) -> None:
    """The same pictures at once give the same files."""
    page = saved(**{"a.jpg": PHOTO, "b.png": CHART})
    pictures = Pictures(into)
    with ThreadPoolExecutor(8) as pool:
        kept = list(pool.map(lambda _: pictures.keep(article("![甲](a.jpg)\n\n![乙](b.png)"), page), range(16)))
    assert all(one == kept[0] for one in kept)
    assert not [path for path in stored(into) if path.endswith(".part")]


def test_a_folder_that_is_a_link_is_not_written_into(into, saved, tmp_path) -> None:
    """It may lead anywhere."""
    (tmp_path / "elsewhere").mkdir()
    into.mkdir()
    (into / "images").symlink_to(tmp_path / "elsewhere")
    kept, (warning,) = Pictures(into).keep(article("文。\n\n![甲](a.jpg)"), saved(**{"a.jpg": PHOTO}))
    assert "文。" == kept.body and "is a link" in warning
    assert [] == list((tmp_path / "elsewhere").iterdir())


# Beside a saved page


@pytest.mark.parametrize(
    "address",
    [
        "a.jpg",
        "./pictures/../a.jpg?x=1",
        "pictures/b%20c.jpg",
        "https://harbour.example/2024/05/pictures/b%20c.jpg",
        "ferry_files/d.jpg",
        "https://cdn.example/other/d.jpg",
        "file:///C:/Users/jo/ferry_files/d.jpg",
    ],
)
def test_a_saved_page_has_its_pictures_beside_it(into, saved, address: str) -> None:
    """Below its own folder, or where browsers put what belongs to it."""
    page = saved(**{"a.jpg": PHOTO, "pictures/b c.jpg": PHOTO, "ferry_files/d.jpg": PHOTO})
    kept, warnings = Pictures(into).keep(article(f"![甲](<{address}>)"), page)
    assert [] == warnings
    assert kept.body.startswith("![甲](/images/")


@pytest.mark.parametrize(
    "address",
    [
        "../secret.jpg",
        "/../secret.jpg",
        "%2e%2e/secret.jpg",
        "..\\secret.jpg",
        "link.jpg",
        "file://{outside}",
        "a\0.jpg",
    ],
)
def test_nothing_outside_of_the_folder_of_a_page_is_read(into, saved, tmp_path, address: str) -> None:
    """Neither by dots, nor by a link, nor by a full path."""
    (tmp_path / "secret.jpg").write_bytes(PHOTO)
    page = saved()
    (page.parent / "link.jpg").symlink_to(tmp_path / "secret.jpg")
    address = address.format(outside=tmp_path / "secret.jpg")
    kept, warnings = Pictures(into).keep(article("", Image(address)), page)
    assert () == kept.images and 1 == len(warnings)
    assert {} == stored(into)


# From the web


def test_a_second_pull_asks_with_a_condition_and_changes_nothing(into, portal, pull) -> None:
    """304 brings no bytes, and the story names the same file."""
    server = portal(**{"a.jpg": Reply(PHOTO, "image/jpeg", etag=True)})
    told = article("![甲](/a.jpg)", url=f"{server.base}/story.html")
    first, before = pull().keep(told)[0], stored(into)
    assert first == pull().keep(told)[0]
    assert before == stored(into)
    asked = [request for request in server.requests if request.path == "/a.jpg"]
    assert [False, True] == ["if-none-match" in request.headers for request in asked]
    assert f"{server.base}/story.html" == asked[0].headers["referer"]


def test_a_host_that_is_down_takes_no_picture_from_a_story(into, portal, pull) -> None:
    """What was had at an earlier pull stays."""
    server = portal(**{"a.jpg": Reply(PHOTO, "image/jpeg")})
    told = article("![甲](/a.jpg)", url=f"{server.base}/story.html")
    first = pull().keep(told)
    server.replies["/a.jpg"] = Reply(b"", status=503)
    assert first == pull().keep(told)


def test_a_story_stays_when_its_picture_is_missing(into, portal, pull) -> None:
    """The picture leaves the text, and its caption goes into the warning, once."""
    server = portal()
    told = article(
        '前文。\n\n![大门](/a.jpg "新大门。木青 摄")\n\n后文。',
        Image("/a.jpg", "大门", caption="新大门。木青 摄"),
        url=f"{server.base}/story.html",
    )
    kept, warnings = pull().keep(told)
    assert replace(told, body="前文。\n\n后文。", images=()) == kept
    expected = "The picture /a.jpg is left out. It is gone: status 404. With it stood: 新大门。木青 摄"
    assert [expected] == warnings


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        (Reply(b"<html>Please log in</html>", "image/jpeg"), "The file is a page, not a picture."),
        (Reply(b"<html>Please log in</html>", "text/html"), "It is text/html, not what a picture is."),
        (Reply(b"", "image/jpeg"), "The file is empty."),
        (Reply(PHOTO[:9000], "image/jpeg"), "The file is damaged"),
        (Reply(b"RIFF1234WAVE", "image/webp"), "The file is no picture of a known format."),
    ],
)
def test_what_is_no_picture_is_left_out_and_named(into, portal, pull, reply: Reply, why: str) -> None:
    server = portal(**{"a.jpg": reply})
    kept, (warning,) = pull().keep(article("文。\n\n![甲](/a.jpg)", url=f"{server.base}/story.html"))
    assert "文。" == kept.body
    assert warning.startswith(f"The picture /a.jpg is left out. {why}")
    assert {} == stored(into)


def test_a_tracking_pixel_goes_without_a_word(into, portal, pull) -> None:
    server = portal(**{"p.gif": Reply(as_bytes(chart(1, 1), "GIF"), "image/gif")})
    told = article("文。![](/p.gif)", Image("/p.gif"), url=f"{server.base}/story.html")
    kept, warnings = pull().keep(told)
    assert ("文。", (), []) == (kept.body, kept.images, warnings)


@pytest.mark.parametrize(
    "address", ["data:image/png;base64,AAAA", "javascript:alert(1)", "http://[", "ftp://a.example/b"]
)
def test_other_schemes_are_not_fetched(into, portal, pull, address: str) -> None:
    kept, warnings = pull().keep(article(f"文。\n\n![甲](<{address}>)"))
    assert "文。" == kept.body and 1 == len(warnings)


# What an article says


@pytest.mark.parametrize(
    ("alt", "caption", "expected"),
    [
        ("大门", "说明。", "大门"),
        ("", "说明。", "说明。"),
        ("IMG_2024.JPG", "说明。", "说明。"),
        ("图片1", "说明。", "说明。"),
        ("{{ story.title }}", "说明。", "说明。"),
        ("undefined", "", "图片"),
        ("A ferry in port", "", "A ferry in port"),
    ],
)
def test_a_picture_is_described_as_well_as_its_page_can(into, saved, alt: str, caption: str, expected: str) -> None:
    """The name of a file describes nothing; where nobody has said anything, the editor is asked to."""
    title = f' "{caption}"' if caption else ""
    kept, warnings = Pictures(into).keep(article(f"![{alt}](a.jpg{title})"), saved(**{"a.jpg": PHOTO}))
    assert kept.body.startswith(f"![{expected}](")
    assert ["Nobody has said" in warning for warning in warnings] == ([True] if expected == "图片" else [])


@pytest.mark.parametrize(
    ("caption", "lang", "expected"),
    [
        ("", "zh", "木青"),
        ("新大门。", "zh", "新大门，木青"),
        ("The new gate.", "en", "The new gate. 木青"),
        ("The new gate", "en", "The new gate, 木青"),
        ("新大门。海石 摄", "zh", "新大门。海石 摄"),
        ("The gate. Photo: Hai Shi", "en", "The gate. Photo: Hai Shi"),
    ],
)
def test_the_credit_of_the_file_stands_where_the_page_names_nobody(
    into, saved, caption: str, lang: str, expected: str
) -> None:
    page = saved(**{"a.jpg": as_bytes(photograph(90, 60), exif=exif(artist="木青".encode()))})
    title = f' "{caption}"' if caption else ""
    kept, _ = Pictures(into).keep(article(f"![甲](a.jpg{title})", Image("a.jpg"), lang=lang), page)
    assert f'"{expected}")' == kept.body.partition(" ")[2]
    assert "木青" == kept.images[0].credit


def test_the_credit_of_the_page_wins(into, saved) -> None:
    page = saved(**{"a.jpg": as_bytes(photograph(90, 60), exif=exif(artist="木青".encode()))})
    kept, _ = Pictures(into).keep(article("![甲](a.jpg)", Image("a.jpg", credit="海石 摄")), page)
    assert "海石 摄" == kept.images[0].credit
    assert kept.body.endswith(".jpg)")


def test_the_picture_for_previews_is_that_of_the_text_when_it_looks_the_same(into, saved) -> None:
    """Another size of it is; another picture stays another."""
    small = photograph(620, 400).resize((310, 200))
    page = saved(**{"a.jpg": PHOTO, "small.jpg": as_bytes(small, quality=60), "b.png": CHART})
    body = "![柱](b.png)\n\n![大门](a.jpg)"
    kept, _ = Pictures(into).keep(article(body, Image("small.jpg", "大门")), page)
    assert kept.body.endswith(f"(/{kept.images[0].src})")
    other, _ = Pictures(into).keep(article("![柱](b.png)", Image("small.jpg", "大门")), page)
    assert other.images[0].src not in other.body


def test_an_editor_hears_that_a_picture_moved(into, saved) -> None:
    """At every pull alike, or the file of the story would change."""
    page = saved(**{"a.gif": as_bytes(chart(90, 60), "GIF", save_all=True, append_images=[photograph(90, 60)])})
    first, second = (Pictures(into).keep(article("![甲](a.gif)"), page) for _ in range(2))
    assert first == second
    assert "moved; only its first frame was kept" in first[1][0]


@pytest.mark.parametrize(
    ("body", "left"),
    [
        ("甲![x](b.jpg)乙", "甲乙"),
        ("甲 ![x](b.jpg) 乙", "甲 乙"),
        ("甲\n![x](b.jpg)\n乙\n\n丙", "甲\n乙\n\n丙"),
        ("甲\n![x](b.jpg)\n\n乙", "甲\n\n乙"),
        ("![x](b.jpg)\n\n![y](b.jpg)\n\n乙", "乙"),
        ("甲\n\n[![x](b.jpg)](https://a.example/large)\n\n乙", "甲\n\n乙"),
        ("- 甲\n- ![x](b.jpg)\n- 乙", "- 甲\n- 乙"),
        ("> 甲\n>\n> ![x](b.jpg)", "> 甲\n>"),
        ("```\n![x](b.jpg)\n```\n\n![x](b.jpg)", "```\n![x](b.jpg)\n```"),
        ("甲\n\n    ![x](b.jpg)\n\n乙", "甲\n\n    ![x](b.jpg)\n\n乙"),
        ("\\![x](b.jpg)", "\\![x](b.jpg)"),
        ("没有图。", "没有图。"),
    ],
)
def test_a_picture_that_goes_leaves_no_hole(into, saved, body: str, left: str) -> None:
    """No empty link, item or paragraph; code is not touched."""
    assert left == Pictures(into).keep(article(body), saved())[0].body
    assert left == without_pictures(article(body, Image("b.jpg"))).body


def test_without_the_right_to_all_there_are_no_pictures() -> None:
    """Neither in the text nor in the front matter, and nobody needs to be warned of it."""
    told = article('文。\n\n![甲](https://a.example/b.jpg "说明")', Image("https://a.example/b.jpg"))
    assert article("文。") == without_pictures(told)


@pytest.mark.parametrize(
    "text", ["![" * 20_000, "![a](" * 10_000, '![a](b "' * 10_000, "![a](<" * 10_000, "[![a](b)](" * 5_000]
)
def test_broken_markup_costs_no_time(into, saved, text: str) -> None:
    """Nothing is decided twice; a minute would mean that it is."""
    done = threading.Thread(target=Pictures(into).keep, args=(article(text), saved()), daemon=True)
    done.start()
    done.join(20)
    assert not done.is_alive()
