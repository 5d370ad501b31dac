"""What people do to a portal between two builds, as plain data: strategies that think it up, and what does it."""

from __future__ import annotations

import os
import shutil
import struct
import zlib
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

from conftest import EPOCH, ROOT, SITES, Site, run_pelican, story
from hypothesis import strategies as st

from plugins.last_build import LAST_BUILD, read_last_build
from plugins.problems import Stop
from plugins.stories.snapshot import Snapshot, read_snapshot

Edit = tuple[Any, ...]
"""The name of a method of Case, and what it is given."""


def png(width: int, height: int) -> bytes:
    """A picture that says how large it is, and nothing else."""
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head))


def webp(width: int, height: int) -> bytes:
    """As png."""
    data = bytes(4) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    chunk = b"VP8X" + struct.pack("<I", len(data)) + data
    return b"RIFF" + struct.pack("<I", len(chunk) + 4) + b"WEBP" + chunk


@dataclass
class Case:
    """A portal that is edited: content, theme, settings, the time, the outputs that one cache serves.

    Attributes:
        output: name of the folder that is built.
        settled: whether times of files are trusted at once, as they are when files are older than a few seconds.
    """

    folder: Path
    settings: dict[str, object] = field(default_factory=lambda: {"STORIES_PER_PAGE": 2, "WORKERS": 1})
    epoch: int = int(EPOCH)
    output: str = "grown"
    settled: bool = True

    @classmethod
    def start(cls, folder: Path) -> Case:
        """A portal of two languages below *folder*, and a theme that can be edited."""
        shutil.copytree(ROOT / "theme", folder / "theme")
        shutil.copytree(SITES / "pair" / "content", folder / "content")
        case = cls(folder)
        case.write("taxonomy.yaml", TAXONOMIES[0])
        case.picture("images/pic.png", 800, 600)
        case.write("images/dot.svg", '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"/>')
        return case

    def build(self, output: str = "", cache: str = "cache") -> dict[str, bytes] | None:
        """The files of the site; None when problems kept it from being built."""
        try:
            return self._run(output or self.output, cache).files()
        except Stop:
            return None

    def _run(self, output: str, cache: str) -> Site:
        settled = -1_000_000_000 if self.settled else 2_000_000_000
        with ExitStack() as stack:
            stack.enter_context(mock.patch.dict(os.environ, SOURCE_DATE_EPOCH=str(self.epoch)))
            stack.enter_context(mock.patch("plugins.last_build.SETTLED", settled))
            return run_pelican(
                self.folder / "content",
                self.folder / output,
                self.folder / cache,
                THEME=str(self.folder / "theme"),
                **self.settings,
            )

    def build_or_stop(self) -> None:
        """As build, with what keeps it from being built."""
        self._run(self.output, "cache")

    def clean(self) -> dict[str, bytes] | None:
        """As build, from nothing."""
        for name in ("clean", "clean-cache"):
            shutil.rmtree(self.folder / name, ignore_errors=True)
        return self.build("clean", "clean-cache")

    def snapshot(self, output: str = "", cache: str = "cache") -> Snapshot | None:
        """What the last build has kept of its portal for the next."""
        folders = {"CACHE_PATH": self.folder / cache, "LAST_OUTPUT_PATH": self.folder / (output or self.output)}
        settings: dict[str, Any] = {name: str(folder.resolve()) for name, folder in folders.items()}
        return read_snapshot({**settings, LAST_BUILD: read_last_build(settings)})

    def times(self) -> dict[str, int]:
        """When each file of the output was modified."""
        output = self.folder / self.output
        return {path: (output / path).stat().st_mtime_ns for path in Site(output).files()}

    def do(self, edit: Edit) -> None:
        """Do what *edit* says."""
        getattr(self, edit[0])(*edit[1:])

    def _file(self, path: str) -> Path:
        below = "theme" if path.startswith(("templates/", "static/", "translations/")) else "content"
        file = self.folder / below / path
        file.parent.mkdir(parents=True, exist_ok=True)
        return file

    def write(self, path: str, text: str | None) -> None:
        """A file has this text; None removes it."""
        if text is None:
            self._file(path).unlink(missing_ok=True)
        else:
            self._file(path).write_text(text, encoding="utf-8")

    def append(self, path: str, text: str) -> None:
        """Only the text of a story changes, if it is there."""
        if self._file(path).exists():
            self._file(path).write_text(f"{self._file(path).read_text('utf-8')}\n{text}\n", encoding="utf-8")

    def replace(self, path: str, old: str, new: str) -> None:
        """Words in a file, if it is there."""
        if self._file(path).exists():
            self._file(path).write_text(self._file(path).read_text("utf-8").replace(old, new), encoding="utf-8")

    def rename(self, old: str, new: str) -> None:
        """A file moves, if it is there."""
        if self._file(old).exists():
            self._file(old).replace(self._file(new))

    def picture(self, path: str, width: int, height: int) -> None:
        """A picture of this size."""
        self._file(path).write_bytes((webp if path.endswith(".webp") else png)(width, height))

    def setting(self, name: str, value: object) -> None:
        """A setting changes."""
        self.settings[name] = value

    def now(self, epoch: int) -> None:
        """The next builds are at another time."""
        self.epoch = epoch

    def into(self, output: str) -> None:
        """The next builds are into another folder."""
        self.output = output

    def trust(self, settled: bool) -> None:
        """Times of files are (not) trusted."""
        self.settled = settled

    def spoil(self, path: str, text: str | None) -> None:
        """Somebody changes or removes a file of the output, or puts another one there."""
        file = self.folder / self.output / path
        if file.exists() or (text is not None and file.parent.is_dir()):
            self.write(f"../{self.output}/{path}", text)


TAXONOMIES = [
    f"""\
sections:
{sections}product_categories:
  vehicles: {{en: {vehicles}, zh: 汽车}}
  tools: {{en: Tools, zh: 工具}}
tags:
{tags}sources:
  daily: {{en: The Daily, zh: 日报}}
authors:
  desk: {{en: The desk, zh: 编辑部}}
"""
    for sections, vehicles, tags in [
        (
            "  markets: {en: Markets, zh: 财经}\n  technology: {en: Technology, zh: 科技}\n",
            "Vehicles",
            "  chips: {en: Chips, zh: 芯片}\n",
        ),
        (
            "  technology: {en: Technology, zh: 科技}\n  markets: {en: Markets, zh: 财经}\n",
            "Cars",
            "  chips: {en: Chips, zh: 芯片}\n  steel: {en: Steel, zh: 钢}\n",
        ),
        (
            "  markets: {en: Trading, zh: 财经}\n  technology: {en: Technology, zh: 技术}\n",
            "Vehicles",
            "  fairs: {en: Trade fairs, zh: 夜市}\n  chips: {en: Chips, zh: 芯片}\n",
        ),
        (
            "  markets: {en: Markets, zh: 财经}\n  technology: {en: Technology, zh: 科技}\n"
            "  policy: {en: Policy, zh: 政策}\n",
            "Vehicles",
            "  chips: {en: Microchips, zh: 芯片}\n",
        ),
    ]
]

SLUGS = ("rise", "fall", "calm")
paths = st.builds(
    lambda language, month, slug: f"{language}/2024/{month}/{slug}.md",
    st.sampled_from(("en", "zh")),
    st.sampled_from(("03", "05")),
    st.sampled_from(SLUGS),
)
of_the_site = st.sampled_from(
    [f"{language}/2024/05/{slug}.md" for language, slug in (("en", "chip"), ("zh", "chip"), ("en", "rally"))]
    + ["zh/2024/05/jingji.md", "en/products/roadster.md", "zh/products/roadster.md", "en/pages/about.md"]
)


def fields(**choices: tuple[str | None, ...]) -> st.SearchStrategy[dict[str, str]]:
    """Front matter; None leaves a field out."""
    return st.fixed_dictionaries({name: st.sampled_from(words) for name, words in choices.items()}).map(
        lambda found: {name: text for name, text in found.items() if text is not None}
    )


BODIES = (
    *("One.", "Two.", "Three.\n\n![pic](/images/pic.png)", "Four, [a picture](/images/dot.svg)."),
    *(
        "Five, [rally](/en/2024/05/rally.md).",
        "Six, [the car](/zh/products/roadster.md), [us](/en/pages/about.md#top).",
    ),
    "Seven, [rise](/en/2024/05/rise.md).",
)

CORRECTIONS = "corrections:\n  - {date: 2024-05-09, text: It was ten.}\n"

stories = st.tuples(
    st.just("write"),
    paths,
    st.builds(
        lambda title, body, front: story(title, body, **front),
        st.sampled_from(("Up", "No", "涨")),
        st.sampled_from(BODIES),
        fields(
            date=("2024-05-03", "2024-05-04 10:00", "2024-03-04", "2024-06-05", "2024-05-06", None),
            category=("markets", "Technology", "财经", "markets", None),
            tags=("[steel]", "[Steel, STEEL]", "[芯片, steel]", "[镍]", "[]", None),
            authors=("[Li Wei]", "[li wei, desk]", "[]", None),
            source=("{name: daily}", "{name: Wire}", '{name: wire, url: "https://a.example/1"}', None),
            products=("[roadster]", "[]", None, None),
            image=("{src: images/pic.png, alt: A}", "{src: images/pic.png, credit: B}", None, None),
            translation=("{of: 2024/05/rise, by: human}", "{by: machine}", None, None, None),
            status=("published", "hidden", "withdrawn", "draft", None, None, None),
            summary=("In short.", None),
            modified=("2024-05-20", None),
            kicker=("News", None, None),
        ),
    ),
)

of_stories = st.one_of(
    paths, st.sampled_from([f"{path}.md" for path in ("en/2024/05/rally", "en/2024/05/chip", "zh/2024/05/jingji")])
)
words = st.one_of(
    st.tuples(
        st.just("replace"),
        of_stories,
        st.just("title: "),
        st.sampled_from(
            ("title: New ", "summary: In short.\ntitle: ", "kicker: News\ntitle: ", f"{CORRECTIONS}title: ")
        ),
    ),
    st.tuples(st.just("append"), of_stories, st.sampled_from(("More.", "更多。"))),
    # What was given is taken away again, the text begins with other words, and nothing but a mark differs.
    st.builds(
        lambda path, words: ("replace", path, *words),
        of_stories,
        st.sampled_from(
            [
                *(("title: New ", "title: "), ("summary: In short.\n", ""), ("kicker: News\n", ""), (CORRECTIONS, "")),
                *(("---\n\n", "---\n\nIn other words. "), (". ", "… "), (".md)", ".md#top)"), ("title: ", "title:  ")),
            ]
        ),
    ),
)
"""What changes the words of a story, and neither its place nor what others take from it."""

products = st.tuples(
    st.just("write"),
    st.sampled_from(("en/products/van.md", "zh/products/van.md", "zh/products/roadster.md")),
    st.one_of(
        st.none(),
        st.builds(
            lambda title, front: story(title, "It drives.", **front),
            st.sampled_from(("Van", "Bus")),
            fields(category=("vehicles", "tools"), image=("{src: images/pic.png}", None), status=("draft", None, None)),
        ),
    ),
)

mentions = st.tuples(
    st.just("replace"),
    st.one_of(paths, of_the_site),
    st.just("products: [roadster]"),
    st.sampled_from(("products: [roadster, van]", "products: [van]", "products: []")),
)

statuses = st.tuples(
    st.just("replace"),
    st.one_of(paths, of_the_site),
    st.just("title: "),
    st.sampled_from(("status: draft\ntitle: ", "status: hidden\ntitle: ", "status: withdrawn\ntitle: ")),
)

plain_pages = st.tuples(
    st.just("write"),
    st.sampled_from(("en/pages/submit.md", "zh/pages/submit.md", "en/pages/disclaimer.md")),
    st.sampled_from((None, story("Send us yours", "How."), story("Write for us", "How."))),
)

pictures = st.one_of(
    st.tuples(
        st.just("picture"), st.just("images/pic.png"), st.sampled_from((800, 640, 480)), st.sampled_from((600, 320))
    ),
    st.tuples(
        st.just("picture"),
        st.sampled_from(("images/pic-480.webp", "images/pic-320.webp")),
        st.sampled_from((480, 320)),
        st.just(240),
    ),
    st.sampled_from(
        [
            ("write", "images/pic-480.webp", None),
            ("write", "images/pic-320.webp", None),
            ("replace", "images/dot.svg", 'width="8"', 'width="9"'),
            ("replace", "images/dot.svg", 'width="9"', 'width="8"'),
            ("rename", "images/pic.png", "images/other.png"),
            ("rename", "images/other.png", "images/pic.png"),
        ]
    ),
)

FRONTS = (
    None,
    "en:\n  lead: 2024/05/chip\n",
    "en:\n  pinned: [2024/05/rally, 2024/05/chip]\nzh:\n  lead: 2024/05/jingji\n",
)
TAKEDOWNS = (
    *(None, "- path: 2024/05/chip\n", "- path: en/2024/05/rally\n  until: 2024-06-10\n"),
    *("- title: Up\n", '- url: "https://example.org/*"\n'),
)

the_rest = st.sampled_from(
    [
        *(("write", "taxonomy.yaml", text) for text in TAXONOMIES),
        *(("write", "front.yaml", text) for text in FRONTS),
        *(("write", "takedowns.yaml", text) for text in TAKEDOWNS),
        ("replace", "en/pages/about.md", "title: ", "title: New "),
        ("replace", "en/2024/05/rally.md", "Shares rose", "Shares fell"),
        ("replace", "en/2024/05/rally.md", "title: Shares", "title: Stocks"),
        ("replace", "zh/2024/05/jingji.md", "夜市", "Night fair"),
        ("replace", "en/2024/05/chip.md", "2024-05-03", "2024-04-03"),
        ("replace", "templates/story.html", "</header>", "</header><!-- mark -->"),
        ("replace", "templates/components/story_card.html", "story-card__meta", "story-card__more"),
        ("replace", "templates/components/corrections.html", "<section", "<section data-x"),
        ("replace", "templates/feed.xml", "<id>", "<id><!-- i -->"),
        ("replace", "templates/robots.txt", "Allow", "Allow "),
        ("replace", "translations/zh_Hans/LC_MESSAGES/portal.po", "首页", "主页"),
        ("replace", "translations/zh_Hans/LC_MESSAGES/portal.po", "主页", "首页"),
        ("replace", "static/portal.css", ":root {", ":root  {"),
        ("write", "static/new.css", "a {}"),
        ("write", "static/new.css", None),
    ]
)

settings_and_time = st.sampled_from(
    [
        *(("setting", "STORIES_PER_PAGE", number) for number in (1, 2, 20)),
        *(("setting", "SITEURL", url) for url in ("", "https://x.example", "https://x.example/below")),
        *(("setting", "FILE_LINKS", on) for on in (True, False)),
        *(("setting", "SHOW_DRAFTS", on) for on in (True, True, False)),
        ("setting", "PORTAL_NAME", {"en": "Paper", "zh": "报"}),
        ("setting", "REPOSITORY_URL", "https://code.example/"),
        # Before an embargo ends, after it, in another year, and back again.
        *(("now", day) for day in (int(EPOCH), 1717804800, 1736000000, 1714900000)),
        *(("into", name) for name in ("grown", "other")),
        *(("trust", settled) for settled in (True, False)),
    ]
)

spoils = st.tuples(
    st.just("spoil"),
    st.sampled_from(
        ("en/index.html", "zh/2024/05/chip/index.html", "sitemap.xml", "images/chip.svg", "theme/portal.css")
    ),
    st.sampled_from((None, "by hand")),
)

edits = st.one_of(
    *(stories, stories, stories, products, mentions, statuses, plain_pages, pictures),
    *(the_rest, the_rest, settings_and_time, settings_and_time, spoils),
    st.tuples(
        st.just("append"), st.one_of(paths, of_the_site), st.sampled_from(("More.", "[a](/en/2024/05/rally.md)"))
    ),
    st.tuples(st.just("write"), st.one_of(paths, of_the_site), st.none()),
    st.tuples(st.just("rename"), st.one_of(paths, of_the_site), paths),
)
