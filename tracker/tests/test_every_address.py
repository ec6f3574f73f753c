"""Who may see what and do what: every address there is, as everybody there is, against one declared table.

The addresses come from the resolver, so an address that nobody declared fails the test.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone, translation
from django.utils.html import escape
from django.utils.translation import get_language

from parks.teams import services as teams
from tracker.accounts import tokens
from tracker.accounts.models import User
from tracker.accounts.roles import Role
from tracker.curation import proposals, sets
from tracker.curation.admin import together
from tracker.curation.importing.models import Import
from tracker.curation.importing.tests import bringing
from tracker.curation.models import Proposal, ProposalSet
from tracker.curation.tests import factories
from tracker.curation.tests.factories import park, propose
from tracker.curation.work import tasks
from tracker.curation.work.models import Task
from tracker.delivery.webhooks.models import Webhook
from tracker.delivery.webhooks.tests import factories as webhooks
from tracker.entries import kinds
from tracker.entries.models import Entry, Revision
from tracker.jobs.models import Job
from tracker.values import canonical

pytestmark = pytest.mark.django_db

ANONYMOUS, NO_ROLE = "anonymous", "without a role"
PEOPLE = (ANONYMOUS, NO_ROLE, *(role.value for role in Role))
EVERYBODY = frozenset(PEOPLE)
CHIEFS = frozenset({Role.CHIEF_EDITOR.value})
EDITORS = CHIEFS | {Role.EDITOR.value}
AUTHORS = EDITORS | {Role.CONTRIBUTOR.value}
LOOKERS = AUTHORS | {Role.VIEWER.value}
STAFF = LOOKERS
SIGNED_IN = EVERYBODY - {ANONYMOUS}
OWNER = frozenset({Role.API_PARTNER.value})
TEAM = frozenset({Role.SITE_SELECTION.value})
DRAFTER = frozenset({Role.CONTRIBUTOR.value})
NOBODY: frozenset[str] = frozenset()

PUBLIC = (
    "healthz", "readyz", "i18n/setlang/", "robots.txt", r"^favicon\.(?:ico|svg)$", "",
    "search/", "search/suggest/", "timeline/", "changes/", "data/", "quality/", "about/", "about/terms/",
    "about/interface/", "display/", "account/login/", "account/logout/", "account/register/",
    "account/password/", "account/password/sent/", "account/password/done/", "account/password/<uidb64>/<token>/",
    "parks/", "parks/map/<slug:layer>.json", "parks/compare/", "parks/score/", "places/compare/",
    "shortlists/shared/<str:secret>/",
    "<plural:plural>/", "<plural:plural>/<slug:key>/",
    "ogc/", "ogc/conformance", "ogc/api", "ogc/collections", "ogc/collections/<str:name>",
    "ogc/collections/<str:name>/items", "ogc/collections/<str:name>/items/<str:key>",
    *(f"api/v1/{rest}" for rest in (
        "timeline.ics", "timeline.atom", "timeline.csv", "timeline/counts/", "timeline/", "search/", "changes/",
        "changes/digests/", "redirects/", "snapshots/", "snapshots/latest/", "snapshots/latest/<str:name>",
        "snapshots/<int:number>/", "snapshots/<int:number>/<str:name>", "observations/", "schema/", "docs/",
        r"^[\s\S]*$", "changelog/", "quality/", "{plural}/score/",
        "parks/compare/", "layouts/differences/", "layouts/<slug:key>/versions/", "parks/<slug:key>/policies/",
        "places/<slug:key>/policies/", "places/<slug:key>/profile/",
        "{plural}.csv", "{plural}.xlsx", "{plural}.geojson", "{plural}.jsonl", "{plural}/", "{plural}/facets/",
        "{plural}/<slug:key>/", "{plural}/<slug:key>/timeline/", "{plural}/<slug:key>/revisions/",
        "{plural}/<slug:key>/revisions/<int:number>/", "{plural}/<slug:key>/revisions/<int:first>...<int:last>/",
    )),
)  # fmt: skip
ACCOUNT = {
    "tokens/": SIGNED_IN, "webhooks/": SIGNED_IN,
    **dict.fromkeys(("tokens/<slug:prefix>/", "tokens/<slug:prefix>/rotate/", "tokens/<slug:prefix>/revoke/"), OWNER),
    **dict.fromkeys((f"webhooks/<slug:key>/{rest}" for rest in (
        "", "change/", "secret/", "test/", "pause/", "resume/", "redeliver/", "delete/", "<slug:message>/",
        "<slug:message>/redeliver/")), OWNER),
}  # fmt: skip
"""Pages of one's own account; those of one token and one webhook are for whose they are."""
TEAMS = {
    "teams/": SIGNED_IN, "teams/join/<str:secret>/": SIGNED_IN, "shortlists/": SIGNED_IN,
    **dict.fromkeys(("teams/<int:pk>/", "teams/<int:pk>/<slug:move>/", "shortlists/<int:pk>/",
                     "shortlists/<int:pk>/<slug:move>/"), TEAM),
}  # fmt: skip
"""A team and its shortlists are for its members."""
WITH_TOKEN = ("proposals/", "proposals/<int:pk>/", "webhooks/", *(f"webhooks/<slug:key>/{rest}" for rest in (
    "", "rotate-secret/", "test/", "pause/", "resume/", "redeliver/", "deliveries/", "deliveries/<slug:message>/",
    "deliveries/<slug:message>/redeliver/")))  # fmt: skip
"""Parts of the API for who shows a token: a cookie, whosever it is, opens none of them."""

ADMIN = {
    "": LOOKERS, "login/": EVERYBODY, "logout/": EVERYBODY, "password_change/": LOOKERS,
    "password_change/done/": LOOKERS, "autocomplete/": NOBODY, "jsi18n/": LOOKERS,
    "r/<path:content_type_id>/<path:object_id>/": NOBODY,
    "^(?P<app_label>tracker|policies|parks)/$": LOOKERS, "(?P<url>.*)$": NOBODY,
}  # fmt: skip
WHO_LOOKS = {
    "task": LOOKERS, "proposal": AUTHORS, "proposalset": AUTHORS, "revision": LOOKERS, "change": LOOKERS,
    "job": EDITORS, "import": AUTHORS, "snapshot": LOOKERS, "user": CHIEFS, "apitoken": EDITORS,
    "webhook": EDITORS, "webhookdelivery": EDITORS, "conflict": LOOKERS, "{kind}": LOOKERS,
}  # fmt: skip
"""Who sees the list and the pages of a model in the admin."""
WHO_ADDS = {"proposal": AUTHORS, "proposalset": AUTHORS, "import": AUTHORS, "user": CHIEFS, "{kind}": AUTHORS}
OWN_PAGES = {
    "task/undo/": AUTHORS, "proposal/suggest/": AUTHORS, "proposal/date/": AUTHORS,
    "proposal/together/": EDITORS, "proposal/<int:pk>/rebase/": EDITORS | DRAFTER, "proposalset/confirm/": AUTHORS,
    "proposalset/batches/": AUTHORS, "proposalset/undo/": AUTHORS,
    "proposalset/<int:pk>/move/": AUTHORS, "proposalset/<int:pk>/entry/": AUTHORS,
    "proposal/change/<slug:kind>/<slug:key>/": AUTHORS, "proposal/withdraw/<slug:kind>/<slug:key>/": AUTHORS,
    "proposal/merge/<slug:kind>/<slug:key>/": AUTHORS, "proposal/<int:pk>/edit/": DRAFTER,
    "proposal/<int:pk>/move/": AUTHORS, "revision/of/<int:entry_pk>/": LOOKERS,
    "revision/<int:pk>/restore/": AUTHORS, "job/<int:pk>/cancel/": EDITORS,
    "import/template/<slug:kind>.<slug:format_>": AUTHORS, "import/<int:pk>/move/": AUTHORS,
    "import/<int:pk>/progress/": AUTHORS, "import/<int:pk>/problems.csv": AUTHORS, "snapshot/order/": LOOKERS,
    "conflict/rule/<slug:kind>/<slug:key>/": AUTHORS, "{kind}/facts/<slug:key>/": LOOKERS,
    "user/<id>/password/": CHIEFS, "{kind}/export/<slug:format_>/": LOOKERS,
}  # fmt: skip


def declared() -> dict[str, frozenset[str]]:
    """Who may GET what; addresses of kinds once for all of them."""
    table = {**dict.fromkeys(PUBLIC, EVERYBODY), **dict.fromkeys((f"api/v1/{rest}" for rest in WITH_TOKEN), NOBODY)}
    table |= {f"account/{rest}": who for rest, who in ACCOUNT.items()}
    table |= TEAMS | {f"admin/{rest}": who for rest, who in ADMIN.items()}
    for model, who in WHO_LOOKS.items():
        table |= {f"admin/{model}/": who, f"admin/{model}/add/": WHO_ADDS.get(model, NOBODY),
                  f"admin/{model}/<path:object_id>/": STAFF, f"admin/{model}/<path:object_id>/change/": who,
                  f"admin/{model}/<path:object_id>/history/": who,
                  f"admin/{model}/<path:object_id>/delete/": NOBODY}  # fmt: skip
    return table | {f"admin/{rest}": who for rest, who in OWN_PAGES.items()}


# --- what there is ------------------------------------------------------------------------------------------------


def routes(resolver: Any = None, before: str = "") -> Iterator[str]:
    for each in (resolver or get_resolver()).url_patterns:
        if hasattr(each, "url_patterns"):
            yield from routes(each, f"{before}{each.pattern}")
        else:
            yield f"{before}{each.pattern}"


_PLURAL = re.compile(rf"^api/v1/({'|'.join(kind.plural for kind in kinds.every())})([./].*)$")
_MODELS = {model._meta.label_lower.replace(".", "/"): model for model in admin.site._registry}
_KINDS = {kind.detail_model._meta.label_lower.replace(".", "/") for kind in kinds.every()}


def general(route: str) -> str:
    """The name of an address in the table."""
    if found := _PLURAL.match(route):
        return route if route in PUBLIC else f"api/v1/{{plural}}{found[2]}"
    app, _, rest = route.removeprefix("admin/").partition("/")
    model, _, rest = rest.partition("/")
    if route.startswith("admin/") and f"{app}/{model}" in _MODELS:
        return f"admin/{'{kind}' if f'{app}/{model}' in _KINDS else model}/{rest}"
    return route


def test_every_address_is_declared_and_every_declaration_has_an_address() -> None:
    assert {general(route) for route in routes()} == set(declared())


# --- everything in one world --------------------------------------------------------------------------------------


@pytest.fixture
def people(db: None) -> dict[str, User | None]:
    factories.ensure_world()
    made: dict[str, User | None] = {role.value: factories.user(role.value, role) for role in Role}
    return {ANONYMOUS: None, NO_ROLE: factories.user("nobody"), **made}


@pytest.fixture
def world(people: Any, settings: Any) -> dict[str, Any]:
    """What stands for each part of an address, by the name of the part or by the model."""
    settings.WEBHOOK_ALLOWED_HOSTS = ["127.0.0.1"]
    author, editor, partner = (people[role.value] for role in (Role.CONTRIBUTOR, Role.EDITOR, Role.API_PARTNER))
    factories.live(park(), park("other-park", "他园"))
    waiting = propose(author, park(name="江畔科学城"))
    draft = proposals.propose(actor=author, payload=park("other-park", "新名"), reason="据公告")
    of = bringing.propose(author, bringing.bring(author, "key,name\nother-park,新名\n", "parks.csv", "park"))
    assert of.job
    hook = webhooks.webhook(partner, "http://127.0.0.1:9/hook")
    token = token_of(partner)
    done = tasks.assign(actor=author, tasks=Task.objects.filter(key="other-park", sort="missing_field"), owner=author,
                        now=timezone.now())  # fmt: skip
    entry = factories.entry("park", "river-park")
    searcher = people[Role.SITE_SELECTION.value]
    team = teams.form_team(actor=searcher, name="一队", now=timezone.now())
    shortlist = teams.make_shortlist(actor=searcher, team=team, name="候选", now=timezone.now())
    made = sets.begin(actor=author, source="report-2021")
    sets.put(actor=author, of=made, before={}, after=park("new-park", "新园"), nature="new", reason="据报告")
    return {"waiting": waiting.pk, "draft": draft.pk, "import": of.pk, "batch": of.batch, "job": of.job.pk,
            "hook": hook.key, "hook_pk": hook.pk, "token": token, "token_pk": token.pk, "prefix": token.prefix,
            "team": team.pk, "shortlist": shortlist.pk,
            "invitation": teams.invite(actor=searcher, team=team, email="", now=timezone.now()).secret,
            "shared": teams.share(actor=searcher, shortlist=shortlist, now=timezone.now()).secret,
            "seen": canonical.digest(waiting.payload), "all_seen": together.seen([waiting]), "set": made.pk,
            "done": done.batch, "entry": entry.pk,
            "revision": entry.revisions.get(number=1).pk, "user": editor.pk,
            "task": Task.objects.filter(key="other-park", owner=None).values_list("pk", flat=True)[0]}  # fmt: skip


def token_of(owner: User) -> Any:
    return tokens.create(actor=owner, name="x", scopes=["read"], now=timezone.now()).token


def address(route: str, world: dict[str, Any]) -> str:
    """An address of a thing that is there."""
    model = general(route).removeprefix("admin/").partition("/")[0] if route.startswith("admin/") else ""
    pk = {"proposal": world["waiting"], "revision": world["revision"], "job": world["job"], "import": world["import"],
          "proposalset": world["set"], "task": world["task"], "user": world["user"], "apitoken": world["token"].pk,
          "webhook": world["hook_pk"],
          "{kind}": _first_of(route)}.get(model, 1)  # fmt: skip
    pk = {"teams": world["team"], "shortlists": world["shortlist"]}.get(route.partition("/")[0], pk)
    draft_or_it = world["draft"] if route.endswith("/edit/") else pk
    parts = {
        "<slug:kind>": "park", "<slug:key>": _key(route, world), "<int:pk>": draft_or_it, "<path:object_id>": pk,
        "<id>": pk, "<int:entry_pk>": world["entry"], "<slug:format_>": "csv", "<int:number>": 1, "<int:first>": 1,
        "<int:last>": 1, "<str:name>": "parks", "<str:key>": "river-park", "<slug:prefix>": world["token"].prefix,
        "<slug:message>": "m", "<plural:plural>": "parks", "<path:content_type_id>": 1,
        r"^favicon\.(?:ico|svg)$": "favicon.svg", "^(?P<app_label>tracker|policies|parks)/$": "parks/",
        "(?P<url>.*)$": "nothing-here", r"^[\s\S]*$": "nothing-here", "<slug:layer>": "parks",
        "<str:secret>": world["invitation"] if "join" in route else world["shared"],
        "<slug:move>": "note" if route.startswith("shortlists") else "rename", "<uidb64>": "MQ", "<token>": "x-y",
    }  # fmt: skip
    for part, value in parts.items():
        route = route.replace(part, str(value))
    return f"/{route}?batch={world['batch']}" if route.endswith("proposalset/undo/") else f"/{route}"


def _first_of(route: str) -> int:
    model = _MODELS.get("/".join(route.split("/")[1:3])) if route.startswith("admin/") else None
    found = model._default_manager.first() if model else None
    return int(found.pk) if found else 1


def _key(route: str, world: dict[str, Any]) -> str:
    if "webhooks/" in route:
        return str(world["hook"])
    if route.startswith("admin/tracker/source/"):
        return "report-2021"
    found = _PLURAL.match(route)
    kind = next((kind for kind in kinds.every() if found and kind.plural == found[1]), None)
    live = Entry.objects.live().filter(kind=kind.name).first() if kind and kind.name != "park" else None
    return str(live.key) if live else "river-park"


def visitor(user: User | None) -> Client:
    client = Client(raise_request_exception=True)
    if user:
        client.force_login(user)
    return client


def let_in(answer: HttpResponseBase, *, public: bool) -> bool:
    """Whether the door was open: not asked to sign in, not forbidden, and not told that there is no such thing."""
    to_sign_in = answer.status_code == 302 and "/login/" in answer["Location"]
    closed = (401, 403) if public else (401, 403, 404)
    return not to_sign_in and answer.status_code not in closed


@pytest.mark.parametrize("who", PEOPLE)
def test_everybody_sees_what_the_table_says_and_nothing_else(who: str, people: Any, world: dict[str, Any]) -> None:
    table, client = declared(), visitor(people[who])
    wrong: list[tuple[str, int]] = []
    for route in routes():
        name = general(route)
        if name in ("admin/logout/", "account/logout/") or "<slug:message>" in name:
            continue  # signing out would end the walk; a delivery is there only once something was sent
        with transaction.atomic():
            asked = address(route, world)
            answer = client.get(asked)
            if answer.status_code == 302 and asked.startswith(answer["Location"]) and "/admin/" not in asked:
                # a move's address leads to its page
                answer = client.get(answer["Location"])
            assert answer.status_code < 500, route
            transaction.set_rollback(True)
        absent = answer.status_code == 404 and name.startswith("admin/{kind}/<")
        absent = absent or (answer.status_code == 302 and answer["Location"] == "/admin/")  # as Django's admin says it
        if answer.status_code == 405 or absent:
            continue  # only for POST, which the table of moves is about; or nothing of that kind is in this world
        public = table[name] == EVERYBODY
        if let_in(answer, public=public) != (who in table[name]):
            wrong.append((route, answer.status_code))
    assert not wrong, "\n".join(map(str, wrong))


# --- in English ---------------------------------------------------------------------------------------------------


def leaves(value: Any) -> Iterator[str]:
    """Every text in a payload."""
    if isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from leaves(each)
    elif isinstance(value, str):
        yield value


WRITTEN = ((Revision, "reason"), (Proposal, "reason"), (Import, "reason"), (ProposalSet, "reason"), (Job, "message"),
           (Webhook, "name"))  # fmt: skip


def data() -> list[str]:
    """What somebody wrote, longest first: all else on a page is the tracker's own words."""
    kept = (row.payload for model in (Revision, Proposal) for row in model._default_manager.exclude(payload=""))
    told = [text for model, name in WRITTEN for text in model._default_manager.values_list(name, flat=True)]
    texts = {*told, *(text for payload in kept for text in leaves(canonical.loads(payload)))}
    return sorted((text for text in texts if text), key=len, reverse=True)


def chinese_in(page: str, written: list[str]) -> list[str]:
    """What is Chinese on a page and neither data nor marked as Chinese."""
    page = re.sub(r"<(\w+)[^>]* lang=.zh[^>]*>.*?</\1>|<!--.*?-->", "", page, flags=re.DOTALL)
    for text in written:
        page = page.replace(escape(text), "")
    return re.findall(r"[^<>\n]*[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef][^<>\n]*", page)


def test_every_page_of_the_admin_speaks_english_to_who_has_chosen_it(people: Any, world: dict[str, Any]) -> None:
    client, written = visitor(people[Role.CHIEF_EDITOR.value]), data()
    client.cookies["django_language"] = "en"
    left = {}
    with translation.override(get_language()):  # which the pages change
        for route in (route for route in routes() if route.startswith("admin/")):
            answer = client.get(address(route, world))
            is_page = answer.status_code == 200 and answer["Content-Type"].startswith("text/html")
            if is_page and (found := chinese_in(answer.content.decode(), written)):
                left[route] = found
    assert not left


# --- moves --------------------------------------------------------------------------------------------------------

POSTS: dict[str, tuple[str, dict[str, Any], frozenset[str]]] = {
    "take a task": ("admin/tracker/task/", {"do": "take", "task": "{task}"}, AUTHORS),
    "dismiss a task": ("admin/tracker/task/", {"do": "dismiss", "task": "{task}", "reason": "不对"}, EDITORS),
    "undo": ("admin/tracker/task/undo/", {"batch": "{done}"}, EDITORS | DRAFTER),
    "propose a change": ("admin/tracker/proposal/change/park/other-park/",
                         {"json": '{"kind":"park","key":"other-park"}', "reason": "x", "do": "draft"}, AUTHORS),
    "propose a withdrawal": ("admin/tracker/proposal/withdraw/park/river-park/", {"reason": "误收"}, AUTHORS),
    "propose a merge": ("admin/tracker/proposal/merge/park/river-park/",
                        {"reason": "重复", "successor": "other-park"}, AUTHORS),
    "propose a restoration": ("admin/tracker/revision/{revision}/restore/", {"reason": "恢复"}, AUTHORS),
    **{f"{move} a proposal": ("admin/tracker/proposal/{waiting}/move/",
                              {"move": move, "note": "不对", "seen": "{seen}"}, who)
       for move, who in (("submit", NOBODY), ("approve", EDITORS), ("publish", EDITORS), ("request_changes", EDITORS),
                         ("reject", EDITORS), ("cancel", EDITORS | DRAFTER), ("force", NOBODY))},
    "publish many": ("admin/tracker/proposal/together/?ids={waiting}",
                     {"ids": "{waiting}", "move": "publish", "seen": "{all_seen}"}, EDITORS),
    "open a document": ("admin/tracker/proposalset/add/", {"sort": "live", "source": "report-2021"}, AUTHORS),
    "confirm": ("admin/tracker/proposalset/confirm/?ids={entry}", {"ids": "{entry}", "reason": "核过"}, AUTHORS),
    "say something": ("admin/tracker/proposal/{waiting}/move/", {"move": "comment", "text": "看过", "note": "看过",
                                                                      "seen": "{seen}"}, AUTHORS),
    **{f"{move} an import": ("admin/tracker/import/{import}/move/", {"move": move, "note": "不对"}, who)
       for move, who in (("publish", EDITORS), ("reject", EDITORS), ("force", CHIEFS))},
    "bring a file": ("admin/tracker/import/add/", {"reason": "据公告", "kind": "park", "nature": "correction",
                                                      "file": "{file}"}, AUTHORS),
    "order a snapshot": ("admin/tracker/snapshot/order/", {}, EDITORS),
    "change a user": ("admin/tracker/user/{user}/change/", {"username": "editor", "places": "320100"}, CHIEFS),
    "add a user": ("admin/tracker/user/add/", {"username": "new", "password1": "q8!xk2-hh", "password2": "q8!xk2-hh",
                                               "usable_password": "true"}, CHIEFS),
    "revoke a token": ("admin/tracker/apitoken/", {"action": "revoke", "_selected_action": "{token_pk}"}, EDITORS),
    "block a webhook": ("admin/tracker/webhook/", {"action": "block", "_selected_action": "{hook_pk}",
                                                   "reason": "扰民"}, CHIEFS),
    "revoke one's token": ("account/tokens/{prefix}/revoke/", {}, OWNER),
    "pause one's webhook": ("account/webhooks/{hook}/pause/", {}, OWNER),
    "delete one's webhook": ("account/webhooks/{hook}/delete/", {}, OWNER),
    "send a proposal by cookie": ("api/v1/proposals/", {}, NOBODY),
    "make a webhook by cookie": ("api/v1/webhooks/", {}, NOBODY),
}  # fmt: skip


def everything_kept() -> str:
    """A digest of every row of the project: what is the same before and after has changed nothing."""
    rows = [[model._meta.label, *map(str, row)] for app in ("tracker", "policies", "parks")
            for model in apps.get_app_config(app).get_models()
            for row in model._default_manager.order_by("pk").values_list()]  # fmt: skip
    return canonical.digest(rows)


@pytest.mark.parametrize("who", PEOPLE)
def test_everybody_does_what_the_table_says_and_nothing_else(who: str, people: Any, world: dict[str, Any]) -> None:
    wrong = []
    for name, (route, data, allowed) in POSTS.items():
        filled = {key: _filled(value, world) for key, value in data.items()}
        with transaction.atomic():
            client = visitor(people[who])
            start = everything_kept()
            answer = client.post(f"/{route.format(**world)}", filled)
            done = everything_kept() != start
            transaction.set_rollback(True)
        assert answer.status_code < 500, name
        if done != (who in allowed):
            wrong.append((name, answer.status_code))
    assert not wrong


def _filled(value: str, world: dict[str, Any]) -> Any:
    if value == "{file}":
        return SimpleUploadedFile("parks.csv", "key,name\nother-park,新名\n".encode())
    return value.format(**world) if re.fullmatch(r"\{\w+\}", value) else value
