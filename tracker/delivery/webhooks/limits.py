"""What a token that is limited to kinds and places may do with webhooks: nothing beyond its limits."""

from __future__ import annotations

from collections.abc import Iterable

from tracker.accounts.models import ApiToken
from tracker.delivery.interest import Interest
from tracker.entries.limits import kinds_beyond, places_beyond
from tracker.values.errors import Refused

from .models import Webhook


def reached(token: ApiToken, webhooks: Iterable[Webhook]) -> list[Webhook]:
    """Those of which everything lies within the limits of the token."""
    found = [(webhook, Interest.recall(webhook.interest)) for webhook in webhooks]
    beyond = places_beyond({place for _, interest in found for place in interest.places}, token.places)
    return [webhook for webhook, interest in found if _fits(token, interest, beyond)]


def refuse_beyond(token: ApiToken, interest: Interest) -> None:
    """:raises Refused: something of interest lies beyond the limits of the token."""
    if not _fits(token, interest, places_beyond(interest.places, token.places)):
        listed = ", ".join([*token.kinds, *token.places])
        raise Refused(f"令牌限于 {listed}，订阅不能超出 this token is limited to these: name them in filters")


def _fits(token: ApiToken, interest: Interest, places_too_far: set[str]) -> bool:
    """Where a token is limited, an interest without that filter is beyond it."""
    kinds_fit = not token.kinds or (interest.kinds and not kinds_beyond(interest.kinds, token.kinds))
    places_fit = not token.places or (interest.places and places_too_far.isdisjoint(interest.places))
    return bool(kinds_fit and places_fit)
