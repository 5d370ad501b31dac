"""The languages of the portal: one row each, with all the names a language goes by."""

from plugins.languages.language import LANGUAGES, Language

__all__ = ["LANGUAGES", "Language"]
