"""The embedded PostgreSQL: made, started, attached to and stopped by Linli itself.

One directory holds a server: `data/`, `passwords/`, `server.log` and two lock files. Whoever
uses the server holds `users.lock` shared; the last to leave stops it. `start.lock` is held while
it is made, started or stopped, so of many who start at once one starts it and the rest attach.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg

from linli.machine import roles, tuning
from linli.machine.accounts import Account, make_private, reachable_home, server_account
from linli.machine.binaries import Binaries, find_binaries
from linli.machine.children import die_with_parent
from linli.machine.errors import MachineError
from linli.machine.locks import FileLock, locked

SUPERUSER = "postgres"
PORT = 5432
LONGEST_SOCKET_DIRECTORY = 80  # the kernel allows about 107 bytes with the socket's own name
UNUSED_PID = 4194305  # above the kernel's greatest process id
LOG_LIMIT = 20 * 1024 * 1024


class Cluster:
    """The embedded server under `home`; cheap to make, nothing happens until `start`."""

    def __init__(self, home: Path, *, durable: bool = True, binaries: Path | None = None) -> None:
        self.account: Account | None = server_account(home)
        self.home = reachable_home(home.resolve(), self.account)
        self.durable = durable
        self.data = self.home / "data"
        self.log = self.home / "server.log"
        self._chosen = binaries
        self._child: subprocess.Popen[bytes] | None = None
        self._users = FileLock(self.home / "users.lock")

    # -- what callers need to connect ---------------------------------------------------------

    @property
    def sockets(self) -> Path:
        """The directory of the Unix socket: in `home`, or a short one when that is too long."""
        inside = self.home / "run"
        if len(str(inside).encode()) <= LONGEST_SOCKET_DIRECTORY and re.fullmatch(
            r"[\w./-]+", str(inside), re.ASCII
        ):
            return inside
        name = hashlib.sha256(str(self.home).encode()).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"linli-{name}"

    def password(self, role: str) -> str:
        """The random password of one role, made when first asked for; file mode 0600."""
        directory = self.home / "passwords"
        directory.mkdir(mode=0o700, exist_ok=True)
        path = directory / role
        if not path.exists():
            new = directory / f"{role}.new"
            new.touch(mode=0o600)
            new.write_text(secrets.token_urlsafe(24))
            new.rename(path)
        return path.read_text()

    def parameters(self, role: str, database: str) -> dict[str, Any]:
        """Keyword arguments for `psycopg.connect`."""
        return {
            "host": str(self.sockets),
            "port": PORT,
            "user": role,
            "password": self.password(role),
            "dbname": database,
        }

    def url(self, role: str = roles.APP, database: str = "linli") -> str:
        """The same as `postgresql://…`, for DATABASE_URL."""
        return (
            f"postgresql://{role}:{quote(self.password(role))}@/{quote(database)}"
            f"?host={quote(str(self.sockets), safe='')}&port={PORT}"
        )

    def connect(
        self, role: str = SUPERUSER, database: str = "postgres"
    ) -> psycopg.Connection[tuple[Any, ...]]:
        """An autocommit connection as `role`."""
        return psycopg.connect(
            **self.parameters(role, database), autocommit=True, connect_timeout=10
        )

    # -- life ---------------------------------------------------------------------------------

    def start(
        self,
        *,
        patience: float = 600.0,
        mine: bool = False,
        said: Callable[[str], None] = lambda _: None,
    ) -> bool:
        """Start the server or attach to the one that runs; True when this call started it.

        `mine` ties the server to this process: the kernel stops it should this process be
        killed. `patience` is how many seconds recovery after a crash may take.
        """
        make_private(self.home, self.account)
        with locked(self.home / "start.lock"):
            self._users.acquire(shared=True)
            if self.postmaster() is not None and self._wait(patience):
                return False
            make_private(self.sockets, self.account)
            binaries = find_binaries(self._chosen).usable_by(self.account, self.home)
            if not self.data.exists():
                said("initdb")
                self._initialise(binaries)
            self._check_version(binaries)
            self._launch(binaries, patience, mine=mine)
            with self.connect() as connection:
                wanted = {role: self.password(role) for role in roles.ROLE_FLAGS}
                roles.create_roles(connection, wanted)
            return True

    def close(self) -> None:
        """Leave the server; it stops when nobody else uses it."""
        if not self.home.exists():
            return
        with locked(self.home / "start.lock"):
            self._users.release()
            if self._users.acquire(wait=False):
                self._stop()
            self._users.release()

    def stop(self) -> None:
        """Stop the server, whoever else uses it."""
        with locked(self.home / "start.lock"):
            self._users.release()
            self._stop()

    def ensure_database(self, name: str = "linli") -> None:
        """Make the database `name`, owned by the owner role and open to the application's."""
        with self.connect() as connection:
            roles.create_database(connection, name)
        with self.connect(roles.OWNER, name) as connection:
            roles.grant_to_app(connection)

    def postmaster(self) -> int | None:
        """The process id of the live server on this data directory; None when there is none."""
        if self._child is not None and self._child.poll() is not None:
            self._child = None
        try:
            pid = int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            return None
        return pid if self._serves(pid) else None

    # -- parts --------------------------------------------------------------------------------

    def _serves(self, pid: int) -> bool:
        """Whether process `pid` is alive, no zombie, and works in our data directory."""
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            pass
        if not sys.platform.startswith("linux"):
            return self._answers()
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
            if state in "ZX":
                return False
            return Path(f"/proc/{pid}/cwd").readlink() == self.data.resolve()
        except PermissionError:
            return self._answers()
        except OSError:
            return False

    def _answers(self) -> bool:
        try:
            self.connect().close()
        except psycopg.OperationalError as error:
            return "starting up" in str(error)
        return True

    def _run_as(self) -> dict[str, Any]:
        if self.account is None:
            return {"cwd": self.home}
        return {
            "cwd": self.home,
            "user": self.account.uid,
            "group": self.account.gid,
            "extra_groups": [],
        }

    def _initialise(self, binaries: Binaries) -> None:
        """Make the data directory beside its place, then rename: a broken attempt leaves none."""
        new = self.home / "data.new"
        shutil.rmtree(new, ignore_errors=True)
        pwfile = self.home / "pwfile"
        pwfile.unlink(missing_ok=True)
        pwfile.touch(mode=0o600)
        pwfile.write_text(self.password(SUPERUSER))
        if self.account is not None:
            os.chown(pwfile, self.account.uid, self.account.gid)
        provider = (
            ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
            if binaries.major >= 17  # noqa: PLR2004 - the release that brought the provider
            else ["--locale-provider=libc", "--locale=C.UTF-8"]
        )
        command = [
            binaries.program("initdb"), "-D", str(new), "-U", SUPERUSER, "-E", "UTF8",
            *provider, "--lc-ctype=C.UTF-8", "--auth=scram-sha-256", f"--pwfile={pwfile}",
            "--no-instructions", *([] if self.durable else ["--no-sync"]),
        ]  # fmt: skip
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, check=False, umask=0o077, **self._run_as()
            )
        finally:
            pwfile.unlink(missing_ok=True)
        if done.returncode != 0:
            raise MachineError(
                "PostgreSQL could not make its data directory: {output}",
                output=(done.stderr or done.stdout).strip(),
            )
        new.rename(self.data)

    def _check_version(self, binaries: Binaries) -> None:
        major = int((self.data / "PG_VERSION").read_text())
        if major != binaries.major:
            raise MachineError(
                "The data in {directory} belongs to PostgreSQL {theirs}, but PostgreSQL {ours} "
                "is here. Start once with the old version (LINLI_PG_BIN), run “./linli backup”, "
                "move the directory away and restore.",
                directory=self.data,
                theirs=major,
                ours=binaries.major,
            )

    def _launch(self, binaries: Binaries, patience: float, *, mine: bool) -> None:
        """Start the server and wait for it; memory of a killed one is given time to go away."""
        self._disown_stale_pid()
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".log.old"))
        options = tuning.settings(self.sockets, durable=self.durable)
        command = [binaries.program("postgres"), "-D", str(self.data)]
        command += [f"--{name}={value}" for name, value in options.items()]
        deadline = time.monotonic() + patience
        while True:
            with self.log.open("ab") as log:
                begins = log.tell()
                self._child = subprocess.Popen(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                    umask=0o077,
                    preexec_fn=die_with_parent(signal.SIGINT) if mine else None,  # noqa: PLW1509
                    **self._run_as(),
                )
            if self._wait(deadline - time.monotonic()):
                return
            with self.log.open("rb") as log:
                log.seek(begins)
                said = log.read().decode(errors="replace").strip()
            if "still in use" not in said or time.monotonic() > deadline:
                raise MachineError("PostgreSQL did not start: {output}", output=said)
            time.sleep(0.2)

    def _disown_stale_pid(self) -> None:
        """Take a process id that another program has since got out of a dead server's file.

        The file itself stays: PostgreSQL reads in it whether the dead one's memory is in use.
        """
        path = self.data / "postmaster.pid"
        if path.exists():
            lines = path.read_text().split("\n")
            path.write_text("\n".join([str(UNUSED_PID), *lines[1:]]))

    def _wait(self, patience: float) -> bool:
        """Wait until the server answers; False when it ended instead."""
        deadline = time.monotonic() + patience
        pause = 0.01
        while True:
            try:
                self.connect().close()
            except psycopg.OperationalError as error:
                if self._gone():
                    return False
                if time.monotonic() > deadline:
                    raise MachineError(
                        "PostgreSQL does not answer after {seconds} seconds: {output}",
                        seconds=round(patience),
                        output=error,
                    ) from error
            else:
                return True
            time.sleep(pause)
            pause = min(pause * 1.5, 0.25)

    def _gone(self) -> bool:
        """Whether the server we wait for has ended: our child, or the one attached to."""
        if self._child is not None:
            return self._child.poll() is not None
        return self.postmaster() is None

    def _stop(self) -> None:
        """Ask for a fast shutdown and wait; what it must write is written."""
        pid = self.postmaster()
        if pid is None:
            return
        os.kill(pid, signal.SIGINT)
        if self._child is not None and self._child.pid == pid:
            self._child.wait()
            self._child = None
            return
        while self._serves(pid):
            time.sleep(0.02)
