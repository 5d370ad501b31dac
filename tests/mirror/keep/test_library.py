"""Articles come again and again: what becomes of them, and of the words of editors."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from keep_samples import FERRY, FULL, MONDAY, TRAM, TUESDAY, article, snapshot

from plugins.mirror.article import Article, Source
from plugins.mirror.keep.library import Library, Outcome, Rights
from plugins.reader.reader import read_story

FILE = "en/2024/05/the-last-ferry-leaves-larn.md"
STORM = FERRY.replace("every half an hour", "every twenty minutes")


Pull = Callable[..., list[Outcome]]


@pytest.fixture
def into(tmp_path: Path) -> Path:
    return tmp_path / "content"


@pytest.fixture
def pull(into: Path) -> Pull:
    """A pull of its own for each call: pull(article, …, rights=…, at=…, force=…) → outcomes."""

    def pulled(
        *articles: Article | list[Article], rights: Rights = FULL, at: datetime = MONDAY, force: bool = False
    ) -> list[Outcome]:
        with Library(into, force=force) as library:
            groups = [one if isinstance(one, list) else [one] for one in articles]
            return [outcome for group in groups for outcome in library.keep(group, rights, at)]

    return pulled


def kinds(outcomes: list) -> list[str]:
    return [outcome.kind for outcome in outcomes]


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8", newline="")


# New and again


def test_a_new_story_is_a_file_that_the_reader_understands(pull: Pull, into: Path) -> None:
    """With its source, the time of day and the permission; the mirror remembers the same bytes."""
    assert ["new"] == kinds(pull(article()))
    data = (into / FILE).read_bytes()
    story, problems = read_story(f"content/{FILE}", data, ZoneInfo("Asia/Shanghai"))
    assert [] == problems
    assert "2024-05-06 10:33" == f"{story.source.retrieved:%Y-%m-%d %H:%M}"
    assert ("full", "https://post.example/en/1.html") == (story.source.permission, story.source.url)
    assert data == (into / ".mirror/imported" / FILE).read_bytes()


def test_whatever_a_page_says_the_file_can_be_read(pull: Pull, into: Path) -> None:
    """Signs that YAML or Markdown would trip over, invisible ones, endless ones, an address that is none."""
    odd = article(
        title="A: “B” # c\u200b\x07 \ud83d 😀 [d] {e}",
        tags=("甲，乙", "no", "1.10", "x" * 500, "?", "a: b"),
        authors=("Li, Wei",),
        summary="s" * 5000,
        modified="2024-05-01",
        source=Source("Post\n---\n", "javascript:alert(1)", credits=("图：李四，新华社", "null")),
        canonical=None,
        warnings=("One\nline: two",),
    )
    (outcome,) = pull(odd)
    story, problems = read_story(
        f"content/{outcome.path}", (into / outcome.path).read_bytes(), ZoneInfo("Asia/Shanghai")
    )
    assert ([], ("甲，乙", "no", "1.10", "a: b"), "") == (problems, story.tags, story.source.url)
    assert ("Post ---", None) == (story.source.name, story.modified)
    assert ("图：李四，新华社", "null") == story.source.credits
    before = snapshot(into)
    assert ["unchanged"] == kinds(pull(odd, at=TUESDAY))
    assert before == snapshot(into)


def test_the_same_again_changes_nothing(pull: Pull, into: Path) -> None:
    """Not a byte and not a time of a file, on another day either."""
    versions = [article(alternates=(("zh", "https://post.example/zh/1.html"),)), article(lang="zh", guid="a1")]
    pull(versions)
    before = snapshot(into)
    assert ["unchanged", "unchanged"] == kinds(pull(versions, at=TUESDAY))
    assert before == snapshot(into)


def test_a_changed_source_updates_its_story(pull: Pull, into: Path) -> None:
    """File and base, and the time of retrieval with them."""
    pull(article())
    assert ["updated"] == kinds(pull(article(body=STORM), at=TUESDAY))
    text = (into / FILE).read_text("utf-8")
    assert "every twenty minutes" in text and "retrieved: 2024-05-07 10:33" in text
    assert text == (into / ".mirror/imported" / FILE).read_text("utf-8")


def test_a_story_without_a_date_is_a_draft_of_the_first_pull(pull: Pull, into: Path) -> None:
    """It stays where it is the next day, and moves to its month when the source gives a date."""
    pull(article(date=None))
    assert "status: draft" in (into / FILE).read_text("utf-8")
    assert ["unchanged"] == kinds(pull(article(date=None), at=TUESDAY))
    assert ["updated"] == kinds(pull(article(date="2024-04-30"), at=TUESDAY))
    assert not (into / FILE).exists()
    assert "status" not in (into / "en/2024/04/the-last-ferry-leaves-larn.md").read_text("utf-8")
    before = snapshot(into)
    assert ["unchanged"] == kinds(pull(article(date="2024-04-30"), at=TUESDAY))
    assert before == snapshot(into)


# Editors


def test_changes_of_both_are_merged(pull: Pull, into: Path) -> None:
    """Neighbouring paragraphs, lists and fields; what the editor wrote stays as it was written."""
    pull(article())
    file = into / FILE
    edit(file, "said Ilse Brandt,", "said Ilse Brandt, 71,")
    edit(file, "title: The last ferry leaves Larn\n", "# Mind the headline rules.\ntitle: 'Larn''s last ferry'\n")
    edit(file, "- harbour\n", "- harbour # the new one\n- larn\n")
    changed = article(body=STORM, tags=("ferry", "transport"), summary="It is gone.")
    assert ["merged"] == kinds(pull(changed, at=TUESDAY))
    text = file.read_text("utf-8")
    for words in ("Brandt, 71,", "every twenty minutes", "# Mind the headline rules.\ntitle: 'Larn''s last ferry'\n"):
        assert words in text
    assert "tags:\n- ferry\n- larn\n- transport\n" in text
    assert "summary: It is gone.\n" in text
    before = snapshot(into)
    assert ["unchanged"] == kinds(pull(changed, at=TUESDAY))
    assert before == snapshot(into)


def test_what_an_editor_alone_changed_stays(pull: Pull, into: Path) -> None:
    """The source has nothing new, so nothing is written."""
    pull(article())
    edit(into / FILE, "two hundred", "three hundred")
    before = snapshot(into)
    assert ["unchanged"] == kinds(pull(article(), at=TUESDAY))
    assert before == snapshot(into)


def test_the_same_change_on_both_sides_is_no_conflict(pull: Pull, into: Path) -> None:
    """An editor was quicker than the source."""
    pull(article())
    edit(into / FILE, "every half an hour", "every twenty minutes")
    assert ["unchanged"] == kinds(pull(article(body=STORM), at=TUESDAY))
    assert not list(into.rglob("*.review"))


def test_a_conflict_leaves_the_file_and_asks(pull: Pull, into: Path) -> None:
    """Beside the untouched file lies what both made of it; the same input changes nothing more."""
    pull(article())
    file = into / FILE
    edit(file, "every half an hour", "every hour")
    edit(file, "title: The last ferry leaves Larn", "title: Larn without its ferry")
    ours = file.read_bytes()
    changed = article(body=STORM, title="Larn says goodbye to its ferry", authors=("Ada Holm", "Per Lund"))
    (outcome,) = pull(changed, at=TUESDAY)
    assert ("conflict", FILE, file.as_posix()) == (outcome.kind, outcome.path, outcome.problem.path)
    assert ours == file.read_bytes()
    review = Path(f"{file}.review").read_text("utf-8")
    for words in ("every hour", "every twenty minutes", "every half an hour", "Larn says goodbye", "Per Lund"):
        assert words in review
    before = snapshot(into)
    assert ["conflict"] == kinds(pull(changed, at=TUESDAY))
    assert before == snapshot(into)


def test_a_conflict_is_over_when_its_review_file_is_gone(pull: Pull, into: Path) -> None:
    """The form that waited becomes the base: only what changes later is merged."""
    pull(article())
    file = into / FILE
    edit(file, "every half an hour", "every hour")
    pull(article(body=STORM), at=TUESDAY)
    edit(file, "every hour", "every twenty minutes or so")
    Path(f"{file}.review").unlink()
    ours = file.read_bytes()
    assert ["unchanged"] == kinds(pull(article(body=STORM), at=TUESDAY))
    assert ours == file.read_bytes()
    later = STORM.replace("four thousand books", "five thousand books")
    assert ["merged"] == kinds(pull(article(body=later), at=TUESDAY))
    text = file.read_text("utf-8")
    assert "every twenty minutes or so" in text and "five thousand books" in text
    assert [] == [*into.rglob("*.review"), *(into / ".mirror/pending").rglob("*.md")]


def test_a_conflict_that_the_source_takes_back_is_over(pull: Pull, into: Path) -> None:
    """The review file goes with its reason."""
    pull(article())
    edit(into / FILE, "every half an hour", "every hour")
    pull(article(body=STORM), at=TUESDAY)
    assert ["unchanged"] == kinds(pull(article(), at=TUESDAY))
    assert [] == [*into.rglob("*.review"), *(into / ".mirror/pending").rglob("*.md")]


def test_force_takes_the_form_of_the_source(pull: Pull, into: Path) -> None:
    """And ends the conflict."""
    pull(article())
    pulled = (into / FILE).read_bytes()
    edit(into / FILE, "every half an hour", "every hour")
    pull(article(body=STORM), at=TUESDAY)
    assert ["updated"] == kinds(pull(article(), force=True))
    assert pulled == (into / FILE).read_bytes()
    assert [] == list(into.rglob("*.review"))


def test_a_story_by_hand_is_never_overwritten(pull: Pull, into: Path) -> None:
    """Without a base every difference is a conflict; a story that says the same gets one."""
    pull(article())
    (into / ".mirror/imported" / FILE).unlink()
    assert ["unchanged"] == kinds(pull(article(), at=TUESDAY))
    assert (into / FILE).read_bytes() == (into / ".mirror/imported" / FILE).read_bytes()
    (into / ".mirror/imported" / FILE).unlink()
    edit(into / FILE, "two hundred", "three hundred")
    before = (into / FILE).read_bytes()
    assert ["conflict"] == kinds(pull(article(), at=TUESDAY))
    assert before == (into / FILE).read_bytes()


def test_line_ends_and_byte_order_marks_of_editors_stay(pull: Pull, into: Path) -> None:
    """A file saved on Windows is still one after a merge."""
    pull(article())
    text = (into / FILE).read_text("utf-8").replace("two hundred", "three hundred")
    (into / FILE).write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert ["merged"] == kinds(pull(article(body=STORM), at=TUESDAY))
    data = (into / FILE).read_bytes()
    assert data.startswith(b"\xef\xbb\xbf---\r\n") and data.count(b"\n") == data.count(b"\r\n")
    assert b"three hundred" in data and b"every twenty minutes" in data


def test_a_file_that_yaml_cannot_read_is_left(pull: Pull, into: Path) -> None:
    """The reader will complain of it; the mirror does not make it worse."""
    pull(article())
    edit(into / FILE, "title: The", "title: [The")
    before = (into / FILE).read_bytes()
    assert ["conflict"] == kinds(pull(article(body=STORM), at=TUESDAY))
    assert before == (into / FILE).read_bytes()


# Deleted, withdrawn, moved, taken down


def test_what_an_editor_deleted_stays_deleted(pull: Pull, into: Path) -> None:
    """Changed at its source, told with --force, or by another paper: it does not come back."""
    pull(article())
    (into / FILE).unlink()
    again = [article(), article(body=STORM), article(title="Ferry gone", guid="x")]
    assert ["deleted"] * 3 == kinds(pull(*again, at=TUESDAY))
    assert ["deleted"] == kinds(pull(article(), force=True))
    assert not (into / "en").exists() or not list((into / "en").rglob("*.md"))


def test_what_an_editor_took_out_does_not_come_back_from_another_paper(pull: Pull, into: Path) -> None:
    """Under another title and address, the text is known; also of a withdrawn story whose text was removed."""
    other = article(title="Goodbye, ferry", url="https://coast.example/a/7")
    pull(article())
    edit(into / FILE, FERRY, "")
    edit(into / FILE, "category:", "status: withdrawn\ncategory:")
    assert ["withdrawn"] == kinds(pull(other, at=TUESDAY))
    (into / FILE).unlink()
    assert ["deleted"] == kinds(pull(other, at=TUESDAY))


def test_what_an_editor_withdrew_stays_withdrawn(pull: Pull, into: Path) -> None:
    """Its file is not touched."""
    pull(article())
    edit(into / FILE, "category:", "status: withdrawn\ncategory:")
    before = snapshot(into)
    assert ["withdrawn"] == kinds(pull(article(body=STORM), force=True))
    assert before == snapshot(into)


def test_a_story_that_was_moved_is_found(pull: Pull, into: Path) -> None:
    """At its new place, by its address or its guid, and is updated there."""
    pull(article(guid="post-1"))
    (into / "en/2024/05/ferry.md").write_bytes((into / FILE).read_bytes())
    (into / FILE).unlink()
    (outcome,) = pull(article(guid="post-1", body=STORM), at=TUESDAY)
    assert ("updated", "en/2024/05/ferry.md") == (outcome.kind, outcome.path)
    assert not (into / FILE).exists()
    (outcome,) = pull(article(guid="post-1", body=FERRY, url="https://post.example/new/9.html"), at=TUESDAY)
    assert "en/2024/05/ferry.md" == outcome.path


@pytest.mark.parametrize(
    "entry",
    [
        "url: https://post.example/en/1.html",
        "url: https://post.example/en/*",
        "host: post.example",
        "title: “The last ferry leaves Larn”",
        "path: en/2024/05/the-last-ferry-leaves-larn",
        "guid: post-1",
    ],
)
def test_the_list_of_takedowns_wins(pull: Pull, into: Path, entry: str) -> None:
    """A story that is here is not touched, a new one not written."""
    pull(article(guid="post-1"))
    (into / "takedowns.yaml").write_text(f"takedowns:\n  - {entry}\n    reason: a court order\n", "utf-8")
    before = snapshot(into)
    (outcome,) = pull(article(guid="post-1", body=STORM), force=True)
    assert ("withdrawn", "takedowns.yaml:2 keeps it out: a court order.") == (outcome.kind, outcome.why)
    assert before == snapshot(into)


def test_a_copy_of_what_was_taken_down_stays_out(pull: Pull, into: Path) -> None:
    """The list names one paper’s address; the same text of another paper is known by the story it is."""
    pull(article())
    (into / "takedowns.yaml").write_text("takedowns:\n  - host: post.example\n", "utf-8")
    assert ["withdrawn"] == kinds(pull(article(title="Goodbye, ferry", url="https://coast.example/a/7")))


def test_what_cannot_be_written_is_said(pull: Pull, into: Path) -> None:
    """A file where a folder should be stops one story and not the pull."""
    into.mkdir()
    (into / "en").write_text("", "utf-8")
    outcomes = pull(article(), article(lang="zh"))
    assert ["refused", "new"] == kinds(outcomes) and outcomes[0].problem is not None


# One page, many; other papers


def test_articles_of_one_dump_are_many_stories(pull: Pull, into: Path) -> None:
    """They share the address of the page; a title tells them apart."""
    dump = [
        article(canonical=None, url="https://post.example/", title=title, body=body)
        for title, body in (("The last ferry", FERRY), ("桥", TRAM), ("A short note", "Nothing has happened."))
    ]
    assert ["new"] * 3 == kinds(pull(*dump))
    assert ["unchanged"] * 3 == kinds(pull(*dump, at=TUESDAY))
    (into / "en/2024/05/the-last-ferry.md").unlink()
    assert ["deleted", "unchanged", "unchanged"] == kinds(pull(*dump, at=TUESDAY))


def test_the_same_story_in_another_paper_is_one_story_with_two_sources(pull: Pull, into: Path) -> None:
    """The first stays; the second is named with it, once."""
    other = article(
        title="Larn’s ferry sails for the last time",
        url="https://coast.example/a/7",
        source=Source("Coast Times", "https://coast.example/a/7"),
    )
    pull(article())
    assert ["duplicate"] == kinds(pull(other, at=TUESDAY))
    assert "also:\n  - name: Coast Times\n    url: https://coast.example/a/7\n" in (into / FILE).read_text("utf-8")
    before = snapshot(into)
    assert ["unchanged", "duplicate"] == kinds(pull(article(), other, at=TUESDAY))
    assert before == snapshot(into)
    story, problems = read_story(f"content/{FILE}", (into / FILE).read_bytes(), ZoneInfo("Asia/Shanghai"))
    assert ([], "Coast Times") == (problems, story.source.also[0].name)


def test_a_fuller_text_takes_the_place_of_a_shorter_one(pull: Pull, into: Path) -> None:
    """Unless an editor has touched the story; the shorter one does not come back."""
    short = article(body=FERRY.partition("\n\nA bus")[0])
    full = article(2, url="https://coast.example/a/7", source=Source("Coast Times", "https://coast.example/a/7"))
    pull(short)
    assert ["duplicate"] == kinds(pull(full, at=TUESDAY))
    text = (into / FILE).read_text("utf-8")
    assert "floating library" in text
    assert "name: Coast Times\n  url: https://coast.example/a/7" in text
    assert "also:\n  - name: The Larn Post\n    url: https://post.example/en/1.html\n" in text
    before = snapshot(into)
    assert ["duplicate", "unchanged"] == kinds(pull(short, full, at=TUESDAY))
    assert before == snapshot(into)


def test_a_fuller_text_does_not_replace_an_editors(pull: Pull, into: Path) -> None:
    """The paper is named, the words stay."""
    short = article(body=FERRY.partition("\n\nA bus")[0])
    full = article(2, url="https://coast.example/a/7", source=Source("Coast Times", "https://coast.example/a/7"))
    pull(short)
    edit(into / FILE, "two hundred", "three hundred")
    pull(full, at=TUESDAY)
    text = (into / FILE).read_text("utf-8")
    assert "three hundred" in text and "floating library" not in text and "Coast Times" in text


def test_a_page_and_its_copies_at_other_addresses_of_one_paper_are_one(pull: Pull, into: Path) -> None:
    """Mobile pages, trackers and print views lead to one canonical address."""
    pull(article())
    mobile = article(url="https://m.post.example/en/1.html?utm_source=app", canonical="https://post.example/en/1.html")
    assert ["unchanged"] == kinds(pull(mobile, at=TUESDAY))


def test_a_portal_that_calls_every_page_its_home_page_has_many_stories(pull: Pull) -> None:
    """A canonical address without a path says nothing."""
    one = article(1, canonical="https://post.example/")
    two = article(
        2, canonical="https://post.example/", title="A new bus for Larn", body="The bus is green.", date="2024-05-01"
    )
    assert ["new", "new"] == kinds(pull(one, two))
    assert ["unchanged", "unchanged"] == kinds(pull(one, two, at=TUESDAY))


# Two languages


def test_versions_that_come_together_share_a_path(pull: Pull, into: Path) -> None:
    """The English words make it."""
    outcomes = pull([article(lang="zh"), article()])
    assert ["zh/2024/05/the-last-ferry-leaves-larn.md", FILE] == [outcome.path for outcome in outcomes]


@pytest.mark.parametrize("linked", ["zh", "en"])
def test_a_link_between_versions_counts_in_either_direction(pull: Pull, linked: str) -> None:
    """Whichever page has it and whichever came first; the first one’s path wins."""
    zh = article(lang="zh", alternates=(("en", "https://post.example/en/1.html?from=zh"),) if linked == "zh" else ())
    en = article(alternates=(("zh", "https://m.post.example/zh/1.html"),) if linked == "en" else ())
    outcomes = pull(zh, en)
    assert outcomes[0].path.partition("/")[2] == outcomes[1].path.partition("/")[2]


def test_where_the_path_is_taken_a_version_names_the_other(pull: Pull, into: Path) -> None:
    """Or where its date is of another month: the file would be in the wrong folder."""
    pull(article())
    zh = article(lang="zh", date="2024-06-01", alternates=(("en", "https://post.example/en/1.html"),))
    (outcome,) = pull(zh)
    assert "translation:\n  of: 2024/05/the-last-ferry-leaves-larn\n" in (into / outcome.path).read_text("utf-8")


def test_versions_that_an_editor_renamed_or_that_were_strangers_are_joined(pull: Pull, into: Path) -> None:
    """The later one names the earlier, and nobody moves."""
    pull(article(), article(lang="zh"))
    outcomes = pull(article(lang="zh", alternates=(("en", "https://post.example/en/1.html"),)), at=TUESDAY)
    assert ["updated"] == kinds(outcomes)
    assert "translation:\n  of: 2024/05/the-last-ferry-leaves-larn\n" in (into / outcomes[0].path).read_text("utf-8")


def test_a_story_has_one_version_in_a_language(pull: Pull, into: Path) -> None:
    """A link to a story that has its version already is not believed."""
    pull([article(), article(lang="zh")])
    other = article(2, lang="zh", title="码头改造方案公示", body="方案共分三期。", date="2024-05-02")
    (outcome,) = pull(replace(other, alternates=(("en", "https://post.example/en/1.html"),)))
    assert "translation" not in (into / outcome.path).read_text("utf-8")


# Rights


def test_an_excerpt_has_no_picture_and_no_more_than_a_third(pull: Pull, into: Path) -> None:
    """And search engines are kept away, as long as nobody has said otherwise."""
    body = "![Pier](https://post.example/p.jpg)\n\n" + FERRY
    assert ["new"] == kinds(pull(article(body=body), rights=Rights()))
    data = (into / FILE).read_bytes()
    story, problems = read_story(f"content/{FILE}", data, ZoneInfo("Asia/Shanghai"))
    assert [] == problems
    assert ("excerpt", False, None) == (story.source.permission, story.source.indexing, story.image)
    assert FERRY.partition("\n\n")[0] == story.text.strip()


def test_no_right_leaves_a_headline(pull: Pull, into: Path) -> None:
    """Neither text nor summary, and the file is no problem."""
    pull(article(), rights=Rights("none", False))
    story, problems = read_story(f"content/{FILE}", (into / FILE).read_bytes(), ZoneInfo("Asia/Shanghai"))
    assert ([], "", "") == (problems, story.text, story.summary)


# Places


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("../../etc/passwd", "etc-passwd"),
        ("C:\\Windows\\system32", "c-windows-system32"),
        ("CON", "con-story"),
        ("nul.", "nul-story"),
        ("😀🎉", "story"),
        ("x" * 300, "x" * 60),
        ("a\0b", "a-b"),
    ],
)
def test_no_title_leads_out_of_the_folder(pull: Pull, into: Path, title: str, expected: str) -> None:
    """Nor to a name that some system cannot have."""
    (outcome,) = pull(article(title=title))
    assert ("new", f"en/2024/05/{expected}.md") == (outcome.kind, outcome.path)
    assert {"content"} == {path.name for path in into.parent.iterdir()}


@pytest.mark.parametrize(
    ("changes", "words"), [({"lang": "../fr"}, "language"), ({"title": " "}, "title"), ({"body": ""}, "text")]
)
def test_what_can_be_no_story_is_refused(pull: Pull, into: Path, changes: dict, words: str) -> None:
    """With the reason."""
    (outcome,) = pull(article(**changes))
    assert "refused" == outcome.kind and words in outcome.why
    assert not into.exists()


def test_a_link_in_place_of_a_folder_is_not_followed(pull: Pull, into: Path, tmp_path: Path) -> None:
    """What lies behind it is not ours, to write or to read."""
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "05").mkdir(parents=True)
    (into / "en").mkdir(parents=True)
    (into / "en/2024").symlink_to(elsewhere, target_is_directory=True)
    (outcome,) = pull(article())
    assert "refused" == outcome.kind and outcome.problem is not None
    assert [] == list((elsewhere / "05").iterdir())


def test_two_stories_of_one_name_are_numbered(pull: Pull) -> None:
    """Each keeps its number when both come again, in whatever order."""
    one, two = article(1), article(2, body="Another ferry, another Larn.", date="2024-05-01")
    assert [FILE, FILE.replace(".md", "-2.md")] == [outcome.path for outcome in pull(one, two)]
    assert [FILE.replace(".md", "-2.md"), FILE] == [outcome.path for outcome in pull(two, one)]


# The cache


def test_the_cache_is_disposable(into: Path, tmp_path: Path) -> None:
    """With it, without it, and with one that is broken the outcome is the same."""
    cache = tmp_path / "library.json"
    for state in (None, "", "{}", '{"version": 1, "files": {"en/x.md": 3}}', "same"):
        if state not in (None, "same"):
            cache.write_text(state, "utf-8")
        with Library(into, cache) as library:
            outcomes = library.keep([article()], Rights("full", True), TUESDAY)
        assert ["new" if state is None else "unchanged"] == kinds(outcomes)


def test_a_file_of_the_same_size_and_age_is_read_again_if_it_is_young(into: Path, tmp_path: Path) -> None:
    """An editor may save twice within a tick of the clock."""
    cache = tmp_path / "library.json"
    with Library(into, cache) as library:
        library.keep([article()], Rights("full", True), TUESDAY)
    state = (into / FILE).stat()
    edit(into / FILE, "https://post.example/en/1.html", "https://post.example/en/7.html")
    os.utime(into / FILE, ns=(state.st_atime_ns, state.st_mtime_ns))
    with Library(into, cache) as library:
        assert FILE == library.knows("https://post.example/en/7.html")
