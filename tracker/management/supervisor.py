"""Two child processes, the web server and the worker, watched until somebody says stop."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence

GRACE_SECONDS = 20
PAUSE_SECONDS = 2


class Child:
    """A process in a group of its own: a Ctrl-C in the terminal reaches it through us alone, and once."""

    def __init__(self, name: str, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self.name, self._command, self._environment = name, command, environment
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._process = subprocess.Popen(self._command, env=self._environment, start_new_session=True)

    @property
    def ended(self) -> bool:
        return self._process is not None and self._process.poll() is not None

    @property
    def pid(self) -> int:
        """
        :raises RuntimeError: it was never started.
        """
        if self._process is None:
            raise RuntimeError(f"{self.name} was never started")
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        return self._process.returncode if self._process else None

    def ask_to_stop(self) -> None:
        if self._process and not self.ended:
            self._process.terminate()

    def stop(self, grace: float = GRACE_SECONDS) -> None:
        """Wait for it to end; after the grace, end it and whatever it has started."""
        if self._process is None:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(grace)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()


class Supervisor:
    """Keeps the worker alive beside the web server, and stops both cleanly."""

    def __init__(self, web: Child, worker: Child, say: Callable[[str], object]) -> None:
        self.web, self.worker, self._say = web, worker, say
        self._stopping = threading.Event()

    def stop_on_signals(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: self._stopping.set())

    def start(self) -> None:
        self.web.start()
        self.worker.start()

    def wait_until_served(self, url: str, seconds: float) -> bool:
        """Whether the web server answers at the URL before the time is over, it ends or somebody says stop."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and not self.web.ended and not self._stopping.is_set():
            if answers(url):
                return True
            self._stopping.wait(0.2)
        return False

    def watch(self) -> None:
        """Return when somebody says stop or the web server ends; a worker that ends is started again."""
        while not self._stopping.wait(0.5) and not self.web.ended:
            if self.worker.ended:
                self._say(f"the worker ended with code {self.worker.exit_code} and is started again")
                self.worker.stop(grace=0)
                self._stopping.wait(PAUSE_SECONDS)
                self.worker.start()

    @property
    def stopping(self) -> bool:
        return self._stopping.is_set()

    def stop(self) -> None:
        children = (self.web, self.worker)
        for child in children:
            child.ask_to_stop()
        for child in children:
            child.stop()


def answers(url: str) -> bool:
    """Whether a server answers at the URL with anything but an error of its own."""
    try:
        with urllib.request.urlopen(url, timeout=5):
            return True
    except urllib.error.HTTPError as error:
        return error.code < 500
    except OSError:
        return False
