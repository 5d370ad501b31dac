"""Settings for publishing: the address readers use, and links without index.html."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from pelicanconf import *  # noqa: F403  Pelican reads one file, so this one starts from all of the other.

SITEURL = os.environ.get("SITEURL", "").rstrip("/")
if not SITEURL:
    raise SystemExit("SITEURL is empty. Set it to the address of the portal: SITEURL=https://example.org/portal")
FILE_LINKS = False
