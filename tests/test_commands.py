"""Commands run for real: killed builds, the preview server, plain Pelican, the publishing workflow."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml
from conftest import ROOT, Site, run_pelican, story

from plugins.audit.site import audit
from plugins.command import build_command
from plugins.settings import PREVIEW_URL

WORKFLOW = ROOT / ".github" / "workflows" / "pages.yml"


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(found: Callable[[], object], process: subprocess.Popen[str], what: str) -> None:
    """Wait until *found* is true; a test that would hang for ever fails after two minutes."""
    for _ in range(12_000):
        if found():
            return
        assert process.poll() is None, f"the process ended while we waited for {what}"
        time.sleep(0.01)
    pytest.fail(f"waited in vain for {what}")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of every file of the repository that git would commit, with the environment of this one."""
    folder = tmp_path / "checkout"
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    # The environment that runs this test, as the workflow's cache would bring it: installed, with make's stamps.
    (folder / ".venv").mkdir()
    for part in Path(sys.prefix).iterdir():
        if part.suffix != ".stamp":
            (folder / ".venv" / part.name).symlink_to(part, target_is_directory=part.is_dir())
    for stamp in ("created", "run", "dev"):
        (folder / ".venv" / f"{stamp}.stamp").touch()
    return folder


def test_a_build_that_is_killed_leaves_the_last_site(content: Callable[..., Path], tmp_path: Path) -> None:
    """SIGKILL while pages are being written: the last site is complete, and the next build is as good as ever."""
    folder = content("pair")
    settings = {"PATH": str(folder), "CACHE_PATH": str(tmp_path / "cache")}
    output = tmp_path / "output"
    before = run_pelican(folder, output, tmp_path / "cache").files()
    for number in range(3000):
        day = f"2024-05-{number % 28 + 1:02} 08:00"
        (folder / f"zh/2024/05/k{number}.md").write_text(
            story(f"第{number}篇", date=f'"{day}"', category="markets"), encoding="utf-8"
        )
    staging = tmp_path / ".output.new"
    with subprocess.Popen(build_command(output, settings), cwd=ROOT, text=True, start_new_session=True) as process:
        wait_for((staging / "zh/2024/05/k7/index.html").exists, process, "the first pages")
        os.killpg(process.pid, signal.SIGKILL)
    assert before == Site(output).files()
    for file in folder.glob("zh/2024/05/k*.md"):
        file.unlink()
    assert before == run_pelican(folder, output, tmp_path / "cache").files()
    assert not staging.exists()


def test_plain_pelican_builds_the_same_site(content: Callable[..., Path], tmp_path: Path) -> None:
    """`pelican content -s pelicanconf.py` needs none of our commands and writes the same bytes."""
    folder = content("pair")
    ours = run_pelican(folder, tmp_path / "ours", tmp_path / "cache")
    command = [sys.executable, "-m", "pelican", str(folder), "-s", "pelicanconf.py", "-o", str(tmp_path / "theirs")]
    subprocess.run(command, cwd=ROOT, check=True, env={**os.environ, "LC_ALL": "C", "TZ": "America/Lima"})
    assert ours.files() == Site(tmp_path / "theirs").files()


def test_plain_pelican_finds_its_plugins_from_any_folder(content: Callable[..., Path], tmp_path: Path) -> None:
    """Pelican would go on without them, publish nothing and report success."""
    command = [sys.executable, "-m", "pelican", str(content("pair")), "-s", str(ROOT / "pelicanconf.py")]
    subprocess.run([*command, "-o", str(tmp_path / "out")], cwd=tmp_path, check=True)
    assert (tmp_path / "out/zh/2024/05/chip/index.html").is_file()


def test_two_builds_at_a_time_do_not_disturb_each_other(content: Callable[..., Path], tmp_path: Path) -> None:
    """The second waits for the first; both succeed, and the site is whole."""
    settings = {"PATH": str(content("pair")), "CACHE_PATH": str(tmp_path / "cache")}
    command = build_command(tmp_path / "output", settings)
    builds = [subprocess.Popen(command, cwd=ROOT) for _ in range(3)]
    assert [0, 0, 0] == [build.wait() for build in builds]
    assert [] == audit(tmp_path / "output", [PREVIEW_URL])


def test_a_slash_behind_the_address_of_the_site_is_no_matter(checkout: Path) -> None:
    """SITEURL is written by people, with and without it."""
    environment = {**os.environ, "SITEURL": "https://x.example/portal/"}
    subprocess.run([sys.executable, "-m", "invoke", "build", "--publish"], cwd=checkout, env=environment, check=True)
    assert 'href="https://x.example/portal/en/"' in (checkout / "output/en/index.html").read_text(encoding="utf-8")


def test_problems_end_the_command_with_one_and_name_every_file(content: Callable[..., Path], tmp_path: Path) -> None:
    """An editor sees all mistakes at once on standard error, without a traceback."""
    files = {"en/2024/05/a.md": "nothing", "zh/2024/05/b.md": story("乙", date="2024-05-01", category="sport")}
    folder = content("pair", files)
    settings = {"PATH": str(folder), "CACHE_PATH": str(tmp_path / "cache")}
    done = subprocess.run(
        build_command(tmp_path / "output", settings), cwd=ROOT, capture_output=True, text=True, encoding="utf-8"
    )
    assert done.returncode == 1
    assert "content/en/2024/05/a.md:1: " in done.stderr
    assert 'content/zh/2024/05/b.md:4: category "sport"' in done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    assert not (tmp_path / "output").exists()


def get(url: str) -> tuple[int, str]:
    """Status and text of *url*; status 0 while nobody answers."""
    try:
        with urllib.request.urlopen(url) as answer:
            return answer.status, answer.read().decode("utf-8")
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode("utf-8")
    except OSError:
        return 0, ""


@pytest.fixture
def preview(checkout: Path) -> Iterator[tuple[str, Path, subprocess.Popen[str]]]:
    """`invoke preview` in a checkout: its address, the checkout, and the process."""
    port = free_port()
    command = [sys.executable, "-m", "invoke", "preview", "--port", str(port)]
    with subprocess.Popen(command, cwd=checkout, text=True, start_new_session=True) as process:
        url = f"http://127.0.0.1:{port}"
        try:
            wait_for(lambda: get(f"{url}/")[0] == 200, process, "the preview")
            yield url, checkout, process
        finally:
            os.killpg(process.pid, signal.SIGTERM)


def test_the_preview_shows_an_edit_and_survives_a_mistake(preview: tuple[str, Path, subprocess.Popen[str]]) -> None:
    """Saving a story changes the page that is served, a mistake does not, and an unknown address gets our 404."""
    url, checkout, process = preview
    page = f"{url}/en/2024/03/quick/"
    file = checkout / "content/en/2024/03/quick.md"
    status, missing = get(page)
    assert status == 404
    assert 'lang="zh-Hans"' in missing and 'href="/en/"' in missing
    assert "livereload" in get(f"{url}/en/")[1]
    file.parent.mkdir(parents=True)
    file.write_text(
        story("Quick", "First words.", date="2024-03-01", category="markets", status="draft"), encoding="utf-8"
    )
    wait_for(lambda: "First words." in get(page)[1], process, "the new story")
    file.write_text(story("Quick", "Broken.", date="tomorrow", category="markets"), encoding="utf-8")
    time.sleep(3)
    assert "First words." in get(page)[1]
    file.write_text(story("Quick", "Second words.", date="2024-03-01", category="markets"), encoding="utf-8")
    wait_for(lambda: "Second words." in get(page)[1], process, "the mended story")


# The publishing workflow


def test_the_workflow_is_what_the_published_schema_allows() -> None:
    """check-jsonschema brings the schema of GitHub workflows along, so nothing is fetched."""
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows", str(WORKFLOW)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_workflow_asks_for_no_more_than_it_needs() -> None:
    """Reading is all that the build may do; only the deployment may write pages; every action has a version."""
    workflow = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))
    assert {"contents": "read"} == workflow["permissions"]
    assert {"pages": "write", "id-token": "write"} == workflow["jobs"]["deploy"]["permissions"]
    assert {"contents": "read", "pages": "read"} == workflow["jobs"]["build"]["permissions"]
    used = [step["uses"] for job in workflow["jobs"].values() for step in job["steps"] if "uses" in step]
    assert used and all(re.fullmatch(r"actions/[a-z-]+@(v\d+\.\d+\.\d+|[0-9a-f]{40})", action) for action in used), used


def test_the_steps_of_the_workflow_run(checkout: Path) -> None:
    """Every `run:` step, in order and as written, makes a site that is in order under its sub-path.

    `make test` runs one file of the tests here, or this test would run itself.
    """
    address = "https://someone.github.example/portal"
    workflow = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))
    steps = [step for step in workflow["jobs"]["build"]["steps"] if "run" in step]
    assert ["make test"] == [step["run"] for step in steps if "make" in step["run"]]
    for step in steps:
        environment = {
            **os.environ,
            **{name: address for name, value in step.get("env", {}).items() if "outputs.base_url" in value},
            "PYTEST_ADDOPTS": "-p no:xdist -o addopts= tests/test_problems.py",
        }
        done = subprocess.run(
            ["bash", "-e", "-c", step["run"]],
            cwd=checkout,
            env=environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
        )
        assert done.returncode == 0, done.stdout + done.stderr
    output = checkout / "output"
    assert [] == audit(output, [address])
    assert f'<link rel="canonical" href="{address}/en/">' in (output / "en/index.html").read_text(encoding="utf-8")


def test_publishing_without_an_address_is_refused(checkout: Path) -> None:
    """Canonical addresses, feeds and the sitemap of a published site need one."""
    environment = {name: value for name, value in os.environ.items() if name != "SITEURL"}
    command = [sys.executable, "-m", "invoke", "build", "--publish"]
    done = subprocess.run(command, cwd=checkout, env=environment, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 1
    assert "SITEURL" in done.stderr
    assert not (checkout / "output").exists()
