"""``python -m plugins.mirror``."""

import sys

from plugins.mirror.cli import main

sys.exit(main(sys.argv[1:]))
