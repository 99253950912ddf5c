"""Identity numbers and the secrets of bridges at rest.

Fernet, with the keys of FIELD_KEY (several, by commas: the first seals, all open).
"""

from functools import lru_cache

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


@lru_cache(maxsize=1)
def _box(keys: str) -> MultiFernet:
    return MultiFernet([Fernet(key.strip()) for key in keys.split(",")])


def seal(text: str) -> bytes:
    return _box(settings.FIELD_KEY).encrypt(text.encode())


def unseal(token: bytes) -> str:
    """Raises cryptography.fernet.InvalidToken when no key of FIELD_KEY made `token`."""
    return _box(settings.FIELD_KEY).decrypt(token).decode()
