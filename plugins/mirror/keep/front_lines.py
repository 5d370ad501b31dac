"""Change fields of a front matter and leave every other line as its editor wrote it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import yaml

_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)

ORDER = (
    *("title", "date", "modified", "category", "status", "kicker", "summary", "authors", "tags", "products", "image"),
    *("source", "translation", "corrections"),
)
"""Where a field goes that was not there."""

ORDER_OF_SOURCE = (
    *("name", "url", "retrieved", "permission", "indexing", "title", "dateline", "notice", "credits", "also"),
)

REMOVED = None
"""As the lines of a field: it goes."""


def change_fields(front: str, changes: Mapping[str, str | None], order: Sequence[str] = ORDER) -> str:
    """Replace, add and remove fields.

    Args:
        front: YAML, a mapping in block style.
        changes: field → its new lines, ``"title: New\\n"``, or REMOVED.
    """
    lines = front.splitlines(keepends=True)
    spans = field_spans(front)
    edits = {spans[name]: text or "" for name, text in changes.items() if name in spans}
    for name, text in changes.items():
        if name not in spans and text:
            at = _place(name, spans, order, len(lines))
            edits[at, at] = edits.get((at, at), "") + text
    # From the end, so that the numbers of the lines above stay true; what is added at a line comes before it.
    for (start, end), text in sorted(edits.items(), reverse=True):
        lines[start:end] = [text]
    return "".join(lines)


def field_lines(front: str) -> dict[str, str]:
    """Field → the lines that give it."""
    lines = front.splitlines(keepends=True)
    return {name: "".join(lines[start:end]) for name, (start, end) in field_spans(front).items()}


def field_spans(front: str) -> dict[str, tuple[int, int]]:
    """Field → first line and line after its last, from 0; comments between two fields belong to neither."""
    root = yaml.compose(front, _LOADER)
    if not isinstance(root, yaml.MappingNode) or root.flow_style:
        return {}
    lines = front.splitlines()
    starts = [(key.value, key.start_mark.line) for key, _ in root.value]
    spans = {}
    for (name, start), (_, after) in zip(starts, [*starts[1:], ("", len(lines))], strict=True):
        end = after
        while end > start + 1 and re.match(r"\s*(?:#.*)?$", lines[end - 1]):
            end -= 1
        spans[name] = (start, end)
    return spans


def change_group(lines: str, changes: Mapping[str, str | None], values: Mapping[str, Any] | None = None) -> str | None:
    """Change sub-fields of ``source``.

    Args:
        lines: those of the field, its name included; empty when it is new.
        changes: sub-field → its new lines, not indented, or REMOVED.
        values: all sub-fields as they are now, for a group in one line with brackets.
    Returns: its new lines; REMOVED when nothing is left.
    """
    if lines and is_flow(lines):
        new = {name: yaml.load(text, _LOADER)[name] for name, text in changes.items() if text}
        left = {name: value for name, value in {**(values or {}), **new}.items() if changes.get(name, name)}
        return dumped("source", left, flow=True) if left else REMOVED
    inner = change_fields(inner_lines(lines), changes, ORDER_OF_SOURCE)
    indented = "".join(f"  {line}" if line.strip() else line for line in inner.splitlines(keepends=True))
    return f"source:\n{indented}" if indented.strip() else REMOVED


def change_list(name: str, lines: str, words: Sequence[str]) -> str:
    """A list whose lasting entries keep their lines; new ones go below them.

    Args:
        lines: those of the field, its name included; empty when it is new.
        words: the new entries.
    """
    node = yaml.compose(lines, _LOADER).value[0][1] if lines else None
    if not isinstance(node, yaml.SequenceNode) or node.flow_style:
        return dumped(name, list(words), flow=node is not None)
    kept = lines.splitlines(keepends=True)
    written = {item.start_mark.line: item.value for item in node.value if isinstance(item, yaml.ScalarNode)}
    indent = kept[node.value[0].start_mark.line].partition("-")[0]
    new = [word for word in words if word not in written.values()]
    left = [line for at, line in enumerate(kept) if at not in written or written[at] in words]
    added = yaml.safe_dump(new, allow_unicode=True, width=10_000).splitlines(keepends=True) if new else []
    return "".join([*left, *(indent + line for line in added)])


def inner_lines(lines: str) -> str:
    """The lines of a group without its name and indentation."""
    rest = lines.partition("\n")[2]
    indent = min((len(line) - len(line.lstrip()) for line in rest.splitlines() if line.strip()), default=0)
    return "".join(line[indent:] or "\n" for line in rest.splitlines(keepends=True))


def dumped(name: str, value: Any, flow: bool = False) -> str:
    """The lines of one field."""
    if flow:
        inner = yaml.safe_dump(value, allow_unicode=True, sort_keys=False, width=10_000, default_flow_style=True)
        return f"{name}: {inner}"
    return yaml.safe_dump({name: value}, allow_unicode=True, sort_keys=False, width=10_000)


def is_flow(lines: str) -> bool:
    """Whether the field that *lines* give is written in one line, with brackets."""
    node = yaml.compose(lines, _LOADER).value[0][1]
    return bool(getattr(node, "flow_style", False))


def _place(name: str, spans: Mapping[str, tuple[int, int]], order: Sequence[str], end: int) -> int:
    """The line at which a new field goes: below the last field that comes before it."""
    rank = order.index(name) if name in order else len(order)
    before = [spans[other][1] for other in order[:rank] if other in spans]
    after = [spans[other][0] for other in order[rank + 1 :] if other in spans]
    return max(before) if before else min(after, default=end)
