from django.apps import AppConfig


class LinksConfig(AppConfig):
    name = "meetings.links"
    label = "meetings_links"
