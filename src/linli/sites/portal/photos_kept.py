"""Photos of a report under way: checked and cleaned at once, kept beside the attachments, swept.

They lie under MEDIA_ROOT/drafts/<draft>/, so that every web process finds them. When the report is
sent they become attachments without being encoded a second time.
"""

from __future__ import annotations

import shutil
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from linli.kernel.errors import NotFound
from linli.kernel.ids import new_id
from linli.platform.files import store
from linli.platform.files.images import THUMBS, Photo
from linli.platform.files.models import Media
from linli.platform.files.public import Checked, check_upload
from linli.sites.portal.drafts import KEPT, Draft

MOST = 6
SMALL = min(THUMBS)


def add(draft: Draft, upload: UploadedFile[Any]) -> None:
    """Check a photo and keep it with the draft. Raises `Invalid` at `photos`, or `Unavailable`."""
    checked = check(upload)
    photo = checked.photo
    if photo is None:  # images_only leaves nothing else
        raise NotFound
    pk = str(new_id())
    for side, body in photo.thumbs.items():
        store.write(_path(draft, pk, side), [body])
    store.write(_path(draft, pk), [photo.body])
    draft.photos.append(
        {
            "id": pk,
            "name": checked.name,
            "media": str(checked.media),
            "width": photo.width,
            "height": photo.height,
        }
    )


def check(upload: UploadedFile[Any]) -> Checked:
    """A photo by its content, cleaned; nothing is kept. Raises as `add`."""
    return check_upload(upload, images_only=True, field="photos")


def remove(draft: Draft, pk: str) -> None:
    """Take one photo out again; not there is fine."""
    if any(photo["id"] == pk for photo in draft.photos):
        draft.photos = [photo for photo in draft.photos if photo["id"] != pk]
        for side in (None, *THUMBS):
            _path(draft, pk, side).unlink(missing_ok=True)


def small(draft: Draft, pk: UUID) -> bytes:
    """The small picture of a photo of this very draft (WebP). Raises `NotFound`."""
    if not any(photo["id"] == str(pk) for photo in draft.photos):
        raise NotFound
    try:
        return _path(draft, str(pk), SMALL).read_bytes()
    except OSError as error:
        raise NotFound from error


def uploads(draft: Draft) -> list[Checked]:
    """The photos as `attach` takes them; those swept meanwhile are left out."""
    found = []
    for kept in draft.photos:
        path = _path(draft, kept["id"])
        if not path.is_file():
            continue
        body = path.read_bytes()
        thumbs = {side: _path(draft, kept["id"], side).read_bytes() for side in THUMBS}
        photo = Photo(body=body, thumbs=thumbs, width=kept["width"], height=kept["height"])
        found.append(
            Checked(
                name=kept["name"], media=Media(kept["media"]), file=path.open("rb"), photo=photo
            )
        )
    return found


def drop(draft: Draft) -> None:
    """Remove every photo of a draft."""
    if draft.id:
        shutil.rmtree(_folder(draft.id), ignore_errors=True)
    draft.photos = []


def forget_old(*, at: datetime) -> int:
    """Remove the photos of drafts nobody went on with for a day; how many drafts."""
    limit = (at - KEPT).timestamp()
    dropped = 0
    for folder in (Path(settings.MEDIA_ROOT) / "drafts").glob("*"):
        with suppress(FileNotFoundError):
            if folder.stat().st_mtime < limit:
                shutil.rmtree(folder, ignore_errors=True)
                dropped += 1
    return dropped


def _folder(draft_id: str) -> Path:
    return Path(settings.MEDIA_ROOT) / "drafts" / str(UUID(draft_id))


def _path(draft: Draft, pk: str, side: int | None = None) -> Path:
    name = f"{UUID(pk)}.{side}" if side else str(UUID(pk))
    return _folder(draft.id) / name
