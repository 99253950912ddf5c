from django.apps import AppConfig


class ReservationsConfig(AppConfig):
    name = "backend.reservations"
    label = "backend_reservations"
