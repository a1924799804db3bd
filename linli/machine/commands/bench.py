"""`./linli bench NAME …`: run one measurement of `linli.bench`."""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
import sys
from collections.abc import Sequence

import linli.bench
from linli.machine import translations
from linli.machine.words import gettext as _


def names() -> list[str]:
    """The measurements there are: modules of `linli.bench` with a `main`."""
    found = (info.name for info in pkgutil.iter_modules(linli.bench.__path__))
    return sorted(
        name for name in found if hasattr(importlib.import_module(f"linli.bench.{name}"), "main")
    )


def run(argv: Sequence[str]) -> int:
    """Hand the remaining arguments to the measurement."""
    name, *rest = argv or [""]
    if not name.isidentifier() or not _exists(name):
        known = ", ".join(names())
        print(_("Usage: ./linli bench NAME …; NAME is one of: {known}", known=known),
              file=sys.stderr)  # fmt: skip
        return 2
    translations.compile_all()
    code = importlib.import_module(f"linli.bench.{name}").main(rest)
    return int(code or 0)


def _exists(name: str) -> bool:
    return importlib.util.find_spec(f"linli.bench.{name}") is not None
