"""How often somebody may ask: a quota of requests for each window of time, counted in the cache.

With the default cache each process counts for itself; with one that all share (``CACHE_URL``) they count together.
The windows of different callers begin at different moments, so that not everybody comes back at once.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from math import ceil
from zlib import crc32

from django.core.cache import cache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Policy:
    """``quota`` requests in every ``window`` seconds."""

    name: str
    quota: int
    window: int


@dataclass(frozen=True)
class Standing:
    """Where a caller stands under a policy after this request."""

    policy: Policy
    remaining: int
    reset: int
    """Seconds until the window ends, at least 1."""
    exceeded: bool

    @property
    def headers(self) -> dict[str, str]:
        """As draft-ietf-httpapi-ratelimit-headers has them, with Retry-After once the quota is spent."""
        policy = self.policy
        headers = {"RateLimit-Policy": f'"{policy.name}";q={policy.quota};w={policy.window}',
                   "RateLimit": f'"{policy.name}";r={self.remaining};t={self.reset}'}  # fmt: skip
        return headers | ({"Retry-After": str(self.reset)} if self.exceeded else {})


def take(policy: Policy, caller: str, now: float) -> Standing:
    """Count one request of a caller at a moment (seconds since the epoch)."""
    number, passed = divmod(now + crc32(caller.encode()) % policy.window, policy.window)
    used = _count(f"rate:{policy.name}:{caller}:{number:.0f}", policy.window)
    reset = max(1, ceil(policy.window - passed))
    return Standing(policy, max(0, policy.quota - used), reset, exceeded=used > policy.quota)


def _count(key: str, window: int) -> int:
    """One more under a key; a cache that is away stops nobody."""
    try:
        return _incremented(key) or (1 if cache.add(key, 1, 2 * window) else _incremented(key) or 1)
    except (RedisError, OSError) as error:
        logger.warning("requests are not counted, the cache is away: %s", error)
        return 1


def _incremented(key: str) -> int | None:
    """None: nothing is counted under the key yet."""
    try:
        return cache.incr(key)
    except ValueError:
        return None
