"""Which page was made from what, so that a page whose inputs did not change is not rendered again."""

from __future__ import annotations

from collections.abc import Iterator

from plugins.last_build import Entry, is_as_written


class Ledger:
    """Compares the files of this build with those of the last.

    Args:
        before: path → Entry of the last build.
        output: its folder, where unchanged pages stay.

    Attributes:
        now: path → Entry of this build; those that stay, and those that are entered.
        kept: the files that stay.
    """

    def __init__(self, before: dict[str, Entry], output: str) -> None:
        self._before = before
        self._output = output
        self.now: dict[str, Entry] = {}
        self.kept: set[str] = set()

    def keeps(self, path: str, digest: str, inputs: bytes) -> bool:
        """Whether the file of the last build stays, because it would be the same; a file changed by hand does not.

        Args:
            digest, inputs: as in Entry; the inputs are noted for the next build.
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
        if not is_as_written(self._output, path, known):
            return False
        self.now[path] = known
        self.kept.add(path)
        return True

    def keep_rest(self) -> int:
        """Keep every file that was neither kept nor entered, as it was when somebody last looked; returns how many."""
        rest = {path: entry for path, entry in self._before.items() if path not in self.now}
        self.now.update(rest)
        self.kept.update(rest)
        return len(rest)

    def enter(self, path: str, digest: str, size: int, modified: int, inputs: bytes) -> None:
        """Note a file that was written; as in Entry."""
        self.now[path] = (digest, size, modified, inputs)
        self.kept.discard(path)

    def gone(self) -> Iterator[str]:
        """The files of the last build that this one does not make."""
        return (path for path in self._before if path not in self.now)
