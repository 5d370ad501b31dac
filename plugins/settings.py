"""The portal's own settings: a sentence and a default each, checked together before anything is built."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pelican import Pelican, signals

from plugins.languages import LANGUAGES
from plugins.problems import Problem, Stop, report

PORTAL_NAME = {"en": "Duikai", "zh": "对开"}
"""Name of the portal in each language."""

PORTAL_TAGLINE = {"en": "", "zh": ""}
"""A few words under the name, in each language; may be empty."""

STORIES_PER_PAGE = 20
"""Stories on one page of a list; 1 or more."""

ACCOUNT_URLS: dict[str, str] = {}
"""The original portal's account page by language, for its members; without it no link is shown."""

ICP_NUMBER = ""
"""The original portal's registration with the Chinese ministry (粤ICP备…号); without it no number is shown."""

ICP_URL = "https://beian.miit.gov.cn/"
"""The ministry's register, where the number leads."""

COPYRIGHT_HOLDER: dict[str, str] = {}
"""Who holds the copyright of the original portal, by language."""

REPOSITORY_URL = ""
"""Where the portal's own files are kept, the editors' way in; without it no link is shown."""

FILE_LINKS = True
"""Links name index.html, so that the pages work when opened from the disk; publishconf.py turns it off."""

SHOW_DRAFTS = False
"""Whether drafts and stories under embargo are shown; the preview turns it on."""

WORKERS = 0
"""Processes that read stories and render pages; 0 means one for each core. The bytes do not depend on it."""

BUILD_EXECUTOR = "processes"
"""What reads stories and renders pages: processes of this machine, or the workers of a dask cluster."""

DASK_SCHEDULER = ""
"""Address of the cluster's scheduler (tcp://…:8786); without one, a cluster of this machine is started."""

EXPLAIN = ""
"""A page of which the build says why it was rendered or not: its address, its file below output/ or its story."""

REQUIRED_PLUGINS: tuple[str, ...] = ()
"""Plugins without which the portal must not be built; pelicanconf.py names all of PLUGINS."""

PREVIEW_URL = "http://127.0.0.1:8000"
"""Where the preview is served; feeds and sitemap need a full address, so they use it while SITEURL is empty."""

Check = Callable[[object], str]
"""Takes a value; returns what is wrong with it, empty when nothing is."""


def _text_by_language(value: object) -> str:
    if not isinstance(value, Mapping):
        return "is not a mapping from language to text"
    unknown = [key for key in value if key not in LANGUAGES]
    if unknown:
        return f'has a text for "{unknown[0]}", which is no language of the portal'
    return "" if all(isinstance(text, str) for text in value.values()) else "has a text that is not text"


def _name_by_language(value: object) -> str:
    wrong = _text_by_language(value)
    if wrong or not isinstance(value, Mapping):
        return wrong
    missing = [path for path in LANGUAGES if not value.get(path)]
    return f'has no name for "{missing[0]}"' if missing else ""


def _address(value: object) -> str:
    if value == "":
        return ""
    if not isinstance(value, str) or " " in value:
        return "is not an http(s) address"
    parts = urlsplit(value)
    return "" if parts.scheme in ("http", "https") and parts.netloc else "is not an http(s) address"


def _addresses_by_language(value: object) -> str:
    wrong = _text_by_language(value)
    if wrong or not isinstance(value, Mapping):
        return wrong
    return next((f"[{path!r}] {bad}" for path, text in value.items() if (bad := _address(text))), "")


def _whole_number(least: int) -> Check:
    def check(value: object) -> str:
        right = isinstance(value, int) and not isinstance(value, bool) and value >= least
        return "" if right else f"is not a whole number of {least} or more"

    return check


def _yes_or_no(value: object) -> str:
    return "" if isinstance(value, bool) else "is neither True nor False"


def _one_of(*known: str) -> Check:
    def check(value: object) -> str:
        return "" if value in known else f"is none of {', '.join(known)}"

    return check


def _text(value: object) -> str:
    return "" if isinstance(value, str) else "is not text"


def _names(value: object) -> str:
    right = isinstance(value, list | tuple) and all(isinstance(name, str) for name in value)
    return "" if right else "is not a list of names"


CHECKS: dict[str, Check] = {
    "PORTAL_NAME": _name_by_language,
    "PORTAL_TAGLINE": _text_by_language,
    "STORIES_PER_PAGE": _whole_number(1),
    "ACCOUNT_URLS": _addresses_by_language,
    "ICP_NUMBER": _text,
    "ICP_URL": _address,
    "COPYRIGHT_HOLDER": _text_by_language,
    "REPOSITORY_URL": _address,
    "FILE_LINKS": _yes_or_no,
    "SHOW_DRAFTS": _yes_or_no,
    "WORKERS": _whole_number(0),
    "BUILD_EXECUTOR": _one_of("processes", "dask"),
    "DASK_SCHEDULER": _text,
    "EXPLAIN": _text,
    "REQUIRED_PLUGINS": _names,
}


def register() -> None:
    signals.initialized.connect(complete_and_check)


def complete_and_check(pelican: Pelican) -> None:
    """Fill in defaults, fix the time of the build in ``NOW``, and stop when a setting is wrong.

    Raises: Stop with all problems.
    """
    settings = pelican.settings
    for name in CHECKS:
        settings.setdefault(name, globals()[name])
    problems = [
        Problem("pelicanconf.py", 0, f"{name} {wrong}.", f"Now it is {settings[name]!r}; docs/settings.md explains it.")
        for name, check in CHECKS.items()
        if (wrong := check(settings[name]))
    ]
    wrong = _address(settings["SITEURL"])
    if wrong or "?" in settings["SITEURL"] or "#" in settings["SITEURL"]:
        wrong = wrong or "is not the address of a folder"
        problems.append(Problem("pelicanconf.py", 0, f"SITEURL {wrong}.", "Write it as https://example.org/portal."))
    problems += _missing_plugins(settings["REQUIRED_PLUGINS"], settings["PLUGINS"])
    try:
        ZoneInfo(settings["TIMEZONE"])
    except (ZoneInfoNotFoundError, ValueError):
        fix = 'Use a name of the IANA list such as "Asia/Shanghai".'
        problems.append(Problem("pelicanconf.py", 0, f'TIMEZONE "{settings["TIMEZONE"]}" does not exist.', fix))
    settings["NOW"] = build_time(problems)
    if problems:
        raise Stop(report(problems, "the settings"))


def build_time(problems: list[Problem]) -> datetime:
    """The one time of the build, in UTC: ``SOURCE_DATE_EPOCH`` (seconds) when it is set, else the clock.

    A value that is no number is added to *problems*.
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    try:
        return datetime.fromtimestamp(int(epoch), UTC) if epoch else datetime.now(UTC)
    except (ValueError, OverflowError, OSError):
        fix = "Set it to seconds since 1970, or not at all."
        problems.append(Problem("SOURCE_DATE_EPOCH", 0, f'"{epoch}" is not a time.', fix))
        return datetime.now(UTC)


def _missing_plugins(required: object, loaded: list[str]) -> list[Problem]:
    # Pelican logs a plugin that it cannot load or register, and publishes without it.
    if _names(required):
        return []
    return [
        Problem(
            "pelicanconf.py",
            0,
            f'plugin "{name}" did not load.',
            "Its error stands above; mend it or take it out of PLUGINS.",
        )
        for name in required
        if name not in loaded
    ]
