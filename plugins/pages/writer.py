"""Render what changed of the portal's pages and write the files, in several processes when it pays."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path
from typing import Any

from pelican import signals
from pelican.writers import Writer

from plugins.last_build import LAST_BUILD, LEDGER, THEME_BEGUN, LastBuild, is_settled, stamp_of
from plugins.memory import without_collection
from plugins.pages.compiled import CompiledTheme, begin_theme
from plugins.pages.edition import Outline
from plugins.pages.inputs import EXPLANATION, decided_by
from plugins.pages.ledger import Ledger
from plugins.pages.page import Packed, PagePlan, Site, pack
from plugins.pages.render import render_all
from plugins.problems import Problem, Stop, report
from plugins.values import bytes_of, digest_of
from plugins.workers import workers_of


def begin(settings: dict[str, Any]) -> Callable[[], CompiledTheme]:
    """Let the theme be compiled; returns what waits for it."""
    return begin_theme(Path(settings["THEME"]), Path(settings["CACHE_PATH"]), workers_of(settings))


def digest_of_page(plan: Packed, site: str, template: str) -> str:
    """A digest of everything that decides the bytes of a page.

    Args:
        site: digest of the constants of its edition.
        template: digest of its template.
    """
    return digest_of(plan[1], site.encode(), template.encode())


class PlanWriter(Writer):
    """Writes what outlines tell of; for other plugins it is Pelican's writer.

    Attributes:
        theme: of the site.
    """

    def __init__(self, output_path: str, settings: dict[str, Any]) -> None:
        super().__init__(output_path, settings=settings)
        self.theme = (settings.pop(THEME_BEGUN, None) or begin(settings))()
        self._ledger = settings[LEDGER] = Ledger(settings[LAST_BUILD].files, settings["LAST_OUTPUT_PATH"])
        self._rendered = self._unchanged = 0
        signals.finalized.connect(self._say)

    def write_outlines(
        self,
        outlines: Iterable[Outline],
        sites: Mapping[str, Site],
        frame: bytes,
        meanwhile: Callable[[], None] | None = None,
    ) -> None:
        """Write every file, or leave the one of the last build where it is.

        Args:
            outlines: each with a path of its own; taken one by one, so that they need not all exist at a time.
            sites: constants of the editions by path of language.
            frame: of the portal, empty when unknown.
            meanwhile: called when all is planned and some of it is still being rendered.
        """
        # Neither planning nor rendering leaves anything behind that refers to itself.
        with without_collection():
            self._write_outlines(outlines, sites, frame, meanwhile)

    def _write_outlines(
        self,
        outlines: Iterable[Outline],
        sites: Mapping[str, Site],
        frame: bytes,
        meanwhile: Callable[[], None] | None,
    ) -> None:
        output = Path(self.output_path)
        constants = {path: bytes_of(site) for path, site in sites.items()}
        digests = {path: digest_of(known) for path, known in constants.items()}
        seals = {
            name: digest_of(digest.encode(), frame, *constants.values()).encode() + b" "
            for name, digest in self.theme.digests.items()
        }
        last: LastBuild = self.settings[LAST_BUILD]
        if not last.told.decided:
            last.told = replace(last.told, decided=decided_by(self.settings, self.theme.digests, constants))
        if EXPLANATION in self.settings:
            outlines = self.settings[EXPLANATION].watch(outlines, self.theme.digests, constants)
        noted: dict[str, tuple[str, bytes]] = {}
        watched: list[PagePlan] = []

        def changed() -> Iterator[Packed]:
            for path, template, told, make, _ in outlines:
                if template not in seals:
                    where = f"theme/templates/{template}"
                    what = f"the template of {path} does not exist."
                    raise Stop(report([Problem(where, 0, what, "Put it back, or choose another THEME.")], "theme/"))
                inputs = blake2b(seals[template] + told, digest_size=16).digest() if told and frame else b""
                if self._ledger.keeps_inputs(path, inputs):
                    self._unchanged += 1
                    continue
                plan = make()
                packed = pack(plan)
                digest = digest_of_page(packed, digests[plan.language.path], self.theme.digests[template])
                if self._ledger.keeps(path, digest, inputs):
                    self._unchanged += 1
                    continue
                noted[path] = digest, inputs
                if signals.content_written.receivers:
                    watched.append(plan)
                yield packed
            if meanwhile is not None:
                meanwhile()

        for path, size, modified in render_all(changed(), self.theme, sites, output, workers_of(self.settings)):
            digest, inputs = noted.pop(path)
            self._ledger.enter(path, digest, size, modified, inputs)
            self._rendered += 1
        for plan in watched:
            signals.content_written.send(str(output / plan.path), context={"page": plan})

    def keep_rest(self) -> None:
        """Leave everything else that the last build wrote where it is."""
        self._unchanged += self._ledger.keep_rest()

    def copy_files(self, files: Iterable[tuple[str, Path]]) -> None:
        """Copy files, as (path below the output folder, source), but those that did not change."""
        now = time.time_ns()
        for path, source in files:
            stamp = stamp_of(source.stat())
            digest = repr(stamp)
            if self._ledger.keeps(path, digest, b""):
                continue
            target = Path(self.output_path, path)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)
            status = target.stat()
            trusted = is_settled(stamp, now)
            self._ledger.enter(path, digest if trusted else "", status.st_size, status.st_mtime_ns, b"")

    def _say(self, pelican: object) -> None:
        print(f"{self._rendered} pages rendered, {self._unchanged} unchanged.")
