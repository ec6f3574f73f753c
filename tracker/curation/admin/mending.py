"""Where in the editors' rooms a task is done: the proposal, the ruling, or the very input of the form."""

from __future__ import annotations

from django.urls import reverse

from tracker.curation.work.models import Sort, Task
from tracker.entries import kinds
from tracker.entries.fields import Children, Group


def address(task: Task) -> str:
    """The page on which the task is done."""
    if task.proposal_id is not None:
        return reverse("admin:tracker_proposal_change", args=[task.proposal_id])
    form = reverse("admin:tracker_proposal_propose", args=[task.kind, task.key])
    if task.sort == Sort.CONFLICT:
        return f"{form}#part-rulings"
    return form + anchor(task.kind, task.path)


def anchor(kind: str, path: str) -> str:
    """Where in the form of an entry a path is: ``#part-areas``, ``#at-areas-site-2019``, ``#id_opened``."""
    head, key = [*path.split("/")[1:3], "", ""][:2]
    member = next((each for each in kinds.get(kind).all_fields if each.name == head), None)
    if member is None:
        return ""
    if isinstance(member, Children):
        return f"#at-{head}-{key}" if key else f"#part-{head}"
    return f"#part-{head}" if isinstance(member, Group) else f"#id_{head}"
