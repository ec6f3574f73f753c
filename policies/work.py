"""Work that policies need: planning periods that are over, and parents that were amended."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date

from django.utils.translation import gettext as _

from tracker.curation.work.causes import Cause, WorkSort
from tracker.curation.work.models import Sort, Task
from tracker.entries.models import Entry, Reference, State

from .models import RelationType
from .status import PolicyStatus

BASED_ON = ("relations/policy", "declared_by", "legal_basis")
"""References that say what an entry rests on; of relations only those that implement."""
_CHANGES = (RelationType.AMENDS, RelationType.SUPERSEDES, RelationType.REPEALS, RelationType.PARTLY_REPEALS)


def _periods(pks: Collection[int], today: date) -> Iterator[Cause]:
    rows = Entry.objects.of_kind("policy").filter(pk__in=pks, policy__period_upper__lt=today)
    rows = rows.exclude(status=PolicyStatus.ENDED)
    for pk, period in rows.values_list("pk", "policy__period"):
        yield Cause(pk, "/period", state=period, about={"period": period})


def _period_words(task: Task) -> str:
    return _("规划期 %(period)s 已满：有无后续规划，是否仍有效") % {"period": task.about["period"]}


def _amended(pks: Collection[int], today: date) -> Iterator[Cause]:
    """Whatever implements, is declared by or based on a policy that another has changed since."""
    rests = Reference.objects.filter(entry__in=pks, field__in=BASED_ON, target__kind="policy")
    rests = rests.exclude(field="relations/policy", role__in=[role for role in RelationType if role != "implements"])
    found = list(rests.values_list("entry_id", "field", "child", "target_id", "target__name"))
    changes = Reference.objects.filter(
        target__in={row[3] for row in found}, field="relations/policy", role__in=_CHANGES
    )
    by_parent: dict[int, list[tuple[int, str, str, str]]] = defaultdict(list)
    columns = ("target_id", "entry_id", "role", "entry__key", "entry__name")
    for parent, changer, role, key, name in changes.filter(entry__state=State.LIVE).values_list(*columns):
        by_parent[parent].append((changer, role, key, name))
    for entry, field, child, parent, parent_name in found:
        others = [one for one in by_parent[parent] if one[0] != entry]
        if others:
            head, _slash, inner = field.partition("/")
            path = f"/{head}/{child}/{inner}" if child else f"/{field}"
            yield Cause(entry, path, state="|".join(sorted(f"{role} {key}" for _pk, role, key, _name in others)),
                        about={"parent": parent_name, "by": others[-1][3]})  # fmt: skip


def _amended_words(task: Task) -> str:
    return _("所依据的《%(parent)s》已被《%(by)s》修改、替代或废止，请核对") % {
        "parent": task.about["parent"], "by": task.about["by"]}  # fmt: skip


PERIOD_ENDED = WorkSort(Sort.PERIOD_ENDED, _period_words, days=60, find=_periods)
AMENDED_PARENT = WorkSort(Sort.AMENDED_PARENT, _amended_words, days=30, find=_amended)
