"""Taking files in, checking them for viruses, moving and removing them: every write of files."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import PurePosixPath
from typing import IO, Any
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from linli.kernel.errors import Invalid
from linli.kernel.ids import new_id
from linli.platform.access.actor import Actor
from linli.platform.access.scope import acting_as_needed, open_subject
from linli.platform.access.scoped import Scoped
from linli.platform.changes.bulk import record
from linli.platform.changes.trail import entry_for
from linli.platform.files import contents, images, scan, store
from linli.platform.files.jobs import scan_later
from linli.platform.files.models import IMAGES, SUFFIXES, Attachment, Media, State
from linli.platform.files.rules import Verb
from linli.platform.files.uploads import RefusedUpload

LONGEST_NAME = 120
# What reads like a type at the end of a name, `.pdf.exe`; a point in “第2.5页” is none.
SUFFIX_LIKE = re.compile(r"\.[A-Za-z][A-Za-z0-9]{1,4}$")
MEGABYTE = 1024 * 1024

TOO_LARGE = _(
    "“%(name)s” has %(size)s MB; at most %(limit)s MB are taken. Send a smaller copy, or a "
    "screenshot of it."
)
TOO_MUCH = _("All files together are too large. Send fewer at once.")
TOO_MANY = _("At most %(limit)s files are taken at once. Leave some out.")
ONLY_PHOTOS = _("Only photos are taken here (JPEG, PNG or WebP).")


@dataclass(slots=True)
class Checked:
    """An upload found acceptable: what it is, and what will be stored."""

    name: str
    media: Media
    file: IO[bytes]
    photo: images.Photo | None = None


def check_upload(
    upload: UploadedFile[Any], *, images_only: bool = False, field: str = "files"
) -> Checked:
    """Look at an upload by its content; nothing is stored.

    Raises `Invalid` at `field` for size, type, damage, macros, passwords and bombs, and
    `Unavailable` when the disk had no room for it.
    """
    _refuse_size(upload, field)
    file: Any = upload.file
    try:
        media = contents.kind_of(file, field=field)
    except contents.NotTaken as refused:
        if not images_only:
            raise
        # Whoever is asked for photos need not read which papers are taken elsewhere.
        raise Invalid(field, ONLY_PHOTOS) from refused
    if images_only and media not in IMAGES:
        raise Invalid(field, ONLY_PHOTOS)
    checked = Checked(name=clean_name(upload.name or "", media), media=media, file=file)
    if media in IMAGES:
        checked.photo = images.clean(file, media, field=field)
    return checked


def check_uploads(
    uploads: Sequence[UploadedFile[Any]], *, images_only: bool = False, field: str = "files"
) -> list[Checked]:
    """`check_upload` for several, and that they are not too many (settings.UPLOADS_AT_ONCE)."""
    if len(uploads) > settings.UPLOADS_AT_ONCE:
        raise Invalid(field, TOO_MANY, limit=settings.UPLOADS_AT_ONCE)
    return [check_upload(one, images_only=images_only, field=field) for one in uploads]


def attach(
    row: Scoped,
    upload: UploadedFile[Any] | Checked,
    *,
    by: Actor,
    at: datetime,
    kind: str = "",
    images_only: bool = False,
    field: str = "files",
) -> Attachment:
    """Store a file on a row the actor has just read or made; the caller checked the row's verb.

    Photos lose their metadata and get thumbnails. Where a virus check is set up the file is
    `pending` and not served until checked. Raises as `check_upload` does; then there is neither
    row nor file.
    """
    checked = (
        upload
        if isinstance(upload, Checked)
        else check_upload(upload, images_only=images_only, field=field)
    )
    pk = new_id()
    sha256, size = _digest(checked)
    stored = store.stored_name(pk, sha256)
    with acting_as_needed(by):
        open_subject(row.pk)
        attachment = Attachment(
            id=pk,
            unit_id=row.unit_id,
            unit_key=row.unit_key,
            owner_type=row._meta.label_lower,
            owner_id=row.pk,
            kind=kind,
            name=checked.name,
            media=checked.media,
            size=size,
            sha256=sha256,
            stored=stored,
            width=checked.photo.width if checked.photo else None,
            height=checked.photo.height if checked.photo else None,
            state=State.PENDING if scan.is_on() else State.READY,
            uploaded_by_id=by.account_id,
            uploaded_at=at,
        )
        attachment.save(force_insert=True)
        # The row first: when the disk refuses, the transaction takes the row back.
        _write(stored, checked)
        if attachment.state == State.PENDING:
            scan_later(attachment_ids=[str(pk)])
    return attachment


def attach_all(
    row: Scoped,
    uploads: Sequence[UploadedFile[Any] | Checked],
    *,
    by: Actor,
    at: datetime,
    kind: str = "",
    images_only: bool = False,
    field: str = "files",
) -> list[Attachment]:
    """`attach` for several: all are checked before the first is stored."""
    if not uploads:
        return []
    raw = [one for one in uploads if not isinstance(one, Checked)]
    checked = [one for one in uploads if isinstance(one, Checked)]
    if len(uploads) > settings.UPLOADS_AT_ONCE:
        raise Invalid(field, TOO_MANY, limit=settings.UPLOADS_AT_ONCE)
    checked += check_uploads(raw, images_only=images_only, field=field)
    with acting_as_needed(by):
        return [attach(row, one, by=by, at=at, kind=kind) for one in checked]


def follow(row: Scoped, *, by: Actor) -> int:
    """Move a row's files to where the row lies now; call it when a verb changed its unit."""
    with acting_as_needed(by):
        open_subject(row.pk)
        return Attachment.objects.filter(owner_id=row.pk).update(
            unit_id=row.unit_id,
            unit_key=row.unit_key,
        )


def record_download(attachment: Attachment, *, row: Scoped, by: Actor, at: datetime) -> None:
    """Put on the row's record who took a document away; photos on a page are not told."""
    entry = entry_for(
        row,
        by=by,
        verb=Verb.DOWNLOAD,
        at=at,
        moved={},
        facts={"file": attachment.name, "file_id": attachment.pk},
    )
    with acting_as_needed(by):
        record([entry])


def clean_name(name: str, media: Media) -> str:
    """The name as people see it: no path, no control or direction characters, the true suffix."""
    bare = PurePosixPath(name.replace("\\", "/")).name
    shown = "".join(
        character
        for character in unicodedata.normalize("NFC", bare)
        if unicodedata.category(character)[0] != "C" and character not in '<>:"|?*'
    ).strip()
    suffix = SUFFIXES[media]
    stem = shown
    while SUFFIX_LIKE.search(stem):
        stem = SUFFIX_LIKE.sub("", stem)
    return f"{(stem.strip('. ') or 'file')[: LONGEST_NAME - len(suffix)]}{suffix}"


def drop_of(owner_id: UUID) -> int:
    """Remove every file of a row that is anonymised or deleted. Call it as the system.

    The bytes go when the transaction is committed; returns how many files.
    """
    found = list(Attachment.objects.filter(owner_id=owner_id))
    for attachment in found:
        attachment.delete()
        transaction.on_commit(partial(store.remove, attachment.stored, images.THUMBS))
    return len(found)


def _refuse_size(upload: UploadedFile[Any], field: str) -> None:
    reason = upload.reason if isinstance(upload, RefusedUpload) else ""
    if reason == "disk":
        raise store.NoRoom
    if reason == "request":
        raise Invalid(field, TOO_MUCH)
    size = upload.size or 0
    if reason == "size" or size > settings.UPLOAD_LIMIT:
        raise Invalid(
            field,
            TOO_LARGE,
            name=(upload.name or "")[:60],
            size=-(-size // MEGABYTE),
            limit=settings.UPLOAD_LIMIT // MEGABYTE,
        )


def _digest(checked: Checked) -> tuple[str, int]:
    total, size = hashlib.sha256(), 0
    pieces = [checked.photo.body] if checked.photo else store.chunks_of(checked.file)
    for piece in pieces:
        total.update(piece)
        size += len(piece)
    return total.hexdigest(), size


def _write(stored: str, checked: Checked) -> None:
    try:
        if checked.photo is None:
            store.write(store.path_of(stored), store.chunks_of(checked.file))
            return
        for side, body in checked.photo.thumbs.items():
            store.write(store.path_of(stored, side), [body])
        store.write(store.path_of(stored), [checked.photo.body])
    except store.NoRoom:
        store.remove(stored, images.THUMBS)
        raise
