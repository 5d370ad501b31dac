"""Bring together what an editor and a source have each made of a story since it was last imported."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from plugins.mirror.keep.form import Form, read_form
from plugins.mirror.keep.front_lines import (
    change_fields,
    change_group,
    change_list,
    dumped,
    field_lines,
    inner_lines,
    is_flow,
)

LISTS = frozenset(["tags", "authors", "products", "credits"])
"""Fields whose entries are merged one by one."""

UNIMPORTANT = frozenset(["retrieved"])
"""Fields of ``source`` that change with every pull, and are no reason to touch a file."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A part of a story in its three forms, as text; empty where it is missing.

    Attributes:
        where: ``title``, ``source.name``, ``text``.
        before: at the last import; None when nobody knows.
    """

    where: str
    before: str | None
    here: str
    there: str


@dataclass(frozen=True, slots=True)
class Merged:
    """What came of it.

    Attributes:
        form: the editor's form with the source's changes in it, as far as they do not conflict.
        conflicts: parts that both changed, differently.
        taken: parts that the source alone changed.
    """

    form: Form
    conflicts: tuple[Difference, ...]
    taken: tuple[Difference, ...]


def merge(base: Form | None, ours: Form, theirs: Form) -> Merged:
    """Merge three forms of a story.

    Args:
        base: as it was last imported; None when it never was, so that every difference is a conflict.
        ours: the editor's.
        theirs: the source's new one.
    """
    if not ours.readable:
        return Merged(ours, (Difference("text", None, ours.text, theirs.text),), ())
    taken: list[Difference] = []
    conflicts: list[Difference] = []
    front = _merge_front(base, ours, theirs, taken, conflicts)
    body = _merge_bodies(base.body if base else None, ours.body, theirs.body, taken, conflicts)
    if not taken:
        return Merged(ours, tuple(conflicts), ())
    front = _with_checks(with_source(front, theirs, UNIMPORTANT), base, theirs)
    return Merged(read_form(f"---\n{front}---\n{body}"), tuple(conflicts), tuple(taken))


def same(one: Form, other: Form) -> bool:
    """Whether two forms say the same; when each was fetched, and what to check, is not part of it."""
    return lasting(one.fields) == lasting(other.fields) and _paragraphs(one.body) == _paragraphs(other.body)


# --- Front matter ----------------------------------------------------------------------------------------


def _merge_front(
    base: Form | None, ours: Form, theirs: Form, taken: list[Difference], conflicts: list[Difference]
) -> str:
    """The editor's front matter with the fields that the source changed."""
    before = base.fields if base else None
    new_lines = field_lines(theirs.front)
    old_lines = field_lines(ours.front)
    changes: dict[str, str | None] = {}
    for name in dict.fromkeys([*theirs.fields, *(before or ())]):
        here, there = ours.fields.get(name), theirs.fields.get(name)
        if name == "source" and all(isinstance(value, dict | None) for value in (here, there)):
            old_source = (before or {}).get("source") if before is not None else None
            changes |= _merge_source(
                old_source if before is None or isinstance(old_source, dict) else {},
                here or {},
                there or {},
                (old_lines.get("source", ""), new_lines.get("source", "")),
                taken,
                conflicts,
            )
            continue
        choice = _choose(name, before, here, there, taken, conflicts)
        if choice is _KEEP:
            continue
        changes[name] = _lines_of(name, choice, there, old_lines, new_lines)
    return change_fields(ours.front, changes)


_KEEP = object()
"""Leave the field as the editor has it."""


def _choose(
    name: str,
    before: Mapping[str, Any] | None,
    here: Any,
    there: Any,
    taken: list[Difference],
    conflicts: list[Difference],
    prefix: str = "",
) -> Any:
    """The value that a field gets; _KEEP when it stays."""
    old = before.get(name) if before is not None else None
    if _value(name, here) == _value(name, there) or (before is not None and _value(name, there) == _value(name, old)):
        return _KEEP
    difference = Difference(prefix + name, _shown(old) if before is not None else None, _shown(here), _shown(there))
    if before is not None and name in LISTS:
        gone = [word for word in _value(name, old) if word not in _value(name, there)]
        come = [word for word in _value(name, there) if word not in _value(name, old)]
        result = [word for word in _value(name, here) if word not in gone]
        result += [word for word in come if word not in result]
        if result == list(_value(name, here)):
            return _KEEP
        taken.append(difference)
        return result
    if before is not None and _value(name, here) == _value(name, old):
        taken.append(difference)
        return there
    conflicts.append(difference)
    return _KEEP


def with_source(front: str, other: Form, names: Iterable[str]) -> str:
    """*front* with sub-fields of ``source`` as another form has them, as far as both have them."""
    lines = field_lines(front).get("source", "")
    here = read_form(f"---\n{front}---\n").source
    changes = {
        name: dumped(name, other.source[name]).replace("'", "")
        for name in names
        if here.get(name) and other.source.get(name) and here[name] != other.source[name]
    }
    return change_fields(front, {"source": change_group(lines, changes, here)}) if changes else front


def _merge_source(
    before: Mapping[str, Any] | None,
    here: Mapping[str, Any],
    there: Mapping[str, Any],
    lines: tuple[str, str],
    taken: list[Difference],
    conflicts: list[Difference],
) -> dict[str, str | None]:
    """The change of the field ``source``: its sub-fields are merged one by one."""
    old_lines, new_lines = lines
    own = field_lines(inner_lines(old_lines)) if here and not is_flow(old_lines) else {}
    new = field_lines(inner_lines(new_lines)) if there and not is_flow(new_lines) else {}
    chosen: dict[str, Any] = {}
    for name in dict.fromkeys([*there, *(before or ())]):
        if name not in UNIMPORTANT:
            choice = _choose(name, before, here.get(name), there.get(name), taken, conflicts, "source.")
            if choice is not _KEEP:
                chosen[name] = choice
    if not chosen:
        return {}
    changes = {name: _lines_of(name, value, there.get(name), own, new) for name, value in chosen.items()}
    return {"source": change_group(old_lines, changes, here)}


def _lines_of(name: str, choice: Any, there: Any, old: Mapping[str, str], new: Mapping[str, str]) -> str | None:
    """How a field is written: in the source's very words where it is the source's value."""
    if not choice:
        return None
    if choice == there and name in new:
        return new[name]
    return change_list(name, old.get(name, ""), choice)


def _value(name: str, value: Any) -> Any:
    """A value as it is compared: lists as tuples, a line of words as a list."""
    if name in LISTS:
        words = re.split("[,，、;；]", value) if isinstance(value, str) else value or ()
        return tuple(str(word).strip() for word in words if str(word).strip())
    return " ".join(value.split()) if isinstance(value, str) else value or ""


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return "\n".join(f"{name}: {_shown(inner)}" for name, inner in value.items())
    return ", ".join(map(_shown, value)) if isinstance(value, list) else str(value or "")


def _with_checks(front: str, base: Form | None, theirs: Form) -> str:
    """What an editor should check in the new form; what was checked off before stays so."""
    known = base.checks if base else []
    gone = {line for line in known if line not in theirs.checks}
    lines = [line for line in front.splitlines(keepends=True) if line.rstrip("\n") not in gone]
    present = {line.rstrip("\n") for line in lines}
    new = [f"{line}\n" for line in theirs.checks if line not in known and line not in present]
    return "".join([*new, *lines])


def lasting(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Fields as they are compared, without what changes with every pull."""
    source = fields.get("source")
    found = {name: _value(name, value) for name, value in fields.items() if value}
    if isinstance(source, dict):
        found["source"] = {
            name: _value(name, value) for name, value in source.items() if value and name not in UNIMPORTANT
        }
    return found


# --- Body ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Edit:
    """Paragraphs start:end of the base became *new*."""

    start: int
    end: int
    new: tuple[str, ...]

    def meets(self, other: _Edit) -> bool:
        """Whether both change the same paragraph, or put something at the same place."""
        if self.start == self.end or other.start == other.end:
            if (self.start, self.end) == (other.start, other.end):
                return True
            return self.start < other.end and other.start < self.end
        return self.start < other.end and other.start < self.end


def _merge_bodies(
    base: str | None, ours: str, theirs: str, taken: list[Difference], conflicts: list[Difference]
) -> str:
    """The editor's text with the paragraphs that the source changed."""
    here, there = _paragraphs(ours), _paragraphs(theirs)
    if base is None:
        for edit in _edits(here, there):
            conflicts.append(Difference("text", None, _joined(here[edit.start : edit.end]), _joined(edit.new)))
        return ours
    before = _paragraphs(base)
    own_words = set(here) - set(before)
    own, new = _edits(before, here), _edits(before, there)
    edits: list[_Edit] = []
    incoming = False
    for start, end, of_ours, of_theirs in _groups(own, new):
        result, others = _applied(before, start, end, of_ours), _applied(before, start, end, of_theirs)
        difference = Difference("text", _joined(before[start:end]), _joined(result), _joined(others))
        if of_ours and of_theirs and result != others:
            conflicts.append(difference)
        elif of_theirs and not of_ours:
            # What an editor has taken over already, perhaps elsewhere, does not come a second time.
            result = [paragraph for paragraph in others if paragraph not in own_words]
            if result != before[start:end]:
                taken.append(difference)
                incoming = True
        edits.append(_Edit(start, end, tuple(result)))
    if not incoming:
        return ours
    # Paragraphs are written with one blank line between; where the editor's text starts and ends stays as it was.
    merged = _applied(before, 0, len(before), edits)
    if Counter(merged) - (Counter(here) | Counter(there)):
        # Both moved the same paragraph, each to another place; nobody can tell which is meant.
        conflicts.append(Difference("text", base.strip(), ours.strip(), theirs.strip()))
        return ours
    head = ours[: len(ours) - len(ours.lstrip("\n"))] or "\n"
    tail = ours[len(ours.rstrip()) :] or "\n"
    return head + _joined(merged) + tail


def _paragraphs(text: str) -> list[str]:
    return [block.rstrip() for block in re.split(r"\n[ \t]*(?:\n[ \t]*)*\n", text.strip("\n")) if block.strip()]


def _joined(paragraphs: Iterable[str]) -> str:
    return "\n\n".join(paragraphs)


def _edits(before: Sequence[str], after: Sequence[str]) -> list[_Edit]:
    """What was changed, in order; as many new paragraphs as old ones are taken one by one."""
    edits = []
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        if tag == "equal":
            continue
        if end - start == new_end - new_start:
            edits += [
                _Edit(start + at, start + at + 1, (after[new_start + at],))
                for at in range(end - start)
                if before[start + at] != after[new_start + at]
            ]
        else:
            edits += _aligned(before, after, (start, end), (new_start, new_end))
    return edits


def _aligned(before: Sequence[str], after: Sequence[str], old: tuple[int, int], new: tuple[int, int]) -> list[_Edit]:
    """A changed stretch whose paragraphs were changed and others put in or taken out.

    Paragraphs that resemble each other are the same one, changed, so that a note below a paragraph that the source
    has corrected is no conflict with the correction.
    """
    edits = []
    at, to = old[0], new[0]
    for start in range(*old):
        best = max(range(to, new[1]), key=lambda j: _likeness(before[start], after[j]), default=None)
        if best is None or _likeness(before[start], after[best]) < 0.6:
            continue
        if at < start or to < best:
            edits.append(_Edit(at, start, tuple(after[to:best])))
        edits.append(_Edit(start, start + 1, (after[best],)))
        at, to = start + 1, best + 1
    if at < old[1] or to < new[1]:
        edits.append(_Edit(at, old[1], tuple(after[to : new[1]])))
    return edits


def _likeness(one: str, other: str) -> float:
    matcher = difflib.SequenceMatcher(None, one, other, autojunk=False)
    return matcher.ratio() if matcher.real_quick_ratio() >= 0.6 and matcher.quick_ratio() >= 0.6 else 0.0


def _groups(own: Sequence[_Edit], new: Sequence[_Edit]) -> list[tuple[int, int, list[_Edit], list[_Edit]]]:
    """Edits that meet, together: start and end in the base, ours, theirs."""
    groups: list[tuple[int, int, list[_Edit], list[_Edit]]] = []
    waiting = [(edit, 0) for edit in own] + [(edit, 1) for edit in new]
    waiting.sort(key=lambda one: (one[0].start, one[0].end, one[1]))
    for edit, side in waiting:
        meeting = [group for group in groups if any(edit.meets(other) for other in group[2 + (1 - side)])]
        merged: tuple[int, int, list[_Edit], list[_Edit]] = (edit.start, edit.end, [], [])
        merged[2 + side].append(edit)
        for group in meeting:
            groups.remove(group)
            merged = (
                min(merged[0], group[0]),
                max(merged[1], group[1]),
                [*group[2], *merged[2]],
                [*group[3], *merged[3]],
            )
        groups.append(merged)
    return sorted(groups, key=lambda group: (group[0], group[1]))


def _applied(before: Sequence[str], start: int, end: int, edits: Sequence[_Edit]) -> list[str]:
    """Paragraphs start:end of the base with *edits*, which do not meet."""
    result: list[str] = []
    at = start
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        result += before[at : edit.start]
        result += edit.new
        at = edit.end
    return [*result, *before[at:end]]
