"""Where Unix sockets live: a private folder whose path is short enough for the kernel."""

import shutil
import tempfile
from pathlib import Path

LONGEST = 107 - len("/.s.PGSQL.5432.lock")  # bytes that Linux leaves for the folder's path


def socket_folder(home: Path) -> Path:
    """A folder for the sockets of `home`: inside it, or in /tmp where that path is too long.

    In that case `home/sockets` is a link to it, and the same folder is found again.
    """
    folder = home / "sockets"
    if len(bytes(folder)) <= LONGEST:
        folder.mkdir(mode=0o700, exist_ok=True)
        return folder
    if not folder.is_dir():  # never made, or the temporary folder was emptied since
        folder.unlink(missing_ok=True)
        folder.symlink_to(tempfile.mkdtemp(prefix="caunoi-", dir="/tmp"))
    return folder.readlink()


def forget_socket_folder(home: Path) -> None:
    """Remove what `socket_folder(home)` made outside `home`."""
    folder = home / "sockets"
    if folder.is_symlink():
        shutil.rmtree(folder.readlink(), ignore_errors=True)
        folder.unlink()
