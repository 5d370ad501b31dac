"""Everything that editors and developers do with the portal: ``invoke --list``."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from invoke import Context, Exit, task

ROOT = Path(__file__).resolve().parent
CONTENT = ROOT / "content"
OUTPUT = ROOT / "output"
VOLATILE_HEADERS = tuple(
    f'"{name}:'
    for name in (
        *("Project-Id-Version", "Report-Msgid-Bugs-To", "POT-Creation-Date", "PO-Revision-Date"),
        *("Last-Translator", "Language-Team", "Generated-By"),
    )
)
LOCKS = {"requirements.lock": [], "requirements-dev.lock": ["--extra", "dev"]}


def _run(command: list[str], **environment: str) -> None:
    """Run *command* from the root; its failure is ours, without a traceback."""
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, check=False)
    if done.returncode:
        raise Exit(code=done.returncode)


def _build(output: Path, settings: str = "pelicanconf.py", **overrides: object) -> None:
    from plugins.command import build_command

    _run(build_command(output, overrides, settings))


@task(
    help={
        "publish": "with publishconf.py; the address of the portal is taken from SITEURL",
        "out": "output folder",
        "explain": "a page, by its address or its file: say why it was rendered or not",
    }
)
def build(_: Context, publish: bool = False, out: str = "", explain: str = "") -> None:
    """Build into output/; with problems the last good one stays."""
    output = Path(out).resolve() if out else OUTPUT
    overrides = {"EXPLAIN": explain} if explain else {}
    _build(output, "publishconf.py" if publish else "pelicanconf.py", **overrides)
    print(f"Built {output}.")


@task(help={"port": "of 127.0.0.1"})
def preview(_: Context, port: int = 8000) -> None:
    """Serve with drafts and embargoed stories, and show every save."""
    from plugins.preview.__main__ import main

    raise Exit(code=main(["--port", str(port)]))


@task(
    iterable=["source"],
    help={
        "source": "page, feed, sitemap, archive, dump, folder or address, repeatable; else what sources.yaml lists",
        "into": "else content/",
        "rights": "what may be kept of a source that is not listed: full, excerpt or none",
        "force": "take the source's form where an editor's change conflicts with it",
        "fetch": "fetch what feeds and sitemaps on the disk name",
        "allow_local": "ask private and loopback addresses, too",
        "rate": "requests per second and host, for a source that is not listed",
        "limit": "articles of a source at most",
        "contact": "who runs this; named to the portals",
        "sources": "file that lists the portals; else sources.yaml",
        "report": "file for what became of each address, as JSON",
        "pairs": "propose which stories are versions of each other",
    },
)
def mirror(
    _: Context,
    source: list[str],
    into: str = "",
    rights: str = "",
    force: bool = False,
    fetch: bool = False,
    allow_local: bool = False,
    rate: str = "",
    limit: str = "",
    contact: str = "",
    sources: str = "",
    report: str = "",
    pairs: bool = False,
) -> None:
    """Pull articles of mirrored portals into content/."""
    options = [
        *(["--rights", rights] if rights else []),
        *(["--rate", rate] if rate else []),
        *(["--limit", limit] if limit else []),
        *(["--contact", contact] if contact else []),
        *(["--sources", str(Path(sources).resolve())] if sources else []),
        *(["--force"] if force else []),
        *(["--fetch"] if fetch else []),
        *(["--allow-local"] if allow_local else []),
        *(["--report", str(Path(report).resolve())] if report else []),
        *(["--pairs"] if pairs else []),
    ]
    _pull(source, Path(into).resolve() if into else CONTENT, options)


@task(
    iterable=["source"],
    help={
        "source": "page, feed, archive, dump, folder or address, repeatable",
        "out": "folder to keep the stories and the site in; else they are temporary",
        "port": "of 127.0.0.1",
        "serve": "or only build",
    },
)
def demo(_: Context, source: list[str], out: str = "", port: int = 8000, serve: bool = True) -> None:
    """Show a portal made of pages or dumps; content/ is not touched."""
    if not source:
        raise Exit("Name a page or a dump of one: invoke demo --source page.html", code=2)
    with tempfile.TemporaryDirectory(prefix="duikai-demo-") as temporary:
        folder = Path(out or temporary).resolve()
        content, output = folder / "content", folder / "output"
        # A portal needs its taxonomy and its plain pages; the stories are what the sources bring.
        content.mkdir(parents=True, exist_ok=True)
        shutil.copy(CONTENT / "taxonomy.yaml", content)
        for language in ("en", "zh"):
            shutil.copytree(CONTENT / language / "pages", content / language / "pages", dirs_exist_ok=True)
        _pull(source, content)
        # A story without a date is a draft until an editor has found it; here it is shown all the same.
        _build(output, PATH=str(content), CACHE_PATH=str(folder / "cache"), SHOW_DRAFTS=True)
        print(f"Built {output}.", flush=True)
        if serve:
            print(f"Serving http://127.0.0.1:{port}/ – stop with Ctrl+C.", flush=True)
            _run([sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1", "--directory", str(output)])


def _pull(sources: list[str], into: Path, options: Sequence[str] = ()) -> None:
    places = [source if "://" in source else str(Path(source).resolve()) for source in sources]
    _run([sys.executable, "-m", "plugins.mirror", "pull", *places, "--into", str(into), *options])


@task(
    help={
        "title": "of the story",
        "category": "id of a section in content/taxonomy.yaml",
        "lang": "language of the title: en or zh",
        "slug": "last part of the address; made from the title when not given",
    }
)
def new(_: Context, title: str, category: str, lang: str = "en", slug: str = "") -> None:
    """Start a story: a draft in the folder of this month."""
    from plugins.desk.drafts import new_story
    from plugins.languages import LANGUAGES

    if lang not in LANGUAGES:
        raise Exit(f"{lang} is not a language of the portal; choose {' or '.join(LANGUAGES)}.", code=2)
    print(new_story(CONTENT, title, LANGUAGES[lang], category, datetime.now(_zone()), slug).relative_to(ROOT))


@task(positional=["file"], help={"file": "the story to translate"})
def translate(_: Context, file: str) -> None:
    """Start the other version of a story, a draft to fill in."""
    from plugins.desk.drafts import start_translation

    written = start_translation(Path(file), CONTENT)
    for path in written:
        print(path.relative_to(ROOT))
    if not written:
        print("All versions exist.")


@task
def status(_: Context) -> None:
    """Show what is untranslated, waiting, outdated or broken."""
    from plugins.desk.status import describe, status_of

    print(describe(status_of(CONTENT, _zone(), datetime.now(_zone()))))


@task(help={"folder": "a built site", "root": "absolute address it is published under"})
def check(_: Context, folder: str = "output", root: str = "") -> None:
    """Audit a built site: links, languages, headings, feeds."""
    _run([sys.executable, "-m", "plugins.audit", folder, *(["--root", root] if root else [])])


@task
def messages(_: Context) -> None:
    """Collect the interface words and bring the catalogues up to date."""
    babel = [sys.executable, "-m", "babel.messages.frontend", "-q"]
    folder = ROOT / "theme" / "translations"
    template = folder / "portal.pot"
    keywords = [part for name in ("say:2", "_gettext", "gettext_") for part in ("-k", name)]
    _run(
        [
            *[*babel, "extract", "-F", str(folder / "babel.cfg"), *keywords, "--add-location=file", "--sort-by-file"],
            *["--omit-header", "--no-wrap", "-o", str(template), "theme/templates", "plugins/pages", "plugins/feeds"],
        ]
    )
    for catalogue in sorted(folder.glob("*/LC_MESSAGES/portal.po")):
        locale = catalogue.parent.parent.name
        _run(
            [
                *[*babel, "update", "-D", "portal", "-i", str(template), "-d", str(folder), "-l", locale],
                *["--no-wrap", "-N", "--ignore-obsolete", "--ignore-pot-creation-date"],
            ]
        )
        # Who ran this and when is no part of the words, and would differ at every run.
        lines = catalogue.read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [line for line in lines if not line.startswith(VOLATILE_HEADERS)]
        catalogue.write_text("".join(kept), encoding="utf-8", newline="\n")


@task(
    help={
        "versions": "story files in both languages together",
        "hugo": "the program, to compare with",
        "pelican": "a Python that has pelican[markdown], to compare with stock Pelican",
        "repeat": "times; medians are kept",
        "builds": "or only the preview",
        "latency": "measure the preview, too: from saving to the new bytes",
        "save": "keep the results in docs/performance.json",
        "write_docs": "bring tables and plots of docs/performance.md up to date with that file",
    }
)
def bench(
    _: Context,
    versions: int = 2000,
    hugo: str = "",
    pelican: str = "",
    repeat: int = 1,
    builds: bool = True,
    latency: bool = False,
    save: bool = False,
    write_docs: bool = False,
) -> None:
    """Measure builds of a made-up newspaper, and others beside them."""
    options = ["--versions", str(versions), "--repeat", str(repeat)]
    options += [*(["--hugo", hugo] if hugo else []), *(["--pelican", pelican] if pelican else [])]
    options += [*([] if builds else ["--no-builds"]), *(["--latency"] if latency else [])]
    options += [*(["--save"] if save else []), *(["--write-docs"] if write_docs else [])]
    _run([sys.executable, "-m", "benchmarks.build", *options])


def _zone() -> ZoneInfo:
    import pelicanconf

    return ZoneInfo(pelicanconf.TIMEZONE)


@task
def lock(_: Context) -> None:
    """Resolve the requirements anew and write both locks."""
    for name, extra in LOCKS.items():
        constraint = [] if name == "requirements.lock" else ["-c", "requirements.lock"]
        _run(
            [
                *[sys.executable, "-m", "uv", "pip", "compile", "pyproject.toml", *extra, *constraint],
                *["--universal", "--python-version", "3.11", "--generate-hashes", "--no-emit-index-url"],
                *["--no-annotate", "--no-header", "--quiet", "-o", name],
            ]
        )


@task
def examples(_: Context) -> None:
    """Write the expected files of the tests anew, for review."""
    _run([sys.executable, "-m", "pytest", "--renew"])


@task
def test(_: Context) -> None:
    """Run every test; in a browser, too, where one is found."""
    _run([sys.executable, "-m", "pytest"])
