"""Command lines of our servers: what ends them with their parent, and without root's rights where root starts them.

PostgreSQL refuses to run as root. Started by root, a server runs as the owner of its folder: an account that every
machine has. Where that account cannot reach the folders (a checkout under /root), it keeps the one capability to
pass through them, and no other.
"""

import os
import pwd
from collections.abc import Sequence
from pathlib import Path

ACCOUNTS = ("postgres", "nobody")  # the first that this machine has
PASS_THROUGH = {
    "dac_read_search": 2,
    "dac_override": 1,
}  # capability → its bit; containers often have only the second


def leashed(command: Sequence[str], *, death_signal: str = "KILL", parent: str = "") -> list[str]:
    """`command`, which gets `death_signal` when its parent dies, even by SIGKILL.

    `parent` is that process's id, as the shell reads it; without it, this process. The kernel sends the signal for a
    death from now on: a parent that died before is noticed by its id.
    """
    return ["setpriv", "--pdeathsig", death_signal, "--", *_if_child_of(parent), *command]


def unprivileged(command: Sequence[str], *, folder: Path, death_signal: str = "KILL", parent: str = "") -> list[str]:
    """`leashed(command)`, as the owner of `folder` when root calls."""
    if os.geteuid() != 0:
        return leashed(command, death_signal=death_signal, parent=parent)
    owner = folder.stat()
    if owner.st_uid == 0:
        raise RuntimeError(f"{folder} belongs to root; a database server must not run as root.")
    return [
        *("setpriv", "--pdeathsig", death_signal, "--no-new-privs", "--clear-groups"),
        *(f"--reuid={owner.st_uid}", f"--regid={owner.st_gid}"),
        *_capabilities([folder, Path(command[0])], owner.st_uid),
        *("--", *_if_child_of(parent), *command),
    ]


def _if_child_of(parent: str) -> list[str]:
    return ["sh", "-c", f'[ "$PPID" = "{parent or os.getpid()}" ] && exec "$@"', "sh"]


def hand_over(folder: Path) -> None:
    """Make `folder` private; when root calls, give it and what it holds to an unprivileged account, once."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    if os.geteuid() == 0 and folder.stat().st_uid == 0:
        account = _account()
        for path in (folder, *folder.rglob("*")):
            os.chown(path, account.pw_uid, account.pw_gid, follow_symlinks=False)


def _account() -> pwd.struct_passwd:
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    return next(known[name] for name in ACCOUNTS if name in known)


def _capabilities(paths: Sequence[Path], uid: int) -> list[str]:
    if all(_reachable(path, uid) for path in paths):
        return ["--inh-caps=-all"]
    name = next((name for name, bit in PASS_THROUGH.items() if _bounding_set() >> bit & 1), None)
    if name is None:
        raise RuntimeError(f"The account with id {uid} cannot reach {paths[0]}; choose a DATA_DIR that it can reach.")
    return [f"--inh-caps=-all,+{name}", f"--ambient-caps=+{name}"]


def _reachable(path: Path, uid: int) -> bool:
    """Whether `uid`, a member of no group, may pass through every folder above `path`."""
    folders = (parent.stat() for parent in path.resolve().parents)
    return all(f.st_mode & (0o100 if f.st_uid == uid else 0o001) for f in folders)


def _bounding_set() -> int:
    status = Path("/proc/self/status").read_text()
    return int(
        next(line.split()[1] for line in status.splitlines() if line.startswith("CapBnd:")),
        16,
    )
