"""Where in the editors' rooms a task is done: the proposal, the ruling, or the very input of the form."""

from __future__ import annotations

from django.urls import reverse
from django.utils.http import urlencode

from tracker.curation.work.models import Sort, Task
from tracker.entries import kinds
from tracker.entries.fields import Children, Group


def address(task: Task) -> str:
    """The page on which the task is done."""
    if task.proposal_id is not None:
        return reverse("admin:tracker_proposal_change", args=[task.proposal_id])
    if task.sort == Sort.CONFLICT:
        rule = reverse("admin:tracker_conflict_rule", args=[task.kind, task.key])
        return f"{rule}?{urlencode({'path': task.path})}"
    return form_at(task.kind, task.key, task.path)


def form_at(kind: str, key: str, path: str) -> str:
    """The form of an entry, where a fact is."""
    return reverse("admin:tracker_proposal_propose", args=[kind, key]) + anchor(kind, path)


def anchor(kind: str, path: str) -> str:
    """Where in the form of an entry a path is: ``#part-areas``, ``#at-areas-site-2019``, ``#id_opened``."""
    head, key = [*path.split("/")[1:3], "", ""][:2]
    member = next((each for each in kinds.get(kind).all_fields if each.name == head), None)
    if member is None:
        return ""
    if isinstance(member, Children):
        return f"#at-{head}-{key}" if key else f"#part-{head}"
    return f"#part-{head}" if isinstance(member, Group) else f"#id_{head}"
