"""Walk a built site as a reader, a crawler and a search engine would, and collect what they would stumble over."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

from plugins.audit.document import Document, read_document
from plugins.problems import Problem

_REBUILD = "Mend the template or the plan that makes it, and build again."


def audit(output: Path, roots: Iterable[str] = ()) -> list[Problem]:
    """Audit every page, feed and sitemap below *output*.

    Args:
        output: a built site.
        roots: absolute addresses under which the site is published or previewed; links to them are internal.
    Returns: problems sorted by file and line; empty when all is well.
    """
    site = _Site(output, [root.rstrip("/") + "/" for root in roots if root])
    problems = [problem for path in site.documents for problem in _page_problems(site, path)]
    for path in sorted(site.files):
        if path.endswith(".xml"):
            problems += _xml_problems(site, path)
    return sorted(set(problems))


class _Site:
    def __init__(self, output: Path, roots: list[str]) -> None:
        self.roots = roots
        # The longest first: a portal below /portal/ must not be taken for one at the root of the host.
        self._bases = sorted({urlsplit(root).path for root in roots}, key=len, reverse=True)
        self.files = {file.relative_to(output).as_posix(): file for file in sorted(output.rglob("*")) if file.is_file()}
        self.documents: dict[str, Document] = {
            path: read_document(file.read_text(encoding="utf-8"))
            for path, file in self.files.items()
            if path.endswith(".html")
        }

    def target(self, path: str, address: str) -> tuple[str, str] | None:
        """The file that *address* on the page *path* leads to, and the fragment; None when it is not ours."""
        for root in self.roots:
            if address.startswith(root) or address == root[:-1]:
                parts = urlsplit(address[len(root) :])
                return self._file(parts.path), unquote(parts.fragment)
        parts = urlsplit(address)
        if parts.scheme or parts.netloc:
            return None
        here = unquote(parts.path)
        if here.startswith("/"):
            base = next((base for base in self._bases if here.startswith(base)), "/")
            return self._file(here[len(base) :]), unquote(parts.fragment)
        if not here:
            return path, unquote(parts.fragment)
        joined = posixpath.normpath(posixpath.join(posixpath.dirname(path), here))
        if here.endswith("/") or here in (".", ".."):
            joined += "/"
        return self._file(joined), unquote(parts.fragment)

    def _file(self, path: str) -> str:
        path = unquote(path).removeprefix("./")
        return f"{path}index.html" if not path or path.endswith("/") else path


def _page_problems(site: _Site, path: str) -> Iterator[Problem]:
    document = site.documents[path]

    def problem(line: int, what: str) -> Problem:
        return Problem(path, line, what, _REBUILD)

    if not document.language:
        yield problem(1, "the page does not say its language.")
    if not document.title.strip():
        yield problem(1, "the page has no title.")
    if not document.description.strip() and not document.noindex:
        yield problem(1, "the page has no description.")
    if document.headings.count(1) != 1:
        yield problem(1, f"the page has {document.headings.count(1)} main headings (h1) instead of one.")
    for before, after in zip(document.headings, document.headings[1:], strict=False):
        if after > before + 1:
            yield problem(1, f"a heading of level {before} is followed by one of level {after}.")
    for id, count in Counter(document.ids).items():
        if count > 1:
            yield problem(1, f'the id "{id}" is given {count} times.')
    for line in document.images_without_alt:
        yield problem(line, "a picture has no alternative text.")
    for line in document.unnamed_navs:
        yield problem(line, "a navigation has no name.")
    for line, address in document.links:
        target = site.target(path, address)
        if target is None:
            continue
        file, fragment = target
        if file not in site.files:
            yield problem(line, f'the link "{address}" leads nowhere.')
        elif fragment and file in site.documents and fragment not in site.documents[file].ids:
            yield problem(line, f'the link "{address}" leads to a part of the page that does not exist.')
    for line, address in document.loaded:
        if site.target(path, address) is None and urlsplit(address).scheme != "data":
            yield problem(line, f'the page loads "{address}" from another host.')
    yield from _version_problems(site, path, document)


def _version_problems(site: _Site, path: str, document: Document) -> Iterator[Problem]:
    versions = _versions(site, path)
    if path == "404.html":
        return
    if len(document.alternates) != len(versions):
        yield Problem(path, 1, "a language is given twice in hreflang.", _REBUILD)
    if "x-default" not in versions:
        yield Problem(path, 1, "hreflang has no x-default.", _REBUILD)
    if path not in versions.values():
        yield Problem(path, 1, "hreflang does not list the page itself.", _REBUILD)
    canonical = site.target(path, document.canonical) if document.canonical else None
    if canonical is None or canonical[0] != path:
        yield Problem(path, 1, "the canonical address is not that of the page.", _REBUILD)
    for hreflang, other in versions.items():
        if other in site.documents and _versions(site, other) != versions:
            yield Problem(path, 1, f'hreflang "{hreflang}" leads to {other}, which lists other versions.', _REBUILD)
        elif hreflang != "x-default" and other in site.documents:
            language = site.documents[other].language
            if language != hreflang:
                yield Problem(path, 1, f'hreflang "{hreflang}" leads to {other}, which is in "{language}".', _REBUILD)


def _versions(site: _Site, path: str) -> dict[str, str]:
    found = {}
    for hreflang, address in site.documents[path].alternates:
        target = site.target(path, address)
        found[hreflang] = target[0] if target else address
    return found


def _xml_problems(site: _Site, path: str) -> Iterator[Problem]:
    try:
        root = ElementTree.fromstring(site.files[path].read_bytes())
    except ElementTree.ParseError as error:
        yield Problem(path, error.position[0], f"the file is not well-formed XML ({error}).", _REBUILD)
        return
    for element in root.iter():
        name = element.tag.rpartition("}")[2]
        address = (element.text or "").strip() if name == "loc" else element.get("href", "")
        if name in ("loc", "link") and address:
            target = site.target(path, address)
            if target is not None and target[0] not in site.files:
                yield Problem(path, 0, f'"{address}" leads nowhere.', _REBUILD)
