"""A web server for tests: real HTTP on 127.0.0.1, which answers as it is told and keeps what it was asked."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Page:
    """How one path answers."""

    body: bytes = b"<html><body><p>words</p></body></html>"
    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "text/html; charset=utf-8"})
    head: int | None = None
    """Another status for HEAD; 0: hang up."""


@dataclass
class Web:
    port: int = 0
    pages: dict[str, Page] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)

    def url(self, path: str = "/a") -> str:
        return f"http://127.0.0.1:{self.port}{path}"


class _Handler(BaseHTTPRequestHandler):
    web: Web

    def do_GET(self) -> None:
        self.web.asked.append(("GET", self.path))
        page = self.web.pages.get(self.path, Page(status=404))
        self._head(page, page.status)
        self.wfile.write(page.body)

    def do_HEAD(self) -> None:
        self.web.asked.append(("HEAD", self.path))
        page = self.web.pages.get(self.path, Page(status=404))
        if page.head != 0:
            self._head(page, page.head or page.status)

    def _head(self, page: Page, status: int) -> None:
        self.send_response(status)
        for name, value in page.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(page.body)))
        self.end_headers()

    def log_message(self, *arguments: Any) -> None:
        pass


@contextmanager
def serving() -> Iterator[Web]:
    web = Web()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (_Handler,), {"web": web}))
    server.daemon_threads = True
    web.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield web
    finally:
        server.shutdown()
        server.server_close()
