"""A real text-message gateway on a real socket, in this process."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


@dataclass
class Gateway:
    """Takes every message, unless told what to answer next; keeps what was sent to it."""

    url: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    # (status, words, seconds before answering) of the coming requests; then 202.
    answers: list[tuple[int, str, float]] = field(default_factory=list)

    def code(self) -> str:
        """The code of the newest message, as its reader would type it."""
        return str(self.asked[-1]["params"]["code"])


@contextmanager
def listening() -> Iterator[Gateway]:
    """A gateway that listens on a free port of this machine."""
    gateway = Gateway()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            gateway.asked.append(json.loads(body))
            gateway.headers.append({**dict(self.headers), "path": self.path})
            status, words, seconds = gateway.answers.pop(0) if gateway.answers else (202, "", 0.0)
            time.sleep(seconds)
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", f"{gateway.url}elsewhere")
            # Whoever waited too long has hung up.
            with suppress(BrokenPipeError, ConnectionResetError):
                self.end_headers()
                self.wfile.write(words.encode())

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the base class's name
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    gateway.url = f"http://127.0.0.1:{server.server_port}/messages"
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield gateway
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def point_to(settings: Any, url: str) -> None:
    """Let the settings name this gateway."""
    settings.SMS_URL, settings.SMS_TOKEN = url, "letter-box-key"
    settings.SMS_SIGN, settings.SMS_TEMPLATE = "慈溪邻里", "SMS_0421"
    settings.SMS_TIMEOUT = 1
