"""Several reports of one matter become one case, and can be taken apart again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from linli.modules.cases.faults import NotTheSame
from linli.modules.cases.models import Case
from linli.modules.cases.rules import Verb
from linli.modules.cases.states import FLOW, OPEN
from linli.platform.access.actor import Actor
from linli.platform.access.scope import acting_as_needed
from linli.platform.changes.public import change, note, rehearsed


def merge(*, by: Actor, at: datetime, case: Case, into: Case, expected: int | None = None) -> None:
    """Let `case` go on as `into`; its reporters are told by the other's moves."""
    if case.pk == into.pk:
        raise NotTheSame
    with (
        _both_locked(case, into, by=by) as other,
        change(case, by=by, verb=Verb.MERGE, at=at, expected=expected) as entry,
    ):
        if other is None or other.state not in OPEN:
            raise NotTheSame
        FLOW.move(case, Verb.MERGE, at=at, by=by, entry=entry)
        case.merged_into = other
        case.handler, case.taken_by, case.engaged = None, None, []
        entry.facts["into"] = other.number
    note(other, by=by, verb=Verb.COMMENT, at=at, facts={"merged": case.number})


@contextmanager
def _both_locked(case: Case, into: Case, *, by: Actor) -> Iterator[Case | None]:
    """The other case as it is now. Locked in one order, so that crossing merges do not hang."""
    if rehearsed(into) is not None:
        yield into
        return
    with acting_as_needed(by):
        keys = [case.pk, into.pk]
        rows = list(Case.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
        yield next((row for row in rows if row.pk == into.pk), None)


def unmerge(
    *, by: Actor, at: datetime, case: Case, reason: str, expected: int | None = None
) -> None:
    """Take a merged case out again; it starts anew as reported."""
    with change(case, by=by, verb=Verb.UNMERGE, at=at, expected=expected) as entry:
        FLOW.move(case, Verb.UNMERGE, at=at, by=by, entry=entry, given={"reason": reason})
        entry.facts["out_of"] = case.merged_into.number if case.merged_into else ""
        case.merged_into = None
