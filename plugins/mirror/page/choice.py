"""Choose among the candidates by evidence: a kind is a function of one candidate, `WEIGHTS` says what it counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import accumulate
from math import log1p

from plugins.mirror.page.candidates import Candidate, Scene
from plugins.mirror.page.wording import ends_the_text


class Sums:
    """Sums over intervals of leaves, each a difference of two numbers."""

    def __init__(self, scene: Scene, found: list[Candidate]) -> None:
        leaves, worth = scene.all, scene.worth
        taken = scene.by_trafilatura or [False] * len(leaves)
        self.good = _sums(max(value, 0.0) for value in worth)
        self.bad = _sums(-min(value, 0.0) for value in worth)
        self.size = _sums(leaf.size for leaf in leaves)
        self.marks = _sums(
            leaf.sentences + leaf.commas if value > 0 else 0.0 for leaf, value in zip(leaves, worth, strict=True)
        )
        self.taken = _sums(leaf.size if yes else 0.0 for leaf, yes in zip(leaves, taken, strict=True))
        self.both = _sums(max(value, 0.0) if yes else 0.0 for value, yes in zip(worth, taken, strict=True))
        self.title_at = scene.title_at
        self.ends = [leaf.at for leaf in leaves if leaf.at > scene.title_at and ends_the_text(leaf.text)]
        self.called = [candidate for candidate in found if candidate.called >= 0.8 and nearness(self, candidate) > 0.3]


def _sums(values) -> list[float]:
    return [0.0, *accumulate(values)]


def of(sums: list[float], candidate: Candidate) -> float:
    return sums[candidate.end] - sums[candidate.start]


def share(sums: Sums, candidate: Candidate) -> float:
    """The part of all that reads like text on the page."""
    return of(sums.good, candidate) / sums.good[-1] if sums.good[-1] else 0.0


def purity(sums: Sums, candidate: Candidate) -> float:
    """The part of what is inside that reads like text."""
    good = of(sums.good, candidate)
    return good / (good + of(sums.bad, candidate)) if good else 0.0


def agreement(sums: Sums, candidate: Candidate) -> float:
    """F1 of what is inside and what trafilatura took."""
    total = of(sums.good, candidate) + sums.taken[-1]
    return 2 * of(sums.both, candidate) / total if total else 0.0


def called(sums: Sums, candidate: Candidate) -> float:
    """What the page itself says."""
    return candidate.called


def density(sums: Sums, candidate: Candidate) -> float:
    """Marks of punctuation in the text; prose has one in ten to fifteen characters."""
    good = of(sums.good, candidate)
    return min(1.0, 12 * of(sums.marks, candidate) / good) if good else 0.0


def nearness(sums: Sums, candidate: Candidate) -> float:
    """How little stands between the headline and the first words."""
    if sums.title_at < 0:
        return 0.5
    if candidate.end <= sums.title_at:
        return 0.0
    if candidate.start <= sums.title_at:
        # From the headline on it is what a smaller candidate is, but it holds more than that.
        above = sums.good[sums.title_at] - sums.good[candidate.start]
        return 0.8 if above == 0 else 0.4
    between = sums.good[candidate.start] - sums.good[sums.title_at]
    noise = sums.bad[candidate.start] - sums.bad[sums.title_at]
    return 1 / (1 + between / 60 + noise / 250)


def amount(sums: Sums, candidate: Candidate) -> float:
    """How much there is to read, on a scale on which 40 characters are little and 400 are enough."""
    return min(1.0, log1p(of(sums.good, candidate) / 20) / log1p(20))


def overreach(sums: Sums, candidate: Candidate) -> float:
    """1 when the page calls a smaller part of this its article's text, and that has what it needs."""
    return float(any(_holds(sums, candidate, part) for part in sums.called))


def _holds(sums: Sums, candidate: Candidate, part: Candidate) -> bool:
    inside = candidate.start <= part.start and part.end <= candidate.end
    if not inside or part.called <= candidate.called:
        return False
    good = of(sums.good, part)
    return good >= ENOUGH or good > 0.6 * of(sums.good, candidate)


def crossing(sums: Sums, candidate: Candidate) -> float:
    """The part that stands below «Related stories» and the like; 0 when nothing much stands above that."""
    for at in sums.ends:
        if candidate.start < at < candidate.end and sums.good[at] - sums.good[candidate.start] >= ENOUGH:
            return (sums.good[candidate.end] - sums.good[at]) / of(sums.good, candidate)
    return 0.0


ENOUGH = 50
"""Reading size of a short article."""

Evidence = Callable[[Sums, Candidate], float]

WEIGHTS: list[tuple[str, Evidence, float]] = [
    ("share", share, 1.0),
    ("purity", purity, 0.6),
    ("agreement", agreement, 1.0),
    ("called", called, 0.6),
    ("density", density, 0.3),
    ("nearness", nearness, 0.8),
    ("amount", amount, 0.6),
    ("overreach", overreach, -1.3),
    ("crossing", crossing, -0.4),
]
"""Kinds of evidence; each gives 0 to 1."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The best candidate, the evidence for it, and how far the best that shares no text with it lies behind."""

    candidate: Candidate
    evidence: tuple[tuple[str, float], ...]
    margin: float


def choose(scene: Scene, found: list[Candidate]) -> Choice | None:
    """The best of the candidates; None without any."""
    if not found:
        return None
    sums = Sums(scene, found)
    scored = [(sum(weight * kind(sums, candidate) for _, kind, weight in WEIGHTS), candidate) for candidate in found]
    # Of two that are as good, the smaller: what the larger has more is nothing.
    best_score, best = max(scored, key=lambda pair: (pair[0], pair[1].start - pair[1].end))
    others = [score for score, other in scored if other.end <= best.start or other.start >= best.end]
    evidence = tuple((name, round(kind(sums, best), 3)) for name, kind, _ in WEIGHTS)
    return Choice(best, evidence, best_score - max(others, default=0.0))


CLEAR = {"called": 0.8, "share": 0.8, "purity": 0.8, "nearness": 0.8, "density": 0.6, "amount": 0.7}
"""The evidence with which a choice needs no second opinion."""

EVIDENT = {"share": 0.9, "purity": 0.9, "nearness": 0.9, "density": 0.6, "amount": 0.7}
"""The same where the page does not say where its text is, but has no other: the margin is `WIDE`."""

WIDE = 1.2


def is_clear(choice: Choice) -> bool:
    """Whether the page says where its text is, and all that reads like text is there."""
    least = EVIDENT if choice.margin >= WIDE else CLEAR
    return all(value >= least.get(name, value) for name, value in choice.evidence)
