"""Workers and the clock. Every periodic job is a sweep that finds its own work: a lost tick loses nothing."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.config.settings")

app = Celery("caunoi")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    "deliver": {"task": "backend.outbox.tasks.deliver", "schedule": 3.0, "options": {"expires": 3}},
    "call": {"task": "backend.outbox.tasks.call", "schedule": 3.0, "options": {"expires": 3}},
    "announce": {"task": "meetings.scheduling.tasks.announce_due", "schedule": 30.0, "options": {"expires": 30}},
    "advance": {"task": "meetings.scheduling.tasks.advance", "schedule": 30.0, "options": {"expires": 30}},
}
