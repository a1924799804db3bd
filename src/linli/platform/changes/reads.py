"""What can be asked about the trail as a whole; the story of one row is in `timeline`."""

from __future__ import annotations

from django.db.models import QuerySet

from linli.platform.access.actor import Actor
from linli.platform.changes.models import Entry
from linli.platform.changes.rules import Verb


def entries(actor: Actor) -> QuerySet[Entry]:
    """The entries of the actor's branch."""
    if not actor.knows(Verb.VIEW_TRAIL):
        return Entry.objects.none()
    rows = Entry.objects.all()
    return rows if actor.all_verbs else rows.filter(actor.branch.where())
