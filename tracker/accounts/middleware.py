"""The door of the API: every request for ``/api/`` is counted, and its token checked, before anything else is done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from ipaddress import IPv6Address, IPv6Network, ip_address

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from tracker.rest import problems
from tracker.values.errors import Unauthenticated

from . import rates, tokens
from .authentication import challenge
from .models import ApiToken
from .rates import Policy, Standing
from .usage import ledger


class ApiDoorMiddleware:
    """Sets ``request.api_token``; answers 401 to a token that is not valid and 429 to who asks too often.

    Whatever the answer, it says where the caller stands (RateLimit, RateLimit-Policy) and, unless the view knows
    better, that nobody may keep it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith("/api/"):
            return self.get_response(request)
        now = timezone.now()
        token, refusal = _token(request, now)
        standing = _standing(request, token, now)
        if standing.exceeded:
            answer = _too_many(standing)
        elif refusal is not None:
            answer = _unauthenticated(refusal)
        else:
            request.api_token = token  # type: ignore[attr-defined]
            answer = self.get_response(request)
        if token is not None:
            ledger.note(token, answer.status_code, now)
        for name, value in standing.headers.items():
            answer[name] = value
        answer.headers.setdefault("Cache-Control", "no-store")
        return answer


def _token(request: HttpRequest, now: datetime) -> tuple[ApiToken | None, Unauthenticated | None]:
    """The token that the request shows, or why it is refused; neither when it shows none."""
    shown = request.headers.get("Authorization")
    if shown is None:
        return None, None
    scheme, _, text = shown.partition(" ")
    try:
        if scheme.lower() != "bearer":
            raise Unauthenticated("请用 Authorization: Bearer 加令牌 only Authorization: Bearer with a token is taken")
        return tokens.authenticate(text.strip(), now), None
    except Unauthenticated as error:
        return None, error


def _standing(request: HttpRequest, token: ApiToken | None, now: datetime) -> Standing:
    window = settings.API_LIMIT_SECONDS
    if token is not None:
        return rates.take(Policy("token", settings.API_TOKEN_LIMIT, window), token.prefix, now.timestamp())
    policy = Policy("anonymous", settings.API_ANONYMOUS_LIMIT, window)
    return rates.take(policy, address(request), now.timestamp())


def address(request: HttpRequest) -> str:
    """The network address a request comes from, as far as it can be trusted; of IPv6 the network of 64 bits.

    ``API_PROXIES`` says how many proxies of ours stand before us: so many of the last entries of X-Forwarded-For were
    written by them, and the first of these is the caller's.
    """
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    proxies = min(settings.API_PROXIES, len(forwarded))
    text = forwarded[-proxies] if proxies else request.META.get("REMOTE_ADDR", "")
    try:
        found = ip_address(text)
    except ValueError:
        return "unknown"
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or IPv6Network((found, 64), strict=False).network_address)
    return str(found)


def _unauthenticated(error: Unauthenticated) -> HttpResponseBase:
    answer = problems.rendered(problems.of(error))
    answer["WWW-Authenticate"] = challenge(error="invalid_token")
    return answer


def _too_many(standing: Standing) -> HttpResponseBase:
    policy = standing.policy
    detail = (f"每 {policy.window} 秒最多 {policy.quota} 次，请 {standing.reset} 秒后再来 "
              f"at most {policy.quota} requests in {policy.window} s: come back in {standing.reset} s")  # fmt: skip
    return problems.rendered(problems.response(429, "throttled", "请求过多 Too many requests", detail,
                                               extra={"violated-policies": [policy.name]}))  # fmt: skip
