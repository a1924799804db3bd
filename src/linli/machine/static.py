"""Static files gathered and compressed for the web process, once a change of any of them."""

from __future__ import annotations

import hashlib
from pathlib import Path


def fingerprint() -> str:
    """A hash of the names, sizes and times of all static files, and of how they are stored."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders

    total = hashlib.sha256(repr(settings.STORAGES["staticfiles"]).encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            info = Path(storage.path(path)).stat()
            total.update(f"{path}\0{info.st_size}\0{info.st_mtime_ns}\0".encode())
    return total.hexdigest()


def gather() -> bool:
    """Run collectstatic unless nothing changed since; True when it ran."""
    from django.conf import settings
    from django.core.management import call_command

    root = Path(settings.STATIC_ROOT)
    stamp = root / ".linli-stamp"
    wanted = fingerprint()
    if stamp.exists() and stamp.read_text() == wanted:
        return False
    root.mkdir(parents=True, exist_ok=True)
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(wanted)
    return True
