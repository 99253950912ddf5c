"""Alive, ready, and what Prometheus reads."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx
import redis
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

NEEDED = ("database", "redis")


def healthz(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> HttpResponse:
    """Each dependency's state; 503 while one that is needed is not ready. The assistant is not needed."""
    checks: dict[str, Callable[[], None]] = {"database": _database, "redis": _redis, "bot": _bot}
    with ThreadPoolExecutor(len(checks)) as pool:
        states = dict(zip(checks, pool.map(_state, checks.values()), strict=True))
    ready = all(states[name] == "ready" for name in NEEDED)
    return JsonResponse({"status": "ready" if ready else "not ready", **states}, status=200 if ready else 503)


def _state(check: Callable[[], None]) -> str:
    try:
        check()
    except Exception:  # whatever it is, the dependency is not ready; its own log says why
        return "not ready"
    return "ready"


def _database() -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM django_migrations LIMIT 1")
    finally:
        connection.close()


def _redis() -> None:
    client = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2)
    try:
        client.ping()
    finally:
        client.close()


def _bot() -> None:
    """Our channel tells whether a model was loaded; Rasa itself answers without one."""
    httpx.get(f"{settings.RASA_URL}/webhooks/chat/", timeout=2).raise_for_status()


def metrics(request: HttpRequest) -> HttpResponse:
    return HttpResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST)
