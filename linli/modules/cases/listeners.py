"""A case that moved is announced: one job in the same transaction, whoever must be told later."""

from __future__ import annotations

from linli.modules.cases.jobs import announce_later
from linli.modules.cases.notices import TELLERS
from linli.platform.access.actor import Actor
from linli.platform.changes.public import Entry, listens_to


@listens_to(*TELLERS)
def announce(entry: Entry, row: object, by: Actor) -> None:  # noqa: ARG001  a listener's form
    """Queue the announcement of this entry."""
    announce_later(entry_id=str(entry.pk))
