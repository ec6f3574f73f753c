"""How many queries the pages of teams make: the same, however many members, lists, parks and values there are."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from parks.models import Shortlist, Team
from parks.teams import services
from tracker.accounts import roles
from tracker.accounts.models import User
from tracker.delivery.tests.test_recorded_time import edit
from tracker.entries.models import Entry

pytestmark = pytest.mark.usefixtures("founding")

BASELINE = {"teams/": 3, "teams/{team}/": 7, "shortlists/": 4, "shortlists/{shortlist}/": 26,
            "parks/score/?team={team}&list={shortlist}": 11, "shortlists/shared/{secret}/": 20}  # fmt: skip
"""May sink and must not rise; sessions and accounts are in it."""
CRITERIA = [{"type": "area", "measure": "site", "unit": "km2", "worst": 2, "best": 20, "weight": 3}]


def person(name: str) -> User:
    made = User.objects.create_user(f"{name}@example.org", email=f"{name}@example.org")
    roles.give(made, roles.Role.SITE_SELECTION)
    return made


DEEP = "zhongguancun-west-area"
"""It lies three parks deep; the parks around a park cost one query for each step."""


def parks() -> Iterator[str]:
    keys = Entry.objects.live().of_kind("park").exclude(key=DEEP).order_by("key").values_list("key", flat=True)
    return iter([DEEP, *keys])


def grown(owner: User, team: Team, shortlist: Shortlist, number: int, keys: Iterator[str]) -> None:
    """So many members, lists, parks and values more."""
    now = timezone.now()
    for at in range(number):
        secret = services.invite(actor=owner, team=team, email="", now=now).secret
        services.accept(actor=person(f"member-{number}-{at}"), secret=secret, now=now)
        services.invite(actor=owner, team=team, email=f"open-{number}-{at}@example.org", now=now)
        services.form_team(actor=owner, name=f"队{number}{at}", now=now)
        services.make_shortlist(actor=owner, team=team, name=f"名单{number}{at}", now=now)
        key = next(keys)
        services.add_park(actor=owner, shortlist=shortlist, key=key)
        services.record_value(actor=owner, team=team, park=key, about="", label="承诺", value="", unit="", text="免租",
                              date="", note="", now=now)  # fmt: skip
    edit("park", key, note=f"改 {number}")


def queries(client: Client, address: str) -> int:
    client.get("/about/")  # fills the place switcher, which is kept for minutes
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_pages_of_teams_make_no_more_queries_with_more_to_show() -> None:
    owner = person("owner")
    team = services.form_team(actor=owner, name="一队", now=timezone.now())
    shortlist = services.make_shortlist(actor=owner, team=team, name="初选", now=timezone.now())
    services.set_criteria(actor=owner, shortlist=shortlist, asked=CRITERIA)
    secret = services.share(actor=owner, shortlist=shortlist, now=timezone.now()).secret
    client, keys = Client(), parks()
    client.force_login(owner)
    parts = {"team": team.pk, "shortlist": shortlist.pk, "secret": secret}
    grown(owner, team, shortlist, 2, keys)
    few = {page: queries(client, f"/{page.format(**parts)}") for page in BASELINE}
    grown(owner, team, shortlist, 4, keys)
    many = {page: queries(client, f"/{page.format(**parts)}") for page in BASELINE}
    assert few == BASELINE
    assert {page: number for page, number in many.items() if number > few[page]} == {}
