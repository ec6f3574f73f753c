"""One app, one label: the tables of the concerns below, re-exported for Django to find."""

from tracker.accounts.models import ApiToken, KeptAnswer, TokenUsage, User
from tracker.curation.importing.models import Import, ImportRow
from tracker.curation.links.models import SourceCheck
from tracker.curation.models import Proposal, ProposalSet, Step
from tracker.curation.work.models import Task, TaskMove
from tracker.delivery.snapshots.models import Snapshot
from tracker.delivery.webhooks.models import Webhook, WebhookAttempt, WebhookDelivery, WebhookNotice
from tracker.entries.models import (
    Change,
    ChangePlace,
    Containment,
    Counter,
    DocumentVersion,
    Entry,
    Name,
    Redirect,
    Reference,
    Revision,
)
from tracker.geography.models import Place
from tracker.jobs.models import Job
from tracker.search.models import SearchText
from tracker.sources.models import Citation, Conflict, Coverage, Source
from tracker.timeline.models import Event, Span
from tracker.vocabulary.models import Indicator, Industry, Term

__all__ = [
    "ApiToken", "Change", "ChangePlace", "Citation", "Conflict", "Containment", "Counter", "Coverage",
    "DocumentVersion", "Entry", "Event", "Import", "ImportRow", "Indicator", "Industry", "Job", "KeptAnswer",
    "Name", "Place", "Proposal", "ProposalSet", "Redirect", "Reference", "Revision", "SearchText", "Snapshot",
    "Source", "SourceCheck", "Span", "Step", "Task", "TaskMove", "Term", "TokenUsage", "User", "Webhook",
    "WebhookAttempt", "WebhookDelivery", "WebhookNotice",
]  # fmt: skip
