"""The list of one kind: filters, facets with true counts, and one keyset page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import QueryDict
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from tracker.delivery import gaps
from tracker.entries import kinds
from tracker.entries.fields import Code, Text
from tracker.entries.fields import Field as KindField
from tracker.entries.kinds import Kind
from tracker.entries.models import Containment, Entry
from tracker.rest import keyset
from tracker.search import index
from tracker.sources.models import Topic
from tracker.values import edtf

from . import coverage, paging, parameters, rows
from .language import label, said, spoken

MUNICIPALITIES = ("110000", "120000", "310000", "500000", "810000", "820000")
SHOWN = 14  # values of a facet before the rest is folded away
SORTS = ("date", "name", "changed")


@dataclass(frozen=True)
class Choice:
    """One value of a facet."""

    value: str
    label: str
    count: int
    chosen: bool
    href: str
    share: str
    """The width of its quiet bar, in per cent of the largest."""
    lang: str = ""


@dataclass(frozen=True)
class Facet:
    name: str
    label: str
    first: list[Choice]
    rest: list[Choice]


@dataclass(frozen=True)
class Active:
    """A filter in force, and the address without it."""

    label: str
    value: str
    href: str


@dataclass
class Asked:
    """The parameters of a list, understood and checked."""

    q: str
    places: dict[str, Entry]
    categories: dict[str, Entry]
    industries: dict[str, Entry]
    statuses: list[str]
    columns: dict[str, list[str]]
    gaps: list[str]
    refers: Entry | None
    start: edtf.Edtf | None
    end: edtf.Edtf | None
    sort: str


@dataclass
class Listing:
    kind: Kind
    lines: list[rows.Line]
    count: int
    facets: list[Facet]
    active: list[Active]
    asked: Asked
    next: str | None
    previous: str | None
    sorts: list[tuple[str, str, str]] = field(default_factory=list)
    looked: list[coverage.Looked] = field(default_factory=list)
    """How far one looked for entries of the kind, where the list is of one place."""


def asked(kind: Kind, query: QueryDict) -> Asked:
    """Read and check every parameter; a wrong one raises ``Invalid``."""
    statuses = list(kind.statuses.values) if kind.statuses else []
    default = "date" if kind.main_date else "name"
    return Asked(
        q=parameters.words(query),
        places=parameters.entries(query, "place", "place"),
        categories=parameters.entries(query, "category", "term"),
        industries=parameters.entries(query, "industry", "industry"),
        statuses=parameters.many_of(query, "status", statuses),
        columns={member.name: _column_values(member, query) for member in faceted(kind)},
        gaps=parameters.many_of(query, "gap", gaps.names(kind)), refers=parameters.referred(query),
        start=parameters.date(query, "from"), end=parameters.date(query, "to"),
        sort=parameters.one_of(query, "sort", SORTS) or default,
    )  # fmt: skip


def faceted(kind: Kind) -> list[KindField]:
    """The members that a list can be narrowed by: codes and words whose column is indexed."""
    model = kind.detail_model
    indexed = {column.name for column in model._meta.get_fields() if getattr(column, "db_index", False)}
    return [member for member in kind.fields if isinstance(member, Code | Text) and member.columns[0] in indexed]


def _column_values(member: KindField, query: QueryDict) -> list[str]:
    if isinstance(member, Code):
        return parameters.many_of(query, member.name, member.choices.values)
    return [value for value in query.getlist(member.name) if value]


def conditions(kind: Kind, ask: Asked) -> dict[str, Q]:
    """One condition for each filter, so that a facet can be counted without its own."""
    found: dict[str, Q] = {}
    if ask.places:
        inside = Containment.objects.filter(container__kind="place", container__key__in=list(ask.places))
        found["place"] = Q(pk__in=inside.values("entry_id"))
    if ask.industries:
        inside = Containment.objects.filter(container__kind="industry", container__key__in=list(ask.industries))
        found["industry"] = Q(pk__in=inside.values("entry_id"))
    if ask.categories:
        found["category"] = Q(category__key__in=list(ask.categories))
    if ask.statuses:
        found["status"] = Q(status__in=ask.statuses)
    for member in faceted(kind):
        if values := ask.columns[member.name]:
            found[member.name] = Q(**{f"{_detail(kind)}__{member.columns[0]}__in": values})
    if ask.gaps:
        found["gap"] = reduce(or_, (gaps.condition(kind, gap, localdate()) for gap in ask.gaps))
    if ask.refers:
        found["refers"] = Q(references__target=ask.refers)
    if ask.q:
        found["q"] = Q(pk__in=index.matching(ask.q).values("pk"))
    if ask.start and ask.start.lower:
        found["from"] = Q(date_upper__gte=ask.start.lower)
    if ask.end and ask.end.upper:
        found["to"] = Q(date_lower__lte=ask.end.upper)
    return found


def _detail(kind: Kind) -> str:
    return str(kind.detail_model._meta.model_name)


def select(kind: Kind, wanted: dict[str, Q], *, without: str = "") -> QuerySet[Entry]:
    rows_ = Entry.objects.live().of_kind(kind.name)
    for name, condition in wanted.items():
        if name != without:
            rows_ = rows_.filter(condition)
    return rows_.distinct() if "refers" in wanted else rows_


_ORDERS = {
    "date": [keyset.Column("date_sort", descending=True), keyset.Column("key")],
    "name": [keyset.Column("key")],
    "changed": [keyset.Column("version", descending=True)],
}


def listing(kind: Kind, query: QueryDict, path: str) -> Listing:
    """Everything a list page shows, in a number of queries that does not depend on the data."""
    ask = asked(kind, query)
    wanted = conditions(kind, ask)
    page = paging.page(select(kind, wanted), _ORDERS[ask.sort], query, path)
    return Listing(
        kind=kind, lines=rows.lines(page.rows), count=select(kind, wanted).count(),
        facets=[facet for facet in _facets(kind, ask, wanted, query) if facet.first],
        active=list(_active(kind, ask, query)), asked=ask,
        next=page.next, previous=page.previous,
        sorts=[(name, words, parameters.changed(query, sort=name)) for name, words in _sorts(kind)],
        looked=_looked(kind, ask),
    )  # fmt: skip


def _looked(kind: Kind, ask: Asked) -> list[coverage.Looked]:
    """Only where the list is of one place and of a kind that one looks for."""
    if len(ask.places) != 1 or kind.name not in Topic.values:
        return []
    return coverage.of(next(iter(ask.places.values())), [kind.name])


def _sorts(kind: Kind) -> list[tuple[str, str]]:
    dated = [("date", _("日期"))] if kind.main_date else []
    return [*dated, ("name", _("名称")), ("changed", _("最近变更"))]


# --- facets -------------------------------------------------------------------------------------------------------


def _facets(kind: Kind, ask: Asked, wanted: dict[str, Q], query: QueryDict) -> Iterator[Facet]:
    if not kind.reference_data:
        yield _facet("place", _("城市"), _by_city(kind, select(kind, wanted, without="place")), list(ask.places), query)
    if any(member.name == "category" for member in kind.fields):
        yield _facet("category", _("类别"), _by_category(select(kind, wanted, without="category")),
                     list(ask.categories), query)  # fmt: skip
    for member in faceted(kind):
        counted = _by_column(kind, member, select(kind, wanted, without=member.name))
        yield _facet(member.name, label(member), counted, ask.columns[member.name], query)
    if kind.statuses:
        counted = [(code, rows.status_label(kind, code), "", count) for code, count in
                   _counted(select(kind, wanted, without="status"), "status")]  # fmt: skip
        yield _facet("status", _("状态"), counted, ask.statuses, query)


def _counted(selected: QuerySet[Entry], column: str) -> list[tuple[str, int]]:
    found = selected.order_by().values_list(column).annotate(number=Count("pk", distinct=True)).order_by("-number")
    return [(value, number) for value, number in found if value]


def _by_city(kind: Kind, selected: QuerySet[Entry]) -> list[tuple[str, str, str, int]]:
    """By city; a municipality counts as one."""
    found = (
        Containment.objects.filter(kind=kind.name, level__in=Containment.CITIES, entry__in=selected.values("pk"))
        .values_list("container__key", "container__name", "container__place__short_name", "container__name_en")
        .annotate(number=Count("entry_id"))
        .order_by("-number", "container__key")
    )
    spoken_ = [(key, spoken(short or name, name_en), number) for key, name, short, name_en, number in found]
    return [(key, name.text, name.lang, number) for key, name, number in spoken_]


def _by_category(selected: QuerySet[Entry]) -> list[tuple[str, str, str, int]]:
    found = (
        selected.filter(category__isnull=False)
        .order_by()
        .values_list("category__key", "category__name", "category__name_en")
        .annotate(number=Count("pk", distinct=True))
        .order_by("-number", "category__key")
    )
    named = [(key, spoken(name, name_en), number) for key, name, name_en, number in found]
    return [(key, name.text, name.lang, number) for key, name, number in named]


def _by_column(kind: Kind, member: KindField, selected: QuerySet[Entry]) -> list[tuple[str, str, str, int]]:
    counted = _counted(selected, f"{_detail(kind)}__{member.columns[0]}")
    return [(value, value_label(member, value), "", number) for value, number in counted]


def value_label(member: KindField, value: str) -> str:
    if isinstance(member, Code):
        choice: Any = next((choice for choice in member.choices if choice.value == value), None)
        return label(choice) if hasattr(choice, "zh") else value
    return value


def gap_label(kind: Kind, gap: str) -> str:
    """What is wanting, in words."""
    words = {gaps.STALE: _("证据已过时效"), gaps.CONFLICT: _("说法不一，未裁定"), gaps.UNSOURCED: _("只凭编者判断")}
    return words.get(gap) or _("未知：%(field)s") % {"field": label(kind.field(gap))}


def _facet(name: str, title: str, counted: list[tuple[str, str, str, int]], chosen: list[str],
           query: QueryDict) -> Facet:  # fmt: skip
    largest = max((number for *_rest, number in counted), default=1)
    choices = [
        Choice(value, words, number, value in chosen, parameters.toggled(query, name, value),
               f"{max(2, round(number / largest * 100))}%", lang)
        for value, words, lang, number in counted
    ]  # fmt: skip
    return Facet(name, title, choices[:SHOWN], choices[SHOWN:])


def _active(kind: Kind, ask: Asked, query: QueryDict) -> Iterator[Active]:
    if ask.q:
        yield Active(_("检索"), ask.q, parameters.changed(query, q=None))
    for name, title, chosen in (("place", _("地区"), ask.places), ("industry", _("产业"), ask.industries),
                                ("category", _("类别"), ask.categories)):  # fmt: skip
        for key, entry in chosen.items():
            yield Active(title, spoken(entry.name, entry.name_en).text, parameters.toggled(query, name, key))
    for member in faceted(kind):
        for value in ask.columns[member.name]:
            yield Active(label(member), value_label(member, value), parameters.toggled(query, member.name, value))
    for code in ask.statuses:
        yield Active(_("状态"), rows.status_label(kind, code), parameters.toggled(query, "status", code))
    for gap in ask.gaps:
        yield Active(_("有待完善"), gap_label(kind, gap), parameters.toggled(query, "gap", gap))
    if ask.refers:
        words = f"{label(kinds.get(ask.refers.kind))} {spoken(ask.refers.name, ask.refers.name_en).text}"
        yield Active(_("提到"), words, parameters.changed(query, refers=None))
    for name, title, bound in (("from", _("自"), ask.start), ("to", _("至"), ask.end)):
        if bound:
            yield Active(title, said(bound.text), parameters.changed(query, **{name: None}))
