"""Pictures on whole tiny sites: which files are published, and what readers' browsers may choose from."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Site, story
from mirror.keep.painted import as_bytes, chart, photograph

from plugins.audit.site import audit
from plugins.mirror.article import Article, Image
from plugins.mirror.keep.pictures import Pictures
from plugins.settings import PREVIEW_URL

Build = Callable[..., Site]
PAGE = "en/2024/05/gate"


@pytest.fixture
def images(content: Callable[..., Path]) -> Path:
    """The folder of pictures of the site that is going to be built."""
    folder = content() / "images"
    folder.mkdir()
    return folder


def put(folder: Path, *forms: str) -> None:
    """Photographs with these names; ``gate-480.webp`` is 480 pixels wide, others 640."""
    for name in forms:
        width = int(name.split("-")[1].split(".")[0]) if "-" in name else 640
        form = {"jpg": "JPEG", "webp": "WEBP", "png": "PNG"}[name.rpartition(".")[2]]
        (folder / name).write_bytes(as_bytes(photograph(width, width // 2), form))


def gate(body: str = "The gate opened.", **fields: str) -> dict[str, str]:
    """A story by its path."""
    return {f"{PAGE}.md": story("Gate", body, **{"date": "2024-05-06", "category": "markets", **fields})}


def published(site: Site) -> list[str]:
    return sorted(path.name for path in (site.output / "images").rglob("*") if path.is_file())


def test_a_picture_of_an_editor_is_offered_in_its_lighter_forms(build: Build, images: Path) -> None:
    """Above the story, in its text and in lists; the files are there, and the audit follows every address."""
    put(images, "gate.jpg", "gate-480.webp", "gate-640.webp", "door.png", "door-320.webp")
    body = 'Text.\n\n![The door](../../../images/door.png "A door. Photo: Jo Frame")'
    site = build(files=gate(body, image="{src: images/gate.jpg, alt: The gate, credit: Jo Frame}"))
    assert ["door-320.webp", "door.png", "gate-480.webp", "gate-640.webp", "gate.jpg"] == published(site)
    above, below = site(PAGE).select("main figure")
    source = above.picture.source
    root = "../../../../images/"
    assert f"{root}gate-480.webp 480w, {root}gate-640.webp 640w" == source["srcset"]
    assert ("image/webp", "The gate", "640", "320") == (
        source["type"],
        *(above.img[name] for name in ("alt", "width", "height")),
    )
    assert "high" == above.img["fetchpriority"] and "loading" not in above.img.attrs
    assert f"{root}door-320.webp 320w" == below.picture.source["srcset"]
    assert "lazy" == below.img["loading"]
    assert "A door. Photo: Jo Frame" == below.figcaption.get_text()
    assert (
        "../images/gate-480.webp 480w, ../images/gate-640.webp 640w" == site("en").select_one("main source")["srcset"]
    )
    assert [] == audit(site.output, [PREVIEW_URL])


def test_a_feed_has_the_picture_itself(build: Build, images: Path) -> None:
    """Feed readers choose badly, or not at all."""
    put(images, "gate.jpg", "gate-480.webp")
    text = build(files=gate("![The gate](/images/gate.jpg)")).text("en/feed.xml")
    assert f"{PREVIEW_URL}/images/gate.jpg" in text
    assert "webp" not in text


def test_what_looks_like_a_lighter_form_and_is_another_picture_is_none(build: Build, images: Path) -> None:
    """csi-300.webp shows the index CSI 300, and nobody has published it."""
    put(images, "csi.jpg", "csi-480.webp")
    (images / "csi-480.webp").rename(images / "csi-300.webp")
    site = build(files=gate("![The index](/images/csi.jpg)"))
    assert ["csi.jpg"] == published(site)
    assert not site(PAGE).select("picture")


def test_the_lighter_forms_of_a_withdrawn_story_go_with_it(build: Build, images: Path) -> None:
    put(images, "gate.jpg", "gate-480.webp")
    fields = {"image": "{src: images/gate.jpg, alt: The gate}", "status": "withdrawn"}
    assert not (build(files=gate(**fields)).output / "images").exists()


def test_a_picture_is_shown_once(build: Build, images: Path) -> None:
    """One that the text shows does not stand above it as well; cards and previews of links have it all the same."""
    put(images, "gate.jpg")
    body = "Text.\n\n![The gate](/images/gate.jpg)"
    site = build(files=gate(body, image="{src: images/gate.jpg, alt: The gate}"))
    page = site(PAGE)
    (picture,) = page.select("main article img")
    assert picture.find_parent(class_="prose") and "loading" not in picture.attrs
    assert page.select_one('meta[property="og:image"]')["content"].endswith("images/gate.jpg")
    assert "images/gate.jpg" in page.select_one('script[type="application/ld+json"]').string
    assert site("en").select("main .story-card__picture img")


def test_what_the_mirror_keeps_is_what_the_site_shows(build: Build, images: Path, tmp_path: Path) -> None:
    """From a saved page to the srcset, without an editor's hand."""
    (tmp_path / "page_files").mkdir()
    (tmp_path / "page_files/a.jpg").write_bytes(as_bytes(photograph(1200, 800)))
    (tmp_path / "page_files/b.png").write_bytes(as_bytes(chart(900, 600), "PNG"))
    body = '港口今日开放。\n\n![大门](page_files/a.jpg "新大门。木青 摄")\n\n![](page_files/b.png "吞吐量。制图：海石")'
    found = Article("港口", "zh", 0, (), body=body, images=(Image("page_files/a.jpg", "大门", "木青 摄"),))
    kept, warnings = Pictures(images.parent).keep(found, tmp_path / "page.html")
    assert [] == warnings
    (image,) = kept.images
    front = f"{{src: {image.src}, alt: {image.alt}, credit: {image.credit}}}"
    files = {"zh/2024/05/port.md": story("港口", kept.body, date="2024-05-06", category="markets", image=front)}
    site = build(files=files)
    photo, bars = site("zh/2024/05/port").select("main figure")
    assert [480, 960, 1200] == [int(one.split()[1][:-1]) for one in photo.source["srcset"].split(",")]
    assert ("新大门。木青 摄", "吞吐量。制图：海石") == (photo.figcaption.get_text(), bars.figcaption.get_text())
    assert "吞吐量。制图：海石" == bars.img["alt"]
    assert "港口今日开放。" == site("zh/2024/05/port").select_one("meta[name=description]")["content"]
    assert [] == audit(site.output, [PREVIEW_URL])


def test_the_audit_follows_the_addresses_that_browsers_choose_from(build: Build, images: Path) -> None:
    """A lighter form that is missing would leave a hole on some screens only."""
    put(images, "gate.jpg", "gate-480.webp")
    site = build(files=gate("![The gate](/images/gate.jpg)"))
    (site.output / "images/gate-480.webp").unlink()
    expected = 'the link "../../../../images/gate-480.webp" leads nowhere.'
    assert expected in {problem.what for problem in audit(site.output, [PREVIEW_URL])}
