"""A receiver for tests: a real HTTP server in a thread, which keeps what it got and answers as it is told.

``python -m tracker.delivery.webhooks.tests.receiver PORT FILE`` runs one as a process of its own that writes each
accepted message as a line of JSON.
"""

from __future__ import annotations

import json
import socket
import ssl
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

Answering = Callable[["Handler"], None]


@dataclass(frozen=True)
class Received:
    path: str
    headers: dict[str, str]
    body: str

    @property
    def message(self) -> str:
        return self.headers["webhook-id"]

    @property
    def data(self) -> Any:
        return json.loads(self.body)["data"]


class Handler(BaseHTTPRequestHandler):
    """One request; what is done with it is decided by the receiver's ``answer``."""

    protocol_version = "HTTP/1.1"
    receiver: Receiver
    got: Received

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        body = self.rfile.read(length).decode()
        if len(body.encode()) < length:  # its sender was killed in the middle of it
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.got = Received(self.path, headers, body)
        self.receiver.received.append(self.got)
        self.receiver.answer(self)

    def log_message(self, *arguments: Any) -> None:
        pass

    def reply(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A sender that hangs up on a slow answer is what the tests are about."""


@dataclass
class Receiver:
    """What came in, and how the next request is answered."""

    port: int = 0
    answer: Answering = field(default=lambda handler: handler.reply(200, b"thanks"))
    received: list[Received] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    @property
    def seqs(self) -> list[int]:
        return [received.data["seq"] for received in self.received]


@contextmanager
def serving(port: int = 0, tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    """A receiver on 127.0.0.1 until the block ends."""
    receiver = Receiver()
    server = _Server(("127.0.0.1", port), type("Bound", (Handler,), {"receiver": receiver}))
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    receiver.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.stopping.set()
        server.shutdown()
        server.server_close()


# --- how a receiver may misbehave -----------------------------------------------------------------------------------


def fails(handler: Handler) -> None:
    handler.reply(500, b"out of order")


def hangs(handler: Handler) -> None:
    """Never answer, until the test is over."""
    handler.receiver.stopping.wait(60)
    handler.close_connection = True


def redirects(handler: Handler) -> None:
    handler.reply(302, Location=f"http://127.0.0.1:{handler.receiver.port}/elsewhere")


def closes_early(handler: Handler) -> None:
    handler.connection.shutdown(socket.SHUT_RDWR)
    handler.close_connection = True


def babbles(handler: Handler) -> None:
    """Speak something that is not HTTP."""
    handler.wfile.write(b"SSH-2.0-something\r\n")
    handler.close_connection = True


def drips_headers(handler: Handler) -> None:
    """A byte now and then: each comes in time, the answer never does."""
    _drip(handler, b"HTTP/1.1 200 OK\r\nX-Slow: ")


def drips_body(handler: Handler) -> None:
    """Accepts at once, then talks without end."""
    _drip(handler, b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nwell, ")


def _drip(handler: Handler, beginning: bytes) -> None:
    handler.close_connection = True
    try:
        handler.wfile.write(beginning)
        while not handler.receiver.stopping.wait(0.05):
            handler.wfile.write(b"x")
    except OSError:
        return


def is_gone(handler: Handler) -> None:
    handler.reply(410, b"no longer here")


def floods(handler: Handler) -> None:
    handler.reply(200, b"z" * 5_000_000)


def _main(port: int, file: Path) -> None:
    def write(handler: Handler) -> None:
        with file.open("a", encoding="utf-8") as opened:
            opened.write(json.dumps({"headers": handler.got.headers, "body": handler.got.body}) + "\n")
        handler.reply(204)

    with serving(port) as receiver:
        receiver.answer = write
        while True:
            time.sleep(3600)


if __name__ == "__main__":
    _main(int(sys.argv[1]), Path(sys.argv[2]))
