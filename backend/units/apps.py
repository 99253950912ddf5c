from django.apps import AppConfig


class UnitsConfig(AppConfig):
    name = "backend.units"
    label = "backend_units"
