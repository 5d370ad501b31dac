"""What we promise in words: settings and tasks are explained, messages translated, imports point backwards."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from conftest import ROOT

from plugins import settings

STAGES = ["mirror", "reader", "stories", "pages", "feeds", "audit", "preview"]
"""In the order in which data flows; a module may import from its own stage and earlier ones."""

EVERYWHERE = {
    "problems",
    "settings",
    "languages",
    "yaml_file",
    "values",
    "sealed",
    "memory",
    "last_build",
    "workers",
    "cluster",
    "progress",
    "command",
}

BESIDE = {"desk": {"reader", "stories"}}
"""Packages beside the way that data takes, and the stages they look into."""


def modules() -> list[Path]:
    """Every module of plugins/."""
    return sorted((ROOT / "plugins").rglob("*.py"))


def imported_stages(module: Path) -> set[str]:
    """The parts of plugins/ that *module* imports from."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("plugins"):
            part = node.module.split(".")[1:2]
            names.update(part or [alias.name for alias in node.names])
        elif isinstance(node, ast.Import):
            names.update(alias.name.split(".")[1] for alias in node.names if alias.name.startswith("plugins."))
    return names


@pytest.mark.parametrize("module", modules(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_data_flows_one_way(module: Path) -> None:
    """No module imports from a later stage."""
    stage = module.relative_to(ROOT / "plugins").parts[0].removesuffix(".py")
    if stage in STAGES:
        allowed = {*STAGES[: STAGES.index(stage) + 1], *EVERYWHERE}
    elif stage in BESIDE:
        allowed = {stage, *BESIDE[stage], *EVERYWHERE}
    else:
        assert stage in {*EVERYWHERE, "__init__"}, f"plugins/{stage} has no place in the order of stages"
        allowed = EVERYWHERE
    assert imported_stages(module) <= allowed


@pytest.mark.parametrize("name", sorted(settings.CHECKS))
def test_a_setting_is_explained(name: str) -> None:
    """Every setting of ours has its sentence in docs/settings.md, the one from the code."""
    source = (ROOT / "plugins" / "settings.py").read_text(encoding="utf-8")
    sentence = re.search(rf'^{name}\b.*= .*\n"""(.+?)"""', source, re.MULTILINE)
    assert sentence, f"{name} has no sentence in plugins/settings.py"
    text = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert f"`{name}`" in text
    assert sentence[1].split(";")[0].rstrip(".") in text.replace("`", "")


def test_every_task_is_explained() -> None:
    """`invoke --list` has a line for each task, and docs/commands.md names it."""
    done = subprocess.run(
        [sys.executable, "-m", "invoke", "--list"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    tasks = [line.split(maxsplit=1) for line in done.stdout.splitlines() if line.startswith("  ")]
    assert tasks and all(len(task) == 2 for task in tasks), tasks
    text = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    assert [] == [name for name, _ in tasks if f"`invoke {name}" not in text]


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_pins_by_hash_and_names_no_registry(lock: str) -> None:
    """Every requirement has a version and a hash, and no line names an address."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    names = re.findall(r"^([a-z0-9-]+)==\S+", text, re.MULTILINE)
    assert len(names) > 20
    assert all(re.search(rf"^{name}==[^\n]*\\\n\s+--hash=sha256:", text, re.MULTILINE) for name in names)
    assert "://" not in text and "index" not in text


def test_every_dependency_is_locked() -> None:
    """What pyproject.toml asks for is in the locks."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    def missing(wanted: list[str], lock: str) -> list[str]:
        locked = set(re.findall(r"^([a-z0-9-]+)==", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE))
        return [name for name in (re.split(r"[><=]", line)[0].lower() for line in wanted) if name not in locked]

    assert [] == missing(project["dependencies"], "requirements.lock")
    assert [] == missing([*project["dependencies"], *project["optional-dependencies"]["dev"]], "requirements-dev.lock")


@pytest.mark.parametrize("check", [["check"], ["format", "--check"]], ids=["lint", "format"])
def test_the_code_is_in_order(check: list[str]) -> None:
    """Ruff finds nothing to say; pyproject.toml gives the reason for each rule that is off."""
    command = [sys.executable, "-m", "ruff", *check, "."]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stdout


def test_links_between_documents_lead_somewhere() -> None:
    """Every relative link of the README, the changelog and docs/ has its file."""
    documents = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
    dead = [
        f"{document.relative_to(ROOT)}: {link}"
        for document in documents
        for link in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", _without_code(document.read_text(encoding="utf-8")))
        if "://" not in link and not link.startswith("mailto:") and not (document.parent / link).exists()
    ]
    assert [] == dead


def _without_code(text: str) -> str:
    return re.sub(r"```.*?```|`[^`\n]*`", "", text, flags=re.DOTALL)
