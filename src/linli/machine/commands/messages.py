"""`./linli messages`: compile the translations; `--extract [PATH]` updates the .po files first."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from linli.machine import translations
from linli.machine.places import PACKAGE, from_caller
from linli.machine.telling import tell


def run(argv: Sequence[str]) -> int:
    """Compile, after updating when asked to; the texts still to translate are listed."""
    parser = argparse.ArgumentParser(prog="./linli messages")
    parser.add_argument("--extract", action="store_true", help="update the .po files first")
    parser.add_argument("under", nargs="?", type=from_caller, default=PACKAGE, help="only these")
    args = parser.parse_args(argv)
    if args.extract:
        changed = translations.update(args.under.resolve())
        tell("{count} catalogues changed", count=changed)
        for fault in translations.faults():
            if fault.catalogue.is_relative_to(args.under.resolve()):
                print(f"{fault.catalogue}: {fault.reason}: {fault.message!r}")
    tell("{count} catalogues compiled", count=translations.compile_all())
    return 0
