"""A browser for tests: find one, serve files to it over loopback, and ask it what readers would meet."""

from __future__ import annotations

import functools
import http.server
import os
import shutil
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Request, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
QUIET = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
"""Arguments that keep the browser from talking to anybody but the test."""


def browser_path() -> str | None:
    """The browser of this machine; None where none is found."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


needs_browser = pytest.mark.skipif(
    browser_path() is None,
    reason="no Chromium or Chrome here, so nothing is looked at in one; .ci/run installs it",
)


@contextmanager
def open_browser() -> Iterator[Browser]:
    """A headless browser; only for tests that are marked with needs_browser."""
    # Chromium's sandbox refuses to run as root, which is what containers of build servers are.
    arguments = [*QUIET, "--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else QUIET
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=arguments)
        try:
            yield browser
        finally:
            browser.close()


class _QuietHandler(http.server.SimpleHTTPRequestHandler):
    """Answers as GitHub Pages does: for a file that is not there, the portal's 404.html with status 404."""

    missing: str = ""

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        page = Path(self.directory, self.missing) if self.missing else None
        if code != 404 or page is None or not page.is_file():
            super().send_error(code, message, explain)
            return
        body = page.read_bytes()
        self.send_response(404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


class _QuietServer(http.server.ThreadingHTTPServer):
    """Says nothing when the browser closes a connection early, as it does when it leaves a page."""

    def handle_error(self, request: object, client_address: object) -> None:
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


@contextmanager
def serve(folder: Path, missing: str = "") -> Iterator[str]:
    """Serve *folder* on loopback.

    Args: missing: path in *folder* of the page for addresses that do not exist (``portal/404.html``).
    Returns: the address of the folder, with a trailing slash.
    """
    handler = type("Handler", (_QuietHandler,), {"missing": missing})
    server = _QuietServer(("127.0.0.1", 0), functools.partial(handler, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def watch_hosts(page: Page, home: str) -> list[str]:
    """A list that grows with every request of *page* to another host than that of *home*."""
    others: list[str] = []

    def note(request: Request) -> None:
        if not request.url.startswith((home, "data:")):
            others.append(request.url)

    page.on("request", note)
    return others


def axe_findings(page: Page) -> list[str]:
    """What axe finds wrong with *page* as it is now, one line per finding."""
    # Off by default in axe: 24 px to tap, WCAG 2.2 AA.
    response = Axe().run(page, options={"rules": {"target-size": {"enabled": True}}}).response
    return [
        f"{found['id']}: {node['html'][:160]} – {node.get('failureSummary', '')}"
        for found in response["violations"]
        for node in found["nodes"]
    ]


def too_wide(page: Page) -> list[str]:
    """The elements that make *page* scroll sideways; empty when it does not."""
    return page.evaluate(
        """() => {
          const width = document.documentElement.clientWidth;
          if (document.documentElement.scrollWidth <= width) return [];
          return [...document.querySelectorAll("body *")]
            .filter((one) => one.getBoundingClientRect().right > width + 1)
            .map((one) => one.outerHTML.slice(0, 120));
        }"""
    )
