"""The daily look at the addresses of sources: politely, over days, and what it means for the facts that cite them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from tracker.accounts.models import User
from tracker.curation.work import refresh
from tracker.delivery import feed
from tracker.delivery.webhooks.guard import Policy
from tracker.delivery.webhooks.sending import Courier
from tracker.entries.models import State
from tracker.jobs.progress import Cancelled, Progress
from tracker.jobs.registry import Arguments
from tracker.sources.models import Citation, Source

from .models import SourceCheck
from .reading import Known, Reader, Seen

CHECK_SOURCES = "check-sources"
FAILURES = 3
FAILING_FOR = timedelta(days=2)
"""An address is broken after so many failures over so long a time."""
AWAY = 3
"""When as many hosts and not one of them answers, it is our network that is away."""


def check_sources(*, actor: User | None, arguments: Arguments, progress: Progress) -> str:
    """The daily job; nothing unless ``SOURCE_CHECKS`` is on."""
    if not settings.SOURCE_CHECKS:
        return "未开启 off: SOURCE_CHECKS"
    register()
    return Round(reader(), progress).run(timezone.now())


def reader() -> Reader:
    """As this installation's settings have it."""
    policy = Policy(ports=frozenset({443, 8443, 8080}), plain_http=True,
                    trusted_hosts=frozenset(host.lower() for host in settings.SOURCE_CHECK_ALLOWED_HOSTS))  # fmt: skip
    agent = f"china-ai-tracker-links/1 (+{settings.SITE_URL})"
    return Reader(Courier(policy, settings.SOURCE_CHECK_TIMEOUT_SECONDS, agent))


@transaction.atomic
def register(now: datetime | None = None) -> None:
    """Make the rows those of the public sources that have an address; another address begins anew."""
    public = Source.objects.filter(entry__state=State.LIVE).exclude(url="")
    SourceCheck.objects.exclude(source__in=public.values("entry")).delete()
    SourceCheck.objects.exclude(url=F("source__source__url")).delete()
    new = public.exclude(entry__in=SourceCheck.objects.values("source"))
    moment = now or timezone.now()
    SourceCheck.objects.bulk_create(
        SourceCheck(source_id=pk, url=url, due_at=moment) for pk, url in new.values_list("entry_id", "url")
    )


@dataclass
class Round:
    """One run over what is due. Looks are made outside of any transaction, and recorded one by one."""

    reader: Reader
    progress: Progress
    sleep: Callable[[float], None] = time.sleep
    _asked: dict[str, float] = field(default_factory=dict)
    _silent: list[tuple[SourceCheck, Seen]] = field(default_factory=list)
    _answered: bool = False

    def run(self, now: datetime) -> str:
        due = list(_by_turns(SourceCheck.objects.due(now).order_by("due_at", "pk")))
        for done, check in enumerate(due, start=1):
            if self.progress.cancelled:
                raise Cancelled(f"取消，已查 {done - 1}/{len(due)} 个 cancelled, {done - 1} of {len(due)} looked at")
            self._wait(check)
            seen = self.reader.look(check.url, Known(check.etag, check.last_modified, check.digest))
            self._take(check, seen, now)
            with transaction.atomic():
                self.progress.step(done, len(due))
        return self._finish(len(due), now)

    def _wait(self, check: SourceCheck) -> None:
        """Ask no host more often than ``SOURCE_CHECK_HOST_SECONDS``."""
        host = _host(check)
        rest = self._asked.get(host, 0.0) + settings.SOURCE_CHECK_HOST_SECONDS - time.monotonic()
        if host in self._asked and rest > 0:
            self.sleep(rest)
        self._asked[host] = time.monotonic()

    def _take(self, check: SourceCheck, seen: Seen, now: datetime) -> None:
        """Record what was seen; silence is only believed once some host has answered."""
        self._answered = self._answered or seen.status is not None
        self._silent.append((check, seen))
        if self._answered:
            self._record_silent(now)

    def _record_silent(self, now: datetime) -> None:
        for check, seen in self._silent:
            record(check, seen, now=now)
        self._silent.clear()

    def _finish(self, looked: int, now: datetime) -> str:
        hosts = {_host(check) for check, _seen in self._silent}
        if len(hosts) >= AWAY:
            return f"{len(hosts)} 个主机无一应答，疑为本机断网，未记录 no host answered: nothing recorded"
        self._record_silent(now)
        broken = SourceCheck.objects.filter(state=SourceCheck.State.BROKEN).count()
        return f"查了 {looked} 个网址，失效 {broken} 个 {looked} addresses looked at, {broken} broken"


def _host(check: SourceCheck) -> str:
    return urlsplit(check.url).netloc.lower()


def _by_turns(checks: Iterable[SourceCheck]) -> Iterator[SourceCheck]:
    """One of each host after another, so that waiting for one costs little."""
    by_host: dict[str, list[SourceCheck]] = {}
    for check in checks:
        by_host.setdefault(_host(check), []).append(check)
    while by_host:
        for host in list(by_host):
            yield by_host[host].pop(0)
            if not by_host[host]:
                del by_host[host]


@transaction.atomic
def record(check: SourceCheck, seen: Seen, *, now: datetime) -> None:
    """Write down what a look found, and look at the source and the facts that cite it."""
    feed.hold_numbers()
    before = (check.state, check.changed_at)
    check.checked_at, check.status, check.trouble = now, seen.status, seen.trouble[:300]
    (_answers if seen.is_fine else _fails)(check, seen, now)
    check.save()
    if before != (check.state, check.changed_at):
        citing = Citation.objects.filter(source=check.source_id, entry__state=State.LIVE).values_list(
            "entry", flat=True
        )
        refresh.look_at({check.source_id, *citing}, now=now)


def _answers(check: SourceCheck, seen: Seen, now: datetime) -> None:
    if check.digest and seen.digest and seen.digest != check.digest:
        check.changed_at = now
    check.digest = seen.digest or check.digest
    check.etag, check.last_modified = seen.etag, seen.last_modified
    check.state, check.failures, check.failing_since, check.fine_at = SourceCheck.State.FINE, 0, None, now
    check.due_at = now + timedelta(days=settings.SOURCE_CHECK_DAYS)


def _fails(check: SourceCheck, seen: Seen, now: datetime) -> None:
    """Once is chance; three times over two days and more is broken. Then it is asked as rarely as one that is fine."""
    check.failures += 1
    check.failing_since = check.failing_since or now
    for_long = now - check.failing_since >= FAILING_FOR
    check.state = SourceCheck.State.BROKEN if check.failures >= FAILURES and for_long else SourceCheck.State.FAILING
    days = settings.SOURCE_CHECK_DAYS if check.state == SourceCheck.State.BROKEN else 1
    check.due_at = now + timedelta(days=days)
