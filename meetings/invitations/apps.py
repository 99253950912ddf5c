from django.apps import AppConfig


class InvitationsConfig(AppConfig):
    name = "meetings.invitations"
    label = "meetings_invitations"

    def ready(self) -> None:
        from meetings.invitations import receivers, renderers  # noqa: F401  (loading them registers them)
