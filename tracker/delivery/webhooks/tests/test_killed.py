"""Nothing is lost when the web process, a worker or the broker is killed with -9: real processes, real brokers."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from standardwebhooks.webhooks import Webhook as Verifier

from tracker.accounts.models import User
from tracker.delivery.webhooks.models import Webhook, WebhookAttempt, WebhookDelivery
from tracker.testing.workers import BROKERS, NOBODY, Workshop, wait_until

from . import receiver as behaviour
from .factories import last_number, webhook
from .receiver import Receiver

pytestmark = pytest.mark.django_db(transaction=True)

PUBLISH = """
import sys
import django
django.setup()
from tracker.delivery.webhooks.tests import factories
factories.publish_parks(int(sys.argv[1]), start=int(sys.argv[2]))
"""

KILLED_AFTER_THE_COMMIT = """
import os, signal, sys
import django
django.setup()
from django.db import transaction
from tracker.delivery.webhooks.tests import factories
with transaction.atomic():
    transaction.on_commit(lambda: os.kill(os.getpid(), signal.SIGKILL))  # before the word to a worker, which comes next
    factories.publish_parks(int(sys.argv[1]))
"""


def workshop_in(folder: Path, broker: str) -> Workshop:
    return Workshop(folder, broker, WEBHOOK_ALLOWED_HOSTS="127.0.0.1", WEBHOOK_TIMEOUT_SECONDS="2")


@pytest.fixture(params=BROKERS)
def workshop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Workshop]:
    workshop = workshop_in(tmp_path, request.param)
    yield workshop
    workshop.close()


@pytest.fixture
def hook(owner: User, receiver: Receiver) -> Webhook:
    return webhook(owner, receiver.url)


def publish_elsewhere(workshop: Workshop, count: int, start: int = 0) -> list[int]:
    """Publish from a process of its own; the numbers of the changes."""
    before = last_number()
    done = workshop.python(PUBLISH, str(count), str(start))
    assert done.returncode == 0, done.stderr
    return list(range(before + 1, before + 1 + count))


def all_delivered(hook: Webhook, count: int) -> bool:
    return hook.deliveries.filter(state=WebhookDelivery.State.DELIVERED).count() == count


def assert_all_arrived(hook: Webhook, receiver: Receiver, numbers: list[int]) -> None:
    """Each at least once, each under one id, each signed, each logged."""
    assert set(receiver.seqs) == set(numbers)
    assert len({received.message for received in receiver.received}) == len(numbers)
    for received in receiver.received:
        Verifier(hook.secret).verify(received.body, received.headers)
    logged = WebhookAttempt.objects.filter(delivery__webhook=hook, trouble="", status=200)
    assert set(logged.values_list("delivery__change_id", flat=True)) == set(numbers)


def test_every_message_arrives_though_each_is_met_with_another_misbehaviour(workshop: Workshop, hook: Webhook,
                                                                            receiver: Receiver) -> None:  # fmt: skip
    normal = receiver.answer
    ways = [behaviour.fails, behaviour.hangs, behaviour.redirects, behaviour.closes_early, behaviour.drips_headers,
            behaviour.babbles, normal]  # fmt: skip
    numbers = publish_elsewhere(workshop, 14)
    met: set[str] = set()

    def at_first(handler: behaviour.Handler) -> None:
        again = handler.got.message in met
        met.add(handler.got.message)
        (normal if again else ways[handler.got.data["seq"] % len(ways)])(handler)

    receiver.answer = at_first
    workshop.start_worker()
    wait_until(lambda: all_delivered(hook, 14))
    assert_all_arrived(hook, receiver, numbers)
    troubles = WebhookAttempt.objects.exclude(trouble="").values_list("trouble", flat=True)
    assert sorted(troubles) == ["closed"] * 4 + ["redirect"] * 2 + ["status"] * 2 + ["timeout"] * 4


def test_what_a_killed_worker_was_sending_is_sent_by_the_next(workshop: Workshop, hook: Webhook,
                                                              receiver: Receiver) -> None:  # fmt: skip
    normal, receiver.answer = receiver.answer, behaviour.hangs
    numbers = publish_elsewhere(workshop, 20)
    worker = workshop.start_worker()
    wait_until(lambda: len(receiver.received) >= 3)
    workshop.kill(worker)
    receiver.answer = normal
    workshop.start_worker()
    wait_until(lambda: all_delivered(hook, 20))
    assert_all_arrived(hook, receiver, numbers)
    assert len(receiver.received) > 20


def test_what_was_sent_but_not_yet_recorded_is_sent_again(
    workshop: Workshop, hook: Webhook, receiver: Receiver
) -> None:
    """The receiver has it, and kills the worker before it can know."""
    numbers = publish_elsewhere(workshop, 1)
    normal = receiver.answer
    worker = workshop.start_worker()

    def accept_and_kill(handler: behaviour.Handler) -> None:
        receiver.answer = normal
        workshop.kill(worker)
        handler.close_connection = True

    receiver.answer = accept_and_kill
    wait_until(lambda: worker.poll() is not None)
    assert not WebhookAttempt.objects.exists()
    workshop.start_worker()
    wait_until(lambda: all_delivered(hook, 1))
    assert receiver.seqs == numbers * 2
    assert receiver.received[0].message == receiver.received[1].message


def test_a_web_process_killed_between_the_commit_and_the_word_to_a_worker_loses_nothing(
    workshop: Workshop, hook: Webhook, receiver: Receiver
) -> None:
    workshop.start_worker()
    before = last_number()
    killed = workshop.python(KILLED_AFTER_THE_COMMIT, "3")
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    wait_until(lambda: all_delivered(hook, 3))
    assert_all_arrived(hook, receiver, list(range(before + 1, before + 4)))


def test_a_worker_that_is_up_hears_of_a_publication_without_waiting_for_the_sweep(
    workshop: Workshop, hook: Webhook, receiver: Receiver
) -> None:
    workshop.environment["JOB_SWEEP_SECONDS"] = "3600"
    found_at_start = publish_elsewhere(workshop, 1)
    workshop.start_worker()
    wait_until(lambda: all_delivered(hook, 1))
    heard_of = publish_elsewhere(workshop, 5, start=1)
    wait_until(lambda: all_delivered(hook, 6))
    assert_all_arrived(hook, receiver, found_at_start + heard_of)


def test_a_broker_that_is_down_while_publishing_costs_nothing_but_time(tmp_path: Path, hook: Webhook,
                                                                       receiver: Receiver) -> None:  # fmt: skip
    numbers = publish_elsewhere(workshop_in(tmp_path, NOBODY), 3)
    assert hook.deliveries.filter(state=WebhookDelivery.State.PENDING).count() == 3
    workshop = workshop_in(tmp_path, "")
    workshop.start_worker()
    try:
        wait_until(lambda: all_delivered(hook, 3))
    finally:
        workshop.close()
    assert_all_arrived(hook, receiver, numbers)


@contextmanager
def redis_on(port: int, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A broker of our own, that we may kill; it keeps nothing on disk, so its messages die with it."""
    server = shutil.which("redis-server")
    assert server, "redis-server is not installed"
    command = [
        server,
        "--port",
        str(port),
        "--bind",
        "127.0.0.1",
        "--save",
        "",
        "--appendonly",
        "no",
        "--dir",
        str(folder),
    ]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        wait_until(lambda: _listens(port))
        yield process
    finally:
        process.kill()
        process.wait()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.broker
def test_a_broker_killed_with_its_messages_loses_nothing(tmp_path: Path, hook: Webhook, receiver: Receiver) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    workshop = workshop_in(tmp_path, f"redis://127.0.0.1:{port}/0")
    try:
        with redis_on(port, tmp_path) as broker:
            numbers = publish_elsewhere(workshop, 2)  # its messages wait in the broker, there is no worker yet
            broker.kill()
        numbers += publish_elsewhere(workshop, 2, start=2)  # nobody to tell
        with redis_on(port, tmp_path) as broker:
            workshop.start_worker()
            wait_until(lambda: all_delivered(hook, 4))
            broker.kill()  # under a worker that is up
        numbers += publish_elsewhere(workshop, 2, start=4)

        def arrived_at_last() -> bool:
            workshop.revive()
            return all_delivered(hook, 6)

        with redis_on(port, tmp_path):
            wait_until(arrived_at_last)
    finally:
        workshop.close()
    assert_all_arrived(hook, receiver, numbers)
