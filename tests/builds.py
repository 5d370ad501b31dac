"""Build a site as `invoke build` does, in a process of its own, with workers for a site of any size.

Usage: builds.py CONTENT OUTPUT CACHE PART [NAME=JSON …]; a name of NOTHING takes that module away.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))


def main() -> None:
    content, output, cache, part, *settings = sys.argv[1:]
    for name in [one.partition("=")[2] for one in settings if one.startswith("WITHOUT=")]:
        sys.modules[name] = None  # type: ignore[assignment]
    import pelican

    from plugins.pages import render
    from plugins.reader import files

    files.FEW = render.FEW = 1
    files.PART = render.PART = int(part)
    options = [one for one in settings if not one.startswith("WITHOUT=")]
    cache = f'CACHE_PATH="{cache}"'
    pelican.main([content, "-s", "pelicanconf.py", "-o", output, "--fatal", "warnings", "-e", cache, *options])


# A cluster of this machine starts its processes by importing this file.
if __name__ == "__main__":
    main()
