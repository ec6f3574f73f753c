"""REST views of the change feed: the changes, and the digests that prove a copy equal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from django.http import QueryDict
from django.http.response import HttpResponseBase
from rest_framework.request import Request
from rest_framework.response import Response

from tracker.entries import kinds
from tracker.entries.fields import Json
from tracker.rest import keyset
from tracker.rest.parameters import refuse_unknown
from tracker.rest.problems import bad_parameter, suggestion
from tracker.rest.renderers import JSONText
from tracker.rest.schema import Contract
from tracker.values import canonical

from . import changes, conditional, digests, feed
from .contract import plain_parameters
from .interest import FILTERS, Interest
from .views import PublicViewSet

INCLUDED = ("document", "events")


class ChangeViewSet(PublicViewSet):
    """The change feed, oldest first: begin with ``after=0`` and go on from ``through`` of each answer."""

    extra_parameters: ClassVar[dict[str, str]] = {
        "after": "a feed number, 0 to begin; only later changes", **FILTERS,
        "include": "document, events or both, separated by commas", "page_size": "1 to 200; 50 unless told",
    }  # fmt: skip

    def contract(self, action: str) -> Contract:
        parameters = plain_parameters(self.extra_parameters, many=tuple(FILTERS))
        page = {"$ref": "#/components/schemas/ChangesPage"}
        return Contract("list_changes", "变更 the change feed", page, parameters, "changes", (400,))

    @conditional.on(conditional.everything)
    def list(self, request: Request) -> Response:
        parameters = request.query_params
        refuse_unknown(parameters, self.extra_parameters)
        last = feed.last_number()
        after = _number(parameters, "after", 0, last)
        interest, include = Interest.of_query(parameters), _included(parameters)
        page = changes.page(interest, after=after, last=last, size=keyset.page_size(parameters))
        lines = changes.with_documents(page.changes, include, interest.places)
        following = _link(request, page.through) if page.through < last else None
        numbers = f'"next":{canonical.dumps(following)},"previous":null,"through":{page.through},"last":{last}'
        return Response(JSONText(f'{{"results":[{",".join(lines)}],{numbers}}}'))


def _link(request: Request, after: int) -> str:
    changed = request.query_params.copy()
    changed["after"] = str(after)
    return f"{request.path}?{changed.urlencode()}"


def _number(parameters: QueryDict, name: str, default: int, last: int) -> int:
    """A parameter that is a feed number.

    :raises Invalid: it is none, or one that has not been given out yet; then it says which was the last.
    """
    text = parameters.get(name, str(default))
    if not (text.isascii() and text.isdigit()) or len(text) > 18:
        raise bad_parameter(name, "must be a feed number, 0 to begin")
    if int(text) > last:
        raise bad_parameter(name, f"{text} has not been given out yet: the last feed number is {last}")
    return int(text)


def _included(parameters: QueryDict) -> list[str]:
    words = [word for text in parameters.getlist("include") for word in text.split(",") if word]
    for word in words:
        if word not in INCLUDED:
            raise bad_parameter("include", f"{word!r} is none of {', '.join(INCLUDED)}{suggestion(word, INCLUDED)}")
    return list(dict.fromkeys(words))


class DigestViewSet(PublicViewSet):
    """What a whole copy must come to: of each kind, of each of its 256 buckets, and what a bucket holds."""

    extra_parameters: ClassVar[dict[str, str]] = {
        "through": "a feed number; the last one unless told", "kind": "kind of entry: with its buckets",
        "bucket": "with one kind: 0 to 255, to list the keys and versions it holds",
    }  # fmt: skip

    def contract(self, action: str) -> Contract:
        parameters = plain_parameters(self.extra_parameters, many=("kind",))
        return Contract("get_digests", "摘要 digests", {"$ref": "#/components/schemas/Digests"}, parameters, "changes",
                        (400,))  # fmt: skip

    def retrieve(self, request: Request) -> HttpResponseBase:
        parameters = request.query_params
        refuse_unknown(parameters, self.extra_parameters)
        last = feed.last_number()
        through = _number(parameters, "through", last, last)
        wanted = Interest.of_query(parameters).kinds
        bucket = _bucket(parameters, wanted)
        return conditional.answer(
            request,
            conditional.tag_of(request, through),
            lambda: Response({"through": through, "kinds": _digests(wanted, bucket, through)}),
        )


def _digests(wanted: Sequence[str], bucket: int | None, through: int) -> list[Json]:
    if bucket is not None:
        [kind] = wanted
        return [{"kind": kind, "bucket": bucket, "entries": digests.in_bucket(kind, bucket, through)}]
    found = digests.of_kinds(wanted or [kind.name for kind in kinds.every()], through)
    return [digest.summary() | ({"buckets": digest.buckets} if wanted else {}) for digest in found]


def _bucket(parameters: QueryDict, wanted: Sequence[str]) -> int | None:
    """:raises Invalid: it is no number from 0 to 255, or does not come with one kind."""
    text = parameters.get("bucket")
    if text is None:
        return None
    if not (text.isascii() and text.isdigit()) or len(text) > 3 or int(text) >= digests.BUCKETS:
        raise bad_parameter("bucket", f"must be a whole number from 0 to {digests.BUCKETS - 1}")
    if len(wanted) != 1:
        raise bad_parameter("bucket", "goes with one kind")
    return int(text)
