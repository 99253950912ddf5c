"""One web process: HTTP and websockets. It listens on the socket that the supervisor hands to all copies as standard
input, else on BIND_HOST and PORT.
"""

import os
import socket

import uvicorn

from backend.runner.processes import WEBSOCKET_BYTES


def main() -> None:
    config = uvicorn.Config(
        "backend.config.asgi:application",
        host=os.environ.get("BIND_HOST", "127.0.0.1"),
        port=int(os.environ.get("PORT", "8000")),
        ws_max_size=WEBSOCKET_BYTES,
        lifespan="off",  # Django has none
        log_config=None,  # Django's settings say how to log
        access_log=False,  # paths carry feed tokens and tickets
        server_header=False,
        timeout_graceful_shutdown=5,
    )
    shared = _shared_socket()
    uvicorn.Server(config).run(sockets=[shared] if shared else None)


def _shared_socket() -> socket.socket | None:
    try:
        shared = socket.socket(fileno=os.dup(0))
    except OSError:
        return None
    return shared if shared.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN) else None


if __name__ == "__main__":
    main()
