"""Pages of teams: registering, forming one, inviting, and its shortlists. For members alone, but for a shared link."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.db import transaction
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from parks import criteria, moment, score_form
from parks.models import Membership, Shortlist, Team
from parks.score import score
from parks.score_form import Choices
from parks.score_views import as_shown
from parks.teams import own, services, since
from tracker.accounts import rates, registering
from tracker.accounts.middleware import address
from tracker.accounts.models import User
from tracker.accounts.rates import Policy
from tracker.entries.models import Entry
from tracker.rest.parameters import refuse_nul
from tracker.values.errors import Invalid, TrackerError
from tracker.values.units import UNIT_LABELS
from tracker.web import mail, phrases
from tracker.web.dossier import today
from tracker.web.language import listed, pick, spoken
from tracker.web.notes import Notes
from tracker.web.views.member import member_page, person, reason, said

INVITING = Policy("invitation-letters", 20, 3600)
"""How many invitations one person may have mailed."""


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_store=True)
def register(request: HttpRequest) -> HttpResponse:
    """An account for oneself, signed in at once."""
    from_where = request.POST.get("next", "") or request.GET.get("next", "")
    onward = from_where if from_where.startswith("/") and not from_where.startswith(("//", "/\\")) else reverse("teams")
    context: dict[str, Any] = {"next": onward, "email": request.POST.get("email", "")[:150]}
    if request.method != "POST":
        return render(request, "parks/teams/register.html", context)
    often = Policy("register", settings.REGISTRATIONS_PER_HOUR, 3600)
    standing = rates.take(often, address(request), timezone.now().timestamp())
    if standing.exceeded:
        context["trouble"] = _("尝试过多，请稍后再来。")
        return render(request, "parks/teams/register.html", context, status=429)
    try:
        user = registering.register(email=request.POST.get("email", ""), password=request.POST.get("password", ""))
    except TrackerError as error:
        return render(request, "parks/teams/register.html", context | {"trouble": reason(error)}, status=400)
    login(request, user)
    return redirect(onward)


# --- teams --------------------------------------------------------------------------------------------------------


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def team_list(request: HttpRequest) -> HttpResponse:
    trouble = ""
    if request.method == "POST":
        try:
            made = services.form_team(actor=person(request), name=request.POST.get("name", ""), now=timezone.now())
            return redirect("team", pk=made.pk)
        except TrackerError as error:
            trouble = said(error)
    inside = Q(memberships__left_at__isnull=True)
    teams = Team.objects.filter(pk__in=services.teams_of(person(request)).values("pk"))
    counted = teams.annotate(members=Count("memberships", filter=inside)).order_by("name", "id")
    return render(request, "parks/teams/teams.html", {"teams": counted, "trouble": trouble},
                  status=400 if trouble else 200)  # fmt: skip


@member_page
@require_safe
def team_page(request: HttpRequest, pk: int) -> HttpResponse:
    return _team_page(request, _team(request, pk))


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def team_move(request: HttpRequest, pk: int, move: str) -> HttpResponse:
    """One of the moves of a team's page; a GET, as by who changes the language of the answer, leads to the page."""
    team, actor, now = _team(request, pk), person(request), timezone.now()
    if request.method != "POST":
        return redirect("team", pk=pk)
    user = _integer(request.POST.get("user", "0"))
    undo = None
    try:
        if move == "invite":
            made = services.invite(actor=actor, team=team, email=request.POST.get("email", ""), now=now)
            link = request.build_absolute_uri(reverse("join-team", args=[made.secret]))
            return _team_page(request, team, link=link, invited=made.row.email, mailed=_mailed(actor, made, now))
        if move == "revoke":
            services.revoke_invitation(
                actor=actor, team=team, pk=_integer(request.POST.get("invitation", "0")), now=now
            )
        elif move == "remove":
            services.remove_member(actor=actor, team=team, user=user, now=now)
            undo = user
        elif move == "restore":
            services.restore_member(actor=actor, team=team, user=user)
        elif move == "owner":
            services.make_owner(actor=actor, team=team, user=user)
        elif move == "leave":
            services.remove_member(actor=actor, team=team, user=actor.pk, now=now)
            return redirect("teams")
        else:
            raise Http404(move)
    except TrackerError as error:
        return _team_page(request, team, trouble=said(error))
    return _team_page(request, team, undo=undo) if undo else redirect("team", pk=pk)


def _mailed(actor: User, made: services.Secret, now: datetime) -> bool:
    """Mail an invitation to whom it is for, in the language of who invites; False where it is left to them."""
    if not made.row.email or rates.take(INVITING, str(actor.pk), now.timestamp()).exceeded:
        return False
    subject = _("邀请您加入团队“%(team)s”") % {"team": made.row.team.name}
    body = _("%(person)s 邀请您在“中国人工智能政策与园区追踪”加入团队“%(team)s”。\n\n%(link)s\n\n"
             "链接七天内有效，只能用一次，须用这个邮箱注册或登录。\n") % {
        "person": actor.display_name or actor.email or actor.get_username(), "team": made.row.team.name,
        "link": mail.link("join-team", made.secret)}  # fmt: skip
    return mail.send(made.row.email, subject, body)


def _team_page(request: HttpRequest, team: Team, **more: Any) -> HttpResponse:
    members = team.memberships.filter(left_at__isnull=True).select_related("user").order_by("joined_at", "id")
    context = {
        "team": team, "members": members, "lists": team.shortlists.filter(removed_at__isnull=True),
        "mine": services.role_in(person(request), team), "owner": Membership.Role.OWNER,
        "invitations": team.invitations.open(timezone.now()).order_by("-id"), **more,
    }  # fmt: skip
    return render(request, "parks/teams/team.html", context, status=400 if more.get("trouble") else 200)


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, secret: str) -> HttpResponse:
    """What one is invited to; posting joins it."""
    trouble = ""
    if request.method == "POST":
        try:
            return redirect("team", pk=services.accept(actor=person(request), secret=secret, now=timezone.now()).pk)
        except TrackerError as error:
            trouble = said(error)
    found = services.invitation(secret, timezone.now())
    return render(request, "parks/teams/join.html", {"invitation": found, "trouble": trouble},
                  status=400 if trouble else 200 if found else 404)  # fmt: skip


# --- shortlists ---------------------------------------------------------------------------------------------------


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def shortlist_list(request: HttpRequest) -> HttpResponse:
    """The lists of all one's teams; posting makes another; with parks (``park=a,b``) each offers to take them in."""
    actor, trouble, name = person(request), "", request.POST.get("name", "")
    park = (request.GET.get("park", "") or request.POST.get("park", "")).replace("\0", "")
    if request.method == "POST":
        try:
            team = _team(request, _integer(request.POST.get("team", "0")))
            with transaction.atomic():
                made = services.make_shortlist(actor=actor, team=team, name=name, now=timezone.now())
                if park:
                    _add_all(actor, made, park)
            return redirect("shortlist", pk=made.pk)
        except TrackerError as error:
            trouble = said(error)
    teams = list(services.teams_of(actor))
    counted = Count("parks", filter=Q(parks__removed_at__isnull=True))
    lists = Shortlist.objects.filter(team__in=teams, removed_at__isnull=True).select_related("team")
    rows = Entry.objects.live().filter(kind="park", key__in=park.split(",")).order_by("key") if park else ()
    context = {"teams": teams, "lists": lists.annotate(number_of_parks=counted), "trouble": trouble, "name": name,
               "park": ",".join(row.key for row in rows),
               "park_names": listed([spoken(row.name, row.name_en).text for row in rows])}  # fmt: skip
    return render(request, "parks/teams/shortlists.html", context, status=400 if trouble else 200)


@member_page
@require_safe
def shortlist_page(request: HttpRequest, pk: int) -> HttpResponse:
    return _shortlist_page(request, _shortlist(request, pk))


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def shortlist_move(request: HttpRequest, pk: int, move: str) -> HttpResponse:
    """One of the moves of a shortlist's page; a GET leads to the page."""
    shortlist = _shortlist(request, pk)
    act = _MOVES.get(move)
    if act is None:
        raise Http404(move)
    if request.method != "POST":
        return redirect("shortlist", pk=pk)
    try:
        refuse_nul(request.POST)
        more = act(person(request), shortlist, request)
    except TrackerError as error:
        return _shortlist_page(request, shortlist, trouble=said(error), refused=_refused(request, move, error))
    shortlist.refresh_from_db()
    return _shortlist_page(request, shortlist, **more) if more else redirect("shortlist", pk=pk)


Act = Callable[[User, Shortlist, HttpRequest], dict[str, Any]]


def _add(actor: User, shortlist: Shortlist, request: HttpRequest) -> dict[str, Any]:
    _add_all(actor, shortlist, request.POST.get("key", ""))
    return {}


def _add_all(actor: User, shortlist: Shortlist, keys: str) -> None:
    """Put parks on a list, all of them or none."""
    with transaction.atomic():
        for key in keys.split(","):
            services.add_park(actor=actor, shortlist=shortlist, key=key)


def _remove(actor: User, shortlist: Shortlist, request: HttpRequest) -> dict[str, Any]:
    key = request.POST.get("key", "")
    services.remove_park(actor=actor, shortlist=shortlist, key=key, now=timezone.now())
    return {"undo": {"move": "add", "name": "key", "value": key}}


def _note(actor: User, shortlist: Shortlist, request: HttpRequest) -> dict[str, Any]:
    key, text = request.POST.get("key", ""), request.POST.get("note", "")
    services.note(actor=actor, shortlist=shortlist, key=key, text=text)
    return {}


def _criteria(actor: User, shortlist: Shortlist, request: HttpRequest) -> dict[str, Any]:
    """Takes the address of a score: its criteria become the list's."""
    query = QueryDict(request.POST.get("query", "").partition("?")[2] or request.POST.get("query", ""))
    rows = score_form.texts(query)
    try:
        services.set_criteria(actor=actor, shortlist=shortlist, asked=score_form.checked(rows))
    except Invalid as error:
        raise score_form.worded(error, rows, Choices.read()) from error
    return {}


def _freeze(actor: User, shortlist: Shortlist, request: HttpRequest) -> dict[str, Any]:
    services.freeze(actor=actor, shortlist=shortlist, now=timezone.now())
    return {}


def _delete(actor: User, shortlist: Shortlist, request: HttpRequest) -> dict[str, Any]:
    services.remove_shortlist(actor=actor, shortlist=shortlist, now=timezone.now())
    return {"undo": {"move": "undelete", "name": "key", "value": ""}}


def _undelete(actor: User, shortlist: Shortlist, request: HttpRequest) -> dict[str, Any]:
    services.restore_shortlist(actor=actor, shortlist=shortlist)
    return {}


def _share(actor: User, shortlist: Shortlist, request: HttpRequest) -> dict[str, Any]:
    made = services.share(actor=actor, shortlist=shortlist, now=timezone.now())
    return {"link": request.build_absolute_uri(reverse("shared-shortlist", args=[made.secret]))}


def _unshare(actor: User, shortlist: Shortlist, request: HttpRequest) -> dict[str, Any]:
    services.unshare(actor=actor, shortlist=shortlist, now=timezone.now())
    return {}


def _value(actor: User, shortlist: Shortlist, request: HttpRequest) -> dict[str, Any]:
    post = request.POST
    about = post.get("about", "")
    label_ = post.get("label", "") or dict(_abouts()).get(about, "")
    told = {name: post.get(name, "") for name in ("park", "value", "unit", "text", "date", "note")}
    services.record_value(actor=actor, team=shortlist.team, about=about, label=label_, now=timezone.now(), **told)
    return {}


def _remove_value(actor: User, shortlist: Shortlist, request: HttpRequest) -> dict[str, Any]:
    pk = _integer(request.POST.get("value", "0"))
    services.remove_value(actor=actor, team=shortlist.team, pk=pk, now=timezone.now())
    return {"undo": {"move": "restore-value", "name": "value", "value": pk}}


def _restore_value(actor: User, shortlist: Shortlist, request: HttpRequest) -> dict[str, Any]:
    services.restore_value(actor=actor, team=shortlist.team, pk=_integer(request.POST.get("value", "0")))
    return {}


_MOVES: dict[str, Act] = {
    "add": _add, "remove": _remove, "note": _note, "criteria": _criteria, "freeze": _freeze, "delete": _delete,
    "undelete": _undelete, "share": _share, "unshare": _unshare, "value": _value, "remove-value": _remove_value,
    "restore-value": _restore_value,
}  # fmt: skip


def _abouts() -> list[tuple[str, str]]:
    """What an own value may be of, so that comparisons and scores know it."""
    choices = Choices.read()
    return [(choice.value, choice.words) for _group, group in choices.added() for choice in group
            if choice.value.partition(":")[0] in ("area", "siting")]  # fmt: skip


def _refused(request: HttpRequest, move: str, error: TrackerError) -> dict[str, Any] | None:
    """Of a value that was refused, what was typed and the field that is wrong: its form stays open."""
    if move != "value":
        return None
    return {"typed": request.POST, "wrong": error.errors[0][0] if error.errors else "", "reason": reason(error)}


def _shortlist_page(request: HttpRequest, shortlist: Shortlist, *, refused: dict[str, Any] | None = None,
                    **more: Any) -> HttpResponse:  # fmt: skip
    context = _shown(shortlist) | {
        "abouts": _abouts(),
        "units": [pick(*words) for words in UNIT_LABELS.values()],
        "is_shared": shortlist.shares.filter(revoked_at=None).exists(),
    }
    keys = [park["key"] for park in context["parks"]]
    values = own.values(shortlist.team, keys)
    for park in context["parks"]:
        park["own"] = [one for one in values if one.park == park["key"]]
        park["refused"] = refused if refused and refused["typed"].get("park") == park["key"] else None
    context["said_below"] = any(park["refused"] for park in context["parks"])
    context |= {"query": own.score_query(shortlist, keys), **_scored(shortlist, keys, own.scored(values)), **more}
    return render(request, "parks/teams/shortlist.html", context, status=400 if more.get("trouble") else 200)


def _shown(shortlist: Shortlist) -> dict[str, Any]:
    """The list and what changed, without anything of the team's own values."""
    rows = list(shortlist.parks.filter(removed_at__isnull=True))
    keys = [row.key for row in rows]
    entries = {entry.key: entry for entry in Entry.objects.of_kind("park").filter(key__in=keys)}
    parks = [{"key": row.key, "note": row.note, "name": spoken(entries[row.key].name, entries[row.key].name_en),
              "href": phrases.address("park", row.key)} for row in rows if row.key in entries]  # fmt: skip
    return {"list": shortlist, "parks": parks, "keys": ",".join(keys), "as_of": shortlist.as_of,
            "first_keys": ",".join(keys[:5]), "since": since.changed(shortlist, keys, today())}  # fmt: skip


def _scored(shortlist: Shortlist, keys: list[str], ours: dict[str, Any]) -> dict[str, Any]:
    """The list's own score as things stand now; nothing without criteria or parks."""
    if not shortlist.criteria or not keys:
        return {"shown": None}
    try:
        answer = score({"key": keys}, criteria.parsed(shortlist.criteria), moment.at(None, None), ours)
    except Invalid as error:
        rows = [score_form.as_texts(one) for one in shortlist.criteria]
        return {"shown": None, "score_trouble": said(score_form.worded(error, rows, Choices.read()))}
    return {"shown": as_shown(answer, Notes([]))}


@require_safe
@cache_control(private=True, no_store=True)
def shared(request: HttpRequest, secret: str) -> HttpResponse:
    """A shortlist for who has the link: read-only, not for search engines, without the team's own values."""
    shortlist = services.shared(secret)
    if shortlist is None:
        raise Http404("shared")
    context = _shown(shortlist)
    context |= _scored(shortlist, [park["key"] for park in context["parks"]], {})
    answer = render(request, "parks/teams/shared.html", context)
    answer["X-Robots-Tag"] = "noindex, nofollow"
    answer["Referrer-Policy"] = "no-referrer"
    return answer


# --- who --------------------------------------------------------------------------------------------------------------


def _team(request: HttpRequest, pk: int) -> Team:
    """:raises Http404: there is none, or the reader does not belong to it."""
    return get_object_or_404(services.teams_of(person(request)), pk=pk)


def _shortlist(request: HttpRequest, pk: int) -> Shortlist:
    """:raises Http404: there is none, or it is another team's."""
    return get_object_or_404(
        Shortlist.objects.select_related("team"), pk=pk, team__in=services.teams_of(person(request))
    )


def _integer(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0
