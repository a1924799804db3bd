"""Run `prepare` as a child and read what it says; not at all when nothing changed since.

What it said is kept in `prepared.json` with a fingerprint of the source, the locks and the data
directory of the server. Commands that change the database from outside take the file away.
"""

from __future__ import annotations

import hashlib
import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from linli.machine.children import die_with_parent
from linli.machine.environment import Environment
from linli.machine.errors import MachineError
from linli.machine.places import PACKAGE, REQUIREMENTS, ROOT, child_environment
from linli.machine.postgres import Cluster


def fingerprint(data: Path) -> str:
    """A hash of names, sizes and times of the source and the locks, and of the server's data."""
    total = hashlib.sha256(str(data.stat().st_ino).encode())
    files = (path for path in PACKAGE.rglob("*") if "__pycache__" not in path.parts)
    for path in sorted((*files, ROOT / "package-lock.json", *REQUIREMENTS.glob("*.lock"))):
        if path.is_file():
            info = path.stat()
            total.update(f"{path}\0{info.st_size}\0{info.st_mtime_ns}\0".encode())
    return total.hexdigest()


def prepare_once(
    env: Environment, server: Cluster, *args: str, stopped: Callable[[], bool]
) -> dict[str, Any] | None:
    """What `prepare` said, now or when it last ran on the same source and data."""
    kept = kept_result(env)
    wanted = fingerprint(server.data)
    if kept.exists():
        former = json.loads(kept.read_text())
        if former["fingerprint"] == wanted:
            result: dict[str, Any] = former["result"]
            return result
    found = prepare(*args, stopped=stopped)
    if found is not None:
        new = kept.with_suffix(".new")
        new.touch(mode=0o600)
        # Taken again: preparing may itself write files, as compiled translations.
        new.write_text(json.dumps({"fingerprint": fingerprint(server.data), "result": found}))
        new.rename(kept)
    return found


def kept_result(env: Environment) -> Path:
    """Where the result is kept; taken away by whoever changes the database from outside."""
    return env.data_dir / "prepared.json"


def prepare(*args: str, stopped: Callable[[], bool]) -> dict[str, Any] | None:
    """The result of `prepare`; None when the operator stopped it. Its error was already told."""
    child = subprocess.Popen(
        [sys.executable, "-m", "linli", "prepare", *args],
        cwd=ROOT,
        env=child_environment(),
        stdout=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=die_with_parent(signal.SIGTERM),  # noqa: PLW1509 - single-threaded here
    )
    while child.poll() is None:
        if stopped():
            child.send_signal(signal.SIGINT)
            child.wait()
            return None
        time.sleep(0.05)
    output = child.stdout.read() if child.stdout else b""
    if child.returncode != 0:
        raise MachineError("Linli was not started.")
    found: dict[str, Any] = json.loads(output.splitlines()[-1])
    return found
