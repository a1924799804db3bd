"""`./linli test …`: install what the tests need, run them; arguments go to pytest."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence

from linli.machine import browser, frontend, translations
from linli.machine.environment import read
from linli.machine.places import ROOT, child_environment
from linli.machine.telling import step

PROCESSES = 2


def run(argv: Sequence[str]) -> int:
    """pytest's return code; its closing line is the last one printed."""
    env = read()
    env.data_dir.mkdir(parents=True, exist_ok=True)
    frontend.fetch(env.data_dir)
    with step("compiling translations"):
        translations.compile_all()
    chromium = browser.install(env)
    spread = [] if _chooses_spread(argv) else ["-n", str(PROCESSES), "--dist", "loadfile"]
    command = [sys.executable, "-m", "pytest", *spread, *argv]
    environment = child_environment(LINLI_MODE="test", LINLI_CHROMIUM=str(chromium))
    if "LINLI_LANGUAGE" not in os.environ:
        environment["LINLI_LANGUAGE"] = "en"
    sys.stderr.flush()
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


def _chooses_spread(argv: Sequence[str]) -> bool:
    return any(arg.startswith(("-n", "--numprocesses", "--dist", "--pdb", "-s")) for arg in argv)
