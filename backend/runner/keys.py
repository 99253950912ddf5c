"""Secrets of one service: made once, kept in the data folder for its owner alone."""

import base64
import os
import secrets
from pathlib import Path

FIELD_KEY = "field_key"
KEPT = ("secret_key", FIELD_KEY, "bot_service_key", "rasa_service_key")  # settings read them from NAME_FILE
FIRST_LOGIN = "first_password"  # of the account `admin` of an empty office
ADMIN, REDIS = "admin_password", "redis_password"  # of the servers in containers
PASSWORDS = ("owner_password", "app_password", "rasa_password")  # of our own database roles
DATABASE_URLS = ("DATABASE_OWNER_URL", "DATABASE_URL", "RASA_DATABASE_URL")  # owner, application, Rasa


def make_keys(data_dir: Path) -> Path:
    """The folder of the secrets, with every one of them in it."""
    folder = data_dir / "secrets"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    for name in (*KEPT, *PASSWORDS, FIRST_LOGIN, ADMIN, REDIS):
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


def write_env_files(folder: Path) -> None:
    """The secrets of docker-compose.yml, each file with no more than its containers need. Kept where they are."""
    from backend.runner.database import in_our_server  # keys are also made where no driver is installed

    secrets_folder = make_keys(folder)
    known = {name: (secrets_folder / name).read_text() for name in (*KEPT, *PASSWORDS, FIRST_LOGIN, ADMIN, REDIS)}
    admin_url = f"postgresql://postgres:{known[ADMIN]}@postgres:5432/postgres"
    urls = dict(zip(DATABASE_URLS, in_our_server(admin_url, database="caunoi", passwords=known), strict=True))
    bot = {name.upper(): known[name] for name in ("bot_service_key", "rasa_service_key")}
    service = {name.upper(): known[name] for name in KEPT}
    files = {
        "postgres": {"POSTGRES_PASSWORD": known[ADMIN]},
        "redis": {"REDIS_PASSWORD": known[REDIS]},
        "service": {
            **service,
            "DATABASE_URL": urls["DATABASE_URL"],
            "REDIS_URL": f"redis://:{known[REDIS]}@redis:6379/0",
        },
        "setup": {"DATABASE_ADMIN_URL": admin_url, "ADMIN_PASSWORD": known[FIRST_LOGIN], **urls},
        "bot": {**bot, "RASA_DATABASE_URL": urls["RASA_DATABASE_URL"]},
    }
    for name, values in files.items():
        write_private(folder / f"{name}.env", "".join(f"{key}={value}\n" for key, value in values.items()))
