"""Propose stories of two languages that may be one, for an editor to decide; apply what was decided.

``INTO/.mirror/pairs.yaml`` holds the proposals and the editor's answers. Nothing is joined without one.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import yaml

from plugins.mirror.keep import files
from plugins.mirror.keep.figures import figures
from plugins.mirror.keep.form import Form, read_form
from plugins.mirror.keep.front_lines import change_fields, dumped, field_lines, is_flow
from plugins.mirror.keep.identities import read_text, story_files
from plugins.problems import Problem

NAME = ".mirror/pairs.yaml"

WINDOW = 2
"""Days between two versions of one story."""

THRESHOLD = 0.4
"""Score from which a pair is worth an editor's look; 1 is as sure as it gets."""

CLEAR = 0.08
"""By so much a pair must be better than every other of its two stories: of two like ones nobody can tell."""

SHOWN = 6
"""Shared figures and names that a proposal lists."""

_NAME = re.compile(r"(?<![\w’'-])[A-Z][A-Za-z]{2,}(?:[A-Z][a-z]+)*")
_COMMON_WORDS = """
the this that these those there then when while where what who why how for and but nor yet not its his her our your
their they she you all any one two three four five six seven eight nine ten monday tuesday wednesday thursday friday
saturday sunday january february march april may june july august september october november december according after
before from into with will would can could have has had was were are more most some many
"""
_COMMON = frozenset(_COMMON_WORDS.split())
_PICTURE = re.compile(r"!\[[^\]]*\]\(<?([^)>\s]+)")
_ENDING = re.compile(r"\.(?:md|markdown)$")
_HEAD = """\
# Stories in two languages that may be one. After "accept:" write yes or no; the next pull does the rest.
# What you refused is kept here, so that it is not proposed again.
"""


@dataclass(frozen=True, slots=True)
class Version:
    """A story that has no other version yet.

    Attributes:
        path: below content/, without its ending (``en/2024/05/chip``).
        figures: of title and text, in one form for both languages.
        names: in small Latin letters; of a Chinese text also the sounds of two and three characters in a row.
        pictures: names of files.
    """

    path: str
    day: date
    figures: frozenset[str]
    names: frozenset[str]
    pictures: frozenset[str]


@dataclass(frozen=True, slots=True)
class Proposal:
    """Two stories that may be one."""

    zh: str
    en: str
    score: float
    evidence: tuple[str, ...]
    accept: str = ""


def propose_pairs(into: Path) -> tuple[Path, int]:
    """Write what may belong together to ``INTO/.mirror/pairs.yaml``; answers that are there stay.

    Returns: the file, and how many proposals wait for an answer.
    """
    answered, _ = read_pairs(into)
    answered = [one for one in answered if one.accept]
    versions = unpaired(into)
    decided = {path for one in answered if one.accept == "yes" for path in (one.zh, one.en)}
    versions = [one for one in versions if one.path not in decided]
    refused = {(one.zh, one.en) for one in answered if one.accept == "no"}
    waiting = match(
        [one for one in versions if one.path.startswith("zh/")],
        [one for one in versions if one.path.startswith("en/")],
        refused,
    )
    _write(into, [*waiting, *answered])
    return into / NAME, len(waiting)


def apply_pairs(into: Path) -> tuple[list[str], list[Problem]]:
    """Join the pairs that an editor has accepted: the Chinese version names the path of the English one.

    Neither file is moved, so that no address changes and no link breaks.

    Returns: the files that were changed, and a Problem for each answer that cannot be followed.
    """
    proposals, problems = read_pairs(into)
    changed: list[str] = []
    left = []
    for one in proposals:
        if one.accept != "yes":
            left.append(one)
            continue
        problem = _join(into, one, changed)
        if problem is not None:
            problems.append(problem)
            left.append(one)
    if len(left) != len(proposals):
        _write(into, left)
    return changed, problems


def read_pairs(into: Path) -> tuple[list[Proposal], list[Problem]]:
    """The proposals and answers, and a Problem with its line for each entry that cannot be read."""
    path = into / NAME
    shown = path.as_posix()
    try:
        root = yaml.compose(path.read_text(encoding="utf-8-sig"), yaml.SafeLoader)
    except FileNotFoundError:
        return [], []
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 0
        return [], [Problem(shown, line, "this is not YAML.", "Mend the line, or delete the file and propose again.")]
    found, problems = [], []
    for entry in _entries(root):
        values = {key.value: value for key, value in entry.value} if isinstance(entry, yaml.MappingNode) else {}
        texts = {name: node.value for name, node in values.items() if isinstance(node, yaml.ScalarNode)}
        line = entry.start_mark.line + 1
        if not texts.get("zh", "").startswith("zh/") or not texts.get("en", "").startswith("en/"):
            problems.append(Problem(shown, line, "the entry does not name two stories.", 'Write "zh: …" and "en: …".'))
            continue
        accept = {"yes": "yes", "true": "yes", "no": "no", "false": "no", "": "", "null": "", "~": ""}.get(
            texts.get("accept", "").strip().lower()
        )
        if accept is None:
            at = values["accept"].start_mark.line + 1
            problems.append(Problem(shown, at, f'accept "{texts["accept"]}" is no answer.', "Write yes or no."))
        evidence = values.get("evidence")
        words = [node.value for node in evidence.value] if isinstance(evidence, yaml.SequenceNode) else []
        score = float(texts["score"]) if re.fullmatch(r"\d(?:\.\d+)?", texts.get("score", "")) else 0.0
        found.append(Proposal(texts["zh"], texts["en"], score, tuple(map(str, words)), accept or ""))
    return found, problems


# --- What is compared ------------------------------------------------------------------------------------


def unpaired(into: Path) -> list[Version]:
    """The stories that readers may see and that have no other version; English ones first."""
    fields = {
        _ENDING.sub("", path): _read(into / path).fields
        for language in ("en", "zh")
        for path, _ in story_files(into / language, language)
    }
    named = {_of(one) for one in fields.values()} - {""}
    versions: list[Version] = []
    # Only sounds that some English story has as a name are kept of a Chinese one, or they would fill the memory.
    known: set[str] = set()
    for path, given in fields.items():
        language, _, key = path.partition("/")
        other = f"{'zh' if language == 'en' else 'en'}/{key}"
        day = re.match(r"\d{4}-\d\d-\d\d", str(given.get("date", "")))
        alone = other not in fields and key not in named and not _of(given)
        if day and alone and given.get("status") != "withdrawn":
            file = next(file for ending in (".md", ".markdown") if (file := into / f"{path}{ending}").exists())
            one = version_of(path, _read(file), date.fromisoformat(day[0]), known)
            if language == "en":
                known |= one.names
            versions.append(one)
    return versions


def version_of(path: str, form: Form, day: date, known: Collection[str]) -> Version:
    """What a story is compared by; of a Chinese one the sounds that are among the *known* names."""
    lang = path.partition("/")[0]
    image = form.fields.get("image")
    pictures = _PICTURE.findall(form.body)
    if isinstance(image, dict) and image.get("src"):
        pictures.append(str(image["src"]))
    text = f"{form.fields.get('title', '')}\n{form.fields.get('summary', '')}\n{_PICTURE.sub(' ', form.body)}"
    text = re.sub(r"\]\([^)]*\)", "]", text)
    return Version(
        path=path,
        day=day,
        figures=figures(text, lang),
        names=frozenset(_sounds(text, known) if lang == "zh" else _names(text)),
        pictures=frozenset(_picture_name(src) for src in pictures),
    )


def _names(text: str) -> set[str]:
    return {name.lower() for name in _NAME.findall(text)} - _COMMON


def _sounds(text: str, known: Collection[str]) -> set[str]:
    """Names in Latin letters, and what two and three characters in a row sound like."""
    found = _names(text).intersection(known)
    for run in re.findall(r"[\u3400-\u9fff]{2,}", text):
        readings = [_readings(character) for character in run]
        for size in (2, 3):
            for at in range(len(run) - size + 1):
                found.update(name for name in map("".join, product(*readings[at : at + size])) if name in known)
    return found


@cache
def _readings(character: str) -> tuple[str, ...]:
    """How a character sounds, the two most frequent ways: 重 is chong in 重庆."""
    # Imported here: the dictionary takes longer to load than all else that most pulls do.
    from pypinyin import Style, pinyin

    return tuple(pinyin(character, style=Style.NORMAL, heteronym=True)[0][:2])


def _read(file: Path) -> Form:
    return read_form(read_text(file.read_bytes()))


def _picture_name(src: str) -> str:
    """The name of a file, without the size that a rendition adds to it."""
    return re.sub(r"[-_@]\d+(?:x\d+|w)?(?=\.\w+$)", "", src.partition("?")[0].rpartition("/")[2]).rpartition(".")[0]


# --- How it is compared ----------------------------------------------------------------------------------


def match(
    chinese: Sequence[Version], english: Sequence[Version], refused: Iterable[tuple[str, str]] = ()
) -> list[Proposal]:
    """The pairs above the threshold, each story in one at most, the best first."""
    weights = _weights(chinese, english)
    by_day: dict[date, list[Version]] = defaultdict(list)
    for one in english:
        by_day[one.day].append(one)
    refused = set(refused)
    scored: list[Proposal] = []
    for zh in chinese:
        for distance in range(-WINDOW, WINDOW + 1):
            for en in by_day.get(zh.day + timedelta(days=distance), ()):
                if (zh.path, en.path) not in refused:
                    scored.append(compare(zh, en, weights))
    best: dict[str, list[float]] = defaultdict(list)
    for one in scored:
        best[one.zh].append(one.score)
        best[one.en].append(one.score)
    runner_up = {path: sorted(scores)[-2] if len(scores) > 1 else 0.0 for path, scores in best.items()}
    taken: set[str] = set()
    proposals = []
    for one in sorted(scored, key=lambda one: (-one.score, one.zh, one.en)):
        clear = one.score - max(runner_up[one.zh], runner_up[one.en]) >= CLEAR
        if one.score >= THRESHOLD and clear and not {one.zh, one.en} & taken:
            taken |= {one.zh, one.en}
            proposals.append(one)
    return proposals


def compare(zh: Version, en: Version, weights: Mapping[str, float]) -> Proposal:
    """How likely two stories are one, from 0 to 1, and why."""

    def weight(words: Iterable[str]) -> float:
        return sum(weights.get(word, 0.0) for word in words)

    shared = zh.figures & en.figures
    names = zh.names & en.names
    pictures = zh.pictures & en.pictures
    total = weight(zh.figures) + weight(en.figures)
    alike = 2 * weight(shared) / total if total else 0.0
    score = 0.5 * alike * min(1.0, len(shared) / 2) + 0.4 * min(1.0, weight(names) / 2.5) + 0.5 * bool(pictures)
    score += 0.1 * (1 - abs((zh.day - en.day).days) / (WINDOW + 1)) if shared or names or pictures else 0.0
    evidence = [f"same day, {zh.day}" if zh.day == en.day else f"{zh.day} and {en.day}"]
    for heading, words in (("figures", shared), ("names", names), ("pictures", pictures)):
        if words:
            listed = sorted(words, key=lambda word: (-weights.get(word, 0.0), word))[:SHOWN]
            evidence.append(f"{heading}: {', '.join(map(_said, listed))}")
    return Proposal(zh.path, en.path, round(min(score, 1.0), 2), tuple(evidence))


def _weights(chinese: Sequence[Version], english: Sequence[Version]) -> dict[str, float]:
    """Figure or name → how much it tells, from 0 (in every story) to 1 (in one of many)."""
    counts: Counter[str] = Counter()
    for one in english:
        counts.update(one.figures | one.names)
    known = set(counts)
    for one in chinese:
        counts.update(known & one.figures | known & one.names)
        counts.update(one.figures - known)
    most = math.log(len(chinese) + len(english) + 2)
    return {word: max(0.0, 1 - math.log(max(1, count / 2)) / most) for word, count in counts.items()}


def _said(word: str) -> str:
    """A figure as people write it."""
    if word.startswith("day "):
        month, day = word[4:].split("-")
        return f"{month}/{day}"
    try:
        return f"{float(word):,.10g}"
    except ValueError:
        return word


# --- Files -----------------------------------------------------------------------------------------------


def _entries(root: yaml.Node | None) -> list[yaml.Node]:
    for key, value in root.value if isinstance(root, yaml.MappingNode) else ():
        if key.value == "pairs" and isinstance(value, yaml.SequenceNode):
            return value.value
    return []


def _write(into: Path, proposals: Sequence[Proposal]) -> None:
    entries = [
        {"zh": one.zh, "en": one.en, "score": one.score, "evidence": list(one.evidence), "accept": one.accept or None}
        for one in proposals
    ]
    text = yaml.safe_dump({"pairs": entries}, allow_unicode=True, sort_keys=False, width=10_000)
    # The words an editor writes, not those of YAML.
    text = re.sub(r"accept: null$", "accept:", text, flags=re.MULTILINE)
    text = re.sub(r"accept: '(yes|no)'$", r"accept: \1", text, flags=re.MULTILINE)
    path = into / NAME
    if not path.exists() or path.read_text(encoding="utf-8") != _HEAD + text:
        files.write_whole(into, NAME, _HEAD + text)


def _join(into: Path, one: Proposal, changed: list[str]) -> Problem | None:
    """Write into the Chinese file which its other version is."""
    shown = (into / NAME).as_posix()
    zh, en = (f"{path}.md" for path in (one.zh, one.en))
    for path in (zh, en):
        if not (into / path).is_file():
            fix = "Remove the entry, or write where the story is now."
            return Problem(shown, 0, f'story "{path}" does not exist.', fix)
    key = one.en.partition("/")[2]
    if one.zh.partition("/")[2] == key:
        return None
    for path in (zh, f".mirror/imported/{zh}"):
        if not (into / path).is_file():
            continue
        data = (into / path).read_bytes()
        form = read_form(read_text(data))
        if _of(form.fields) == key:
            continue
        if not form.readable or _of(form.fields):
            fix = "Mend its translation by hand, and remove the entry."
            return Problem(shown, 0, f'story "{path}" names another version already.', fix)
        text = replace(form, front=_with_translation(form, key)).text
        if b"\r\n" in data:
            text = text.replace("\n", "\r\n")
        files.write_whole(into, path, text)
        if path == zh:
            changed.append(path)
    return None


def _with_translation(form: Form, key: str) -> str:
    """The front matter with the path of the other version."""
    lines = field_lines(form.front).get("translation", "")
    group: Any = form.fields.get("translation")
    value = {"of": key} | (group if isinstance(group, dict) else {}) | {"of": key}
    return change_fields(form.front, {"translation": dumped("translation", value, flow=bool(lines) and is_flow(lines))})


def _of(fields: Mapping[str, Any]) -> str:
    translation = fields.get("translation")
    return str(translation.get("of", "")) if isinstance(translation, dict) else ""
