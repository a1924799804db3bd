"""`./linli check`: everything that can be known without running the tests.

Each tool is a line with its time; its output is shown when it finds something.
"""

from __future__ import annotations

import argparse
import io
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from linli.machine import django_door, translations
from linli.machine.local import database
from linli.machine.places import PACKAGE, ROOT, child_environment
from linli.machine.telling import console
from linli.machine.words import gettext as _

Check = Callable[[], str]


def run(argv: Sequence[str]) -> int:
    """0 when nothing was found; `--audit` also walks the whole chain of entries."""
    parser = argparse.ArgumentParser(prog="./linli check")
    parser.add_argument("--audit", action="store_true", help="verify the trail of this database")
    args = parser.parse_args(argv)
    translations.compile_all()
    checks = audit_checks() if args.audit else source_checks()
    found = [name for name, check in checks.items() if not _passes(name, check)]
    return 1 if found else 0


def source_checks() -> dict[str, Check]:
    """The checks of the source, by name; each returns what it found, "" for nothing."""
    package = str(PACKAGE.relative_to(ROOT))
    own = [path for path in (package, "conftest.py", "tests") if (ROOT / path).exists()]
    templates = [
        str(path.relative_to(ROOT))
        for path in PACKAGE.rglob("templates")
        if any(path.rglob("*.html"))
    ]
    return {
        "ruff check": _tool("ruff", "check", "--quiet", *own),
        "ruff format": _tool("ruff", "format", "--check", "--quiet", *own),
        "mypy": _tool("mypy", "--no-error-summary"),
        "import-linter": _console("lint-imports"),
        "djlint": _tool("djlint", "--quiet", "--lint", *templates) if templates else lambda: "",
        "bandit": _tool("bandit", "-q", "-r", package, "-c", "pyproject.toml", "-ll"),
        "deptry": _tool("deptry", package, "--config", "requirements/deptry.toml"),
        "migrations": _migrations,
        "translations": _translations,
    }


def audit_checks() -> dict[str, Check]:
    """The check of the data: nothing in the sealed trail was altered."""
    return {"audit trail": _audit}


def _passes(name: str, check: Check) -> bool:
    began = time.monotonic()
    output = check().strip()
    mark = "[red]✗[/red]" if output else "[green]✓[/green]"
    console.print(f"{mark} {name:<14} {time.monotonic() - began:5.1f} s")
    if output:
        console.print(output, markup=False)
    return not output


def _tool(module: str, *args: str) -> Check:
    return _command([sys.executable, "-m", module, *args])


def _console(script: str, *args: str) -> Check:
    return _command([str(Path(sys.executable).parent / script), *args])


def _command(command: Sequence[str]) -> Check:
    def check() -> str:
        done = subprocess.run(
            list(command),
            cwd=ROOT,
            env=child_environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        return "" if done.returncode == 0 else done.stdout + done.stderr or _("failed")

    return check


def _migrations() -> str:
    return _command(
        [sys.executable, "-m", "django", "makemigrations", "--check", "--dry-run", "--skip-checks"]
    )()


def _translations() -> str:
    faults = translations.faults()
    lines = [f"{fault.catalogue}: {fault.reason}: {fault.message!r}" for fault in faults]
    return "\n".join(lines)


def _audit() -> str:
    with database():
        django_door.setup()
        from linli.platform.changes.public import verify_chain

        output = io.StringIO()
        with redirect_stdout(output), redirect_stderr(output):
            faults = verify_chain()
        return "\n".join(f"{fault.day} #{fault.seq}: {fault.what}" for fault in faults)
