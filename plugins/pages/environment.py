"""Jinja for a theme whose templates do not change while it lives, without what Jinja would do anew for every page."""

from __future__ import annotations

import gettext
import marshal
import re
from collections.abc import Callable, Mapping
from types import CodeType
from typing import Any

from jinja2 import Environment, StrictUndefined, Template, TemplateNotFound, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.environment import TemplateModule
from jinja2.runtime import Context
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape

WITH_CONTEXT = frozenset({"_", "gettext", "ngettext"})
"""Functions that Jinja must give the context; macros and our own functions do without."""


class Words(NodeTransformer):
    """Puts the words of one language into a template, where it would ask for them at each rendering."""

    def __init__(self, words: gettext.NullTranslations) -> None:
        self._words = words

    def visit_Call(self, node: nodes.Call) -> nodes.Node:
        """``_("Home")`` with nothing to fill in becomes the word itself."""
        self.generic_visit(node)
        asked = isinstance(node.node, nodes.Name) and node.node.name == "_" and not node.kwargs and len(node.args) == 1
        if not asked or not isinstance(node.args[0], nodes.Const):
            return node
        # As Jinja does: the messages are ours, so they are markup, and "%%" is a percent sign.
        word = Markup(self._words.gettext(node.args[0].value)) % {}
        return nodes.MarkSafe(nodes.Const(str(word)), lineno=node.lineno)


class Code(CodeGenerator):
    """Asks for an attribute and calls a macro as Python does; Jinja's own ways took a third of the time of a page.

    What a plan does not have is an AttributeError then, which Theme.render makes Jinja's UndefinedError of.
    """

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:
        """``page.url``"""
        self.write("(")
        self.visit(node.node, frame)
        self.write(f").{node.attr}")

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:
        """``story_card(page, card)``"""
        named = node.node.name if isinstance(node.node, nodes.Name) else ""
        if forward_caller or named in WITH_CONTEXT or node.dyn_args or node.dyn_kwargs:
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        self.write("(")
        self.visit(node.node, frame)
        self.write(")(")
        for argument in (*node.args, *node.kwargs):
            self.visit(argument, frame)
            self.write(", ")
        self.write(")")


class Component(Template):
    """A template whose macros are made once: Jinja compares the global names of both templates at each import."""

    @classmethod
    def from_code(cls, environment: Environment, code: CodeType, globals: Any, uptodate: Any = None) -> Template:
        """As Template does."""
        template = super().from_code(environment, code, globals, uptodate)
        template.root_render_func.__globals__["escape"] = _escaped
        return template

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        return super()._get_default_module()


_NEEDS_ESCAPE = re.compile("[&<>\"']").search


def _escaped(value: Any) -> Any:
    # Most of what is put out comes from a macro or has nothing to escape; to make markup of each takes longer.
    kind = type(value)
    if kind is Markup or (kind is str and not _NEEDS_ESCAPE(value)):
        return value
    return escape(value)


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
        self._words = Words(words)
        self._code = templates or {}
        self._known: dict[str, Template] = {}

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
            known = self._known[name] = self.template_class.from_code(self, code, self.make_globals(globals))
        return known
