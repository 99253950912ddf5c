from django.apps import AppConfig


class CateringConfig(AppConfig):
    name = "guesthouse.catering"
    label = "guesthouse_catering"
