"""Measures of time: functions of the wall clock that count only what a kind of limit counts.

The wall clock is an integer of microseconds, `ordinal day × DAY + time of day`. Every measure has
`of` (how much has been counted up to a moment) and `at` (a moment at which so much is counted),
with `of(at(n)) == n` for every n it can reach.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Protocol

from linli.kernel.workdays import DayIndex

HOUR = 3_600_000_000
"""Microseconds."""
DAY = 24 * HOUR

Windows = tuple[tuple[time, time], ...]
"""Office hours of a day, in order; an end of 00:00 means midnight at the end of the day."""
Stretch = tuple[int, int]
"""One window in microseconds of the day."""


class Measure(Protocol):
    """One way of counting time."""

    @property
    def unit(self) -> int:
        """Counted microseconds of one hour or day of the kind."""

    def of(self, wall: int) -> int:
        """Counted microseconds up to the moment."""

    def at(self, counted: int) -> int:
        """The moment at which so much is counted."""


@dataclass(frozen=True, slots=True)
class Plain:
    """Everything counts."""

    unit: int

    def of(self, wall: int) -> int:
        """The clock itself."""
        return wall

    def at(self, counted: int) -> int:
        """The clock itself."""
        return counted


class OfficeDays:
    """Working days, each from the earliest opening to the latest closing, lunch included.

    At a day's end the moment given is the next opening, so that the time of day is kept and
    nothing falls due when nobody is there.
    """

    def __init__(self, index: DayIndex, steps: Sequence[tuple[int, tuple[Stretch, ...]]]) -> None:
        self._index = index
        # One frame for all periods: a change of hours must not shift times of day.
        self._opens = min(windows[0][0] for _day, windows in steps)
        self.unit = max(windows[-1][1] for _day, windows in steps) - self._opens

    def of(self, wall: int) -> int:
        """Counted time up to the moment."""
        day, clock = divmod(wall, DAY)
        number, working = self._index.count(day)
        if not working:
            return number * self.unit
        return number * self.unit + min(max(clock - self._opens, 0), self.unit)

    def at(self, counted: int) -> int:
        """The last moment at which so much is counted."""
        number, rest = divmod(counted, self.unit)
        return self._index.nth(number) * DAY + self._opens + rest


@dataclass(frozen=True, slots=True)
class _Period:
    """Office hours in force from a day on, with what was counted before it."""

    number: int
    counted: int
    windows: tuple[tuple[int, int, int], ...]
    """Opening, closing, and the time counted that day before opening."""
    length: int


class OfficeHours:
    """Only time inside the office hours of working days; hours may change from a day on.

    The moment given is the first one at which so much is counted: eight hours end at closing.
    """

    unit = HOUR

    def __init__(self, index: DayIndex, steps: Sequence[tuple[int, tuple[Stretch, ...]]]) -> None:
        self._index = index
        self._starts = [day for day, _windows in steps]
        self._periods: list[_Period] = []
        for day, windows in steps:
            self._periods.append(self._period(index.before(day), windows))
        self._counted = [period.counted for period in self._periods]

    def _period(self, number: int, windows: tuple[Stretch, ...]) -> _Period:
        counted = 0
        if self._periods:
            last = self._periods[-1]
            counted = last.counted + (number - last.number) * last.length
        length, rows = 0, []
        for opens, closes in windows:
            rows.append((opens, closes, length))
            length += closes - opens
        return _Period(number, counted, tuple(rows), length)

    def of(self, wall: int) -> int:
        """Counted time up to the moment."""
        day, clock = divmod(wall, DAY)
        period = self._periods[max(0, bisect_right(self._starts, day) - 1)]
        number, working = self._index.count(day)
        counted = period.counted + (number - period.number) * period.length
        if not working:
            return counted
        for opens, closes, before in reversed(period.windows):
            if clock >= opens:
                return counted + before + min(clock, closes) - opens
        return counted

    def at(self, counted: int) -> int:
        """The first moment at which so much is counted."""
        period = self._periods[max(0, bisect_left(self._counted, counted) - 1)]
        days, rest = divmod(counted - period.counted - 1, period.length)
        rest += 1
        day = self._index.nth(period.number + days)
        for opens, _closes, before in reversed(period.windows):
            if rest > before:
                return day * DAY + opens + rest - before
        raise AssertionError("the rest of a day is never zero")


def as_windows(hours: Windows) -> tuple[Stretch, ...]:
    """Office hours in microseconds of the day; ValueError unless in order and none is empty."""
    stretches = []
    reached = 0
    for opens, closes in hours:
        begin, end = moment_of_day(opens), moment_of_day(closes) or DAY
        if begin < reached or end <= begin:
            raise ValueError("office hours must be in order, without overlap, none of them empty")
        reached = end
        stretches.append((begin, end))
    if not stretches:
        raise ValueError("a day without office hours")
    return tuple(stretches)


def moment_of_day(clock: time | datetime) -> int:
    """Microseconds since midnight."""
    seconds = (clock.hour * 60 + clock.minute) * 60 + clock.second
    return seconds * 1_000_000 + clock.microsecond
