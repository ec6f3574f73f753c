"""A whole list as a file: ``parks.csv``, ``.xlsx``, ``.geojson``, ``.jsonl``, or the list itself by ``Accept``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from tempfile import TemporaryFile
from typing import ClassVar

from django.conf import settings
from django.http import FileResponse, HttpRequest, QueryDict, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from rest_framework.request import Request

from tracker.entries.fields import Json
from tracker.entries.kinds import Kind
from tracker.entries.models import Change
from tracker.rest.schema import Contract

from . import columns, features, formats, recorded, selection, spreadsheet, terms
from .columns import Column, Sort
from .contract import EXPORTS, parameters_of, plain_parameters
from .filters import PAGE_PARAMETERS, EntryFilter
from .selection import Selection
from .shape import Shape
from .timeline_feeds import AnyType
from .views import EntryViewSet, PublicViewSet

MEDIA = {suffix: media for suffix, (media, _) in EXPORTS.items()}
CHUNK = 64 * 1024
ALWAYS = ("kind", "key")


class ExportViewSet(PublicViewSet):
    """One kind's list as a file; the filters, the order and both clocks are those of the list."""

    content_negotiation_class = AnyType
    kind: ClassVar[Kind]
    filterset_class: ClassVar[type[EntryFilter]]

    def contract(self, action: str) -> Contract:
        filters = parameters_of(self.filterset_class.base_filters)
        others = plain_parameters({name: PAGE_PARAMETERS[name] for name in selection.PARAMETERS})
        return Contract(f"export_{self.kind.plural}_{action}", f"{self.kind.zh} the whole list as {action}",
                        EXPORTS[action][1], (*filters, *others), self.kind.plural, (400,), MEDIA[action])  # fmt: skip

    def csv(self, request: Request) -> HttpResponseBase:
        selected = self._selected(request)
        texts = formats.table(_shown(columns.of_kind(self.kind), selected.shape), selected.documents())
        return self._streamed("csv", texts, selected)

    def jsonl(self, request: Request) -> HttpResponseBase:
        selected = self._selected(request)
        return self._streamed("jsonl", formats.json_lines(selected.texts()), selected)

    def geojson(self, request: Request) -> HttpResponseBase:
        selected = self._selected(request)
        located = features.with_points(selected.documents(), recorded.at(selected.number))
        shown = _shown(features.shown_columns(self.kind), selected.shape)
        about = self._about(request.query_params, selected)
        return self._streamed("geojson", formats.feature_collection(shown, located, about), selected)

    def xlsx(self, request: Request) -> HttpResponseBase:
        selected = self._selected(request)
        file = TemporaryFile()  # noqa: SIM115 - the response closes it
        moment = Change.objects.filter(seq=selected.number).values_list("recorded_at", flat=True).first()
        spreadsheet.write(file, self.kind.plural, _shown(columns.of_kind(self.kind), selected.shape),
                          selected.documents(), self._about(request.query_params, selected), moment)  # fmt: skip
        file.seek(0)
        return self._named(FileResponse(file, content_type=MEDIA["xlsx"]), "xlsx", selected)

    def _selected(self, request: Request) -> Selection:
        return selection.of(self.filterset_class, request.query_params)

    def _about(self, parameters: QueryDict, selected: Selection) -> Json:
        """What the file says of itself; of the same data always the same."""
        return {
            "title": f"{terms.TITLE} · {self.kind.zh} {self.kind.en}", "query": parameters.urlencode() or None,
            "as_of": parameters.get("as_of") or None, "known_at": parameters.get("known_at") or None,
            "seq": selected.number, "licence": terms.LICENCE, "licence_url": terms.LICENCE_URL,
            "attribution": terms.ATTRIBUTION, "contract_version": terms.CONTRACT_VERSION, "source": settings.SITE_URL,
        }  # fmt: skip

    def _streamed(self, suffix: str, texts: Iterable[str], selected: Selection) -> HttpResponseBase:
        answer = StreamingHttpResponse(_chunks(texts), content_type=f"{MEDIA[suffix]}; charset=utf-8")
        return self._named(answer, suffix, selected)

    def _named(self, answer: HttpResponseBase, suffix: str, selected: Selection) -> HttpResponseBase:
        answer["Content-Disposition"] = f'attachment; filename="{self.kind.plural}.{suffix}"'
        answer["X-Feed-Number"] = str(selected.number)
        return answer


def _shown(all_columns: Iterable[Column], shape: Shape) -> list[Column]:
    """The columns of the members that the query wants; with ``as_of`` also whether the entry was surely there."""
    wanted = [column for column in all_columns if (not shape.keep or column.member in (*ALWAYS, *shape.keep))
              and column.member not in shape.omit]  # fmt: skip
    certain = Column("certain", lambda document: document["certain"], Sort.FLAG, member="certain")
    return [*wanted, certain] if shape.day else wanted


def _chunks(texts: Iterable[str]) -> Iterator[bytes]:
    """The texts in pieces worth sending."""
    waiting: list[str] = []
    size = 0
    for text in texts:
        waiting.append(text)
        size += len(text)
        if size >= CHUNK:
            yield "".join(waiting).encode()
            waiting, size = [], 0
    yield "".join(waiting).encode()


View = Callable[..., HttpResponseBase]


def of(viewset: type[EntryViewSet]) -> dict[str, View]:
    """The exports of a kind's list, by suffix."""
    own = {"kind": viewset.kind, "filterset_class": viewset.filterset_class}
    made: type[ExportViewSet] = type(f"{viewset.__name__}Exports", (ExportViewSet,), own)
    return {suffix: made.as_view({"get": suffix}) for suffix in MEDIA}


def by_accept(viewset: type[EntryViewSet], listing: View) -> View:
    """The list, or one of its exports where the client likes that better than JSON."""
    views = {MEDIA[suffix]: view for suffix, view in of(viewset).items()}

    @wraps(listing)
    def chosen(request: HttpRequest) -> HttpResponseBase:
        liked = request.get_preferred_type(["application/json", *views]) if request.method in ("GET", "HEAD") else None
        answer = views.get(liked or "", listing)(request)
        patch_vary_headers(answer, ("Accept",))
        return answer

    return chosen
