"""`./linli restore FILE`: bring back what a backup holds."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from linli.machine import backup, django_door
from linli.machine.local import database
from linli.machine.places import from_caller
from linli.machine.preparing import kept_result
from linli.machine.telling import step, tell


def run(argv: Sequence[str]) -> int:
    """Restore into an empty database, then bring older data up to this version."""
    parser = argparse.ArgumentParser(prog="./linli restore")
    parser.add_argument("file", type=from_caller)
    parser.add_argument("--replace", action="store_true", help="lose what is there now")
    args = parser.parse_args(argv)
    with database(signs=False) as env:
        kept_result(env).unlink(missing_ok=True)
        django_door.setup()
        about = backup.restore(args.file, env, replace=args.replace)
        with step("bringing the database up to date"):
            django_door.migrate()
    tell(
        "restored the data of {made} (Linli {version}, {files} attachments)",
        made=about.made,
        version=about.linli,
        files=about.media_files,
    )
    return 0
