"""The file beside a story that tells its editor what the source has changed as well."""

from __future__ import annotations

from collections.abc import Iterable

from plugins.mirror.keep.merge import Difference

_START = """\
{name}: the source has changed, and so have you
{line}

Nothing has been lost and nothing has been changed: {name} is as you left it.
Below is every place that the source and you have both changed.

What to do:

1. Take over into {name} what you want to have of it; or nothing.
2. Delete this file. Until then the story stays as it is, whatever the source says.
"""


def review_text(name: str, conflicts: Iterable[Difference], taken: Iterable[Difference]) -> str:
    """The review file.

    Args:
        name: of the story's file.
        conflicts: what both have changed.
        taken: what the source alone has changed, and what waits with it.
    """
    parts = [_START.format(name=name, line="=" * 40)]
    parts += [_section(one, "Changed by both") for one in conflicts]
    parts += [_section(one, "Changed by the source alone") for one in taken]
    return "\n".join(parts)


def _section(one: Difference, heading: str) -> str:
    lines = [f"{heading}: {one.where}", "-" * 40, ""]
    if one.before is not None:
        lines += ["As it was last imported:", "", _indented(one.before), ""]
    lines += ["Here:", "", _indented(one.here), "", "At the source, now:", "", _indented(one.there), ""]
    return "\n".join(lines)


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" if line else "" for line in (text or "(nothing)").splitlines())
