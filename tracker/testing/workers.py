"""Real worker processes on the test database and a broker, for tests of what is left when one is killed."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from kombu import Connection, Exchange, Queue
from kombu.exceptions import OperationalError as BrokerDown

from .plugin import ROOT
from .server import database_url

NOBODY = "amqp://guest:guest@localhost:1//"
"""A broker that is down."""

BROKERS = [
    pytest.param("", id="embedded"),
    pytest.param("amqp://guest:guest@localhost:5672//", id="rabbitmq", marks=pytest.mark.broker),
    pytest.param("redis://localhost:6379/5", id="redis", marks=pytest.mark.broker),
]


class Workshop:
    """Processes of one installation, with a queue of its own in the broker: tests run side by side, and what a killed
    worker held comes back later. Whatever is still running at the end is killed, and the queue goes.
    """

    def __init__(self, folder: Path, broker: str, include: str = "", **settings: str) -> None:
        self._broker, self._queue = broker, f"test-{uuid.uuid4()}"
        self.environment = {
            **os.environ, "TRACKER_VAR": str(folder), "CELERY_BROKER_URL": broker, "CELERY_QUEUE": self._queue,
            "DATABASE_URL": database_url(str(connection.settings_dict["NAME"])),
            "JOB_LEASE_SECONDS": "5", "JOB_SWEEP_SECONDS": "1", "DJANGO_SETTINGS_MODULE": "tracker.settings",
            **settings,
        }  # fmt: skip
        self._include = ["--include", include] if include else []
        self._workers: list[subprocess.Popen[bytes]] = []

    def python(self, script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a script in a process of its own, as the web server would be one."""
        command = [sys.executable, "-c", script, *arguments]
        return subprocess.run(command, env=self.environment, cwd=ROOT, check=False, capture_output=True, text=True)

    def start_worker(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "celery", "-A", "tracker", "-q", "worker", "-B", "--pool=threads",
                   "--concurrency=2", *self._include, "--without-gossip", "--without-mingle",
                   "--hostname", f"{self._queue}-{len(self._workers)}@localhost"]  # fmt: skip
        worker = subprocess.Popen(command, env=self.environment, cwd=ROOT, start_new_session=True)
        self._workers.append(worker)
        return worker

    def kill(self, worker: subprocess.Popen[bytes]) -> None:
        """What a power cut does: the worker and its beat are gone at once."""
        if worker.poll() is None:
            os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()

    def revive(self) -> None:
        """What `make run` or systemd does: a worker that has ended by itself is started anew.

        Kombu's Redis transport ends one whose broker dies while it holds a message.
        """
        if self._workers[-1].poll() is not None:
            self.start_worker()

    def close(self) -> None:
        for worker in self._workers:
            self.kill(worker)
        if self._broker:
            with contextlib.suppress(BrokerDown, OSError), Connection(self._broker, connect_timeout=5) as broker:
                exchange = Exchange(self._queue)
                for made in (Queue(self._queue, exchange, routing_key=self._queue), exchange):
                    made.bind(broker.default_channel).delete()


def wait_until(condition: Callable[[], object], seconds: float = 180) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "that took too long"
        time.sleep(0.1)
