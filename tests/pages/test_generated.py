"""Templates as Python: what a theme's author writes means what it means to Jinja."""

from __future__ import annotations

import gettext
import marshal
from types import SimpleNamespace

import pytest
from jinja2 import DictLoader, Environment, StrictUndefined, TemplateNotFound, UndefinedError

from plugins.pages.environment import ThemeEnvironment


class Words(gettext.NullTranslations):
    """A language with words that are markup, and with a percent sign."""

    def gettext(self, message: str) -> str:
        return {"Read in %(language)s": "<i>100%%</i> in %(language)s", "Bye": "Tsch&uuml;s 1%%"}.get(message, message)

    def ngettext(self, one: str, many: str, number: int) -> str:
        return f"<b>{one if number == 1 else many}</b>"


VALUES = {
    "page": SimpleNamespace(
        title="Cars & <b>trucks</b>",
        links=[SimpleNamespace(name=name, kind=kind) for name, kind in (("a", 1), ("<b>", 2), ("c", 1))],
        none=None,
    )
}


PARTS = {
    "card": """
{% macro card(page, size=1, tail=page.title ~ "!", _mark="<") %}
<i>{{ page.title }} {{ size }} {{ tail }} {{ _mark }}
{% endmacro %}
{% macro list(page) %}
{% for one in page.links %}{{ one.name }}{% if not loop.last %}, {% endif %}{% endfor %}
{% endmacro %}
{% set room = 7 %}
""",
    "other": "{% macro card(page) %}other {{ site.name }}{% endmacro %}",
    "asks": "{% macro card(a) %}{{ page.title }}{% endmacro %}",
    "part": "{{ card(page) }}{{ site.name }}",
    "base": '{% from "card" import card %}{{ kind }}{% block body %}{{ site.name }}{% endblock %}',
    "frame": "{% block body %}{% endblock %}{% block end %}{{ list(page) }}{% endblock %}",
}
"""Templates that those below import, extend and include."""


def by_jinja(page: str) -> str:
    environment = Environment(
        loader=DictLoader({"page": page, **PARTS}),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_translations(Words(), newstyle=True)  # type: ignore[attr-defined]
    environment.globals["site"] = SimpleNamespace(name="Duikai & <co>")
    return environment.get_template("page").render(VALUES)


def by_us(page: str) -> str:
    maker = ThemeEnvironment(Words(), {})
    code = {name: marshal.dumps(maker.compile(text, name, name)) for name, text in {"page": page, **PARTS}.items()}
    environment = ThemeEnvironment(Words(), {}, code)
    environment.globals["site"] = SimpleNamespace(name="Duikai & <co>")
    return environment.get_template("page").render(VALUES)


@pytest.mark.parametrize(
    "page",
    [
        # Macros: defaults, order, names that Python or its generator uses, those that take whatever they are given.
        '{% from "card" import card %}{{ card(page) }}|{{ card(page, tail="<", size=page.title) }}',
        '{% from "card" import card as shown, room %}{{ shown(page, "b") }}{{ room }}',
        '{% import "card" as cards %}{{ cards.card(page) }}{{ cards.list(page)|upper }}',
        "{% macro m(class, context, l_x=3) %}{{ class, context, l_x }}{% endmacro %}{{ m(class=1, context=2) }}",
        '{% macro m(len, missing="<") %}{{ len }}{{ missing }}{% endmacro %}{{ m(page.title) }}{{ m(1, missing=2) }}',
        '{% macro m(list, one) %}{{ page.links|map(attribute="name")|list, list, one }}{% endmacro %}{{ m(1, 2) }}',
        "{% macro m(a) %}{{ a }}{{ varargs }}{{ kwargs }}{% endmacro %}{{ m(1, '<', b=3) }}{{ m(*[4]) }}",
        "{% macro m(a) %}<{{ caller(a) }}>{% endmacro %}{% call(b) m('&') %}{{ b }}{{ page.title }}{% endcall %}",
        "{% macro m(a) %}{% if a %}{{ a }}{{ m(a - 1) }}{% endif %}{% endmacro %}{{ m(3) }}",
        "{% autoescape false %}{% macro m(a) %}{{ a }}{% endmacro %}{{ m('<') }}{{ page.title }}{% endautoescape %}",
        # What all pages share; but a name may mean something else in a template, a macro or a loop.
        "{{ site.name }}{% set site = page %}{{ site.title }}",
        "{{ site.name }}{% for site in [page] %}{{ site.title }}{% endfor %}{{ range(3)|list }}",
        "{% macro m(site) %}{{ site.title }}{% endmacro %}{{ m(page) }}{{ site.name }}",
        '{% from "card" import card %}{% macro m(card) %}{{ card }}{% endmacro %}{{ m(1) }}{{ card(page) }}',
        '{% from "card" import card %}{{ card(page) }}{% from "other" import card %}{{ card(page) }}',
        '{% if page %}{% from "card" import card %}{{ card(page) }}{% endif %}',
        '{% from "asks" import card with context %}{{ card(1) }}',
        # Templates see what is imported and set by those that they extend, that extend them and that include them.
        '{% extends "base" %}{% set kind = 1 %}{% block body %}{{ card(page) }}{{ super() }}{{ kind }}{% endblock %}',
        '{% extends "frame" %}{% from "card" import list %}{% block body %}{{ self.end() }}{% endblock %}',
        '{% from "card" import card %}{% include "part" %}',
        # Words with values in them.
        '{{ _("Read in %(language)s", language=page.title) }}{{ _("Bye") }}',
        '{% set words = _("Read in %(language)s", language="<") %}{{ words }}{{ _("Bye")|upper }}{{ [_("Bye")] }}',
        '{{ _("%(a)s %(b)s %(a)s", a="<", b=_("Bye")) }}{{ _("%(n)d 100%%", n=5) }}{{ _(page.title) }}',
        '{{ _("%(a)s", a="<", b=">") }}',
        '{% for n in [1, 2, true] %}{{ ngettext("%(num)s car", "%(num)s cars", n) }}{% endfor %}',
        '{{ ngettext("%(num)s %(of)s", "%(num)s %(of)ss", 3, of="<") }}',
        "{% trans name=page.title %}Hello {{ name }}{% endtrans %}",
        # Filters that are Python here.
        '{{ page.links|map(attribute="name")|join("/") }}{{ page.links|map("string")|list|length }}',
        '{{ page.links|selectattr("kind", "equalto", 1)|map(attribute="name")|list }}',
        '{{ page.links|rejectattr("kind", "eq", page.links[1].kind)|map(attribute="name")|list }}',
        '{{ page.none|map(attribute="a")|list }}{{ page.none|rejectattr("a", "eq", 1)|list }}',
        '{{ page.links|selectattr("kind", "gt", 1)|list|length }}{{ "<a"|list }}{{ {"a": 1}|list }}',
        # Output: markup stays, everything else is escaped.
        '{{ page.title }}{{ page.title|safe }}{{ 1 }}{{ 1.5 }}{{ true }}{{ none }}{{ ["<"] }}{{ page.title|e }}',
    ],
)
def test_a_template_means_what_it_means_to_jinja(page: str) -> None:
    """The code that we generate makes the same text."""
    assert by_jinja(page) == by_us(page)


@pytest.mark.parametrize(
    ("page", "error", "said"),
    [
        ('{% from "card" import card %}{{ card() }}', UndefinedError, "parameter 'page' was not provided"),
        ('{% from "card" import no %}{{ no() }}', UndefinedError, "imported on line 1 in 'page'.* requested name 'no'"),
        ("{{ once(1) }}", UndefinedError, "'once' is undefined"),
        ('{% from "card" import card %}{{ card(page, no=1) }}', TypeError, r"card\(\) got an unexpected keyword"),
        ('{% from "no" import card %}', TemplateNotFound, "no"),
        ("{{ page.no }}", AttributeError, "no"),
    ],
)
def test_what_there_is_not_fails_where_it_is_used(page: str, error: type[Exception], said: str) -> None:
    """A name that nobody uses may be missing from a component, as with Jinja."""
    with pytest.raises(error, match=said):
        by_us(page)
    assert "fine" == by_us('{% from "card" import no %}fine')
