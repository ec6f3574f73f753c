"""Cells of tables that people open in a spreadsheet."""

from __future__ import annotations

FORMULA_STARTS = frozenset("=+-@\t\r\n＝＋－＠")
"""What a spreadsheet takes for the beginning of a formula, full-width forms included (OWASP, CSV injection)."""

LONGEST = 32_000
"""Characters; a cell of a spreadsheet holds 32,767."""


def defused(text: str) -> str:
    """A text no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in FORMULA_STARTS else text


def shortened(text: str) -> str:
    """A text that fits into a cell; what was cut off is marked."""
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def guarded(text: str) -> str:
    """Like ``defused``, and ``unguarded`` gives every text back, also one that begins with an apostrophe itself."""
    return f"'{text}" if text.lstrip("'")[:1] in FORMULA_STARTS and text.lstrip("'") else text


def unguarded(text: str) -> str:
    """The text as it was before a spreadsheet had to be kept from taking it for a formula."""
    return text[1:] if text.startswith("'") and text.lstrip("'")[:1] in FORMULA_STARTS and text.lstrip("'") else text
