"""Build tiny complete sites under the real pelicanconf.py, as sphinx does in tests/roots."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import hypothesis
import pytest
from bs4 import BeautifulSoup
from pelican import Pelican
from pelican.settings import read_settings

from plugins.problems import Stop

ROOT = Path(__file__).parent.parent
SITES = Path(__file__).parent / "sites"
EPOCH = "1717200000"
"""2024-06-01: the time of every build in the tests, so that embargoes do not end while nobody looks."""

# The build server tries the same examples at every run, so that it fails only for what a commit changed. At our own
# desks they differ each time: what is found there becomes an @example of its test. A busy machine is no mistake of
# the portal, so no example has a deadline. --hypothesis-profile=search looks long; name one file with it.
hypothesis.settings.register_profile("desk", deadline=None)
hypothesis.settings.register_profile("server", deadline=None, derandomize=True, print_blob=True)
hypothesis.settings.register_profile("search", deadline=None, max_examples=20_000)
hypothesis.settings.load_profile("server" if os.environ.get("CI") else "desk")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--renew", action="store_true", help="write the expected files anew; review them as a difference")


@pytest.fixture
def expect(request: pytest.FixtureRequest) -> Callable[[Path, str], None]:
    """Compare a text with an expected file, whole; with --renew the file is written instead."""

    def expect(file: Path, text: str) -> None:
        if request.config.getoption("--renew"):
            file.write_text(text, encoding="utf-8", newline="\n")
        assert file.read_text(encoding="utf-8") == text

    return expect


@dataclass(frozen=True)
class Site:
    """A built site."""

    output: Path

    def __call__(self, address: str) -> BeautifulSoup:
        """The page at *address* (``zh/2024/05/chip``)."""
        return BeautifulSoup(self.text(f"{address.strip('/')}/index.html".lstrip("/")), "html.parser")

    def text(self, path: str) -> str:
        """The text of the file *path*."""
        return (self.output / path).read_text(encoding="utf-8")

    def has(self, address: str) -> bool:
        """Whether there is a page at *address*."""
        return (self.output / address.strip("/") / "index.html").is_file()

    def files(self) -> dict[str, bytes]:
        """Every file by its path, with its bytes."""
        return {
            file.relative_to(self.output).as_posix(): file.read_bytes()
            for file in sorted(self.output.rglob("*"))
            if file.is_file()
        }

    def pages(self) -> dict[str, BeautifulSoup]:
        """Every page by its path."""
        return {
            path: BeautifulSoup(data.decode("utf-8"), "html.parser")
            for path, data in self.files().items()
            if path.endswith(".html")
        }


def run_pelican(content: Path, output: Path, cache: Path, **settings: object) -> Site:
    """Build *content* into *output* under the real pelicanconf.py.

    Raises: Stop with the report when there are problems.
    """
    override = {"PATH": str(content), "OUTPUT_PATH": str(output), "CACHE_PATH": str(cache), **settings}
    Pelican(read_settings(str(ROOT / "pelicanconf.py"), override=override)).run()
    return Site(output)


def write_files(folder: Path, files: Mapping[str, str]) -> None:
    """Write *files* (path → text) below *folder*."""
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")


@pytest.fixture(autouse=True)
def _one_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", EPOCH)


@pytest.fixture
def content(tmp_path: Path) -> Callable[..., Path]:
    """A copy of the content of tests/sites/<name>, with the portal's taxonomy where it has none of its own."""

    def copy(name: str = "", files: Mapping[str, str] | None = None) -> Path:
        folder = tmp_path / "content"
        folder.mkdir(exist_ok=True)
        shutil.copy(SITES / "taxonomy.yaml", folder)
        if name:
            shutil.copytree(SITES / name / "content", folder, dirs_exist_ok=True)
        write_files(folder, files or {})
        return folder

    return copy


@pytest.fixture
def build(content: Callable[..., Path], tmp_path: Path) -> Callable[..., Site]:
    """Build tests/sites/<name>, with more *files* (path below content/ → text) and other *settings*."""

    def build(name: str = "", files: Mapping[str, str] | None = None, **settings: object) -> Site:
        return run_pelican(content(name, files), tmp_path / "output", tmp_path / "cache", **settings)

    return build


@pytest.fixture
def problems(build: Callable[..., Site]) -> Callable[..., list[str]]:
    """Build a site that must not be published; the lines of the report, without the headline."""

    def problems(name: str = "", files: Mapping[str, str] | None = None, **settings: object) -> list[str]:
        with pytest.raises(Stop) as stop:
            build(name, files, **settings)
        return str(stop.value).splitlines()[1:]

    return problems


def story(title: str = "A title", body: str = "A sentence.", **fields: object) -> str:
    """The text of a Markdown file; *fields* are written as they are (``date="2024-05-03"``)."""
    front = "\n".join(f"{name}: {value}" for name, value in fields.items())
    return f"---\ntitle: {title}\n{front}\n---\n\n{body}\n"
