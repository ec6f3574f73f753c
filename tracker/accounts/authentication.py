"""Who asks, as the REST framework wants to know it: the middleware has checked the token, views say what it must be."""

from __future__ import annotations

from typing import Any

from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from .models import ApiToken, Scope, User

REALM = "tracker"


def challenge(**parameters: str) -> str:
    """A ``WWW-Authenticate`` value (RFC 6750)."""
    said = {"realm": REALM, **parameters}
    return "Bearer " + ", ".join(f'{name}="{value}"' for name, value in said.items())


class TokenAuthentication(BaseAuthentication):
    """Makes the token of the request its ``auth``, and the holder its ``user``; sessions do not count in the API."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        token: ApiToken | None = getattr(request._request, "api_token", None)
        return (token.owner, token) if token else None

    def authenticate_header(self, request: Request) -> str:
        return challenge()


class InsufficientScope(PermissionDenied):
    """The token is good, and not for this."""

    default_code = "insufficient_scope"

    def __init__(self, scope: Scope) -> None:
        super().__init__(f"这个令牌没有“{scope.zh}”权限 this token lacks the scope {scope.value}")
        self.auth_header = challenge(error="insufficient_scope", scope=scope.value)


class MayRead(BasePermission):
    """Everybody may; a token only if it is made for reading."""

    def has_permission(self, request: Request, view: Any) -> bool:
        token = token_of(request)
        if token is not None:
            require(token, Scope.READ)
        return True


class NeedsScope(BasePermission):
    """Only a token that has the scope which the view names in ``scope``."""

    def has_permission(self, request: Request, view: Any) -> bool:
        token = token_of(request)
        if token is None:
            return False
        require(token, view.scope)
        return True


def token_of(request: Request) -> ApiToken | None:
    """The token a request came with."""
    found: object = request.auth
    return found if isinstance(found, ApiToken) else None


def require(token: ApiToken, scope: Scope) -> None:
    """:raises InsufficientScope: the token does not have it."""
    if not token.has_scope(scope):
        raise InsufficientScope(scope)
