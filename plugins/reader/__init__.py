"""Read Markdown with markdown-it-py: content/**/*.md → Story."""

from pelican import signals

from plugins.reader.reader import StoryReader, read_story
from plugins.reader.story import Story

__all__ = ["Story", "StoryReader", "read_story", "register"]


def use_markdown_it(readers) -> None:
    """Let StoryReader read Markdown."""
    for ending in StoryReader.file_extensions:
        readers.reader_classes[ending] = StoryReader


def forget_the_reader_we_replace(generator) -> None:
    """Pelican would warn for every file that its own reader, Python-Markdown, is not installed."""
    for ending in ("md", "markdown", "mkd", "mdown"):
        generator.readers.disabled_readers.pop(ending, None)


def register() -> None:
    signals.readers_init.connect(use_markdown_it)
    signals.generator_init.connect(forget_the_reader_we_replace)
