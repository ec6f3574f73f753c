"""Real worker processes on the test database and a broker, for tests of what is left when one is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from kombu import Connection, Exchange, Queue
from redis import Redis

from .plugin import ROOT
from .server import database_url

NOBODY = "amqp://guest:guest@localhost:1//"
"""A broker that is down."""

ALONE = pytest.mark.xdist_group("processes")
"""Tests that keep many processes busy and wait for them run one after the other, so that none starves the next."""
BROKERS = [
    pytest.param("", id="embedded", marks=ALONE),
    pytest.param("amqp://guest:guest@localhost:5672//", id="rabbitmq", marks=[pytest.mark.broker, ALONE]),
    pytest.param("redis://localhost:6379/5", id="redis", marks=[pytest.mark.broker, ALONE]),
]  # fmt: skip


class Workshop:
    """Processes of one installation; whatever is still running at the end is killed."""

    def __init__(self, folder: Path, broker: str, include: str = "", **settings: str) -> None:
        self.environment = {
            **os.environ, "TRACKER_VAR": str(folder), "CELERY_BROKER_URL": broker,
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
                   "--hostname", f"test-{os.getpid()}-{len(self._workers)}@localhost"]  # fmt: skip
        worker = subprocess.Popen(command, env=self.environment, cwd=ROOT, start_new_session=True)
        self._workers.append(worker)
        return worker

    def kill(self, worker: subprocess.Popen[bytes]) -> None:
        """What a power cut does: the worker and its beat are gone at once."""
        if worker.poll() is None:
            os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()

    def close(self) -> None:
        for worker in self._workers:
            self.kill(worker)


def emptied(broker: str) -> str:
    """The broker, without what another test or another run left in it."""
    if broker.startswith("redis:"):
        Redis.from_url(broker).flushdb()
    elif broker.startswith("amqp:"):
        with Connection(broker) as opened:
            queue = Queue("celery", Exchange("celery"), routing_key="celery").bind(opened.default_channel)
            queue.declare()
            queue.purge()
    return broker


def wait_until(condition: Callable[[], object], seconds: float = 180) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "that took too long"
        time.sleep(0.1)
