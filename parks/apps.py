from django.apps import AppConfig


class ParksConfig(AppConfig):
    name = "parks"
    verbose_name = "园区与布局"

    def ready(self) -> None:
        from parks.kinds import LAYOUT, PARK, SERIES
        from tracker.entries import kinds

        kinds.register(PARK, LAYOUT, SERIES)
