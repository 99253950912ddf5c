"""Loopback ports that only our own processes know: free ones, the same at every start where that is possible."""

import json
import socket
from pathlib import Path

from backend.runner.options import Refused

NAMES = ("actions", "rasa", "mail")


def choose_ports(data_dir: Path) -> dict[str, int]:
    """Name → port."""
    kept = data_dir / "ports.json"
    ports: dict[str, int] = json.loads(kept.read_text()) if kept.exists() else {}
    for name in NAMES:
        if name not in ports or not is_free("127.0.0.1", ports[name]):
            ports[name] = free_port(taken=set(ports.values()))
    kept.write_text(json.dumps(ports))
    return ports


def is_free(host: str, port: int) -> bool:
    """Whether a server may listen there."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(
            socket.SOL_SOCKET, socket.SO_REUSEADDR, 1
        )  # as servers do: a connection's last echo is no user
        try:
            probe.bind((host, port))
            probe.listen(1)
        except OSError:
            return False
        return True


def require_free(host: str, port: int) -> None:
    """Raises Refused."""
    if not is_free(host, port):
        raise Refused(f"Another program listens on {host}:{port}; end it, or choose another PORT.")


def free_port(taken: set[int]) -> int:
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port: int = probe.getsockname()[1]
        if port not in taken:
            return port
