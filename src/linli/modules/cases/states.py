"""How a case lives: states, moves, clocks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.kernel.worktime import Span
from linli.modules.cases.rules import Verb
from linli.platform.flow.moves import Flow, Limit, Move


class State(models.TextChoices):
    """Where a case stands."""

    REPORTED = "reported", _("Reported")
    ACCEPTED = "accepted", _("Accepted")
    FILED = "filed", _("Filed")
    DISPATCHED = "dispatched", _("Dispatched")
    HANDLING = "handling", _("In hand")
    SUSPENDED = "suspended", _("Suspended")
    FINISHED = "finished", _("Finished, to be verified")
    CLOSED = "closed", _("Closed")
    RATED = "rated", _("Closed and rated")
    REJECTED = "rejected", _("Unfounded")
    CANCELLED = "cancelled", _("Withdrawn")
    MERGED = "merged", _("Merged")


OPEN = (
    State.REPORTED, State.ACCEPTED, State.FILED, State.DISPATCHED, State.HANDLING,
    State.SUSPENDED, State.FINISHED,
)  # fmt: skip
ENDED = (State.CLOSED, State.RATED, State.REJECTED, State.CANCELLED, State.MERGED)
UNHELD = (State.REPORTED, State.ACCEPTED, State.FILED)
HELD = (State.DISPATCHED, State.HANDLING, State.SUSPENDED)


def by_category(case: Any, at: datetime) -> Span:  # noqa: ARG001  the protocol of a limit
    """The handling limit of the case's category."""
    limit: Span = case.category.handling_limit
    return limit


def by_stage(name: str) -> Limit:
    """The limit of a stage, from the dated table."""

    def limit(case: Any, at: datetime) -> Span | None:  # noqa: ARG001
        from linli.modules.cases.limits import stage_limit

        return stage_limit(name, on=at)

    return limit


to_accept = by_stage("accept")
to_file = by_stage("file")
to_dispatch = by_stage("dispatch")
to_verify = by_stage("verify")

FLOW = Flow(
    "cases.case",
    State,
    Move(Verb.ACCEPT, State.REPORTED, State.ACCEPTED, due=to_file),
    Move(Verb.FILE, (State.REPORTED, State.ACCEPTED), State.FILED, due=to_dispatch),
    Move(Verb.REJECT, (State.REPORTED, State.ACCEPTED, State.FILED), State.REJECTED,
         asks=("reason",)),
    Move(Verb.CLASSIFY, (State.REPORTED, State.ACCEPTED, State.FILED), None),
    Move(Verb.DISPATCH, State.FILED, State.DISPATCHED, due=by_category),
    Move(Verb.TAKE, State.DISPATCHED, State.HANDLING, keeps_clock=True),
    Move(Verb.RETURN, (State.DISPATCHED, State.HANDLING), State.FILED, due=to_dispatch,
         asks=("reason",)),
    Move(Verb.REASSIGN, (State.DISPATCHED, State.HANDLING), State.DISPATCHED, keeps_clock=True,
         asks=("reason",)),
    Move(Verb.ASSIST, (State.DISPATCHED, State.HANDLING), None, asks=("request",)),
    Move(Verb.HELPED, (State.DISPATCHED, State.HANDLING), None, asks=("result",)),
    Move(Verb.SUSPEND, (State.DISPATCHED, State.HANDLING), State.SUSPENDED, pauses=True,
         asks=("reason",)),
    Move(Verb.RESUME, State.SUSPENDED, State.HANDLING, resumes=True),
    Move(Verb.ASK_EXTENSION, (State.DISPATCHED, State.HANDLING), None, asks=("reason",)),
    Move(Verb.GRANT_EXTENSION, (State.DISPATCHED, State.HANDLING, State.SUSPENDED), None,
         not_by=Verb.ASK_EXTENSION),
    Move(Verb.REFUSE_EXTENSION, (State.DISPATCHED, State.HANDLING, State.SUSPENDED), None,
         not_by=Verb.ASK_EXTENSION, asks=("reason",)),
    Move(Verb.FINISH, (State.DISPATCHED, State.HANDLING), State.FINISHED, due=to_verify,
         asks=("result",)),
    Move(Verb.VERIFY, State.FINISHED, State.CLOSED, not_by=Verb.FINISH),
    Move(Verb.REWORK, State.FINISHED, State.HANDLING, due=by_category, not_by=Verb.FINISH,
         asks=("reason",)),
    Move(Verb.RATE, State.CLOSED, State.RATED),
    Move(Verb.REOPEN, (State.CLOSED, State.RATED), State.FILED, due=to_dispatch,
         asks=("reason",)),
    Move(Verb.CANCEL, (State.REPORTED, State.ACCEPTED, State.FILED), State.CANCELLED,
         asks=("reason",)),
    Move(Verb.MERGE, (State.REPORTED, State.ACCEPTED, State.FILED, State.DISPATCHED,
                      State.HANDLING), State.MERGED),
    Move(Verb.UNMERGE, State.MERGED, State.REPORTED, due=to_accept, asks=("reason",)),
    Move(Verb.JOIN, OPEN, None),
    Move(Verb.COMMENT, (*OPEN, *ENDED), None, asks=("words",)),
    Move(Verb.URGE, OPEN, None),
    start=State.REPORTED,
    remind=Verb.REMIND,
    escalate=Verb.ESCALATE,
)  # fmt: skip


# The nine stages a resident reads, from the national nine-stage process.
STAGES = (
    ("report", _("Reported")),
    ("accept", _("Accepted")),
    ("file", _("Filed")),
    ("dispatch", _("Dispatched")),
    ("handle", _("In hand")),
    ("feedback", _("Result given")),
    ("check", _("Checked")),
    ("close", _("Closed")),
    ("evaluate", _("Rated")),
)

STAGE_OF = {
    State.REPORTED: 1, State.ACCEPTED: 2, State.FILED: 3, State.DISPATCHED: 4, State.HANDLING: 5,
    State.SUSPENDED: 5, State.FINISHED: 6, State.CLOSED: 8, State.RATED: 9,
}  # fmt: skip
