"""Settings for publishing: the address readers use, and links without index.html."""

import os

from pelicanconf import *  # noqa: F403  Pelican reads one file, so this one starts from all of the other.

SITEURL = os.environ.get("SITEURL", "")
FILE_LINKS = False
