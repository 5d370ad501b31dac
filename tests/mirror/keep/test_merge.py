"""Three forms of a story in one, told by examples."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.mirror.keep.form import read_form
from plugins.mirror.keep.merge import merge, same

BODY = "\nOne.\n\nTwo.\n\nThree.\n\nFour.\n"


def form(front: str = "title: A\n", body: str = BODY):
    return read_form(f"---\n{front}---\n{body}")


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        ("\nOne!\n\nTwo.\n\nThree.\n\nFour.\n", "\nOne.\n\nTwo!\n\nThree.\n\nFour.\n", "One!|Two!|Three.|Four."),
        (
            "\nOne.\n\nTwo.\n\nNote.\n\nThree.\n\nFour.\n",
            "\nOne.\n\nTwo!\n\nThree!\n\nFour.\n",
            "One.|Two!|Note.|Three!|Four.",
        ),
        ("\nTwo.\n\nThree.\n\nFour.\n", "\nOne.\n\nTwo!\n\nThree.\n\nFour.\n\nFive.\n", "Two!|Three.|Four.|Five."),
        ("\nOne!\n\nTwo.\n\nThree.\n\nFour.\n", "\nOne!\n\nTwo.\n\nThree.\n\nFour!\n", "One!|Two.|Three.|Four!"),
        ("\nOne.\n\nThree.\n\nFour.\n", "\nOne.\n\nThree.\n\nFour.\n\nFive.\n", "One.|Three.|Four.|Five."),
    ],
)
def test_paragraphs_are_merged(ours: str, theirs: str, expected: str) -> None:
    """Neighbours, notes between, what one took out and the other put in, what both did alike."""
    merged = merge(form(), form(body=ours), form(body=theirs))
    assert ((), f"\n{expected.replace('|', chr(10) * 2)}\n") == (merged.conflicts, merged.form.body)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("\nOne.\n\nTwo!\n\nThree.\n\nFour.\n", "\nOne.\n\nTwo?\n\nThree.\n\nFour.\n"),
        ("\nOne.\n\nThree.\n\nFour.\n", "\nOne.\n\nTwo?\n\nThree.\n\nFour.\n"),
        ("\nOne.\n\nTwo.\n\nThree.\n\nFour.\n\nNote.\n", "\nOne.\n\nTwo.\n\nThree.\n\nFour.\n\nFive.\n"),
    ],
)
def test_what_both_changed_differently_is_a_conflict(ours: str, theirs: str) -> None:
    """The same paragraph, one that is gone on one side, two that stand at one place."""
    assert 1 == len(merge(form(), form(body=ours), form(body=theirs)).conflicts)


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "expected"),
    [
        ("title: A\n", "title: 'A' # why\n", "title: B\n", "title: B\n"),
        ("title: A\n", "# Mind.\ntitle: Mine\n", "title: A\nsummary: S\n", "# Mind.\ntitle: Mine\nsummary: S\n"),
        (
            "title: A\ntags: [a, b]\n",
            "title: A\ntags: [b, a, x]\n",
            "title: A\ntags:\n- a\n- c\n",
            "title: A\ntags: [a, x, c]\n",
        ),
        ("title: A\ntags:\n- a\n- b\n", "title: A\n", "title: A\ntags:\n- a\n- b\n- c\n", "title: A\ntags:\n- c\n"),
        ("title: A\nkicker: K\n", "title: A\nkicker: K\nstatus: hidden\n", "title: A\n", "title: A\nstatus: hidden\n"),
        (
            "title: A\nsource:\n  name: P\n  url: u\n",
            "title: A\nsource:\n    # ours\n    name: Post\n    url: u\ncategory: c\n",
            "title: A\nsource:\n  name: P\n  url: v\n  notice: N\n",
            "title: A\nsource:\n  # ours\n  name: Post\n  url: v\n  notice: N\ncategory: c\n",
        ),
        (
            "title: A\nsource:\n  name: P\n  url: u\n",
            "title: A\nsource: {name: Post, url: u}\n",
            "title: A\nsource:\n  name: P\n  url: v\n",
            "title: A\nsource: {name: Post, url: v}\n",
        ),
        (
            "# check: a\n# check: b\ntitle: A\n",
            "# check: b\ntitle: A\n",
            "# check: a\n# check: c\ntitle: B\n",
            "# check: c\ntitle: B\n",
        ),
    ],
)
def test_fields_are_merged_and_the_rest_stays_as_written(base: str, ours: str, theirs: str, expected: str) -> None:
    """Order, comments and form are the editor's; lists are merged word by word, the source part by part."""
    merged = merge(form(base), form(ours), form(theirs))
    assert ((), expected) == (merged.conflicts, merged.form.front)


def test_the_time_of_retrieval_is_no_change() -> None:
    """It comes along when there is one."""
    base, later = (form(f"title: A\nsource:\n  name: P\n  retrieved: 2024-05-0{day}\n") for day in (6, 7))
    assert same(base, later)
    assert base is merge(base, base, later).form
    changed = form("title: B\nsource:\n  name: P\n  retrieved: 2024-05-07\n")
    assert changed.text == merge(base, base, changed).form.text


TEXTS = st.lists(st.sampled_from(["One.", "Two.", "Three.", "Four!", "Five is a longer one."]), max_size=6, unique=True)


@given(TEXTS, TEXTS, TEXTS)
def test_no_word_of_an_editor_is_lost_and_none_is_doubled(base: list[str], ours: list[str], theirs: list[str]) -> None:
    """What an editor put in stands in the merged text, once, whatever the source did."""
    forms = [form(body="\n" + "\n\n".join(texts) + "\n") for texts in (base, ours, theirs)]
    merged = merge(*forms)
    found = [text.strip() for text in merged.form.body.split("\n\n") if text.strip()]
    assert set(ours) - set(base) <= set(found)
    # With a conflict nothing is written.
    assert merged.conflicts or len(found) == len(set(found))


@given(TEXTS, TEXTS)
def test_one_side_alone_wins(base: list[str], other: list[str]) -> None:
    """Whoever it is that changed something."""
    before, after = (form(body="\n" + "\n\n".join(texts) + "\n") for texts in (base, other))
    assert same(after, merge(before, before, after).form)
    assert same(after, merge(before, after, before).form)
    assert ((), ()) == (merge(before, after, after).conflicts, merge(before, after, after).taken)
