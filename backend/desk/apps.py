from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "backend.desk"
    label = "backend_desk"
