"""A sheet between its upload and its last row: kept for two hours, for the one who brought it."""

import secrets
from dataclasses import dataclass

from django.core.cache import cache

from backend.accounts.models import User
from backend.desk.setup.sheets.workbook import Table

LIFETIME = 2 * 3600


@dataclass
class Upload:
    """`order`: names of the columns; `table`: the rows still to be decided; `taken`: how many were written so far."""

    key: str
    user_id: int
    file_name: str
    order: list[str]
    table: Table
    taken: int = 0


def keep(upload: Upload, token: str = "") -> str:
    """Answers the token under which it is found again."""
    token = token or secrets.token_urlsafe(24)
    cache.set(_name(token), upload, LIFETIME)
    return token


def kept(token: str, user: User, key: str) -> Upload | None:
    """None when it has run out, or is somebody else's."""
    upload = cache.get(_name(token))
    return upload if upload and (upload.user_id, upload.key) == (user.pk, key) else None


def _name(token: str) -> str:
    return f"setup-sheet:{token}"
