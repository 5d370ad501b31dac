"""Pages with known answers: texts of our own in layouts as portals have them (README.md says how).

``python tests/saved_pages/make.py OUT`` writes them, and OUT/expected.jsonl; scorer and tests make them in memory.
"""

from __future__ import annotations

import argparse
import html
import json
import random
import re
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta, timezone
from functools import cache
from pathlib import Path

import jinja2
import yaml
from markupsafe import Markup

HERE = Path(__file__).resolve().parent
LANGUAGES = ("zh", "en")
SHORT_TEXTS, OTHER_TEXTS = 2, 3
"""How many short and other texts each layout gets."""

SHORT = {"zh": 400, "en": 200}
"""Texts below so many 汉字 or words are short."""

HAN = re.compile(r"[\u3400-\u9fff]")
ZERO_WIDTH = "\u200b"


@dataclass(frozen=True, slots=True)
class Block:
    """A block of a text: paragraph, subhead, list, quote, table, figure or credit, and its lines in the file."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Story:
    """A text, as layouts see it; what its front matter lacks is empty."""

    slug: str
    lang: str
    title: str
    date: datetime
    blocks: tuple[Block, ...]
    kicker: str = ""
    subtitle: str = ""
    authors: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    editor: str = ""
    source: str = ""
    section: str = ""
    traditional: bool = False
    keywords: tuple[str, ...] = ()
    summary: str = ""

    @property
    def size(self) -> int:
        """汉字 of a Chinese text, words of another."""
        text = " ".join(body_lines(self.blocks))
        return len(HAN.findall(text)) if self.lang == "zh" else len(text.split())

    @property
    def short(self) -> bool:
        """Whether it is counted among the short articles too."""
        return self.size < SHORT[self.lang]

    @property
    def epoch(self) -> int:
        """Seconds since 1970 of its moment, which is in the portal's time zone."""
        zone = timezone(timedelta(hours=8 if self.lang == "zh" else 0))
        return int(self.date.replace(tzinfo=zone).timestamp())

    @property
    def quoted(self) -> bool:
        """Whether its title has quotation marks, which break attributes."""
        return any(mark in self.title for mark in '“”"')

    @property
    def late(self) -> bool:
        """Whether it came out in the evening, when the day of another time zone is another day."""
        return self.date.hour >= 20

    @property
    def several(self) -> bool:
        """Whether it has more than one author."""
        return len(self.authors) > 1

    @property
    def captions(self) -> tuple[str, ...]:
        """The words below its pictures."""
        return tuple(figure_parts(block.text)[2] for block in self.blocks if block.kind == "figure")


@dataclass(frozen=True, slots=True)
class Expected:
    """What is right for a page; None or empty where the page does not say."""

    title: str
    lang: str
    date: str | None
    authors: tuple[str, ...]
    source: str | None
    body: str
    captions: tuple[str, ...]
    short: bool


@dataclass(frozen=True, slots=True)
class NewsPage:
    """One page of the set: its bytes and their encoding, its address and what the server said of its encoding."""

    name: str
    data: bytes
    encoding: str
    url: str
    charset: str
    expected: Expected


# Texts


def read_story(path: Path) -> Story:
    """One text of ``texts/``."""
    _, front, text = path.read_text(encoding="utf-8").split("---\n", 2)
    fields = yaml.safe_load(front)
    moment = fields.pop("date")
    for name in ("authors", "named", "keywords"):
        fields[name] = tuple(fields.get(name) or ())
    return Story(
        slug=path.stem,
        lang=path.parent.parent.name,
        date=datetime.fromisoformat(str(moment)),
        blocks=tuple(read_blocks(text)),
        **fields,
    )


MARKS = {"## ": "subhead", "@ ": "credit", "- ": "list", "> ": "quote", "| ": "table", "![": "figure"}


def read_blocks(text: str) -> Iterator[Block]:
    """Blocks of the small Markdown of a text; neighbouring lines of a list, quotation or table are one block."""
    kind, lines = "", []
    for line in [*text.splitlines(), ""]:
        found = next((kind for mark, kind in MARKS.items() if line.startswith(mark)), "paragraph" if line else "")
        if lines and (found != kind or kind not in ("list", "quote", "table")):
            yield Block(kind, "\n".join(lines))
            lines = []
        kind = found
        if line:
            lines.append(line)


def figure_parts(text: str) -> tuple[str, str, str]:
    """Alternative text, file and caption of ``![alt](src "caption")``."""
    found = re.fullmatch(r'!\[(.*?)\]\((\S+?)(?: "(.*)")?\)', text)
    assert found, text
    return found[1], found[2], found[3] or ""


def cells(text: str) -> list[list[str]]:
    """Rows of a table; the line of dashes below its head is none."""
    rows = [[cell.strip() for cell in line.strip("| ").split("|")] for line in text.splitlines()]
    return [row for row in rows if not all(set(cell) <= set("-:") for cell in row)]


def visible(block: Block) -> str:
    """A block as a reader sees it, without marks; of a figure its caption."""
    match block.kind:
        case "figure":
            return figure_parts(block.text)[2]
        case "table":
            text = "\n".join(" ".join(row) for row in cells(block.text))
        case "list" | "quote":
            text = "\n".join(line[2:] for line in block.text.splitlines())
        case _:
            text = block.text.removeprefix("## ").removeprefix("@ ")
    return re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text.replace("**", ""))


# Bodies: how portals mark up the blocks of a text


def inline(text: str, mangle: str = "") -> str:
    """A line as HTML, with its bold words and links; *mangle* is what a content system did to it."""
    text = MANGLES[mangle](text)
    text = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", html.escape(text, quote=False))
    return re.sub(r"\[([^\]]*)\]\(([^)]*)\)", r'<a href="\2" target="_blank">\1</a>', text)


def sprinkle(text: str) -> str:
    """The text with a zero-width space after every seventh character."""
    return "".join(char + ZERO_WIDTH if number % 7 == 6 else char for number, char in enumerate(text))


MANGLES: dict[str, Callable[[str], str]] = {
    "": str,
    "zero-width": sprinkle,
    "full-width": lambda text: text.translate({ord("0") + digit: ord("０") + digit for digit in range(10)}),
    "nbsp": lambda text: text.replace("，", "，\u00a0").replace(" ", "\u00a0"),
}


def word_spans(line: str) -> str:
    """A line as pasted from Word: a span for each run of one script."""
    runs = re.split(r"(<[^>]*>|&\w+;|[0-9A-Za-z.,%-]+)", line)
    font = '<span style="font-size:12.0pt;font-family:宋体;mso-ascii-font-family:Calibri">{}</span>'
    latin = '<span lang="EN-US" style="font-size:12.0pt;mso-bidi-font-family:&quot;Times New Roman&quot;">{}</span>'
    spans = []
    for number, run in enumerate(runs):
        if run.startswith(("<", "&")) or not run:
            spans.append(run)
        else:
            spans.append((latin if number % 2 else font).format(run))
    return "".join(spans)


SHAPES: dict[str, Callable[[str, str], str]] = {
    "p": lambda line, attrs: f"<p{attrs}>{line}</p>",
    "div": lambda line, attrs: f"<div{attrs}>{line}</div>",
    "br": lambda line, attrs: f"{line}<br>",
    "brbr": lambda line, attrs: f"{line}<br><br>",
    "brslash": lambda line, attrs: f"{line}<br/>\r\n<br/>",
    "unclosed": lambda line, attrs: f"<p{attrs}>{line}",
    "nested": lambda line, attrs: f"<p{attrs}><p>{line}</p></p>",
    "word": lambda line, attrs: f'<p class="MsoNormal"{attrs}>{word_spans(line)}<o:p></o:p></p>',
    "section": lambda line, attrs: (
        f'<section style="margin:0 8px;line-height:1.75em"><span style="font-size:15px;color:#333">{line}</span>'
        "</section><section><br></section>"
    ),
    "font": lambda line, attrs: f'<p{attrs}><font size="3" face="宋体">{line}</font></p>',
    "span": lambda line, attrs: f'<p{attrs}><span style="font-size:16px"><span>{line}</span></span></p>',
}

SUBHEADS: dict[str, Callable[[str], str | None]] = {
    "plain": lambda line: None,
    "strong": lambda line: f"<strong>{line}</strong>",
    "strong-centre": lambda line: f'<span style="text-align:center"><b>{line}</b></span>',
    "h2": lambda line: f"<h2>{line}</h2>",
    "h3": lambda line: f"<h3>{line}</h3>",
    "h4": lambda line: f"<h4>{line}</h4>",
}

FIGURES: dict[str, str] = {
    "figure": '<figure><img src="{src}" alt="{alt}"><figcaption>{caption}</figcaption></figure>',
    "centre": '<p align="center"><img src="{src}" alt="{alt}" border="0"></p><p align="center"><font '
    'color="#000066">{caption}</font></p>',
    "pictext": '<div class="pic"><img src="{src}" alt="{alt}"><div class="pictext">{caption}</div></div>',
    "table": '<table align="center" width="500"><tr><td><img src="{src}" alt="{alt}"></td></tr><tr><td '
    'class="pictitle">{caption}</td></tr></table>',
    "lazy": '<p style="text-align:center"><img src="/static/blank.gif" data-src="{src}" alt="{alt}"><br><span '
    'style="color:#888;font-size:14px">{caption}</span></p>',
    "wp": '<div class="wp-caption aligncenter" style="width: 610px"><img class="size-large" src="{src}" alt="{alt}">'
    '<p class="wp-caption-text">{caption}</p></div>',
    "span": '<div class="inline-image"><img src="{src}" alt="{alt}" data-srcset="{src} 640w"><span class="caption">'
    '{caption}</span><span class="credit">Handout</span></div>',
    "none": "",
}


CALLS = (
    "body headlines headlines_text channels comments ads number pick json plain_body html_body jsonld "
    "when by teasers paragraphs"
)


class PageMaker:
    """What a layout can call, for one page; it remembers what of the body was printed."""

    def __init__(self, story: Story, name: str, words: dict[str, list[str]]) -> None:
        self.story, self.words = story, words
        self.random = random.Random(zlib.crc32(name.encode()))
        self.shown = story.blocks
        self.tail = ""

    def names(self) -> dict[str, object]:
        """The names that a layout sees."""
        return {call: getattr(self, call) for call in CALLS.split()} | {
            "story": self.story,
            "names": self.people,
            "blocks": [{"kind": block.kind, "text": visible(block)} for block in self.story.blocks],
        }

    @property
    def printed_body(self) -> str:
        """The text that a reader of the page can read."""
        return "\n".join(body_lines(self.shown)) + self.tail

    def prints(self, name: str) -> bool:
        """Whether somebody is named in what was printed of the text."""
        return any(name in visible(block) for block in self.shown if block.kind != "figure")

    def body(
        self,
        shape: str = "p",
        *,
        indent: str = "",
        attrs: str = "",
        subhead: str = "strong",
        figure: str = "figure",
        inserts: dict[int | str, str] | None = None,
        pages: tuple[int, int] = (1, 1),
        tail: str = "",
        mangle: str = "",
        tagged: bool = False,
        join: str = "\n",
        quote: str = "blockquote",
    ) -> Markup:
        """The text as HTML; README.md explains the options."""
        page, of = pages
        blocks = self.story.blocks
        blocks = blocks[len(blocks) * (page - 1) // of : len(blocks) * page // of]
        wrap = SHAPES[shape]
        parts: list[str] = []
        for number, block in enumerate(blocks, 1):
            line = indent + inline(visible(block) if block.kind != "paragraph" else block.text, mangle)
            if tail and number == len(blocks):
                line += html.escape(tail)
            match block.kind:
                case "paragraph" | "credit":
                    parts.append(wrap(line, attrs))
                case "subhead":
                    marked = SUBHEADS[subhead](line) or line
                    parts.append(marked if marked.startswith("<h") else wrap(marked, attrs))
                case "figure":
                    alt, src, caption = map(html.escape, figure_parts(block.text))
                    parts.append(FIGURES[figure].format(alt=alt, src="/images/" + src, caption=caption))
                case "list" if shape.startswith("br"):
                    parts += [wrap(indent + inline("· " + item, mangle), "") for item in visible(block).split("\n")]
                case "list":
                    items = "".join(f"<li>{inline(item, mangle)}</li>" for item in visible(block).split("\n"))
                    parts.append(f"<ul>{items}</ul>")
                case "quote" if quote == "blockquote" and not shape.startswith("br"):
                    parts.append("<blockquote>" + wrap(line.replace("\n", "<br>"), "") + "</blockquote>")
                case "quote":
                    parts.append(wrap(line.replace("\n", "<br>"), attrs))
                case "table":
                    rows = ("".join(f"<td>{inline(cell, mangle)}</td>" for cell in row) for row in cells(block.text))
                    parts.append('<table border="1">' + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>")
            parts += [text for place, text in (inserts or {}).items() if place in places(number, len(blocks))]
        self.shown, self.tail = blocks, tail
        page_text = join.join(part for part in parts if part)
        if tagged and self.story.keywords:
            word = self.story.keywords[0]
            page_text = page_text.replace(word, f'<a href="/tag/{word}" class="keyword">{word}</a>', 2)
        return Markup(page_text)

    def plain_body(self) -> str:
        """The text without markup, a line each."""
        return "\n".join(body_lines(self.story.blocks))

    def html_body(self) -> str:
        """The text as plain paragraphs, for a script."""
        return str(self.body("p", figure="none"))

    def headlines(self, count: int, cls: str = "", dates: bool = False, target: str = "") -> Markup:
        """List items that link to other stories, with days of the same year when *dates*."""
        attrs = f' class="{cls}"' if cls else ""
        target = f' target="{target}"' if target else ""
        items = []
        for title in self.headlines_text(count):
            month, day = self.random.randint(1, 12), self.random.randint(1, 28)
            when = f"<span>{self.story.date.year}-{month:02}-{day:02}</span>" if dates else ""
            address = f"/{self.story.date.year}/{month:02}{day:02}/{self.random.randint(10**5, 10**7)}.shtml"
            items.append(f'<li{attrs}><a href="{address}"{target}>{html.escape(title)}</a>{when}</li>')
        return Markup("\n".join(items))

    def headlines_text(self, count: int) -> list[str]:
        """Titles of other stories."""
        return [self.words["headlines"][index % len(self.words["headlines"])] for index in self.shuffled(count)]

    def shuffled(self, count: int) -> list[int]:
        """So many numbers in an order of this page's own."""
        start, step = self.random.randint(0, 10**6), self.random.choice([1, 7, 11, 13])
        return [start + step * number for number in range(count)]

    def channels(self, count: int, between: str = "\n") -> Markup:
        """Links of a menu."""
        names = (self.words["channels"] * (count // len(self.words["channels"]) + 1))[:count]
        return Markup(between.join(f'<a href="/channel/{number}/">{name}</a>' for number, name in enumerate(names)))

    def comments(self, count: int, tag: str = "div") -> Markup:
        """What readers say below a story."""
        return Markup(
            "\n".join(
                f'<{tag} class="cmt"><b>{self.pick(self.words["readers"])}</b> '
                f"<i>{self.number(1, 23)}:{self.number(10, 59)}</i><p>{self.pick(self.words['comments'])}</p></{tag}>"
                for _ in range(count)
            )
        )

    def ads(self, count: int = 1) -> Markup:
        """Words of advertisements, each in a div."""
        return Markup("\n".join(f'<div class="gg">{self.pick(self.words["ads"])}</div>' for _ in range(count)))

    def when(self, form: str, hours: int = 0) -> str:
        """The story's moment, so many *hours* later: strftime, and {day}, {month}, {hour} without leading zeros."""
        moment = self.story.date + timedelta(hours=hours)
        return moment.strftime(form).format(day=moment.day, month=moment.month, hour=moment.hour % 12 or 12)

    def by(self, last: str = " and ", between: str = ", ") -> str:
        """The authors in a row: ``Ann Lee, Bo Day and Cy Fox``."""
        *others, end = self.story.authors or ("",)
        return last.join(filter(None, [between.join(others), end]))

    def teasers(self, count: int, tag: str = "div") -> Markup:
        """Other stories with heading, day and first sentence, as lists of related articles have them."""
        parts = []
        for title in self.headlines_text(count):
            day = self.story.date - timedelta(days=self.random.randint(1, 400))
            parts.append(
                f'<{tag} class="teaser"><h3><a href="/{day:%Y/%m/%d}/{self.random.randint(10**5, 10**7)}">'
                f'{html.escape(title)}</a></h3><time datetime="{day:%Y-%m-%d}">{day:%b} {day.day}, {day.year}</time>'
                f"<p>{html.escape(self.pick(self.words['paragraphs']))}</p></{tag}>"
            )
        return Markup("\n".join(parts))

    def paragraphs(self, count: int, attrs: str = "") -> Markup:
        """Paragraphs of another story."""
        lines = (self.words["paragraphs"][index % len(self.words["paragraphs"])] for index in self.shuffled(count))
        return Markup("\n".join(f"<p{attrs}>{html.escape(line)}</p>" for line in lines))

    def people(self, count: int = 1) -> list[str]:
        """Names of people who did not write the story."""
        return [self.pick(self.words["names"]) for _ in range(count)]

    def number(self, low: int, high: int) -> int:
        """A number, the same on every run."""
        return self.random.randint(low, high)

    def pick(self, values: Sequence[str]) -> str:
        """One of *values*, the same on every run."""
        return self.random.choice(list(values))

    def json(self, value: object, ascii: bool = False) -> Markup:
        """JSON for a script element."""
        return Markup(json.dumps(value, ensure_ascii=ascii).replace("</", "<\\/"))

    def jsonld(self, type: str = "NewsArticle", **more: object) -> Markup:
        """A script of schema.org's article: headline, moment, authors, publisher."""
        zone = "+08:00" if self.story.lang == "zh" else "+00:00"
        data = {
            "@context": "https://schema.org",
            "@type": type,
            "headline": self.story.title,
            "datePublished": self.story.date.isoformat() + zone,
            "author": [{"@type": "Person", "name": name} for name in self.story.authors],
            "description": self.story.summary,
        } | more
        return Markup('<script type="application/ld+json">') + self.json(data) + Markup("</script>")


def body_lines(blocks: Sequence[Block]) -> list[str]:
    """The text of blocks, without figures and lines of credit."""
    return [visible(block) for block in blocks if block.kind not in ("figure", "credit")]


def places(number: int, count: int) -> set[int | str]:
    """What the place after block *number* of *count* is called."""
    found: set[int | str] = {number}
    if number == max(1, count // 2):
        found.add("middle")
    if number == count:
        found.add(-1)
    return found


# Layouts


@dataclass(frozen=True, slots=True)
class Layout:
    """A page of ``layouts/``, without its comment; README.md says what the fields mean."""

    name: str
    lang: str
    template: str
    charset: str = "utf-8"
    address: str = ""
    shows: tuple[str, ...] = ("date",)
    at_most: int = 10**6
    at_least: int = 0
    needs: tuple[str, ...] = ()
    http_charset: str = ""

    def fits(self, story: Story) -> bool:
        """Whether this portal prints such a story; traditional characters are printed by portals of their own."""
        if story.traditional != ("traditional" in self.needs):
            return False
        return self.at_least <= story.size <= self.at_most and all(getattr(story, need) for need in self.needs)


def read_layout(path: Path) -> Layout:
    """One layout of ``layouts/``."""
    comment, template = path.read_text(encoding="utf-8").removeprefix("{#\n").split("#}\n", 1)
    fields = yaml.safe_load(comment)
    for name in ("shows", "needs"):
        fields[name] = tuple(fields.get(name) or ())
    return Layout(name=path.stem, lang=path.parent.parent.name, template=template, **fields)


@cache
def environment() -> jinja2.Environment:
    """Templates that escape what is not marked as HTML; undefined names are errors."""
    return jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, extensions=["jinja2.ext.do"])


NAME = re.compile(r"""(<[a-zA-Z][^<>]*?\s(?:class|id)=)("[^"]*"|'[^']*'|[^\s>"']+)""")


def rename(page: str) -> str:
    """The page with other words for its classes and identifiers: what is found must not hang on them alone."""

    def replaced(found: re.Match[str]) -> str:
        names = found[2].strip("\"'").split()
        return found[1] + '"' + " ".join(f"x{zlib.crc32(name.encode()):x}" for name in names) + '"'

    for _ in range(2):  # a tag with both a class and an identifier needs two passes; a renamed name stays renamed
        page = NAME.sub(lambda found: found[0] if RENAMED.fullmatch(found[2]) else replaced(found), page)
    return page


RENAMED = re.compile(r'"(?:x[0-9a-f]+ ?)*"')


def choose_stories(layout: Layout, stories: Sequence[Story]) -> list[Story]:
    """Some short texts and some others for a layout: always the same, whatever other layouts there are."""
    fitting = sorted(
        (story for story in stories if layout.fits(story)),
        key=lambda story: zlib.crc32(f"{layout.name} {story.slug}".encode()),
    )
    short = [story for story in fitting if story.short]
    longer = [story for story in fitting if not story.short]
    return short[:SHORT_TEXTS] + (longer + short[SHORT_TEXTS:])[:OTHER_TEXTS]


def make_page(layout: Layout, story: Story, words: dict[str, list[str]], renamed: bool = False) -> NewsPage:
    """One text in one layout; *renamed*: under other class names."""
    name = f"{layout.lang}/{layout.name}--{story.slug}{'-renamed' * renamed}.html"
    maker = PageMaker(story, name, words)
    page = environment().from_string(layout.template).render(maker.names())
    shown = layout.shows
    if renamed:
        page = rename(page)
    named = tuple(name for name in story.named if maker.prints(name))
    expected = Expected(
        title=story.title,
        lang=story.lang,
        date=f"{story.date:%Y-%m-%d}" if "date" in shown else None,
        authors=tuple(dict.fromkeys((story.authors if "authors" in shown else ()) + named)),
        source=(story.source or None) if "source" in shown else None,
        body=maker.printed_body,
        captions=story.captions,
        short=story.short,
    )
    number = zlib.crc32(name.encode()) % 10**7
    return NewsPage(
        name=name,
        data=page.encode(layout.charset, errors="xmlcharrefreplace"),
        encoding=layout.charset,
        url=layout.address.format(date=story.date, number=number, slug=story.slug),
        charset=layout.http_charset,
        expected=expected,
    )


def make_pages(languages: Sequence[str] = LANGUAGES, every: int = 1) -> list[NewsPage]:
    """All pages, or every so many of them; texts, layouts and words are read anew.

    Returns: pages in the order of their names.
    """
    pages = []
    for lang in languages:
        if not (HERE / lang / "words.yaml").exists():
            continue
        stories = [read_story(path) for path in sorted((HERE / lang / "texts").glob("*.md"))]
        words = yaml.safe_load((HERE / lang / "words.yaml").read_text(encoding="utf-8"))
        for path in sorted((HERE / lang / "layouts").glob("*.html")):
            layout = read_layout(path)
            chosen = choose_stories(layout, stories)
            hidden = zlib.crc32(layout.name.encode()) % 2 * (len(chosen) - 1)
            pages += [make_page(layout, story, words, number == hidden) for number, story in enumerate(chosen)]
    return sorted(pages, key=lambda page: page.name)[::every]


def main() -> None:
    """Write the pages and their answers into a folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    out = parser.parse_args().out
    pages = make_pages()
    with_answers = []
    for page in pages:
        path = out / page.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(page.data)
        answer = {"input": page.name, "url": page.url, "charset": page.charset, "expected": asdict(page.expected)}
        with_answers.append(json.dumps(answer, ensure_ascii=False))
    (out / "expected.jsonl").write_text("\n".join(with_answers) + "\n", encoding="utf-8")
    print(f"{len(pages)} pages in {out}")


if __name__ == "__main__":
    main()
