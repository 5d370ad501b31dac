"""Problems as editors read them."""

from __future__ import annotations

from plugins.problems import Problem, did_you_mean, report

CHIP = Problem("content/en/2024/05/chip.md", 9, 'link "../03/fab.md" has no target.', 'Did you mean "../04/fab.md"?')
DATE = Problem(
    "content/en/2024/05/chip.md", 2, 'modified "2024-13-01" is not a calendar day.', "Write it as YYYY-MM-DD."
)
FRONT = Problem("content/front.yaml", 0, "the file is missing.", "Create it.")


def test_a_problem_says_where_what_and_what_to_do() -> None:
    """File and line first, so that an editor's terminal can open the place."""
    expected = 'content/en/2024/05/chip.md:9: link "../03/fab.md" has no target. Did you mean "../04/fab.md"?'
    assert expected == str(CHIP)
    assert "content/front.yaml: the file is missing. Create it." == str(FRONT)


def test_a_report_counts_sorts_and_does_not_repeat() -> None:
    """All problems in the order of files and lines, each once."""
    expected = f"3 problems in content/, nothing was published:\n{DATE}\n{CHIP}\n{FRONT}"
    assert expected == report([CHIP, FRONT, DATE, CHIP], "content/")
    assert report([FRONT], "content/").startswith("1 problem in content/, ")


def test_the_nearest_word_is_offered() -> None:
    """A typing mistake gets a question; what is like nothing known gets the advice."""
    assert 'Did you mean "markets"?' == did_you_mean("market", ["policy", "markets"], "Choose one.")
    assert "Choose one." == did_you_mean("xyz", ["policy", "markets"], "Choose one.")
