"""Which days people work: Monday to Friday, minus holidays, plus make-up days.

Days are counted by formula and only the exceptions are kept in sorted arrays, so counting the
working days before a day and finding the n-th one both take one bisection, over any span of years.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from datetime import date
from enum import StrEnum

WEEK = 7
WORKING_WEEK = 5


class DayKind(StrEnum):
    """How a day of the official table departs from the plain week."""

    HOLIDAY = "holiday"
    MAKEUP_WORKDAY = "makeup_workday"


class DayIndex:
    """Working days of all time, numbered from the first Monday of the Gregorian calendar (0).

    Days are ordinals as `date.toordinal` gives them.
    """

    def __init__(self, days: Mapping[date, DayKind]) -> None:
        self._days: list[int] = []
        self._working: list[bool] = []
        self._surplus: list[int] = [0]
        self._before: list[int] = []
        for day, kind in sorted(days.items()):
            ordinal = day.toordinal()
            works = kind is DayKind.MAKEUP_WORKDAY
            if works == _in_working_week(ordinal):
                continue  # a holiday on a Sunday changes nothing
            self._before.append(_weekdays_before(ordinal) + self._surplus[-1])
            self._days.append(ordinal)
            self._working.append(works)
            self._surplus.append(self._surplus[-1] + (1 if works else -1))

    def is_working(self, day: int) -> bool:
        """Whether people work on the day."""
        place = bisect_left(self._days, day)
        if place < len(self._days) and self._days[place] == day:
            return self._working[place]
        return _in_working_week(day)

    def before(self, day: int) -> int:
        """How many working days lie before the day; for a working day this is its own number."""
        return _weekdays_before(day) + self._surplus[bisect_left(self._days, day)]

    def count(self, day: int) -> tuple[int, bool]:
        """`before(day)` and `is_working(day)` with one search."""
        place = bisect_left(self._days, day)
        number = _weekdays_before(day) + self._surplus[place]
        if place < len(self._days) and self._days[place] == day:
            return number, self._working[place]
        return number, _in_working_week(day)

    def nth(self, number: int) -> int:
        """The working day that has exactly `number` working days before it."""
        place = bisect_right(self._before, number)
        if place and self._before[place - 1] == number and self._working[place - 1]:
            return self._days[place - 1]
        weeks, rest = divmod(number - self._surplus[place], WORKING_WEEK)
        return weeks * WEEK + rest + 1


def _in_working_week(day: int) -> bool:
    # Ordinal 1 is a Monday.
    return (day - 1) % WEEK < WORKING_WEEK


def _weekdays_before(day: int) -> int:
    weeks, rest = divmod(day - 1, WEEK)
    return weeks * WORKING_WEEK + min(rest, WORKING_WEEK)
