"""The page of the work that is left."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tracker.accounts.models import User
from tracker.curation.work.models import Sort, Task, TaskMove

from . import factories
from .factories import park, policy, propose

PAGE = "/admin/tracker/task/"


def _as(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def some(world: None, contributor: User) -> None:
    factories.live(factories.place("320105", "建邺区", "district", "320100"), park(),
                   park("district-park", "区园", places=["320105"]), policy(period="2018/2020"))  # fmt: skip
    propose(contributor, park("new-park", "新园", places=["320105"]))


def shown(client: Client, **query: Any) -> set[str]:
    """The keys of the entries that the page's tasks are about."""
    return {line.task.key for line in client.get(PAGE, query).context["lines"]}


@pytest.mark.usefixtures("some")
def test_the_queue_is_filtered_by_sort_kind_place_owner_and_due(editor: User) -> None:
    client = _as(editor)
    assert shown(client, sort=Sort.PERIOD_ENDED) == {"ai-opinions"}
    assert shown(client, kind="policy") == {"ai-opinions"}
    assert shown(client, place="建邺") == {"district-park", "new-park", "320105"} - {"320105"}
    assert {"river-park", "district-park", "new-park"} <= shown(client, place="320000")
    assert shown(client, owner="me") == set()
    assert shown(client, due="overdue") == set()
    Task.objects.filter(sort=Sort.PERIOD_ENDED).update(due="2020-01-01", owner=editor)
    assert shown(client, owner="me") == shown(client, due="overdue") == {"ai-opinions"}
    assert shown(client, sort=Sort.PERIOD_ENDED, state="closed") == set()


@pytest.mark.usefixtures("some")
@pytest.mark.parametrize("query", ["sort=x", "kind=x", "owner=x", "due=x", "state=x", "cursor=x", "owner=99999999999"])
def test_a_wrong_parameter_is_explained_and_left_out(editor: User, query: str) -> None:
    answer = _as(editor).get(f"{PAGE}?{query}", follow=True)
    assert answer.redirect_chain == [(PAGE, 302)]
    assert list(answer.context["messages"])


@pytest.mark.usefixtures("some")
def test_each_task_leads_to_where_it_is_mended(editor: User) -> None:
    client = _as(editor)
    lines = {(line.task.sort, line.task.key, line.task.path): line.href
             for line in client.get(PAGE, {"page_size": 200}).context["lines"]}  # fmt: skip
    form = "/admin/tracker/proposal/change/park/river-park/"
    assert lines["missing_field", "river-park", "/areas"] == f"{form}#part-areas"
    assert lines["missing_field", "river-park", "/operators"] == f"{form}#id_operators"
    waiting = Task.objects.get(sort=Sort.IN_REVIEW)
    assert lines["in_review", "new-park", ""] == f"/admin/tracker/proposal/{waiting.proposal_id}/change/"
    for anchor in ("part-areas", "id_operators", "part-rulings"):
        assert f'id="{anchor}"' in client.get(form).content.decode(), anchor


@pytest.mark.usefixtures("some")
def test_ticked_tasks_are_taken_dismissed_and_brought_back(editor: User) -> None:
    client = _as(editor)
    picked = list(Task.objects.open().filter(sort=Sort.MISSING_FIELD).values_list("pk", flat=True)[:3])
    client.post(PAGE, {"do": "take", "task": picked})
    assert Task.objects.filter(owner=editor).count() == 3
    answer = client.post(PAGE, {"do": "dismiss", "task": picked, "reason": ""}, follow=True)
    assert "理由" in [str(said) for said in answer.context["messages"]][-1]
    answer = client.post(PAGE, {"do": "dismiss", "task": picked, "reason": "规划中", "query": "kind=park"}, follow=True)
    assert Task.objects.filter(state=Task.State.DISMISSED).count() == 3
    assert answer.redirect_chain[0][0].startswith(f"{PAGE}?kind=park&done=")
    undo = reverse("admin:tracker_task_undo")
    assert undo in answer.content.decode()
    client.post(undo, {"batch": answer.context["done"], "query": "kind=park"})
    assert not Task.objects.filter(state=Task.State.DISMISSED).exists()
    assert TaskMove.objects.exclude(request_id="").count() == TaskMove.objects.count()


@pytest.mark.usefixtures("some")
def test_all_that_the_filter_finds_is_dismissed_at_once_and_nothing_else(editor: User) -> None:
    _as(editor).post(PAGE, {"do": "dismiss", "all": "yes", "query": "sort=missing_field&kind=park", "reason": "规划中"})
    gone = Task.objects.filter(state=Task.State.DISMISSED)
    assert set(gone.values_list("sort", "kind")) == {("missing_field", "park")}
    assert not Task.objects.open().filter(sort=Sort.MISSING_FIELD, kind="park").exists()
    assert Task.objects.open().filter(sort=Sort.STALE, kind="park").exists()


@pytest.mark.usefixtures("some")
def test_who_only_looks_sees_the_queue_and_moves_nothing(viewer: User, contributor: User) -> None:
    task = Task.objects.open().filter(sort=Sort.MISSING_FIELD).first()
    assert task is not None
    looking = _as(viewer)
    assert 'name="do"' not in looking.get(PAGE).content.decode()
    for client, doing in ((looking, "take"), (_as(contributor), "dismiss"), (_as(contributor), "nonsense")):
        client.post(PAGE, {"do": doing, "task": [task.pk], "reason": "不对"})
    assert not TaskMove.objects.exists()
    assert Client().get(PAGE).status_code == 302


@pytest.mark.usefixtures("some")
@pytest.mark.parametrize("data", [{"do": "give", "to": "9" * 30}, {"do": "put_off", "due": "soon"},
                                  {"do": "take", "task": ["x", "9" * 40]},
                                  {"do": "take", "task": []}])  # fmt: skip
def test_what_cannot_be_meant_is_said_and_changes_nothing(editor: User, data: dict[str, Any]) -> None:
    task = Task.objects.open().first()
    assert task is not None
    answer = _as(editor).post(PAGE, {"task": [task.pk], **data}, follow=True)
    assert answer.status_code == 200
    assert list(answer.context["messages"])
    assert not TaskMove.objects.exists()


@pytest.mark.usefixtures("some")
def test_the_front_page_leads_with_the_work(editor: User) -> None:
    Task.objects.filter(sort=Sort.PERIOD_ENDED).update(due="2020-01-01", owner=editor)
    page = _as(editor).get("/admin/")
    work = page.context["work"]
    assert (work.mine, work.overdue, work.total) == (1, 1, Task.objects.open().count())
    assert page.content.decode().index('class="work"') < page.content.decode().index("最近发布")


@pytest.mark.usefixtures("some")
def test_the_page_speaks_english_to_who_prefers_it(editor: User) -> None:
    client = _as(editor)
    client.post("/i18n/setlang/", {"language": "en", "next": PAGE})
    english = client.get(PAGE).content.decode()
    assert "missing key field" in english
    assert "Take" in english
    assert "规划期 2018" not in english


@pytest.mark.usefixtures("some")
def test_pages_are_keyset_pages_and_cost_the_same_however_many(editor: User) -> None:
    client = _as(editor)
    first = client.get(PAGE, {"page_size": 2})
    second = client.get(first.context["next"])
    assert not {line.task.pk for line in first.context["lines"]} & {line.task.pk for line in second.context["lines"]}
    few, many = (queries_for_tasks(client, size) for size in (2, 200))
    assert few == many == 5


def queries_for_tasks(client: Client, size: int) -> int:
    """The page of tasks, their number, their counts by sort, kind and owner."""
    with CaptureQueriesContext(connection) as captured:
        client.get(PAGE, {"page_size": size})
    return sum("tracker_task" in query["sql"] for query in captured)
