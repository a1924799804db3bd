"""What can be asked about the lists that left the system as files."""

from __future__ import annotations

from django.db.models import QuerySet

from linli.platform.access.actor import Actor
from linli.platform.changes.rules import Verb
from linli.platform.desk.models import Export


def exports(actor: Actor) -> QuerySet[Export]:
    """The exports made in the actor's branch."""
    if not actor.knows(Verb.VIEW_TRAIL):
        return Export.objects.none()
    rows = Export.objects.all()
    return rows if actor.all_verbs else rows.filter(actor.branch.where())
