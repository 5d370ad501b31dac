"""The preview as a process: what it serves, what it follows, how it starts and ends."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import pytest
from browser import axe_findings, needs_browser, open_browser, watch_hosts
from conftest import ROOT, SITES, story

PLUGIN = """
from pelican import signals

def shout(article):
    if article._content:
        article._content = article._content.replace("steel", "STEEL")

def register():
    signals.content_object_init.connect(shout)
"""


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Running:
    """A preview of a folder with content/, theme/ and settings.py."""

    folder: Path
    port: int
    process: subprocess.Popen[str]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def ask(self, path: str, method: str = "GET", host: str = "") -> tuple[int, dict[str, str], bytes]:
        """Status, headers and bytes of the answer."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, headers={"Host": host} if host else {})
            answer = connection.getresponse()
            return answer.status, {name.lower(): text for name, text in answer.getheaders()}, answer.read()
        finally:
            connection.close()

    def text(self, path: str) -> str:
        """The text that is served; empty while nobody answers."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=60) as answer:
                return answer.read().decode("utf-8")
        except urllib.error.HTTPError as error:
            return error.read().decode("utf-8")
        except OSError:
            return ""

    def wait(self, found: Callable[[], object]) -> None:
        """Wait until *found* is true; a test that would hang for ever fails after a minute."""
        until = time.monotonic() + 60
        while not found():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < until, self.said()
            time.sleep(0.05)

    def said(self) -> str:
        """What it has told the terminal."""
        return (self.folder / "said.txt").read_text("utf-8")

    def file(self, path: str) -> Path:
        """The file *path* of the folder."""
        return self.folder / path


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Running]]:
    """Start a preview of a copy of tests/sites/pair, with more *settings* (lines of Python) and a *plugin*."""
    started = []

    def start(settings: str = "", plugin: str = "") -> Running:
        shutil.copytree(SITES / "pair" / "content", tmp_path / "content")
        shutil.copy(SITES / "taxonomy.yaml", tmp_path / "content")
        shutil.copytree(ROOT / "theme", tmp_path / "theme")
        text = f"import sys\nsys.path.insert(0, {str(ROOT)!r})\nfrom pelicanconf import *\n"
        text += f"PATH, THEME, CACHE_PATH = {[str(tmp_path / name) for name in ('content', 'theme', 'cache')]!r}\n"
        (tmp_path / "settings.py").write_text(text + settings, "utf-8")
        (tmp_path / "shouting.py").write_text(plugin, "utf-8")
        port = free_port()
        command = [sys.executable, "-m", "plugins.preview", "--settings", str(tmp_path / "settings.py")]
        command += ["--cache", str(tmp_path / "cache"), "--port", str(port)]
        with (tmp_path / "said.txt").open("w") as said:
            process = subprocess.Popen(
                command, cwd=ROOT, text=True, stdout=said, stderr=subprocess.STDOUT, start_new_session=True
            )
        started.append(process)
        running = Running(tmp_path, port, process)
        running.wait(lambda: "Serving " in running.said())
        return running

    yield start
    for process in started:
        if process.poll() is None:
            process.terminate()
        process.wait(30)


def replace_in(file: Path, old: str, new: str) -> None:
    """Save *file* as editors do that put a new file in the place of the old one."""
    text = file.read_text("utf-8")
    assert old in text
    draft = file.with_name(f".{file.name}.draft")
    draft.write_text(text.replace(old, new, 1), "utf-8")
    draft.replace(file)


def test_what_is_served_and_to_whom(start: Callable[..., Running]) -> None:
    """Pages, feeds, pictures and files of the theme with their types; 404.html for the rest; only GET, only here."""
    site = start()
    types = {
        "/": "text/html; charset=utf-8",
        "/en/": "text/html; charset=utf-8",
        "/zh/2024/05/chip/": "text/html; charset=utf-8",
        "/en/feed.xml": "application/xml; charset=utf-8",
        "/sitemap.xml": "application/xml; charset=utf-8",
        "/robots.txt": "text/plain; charset=utf-8",
        "/theme/portal.css": "text/css; charset=utf-8",
        "/theme/portal.js?v=1": "text/javascript; charset=utf-8",
        "/images/chip.svg": "image/svg+xml; charset=utf-8",
    }
    answers = {path: site.ask(path) for path in types}
    assert types == {path: headers["content-type"] for path, (_, headers, _) in answers.items()}
    assert {200} == {status for status, _, _ in answers.values()}
    assert b"/livereload.js" in answers["/en/"][2] and b"<dialog" not in answers["/en/"][2]
    status, _, body = site.ask("/en/nothing/")
    assert (404, True) == (status, b'lang="zh-Hans"' in body)
    status, headers, _ = site.ask("/zh/2024/05/chip")
    assert (302, "/zh/2024/05/chip/") == (status, headers["location"])
    assert 404 == site.ask("/../pelicanconf.py")[0]
    assert 404 == site.ask("/images/%2e%2e/taxonomy.yaml")[0]
    status, headers, body = site.ask("/en/", "HEAD")
    assert (200, b"") == (status, body)
    assert {405} == {site.ask("/en/", method)[0] for method in ("POST", "PUT", "DELETE", "OPTIONS")}
    assert 200 == site.ask("/en/", host=f"localhost:{site.port}")[0]
    for path in ("/en/", "/livereload.js", "/theme/portal.css"):
        assert 403 == site.ask(path, host=f"evil.example:{site.port}")[0]


def test_every_kind_of_file_is_followed(start: Callable[..., Running]) -> None:
    """Stories, taxonomy, templates, words, style sheets, settings: the new bytes are served without a build."""
    site = start()
    page = "/en/2024/05/rally/"
    replace_in(site.file("content/en/2024/05/rally.md"), "title: ", "title: Steep ")
    site.wait(lambda: "Steep " in site.text(page) and "Steep " in site.text("/en/"))
    replace_in(site.file("content/taxonomy.yaml"), "en: Markets", "en: Trading floors")
    site.wait(lambda: "Trading floors" in site.text(page))
    replace_in(site.file("theme/templates/story.html"), "</header>", "</header><!-- template -->")
    site.wait(lambda: "<!-- template -->" in site.text(page))
    replace_in(site.file("theme/translations/zh_Hans/LC_MESSAGES/portal.po"), 'msgstr "首页"', 'msgstr "首頁"')
    site.wait(lambda: "首頁" in site.text("/zh/2024/05/chip/"))
    replace_in(site.file("theme/static/portal.css"), ":root {", ".fresh { color: red }\n:root {")
    site.wait(lambda: ".fresh" in site.text("/theme/portal.css"))
    process = site.process.pid
    site.file("settings.py").write_text(site.file("settings.py").read_text("utf-8") + "STORIES_PER_PAGE = 0\n", "utf-8")
    site.wait(lambda: "STORIES_PER_PAGE" in site.text(page) and "<dialog" in site.text(page))
    replace_in(site.file("settings.py"), "STORIES_PER_PAGE = 0", 'COPYRIGHT_HOLDER = {"en": "A new holder"}')
    site.wait(lambda: "A new holder" in site.text(page))
    assert process == site.process.pid and "<dialog" not in site.text(page)
    # A moved folder is told as one change.
    site.file("content/en/2024/05").rename(site.file("content/en/2024/04"))
    site.file("content/en/2024/04").rename(site.file("content/en/2024/05"))
    site.wait(lambda: site.ask(page)[0] == 200)


def test_a_mistake_is_told_above_the_last_good_page(start: Callable[..., Running]) -> None:
    """All of them, with file and line, on every page and in the terminal; mended ones go."""
    site = start()
    page = "/en/2024/05/rally/"
    rally, chip = (site.file(f"content/en/2024/05/{name}.md") for name in ("rally", "chip"))
    good = site.text(page)
    replace_in(rally, "date: ", "date: some ")
    replace_in(chip, "category: ", "category: un")
    # The other version of the chip inherits its section.
    site.wait(lambda: site.text(page).count("<li><code>") == 3)
    shown = site.text(page)
    title = re.search("<title>.*</title>", good)
    assert title and title[0] in shown
    assert 'role="alertdialog"' in shown and "rally.md:" in shown and "chip.md:" in shown
    assert "<dialog" in site.text("/zh/") and "rally.md:" in site.said() and "Traceback" not in site.said()
    replace_in(rally, "date: some ", "date: ")
    replace_in(chip, "category: un", "category: ")
    site.wait(lambda: "<dialog" not in site.text(page))
    assert good == site.text(page)


def test_many_files_saved_at_once_are_one_update(start: Callable[..., Running]) -> None:
    """A checkout of 500 files is read when it is over."""
    site = start()
    folder = site.file("new")
    for number in range(500):
        file = folder / f"{number}.md"
        file.parent.mkdir(exist_ok=True)
        file.write_text(story(f"Nr {number}", date="2024-05-02", category="markets"), "utf-8")
    before = site.said()
    for file in folder.iterdir():
        file.rename(site.file(f"content/en/2024/05/n{file.name}"))
    site.wait(lambda: "Preview is up to date" in site.said()[len(before) :])
    assert 200 == site.ask("/en/2024/05/n499/")[0]
    time.sleep(0.5)
    lines = [line for line in site.said()[len(before) :].splitlines() if "up to date" in line]
    assert [True] == [line.endswith(" and 497 more.") for line in lines]


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_without_a_trace(start: Callable[..., Running], sent: signal.Signals) -> None:
    """Ctrl+C and a polite kill: exit code 0, no traceback, no process left."""
    site = start()
    # The whole group, as a terminal does.
    os.killpg(site.process.pid, sent)
    assert 0 == site.process.wait(30)
    assert "Traceback" not in site.said()
    with pytest.raises(ProcessLookupError):
        os.killpg(site.process.pid, 0)


def test_a_taken_port_is_told_and_the_next_offered() -> None:
    """The command that works is in the sentence, and the exit code is 1."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        command = [sys.executable, "-m", "invoke", "preview", "--port", str(port)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8")
    assert 1 == done.returncode
    offered = re.search(r"invoke preview --port (\d+)\.", done.stderr)
    assert offered and int(offered[1]) > port
    assert f"http://127.0.0.1:{port}/: the address cannot be used" in done.stderr
    assert "Traceback" not in done.stderr


def test_drafts_and_embargoed_stories_are_shown_and_marked(start: Callable[..., Running]) -> None:
    """Nobody but the preview shows them."""
    site = start()
    site.file("content/en/2024/07").mkdir()
    for name, fields in (("idea", {"status": "draft", "date": "2024-05-09"}), ("later", {"date": "2024-07-01 10:00"})):
        file = site.file(f"content/en/{fields['date'][:4]}/{fields['date'][5:7]}/{name}.md")
        file.write_text(story(name.title(), category="markets", **fields), "utf-8")
    site.wait(lambda: "Embargoed until July 1, 2024, 10:00" in site.text("/en/section/markets/"))
    site.wait(lambda: "Draft</span>" in site.text("/en/2024/05/idea/"))
    assert "Embargoed until" in site.text("/en/2024/07/later/")


def test_what_other_peoples_plugins_do_is_shown(start: Callable[..., Running]) -> None:
    """A plugin that looks at articles needs Pelican itself: the site is built on every save."""
    site = start('PLUGIN_PATHS = [__file__.rpartition("/")[0]]\nPLUGINS = [*PLUGINS, "shouting"]\n', PLUGIN)
    page, rally = "/en/2024/05/rally/", site.file("content/en/2024/05/rally.md")
    rally.write_text(rally.read_text("utf-8") + "\nMore steel.\n", "utf-8")
    site.wait(lambda: "More STEEL." in site.text(page))
    assert "/livereload.js" in site.text(page) and 404 == site.ask("/en/nothing/")[0]
    replace_in(rally, "date: ", "date: some ")
    site.wait(lambda: "<dialog" in site.text(page))
    assert "rally.md:" in site.text(page) and "More STEEL." in site.text(page)


@needs_browser
@pytest.mark.xdist_group("browser")
def test_a_browser_follows(start: Callable[..., Running]) -> None:
    """A story is loaded anew and a style sheet exchanged without; problems come and go, and Escape closes them."""
    site = start()
    sheet, rally = site.file("theme/static/portal.css"), site.file("content/en/2024/05/rally.md")
    with open_browser() as browser:
        page = browser.new_page(color_scheme="dark")
        others = watch_hosts(page, site.url)
        page.goto(f"{site.url}/en/2024/05/rally/")
        # The browser has told what it shows.
        page.wait_for_function("window.LiveReload && LiveReload.connector.protocol === 7")
        page.evaluate("window.still = true")
        with sheet.open("a", encoding="utf-8") as file:
            file.write("\nbody { margin-top: 77px !important; }\n")
        page.wait_for_function("getComputedStyle(document.body).marginTop === '77px'")
        assert page.evaluate("window.still")
        replace_in(rally, "title: ", "title: Steep ")
        page.wait_for_function("document.title.startsWith('Steep ')")
        assert not page.evaluate("window.still || false")
        replace_in(rally, "date: ", "date: some ")
        box = page.get_by_role("alertdialog")
        box.wait_for()
        assert "rally.md:" in box.inner_text()
        assert [] == [one for one in axe_findings(page) if "preview-problems" in one]
        assert page.evaluate("document.activeElement.id") == "preview-problems"
        page.keyboard.press("Escape")
        assert not box.is_visible()
        page.reload()
        page.get_by_role("button", name="Close").click()
        assert not box.is_visible()
        page.reload()
        box.wait_for()
        replace_in(rally, "date: some ", "date: ")
        box.wait_for(state="detached")
        assert [] == others
