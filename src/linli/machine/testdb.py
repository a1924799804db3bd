"""Databases for tests and measurements: a migrated template, one copy of it a process.

Tests connect as the application's role, as in production; only migrations and the making of
databases use the owner.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from psycopg import sql

from linli.machine import roles
from linli.machine.errors import MachineError
from linli.machine.locks import locked
from linli.machine.places import PACKAGE, ROOT, child_environment
from linli.machine.postgres import Cluster

KEPT_TEMPLATES = 4


def with_database(url: str, name: str) -> str:
    """The same server and role, another database."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"/{quote(name)}"))


class TestServer:
    """The server tests run on: embedded under `home`, or the one whose URLs are given."""

    __test__ = False

    def __init__(
        self, home: Path, app_url: str = "", owner_url: str = "", *, durable: bool = False
    ) -> None:
        if bool(app_url) != bool(owner_url):
            raise MachineError(
                "Give both DATABASE_URL and DATABASE_OWNER_URL for tests, or neither."
            )
        self.home = home
        self._cluster = None if app_url else Cluster(home / "postgres", durable=durable)
        self._app_url = app_url
        self._owner_url = owner_url

    def start(self) -> None:
        """Start or attach to the embedded server; nothing for a given one."""
        self.home.mkdir(parents=True, exist_ok=True)
        if self._cluster is not None:
            self._cluster.start()

    def close(self) -> None:
        """Leave the server; the last test process to leave stops the embedded one."""
        if self._cluster is not None:
            self._cluster.close()

    def app_url(self, database: str) -> str:
        """Where the application's role connects."""
        if self._cluster is not None:
            return self._cluster.url(roles.APP, database)
        return with_database(self._app_url, database)

    def owner_url(self, database: str = "postgres") -> str:
        """Where the owner connects."""
        if self._cluster is not None:
            return self._cluster.url(roles.OWNER, database)
        return with_database(self._owner_url, database)

    @property
    def app_role(self) -> str:
        """The application's role by name."""
        return urlsplit(self.app_url("postgres")).username or roles.APP

    def owner(self, database: str = "postgres") -> psycopg.Connection[tuple[Any, ...]]:
        """An autocommit connection as owner."""
        return psycopg.connect(self.owner_url(database), autocommit=True)

    def template(self) -> str:
        """The name of a migrated database; made when migrations changed since the last run."""
        name = f"template_{fingerprint(migration_sources())}"
        with locked(self.home / "template.lock"), self.owner() as connection:
            if not _exists(connection, name):
                building = f"{name}_building"
                _drop(connection, building)
                roles.create_database(connection, building, owner=connection.info.user)
                with self.owner(building) as inside:
                    roles.grant_to_app(inside, self.app_role)
                self._migrate(building)
                connection.execute(
                    sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                        sql.Identifier(building), sql.Identifier(name)
                    )
                )
            _tidy(connection, keep=name)
        return name

    def copy(self, template: str, name: str) -> None:
        """(Re)make database `name` as a fresh copy of `template`; open sessions are ended."""
        with self.owner() as connection:
            _drop(connection, name)
            connection.execute(
                # By files: a third of the time of going through the log, block by block.
                sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
                    sql.Identifier(name), sql.Identifier(template)
                )
            )

    def drop(self, name: str) -> None:
        """Remove database `name`."""
        with self.owner() as connection:
            _drop(connection, name)

    def _migrate(self, database: str) -> None:
        env = child_environment(
            LINLI_AS_OWNER="1",
            DATABASE_URL=self.app_url(database),
            DATABASE_OWNER_URL=self.owner_url(database),
        )
        done = subprocess.run(
            [sys.executable, "-m", "django", "migrate", "--no-input", "--skip-checks", "-v", "0"],
            cwd=ROOT,
            env=env,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise MachineError(
                "Migrating the test database failed: {output}",
                output=done.stdout + done.stderr,
            )


def _exists(connection: psycopg.Connection[Any], name: str) -> bool:
    query = "SELECT 1 FROM pg_database WHERE datname = %s"
    return connection.execute(query, [name]).fetchone() is not None


def _drop(connection: psycopg.Connection[Any], name: str) -> None:
    connection.execute(
        sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    )


def _tidy(connection: psycopg.Connection[Any], keep: str) -> None:
    """Drop what killed runs left behind and templates of migrations long changed."""
    rows = connection.execute(
        "SELECT datname FROM pg_database WHERE datdba = current_user::regrole ORDER BY oid DESC"
    ).fetchall()
    names = [str(row[0]) for row in rows]
    for name in names:
        found = re.fullmatch(r"run_(\d+)_\w+", name)
        if found and not _alive(int(found.group(1))):
            _drop(connection, name)
    old = [name for name in names if re.fullmatch(r"template_[0-9a-f]+", name) and name != keep]
    for name in old[KEPT_TEMPLATES:]:
        _drop(connection, name)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def migration_sources() -> list[Path]:
    """Every file the migrated schema depends on.

    The migrations of every installed app, the modules of ours they import and data files they
    may load.
    """
    from django.apps import apps

    found: set[Path] = set()
    for app in apps.get_app_configs():
        directory = Path(app.path)
        found.update((directory / "migrations").glob("*.py"))
        if PACKAGE in directory.parents:
            found.update(
                path
                for kind in ("*.csv", "*.json", "*.sql")
                for path in directory.rglob(kind)
                if not {"static", "tests", "node_modules"} & set(path.parts)
            )
    found.update(_imported([path for path in found if path.suffix == ".py"]))
    return sorted(found)


def _imported(files: Iterable[Path]) -> set[Path]:
    modules = {
        name
        for path in files
        for name in re.findall(r"^\s*(?:from|import) (linli[\w.]*)", path.read_text(), re.MULTILINE)
    }
    paths = (PACKAGE.parent / Path(*name.split(".")) for name in modules)
    return {
        path
        for base in paths
        for path in (base.with_suffix(".py"), base / "__init__.py")
        if path.exists()
    }


def fingerprint(files: Iterable[Path]) -> str:
    """A short hash of the files' names and contents and of what is installed."""
    from django.conf import settings

    total = hashlib.sha256(repr((settings.INSTALLED_APPS, settings.AUTH_USER_MODEL)).encode())
    for path in files:
        total.update(str(path).encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()[:16]
