"""The tracker as others reach it: gunicorn over a database of the tests, answering real HTTP."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from django.db import connection

from .plugin import ROOT

START_SECONDS = 30


@contextmanager
def served(var: Path, database: str) -> Iterator[str]:
    """Its address.

    :param var: the folder of its files.
    :param database: the name of a database beside the default one.
    """
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    url, log = f"http://127.0.0.1:{port}", var / "gunicorn.log"
    command = [sys.executable, "-m", "gunicorn", "tracker.wsgi", "--bind", f"127.0.0.1:{port}", "--threads", "8",
               "--limit-request-line", "8190", "--log-level", "warning", "--no-control-socket"]  # fmt: skip
    environment = {**os.environ, "TRACKER_VAR": str(var), "DATABASE_URL": database_url(database), "SITE_URL": url}
    with log.open("wb") as written:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=written, stderr=written)
    try:
        _wait(url, process, log)
        yield url
    finally:
        process.terminate()
        process.wait(START_SECONDS)


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    from tracker.management.supervisor import answers  # noqa: PLC0415

    end = time.monotonic() + START_SECONDS
    while not answers(f"{url}/readyz"):
        if process.poll() is not None or time.monotonic() > end:
            raise RuntimeError(f"the server does not answer: {log.read_text()[-2000:]}")
        time.sleep(0.1)


def database_url(name: str) -> str:
    """``DATABASE_URL`` of another database beside the default one."""
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    found = connection.settings_dict
    user, password, host = (quote(str(found[part]), safe="") for part in ("USER", "PASSWORD", "HOST"))
    return f"postgres://{user}:{password}@{host}:{found['PORT'] or 5432}/{quote(name)}"
