"""A theme as code and words: what takes Jinja and Babel longer to make than a hundred pages, ready for any process."""

from __future__ import annotations

import gettext
import marshal
from collections.abc import Callable, Collection, Mapping
from itertools import chain
from pathlib import Path

from jinja2 import TemplateSyntaxError

from plugins.languages import LANGUAGES
from plugins.languages.catalogue import catalogue_of, compile_words, translations_of
from plugins.pages.environment import ThemeEnvironment
from plugins.pages.filters import filters_of
from plugins.pages.versions import files_in, template_digests
from plugins.problems import Problem, Stop, report
from plugins.sealed import read_sealed, write_sealed
from plugins.values import digest_of, value
from plugins.workers import Workers

VERSION = "theme 1"
"""Of the file that keeps what was compiled."""


@value
class CompiledTheme:
    """A theme, ready to be sent to whoever renders.

    Attributes:
        digests: template → a digest that changes when it does, or anything else that decides what it makes of a plan.
        templates: (path of language, template) → its code, marshalled.
        words: path of language → its words, from compile_words.
    """

    digests: Mapping[str, str]
    templates: Mapping[tuple[str, str], bytes]
    words: Mapping[str, bytes]

    def translations(self) -> Mapping[str, gettext.NullTranslations]:
        """The interface words by path of language."""
        return {path: translations_of(words) for path, words in self.words.items()}


PART = 8
"""Templates that a worker is given at once."""


def compile_theme(folder: Path, cache: Path | None = None) -> CompiledTheme:
    """Compile what changed of the theme in *folder* since it was last compiled.

    Args:
        folder: with templates/ and translations/.
        cache: folder for what may be deleted at any time; without it everything is compiled.
    Raises: Stop when templates cannot be read, with a Problem for each.
    """
    return begin_theme(folder, cache, Workers(1))()


def begin_theme(folder: Path, cache: Path | None, workers: Workers) -> Callable[[], CompiledTheme]:
    """As compile_theme, by *workers*, while this process does something else; returns what waits for the theme."""
    file = cache and cache / f"theme-{digest_of(str(folder.resolve()).encode())[:8]}.bin"
    known: dict[tuple[str, str, str], bytes] = (file and read_sealed(file, VERSION)) or {}
    now: dict[tuple[str, str, str], bytes] = {}
    digests = template_digests(folder, Path(__file__).parent.parent)
    sources, problems = _read_templates(folder)
    templates: dict[tuple[str, str], bytes] = {}
    all_words: dict[str, bytes] = {}
    new: list[tuple[str, str]] = []
    for path, language in LANGUAGES.items():
        catalogue = catalogue_of(folder / "translations", language)
        key = (path, "", digest_of(catalogue))
        try:
            all_words[path] = now[key] = known[key] if key in known else compile_words(catalogue, language)
        except ValueError as error:
            where = f"{folder.name}/translations/{language.html.replace('-', '_')}/LC_MESSAGES/portal.po"
            what = f"the catalogue cannot be read ({error})."
            problems.append(Problem(where, 0, what, "Undo its last change, or run invoke messages."))
            continue
        for name in sources:
            key = (path, name, digests[name])
            if key in known:
                templates[path, name] = now[key] = known[key]
            else:
                new.append((path, name))
    parts = [[(*one, sources[one[1]]) for one in new[at : at + PART]] for at in range(0, len(new), PART)]
    # Workers on other machines take longer to reach than this takes.
    near = workers if workers.share_disk else Workers(1)
    compiled = near.run(compile_part, all_words, parts)

    def end() -> CompiledTheme:
        for (path, name), made in zip(new, chain.from_iterable(compiled), strict=True):
            if isinstance(made, bytes):
                templates[path, name] = now[path, name, digests[name]] = made
            else:
                where = f"{folder.name}/templates/{made.name}"
                what = f"the template cannot be read ({(made.message or '').rstrip('.')})."
                problems.append(Problem(where, made.lineno, what, "Mend the tag; Jinja's manual has its form."))
        if problems:
            raise Stop(report(problems, f"{folder.name}/"))
        if file and now.keys() != known.keys():
            write_sealed(file, VERSION, now)
        return CompiledTheme(digests, templates, all_words)

    return end


def compile_part(
    words: Mapping[str, bytes], part: Collection[tuple[str, str, str]]
) -> list[bytes | TemplateSyntaxError]:
    """Compile templates, given as path of language, name and source; the code of each, marshalled, or its mistake.

    Args:
        words: path of language → its words, from compile_words.
    """
    made: list[bytes | TemplateSyntaxError] = []
    environments = {
        path: ThemeEnvironment(translations_of(words[path]), filters_of(LANGUAGES[path])) for path, _, _ in part
    }
    for path, name, source in part:
        try:
            made.append(marshal.dumps(environments[path].compile(source, name, name)))
        except TemplateSyntaxError as error:
            made.append(error)
    return made


def _read_templates(theme: Path) -> tuple[dict[str, str], list[Problem]]:
    """Every template by its name, and a Problem for each that is no text."""
    sources, problems = {}, []
    for file in files_in(theme / "templates"):
        name = file.relative_to(theme / "templates").as_posix()
        try:
            sources[name] = file.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            what = "the template is not written in UTF-8."
            problems.append(Problem(f"{theme.name}/templates/{name}", 0, what, "Save it in UTF-8."))
    return sources, problems
