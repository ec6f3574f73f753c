"""The embedded transport: Celery's messages as files, for an installation without a broker.

Kombu's own creates a file first and fills it then; a worker that looks in between reads nothing and dies of it. Here a
file appears whole, by being renamed or linked.
"""

from __future__ import annotations

import contextlib
import time
import uuid
from pathlib import Path
from typing import Any

from kombu.transport import filesystem
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    # the published types of Kombu's channels contradict one another

    def _put(self, queue: str, payload: Any, **options: Any) -> None:  # type: ignore[override]
        path = Path(self.data_folder_out) / f"{time.time_ns()}_{uuid.uuid4()}.{queue}.msg"
        _written(path, dumps(payload)).rename(path)

    def _queue_bind(self, exchange: str, routing_key: str, pattern: str, queue: str) -> None:  # type: ignore[override]
        table: Path = self._exchange_file(exchange)  # type: ignore[attr-defined]
        if not table.exists():
            empty = _written(table, "[]")
            with contextlib.suppress(FileExistsError):
                table.hardlink_to(empty)
            empty.unlink()
        super()._queue_bind(exchange, routing_key, pattern, queue)


def _written(path: Path, text: str) -> Path:
    """A file with the text beside the path, under a name that nobody looks for."""
    part = path.with_name(f".{uuid.uuid4()}.part")
    part.write_text(text, encoding="utf-8")
    return part


class Transport(filesystem.Transport):
    Channel = Channel
