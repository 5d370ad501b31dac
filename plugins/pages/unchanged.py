"""What takes the place of our generators when nothing changed: Pelican's last line still counts the stories."""

from __future__ import annotations

from pelican.generators import ArticlesGenerator, Generator

from plugins.last_build import LAST_BUILD, LastBuild
from plugins.stories import PELICANS_OWN


class NothingChanged(Generator):
    """Leaves the output folder as it is."""

    def generate_output(self, writer: object) -> None:
        """Tell Pelican's own generator, which looked for no files, what to count."""
        last: LastBuild = self.settings[LAST_BUILD]
        counting: ArticlesGenerator = self.context[PELICANS_OWN]
        counting.articles = [None] * last.stories
        print(f"Nothing changed: 0 pages rendered, {len(last.files)} files unchanged.")
