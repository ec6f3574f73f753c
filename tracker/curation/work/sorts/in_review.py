"""A proposal that waits for an editor: to be reviewed, or approved and not yet published.

Its tasks follow the moves of the proposal (``refresh.proposal_moved``); there is nothing to be searched for.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from tracker.curation.models import Proposal
from tracker.curation.work.causes import WorkSort
from tracker.curation.work.models import Sort, Task


def _words(task: Task) -> str:
    assert task.proposal is not None
    if task.proposal.state == Proposal.State.APPROVED:
        return _("已批准，待发布：%(reason)s") % {"reason": task.proposal.reason or "—"}
    return _("待审阅：%(reason)s") % {"reason": task.proposal.reason or "—"}


IN_REVIEW = WorkSort(Sort.IN_REVIEW, _words, days=3)
