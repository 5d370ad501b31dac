"""Templates as Python that does once what Jinja's own would do for every page.

What a plan does not have is an AttributeError then, which Theme.render makes Jinja's UndefinedError of.
"""

from __future__ import annotations

import gettext
import keyword
import re
from collections import Counter
from collections.abc import Iterator

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame, find_undeclared
from jinja2.defaults import DEFAULT_NAMESPACE
from jinja2.runtime import exported
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

WITH_CONTEXT = frozenset({"_", "gettext", "ngettext"})
"""Functions that Jinja must give the context; macros and our own functions do without."""

CONSTANTS = frozenset({"site", "say", "once", "here", "above", *DEFAULT_NAMESPACE})
"""Names that are the same for every page of an edition, unless a template gives them to something else."""

_OURS = frozenset(
    {*exported, "context", "environment", "resolve", "undefined", "concat", "cond_expr_undefined", "markup_of"}
    | {"getattr", "isinstance", "len", "list", "one", "str"}
)
"""Names that generated Python uses; it also makes some that begin with a letter and "_"."""


class Words(NodeTransformer):
    """Puts the words of one language into a template, where it would ask for them at each rendering."""

    def __init__(self, words: gettext.NullTranslations) -> None:
        self._words = words

    def visit_Call(self, node: nodes.Call) -> nodes.Node:
        """``_("Home")`` with nothing to fill in becomes the word itself."""
        self.generic_visit(node)
        message = _message(node)
        if message is None or node.kwargs:
            return node
        # As Jinja does: the messages are ours, so they are markup, and "%%" is a percent sign.
        word = Markup(self._words.gettext(message)) % {}
        return nodes.MarkSafe(nodes.Const(str(word)), lineno=node.lineno)

    def visit_Output(self, node: nodes.Output) -> nodes.Node:
        """``{{ _("Page %(number)s", number=…) }}`` becomes what it is filled into and what fills it."""
        self.generic_visit(node)
        node.nodes = [part for child in node.nodes for part in self._parts(child)]
        return node

    def _parts(self, node: nodes.Expr) -> list[nodes.Expr]:
        message = _message(node)
        if message is None or not isinstance(node, nodes.Call):
            return [node]
        parts = re.split(r"%\((\w+)\)s", self._words.gettext(message))
        values = {one.key: one.value for one in node.kwargs}
        if sorted(parts[1::2]) != sorted(values) or any("%" in text.replace("%%", "") for text in parts[::2]):
            return [node]
        return [
            values[part] if number % 2 else nodes.TemplateData(part.replace("%%", "%"), lineno=node.lineno)
            for number, part in enumerate(parts)
            if part
        ]


def _message(node: nodes.Node) -> str | None:
    """What ``_("…")`` asks for, where that stands in the template."""
    if not isinstance(node, nodes.Call) or not isinstance(node.node, nodes.Name) or node.node.name != "_":
        return None
    plain = len(node.args) == 1 and isinstance(node.args[0], nodes.Const) and not node.dyn_args and not node.dyn_kwargs
    return node.args[0].value if plain else None


class Shared(NodeTransformer):
    """Makes global names of a template of what is the same for every page: the components it imports, and CONSTANTS.

    Attributes:
        imports: statements that import components, and nothing whose name means something else elsewhere.
        asked: global name → how to ask the environment for it, and where the template does.
        components: alias → global name.
    """

    def __init__(self, template: nodes.Template, where: str | None) -> None:
        given = Counter(_names_given(template))
        self.imports: list[nodes.Node] = []
        self.asked: dict[str, tuple[str, nodes.Node | None]] = {}
        self.components: dict[str, str] = {}
        for node in template.body:
            if (
                not isinstance(node, nodes.FromImport)
                or node.with_context
                or not isinstance(node.template, nodes.Const)
            ):
                continue
            names = [name if isinstance(name, tuple) else (name, name) for name in node.names]
            if any(given[alias] > 1 for _, alias in names):
                continue
            self.imports.append(node)
            for name, alias in names:
                self.components[alias] = f"c_{alias}"
                place = f"line {node.lineno} in {where!r}"
                self.asked[f"c_{alias}"] = (f"component({node.template.value!r}, {name!r}, {place!r})", node)
        self._constants = CONSTANTS - given.keys()
        self.visit(template)

    def visit_Name(self, node: nodes.Name) -> nodes.Node:
        """A name that the template uses."""
        if node.name in self._constants:
            self.asked[f"c_{node.name}"] = (f"constant({node.name!r})", None)
        elif node.name not in self.components:
            return node
        # Only Jinja's parser is meant to make such a node, and with a name that it makes up.
        made: nodes.InternalName = object.__new__(nodes.InternalName)
        nodes.Node.__init__(made, f"c_{node.name}", lineno=node.lineno)
        return made


def _names_given(template: nodes.Template) -> Iterator[str]:
    """The names that *template* gives to something, as often as it does."""
    for node in template.find_all((nodes.Name, nodes.Macro, nodes.Import, nodes.FromImport)):
        if isinstance(node, nodes.Name):
            if node.ctx != "load":
                yield node.name
        elif isinstance(node, nodes.Macro):
            yield node.name
        elif isinstance(node, nodes.Import):
            yield node.target
        elif isinstance(node, nodes.FromImport):
            yield from (name[1] if isinstance(name, tuple) else name for name in node.names)


class Code(CodeGenerator):
    """Asks for an attribute and makes and calls a macro as Python does, and asks once for what all pages share."""

    _shared: Shared
    _words: dict[str, str]

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:
        """The whole template, before it the function that asks for what is shared."""
        self._shared = Shared(node, self.name)
        self.writeline("def link(environment):")
        self.indent()
        for name, (ask, importing) in self._shared.asked.items():
            self.writeline(f"global {name}")
            self.writeline(f"{name} = environment.{ask}", importing)
        self.writeline("pass")
        self.outdent()
        self._words = {}
        super().visit_Template(node, frame)
        for word, name in self._words.items():
            self.writeline(f"{name} = Markup({word!r})")

    def visit_FromImport(self, node: nodes.FromImport, frame: Frame) -> None:
        """``{% from "components/badge.html" import draft_badge %}``"""
        if node not in self._shared.imports:
            super().visit_FromImport(node, frame)
        elif node is self._shared.imports[-1]:
            # Templates that this one extends or is extended by may use them as well.
            names = ", ".join(f"{alias!r}: {name}" for alias, name in self._shared.components.items())
            self.writeline(f"context.vars.update({{{names}}})", node)

    def visit_Macro(self, node: nodes.Macro, frame: Frame) -> None:
        """``{% macro story_card(page, card, heading=3) %}``"""
        names = [argument.name for argument in node.args]
        special = {"caller", "kwargs", "varargs"}
        if (
            frame.eval_ctx.volatile
            or not frame.eval_ctx.autoescape
            or find_undeclared(node.body, special)
            or any(name in _OURS | special or keyword.iskeyword(name) or name[1:2] == "_" for name in names)
        ):
            super().visit_Macro(node, frame)
            return
        inner = frame.inner()
        inner.symbols.analyze_node(node)
        inner.require_output_check = False
        defaults = [None] * (len(names) - len(node.defaults)) + node.defaults
        given = [repr(one.value) if isinstance(one, nodes.Const) else "missing" for one in defaults]
        self.writeline(f"def macro({', '.join(map('='.join, zip(names, given, strict=True)))}):", node)
        self.indent()
        self.buffer(inner)
        self.enter_frame(inner)
        self.push_parameter_definitions(inner)
        for name, default in zip(names, defaults, strict=True):
            ours = inner.symbols.ref(name)
            self.writeline(f"{ours} = {name}")
            if not isinstance(default, nodes.Const):
                self.writeline(f"if {ours} is missing: {ours} = ")
                if default is None:
                    self.write(f'undefined("parameter {name!r} was not provided", name={name!r})')
                else:
                    self.visit(default, inner)
            self.mark_parameter_stored(ours)
        self.pop_parameter_definitions()
        self.blockvisit(node.body, inner)
        self.writeline(f"return markup_of(Markup, concat({inner.buffer}))")
        self.outdent()
        self.writeline(f"macro.__qualname__ = {node.name!r}")
        self.writeline(f"{frame.symbols.ref(node.name)} = macro")
        if frame.toplevel:
            self.writeline(f"context.vars[{node.name!r}] = macro")
            if not node.name.startswith("_"):
                self.writeline(f"context.exported_vars.add({node.name!r})")

    def visit_MarkSafe(self, node: nodes.MarkSafe, frame: Frame) -> None:
        """A word of the interface that is not put out where it stands."""
        if isinstance(node.expr, nodes.Const):
            self.write(self._words.setdefault(node.expr.value, f"w_{len(self._words)}"))
        else:
            super().visit_MarkSafe(node, frame)

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:
        """``page.url``"""
        of_template = isinstance(node.node, nodes.Name) and node.node.name == "self"
        if of_template or keyword.iskeyword(node.attr):
            super().visit_Getattr(node, frame)
            return
        self.write("(")
        self.visit(node.node, frame)
        self.write(f").{node.attr}")

    def visit_Filter(self, node: nodes.Filter, frame: Frame) -> None:
        """``links|map(attribute="name")``, ``versions|rejectattr("language", "equalto", …)`` and ``…|list``"""
        if node.node is None or node.dyn_args or node.dyn_kwargs:
            super().visit_Filter(node, frame)
            return
        keys = [one.key for one in node.kwargs]
        given = [one.value if isinstance(one, nodes.Const) else None for one in node.args]
        if node.name == "list" and not given and not keys:
            self.write("list(")
            self.visit(node.node, frame)
            self.write(")")
        elif node.name == "map" and not given and keys == ["attribute"] and _is_attribute(node.kwargs[0].value):
            self.write(f"[one.{node.kwargs[0].value.as_const()} for one in ")
            self.visit(node.node, frame)
            self.write(" or ()]")
        elif (
            node.name in ("selectattr", "rejectattr")
            and not keys
            and len(given) == 3
            and _is_attribute(node.args[0])
            and given[1] in ("equalto", "eq", "==")
        ):
            self.write("[one for one in ")
            self.visit(node.node, frame)
            self.write(f" or () if {'not ' if node.name == 'rejectattr' else ''}one.{given[0]} == ")
            self.visit(node.args[2], frame)
            self.write("]")
        else:
            super().visit_Filter(node, frame)

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:
        """``story_card(page, card)``"""
        named = node.node.name if isinstance(node.node, nodes.Name) else ""
        if named == "ngettext" and len(node.args) == 3 and not (node.kwargs or node.dyn_args or node.dyn_kwargs):
            self.write("environment.counted")
        elif (
            forward_caller
            or named in WITH_CONTEXT
            or node.dyn_args
            or node.dyn_kwargs
            or any(keyword.iskeyword(one.key) for one in node.kwargs)
        ):
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        else:
            self.write("(")
            self.visit(node.node, frame)
            self.write(")")
        self.write("(")
        for argument in (*node.args, *node.kwargs):
            self.visit(argument, frame)
            self.write(", ")
        self.write(")")


def _is_attribute(node: nodes.Expr) -> bool:
    name = node.value if isinstance(node, nodes.Const) else None
    return isinstance(name, str) and name.isidentifier() and not keyword.iskeyword(name)
