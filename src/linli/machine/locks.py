"""Locks between processes: advisory, released by the kernel even after kill -9."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from linli.machine.errors import MachineError


class FileLock:
    """One open lock file; holds at most one lock, shared or exclusive."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._fd: int | None = None

    def acquire(self, *, shared: bool = False, wait: bool = True) -> bool:
        """Take (or convert to) the lock; False when `wait` is off and another process holds it."""
        if self._fd is None:
            self._fd = self._open()
        flags = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        try:
            fcntl.flock(self._fd, flags if wait else flags | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _open(self) -> int:
        try:
            return os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except PermissionError as error:
            raise MachineError(
                "{path} belongs to another account: run Linli as that account, or give it a "
                "LINLI_DATA_DIR of its own.",
                path=self.path,
            ) from error

    def release(self) -> None:
        """Give the lock back; nothing happens when it is not held."""
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Run the block with `path` locked exclusively, waiting for it as long as needed."""
    lock = FileLock(path)
    lock.acquire()
    try:
        yield
    finally:
        lock.release()
