"""Signatures that the specification's own library accepts, and only those."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.utils import timezone as clock
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from tracker.delivery.webhooks import signing

BODY = '{"type":"test","data":{"名称":"南京"}}'


def test_a_signature_is_accepted_by_the_librarys_own_verification() -> None:
    secret = signing.new_secret()
    headers = signing.headers([secret], "msg_1", clock.now(), BODY)
    assert Webhook(secret).verify(BODY.encode(), headers) == {"type": "test", "data": {"名称": "南京"}}


def test_the_example_of_the_specification_is_signed_alike() -> None:
    """The values of the specification's library tests (standard-webhooks, MIT)."""
    moment = datetime.fromtimestamp(1614265330, tz=UTC)
    headers = signing.headers(["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"], "msg_p5jXN8AQM9LWM0D4loKWxJek", moment,
                              '{"test": 2432232314}')  # fmt: skip
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert headers["webhook-timestamp"] == "1614265330"


def test_while_a_secret_is_rotated_both_verify() -> None:
    new, former = signing.new_secret(), signing.new_secret()
    headers = signing.headers([new, former], "msg_1", clock.now(), BODY)
    assert len(headers["webhook-signature"].split(" ")) == 2
    for secret in (new, former):
        Webhook(secret).verify(BODY, headers)


@pytest.mark.parametrize("changed", ["webhook-id", "webhook-timestamp", "body"])
def test_whatever_is_changed_on_the_way_is_noticed(changed: str) -> None:
    secret = signing.new_secret()
    headers = signing.headers([secret], "msg_1", clock.now(), BODY)
    body = BODY
    if changed == "body":
        body = BODY.replace("南京", "北京")
    elif changed == "webhook-id":
        headers[changed] = "msg_2"
    else:
        headers[changed] = str(int(headers[changed]) + 1)
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(body, headers)


def test_the_time_zone_of_the_clock_does_not_matter() -> None:
    moment = datetime(2026, 11, 20, 8, tzinfo=timezone(timedelta(hours=8)))
    secret = signing.new_secret()
    assert signing.headers([secret], "m", moment, "") == signing.headers([secret], "m", moment.astimezone(UTC), "")


def test_secrets_are_as_the_specification_wants_them_and_never_twice_the_same() -> None:
    secrets = {signing.new_secret() for _ in range(100)}
    assert len(secrets) == 100
    for secret in secrets:
        assert secret.startswith("whsec_")
        assert 24 <= len(base64.b64decode(secret.removeprefix("whsec_"))) <= 64
