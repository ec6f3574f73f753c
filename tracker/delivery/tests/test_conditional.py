"""Conditional requests: 304 as long as the answer is the same, never a moment longer."""

from __future__ import annotations

import gzip
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tracker.curation.models import Proposal
from tracker.delivery import conditional
from tracker.testing.api import api_token

from .test_recorded_time import edit

pytestmark = pytest.mark.usefixtures("founding")

PARK = "parks/nanjing-jiangxinzhou-eco-tech-island/"
POLICY = "policies/nanjing-ai-opinions-2017/"
ADDRESSES = [
    PARK, f"{PARK}?fields=name", f"{PARK}?brief=true", f"{PARK}timeline/", f"{PARK}revisions/", f"{PARK}revisions/1/",
    f"{PARK}revisions/1...1/", f"{PARK}policies/", "parks/", "parks/?place=320100&count=true", "parks/facets/",
    "timeline/", "timeline/?kind=park", "timeline/counts/", "timeline.ics", "timeline.atom", "timeline.csv",
    "search/?q=江心洲", "changes/", "changes/?kind=park&after=5", "redirects/", "observations/",
    "parks/compare/?keys=nanjing-jiangxinzhou-eco-tech-island,nanjing-jiangbei-new-area",
    "layouts/shenzhen-layout-ai-action-plan-2019/versions/",
    "places/320100/profile/", "places/320100/policies/", "parks/?known_at=2026-11-01", f"{PARK}?known_at=2999-01-01",
]  # fmt: skip


def tag(path: str) -> str:
    answer = Client().get(f"/api/v1/{path}")
    assert answer.status_code == 200, path
    return str(answer["ETag"])


def poll(path: str, known: str, client: Client | None = None) -> Any:
    return (client or Client()).get(f"/api/v1/{path}", headers={"If-None-Match": known})


@pytest.mark.parametrize("path", ADDRESSES)
def test_an_unchanged_poll_costs_at_most_two_queries_and_answers_304(
    path: str, django_assert_max_num_queries: Any
) -> None:
    known = tag(path)
    client = Client(headers={"Authorization": f"Bearer {api_token()}"})
    with django_assert_max_num_queries(2):
        answer = poll(path, known, client)
    assert answer.status_code == 304
    assert answer["ETag"] == known
    assert answer["Cache-Control"] == "public, no-cache"
    assert not answer.content


def test_a_list_answers_304_until_something_of_its_kind_changes() -> None:
    parks, policies, timeline = (tag(path) for path in ("parks/", "policies/", "timeline/"))
    edit("policy", "nanjing-ai-opinions-2017", note="又核对一遍")
    assert poll("parks/", parks).status_code == 304
    assert poll("policies/", policies).status_code == 200
    assert poll("timeline/", timeline).status_code == 200
    assert poll("timeline/?kind=park", tag("timeline/?kind=park")).status_code == 304


def test_a_list_notices_that_a_place_moved_though_no_entry_of_its_own_changed() -> None:
    known = {path: tag(path) for path in ("parks/?place=yangtze-river-delta", "parks/facets/", "timeline/?kind=park")}
    edit("place", "yangtze-river-delta", note="成员有变")
    assert {path: poll(path, given).status_code for path, given in known.items()} == dict.fromkeys(known, 200)


def test_what_is_withdrawn_is_gone_for_who_has_its_tag_too() -> None:
    known = {path: tag(path) for path in (POLICY, f"{POLICY}timeline/", f"{POLICY}revisions/")}
    edit("policy", "nanjing-ai-opinions-2017", action=Proposal.Action.WITHDRAW)
    assert {poll(path, given).status_code for path, given in known.items()} == {410}


def test_a_detail_has_its_version_as_strong_tag_and_a_list_a_weak_one() -> None:
    answer = Client().get(f"/api/v1/{PARK}")
    version = answer.json()["version"]
    assert answer["ETag"] == f'"{version}"'
    assert tag(f"{PARK}?fields=name").startswith(f'"{version}-')
    assert tag("parks/").startswith('W/"')


@pytest.mark.parametrize(("given", "version"), [
    ('"17"', 17), ('W/"17"', 17), ('"17-abc"', 17), (' "17" ', 17), ("17", 17), ('"abc"', None), ("", None),
    ("*", None), ('"' + "9" * 30 + '"', None), ('"²"', None), ('"-17"', None),
])  # fmt: skip
def test_a_tag_tells_its_version(given: str, version: int | None) -> None:
    assert conditional.version_in(given) == version


def test_another_query_has_another_tag() -> None:
    tags = {tag(path) for path in ("parks/", "parks/?place=320100", "parks/?page_size=1", "policies/", "parks/facets/")}
    assert len(tags) == 5


def test_what_depends_on_today_has_another_tag_tomorrow(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {
        path: tag(path) for path in (f"{PARK}policies/", "timeline/", f"{PARK}timeline/", "timeline.ics", "parks/")
    }
    tomorrow: date = timezone.localdate() + timedelta(days=1)
    monkeypatch.setattr(timezone, "localdate", lambda *_: tomorrow)
    same = [path for path, given in known.items() if poll(path, given).status_code == 304]
    assert same == ["parks/"]


@pytest.mark.parametrize("given", ['"nonsense"', "nonsense", '"', "", 'W/"1-2"', '"' + "x" * 5000 + '"'])
def test_another_tag_brings_the_whole_answer(given: str) -> None:
    for path in (PARK, "parks/"):
        assert poll(path, given).status_code == 200


def test_one_of_several_tags_is_enough_and_a_star_means_any() -> None:
    known = tag(PARK)
    assert poll(PARK, f'"old", {known}').status_code == 304
    assert poll(PARK, f"W/{known}").status_code == 304
    assert poll("parks/", tag("parks/").removeprefix("W/")).status_code == 304
    assert poll(PARK, "*").status_code == 304
    assert poll("parks/no-such-park/", "*").status_code == 404
    assert poll("parks/?no-such=1", "*").status_code == 400


def test_a_wrong_query_stays_wrong_whatever_tag_comes_with_it() -> None:
    assert poll("parks/?plaec=320100", tag("parks/")).status_code == 400
    assert poll("timeline/?" + "&".join(f"kind=k{number}" for number in range(1500)), '"x"').status_code == 400


def test_errors_have_no_tag_and_nobody_keeps_them() -> None:
    for path in ("parks/no-such-park/", "parks/?plaec=1", "no-such-address/"):
        answer = Client().get(f"/api/v1/{path}")
        assert "ETag" not in answer
        assert answer["Cache-Control"] == "no-store"


def test_a_head_request_has_the_tag_and_no_body() -> None:
    answer = Client().head(f"/api/v1/{PARK}")
    assert answer["ETag"] == tag(PARK)
    assert not answer.content


def test_answers_are_compressed_for_who_can_read_that() -> None:
    plain = Client().get("/api/v1/parks/?page_size=50")
    packed = Client().get("/api/v1/parks/?page_size=50", headers={"Accept-Encoding": "gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert len(packed.content) < len(plain.content) / 4
    assert "Accept-Encoding" in plain["Vary"]
    detail = Client().get(f"/api/v1/{PARK}", headers={"Accept-Encoding": "gzip"})
    assert detail["ETag"] == f"W/{tag(PARK)}"
    assert poll(PARK, detail["ETag"]).status_code == 304


ELSEWHERE = {"Origin": "https://partner.example"}


def test_a_program_in_a_browser_of_another_site_may_read_and_see_the_headers() -> None:
    answer = Client().get(f"/api/v1/{PARK}", headers=ELSEWHERE)
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer
    exposed = answer["Access-Control-Expose-Headers"].split(", ")
    assert {"ETag", "RateLimit", "RateLimit-Policy", "Link", "Retry-After"} <= set(exposed)


def test_problems_can_be_read_from_elsewhere_too() -> None:
    for path, headers in (("parks/?plaec=1", {}), ("parks/", {"Authorization": "Bearer wrong"})):
        answer = Client().get(f"/api/v1/{path}", headers={**ELSEWHERE, **headers})
        assert answer.status_code in (400, 401)
        assert answer["Access-Control-Allow-Origin"] == "*"


def test_a_preflight_allows_the_headers_of_reading_and_no_writing() -> None:
    asked = {**ELSEWHERE, "Access-Control-Request-Method": "GET",
             "Access-Control-Request-Headers": "authorization, if-none-match"}  # fmt: skip
    answer = Client().options("/api/v1/parks/", headers=asked)
    assert answer.status_code == 200
    allowed = answer["Access-Control-Allow-Headers"].split(", ")
    assert {"authorization", "if-none-match"} <= set(allowed)
    assert answer["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"


def test_pages_are_not_for_programs_of_other_sites() -> None:
    assert "Access-Control-Allow-Origin" not in Client().get("/about/", headers=ELSEWHERE)


def test_a_host_that_is_not_ours_is_a_400_and_not_our_failure() -> None:
    for path in ("/api/v1/parks/", "/about/"):
        answer = Client(raise_request_exception=False).get(path, headers={"Host": "evil.example"})
        assert answer.status_code == 400
