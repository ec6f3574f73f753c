"""Teams, shortlists and own values: who may do what, what is told of changes, and that nothing of it leaks."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client, override_settings
from django.utils import timezone
from openpyxl import load_workbook

from parks.models import Invitation, Membership, OwnValue, Shortlist, Team
from parks.teams import services
from tracker.accounts import roles
from tracker.accounts.models import User
from tracker.delivery.tests.test_recorded_time import edit
from tracker.entries.models import Change, DocumentVersion
from tracker.search.models import SearchText
from tracker.testing.api import openapi
from tracker.values.errors import Invalid, Refused
from tracker.values.units import SQUARE_METRES

pytestmark = pytest.mark.usefixtures("founding")

HIGH_TECH, ISLAND = "shenzhen-high-tech-zone", "nanjing-jiangxinzhou-eco-tech-island"
MARK = "悄悄话7391"
PASSWORD = "un-mot-de-passe-7"


def user(name: str) -> User:
    made = User.objects.create_user(f"{name}@example.org", email=f"{name}@example.org", password=PASSWORD)
    roles.give(made, roles.Role.SITE_SELECTION)
    return made


def signed_in(who: User) -> Client:
    client = Client()
    client.force_login(who)
    return client


@pytest.fixture
def owner() -> User:
    return user("owner")


@pytest.fixture
def shortlist(owner: User) -> Shortlist:
    """A list of two parks, each with a value of the team's own that says the mark."""
    now = timezone.now()
    team = services.form_team(actor=owner, name=f"团队{MARK}", now=now)
    made = services.make_shortlist(actor=owner, team=team, name=f"名单{MARK}", now=now)
    for key in (HIGH_TECH, ISLAND):
        services.add_park(actor=owner, shortlist=made, key=key)
    services.note(actor=owner, shortlist=made, key=ISLAND, text=f"备注{MARK}")
    own(owner, team, about="area:floor", label="建筑面积", value="88", unit="万m2", note=MARK)
    own(owner, team, label="承诺", text=f"免租两年{MARK}")
    return made


def own(actor: User, team: Team, **told: str) -> OwnValue:
    blank = dict.fromkeys(("about", "label", "value", "unit", "text", "date", "note"), "")
    return services.record_value(actor=actor, team=team, park=ISLAND, now=timezone.now(), **(blank | told))


def text_of(client: Client, address: str, code: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == code, answer.content[:300]
    return answer.content.decode()


# --- registering --------------------------------------------------------------------------------------------------


def test_somebody_registers_forms_a_team_and_makes_a_list() -> None:
    cache.clear()
    client = Client()
    answer = client.post("/account/register/", {"email": "New@Example.org", "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, "/teams/")
    made = User.objects.get(username="new@example.org")
    assert roles.role_of(made) is roles.Role.SITE_SELECTION
    assert not made.is_staff
    team = client.post("/teams/", {"name": "甲队"})["Location"]
    assert "甲队" in text_of(client, team)
    pk = Team.objects.get(name="甲队").pk
    page = client.post("/shortlists/", {"name": "初选", "team": pk, "park": ISLAND})["Location"]
    assert "江心洲生态科技岛" in text_of(client, page)


@pytest.mark.parametrize(("email", "password"), [
    ("no-address", PASSWORD), ("a@example.org", "short"), ("a@example.org", "password123"), ("", ""),
    ("owner@example.org", PASSWORD), ("OWNER@example.org", PASSWORD), ("a\0@example.org", PASSWORD),
    ("a" * 200 + "@example.org", PASSWORD),
])  # fmt: skip
def test_a_wrong_registration_is_explained(owner: User, email: str, password: str) -> None:
    cache.clear()
    answer = Client().post("/account/register/", {"email": email, "password": password})
    assert answer.status_code == 400
    assert 'role="alert"' in answer.content.decode()
    assert User.objects.filter(email__startswith="a").count() == 0


@override_settings(REGISTRATIONS_PER_HOUR=10)
def test_registration_can_be_closed_and_is_throttled() -> None:
    cache.clear()
    with override_settings(REGISTRATION_OPEN=False):
        answer = Client().post("/account/register/", {"email": "b@example.org", "password": PASSWORD})
        assert answer.status_code == 400
    for _attempt in range(10):
        answer = Client().post("/account/register/", {"email": "wrong", "password": "x"})
    assert answer.status_code == 429


def test_after_registering_one_is_not_led_away_from_the_site() -> None:
    cache.clear()
    for number, elsewhere in enumerate(("//evil.example", "https://evil.example", "/\\evil.example")):
        body = {"email": f"n{number}@example.org", "password": PASSWORD, "next": elsewhere}
        assert Client().post("/account/register/", body)["Location"] == "/teams/"


# --- who may ------------------------------------------------------------------------------------------------------


def test_an_invitation_is_for_one_person_once_and_for_a_week(owner: User, shortlist: Shortlist) -> None:
    now, team = timezone.now(), shortlist.team
    made = services.invite(actor=owner, team=team, email="", now=now)
    assert made.secret not in Invitation.objects.get().digest
    assert services.accept(actor=user("second"), secret=made.secret, now=now) == team
    with pytest.raises(Refused):
        services.accept(actor=user("third"), secret=made.secret, now=now)
    late = services.invite(actor=owner, team=team, email="", now=now)
    with pytest.raises(Refused):
        services.accept(actor=user("late"), secret=late.secret, now=now + timedelta(days=7))
    named = services.invite(actor=owner, team=team, email="named@example.org", now=now)
    with pytest.raises(Refused):
        services.accept(actor=user("other"), secret=named.secret, now=now)
    assert services.accept(actor=user("named"), secret=named.secret, now=now) == team


def test_a_link_is_followed_to_the_team(owner: User, shortlist: Shortlist) -> None:
    pages = signed_in(owner).post(f"/teams/{shortlist.team_id}/invite/", {"email": ""}).content.decode()
    link = "/" + pages.partition('class="secret">')[2].partition("</code>")[0].split("/", 3)[3]
    other = user("guest")
    client = signed_in(other)
    assert "您受邀加入" in text_of(client, link)
    assert client.post(link)["Location"] == f"/teams/{shortlist.team_id}/"
    assert services.role_in(other, shortlist.team) is Membership.Role.MEMBER
    assert text_of(client, link, 404)


def test_only_owners_invite_and_the_last_owner_stays(owner: User, shortlist: Shortlist) -> None:
    now, team, member = timezone.now(), shortlist.team, user("member")
    services.accept(actor=member, secret=services.invite(actor=owner, team=team, email="", now=now).secret, now=now)
    with pytest.raises(Refused):
        services.invite(actor=member, team=team, email="", now=now)
    with pytest.raises(Refused):
        services.remove_member(actor=member, team=team, user=owner.pk, now=now)
    with pytest.raises(Refused):
        services.remove_member(actor=owner, team=team, user=owner.pk, now=now)
    services.remove_member(actor=owner, team=team, user=member.pk, now=now)
    assert services.role_in(member, team) is None
    services.restore_member(actor=owner, team=team, user=member.pk)
    assert services.role_in(member, team) is Membership.Role.MEMBER


MOVES = ("add", "remove", "note", "criteria", "freeze", "delete", "share", "unshare", "value", "remove-value")


def test_who_does_not_belong_to_the_team_finds_nothing(shortlist: Shortlist) -> None:
    stranger = signed_in(user("stranger"))
    pages = (f"/teams/{shortlist.team_id}/", f"/shortlists/{shortlist.pk}/", f"/parks/score/?team={shortlist.team_id}",
             f"/parks/compare/?keys={HIGH_TECH},{ISLAND}&team={shortlist.team_id}")  # fmt: skip
    for page in pages:
        assert MARK not in text_of(stranger, page, 404)
    for move in MOVES:
        answer = stranger.post(f"/shortlists/{shortlist.pk}/{move}/", {"key": ISLAND})
        assert answer.status_code == 404
    for move in ("invite", "remove", "owner", "leave"):
        assert stranger.post(f"/teams/{shortlist.team_id}/{move}/", {"user": 1}).status_code == 404
    for page in (pages[0], pages[1]):
        assert Client().get(page).status_code == 302
    assert shortlist.parks.filter(removed_at__isnull=True).count() == 2


def test_the_answer_to_a_move_can_be_read_again_and_in_the_other_language(owner: User, shortlist: Shortlist) -> None:
    client, stranger = signed_in(owner), signed_in(user("stranger"))
    for page, move in ((f"/teams/{shortlist.team_id}/", "invite/"), (f"/shortlists/{shortlist.pk}/", "share/")):
        for language in ("", "/en"):
            answer = client.get(language + page + move)
            assert (answer.status_code, answer["Location"]) == (302, language + page)
        assert stranger.get(page + move).status_code == 404
    assert client.get(f"/shortlists/{shortlist.pk}/nope/").status_code == 404


def test_who_left_sees_no_more(owner: User, shortlist: Shortlist) -> None:
    now, member = timezone.now(), user("member")
    secret = services.invite(actor=owner, team=shortlist.team, email="", now=now).secret
    services.accept(actor=member, secret=secret, now=now)
    assert MARK in text_of(signed_in(member), f"/shortlists/{shortlist.pk}/")
    services.remove_member(actor=member, team=shortlist.team, user=member.pk, now=now)
    assert MARK not in text_of(signed_in(member), f"/shortlists/{shortlist.pk}/", 404)


@pytest.mark.parametrize(("prefix", "words"), [("", "邀请您加入团队"), ("/en", "An invitation to the team")])
def test_an_invitation_is_mailed_in_the_language_of_who_invites(owner: User, shortlist: Shortlist, prefix: str,
                                                                words: str) -> None:  # fmt: skip
    cache.clear()
    client, address = signed_in(owner), f"{prefix}/teams/{shortlist.team_id}/invite/"
    page = client.post(address, {"email": "guest@example.org"}).content.decode()
    (letter,) = mail.outbox
    assert letter.to == ["guest@example.org"]
    assert letter.subject.startswith(words) and MARK in letter.subject
    secret = page.partition('class="secret">')[2].partition("</code>")[0].split("/")[-2]
    assert f"http://localhost:8000{prefix}/teams/join/{secret}/" in str(letter.body)
    assert "guest@example.org" in page
    client.post(address, {"email": ""})
    assert len(mail.outbox) == 1  # whoever has the link: there is nobody to mail


def test_a_team_is_no_way_to_mail_the_world(owner: User, shortlist: Shortlist) -> None:
    cache.clear()
    client = signed_in(owner)
    Team.objects.filter(pk=shortlist.team_id).update(name="甲队\nBcc: all@example.org")
    for number in range(21):
        page = client.post(f"/teams/{shortlist.team_id}/invite/", {"email": f"g{number}@example.org"}).content.decode()
    assert len(mail.outbox) == 20
    assert "\n" not in mail.outbox[0].subject and mail.outbox[0].recipients() == ["g0@example.org"]
    assert "请自行把链接发给对方" in page


def test_ticked_parks_are_put_on_a_list_together_or_not_at_all(owner: User, shortlist: Shortlist) -> None:
    client, two = signed_in(owner), "hangzhou-ai-town,hangzhou-ai-industrial-park"
    text = text_of(client, f"/shortlists/?park={two},nope,\0")
    assert 'name="key" value="hangzhou-ai-industrial-park,hangzhou-ai-town"' in text
    assert client.post(f"/shortlists/{shortlist.pk}/add/", {"key": f"{two},nope"}).status_code == 400
    assert shortlist.parks.count() == 2
    client.post(f"/shortlists/{shortlist.pk}/add/", {"key": two})
    assert shortlist.parks.count() == 4
    made = client.post("/shortlists/", {"name": "新", "team": shortlist.team_id, "park": two})["Location"]
    assert "人工智能小镇" in text_of(client, made)


# --- the list -----------------------------------------------------------------------------------------------------


def test_what_is_removed_can_be_had_back(owner: User, shortlist: Shortlist) -> None:
    client, address = signed_in(owner), f"/shortlists/{shortlist.pk}/"
    gone = client.post(f"{address}remove/", {"key": ISLAND}).content.decode()
    assert ">撤销这一步<" in gone
    assert ">Undo<" in client.post(f"/en{address}remove/", {"key": ISLAND}).content.decode()
    assert f'name="key" value="{ISLAND}"' in gone
    client.post(f"{address}add/", {"key": ISLAND})
    assert f"备注{MARK}" in text_of(client, address)
    value = OwnValue.objects.filter(team=shortlist.team).first()
    assert value is not None
    client.post(f"{address}remove-value/", {"value": value.pk})
    assert value.label not in text_of(client, address).partition("own-list")[2].partition("</ul>")[0]
    client.post(f"{address}restore-value/", {"value": value.pk})
    assert value.label in text_of(client, address).partition("own-list")[2].partition("</ul>")[0]
    client.post(f"{address}delete/")
    assert f"名单{MARK}" not in text_of(client, "/shortlists/")
    client.post(f"{address}undelete/")
    assert f"名单{MARK}" in text_of(client, "/shortlists/")


def test_what_changed_since_it_was_saved_is_told_field_by_field(owner: User, shortlist: Shortlist) -> None:
    client, address = signed_in(owner), f"/shortlists/{shortlist.pk}/"
    assert "没有变化" in text_of(client, address)
    edit("park", ISLAND, stage="open")
    since = text_of(client, address).partition('id="h-since"')[2]
    row = since.partition('scope="row">阶段')[2].partition("</tr>")[0]
    assert "未知" in row
    assert "投用" in row
    edited = since.partition("<tbody>")[2].partition("</tbody>")[0]
    assert edited.count("<tr>") == 1
    assert "更正" in since
    client.post(f"{address}freeze/")
    shortlist.refresh_from_db()
    assert "没有变化" in text_of(client, address)


def test_a_score_takes_the_parks_of_a_shortlist_by_its_name(owner: User, shortlist: Shortlist) -> None:
    client = signed_in(owner)
    text = text_of(client, "/parks/score/?what=stage&of=open&unit=&least=&most=&worst=&best=&must=&weight=2")
    (link,) = re.findall(rf'href="(\?team=[^"]*)">名单{MARK}</a>', text)
    page = text_of(client, f"/parks/score/{link.replace('&amp;', '&')}")
    chosen = page.partition('class="chosen"')[2].partition("</ol>")[0]
    assert "深圳高新区" in chosen and "江心洲生态科技岛" in chosen
    assert "权重 100%" in page  # by the criteria that stood there, as the list has none
    assert MARK not in text_of(signed_in(user("stranger")), "/parks/score/")
    assert MARK not in text_of(Client(), "/parks/score/")


def test_a_withdrawn_park_is_told_as_such(owner: User, shortlist: Shortlist) -> None:
    edit("park", HIGH_TECH, action="withdraw")
    assert "已撤下" in text_of(signed_in(owner), f"/shortlists/{shortlist.pk}/")


def test_the_criteria_of_a_score_are_saved_from_its_address(owner: User, shortlist: Shortlist) -> None:
    client, address = signed_in(owner), f"/shortlists/{shortlist.pk}/"
    query = ("/parks/score/?what=area:floor&of=&unit=万m2&least=&most=&worst=0&best=100&must=&weight=3"
             "&what=stage&of=open&unit=&least=&most=&worst=&best=&must=1&weight=")  # fmt: skip
    assert client.post(f"{address}criteria/", {"query": query}).status_code == 302
    shortlist.refresh_from_db()
    assert [one["type"] for one in shortlist.criteria] == ["area", "stage"]
    text = text_of(client, address)
    assert "88 万m²（本团队）" in text
    assert client.post(f"{address}criteria/", {"query": "?what=weather&weight=1"}).status_code == 400


def test_a_shared_list_is_read_by_link_without_own_values_until_it_is_revoked(
    owner: User, shortlist: Shortlist
) -> None:
    made = services.share(actor=owner, shortlist=shortlist, now=timezone.now())
    address = f"/shortlists/shared/{made.secret}/"
    answer = Client().get(address)
    text = answer.content.decode()
    assert f"备注{MARK}" in text
    assert "免租两年" not in text and "建筑面积" not in text
    assert "noindex" in answer["X-Robots-Tag"] and "noindex" in text
    assert "no-store" in answer["Cache-Control"]
    services.unshare(actor=owner, shortlist=shortlist, now=timezone.now())
    assert MARK not in text_of(Client(), address, 404)


@pytest.mark.parametrize(("move", "body"), [
    ("add", {"key": "nope"}), ("add", {"key": "\0"}), ("add", {}), ("add", {"key": f"{HIGH_TECH},nope"}),
    ("remove", {"key": "\0"}), ("note", {"key": "\0", "note": "x"}), ("value", {"park": ISLAND}),
    ("value", {"park": ISLAND, "label": "租金", "value": "many"}), ("value", {"park": ISLAND, "label": "租金"}),
    ("value", {"park": ISLAND, "label": "租金", "value": "1", "date": "soon"}),
    ("value", {"park": "nope", "label": "租金", "value": "1"}),
    ("value", {"park": ISLAND, "label": "长" * 81, "value": "1"}),
    ("note", {"key": ISLAND, "note": "长" * 1001}), ("criteria", {"query": "?what=area:site&weight=viel"}),
    ("value", {"park": ISLAND, "label": "租金", "value": "1e400"}),
    ("value", {"park": ISLAND, "label": "\0", "value": "1"}),
])  # fmt: skip
def test_wrong_input_is_explained_and_never_a_500(owner: User, shortlist: Shortlist, move: str,
                                                  body: dict[str, str]) -> None:  # fmt: skip
    answer = signed_in(owner).post(f"/shortlists/{shortlist.pk}/{move}/", body)
    assert answer.status_code == 400
    assert 'role="alert"' in answer.content.decode()


@pytest.mark.parametrize(("move", "body", "zh", "en"), [
    ("add", {"key": "nope"}, "没有园区“nope”", "there is no park &#x27;nope&#x27;"),
    ("criteria", {"query": "?what=area:site&of=&unit=&least=&most=&worst=1&best=1&must=&weight=1"},
     "规划面积 › 满分：不能与“0 分”相同", "planned site: Full marks: must differ from “0 points”"),
])  # fmt: skip
def test_what_is_wrong_is_told_in_the_readers_language_alone(
    owner: User, shortlist: Shortlist, move: str, body: dict[str, str], zh: str, en: str
) -> None:
    for prefix, words in (("", f"做不到：{zh}"), ("/en", f"That cannot be done: {en}")):
        text = signed_in(owner).post(f"{prefix}/shortlists/{shortlist.pk}/{move}/", body).content.decode()
        assert text.partition('role="alert">')[2].partition("</p>")[0] == words


def test_a_team_or_an_account_without_what_it_needs_is_told_so_in_one_language(owner: User) -> None:
    cache.clear()
    client = signed_in(owner)
    assert "做不到：请填写名称<" in client.post("/teams/", {"name": ""}).content.decode()
    assert "That cannot be done: name is missing<" in client.post("/en/teams/", {"name": ""}).content.decode()
    wrong = {"email": "x", "password": PASSWORD}
    assert ">不是邮箱地址<" in Client().post("/account/register/", wrong).content.decode()
    assert ">this is no e-mail address<" in Client().post("/en/account/register/", wrong).content.decode()


def test_a_list_with_a_park_that_is_not_there_is_not_made(owner: User, shortlist: Shortlist) -> None:
    body = {"name": "第二份", "team": shortlist.team_id, "park": f"{ISLAND},nope"}
    answer = signed_in(owner).post("/shortlists/", body)
    assert answer.status_code == 400
    assert 'value="第二份"' in answer.content.decode()
    assert Shortlist.objects.count() == 1


def test_when_a_list_was_saved_is_told_and_anew_after_saving_anew(owner: User, shortlist: Shortlist) -> None:
    client, address = signed_in(owner), f"/shortlists/{shortlist.pk}/"
    Shortlist.objects.update(saved_at="2026-01-02T03:04:00Z")
    assert "11:04</time> 北京时间" in text_of(client, address)
    before = timezone.now()
    client.post(f"{address}freeze/")
    shortlist.refresh_from_db()
    assert shortlist.saved_at >= before


# --- own values ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("wrong", "words"), [
    ({"value": "四十五"}, "数值不是数"), ({"unit": "长" * 41}, "单位最多 40 字"), ({"date": "soon"}, "日期请写如"),
])  # fmt: skip
def test_a_value_that_is_refused_stays_as_typed_in_its_form(owner: User, shortlist: Shortlist, wrong: dict[str, str],
                                                            words: str) -> None:  # fmt: skip
    typed = {"park": ISLAND, "about": "area:floor", "value": "45", "unit": "元", "text": "面议", "date": "2026",
             "note": "电话里说的"} | wrong  # fmt: skip
    text = signed_in(owner).post(f"/shortlists/{shortlist.pk}/value/", typed).content.decode()
    (form,) = re.findall(r'<details class="fold" open>.*?</details>', text, re.DOTALL)
    assert f'name="park" value="{ISLAND}"' in form
    assert '<option value="area:floor" selected>' in form
    for name in ("value", "unit", "text", "date", "note"):
        assert f'name="{name}" value="{typed[name]}"' in form
    assert re.search(rf'name="{next(iter(wrong))}" value="[^"]*" autofocus aria-invalid="true"', form)
    alert = form.partition('role="alert">')[2].partition("</p>")[0]
    assert alert.startswith(f"江心洲生态科技岛：{words}")
    assert text.count('role="alert"') == 1


def test_own_values_stand_in_the_comparison_its_file_and_the_score(owner: User, shortlist: Shortlist) -> None:
    client = signed_in(owner)
    address = f"/parks/compare/?keys={HIGH_TECH},{ISLAND}&team={shortlist.team_id}"
    answer = client.get(address)
    assert "本团队 · 承诺" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    book: Any = load_workbook(BytesIO(client.get(f"{address}&format=xlsx").content))
    rows = {row[0]: row for row in book.worksheets[0].iter_rows(values_only=True)}
    assert rows["本团队 · 建筑面积"][5] == 88
    assert MARK in str(rows["本团队 · 承诺"][5])
    query = "&what=area:floor&of=&unit=万m2&least=&most=&worst=0&best=100&must=&weight=1"
    score = f"/parks/score/?keys={HIGH_TECH},{ISLAND}&team={shortlist.team_id}{query}"
    assert "88 万m²（本团队）" in text_of(client, score)
    assert "本团队" not in text_of(Client(), score.replace(f"&team={shortlist.team_id}", ""))


@pytest.mark.parametrize("unit", ["亩", "mu", "km²", "KM2", "平方公里", "公顷", "ha", "万平方米", "10,000 m²", "万m²"])
def test_an_own_area_counts_in_whatever_unit_it_is_written(owner: User, shortlist: Shortlist, unit: str) -> None:
    value = own(owner, shortlist.team, about="area:industrial_developable", label="用地", value="500", unit=unit)
    assert value.unit in SQUARE_METRES
    query = "&what=area:industrial_developable&of=&unit=ha&least=&most=&worst=0&best=100&must=&weight=1"
    text = text_of(signed_in(owner), f"/parks/score/?keys={HIGH_TECH},{ISLAND}&team={shortlist.team_id}{query}")
    assert "公顷（本团队）" in text


@pytest.mark.parametrize(("value", "unit", "field"), [
    ("12", "furlongs", "unit"), ("12", "", "unit"), ("-7", "km2", "value"),
])  # fmt: skip
def test_an_area_in_no_unit_or_below_nothing_is_refused_by_name(
    owner: User, shortlist: Shortlist, value: str, unit: str, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        own(owner, shortlist.team, about="area:floor", label="建筑面积", value=value, unit=unit)
    assert [name for name, _words in refused.value.errors] == [field]


def test_nothing_of_a_team_is_in_any_answer_to_others(shortlist: Shortlist) -> None:
    """Every address of the API that is read, every public page, the score, the search and the files of lists."""
    client = Client()
    known = {"{key}": ISLAND, "{number}": "1", "{first}": "1", "{last}": "1", "{id}": "1", "{message}": "x",
             "{name}": "manifest.json", "{pk}": "1"}  # fmt: skip
    seen = 0
    for template, operations in openapi()["paths"].items():
        if "get" in operations:
            address = template
            for name, value in known.items():
                address = address.replace(name, value)
            answer: Any = client.get(address, {"keys": f"{HIGH_TECH},{ISLAND}"} if "compare" in address else {})
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            assert MARK.encode() not in body, address
            seen += answer.status_code == 200
    assert seen > 60
    for address in (f"/parks/{ISLAND}/", "/", "/parks/", f"/search/?q={MARK}", "/changes/", "/timeline/", "/data/",
                    f"/parks/compare/?keys={HIGH_TECH},{ISLAND}", f"/parks/?q={MARK}", "/sources/", "/ogc/collections",
                    f"/ogc/collections/parks/items/{ISLAND}", f"/api/v1/search/?q={MARK}&page_size=20"):  # fmt: skip
        text = text_of(client, address)
        assert text.count(MARK) == 0 or f"q={MARK}" in address, address
        assert "免租两年" not in text
    asked = {"parks": {"key": [ISLAND]}, "criteria": [{"type": "area", "measure": "floor", "at_least": 1}]}
    answer = client.post("/api/v1/parks/score/", asked, content_type="application/json")
    assert "88" not in answer.content.decode().partition('"said"')[2].partition("}")[0]


def test_a_team_leaves_no_trace_in_the_feed_or_the_search(shortlist: Shortlist) -> None:
    before = Change.objects.count()
    own(shortlist.created_by, shortlist.team, label="又一条", text=MARK)
    assert Change.objects.count() == before
    assert not DocumentVersion.objects.filter(document__contains=MARK).exists()
    assert not SearchText.objects.filter(others__contains="7391").exists()
