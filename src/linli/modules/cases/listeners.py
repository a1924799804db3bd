"""A case that moved is announced: one job in the same transaction, whoever must be told later."""

from __future__ import annotations

from uuid import UUID

from linli.kernel.errors import NotFound
from linli.modules.cases import reads
from linli.modules.cases.jobs import announce_later
from linli.modules.cases.models import Case
from linli.modules.cases.notices import TELLERS
from linli.platform.access.actor import Actor
from linli.platform.access.scope import acting_as_needed
from linli.platform.changes.public import Entry, listens_to
from linli.platform.files.public import owner


@listens_to(*TELLERS)
def announce(entry: Entry, row: object, by: Actor) -> None:  # noqa: ARG001  a listener's form
    """Queue the announcement of this entry."""
    announce_later(entry_id=str(entry.pk))


@owner("cases.case")
def case_of_file(actor: Actor, pk: UUID) -> Case | None:
    """The case a file hangs on: for staff in reach, for a reporter by the number."""
    with acting_as_needed(actor):
        if actor.reference:
            return Case.objects.filter(pk=pk, number=actor.reference).first()
        try:
            return reads.case_by_id(actor, pk)
        except NotFound:
            return None
