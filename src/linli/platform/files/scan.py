"""The virus check: a command of the operator's choice that looks at one file."""

from __future__ import annotations

import shlex
import subprocess
from pathlib import Path

from django.conf import settings

from linli.kernel.errors import Unavailable

CLEAN, INFECTED = 0, 1
LONGEST = 300


class ScannerFailed(Unavailable):
    """The command is missing, failed or took too long; the file stays unserved."""


def is_on() -> bool:
    """Whether files are checked before they are served."""
    return bool(settings.VIRUS_SCAN.strip())


def is_clean(path: Path) -> bool:
    """Run the command with the path added: exit code 0 is clean, 1 is infected.

    Anything else raises `ScannerFailed`: a scanner that does not work says nothing about a file.
    """
    try:
        done = subprocess.run(
            [*shlex.split(settings.VIRUS_SCAN), str(path)],
            capture_output=True,
            timeout=LONGEST,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ScannerFailed from error
    if done.returncode not in (CLEAN, INFECTED):
        raise ScannerFailed
    return done.returncode == CLEAN
