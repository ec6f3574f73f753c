"""The receiver printed in docs/partners.md works as it stands."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from tracker.accounts.models import User
from tracker.delivery.webhooks import redelivery, subscribing
from tracker.testing.workers import wait_until

from .factories import deliver, publish_parks, wish

PAGE = (settings.BASE_DIR / "docs" / "partners.md").read_text("utf-8").partition("## Webhooks")[2].partition("\n## ")[0]


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@pytest.fixture
def issued(owner: User, port: int) -> subscribing.Issued:
    return subscribing.create(actor=owner, wish=wish(f"http://127.0.0.1:{port}/tracker"), now=timezone.now())


@pytest.fixture
def printed(issued: subscribing.Issued, port: int, tmp_path: Path) -> Iterator[Path]:
    """What the receiver prints, as long as it runs."""
    [code] = re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    lines = tmp_path / "printed"
    environment = {**os.environ, "WEBHOOK_SECRET": issued.secret, "PORT": str(port)}
    with lines.open("wb") as output, (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen([sys.executable, "-c", code], env=environment, stdout=output, stderr=log)
        try:
            wait_until(lambda: _listens(port))
            yield lines
        finally:
            process.terminate()
            process.wait()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_it_takes_what_is_signed_once_and_refuses_the_rest(owner: User, issued: subscribing.Issued,
                                                           printed: Path) -> None:  # fmt: skip
    hook = issued.webhook
    subscribing.send_test(actor=owner, webhook=hook, now=timezone.now())
    [number] = publish_parks(1)
    deliver(hook, timezone.now())
    assert set(hook.deliveries.values_list("state", flat=True)) == {"delivered"}
    redelivery.one(actor=owner, delivery=hook.deliveries.get(change=number), now=timezone.now())
    deliver(hook, timezone.now())
    assert printed.read_text().splitlines() == [f"{number} published park park-0"]
    subscribing.rotate_secret(actor=owner, webhook=hook, now=timezone.now(), overlap=timedelta(0))
    refused = redelivery.one(actor=owner, delivery=hook.deliveries.get(change=number), now=timezone.now())
    deliver(hook, timezone.now())
    assert refused.attempts.latest("id").status == 400
