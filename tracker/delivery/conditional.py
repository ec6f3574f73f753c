"""Conditional requests: who has an answer already is told so, for one query.

A tag begins with a feed number. Of an entry's own addresses it is the entry's version; of a list the last number of
the kinds that it can show or be filtered by, since no public document changes without a change in the feed. It is taken
before the answer is made: what is published in between is missed by this tag and found by the next request.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from hashlib import sha256
from http import HTTPStatus
from typing import Any, TypeVar

from django.db.models import Subquery
from django.http import HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from rest_framework.request import Request

from tracker.entries import kinds
from tracker.entries.models import Change, Counter, Entry

from .feed import last_number

CONTAINERS = ("place", "industry")
"""What every list can be filtered by, and where things lie may change without a change of the things."""
RELEASE = "1"
"""Raise it when answers look different though nothing was published."""

State = Callable[[Any, Request], str]
"""(view, request) → what the answer depends on beside its address."""
Method = TypeVar("Method", bound=Callable[..., HttpResponseBase])


def on(state: State) -> Callable[[Method], Method]:
    """Decorate a reading view: 304 while the state is what it was. The tags are weak: cursors are signed."""

    def decorate(method: Method) -> Method:
        @wraps(method)
        def answered(view: Any, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
            tag = f'W/"{state(view, request)}-{_address(request)}"'
            return answer(request, tag, lambda: method(view, request, *args, **kwargs))

        return answered  # type: ignore[return-value]

    return decorate


def answer(request: Request, tag: str, make: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """304 to who has this tag, else what ``make`` returns, with the tag."""
    given = [_opaque(one) for one in parse_etags(request.headers.get("If-None-Match", ""))]
    made = HttpResponseNotModified() if _opaque(tag) in given else make()
    if "*" in given and made.status_code == HTTPStatus.OK:
        made = HttpResponseNotModified()
    made["ETag"] = tag
    made["Cache-Control"] = "public, no-cache"
    patch_vary_headers(made, ("Accept-Encoding",))
    return made


def tag_of(request: Request, version: int) -> str:
    """The strong tag of an entry's document: its version, and the query if it cuts the document."""
    return f'"{version}-{_address(request)}"' if request.query_params else f'"{version}"'


def version_in(tag: str) -> int | None:
    """The version that a tag of ``tag_of`` begins with."""
    number = _opaque(tag.strip()).strip('"').partition("-")[0]
    return int(number) if number.isascii() and number.isdigit() and len(number) < 19 else None


def _opaque(tag: str) -> str:
    """Without the mark of weakness, which compression adds."""
    return tag.removeprefix("W/")


def _address(request: Request) -> str:
    return sha256(f"{RELEASE} {request.get_full_path()}".encode()).hexdigest()[:16]


# --- states -------------------------------------------------------------------------------------------------------


def own_kind(view: Any, request: Request) -> str:
    """A list of the view's kind; a filter by what other kinds say changes with them and with the day."""
    by_others: dict[str, tuple[str, ...]] = getattr(view, "filtered_by", {})
    others = {kind for name in request.query_params for kind in by_others.get(name, ())}
    number = last_number_of({view.kind.name, *CONTAINERS, *others})
    return f"{number}-{timezone.localdate()}" if others else str(number)


def asked_kinds(view: Any, request: Request) -> str:
    """A list of the kinds that the query names, else of all."""
    asked = {name for name in request.query_params.getlist("kind") if kinds.known(name)}
    return str(last_number_of({*asked, *CONTAINERS}) if asked else last_number())


def asked_kinds_today(view: Any, request: Request) -> str:
    return f"{asked_kinds(view, request)}-{timezone.localdate()}"


def everything(view: Any, request: Request) -> str:
    return str(last_number())


def everything_today(view: Any, request: Request) -> str:
    return f"{last_number()}-{timezone.localdate()}"


def own_entry(view: Any, request: Request) -> str:
    """What belongs to one entry, such as its revisions."""
    key = view.kwargs["key"]
    version = Entry.objects.filter(kind=view.kind.name, key=key).values_list("version", flat=True).first()
    return str(version or 0)


def own_entry_today(view: Any, request: Request) -> str:
    return f"{own_entry(view, request)}-{timezone.localdate()}"


def last_number_of(names: Iterable[str]) -> int:
    """The last feed number of a change of one of the kinds; one query, one look into the index for each kind."""
    newest = {f"newest_{number}": Subquery(Change.objects.filter(kind=kind).order_by("-seq").values("seq")[:1])
              for number, kind in enumerate(sorted(names))}  # fmt: skip
    row = Counter.objects.filter(name="feed").annotate(**newest).values_list(*newest).first()
    return max((number or 0 for number in row), default=0) if row else 0
