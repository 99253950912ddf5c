from django.apps import AppConfig


class SitesConfig(AppConfig):
    name = "meetings.sites"
    label = "meetings_sites"
