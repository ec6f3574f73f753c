"""``POST parks/score/``: parks set in order by the asker's own criteria and weights. Nothing of it is kept."""

from __future__ import annotations

from django.http import QueryDict
from rest_framework.request import Request
from rest_framework.response import Response

from parks import criteria, moment
from parks.moment import Moment
from parks.score import score
from parks.score_contract import ANSWER, QUESTION
from tracker.delivery.filters import day_of, known_at
from tracker.delivery.views import PublicViewSet
from tracker.entries.fields import Json
from tracker.rest import bodies
from tracker.rest.parameters import refuse_unknown
from tracker.rest.schema import Contract


class ScoreViewSet(PublicViewSet):
    """Open to everybody: it reads what is public, and answers the same question at the same moment alike for ever."""

    parser_classes = [bodies.JSONBodyParser]
    most_bytes = 64 * 1024

    def create(self, request: Request) -> Response:
        refuse_unknown(request.query_params, ())
        body = bodies.validated(request.data, QUESTION)
        asked = criteria.parsed(body["criteria"])
        return Response(score(body.get("parks", {}), asked, _moment(body)))

    def contract(self, action: str) -> Contract:
        return Contract("score_parks", "适配评分 parks in the order of their fit", ANSWER, (), "parks", (400, 413, 415),
                        request=QUESTION)  # fmt: skip


def _moment(body: Json) -> Moment:
    """:raises Invalid: a clock that cannot be read."""
    clocks = QueryDict(mutable=True)
    clocks.update({name: body[name] for name in ("as_of", "known_at") if name in body})
    return moment.at(day_of(clocks), known_at(clocks))
