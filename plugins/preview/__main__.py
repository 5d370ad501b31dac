"""``python -m plugins.preview``: serve the portal, and show every save."""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import socket
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

from pelican import Pelican
from pelican.settings import read_settings
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets

from plugins.command import build_command
from plugins.last_build import others_listen
from plugins.preview.aside import Aside
from plugins.preview.built import BuiltSite, run
from plugins.preview.follow import QUIET, Follower
from plugins.preview.server import Audience, application
from plugins.preview.site import Look, Site
from plugins.preview.sources import Sources
from plugins.preview.told import problem_of
from plugins.preview.watch import Watched
from plugins.problems import Problem, Stop, report

ROOT = Path(__file__).resolve().parent.parent.parent
CODE = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Options:
    """What the preview was asked for.

    Attributes:
        arguments: as they were given, for a preview that starts again.
        content, cache: folders; None for those of the settings.
        settings: the file.
        check: only whether settings and code can be used.
        taken_over: numbers of the sockets of a preview that starts again, with commas; empty for none.
    """

    arguments: tuple[str, ...]
    content: Path | None
    cache: Path | None
    settings: Path
    host: str
    port: int
    check: bool
    taken_over: str

    @property
    def address(self) -> str:
        """Where the preview is."""
        return f"http://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"

    def command(self) -> list[str]:
        """The command that starts the same preview."""
        given, at = list(self.arguments), [n for n, one in enumerate(self.arguments) if one == "--taken-over"]
        for index in reversed(at):
            del given[index : index + 2]
        return [sys.executable, "-m", "plugins.preview", *given]

    def check_command(self) -> list[str]:
        """The command that sees whether code and settings can be used."""
        return [*self.command(), "--check"]

    def overrides(self) -> dict[str, object]:
        """The settings that a preview has of its own."""
        output = (self.cache or ROOT / ".cache") / "preview" / str(self.port)
        named = {"PATH": self.content, "CACHE_PATH": self.cache, "OUTPUT_PATH": output}
        return {
            **{name: str(value) for name, value in named.items() if value is not None},
            **{"FILE_LINKS": False, "SHOW_DRAFTS": True, "SITEURL": self.address},
        }


def read_options(arguments: Sequence[str]) -> Options:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m plugins.preview", description=__doc__)
    parser.add_argument("--content", type=Path, help="folder; else that of the settings")
    parser.add_argument("--cache", type=Path, help="folder for what only saves time; else that of the settings")
    parser.add_argument("--settings", type=Path, default=ROOT / "pelicanconf.py", help="file")
    parser.add_argument("--host", default="127.0.0.1", help="address to serve at")
    parser.add_argument("--port", type=int, default=8000, help="to serve at")
    parser.add_argument("--check", action="store_true", help="only see whether settings and code can be used")
    parser.add_argument("--taken-over", default="", help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    content, cache = (path.resolve() if path else None for path in (given.content, given.cache))
    own = (given.host, given.port, given.check, given.taken_over)
    return Options(tuple(arguments), content, cache, given.settings.resolve(), *own)


def main(arguments: Sequence[str]) -> int:
    """Serve until interrupted.

    Returns: the exit code.
    Raises: Stop when the port is taken or the settings cannot be used.
    """
    options = read_options(arguments)
    # Until the server listens to signals itself; processes that read stories end by this, too.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _leave)
    if options.check:
        start_pelican(options)
        return 0
    sockets = listen(options)
    settings = start_pelican(options)
    since = time.time_ns()
    preview = _Built(options, settings) if others_listen() else _InMemory(options, settings)
    if asyncio.run(_serve(options, preview, sockets, since)):
        _start_again(options, sockets)
    return 0


def _leave(_: int, __: FrameType | None) -> None:
    raise SystemExit(0)


def listen(options: Options) -> list[socket.socket]:
    """The sockets of the address.

    Raises: Stop when it cannot be used.
    """
    if options.taken_over:
        taken = [socket.socket(fileno=int(number)) for number in options.taken_over.split(",")]
        for one in taken:
            one.setblocking(False)
        return taken
    try:
        return bind_sockets(options.port, address=options.host)
    except (OSError, OverflowError) as error:
        free = next((port for port in range(options.port + 1, 65536) if _is_free(options.host, port)), 0)
        fix = f"Stop that program, or use another port: invoke preview --port {free}."
        what = f"the address cannot be used ({getattr(error, 'strerror', None) or error})."
        problem = Problem(f"{options.address}/", 0, what, fix if free else "Use another port with --port.")
        raise Stop(report([problem], "the preview", "nothing is served")) from None


def _is_free(host: str, port: int) -> bool:
    try:
        for one in bind_sockets(port, address=host):
            one.close()
    except OSError:
        return False
    return True


def start_pelican(options: Options) -> dict[str, Any]:
    """The settings, completed and checked by the plugins that they name.

    Raises: Stop with what is wrong.
    """
    return Pelican(read_settings(str(options.settings), override=options.overrides())).settings


class _InMemory:
    """The preview as it should be."""

    def __init__(self, options: Options, settings: dict[str, Any]) -> None:
        self.watched = Watched(Path(settings["PATH"]), Path(settings["THEME"]), CODE, options.settings)
        self.aside = Aside()
        sources = Sources(settings)
        sources.read_all()
        self.site = Site(settings, sources, self.aside)
        try:
            look = self.site.look(dict(sources.files), None)
        except Exception as error:
            look = Look(None, [problem_of(error, self.site.theme_folder)])
        self.site.take(look)
        self.audience = Audience(self.site)
        self.follower = Follower(self.site, self.aside, self.watched, self.audience.tell)
        self.served = self.follower.say_problems
        self._check = options.check_command()

    async def follow(self, stop: asyncio.Event, since: int) -> bool:
        """Follow what is saved until *stop* is set; returns whether to start again."""
        self.follower.say_problems()
        again = asyncio.ensure_future(self._until_usable())
        again.add_done_callback(lambda _: stop.set())
        await self.follower.follow(stop, since)
        return not again.cancel()

    async def _until_usable(self) -> None:
        """Until the code or the settings changed and can be used; else the preview goes on with the last ones."""
        while True:
            await self.follower.outdated.wait()
            await asyncio.sleep(QUIET)
            self.follower.outdated.clear()
            self.site.of_settings = await run(self._check)
            if not self.site.of_settings:
                return
            await self.audience.tell(())


class _Built:
    """The preview of a site that other people's plugins change."""

    def __init__(self, options: Options, settings: dict[str, Any]) -> None:
        self.watched = Watched(Path(settings["PATH"]), Path(settings["THEME"]), CODE, options.settings)
        output = Path(str(options.overrides()["OUTPUT_PATH"]))
        overrides = {name: value for name, value in options.overrides().items() if name != "OUTPUT_PATH"}
        self.site = BuiltSite(output, build_command(output, overrides, str(options.settings)))
        self.audience = Audience(self.site)
        asyncio.run(self.site.build())

    def served(self) -> None:
        """Problems were told when the site was built."""

    async def follow(self, stop: asyncio.Event, _: int) -> bool:
        """Build on every save until *stop* is set."""
        await self.site.follow(self.watched, stop, self.audience.tell)
        return False


async def _serve(options: Options, preview: _InMemory | _Built, sockets: list[socket.socket], since: int) -> bool:
    """Serve until a signal; returns whether to start again, because the code or the settings changed."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, stop.set)
        except NotImplementedError:
            # asyncio has no signals on Windows.
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop.set))
    server = HTTPServer(application(preview.audience, options.host, preview.served))
    server.add_sockets(sockets)
    print(f"Serving {options.address}/ – stop with Ctrl+C.", flush=True)
    outdated = await preview.follow(stop, since)
    if not outdated:
        server.stop()
    await server.close_all_connections()
    return outdated


def _start_again(options: Options, sockets: Sequence[socket.socket]) -> None:
    """Become a new process that has the new code, and the sockets, so that browsers only wait for a moment."""
    for one in sockets:
        one.set_inheritable(True)
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
    print("The code or the settings changed; the preview starts again.", flush=True)
    # Windows has no way to hand sockets over like this; there they are opened anew.
    given = ["--taken-over", ",".join(str(one.fileno()) for one in sockets)] if os.name == "posix" else []
    os.execv(sys.executable, [*options.command(), *given])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
