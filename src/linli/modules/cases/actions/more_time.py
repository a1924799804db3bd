"""Asking for more time, before it is up, and deciding on it, by somebody else."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from linli.kernel.errors import Invalid
from linli.kernel.worktime import Kind, Span
from linli.modules.cases.faults import TooLate
from linli.modules.cases.limits import stage_limit
from linli.modules.cases.models import Case
from linli.modules.cases.rules import Verb
from linli.modules.cases.states import FLOW
from linli.platform.access.actor import Actor
from linli.platform.changes.public import change
from linli.platform.flow import clock

HOURS_OF_A_WORKING_DAY = 8
HOURS_OF_A_DAY = 24


def ask_extension(
    *, by: Actor, at: datetime, case: Case, reason: str, amount: int, expected: int | None = None
) -> None:
    """Ask for `amount` more of the category's measure; only before the time is up."""
    with change(case, by=by, verb=Verb.ASK_EXTENSION, at=at, expected=expected) as entry:
        FLOW.move(case, Verb.ASK_EXTENSION, at=at, by=by, entry=entry, given={"reason": reason})
        if case.is_overdue(at):
            raise TooLate(_("More time can only be asked for before the time is up."))
        if case.extension_asked:
            raise Invalid("amount", _("More time has been asked for and is being decided."))
        _refuse_too_long(case, amount, at=at)
        case.extension_asked = True
        entry.facts["asked"] = [amount, case.category.limit_kind]


def grant_extension(
    *, by: Actor, at: datetime, case: Case, amount: int, expected: int | None = None
) -> None:
    """Lengthen the limit; not by whoever asked."""
    with change(case, by=by, verb=Verb.GRANT_EXTENSION, at=at, expected=expected) as entry:
        FLOW.move(case, Verb.GRANT_EXTENSION, at=at, by=by, entry=entry)
        _require_asked(case)
        _refuse_too_long(case, amount, at=at)
        clock.extend(case, Span(amount, Kind(case.category.limit_kind)), at=at, entry=entry)
        case.handle_due_at = case.due_at
        case.extension_asked = False


def refuse_extension(
    *, by: Actor, at: datetime, case: Case, reason: str, expected: int | None = None
) -> None:
    """Keep the limit, with the reason; not by whoever asked."""
    with change(case, by=by, verb=Verb.REFUSE_EXTENSION, at=at, expected=expected) as entry:
        FLOW.move(case, Verb.REFUSE_EXTENSION, at=at, by=by, entry=entry, given={"reason": reason})
        _require_asked(case)
        case.extension_asked = False


def _require_asked(case: Case) -> None:
    if not case.extension_asked:
        raise Invalid("", _("Nobody has asked for more time on this case."))


def _refuse_too_long(case: Case, amount: int, *, at: datetime) -> None:
    longest = stage_limit("longest_extension", on=at)
    if amount <= 0:
        raise Invalid("amount", _("Say how much more time is needed."))
    if longest is not None and hours(Span(amount, Kind(case.category.limit_kind))) > hours(longest):
        raise Invalid("amount", _("At most %(days)s working days at a time."), days=longest.amount)


def hours(span: Span) -> int:
    """Hours somebody waits for this span, for comparing spans of different measures."""
    if span.kind in (Kind.URGENT_HOUR, Kind.WORK_HOUR):
        a_day = HOURS_OF_A_WORKING_DAY if span.kind == Kind.WORK_HOUR else HOURS_OF_A_DAY
        return span.amount * HOURS_OF_A_DAY // a_day
    return span.amount * HOURS_OF_A_DAY
