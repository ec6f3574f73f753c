from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TrackerConfig(AppConfig):
    name = "tracker"
    verbose_name = _("追踪器")

    def ready(self) -> None:
        from django.conf import settings

        from tracker.accounts.idempotency import FORGET_ANSWERS, forget_answers
        from tracker.curation.days import PASS_DAYS, pass_days
        from tracker.curation.importing import plan as importing
        from tracker.curation.importing.checking import check
        from tracker.curation.importing.landing import propose
        from tracker.curation.importing.reverting import revert
        from tracker.curation.importing.trimming import TRIM_IMPORTS, trim_imports
        from tracker.curation.jobs import APPROVE_BATCH, PUBLISH_BATCH, approve_batch, publish_batch
        from tracker.curation.links.checking import CHECK_SOURCES, check_sources
        from tracker.curation.scheduling import PUBLISH_DUE, is_due, publish_due
        from tracker.curation.work import causes, sorts
        from tracker.curation.work.refresh import FIND_WORK, find_work
        from tracker.delivery.snapshots.job import make
        from tracker.delivery.snapshots.plan import SNAPSHOT
        from tracker.delivery.webhooks.log import TRIM_LOG, trim_log
        from tracker.delivery.webhooks.redelivery import REDELIVER, redeliver
        from tracker.entries import kinds
        from tracker.geography.kinds import PLACE
        from tracker.jobs import registry
        from tracker.sources.kinds import COVERAGE, SOURCE
        from tracker.values import arrays
        from tracker.vocabulary.kinds import INDICATOR, INDUSTRY, TERM
        from tracker.web.resetting import MAIL_RESET, mail_reset

        arrays.register()
        kinds.register(PLACE, TERM, SOURCE, INDUSTRY, INDICATOR, COVERAGE)
        registry.register(PUBLISH_BATCH, publish_batch)
        registry.register(APPROVE_BATCH, approve_batch)
        registry.register_when(PUBLISH_DUE, publish_due, is_due)
        registry.register(importing.CHECK, check)
        registry.register(importing.PROPOSE, propose)
        registry.register(importing.REVERT, revert)
        registry.register_daily(TRIM_IMPORTS, trim_imports)
        registry.register(REDELIVER, redeliver)
        registry.register_daily(PASS_DAYS, pass_days)
        registry.register_daily(FORGET_ANSWERS, forget_answers)
        registry.register_daily(TRIM_LOG, trim_log)
        registry.register(SNAPSHOT, make)
        registry.register(MAIL_RESET, mail_reset)
        causes.refuse_strange_days(settings.TASK_DUE_DAYS)
        causes.register(*sorts.COMMON)
        registry.register_daily(CHECK_SOURCES, check_sources)
        registry.register_daily(FIND_WORK, find_work)
