"""Which page was made from what, so that a page whose inputs did not change is not rendered again."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from plugins.sealed import read_sealed, write_sealed
from plugins.values import digest_of

VERSION = "pages 3"
"""Of the ledger file; one of another version is not read."""


Entry = tuple[str, int, int, bytes]
"""One file of the output: the digest of everything that decides its bytes; its size and time of modification (ns) when
it was written; its inputs, with which the file is the same and need not be planned to know it, empty when nobody can
tell."""


class Ledger:
    """Remembers, for every file of the last build, what it was made of and what it looked like on the disk.

    The file is a convenience: missing, damaged or of another version, every page is rendered.

    Args:
        cache: the folder for what may be deleted at any time.
        last: the output folder of the last build, where unchanged pages stay.
        kept: is filled with the files that stay.
    """

    def __init__(self, cache: Path, last: Path, kept: set[str]) -> None:
        # One ledger an output folder, so that the preview and the build do not forget each other's pages.
        self._file = cache / f"pages-{digest_of(str(last).encode())[:8]}.bin"
        self._last = last
        self._kept = kept
        self._before: dict[str, Entry] = read_sealed(self._file, VERSION) or {}
        self._now: dict[str, Entry] = {}

    def keeps(self, path: str, digest: str, inputs: bytes) -> bool:
        """Whether the file of the last build stays, because it would be the same; a file changed by hand does not.

        Args:
            digest: of everything that decides the bytes of the file.
            inputs: as in Entry, to be noted.
        """
        known = self._before.get(path)
        if known is None or known[0] != digest or not digest:
            return False
        return self._keep(path, (digest, known[1], known[2], inputs))

    def keeps_inputs(self, path: str, inputs: bytes) -> bool:
        """As keeps, for a file that was not planned."""
        known = self._before.get(path)
        return known is not None and known[3] == inputs != b"" and self._keep(path, known)

    def _keep(self, path: str, known: Entry) -> bool:
        try:
            status = os.stat(f"{self._last}/{path}")  # noqa: PTH116  a Path each would take longer
        except OSError:
            return False
        if (status.st_size, status.st_mtime_ns) != (known[1], known[2]):
            return False
        self._now[path] = known
        self._kept.add(path)
        return True

    def enter(self, path: str, digest: str, size: int, modified: int, inputs: bytes) -> None:
        """Note a file that was written; as in Entry."""
        self._now[path] = (digest, size, modified, inputs)
        self._kept.discard(path)

    @property
    def paths_before(self) -> Iterable[str]:
        """The files of the last build."""
        return self._before.keys()

    def save(self) -> None:
        """Write the ledger for the next build."""
        write_sealed(self._file, VERSION, self._now)
