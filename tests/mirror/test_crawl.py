"""A whole portal on loopback, crawled as it is called: found, written, crawled again, changed, edited."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from portal.server import Portal
from portal.site import FORBIDDEN, NEW_STORY, NOT_ARTICLES, TRANSLATIONS, UNREACHABLE

from plugins.mirror.text.addresses import address_key

ROOT = Path(__file__).parent.parent.parent
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "SOURCE_DATE_EPOCH": "1780000000"}
"""The programs run on 28 May 2026, a week after the newest story of the portal."""

DANGEROUS = re.compile(
    r"(?<!\\)<(?:script|iframe|object|embed|img)|\]\((?:javascript|data|vbscript):|(?<!\\)<[^>]+\bon\w+=", re.IGNORECASE
)


@dataclass
class Visit:
    """What one pull did.

    Attributes:
        counts: of the report, without what is zero.
        lines: of the report.
        printed: what it said on standard output and standard error.
    """

    code: int
    counts: dict[str, int]
    lines: list[dict[str, str]]
    printed: tuple[str, str]


def pull(folder: Path, *options: str) -> Visit:
    """Run `pull` in *folder*, where sources.yaml is."""
    run = subprocess.run(
        [sys.executable, "-m", "plugins.mirror", "pull", "--allow-local", "--report", "report.json", *options],
        cwd=folder,
        env=ENVIRONMENT,
        capture_output=True,
        timeout=120,
        check=False,
    )
    printed = run.stdout.decode(), run.stderr.decode()
    assert (folder / "report.json").exists(), printed[1]
    report = json.loads((folder / "report.json").read_text("utf-8"))
    counts = {words: count for words, count in report["counts"].items() if count}
    return Visit(run.returncode, counts, report["lines"], printed)


def list_portal(folder: Path, portal: Portal, **fields: object) -> None:
    """Write the sources.yaml that lists *portal*."""
    entry = {"name": "Harbour Courier", "start": [f"{portal.base}/en/", f"{portal.base}/zh/"], "rights": "full"}
    text = yaml.safe_dump({"contact": "desk@mirror.example", "portals": [{**entry, "rate": 100, **fields}]})
    (folder / "sources.yaml").write_text(text, "utf-8")


def stories(folder: Path, portal: Portal) -> dict[str, tuple[str, dict, str]]:
    """Address on the portal → path below content/, front matter and body of each story."""
    found = {}
    for file in sorted((folder / "content").glob("*/2*/*/*.md")):
        _, front, body = file.read_text("utf-8").split("---\n", 2)
        fields = yaml.safe_load(front)
        address = fields["source"]["url"].removeprefix(portal.base)
        found[address] = (file.relative_to(folder / "content").as_posix(), fields, body)
    return found


def tree(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Every file below content/ with its bytes and its time."""
    return {
        path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in sorted((folder / "content").rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Portal, Path, Visit]]:
    """The portal after a first visit; its requests are kept as they came."""
    folder = tmp_path_factory.mktemp("crawled")
    with Portal() as portal:
        list_portal(folder, portal)
        yield portal, folder, pull(folder)


pytestmark = pytest.mark.xdist_group("crawl")


def test_every_article_is_found_and_nothing_else(crawled: tuple[Portal, Path, Visit]) -> None:
    """35 articles, whatever list or page names them; none of the twelve pages that are no article."""
    portal, folder, visit = crawled
    expected = {item.path for item in portal.expected()}
    found = set(stories(folder, portal))
    assert (35, expected) == (len(found), found), visit.printed[1]
    assert not found & set(NOT_ARTICLES)


def test_articles_are_whole(crawled: tuple[Portal, Path, Visit]) -> None:
    """Title, language, day, authors and every key sentence, those of further pages included."""
    portal, folder, _ = crawled
    found = stories(folder, portal)
    for item in portal.expected():
        path, fields, body = found[item.path]
        text = re.sub(r"\\(?=[^\w\s])", "", body)
        assert (item.title, item.lang, item.date) == (fields["title"], path[:2], str(fields["date"])[:10])
        assert list(item.authors) == fields.get("authors", []), item.path
        assert [] == [sentence for sentence in item.sentences if sentence not in text], item.path


def test_versions_are_paired(crawled: tuple[Portal, Path, Visit]) -> None:
    """Nine stories in two languages, by hreflang, by a visible link, by the sitemap: one path each."""
    portal, folder, _ = crawled
    found = stories(folder, portal)
    paths = [(found[english][0][3:], found[chinese][0][3:]) for english, chinese in TRANSLATIONS]
    assert 9 == len(paths)
    assert [] == [pair for pair in paths if pair[0] != pair[1]]


def test_manners(crawled: tuple[Portal, Path, Visit]) -> None:
    """robots.txt first, one request at a time, an honest name with a contact, nothing forbidden, no tracker."""
    portal, _, _ = crawled
    paths = portal.paths()
    assert "/robots.txt" == paths[0]
    assert {1} == {request.at_once for request in portal.requests}
    assert {"DuikaiMirror/0.1 (+desk@mirror.example)"} == {request.headers["user-agent"] for request in portal.requests}
    assert [] == [path for path in paths if path in FORBIDDEN or path.startswith(("/track/", "/pixel", "/evil"))]


def test_what_cannot_be_had_is_said(crawled: tuple[Portal, Path, Visit]) -> None:
    """A server error, a loop, a page of 200 MB, a bomb, a withdrawn page: each with its reason."""
    portal, _, visit = crawled
    said = {line["name"].removeprefix(portal.base): line["outcome"] for line in visit.lines}
    outcomes = {path: said.get(path) for path in UNREACHABLE}
    expected = {
        "/zh/caijing/broken.html": "failed",
        "/en/markets/loop-a.html": "failed",
        "/en/markets/huge.html": "refused",
        "/zh/caijing/bomb.html": "refused",
        "/en/markets/withdrawn.html": "gone",
    }
    assert expected == outcomes
    assert 1 == visit.code
    assert "skipped by robots" in visit.counts


def test_nothing_dangerous_is_written(crawled: tuple[Portal, Path, Visit]) -> None:
    """No script, handler, frame, script address or tracking pixel; no file outside of its place."""
    portal, folder, _ = crawled
    for path, _, body in stories(folder, portal).values():
        assert not DANGEROUS.search(body), path
        assert re.fullmatch(r"(?:en|zh)/2026/05/[a-z0-9-]{1,64}\.md", path), path
    assert {".cache", "content", "report.json", "sources.yaml"} == {path.name for path in folder.iterdir()}


def test_duplicates_are_one_story(crawled: tuple[Portal, Path, Visit]) -> None:
    """Tracking parameters, a print view and an agency text at two addresses make no second file."""
    portal, folder, _ = crawled
    own = {address_key(portal.base + item.path) for item in portal.expected()}
    expected = {address_key(portal.base + also) for item in portal.expected() for also in item.also} - own
    written = {address_key(portal.base + address) for address in stories(folder, portal)}
    assert expected and not expected & written


def test_a_second_visit_changes_nothing_and_asks_only_with_conditions(crawled: tuple[Portal, Path, Visit]) -> None:
    """Not a byte, not a time; every request has a condition."""
    portal, folder, _ = crawled
    before = tree(folder)
    portal.forget_requests()
    visit = pull(folder)
    assert before == tree(folder)
    assert not {"new", "updated", "merged", "conflicts"} & set(visit.counts), visit.counts
    assert [] == [request.path for request in portal.requests if not request.is_conditional]


def test_a_portal_that_changes_is_followed(tmp_path: Path) -> None:
    """Changed, added, edited here, both, deleted here: each as it should be."""
    with Portal() as portal:
        list_portal(tmp_path, portal)
        pull(tmp_path)
        found = stories(tmp_path, portal)
        content = tmp_path / "content"
        plain = [item for item in portal.expected() if item.lang == "en" and len(item.sentences) >= 3][:5]
        updated, merged, conflict, deleted, withdrawn = (item.path for item in plain)
        files = {path: content / found[path][0] for path in (updated, merged, conflict, deleted, withdrawn)}

        def edit(path: str, old: str, new: str) -> None:
            text = files[path].read_text("utf-8")
            assert old in text
            files[path].write_text(text.replace(old, new), "utf-8")

        texts = {item.path: item.sentences for item in plain}
        for path in (updated, merged, conflict):
            portal.change(path, text=("The portal has rewritten this first paragraph since.", *texts[path][1:]))
        edit(merged, texts[merged][2], texts[merged][2] + " An editor added this.")
        edit(conflict, texts[conflict][0], "An editor has rewritten the first paragraph too.")
        files[deleted].unlink()
        takedown = f"takedowns:\n  - url: {portal.base}{withdrawn}\n    reason: its paper asked for it\n"
        (content / "takedowns.yaml").write_text(takedown, "utf-8")
        portal.add(NEW_STORY)
        untouched = files[conflict].read_bytes()
        visit = pull(tmp_path)

        outcomes = {line["title"]: line["outcome"] for line in visit.lines if "title" in line}
        expected = dict(zip(files, ["updated", "merged", "conflict", "deleted", "withdrawn"], strict=True))
        assert expected == {path: outcomes.get(found[path][1]["title"]) for path in files}
        assert "new" == outcomes[NEW_STORY.title]
        merged_text = files[merged].read_text("utf-8")
        assert "The portal has rewritten" in merged_text and "An editor added this." in merged_text
        review = files[conflict].with_name(files[conflict].name + ".review")
        assert untouched == files[conflict].read_bytes()
        assert "The portal has rewritten" in review.read_text("utf-8")
        assert review.name in visit.printed[1]
        assert not files[deleted].exists()

        before = tree(tmp_path)
        pull(tmp_path)
        assert before == tree(tmp_path)


def test_a_portal_of_unknown_rights_is_kept_as_excerpts(tmp_path: Path) -> None:
    """First paragraphs, a link, no pictures, and search engines are kept away."""
    with Portal() as portal:
        list_portal(tmp_path, portal, start=[f"{portal.base}/en/city/"], limit=4, rights="excerpt")
        visit = pull(tmp_path)
        found = stories(tmp_path, portal)
        assert visit.counts["over the limit"] == 1
        assert 4 <= len(found) <= 8
        assert {("excerpt", False)} == {
            (fields["source"]["permission"], fields["source"]["indexing"]) for _, fields, _ in found.values()
        }
        assert not any("![" in body for _, _, body in found.values())
        assert not (tmp_path / "content" / "images").exists()


def test_what_was_pulled_builds(crawled: tuple[Portal, Path, Visit], tmp_path: Path) -> None:
    """The stories of a whole crawl are a portal without a problem."""
    _, folder, _ = crawled
    content = tmp_path / "content"
    shutil.copytree(folder / "content", content)
    shutil.copy(ROOT / "content" / "taxonomy.yaml", content)
    settings = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
from pelicanconf import *
PATH = {str(content)!r}
OUTPUT_PATH = {str(tmp_path / "output")!r}
CACHE_PATH = {str(tmp_path / "cache")!r}
"""
    (tmp_path / "conf.py").write_text(settings, "utf-8")
    run = subprocess.run(
        [sys.executable, "-m", "pelican", "-s", str(tmp_path / "conf.py"), "--fatal", "warnings"],
        cwd=ROOT,
        env=ENVIRONMENT,
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert 0 == run.returncode, run.stderr.decode()[-3000:]
    assert 35 <= len(list((tmp_path / "output").glob("*/2026/05/*/index.html")))
