"""The bulk twin of a case's life: many cases lived through in memory, stored at once.

A replayed case goes through the very actions of `actions/`; only the report has a twin here,
because category, place and number are known beforehand. Alarms ring as the clock would have rung
them. Use it inside one transaction:

    with replaying() as replay:
        case = replay.report(by=resident, at=then, report=report, checked=checked, number=number)
        actions.file(by=clerk, at=later, case=case)
        replay.ring(case, until=now)
    # leaving the block stores everything, in the order in which it happened
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import chain
from operator import attrgetter

from django.db import models

from linli.modules.cases.actions.intake import begin, new_case
from linli.modules.cases.intake import Checked, Report
from linli.modules.cases.models import Case
from linli.modules.cases.states import FLOW
from linli.platform.access.actor import Actor
from linli.platform.access.scope import acting
from linli.platform.changes.public import Entry, Rehearsal, record, rehearse, rehearsed
from linli.platform.flow.alarms import Rung, ring_row
from linli.platform.flow.calendar import one_calendar

SYSTEM = Actor.system("history")
CLOCK = Actor.system("clock")
BATCH = 1_000
MINUTE = timedelta(minutes=1)


class Replay:
    """Cases that live in memory until they are stored."""

    def __init__(self) -> None:
        self.cases: list[Case] = []
        self.stored = 0
        self.rung = Rung()
        self._waiting: list[Entry] = []

    def report(
        self,
        *,
        by: Actor,
        at: datetime,
        report: Report,
        checked: Checked,
        number: str,
        code: str = "000000",
    ) -> Case:
        """The twin of `actions.report`, for a report known to be sound."""
        case = new_case(report, checked, number=number, at=at)
        rehearse(case)
        begin(case, report, by=replace(by, reference=number), at=at, code=code)
        self.cases.append(case)
        return case

    def ring(self, case: Case, *, until: datetime) -> None:
        """Let every alarm of the case ring whose full minute has come by `until`."""
        while case.alarm_at is not None and (at := _full_minute(case.alarm_at)) <= until:
            ring_row(case, FLOW, by=CLOCK, at=at, rung=self.rung)

    def save(self, *, before: datetime | None = None) -> int:
        """Store the cases so far and their entries; returns how many entries.

        With `before`, entries from that moment on wait for the next call, so that a long history
        can be stored piece by piece and still be numbered in the order in which it happened:
        promise that no case reported later has an entry before that moment.
        """
        gathered = [_gathered(case) for case in self.cases]
        with acting(SYSTEM):
            Case._base_manager.bulk_create(self.cases, batch_size=BATCH)
            beside: dict[type[models.Model], list[models.Model]] = {}
            for row in chain.from_iterable(one.beside for one in gathered):
                beside.setdefault(type(row), []).append(row)
            for kind, rows in beside.items():
                kind._base_manager.bulk_create(rows, batch_size=BATCH)
            entries = [*self._waiting, *chain.from_iterable(one.entries for one in gathered)]
            # Sorting is stable: what happened at one moment keeps its order.
            entries.sort(key=attrgetter("at"))
            self._waiting = [entry for entry in entries if before and entry.at >= before]
            self.stored += len(self.cases)
            self.cases = []
            return record(entries[: len(entries) - len(self._waiting)])


@contextmanager
def replaying() -> Iterator[Replay]:
    """A replay that is stored when the block ends without a fault."""
    replay = Replay()
    with acting(SYSTEM), one_calendar():
        yield replay
        replay.save()


def _gathered(case: Case) -> Rehearsal:
    found = rehearsed(case)
    if found is None:
        raise ValueError(f"{case} does not live in memory")
    return found


def _full_minute(at: datetime) -> datetime:
    """When the clock that looks every minute noticed."""
    whole = at.replace(second=0, microsecond=0)
    return whole if whole == at else whole + MINUTE
