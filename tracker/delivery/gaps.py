"""What is wanting in published entries, as conditions that lists, filters, figures and the queue of work share.

A gap has one name everywhere: ``stale`` (its evidence is past its shelf life), ``conflict`` (sources disagree and no
editor has ruled), ``unsourced`` (a fact rests on nothing but the editor's judgement), and the name of a field that one
expects of its kind and that is not known.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.apps import apps
from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat

from tracker.entries.fields import Children, Code, Field, Group, Number, Ref, Texts
from tracker.entries.kinds import Kind
from tracker.entries.models import Entry, Reference
from tracker.sources.models import Citation, Conflict
from tracker.values.codes import Rank

STALE, CONFLICT, UNSOURCED = "stale", "conflict", "unsourced"
COMMON = (STALE, CONFLICT, UNSOURCED)
JUDGEMENT = "editorial-judgement"
"""The category of sources that are an editor's word and no document."""


def names(kind: Kind) -> tuple[str, ...]:
    """Every gap an entry of the kind can have."""
    return (*COMMON, *kind.expected) if not kind.reference_data else (CONFLICT, *kind.expected)


def condition(kind: Kind, name: str, today: date) -> Q:
    """Which entries of the kind have the gap."""
    match name:
        case "stale":
            return stale(today)
        case "conflict":
            return Q(Exists(undecided().filter(entry=OuterRef("pk"))))
        case "unsourced":
            return Q(Exists(judged_alone(kind).filter(entry=OuterRef("pk"))))
        case _:
            return lacks(kind, kind.field(name))


def stale(today: date) -> Q:
    return Q(stale_after__lt=today)


def undecided() -> QuerySet[Conflict]:
    """Conflicts on which no editor has said a word yet."""
    return Conflict.objects.filter(ruling="")


# --- a field that is not known


def lacks(kind: Kind, member: Field) -> Q:
    """Entries of which a field is not known; one that is named by title only is known."""
    if isinstance(member, Children):
        rows = _child_rows(member).filter(entry=OuterRef("pk"))
        return ~Q(Exists(rows))
    if member.name == "category":
        return Q(category__isnull=True)
    if isinstance(member, Ref):
        return ~Q(Exists(Reference.objects.filter(entry=OuterRef("pk"), field=member.name)))
    if isinstance(member, Group):
        found = Q()
        for inner in member.fields:
            found &= lacks(kind, inner)
        return found
    return _empty(kind, member)


def _child_rows(member: Children) -> QuerySet[Any]:
    rows: QuerySet[Any] = apps.get_model(member.model)._default_manager.all()
    return rows


def _empty(kind: Kind, member: Field) -> Q:
    column = member.columns[0]
    path = column if column in kind.entry_columns else f"{kind.name_of_detail}__{column}"
    if isinstance(member, Texts):
        return Q(**{path: []})
    if isinstance(member, Number):
        return Q(**{f"{path}__isnull": True})
    return Q(**{path: ""})


# --- a fact that rests on judgement alone


def judged_alone(kind: Kind) -> QuerySet[Citation]:
    """Citations of an editor's judgement for a fact that no document is cited for; to sort something is to judge."""
    words = Entry.objects.filter(kind="source", category__kind="term", category__key=JUDGEMENT)
    judged = Citation.objects.filter(source__in=words, entry__kind=kind.name).exclude(rank=Rank.DEPRECATED)
    facts = judged.exclude(path="").exclude(_sorts(kind))
    documents = Citation.objects.filter(entry=OuterRef("entry")).exclude(rank=Rank.DEPRECATED).exclude(source__in=words)
    same = documents.annotate(judged=ExpressionWrapper(OuterRef("path"), CharField())).filter(
        Q(judged=F("path")) | Q(judged__startswith=Concat(F("path"), Value("/")))
    )  # the path itself, or one that contains it; "" contains all
    return facts.exclude(Exists(same))


def _sorts(kind: Kind) -> Q:
    """Paths that say of what sort something is: codes, terms and industries, and English names."""
    found = Q(path__startswith="/aliases")
    for member in kind.all_fields:
        if isinstance(member, Children | Group):
            for inner in member.fields:
                if _is_sort(inner):
                    found |= Q(path__startswith=f"/{member.name}/", path__endswith=f"/{inner.name}")
        elif _is_sort(member):
            found |= Q(path=f"/{member.name}") | Q(path__startswith=f"/{member.name}/")
    return found


def _is_sort(member: Field) -> bool:
    return isinstance(member, Code) or not member.cited or (
        isinstance(member, Ref) and set(member.kinds) <= {"term", "industry"}
    )  # fmt: skip
