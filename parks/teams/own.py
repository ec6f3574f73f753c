"""A team's own values where it reads them: beside the public facts in a comparison, and in its score."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from django.db.models import Prefetch
from django.http import Http404, HttpRequest, QueryDict
from django.utils.html import format_html
from django.utils.translation import gettext as _

from parks import score_form
from parks.comparison import Cell, Row, Value
from parks.models import OwnValue, Shortlist, ShortlistPark, Team
from parks.score_readings import Own
from parks.teams import services
from tracker.accounts.models import User
from tracker.web import numbers, phrases
from tracker.web.language import said


def team_of(request: HttpRequest) -> Team | None:
    """The team whose own values a page is asked to show: ``team=`` names one that the reader belongs to.

    :raises Http404: it names another; whether there is such a team is told to nobody.
    """
    text = request.GET.get("team", "")
    if not text:
        return None
    user = request.user
    if isinstance(user, User) and text.isdecimal() and len(text) < 19:
        found = services.teams_of(user).filter(pk=int(text)).first()
        if found is not None:
            return found
    raise Http404("team")


def list_of(request: HttpRequest, team: Team | None) -> Shortlist | None:
    """The team's shortlist that a score is made for: ``list=`` names one."""
    text = request.GET.get("list", "")
    if team is None or not text.isdecimal() or len(text) > 18:
        return None
    return Shortlist.objects.filter(team=team, pk=int(text), removed_at__isnull=True).first()


def lists_to_score(request: HttpRequest, rows: Sequence[Mapping[str, str]]) -> list[tuple[Shortlist, str]]:
    """The reader's shortlists that hold parks, each with the address of its score; by other criteria if there are."""
    if not isinstance(request.user, User):
        return []
    parks = Prefetch("parks", ShortlistPark.objects.filter(removed_at__isnull=True), "kept")
    lists = Shortlist.objects.filter(team__in=services.teams_of(request.user), removed_at__isnull=True)
    return [(one, score_query(one, keys, rows)) for one in lists.select_related("team").prefetch_related(parks)
            if (keys := [park.key for park in one.kept])]  # fmt: skip


def score_query(shortlist: Shortlist, keys: Sequence[str], rows: Sequence[Mapping[str, str]] = ()) -> str:
    """The query of a score of a list's parks: by its own criteria, unless told others."""
    query = QueryDict(mutable=True)
    query["team"], query["list"], query["keys"] = str(shortlist.team_id), str(shortlist.pk), ",".join(keys)
    return score_form.query_of(query, rows or [score_form.as_texts(one) for one in shortlist.criteria])


def values(team: Team, parks: Iterable[str]) -> list[OwnValue]:
    """What a team recorded on some parks and did not remove; one query."""
    return list(team.own_values.filter(park__in=list(parks), removed_at__isnull=True))


def scored(found: Iterable[OwnValue]) -> dict[str, list[Own]]:
    """The numbers among them that a criterion may be about, by park."""
    by_park: dict[str, list[Own]] = {}
    for one in found:
        if one.about and one.value is not None:
            by_park.setdefault(one.park, []).append(Own(one.about, one.value, one.unit))
    return by_park


def rows(found: Sequence[OwnValue], parks: Sequence[str]) -> list[Row]:
    """A row for each label, each marked as the team's own."""
    labels = list(dict.fromkeys(one.label for one in found))
    by_label: Mapping[str, list[OwnValue]] = {label: [one for one in found if one.label == label] for label in labels}
    return [_row(label, ours, parks) for label, ours in by_label.items()]


def _row(label: str, found: Sequence[OwnValue], parks: Sequence[str]) -> Row:
    units = {one.unit_words for one in found if one.value is not None}
    unit = units.pop() if len(units) == 1 else ""
    cells = [_cell([one for one in found if one.park == park], unit) for park in parks]
    said_ = {tuple(str(value.plain) for value in cell.values) for cell in cells if cell.values}
    return Row(f"/own/{label}", f"{_('本团队')} · {label}", unit, any(one.value is not None for one in found),
               len(said_) > 1, cells)  # fmt: skip


def _cell(found: Sequence[OwnValue], unit: str) -> Cell:
    values_ = [_value(one, unit) for one in found]
    return Cell("known" if found else "unknown", values_, phrases.NOTHING, "")


def _value(one: OwnValue, unit: str) -> Value:
    amount = (
        numbers.Amount("", numbers.grouped(one.value), "" if unit else one.unit_words)
        if one.value is not None
        else None
    )
    html = phrases.written(amount) if amount else phrases.NOTHING
    beside = " · ".join(filter(None, [said(one.date) if one.date else "", one.note]))
    text = format_html("{}{}", html, format_html(" {}" if html else "{}", one.text) if one.text else "")
    plain: Decimal | str = one.value if one.value is not None and not one.text else \
        " ".join(filter(None, [numbers.grouped(one.value) if one.value is not None else "", one.text]))  # fmt: skip
    mark = format_html('<span class="chip own">{}</span> ', _("本团队"))
    return Value(format_html("{}{}", mark, text), plain, beside, [])
