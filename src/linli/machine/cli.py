"""The command line: one file a command in `linli.machine.commands`, loaded when it is called."""

from __future__ import annotations

import importlib
import sys
import tomllib
from collections.abc import Callable, Sequence

from linli.machine.errors import MachineError
from linli.machine.places import ROOT
from linli.machine.words import gettext as _

# Name, what it takes, what it does. In the order of --help.
COMMANDS = (
    ("demo", "[--port N]", _("Set up and run the demonstration city.")),
    ("serve", "", _("Run Linli for a real city, set up from the environment.")),
    ("test", "[pytest …]", _("Install what the tests need and run them.")),
    ("check", "[--audit]", _("Check style, types, contracts, migrations and translations.")),
    ("bench", "NAME [--size N …] [--json]", _("Measure one part at real sizes.")),
    ("load", "divisions|calendar PATH", _("Load divisions or the calendar of working days.")),
    ("backup", "FILE", _("Write database and attachments into one file.")),
    ("restore", "FILE [--replace]", _("Bring back what a backup holds.")),
    ("manage", "…", _("Run one of Django's or Linli's management commands.")),
    ("messages", "[--extract]", _("Compile the translations; bring them up to date first.")),
)

# Started by `demo` and `serve`, not by people.
PARTS = {"prepare", "worker"}


def version() -> str:
    """The version in pyproject.toml."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        return str(tomllib.load(file)["project"]["version"])


def usage() -> str:
    """What --help prints."""
    width = max(len(f"{name} {takes}") for name, takes, _about in COMMANDS)
    lines = [f"  {f'{name} {takes}':<{width}}  {about}" for name, takes, about in COMMANDS]
    return "\n".join([_("Usage: ./linli COMMAND …"), "", *lines, "", _("Settings: docs/operate.")])


def main(argv: Sequence[str]) -> int:
    """Run one command; the return code of the process."""
    name, *rest = argv or ["--help"]
    if name in ("-h", "--help", "help"):
        print(usage())
        return 0
    if name == "--version":
        print(f"linli {version()}")
        return 0
    if name not in {known for known, _takes, _about in COMMANDS} | PARTS:
        print(_("There is no command “{name}”.", name=name), usage(), sep="\n\n", file=sys.stderr)
        return 2
    try:
        module = importlib.import_module(f"linli.machine.commands.{name}")
        run: Callable[[Sequence[str]], int] = module.run
        return run(rest)
    except MachineError as error:
        print(f"linli: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
