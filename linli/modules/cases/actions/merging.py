"""Several reports of one matter become one case, and can be taken apart again."""

from __future__ import annotations

from datetime import datetime

from linli.modules.cases.faults import NotTheSame
from linli.modules.cases.models import Case
from linli.modules.cases.rules import Verb
from linli.modules.cases.states import FLOW, OPEN
from linli.platform.access.actor import Actor
from linli.platform.changes.public import change, note, rehearsed


def merge(*, by: Actor, at: datetime, case: Case, into: Case, expected: int | None = None) -> None:
    """Let `case` go on as `into`; its reporters are told by the other's moves."""
    if case.pk == into.pk:
        raise NotTheSame
    with change(case, by=by, verb=Verb.MERGE, at=at, expected=expected) as entry:
        # Locked after the first row; a crossing merge of the same two is refused by the state.
        other: Case | None = into
        if rehearsed(into) is None:
            other = Case.objects.select_for_update().filter(pk=into.pk).first()
        if other is None or other.state not in OPEN:
            raise NotTheSame
        FLOW.move(case, Verb.MERGE, at=at, by=by, entry=entry)
        case.merged_into = other
        case.handler, case.taken_by, case.engaged = None, None, []
        entry.facts["into"] = other.number
    note(other, by=by, verb=Verb.COMMENT, at=at, facts={"merged": case.number})


def unmerge(
    *, by: Actor, at: datetime, case: Case, reason: str, expected: int | None = None
) -> None:
    """Take a merged case out again; it starts anew as reported."""
    with change(case, by=by, verb=Verb.UNMERGE, at=at, expected=expected) as entry:
        FLOW.move(case, Verb.UNMERGE, at=at, by=by, entry=entry, given={"reason": reason})
        entry.facts["out_of"] = case.merged_into.number if case.merged_into else ""
        case.merged_into = None
