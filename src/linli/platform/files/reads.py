"""Which files a row has, and the one way to a file's bytes."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.core import signing
from django.urls import reverse

from linli.kernel.errors import NotFound
from linli.platform.access.actor import Actor
from linli.platform.access.scope import acting, open_subject
from linli.platform.access.scoped import Scoped
from linli.platform.changes.verbs import public_verbs
from linli.platform.files.models import Attachment, State
from linli.platform.files.owners import find_owner

SYSTEM = Actor.system("files")
SALT = "linli.files"
# A link handed to somebody without an account; the page that hands it out makes new ones.
LINK_SECONDS = 24 * 3600


@dataclass(frozen=True, slots=True)
class Shown:
    """A file as a page shows it; addresses are "" while it may not be served."""

    attachment: Attachment
    name: str
    size: int
    is_image: bool
    state: str
    state_label: str
    url: str
    thumb_url: str
    large_url: str

    @property
    def thumb(self) -> str:
        """As `ui.photos` calls the small picture."""
        return self.thumb_url

    @property
    def alt(self) -> str:
        """What is read out instead of the picture."""
        return self.name


def of(row: Scoped) -> list[Attachment]:
    """The files of a row the caller has just read, oldest first."""
    open_subject(row.pk)
    return list(Attachment.objects.filter(owner_id=row.pk).order_by("uploaded_at", "id"))


def shown(row: Scoped, *, kind: str | None = None, reference: str = "") -> list[Shown]:
    """`of`, ready for a template; `kind` keeps one kind.

    `reference` is the number by which somebody without an account reached the row: the addresses
    then carry it, signed.
    """
    return [
        _shown(attachment, reference)
        for attachment in of(row)
        if kind is None or attachment.kind == kind
    ]


def get(actor: Actor, pk: UUID) -> tuple[Attachment, Scoped]:
    """A file and the row it hangs on, if this actor may see that row; else `NotFound`."""
    with acting(SYSTEM):
        pointer = Attachment.objects.filter(pk=pk).values_list("owner_type", "owner_id").first()
    if pointer is None:
        raise NotFound
    row = find_owner(pointer[0], actor, pointer[1])
    if row is None:
        raise NotFound
    open_subject(row.pk)
    attachment = Attachment.objects.filter(pk=pk, owner_id=row.pk).first()
    if attachment is None:
        raise NotFound
    return attachment, row


def reader(actor: Actor, pk: UUID, key: str) -> Actor:
    """Who asks: the actor, or with a signed key somebody without an account who has the number."""
    if not key:
        return actor
    try:
        named, reference = signing.loads(key, salt=SALT, max_age=LINK_SECONDS)
    except signing.BadSignature as error:
        raise NotFound from error
    if named != str(pk):
        raise NotFound
    return Actor.public(public_verbs(), reference=reference)


def address(attachment: Attachment, *, thumb: int | None = None, reference: str = "") -> str:
    """Where a file is served; with a reference signed for a reader without an account."""
    if thumb:
        path = reverse("files:thumb", args=[attachment.pk, thumb])
    else:
        path = reverse("files:file", args=[attachment.pk])
    if not reference:
        return path
    return f"{path}?key={signing.dumps([str(attachment.pk), reference], salt=SALT)}"


def _shown(attachment: Attachment, reference: str) -> Shown:
    ready = attachment.state == State.READY
    pictured = ready and attachment.is_image
    return Shown(
        attachment=attachment,
        name=attachment.name,
        size=attachment.size,
        is_image=attachment.is_image,
        state=attachment.state,
        state_label=str(State(attachment.state).label),
        url=address(attachment, reference=reference) if ready else "",
        thumb_url=address(attachment, thumb=320, reference=reference) if pictured else "",
        large_url=address(attachment, thumb=1280, reference=reference) if pictured else "",
    )
