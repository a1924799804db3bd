"""Where the bytes are: outside the web root, under hashed names, written whole or not at all."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from linli.kernel.errors import Unavailable

CHUNK = 1024 * 1024
# A file without a row may belong to a transaction that is still running.
ORPHAN_AFTER = timedelta(hours=24)
PART = ".part"
SUFFIX_LENGTH = 64


class NoRoom(Unavailable):
    """The file could not be written; nothing of it was kept."""

    message = _(
        "The file could not be stored because there is no room for it at the moment. Nothing was "
        "saved; please try again later, or send it without the file."
    )


def stored_name(pk: UUID, sha256: str) -> str:
    """The name of an attachment's bytes: tells nothing and cannot be guessed."""
    return hashlib.sha256(pk.bytes + bytes.fromhex(sha256) + settings.AUDIT_KEY).hexdigest()


def path_of(stored: str, thumb: int | None = None) -> Path:
    """Where the bytes of a stored name are (or a thumbnail's, by its longest side)."""
    name = f"{stored}.{thumb}.webp" if thumb else stored
    return Path(settings.MEDIA_ROOT) / stored[:2] / stored[2:4] / name


def write(path: Path, chunks: Iterable[bytes]) -> None:
    """Write a file whole or not at all; it is on disk when this returns.

    Raises `NoRoom` when the disk is full, gone or not writable; then nothing is left of it.
    """
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}{PART}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("xb") as out:
            for chunk in chunks:
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
        part.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise NoRoom from error


def remove(stored: str, thumbs: Iterable[int]) -> None:
    """Remove the bytes and thumbnails of a stored name; gone already is fine."""
    for side in (None, *thumbs):
        with suppress(FileNotFoundError):
            path_of(stored, side).unlink()


def chunks_of(file: IO[bytes]) -> Iterator[bytes]:
    """A file from its beginning in pieces of 1 MB."""
    file.seek(0)
    while chunk := file.read(CHUNK):
        yield chunk


def old_files(*, before: datetime) -> Iterator[Path]:
    """Every file of the store last written before a moment."""
    limit = before.timestamp()
    root = Path(settings.MEDIA_ROOT)
    for path in root.glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]/*"):
        with suppress(FileNotFoundError):
            if path.is_file() and path.stat().st_mtime < limit:
                yield path


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
