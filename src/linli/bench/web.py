"""A real web process of Linli, and clients that press it."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from linli.machine.places import ROOT, child_environment
from linli.machine.processes import web_workers

PATIENCE = 60.0
THREADS = 4
CSRF = "a" * 32


@dataclass
class Pressed:
    """What a press measured: milliseconds of each answer, seconds in all."""

    times: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.times) / self.seconds if self.seconds else 0.0

    def at(self, percent: int) -> float:
        """The milliseconds within which this share of answers came."""
        if len(self.times) < 2:  # noqa: PLR2004
            return self.times[0] if self.times else 0.0
        return statistics.quantiles(self.times, n=100, method="inclusive")[percent - 1]


@dataclass(frozen=True)
class Web:
    """A running web process."""

    host: str
    port: int
    process: subprocess.Popen[bytes]

    def rss_mb(self) -> float:
        """Resident memory of its largest worker process, in megabytes."""
        return max(_rss(pid) for pid in _children(self.process.pid)) / 1024


@contextmanager
def web(database_url: str, *, data: Path, secret: str) -> Iterator[Web]:
    """Run the web process as `serve` does, on this database, until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    data.mkdir(parents=True, exist_ok=True)
    env = child_environment(
        DATABASE_URL=database_url, DATABASE_OWNER_URL="", LINLI_MODE="demo",
        LINLI_DATA_DIR=str(data), LINLI_SECRET_KEY=secret,
        LINLI_PUBLIC_ADDRESS=f"http://127.0.0.1:{port}", DJANGO_SETTINGS_MODULE="linli.settings",
    )  # fmt: skip
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1",
        "--port", str(port), "--workers", str(web_workers()), "--blocking-threads", str(THREADS),
        "--workers-kill-timeout", "10", "--no-ws", "--log-level", "warning",
        "linli.machine.web:application",
    ]  # fmt: skip
    with (data / "web.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log)
        try:
            _wait(port)
            yield Web("127.0.0.1", port, process)
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


Ask = Callable[[http.client.HTTPConnection, dict[str, str]], http.client.HTTPResponse]


def press(
    server: Web, asks: Sequence[Ask], cookies: Sequence[str], *, seconds: float, good: set[int]
) -> Pressed:
    """Let one client a cookie ask again and again, without a pause, on a connection it keeps."""
    pressed, lock = Pressed(), threading.Lock()
    began = time.perf_counter()

    def client(number: int) -> None:
        connection = http.client.HTTPConnection(server.host, server.port, timeout=60)
        headers = {"Cookie": cookies[number], "X-CSRFToken": CSRF}
        own: list[float] = []
        wrong: list[str] = []
        turn = number
        while time.perf_counter() - began < seconds:
            start = time.perf_counter()
            answer = asks[turn % len(asks)](connection, headers)
            body = answer.read()
            own.append((time.perf_counter() - start) * 1000)
            if answer.status not in good:
                wrong.append(f"{answer.status} {body[:2000].decode(errors='replace')}")
            turn += len(cookies)
        connection.close()
        with lock:
            pressed.times += own
            pressed.wrong += wrong

    threads = [threading.Thread(target=client, args=(n,)) for n in range(len(cookies))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    pressed.seconds = time.perf_counter() - began
    return pressed


def getting(path: str) -> Ask:
    """Ask for a page."""

    def ask(connection: http.client.HTTPConnection, headers: dict[str, str]) -> Any:
        connection.request("GET", path, headers=headers)
        return connection.getresponse()

    return ask


def posting(path: str, form: Callable[[], str]) -> Ask:
    """Send a form made anew each time."""

    def ask(connection: http.client.HTTPConnection, headers: dict[str, str]) -> Any:
        own = {**headers, "Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", path, body=form(), headers=own)
        return connection.getresponse()

    return ask


def cookie(account: Any) -> str:
    """The cookies of somebody signed in, by a session of its own."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(account.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    session.create()
    return (
        f"{settings.SESSION_COOKIE_NAME}={session.session_key}; {settings.CSRF_COOKIE_NAME}={CSRF}"
    )


def _wait(port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise TimeoutError("the web process does not answer")


def _children(pid: int) -> list[int]:
    found = [pid]
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
            except (OSError, ValueError, IndexError):
                continue
            if parent == pid:
                found.append(int(entry.name))
    return found


def _rss(pid: int) -> float:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, ValueError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1024
