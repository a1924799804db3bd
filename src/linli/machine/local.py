"""The database and secret this command works with: given by the environment, or our own.

Our own lie in the data directory: an embedded PostgreSQL and a random secret key.
"""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import psycopg

from linli.machine.environment import DEVELOPMENT_KEY, Environment, environment, read
from linli.machine.errors import MachineError
from linli.machine.postgres import Cluster
from linli.machine.roles import OWNER
from linli.machine.telling import tell

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 10.0
# Waiting mends none of these.
HOPELESS = ("password authentication failed", "does not exist", "no pg_hba.conf entry")


def cluster(env: Environment) -> Cluster:
    """The embedded server of the data directory."""
    env.data_dir.mkdir(parents=True, exist_ok=True)
    return Cluster(env.data_dir / "postgres", binaries=env.pg_bin)


def secret_key(env: Environment) -> str:
    """The secret key kept in the data directory, made when first asked for; file mode 0600."""
    env.data_dir.mkdir(parents=True, exist_ok=True)
    path = env.data_dir / "secret_key"
    if not path.exists():
        new = path.with_suffix(".new")
        new.touch(mode=0o600)
        new.write_text(secrets.token_urlsafe(64))
        new.rename(path)
    return path.read_text()


def adopt(**settings: str) -> Environment:
    """Put settings into this process's environment, for Django and every child, and reread."""
    os.environ.update(settings)
    environment.cache_clear()
    return environment()


def adopt_cluster(server: Cluster, env: Environment, mode: str) -> Environment:
    """Work on the embedded server from here on."""
    chosen = {
        "LINLI_MODE": mode,
        "DATABASE_URL": server.url(),
        "DATABASE_OWNER_URL": server.url(OWNER),
    }
    if env.secret_key == DEVELOPMENT_KEY:
        chosen["LINLI_SECRET_KEY"] = secret_key(env)
    return adopt(**chosen)


@contextmanager
def database(mode: str = "demo", *, signs: bool = True) -> Iterator[Environment]:
    """Run the block with a database: the given one, or the embedded one started or attached to.

    `signs`: the block may write to the audit trail or verify it, for which it needs the key of
    service.
    """
    env = read()
    if env.database_url:
        if signs and env.secret_key == DEVELOPMENT_KEY:
            raise MachineError(
                "LINLI_SECRET_KEY is not set: give the key Linli is served with, since the audit "
                "trail is sealed with it."
            )
        yield adopt(LINLI_MODE=mode)
        return
    server = cluster(env)
    server.start()
    try:
        server.ensure_database()
        yield adopt_cluster(server, env, mode)
    finally:
        server.close()


def wait_for(url: str, seconds: int) -> None:
    """Wait for a database that is down at start, asking less and less often."""
    deadline = time.monotonic() + seconds
    pause = FIRST_PAUSE
    said = False
    while True:
        try:
            psycopg.connect(url, connect_timeout=10).close()
        except psycopg.OperationalError as error:
            reason = _reason(error)
            hopeless = any(text in reason for text in HOPELESS)
            if hopeless or time.monotonic() + pause > deadline:
                raise MachineError(
                    "The database at {host} does not answer: {reason}. "
                    "Start it or correct DATABASE_URL, then start Linli again.",
                    host=_host(url),
                    reason=reason,
                ) from error
            if not said:
                tell(
                    "The database at {host} does not answer yet ({reason}); waiting up to "
                    "{seconds} seconds.",
                    host=_host(url),
                    reason=reason,
                    seconds=seconds,
                )
                said = True
            time.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
        else:
            return


def _reason(error: psycopg.OperationalError) -> str:
    """What the server or the network said, without the client's own words around it."""
    lines = [line for line in str(error).splitlines() if "failed: " in line]
    said = lines[0].rsplit("failed: ", 1)[1] if lines else str(error).strip()
    return said.removeprefix("FATAL:").strip().rstrip(".")


def _host(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port or 5432}" if parts.hostname else "this machine"
