from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ParksConfig(AppConfig):
    name = "parks"
    verbose_name = _("园区与布局")

    def ready(self) -> None:
        from parks.kinds import LAYOUT, PARK, SERIES
        from parks.layout_pages import WHAT_CHANGED
        from parks.pages import APPLIES_HERE
        from parks.park_page import IN_LAYOUTS, NEARBY, OPEN_QUESTIONS
        from tracker.entries import kinds
        from tracker.web import sections

        kinds.register(PARK, LAYOUT, SERIES)
        sections.register(WHAT_CHANGED)
        sections.register(OPEN_QUESTIONS)
        sections.register(IN_LAYOUTS)
        sections.register(APPLIES_HERE)
        sections.register(NEARBY)
