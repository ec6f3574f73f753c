"""After merges, in however many steps, every reader gets to the entry that stands for it now in one."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tracker.accounts.models import User
from tracker.accounts.roles import Role
from tracker.curation.tests import factories
from tracker.curation.tests.factories import entry, park, policy
from tracker.entries import successors
from tracker.entries.models import Redirect
from tracker.testing.api import get

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(db: None) -> tuple[User, User]:
    factories.ensure_world()
    return factories.user("tougao", Role.CONTRIBUTOR), factories.user("bianji", Role.EDITOR)


@pytest.fixture
def chain(people: tuple[User, User]) -> None:
    """The park a was merged into b, and b into c; a policy was written with the key a."""
    factories.live(park("a", "甲园"), park("b", "乙园"), park("c", "丙园"), policy(parks=["a"]),
                   {"kind": "organisation", "key": "old-firm", "name": "旧公司", "citations": factories.WHOLE},
                   {"kind": "organisation", "key": "firm", "name": "公司", "citations": factories.WHOLE},
                   park("home", "家园", operators=["old-firm"]))  # fmt: skip
    factories.merge(*people, entry("park", "a"), "b")
    factories.merge(*people, entry("park", "b"), "c")
    factories.merge(*people, entry("organisation", "old-firm"), "firm")


@pytest.mark.usefixtures("chain")
def test_a_page_leads_to_the_end_in_one_step_and_says_why(client: Client) -> None:
    answer = client.get("/parks/a/?unit=ha", follow=True)
    assert answer.redirect_chain == [("/parks/c/?unit=ha&merged=a", 301)]
    text = answer.content.decode()
    assert "您打开的“甲园”" in text
    assert "重复" in text
    assert "/api/v1/parks/a/revisions/" in text
    assert "/api/v1/parks/b/revisions/" in text
    assert "您打开的" not in client.get("/parks/c/?merged=nonsense").content.decode()


@pytest.mark.usefixtures("chain")
def test_the_api_leads_to_the_end_in_one_step(client: Client) -> None:
    answer = client.get("/api/v1/parks/a/?fields=key")
    assert (answer.status_code, answer["Location"]) == (301, "/api/v1/parks/c/?fields=key")
    assert (answer.json()["state"], answer.json()["successor"]) == ("merged", "/api/v1/parks/c/")
    rows = {row["old_key"]: (row["new_key"], row["leads_to"]) for row in get("redirects/")["results"]}
    assert rows["a"] == ("b", "c")
    assert rows["b"] == ("c", "c")


@pytest.mark.usefixtures("chain")
def test_both_histories_are_kept_and_can_be_read(client: Client) -> None:
    assert [row["nature"] for row in get("parks/a/revisions/")["results"]] == ["merged", "new"]
    assert get("parks/a/revisions/1/")["payload"]["name"] == "甲园"
    assert get("parks/c/revisions/")["results"][0]["number"] == 1


@pytest.mark.usefixtures("chain")
@pytest.mark.parametrize("key", ["old-firm", "firm"])
def test_a_filter_finds_the_same_by_the_old_key_and_by_the_successors(key: str) -> None:
    assert [item["key"] for item in get("parks/", organisation=key)["results"]] == ["home"]


@pytest.mark.usefixtures("chain")
def test_a_document_shows_the_end_of_the_chain() -> None:
    assert [item["key"] for item in get("policies/ai-opinions/")["parks"]] == ["c"]


@pytest.mark.usefixtures("chain")
def test_a_withdrawn_entry_names_the_end_of_the_chain(people: tuple[User, User], client: Client) -> None:
    factories.live(park("d", "丁园"))
    factories.withdraw(*people, entry("park", "d"), successor="c")
    factories.live(park("e", "戊园"))
    factories.merge(*people, entry("park", "c"), "e")
    assert get("parks/d/", 410)["successor"] == "/api/v1/parks/e/"
    assert 'href="/parks/e/"' in client.get("/parks/d/").content.decode()


@pytest.mark.usefixtures("chain")
def test_a_merged_place_still_filters(people: tuple[User, User]) -> None:
    factories.live(factories.place("320500", "苏州市", "city", "320000"), park("f", "己园", places=["320500"]))
    factories.merge(*people, entry("place", "320500"), "320100")
    assert "f" in [item["key"] for item in get("parks/", place="320500")["results"]]


@pytest.mark.usefixtures("chain")
def test_a_circle_ends(django_assert_max_num_queries: Any) -> None:
    Redirect.objects.create(kind="park", old_key="c", new_key="a", reason="x",
                                       recorded_at=timezone.now())  # fmt: skip
    with django_assert_max_num_queries(8):
        assert successors.standing_for("park", ["a"])["a"] in ("a", "b", "c")
        successors.given_way_to("park", "a")
