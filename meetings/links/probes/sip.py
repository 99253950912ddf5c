"""SIP OPTIONS over UDP (RFC 3261 section 11). Any response, whatever its status, shows that the endpoint answers."""

import secrets
import socket

from meetings.links.probes.burst import burst
from meetings.links.targets import Target


async def probe(target: Target, *, count: int, interval: float, timeout: float) -> list[float | None]:
    call_id = secrets.token_hex(16)
    with socket.socket(target.family, socket.SOCK_DGRAM) as sock:
        sock.setblocking(False)
        sock.connect((target.address, target.port))
        local = authority(*sock.getsockname()[:2])
        return await burst(
            sock,
            lambda sequence: options(authority(target.address, target.port), local, call_id, sequence),
            lambda datagram: sequence_of(datagram, call_id),
            count=count,
            interval=interval,
            timeout=timeout,
        )


def authority(address: str, port: int) -> str:
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def options(remote: str, local: str, call_id: str, sequence: int) -> bytes:
    lines = (
        f"OPTIONS sip:{remote} SIP/2.0",
        f"Via: SIP/2.0/UDP {local};rport;branch=z9hG4bK{call_id}{sequence}",
        "Max-Forwards: 70",
        f"From: <sip:prober@{local}>;tag={call_id[:8]}",
        f"To: <sip:{remote}>",
        f"Call-ID: {call_id}",
        f"CSeq: {sequence + 1} OPTIONS",
        f"Contact: <sip:prober@{local}>",
        "Accept: application/sdp",
        "Content-Length: 0",
        "",
        "",
    )
    return "\r\n".join(lines).encode()


def sequence_of(datagram: bytes, call_id: str) -> int | None:
    """Which of our requests this answers, counted from 0; None for whatever is not an answer to this call."""
    start, headers = parse(datagram)
    number = headers.get("cseq", "").partition(" ")[0]
    ours = headers.get("call-id", headers.get("i")) == call_id
    return int(number) - 1 if start.startswith("SIP/2.0 ") and ours and number.isdecimal() else None


def parse(datagram: bytes) -> tuple[str, dict[str, str]]:
    """The start line, and the first header of each name, in lower case."""
    start, *lines = datagram.partition(b"\r\n\r\n")[0].decode(errors="replace").split("\r\n")
    headers: dict[str, str] = {}
    for line in lines:
        name, _, value = line.partition(":")
        headers.setdefault(name.strip().lower(), value.strip())
    return start, headers
