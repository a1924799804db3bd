"""`./linli backup FILE`: database and attachments of one moment in one checked file."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from linli.machine import backup
from linli.machine.cli import version
from linli.machine.local import database
from linli.machine.places import from_caller
from linli.machine.telling import tell


def run(argv: Sequence[str]) -> int:
    """Write the backup; what was in `FILE` before is replaced only when the new one is whole."""
    parser = argparse.ArgumentParser(prog="./linli backup")
    parser.add_argument("file", type=from_caller)
    args = parser.parse_args(argv)
    with database(signs=False) as env:
        about = backup.write(args.file, env, version())
    tell(
        "{path}: {size} MB, {files} attachments",
        path=args.file,
        size=round(args.file.stat().st_size / 1e6, 1),
        files=about.media_files,
    )
    return 0
