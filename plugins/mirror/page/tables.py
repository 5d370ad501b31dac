"""Tables of figures and words, told from tables that lay a page out."""

from __future__ import annotations

from lxml.html import HtmlElement

MOST_COLUMNS, LONGEST_CELL = 16, 400
"""Columns and characters of a cell; what has more is no table but a page laid out with one."""


def is_data(table: HtmlElement) -> bool:
    """Whether a table holds figures and words in rows and columns, and not the page."""
    if next(table.iterdescendants("table"), None) is not None:
        return False
    rows = [cells for row in table.iter("tr") if (cells := cells_of(row))]
    widest = max(map(len, rows), default=0)
    if len(rows) < 2 or not 2 <= widest <= MOST_COLUMNS:
        return False
    sizes = [len(cell.text_content().strip()) for row in rows for cell in row]
    return max(sizes) <= LONGEST_CELL and sum(map(bool, sizes)) >= 0.4 * len(sizes)


def cells_of(row: HtmlElement) -> list[HtmlElement]:
    """The cells of a row, in order."""
    return [cell for cell in row if cell.tag in ("td", "th")]
