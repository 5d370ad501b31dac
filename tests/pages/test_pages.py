"""Links, bodies, summaries and the ledger, by themselves."""

from __future__ import annotations

from pathlib import Path

import pytest

from plugins.languages import LANGUAGES
from plugins.pages.body import SIZES, hasten_first_picture, pictures_in, place_body
from plugins.pages.cards import summary
from plugins.pages.ledger import Ledger
from plugins.pages.links import absolute_link, relative_link, rooted_link
from plugins.reader.reading_minutes import reading_minutes
from plugins.reader.story import Story
from plugins.stories.pictures import Variant

EN, ZH = LANGUAGES["en"], LANGUAGES["zh"]


@pytest.mark.parametrize(
    ("address", "path", "expected", "from_disk"),
    [
        ("", "en/index.html", "../", "../index.html"),
        ("", "index.html", "./", "index.html"),
        ("en/", "index.html", "en/", "en/index.html"),
        ("en/", "en/index.html", "./", "index.html"),
        (
            "zh/tag/镍/",
            "en/2024/01/a/index.html",
            "../../../../zh/tag/%E9%95%8D/",
            "../../../../zh/tag/%E9%95%8D/index.html",
        ),
        ("theme/a.css?v=1f", "en/index.html", "../theme/a.css?v=1f", "../theme/a.css?v=1f"),
        ("en/a/#价格", "en/a/index.html", "../a/#%E4%BB%B7%E6%A0%BC", "../a/index.html#%E4%BB%B7%E6%A0%BC"),
    ],
)
def test_a_link_is_relative_to_its_page(address: str, path: str, expected: str, from_disk: str) -> None:
    """The same address, on a host and from the disk."""
    assert (expected, from_disk) == (relative_link(address, path, False), relative_link(address, path, True))


@pytest.mark.parametrize(
    ("root", "expected"),
    [
        ("", "/zh/"),
        ("https://a.example", "/zh/"),
        ("https://a.example/portal", "/portal/zh/"),
        ("https://a.example/p/q/", "/p/q/zh/"),
    ],
)
def test_a_page_that_is_served_anywhere_links_from_the_root(root: str, expected: str) -> None:
    """The root of the portal, wherever on its host that is."""
    assert expected == rooted_link("zh/", root)


def test_an_absolute_link_is_encoded() -> None:
    """Feeds and search engines get an address that needs no guessing."""
    assert "https://a.example/zh/tag/%E9%95%8D/" == absolute_link("zh/tag/镍/", "https://a.example")


def test_references_become_links_and_pictures_get_their_room() -> None:
    """Files become addresses; what has no page loses its link and keeps its words; the rest is not touched."""
    body = (
        '<p><a href="../04/fab.md#%E4%BB%B7%E6%A0%BC">fab</a> <a href="later.md" title="x">later <em>on</em></a> '
        '<a rel="external" href="https://a.example/?a=1&amp;b=2">out</a> <a href="#x">here</a> '
        '<img alt="A" src="../../../images/a.svg" loading="lazy"></p>'
    )
    addresses = {"en/2024/04/fab.md": "en/2024/04/fab/", "images/a.svg": "images/a.svg"}
    placed = place_body(body, "en/2024/05/chip.md", addresses.get, lambda path: (12, 8), lambda there: f"ROOT/{there}")
    assert (
        '<p><a href="ROOT/en/2024/04/fab/#%E4%BB%B7%E6%A0%BC">fab</a> later <em>on</em> '
        '<a rel="external" href="https://a.example/?a=1&amp;b=2">out</a> <a href="#x">here</a> '
        '<img alt="A" width="12" height="8" src="ROOT/images/a.svg" loading="lazy"></p>'
    ) == placed


def test_a_picture_offers_its_lighter_forms() -> None:
    """Browsers choose between them; who cannot read WebP gets the picture itself. A size that is given stays."""
    body = '<p><img src="/images/a%20b.jpg" alt="A" loading="lazy" decoding="async"></p><img src="c.png" alt width="4">'
    variants = {"images/a b.jpg": (Variant("images/a b-480.webp", 480), Variant("images/a b-960.webp", 960))}
    placed = place_body(
        body,
        "en/2024/05/chip.md",
        lambda path: path,
        lambda path: (1200, 800),
        lambda address: relative_link(address, "en/2024/05/chip/index.html", False),
        lambda path: variants.get(path, ()),
    )
    assert (
        '<p><picture><source type="image/webp" srcset="../../../../images/a%20b-480.webp 480w, '
        f'../../../../images/a%20b-960.webp 960w" sizes="{SIZES}">'
        '<img width="1200" height="800" src="../../../../images/a%20b.jpg" alt="A" loading="lazy" decoding="async">'
        '</picture></p><img src="../../../2024/05/c.png" alt width="4">'
    ) == placed


def test_the_first_picture_of_a_text_need_not_wait() -> None:
    """Only the first; what looks like its attributes elsewhere is left."""
    late = ' loading="lazy" decoding="async"'
    body = f'<p>{late}</p><img src="a.png" alt{late}><img src="b.png" alt{late}>'
    assert f'<p>{late}</p><img src="a.png" alt><img src="b.png" alt{late}>' == hasten_first_picture(body)


def test_the_pictures_of_a_text_are_known_by_their_files() -> None:
    """As paths below content/, however the text names them; links to pictures do not count."""
    body = '<a href="../a.png">a</a><img src="../b.png" alt="> src=&quot;c&quot;"><img src="/images/d%20e.png" alt>'
    assert {"en/2024/b.png", "images/d e.png"} == pictures_in(body, "en/2024/05/chip.md")


@pytest.mark.parametrize(
    ("text", "language", "minutes"),
    [("", EN, 1), ("word " * 238, EN, 1), ("word " * 239, EN, 2), ("字" * 260, ZH, 1), ("字" * 260 + "AI", ZH, 2)],
)
def test_reading_takes_whole_minutes(text: str, language, minutes: int) -> None:
    """Words count in English, characters and Latin words in Chinese."""
    assert minutes == reading_minutes(text, language)


def test_a_summary_is_cut_between_words() -> None:
    """Without a summary of its own a story shows how it begins; a withdrawn one shows nothing."""
    english = Story("story", EN, "en/a.md", "a", "A", "", "Shares rose, " * 40)
    chinese = Story("story", ZH, "zh/a.md", "a", "甲", "", "股市上涨，" * 40)
    assert summary(english).endswith("Shares rose…") and len(summary(english)) <= 201
    assert summary(chinese).endswith("股市上涨…") and len(summary(chinese)) <= 91
    assert "" == summary(Story("story", EN, "en/a.md", "a", "A", "", "", summary="Theirs.", status="withdrawn"))


def test_a_caption_is_no_beginning() -> None:
    """Where a story begins with a picture, its summary begins with the text."""
    body = '<figure><img src="a.png" alt="A"><figcaption>The gate.</figcaption></figure>\n<p>Shares rose.</p>'
    assert "Shares rose." == summary(Story("story", EN, "en/a.md", "a", "A", body, "The gate. Shares rose."))


def test_the_ledger_keeps_only_what_is_the_same(tmp_path: Path) -> None:
    """Same digest or same inputs, and nobody touched it: kept. Another digest, unknown inputs, a changed file: not."""
    page = tmp_path / "a.html"
    page.write_text("page", encoding="utf-8")
    status = page.stat()
    before = {"a.html": ("digest", status.st_size, status.st_mtime_ns, b"inputs"), "b.html": ("digest", 1, 1, b"")}

    def ledger() -> Ledger:
        return Ledger(before, str(tmp_path))

    first = ledger()
    assert first.keeps("a.html", "digest", b"new inputs")
    assert {"a.html": (*before["a.html"][:3], b"new inputs")} == first.now
    assert ["b.html"] == list(first.gone())
    assert ledger().keeps_inputs("a.html", b"inputs")
    assert not ledger().keeps_inputs("a.html", b"others")
    assert not ledger().keeps_inputs("b.html", b"")
    assert not ledger().keeps("a.html", "another", b"inputs")
    page.write_text("by hand", encoding="utf-8")
    assert not ledger().keeps("a.html", "digest", b"inputs")
    assert not ledger().keeps_inputs("a.html", b"inputs")
