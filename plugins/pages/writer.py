"""Render plans and write their files, in several processes when it pays; the bytes are the same."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from pelican import signals
from pelican.writers import Writer

from plugins import languages
from plugins.pages.ledger import Ledger, site_bytes, theme_digest
from plugins.pages.page import PagePlan, Site
from plugins.pages.theme import Theme

WORTH_A_WORKER = 400
"""Pages below which starting another process takes longer than it saves."""


class PlanWriter(Writer):
    """Writes PagePlans; for other plugins it is Pelican's writer."""

    def __init__(self, output_path: str, settings: dict[str, object]) -> None:
        super().__init__(output_path, settings=settings)
        theme = Path(str(settings["THEME"]))
        self._theme_folder = theme
        self._ledger = Ledger(
            Path(str(settings["CACHE_PATH"])),
            Path(str(settings["LAST_OUTPUT_PATH"])),
            theme_digest(theme, (Path(__file__).parent, Path(languages.__file__).parent)),
        )
        self.rendered = 0
        self.reused = 0
        signals.finalized.connect(self._finish)

    def write_plans(self, plans: Iterable[PagePlan], sites: Mapping[str, Site]) -> None:
        """Write the file of every plan, or take it over from the last build.

        Args:
            plans: each with a path of its own.
            sites: constants of the editions by path of language.
        """
        output = Path(self.output_path)
        constants = {path: site_bytes(site) for path, site in sites.items()}
        changed: list[tuple[PagePlan, str]] = []
        for plan in plans:
            digest = self._ledger.digest(plan, constants[plan.language.path])
            if self._ledger.reuse(plan.path, digest, output):
                self.reused += 1
            else:
                changed.append((plan, digest))
        render_all([plan for plan, _ in changed], self._theme_folder, sites, output, self._workers(len(changed)))
        self._ledger.enter(((plan.path, digest) for plan, digest in changed), output)
        self.rendered += len(changed)
        for plan, _ in changed:
            signals.content_written.send(str(output / plan.path), context={"page": plan})

    def _finish(self, pelican: object) -> None:
        self._ledger.save()
        print(f"{self.rendered} pages rendered, {self.reused} unchanged.")

    def _workers(self, pages: int) -> int:
        wanted = int(str(self.settings["WORKERS"]))
        return wanted or min(os.cpu_count() or 1, 1 + pages // WORTH_A_WORKER)


def render_all(plans: Sequence[PagePlan], theme: Path, sites: Mapping[str, Site], output: Path, workers: int) -> None:
    """Render *plans* and write them below *output*, in *workers* processes.

    Raises: whatever the first failing template raises.
    """
    for folder in sorted({(output / plan.path).parent for plan in plans}):
        folder.mkdir(parents=True, exist_ok=True)
    if workers < 2 or len(plans) < 2:
        _render(plans, Theme(theme, sites), output)
        return
    size = min(200, -(-len(plans) // workers))
    parts = [plans[start : start + size] for start in range(0, len(plans), size)]
    with ProcessPoolExecutor(workers, initializer=_start_worker, initargs=(theme, dict(sites), output)) as pool:
        for _ in pool.map(_render_part, parts):
            pass


def _render(plans: Iterable[PagePlan], theme: Theme, output: Path) -> None:
    for plan in plans:
        (output / plan.path).write_bytes(theme.render(plan).encode("utf-8"))


_worker: tuple[Theme, Path]


def _start_worker(theme: Path, sites: Mapping[str, Site], output: Path) -> None:
    global _worker
    _worker = (Theme(theme, sites), output)


def _render_part(plans: Sequence[PagePlan]) -> None:
    _render(plans, *_worker)
