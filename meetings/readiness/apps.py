from django.apps import AppConfig


class ReadinessConfig(AppConfig):
    name = "meetings.readiness"
    label = "meetings_readiness"

    def ready(self) -> None:
        from meetings.readiness import receivers  # noqa: F401  (loading them registers them)
