"""A small HTTP server that behaves as BigBlueButton's API does: checksums, duplicates, what it does not know."""

import hashlib
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

SECRET = "bi-mat-cua-may-chu-bbb"


@dataclass
class Bbb:
    """`meetings`: meeting id → parameters of its `create`. `answers`: what to do instead, once each."""

    secret: str = SECRET
    digest: str = "sha256"
    port: int = 0
    meetings: dict[str, dict[str, str]] = field(default_factory=dict)
    calls: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    answers: list[tuple[int, str]] = field(default_factory=list)
    slow: threading.Event | None = None  # nothing is answered before it is set

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/bigbluebutton/"

    def answer(self, path: str) -> tuple[int, str]:
        parts = urlsplit(path)
        call = parts.path.removeprefix("/bigbluebutton/api/")
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self.calls.append((call, asked))
        if self.slow:
            self.slow.wait(5)
        if self.answers:
            return self.answers.pop(0)
        bare = parts.query.rpartition("&checksum=")[0]
        if asked.get("checksum") != hashlib.new(self.digest, f"{call}{bare}{self.secret}".encode()).hexdigest():
            return 200, failed("checksumError", "Checksums do not match")
        return 200, getattr(self, f"do_{call}")(asked)

    def do_create(self, asked: dict[str, str]) -> str:
        known = self.meetings.setdefault(asked["meetingID"], asked)
        if any(known[name] != asked[name] for name in ("attendeePW", "moderatorPW")):
            return failed("idNotUnique", "A meeting already exists with that meeting ID.")
        key = "" if known is asked else "<messageKey>duplicateWarning</messageKey>"
        return f"<response><returncode>SUCCESS</returncode><meetingID>{asked['meetingID']}</meetingID>{key}</response>"

    def do_join(self, asked: dict[str, str]) -> str:
        meeting = self.meetings.get(asked["meetingID"])
        if meeting is None:
            return failed("notFound", "We could not find a meeting with that meeting ID")
        role = next((name for name in ("moderatorPW", "attendeePW") if meeting[name] == asked["password"]), "")
        return f"<response><returncode>{'SUCCESS' if role else 'FAILED'}</returncode><role>{role}</role></response>"

    def do_end(self, asked: dict[str, str]) -> str:
        if self.meetings.pop(asked["meetingID"], None) is None:
            return failed("notFound", "We could not find a meeting with that meeting ID")
        return "<response><returncode>SUCCESS</returncode><messageKey>sentEndMeetingRequest</messageKey></response>"

    def names(self) -> list[str]:
        """The calls since the last time, in order."""
        names, self.calls = [call for call, _asked in self.calls], []
        return names


def failed(key: str, text: str) -> str:
    return (
        f"<response><returncode>FAILED</returncode><messageKey>{key}</messageKey><message>{text}</message></response>"
    )


def serve(bbb: Bbb) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = bbb.answer(self.path)
            self.send_response(status)
            if status == 302:
                self.send_header("Location", body)
            self.send_header("Content-Type", "text/xml")
            self.end_headers()
            with suppress(BrokenPipeError):  # the caller has had enough
                self.wfile.write(body.encode())

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    bbb.port = server.server_port
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    return server
