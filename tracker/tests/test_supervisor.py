"""The two processes of ``make run``: started, watched, stopped."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.management.base import CommandError

from tracker.management.commands.serve import refuse_taken_port
from tracker.management.supervisor import Child, Supervisor, answers

SLEEPING = "import time; time.sleep(60)"
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"


def child(program: str, *arguments: str) -> Child:
    return Child("test", [sys.executable, "-c", program, *arguments], os.environ)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def web(port: int, folder: Path) -> Child:
    command = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1", "--directory", str(folder)]
    return Child("web", command, os.environ)


def wait_until(condition: Callable[[], object]) -> None:
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end, "that took too long"
        time.sleep(0.05)


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def supervisor(tmp_path: Path, said: list[str]) -> Iterator[Supervisor]:
    counting = f"open({str(tmp_path / 'starts')!r}, 'a').write('x'); " + SLEEPING
    supervisor = Supervisor(web(free_port(), tmp_path), child(counting), said.append)
    yield supervisor
    supervisor.stop()


def test_a_port_that_is_taken_is_refused_with_the_way_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(CommandError, match=f"make run PORT={port + 1}"):
            refuse_taken_port("127.0.0.1", port)


def test_a_free_port_is_not_refused() -> None:
    refuse_taken_port("127.0.0.1", free_port())


def test_it_waits_until_the_web_server_answers(tmp_path: Path) -> None:
    port = free_port()
    supervisor = Supervisor(web(port, tmp_path), child(SLEEPING), print)
    supervisor.start()
    try:
        assert supervisor.wait_until_served(f"http://127.0.0.1:{port}/", 60)
    finally:
        supervisor.stop()
    assert not answers(f"http://127.0.0.1:{port}/")


def test_a_web_server_that_ends_is_not_waited_for() -> None:
    supervisor = Supervisor(child("raise SystemExit(3)"), child(SLEEPING), print)
    supervisor.start()
    assert not supervisor.wait_until_served(f"http://127.0.0.1:{free_port()}/", 60)
    assert supervisor.web.exit_code == 3
    supervisor.stop()
    assert supervisor.worker.ended


def test_a_worker_that_dies_is_started_again_until_the_web_server_ends(
    supervisor: Supervisor, tmp_path: Path, said: list[str]
) -> None:
    starts = tmp_path / "starts"
    supervisor.start()
    wait_until(starts.exists)
    watching = threading.Thread(target=supervisor.watch)
    watching.start()
    os.kill(supervisor.worker.pid, signal.SIGKILL)
    wait_until(lambda: starts.read_text() == "xx")
    assert said == ["the worker ended with code -9 and is started again"]
    supervisor.web.ask_to_stop()
    watching.join(60)
    assert not watching.is_alive()


def test_a_process_that_will_not_stop_is_killed_after_the_grace(capfd: pytest.CaptureFixture[str]) -> None:
    stubborn = child(STUBBORN)
    stubborn.start()
    wait_until(lambda: "up" in capfd.readouterr().out)
    stubborn.ask_to_stop()
    stubborn.stop(grace=0.3)
    assert stubborn.exit_code == -signal.SIGKILL
