from django.apps import AppConfig


class CateringConfig(AppConfig):
    name = "guesthouse.catering"
    label = "guesthouse_catering"

    def ready(self) -> None:
        from guesthouse.catering import receivers  # noqa: F401  (loading them registers them)
