"""The unprivileged account PostgreSQL runs as when Linli itself is started by root."""

from __future__ import annotations

import hashlib
import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path

from linli.machine.errors import MachineError


@dataclass(frozen=True)
class Account:
    """A system account by its numbers."""

    name: str
    uid: int
    gid: int

    def can(self, path: Path, bits: int) -> bool:
        """Whether the account has `bits` (1 enter, 4 read, 5 both) on `path` and can reach it."""
        path = path.resolve()
        return all(self._has(parent, 1) for parent in path.parents) and self._has(path, bits)

    def _has(self, path: Path, bits: int) -> bool:
        try:
            info = path.stat()
        except OSError:
            return False
        shift = 6 if info.st_uid == self.uid else 3 if info.st_gid == self.gid else 0
        return (stat.S_IMODE(info.st_mode) >> shift) & bits == bits


def _account(entry: pwd.struct_passwd) -> Account:
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def server_account(near: Path) -> Account | None:
    """The account the server must run as; None when the present one will do (it is not root).

    For root: whoever owns `near` (or its nearest existing parent), so that a checkout of a
    normal user stays usable by that user; else `linli`, else `nobody`.
    """
    if os.geteuid() != 0:
        return None
    existing = next(path for path in (near, *near.parents) if path.exists())
    owner = existing.stat().st_uid
    if owner != 0:
        try:
            return _account(pwd.getpwuid(owner))
        except KeyError:
            pass
    for name in ("linli", "nobody"):
        try:
            return _account(pwd.getpwnam(name))
        except KeyError:
            continue
    raise MachineError(
        "PostgreSQL does not run as root and no account for it exists: "
        "create one with “useradd --system linli” and start again."
    )


def reachable_home(wanted: Path, account: Account | None) -> Path:
    """`wanted`, or a place under /var/lib when `account` cannot get to `wanted` (as in /root)."""
    if account is None:
        return wanted
    parent = next(path for path in wanted.parents if path.exists())
    if account.can(parent, 1):
        return wanted
    name = hashlib.sha256(str(wanted).encode()).hexdigest()[:12]
    return Path("/var/lib/linli") / name


def make_private(path: Path, account: Account | None) -> None:
    """Create `path`, owned by `account` and closed to everybody else."""
    path.mkdir(parents=True, exist_ok=True, mode=0o755)
    path.chmod(0o700)
    if account is not None:
        os.chown(path, account.uid, account.gid)
