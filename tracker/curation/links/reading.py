"""One look at an address on the web: does it answer, and does it still say the same? Knows no database.

Guarded as webhooks are: public addresses only, each redirect checked anew, bounded in time and in what is read.
"""

from __future__ import annotations

import contextlib
import http.client
import time
from dataclasses import dataclass, replace
from email.message import Message
from hashlib import sha256
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit, urlunsplit

from django.utils.encoding import iri_to_uri
from urllib3.connection import HTTPConnection
from urllib3.exceptions import HTTPError
from urllib3.response import BaseHTTPResponse

from tracker.delivery.webhooks.guard import Destination, Forbidden, check
from tracker.delivery.webhooks.sending import Courier, Failed, cut_at

MOST_BYTES = 4 * 1024 * 1024
MOST_REDIRECTS = 5
_MOVED = (301, 302, 303, 307, 308)
_UNLIKE_GET = (400, 401, 403, 404, 405, 406, 500, 501, 502, 503)
"""What servers answer to HEAD though they would answer GET."""


@dataclass(frozen=True)
class Known:
    """What was found the last time; empty at the first."""

    etag: str = ""
    last_modified: str = ""
    digest: str = ""


@dataclass(frozen=True)
class Seen:
    """What a look found.

    :param status: the last answer's status; None when there was none.
    :param trouble: why there is nothing to be read; '' when there is.
    :param digest: of what is to be read there, as people see it.
    """

    status: int | None = None
    trouble: str = ""
    etag: str = ""
    last_modified: str = ""
    digest: str = ""

    @property
    def is_fine(self) -> bool:
        return not self.trouble


@dataclass(frozen=True)
class Reader:
    """Looks at addresses; whatever goes wrong is in what it returns."""

    courier: Courier

    def look(self, url: str, known: Known) -> Seen:
        """HEAD first; the text is only read where that does not say that it is the same as before."""
        end = time.monotonic() + self.courier.seconds
        try:
            seen = self._follow("HEAD", url, end)
            if seen.status in _UNLIKE_GET:
                return self._follow("GET", url, end)
            return replace(seen, digest=known.digest) if _same(seen, known) else self._follow("GET", url, end)
        except Failed as error:
            return self._once_more(url, end, str(error))
        except Forbidden as error:
            return Seen(trouble=error.message)

    def _once_more(self, url: str, end: float, trouble: str) -> Seen:
        """Some servers hang up on HEAD."""
        try:
            return self._follow("GET", url, end)
        except (Failed, Forbidden):
            return Seen(trouble=trouble)

    def _follow(self, method: str, url: str, end: float) -> Seen:
        """
        :raises Failed: no answer came.
        :raises Forbidden: it leads to where one does not go.
        """
        for _hop in range(MOST_REDIRECTS + 1):
            address = prepared(url)
            seen, location = self._ask(method, check(address, self.courier.policy, self.courier.resolve), end)
            if seen.status not in _MOVED or not location:
                return seen
            url = urljoin(address, location)
        return Seen(status=seen.status, trouble=f"多于 {MOST_REDIRECTS} 次重定向 too many redirects")

    def _ask(self, method: str, to: Destination, end: float) -> tuple[Seen, str]:
        connection = self.courier.connect(to, end)
        with contextlib.closing(connection), cut_at(end, connection) as watch:
            try:
                response = self._answer(method, to, connection)
                body = _body(response) if method == "GET" and 200 <= response.status < 300 else b""
            except (OSError, http.client.HTTPException, HTTPError) as error:
                raise self.courier.failed(error, late=watch.has_cut) from error
            if watch.has_cut:
                raise self.courier.failed(TimeoutError(), late=True)
            return _seen(response, body), response.headers.get("Location", "")

    def _answer(self, method: str, to: Destination, connection: HTTPConnection) -> BaseHTTPResponse:
        headers = {"Host": to.authority, "User-Agent": self.courier.agent, "Accept": "*/*", "Connection": "close",
                   "Accept-Encoding": "identity"}  # fmt: skip
        connection.request(method, to.target, None, headers, preload_content=False, decode_content=False)
        return connection.getresponse()


def prepared(url: str) -> str:
    """The address as it goes over the wire: host in Punycode, other letters escaped, no fragment."""
    parts = urlsplit(urldefrag(url.strip())[0])
    with contextlib.suppress(UnicodeError, ValueError):
        host = (parts.hostname or "").encode("idna").decode()
        parts = parts._replace(netloc=f"{host}:{parts.port}" if parts.port else host)
    return iri_to_uri(urlunsplit(parts))


def _body(response: BaseHTTPResponse) -> bytes:
    found = bytearray()
    while len(found) < MOST_BYTES and (part := response.read1(min(65536, MOST_BYTES - len(found)))):
        found += part
    return bytes(found)


def _seen(response: BaseHTTPResponse, body: bytes) -> Seen:
    status, headers = response.status, response.headers
    fine = 200 <= status < 300 or status in _MOVED
    digest = sha256(readable(body, headers.get("Content-Type", ""))).hexdigest() if body else ""
    return Seen(status, "" if fine else f"HTTP {status}", headers.get("ETag", "")[:200],
                headers.get("Last-Modified", "")[:60], digest)  # fmt: skip


def _same(seen: Seen, known: Known) -> bool:
    """Whether the answer's own words say that nothing has changed."""
    if not (seen.is_fine and known.digest):
        return False
    if seen.etag and known.etag:
        return seen.etag == known.etag
    return bool(seen.last_modified) and seen.last_modified == known.last_modified


# --- what people see of a page


def readable(body: bytes, content_type: str) -> bytes:
    """The words of an HTML page, without what programs change from one visit to the next; any other file as it is."""
    if "html" not in content_type.lower():
        return body
    words = _Words()
    words.feed(body.decode(_charset(content_type, body), "replace"))
    words.close()
    return " ".join(" ".join(words.found).split()).encode()


def _charset(content_type: str, body: bytes) -> str:
    message = Message()
    message["Content-Type"] = content_type
    named = message.get_param("charset")
    for charset in (str(named) if named else "utf-8", "utf-8", "gb18030"):
        with contextlib.suppress(LookupError, UnicodeDecodeError):
            body.decode(charset)
            return charset
    return "utf-8"


class _Words(HTMLParser):
    UNSEEN = ("script", "style", "noscript", "template", "svg")

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self.UNSEEN:
            self._inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._inside and tag == self._inside[-1]:
            self._inside.pop()

    def handle_data(self, data: str) -> None:
        if not self._inside:
            self.found.append(data)
