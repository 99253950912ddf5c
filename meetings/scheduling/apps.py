from django.apps import AppConfig


class SchedulingConfig(AppConfig):
    name = "meetings.scheduling"
    label = "meetings_scheduling"

    def ready(self) -> None:
        from meetings.scheduling import calling, receivers  # noqa: F401  (loading them registers them)
