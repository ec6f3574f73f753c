"""Quotas of requests: counted in the cache, together where processes share one."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid

import pytest
from django.core.cache import cache
from django.test import override_settings

from tracker.accounts.rates import Policy, take
from tracker.environment import cache as cache_settings
from tracker.testing.plugin import ROOT

REDIS = "redis://localhost:6379/9"


def test_a_quota_is_spent_and_comes_back_with_the_next_window(fresh_cache: None) -> None:
    policy, start = Policy("p", 2, 60), 1_800_000_000.0
    first = take(policy, "somebody", start)
    assert (first.remaining, first.exceeded) == (1, False)
    next_window = start + first.reset
    assert [take(policy, "somebody", start).exceeded for _ in range(2)] == [False, True]
    assert not take(policy, "somebody", next_window).exceeded


def test_the_window_is_as_long_as_it_says(fresh_cache: None) -> None:
    standing = take(Policy("p", 2, 60), "somebody", 1_800_000_000.25)
    assert 1 <= standing.reset <= 60
    assert take(Policy("p", 2, 60), "somebody", 1_800_000_000.25 + standing.reset - 1).remaining == 0


def test_not_everybody_comes_back_at_the_same_moment(fresh_cache: None) -> None:
    resets = {take(Policy("p", 2, 60), f"caller-{number}", 1_800_000_000.0).reset for number in range(50)}
    assert len(resets) > 20


def test_where_nothing_is_counted_nobody_is_stopped() -> None:
    away = cache_settings("redis://127.0.0.1:1/0")
    with override_settings(CACHES={"default": away}):
        assert not any(take(Policy("p", 1, 60), "somebody", 0.0).exceeded for _ in range(3))


def test_a_cache_of_another_kind_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="not memcached:"):
        cache_settings("memcached://localhost")


ASKING = """
import django; django.setup()
from tracker.accounts.rates import Policy, take
print(sum(not take(Policy({name!r}, 100, 10**9), "somebody", 5.0).exceeded for _ in range(80)))
"""


@pytest.mark.broker
def test_processes_that_share_a_cache_share_the_quota() -> None:
    name = f"test-{uuid.uuid4().hex}"
    environment = {**os.environ, "CACHE_URL": REDIS, "DJANGO_SETTINGS_MODULE": "tracker.settings"}
    command = [sys.executable, "-c", ASKING.format(name=name)]
    processes = [subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE) for _ in range(3)]
    served = [int(process.communicate(timeout=120)[0]) for process in processes]
    assert sum(served) == 100
    with override_settings(CACHES={"default": cache_settings(REDIS)}):
        cache.clear()
