"""Plan the pages of the portal, render what changed, and put the finished site in place of the last."""

from __future__ import annotations

from pelican import Pelican, signals
from pelican.generators import StaticGenerator

from plugins.pages import output
from plugins.pages.generator import PortalGenerator
from plugins.pages.writer import PlanWriter


def register() -> None:
    signals.initialized.connect(output.choose)
    signals.static_generator_finalized.connect(leave_out_pictures)
    signals.get_generators.connect(_start_and_name_generator)
    signals.get_writer.connect(_name_writer)
    signals.finalized.connect(output.publish)


def leave_out_pictures(generator: StaticGenerator) -> None:
    """Publish only pictures that a page shows: those of a withdrawn or embargoed story must be nowhere."""
    shown = generator.context["portal"].files
    # In place: Pelican copies what is in the list that it has put into the shared context.
    generator.staticfiles[:] = [
        file
        for file in generator.staticfiles
        if not file.relative_source_path.startswith("images/") or file.relative_source_path in shown
    ]


def _start_and_name_generator(pelican: Pelican) -> type[PortalGenerator]:
    # Sent once for every run of a Pelican that may run many times (--autoreload), unlike `initialized`.
    output.start(pelican)
    return PortalGenerator


def _name_writer(pelican: Pelican) -> type[PlanWriter]:
    return PlanWriter
