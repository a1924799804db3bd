"""A tiny life cycle: an errand is asked for, taken, done, looked over."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg
from django.db import connection, models

from linli.kernel.ids import new_id
from linli.kernel.worktime import Kind, Span
from linli.platform.access.models import Unit
from linli.platform.access.scoped import UnitKeyField
from linli.platform.changes import verbs
from linli.platform.changes.changeable import Changeable
from linli.platform.changes.verbs import Keep, Verbs, register
from linli.platform.flow import moves
from linli.platform.flow.clocked import Clocked
from linli.platform.flow.moves import Flow, Move


class Act(Verbs):
    """What can be done with an errand."""

    ASK = "errand.ask", "Ask"
    TAKE = "errand.take", "Take"
    REST = "errand.rest", "Rest"
    GO_ON = "errand.go_on", "Go on"
    LENGTHEN = "errand.lengthen", "Lengthen"
    DO = "errand.do", "Do"
    LOOK_OVER = "errand.look_over", "Look over"
    SEND_BACK = "errand.send_back", "Send back"
    REMIND = "errand.remind", "Remind"
    ESCALATE = "errand.escalate", "Escalate"


class State(models.TextChoices):
    """Where an errand stands."""

    ASKED = "asked", "Asked"
    TAKEN = "taken", "Taken"
    DONE = "done", "Done"
    CLOSED = "closed", "Closed"


class Errand(Clocked, Changeable):
    """Stored in a table that only the tests make."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    unit_key = UnitKeyField()
    helper_id = models.UUIDField(null=True)
    state = models.CharField(max_length=10, choices=State)

    class Meta:
        app_label = "flow"
        managed = False

    def __str__(self) -> str:
        return str(self.pk)

    def held_by(self, post_id: UUID) -> bool:
        """Whether the post helps with it."""
        return self.helper_id == post_id


def two_days(row: Any, at: datetime) -> Span:
    """Two working days."""
    return Span(2, Kind.WORK_DAY)


def ten_hours(row: Any, at: datetime) -> Span:
    """Ten working hours."""
    return Span(10, Kind.WORK_HOUR)


@contextmanager
def errands(owner: psycopg.Connection[Any]) -> Iterator[Flow]:
    """The table, the verbs and the flow, for one test."""
    with connection.schema_editor(collect_sql=True, atomic=False) as editor:
        editor.create_model(Errand)
    for statement in editor.collected_sql or []:
        owner.execute(statement.encode())
    register(keep=Keep.FOREVER)(Act)
    flow = Flow(
        "flow.errand",
        State,
        Move(Act.TAKE, State.ASKED, State.TAKEN, due=two_days),
        Move(Act.REST, State.TAKEN, None, pauses=True, asks=("reason",)),
        Move(Act.GO_ON, State.TAKEN, None, resumes=True),
        Move(Act.LENGTHEN, State.TAKEN, None),
        Move(Act.DO, State.TAKEN, State.DONE),
        Move(Act.LOOK_OVER, State.DONE, State.CLOSED, not_by=Act.DO),
        Move(Act.SEND_BACK, (State.DONE, State.CLOSED), State.TAKEN, due=ten_hours),
        start=State.ASKED,
        remind=Act.REMIND,
        escalate=Act.ESCALATE,
    )
    try:
        yield flow
    finally:
        del moves._flows["flow.errand"]
        for verb in Act:
            del verbs._registered[str(verb.value)]
