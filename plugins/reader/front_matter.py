"""The fields above a text: YAML between two lines ``---``, read so that every mistake has its line."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import yaml

from plugins.problems import did_you_mean
from plugins.reader.chinese import join_chinese_words
from plugins.reader.place import Note
from plugins.reader.sanitise import is_remote
from plugins.reader.story import Correction, FurtherSource, Image, Source, Translation


# We need the words as written ("2024", "no", "1.10"), so the loader that guesses no types, and twice as fast.
class _Loader(getattr(yaml, "CBaseLoader", yaml.BaseLoader)):  # type: ignore[misc]
    """Asks for no tags either: nobody here looks at them."""

    def descend_resolver(self, current_node: yaml.Node | None, current_index: object) -> None:
        pass

    def ascend_resolver(self) -> None:
        pass

    def resolve(self, kind: type[yaml.Node], value: str | None, implicit: object) -> str:
        return ""


# Lines as str.rstrip leaves "---" of them.
_START = re.compile(r"---[^\S\n]*(?:\n|\Z)")
_END = re.compile(r"\n---[^\S\n]*(?:\n|\Z)")
_BLANKS = re.compile(r"[ \t\n]+")
_COMMAS = re.compile("[,，、;；]")
_CHINESE_COMMAS = re.compile("[，、；]")

LONGEST = 20_000
"""Characters. More is a text whose second ``---`` is missing; and libyaml dies of deep nesting."""


class FrontMatter(NamedTuple):
    """What stands above a text.

    Attributes:
        values: field → value, ready for Story; only fields that could be read.
        lines: every given field → 1-based line, ``image.src`` and so on too; ``body`` → the text.
        text: the rest of the file; None when it cannot be told where that starts.
        readable: whether all fields that Story needs were read.
    """

    values: Mapping[str, Any]
    lines: Mapping[str, int]
    text: str | None
    readable: bool


class Entry(NamedTuple):
    """One value that an editor wrote.

    Attributes:
        name: of its field, with the field around it (``image.src``).
        node: what YAML saw.
        zone: time zone of dates that give none.
        note: is told what is wrong.
        lines: name of every field of the file → its line; grows while fields are read.
    """

    name: str
    node: yaml.Node
    zone: ZoneInfo
    note: Note
    lines: dict[str, int]

    @property
    def line(self) -> int:
        """1-based line in the file; the front matter starts below its first ``---``."""
        return self.node.start_mark.line + 2

    def other(self, node: yaml.Node) -> Entry:
        """An entry of the same name that says *node*."""
        return Entry(self.name, node, self.zone, self.note, self.lines)

    def problem(self, what: str, fix: str) -> None:
        """Note that this value *what*, after its name and words: ``date "soon" is not a date.``"""
        words = ""
        if isinstance(self.node, yaml.ScalarNode):
            value = " ".join(self.node.value.split())
            words = f' "{value}"' if len(value) <= 60 else f' "{value[:60]}…"'
        self.note(self.line, f"{self.name}{words} {what}", fix)


# Parsers: Entry → value, or None after having noted a Problem.


def text(entry: Entry) -> str | None:
    """One line of text; lines of a folded value are joined, in Chinese without a space."""
    if not isinstance(entry.node, yaml.ScalarNode):
        kind = "a list" if isinstance(entry.node, yaml.SequenceNode) else "a group of fields"
        entry.problem(f"is {kind}.", 'Write plain text, in quotes if it contains ": " or starts with "[" or "{".')
        return None
    words = entry.node.value
    if "\n" in words or "\t" in words or "  " in words:
        words = _BLANKS.sub(" ", words)
    words = words.strip()
    folded = entry.node.start_mark.line != entry.node.end_mark.line
    return join_chinese_words(words) if folded else words


def texts(entry: Entry) -> tuple[str, ...] | None:
    """A list, or one line that is split at commas and semicolons, Western or Chinese; each word once.

    A word that contains a comma has to stand in a list, and in quotes when the comma is Chinese.
    """
    if not isinstance(entry.node, yaml.SequenceNode):
        value = text(entry)
        return value and _distinct(_COMMAS.split(value))
    found = []
    for node in entry.node.value:
        item = entry.other(node)
        if _is_empty(node):
            item.note(item.line, f"{entry.name} has an empty entry.", "Remove it.")
        elif (value := text(item)) is not None:
            # YAML splits [芯片，汽车] at no Chinese comma, but its writer meant two words.
            found += [value] if _is_quoted(node) else _CHINESE_COMMAS.split(value)
    return _distinct(found)


def _distinct(words: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word.strip() for word in words if word.strip()))


_MOMENT = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)"
    r"(?:(?:T|t| +)(\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?"
    r"(?: *(?:([Zz])|([+-])(\d\d)(?::?(\d\d))?))?)?",
    re.ASCII,
)


def moment(entry: Entry) -> datetime | None:
    """A day (at 00:00) or a day and a time, in the time zone that it gives, else in that of the site."""
    value = text(entry)
    if value is None:
        return None
    form = "Write it as YYYY-MM-DD or YYYY-MM-DD HH:MM."
    match = _MOMENT.fullmatch(value)
    if match is None:
        entry.problem("is not a date.", form)
        return None
    year, month, day, hour, minute, second, utc, sign, hours, minutes = match.groups()
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        entry.problem("is not a calendar day.", form)
        return None
    if not 1900 <= found.year <= 2999:
        entry.problem("lies outside of the years 1900 to 2999.", form)
        return None
    zone = UTC if utc else entry.zone
    try:
        if sign:
            offset = timedelta(hours=int(hours), minutes=int(minutes or 0))
            zone = timezone(-offset if sign == "-" else offset)
        return datetime.combine(found, time(int(hour or 0), int(minute or 0), int(second or 0), tzinfo=zone))
    except ValueError:
        entry.problem("is not a time of day.", form)
        return None


def day(entry: Entry) -> date | None:
    """A calendar day; a time of day is allowed and dropped."""
    found = moment(entry)
    return found and found.date()


def one_of(*known: str) -> Callable[[Entry], str | None]:
    """A parser of one of the *known* words."""

    def choice(entry: Entry) -> str | None:
        value = text(entry)
        if value is None or value in known:
            return value
        listed = f"{', '.join(known[:-1])} or {known[-1]}"
        entry.problem("is not known.", did_you_mean(value.lower(), known, f"Write {listed}."))
        return None

    return choice


def yes_or_no(entry: Entry) -> bool | None:
    """``true`` or ``false``."""
    word = one_of("true", "false")(entry)
    return None if word is None else word == "true"


def web_address(entry: Entry) -> str | None:
    """An address that readers can open."""
    value = text(entry)
    if value is None or re.fullmatch(r"https?://[^\s/?#]+\S*", value):
        return value
    entry.problem("is not a web address.", "Copy it whole from the browser, with https:// in front.")
    return None


def picture(entry: Entry) -> str | None:
    """A file below content/, because readers are promised no requests to other hosts."""
    value = text(entry)
    if value is None:
        return None
    if is_remote(value):
        entry.problem("lies on another host.", 'Save the picture in content/images/ and write "images/…".')
        return None
    return value.lstrip("/")


def version(entry: Entry) -> str | None:
    """The other version's path without ``.md``, below its language folder."""
    value = text(entry)
    if value is None:
        return None
    bare = re.sub(r"\.(?:md|markdown)$", "", value)
    if is_remote(bare) or re.search(r"(?:^|/)\.{0,2}(?:/|$)|\s", bare):
        entry.problem("is not the path of a story.", 'Write it without language and ending: "2024/05/chip".')
        return None
    return bare


@dataclass(frozen=True, slots=True)
class Field:
    """How a field is read.

    Attributes:
        parse: its parser.
        required: its absence is a Problem.
        blank: an empty text in quotes says something, so it is a value.
    """

    parse: Callable[[Entry], Any]
    required: bool = False
    blank: bool = False


def group(make: Callable[..., Any], fields: Mapping[str, Field]) -> Callable[[Entry], Any]:
    """A parser of a group of *fields*, of which *make* makes one value."""

    def grouped(entry: Entry) -> Any:
        if not isinstance(entry.node, yaml.MappingNode):
            entry.problem("is not a group of fields.", f"Write below it, indented: {_examples(fields)}.")
            return None
        values, complete = read_fields(entry, fields, f"{entry.name}.")
        return make(**values) if complete else None

    return grouped


def groups(make: Callable[..., Any], fields: Mapping[str, Field]) -> Callable[[Entry], tuple | None]:
    """A parser of a list of groups."""
    one = group(make, fields)

    def listed(entry: Entry) -> tuple | None:
        if not isinstance(entry.node, yaml.SequenceNode):
            entry.problem("is not a list.", f'Write below it, each entry after a "- ": {_examples(fields)}.')
            return None
        found = [one(entry.other(node)) for node in entry.node.value]
        return tuple(value for value in found if value is not None)

    return listed


def _examples(fields: Mapping[str, Field]) -> str:
    required = [f'"{name}: …"' for name, field in fields.items() if field.required]
    return ", ".join(required or fields)


IMAGE = {
    "src": Field(picture, required=True),
    "alt": Field(text, required=True, blank=True),
    "credit": Field(text),
}

ALSO = {"name": Field(text), "url": Field(web_address)}

SOURCE = {
    "name": Field(text),
    "url": Field(web_address),
    "retrieved": Field(moment),
    "permission": Field(one_of("full", "excerpt", "none")),
    "indexing": Field(yes_or_no),
    "title": Field(text),
    "dateline": Field(text),
    "notice": Field(text),
    "credits": Field(texts),
    "also": Field(groups(FurtherSource, ALSO)),
}


def source(entry: Entry) -> Source | None:
    """Where a story came from; who mirrors a page on which no paper is named has the day only."""
    if isinstance(entry.node, yaml.ScalarNode):
        entry.problem("is not a group of fields.", 'Write below it, indented: "name: …".')
        return None
    found = group(Source, SOURCE)(entry)
    if found is not None and not found.name and found.retrieved is None:
        entry.problem("has no name.", 'Add "name: …", the paper or agency.')
        return None
    return found


TRANSLATION = {"of": Field(version), "by": Field(one_of("human", "machine")), "source_hash": Field(text)}

CORRECTION = {"date": Field(day, required=True), "text": Field(text, required=True)}

STORY = {
    "title": Field(text, required=True),
    "date": Field(moment),
    "category": Field(text),
    "modified": Field(moment),
    "summary": Field(text),
    "authors": Field(texts),
    "tags": Field(texts),
    "products": Field(texts),
    "image": Field(group(Image, IMAGE)),
    "kicker": Field(text),
    "status": Field(one_of("published", "draft", "hidden", "withdrawn")),
    "source": Field(source),
    "translation": Field(group(Translation, TRANSLATION)),
    "corrections": Field(groups(Correction, CORRECTION)),
}

_PAGE = ("title", "summary", "image", "date", "modified", "status", "translation", "corrections")

KINDS: dict[str, dict[str, Field]] = {
    "story": STORY,
    "product": {name: STORY[name] for name in (*_PAGE, "category", "tags", "source")},
    "page": {name: STORY[name] for name in _PAGE},
}
"""Kind → its fields. Date and category may come from the other version, so they are not required here."""

INSTEAD = {
    "author": "authors",
    "description": "summary",
    "excerpt": "summary",
    "keywords": "tags",
    "tag": "tags",
    "section": "category",
    "updated": "modified",
    "subtitle": "kicker",
    "标题": "title",
    "日期": "date",
    "分类": "category",
    "摘要": "summary",
    "作者": "authors",
    "标签": "tags",
    "来源": "source",
}
"""Names from elsewhere → ours."""

NEEDLESS = {
    "lang": "Remove it: the folder decides the language.",
    "language": "Remove it: the folder decides the language.",
    "slug": "Remove it: the file name is the slug.",
    "url": "Remove it: folder and file name are the address.",
    "draft": 'Write "status: draft" instead.',
    "published": 'Write "status: published" instead.',
}
"""Names from elsewhere → what to do, where no field of ours is meant."""


def read_front_matter(content: str, kind: str, zone: ZoneInfo, note: Note) -> FrontMatter:
    """Read the fields above a text.

    Args:
        content: the whole file, lines ending in ``\\n``.
        kind: ``story``, ``product`` or ``page``; decides which fields there are.
        zone: of dates that give none.
        note: is told everything that is wrong.
    """
    start = _START.match(content)
    if start is None:
        fix = 'Start the file with a line "---", the fields, and another line "---".'
        note(1, "the file does not start with front matter.", fix)
        return FrontMatter({}, {"body": 1}, content, False)
    end = _END.search(content, start.end() - 1)
    if end is None:
        note(1, "the front matter that starts here does not end.", 'Write a line "---" below the last field.')
        return FrontMatter({}, {"body": content.count("\n") + 1}, None, False)
    below = content[end.end() :]
    lines_of = {"body": content.count("\n", 0, end.start()) + 3}

    # YAML ends lines at these two as well; then its lines would not be those of the file.
    block = content[start.end() : end.start()].replace("\u2028", " ").replace("\u2029", " ")
    if len(block) > LONGEST:
        fix = 'Write a line "---" below the last field, and the text below that.'
        note(1, f"the front matter is longer than {LONGEST} characters.", fix)
        return FrontMatter({}, lines_of, below, False)
    values, complete = _read_lines(block, KINDS[kind], zone, lines_of), True
    if values is None:
        try:
            root = yaml.compose(block, _Loader)
        except (yaml.YAMLError, RecursionError) as error:
            note(*_explain(error, block.split("\n")))
            return FrontMatter({}, lines_of, below, False)
        if root is None:
            root = yaml.MappingNode("", [], yaml.Mark("", 0, -1, 0, None, None))
        if not isinstance(root, yaml.MappingNode):
            note(2, "the front matter has no fields.", _FORM)
            return FrontMatter({}, lines_of, below, False)
        values, complete = read_fields(Entry("", root, zone, note, lines_of), KINDS[kind], "", kind)

    started, modified = values.get("date"), values.get("modified")
    if started and modified and modified < started:
        what = f"modified {modified:%Y-%m-%d %H:%M} is earlier than date {started:%Y-%m-%d %H:%M}."
        note(lines_of["modified"], what, "Mend one of them.")
    return FrontMatter(values, lines_of, below, complete)


# A field that YAML reads the same whatever stands above and below it: words in quotes without escapes, words that begin
# with a letter or digit, a list of such words, any list or group on one line. An anchor may be set only once in a file,
# so "&" is none of that.
_ITEM = r"""(?:"([^"\\]*)"|([^\W_][^"',:#\[\]{}]*+))[ ]*"""
_ITEMS = re.compile(_ITEM)
_LINE = re.compile(
    rf"""
    ([a-z_]+):[ ]+
    (?:"([^"\\]*)"|([^\W_](?:[^:#]|:(?=[^ ]))*+)|\[[ ]*({_ITEM}(?:,[ ]*{_ITEM})*+)\]|\[[^&]*\]|\{{[^&]*\}})
    [ ]*
    """,
    re.VERBOSE,
)
_ANY_LINE = yaml.Mark("", 0, 0, 0, None, None)


def _read_lines(
    block: str, fields: Mapping[str, Field], zone: ZoneInfo, lines_of: dict[str, int]
) -> dict[str, Any] | None:
    """Read front matter in which each line is a field, in half of the time that YAML takes.

    Args:
        block: the front matter.
        fields: those that there are.
        zone: of dates that give none.
        lines_of: is told where fields are.
    Returns: values by name; None where anything is unusual or wrong, which YAML and read_fields know to tell.
    """
    if not block.replace("\n", " ").isprintable():
        return None
    values: dict[str, Any] = {}
    lines: dict[str, int] = {}
    try:
        for number, line in enumerate(block.split("\n"), 2):
            match = _LINE.fullmatch(line)
            if match is None:
                return None
            name, quoted, plain, items = match.group(1, 2, 3, 4)
            if name not in fields or name in values:
                return None
            if quoted is None and plain is None and items is None:
                values[name], names = _read_line(line, zone)
                lines.update(dict.fromkeys(names, number))
            else:
                node = _scalar(quoted, plain) if items is None else _list(items)
                values[name] = _value(name, node, zone, lines)
                lines[name] = number
    except _Unusual:
        return None
    for name, field in fields.items():
        if field.required and name not in values:
            return None
    lines_of.update(lines)
    return values


def _scalar(quoted: str | None, plain: str | None) -> yaml.ScalarNode:
    return yaml.ScalarNode("", plain or quoted, _ANY_LINE, _ANY_LINE, "" if plain else '"')


def _list(items: str) -> yaml.SequenceNode:
    nodes = [_scalar(quoted, plain) for quoted, plain in _ITEMS.findall(items)]
    return yaml.SequenceNode("", nodes, _ANY_LINE, _ANY_LINE)


class _Unusual(Exception):
    """YAML and read_fields have to look at it."""


def _unusual(line: int, what: str, fix: str) -> None:
    raise _Unusual


@lru_cache(maxsize=1_000)
def _read_line(line: str, zone: ZoneInfo) -> tuple[Any, tuple[str, ...]]:
    """The value of a list or group that stands on one line, and all names given there.

    Remembered, because most sources are those of another story too.

    Raises: _Unusual.
    """
    try:
        ((key, node),) = yaml.compose(line, _Loader).value
    except (yaml.YAMLError, RecursionError):
        raise _Unusual from None
    names: dict[str, int] = {key.value: 0}
    return _value(key.value, node, zone, names), tuple(names)


def _value(name: str, node: yaml.Node, zone: ZoneInfo, lines: dict[str, int]) -> Any:
    """The value of the field *name* that says *node*.

    Raises: _Unusual when anything is wrong with it.
    """
    if _is_empty(node):
        raise _Unusual
    return STORY[name].parse(Entry(name, node, zone, _unusual, lines))


def read_fields(entry: Entry, fields: Mapping[str, Field], prefix: str, kind: str = "") -> tuple[dict[str, Any], bool]:
    """Read a group of fields.

    Args:
        entry: the group; its node is a mapping.
        fields: those that there are.
        prefix: put before names in Problems (``image.``).
        kind: of the file, when the group is the whole front matter.
    Returns: values by name, and whether nothing required is missing among them.
    """
    values: dict[str, Any] = {}
    given: dict[str, int] = {}
    for key, node in entry.node.value:
        name = key.value if isinstance(key, yaml.ScalarNode) else ""
        at = key.start_mark.line + 2
        if name not in fields:
            entry.note(at, *_unknown(name, fields, prefix, kind))
            continue
        if name in given:
            fix = f"The first is in line {given[name]}. Keep one of them."
            entry.note(at, f"{prefix}{name} is given twice.", fix)
            continue
        field = fields[name]
        if _is_empty(node) and not (field.blank and _is_quoted(node)):
            if field.required:
                given[name] = at
                entry.note(at, f"{prefix}{name} is empty.", _how_to_give(name))
            continue
        given[name] = entry.lines[prefix + name] = at
        value = field.parse(Entry(prefix + name, node, entry.zone, entry.note, entry.lines))
        if value is not None:
            values[name] = value
    for name, field in fields.items():
        if field.required and name not in given:
            entry.note(1 if kind else entry.line, f"{prefix}{name} is missing.", _how_to_give(name))
    return values, all(name in values for name, field in fields.items() if field.required)


def _is_empty(node: yaml.Node) -> bool:
    if not isinstance(node, yaml.ScalarNode):
        return not node.value
    return not node.value.strip() or (not _is_quoted(node) and node.value in ("~", "null"))


def _is_quoted(node: yaml.Node) -> bool:
    """Whether the words stand in quotes, or in a block that keeps them as they are; lists and groups never do."""
    return isinstance(node, yaml.ScalarNode) and bool(node.style)


def _how_to_give(name: str) -> str:
    if name == "alt":
        return 'Add "alt: …", what the picture shows; or alt: "" when it is an ornament.'
    return f'Add "{name}: …".'


def _unknown(name: str, fields: Mapping[str, Field], prefix: str, kind: str) -> tuple[str, str]:
    """What to say of a field that there is not: what and fix."""
    word = name.strip().lower()
    fix = f"Fields are {', '.join(fields)}."
    if not name:
        return "there is a field without a name.", _FORM
    if kind and name in STORY:
        return f'a {kind} has no field "{name}".', f"Remove it. {fix}"
    if kind and word in NEEDLESS:
        return f'there is no field "{name}".', NEEDLESS[word]
    if INSTEAD.get(word) in fields:
        return f'there is no field "{prefix}{name}".', f'Did you mean "{INSTEAD[word]}"?'
    return f'there is no field "{prefix}{name}".', did_you_mean(word, fields, f"Remove it. {fix}")


_FORM = 'Write each field as "name: value" on a line of its own.'
_FIELD = r"\s*(?:- +)?(?P<name>[^\s:：\"'#]+)"
_UNCLOSED = _FIELD + r""":\s+(?:"(?:[^"\\]|\\.)*|'[^']*)$"""
_CAUSES = [
    (
        _FIELD + "：",
        "after {name} there is a full-width colon.",
        'Write "{name}: " with a colon and a space.',
    ),
    (
        _FIELD + r":[^\s:/]",
        "after {name}: there is no space.",
        'Write "{name}: " with a space after the colon.',
    ),
    (
        _FIELD + r":\s+\[",
        '{name} starts with "[", and the list that this begins is broken.',
        'Put commas between its words and "]" at its end; put a text that starts with "[" in quotes.',
    ),
    (
        _FIELD + r":\s+\{",
        '{name} starts with "{{", and the group that this begins is broken.',
        'Put commas between its fields and "}}" at its end; put a text that starts with "{{" in quotes.',
    ),
    (
        _FIELD + r":\s+(?P<mark>[@`%&*!|>,?\]}-])",
        '{name} starts with "{mark}", which has a meaning of its own in YAML.',
        'Put the {name} in quotes: {name}: "…".',
    ),
    (
        _FIELD + r":\s+\"(?:[^\"\\]|\\.)*\\[^\"\\/abefnrtvxuUNLP_0 ]",
        'there is a "\\" before a character that needs none.',
        'Write "\\\\" for one "\\", or put the {name} in single quotes.',
    ),
    (
        _FIELD + r":\s+[\"']",
        "the quotation marks around {name} do not match.",
        "Put the {name} between one pair of quotes, and use “ ” inside.",
    ),
    (_FIELD + r":\s.*:(?:\s|$)", "{name} contains a colon.", 'Put the {name} in quotes: {name}: "…".'),
    (
        r"[^:]*$",
        "the line is not a field.",
        'Write "name: value", or close the front matter above it with a line "---".',
    ),
]
"""Pattern of a line that YAML cannot read, what is wrong, fix: the first that matches explains it."""


def _explain(error: Exception, lines: list[str]) -> tuple[int, str, str]:
    """YAML's complaint in words that help: line in the file, what and fix."""
    mark = getattr(error, "problem_mark", None)
    at = min(mark.line, len(lines) - 1) if mark else 0
    if re.match(r" *\t", lines[at]):
        return at + 2, "the line starts with a tab.", "Indent with spaces."
    opened = getattr(error, "context_mark", None)
    # YAML complains where it lost its way: below an open quote or bracket, or below a line without a colon.
    around = [min(opened.line, len(lines) - 1)] if opened and "block mapping" not in error.context else []
    unclosed = (n for n in range(at + 1) if re.match(_UNCLOSED, lines[n]))
    for number in [*unclosed, *around, at, max(at - 1, 0)]:
        if _is_broken(lines[number]):
            for pattern, what, fix in _CAUSES:
                if match := re.match(pattern, lines[number]):
                    names = match.groupdict()
                    return number + 2, what.format(**names), fix.format(**names)
        elif lines[number].startswith(" "):
            fix = 'Start fields of one group in the same column; put a text that contains ": " in quotes.'
            return number + 2, "the line is not indented like its neighbours.", fix
    return at + 2, "YAML cannot understand the line.", _FORM


def _is_broken(line: str) -> bool:
    """Whether *line* would be wrong in every neighbourhood."""
    try:
        return isinstance(yaml.compose(line.strip(), _Loader), yaml.ScalarNode)
    except (yaml.YAMLError, RecursionError):
        return True
