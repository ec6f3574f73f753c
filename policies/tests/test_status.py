"""时效性 and titles on a day, on documents made by hand: no database."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from policies.status import PolicyStatus, TitleStatus, approved_within, policy_status, title_status

from .test_applies import designation, policy

DAY = date(2020, 6, 1)
CAUSE = {"date": "2020-05"}
LATER = {"date": "2020-07"}


@pytest.mark.parametrize(("members", "expected"), [
    ({"issued": "2019"}, PolicyStatus.UNVERIFIED),
    ({"issued": "2019", "period": "2019/2021"}, PolicyStatus.IN_FORCE),
    ({"issued": "2019", "period": "2019/2021", "stale_after": "2020-05-31"}, PolicyStatus.UNVERIFIED),
    ({"issued": "2019", "period": "2019/2021", "stale_after": "2020-06-01"}, PolicyStatus.IN_FORCE),
    ({"issued": "2019", "expires": "2020-06-01"}, PolicyStatus.ENDED),
    ({"issued": "2019", "expires": "2020-06-02"}, PolicyStatus.IN_FORCE),
    ({"issued": "2019", "effective": "2020-06-02"}, PolicyStatus.NOT_YET),
    ({"issued": "2019", "period": "2019/2021", "amended_by": [CAUSE]}, PolicyStatus.AMENDED),
    ({"issued": "2019", "period": "2019/2021", "partly_repealed_by": [CAUSE]}, PolicyStatus.PARTLY),
    ({"issued": "2019", "period": "2019/2021", "repealed_by": [CAUSE]}, PolicyStatus.ENDED),
    ({"issued": "2019", "period": "2019/2021", "repealed_by": [LATER]}, PolicyStatus.IN_FORCE),
    ({"issued": "2019", "superseded_by": [{"date": None}]}, PolicyStatus.ENDED),
])  # fmt: skip
def test_the_status_of_a_policy_on_a_day(members: dict[str, Any], expected: PolicyStatus) -> None:
    assert policy_status(policy(**members), DAY) == expected


def batch(key: str, date: str | None) -> dict[str, Any]:
    return {"key": key, "date": date}


@pytest.mark.parametrize(("batches", "own", "expected"), [
    ([batch("1", "2019-05"), batch("2", "2021-02")], "2", "2021-02"),
    ([batch("1", None), batch("2", "2021-02")], "1", "../2021-02"),
    ([batch("1", "2019"), batch("2", None), batch("3", "2021-02")], "2", "2019/2021-02"),
    ([batch("1", "2019"), batch("2", None)], "2", "2019/.."),
    ([batch("1", None)], "1", None),
    ([batch("1", "2019"), batch("2", "2021-02")], None, "2019/.."),
    ([batch("1", None), batch("2", "2021-02")], None, None),
    ([], "1", None),
])  # fmt: skip
def test_an_unknown_approval_is_bounded_by_its_batch_and_never_invented(
    batches: list[dict[str, Any]], own: str | None, expected: str | None
) -> None:
    programme = {"key": "p", "batches": batches}
    assert approved_within(designation(programme=programme, batch=own)) == expected
    assert approved_within(designation(programme=programme, batch=own, approved="2020-01")) is None


@pytest.mark.parametrize(("members", "expected"), [
    ({"approved": "2019"}, TitleStatus.APPROVED),
    ({"approved": "2020-07"}, TitleStatus.UNVERIFIED),
    ({"approved": "2019", "withdrawn": "2020-06-01"}, TitleStatus.WITHDRAWN),
    ({"approved": "2019", "withdrawn": "2020-06-02"}, TitleStatus.APPROVED),
    ({"wording": "applying"}, TitleStatus.APPLYING),
    ({"wording": "listed"}, TitleStatus.APPROVED),
    ({"wording": "listed", "approved_within": "2021-02/.."}, TitleStatus.UNVERIFIED),
    ({}, TitleStatus.UNVERIFIED),
])  # fmt: skip
def test_the_status_of_a_title_on_a_day(members: dict[str, Any], expected: TitleStatus) -> None:
    assert title_status({"designations": [designation(**members)]}, DAY) == expected
