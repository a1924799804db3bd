"""What lists keep: saved views, what came of acts on ticked rows, and who exported what."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from django.db import models
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


class ExportRule(models.Model):
    """How many rows one export may hold, from a day on."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    starts = models.DateField(unique=True)
    most_rows = models.PositiveIntegerField()
    source = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"{self.most_rows} {self.starts}"
