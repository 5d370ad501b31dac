"""A pull that is killed leaves no half file, and the next one ends where an undisturbed one does."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

from keep_samples import FERRY, FULL, MONDAY, TUESDAY, article

from plugins.mirror.article import Article, Source
from plugins.mirror.keep.form import read_form
from plugins.mirror.keep.library import Library

STORIES = 40
HERE = Path(__file__).parent


def stories(round_: int) -> list[list[Article]]:
    """What the portal says in its first and in its second round: old, changed, new and copied stories, and pairs."""
    groups = []
    for number in range(STORIES if round_ else STORIES // 2):
        town = f"Town{number:03}"
        body = FERRY.replace("Larn", town).replace("two hundred", f"{number + 200}").replace("March", town)
        if round_ and number % 3 == 0:
            body = body.replace("every half an hour", "every twenty minutes") + f"\n\nIn {town} it rained."
        made = article(number, title=f"The last ferry leaves {town}", body=body, date=f"2024-05-{number % 20 + 1:02}")
        zh = article(number, "zh", title=f"渡轮{number}", body=f"第{number}号渡轮离开了{town}码头。")
        groups.append([made, zh] if number % 4 == 0 else [made])
        if round_ and number % 5 == 0:
            url = f"https://coast.example/{number}"
            groups.append([article(url=url, title=made.title, date=made.date, body=body, source=Source("Coast", url))])
    return groups


def pull(into: Path, round_: int) -> None:
    with Library(into, into.parent / f"{into.name}.cache") as library:
        for group in stories(round_):
            library.keep(group, FULL, TUESDAY if round_ else MONDAY)


def contents(into: Path) -> dict[str, bytes]:
    return {path.relative_to(into).as_posix(): path.read_bytes() for path in sorted(into.rglob("*")) if path.is_file()}


def test_a_killed_pull_is_finished_by_the_next(tmp_path: Path) -> None:
    """Killed six times at moments of chance, among new, updated, merged, doubled and conflicting stories."""
    first = tmp_path / "first"
    pull(first, 0)
    for number, file in enumerate(sorted((first / "en").rglob("*.md"))):
        text = file.read_text("utf-8")
        # Some that merge, some that conflict, some that are untouched, one that is gone.
        old, new = [("grandfather", "father"), ("half an hour", "hour"), ("", "")][number // 3 % 3]
        file.write_text(text.replace(old, new) if old else text, "utf-8", newline="")
    sorted((first / "en").rglob("*.md"))[-1].unlink()
    undisturbed, killed = tmp_path / "undisturbed", tmp_path / "killed"
    shutil.copytree(first, undisturbed)
    shutil.copytree(first, killed)
    begun = time.monotonic()
    pull(undisturbed, 1)
    lasts = time.monotonic() - begun
    chance = random.Random(3)
    script = (
        "import sys; from pathlib import Path; from test_kill import pull; "
        "print('ready', flush=True); pull(Path(sys.argv[1]), 1)"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE), str(HERE.parents[2])])}
    for _ in range(6):
        command = [sys.executable, "-c", script, str(killed)]
        process = subprocess.Popen(command, cwd=HERE, env=environment, stdout=subprocess.PIPE)
        process.stdout.readline()
        time.sleep(chance.uniform(0, lasts))
        process.kill()
        process.communicate()
        for path, data in contents(killed).items():
            if path.endswith(".md") and not path.rpartition("/")[2].startswith("."):
                assert read_form(data.decode()).readable and data.endswith(b"\n"), path
    pull(killed, 1)
    assert contents(undisturbed) == contents(killed)
