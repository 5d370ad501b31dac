"""Settings for publishing: the address readers use, and links without index.html."""

import os

from pelicanconf import *  # noqa: F403  Pelican reads one file, so this one starts from all of the other.

SITEURL = os.environ.get("SITEURL", "")
if not SITEURL:
    raise SystemExit("SITEURL is empty. Set it to the address of the portal: SITEURL=https://example.org/portal")
FILE_LINKS = False
