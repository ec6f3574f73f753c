"""The errors people can cause, in one small tree; ``rest.problems`` and the admin each show them in one place."""

from __future__ import annotations

from collections.abc import Sequence


class TrackerError(Exception):
    """Something was asked for that cannot be done. ``errors`` are (path or field, sentence) pairs."""

    code = "error"
    title = "无法完成 Cannot be done"

    def __init__(self, message: str, errors: Sequence[tuple[str, str]] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.errors = list(errors)


class Invalid(TrackerError):
    """A payload, parameter or file is wrong; each error names where and why."""

    code = "invalid"
    title = "内容有误 Invalid"


class Stale(TrackerError):
    """The entry has changed since the proposal was written."""

    code = "stale"
    title = "已被他人修改 Changed meanwhile"


class Moved(Stale):
    """The caller named the revision it wrote on, and that is no longer the live one."""

    code = "moved"
    title = "所据已变 Precondition failed"


class KeyReused(TrackerError):
    """An Idempotency-Key came again with another request."""

    code = "idempotency_key_reused"
    title = "幂等键已用于别的请求 Idempotency-Key used for something else"


class Unauthenticated(TrackerError):
    """What was shown at the door opens nothing; the message tells nothing to who does not hold it."""

    code = "unauthenticated"
    title = "凭据无效 Not authenticated"


class Refused(TrackerError):
    """The move is not allowed in this state or to this person."""

    code = "refused"
    title = "不允许 Not allowed"
