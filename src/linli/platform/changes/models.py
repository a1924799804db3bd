"""Entries: who did what to which row, when, in which capacity; append-only and sealed."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.kernel.ids import new_id
from linli.platform.access.scoped import UnitKeyField


class Entry(models.Model):
    """One verb done once to one row. The database refuses to change or delete it.

    `seq` is given by the database in commit-safe order (see the migration), so that a seal over
    all entries up to a number can never be undercut by a slow transaction.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    seq = models.BigIntegerField(unique=True, default=0, editable=False)
    at = models.DateTimeField(_("when"))
    verb = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=60)
    subject_id = models.UUIDField()
    unit_key = UnitKeyField()
    account_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=60, blank=True)
    post_id = models.UUIDField(null=True)
    post_title = models.CharField(max_length=80, blank=True)
    on_behalf_of = models.CharField(max_length=60, blank=True)
    channel = models.CharField(max_length=20)
    moved = models.JSONField(default=dict)
    facts = models.JSONField(default=dict)
    # Keyed digest of `moved` and `facts`: the chain still holds when they have been forgotten.
    digest = models.CharField(max_length=64)
    forgotten_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["subject_id", "seq"]),
            models.Index(fields=["unit_key", "-seq"]),
            models.Index(fields=["account_id", "-seq"]),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject_type} {self.subject_id}"


class Seal(models.Model):
    """A link of the chain: entries `first_seq`…`last_seq` of a day, hashed after the last seal."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.PositiveBigIntegerField(unique=True)
    day = models.DateField()
    first_seq = models.BigIntegerField()
    last_seq = models.BigIntegerField()
    count = models.PositiveIntegerField()
    hash = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["day"])]

    def __str__(self) -> str:
        return f"{self.day} {self.first_seq}–{self.last_seq}"
