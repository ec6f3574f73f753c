"""A long file says how far it is: counted always, written down at most once a second."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

from tracker.jobs.progress import Cancelled, Progress

Item = TypeVar("Item")
SECONDS = 1.0


class Pulse:
    def __init__(self, progress: Progress) -> None:
        self.done = self.total = 0
        self._progress, self._last = progress, time.monotonic()

    def over(self, items: Iterable[Item]) -> Iterator[Item]:
        """The items, each counted as done.

        :raises Cancelled: somebody asked the job to stop.
        :raises LeaseLost: another worker has the job now.
        """
        for item in items:
            yield item
            self.done += 1
            self._beat()

    def during(self, items: Iterable[Item]) -> Iterator[Item]:
        """The items, work that counts for nothing but takes its time."""
        for item in items:
            yield item
            self._beat()

    def _beat(self) -> None:
        if time.monotonic() - self._last >= SECONDS:
            self.stop_if_asked()
            self._progress.step(self.done, self.total)
            self._last = time.monotonic()

    def stop_if_asked(self) -> None:
        if self._progress.cancelled:
            raise Cancelled(f"取消，没有公布任何文件 cancelled at {self.done} of {self.total}, nothing published")
