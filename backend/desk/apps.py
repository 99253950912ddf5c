from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "backend.desk"
    label = "backend_desk"

    def ready(self) -> None:
        from backend.desk.setup import passwords  # noqa: F401  (loading it registers its mails)
