"""A page is made once for a feed number and a day, and never for somebody else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tracker.accounts.roles import Role
from tracker.curation.tests import factories
from tracker.web.views import kept

PAGE = "/parks/river-park/"


@pytest.fixture(autouse=True)
def park(db: None, settings: Any) -> Iterator[None]:
    settings.PAGES_KEPT_SECONDS = 600
    factories.ensure_world()
    factories.live(factories.park())
    cache.clear()
    yield
    cache.clear()


def asked(client: Client, address: str = PAGE, **headers: str) -> tuple[Any, int]:
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address, headers=headers)
    return answer, len(captured)


def test_the_second_reader_gets_what_was_made_for_the_first(client: Client) -> None:
    first, many = asked(client)
    second, one = asked(Client())
    assert second.content == first.content
    assert second["Content-Type"] == first["Content-Type"]
    assert one == 1 < many


def test_who_has_it_is_told_so(client: Client) -> None:
    tag = asked(client)[0]["ETag"]
    answer, queries = asked(client, if_none_match=tag)
    assert (answer.status_code, answer.content, queries) == (304, b"", 1)
    assert answer["ETag"] == tag


def test_what_is_published_is_on_the_page_at_once(client: Client) -> None:
    tag = asked(client)[0]["ETag"]
    contributor, editor = factories.user("tougao", Role.CONTRIBUTOR), factories.user("bianji", Role.EDITOR)
    factories.change(contributor, editor, factories.park(name="江畔新园"))
    answer, _ = asked(client, if_none_match=tag)
    assert "江畔新园" in answer.content.decode()


def test_the_figures_of_quality_are_counted_once_until_something_is_published(client: Client) -> None:
    first, many = asked(client, "/quality/")
    second, few = asked(Client(), "/quality/")
    assert second.content == first.content
    factories.live(factories.park("other-park", "他园"))
    third, anew = asked(Client(), "/quality/")
    assert third.content != first.content
    assert few < many / 2 < anew


@pytest.mark.parametrize("difference", [
    {"address": "/en/parks/river-park/"}, {"address": PAGE + "?unit=km2"}, {"hx_request": "true"},
])  # fmt: skip
def test_another_page_is_not_taken_for_it(client: Client, difference: dict[str, str]) -> None:
    tag = asked(client)[0]["ETag"]
    assert asked(client, **difference)[0]["ETag"] != tag


def test_a_dark_page_is_another_one(client: Client) -> None:
    light = asked(client)[0]
    client.cookies["theme"] = "dark"
    dark = asked(client)[0]
    assert b'data-theme="dark"' in dark.content
    assert b'data-theme="dark"' not in light.content


def test_tomorrow_it_is_made_anew(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    today = asked(client)[0]["ETag"]
    monkeypatch.setattr(kept, "localdate", lambda: "2099-01-01")
    assert asked(client)[0]["ETag"] != today


def test_who_is_signed_in_has_pages_of_their_own_and_leaves_none_behind(client: Client) -> None:
    client.force_login(factories.user("bianji", Role.EDITOR))
    own = asked(client)[0]
    assert "编辑台" in own.content.decode()
    assert "ETag" not in own
    assert "编辑台" not in asked(Client())[0].content.decode()


def test_an_error_is_not_kept(client: Client) -> None:
    assert asked(client, PAGE + "?unit=li")[0].status_code == 400
    assert "ETag" not in asked(client, PAGE + "?unit=li")[0]
