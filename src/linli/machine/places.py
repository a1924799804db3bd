"""Where things are: the checkout, the package, and what Linli keeps beside it."""

from __future__ import annotations

import os
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
ROOT = next(
    (path for path in PACKAGE.parents if (path / "pyproject.toml").exists()), PACKAGE.parent
)
REQUIREMENTS = ROOT / "requirements"


def from_caller(path: str) -> Path:
    """A path the operator gave, as seen from where the command was called."""
    return Path(os.environ.get("LINLI_CALLED_FROM", Path.cwd())) / Path(path).expanduser()


def child_environment(**more: str) -> dict[str, str]:
    """This process's environment for a child that must find the package and Django's settings."""
    settings = {"DJANGO_SETTINGS_MODULE": "linli.settings"}
    return {**settings, **os.environ, "PYTHONPATH": str(PACKAGE.parent), **more}
