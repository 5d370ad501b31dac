"""What decides pages beside the stories, by names that people know: so a later build can say what changed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from plugins.last_build import NOT_OF_THE_SITE
from plugins.pages.versions import part_digests
from plugins.settings import CHECKS
from plugins.values import digest_of

EXPLANATION = "EXPLANATION"
"""Where the settings have the explanation that was asked for, if one was."""

SETTINGS = (
    *(name for name in CHECKS if name not in (*NOT_OF_THE_SITE, "REQUIRED_PLUGINS")),
    *("SITEURL", "TIMEZONE"),
)
"""Settings on which bytes of pages depend."""

FILES = ("taxonomy.yaml", "front.yaml", "takedowns.yaml")
"""What content/ has beside stories and pictures."""


def decided_by(
    settings: Mapping[str, Any], templates: Mapping[str, str], constants: Mapping[str, bytes]
) -> dict[str, Any]:
    """What Told.decided keeps, of plain types.

    Args:
        settings: Pelican's, with ours.
        templates: template → digest.
        constants: path of a language → the constants of its edition, pickled.
    Returns: ``parts`` (templates, catalogues, code, libraries by name → digest), ``files`` (of content/ → digest),
        ``settings`` (name → how it is written), ``templates`` and ``constants`` as given.
    """
    content = Path(settings["PATH"])
    return {
        "parts": part_digests(Path(settings["THEME"]), Path(__file__).parent.parent),
        "files": {name: digest_of(file.read_bytes()) for name in FILES if (file := content / name).is_file()},
        "settings": {name: repr(settings[name]) for name in SETTINGS},
        "templates": dict(templates),
        "constants": dict(constants),
    }
