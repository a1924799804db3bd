"""The clock of a row, derived from its entries: when the time began, was paused, was lengthened."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from linli.kernel.worktime import Due, Kind, Pause, Span, WorkCalendar
from linli.platform.access.scope import open_subject
from linli.platform.changes.door import Draft
from linli.platform.changes.models import Entry
from linli.platform.changes.rehearsal import rehearsed
from linli.platform.flow.calendar import work_calendar
from linli.platform.flow.clocked import Alarm, Clocked

# Keys under which entries tell the clock what happened.
LIMIT, EXTENSION = "limit", "extension"

FRACTIONS = {Alarm.HALF: 0.5, Alarm.MOST: 0.8}
NEXT_RAISE = Span(1, Kind.WORK_DAY)


@dataclass(slots=True)
class Clock:
    """One running (or paused) time: `spans` are the limit and its extensions."""

    start: datetime
    spans: list[Span]
    pauses: list[Pause] = field(default_factory=list)
    paused_at: datetime | None = None

    @property
    def span(self) -> Span:
        """Limit and extensions of one measure added up."""
        return Span(sum(s.amount for s in self.spans), self.spans[0].kind)

    def due(self, calendar: WorkCalendar | None = None) -> Due:
        """When the time is up, all pauses so far given back."""
        return (calendar or work_calendar()).due(self.start, self.span, tuple(self.pauses))

    def at_fraction(self, fraction: float, calendar: WorkCalendar | None = None) -> datetime:
        """When this part of the time is used."""
        return (calendar or work_calendar()).fraction_at(
            self.start, self.span, fraction, tuple(self.pauses)
        )


def start(row: Clocked, span: Span, *, at: datetime, entry: Draft) -> None:
    """A new time begins; its limit goes into the entry."""
    entry.facts[LIMIT] = [span.amount, str(span.kind)]
    row.raised_to = 0
    apply(row, Clock(start=at, spans=[span]), step=Alarm.HALF)


def stop(row: Clocked) -> None:
    """No time runs in the state that begins."""
    row.due_at = None
    row.due_provisional = False
    row.paused_at = None
    row.alarm_at = None
    row.alarm_step = Alarm.HALF
    row.raised_to = 0


def pause(row: Clocked, *, at: datetime) -> None:
    """The time stands still from now on."""
    row.paused_at = at
    row.alarm_at = None


def resume(row: Clocked, *, at: datetime) -> None:
    """The time goes on; the pause is given back in working time."""
    running = of(row)
    if running is None or row.paused_at is None:
        return
    running.pauses.append(Pause(row.paused_at, at))
    running.paused_at = None
    apply(row, running, step=_step_at(running, at))


def extend(row: Clocked, span: Span, *, at: datetime, entry: Draft) -> None:
    """The limit is lengthened; goes into the entry."""
    running = of(row)
    if running is None:
        return
    entry.facts[EXTENSION] = [span.amount, str(span.kind)]
    running.spans.append(span)
    row.raised_to = 0
    apply(row, running, step=_step_at(running, at))


def of(row: Any) -> Clock | None:
    """The row's clock, from its entries."""
    from linli.platform.flow.moves import flows

    rehearsal = rehearsed(row)
    entries: Iterable[Entry]
    if rehearsal is not None:
        entries = rehearsal.entries
    else:
        # The whole story counts, also for a post that sees this one row only.
        open_subject(row.pk)
        entries = Entry.objects.filter(subject_id=row.pk).order_by("seq")
    return derive(entries, flow=flows()[row._meta.label_lower])


def derive(entries: Iterable[Entry], *, flow: Any) -> Clock | None:
    """Follow the entries in order; None when no time runs after the last."""
    running: Clock | None = None
    for entry in entries:
        move = _move_of(entry, flow)
        if LIMIT in entry.facts:
            running = Clock(start=entry.at, spans=[_span(entry.facts[LIMIT])])
        elif running is None:
            continue
        elif EXTENSION in entry.facts:
            running.spans.append(_span(entry.facts[EXTENSION]))
        elif move is not None and move.pauses:
            running.paused_at = entry.at
        elif move is not None and move.resumes and running.paused_at is not None:
            running.pauses.append(Pause(running.paused_at, entry.at))
            running.paused_at = None
        elif move is not None and move.target is not None and not move.keeps_clock:
            running = None
    return running


def apply(row: Clocked, running: Clock, *, step: int) -> None:
    """Write what lists and alarms need onto the row."""
    calendar = work_calendar()  # asked once: it cannot change within the transaction
    due = running.due(calendar)
    row.due_at, row.due_provisional = due.at, due.provisional
    row.paused_at = running.paused_at
    row.alarm_step = step
    row.alarm_at = None if running.paused_at else alarm_after(running, step, calendar)


def alarm_after(running: Clock, step: int, calendar: WorkCalendar | None = None) -> datetime:
    """When the given step rings."""
    fraction = FRACTIONS.get(Alarm(min(step, Alarm.LONG_OVERDUE)))
    if fraction is None:
        return running.due(calendar).at
    return running.at_fraction(fraction, calendar)


def next_raise(at: datetime) -> datetime:
    """When overdue work is raised one level further."""
    return work_calendar().due(at, NEXT_RAISE).at


def _step_at(running: Clock, at: datetime) -> int:
    """The first step that has not rung yet."""
    for step, fraction in FRACTIONS.items():
        if running.at_fraction(fraction) > at:
            return step
    return Alarm.DUE


def _span(stored: list[Any]) -> Span:
    return Span(int(stored[0]), Kind(stored[1]))


def _move_of(entry: Entry, flow: Any) -> Any:
    """The move an entry stands for: that of its verb, from the state it left if it left one."""
    left = (entry.facts.get("state") or [None])[0]
    moves = [move for move in flow.moves if str(move.verb) == entry.verb]
    fitting = [move for move in moves if left is None or left in map(str, move.sources)]
    return next(iter(fitting or moves), None)
