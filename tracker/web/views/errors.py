"""The pages that say what went wrong and what to do: 400, 403, 404, 410, 500."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from tracker.entries import kinds, successors
from tracker.entries.models import Entry, Revision
from tracker.values.errors import Invalid
from tracker.web import parameters, phrases
from tracker.web.language import label, spoken


def bad_parameter(request: HttpRequest, error: Invalid) -> HttpResponse:
    """400: names the parameter and offers the page without it, and without any."""
    wrong = [name for name, _words in error.errors if name in request.GET]
    context = {"title": _("这个地址有一处不能用"), "message": error.message, "again": request.path, "status": 400,
               "wrong": wrong, "without": request.path + parameters.without(request.GET, wrong)}  # fmt: skip
    return render(request, "web/errors/error.html", context, status=400)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    context = {"title": _("请求有误"), "message": _("服务器看不懂这个请求。请检查地址后再试。"), "status": 400}
    return render(request, "web/errors/error.html", context, status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    message = _("您没有打开这一页的权限。如已登录，请换一个账号；表单请返回后重试。")
    context = {"title": _("不允许"), "message": message, "status": 403}
    return render(request, "web/errors/error.html", context, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: the last word of the address becomes a search."""
    words = request.path.rstrip("/").rpartition("/")[2].replace("-", " ")[:60]
    message = _("没有这个地址。可能是键写错了，或者条目还没有收录。")
    context = {"title": _("没有找到"), "message": message, "status": 404, "words": words}
    return render(request, "web/errors/error.html", context, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: rendered without the database, which may be what failed."""
    return render(request, "web/errors/500.html", {"request_id": getattr(request, "request_id", "")}, status=500)


def gone(request: HttpRequest, entry: Entry) -> HttpResponse:
    """410: why the entry was withdrawn, and what took its place."""
    kind = kinds.get(entry.kind)
    last = Revision.objects.filter(entry=entry).order_by("-number").first()
    led = successors.standing_for(entry.kind, [entry.key]).get(entry.key)
    successor = Entry.objects.live().filter(kind=entry.kind, key=led).first() if led else None
    context = {
        "title": _("已撤下"), "status": 410, "name": spoken(entry.name, entry.name_en), "kind": label(kind),
        "reason": last.reason if last else "", "when": last.recorded_at if last else None,
        "successor": successor and spoken(successor.name, successor.name_en),
        "successor_href": successor and phrases.address(successor.kind, successor.key),
        "list_href": reverse("list", args=[kind.plural]),
    }  # fmt: skip
    return render(request, "web/errors/gone.html", context, status=410)
