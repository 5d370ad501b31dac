"""Why a page was rendered in this build, or was not: ``invoke build --explain en/2024/05/chip/``.

Nothing of it is imported, and nothing done, in a build that is not asked.
"""

from __future__ import annotations

import dataclasses
import difflib
import pickle
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from plugins.languages import LANGUAGES
from plugins.last_build import LAST_BUILD, LEDGER, LastBuild, is_as_written, read_told
from plugins.pages.edition import Outline
from plugins.pages.ledger import Ledger
from plugins.pages.page import Card, Link, PagePlan, Picture, Site, Version, pack
from plugins.pages.versions import part_digests, templates_reached
from plugins.pages.writer import digest_of_page
from plugins.problems import did_you_mean
from plugins.reader.place import read_place
from plugins.reader.reader import read_story
from plugins.settings import PREVIEW_URL
from plugins.values import Record, digest_of

MOST = 8
"""Causes of one kind that are listed; of more, the number is told."""

Change = str
"""What happened to a story's file since the last build: NEW, GONE, TEXT (nothing but its text changed) or MORE."""

NEW, GONE, TEXT, MORE = "is new", "is gone", "changed (its text)", "changed"

ROLES = {
    ("StoryPage", "related"): "a related story",
    ("StoryPage", "products"): "a product of the story",
    ("ListPage", "cards"): "a story of the list",
    ("ListPage", "products"): "a product of the category",
    ("ProductPage", "cards"): "a story that mentions the product",
    ("FrontPage", "products"): "a product on the front page",
    ("FrontPage", ""): "a story on the front page",
    ("ChooserPage", ""): "a headline",
}
"""What a story is to a page, by the kind of the page and the field that holds its card."""

SITE_SETTINGS = {
    "name": "PORTAL_NAME",
    "tagline": "PORTAL_TAGLINE",
    "url": "SITEURL",
    "file_links": "FILE_LINKS",
    "icp_number": "ICP_NUMBER",
    "icp_url": "ICP_URL",
    "holder": "COPYRIGHT_HOLDER",
    "repository_url": "REPOSITORY_URL",
    "preview": "SHOW_DRAFTS",
}
"""Constants of an edition, and the settings that they are."""

FEEDS = ("feed.xml", "rss.xml", "feed.json")


class Explanation:
    """Watches one page while a site is built, and tells what became of it.

    Args:
        wanted: as the setting EXPLAIN is: an address, a file of the output or of content/.
        settings: Pelican's, with ours, before the last build is brought up to date.
    """

    def __init__(self, wanted: str, settings: Mapping[str, Any]) -> None:
        self._wanted = wanted
        self._settings = settings
        self._content = Path(settings["PATH"])
        self._output = Path(settings["LAST_OUTPUT_PATH"])
        self._source, self._paths = _places(wanted, settings)
        last: LastBuild = settings[LAST_BUILD]
        self._last = last
        self._before = dataclasses.replace(last)
        self._told = read_told(settings, last)
        self._outline: Outline | None = None
        self._templates: Mapping[str, str] = {}
        self._constants: Mapping[str, bytes] = {}

    def watch(
        self, outlines: Iterable[Outline], templates: Mapping[str, str], constants: Mapping[str, bytes]
    ) -> Iterator[Outline]:
        """*outlines*, as they are.

        Args:
            templates: template → digest.
            constants: path of a language → the constants of its edition, pickled.
        """
        self._templates, self._constants = templates, constants
        for outline in outlines:
            if outline.path in self._paths:
                self._outline = outline
            yield outline

    def tell_unchanged(self) -> str:
        """What to say in a build in which nothing changed."""
        return "\n".join(self._kept() if self._found(self._before.files) else self._no_page(self._before.files))

    def tell(self, ledger: Ledger, staging: Path) -> str:
        """What to say when everything is written and nothing is published yet.

        Args:
            ledger: of this build.
            staging: the folder that holds what was rendered.
        """
        path = self._found(ledger.now)
        if not path:
            return "\n".join(self._no_page(ledger.now))
        if self._outline is None:
            return "\n".join(self._copied(path, path in ledger.kept))
        before, now = self._before.files.get(path), ledger.now[path]
        if path in ledger.kept and before is not None:
            if before[3] == now[3] != b"":
                return "\n".join(self._kept())
            reasons = [*self._changed_settings(), *self._changed_content(self._outline.make(), "", "")]
            why = reasons or ["- nobody can tell beforehand whether this page changes, so it is planned each time"]
            return "\n".join([f"{path} was planned again, its plan is the same, and its file was kept:", *why])
        if not self._before.files:
            why = "no earlier build into this folder is remembered, so every page was"
            return f"{path} was rendered: {why}."
        if before is None:
            content = self._changed_content(self._outline.make(), "", _text_of(staging / path))
            return "\n".join([f"{path} was rendered: it is new.", *self._changed_settings(), *content])
        return "\n".join([f"{path} was rendered:", *self._why_rendered(path, now[0], before[0], staging)])

    # What became of it

    def _found(self, known: Mapping[str, Any]) -> str:
        return next((path for path in self._paths if path in known), "")

    def _kept(self) -> list[str]:
        path = self._found(self._before.files)
        return [f"{path} was not rendered: nothing that decides it changed since the last build."]

    def _copied(self, path: str, kept: bool) -> list[str]:
        why = self._touched(path) or "its source is new, or was written so lately that its time tells nothing"
        if kept:
            return [f"{path} was kept: it is copied as it is, and its source did not change."]
        return [f"{path} was copied: {why}."]

    def _no_page(self, known: Mapping[str, Any]) -> list[str]:
        gone = self._found(self._before.files)
        why = self._why_hidden()
        if gone:
            return [f"{gone} was removed: {why or 'nothing makes it any more'}.", *self._files_gone()]
        if why:
            return [f"{self._wanted} has no page: {why}."]
        if self._source and not (self._content / self._source).exists():
            near = [
                one.relative_to(self._content).as_posix() for one in (self._content / self._source).parent.glob("*")
            ]
            fix = did_you_mean(self._source, near, "Name a file of a story, or the address of a page.")
            return [f'"{self._wanted}" is no file of {self._content.name}/. {fix}']
        addresses = _near(self._paths[-1], known)
        fix = did_you_mean(_address(self._paths[-1]), addresses, "Write its address: en/2024/05/chip/.")
        return [f'"{self._wanted}" is no page of the portal. {fix}']

    def _why_hidden(self) -> str:
        """Why readers do not see the story that was asked for, if it is one."""
        for source in self._sources():
            file = self._content / source
            if not file.is_file():
                continue
            zone = ZoneInfo(self._settings["TIMEZONE"])
            story, _ = read_story(f"{self._content.name}/{source}", file.read_bytes(), zone)
            now: datetime = self._settings["NOW"]
            if story is not None and story.status == "draft" and not self._settings["SHOW_DRAFTS"]:
                return f"{self._content.name}/{source} is a draft"
            if story is not None and story.date is not None and story.date > now:
                return f"{self._content.name}/{source} is under embargo until {story.date:%Y-%m-%d %H:%M %Z}"
        return ""

    def _sources(self) -> list[str]:
        """The files of stories that may make the page."""
        if self._source:
            return [self._source]
        stem = _address(self._paths[-1]).rstrip("/")
        language, _, rest = stem.partition("/")
        return [f"{stem}.md", f"{stem}.markdown", f"{language}/pages/{rest}.md"] if language in LANGUAGES else []

    def _files_gone(self) -> list[str]:
        changes = self._changes()
        return [f"- {self._content.name}/{one} is gone" for one in self._sources() if changes.get(one) == GONE]

    def _touched(self, path: str) -> str:
        """How the file of the output is not what the last build left."""
        if not (self._output / path).exists():
            return f"its file was missing in {self._output.name}/"
        entry = self._before.files.get(path)
        if entry is not None and not is_as_written(str(self._output), path, entry):
            return f"its file in {self._output.name}/ was changed by hand or by another program"
        return ""

    def _why_rendered(self, path: str, now: str, before: str, staging: Path) -> list[str]:
        assert self._outline is not None
        lines = [f"- {touched}" for touched in [self._touched(path)] if touched]
        if now == before:
            return lines
        plan = self._outline.make()
        decided = self._told.decided
        if not decided:
            return [*lines, "- what the last build was made of is not remembered", *self._difference(path, staging)]
        language, template = plan.language.path, self._outline.template
        old_template = decided.get("templates", {}).get(template, "")
        if old_template != self._templates[template]:
            lines += self._changed_theme(template)
        old_constants = decided.get("constants", {}).get(language, b"")
        settings: dict[str, None] = {}
        if old_constants != self._constants[language]:
            constants, names = self._changed_constants(old_constants, self._constants[language])
            lines += constants
            settings.update(dict.fromkeys(names))
        # The digest that the same plan would have had then: so it is known whether the plan itself changed.
        if digest_of_page(pack(plan), digest_of(old_constants), old_template) != before:
            old, new = _text_of(self._output / path), _text_of(staging / path)
            content = [*self._changed_settings(), *self._changed_content(plan, old, new)]
            lines += content or self._difference(path, staging)
        else:
            lines += self._changed_settings(settings)
        return list(dict.fromkeys(lines))

    # Causes

    def _changed_theme(self, template: str) -> list[str]:
        theme = Path(self._settings["THEME"])
        now = part_digests(theme, Path(__file__).parent.parent)
        before: Mapping[str, str] = self._told.decided.get("parts", {})
        folder = f"{theme.name}/templates/"
        reached = {f"{folder}{name}" for name in templates_reached(theme, template)}
        lines = []
        for name in sorted({*now, *before}):
            old, new = before.get(name), now.get(name)
            # A template that is gone was reached then, for all that anybody knows.
            if old == new or (name.startswith(folder) and name not in reached and new is not None):
                continue
            what = NEW if old is None else GONE if new is None else MORE
            lines.append(f"- {name} {what}" if "/" in name else f"- the library {name} is {new} now, it was {old}")
        return _few(lines) or [f"- {folder}{template} or what it needs changed"]

    def _changed_constants(self, before: bytes, now: bytes) -> tuple[list[str], list[str]]:
        """What every page of the edition shows that changed: lines, and names of settings."""
        try:
            old, new = (pickle.loads(one) for one in (before, now))
            changed = [name for name in Site.__struct_fields__ if getattr(old, name) != getattr(new, name)]
        except Exception:  # the class was another one, which pickle tells in many ways
            return ["- what every page of its edition shows changed"], list(SITE_SETTINGS.values())
        lines = []
        if "versions" in changed:
            files = sorted(
                name for name in {*old.versions, *new.versions} if old.versions.get(name) != new.versions.get(name)
            )
            lines += _few([f"- {Path(self._settings['THEME']).name}/static/{name} changed" for name in files])
        if "year" in changed:
            lines.append(f"- the year is {new.year} now")
        names = [SITE_SETTINGS[name] for name in changed if name in SITE_SETTINGS]
        lines += self._changed_settings(dict.fromkeys(names))
        if {"menus", "disclaimer", "submit", "home", "editions"} & {*changed}:
            pages = [
                f"- {self._content.name}/{path} {change}"
                for path, change in self._changes().items()
                if change != TEXT and path.partition("/")[2].startswith("pages/")
            ]
            lines += [*self._changed_files(["taxonomy.yaml"]), *_few(pages)] or ["- the menus changed"]
        return lines, names

    def _changed_settings(self, names: Iterable[str] | None = None) -> list[str]:
        before: Mapping[str, str] = self._told.decided.get("settings", {})
        names = before if names is None else names
        return [
            f"- the setting {name} is {self._settings[name]!r} now, it was {before[name]}"
            for name in names
            if name in before and before[name] != repr(self._settings.get(name))
        ]

    def _changed_files(self, names: Iterable[str]) -> list[str]:
        before: Mapping[str, str] = self._told.decided.get("files", {})
        lines = []
        for name in names:
            file = self._content / name
            now = digest_of(file.read_bytes()) if file.is_file() else None
            if now != before.get(name):
                what = GONE if now is None else NEW if name not in before else MORE
                lines.append(f"- {self._content.name}/{name} {what}")
        return lines

    def _changes(self) -> dict[str, Change]:
        """Path of a story's file that changed since the last build → how."""
        before, now = self._told.stories(), self._last.told.stories()
        if not before or not now:
            return {}
        changes = {}
        for path in sorted({*before, *now}):
            if path not in before:
                changes[path] = NEW
            elif path not in now:
                changes[path] = GONE
            elif before[path] != now[path]:
                changes[path] = TEXT if before[path][1] == now[path][1] else MORE
        return changes

    def _changed_content(self, plan: PagePlan, old: str, new: str) -> list[str]:
        """The files of content/ that changed and reach the page.

        Args:
            old, new: the file of the page as it was and as it is; empty when that is the same.
        """
        name = self._content.name
        page = _address(plan.path)
        feed = plan.path.endswith(FEEDS)
        roles = _roles(plan)
        root = self._settings["SITEURL"] or PREVIEW_URL
        linked = {*_links(old, plan.path, root), *_links(new, plan.path, root)}
        lines, others = [], 0
        for path, change in self._changes().items():
            url = _url_of(path)
            role = roles.get(url, "")
            if url == page:
                lines.append(f"- {name}/{path} {change}: its own file")
            elif change == TEXT and not feed:
                continue
            elif role or _key(url) == _key(page):
                lines.append(f"- {name}/{path} {change}: {role or 'its other version'}")
            elif url in linked:
                what = "a story of the feed" if feed else "a story that the page shows or links to"
                lines.append(f"- {name}/{path} {change}: {what}")
            else:
                others += 1
        lines = _few(lines)
        pinned = ["front.yaml"] if type(plan.data).__name__ in ("FrontPage", "ChooserPage") else []
        lines += self._changed_files(["taxonomy.yaml", "takedowns.yaml", *pinned])
        lines += _few(self._changed_visibility(page, roles, linked))
        lines += _few(self._changed_pictures(plan, linked))
        if not lines:
            # With these every page is planned: any may lead to them.
            lines = _few(
                f"- {name}/{path} {change}: a page to which others may lead"
                for path, change in self._changes().items()
                if change != TEXT and path.partition("/")[2].startswith(("pages/", "products/"))
            )
        if not lines and others:
            count = "another story" if others == 1 else f"{others} other stories"
            lines.append(f"- {count} changed, and may decide what the page counts, orders or offers")
        return lines

    def _changed_visibility(self, page: str, roles: Mapping[str, str], linked: Iterable[str]) -> Iterator[str]:
        """Stories whose files did not change and that readers see, or do not see, since this build."""
        changes = self._changes()
        known = {_url_of(path): path for path in self._last.told.stories() if path not in changes}
        for url in sorted({page, *roles, *linked} & known.keys()):
            before, now = (f"{url}index.html" in files for files in (self._before.files, self._last_files()))
            if before != now:
                seen, role = "can" if now else "can not", roles.get(url, "a page that is linked")
                file = f"{self._content.name}/{known[url]}"
                yield f"- {file} is as it was, and {seen} be seen now: {'its own file' if url == page else role}"

    def _last_files(self) -> Mapping[str, Any]:
        ledger: Ledger = self._settings[LEDGER]
        return ledger.now

    def _changed_pictures(self, plan: PagePlan, linked: Iterable[str]) -> Iterator[str]:
        """Pictures that are not those that the last build copied."""
        shown = {value.src for value, _ in _walk(plan.data, "") if isinstance(value, Picture)}
        for src in sorted({*shown, *linked}):
            if not src.startswith("images/"):
                continue
            source, copy = self._content / src, self._output / src
            if not source.is_file():
                yield f"- {self._content.name}/{src} is gone"
            elif not copy.is_file():
                yield f"- {self._content.name}/{src} is new"
            elif source.read_bytes() != copy.read_bytes():
                yield f"- {self._content.name}/{src} changed"

    def _difference(self, path: str, staging: Path) -> list[str]:
        """Where the file differs, when no cause was found by its name."""
        before, now = (_text_of(folder / path).splitlines() for folder in (self._output, staging))
        changed = [
            line
            for line in difflib.unified_diff(before, now, n=0, lineterm="")
            if not line.startswith(("---", "+++", "@@"))
        ]
        if not changed:
            return ["- something changed that its file does not show"]
        return ["- no file by itself; where it differs:", *(f"  {line[:100]}" for line in changed[:MOST])]


def _places(wanted: str, settings: Mapping[str, Any]) -> tuple[str, tuple[str, ...]]:
    """The file below content/ that *wanted* names, if any, and the files of the output that it may mean."""
    content, output = Path(settings["PATH"]).resolve(), Path(settings["LAST_OUTPUT_PATH"])
    path = wanted.strip().replace("\\", "/")
    site = str(settings["SITEURL"])
    if site and path.startswith(site):
        path = path[len(site) :]
    elif "://" in path:
        path = urlsplit(path).path
    for folder in (content, output):
        if path.startswith(f"{folder.as_posix()}/"):
            path = f"{folder.name}/{path[len(folder.as_posix()) + 1 :]}"
    path = unquote(path.partition("#")[0].partition("?")[0])
    path = posixpath.normpath(path.strip("/") or ".").removeprefix("./")
    path = "" if path == "." else path
    below = path.removeprefix(f"{content.name}/")
    if below.endswith((".md", ".markdown")):
        return below, (f"{_url_of(below)}index.html",)
    if below != path:
        return "", (below,)
    path = path.removeprefix(f"{output.name}/")
    return "", (path, f"{path}/index.html") if path else ("index.html",)


def _url_of(path: str) -> str:
    """The address of the story in the file *path* below content/."""
    place = read_place(f"content/{path}", lambda line, what, fix: None)
    return f"{place.language.path}/{place.key.removeprefix('pages/')}/" if place else f"{path}/"


def _address(path: str) -> str:
    return path.removesuffix("index.html")


def _key(url: str) -> str:
    return url.partition("/")[2]


def _near(path: str, known: Iterable[str]) -> list[str]:
    """Of very many addresses, those among which one may be meant: to compare them all would take half a minute."""
    address = _address(path).rstrip("/")
    folder, _, last = address.rpartition("/")
    addresses = [_address(one) for one in known]
    beside = [one for one in addresses if folder and one.startswith(f"{folder}/")]
    same = [one for one in addresses if one.rstrip("/").rpartition("/")[2] == last]
    return (same + beside)[:5000] or addresses[:5000]


def _walk(value: object, top: str) -> Iterator[tuple[Any, str]]:
    """Every record inside of *value*, with the field of the page that holds it."""
    if isinstance(value, tuple):
        for one in value:
            yield from _walk(one, top)
    elif isinstance(value, Record):
        yield value, top
        for name in value.__struct_fields__:
            yield from _walk(getattr(value, name), top or name)


def _roles(plan: PagePlan) -> dict[str, str]:
    """Address → what the page there is to the page of *plan*."""
    kind = type(plan.data).__name__
    roles: dict[str, str] = {}
    for value, top in _walk(plan.data, ""):
        if isinstance(value, Version):
            roles.setdefault(value.url, "its other version")
        elif isinstance(value, Card | Link):
            role = ROLES.get((kind, top)) or ROLES.get((kind, "")) or "a page that it leads to"
            if isinstance(value, Card) or top == "products":
                roles[value.url] = role
            else:
                roles.setdefault(value.url, "a page that it leads to")
    return roles


_LINK = re.compile(r"""(?:href|src|srcset)=["']([^"']+)["']|<(?:id|loc|uri)>([^<]+)<""")


def _links(text: str, path: str, root: str) -> Iterator[str]:
    """The addresses in the portal that the file *path* with *text* leads to."""
    for found in _LINK.finditer(text):
        for one in (found[1] or found[2]).split(","):
            link = unquote(one.split()[0].partition("#")[0].partition("?")[0]) if one.strip() else ""
            if link.startswith(root):
                link = link[len(root) :].lstrip("/")
            elif "://" in link:
                continue
            else:
                link = posixpath.join(posixpath.dirname(path), link)
            folder = link.endswith("/")
            link = posixpath.normpath(link)
            yield _address(f"{link}/" if folder else link)


def _text_of(file: Path) -> str:
    return file.read_text(encoding="utf-8", errors="replace") if file.is_file() else ""


def _few(lines: Iterable[str]) -> list[str]:
    lines = list(lines)
    return lines if len(lines) <= MOST else [*lines[: MOST - 1], f"- and {len(lines) - MOST + 1} more"]
