"""How right extractors are on the pages of this folder: ``python tests/saved_pages/score.py --tools ours,trafilatura``.

Body: F1 of characters (Chinese) or words (other languages), as multisets, white space and punctuation ignored, captions
left out on both sides; the mean over pages. Other fields: the part of the pages that have an answer. Time is a ratio to
what trafilatura took in the same run.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT)]

from tests.saved_pages import rivals  # noqa: E402, a script finds the project only after the line above
from tests.saved_pages.make import LANGUAGES, NewsPage, make_pages  # noqa: E402

FIELDS = ("body", "title", "date", "author", "source")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a tool says of a page; *body* is text, *seconds* what it took."""

    title: str = ""
    date: str = ""
    authors: tuple[str, ...] = ()
    source: str = ""
    body: str = ""
    lang: str = ""
    seconds: float = 0.0
    refusal: str = ""


# Tools


def ask_ours(pages: Sequence[NewsPage]) -> list[Answer]:
    """plugins.mirror.page.extract, one page after the other."""
    from plugins.mirror.document import Document
    from plugins.mirror.page.extract import extract_page

    answers = []
    for page in pages:
        document = Document(page.name, page.data, page.url or None, "text/html", page.charset)
        start = time.perf_counter()
        found = extract_page(document)
        seconds = time.perf_counter() - start
        article = found.article
        if article is None:
            answers.append(Answer(seconds=seconds, refusal=found.refusal))
            continue
        answers.append(
            Answer(
                title=article.title,
                date=article.date or "",
                authors=article.authors,
                source=article.source.name or "",
                body=without_markdown(article.body),
                lang=article.lang,
                seconds=seconds,
            )
        )
    return answers


def without_markdown(body: str) -> str:
    """Markdown as a reader sees it: pictures gone, links their words, no marks."""
    body = re.sub(r"!\[(?:\\.|[^\]\\])*\]\((?:\\.|[^()\\]|\([^)]*\))*\)", "", body)
    body = re.sub(r"\[((?:\\.|[^\]\\])*)\]\((?:\\.|[^()\\]|\([^)]*\))*\)", r"\1", body)
    body = re.sub(r"(?m)^(?:\d+[.)] |[|\s:-]+$)", "", body)
    return re.sub(r"\\([^\w\s])", r"\1", body)


def ask_rival(tool: str, pages: Sequence[NewsPage], python: str = "") -> list[Answer]:
    """A tool of rivals.py, here or in the process of another Python."""
    if not python:
        rivals.ask(tool, b"<html><title>warm</title><p>warm</p></html>", "https://example.org/")
        return [as_answer(rivals.ask(tool, page.data, page.url)) for page in pages]
    with tempfile.TemporaryDirectory() as folder:
        lines = []
        for number, page in enumerate(pages):
            path = Path(folder) / f"{number}.html"
            path.write_bytes(page.data)
            lines.append(json.dumps({"path": str(path), "url": page.url}))
        script = str(Path(rivals.__file__))
        done = subprocess.run(
            [python, script, tool], input="\n".join(lines), capture_output=True, text=True, encoding="utf-8"
        )
        if done.returncode:
            raise SystemExit(f"{tool} failed: {done.stderr[-2000:]}")
    return [as_answer(json.loads(line)) for line in done.stdout.splitlines()]


def as_answer(found: dict) -> Answer:
    """A rival's answer in our form."""
    authors = tuple(name.strip() for name in found.get("authors") or () if name and name.strip())
    return Answer(
        title=found.get("title") or "",
        date=str(found.get("date") or "")[:10].replace("/", "-"),
        authors=authors,
        source=found.get("source") or "",
        body=found.get("body") or "",
        seconds=found["seconds"],
        refusal=found.get("error") or "",
    )


# Measures


def tokens(text: str, lang: str) -> list[str]:
    """What is compared of a body: characters of Chinese, words of other languages; compatible forms are one."""
    text = unicodedata.normalize("NFKC", text)
    if lang == "zh":
        return [char for char in text if char.isalnum()]
    return re.findall(r"\w+", text.lower())


def f1(expected: Sequence[str], actual: Sequence[str]) -> float:
    """Harmonic mean of precision and recall of two multisets."""
    if not expected or not actual:
        return 0.0
    common = (Counter(expected) & Counter(actual)).total()
    return 2 * common / (len(expected) + len(actual))


def without_captions(found: list[str], captions: Iterable[str], lang: str) -> list[str]:
    """Tokens without those of the captions that stand in them, once each."""
    glue = "" if lang == "zh" else " "
    text = glue.join(found)
    for caption in captions:
        needle = glue.join(tokens(caption, lang))
        if needle:
            text = text.replace(needle, glue, 1)
    return list(text) if lang == "zh" else text.split()


def plain(text: str) -> str:
    """A title or name for comparing: one form for full and half width, white space of one kind; of Chinese none."""
    text = " ".join(unicodedata.normalize("NFKC", text).replace("\u200b", "").split())
    return re.sub(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])", "", text)


@dataclass(frozen=True, slots=True)
class Score:
    """What an answer is worth, field by field, 0 to 1; None where the page has no answer for the field."""

    page: NewsPage
    answer: Answer
    body: float
    title: float
    date: float | None
    author: float | None
    source: float | None


def score_page(page: NewsPage, answer: Answer) -> Score:
    """Compare one answer with what is right."""
    right = page.expected
    found = without_captions(tokens(answer.body, right.lang), right.captions, right.lang)
    names = {plain(name).casefold() for name in answer.authors}
    return Score(
        page,
        answer,
        body=f1(tokens(right.body, right.lang), found),
        title=float(plain(right.title) == plain(answer.title)),
        date=float(right.date == answer.date[:10]) if right.date else None,
        author=float(any(plain(name).casefold() in names for name in right.authors)) if right.authors else None,
        source=float(plain(right.source).casefold() == plain(answer.source).casefold()) if right.source else None,
    )


def mean(values: Iterable[float | None]) -> float:
    """Mean of those that count; 1 when none does."""
    counted = [value for value in values if value is not None]
    return sum(counted) / len(counted) if counted else 1.0


def measure(tool: Callable[[Sequence[NewsPage]], list[Answer]], pages: Sequence[NewsPage]) -> list[Score]:
    """The scores of a tool, page by page."""
    return [score_page(page, answer) for page, answer in zip(pages, tool(pages), strict=True)]


def summary(scores: Sequence[Score]) -> dict[str, float]:
    """The mean of each field, and ``short``: the body of short articles."""
    means = {field: mean(getattr(score, field) for score in scores) for field in FIELDS}
    return means | {"short": mean(score.body for score in scores if score.page.expected.short)}


# Reports


def print_table(lang: str, results: dict[str, list[Score]]) -> None:
    """One line per tool."""
    columns = ("body", "short", "title", "date", "author", "source")
    count = len(next(iter(results.values())))
    print(f"\n{lang}, {count} pages " + "".join(f"{column:>9}" for column in columns) + "     time")
    base = sum(score.answer.seconds for score in results.get("trafilatura", ()))
    for tool, scores in results.items():
        means = summary(scores)
        ratio = sum(score.answer.seconds for score in scores) / base if base else 0
        cells = "".join(f"{means[column]:9.3f}" for column in columns)
        print(f"{tool:<{len(lang) + len(str(count)) + 8}} {cells}" + (f"{ratio:8.2f}×" if ratio else ""))


def print_layouts(tool: str, scores: Sequence[Score]) -> None:
    """The mean of each field for each layout that has a fault, the worst first."""
    groups: dict[str, list[Score]] = {}
    for score in scores:
        groups.setdefault(score.page.name.partition("--")[0], []).append(score)
    rows = sorted(((summary(group), name) for name, group in groups.items()), key=lambda row: sum(row[0].values()))
    print(f"\n{tool}, by layout        " + "".join(f"{field:>8}" for field in FIELDS))
    for means, name in rows:
        if min(means.values()) < 0.98:
            print(f"{name:<32}" + "".join(f"{means[field]:8.2f}" for field in FIELDS))


def print_worst(tool: str, scores: Sequence[Score], field: str, count: int) -> None:
    """The pages on which a tool did worst in *field*, with what it said and what is right."""
    bad = sorted((score for score in scores if getattr(score, field) is not None), key=lambda s: getattr(s, field))
    bad = [score for score in bad if getattr(score, field) < (0.98 if field == "body" else 1)]
    print(f"\n{tool}, {field}: {len(bad)} pages with faults, the worst {min(count, len(bad))}")
    for score in bad[:count]:
        right, answer = score.page.expected, score.answer
        print(f"  {getattr(score, field):.2f} {score.page.name}  {score.page.url}  {answer.refusal}")
        if field == "body":
            wanted, found = tokens(right.body, right.lang), tokens(answer.body, right.lang)
            print(f"       {len(wanted)} tokens expected, {len(found)} found")
            print("       missing: ", excess(wanted, found, right.lang))
            print("       too much:", excess(found, wanted, right.lang))
        else:
            name = "authors" if field == "author" else field
            print(f"       expected {getattr(right, name)!r}\n       actual   {getattr(answer, name)!r}")


def excess(some: Sequence[str], others: Sequence[str], lang: str) -> str:
    """The first runs of *some* that *others* lack, shortened."""
    glue = "" if lang == "zh" else " "
    size = 8 if lang == "zh" else 4
    there = {tuple(others[at : at + size]) for at in range(len(others) - size + 1)}
    covered = [False] * len(some)
    for at in range(len(some) - size + 1):
        if tuple(some[at : at + size]) in there:
            covered[at : at + size] = [True] * size
    words = [" … " if flag else token for token, flag in zip(some, covered, strict=True)]
    return re.sub(r"(?:\s*…\s*)+", " … ", glue.join(words))[:240]


def main() -> None:
    """Score tools and print tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lang", choices=LANGUAGES, help="one language only")
    parser.add_argument("--tools", default="ours,trafilatura")
    parser.add_argument("--rivals", metavar="PYTHON", default="", help="a Python with readability, gne and newspaper4k")
    parser.add_argument("--every", type=int, default=1, help="every so many pages only")
    parser.add_argument("--only", default="", help="pages with this in their names only")
    parser.add_argument("--layouts", action="store_true", help="show which layouts cost most")
    parser.add_argument("--worst", type=int, default=0, help="show so many pages with faults")
    parser.add_argument("--field", choices=FIELDS, default="body", help="in which field; with --worst")
    options = parser.parse_args()
    tools = options.tools.split(",")
    if options.rivals:
        tools += [tool for tool in rivals.TOOLS if tool not in tools]
    for lang in [options.lang] if options.lang else LANGUAGES:
        pages = [page for page in make_pages([lang], options.every) if options.only in page.name]
        if not pages:
            continue
        results = {}
        for tool in tools:
            python = "" if tool == "trafilatura" else options.rivals

            def ask(pages: Sequence[NewsPage], tool: str = tool, python: str = python) -> list[Answer]:
                return ask_ours(pages) if tool == "ours" else ask_rival(tool, pages, python)

            results[tool] = measure(ask, pages)
        print_table(lang, results)
        if options.layouts:
            print_layouts(tools[0], results[tools[0]])
        if options.worst:
            print_worst(tools[0], results[tools[0]], options.field, options.worst)


if __name__ == "__main__":
    main()
