"""What `demo` and `serve` do before the processes start, in a process of its own.

So the supervisor itself stays small. The result is the last line of standard output, as JSON;
everything for people goes to standard error.
"""

from __future__ import annotations

import io
import json
from collections.abc import Sequence

from linli.machine import django_door, refusals, static
from linli.machine.environment import environment
from linli.machine.errors import MachineError
from linli.machine.telling import progress, step, tell


def run(argv: Sequence[str]) -> int:
    """Migrate, gather static files, build the demonstration, check: only what is not yet done."""
    django_door.setup()
    env = environment()
    if env.mode == "demo" or env.embedded:
        _migrate()
    else:
        _insist_on_migrations()
    _gather()
    result: dict[str, object] = {}
    if "--demo" in argv:
        result["accounts"] = _build_demo()
    if env.mode == "serve":
        _check_for_service()
    print(json.dumps(result))
    return 0


def _migrate() -> None:
    with step("bringing the database up to date"):
        django_door.migrate()


def _insist_on_migrations() -> None:
    missing = django_door.unapplied()
    if missing:
        raise MachineError(
            "The database lacks {count} migrations of this version: make a backup "
            "(./linli backup FILE), then run ./linli manage migrate.",
            count=len(missing),
        )


def _gather() -> None:
    with step("gathering static files"):
        static.gather()


def _build_demo() -> list[tuple[str, str, str]]:
    from linli.demo import build

    if not build.is_built():
        tell("building the demonstration city")
        with progress() as report:
            build.build(report)
    return build.accounts()


def _check_for_service() -> None:
    from django.core.management import call_command
    from django.core.management.base import SystemCheckError
    from django.db import connection

    connection.ensure_connection()
    found = refusals.unsafe_role(connection.connection)
    if found:
        raise MachineError("{sentences}", sentences="\n".join(found))
    try:
        call_command("check", deploy=True, fail_level="WARNING", verbosity=0, stdout=io.StringIO())
    except SystemCheckError as error:
        raise MachineError("Django's deployment check found: {output}", output=error) from error
