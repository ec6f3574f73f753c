from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PoliciesConfig(AppConfig):
    name = "policies"
    verbose_name = _("政策与平台")

    def ready(self) -> None:
        from policies.kinds import (
            INITIATIVE,
            ORGANISATION,
            PLATFORM,
            POLICY,
            PROGRAMME,
            ZONE,
        )
        from policies.work import AMENDED_PARENT, PERIOD_ENDED
        from tracker.curation.work import causes
        from tracker.entries import kinds

        kinds.register(ORGANISATION, PROGRAMME, POLICY, PLATFORM, ZONE, INITIATIVE)
        causes.register(AMENDED_PARENT, PERIOD_ENDED)
