"""The daily look at the addresses of sources, against a real server."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tracker.accounts.models import User
from tracker.curation.links import checking
from tracker.curation.links.models import SourceCheck
from tracker.curation.tests import factories
from tracker.curation.tests.factories import WHOLE, park, source
from tracker.curation.work.models import Sort, Task
from tracker.jobs import services
from tracker.jobs.models import Job
from tracker.jobs.progress import Progress

from .pages import Page, Web, serving

pytestmark = pytest.mark.usefixtures("world")
NOW = timezone.now()


@pytest.fixture
def web(settings: Any) -> Iterator[Web]:
    settings.SOURCE_CHECKS = True
    settings.SOURCE_CHECK_ALLOWED_HOSTS = ["127.0.0.1"]
    settings.SOURCE_CHECK_HOST_SECONDS = 0
    settings.SOURCE_CHECK_TIMEOUT_SECONDS = 2
    with serving() as found:
        found.pages["/a"] = Page()
        yield found


@pytest.fixture
def cited(web: Web) -> SourceCheck:
    """A source with an address, on which one fact of a park rests."""
    factories.live(source("notice", "公告", url=web.url()))
    citations = [*WHOLE, {"path": "/opened", "source": "notice"}]
    factories.live(park(opened="2020", citations=citations), park("other-park", "他园"))
    checking.register(NOW)
    return SourceCheck.objects.get(source__key="notice")


def run(days: float = 0, **options: Any) -> str:
    """The check as it would run so many days from now."""
    moment = NOW + timedelta(days=days)
    job = Job.objects.create(name="check", created_at=moment, state=Job.State.RUNNING, attempts=1)
    checking.register(moment)
    return checking.Round(checking.reader(), Progress(job), **options).run(moment)


def open_tasks(sort: str) -> list[tuple[str, str]]:
    return sorted(Task.objects.open().filter(sort=sort).values_list("key", "path"))


def test_nothing_is_asked_unless_the_setting_is_on(settings: Any) -> None:
    assert settings.SOURCE_CHECKS is False
    services.enqueue(actor=None, name=checking.CHECK_SOURCES, arguments={}, now=NOW)
    services.sweep()
    assert Job.objects.get(name=checking.CHECK_SOURCES).message.startswith("未开启")
    assert not SourceCheck.objects.exists()


def test_as_a_job_it_looks_at_every_address_once(web: Web, cited: SourceCheck) -> None:
    services.enqueue(actor=None, name=checking.CHECK_SOURCES, arguments={}, now=NOW)
    services.sweep()
    cited.refresh_from_db()
    assert (cited.state, cited.status, cited.failures) == ("fine", 200, 0)
    assert cited.digest
    assert cited.due_at > NOW + timedelta(days=6)
    asked = len(web.asked)
    run()
    assert len(web.asked) == asked


def test_a_failure_is_only_broken_after_days_and_reopens_exactly_the_facts(web: Web, cited: SourceCheck) -> None:
    run()
    web.pages["/a"] = Page(status=404)
    for day in (8, 9.1):
        run(day)
        assert open_tasks(Sort.BROKEN_LINK) == []
    assert "失效 1 个" in run(10.2)
    assert open_tasks(Sort.BROKEN_LINK) == [("notice", "/url")]
    assert open_tasks(Sort.SOURCE_LOST) == [("river-park", "/opened")]
    web.pages["/a"] = Page()
    run(18)
    assert open_tasks(Sort.BROKEN_LINK) == open_tasks(Sort.SOURCE_LOST) == []


def test_another_text_reopens_exactly_the_facts_that_cite_it(web: Web, cited: SourceCheck) -> None:
    run()
    assert open_tasks(Sort.SOURCE_CHANGED) == []
    web.pages["/a"] = Page(b"<p>other words</p>")
    run(8)
    assert open_tasks(Sort.SOURCE_CHANGED) == [("river-park", "/opened")]
    run(16)
    assert open_tasks(Sort.SOURCE_CHANGED) == [("river-park", "/opened")]


def test_a_new_address_begins_anew(web: Web, cited: SourceCheck, contributor: User, editor: User) -> None:
    web.pages["/a"] = Page(status=404)
    for day in (0, 1.1, 2.2):
        run(day)
    assert open_tasks(Sort.BROKEN_LINK)
    web.pages["/b"] = Page()
    factories.change(contributor, editor, source("notice", "公告", url=web.url("/b")))
    run(3)
    assert SourceCheck.objects.get().state == "fine"
    assert open_tasks(Sort.BROKEN_LINK) == []


def test_when_no_host_answers_it_is_our_network_and_nothing_is_recorded(web: Web, cited: SourceCheck) -> None:
    for number in range(3):
        factories.live(source(f"far-{number}", f"远{number}", url=f"http://127.0.0.1:{number + 1}/"))
    SourceCheck.objects.all().delete()
    factories.live(source("nowhere", "无", url="http://127.0.0.1:9/"))
    checking.register(NOW)
    SourceCheck.objects.filter(source__key="notice").update(due_at=NOW + timedelta(days=90))
    assert "nothing recorded" in run()
    assert not SourceCheck.objects.exclude(state="unknown").exists()


def test_a_host_is_given_time_between_two_requests(web: Web, cited: SourceCheck, settings: Any) -> None:
    settings.SOURCE_CHECK_HOST_SECONDS = 60
    factories.live(source("second", "第二", url=web.url("/b")))
    slept: list[float] = []
    run(sleep=slept.append)
    assert len(slept) == 1
    assert 30 < slept[0] <= 60
