"""The preview server, on livereload."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from livereload import Server
from livereload.handlers import LiveReloadHandler, StaticFileHandler

from plugins.problems import Problem, Stop, report

WATCHED = ("content", "theme", "plugins", "pelicanconf.py")
"""What a rebuild can change; below the root of the repository."""


class PageHandler(StaticFileHandler):
    """Serves pages as GitHub Pages does: an address without a page gets ``404.html``."""

    def write_error(self, status_code: int, **kwargs: object) -> None:
        missing = Path(self.root) / "404.html"
        if status_code == 404 and missing.is_file():
            self.set_header("Content-Type", "text/html; charset=utf-8")
            self.finish(missing.read_bytes())
        else:
            super().write_error(status_code, **kwargs)


def build_command(output: Path, overrides: dict[str, object], settings: str = "pelicanconf.py") -> list[str]:
    """The command that builds the portal into *output* and fails where Pelican alone would only warn.

    Args:
        output: folder for the site.
        overrides: settings that differ from the file.
        settings: the settings file.
    """
    extra = [f"{name}={json.dumps(value)}" for name, value in sorted(overrides.items())]
    command = [sys.executable, "-m", "pelican", "-s", settings, "-o", str(output), "--fatal", "warnings"]
    return command + (["-e", *extra] if extra else [])


def serve(root: Path, output: Path, host: str, port: int, watched: Iterable[str] = WATCHED) -> None:
    """Build into *output*, serve it, and build again whenever a watched file changes; until interrupted.

    A build with problems prints them and leaves the last good pages on the screen.

    Raises: Stop when the port is taken.
    """
    address = f"http://{host}:{port}"
    command = build_command(output, {"FILE_LINKS": False, "SHOW_DRAFTS": True, "SITEURL": address})

    def build() -> None:
        done = subprocess.run(command, cwd=root, check=False)
        print("Preview is up to date." if done.returncode == 0 else "Preview keeps the last good pages.", flush=True)

    build()
    server = Server()
    server.SFH = PageHandler
    # livereload ignores a change within three seconds of the last reload; an editor who saves twice would notice.
    LiveReloadHandler.DEFAULT_RELOAD_TIME = 0
    for path in watched:
        server.watch(str(root / path), build)
    logging.getLogger("tornado.access").setLevel(logging.ERROR)
    print(f"Serving {address}/ – stop with Ctrl+C.", flush=True)
    try:
        server.serve(port=port, host=host, root=str(output))
    except OSError as error:
        fix = f"Stop that program, or use another port: invoke preview --port {port + 1}."
        raise Stop(
            report([Problem(address, 0, f"the address cannot be used ({error}).", fix)], "the preview")
        ) from None
