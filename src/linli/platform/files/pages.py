"""Serving bytes to whoever may see the row they hang on, and to nobody else."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from linli.kernel.errors import NotFound, Unavailable
from linli.platform.access.actor import Actor
from linli.platform.access.scope import acting_as_needed
from linli.platform.files import images, reads, store
from linli.platform.files.actions import record_download
from linli.platform.files.models import Attachment, Media, State

# Private: no proxy keeps it. A day: the bytes of an attachment never change.
CACHE = "private, max-age=86400"
INERT = "default-src 'none'; sandbox"


class NotYet(Unavailable):
    """The virus check has not looked at the file yet."""

    message = _("This file is still being checked for viruses. Please look again in a minute.")


class Removed(NotFound):
    """The virus check found something, or the bytes are gone."""

    message = _("This file was removed and can no longer be opened.")


@require_safe
def file(request: HttpRequest, pk: UUID) -> HttpResponse | FileResponse:
    """A file; documents other than PDF as a download, each taking on record."""
    actor = _reader(request, pk)
    with acting_as_needed(actor):
        attachment, row = reads.get(actor, pk)
        refuse_unready(attachment)
        if not attachment.is_image and request.method == "GET":
            record_download(attachment, row=row, by=actor, at=timezone.now())
    inline = attachment.is_image or attachment.media == Media.PDF
    return _served(
        request,
        attachment,
        store.path_of(attachment.stored),
        media=attachment.media,
        inline=inline,
    )


@require_safe
def thumb(request: HttpRequest, pk: UUID, side: int) -> HttpResponse | FileResponse:
    """The picture made small: `side` is 320 or 1280 pixels at most."""
    actor = _reader(request, pk)
    with acting_as_needed(actor):
        attachment, _row = reads.get(actor, pk)
        refuse_unready(attachment)
    if not attachment.is_image or side not in images.THUMBS:
        raise NotFound
    path = store.path_of(attachment.stored, side)
    return _served(request, attachment, path, media=Media.WEBP, inline=True, mark=str(side))


def refuse_unready(attachment: Attachment) -> None:
    """Raise unless the file may be served."""
    if attachment.state == State.PENDING:
        raise NotYet
    if attachment.state == State.INFECTED or not store.path_of(attachment.stored).is_file():
        raise Removed


def _reader(request: HttpRequest, pk: UUID) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return reads.reader(actor, pk, request.GET.get("key", ""))


def _served(
    request: HttpRequest,
    attachment: Attachment,
    path: Path,
    *,
    media: str,
    inline: bool,
    mark: str = "",
) -> HttpResponse | FileResponse:
    etag = f'"{attachment.sha256}{mark}"'
    response: HttpResponse | FileResponse
    if request.headers.get("If-None-Match") == etag:
        response = HttpResponseNotModified()
    else:
        try:
            opened = path.open("rb")
        except OSError as error:
            raise Removed from error
        response = FileResponse(
            opened, as_attachment=not inline, filename=attachment.name, content_type=str(media)
        )
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = CACHE
    response.headers["X-Content-Type-Options"] = "nosniff"
    # A sandbox keeps browsers from showing PDF; their viewers are a sandbox of their own.
    if media != Media.PDF:
        response.headers["Content-Security-Policy"] = INERT
    return response
