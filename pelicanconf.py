"""Settings of the portal; docs/settings.md explains each. publishconf.py adds what publishing needs."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
# Pelican may be started anywhere, and it goes on without plugins that it cannot find; an import does not.
sys.path.insert(0, str(ROOT))
import plugins.settings  # noqa: E402, F401

PATH = str(ROOT / "content")
OUTPUT_PATH = str(ROOT / "output")
THEME = str(ROOT / "theme")
CACHE_PATH = str(ROOT / ".cache")

SITENAME = "对开 Duikai"
SITEURL = ""
TIMEZONE = "Asia/Shanghai"
DEFAULT_LANG = "en"

PORTAL_NAME = {"en": "Duikai", "zh": "对开"}
PORTAL_TAGLINE = {"en": "One paper, two languages", "zh": "一份报纸，两种语言"}
COPYRIGHT_HOLDER = {
    "en": "Guangzhou Zhihuiyun Technology Development Co., Ltd.",
    "zh": "广州智会云科技发展有限公司",
}
ICP_NUMBER = "粤ICP备20006386号"
ACCOUNT_URLS: dict[str, str] = {}
REPOSITORY_URL = ""

PLUGINS = [
    "plugins.settings",
    "plugins.problems",
    "plugins.mirror",
    "plugins.reader",
    "plugins.stories",
    "plugins.pages",
    "plugins.feeds",
]
# Pelican publishes without a plugin that it cannot load; with this list plugins/settings.py refuses to.
REQUIRED_PLUGINS = tuple(PLUGINS)

# Our generators read the stories and plan the pages; Pelican's own find nothing and write nothing.
ARTICLE_PATHS: list[str] = []
PAGE_PATHS: list[str] = []
DIRECT_TEMPLATES: list[str] = []
USE_FOLDER_AS_CATEGORY = False
FEED_ALL_ATOM = CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None
# plugins/pages copies the theme's files, and of the pictures those that a page shows.
STATIC_PATHS: list[str] = []
THEME_STATIC_PATHS: list[str] = []
