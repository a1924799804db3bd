"""Time limits in the four measures city management knows, with pauses.

The kinds (source: the usual definitions of digital urban management, time_limit_types):

* urgent_hour: sixty minutes each, nights and holidays included;
* work_hour: only time inside the office hours of working days counts;
* work_day: due at the same time of day, n working days later. What arrives outside the office
  day (before opening, after closing, on a day off) counts from the next opening: a report on
  Saturday with one working day is due on Tuesday at opening, like one made on Monday at opening.
  Lunch belongs to the day, so that the time of day is kept;
* natural_day: the same time of day, n calendar days later.

Each kind is a measure: a function of a moment that never falls and counts in microseconds. A span
is a difference of that measure, a pause takes its own difference out, so due times, elapsed time,
reminders and pauses can never disagree. Days of a year whose table is not published count by the
plain week, and the answer says so (`provisional`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from zoneinfo import ZoneInfo

from linli.kernel.measures import (
    DAY,
    HOUR,
    Measure,
    OfficeDays,
    OfficeHours,
    Plain,
    Windows,
    as_windows,
    moment_of_day,
)
from linli.kernel.workdays import DayIndex, DayKind

__all__ = [
    "DayKind",
    "Due",
    "Elapsed",
    "Kind",
    "Pause",
    "Span",
    "Windows",
    "WorkCalendar",
    "as_windows",
]

SHANGHAI = ZoneInfo("Asia/Shanghai")
USUAL_HOURS: Windows = ((time(8), time(12)), (time(14), time(18)))


class Kind(StrEnum):
    """The measures a time limit can be given in."""

    URGENT_HOUR = "urgent_hour"
    WORK_HOUR = "work_hour"
    WORK_DAY = "work_day"
    NATURAL_DAY = "natural_day"


FOLLOWS_TABLE = frozenset({Kind.WORK_HOUR, Kind.WORK_DAY})


@dataclass(frozen=True, slots=True)
class Span:
    """A time limit: so many hours or days of a kind; never negative."""

    amount: int
    kind: Kind

    def __post_init__(self) -> None:
        if self.amount < 0:
            raise ValueError("a time limit cannot be negative")


@dataclass(frozen=True, slots=True)
class Pause:
    """The clock stood still from `start` to `end`; no end: it still does."""

    start: datetime
    end: datetime | None = None

    def __post_init__(self) -> None:
        if self.end is not None and self.end < self.start:
            raise ValueError("a pause cannot end before it starts")


@dataclass(frozen=True, slots=True)
class Due:
    """When a span runs out.

    `provisional`: a day of an unpublished year was counted by the plain week. `paused`: an open
    pause began before `at`; `at` is then the earliest possible moment and moves when work goes on.
    """

    at: datetime
    provisional: bool
    paused: bool = False


@dataclass(frozen=True, slots=True)
class Elapsed:
    """How much of a kind has been used; `unit` is the counted time of one hour or day of it."""

    kind: Kind
    counted: timedelta
    unit: timedelta
    provisional: bool

    @property
    def amount(self) -> float:
        """In hours or days of the kind."""
        return self.counted / self.unit

    def share(self, span: Span) -> float:
        """Used part of `span` (0.5 is half, above 1 is overdue); an empty span is used up."""
        if span.kind is not self.kind:
            raise ValueError("a span of another kind cannot be compared")
        return self.counted / (span.amount * self.unit) if span.amount else 1.0


class WorkCalendar:
    """Working days and hours of one place; cheap to ask, costly only to build.

    `days` are the exceptions of the published years, `published` those years. `hours` are the
    office hours, `later_hours` the days from which others are in force.
    """

    def __init__(
        self,
        days: Mapping[date, DayKind],
        published: frozenset[int],
        hours: Windows = USUAL_HOURS,
        *,
        later_hours: Mapping[date, Windows] | None = None,
        tz: tzinfo = SHANGHAI,
    ) -> None:
        self.published = published
        self.tz = tz
        self._index = DayIndex(days)
        steps = [(1, as_windows(hours))]
        for day, windows in sorted((later_hours or {}).items()):
            steps.append((day.toordinal(), as_windows(windows)))
        self._measures: dict[Kind, Measure] = {
            Kind.URGENT_HOUR: Plain(HOUR),
            Kind.NATURAL_DAY: Plain(DAY),
            Kind.WORK_HOUR: OfficeHours(self._index, steps),
            Kind.WORK_DAY: OfficeDays(self._index, steps),
        }

    def is_working_day(self, day: date) -> bool:
        """Whether people work that day, by the table or, unpublished, by the plain week."""
        return self._index.is_working(day.toordinal())

    def working_days(self, first: date, last: date) -> int:
        """Number of working days from `first` to `last`, both counted."""
        return max(
            0, self._index.before(last.toordinal() + 1) - self._index.before(first.toordinal())
        )

    def due(self, start: datetime, span: Span, pauses: Sequence[Pause] = ()) -> Due:
        """When `span` from `start` runs out; times lie in the calendar's zone, never before start.

        Only pauses that begin before the due time (as earlier pauses have moved it) push it, each
        by exactly the counted time it takes. ValueError for a moment without a zone.
        """
        return self._run_out(start, span.kind, span.amount * self._measures[span.kind].unit, pauses)

    def fraction_at(
        self,
        start: datetime,
        span: Span,
        fraction: float,
        pauses: Sequence[Pause] = (),
    ) -> datetime:
        """When `fraction` of `span` is used (0.5 and 0.8 for reminders); 1 gives the due time."""
        if fraction < 0:
            raise ValueError("a fraction cannot be negative")
        whole = span.amount * self._measures[span.kind].unit
        return self._run_out(start, span.kind, round(whole * fraction), pauses).at

    def elapsed(
        self, start: datetime, end: datetime, kind: Kind, pauses: Sequence[Pause] = ()
    ) -> Elapsed:
        """Counted time between two moments without the pauses; nothing if `end` is not after."""
        measure, zone = self._measures[kind], self._zone(kind)
        first, last = _wall(start, zone), _wall(end, zone)
        counted = 0
        if last > first:
            counted = measure.of(last) - measure.of(first)
            for begun, over in self._stretches(pauses, first, zone):
                if begun < last:
                    counted -= measure.of(min(over or last, last)) - measure.of(begun)
        return Elapsed(
            kind,
            timedelta(microseconds=counted),
            timedelta(microseconds=measure.unit),
            self._provisional(kind, first, max(first, last)),
        )

    def _run_out(self, start: datetime, kind: Kind, amount: int, pauses: Sequence[Pause]) -> Due:
        measure, zone = self._measures[kind], self._zone(kind)
        first = _wall(start, zone)
        goal = measure.of(first) + amount
        due = max(first, measure.at(goal))
        paused = False
        for begun, over in self._stretches(pauses, first, zone) if pauses else ():
            if begun >= due:
                break
            if over is None:
                paused = True
                break
            goal += measure.of(over) - measure.of(begun)
            due = max(first, measure.at(goal))
        return Due(self._moment(due, zone), self._provisional(kind, first, due), paused)

    def _stretches(
        self, pauses: Sequence[Pause], first: int, zone: tzinfo
    ) -> list[tuple[int, int | None]]:
        """The pauses after `first` in order, overlapping ones joined so that none counts twice."""
        joined: list[tuple[int, int | None]] = []
        for pause in sorted(pauses, key=lambda pause: pause.start):
            begun = max(first, _wall(pause.start, zone))
            over = None if pause.end is None else _wall(pause.end, zone)
            if over is not None and over <= begun:
                continue
            if joined and (joined[-1][1] is None or begun <= joined[-1][1]):
                last = joined[-1][1]
                whole = None if last is None or over is None else max(last, over)
                joined[-1] = (joined[-1][0], whole)
            else:
                joined.append((begun, over))
        return joined

    def _zone(self, kind: Kind) -> tzinfo:
        # Sixty minutes are sixty minutes even when clocks are put forward.
        return UTC if kind is Kind.URGENT_HOUR else self.tz

    def _moment(self, wall: int, zone: tzinfo) -> datetime:
        day, rest = divmod(wall, DAY)
        plain = datetime.fromordinal(day) + timedelta(microseconds=rest)
        moment = plain.replace(tzinfo=zone)
        return moment if zone is self.tz else moment.astimezone(self.tz)

    def _provisional(self, kind: Kind, first: int, last: int) -> bool:
        if kind not in FOLLOWS_TABLE:
            return False
        year = date.fromordinal(first // DAY).year
        last_year = date.fromordinal(last // DAY).year
        return not all(one in self.published for one in range(year, last_year + 1))


def _wall(moment: datetime, zone: tzinfo) -> int:
    """Microseconds of the wall clock in `zone`, counted from the day before 1 January 1."""
    if moment.tzinfo is not zone:
        if moment.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        moment = moment.astimezone(zone)
    return moment.toordinal() * DAY + moment_of_day(moment)
