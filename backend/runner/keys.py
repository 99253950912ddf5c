"""Secrets of one service: made once, kept in the data folder for its owner alone."""

import base64
import os
import secrets
from pathlib import Path

FIELD_KEY = "field_key"
KEPT = ("secret_key", FIELD_KEY, "bot_service_key", "rasa_service_key")  # settings read them from NAME_FILE
FIRST_LOGIN = "first_password"  # of the account `admin` of an empty office
PASSWORDS = ("owner_password", "app_password", "rasa_password")  # of our own database roles


def make_keys(data_dir: Path) -> Path:
    """The folder of the secrets, with every one of them in it."""
    folder = data_dir / "secrets"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    for name in (*KEPT, *PASSWORDS, FIRST_LOGIN):
        if not (folder / name).exists():
            write_private(folder / name, new_key(name))
    return folder


def write_private(path: Path, text: str) -> None:
    """Whole or not at all, and never readable to others."""
    new = path.with_name(f"{path.name}.new")
    new.unlink(missing_ok=True)
    new.touch(mode=0o600)
    new.write_text(text, encoding="utf-8")
    new.replace(path)


def new_key(name: str) -> str:
    """A fresh value for one of the names above."""
    if name == FIELD_KEY:  # Fernet's form
        return base64.urlsafe_b64encode(os.urandom(32)).decode()
    return secrets.token_urlsafe(12 if name == FIRST_LOGIN else 40)
