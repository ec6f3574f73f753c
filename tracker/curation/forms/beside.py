"""Citations beside the values they prove: each row of the form's citations is drawn where its fact is.

The rows stay one list with one order; only where they are drawn differs, so that what is posted is the same.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from tracker.values.paths import covering_paths

from .lists import Rows
from .rows import SEPARATOR, MembersForm

ADD = "citations@"
"""What a button's value begins with that adds a citation of a path."""


@dataclass
class Beside:
    """What stands beside one fact, child, group or list."""

    path: str
    rows: list[MembersForm] = field(default_factory=list)
    covered: int = 0
    """How many citations there are of what contains it."""

    @property
    def add(self) -> str:
        return f"{ADD}{self.path}"

    @property
    def wrong(self) -> bool:
        return any(row.errors for row in self.rows if row.is_bound)

    @property
    def is_open(self) -> bool:
        """A row that was just added, or is wrong, is to be seen."""
        return self.wrong or any(not row["source"].value() for row in self.rows)


class Placing:
    """Which citation goes where; what has no place of its own is left for the list below the form."""

    def __init__(self, citations: Rows) -> None:
        self._by_path: dict[str, list[MembersForm]] = defaultdict(list)
        for row in citations.forms:
            self._by_path[str(row["path"].value() or "")].append(row)
        self._placed: set[int] = set()

    def at(self, path: str) -> Beside:
        rows = self._by_path.get(path, [])
        self._placed |= {id(row) for row in rows}
        return Beside(path, rows, sum(len(self._by_path.get(above, [])) for above in covering_paths(path)[1:]))

    def inputs(self, form: MembersForm, above: str = "") -> None:
        """Give every input of a form what stands beside it."""
        for name, shown in form.fields.items():
            if name not in ("key", "ORDER", "DELETE"):
                shown.beside = self.at(f"{above}/{name.replace(SEPARATOR, '/')}")  # type: ignore[attr-defined]

    def children(self, listed: Rows) -> None:
        """The same for the rows of a list; one that has no key yet has no path either."""
        for row in listed.forms:
            key = row["key"].value()
            if key:
                row.beside = self.at(f"/{listed.name}/{key}")
                self.inputs(row, f"/{listed.name}/{key}")

    def left(self, citations: Rows) -> list[Any]:
        return [row for row in citations.forms if id(row) not in self._placed]
