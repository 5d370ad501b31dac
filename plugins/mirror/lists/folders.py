"""Files and folders → the documents in them, with the addresses that they once had on the web."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from urllib.parse import quote, unquote, urljoin, urlsplit

from plugins.mirror.document import Document
from plugins.mirror.lists.archives import read_archive
from plugins.mirror.lists.kind import ARCHIVE, UNKNOWN, TooLarge, kind_of, unpack
from plugins.mirror.lists.links import absolute
from plugins.mirror.lists.moments import read_moment
from plugins.mirror.page.tree import read_json
from plugins.problems import Problem

ENDINGS = {
    *(".html", ".htm", ".shtml", ".xhtml", ".shtm", ".php", ".asp", ".aspx", ".jsp"),
    *(".txt", ".xml", ".rss", ".atom", ".json", ".mht", ".mhtml", ".warc"),
}
"""Endings of files in a folder that are read; with ``.gz`` behind them too."""

SIDECARS = ("urls.tsv", "index.json")
"""Files in a folder that say which address each file had."""

LARGEST_FILE = 50_000_000
"""Bytes of a file that is no web archive, unpacked; what a sitemap may have at most (sitemaps.org)."""

A_LONG_HEAD = 65_536
"""Bytes within which a saved page says where it came from."""


def read_path(path: Path) -> Iterator[Document | Problem]:
    """The documents of a file or folder.

    Of a page, the pictures saved with it are found by `picture_beside`.

    Yields: a Document for each page, feed, sitemap or dump; a Problem for what cannot be read.
    """
    try:
        is_folder, exists = path.is_dir(), path.exists()
    except (OSError, ValueError):  # ValueError: a name that no file can have
        is_folder = exists = False
    if is_folder:
        yield from read_folder(path)
    elif exists:
        yield from _read_file(path, _Origins(path.parent))
    else:
        yield Problem(str(path), 0, "There is no such file or folder.", "Check the name.")


def read_folder(path: Path) -> Iterator[Document | Problem]:
    """The documents of a folder and the folders in it, in the order of their names.

    Left out: hidden files, ``page_files/`` beside ``page.html`` (its pictures), links that lead outside, `SIDECARS`.
    """
    origins = _Origins(path)
    count = 0
    for file in _files(path):
        count += 1
        yield from _read_file(file, origins)
    if not count:
        fix = f"Pages end in {', '.join(sorted(ENDINGS))}."
        yield Problem(str(path), 0, "The folder holds no page.", fix)


def _files(folder: Path) -> Iterator[Path]:
    root = folder.resolve()
    for place, folders, files in os.walk(folder):
        pages = {Path(name).stem for name in files}
        folders[:] = sorted(name for name in folders if not name.startswith(".") and not _is_of_a_page(name, pages))
        for name in sorted(files):
            file = Path(place, name)
            endings = [suffix.lower() for suffix in file.suffixes if suffix.lower() != ".gz"]
            if name.startswith(".") or name in SIDECARS or not endings or not _is_read(endings[-1]):
                continue
            # A pipe would wait for ever for somebody who writes into it.
            if file.is_file() and file.resolve().is_relative_to(root):
                yield file


def count_files(path: Path) -> int | None:
    """How many documents a file or folder will give; None when archives are among them, which hold any number."""
    files = list(_files(path)) if path.is_dir() else [path]
    archives = any(re.search(r"\.(?:warc|mht|mhtml)(?:\.gz)?$", file.name, re.IGNORECASE) for file in files)
    return None if archives else len(files)


def _is_read(ending: str) -> bool:
    # wget keeps the query in the name: story.php?id=7 and, on Windows, story.php@id=7.
    return re.split(r"[?@]", ending)[0] in ENDINGS


def _is_of_a_page(folder: str, pages: set[str]) -> bool:
    """Whether a browser put the pictures and scripts of a page there."""
    stem = re.sub(r"(?:_files|\.files|-Dateien|_fichiers|_archivos|的文件)$", "", folder)
    return stem != folder and stem in pages


def _read_file(file: Path, origins: _Origins) -> Iterator[Document | Problem]:
    try:
        with file.open("rb") as opened:
            head = opened.read(A_LONG_HEAD)
            kind = kind_of(Document(str(file), head))
            if kind == ARCHIVE:
                yield from read_archive(file)
                return
            too_large = os.fstat(opened.fileno()).st_size > LARGEST_FILE
            # What is too large is not read at all; when it is no text either, that is the better thing to say.
            data = head if too_large else head + opened.read(LARGEST_FILE + 1 - len(head))
            too_large = (too_large and kind != UNKNOWN) or len(data) > LARGEST_FILE
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        yield Problem(str(file), 0, f"It cannot be read: {reason}.", "Check the file and its permissions.")
        return
    if too_large:
        what = f"It has more than {LARGEST_FILE // 1_000_000} MB."
        yield Problem(str(file), 0, what, "Cut it into smaller files.")
        return
    url, retrieved = origins.of(file, head)
    try:
        yield unpack(Document(str(file), data, url, retrieved=retrieved), LARGEST_FILE)
    except TooLarge as error:
        yield Problem(str(file), 0, str(error), "Unpack it, look what it is, and name what is in it.")


# --- the address of a saved page -----------------------------------------------------------------------


@dataclass
class _Origins:
    """Where the files below *folder* came from."""

    folder: Path
    known: dict[str, Mapping[str, str]] = field(default_factory=dict)

    def of(self, file: Path, head: bytes) -> tuple[str | None, datetime | None]:
        """The address of *file*, and when it was saved; None for what nobody says."""
        text = head.decode("latin-1")  # addresses are ASCII; the encoding of the rest does not matter here
        address = next((url for tell in TELLERS if (url := absolute(tell(file, text, self), ""))), None)
        return address, _saved(text)

    def listed(self, file: Path) -> str | None:
        """What a sidecar in the folder of *file*, or in one above it, says."""
        for place in (each for each in file.parents if each.is_relative_to(self.folder)):
            if found := self._sidecar(place).get(file.relative_to(place).as_posix()):
                return found
        return None

    def _sidecar(self, place: Path) -> Mapping[str, str]:
        if str(place) not in self.known:
            self.known[str(place)] = read_sidecar(place)
        return self.known[str(place)]


def read_sidecar(folder: Path) -> dict[str, str]:
    """File → address, from ``urls.tsv`` (two columns, in any order) or ``index.json`` (an object, or a list of them).

    Returns: names as POSIX paths relative to *folder*; empty when there is no such file or nobody can read it.
    """
    for name in SIDECARS:
        with suppress(OSError, UnicodeDecodeError):
            text = (folder / name).read_text(encoding="utf-8-sig")
            pairs = _pairs_of_json(text) if name.endswith(".json") else _pairs_of_table(text)
            if found := {file.replace("\\", "/").removeprefix("./"): url for file, url in pairs}:
                return found
    return {}


def _pairs_of_table(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.split("\t") if cell.strip()]
        urls = [cell for cell in cells if cell.startswith(("http://", "https://"))]
        files = [cell for cell in cells if cell not in urls]
        if urls and files:
            yield files[0], urls[0]


def _pairs_of_json(text: str) -> Iterator[tuple[str, str]]:
    data = read_json(text)
    if isinstance(data, dict):
        data = [{"url": said, **_dict(said), "file": file} for file, said in data.items()]
    for item in map(_dict, data if isinstance(data, list) else ()):
        names = (item.get(key) for key in ("file", "path", "input", "filename", "name"))
        file = next((name for name in names if isinstance(name, str)), "")
        if file and isinstance(item.get("url"), str):
            yield file, item["url"]


def _dict(value: object) -> dict:
    return value if isinstance(value, dict) else {}


_SAVED_FROM = re.compile(
    r"<!--\s{0,9}saved from url=\(\d{1,6}\)\s{0,3}(https?://[^\s<>]{1,2000})\s{0,9}-->", re.IGNORECASE
)
_SINGLE_FILE = re.compile(r"Page saved with SingleFile\s{1,9}url:\s{1,9}(https?://[^\s<>]{1,2000})")
_HTTRACK = re.compile(r"<!--\s{0,9}Mirrored from\s{1,9}([^\s<>]{3,2000})\s{1,9}by HTTrack", re.IGNORECASE)
_SAVED_WHEN = re.compile(r"saved date:\s{1,9}([^\n<>]{10,60})|by HTTrack[^,<>]{1,80},\s{0,3}([^<>]{10,40}?)\s{0,3}-->")
_LINK = re.compile(r"<(?:link|meta|base)\b[^<>]{1,3000}>", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    r"([A-Za-z:-]{2,12})\s{0,3}=\s{0,3}(?:\"([^\"<>]{1,2000})\"|'([^'<>]{1,2000})'|([^\s\"'<>]{1,2000}))"
)


def by_sidecar(file: Path, head: str, origins: _Origins) -> str | None:
    """A list beside the pages, written by whoever fetched them."""
    return origins.listed(file)


def by_comment(file: Path, head: str, origins: _Origins) -> str | None:
    """What browsers, SingleFile and HTTrack leave at the top."""
    for shape in (_SAVED_FROM, _SINGLE_FILE, _HTTRACK):
        if found := shape.search(head):
            return found[1] if "://" in found[1] else f"http://{found[1]}"
    return None


def by_host_folder(file: Path, head: str, origins: _Origins) -> str | None:
    """``www.paper.example/a/b.html`` below the folder: ``wget -r`` names folders after hosts."""
    if not file.is_relative_to(origins.folder):
        return None
    names = [origins.folder.name, *file.relative_to(origins.folder).parts]
    at = next((at for at, name in enumerate(names[:-1]) if is_host(name)), None)
    if at is None:
        return None
    path = re.sub(r"(?:^|/)index\.html$", "/", "/" + "/".join(names[at + 1 :]))
    path, mark, query = path.replace("?", "\0", 1).replace("@", "\0", 1).partition("\0")
    # wget -E adds .html to what did not end so.
    query = query.removesuffix(".html") if mark else ""
    host, _, port = names[at].replace("+", ":").partition(":")
    return f"https://{host}{':' + port if port else ''}{quote(unquote(path))}{'?' + query if query else ''}"


def is_host(name: str) -> bool:
    """Whether a folder is named after a host, with a port perhaps: ``www.paper.example``, ``paper.example+8080``."""
    found = re.fullmatch(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,8}([a-z]{2,20})(?:[:+]\d{2,5})?", name.lower())
    return bool(found) and f".{found[1]}" not in ENDINGS and found[1] not in ("files", "gz", "zip", "bak", "old", "git")


def by_canonical(file: Path, head: str, origins: _Origins) -> str | None:
    """The page's own word: canonical, og:url, base."""
    said: dict[str, str] = {}
    for tag in _LINK.findall(head):
        values = {name.lower(): double or single or bare for name, double, single, bare in _ATTRIBUTE.findall(tag)}
        name = (values.get("rel") or values.get("property") or values.get("name") or tag[1:5]).lower()
        said.setdefault(name, values.get("href") or values.get("content") or "")
    base = said.get("base", "")
    addresses = (absolute(said.get("canonical"), base), absolute(said.get("og:url"), base), absolute(base, ""))
    return next(filter(None, addresses), None)


TELLERS: list[Callable[[Path, str, _Origins], str | None]] = [by_sidecar, by_comment, by_host_folder, by_canonical]
"""Asked in this order for the address of a saved page."""


def _saved(head: str) -> datetime | None:
    """When the page was saved, in UTC."""
    found = _SAVED_WHEN.search(head[:4000])
    moment = read_moment(found[1] or found[2]) if found else None
    when = datetime.fromisoformat(moment) if moment else None
    return when.astimezone(UTC) if when and when.tzinfo else None


# --- pictures saved with a page ------------------------------------------------------------------------


def picture_beside(page: Path, picture: str, base: str = "") -> Path | None:
    """The file of a picture that was saved with a page.

    A page that refers to ``page_files/1.jpg`` has, once its addresses are absolute, a picture at
    ``https://host/folder/page_files/1.jpg``: what follows the page's own folder is looked for beside *page*, and the
    last part of any address in ``page_files``. In a mirror with folders named after hosts, the picture's host and
    path are looked for as well.

    Args:
        page: the saved page.
        picture: its address, as the page or its reader says it: relative, ``file:``, or absolute.
        base: the address that the page has on the web; empty when nobody knows.
    Returns: a file that exists, in or below the folder of the page (or of the host folders), or None.
    """
    with suppress(ValueError):
        return next((file for root, name in _places(page, picture, base) if (file := _inside(root, name))), None)
    return None


def _places(page: Path, picture: str, base: str) -> Iterator[tuple[Path, str]]:
    """Folders, and names below them, where a picture may be."""
    parts = urlsplit(picture)
    folder = urljoin(base, ".")
    if parts.scheme == "file":
        yield page.parent, parts.path
    elif not parts.scheme and not parts.netloc:
        yield page.parent, picture.lstrip("/")
    elif base and picture.startswith(folder):
        yield page.parent, picture.removeprefix(folder)
    if name := parts.path.rpartition("/")[2]:
        # Browsers put what belongs to «page.html» into «page_files».
        yield page.parent, f"{page.stem}_files/{name}"
    host = next((folder for folder in page.parents if is_host(folder.name)), None)
    if host is not None and parts.hostname:
        yield host.parent, f"{parts.netloc}{parts.path}"


def _inside(root: Path, name: str) -> Path | None:
    """The file *name* below *root*, if it is one and no link leads it outside."""
    for form in (name.partition("?")[0], unquote(name.partition("?")[0])):
        with suppress(OSError, ValueError):
            file = (root / PurePosixPath(form)).resolve()
            if file.is_relative_to(root.resolve()) and file.is_file():
                return file
    return None
