"""The work that is left: one page to find it, take it, give it, put it off and dismiss it, many at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from tracker.accounts import roles
from tracker.accounts.models import User
from tracker.accounts.roles import Role
from tracker.curation import spoken
from tracker.curation.work import causes, tasks
from tracker.curation.work.models import Sort, Task
from tracker.entries import kinds
from tracker.rest import keyset
from tracker.values.errors import Invalid, Refused, TrackerError

from . import mending
from .access import ReadOnly, actor
from .filters import place_keys
from .origin import via
from .reviewing import say

NAMES = ("sort", "place", "kind", "owner", "due", "state")
"""The parameters of the page."""
_ORDER = (keyset.Column("due"), keyset.Column("id"))
SOON = timedelta(days=7)


@dataclass(frozen=True)
class Choice:
    """A value to filter by, and the address that does so."""

    label: str
    count: int | None
    href: str
    chosen: bool


@dataclass(frozen=True)
class Line:
    """One task as the page shows it."""

    task: Task
    sort: str
    name: str
    kind: str
    place: str
    fact: str
    words: str
    href: str
    overdue: bool


class TaskAdmin(ReadOnly):
    """``/admin/tracker/task/``: a page to filter and a form to act; both work without script."""

    def get_urls(self) -> list[URLPattern]:
        undo = path("undo/", self.admin_site.admin_view(self.undo_view), name="tracker_task_undo")
        return [undo, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if request.method == "POST":
            return self._act(request)
        today = timezone.localdate()
        try:
            found = matching(request.GET, actor(request), today)
            page = keyset.paginate(
                found.select_related("owner", "place", "proposal"), _ORDER, request.GET, request.path
            )
        except Invalid as error:
            say(request, error)
            return HttpResponseRedirect(request.path)
        context = {
            **self.admin_site.each_context(request), "opts": self.opts, "title": _("待办"),
            "lines": [line(task, today) for task in page.rows], "count": found.count(),
            "next": keyset.link(request.path, request.GET, page.following),
            "previous": keyset.link(request.path, request.GET, page.previous),
            "sorts": list(_sorts(request.GET, actor(request), today)),
            "kinds": list(_kinds(request.GET, actor(request), today)),
            "owners": list(_owners(request.GET, actor(request), today)), "dues": list(_dues(request.GET)),
            "states": list(_states(request.GET)), "place": request.GET.get("place", ""),
            "others": [(name, value) for name in NAMES if name != "place" for value in request.GET.getlist(name)],
            "filtered": any(request.GET.get(name) for name in NAMES), "query": _without(request.GET, "done", "cursor"),
            "state": request.GET.get("state", "open"), "done": request.GET.get("done", ""),
            "people": _people(), "may_review": roles.may_review(actor(request)),
            "may_propose": roles.may_propose(actor(request)), "today": today, "most": tasks.MOST,
        }  # fmt: skip
        return TemplateResponse(request, "admin/curation/tasks.html", context)

    def _act(self, request: HttpRequest) -> HttpResponse:
        """Do what was asked with the tasks that are ticked, or with all that the filter finds."""
        query = QueryDict(request.POST.get("query", ""))
        back = query.copy()
        try:
            chosen, left_out = _chosen(request, query)
            done, sentence = _DOINGS.get(request.POST.get("do", ""), _unknown)(request, chosen)
        except TrackerError as error:
            say(request, error)
        else:
            messages.success(request, sentence % {"count": done.count})
            if left_out:
                messages.warning(request, _("%(count)s 件不在您所管的范围内，没有动。") % {"count": left_out})
            if done.count:
                back["done"] = done.batch
        return HttpResponseRedirect(f"{request.path}?{back.urlencode()}")

    def undo_view(self, request: HttpRequest) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        try:
            done = tasks.undo(actor=actor(request), batch=request.POST.get("batch", ""), **via(request))  # fmt: skip
            messages.success(request, _("已撤销，%(count)s 件恢复原状。") % {"count": done.count})
        except TrackerError as error:
            say(request, error)
        query = QueryDict(request.POST.get("query", ""))
        return HttpResponseRedirect(f"{reverse('admin:tracker_task_changelist')}?{query.urlencode()}")

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "",
                    extra_context: Any = None) -> HttpResponse:  # fmt: skip
        """A task has no page of its own: it leads to where it is done."""
        task = Task.objects.filter(pk=object_id).first() if object_id.isdigit() else None
        return HttpResponseRedirect(mending.address(task) if task else reverse("admin:tracker_task_changelist"))


# --- which tasks


def matching(query: QueryDict, user: User, today: date, *, without: str = "") -> QuerySet[Task]:
    """The tasks that the parameters ask for, all but one of them.

    :raises Invalid: a parameter has a value that it cannot have.
    """
    found = Task.objects.filter(state=_one_of(query, "state", Task.State.values) or Task.State.OPEN)
    if without != "sort" and (sorts := [_known("sort", value, Sort.values) for value in query.getlist("sort")]):
        found = found.filter(sort__in=sorts)
    if without != "kind" and (name := _one_of(query, "kind", [kind.name for kind in kinds.every()])):
        found = found.filter(kind=name)
    if without != "owner" and (owner := query.get("owner", "")):
        found = found.filter(_owned(owner, user))
    if place := query.get("place", "").strip():
        found = found.within(place_keys(place))
    match _one_of(query, "due", ("overdue", "soon")):
        case "overdue":
            found = found.filter(due__lt=today)
        case "soon":
            found = found.filter(due__range=(today, today + SOON))
    return found


def _owned(owner: str, user: User) -> Q:
    if owner == "me":
        return Q(owner=user)
    if owner == "none":
        return Q(owner=None)
    if not owner.isdigit() or len(owner) > 9:
        raise Invalid("me, none or a number", [("owner", f"“{owner}” 不是一个人 is nobody")])
    return Q(owner_id=int(owner))


def _one_of(query: QueryDict, name: str, allowed: Any) -> str:
    value = query.get(name, "")
    return _known(name, value, allowed) if value else ""


def _known(name: str, value: str, allowed: Any) -> str:
    if value not in allowed:
        raise Invalid("there is no such value", [(name, f"“{value}” 不在可选之列 is none of {', '.join(allowed)}")])
    return value


def _chosen(request: HttpRequest, query: QueryDict) -> tuple[QuerySet[Task], int]:
    """The tasks that are meant, and how many more would be if the person were not limited."""
    if request.POST.get("all") == "yes":
        return tasks.within_limits(actor(request), matching(query, actor(request), timezone.localdate()))
    ticked = [int(text) for text in request.POST.getlist("task") if text.isdigit() and len(text) < 19]
    if not ticked:
        raise Refused(_("请先勾选待办。"))
    return Task.objects.filter(pk__in=ticked[: tasks.MOST]), 0


# --- what is done with them


def _take(request: HttpRequest, chosen: QuerySet[Task]) -> tuple[tasks.Done, str]:
    done = tasks.assign(actor=actor(request), tasks=chosen, owner=actor(request), **via(request))
    return done, _("%(count)s 件归您了。")


def _give(request: HttpRequest, chosen: QuerySet[Task]) -> tuple[tasks.Done, str]:
    text = request.POST.get("to", "")
    owner = User.objects.filter(pk=text).first() if text.isdigit() and len(text) < 10 else None
    if text and owner is None:
        raise Refused(_("没有这个人。"))
    done = tasks.assign(actor=actor(request), tasks=chosen, owner=owner, **via(request))
    return done, _("%(count)s 件已指派。")


def _put_off(request: HttpRequest, chosen: QuerySet[Task]) -> tuple[tasks.Done, str]:
    try:
        due = date.fromisoformat(request.POST.get("due", ""))
    except ValueError as error:
        raise Refused(_("请写期限，如 2026-12-31。")) from error
    done = tasks.set_due(actor=actor(request), tasks=chosen, due=due, **via(request))
    return done, _("%(count)s 件改了期限。")


def _dismiss(request: HttpRequest, chosen: QuerySet[Task]) -> tuple[tasks.Done, str]:
    done = tasks.dismiss(actor=actor(request), tasks=chosen, reason=request.POST.get("reason", ""),
                         **via(request))  # fmt: skip
    return done, _("%(count)s 件已免，原因不变就不再出现。")


def _reopen(request: HttpRequest, chosen: QuerySet[Task]) -> tuple[tasks.Done, str]:
    done = tasks.reopen(actor=actor(request), tasks=chosen, **via(request))
    return done, _("%(count)s 件已重开。")


def _unknown(request: HttpRequest, chosen: QuerySet[Task]) -> tuple[tasks.Done, str]:
    raise Refused(_("没有这个动作。"))


_DOINGS: dict[str, Callable[[HttpRequest, QuerySet[Task]], tuple[tasks.Done, str]]] = {
    "take": _take, "give": _give, "put_off": _put_off, "dismiss": _dismiss, "reopen": _reopen,
}  # fmt: skip


# --- what the page shows


def line(task: Task, today: date) -> Line:
    kind = kinds.get(task.kind)
    return Line(
        task=task, sort=spoken.code(Sort(task.sort)), name=spoken.said(task.name, task.name_en),
        kind=spoken.kind_name(kind), place=spoken.said(task.place.name, task.place.name_en) if task.place else "",
        fact=spoken.field_label(kind, task.path), words=causes.get(task.sort).words(task), href=mending.address(task),
        overdue=task.state == Task.State.OPEN and task.due < today,
    )  # fmt: skip


def _without(query: QueryDict, *names: str) -> str:
    kept = [(name, value) for name, values in query.lists() for value in values if name in NAMES and name not in names]
    return urlencode(kept)


def _href(query: QueryDict, name: str, value: str) -> str:
    kept = _without(query, name)
    own = urlencode({name: value}) if value else ""
    return "?" + "&".join(filter(None, (kept, own)))


def _counted(query: QueryDict, user: User, today: date, name: str) -> dict[Any, int]:
    rows = matching(query, user, today, without=name).order_by().values_list(name)
    return dict(rows.annotate(number=Count("pk")))


def _sorts(query: QueryDict, user: User, today: date) -> Iterator[Choice]:
    counted = _counted(query, user, today, "sort")
    yield Choice(_("全部"), sum(counted.values()), _href(query, "sort", ""), not query.get("sort"))
    for sort in Sort:
        chosen = sort.value in query.getlist("sort")
        if counted.get(sort.value) or chosen:
            yield Choice(spoken.code(sort), counted.get(sort.value, 0), _href(query, "sort", sort.value), chosen)


def _kinds(query: QueryDict, user: User, today: date) -> Iterator[Choice]:
    counted = _counted(query, user, today, "kind")
    yield Choice(_("全部"), None, _href(query, "kind", ""), not query.get("kind"))
    for kind in kinds.every():
        if counted.get(kind.name) or query.get("kind") == kind.name:
            yield Choice(spoken.kind_name(kind), counted.get(kind.name, 0), _href(query, "kind", kind.name),
                         query.get("kind") == kind.name)  # fmt: skip


def _owners(query: QueryDict, user: User, today: date) -> Iterator[Choice]:
    counted = _counted(query, user, today, "owner")
    named = {person.pk: str(person.display_name or person.username)
             for person in User.objects.filter(pk__in=[pk for pk in counted if pk and pk != user.pk])}  # fmt: skip
    asked = query.get("owner", "")
    yield Choice(_("全部"), None, _href(query, "owner", ""), not asked)
    yield Choice(_("我的"), counted.get(user.pk, 0), _href(query, "owner", "me"), asked == "me")
    yield Choice(_("无人认领"), counted.get(None, 0), _href(query, "owner", "none"), asked == "none")
    for pk, name in named.items():
        yield Choice(name, counted[pk], _href(query, "owner", str(pk)), asked == str(pk))


def _dues(query: QueryDict) -> Iterator[Choice]:
    for value, label in (("", _("不限")), ("overdue", _("已逾期")), ("soon", _("七天内"))):
        yield Choice(label, None, _href(query, "due", value), query.get("due", "") == value)


def _states(query: QueryDict) -> Iterator[Choice]:
    for state in Task.State:
        value = "" if state == Task.State.OPEN else state.value
        yield Choice(spoken.code(state), None, _href(query, "state", value), query.get("state", "") == value)


def _people() -> list[User]:
    """Who may be given a task."""
    able = [Role.CONTRIBUTOR.value, Role.EDITOR.value, Role.CHIEF_EDITOR.value]
    people = User.objects.filter(is_active=True, is_staff=True, groups__name__in=able).distinct()
    return list(people.order_by("username")[:200])


# --- the front page


@dataclass(frozen=True)
class Summary:
    """How much is left, for the front page."""

    sorts: list[Choice]
    total: int
    mine: int
    overdue: int
    first: list[Line]


def summary(user: User) -> Summary:
    """What there is to do, by sort; and what of it is one's own, soonest first."""
    today, empty = timezone.localdate(), QueryDict()
    counted = Task.objects.open().order_by().values_list("sort").annotate(
        all=Count("pk"), mine=Count("pk", filter=Q(owner=user)), late=Count("pk", filter=Q(due__lt=today))
    )  # fmt: skip
    by_sort = {sort: (number, mine, late) for sort, number, mine, late in counted}
    address = reverse("admin:tracker_task_changelist")
    own = Task.objects.open().filter(owner=user).select_related("owner", "place", "proposal").order_by("due", "id")
    return Summary(
        sorts=[Choice(spoken.code(sort), by_sort[sort][0], address + _href(empty, "sort", sort.value), False)
               for sort in Sort if sort in by_sort],
        total=sum(number for number, _mine, _late in by_sort.values()),
        mine=sum(mine for _number, mine, _late in by_sort.values()),
        overdue=sum(late for _number, _mine, late in by_sort.values()),
        first=[line(task, today) for task in own[:8]],
    )  # fmt: skip
