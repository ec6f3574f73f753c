"""Messages as files are whole from the moment they appear."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest
from kombu import Connection

from tracker.environment import broker_options, transport


@pytest.fixture
def connection(tmp_path: Path) -> Any:
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
    writer = threading.Thread(target=lambda: [queue.put([number]) for number in range(300)])
    folder, seen = tmp_path / "broker" / "messages", set()
    writer.start()
    while writer.is_alive() or len(seen) < 300:
        for path in set(folder.glob("*.msg")) - seen:
            json.loads(path.read_text())
            seen.add(path)
    writer.join()


def test_the_table_of_an_exchange_is_kept_when_another_process_declares_it(connection: Any, tmp_path: Path) -> None:
    connection.SimpleQueue("first", exchange_opts={"type": "direct"})
    connection.SimpleQueue("second")
    tables = [json.loads(path.read_text()) for path in (tmp_path / "broker" / "control").glob("*.exchange")]
    assert sorted(row[2] for table in tables for row in table) == ["first", "second"]
    assert list((tmp_path / "broker" / "control").glob("*.part")) == []
