"""The pages of imports in the admin: from a file to what is public and back; who may do what; no answer is a 500."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.response import TemplateResponse
from django.test import Client
from django.urls import reverse
from django.utils import translation

from tracker.accounts.models import User
from tracker.curation.importing.models import Import
from tracker.curation.importing.templates import MEDIA
from tracker.curation.models import Proposal
from tracker.curation.tests import factories
from tracker.entries import kinds
from tracker.entries.models import Entry

from .bringing import bring, done, exported, propose, publish, table

pytestmark = pytest.mark.usefixtures("world")
HEADER = ["key", "name", "places", "category", "citations.1.source"]
ROWS = [[f"park-{number}", f"{number}号园", "320100", "science-city", "report-2021"] for number in range(3)]
ADD = "/admin/tracker/import/add/"


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def upload(client: Client, data: bytes | str, name: str = "parks.csv", **told: str) -> Any:
    content = data.encode() if isinstance(data, str) else data
    posted = {"file": SimpleUploadedFile(name, content), "kind": "park", "reason": "据公告", "nature": "correction"}
    return client.post(ADD, {**posted, **told})


def page_of(of: Import) -> str:
    return reverse("admin:tracker_import_change", args=[of.pk])


def move(client: Client, of: Import, name: str, note: str = "") -> Any:
    return client.post(reverse("admin:tracker_import_move", args=[of.pk]), {"move": name, "note": note}, follow=True)


def test_from_the_upload_to_the_public_page_and_back(contributor: User, editor: User) -> None:
    author, reviewer = client_of(contributor), client_of(editor)
    answer = upload(author, table(HEADER, ROWS))
    of = Import.objects.get()
    assert answer["Location"] == page_of(of)
    assert "data-progress-url" in author.get(page_of(of)).text
    done(of)
    assert "每一行都可以提交" in author.get(page_of(of)).text
    move(author, of, "propose")
    of.refresh_from_db()
    done(of)
    assert f"?batch={of.batch}" in author.get(page_of(of)).text

    move(author, of, "publish")
    of.refresh_from_db()
    assert not Entry.objects.filter(kind="park").exists()
    assert "批准并发布整批" not in author.get(page_of(of)).text
    move(reviewer, of, "publish")
    of.refresh_from_db()
    done(of)
    assert Entry.objects.live().filter(kind="park").count() == 3

    move(author, of, "revert", "搞错了")
    back = Import.objects.get(reverts=of)
    assert (back.state, back.reason) == ("checking", "搞错了")
    done(back)
    move(reviewer, back, "publish")
    back.refresh_from_db()
    done(back)
    assert not Entry.objects.live().filter(kind="park").exists()
    assert page_of(back) in author.get(page_of(of)).text


def test_every_problem_is_on_the_page_and_in_a_file(contributor: User) -> None:
    client = client_of(contributor)
    upload(client, table(HEADER, [*ROWS, ["x", "=cmd()", "南景市", "", "report-2021"]]))
    of = done(Import.objects.get())
    shown = client.get(page_of(of)).text
    assert "南景市" in shown
    assert "320100 江苏省南京市" in shown
    listed = b"".join(client.get(reverse("admin:tracker_import_problems", args=[of.pk]))).decode()
    assert listed.splitlines()[1].startswith("5,park,x,places,南景市,")


def test_what_was_chosen_stays_when_the_file_is_refused(contributor: User) -> None:
    answer = upload(client_of(contributor), b"\xd0\xcf\x11\xe0old", "old.xls")
    assert answer.status_code == 200
    assert ".xlsx" in answer.text
    assert 'value="据公告"' in answer.text
    assert not Import.objects.exists()


def test_a_file_beyond_the_limit_is_refused_and_not_kept(contributor: User, settings: Any) -> None:
    settings.IMPORT_MEGABYTES = 1
    answer = upload(client_of(contributor), b"x" * (3 << 20), "large.csv")
    assert "文件超过 1 MB" in answer.text
    assert not Import.objects.exists()


@pytest.mark.parametrize("told", [{"kind": ""}, {"reason": ""}, {"nature": "new"}, {"source": "no-such"},
                                  {"encoding": "klingon"}, {"kind": "no-such"}])  # fmt: skip
def test_a_wrong_choice_is_named_and_nothing_is_brought(contributor: User, told: dict[str, str]) -> None:
    answer = upload(client_of(contributor), table(HEADER, ROWS), **told)
    assert answer.status_code == 200
    assert "errorlist" in answer.text
    assert not Import.objects.exists()


def test_who_may_only_look_brings_nothing_and_sees_no_import(contributor: User, viewer: User) -> None:
    of = bring(contributor, table(HEADER, ROWS), "parks.csv", "park")
    client = client_of(viewer)
    addresses = [ADD, page_of(of), "/admin/tracker/import/", reverse("admin:tracker_import_progress", args=[of.pk]),
                 reverse("admin:tracker_import_template", args=["park", "csv"])]  # fmt: skip
    assert [client.get(address).status_code for address in addresses] == [403] * len(addresses)
    assert upload(client, table(HEADER, ROWS)).status_code == 403


def test_a_contributor_sees_what_others_brought_only_once_it_is_a_batch(contributor: User, editor: User) -> None:
    of = bring(editor, table(HEADER, ROWS), "parks.csv", "park")
    client = client_of(contributor)
    assert client.get(page_of(of)).status_code == 404
    propose(editor, of)
    assert client.get(page_of(of)).status_code == 200


def test_nobody_publishes_a_batch_of_their_own_and_a_chief_editor_forces_with_a_reason(chief: User) -> None:
    client = client_of(chief)
    of = propose(chief, bring(chief, table(HEADER, ROWS), "parks.csv", "park"))
    move(client, of, "publish")
    move(client, of, "force")
    assert not Entry.objects.filter(kind="park").exists()
    move(client, of, "force", "只有我在")
    of.refresh_from_db()
    done(of)
    revision = Entry.objects.get(kind="park", key="park-1").revisions.get()
    assert revision.forced
    assert "只有我在" in revision.reason


def test_a_batch_is_rejected_whole_with_a_reason(contributor: User, editor: User) -> None:
    of = propose(contributor, bring(contributor, table(HEADER, ROWS), "parks.csv", "park"))
    move(client_of(editor), of, "reject")
    assert Proposal.objects.filter(state="in_review").count() == 3
    move(client_of(editor), of, "reject", "来源不足")
    found = Proposal.objects.filter(batch=of.batch).values_list("state", "review_note")
    assert set(found) == {("rejected", "来源不足")}


@pytest.mark.parametrize("name", [kind.name for kind in kinds.every()])
def test_every_kind_has_templates(contributor: User, name: str) -> None:
    client = client_of(contributor)
    for format_ in MEDIA:
        answer = client.get(reverse("admin:tracker_import_template", args=[name, format_]))
        assert answer.status_code == 200
        assert answer.content
    assert client.get(f"/admin/tracker/import/template/{name}.pdf").status_code == 404


@pytest.mark.parametrize("format_", ["csv", "xlsx", "jsonl", "geojson"])
def test_the_list_in_the_admin_is_exported_as_filtered(contributor: User, editor: User, format_: str) -> None:
    publish(editor, propose(contributor, bring(contributor, table(HEADER, ROWS), "parks.csv", "park")))
    client = client_of(contributor)
    whole = b"".join(client.get(f"/admin/parks/park/export/{format_}/"))
    one = b"".join(client.get(f"/admin/parks/park/export/{format_}/?q=2号园"))
    assert bring(contributor, whole, f"x.{format_}", "park").counts["unchanged"] == 3
    assert bring(contributor, one, f"x.{format_}", "park").counts["unchanged"] == 1
    assert client.get("/admin/parks/park/export/pdf/").status_code == 404
    assert f"/admin/parks/park/export/{format_}/?q=2" in client.get("/admin/parks/park/?q=2").text


def test_the_page_speaks_english_too(contributor: User, rf: Any) -> None:
    of = bring(contributor, table(HEADER, [["x", "", "南景市", "", ""]]), "parks.csv", "park")
    request = rf.get(page_of(of))
    request.user = contributor
    with translation.override("en"):
        answer = admin.site.get_model_admin(Import).change_view(request, str(of.pk))
        assert isinstance(answer, TemplateResponse)
        shown = answer.render().content.decode()
    assert "Every row with an error is listed below" in shown
    assert "nothing has this name" in shown


def test_the_report_shows_field_by_field_what_changes(contributor: User, editor: User) -> None:
    publish(editor, propose(contributor, bring(contributor, table(HEADER, ROWS), "parks.csv", "park")))
    changed = exported("park", "csv").decode().replace("1号园", "一号园")
    of = bring(contributor, changed, "parks.csv", "park")
    assert of.counts["update"] == 1
    shown = client_of(contributor).get(page_of(of)).text
    assert "1号园" in shown
    assert "一号园" in shown
    assert factories.entry("park", "park-1").name == "1号园"
