"""`./linli bench NAME …`: run one measurement of `linli.bench`."""

from __future__ import annotations

import importlib
import importlib.util
import os
import pkgutil
import sys
from collections.abc import Sequence

from linli.machine import django_door, translations
from linli.machine.environment import read
from linli.machine.local import adopt, secret_key
from linli.machine.places import PACKAGE
from linli.machine.telling import step
from linli.machine.testdb import TestServer
from linli.machine.words import gettext as _


def names() -> list[str]:
    """The measurements there are: modules of `linli.bench` with a `main`."""
    found = (info.name for info in pkgutil.iter_modules([str(PACKAGE / "bench")]))
    return sorted(
        name for name in found if hasattr(importlib.import_module(f"linli.bench.{name}"), "main")
    )


def run(argv: Sequence[str]) -> int:
    """Hand the remaining arguments to the measurement, with a database of its own.

    The database is a fresh, migrated one beside all others, with the settings of service; Django
    is set up on it as the application. DATABASE_OWNER_URL names its owner.
    """
    name, *rest = argv or [""]
    if not name.isidentifier() or not _exists(name):
        known = ", ".join(names())
        print(_("Usage: ./linli bench NAME …; NAME is one of: {known}", known=known),
              file=sys.stderr)  # fmt: skip
        return 2
    translations.compile_all()
    env = read()
    home = env.data_dir / "bench"
    server = TestServer(home, env.database_url, env.database_owner_url, durable=True)
    with step("preparing a database"):
        server.start()
    try:
        return _measure(name, rest, server)
    finally:
        server.close()


def _measure(name: str, rest: Sequence[str], server: TestServer) -> int:
    database = f"run_{os.getpid()}_{name}"
    key = secret_key(read())
    adopt(
        LINLI_MODE="test",
        LINLI_SECRET_KEY=key,
        LINLI_MEDIA_DIR=str(server.home / "media"),
        DATABASE_URL=server.app_url(database),
        DATABASE_OWNER_URL=server.owner_url(database),
    )
    django_door.setup()
    server.copy(server.template(), database)
    try:
        return int(importlib.import_module(f"linli.bench.{name}").main(rest) or 0)
    finally:
        from django.db import connections

        connections.close_all()
        server.drop(database)


def _exists(name: str) -> bool:
    return importlib.util.find_spec(f"linli.bench.{name}") is not None
