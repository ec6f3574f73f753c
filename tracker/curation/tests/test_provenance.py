"""Every change that somebody makes leaves who, why, from where and in which request, whatever way it comes in.

The services, the jobs and the pages that call them are found by looking, so that a new one without a row here fails.
"""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db.models import Model
from django.test import Client
from django.utils import timezone

from tracker import curation
from tracker.accounts.models import User
from tracker.curation import handing_over, limits, proposals, publish, renewing, reversing, ruling, scheduling, sets
from tracker.curation import jobs as batches
from tracker.curation.admin import together
from tracker.curation.forms.entry import EntryForm
from tracker.curation.importing import plan
from tracker.curation.importing import services as importing
from tracker.curation.importing.models import Import
from tracker.curation.models import Proposal, ProposalSet, Step
from tracker.curation.ruling import Ruling, Word
from tracker.curation.via import SHELL, WORKER
from tracker.curation.work import tasks
from tracker.curation.work.models import Task, TaskMove
from tracker.entries.fields import Json
from tracker.entries.models import Revision
from tracker.jobs import registry
from tracker.jobs import services as jobs
from tracker.testing.api import send
from tracker.values import canonical

from . import factories
from .factories import entry, park
from .posting import posted
from .sending import PATH, wish

pytestmark = pytest.mark.django_db

WHY = "据二〇二四年公告"
REQUEST = "request-of-the-test"
CSV = "key,name,places,category,citations.1.source\nnew-park,新园,320100,science-city,report-2021\n"
SELF_TOLD = (Proposal, ProposalSet, Import)
"""Rows that say themselves who made them and how; later changes of theirs have steps."""
LEDGERS = (*SELF_TOLD, Step, TaskMove, Revision)


class People(NamedTuple):
    contributor: User
    editor: User
    chief: User


Act = Callable[..., Any]
Scene = Callable[[People], Act]


@pytest.fixture
def people(contributor: User, editor: User, chief: User) -> People:
    factories.live(park(opened="2020"), park("other-park", "他园"))
    return People(contributor, editor, chief)


# --- what is written ----------------------------------------------------------------------------------------------


def _of(row: Model) -> Any:
    """What a step or a move is about."""
    if isinstance(row, Step):
        return row.proposal or row.proposal_set or row.of_import
    return row.task if isinstance(row, TaskMove) else row


def _standing() -> dict[Model, Json]:
    return {row: {name: value for name, value in vars(row).items() if name != "_state"}
            for model in (*LEDGERS, Task) for row in model._default_manager.all()}  # fmt: skip


@contextmanager
def watched() -> Iterator[list[Any]]:
    """Fills a list with the rows that tell of what happens inside; fails where something changed untold."""
    before, written = _standing(), list[Any]()
    yield written
    after = _standing()
    written += [row for row in after if row not in before and not isinstance(row, Task)]
    landed = {row.batch for row in written if isinstance(row, Proposal)} - {""}
    told = {_of(row) for row in written} | {*Import.objects.filter(batch__in=landed)}
    changed = {row for row in after if after[row] != before.get(row) and isinstance(row, SELF_TOLD)}
    assert changed <= told, f"untold: {changed - told}"
    assert written, "nothing tells of it"


def refuse_anonymous(written: list[Any], origins: set[str], request_id: str = "", *, why: bool = True) -> None:
    for row in written:
        assert (row.author if isinstance(row, Proposal | ProposalSet) else row.actor) is not None, row
        assert row.origin in origins, (row, row.origin)
        assert row.request_id == request_id if request_id else row.request_id, (row, row.request_id)
    if why:
        about = (*written, *map(_of, written))
        said = [getattr(row, name, "") for row in about for name in ("reason", "text", "review_note")]
        assert any(WHY in words for words in said), f"nobody says why: {written}"


# --- every service ------------------------------------------------------------------------------------------------


def _draft(people: People, **facts: Any) -> Proposal:
    return proposals.propose(actor=people.contributor, payload=park(**{"name": "新名", **facts}), reason="据公告")


def _waiting(people: People) -> Proposal:
    return factories.propose(people.contributor, park(name="新名"))


def _begun(people: People) -> ProposalSet:
    made = sets.begin(actor=people.contributor, source="report-2021")
    bare = {name: value for name, value in park(key="set-park").items() if name != "citations"}
    sets.put(actor=people.contributor, of=made, before={"kind": "park", "key": ""}, after=bare, nature="new")
    return made


def _handed_over(people: People) -> ProposalSet:
    return sets.submit(actor=people.contributor, of=_begun(people))


def _chiefs(people: People) -> ProposalSet:
    return _begun(People(people.chief, people.editor, people.chief))


def _scheduled(people: People) -> ProposalSet:
    at = timezone.now() + timedelta(hours=1)
    return sets.schedule(actor=people.editor, of=_handed_over(people), at=at)


def _published(people: People) -> ProposalSet:
    made = _handed_over(people)
    sets.approve_and_publish(actor=people.editor, of=made)
    return made


def _brought(people: People, text: str = CSV) -> Import:
    made = importing.begin(actor=people.contributor, blocks=[text.encode()], name="parks.csv", kind="park", reason=WHY)
    assert made.job
    jobs.run(made.job.pk)
    return Import.objects.get(pk=made.pk)


def _asked(people: People) -> Import:
    return importing.begin(actor=people.contributor, blocks=[CSV.encode()], name="a.csv", kind="park", reason=WHY)


def _stopped(people: People) -> Import:
    made = _asked(people)
    importing.cancel(actor=people.contributor, of=made)
    return made


def _batch(people: People, author: str = "contributor") -> Import:
    made = _brought(people) if author == "contributor" else _brought(People(people.chief, people.editor, people.chief))
    of = importing.propose(actor=made.actor, of=made)
    assert of.job
    jobs.run(of.job.pk)
    return Import.objects.get(pk=of.pk)


def _live_batch(people: People) -> Import:
    of = importing.publish(actor=people.editor, of=_batch(people))
    assert of.job
    jobs.run(of.job.pk)
    return Import.objects.get(pk=of.pk)


def _stale(people: People) -> Proposal:
    late = _waiting(people)
    factories.change(people.editor, people.chief, park(name="别名"))
    return late


def _task(people: People) -> Any:
    found = Task.objects.open().filter(sort="missing_field")
    assert found
    return found


def _dismissed(people: People) -> str:
    return tasks.dismiss(actor=people.editor, tasks=_task(people), reason="不对").batch


def _sender(people: People, origin: str = SHELL, request_id: str = "made-up") -> handing_over.Sender:
    return handing_over.Sender(people.contributor, origin, "", request_id, timezone.now())


def _wishes() -> list[handing_over.Wish]:
    return [handing_over.Wish(park("sent-park"), WHY)]


SERVICES: dict[str, Scene] = {
    "proposals.propose": lambda p: partial(
        proposals.propose, actor=p.contributor, payload=park(name="新名"), reason=WHY),
    "proposals.propose_withdrawal": lambda p: partial(
        proposals.propose_withdrawal, actor=p.contributor, entry=entry("park", "river-park"), reason=WHY),
    "proposals.propose_merge": lambda p: partial(
        proposals.propose_merge, actor=p.contributor, entry=entry("park", "river-park"), successor="other-park",
        reason=WHY),
    "proposals.propose_restore": lambda p: partial(
        proposals.propose_restore, actor=p.contributor, revision=Revision.objects.get(entry__key="river-park"),
        reason=WHY),
    "proposals.edit_draft": lambda p: partial(
        proposals.edit_draft, actor=p.contributor, proposal=_draft(p), payload=park(name="再改"),
        nature="correction", reason=WHY),
    "proposals.submit": lambda p: partial(proposals.submit, actor=p.contributor, proposal=_draft(p)),
    "proposals.cancel": lambda p: partial(proposals.cancel, actor=p.editor, proposal=_waiting(p), note=WHY),
    "proposals.comment": lambda p: partial(proposals.comment, actor=p.editor, proposal=_waiting(p), text=WHY),
    "proposals.request_changes": lambda p: partial(
        proposals.request_changes, actor=p.editor, proposal=_waiting(p), note=WHY),
    "proposals.reject": lambda p: partial(proposals.reject, actor=p.editor, proposal=_waiting(p), note=WHY),
    "proposals.approve": lambda p: partial(proposals.approve, actor=p.editor, proposal=_waiting(p), note=WHY),
    "proposals.approve_and_publish": lambda p: partial(
        proposals.approve_and_publish, actor=p.editor, proposals=[_waiting(p)], note=WHY),
    "proposals.force": lambda p: partial(
        proposals.force, actor=p.chief, proposal=factories.propose(p.chief, park(name="新名")), reason=WHY),
    "publish.publish": lambda p: partial(
        publish.publish, actor=p.editor, proposals=[proposals.approve(actor=p.editor, proposal=_waiting(p))]),
    "ruling.propose": lambda p: partial(
        ruling.propose, actor=p.contributor, entry=entry("park", "river-park"), ruling=Ruling("/opened",
        Word.DECLARE, WHY)),
    "renewing.rebase": lambda p: partial(
        renewing.rebase, actor=p.contributor, proposal=_stale(p), choices={"/name": "mine"}),
    "reversing.revert": lambda p: partial(reversing.revert, actor=p.contributor, of=_published(p), reason=WHY),
    "sets.begin": lambda p: partial(
        sets.begin, actor=p.contributor, new_source=factories.source("new-source", "新来源"), reason=WHY),
    "sets.go_to": lambda p: partial(sets.go_to, actor=p.contributor, of=_begun(p), locator={"section": "3.2"}),
    "sets.put": lambda p: partial(
        sets.put, actor=p.contributor, of=_begun(p), before={"kind": "park", "key": ""}, after=park("b", "乙园"),
        nature="new", reason=WHY),
    "sets.confirm": lambda p: partial(
        sets.confirm, actor=p.contributor, entries=[entry("park", "river-park")], reason=WHY),
    "sets.submit": lambda p: partial(sets.submit, actor=p.contributor, of=_begun(p)),
    "sets.approve_and_publish": lambda p: partial(
        sets.approve_and_publish, actor=p.editor, of=_handed_over(p), note=WHY),
    "sets.force": lambda p: partial(sets.force, actor=p.chief, of=_chiefs(p), reason=WHY),
    "sets.request_changes": lambda p: partial(sets.request_changes, actor=p.editor, of=_handed_over(p), note=WHY),
    "sets.reject": lambda p: partial(sets.reject, actor=p.editor, of=_handed_over(p), note=WHY),
    "sets.cancel": lambda p: partial(sets.cancel, actor=p.editor, of=_handed_over(p), note=WHY),
    "sets.comment": lambda p: partial(sets.comment, actor=p.editor, of=_handed_over(p), text=WHY),
    "sets.schedule": lambda p: partial(
        sets.schedule, actor=p.editor, of=_handed_over(p), at=timezone.now() + timedelta(hours=1), note=WHY),
    "sets.unschedule": lambda p: partial(sets.unschedule, actor=p.editor, of=_scheduled(p)),
    "sets.refuse_due": lambda p: partial(sets.refuse_due, of=_scheduled(p), why=WHY),
    "importing.services.begin": lambda p: partial(
        importing.begin, actor=p.contributor, blocks=[CSV.encode()], name="parks.csv", kind="park", reason=WHY),
    "importing.services.check_again": lambda p: partial(importing.check_again, actor=p.contributor, of=_brought(p)),
    "importing.services.propose": lambda p: partial(importing.propose, actor=p.contributor, of=_brought(p)),
    "importing.services.cancel": lambda p: partial(importing.cancel, actor=p.editor, of=_asked(p)),
    "importing.services.resume": lambda p: partial(importing.resume, actor=p.contributor, of=_stopped(p)),
    "importing.services.publish": lambda p: partial(importing.publish, actor=p.editor, of=_batch(p), note=WHY),
    "importing.services.force": lambda p: partial(importing.force, actor=p.chief, of=_batch(p, "chief"), reason=WHY),
    "importing.services.reject": lambda p: partial(importing.reject, actor=p.editor, of=_batch(p), note=WHY),
    "importing.services.revert": lambda p: partial(
        importing.revert, actor=p.contributor, of=_live_batch(p), reason=WHY),
    "work.tasks.assign": lambda p: partial(tasks.assign, actor=p.editor, tasks=_task(p), owner=p.contributor),
    "work.tasks.set_due": lambda p: partial(
        tasks.set_due, actor=p.contributor, tasks=_task(p), due=timezone.localdate() + timedelta(days=99)),
    "work.tasks.dismiss": lambda p: partial(tasks.dismiss, actor=p.editor, tasks=_task(p), reason=WHY),
    "work.tasks.reopen": lambda p: partial(
        tasks.reopen, actor=p.editor, tasks=Task.objects.filter(moves__batch=_dismissed(p))),
    "work.tasks.undo": lambda p: partial(tasks.undo, actor=p.editor, batch=_dismissed(p)),
    "handing_over.hand_over": lambda p: lambda **via: handing_over.hand_over(
        sender=_sender(p, **via), wishes=_wishes(), limits=limits.Limits()),
    "handing_over.hand_over_together": lambda p: lambda **via: handing_over.hand_over_together(
        sender=_sender(p, **via), wishes=_wishes(), limits=limits.Limits()),
}  # fmt: skip
"""Each arranges what it needs and gives the call, which takes ``via``."""

INNER = {"importing.landing.land", "handing_over.judge"}
"""Part of the job that is in the table below; and what stores nothing."""


def _modules() -> Iterator[Any]:
    for found in pkgutil.walk_packages(curation.__path__, f"{curation.__name__}."):
        if not {"tests", "admin", "forms"} & set(found.name.split(".")):
            yield import_module(found.name)


def _functions() -> Iterator[tuple[str, Any]]:
    for module in _modules():
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ == module.__name__ and not name.startswith("_"):
                yield f"{module.__name__.removeprefix(f'{curation.__name__}.')}.{name}", function


def _is_job(function: Any) -> bool:
    return list(inspect.signature(function).parameters) == ["actor", "arguments", "progress"]


def _changes(function: Any) -> bool:
    asked = inspect.signature(function).parameters
    by_somebody = any(name in asked and asked[name].kind is inspect.Parameter.KEYWORD_ONLY
                      for name in ("actor", "sender"))  # fmt: skip
    return (by_somebody or "via" in asked) and not _is_job(function)


def services() -> dict[str, Any]:
    found = {name: function for name, function in _functions() if _changes(function)}
    return {name: function for name, function in found.items() if name not in {*INNER, "via.way", "via.onward"}}


def test_every_service_is_in_the_table_and_takes_the_way_it_comes_in() -> None:
    assert set(services()) == set(SERVICES)
    for name, function in services().items():
        assert {"via", "sender"} & set(inspect.signature(function).parameters), name


def _says_why(name: str) -> bool:
    asked = inspect.signature(services()[name]).parameters
    return bool({"reason", "note", "text", "why", "ruling", "wishes"} & set(asked))


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_leaves_who_why_from_where_and_in_which_request(name: str, people: People) -> None:
    act = SERVICES[name](people)
    with watched() as written:
        act(origin="admin", request_id=REQUEST)
    made_before = [row for row in written if isinstance(row, Revision)]  # of a proposal with a request of its own
    refuse_anonymous([row for row in written if row not in made_before], {"admin"}, REQUEST, why=_says_why(name))
    refuse_anonymous(made_before, {SHELL}, why=False)


@pytest.mark.parametrize("name", SERVICES)
def test_at_a_shell_a_request_gets_a_name_of_its_own(name: str, people: People) -> None:
    act = SERVICES[name](people)
    with watched() as written:
        act()
    refuse_anonymous(written, {SHELL}, why=_says_why(name))
    assert len({row.request_id for row in written if not isinstance(row, Revision)}) == 1


# --- the pages of the admin ---------------------------------------------------------------------------------------

Post = tuple[User, str, Json]
"""Who posts what to where."""


def _set_move(of: ProposalSet, move: str, **typed: str) -> tuple[str, Json]:
    seen = together.seen(list(sets.members(of)))
    return f"/admin/tracker/proposalset/{of.pk}/move/", {"move": move, "note": WHY, "seen": seen, **typed}


def _move(of: Proposal, move: str, **typed: str) -> tuple[str, Json]:
    seen = canonical.digest(of.payload)
    return f"/admin/tracker/proposal/{of.pk}/move/", {"move": move, "note": WHY, "seen": seen, **typed}


def _import_move(of: Import, move: str) -> tuple[str, Json]:
    return f"/admin/tracker/import/{of.pk}/move/", {"move": move, "note": WHY}


def _task_do(people: People, do: str, **typed: Any) -> tuple[str, Json]:
    return "/admin/tracker/task/", {"do": do, "task": [task.pk for task in Task.objects.filter(sort="missing_field")],
                                    **typed}  # fmt: skip


def _form(payload: Json, before: Json, **typed: str) -> Json:
    form = EntryForm(before, new=not before.get("key"))
    return posted(form) | payload | {"reason": WHY, "do": "draft", **typed}


def _tomorrow() -> str:
    return f"{timezone.localtime() + timedelta(days=1):%Y-%m-%dT%H:%M}"


def _write_in(people: People, of: ProposalSet) -> tuple[str, Json]:
    typed = _form({"name": "乙园", "places": "320100", "category": "science-city"}, {"kind": "park", "key": ""})
    return f"/admin/tracker/proposal/add/?kind=park&set={of.pk}", typed | {"at-section": "3.9"}


POSTS: dict[str, Callable[[People], Post]] = {
    "proposals.propose": lambda p: (
        p.contributor, "/admin/tracker/proposal/change/park/river-park/", _form({"name": "新名"}, park(opened="2020"))),
    "proposals.propose_withdrawal": lambda p: (
        p.contributor, "/admin/tracker/proposal/withdraw/park/river-park/", {"reason": WHY}),
    "proposals.propose_merge": lambda p: (
        p.contributor, "/admin/tracker/proposal/merge/park/river-park/", {"reason": WHY, "successor": "other-park"}),
    "proposals.propose_restore": lambda p: (
        p.contributor, f"/admin/tracker/revision/{Revision.objects.get(entry__key='river-park').pk}/restore/",
        {"reason": WHY}),
    "proposals.edit_draft": lambda p: (
        p.contributor, f"/admin/tracker/proposal/{_draft(p).pk}/edit/", _form({"name": "再改"}, park(name="新名"))),
    "proposals.submit": lambda p: (p.contributor, *_move(_draft(p), "submit")),
    "proposals.cancel": lambda p: (p.editor, *_move(_waiting(p), "cancel")),
    "proposals.comment": lambda p: (p.editor, *_move(_waiting(p), "comment", text=WHY)),
    "proposals.request_changes": lambda p: (p.editor, *_move(_waiting(p), "request_changes")),
    "proposals.reject": lambda p: (p.editor, *_move(_waiting(p), "reject")),
    "proposals.approve": lambda p: (p.editor, *_move(_waiting(p), "approve")),
    "proposals.approve_and_publish": lambda p: (p.editor, *_move(_waiting(p), "publish")),
    "proposals.force": lambda p: (p.chief, *_move(factories.propose(p.chief, park(name="新名")), "force")),
    "ruling.propose": lambda p: (
        p.contributor, "/admin/tracker/conflict/rule/park/river-park/",
        {"path": "/opened", "word": "declare", "reason": WHY}),
    "renewing.rebase": lambda p: (
        p.contributor, f"/admin/tracker/proposal/{_stale(p).pk}/rebase/", {"choice:/name": "mine"}),
    "reversing.revert": lambda p: (p.contributor, *_set_move(_published(p), "revert")),
    "sets.begin": lambda p: (
        p.contributor, "/admin/tracker/proposalset/add/",
        {"sort": "url", "title": "新通知", "url": "https://example.org/a", "date": "2024-06"}),
    "sets.go_to": lambda p: (p.contributor, *_set_move(_begun(p), "go_to", **{"at-section": "3.2"})),
    "sets.put": lambda p: (p.contributor, *_write_in(p, _begun(p))),
    "sets.confirm": lambda p: (
        p.contributor, "/admin/tracker/proposalset/confirm/",
        {"ids": str(entry("park", "river-park").pk), "reason": WHY}),
    "sets.submit": lambda p: (p.contributor, *_set_move(_begun(p), "submit")),
    "sets.approve_and_publish": lambda p: (p.editor, *_set_move(_handed_over(p), "publish")),
    "sets.force": lambda p: (p.chief, *_set_move(_chiefs(p), "force")),
    "sets.request_changes": lambda p: (p.editor, *_set_move(_handed_over(p), "request_changes")),
    "sets.reject": lambda p: (p.editor, *_set_move(_handed_over(p), "reject")),
    "sets.cancel": lambda p: (p.editor, *_set_move(_handed_over(p), "cancel")),
    "sets.comment": lambda p: (p.editor, *_set_move(_handed_over(p), "comment", text=WHY)),
    "sets.schedule": lambda p: (p.editor, *_set_move(_handed_over(p), "schedule", at=_tomorrow())),
    "sets.unschedule": lambda p: (p.editor, *_set_move(_scheduled(p), "unschedule")),
    "importing.services.begin": lambda p: (
        p.contributor, "/admin/tracker/import/add/",
        {"file": SimpleUploadedFile("parks.csv", CSV.encode()), "kind": "park", "reason": WHY, "nature": "correction"}),
    "importing.services.check_again": lambda p: (p.contributor, *_import_move(_brought(p), "check_again")),
    "importing.services.propose": lambda p: (p.contributor, *_import_move(_brought(p), "propose")),
    "importing.services.cancel": lambda p: (p.editor, *_import_move(_asked(p), "cancel")),
    "importing.services.resume": lambda p: (p.contributor, *_import_move(_stopped(p), "resume")),
    "importing.services.publish": lambda p: (p.editor, *_import_move(_batch(p), "publish")),
    "importing.services.force": lambda p: (p.chief, *_import_move(_batch(p, "chief"), "force")),
    "importing.services.reject": lambda p: (p.editor, *_import_move(_batch(p), "reject")),
    "importing.services.revert": lambda p: (p.contributor, *_import_move(_live_batch(p), "revert")),
    "work.tasks.assign": lambda p: (p.contributor, *_task_do(p, "take")),
    "work.tasks.set_due": lambda p: (p.contributor, *_task_do(p, "put_off", due="2099-01-01")),
    "work.tasks.dismiss": lambda p: (p.editor, *_task_do(p, "dismiss", reason=WHY)),
    "work.tasks.reopen": lambda p: (p.editor, *_task_do(p, "reopen", batch=_dismissed(p), query="state=dismissed")),
    "work.tasks.undo": lambda p: (p.editor, "/admin/tracker/task/undo/", {"batch": _dismissed(p)}),
}  # fmt: skip


def called_by_pages() -> set[str]:
    """The services that modules of the admin name."""
    names = {function: name for name, function in services().items()}
    found = set()
    for path in Path(curation.__path__[0], "admin").glob("*.py"):
        module = import_module(f"{curation.__name__}.admin.{path.stem}")
        used = {code_name for code in _codes(compile(path.read_text(), path.name, "exec"))
                for code_name in code.co_names}  # fmt: skip
        for within in [module, *filter(inspect.ismodule, vars(module).values())]:
            found |= {names[value] for name in used if inspect.isfunction(value := vars(within).get(name))
                      and value in names}  # fmt: skip
    return found


def _codes(code: Any) -> Iterator[Any]:
    yield code
    for constant in code.co_consts:
        if inspect.iscode(constant):
            yield from _codes(constant)


def test_every_service_that_a_page_calls_is_posted_to() -> None:
    assert called_by_pages() == set(POSTS)


@pytest.mark.parametrize("name", POSTS)
def test_what_is_posted_leaves_who_why_and_the_request_that_was_answered(name: str, people: People,
                                                                         client: Client) -> None:  # fmt: skip
    who, address, data = POSTS[name](people)
    client.force_login(who)
    with watched() as written:
        answer = client.post(address, data)
        assert answer.status_code == 302, answer.content.decode()
    revisions = [row for row in written if isinstance(row, Revision)]
    others = [row for row in written if row not in revisions]
    refuse_anonymous(others, {"admin"}, answer["X-Request-ID"], why=_says_why(name) and name != "sets.begin")
    assert all((row.actor if hasattr(row, "actor") else row.author) == who for row in others)
    refuse_anonymous(revisions, {SHELL}, why=False)


# --- partners, files, workers -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("body", "status"), [
    (wish(park("sent-park"), reason=WHY), 201),
    ({"proposals": [wish(park(key), reason=WHY) for key in ("sent-park", "another-park")]}, 207),
])  # fmt: skip
@pytest.mark.parametrize("path", [PATH, f"{PATH}?atomic=true"])
def test_a_partner_leaves_who_why_and_the_request(path: str, body: Json, status: int, people: People, token: str,
                                                  partner: User) -> None:  # fmt: skip
    with watched() as written:
        send("POST", path, status, token=token, body=body)
    refuse_anonymous(written, {"api"})
    assert {row.author for row in written} == {partner}
    assert len({row.request_id for row in written}) == 1


def test_a_file_brought_at_a_shell_leaves_who_and_why(people: People, tmp_path: Path) -> None:
    file = tmp_path / "parks.csv"
    file.write_text(CSV)
    with watched() as written:
        call_command("import", file, kind="park", actor=people.contributor.username, reason=WHY, propose=True)
    refuse_anonymous(written, {SHELL, plan.ORIGIN})
    assert {row.origin for row in written if isinstance(row, Import | Step)} == {SHELL}
    assert len({row.request_id for row in written}) == 1


def _enqueued(people: People, name: str, **arguments: Any) -> tuple[int, str]:
    return jobs.enqueue(actor=people.editor, name=name, arguments=arguments, now=timezone.now()).pk, ""


def _job_of(of: Import) -> tuple[int, str]:
    assert of.job
    return of.job.pk, of.job.arguments.get("request_id", "")


def _due(people: People, *, published_meanwhile: bool) -> tuple[int, str]:
    of = _scheduled(people)
    if published_meanwhile:
        factories.live(park("set-park", "同键园"))
    ProposalSet.objects.filter(pk=of.pk).update(publish_at=timezone.now() - timedelta(minutes=1))
    return _enqueued(people, scheduling.PUBLISH_DUE)


JOBS: dict[str, Callable[[People], tuple[int, str]]] = {
    "publish-batch": lambda p: _enqueued(
        p, batches.PUBLISH_BATCH, proposals=[proposals.approve(actor=p.editor, proposal=_waiting(p)).pk]),
    "approve-batch": lambda p: _job_of(importing.publish(actor=p.editor, of=_batch(p), note=WHY)),
    "publish-due": lambda p: _due(p, published_meanwhile=False),
    "import-propose": lambda p: _job_of(importing.propose(actor=p.contributor, of=_brought(p))),
    "import-revert": lambda p: _job_of(importing.revert(actor=p.contributor, of=_live_batch(p), reason=WHY)),
}  # fmt: skip
"""Each arranges what it needs, and gives the job and the request that asked for it."""

DERIVING = {"import-check", "trim-imports", "pass-days", "find-work", "check-sources"}
"""Jobs that change nothing anybody proposed: a dry run, and what the passing of days makes of it."""


def test_every_job_of_curation_is_in_the_table() -> None:
    own = {name for name, work in registry._registry.items() if work.__module__.startswith(f"{curation.__name__}.")}
    assert own == set(JOBS) | DERIVING


@pytest.mark.parametrize("name", JOBS)
def test_a_worker_leaves_in_whose_name_and_for_which_request(name: str, people: People) -> None:
    job, asked = JOBS[name](people)
    with watched() as written:
        jobs.run(job)
    steps = [row for row in written if isinstance(row, Step)]
    refuse_anonymous(steps, {WORKER}, asked, why=bool(asked))
    refuse_anonymous([row for row in written if row not in steps], {SHELL, plan.ORIGIN, plan.REVERT_ORIGIN}, why=False)


def test_a_set_that_is_refused_when_due_says_so_in_the_name_of_who_scheduled_it(people: People) -> None:
    job, _asked = _due(people, published_meanwhile=True)
    with watched() as written:
        jobs.run(job)
    refuse_anonymous(written, {WORKER}, why=False)
    assert [(step.act, step.actor) for step in written] == [(Step.Act.REFUSED, people.editor)]
