"""Proposals over REST: what partner systems would like to see published, and what became of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from django.db.models import QuerySet
from django.http import Http404, HttpResponse, QueryDict
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from tracker.accounts import idempotency
from tracker.accounts.authentication import NeedsScope, token_of
from tracker.accounts.idempotency import Answer
from tracker.accounts.models import ApiToken, Scope
from tracker.delivery.contract import list_of, plain_parameters
from tracker.delivery.filters import wants_count, yes_or_no
from tracker.delivery.views import PublicViewSet
from tracker.entries import kinds
from tracker.entries.fields import Json
from tracker.rest import bodies, keyset
from tracker.rest.keyset import Column
from tracker.rest.parameters import refuse_unknown
from tracker.rest.problems import bad_parameter
from tracker.rest.renderers import page
from tracker.rest.schema import Contract, Parameter
from tracker.values import canonical

from . import fates, handing_over, letters
from .contract import SCHEMAS
from .handing_over import Sender
from .letters import Letter
from .limits import Limits
from .models import Proposal

ORIGIN = "api"
SENDING = {"atomic": "true: take all or none", "dry_run": "true: only say what would become of it"}
LISTING = {
    "state": "state of the proposal", "kind": "kind of entry", "key": "key of the entry",
    "batch": "what came in one call",
    "cursor": "where the page begins; taken from next or previous", "page_size": "1 to 200; 50 unless told",
    "count": "true: say how many there are in all",
}  # fmt: skip
HEADERS = (
    Parameter("Idempotency-Key", "what is sent again with the same key is done once, and answered the same"),
    Parameter("If-Match", "for one proposal: the ETag of the entry it was written on"),
)


class ProposalViewSet(PublicViewSet):
    """A partner's own proposals: sent, listed, looked at. Nobody sees another's."""

    permission_classes = [NeedsScope]
    parser_classes = [bodies.JSONBodyParser]
    scope = Scope.PROPOSE
    most_bytes = 8 * 1024 * 1024

    def contract(self, action: str) -> Contract:
        result, results = _ref("ProposalResult"), _ref("ProposalResults")
        return {
            "create": Contract(
                "send_proposals", "提案 propose one change, or up to 1,000", result, plain_parameters(SENDING),
                "proposals", (400, 409, 412, 413, 415, 422), status=201, scope=self.scope.value, headers=HEADERS,
                request={"anyOf": [_ref("ProposalWish"), _ref("ProposalBatch")]}, also=((200, result), (207, results))),
            "list": Contract("list_proposals", "提案 your proposals and their fate", list_of("Proposal"),
                             plain_parameters(LISTING, many=("state", "kind", "key")), "proposals", (400,),
                             scope=self.scope.value),
            "retrieve": Contract("get_proposal", "提案 one of your proposals", _ref("Proposal"), (), "proposals",
                                 (400, 404), scope=self.scope.value),
        }[action]  # fmt: skip

    # --- sending

    def create(self, request: Request) -> HttpResponse:
        """201 for one taken, 200 for one that changes nothing or was only checked, 207 for many."""
        refuse_unknown(request.query_params, SENDING)
        together, dry_run = (yes_or_no(request.query_params, name) for name in SENDING)
        letter = letters.read(request.data, request.headers.get("If-Match"))
        token, key = _token(request), request.headers.get("Idempotency-Key")
        limits = Limits(tuple(token.kinds), tuple(token.places))
        sender = _sender(request, token, letter)
        if dry_run:
            judged = handing_over.judge(sender=sender, wishes=letter.wishes, limits=limits)
            return _sent(_answer(letter, judged, letters.CHECKED))
        hand_over = handing_over.hand_over_together if together else handing_over.hand_over

        def work() -> Answer:
            if together:
                letter.refuse_unread()
            return _answer(letter, hand_over(sender=sender, wishes=letter.wishes, limits=limits), letters.CREATED)

        if key is None:
            return _sent(work())
        asked = canonical.digest([request.get_full_path(), request.headers.get("If-Match"), request.data])
        return _sent(idempotency.once(token=token, key=idempotency.read_key(key), digest=asked, now=sender.now,
                                      work=work))  # fmt: skip

    # --- what became of them

    def list(self, request: Request) -> Response:
        parameters, path = request.query_params, request.path
        refuse_unknown(parameters, LISTING)
        asked = _filtered(self._own(request), parameters)
        found = keyset.paginate(asked.defer("payload"), [Column("id", descending=True)], parameters, path)
        return Response(page(
            map(canonical.dumps_ordered, fates.shown(found.rows)), keyset.link(path, parameters, found.following),
            keyset.link(path, parameters, found.previous), asked.count() if wants_count(parameters) else None,
        ))  # fmt: skip

    def retrieve(self, request: Request, pk: int) -> Response:
        refuse_unknown(request.query_params, ())
        proposal = self._own(request).filter(pk=pk).first()
        if proposal is None:
            raise Http404(f"You have no proposal {pk}.")
        return Response(fates.shown([proposal])[0] | {"payload": canonical.loads(proposal.payload)})

    def _own(self, request: Request) -> QuerySet[Proposal]:
        return Proposal.objects.filter(author=_token(request).owner, origin=ORIGIN)


def _ref(name: str) -> Json:
    assert name in SCHEMAS
    return {"$ref": f"#/components/schemas/{name}"}


def _token(request: Request) -> ApiToken:
    token = token_of(request)
    assert token is not None, "NeedsScope lets nobody in without one"
    return token


def _sender(request: Request, token: ApiToken, letter: Letter) -> Sender:
    request_id = str(getattr(request, "request_id", ""))
    batch = "" if letter.single else f"{token.prefix}/{request_id}"
    return Sender(token.owner, ORIGIN, batch, request_id, timezone.now())


def _answer(letter: Letter, verdicts: Sequence[handing_over.Verdict], good: str) -> Answer:
    """What is said to the sender.

    :raises TrackerError: the one proposal sent is refused.
    """
    if letter.single:
        verdict = verdicts[0]
        if verdict.error:
            raise verdict.error
        result = letters.result(verdict, good)
        return Answer(result["status"], canonical.dumps_ordered(result))
    results = letter.results(verdicts, good)
    counted = Counter(result["outcome"] for result in results)
    totals = {name: counted[name] for name in ("created", "unchanged", "checked", "refused")}
    return Answer(207, canonical.dumps_ordered({"results": results, **totals}))


def _sent(answer: Answer) -> HttpResponse:
    sent = HttpResponse(answer.body, status=answer.status, content_type="application/json")
    if answer.status == 201:
        sent["Location"] = canonical.loads(answer.body)["url"]
    if answer.replayed:
        sent["Idempotency-Replayed"] = "true"
    return sent


def _filtered(proposals: QuerySet[Proposal], parameters: QueryDict) -> QuerySet[Proposal]:
    """
    :raises Invalid: a state or kind that there is not.
    """
    for name, allowed in (("state", Proposal.State.values), ("kind", [kind.name for kind in kinds.every()])):
        for value in parameters.getlist(name):
            if value not in allowed:
                raise bad_parameter(name, f"{value!r} is none of {', '.join(allowed)}")
    for name in ("state", "kind", "key", "batch"):
        if values := [value for value in parameters.getlist(name) if value]:
            proposals = proposals.filter(**{f"{name}__in": values})
    return proposals
