"""Tests run on a real PostgreSQL, connected as the role the application has in production."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any
from weakref import WeakSet

import psycopg
import pytest

from linli.machine.databases import parse
from linli.machine.environment import environment
from linli.machine.places import ROOT, child_environment
from linli.machine.testdb import TestServer

pytest_plugins = ["tests.cast"]


class TestDatabase:
    """This process's own database: a copy of the migrated template."""

    __test__ = False

    def __init__(self, server: TestServer, name: str) -> None:
        self.server = server
        self.name = name
        self.template = server.template()
        server.copy(self.template, name)

    def connect_django(self) -> None:
        """Point Django's default alias here, as the application's role."""
        from django.db import connections

        connections["default"].close()
        connections["default"].settings_dict.update(parse(self.server.app_url(self.name)))

    def renew(self) -> None:
        """Forget everything committed since the copy was made; open sessions are ended."""
        for wrapper in list(_opened):
            wrapper.inc_thread_sharing()
            try:
                wrapper.close()
            finally:
                wrapper.dec_thread_sharing()
        self.server.copy(self.template, self.name)


_current: list[TestDatabase] = []
# Every connection of Django's in this process. A browser test has an event loop in its thread,
# where Django keeps connections that `connections.close_all()` of the other side does not see.
_opened: WeakSet[Any] = WeakSet()


def _remember(connection: Any, **_: Any) -> None:
    _opened.add(connection)


def _renew_after_commit(case: Any) -> None:
    """In place of Django's flush, which the application's role may not do."""
    del case
    if _current:
        _current[0].renew()


def pytest_configure() -> None:
    from django.db.backends.signals import connection_created
    from django.test import TransactionTestCase

    connection_created.connect(_remember)
    TransactionTestCase._fixture_teardown = _renew_after_commit  # type: ignore[attr-defined]


@pytest.fixture(scope="session")
def test_server() -> Iterator[TestServer]:
    """The PostgreSQL of this run, as `linli.machine.testdb` finds or starts it."""
    env = environment()
    server = TestServer(ROOT / ".linli" / "test", env.database_url, env.database_owner_url)
    server.start()
    yield server
    server.close()


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_blocker: Any, test_server: TestServer
) -> Iterator[None]:
    """Replace pytest-django's own: template, copy, connection as the application's role."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    database = TestDatabase(test_server, f"run_{os.getpid()}_{worker}")
    with django_db_blocker.unblock():
        database.connect_django()
    _current.append(database)
    yield
    _current.clear()
    with django_db_blocker.unblock():
        from django.db import connections

        connections.close_all()
    test_server.drop(database.name)


@pytest.fixture
def committed(transactional_db: None) -> TestDatabase:
    """For tests with real commits, threads or processes; afterwards the database is renewed."""
    return _current[0]


@pytest.fixture
def owner_connection(
    django_db_setup: None,
) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    """An autocommit psycopg connection as the owner of the tables, in this run's database.

    What it writes is committed: use it to look, or together with `committed`.
    """
    database = _current[0]
    with database.server.owner(database.name) as connection:
        yield connection


@pytest.fixture
def database_env(committed: TestDatabase) -> dict[str, str]:
    """Environment for a child process that works on this run's database as in production."""
    server = committed.server
    return child_environment(
        DATABASE_URL=server.app_url(committed.name),
        DATABASE_OWNER_URL=server.owner_url(committed.name),
    )
