"""What can be asked about exports, and about one's own acts on ticked rows."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from linli.platform.access.actor import Actor
from linli.platform.changes.rules import Verb
from linli.platform.desk.models import Batch, Export, LargeExport


def exports(actor: Actor) -> QuerySet[Export]:
    """The exports made in the actor's branch."""
    if not actor.knows(Verb.VIEW_TRAIL):
        return Export.objects.none()
    rows = Export.objects.all()
    return rows if actor.all_verbs else rows.filter(actor.branch.where())


def batch_of(actor: Actor, batch_id: UUID, *, register: str) -> Batch | None:
    """One of the actor's own acts on ticked rows of a register, for a day."""
    own = Batch.objects.filter(account=actor.account_id, register=register)
    return own.filter(pk=batch_id).first()


def large_exports(actor: Actor) -> QuerySet[LargeExport]:
    """What the worker makes, or made, for this account, newest first."""
    return LargeExport.objects.filter(account=actor.account_id).order_by("-asked_at", "-id")
