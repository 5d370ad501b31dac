"""The command that builds the portal, for whoever starts it as a process of its own."""

from __future__ import annotations

import json
import sys
from pathlib import Path


def build_command(output: Path, overrides: dict[str, object], settings: str = "pelicanconf.py") -> list[str]:
    """The command that builds the portal into *output* and fails where Pelican alone would only warn.

    Args:
        output: folder for the site.
        overrides: settings that differ from the file.
        settings: the settings file.
    """
    extra = [f"{name}={json.dumps(value)}" for name, value in sorted(overrides.items())]
    command = [sys.executable, "-m", "pelican", "-s", settings, "-o", str(output), "--fatal", "warnings"]
    return command + (["-e", *extra] if extra else [])
