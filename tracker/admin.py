"""Found by the admin: what the shared core registers with it."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.auth.models import Group

from tracker.curation.admin.conflicts import ConflictAdmin
from tracker.curation.admin.entries import EntryAdmin
from tracker.curation.admin.history import ChangeAdmin, JobAdmin, RevisionAdmin
from tracker.curation.admin.importing import ImportAdmin
from tracker.curation.admin.people import PeopleAdmin
from tracker.curation.admin.queue import ProposalAdmin
from tracker.curation.admin.sets import ProposalSetAdmin
from tracker.curation.admin.snapshots import SnapshotAdmin
from tracker.curation.admin.sources import SourceAdmin
from tracker.curation.admin.tasks import TaskAdmin
from tracker.curation.admin.tokens import TokenAdmin
from tracker.curation.admin.webhooks import WebhookAdmin, WebhookDeliveryAdmin
from tracker.models import (
    ApiToken,
    Change,
    Conflict,
    Coverage,
    Import,
    Indicator,
    Industry,
    Job,
    Place,
    Proposal,
    ProposalSet,
    Revision,
    Snapshot,
    Source,
    Task,
    Term,
    User,
    Webhook,
    WebhookDelivery,
)

admin.site.register(Task, TaskAdmin)
admin.site.register(Proposal, ProposalAdmin)
admin.site.register(ProposalSet, ProposalSetAdmin)
admin.site.register(Revision, RevisionAdmin)
admin.site.register(Change, ChangeAdmin)
admin.site.register(Job, JobAdmin)
admin.site.register(Import, ImportAdmin)
admin.site.register(Snapshot, SnapshotAdmin)
admin.site.register(User, PeopleAdmin)
admin.site.register(ApiToken, TokenAdmin)
admin.site.register(Webhook, WebhookAdmin)
admin.site.register(WebhookDelivery, WebhookDeliveryAdmin)
admin.site.register(Source, SourceAdmin)
admin.site.register(Conflict, ConflictAdmin)
admin.site.register([Coverage, Place, Industry, Indicator, Term], EntryAdmin)
if admin.site.is_registered(Group):
    admin.site.unregister(Group)  # the groups are the roles; nobody makes others by hand
