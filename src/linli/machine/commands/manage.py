"""`./linli manage …`: Django's and Linli's management commands, with the database at hand."""

from __future__ import annotations

import os
from collections.abc import Sequence

from linli.machine import roles, translations
from linli.machine.environment import read
from linli.machine.local import database
from linli.machine.preparing import kept_result

AS_OWNER = {"migrate", "flush", "sqlflush", "createcachetable"}
WITHOUT_DATABASE = {
    "", "help", "makemigrations", "collectstatic", "diffsettings", "findstatic", "startapp",
    "--help", "--version",
}  # fmt: skip


def run(argv: Sequence[str]) -> int:
    """Run one management command; those that change tables connect as their owner."""
    name = argv[0] if argv else ""
    if name == "database-roles":
        print(roles.script(), end="")
        return 0
    if name in AS_OWNER:
        os.environ["LINLI_AS_OWNER"] = "1"
    translations.compile_all()
    env = read()
    if name in WITHOUT_DATABASE or ("--help" in argv):
        _execute(argv)
    else:
        if name in AS_OWNER:
            kept_result(env).unlink(missing_ok=True)
        mode = env.mode if "LINLI_MODE" in os.environ else "demo"
        with database(mode, signs=name not in AS_OWNER):
            _execute(argv)
    return 0


def _execute(argv: Sequence[str]) -> None:
    from django.core.management import execute_from_command_line

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.settings")
    execute_from_command_line(["./linli manage", *argv])
