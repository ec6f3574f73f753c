"""In public a revision says which role its people have, and never who they are."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tracker.accounts.models import User
from tracker.testing.api import get

from . import factories
from .factories import park

ADDRESSES = [
    "/parks/river-park/", "/en/parks/river-park/", "/changes/", "/api/v1/parks/river-park/",
    "/api/v1/parks/river-park/revisions/", "/api/v1/parks/river-park/revisions/2/",
    "/api/v1/parks/river-park/revisions/1...2/", "/api/v1/changes/?after=0&include=document,events",
    "/api/v1/parks.jsonl", "/api/v1/timeline/", "/ogc/collections/parks/items", "/places/320100/", "/",
]  # fmt: skip


@pytest.fixture
def written(contributor: User, editor: User) -> None:
    for person, name in ((contributor, "张三丰"), (editor, "Lee Mai Name")):
        person.display_name, person.email = name, f"{person.username}@example.org"
        person.save(update_fields=["display_name", "email"])
    factories.live(park())
    factories.change(contributor, editor, park(name="新名"))


@pytest.mark.usefixtures("written")
def test_a_revision_says_the_roles_of_who_wrote_and_who_approved_it() -> None:
    newest, first = get("parks/river-park/revisions/")["results"]
    assert (newest["author_role"], newest["approver_role"]) == ("contributor", "editor")
    assert (first["author_role"], first["approver_role"]) == (None, None)
    assert get("parks/river-park/revisions/1...2/")["to"]["author_role"] == "contributor"


@pytest.mark.usefixtures("written")
@pytest.mark.parametrize("address", ADDRESSES)
def test_nobody_is_named_in_public(client: Client, address: str) -> None:
    answer = client.get(address)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    assert answer.status_code == 200
    for word in ("tougao", "bianji", "张三丰", "Lee Mai", "example.org"):
        assert word.encode() not in body


def test_many_revisions_cost_no_more_queries_than_few(client: Client, contributor: User, editor: User) -> None:
    factories.live(park())
    counted = []
    for name in ("一", "二", "三"):
        factories.change(contributor, editor, park(name=name))
        with CaptureQueriesContext(connection) as queries:
            client.get("/api/v1/parks/river-park/revisions/")
        counted.append(len(queries))
    assert counted[1] == counted[2]
