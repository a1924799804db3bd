"""Checking the result, closing, rating, reopening."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from linli.kernel.errors import Invalid
from linli.modules.cases.faults import TooLate
from linli.modules.cases.limits import stage_limit
from linli.modules.cases.models import Case
from linli.modules.cases.rules import Verb
from linli.modules.cases.states import FLOW
from linli.platform.access.actor import Actor
from linli.platform.changes.public import change
from linli.platform.flow.calendar import work_calendar

BEST = 5


def verify(
    *, by: Actor, at: datetime, case: Case, words: str = "", expected: int | None = None
) -> None:
    """Close the case: the result was looked at by somebody other than who gave it."""
    with change(case, by=by, verb=Verb.VERIFY, at=at, expected=expected) as entry:
        FLOW.move(case, Verb.VERIFY, at=at, by=by, entry=entry, given={"words": words})
        case.closed_at = at


def rework(
    *, by: Actor, at: datetime, case: Case, reason: str, expected: int | None = None
) -> None:
    """Send the case back to its handler: the result does not hold. A new handling time starts."""
    with change(case, by=by, verb=Verb.REWORK, at=at, expected=expected) as entry:
        FLOW.move(case, Verb.REWORK, at=at, by=by, entry=entry, given={"reason": reason})
        case.reworks += 1
        case.finished_at = None
        case.handle_due_at = case.due_at


def rate(*, by: Actor, at: datetime, case: Case, stars: int, words: str = "") -> None:
    """How satisfied the reporter is, 1 to 5, with words; within the window after closing."""
    with change(case, by=by, verb=Verb.RATE, at=at) as entry:
        FLOW.move(case, Verb.RATE, at=at, by=by, entry=entry)
        _require_window(case, "rate", at=at)
        if not 1 <= stars <= BEST:
            raise Invalid("stars", _("Choose one of the five answers."))
        case.rating = stars
        case.rating_words = words[:500]
        entry.facts["stars"] = stars


def reopen(
    *, by: Actor, at: datetime, case: Case, reason: str, expected: int | None = None
) -> None:
    """The matter is back or was never mended: file it anew within the window after closing."""
    with change(case, by=by, verb=Verb.REOPEN, at=at, expected=expected) as entry:
        _require_window(case, "reopen", at=at)
        FLOW.move(case, Verb.REOPEN, at=at, by=by, entry=entry, given={"reason": reason})
        case.handler, case.taken_by = None, None
        case.engaged = []
        case.finished_at, case.closed_at, case.rating = None, None, None
        case.reworks += 1


def _require_window(case: Case, name: str, *, at: datetime) -> None:
    window = stage_limit(name, on=at)
    if case.closed_at is None or window is None:
        return
    if at > work_calendar().due(case.closed_at, window).at:
        raise TooLate
