from django.apps import AppConfig


class SchedulingConfig(AppConfig):
    name = "meetings.scheduling"
    label = "meetings_scheduling"
