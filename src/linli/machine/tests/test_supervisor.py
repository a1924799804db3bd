from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from linli.machine.children import started_at
from linli.machine.errors import MachineError
from linli.machine.locks import FileLock
from linli.machine.places import ROOT, child_environment
from linli.machine.supervisor import Supervisor

pytestmark = pytest.mark.machine

# Two children that note their starts and orderly ends.
SCRIPT = """
import sys
from pathlib import Path
from linli.machine.supervisor import Child, Supervisor
place = Path(sys.argv[1])
body = '''
import signal, sys, time
from pathlib import Path
def end(*_):
    with open({notes!r}, "a") as file: print({name!r}, "ended", file=file)
    sys.exit(0)
signal.signal(signal.SIGTERM, end)
with open({notes!r}, "a") as file: print({name!r}, "started", file=file)
while True: time.sleep(0.05)
'''
notes = str(place / "notes")
children = [
    Child(name, [sys.executable, "-c", body.format(notes=notes, name=name)], 5)
    for name in ("web", "worker")
]
supervisor = Supervisor(place, children)
supervisor.claim()
sys.exit(supervisor.run(lambda: None))
"""


class Running:
    def __init__(self, place: Path) -> None:
        self.place = place
        self.process = subprocess.Popen(
            [sys.executable, "-c", SCRIPT, str(place)], cwd=ROOT, env=child_environment()
        )

    @property
    def notes(self) -> list[str]:
        path = self.place / "notes"
        return path.read_text().splitlines() if path.exists() else []

    @property
    def pids(self) -> list[int]:
        return [int(pid) for pid in json.loads((self.place / "running.json").read_text())]


def until(check: Callable[[], object], seconds: float = 15.0) -> None:
    deadline = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    found = Running(tmp_path)
    until(lambda: len(found.notes) == 2)
    until((tmp_path / "running.json").exists)
    yield found
    found.process.kill()
    found.process.wait()


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_all_in_order(running: Running, sign: signal.Signals) -> None:
    pids = running.pids
    running.process.send_signal(sign)
    assert running.process.wait(timeout=15) == 0
    assert running.notes[-2:] == ["web ended", "worker ended"]
    assert not any(started_at(pid) for pid in pids)
    assert not (running.place / "running.json").exists()


def test_a_killed_child_is_started_again(running: Running) -> None:
    os.kill(running.pids[0], signal.SIGKILL)
    until(lambda: running.notes.count("web started") == 2)
    assert running.notes.count("worker started") == 1


def test_children_of_a_killed_supervisor_end_and_the_next_starts(running: Running) -> None:
    running.process.kill()
    running.process.wait()
    following = Running(running.place)
    until(lambda: running.notes.count("web started") == 2)
    assert "web ended" in running.notes
    following.process.terminate()
    assert following.process.wait(timeout=15) == 0


def test_what_a_killed_supervisor_left_is_ended(tmp_path: Path) -> None:
    stray = subprocess.Popen(["sleep", "60"], start_new_session=True)
    register = tmp_path / "running.json"
    other = subprocess.Popen(["sleep", "60"], start_new_session=True)
    register.write_text(json.dumps({str(stray.pid): started_at(stray.pid), str(other.pid): "1"}))
    saved = {sign: signal.getsignal(sign) for sign in (signal.SIGINT, signal.SIGTERM)}
    supervisor = Supervisor(tmp_path, [])
    try:
        supervisor.claim()
        assert stray.wait(timeout=5) == -signal.SIGTERM
        assert other.poll() is None, "a later process with the same number is not ours"
    finally:
        supervisor.shut_down()
        for sign, handler in saved.items():
            signal.signal(sign, handler)
        other.kill()
        other.wait()


def test_one_supervisor_for_a_data_directory(tmp_path: Path) -> None:
    lock = FileLock(tmp_path / "supervisor.lock")
    lock.acquire()
    with pytest.raises(MachineError, match="already runs"):
        Supervisor(tmp_path, []).claim()
    lock.release()
