"""Extraction in several processes: answers in order, whatever happens to a worker."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

from plugins.mirror.workers import ALONE, Workers


def double(number: int) -> int:
    """Twice the number; odd ones take longer, so that answers come out of order."""
    if number < 0:
        raise ValueError("negative")
    time.sleep(0.002 * (number % 3))
    return 2 * number


def die_on_seven(number: int) -> int:
    """As a parser that crashes on one page."""
    if number == 7:
        os._exit(1)
    return number


def test_answers_come_in_the_order_of_the_questions() -> None:
    """Whatever worker was the quicker one."""
    with Workers(double, 2) as workers:
        found = [(asked, future.result()) for asked, future in workers.in_order(range(60))]
    assert [(number, 2 * number) for number in range(60)] == found


def test_one_process_gives_the_same_answers() -> None:
    """The number of processes cannot be seen."""
    with Workers(double, 1) as workers:
        assert [2 * number for number in range(20)] == [future.result() for _, future in workers.in_order(range(20))]


def test_an_error_is_the_answer_to_its_question_only() -> None:
    """The others have theirs."""
    with Workers(double, 2) as workers:
        found = [repr(future.exception()) for _, future in workers.in_order([1, -1, *range(20), -2])]
    assert [1, 22] == [at for at, error in enumerate(found) if error != "None"]


def test_a_worker_that_dies_takes_only_its_own_document_along() -> None:
    """A page on which a parser crashes is reported, and the pages beside it are read."""
    inputs = [*range(10, 10 + ALONE), 1, 2, 7, 3, 4, 5, 6, 8, 9]
    with Workers(die_on_seven, 2) as workers:
        found = {asked: future.exception() is None for asked, future in workers.in_order(inputs)}
    assert {asked: asked != 7 for asked in inputs} == found


def test_no_answer_waits_for_a_question_that_has_not_come() -> None:
    """Who asks one at a time is answered one at a time."""
    answered: list[int] = []

    def questions() -> Iterator[int | None]:
        for number in range(3 * ALONE):
            yield number
            yield None
            assert number == answered[-1]

    with Workers(double, 2) as workers:
        for asked, _ in workers.in_order(questions()):
            answered.append(asked)
    assert list(range(3 * ALONE)) == answered
