"""Everything that editors and developers do with the portal: ``invoke --list``."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from invoke import Context, Exit, task

ROOT = Path(__file__).resolve().parent
OUTPUT = ROOT / "output"
PREVIEW = ROOT / ".cache" / "preview"
LOCKS = {"requirements.lock": [], "requirements-dev.lock": ["--extra", "dev"]}


def _run(command: list[str], **environment: str) -> None:
    """Run *command* from the root; its failure is ours, without a traceback."""
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, check=False)
    if done.returncode:
        raise Exit(code=done.returncode)


def _build(output: Path, settings: str = "pelicanconf.py", **overrides: object) -> None:
    from plugins.preview.server import build_command

    _run(build_command(output, overrides, settings))


@task(
    help={
        "publish": "with publishconf.py; the address of the portal is taken from SITEURL",
        "out": "output folder",
    }
)
def build(_: Context, publish: bool = False, out: str = "") -> None:
    """Build the portal into output/; with problems the last good one stays."""
    output = Path(out).resolve() if out else OUTPUT
    _build(output, "publishconf.py" if publish else "pelicanconf.py")
    print(f"Built {output}.")


@task(help={"port": "of 127.0.0.1"})
def preview(_: Context, port: int = 8000) -> None:
    """Build with drafts, serve at http://127.0.0.1:8000 and rebuild on every save."""
    from plugins.preview.server import serve

    serve(ROOT, PREVIEW, "127.0.0.1", port)


@task(
    iterable=["source"], help={"source": "file or folder, repeatable; else sources.yaml decides", "into": "folder"}
)
def mirror(_: Context, source: list[str], into: str = "content") -> None:
    """Pull articles of the mirrored portals into content/ as Markdown."""
    _run([sys.executable, "-m", "plugins.mirror", "pull", *source, "--into", into])


@task(
    iterable=["source"],
    help={"source": "dump to show, repeatable", "port": "of 127.0.0.1", "serve": "or build only"},
)
def demo(_: Context, source: list[str], port: int = 8000, serve: bool = True) -> None:
    """Show what a portal made of the given page dumps looks like, without touching content/."""
    if not source:
        raise Exit("Name a page dump: invoke demo --source page.txt", code=2)
    with tempfile.TemporaryDirectory(prefix="duikai-demo-") as folder:
        content = Path(folder) / "content"
        output = Path(folder) / "output"
        _copy_taxonomy(content)
        files = [str(Path(one).resolve()) for one in source]
        _run([sys.executable, "-m", "plugins.mirror", "pull", *files, "--into", str(content)])
        _build(output, PATH=str(content), SHOW_DRAFTS=True)
        if serve:
            print(f"Serving http://127.0.0.1:{port}/ – stop with Ctrl+C.", flush=True)
            _run(
                [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1", "--directory", str(output)]
            )


def _copy_taxonomy(content: Path) -> None:
    """A portal needs its taxonomy and its plain pages; stories are what the demo brings."""
    import shutil

    content.mkdir(parents=True)
    shutil.copy(ROOT / "content" / "taxonomy.yaml", content)
    for language in ("en", "zh"):
        shutil.copytree(ROOT / "content" / language / "pages", content / language / "pages")


@task
def lock(_: Context) -> None:
    """Resolve the requirements anew and write both locks, with hashes and without any address."""
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
def test(_: Context) -> None:
    """Run every test; browser tests run where a Chromium is found."""
    _run([sys.executable, "-m", "pytest"])
