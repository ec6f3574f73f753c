"""How tests send proposals as a partner does."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from tracker.accounts import tokens
from tracker.accounts.models import User
from tracker.curation.models import Proposal
from tracker.entries.fields import Json
from tracker.testing.api import send

from . import factories

PATH = "proposals/"
RENAMED = factories.place("320100", "南京市", "city", "320000", short_name="宁", name_en="Nanking")
"""The city of the parks in these tests under another name: their documents change, their facts do not."""


def token_of(user: User, *scopes: str, **limits: Any) -> str:
    """The text of a token, made for proposing unless told otherwise."""
    return tokens.create(actor=user, name="x", scopes=scopes or ["propose"], now=timezone.now(), **limits).text


def wish(payload: Json, **more: Any) -> Json:
    return {"payload": payload, "reason": "据公告", **more}


def many(*payloads: Json) -> Json:
    return {"proposals": [wish(payload) for payload in payloads]}


def outcomes(answer: Json) -> list[tuple[int, str]]:
    return [(result["status"], result["outcome"]) for result in answer["results"]]


def named(problem: Json) -> list[str]:
    """What a problem says is wrong."""
    return [error["name"] for error in problem.get("errors", [])]


def sent(token: str, payload: Json) -> Proposal:
    return Proposal.objects.get(pk=send("POST", PATH, 201, token=token, body=wish(payload))["id"])
