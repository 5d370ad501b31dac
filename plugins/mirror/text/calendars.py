"""How days are written."""

from __future__ import annotations

_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# Not from `calendar`: its names follow the locale of the machine.
MONTHS = {name: number for number, name in enumerate(_NAMES, 1)}
"""English months by their first three letters."""

MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?)\b\.?"
)
"""An English month, whole or shortened."""

ENGLISH_DAY = rf"(?:{MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s20\d\d)?)"
"""February 5, Feb. 5th, Feb 5, 2024."""

ISO_DAY = r"20\d\d[-/.年]\s?\d{1,2}[-/.月]\s?\d{1,2}日?(?:[T\s]{0,2}\d{1,2}:\d{2}(?::\d{2})?)?"
"""2024-02-05 18:30, 2024/02/05, 2024年02月05日."""
