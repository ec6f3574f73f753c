"""How what is done on a page of the admin came in: for the services, which keep it."""

from __future__ import annotations

from django.http import HttpRequest

from tracker.curation.via import Via

from .access import request_id

ADMIN = "admin"


def via(request: HttpRequest) -> Via:
    return {"origin": ADMIN, "request_id": request_id(request)}
