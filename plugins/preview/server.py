"""What browsers ask of the preview, on livereload."""

from __future__ import annotations

import ipaddress
import json
import logging
import mimetypes
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Protocol
from urllib.parse import quote, unquote, urlsplit

from livereload.handlers import LiveReloadHandler, LiveReloadJSHandler
from tornado import web

from plugins.preview.overlay import ADDRESS, BARE, with_additions
from plugins.problems import Problem

TYPES = {".js": "text/javascript", ".xml": "application/xml", ".svg": "image/svg+xml", ".webp": "image/webp"}
"""Where systems differ."""

FEW = 10
"""Files that a browser exchanges one by one; when more changed it loads its page anew."""


class Shows(Protocol):
    """A site that can be served, in memory or on the disk."""

    def has(self, path: str) -> bool:
        """Whether there is a page *path* below the output folder."""

    async def content(self, path: str) -> tuple[bytes, str] | None:
        """The bytes of the page *path*, and what changes when browsers have to load it anew."""

    def file(self, path: str) -> Path | None:
        """The file that is served at *path* as it is."""

    def problems(self) -> list[Problem]:
        """What is wrong now."""


class Audience:
    """The browsers that show a page.

    Args:
        site: what they show.
    """

    def __init__(self, site: Shows) -> None:
        self.site = site
        self.clients: set[Client] = set()

    async def find(self, address: str) -> tuple[int, bytes, str]:
        """Status, bytes and mark of the page at *address*; status 0 where there is a file or nothing.

        An address without a page has ``404.html``, as on GitHub Pages.
        """
        path = f"{address}index.html" if not address or address.endswith("/") else address
        problems = self.site.problems()
        found = await self.site.content(path)
        status = 200
        if found is None and self.site.has(path):
            status, found = 500, (BARE, "")
        elif found is None:
            status, found = 404, await self.site.content("404.html") or (BARE, "")
        # Making a page may find what is wrong with its template.
        problems = self.site.problems() or problems
        content, digest = found
        mark = " ".join([str(status), digest, *map(str, problems)])
        if path.endswith(".html") or status != 200:
            content = with_additions(content, mark, problems)
        return status, content, mark

    async def tell(self, files: Iterable[str] = ()) -> None:
        """Let every browser load its page anew if it changed, else what of *files* it shows (``theme/portal.css``)."""
        files = list(files)
        for client in list(self.clients):
            _, _, mark = await self.find(client.address)
            if mark != client.shown or len(files) > FEW:
                client.shown = mark
                client.reload(f"/{client.address}")
            else:
                for file in files:
                    client.reload(f"/{file}")


class Client(LiveReloadHandler):
    """A browser that shows a page, over livereload's protocol."""

    def initialize(self, audience: Audience) -> None:
        self.audience = audience
        self.address = self.shown = ""

    def check_origin(self, origin: str) -> bool:
        # A page of somebody else's must not listen to what is edited here.
        return urlsplit(origin).netloc == self.request.host

    async def on_message(self, message: str | bytes) -> None:  # type: ignore[override]
        told = json.loads(message)
        if told.get("command") == "hello":
            super().on_message(message)
        elif told.get("command") == "info":
            self.address = unquote(urlsplit(told.get("url", "")).path).lstrip("/")
            self.shown = told.get("plugins", {}).get("preview", {}).get("shown", "")
            self.audience.clients.add(self)
            # It may have been loaded before what was saved last, or from a preview that ended meanwhile.
            _, _, mark = await self.audience.find(self.address)
            if mark != self.shown:
                self.shown = mark
                self.reload(f"/{self.address}")

    def on_close(self) -> None:
        self.audience.clients.discard(self)

    def reload(self, path: str) -> None:
        """Tell the browser that *path* changed; style sheets and pictures are exchanged without loading the page."""
        self.send_message({"command": "reload", "path": path, "liveCSS": True, "liveImg": True})


def is_here(host: str, allowed: str) -> bool:
    """Whether the header Host names this machine: a name that somebody else's page could have is refused.

    Args:
        allowed: the host that was asked for when the preview was started.
    """
    name = host.rpartition("]")[0].lstrip("[") if host.startswith("[") else host.partition(":")[0]
    if name in ("localhost", allowed):
        return True
    try:
        # Nobody can make another site's name lead to an address, when there is no name.
        return bool(ipaddress.ip_address(name))
    except ValueError:
        return False


class PageHandler(web.RequestHandler):
    """Serves pages as GitHub Pages does; answers GET and HEAD, and nothing else."""

    SUPPORTED_METHODS = ("GET", "HEAD")

    def initialize(self, audience: Audience, host: str, served: Callable[[], None]) -> None:
        self.audience = audience
        self.allowed = host
        self.served = served

    def prepare(self) -> None:
        if not is_here(self.request.host, self.allowed):
            self.set_status(403)
            self.finish(f"The preview is at {self.allowed}, and does not answer to other names.\n")

    async def get(self, address: str) -> None:
        """Answer with the page, file or 404 page at *address*."""
        address = unquote(self.request.path).lstrip("/")
        site = self.audience.site
        self.set_header("Cache-Control", "no-cache")
        file = None if address.endswith(".html") else site.file(address)
        if file is not None and file.is_file():
            self._finish(200, address, file.read_bytes())
            return
        if address and not address.endswith("/") and not site.has(address) and site.has(f"{address}/index.html"):
            self.redirect(quote(f"/{address}/"))
            return
        status, content, _ = await self.audience.find(address)
        self._finish(status, address if status == 200 else "404.html", content)
        self.served()

    async def head(self, address: str) -> None:
        """As get, without the bytes."""
        await self.get(address)

    def _finish(self, status: int, path: str, content: bytes) -> None:
        ending = f".{path.rpartition('.')[2]}" if "." in path.rpartition("/")[2] else ".html"
        kind = TYPES.get(ending) or mimetypes.guess_type(f"x{ending}")[0] or "application/octet-stream"
        text = kind.startswith("text/") or kind.endswith(("xml", "json", "javascript"))
        self.set_status(status)
        self.set_header("Content-Type", f"{kind}; charset=utf-8" if text else kind)
        self.finish(content)


class ScriptHandler(LiveReloadJSHandler):
    """livereload's own script, for pages of this preview alone."""

    def initialize(self, host: str) -> None:
        self.allowed = host

    def prepare(self) -> None:
        if not is_here(self.request.host, self.allowed):
            self.set_status(403)
            self.finish()


def application(audience: Audience, host: str, served: Callable[[], None]) -> web.Application:
    """What is served at each address.

    Args:
        audience: the browsers, and the site that they show.
        host: that was asked for when the preview was started.
        served: called after each page.
    """
    logging.getLogger("tornado.access").setLevel(logging.ERROR)
    logging.getLogger("livereload").setLevel(logging.ERROR)
    return web.Application(
        [
            (ADDRESS, Client, {"audience": audience}),
            (f"{ADDRESS}.js", ScriptHandler, {"host": host}),
            ("/(.*)", PageHandler, {"audience": audience, "host": host, "served": served}),
        ]
    )
