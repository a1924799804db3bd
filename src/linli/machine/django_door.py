"""Django inside a command: set up once, as the application or for a while as the owner."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from linli.machine.databases import parse
from linli.machine.environment import environment
from linli.machine.errors import MachineError


def setup() -> None:
    """Load Django with the environment as it is now."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.settings")
    django.setup()


@contextmanager
def as_owner() -> Iterator[None]:
    """Within the block Django's connection is the owner's: migrations, nothing else."""
    from django.db import connection

    url = environment().database_owner_url
    if not url:
        raise MachineError(
            "DATABASE_OWNER_URL is not set: migrations and backups need the role that owns the "
            "tables."
        )
    application = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict.update(parse(url))
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(application)


def unapplied() -> list[str]:
    """Migrations the database does not have yet, by name."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def migrate() -> int:
    """Bring the database up to date as its owner; how many migrations ran."""
    from django.core.management import call_command
    from django.db import connection

    from linli.machine.roles import grant_to_app

    with as_owner():
        missing = unapplied()
        if missing:
            connection.ensure_connection()
            app = str(parse(environment().database_url)["USER"])
            with connection.cursor():
                grant_to_app(connection.connection, app)
            call_command("migrate", interactive=False, verbosity=0)
    return len(missing)
