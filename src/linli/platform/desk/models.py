"""What lists keep: saved views, what came of acts on ticked rows, and who exported what."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.kernel.ids import new_id
from linli.platform.access.scoped import Scoped, setting
from linli.platform.changes.public import Changeable

OWN = "account_id = (SELECT nullif(current_setting('linli.account', true), '')::uuid)"
# Beside the person only the platform itself, which clears away and works on what was asked for.
OWN_OR_PLATFORM = f"({OWN} OR ({setting('account')} IS NULL AND {setting('hi')} = '~'))"


class SavedView(models.Model):
    """Filters, order and columns of a list under a name of one's own."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey("access.Account", on_delete=models.CASCADE, related_name="+")
    register = models.CharField(max_length=60)
    name = models.CharField(_("name"), max_length=40)
    query = models.CharField(max_length=2_000, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "register", "name"], name="saved_view_name_once"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Batch(models.Model):
    """One act done on several ticked rows, and what came of each; shown to whoever did it.

    The key comes from the page that asked, so that the same form sent twice is done once.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey("access.Account", on_delete=models.CASCADE, related_name="+")
    register = models.CharField(max_length=60)
    act = models.CharField(max_length=60)
    # The list it was done from, and what was typed, for trying the refused ones again.
    query = models.CharField(max_length=2_000, blank=True)
    given = models.JSONField(default=dict)
    # Rows of key, title, outcome, sentence, in the order they were ticked.
    came = models.JSONField(default=list)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["at"])]

    def __str__(self) -> str:
        return f"{self.register}.{self.act} {self.at:%Y-%m-%d %H:%M}"


class Export(Scoped, Changeable):
    """A list that left the system as a file: who took which rows, for what."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    register = models.CharField(_("list"), max_length=60)
    form = models.CharField(_("kind of file"), max_length=10)
    query = models.CharField(_("filters"), max_length=2_000, blank=True)
    columns = models.CharField(_("columns"), max_length=2_000)
    rows = models.PositiveIntegerField(_("rows"))
    purpose = models.CharField(_("purpose"), max_length=200)
    account = models.ForeignKey("access.Account", on_delete=models.PROTECT, related_name="+")
    post_id = models.UUIDField(null=True)
    at = models.DateTimeField(_("when"))

    scope_also: ClassVar[str] = OWN

    class Meta:
        indexes = [models.Index(fields=["unit_key", "-at"])]

    def __str__(self) -> str:
        return f"{self.register} {self.at:%Y-%m-%d %H:%M}"

    def held_by(self, post_id: UUID) -> bool:
        """Whoever exports does so in the own post, however far that post reaches."""
        return self.post_id == post_id


class Making(models.TextChoices):
    """How far a large export is."""

    WAITING = "waiting", _("waiting its turn")
    MAKING = "making", _("being made")
    READY = "ready", _("ready to fetch")
    FAILED = "failed", _("could not be made")
    CANCELLED = "cancelled", _("cancelled")
    EXPIRED = "expired", _("deleted")


class Fault(models.TextChoices):
    """Why a large export could not be made."""

    NO_POST = "no_post", _("You no longer hold the post in which you asked for it.")
    TOO_LONG = "too_long", _("An Excel sheet holds 1,048,576 rows at most; this list has more.")
    NO_ROOM = "no_room", _("The server had no room for the file. Please tell the office.")
    BROKEN = "broken", _("Something broke on our side. It has been recorded.")


class LargeExport(models.Model):
    """A list too long to be sent at once: asked for, made into a file by the worker, fetched.

    Seen by whoever asked for it. `post_id` and `unit_id` are the capacity in which it was asked
    for; the file holds what that capacity reaches when it is made.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey("access.Account", on_delete=models.CASCADE, related_name="+")
    post_id = models.UUIDField()
    unit_id = models.UUIDField()
    register = models.CharField(max_length=60)
    form = models.CharField(max_length=10)
    query = models.TextField(blank=True)
    columns = models.JSONField(default=list)
    language = models.CharField(max_length=10)
    purpose = models.CharField(_("purpose"), max_length=200)
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=Making, default=Making.WAITING)
    fault = models.CharField(max_length=10, choices=Fault, blank=True)
    # Which attempt is at work: a worker taken for dead must not go on beside its successor.
    run = models.UUIDField(null=True)
    touched_at = models.DateTimeField()
    rows_done = models.PositiveIntegerField(default=0)
    rows_expected = models.PositiveIntegerField(null=True)
    stored = models.CharField(max_length=80, blank=True)
    name = models.CharField(max_length=200, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    made_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    export = models.ForeignKey(Export, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["account", "-asked_at"]),
            models.Index(fields=["state", "touched_at"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="ready", export__isnull=False, expires_at__isnull=False)
                & ~Q(stored="")
                | ~Q(state="ready") & Q(stored=""),
                name="large_export_has_its_file_while_ready",
            ),
            models.CheckConstraint(
                condition=Q(state="failed") & ~Q(fault="") | ~Q(state="failed") & Q(fault=""),
                name="large_export_says_why_it_failed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.register} {self.state} {self.asked_at:%Y-%m-%d %H:%M}"

    @property
    def is_under_way(self) -> bool:
        return self.state in (Making.WAITING, Making.MAKING)


class ExportRule(models.Model):
    """How exports are made, from a day on.

    Up to `most_rows` rows are sent at once, more are made by the worker, more than `most_in_all`
    not at all (None: no limit). A file made by the worker is kept for `kept_days` days.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    starts = models.DateField(unique=True)
    most_rows = models.PositiveIntegerField()
    most_in_all = models.PositiveIntegerField(null=True)
    kept_days = models.PositiveSmallIntegerField(default=7)
    source = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"{self.most_rows} {self.starts}"
