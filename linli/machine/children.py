"""Child processes that do not outlive a killed parent."""

from __future__ import annotations

import ctypes
import signal
import sys
from collections.abc import Callable

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
