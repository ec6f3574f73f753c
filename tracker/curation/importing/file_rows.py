"""What every reader of a file gives: numbered rows, and the sentence with which it gives up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

from tracker.values.errors import Invalid

Cells = dict[str, Any]


class Unreadable(Invalid):
    """A file, as a whole, cannot be taken; the message says why and what to do."""


@dataclass
class FileRow:
    """One row as the file has it."""

    number: int
    """As a spreadsheet or an editor counts it, from 1."""
    cells: Cells = field(default_factory=dict)
    """Texts by column; of JSON the object itself."""
    children: dict[str, list[Cells]] = field(default_factory=dict)
    """Rows of further sheets that belong to it, by list."""
    problems: list[tuple[str, str, str]] = field(default_factory=list)
    """[column, value, reason] of what could not even be read."""


class FileReader(Protocol):
    header: list[str]
    """The columns; empty for JSON."""
    sheets: dict[str, list[str]]
    """The columns of further sheets, by name."""
    encoding: str
    expected: int
    """About how many rows there are; 0 where that is not known beforehand."""

    def rows(self, after: int) -> Iterator[FileRow]:
        """The rows whose number is beyond ``after``.

        :raises Unreadable: the file breaks off or is not what its beginning promised.
        """
        ...
