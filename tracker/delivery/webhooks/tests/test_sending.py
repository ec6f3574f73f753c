"""One attempt, against a real receiver that does what receivers do."""

from __future__ import annotations

import socket
import ssl
import time
from ipaddress import ip_address

import pytest
import trustme

from tracker.delivery.webhooks.guard import Address, Policy
from tracker.delivery.webhooks.sending import ANSWER_BYTES, Answer, Courier
from tracker.delivery.webhooks.trouble import Trouble

from . import receiver as behaviour
from .receiver import Answering, Receiver, serving

HOME = ip_address("127.0.0.1")
TRUSTING = Policy(trusted_hosts=frozenset({"127.0.0.1", "receiver.test", "[::1]"}))


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """A certificate authority that nobody but these tests knows."""
    return trustme.CA()


def courier(**details: object) -> Courier:
    known: dict[str, object] = {"policy": TRUSTING, "seconds": 5, "agent": "tracker-test", **details}
    return Courier(**known)  # type: ignore[arg-type]


def impatient() -> Courier:
    return courier(seconds=0.5)


def post(to: Receiver, by: Courier | None = None, url: str = "") -> Answer:
    return (by or courier()).post(url or to.url, {"webhook-id": "msg_1"}, b'{"a":1}')


def misbehaving(receiver: Receiver, how: Answering) -> Receiver:
    receiver.answer = how
    return receiver


def test_a_message_arrives_as_it_was_sent(receiver: Receiver) -> None:
    answer = post(receiver)
    assert (answer.accepted, answer.status, answer.text) == (True, 200, "thanks")
    [got] = receiver.received
    assert (got.path, got.body, got.message) == ("/hook", '{"a":1}', "msg_1")
    assert got.headers["content-type"] == "application/json"
    assert got.headers["host"] == f"127.0.0.1:{receiver.port}"
    assert got.headers["user-agent"] == "tracker-test"


def test_an_error_is_kept_with_what_the_receiver_said(receiver: Receiver) -> None:
    answer = post(misbehaving(receiver, behaviour.fails))
    assert (answer.status, answer.trouble, answer.text) == (500, Trouble.STATUS, "out of order")


def test_a_redirect_is_not_followed(receiver: Receiver) -> None:
    answer = post(misbehaving(receiver, behaviour.redirects))
    assert (answer.status, answer.trouble) == (302, Trouble.REDIRECT)
    assert [got.path for got in receiver.received] == ["/hook"]


def test_a_receiver_that_hangs_is_given_up_in_time(receiver: Receiver) -> None:
    answer = post(misbehaving(receiver, behaviour.hangs), impatient())
    assert (answer.status, answer.trouble, answer.detail) == (None, Trouble.TIMEOUT, "took longer than 0.5 s")


def test_a_receiver_that_never_ends_its_headers_is_cut_off(receiver: Receiver) -> None:
    answer = post(misbehaving(receiver, behaviour.drips_headers), impatient())
    assert (answer.status, answer.trouble) == (None, Trouble.TIMEOUT)


def test_a_receiver_that_accepts_and_never_stops_talking_has_accepted(receiver: Receiver) -> None:
    answer = post(misbehaving(receiver, behaviour.drips_body), impatient())
    assert answer.accepted
    assert answer.text.startswith("well, x")


def test_of_a_long_answer_only_the_beginning_is_read(receiver: Receiver) -> None:
    answer = post(misbehaving(receiver, behaviour.floods))
    assert answer.accepted
    assert answer.text == "z" * ANSWER_BYTES


def test_a_receiver_that_closes_without_answering_has_not_accepted(receiver: Receiver) -> None:
    answer = post(misbehaving(receiver, behaviour.closes_early))
    assert (answer.status, answer.trouble) == (None, Trouble.CLOSED)


def test_an_answer_that_is_not_http_is_none(receiver: Receiver) -> None:
    assert post(misbehaving(receiver, behaviour.babbles)).trouble == Trouble.CLOSED


def test_bytes_that_a_database_does_not_take_are_replaced(receiver: Receiver) -> None:
    receiver.answer = lambda handler: handler.reply(200, b"a\x00b\xff")
    assert post(receiver).text == "a\ufffdb\ufffd"


def test_where_nobody_listens_there_is_no_connection() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    answer = courier().post(f"http://127.0.0.1:{port}/", {}, b"")
    assert (answer.trouble, answer.status) == (Trouble.CONNECTION, None)
    assert "refused" in answer.detail


def test_what_the_guard_refuses_is_never_connected_to(receiver: Receiver) -> None:
    answer = post(receiver, courier(policy=Policy(plain_http=True, ports=frozenset({receiver.port}))))
    assert answer.trouble == Trouble.ADDRESS
    assert "not a public address" in answer.detail
    assert receiver.received == []


def test_the_connection_goes_to_the_address_that_was_checked_and_to_no_other(receiver: Receiver) -> None:
    """The name is not in any DNS: had the client looked it up again, it had found nothing."""
    asked = []

    def resolve(host: str, port: int) -> list[Address]:
        asked.append(host)
        return [HOME]

    answer = post(receiver, courier(resolve=resolve), f"http://receiver.test:{receiver.port}/hook")
    assert answer.accepted
    assert asked == ["receiver.test"]
    assert receiver.received[0].headers["host"] == f"receiver.test:{receiver.port}"


def test_the_next_address_is_tried_when_the_first_takes_no_connection(receiver: Receiver) -> None:
    two = courier(resolve=lambda host, port: [ip_address("127.0.0.2"), HOME])
    assert post(receiver, two, f"http://receiver.test:{receiver.port}/").accepted


def _tls_server(authority: trustme.CA, name: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context


def _tls_courier(authority: trustme.CA | None, **details: object) -> Courier:
    context = ssl.create_default_context()
    if authority:
        authority.configure_trust(context)
    return courier(tls=context, resolve=lambda host, port: [HOME], **details)


def test_the_certificate_must_be_the_hosts_not_the_addresss(authority: trustme.CA) -> None:
    with serving(tls=_tls_server(authority, "receiver.test")) as receiver:
        url = f"https://receiver.test:{receiver.port}/hook"
        assert post(receiver, _tls_courier(authority), url).accepted


@pytest.mark.parametrize("name", ["other.test", "127.0.0.1", "*.receiver.test"])
def test_a_certificate_of_another_name_is_refused(authority: trustme.CA, name: str) -> None:
    with serving(tls=_tls_server(authority, name)) as receiver:
        answer = post(receiver, _tls_courier(authority), f"https://receiver.test:{receiver.port}/hook")
    assert answer.trouble == Trouble.TLS
    assert receiver.received == []


def test_a_certificate_of_nobody_we_trust_is_refused(authority: trustme.CA) -> None:
    with serving(tls=_tls_server(authority, "receiver.test")) as receiver:
        answer = post(receiver, _tls_courier(None), f"https://receiver.test:{receiver.port}/hook")
    assert (answer.trouble, receiver.received) == (Trouble.TLS, [])


def test_a_tls_receiver_that_drips_its_headers_is_cut_off_too(authority: trustme.CA) -> None:
    with serving(tls=_tls_server(authority, "receiver.test")) as receiver:
        receiver.answer = behaviour.drips_headers
        answer = post(receiver, _tls_courier(authority, seconds=0.5), f"https://receiver.test:{receiver.port}/hook")
    assert answer.trouble == Trouble.TIMEOUT


def test_a_receiver_that_never_shakes_hands_is_given_up_in_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        began = time.monotonic()
        answer = _tls_courier(None, seconds=0.5).post(f"https://receiver.test:{silent.getsockname()[1]}/", {}, b"")
        assert answer.trouble == Trouble.TIMEOUT
        assert time.monotonic() - began < 30
