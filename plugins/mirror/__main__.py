"""``python -m plugins.mirror``."""

import sys

try:
    from plugins.mirror.cli import main
except KeyboardInterrupt:  # who stops it while it starts wants to see no traceback either
    print("Stopped.", file=sys.stderr)
    sys.exit(130)
sys.exit(main(sys.argv[1:]))
