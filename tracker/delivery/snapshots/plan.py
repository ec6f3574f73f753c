"""One snapshot on its way: what it will hold is fixed by its feed number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from .pulse import Pulse

SNAPSHOT = "snapshot"
"""The name of the job, and of the counter that gives out the numbers."""


@dataclass(frozen=True)
class Plan:
    number: int
    seq: int
    begun_at: datetime
    counts: dict[str, int]
    """Documents by kind."""
    with_events: int
    """Documents that have events."""
    folder: Path
    pulse: Pulse

    @property
    def documents(self) -> int:
        return sum(self.counts.values())
