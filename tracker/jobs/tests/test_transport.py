"""Messages as files are whole from the moment they appear."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from kombu import Connection

from tracker.environment import broker_options, transport
from tracker.jobs.transport import Transport


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Any]:
    """A connection to an empty folder; Kombu remembers queues per process, not per folder."""
    Transport.global_state.clear()
    options = broker_options("filesystem://", tmp_path)
    with Connection("localhost", transport=transport("filesystem://"), transport_options=options) as connection:
        yield connection


def test_a_message_that_is_put_is_read(connection: Any) -> None:
    queue = connection.SimpleQueue("jobs")
    queue.put([7])
    message = queue.get(timeout=10)
    message.ack()
    assert message.payload == [7]


def test_nobody_ever_sees_half_a_message(connection: Any, tmp_path: Path) -> None:
    queue = connection.SimpleQueue("jobs")
    writer = threading.Thread(target=lambda: [queue.put([number]) for number in range(100)], daemon=True)
    folder = tmp_path / "broker" / "messages"
    seen: set[Path] = set()
    writer.start()
    while writer.is_alive():
        for path in set(folder.glob("*.msg")) - seen:
            json.loads(path.read_text())
            seen.add(path)
        time.sleep(0.001)  # let the writer have its turn
    assert len(list(folder.iterdir())) == 100


def test_the_table_of_an_exchange_is_kept_when_another_process_declares_it(connection: Any, tmp_path: Path) -> None:
    connection.SimpleQueue("first", exchange_opts={"type": "direct"})
    connection.SimpleQueue("second")
    tables = [json.loads(path.read_text()) for path in (tmp_path / "broker" / "control").glob("*.exchange")]
    assert sorted(row[2] for table in tables for row in table) == ["first", "second"]
    assert list((tmp_path / "broker" / "control").glob("*.part")) == []
