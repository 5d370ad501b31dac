"""Rules of Markdown, asked only where they can begin something.

markdown-it asks every rule at every line and at every mark, and most of them say no at the first character that they
look at. Here that character decides who is asked; whoever is asked decides as before, so what is read stays the same.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping
from typing import Any

from markdown_it.ruler import Rule, Ruler

OTHER = "\0"
"""Stands for all characters that no rule names."""

Chain = list[Callable[..., bool]]


class QuickRuler(Ruler):
    """A Ruler whose chains are one rule each, which asks those that the character at hand can begin.

    Args:
        rules: of the Ruler that it stands for.
        beginnings: name of a rule → the characters that it can begin with; a rule without a row is always asked.
    """

    def __init__(self, rules: list[Rule], beginnings: Mapping[str, str]) -> None:
        super().__init__()
        self.__rules__ = rules
        self._beginnings = beginnings

    def __compile__(self) -> None:
        super().__compile__()
        names = {rule.fn: rule.name for rule in self.__rules__ if rule.enabled}
        self.__cache__ = {
            chain: [self.one_rule(*self._by_character([(names[rule], rule) for rule in rules]))]
            for chain, rules in (self.__cache__ or {}).items()
        }

    def _by_character(self, rules: list[tuple[str, Callable[..., bool]]]) -> tuple[dict[str, Chain], Chain]:
        characters = set().union(*(self._beginnings.get(name, "") for name, _ in rules)) - {OTHER}
        chains = {
            char: [rule for name, rule in rules if char in self._beginnings.get(name, char)] for char in characters
        }
        return chains, [rule for name, rule in rules if OTHER in self._beginnings.get(name, OTHER)]

    @abstractmethod
    def one_rule(self, chains: dict[str, Chain], others: Chain) -> Callable[..., bool]:
        """The rule that asks the chain of a character, or *others* where it has none."""


class LineRuler(QuickRuler):
    """The first character of a line decides."""

    def one_rule(self, chains: dict[str, Chain], others: Chain) -> Callable[..., bool]:
        def begin(state: Any, line: int, end: int, silent: bool) -> bool:
            at = state.bMarks[line] + state.tShift[line]
            for rule in chains.get(state.src[at : at + 1], others):  # noqa: SIM110  any() takes longer than most rules
                if rule(state, line, end, silent):
                    return True
            return False

        return begin


class MarkRuler(QuickRuler):
    """The character at the place that is read decides."""

    def one_rule(self, chains: dict[str, Chain], others: Chain) -> Callable[..., bool]:
        def begin(state: Any, silent: bool) -> bool:
            for rule in chains.get(state.src[state.pos], others):  # noqa: SIM110  as above
                if rule(state, silent):
                    return True
            return False

        return begin
