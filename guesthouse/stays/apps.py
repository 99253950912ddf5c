from django.apps import AppConfig


class StaysConfig(AppConfig):
    name = "guesthouse.stays"
    label = "guesthouse_stays"
