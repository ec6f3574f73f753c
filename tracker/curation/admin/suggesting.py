"""Small JSON answers for the form: which entry is meant, which date is understood."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _

from tracker.curation import spoken
from tracker.entries import kinds
from tracker.search import index
from tracker.values import edtf
from tracker.values.spoken_dates import understood

MOST = 20


def entries(request: HttpRequest) -> JsonResponse:
    """``?kinds=place,park&q=南京`` → ``{results: [{value: "320100 南京市", kind, name_en}]}``, best first."""
    asked = [name for name in request.GET.get("kinds", "").split(",") if kinds.known(name)]
    words = request.GET.get("q", "").strip()
    if not asked or not words:
        return JsonResponse({"results": []})
    found = index.find(words).filter(kind__in=asked).order_by(
        "tier",  # type: ignore[misc]  # annotated by find
        "name_folded", "key",
    )  # fmt: skip
    return JsonResponse({"results": [
        {"value": f"{entry.key if len(asked) == 1 else f'{entry.kind}/{entry.key}'} {entry.name}",
         "kind": spoken.kind_name(kinds.get(entry.kind)), "name_en": entry.name_en}
        for entry in found[:MOST]
    ]})  # fmt: skip


def date(request: HttpRequest) -> JsonResponse:
    """``?text=2017年底`` → ``{edtf: "2017-12~", said: "2017年12月前后"}``; ``{edtf: null}`` when not understood."""
    try:
        found = understood(request.GET.get("text", ""))
    except edtf.InvalidEdtf:
        return JsonResponse({"edtf": None, "said": _("看不懂这个日期")})
    return JsonResponse({"edtf": found, "said": spoken.date(found) if found else ""})
