"""Messages as files: whole when they appear, each read once, also with many writers and readers at a time."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

from kombu import Connection

from tracker.environment import broker_options

TRANSPORT = "tracker.jobs.transport:Transport"
EACH = 150


def connection(folder: Path) -> Any:
    return Connection("localhost", transport=TRANSPORT, transport_options=broker_options("filesystem://", folder))


def send(folder: Path, name: str) -> None:
    with connection(folder) as connected:
        queue = connected.SimpleQueue("numbers")
        for number in range(EACH):
            queue.put([name, number])


def receive(folder: Path, received: list[Any]) -> None:
    with connection(folder) as connected:
        queue = connected.SimpleQueue("numbers")
        while True:
            try:
                message = queue.get(timeout=3)
            except queue.Empty:
                return
            received.append(tuple(message.payload))
            message.ack()


def test_every_message_of_two_writers_is_read_once_by_two_readers(tmp_path: Path) -> None:
    received: list[Any] = []
    writers = [threading.Thread(target=send, args=(tmp_path, name)) for name in ("first", "second")]
    readers = [threading.Thread(target=receive, args=(tmp_path, received)) for _ in range(2)]
    for thread in (*readers, *writers):
        thread.start()
    for thread in (*readers, *writers):
        thread.join()
    assert sorted(received) == [(name, number) for name in ("first", "second") for number in range(EACH)]
    assert list((tmp_path / "broker" / "messages").iterdir()) == []
