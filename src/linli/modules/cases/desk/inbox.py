"""Cases in the one inbox."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.modules.cases import reads
from linli.modules.cases.desk import look
from linli.modules.cases.desk.register import area
from linli.modules.cases.models import Case
from linli.modules.cases.states import OPEN, State
from linli.platform.access.actor import Actor
from linli.platform.flow.inbox import InboxItem, Tray, inbox_source

COUNTED = 999


def rows(actor: Actor, tray: Tray) -> QuerySet[Case]:
    """The cases of one tray."""
    if tray == Tray.MINE:
        return reads.mine(actor)
    if tray == Tray.QUEUE:
        return reads.queue(actor)
    return reads.followed(actor)


def count(actor: Actor, tray: Tray) -> int:
    """How many lie in a tray, up to a thousand."""
    return rows(actor, tray).order_by()[: COUNTED + 1].count()


def more(actor: Actor, tray: Tray) -> str:  # noqa: ARG001  the form of a source
    """All of them as a list."""
    if tray == Tray.MINE:
        return "/desk/cases/?mine=yes"
    return "/desk/cases/?" + "&".join(f"state={state.value}" for state in OPEN)


@inbox_source("cases", gettext_lazy("Cases"), count=count, order=10, more=more)
def items(actor: Actor, tray: Tray, most: int) -> Sequence[InboxItem]:
    """The most urgent first."""
    found = (
        rows(actor, tray).select_related("category", "unit__parent").order_by("due_at", "id")[:most]
    )
    return [item(case, actor) for case in found]


def item(case: Case, actor: Actor) -> InboxItem:
    """One case as the inbox shows it."""
    return InboxItem(
        title=case.category.name,
        url=f"/desk/cases/{case.number}/",
        number=case.number,
        kind=case.get_grade_display(),
        place=" · ".join(part for part in (area(case), case.place) if part),
        next_step=next_step(case, actor),
        state=str(State(case.state).label),
        tone=look.STATE_TONES[State(case.state)],
        due_at=case.due_at,
        provisional=case.due_provisional,
        paused=case.paused_at is not None,
        since=case.reported_at,
    )


def next_step(case: Case, actor: Actor) -> str:
    """What is to be done, in two words."""
    if case.extension_asked and case.taken_by_id != actor.account_id:
        return _("decide on more time")
    if actor.post_id in case.engaged and actor.post_id != case.handler_id:
        return _("give help")
    return {
        State.REPORTED: _("check and file"),
        State.ACCEPTED: _("file"),
        State.FILED: _("dispatch"),
        State.DISPATCHED: _("take on"),
        State.HANDLING: _("finish"),
        State.SUSPENDED: _("resume when possible"),
        State.FINISHED: _("verify"),
    }.get(State(case.state), "")
