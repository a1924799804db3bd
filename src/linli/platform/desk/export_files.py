"""Where the files of large exports lie: apart from attachments, never in a backup, not for long."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from django.conf import settings

FOLDER, WORK = "exports", "work-"


def folder() -> Path:
    """The store, made when it is missing; for the application's own account alone."""
    found = Path(settings.MEDIA_ROOT) / FOLDER
    found.mkdir(mode=0o700, parents=True, exist_ok=True)
    return found


def path_of(stored: str) -> Path:
    """Where the file of this name is."""
    return Path(settings.MEDIA_ROOT) / FOLDER / Path(stored).name


@contextmanager
def workplace() -> Iterator[Path]:
    """A directory for one attempt; what is left in it goes with it."""
    with tempfile.TemporaryDirectory(prefix=WORK, dir=folder(), ignore_cleanup_errors=True) as path:
        yield Path(path)


def keep(made: Path) -> str:
    """Put a finished file into the store, on disk when this returns; its name cannot be guessed."""
    stored = f"{secrets.token_hex(32)}{made.suffix}"
    with made.open("rb") as file:
        os.fsync(file.fileno())
    made.replace(path_of(stored))
    return stored


def remove(stored: str) -> None:
    """Delete a file; gone already is fine."""
    if stored:
        path_of(stored).unlink(missing_ok=True)


def sweep(*, known: Collection[str], before: datetime) -> int:
    """Delete what no export knows and what killed attempts left behind; returns how many."""
    limit, swept = before.timestamp(), 0
    for path in folder().iterdir():
        with suppress(FileNotFoundError):
            if path.name in known or path.stat().st_mtime >= limit:
                continue
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink()
            swept += 1
    return swept
