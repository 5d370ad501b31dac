"""Jinja for a theme whose templates do not change while it lives, without what Jinja would do anew for every page."""

from __future__ import annotations

import functools
import gettext
import marshal
from collections.abc import Callable, Mapping
from types import CodeType
from typing import Any

from jinja2 import Environment, StrictUndefined, Template, TemplateNotFound, nodes
from jinja2.environment import TemplateModule
from jinja2.runtime import Context, missing
from markupsafe import Markup, _escape_inner, escape

from plugins.pages.generated import Code, Words


class Component(Template):
    """A template that asks its environment once, and not for every page, for what all pages share."""

    @classmethod
    def from_code(cls, environment: Environment, code: CodeType, globals: Any, uptodate: Any = None) -> Template:
        """As Template does."""
        template = super().from_code(environment, code, globals, uptodate)
        names = template.root_render_func.__globals__
        # Markup(…) is a function in Python; a str needs none of what it does, and to leave it out saves two thirds.
        names.update(escape=_escaped, markup_of=str.__new__)
        try:
            names["link"](environment)
        except Exception:
            # Puts the line of the template that asks for what there is not into the traceback.
            environment.handle_exception()
        return template

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        # With a context, Jinja compares the global names of both templates at each import.
        return super()._get_default_module()


def _escaped(value: Any) -> Any:
    # What comes back is joined at once, so that to make markup of it would be for nothing.
    kind = type(value)
    if kind is str:
        return _escape_inner(value)
    if kind is Markup:
        return value
    return str(value) if kind is int else escape(value)


class ThemeEnvironment(Environment):
    """The templates of a theme in one language.

    Args:
        words: interface words of the language.
        filters: by name.
        templates: template → its code, marshalled; to compile, none are needed.
    """

    code_generator_class = Code
    template_class = Component

    def __init__(
        self,
        words: gettext.NullTranslations,
        filters: Mapping[str, Callable[..., Any]],
        templates: Mapping[str, bytes] | None = None,
    ) -> None:
        super().__init__(
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=["jinja2.ext.i18n"],
        )
        self.install_gettext_translations(words, newstyle=True)  # type: ignore[attr-defined]
        self.filters.update(filters)
        self.counted = functools.lru_cache(maxsize=1000, typed=True)(functools.partial(_counted, words))
        self._words = Words(words)
        self._code = templates or {}
        self._known: dict[str, Template] = {}

    def component(self, template: str, name: str, where: str) -> Any:
        """What *template* calls *name*, or else what fails when it is used; *where* it is imported.

        Raises: jinja2.TemplateNotFound.
        """
        made = getattr(self.get_template(template)._get_default_module(), name, missing)
        said = f"the template {template!r} (imported on {where}) does not export the requested name {name!r}"
        return self.undefined(said, name=name) if made is missing else made

    def constant(self, name: str) -> Any:
        """What every template calls *name*, or else what fails when it is used."""
        return self.globals[name] if name in self.globals else self.undefined(name=name)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        return self._words.visit(super()._parse(source, name, filename))

    def get_template(  # type: ignore[override]
        self, name: str, parent: str | None = None, globals: Mapping[str, Any] | None = None
    ) -> Template:
        """The template *name*.

        Raises: jinja2.TemplateNotFound.
        """
        known = self._known.get(name)
        if known is None:
            if name not in self._code:
                raise TemplateNotFound(name)
            code = marshal.loads(self._code[name])
            # A dict, of which a context makes a copy; make_globals chains two, which takes ten times as long.
            names = {**self.globals, **(globals or {})}
            known = self._known[name] = self.template_class.from_code(self, code, names)
        return known


def _counted(words: gettext.NullTranslations, one: str, many: str, number: int) -> Markup:
    """So many of something, as Jinja's ngettext says it."""
    return Markup(words.ngettext(one, many, number)) % {"num": number}
