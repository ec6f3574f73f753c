"""One message to one receiver: a single HTTP request, bounded in time and in what is read of the answer."""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError
from urllib3.response import BaseHTTPResponse

from .guard import Address, Destination, Forbidden, Policy, Resolve, check, system_resolver
from .trouble import Trouble

ANSWER_BYTES = 1000
"""How much of an answer is kept; no more than that is read."""

_MOST_ADDRESSES = 3


@dataclass(frozen=True)
class Answer:
    """What came of an attempt."""

    milliseconds: int
    status: int | None = None
    text: str = ""
    """The first bytes of the answer's body, as UTF-8 where they are."""
    trouble: str = ""
    """A ``Trouble``; empty when the message was accepted."""
    detail: str = ""

    @property
    def accepted(self) -> bool:
        return not self.trouble


class Failed(Exception):
    """No answer came, or none in time."""

    def __init__(self, trouble: Trouble, detail: str) -> None:
        super().__init__(detail)
        self.trouble, self.detail = trouble, detail


@dataclass(frozen=True)
class Courier:
    """Carries messages to receivers that the policy allows; knows no database."""

    policy: Policy
    seconds: float
    """The longest an attempt may take, from connecting to the last byte read."""
    agent: str
    resolve: Resolve = system_resolver
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context)

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Send it, once; whatever goes wrong is in the answer. Redirects are not followed."""
        began = time.monotonic()
        try:
            status, text = self._exchange(check(url, self.policy, self.resolve), headers, body, began + self.seconds)
        except Forbidden as error:
            return Answer(_since(began), trouble=Trouble.ADDRESS, detail=error.message)
        except Failed as error:
            return Answer(_since(began), trouble=error.trouble, detail=error.detail)
        return Answer(_since(began), status, text, _verdict(status))

    def _exchange(self, to: Destination, headers: Mapping[str, str], body: bytes, end: float) -> tuple[int, str]:
        connection = self.connect(to, end)
        with contextlib.closing(connection), cut_at(end, connection) as watch:
            try:
                own = {"Host": to.authority, "User-Agent": self.agent, "Accept-Encoding": "identity",
                       "Content-Type": "application/json", "Connection": "close"}  # fmt: skip
                connection.request("POST", to.target, body, {**own, **headers}, preload_content=False,
                                   decode_content=False)  # fmt: skip
                response = connection.getresponse()
            except (OSError, http.client.HTTPException, HTTPError) as error:
                raise self.failed(error, late=watch.has_cut) from error
            if watch.has_cut:  # in the middle of the headers, which http.client takes for their end
                raise self._late()
            return response.status, _beginning(response)

    def connect(self, to: Destination, end: float) -> HTTPConnection:
        """A connection to the first of the checked addresses that takes one.

        :raises Failed: none does.
        """
        failed = self._late()
        tried = to.addresses[:_MOST_ADDRESSES]
        for place, address in enumerate(tried):
            share = (end - time.monotonic()) / (len(tried) - place)
            if share <= 0:
                raise self._late()
            connection = self._connection(to, address, share)
            try:
                connection.connect()
            except NewConnectionError as error:  # a sort of ConnectTimeoutError, says urllib3
                failed = Failed(Trouble.CONNECTION, str(error.__cause__ or error))
            except ConnectTimeoutError:
                failed = self._late()
            except ssl.SSLError as error:
                raise Failed(Trouble.TLS, str(error)) from error
            except TimeoutError as error:
                raise self._late() from error
            except OSError as error:
                raise _closed(error) from error
            else:
                connection.timeout = max(end - time.monotonic(), 0.001)
                return connection
            connection.close()
        raise failed

    def _connection(self, to: Destination, address: Address, seconds: float) -> HTTPConnection:
        """Not yet open. The certificate must be the host's, though the connection goes to the address."""
        if to.scheme == "http":
            return HTTPConnection(str(address), to.port, timeout=seconds)
        return HTTPSConnection(str(address), to.port, timeout=seconds, ssl_context=self.tls, server_hostname=to.host)

    def failed(self, error: Exception, *, late: bool) -> Failed:
        """What an error in the middle of an exchange means; it was late where the connection was cut."""
        return self._late() if late or isinstance(error, TimeoutError) else _closed(error)

    def _late(self) -> Failed:
        return Failed(Trouble.TIMEOUT, f"took longer than {self.seconds:g} s")


class _Watch:
    """Cuts a connection when its time is over: a receiver that sends a byte now and then outlives every time-out."""

    def __init__(self, seconds: float, sock: socket.socket) -> None:
        self.has_cut = False
        self._socket = sock
        self._timer = threading.Timer(max(seconds, 0), self._cut)
        self._timer.daemon = True

    def _cut(self) -> None:
        self.has_cut = True
        with contextlib.suppress(OSError):
            socket.socket.shutdown(self._socket, socket.SHUT_RDWR)  # of the TCP connection, without a word of TLS

    def start(self) -> None:
        self._timer.start()

    def stop(self) -> None:
        self._timer.cancel()


@contextlib.contextmanager
def cut_at(end: float, connection: HTTPConnection) -> Iterator[_Watch]:
    watch = _Watch(end - time.monotonic(), connection.sock)
    watch.start()
    try:
        yield watch
    finally:
        watch.stop()


def _beginning(response: BaseHTTPResponse) -> str:
    """The first bytes of the body, as far as they come in time: the status has already decided."""
    found = b""
    with contextlib.suppress(OSError, http.client.HTTPException, HTTPError):
        while len(found) < ANSWER_BYTES and (part := response.read1(ANSWER_BYTES - len(found))):
            found += part
    return found.decode("utf-8", "replace").replace("\x00", "\ufffd")


def _closed(error: Exception) -> Failed:
    return Failed(Trouble.CLOSED, f"{type(error).__name__}: {error}")


def _verdict(status: int) -> str:
    if 200 <= status < 300:
        return ""
    return Trouble.REDIRECT if 300 <= status < 400 else Trouble.STATUS


def _since(began: float) -> int:
    return round((time.monotonic() - began) * 1000)
