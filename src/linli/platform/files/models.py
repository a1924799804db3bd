"""What is stored of a file: whose it is, what it is, where its bytes are, whether it is safe."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.kernel.ids import new_id
from linli.platform.access.scoped import Scoped, uuid_setting


class State(models.TextChoices):
    """Whether the bytes may be served."""

    PENDING = "pending", _("being checked for viruses")
    READY = "ready", _("ready")
    INFECTED = "infected", _("removed: the virus check found something")


class Media(models.TextChoices):
    """Types of content that are taken."""

    JPEG = "image/jpeg", "JPEG"
    PNG = "image/png", "PNG"
    WEBP = "image/webp", "WebP"
    PDF = "application/pdf", "PDF"
    DOCX = (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "Word",
    )
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Excel"
    PPTX = (
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "PowerPoint",
    )
    DOC = "application/msword", "Word 97–2003"
    XLS = "application/vnd.ms-excel", "Excel 97–2003"


SUFFIXES = {
    Media.JPEG: ".jpg",
    Media.PNG: ".png",
    Media.WEBP: ".webp",
    Media.PDF: ".pdf",
    Media.DOCX: ".docx",
    Media.XLSX: ".xlsx",
    Media.PPTX: ".pptx",
    Media.DOC: ".doc",
    Media.XLS: ".xls",
}
IMAGES = frozenset({Media.JPEG, Media.PNG, Media.WEBP})


class Attachment(Scoped):
    """A file that hangs on a row, lies in the same unit, and is seen by whoever sees the row."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner_type = models.CharField(max_length=60)
    owner_id = models.UUIDField()
    # What the file is to its owner, in the owner's words: "report", "proof", …
    kind = models.CharField(max_length=30, blank=True)
    name = models.CharField(_("file name"), max_length=120)
    media = models.CharField(max_length=100, choices=Media)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    stored = models.CharField(max_length=64, unique=True)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    state = models.CharField(max_length=10, choices=State, default=State.READY)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    uploaded_at = models.DateTimeField(_("when"))

    scope_also = f"owner_id = {uuid_setting('subject')}"

    class Meta:
        indexes = [
            models.Index(fields=["owner_id", "uploaded_at"]),
            models.Index(fields=["unit_key"]),
            models.Index(
                fields=["uploaded_at"], condition=Q(state="pending"), name="attachment_pending"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(width=None, height=None) | Q(width__gt=0, height__gt=0),
                name="attachment_has_both_sides_or_none",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_image(self) -> bool:
        return self.media in IMAGES
