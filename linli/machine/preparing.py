"""Run `prepare` as a child and read what it says."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from linli.machine.children import die_with_parent
from linli.machine.errors import MachineError
from linli.machine.places import ROOT, child_environment


def prepare(*args: str, stopped: Callable[[], bool]) -> dict[str, Any] | None:
    """The result of `prepare`; None when the operator stopped it. Its error was already told."""
    child = subprocess.Popen(
        [sys.executable, "-m", "linli", "prepare", *args],
        cwd=ROOT,
        env=child_environment(),
        stdout=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=die_with_parent(signal.SIGTERM),  # noqa: PLW1509 - single-threaded here
    )
    while child.poll() is None:
        if stopped():
            child.send_signal(signal.SIGINT)
            child.wait()
            return None
        time.sleep(0.05)
    output = child.stdout.read() if child.stdout else b""
    if child.returncode != 0:
        raise MachineError("Linli was not started.")
    found: dict[str, Any] = json.loads(output)
    return found
