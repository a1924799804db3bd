"""Child processes that do not outlive a killed parent."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

PR_SET_PDEATHSIG = 1

_libc = ctypes.CDLL(None, use_errno=True) if sys.platform.startswith("linux") else None


def die_with_parent(sign: int = signal.SIGTERM) -> Callable[[], None] | None:
    """For `preexec_fn`: the kernel sends `sign` when the thread that started the child ends.

    Linux only; elsewhere None, and an orphan is found by the next start through its lock file.
    Start such children from the main thread.
    """
    libc = _libc
    if libc is None:
        return None
    number = int(sign)

    def set_signal() -> None:
        libc.prctl(PR_SET_PDEATHSIG, number)

    return set_signal


def follow_parent(sign: int = signal.SIGTERM) -> None:
    """The same for this very process, for programs that start workers of their own."""
    set_signal = die_with_parent(sign)
    if set_signal is not None:
        set_signal()


def started_at(pid: int) -> str:
    """When a process started, to tell it from a later one with its number; "" when it is gone."""
    if sys.platform.startswith("linux"):
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            return ""
        return "" if fields[0] in "ZX" else fields[19]
    done = subprocess.run(
        ["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return done.stdout.strip()


def end_group(pid: int, patience: float) -> None:
    """Ask the process group led by `pid` to end; kill it when it has not after `patience`."""
    deadline = time.monotonic() + patience
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGTERM)
    while started_at(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)
