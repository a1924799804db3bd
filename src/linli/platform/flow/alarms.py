"""Alarms: reminders while time runs, escalation when it is up, for held and for unheld work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db.models import Min

from linli.platform.access.actor import Actor
from linli.platform.access.models import Level, Post
from linli.platform.access.reads import keys_above
from linli.platform.access.scope import acting
from linli.platform.changes.door import change
from linli.platform.flow import clock
from linli.platform.flow.clocked import Alarm
from linli.platform.flow.moves import Flow, flows

BATCH = 200


@dataclass(slots=True)
class Rung:
    """How many alarms rang."""

    reminded: int = 0
    raised: int = 0

    @property
    def total(self) -> int:
        return self.reminded + self.raised


def ring(*, at: datetime, batch: int = BATCH) -> Rung:
    """Ring every alarm due by `at`, one transaction a row, rows that are being changed left out."""
    rung = Rung()
    for name, flow in flows().items():
        model: Any = apps.get_model(name)
        while True:
            before = rung.total
            _ring_batch(model, flow, at=at, batch=batch, rung=rung)
            if rung.total - before < batch:
                break
    return rung


def _ring_batch(model: Any, flow: Flow, *, at: datetime, batch: int, rung: Rung) -> None:
    system = Actor.system("clock")
    with acting(system):
        due = (
            model._base_manager.filter(alarm_at__lte=at)
            .order_by("alarm_at")
            .select_for_update(skip_locked=True, of=("self",))[:batch]
        )
        for row in list(due):
            ring_row(row, flow, by=system, at=at, rung=rung)


def ring_row(row: Any, flow: Flow, *, by: Actor, at: datetime, rung: Rung) -> None:
    """Ring the one alarm of `row` that is due."""
    step = row.alarm_step
    if step < Alarm.DUE:
        with change(row, by=by, verb=flow.remind, at=at) as entry:
            entry.facts["used"] = clock.FRACTIONS[Alarm(step)]
            entry.facts["due"] = row.due_at
            running = clock.of(row)
            row.alarm_step = step + 1
            row.alarm_at = clock.alarm_after(running, step + 1) if running else None
        rung.reminded += 1
        return
    with change(row, by=by, verb=flow.escalate, at=at) as entry:
        top = _top(row)
        row.raised_to = max(_level_above(int(row.raised_to or row.unit.level)), top)
        entry.facts["to_level"] = row.raised_to
        entry.facts["due"] = row.due_at
        row.alarm_step = Alarm.LONG_OVERDUE
        row.alarm_at = clock.next_raise(at) if row.raised_to > top else None
    rung.raised += 1


def _level_above(present: int) -> int:
    """One level further up."""
    return max(present - 1, int(Level.PROVINCE))


def _top(row: Any) -> int:
    """The highest level above the row that has any post: nothing is raised beyond it."""
    above = Post.objects.filter(unit_key__in=keys_above(row.unit_key), closed=None)
    found = above.aggregate(top=Min("unit__level"))["top"]
    return int(found if found is not None else row.unit.level)
