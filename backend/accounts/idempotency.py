"""`Idempotency-Key`: the first POST is done, its repetitions get the same answer.

The row is inserted in the transaction of the act itself: a second request with the same key waits on the unique
constraint until the first has committed, then reads its answer. Keys live 24 hours.
"""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from backend.accounts.authentication import caller
from backend.accounts.models import IdempotencyKey, User
from backend.common.errors import Invalid

LIFETIME = timedelta(hours=24)


def once(request: Request, now: datetime, act: Callable[[], Response]) -> Response:
    """Run `act` once per (user, Idempotency-Key); Invalid (`key_reused`) when the body differs."""
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        return act()
    if len(key) > 200:
        raise Invalid("bad_key", _("An Idempotency-Key has at most 200 characters."))
    mark = _fingerprint(request)
    try:
        with transaction.atomic():
            return _first(caller(request), key, mark, now, act)
    except _Repeated:
        row = IdempotencyKey.objects.get(user=caller(request), key=key)
    if row.fingerprint != mark:
        raise Invalid("key_reused", _("This Idempotency-Key was used for another request."), field="Idempotency-Key")
    return Response(row.body, status=row.status)


class _Repeated(Exception):
    pass


def _first(user: User, key: str, mark: str, now: datetime, act: Callable[[], Response]) -> Response:
    IdempotencyKey.objects.filter(user=user, created_at__lt=now - LIFETIME).delete()
    try:
        with transaction.atomic():
            row = IdempotencyKey.objects.create(user=user, key=key, fingerprint=mark, created_at=now)
    except IntegrityError as error:
        raise _Repeated from error
    response = act()
    row.status, row.body = response.status_code, json.loads(json.dumps(response.data, default=str))
    row.save(update_fields=["status", "body"])
    return response


def _fingerprint(request: Request) -> str:
    content: Any = [request.method, request.path, request.data]
    text = json.dumps(content, sort_keys=True, default=str)
    return salted_hmac("idempotency", text, algorithm="sha256").hexdigest()
