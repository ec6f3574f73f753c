"""One file of a snapshot over HTTP: whole or a range of it, with an entity tag that is its SHA-256.

A web server may serve the folder instead; then this is not asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import http_date

from tracker.rest import ranges
from tracker.rest.ranges import Span, Unsatisfiable

from . import folder
from .models import Snapshot

BLOCK = 64 * 1024
_FOREVER = "public, max-age=31536000, immutable"


def answer(request: HttpRequest, snapshot: Snapshot, file: dict[str, Any]) -> HttpResponseBase:
    """200, 206, 304, 412 or 416, as the request's conditions and range ask.

    :raises Http404: the file is not on this machine.
    """
    path = folder.of(snapshot.number) / file["name"]
    if not path.is_file():
        raise Http404(f"{file['name']} of snapshot {snapshot.number} is not on this machine.")
    etag, modified = f'"{file["sha256"]}"', int(snapshot.made_at.timestamp())
    response = get_conditional_response(request, etag=etag, last_modified=modified) or _content(
        request, path, file, etag, http_date(modified)
    )
    response["ETag"], response["Last-Modified"] = etag, http_date(modified)
    response["Cache-Control"], response["Accept-Ranges"] = _FOREVER, "bytes"
    return response


def _content(request: HttpRequest, path: Path, file: dict[str, Any], etag: str, modified: str) -> HttpResponseBase:
    size: int = file["bytes"]
    headers = request.headers
    try:
        fits = request.method == "GET" and ranges.still_fits(headers.get("If-Range", ""), etag, modified)
        span = ranges.asked_for(headers.get("Range", ""), size) if fits else None
    except Unsatisfiable:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    sent = span or Span(0, size - 1)
    response = _body(request, path, sent)
    response["Content-Type"], response["Content-Length"] = file["media_type"], str(sent.length)
    response["Content-Disposition"] = f'attachment; filename="{file["name"]}"'
    # a body that middleware compressed would no longer be the bytes that were asked for
    response["Content-Encoding"] = "identity"
    if span:
        response.status_code = 206
        response["Content-Range"] = f"bytes {span.first}-{span.last}/{size}"
    return response


def _body(request: HttpRequest, path: Path, span: Span) -> HttpResponseBase:
    return HttpResponse() if request.method == "HEAD" else StreamingHttpResponse(_bytes(path, span))


def _bytes(path: Path, span: Span) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(span.first)
        left = span.length
        while left and (block := file.read(min(BLOCK, left))):
            left -= len(block)
            yield block
