"""The public reading of entries: lists, details, facets, revisions; documents go out as they are stored."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, QueryDict
from django.http.response import HttpResponseBase
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from tracker.accounts.roles import public_role
from tracker.entries import kinds, rendering, successors
from tracker.entries.diff import differences
from tracker.entries.fields import Json
from tracker.entries.kinds import Kind
from tracker.entries.models import Entry, Revision, State
from tracker.rest import deprecation, keyset
from tracker.rest.keyset import Column
from tracker.rest.parameters import refuse_blank, refuse_nul, refuse_repeated, refuse_unknown
from tracker.rest.problems import Gone, MergedInto, bad_parameter
from tracker.rest.renderers import CanonicalJSONRenderer, JSONText, page
from tracker.rest.schema import Contract
from tracker.values import canonical

from . import conditional, contract_changes, past, timelines
from .contract import EXPORTS, NEVER_BLANK, SINGLE, component, list_of, parameters_of, plain_parameters
from .facets import facets, facets_of
from .filters import CLOCKS, PAGE_PARAMETERS, EntryFilter, apply, day_of, known_at, valid_on, wants_count
from .shape import Shape
from .terms import ATTRIBUTION, CONTRACT_VERSION, LICENCE_URL

ORDERINGS = ("key", "name", "date", "updated_at", "verified_at", "version")
AREA_ORDERING = ("area",)
"""Of kinds that have areas: by the largest of the measures asked for, unknown least."""


class PublicViewSet(ViewSet):
    """Base of the reading views: JSON text, open to everybody, with a token or without."""

    renderer_classes = [CanonicalJSONRenderer]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        refuse_nul(request.query_params)
        refuse_blank(request.query_params, NEVER_BLANK)
        refuse_repeated(request.query_params, SINGLE)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Every answer names its licence, whom to attribute, the contract's version, and what of it goes away."""
        answer = super().finalize_response(request, response, *args, **kwargs)
        answer["Link"] = f'<{LICENCE_URL}>; rel="license"'
        for name, value in self._deprecations(request):
            answer[name] = f"{answer[name]}, {value}" if name in answer else value
        answer["X-Attribution"] = ATTRIBUTION
        answer["X-Contract-Version"] = CONTRACT_VERSION
        return answer

    def _deprecations(self, request: Request) -> Iterable[tuple[str, str]]:
        declared, contract = contract_changes.DEPRECATIONS, getattr(self, "contract", None)
        if not declared or contract is None or not self.action:
            return ()
        operation, asked = contract(self.action).operation, request.query_params
        concerned = (one for one in declared if one.concerns(operation, asked))
        return deprecation.headers(concerned, f"{settings.SITE_URL}/about/interface/")


class EntryViewSet(PublicViewSet):
    """One kind's collection."""

    kind: ClassVar[Kind]
    filterset_class: ClassVar[type[EntryFilter]]
    filtered_by: ClassVar[dict[str, tuple[str, ...]]] = {}
    """Filters that other kinds than its own decide, with those kinds."""
    lookup_field = "key"

    @conditional.on(conditional.own_kind)
    def list(self, request: Request) -> Response:
        parameters = request.query_params
        shape = Shape.of(self.kind, parameters)
        if moment_ := known_at(parameters):
            return Response(past.listing(self.filterset_class, parameters, request.path, moment_, shape))
        queryset = apply(self.filterset_class, parameters, self._live())
        if shape.day:
            queryset = valid_on(queryset, self.kind, shape.day)
        found = keyset.paginate(queryset.only("id", "document", *_sort_columns()), ordering(parameters, self.kind),
                                parameters, request.path)  # fmt: skip
        return Response(_page(found, (entry.document for entry in found.rows), request, queryset, shape))

    def retrieve(self, request: Request, key: str) -> HttpResponseBase:
        refuse_unknown(request.query_params, ("fields", "omit", "brief", "as_of", "known_at"))
        shape = Shape.of(self.kind, request.query_params)
        if moment_ := known_at(request.query_params):
            return self._known(request, key, moment_, shape)
        entry = live_or_moved(self.kind, key, request.query_params)
        tag = conditional.tag_of(request, entry.version)
        return conditional.answer(request, tag, lambda: _shown(key, entry.document, shape))

    @conditional.on(conditional.own_entry)
    def _known(self, request: Request, key: str, moment_: datetime, shape: Shape) -> Response:
        return _shown(key, past.version(self.kind, key, moment_).document, shape)

    @conditional.on(conditional.own_kind)
    def facets(self, request: Request) -> Response:
        """Counts by place, category, status and what else the kind is sorted by."""
        parameters = request.query_params
        refuse_unknown(parameters, [*self.filterset_class.base_filters, *CLOCKS])
        day = day_of(parameters)
        if moment_ := known_at(parameters):
            return Response(facets_of(self.kind, past.documents(self.filterset_class, parameters, moment_, day)))
        queryset = apply(self.filterset_class, parameters, self._live())
        return Response(facets(self.kind, valid_on(queryset, self.kind, day) if day else queryset, day))

    @conditional.on(conditional.own_entry_today)
    def timeline(self, request: Request, key: str) -> Response:
        if not known_at(request.query_params):
            live_or_gone(self.kind, key)
        return Response(timelines.of_entry(self.kind, key, request.query_params, request.path))

    @conditional.on(conditional.own_entry)
    def revisions(self, request: Request, key: str) -> Response:
        refuse_unknown(request.query_params, ("cursor", "page_size"))
        entry = live_or_merged(self.kind, key)
        found = keyset.paginate(_with_people(Revision.objects.filter(entry=entry)),
                                [Column("number", descending=True)], request.query_params, request.path)  # fmt: skip
        results = (canonical.dumps_ordered(revision_summary(row)) for row in found.rows)
        return Response(_page(found, results, request, None, None))

    @conditional.on(conditional.own_entry)
    def revision(self, request: Request, key: str, number: int) -> Response:
        refuse_unknown(request.query_params, ())
        row = self._revision(key, number)
        return Response(revision_summary(row) | {"payload": canonical.loads(row.payload)})

    @conditional.on(conditional.own_entry)
    def revision_differences(self, request: Request, key: str, first: int, last: int) -> Response:
        refuse_unknown(request.query_params, ())
        old, new = self._revision(key, first), self._revision(key, last)
        found = differences(canonical.loads(old.payload), canonical.loads(new.payload))
        return Response({"from": revision_summary(old), "to": revision_summary(new),
                         "differences": [change._asdict() for change in found]})  # fmt: skip

    def contract(self, action: str) -> Contract:
        """What the operation takes and gives, for the OpenAPI document."""
        name, kind = component(self.kind), self.kind
        filters = parameters_of(self.filterset_class.base_filters)
        paging = plain_parameters({name: PAGE_PARAMETERS[name] for name in ("cursor", "page_size")})
        cutting = ("fields", "omit", "brief", "as_of", "known_at")
        shaping = plain_parameters({name: PAGE_PARAMETERS[name] for name in cutting})
        return {
            "list": Contract(f"list_{kind.plural}", f"{kind.zh} {kind.plural}", list_of(name),
                             (*filters, *plain_parameters(PAGE_PARAMETERS)), kind.plural,
                             alternatives=tuple(EXPORTS.values())),
            "retrieve": Contract(f"get_{kind.name}", f"{kind.zh} {kind.name}", _ref(name), shaping, kind.plural,
                                 (400, 404, 410)),
            "facets": Contract(f"facets_of_{kind.plural}", "分面计数 counts for each value", _ref("Facets"),
                               (*filters, *plain_parameters(CLOCKS)), kind.plural),
            "timeline": Contract(f"timeline_of_{kind.name}", "时间线 its events", list_of("Event"),
                                 plain_parameters(timelines.PARAMETERS), kind.plural, (400, 404, 410)),
            "revisions": Contract(f"revisions_of_{kind.name}", "修订 its revisions", list_of("Revision"), paging,
                                  kind.plural, (400, 404, 410)),
            "revision": Contract(f"revision_of_{kind.name}", "一次修订 one revision", _ref("Revision"), (),
                                 kind.plural, (400, 404, 410)),
            "revision_differences": Contract(f"differences_of_{kind.name}", "两次修订之间 between two revisions",
                                             _ref("RevisionDifferences"), (), kind.plural, (400, 404, 410)),
            "profile": Contract(f"profile_of_{kind.name}", "概况 profile", _ref("Profile"), (), kind.plural,
                                (400, 404, 410)),
        }[action]  # fmt: skip

    def _live(self) -> QuerySet[Entry]:
        return Entry.objects.live().of_kind(self.kind.name)

    def _revision(self, key: str, number: int) -> Revision:
        entry = live_or_merged(self.kind, key)
        row = _with_people(entry.revisions.all()).filter(number=number).first() if number < 2**31 else None
        if row is None:
            raise Http404(f"{self.kind.name} {key} has no revision {number}.")
        return row


def _shown(key: str, document: str, shape: Shape) -> Response:
    """:raises Http404: the entry was not there on the day asked for."""
    shown = shape.apply(document)
    if shown is None:
        raise Http404(f"{key} was not there on {shape.day}.")
    return Response(JSONText(shown))


def _ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def _with_people(rows: QuerySet[Revision]) -> QuerySet[Revision]:
    return rows.select_related("actor", "approver").prefetch_related("actor__groups", "approver__groups")


def revision_summary(row: Revision) -> Json:
    """A revision in public: when, why, what — and roles, not persons."""
    return {
        "number": row.number, "recorded_at": row.recorded_at.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "nature": row.nature, "origin": row.origin, "reason": row.reason or None, "forced": row.forced,
        "author_role": public_role(row.actor), "approver_role": public_role(row.approver),
        "changed_fields": row.changed_fields, "schema": row.schema_version,
    }  # fmt: skip


def live_or_gone(kind: Kind, key: str) -> Entry:
    """The live entry.

    :raises Gone: it was withdrawn or merged; says why and where to go.
    :raises Http404: it never was.
    """
    return _in_state(kind, key, (State.LIVE,))


def _in_state(kind: Kind, key: str, states: Sequence[State]) -> Entry:
    entry = Entry.objects.filter(kind=kind.name, key=key).first()
    if entry is None:
        raise Http404(f"There is no {kind.name} {key}.")
    if entry.state not in states:
        raise Gone(*why_gone(entry))
    return entry


def live_or_moved(kind: Kind, key: str, parameters: QueryDict) -> Entry:
    """The live entry.

    :raises MergedInto: it was merged into one that is public; names its address, with the same parameters.
    :raises Gone, Http404: as ``live_or_gone``.
    """
    try:
        return live_or_gone(kind, key)
    except Gone as gone:
        if gone.extra["state"] != State.MERGED or not gone.extra["successor"]:
            raise
        query = f"?{parameters.urlencode()}" if parameters else ""
        raise MergedInto(str(gone.detail), gone.extra, f"{gone.extra['successor']}{query}") from gone


def live_or_merged(kind: Kind, key: str) -> Entry:
    """The entry whose history is asked for; one that was merged keeps its own.

    :raises Gone, Http404: as ``live_or_gone``.
    """
    return _in_state(kind, key, (State.LIVE, State.MERGED))


def why_gone(entry: Entry) -> tuple[str, Json]:
    """Why an entry is no longer public, and ``{state, successor}``, the successor as an address or None."""
    last = Revision.objects.filter(entry=entry).order_by("-number").first()
    key = successors.standing_for(entry.kind, [entry.key]).get(entry.key)
    successor = key and rendering.url_of(kinds.get(entry.kind), key)
    reason = last.reason if last and last.reason else "This entry was withdrawn."
    return reason, {"state": entry.state, "successor": successor}


def ordering(parameters: QueryDict, kind: Kind) -> list[Column]:
    """The order asked for, made unique by the key; undated entries come last either way."""
    text = parameters.get("ordering", "") or ("-date" if kind.main_date else "key")
    descending, name = text.startswith("-"), text.lstrip("-")
    names = [*ORDERINGS, *(AREA_ORDERING if kind.has("areas") else ())]
    if name not in names:
        raise bad_parameter("ordering", f"{text!r} is none of {', '.join(names)}, each also with -")
    if name == "date":
        return [Column("undated"), Column("date_sort", descending), Column("key", descending)]
    if name == "key":
        return [Column("key", descending)]
    column = {"name": "name_folded", "area": "area_m2"}.get(name, name)
    return [Column(column, descending), Column("key", descending)]


def _sort_columns() -> Iterable[str]:
    return ("key", "name_folded", "undated", "date_sort", "updated_at", "verified_at", "version")


def _page(found: keyset.Page, documents: Iterable[str], request: Request, counted: QuerySet[Any] | None,
          shape: Shape | None) -> JSONText:  # fmt: skip
    parameters = request.query_params
    shown = (shape.apply(document) for document in documents) if shape else documents
    count = counted.count() if counted is not None and wants_count(parameters) else None
    return page(
        (document for document in shown if document is not None),
        keyset.link(request.path, parameters, found.following),
        keyset.link(request.path, parameters, found.previous),
        count,
    )
