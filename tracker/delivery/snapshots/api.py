"""Snapshots over REST: which there are, what each holds, and its files."""

from __future__ import annotations

from typing import ClassVar

from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from rest_framework.request import Request
from rest_framework.response import Response

from tracker.delivery.api import PAGING
from tracker.delivery.contract import list_of, plain_parameters
from tracker.delivery.timeline_feeds import AnyType
from tracker.delivery.views import PublicViewSet
from tracker.entries.fields import Json
from tracker.rest import keyset
from tracker.rest.keyset import Column
from tracker.rest.parameters import refuse_unknown
from tracker.rest.problems import Gone
from tracker.rest.renderers import JSONText, page
from tracker.rest.schema import Contract
from tracker.values import canonical

from . import downloads
from .models import Snapshot
from .parts import MEDIA


class SnapshotViewSet(PublicViewSet):
    """The snapshots that are kept, newest first."""

    paging: ClassVar[dict[str, str]] = dict(PAGING)

    def list(self, request: Request) -> Response:
        refuse_unknown(request.query_params, self.paging)
        found = keyset.paginate(Snapshot.objects.kept(), [Column("number", descending=True)], request.query_params,
                                request.path)  # fmt: skip
        results = (canonical.dumps_ordered(_summary(snapshot)) for snapshot in found.rows)
        return Response(page(results, keyset.link(request.path, request.query_params, found.following),
                             keyset.link(request.path, request.query_params, found.previous), None))  # fmt: skip

    def retrieve(self, request: Request, number: int) -> Response:
        refuse_unknown(request.query_params, ())
        return Response(JSONText(kept_or_gone(number).manifest))

    def latest(self, request: Request) -> Response:
        """The newest manifest; its address changes with every snapshot, so it says which one it is."""
        refuse_unknown(request.query_params, ())
        snapshot = newest()
        answer = Response(JSONText(snapshot.manifest))
        answer["Content-Location"] = snapshot.contents["url"]
        return answer

    def contract(self, action: str) -> Contract:
        return {
            "list": Contract("list_snapshots", "快照 snapshots, newest first",
                             list_of("SnapshotSummary", counted=False), plain_parameters(self.paging), "snapshots",
                             (400,)),
            "retrieve": Contract("get_snapshot", "快照清单 one snapshot's manifest", _MANIFEST, (), "snapshots",
                                 (400, 404, 410)),
            "latest": Contract("get_latest_snapshot", "最新快照清单 the newest snapshot's manifest", _MANIFEST, (),
                               "snapshots", (400, 404)),
        }[action]  # fmt: skip


class SnapshotFileViewSet(PublicViewSet):
    """The files of a snapshot; the address names the format, whatever the client says it accepts."""

    content_negotiation_class = AnyType

    def retrieve(self, request: Request, number: int, name: str) -> HttpResponseBase:
        refuse_unknown(request.query_params, ())
        snapshot = kept_or_gone(number)
        file = snapshot.file(name)
        if file is None:
            raise Http404(f"Snapshot {number} has no file {name}; its manifest lists them.")
        return downloads.answer(request._request, snapshot, file)

    def latest(self, request: Request, name: str) -> HttpResponseBase:
        """Leads to that file of the newest snapshot."""
        refuse_unknown(request.query_params, ())
        snapshot = newest()
        if snapshot.file(name) is None:
            raise Http404(f"Snapshot {snapshot.number} has no file {name}; its manifest lists them.")
        return redirect(f"{snapshot.contents['url']}{name}")

    def contract(self, action: str) -> Contract:
        binary: Json = {"type": "string", "format": "binary"}
        if action == "latest":
            return Contract("get_latest_snapshot_file", "最新快照文件 leads to a file of the newest snapshot", binary,
                            (), "snapshots", (400, 404), "application/octet-stream", others=_MOVED)  # fmt: skip
        return Contract("get_snapshot_file", "快照文件 a file of a snapshot; takes Range and If-Range", binary, (),
                        "snapshots", (400, 404, 410), "application/octet-stream",
                        alternatives=tuple((media, {"type": "object"} if media in _OBJECTS else binary)
                                           for media in _MEDIA),
                        others=_PARTIAL)  # fmt: skip


_MEDIA = ("application/gzip", *(media.partition(";")[0] for media in MEDIA.values()))
_OBJECTS = ("application/json", "application/geo+json")
_MOVED = ((302, "the address of the file"),)
_PARTIAL = ((206, "the bytes asked for"), (304, "it has not changed"), (412, "it is another file"),
            (416, "it has no such bytes; Content-Range says how many it has"))  # fmt: skip
_MANIFEST: Json = {"$ref": "#/components/schemas/Snapshot"}


def _summary(snapshot: Snapshot) -> Json:
    return {name: value for name, value in snapshot.contents.items() if name != "files"}


def kept_or_gone(number: int) -> Snapshot:
    """The snapshot with its files.

    :raises Gone: newer ones have taken its place.
    :raises Http404: there never was one of that number.
    """
    snapshot = Snapshot.objects.filter(number=number).first() if number < 2**31 else None
    if snapshot is None:
        raise Http404(f"There is no snapshot {number}.")
    if snapshot.dropped_at is not None:
        raise Gone(f"Snapshot {number} was dropped on {snapshot.dropped_at:%Y-%m-%d}; take a newer one.",
                   {"successor": "/api/v1/snapshots/latest/"})  # fmt: skip
    return snapshot


def newest() -> Snapshot:
    """
    :raises Http404: none has been made yet.
    """
    snapshot = Snapshot.objects.kept().order_by("-number").first()
    if snapshot is None:
        raise Http404("No snapshot has been made yet.")
    return snapshot
