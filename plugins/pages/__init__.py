"""Plan the pages of the portal, render what changed, and put the finished site in place of the last."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pelican import Pelican, signals

from plugins.last_build import LEDGER, THEME_BEGUN, forget, nothing_changed
from plugins.stories import PELICANS_OWN

if TYPE_CHECKING:
    from pelican.generators import ArticlesGenerator, Generator, StaticGenerator
    from pelican.writers import Writer

# What does the work is imported when there is some: a build in which nothing changed should take no longer than a look.


def register() -> None:
    signals.initialized.connect(_choose_output)
    signals.article_generator_pretaxonomy.connect(_begin_theme)
    signals.static_generator_finalized.connect(leave_out_pictures)
    signals.get_generators.connect(_start_and_name_generator)
    signals.get_writer.connect(_name_writer)
    signals.finalized.connect(_finish)


def _choose_output(pelican: Pelican) -> None:
    from plugins.pages import output

    output.choose(pelican)


def _begin_theme(generator: ArticlesGenerator) -> None:
    """Let the workers compile the theme after the last stories: while these are paired, they have nothing to do."""
    # Pelican's own generator tells of its articles as well, before anybody has read anything.
    if generator is not generator.context.get(PELICANS_OWN):
        from plugins.pages.writer import begin

        generator.settings[THEME_BEGUN] = begin(generator.settings)


def leave_out_pictures(generator: StaticGenerator) -> None:
    """Publish only pictures that a page shows: those of a withdrawn or embargoed story must be nowhere."""
    # Where nothing changed, what may be copied is there.
    shown = generator.context["portal"].files if "portal" in generator.context else None
    # In place: Pelican copies what is in the list that it has put into the shared context.
    generator.staticfiles[:] = [
        file
        for file in generator.staticfiles
        if shown is not None
        and (not file.relative_source_path.startswith("images/") or file.relative_source_path in shown)
    ]


def _start_and_name_generator(pelican: Pelican) -> type[Generator]:
    # Sent once for every run of a Pelican that may run many times (--autoreload), unlike `initialized`.
    unchanged = nothing_changed(pelican)
    if pelican.settings["EXPLAIN"]:
        from plugins.pages.explain import Explanation
        from plugins.pages.inputs import EXPLANATION

        pelican.settings[EXPLANATION] = Explanation(pelican.settings["EXPLAIN"], pelican.settings)
    if unchanged:
        from plugins.pages.unchanged import NothingChanged

        return NothingChanged
    from plugins.pages import output
    from plugins.pages.generator import PortalGenerator

    output.start(pelican)
    return PortalGenerator


def _name_writer(pelican: Pelican) -> type[Writer] | None:
    if nothing_changed(pelican):
        return None
    from plugins.pages.writer import PlanWriter

    return PlanWriter


def _finish(pelican: Pelican) -> None:
    unchanged = nothing_changed(pelican)
    told = _explain(pelican, unchanged) if pelican.settings["EXPLAIN"] else ""
    if not unchanged:
        from plugins.pages import output

        output.publish(pelican)
    if told:
        print(told)
    forget(pelican)


def _explain(pelican: Pelican, unchanged: bool) -> str:
    from plugins.pages.inputs import EXPLANATION

    explanation = pelican.settings.pop(EXPLANATION)
    if unchanged:
        return explanation.tell_unchanged()
    return explanation.tell(pelican.settings[LEDGER], Path(pelican.settings["OUTPUT_PATH"]))
