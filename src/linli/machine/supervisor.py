"""Web, worker and the embedded database as one: started in order, restarted when one dies."""

from __future__ import annotations

import http
import http.client
import json
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from linli.machine.children import die_with_parent, end_group, started_at
from linli.machine.errors import MachineError
from linli.machine.locks import FileLock
from linli.machine.places import ROOT, child_environment
from linli.machine.postgres import Cluster
from linli.machine.telling import tell

LOOK_EVERY = 0.3
LONGEST_PAUSE = 30.0
STEADY = 10.0
LEFTOVER_PATIENCE = 5.0


@dataclass
class Child:
    """A program kept running; `patience` is how long it may take to finish what it does."""

    name: str
    command: Sequence[str]
    patience: float
    log: Path | None = None
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = 0.0
    not_before: float = 0.0
    restarts: int = field(default=0)

    def start(self) -> None:
        """Start it, in a process group of its own, so that Ctrl-C reaches only the supervisor."""
        output = self.log.open("ab") if self.log else None
        try:
            self.process = subprocess.Popen(
                list(self.command),
                cwd=ROOT,
                env=child_environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT if output else None,
                start_new_session=True,
                preexec_fn=die_with_parent(),  # noqa: PLW1509 - no threads run yet or by then
            )
        finally:
            if output:
                output.close()
        self.started = time.monotonic()

    def died(self) -> int | None:
        """Its return code when it has ended since it was started."""
        return self.process.poll() if self.process else None

    def bury(self) -> None:
        """Clear away what it left behind and decide how long to wait before the next start."""
        if self.process is None:
            return
        end_group(self.process.pid, 0)
        lived = time.monotonic() - self.started
        self.pause = 0.0 if lived > STEADY else min(max(1.0, self.pause * 2), LONGEST_PAUSE)
        self.not_before = time.monotonic() + self.pause
        self.process = None

    def stop(self) -> None:
        """End it gracefully."""
        if self.process is not None:
            end_group(self.process.pid, self.patience)
            self.process.wait()
            self.process = None


class Supervisor:
    """Runs the children until a signal; one at a time for a data directory."""

    def __init__(
        self, data_dir: Path, children: Sequence[Child], cluster: Cluster | None = None
    ) -> None:
        self.children = children
        self.cluster = cluster
        self._register = data_dir / "running.json"
        self._lock = FileLock(data_dir / "supervisor.lock")
        self._stopping = threading.Event()

    def claim(self) -> None:
        """Be the only supervisor here and end what a killed one left running."""
        if not self._lock.acquire(wait=False):
            raise MachineError("Linli already runs from this data directory: stop it first.")
        if self._register.exists():
            for pid, started in json.loads(self._register.read_text() or "{}").items():
                if started_at(int(pid)) == started:
                    end_group(int(pid), LEFTOVER_PATIENCE)
            self._register.unlink()
        for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(sign, self._on_signal)

    def run(self, when_started: Callable[[], None]) -> int:
        """Keep everything running until told to stop; then stop in order. 0 when all went well."""
        for child in self.children:
            child.start()
        self._write_register()
        try:
            when_started()
            while not self._stopping.wait(LOOK_EVERY):
                self._look()
        finally:
            self.shut_down()
        return 0

    def stopping(self) -> bool:
        """Whether a signal has asked to stop."""
        return self._stopping.is_set()

    def shut_down(self) -> None:
        """Web first, so nobody is cut off; then the worker; the database last."""
        for child in self.children:
            child.stop()
        if self.cluster is not None:
            self.cluster.close()
        self._register.unlink(missing_ok=True)
        self._lock.release()

    def _look(self) -> None:
        if self.cluster is not None and self.cluster.postmaster() is None:
            tell("The database stopped; starting it again.")
            self.cluster.start(mine=True)
        for child in self.children:
            code = child.died()
            if code is not None:
                child.bury()
                tell("{name} ended ({code}); starting it again.", name=child.name, code=code)
            if child.process is None and time.monotonic() >= child.not_before:
                child.restarts += 1
                child.start()
                self._write_register()

    def _write_register(self) -> None:
        pids = [child.process.pid for child in self.children if child.process]
        self._register.write_text(json.dumps({str(pid): started_at(pid) for pid in pids}))

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        self._stopping.set()


def wait_until_answers(
    host: str, port: int, seconds: float, given_up: Callable[[], bool] = lambda: False
) -> bool:
    """Ask the web process whether it is ready until it is; False when it is not in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and not given_up():
        connection = http.client.HTTPConnection(host, port, timeout=5)
        try:
            connection.request("GET", "/readyz")
            if connection.getresponse().status == http.HTTPStatus.OK:
                return True
        except (OSError, http.client.HTTPException):
            pass
        finally:
            connection.close()
        time.sleep(0.1)
    return False
