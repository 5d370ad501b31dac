"""A theme as code and words: what takes Jinja and Babel longer to make than a hundred pages, ready for any process."""

from __future__ import annotations

import gettext
import marshal
from collections.abc import Mapping
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


def compile_theme(folder: Path, cache: Path | None = None) -> CompiledTheme:
    """Compile what changed of the theme in *folder* since it was last compiled.

    Args:
        folder: with templates/ and translations/.
        cache: folder for what may be deleted at any time; without it everything is compiled.
    Raises: Stop when templates cannot be read, with a Problem for each.
    """
    file = cache and cache / f"theme-{digest_of(str(folder.resolve()).encode())[:8]}.bin"
    known: dict[tuple[str, str, str], bytes] = (file and read_sealed(file, VERSION)) or {}
    now: dict[tuple[str, str, str], bytes] = {}
    digests = template_digests(folder, Path(__file__).parent.parent)
    sources, problems = _read_templates(folder)
    templates, all_words = {}, {}
    for path, language in LANGUAGES.items():
        catalogue = catalogue_of(folder / "translations", language)
        key = (path, "", digest_of(catalogue))
        try:
            words = all_words[path] = now[key] = known[key] if key in known else compile_words(catalogue, language)
        except ValueError as error:
            where = f"{folder.name}/translations/{language.html.replace('-', '_')}/LC_MESSAGES/portal.po"
            what = f"the catalogue cannot be read ({error})."
            problems.append(Problem(where, 0, what, "Undo its last change, or run invoke messages."))
            continue
        environment = ThemeEnvironment(translations_of(words), filters_of(language))
        for name, source in sources.items():
            digest = digests[name]
            key = (path, name, digest)
            try:
                now[key] = known.get(key) or marshal.dumps(environment.compile(source, name, name))
            except TemplateSyntaxError as error:
                where = f"{folder.name}/templates/{error.name}"
                what = f"the template cannot be read ({(error.message or '').rstrip('.')})."
                problems.append(Problem(where, error.lineno, what, "Mend the tag; Jinja's manual has its form."))
            else:
                templates[path, name] = now[key]
    if problems:
        raise Stop(report(problems, f"{folder.name}/"))
    if file and now.keys() != known.keys():
        write_sealed(file, VERSION, now)
    return CompiledTheme(digests, templates, all_words)


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
