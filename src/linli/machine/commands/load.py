"""`./linli load divisions|calendar PATH`: bring reference data into the database."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from linli.machine import django_door, translations
from linli.machine.errors import MachineError
from linli.machine.local import database
from linli.machine.places import from_caller
from linli.machine.telling import progress, step, tell
from linli.machine.words import language


def run(argv: Sequence[str]) -> int:
    """Load one kind of file; faults in it are named and nothing of it is kept."""
    parser = argparse.ArgumentParser(prog="./linli load")
    parser.add_argument("what", choices=["divisions", "calendar"])
    parser.add_argument("path", type=from_caller)
    args = parser.parse_args(argv)
    if not args.path.exists():
        raise MachineError("There is no {path}.", path=args.path)
    translations.compile_all()
    with database():
        django_door.setup()
        if django_door.unapplied():
            with step("bringing the database up to date"):
                django_door.migrate()
        _load(args.what, args.path)
    return 0


def _load(what: str, path: Path) -> None:
    from django.utils.translation import override

    from linli.kernel.errors import LinliError

    try:
        with override(language().replace("_", "-").lower()):
            if what == "divisions":
                _load_divisions(path)
            else:
                _load_calendar(path)
    except LinliError as error:
        raise MachineError("{sentence}", sentence=error.sentence) from error


def _load_divisions(path: Path) -> None:
    from django.utils import timezone

    from linli.modules.divisions.public import load_csv

    with progress() as report:
        found = load_csv(path, at=timezone.now(), progress=report)
    if not found.ok:
        lines = [str(fault) for fault in found.faults]
        raise MachineError(
            "{count} faults, nothing was loaded:\n{sentences}",
            count=found.faulty,
            sentences="\n".join(lines),
        )
    tell(
        "{read} lines read in {seconds} s: {new} units new, {known} known, {different} with "
        "another name or parent",
        read=found.read,
        seconds=round(found.seconds, 1),
        new=found.total,
        known=found.known,
        different=found.different,
    )
    for difference in found.differences:
        print(f"{difference.code} {difference.what}: {difference.here} ≠ {difference.there}")


def _load_calendar(path: Path) -> None:
    from django.utils import timezone

    from linli.platform.flow.calendar import load_calendar

    found = load_calendar(path, at=timezone.now())
    if found.faults:
        lines = [f"{path}:{fault.line}: {fault.sentence}" for fault in found.faults]
        raise MachineError("{sentences}", sentences="\n".join(lines))
    tell(
        "{days} days of {years} loaded; changed years: {changed}",
        days=found.days,
        years=", ".join(map(str, found.years)),
        changed=", ".join(map(str, sorted(found.changed))) or "–",
    )
