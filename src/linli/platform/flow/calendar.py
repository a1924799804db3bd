"""The work calendar of the installation: asked by every clock, changed by loading a year.

Each process keeps the calendar it built and asks the database only for a token. The same round trip
takes a shared lock until the transaction ends, and a publication takes that lock alone: so no
promise made with the old table can be committed unseen after the publication has begun to tell who
must recompute.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.kernel.errors import Invalid, Unavailable
from linli.kernel.ids import new_id
from linli.kernel.measures import Windows, as_windows
from linli.kernel.workdays import DayKind
from linli.kernel.worktime import WorkCalendar
from linli.platform.flow.calendar_file import CalendarTable, Day, Fault, read_table
from linli.platform.flow.calendar_models import (
    CalendarDay,
    CalendarVersion,
    CalendarYear,
    WorkHours,
)

# Two statements, one round trip: the second sees what was committed while the first waited.
ASK_VERSION = (
    "SELECT pg_advisory_xact_lock_shared(5301846111); "
    "SELECT token FROM flow_calendarversion WHERE id = 1"
)
ALONE = "SELECT pg_advisory_xact_lock(5301846111)"

on_publication: list[Callable[[set[int]], None]] = []
"""Called with the years whose days or hours changed, inside the publishing transaction.

Every process that makes promises waits while they run: queue a job, lock no rows.
"""

_kept: tuple[UUID | None, WorkCalendar] | None = None
_held: ContextVar[WorkCalendar | None] = ContextVar("linli_calendar", default=None)


@contextmanager
def one_calendar() -> Iterator[WorkCalendar]:
    """Ask once for many clocks; inside one transaction, which keeps publications out."""
    held = _held.set(work_calendar())
    try:
        yield work_calendar()
    finally:
        _held.reset(held)


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What loading a calendar did; with faults nothing was written."""

    years: tuple[int, ...] = ()
    """Years the file has."""
    changed: frozenset[int] = frozenset()
    """Years that are new or have other days than before; promises in them are recomputed."""
    days: int = 0
    """Rows of the file."""
    faults: tuple[Fault, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the file was taken."""
        return not self.faults


def work_calendar() -> WorkCalendar:
    """The calendar in force; one round trip to the database, two more after a change.

    Keep it for a batch: inside a transaction it cannot change under you.
    Raises Unavailable when no office hours are set.
    """
    global _kept  # noqa: PLW0603 - one calendar a process; swapped whole, so threads see old or new
    held = _held.get()
    if held is not None:
        return held
    token = _token()
    kept = _kept
    if kept is None or kept[0] != token:
        kept = (token, _build())
        _kept = kept
    return kept[1]


def load_calendar(
    source: Path | str | Iterable[Mapping[str, str]], *, at: datetime, notice: str = ""
) -> LoadReport:
    """Publish the years of a file (or of rows with its columns): each year is replaced whole.

    `notice` names the official source. With any fault nothing is written and the report says what
    is wrong at which line. Loading the same days again changes nothing and tells nobody.
    """
    table = read_table(source)
    if table.faults:
        return LoadReport(table.years, days=len(table.days), faults=tuple(table.faults))
    with transaction.atomic():
        _lock()
        changed = _changed_years(table)
        if changed:
            _replace(table, changed, at=at, notice=notice)
            _announce(changed, at=at)
    return LoadReport(table.years, frozenset(changed), len(table.days))


def set_work_hours(*, starts_on: date, windows: Windows, source: str, at: datetime) -> WorkHours:
    """Office hours from a day on; a second setting for the same day replaces the first.

    Raises Invalid at `windows` unless the hours are in order, without overlap and not empty.
    """
    try:
        as_windows(windows)
    except ValueError as error:
        text = _("Office hours must be in order and must not overlap; none may be empty.")
        raise Invalid("windows", text) from error
    stored = [[f"{opens:%H:%M}", f"{closes:%H:%M}"] for opens, closes in windows]
    with transaction.atomic():
        _lock()
        hours, _made = WorkHours.objects.update_or_create(
            starts_on=starts_on, defaults={"windows": stored, "source": source}
        )
        years = set(CalendarYear.objects.values_list("year", flat=True))
        last = max(years | {starts_on.year, at.year})
        # Promises may reach into the year after the last published one.
        _announce(set(range(starts_on.year, last + 2)), at=at)
    return hours


def _token() -> UUID | None:
    with connection.cursor() as cursor:
        cursor.execute(ASK_VERSION)
        cursor.nextset()
        row = cursor.fetchone()
    return row[0] if row else None


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute(ALONE)


def _build() -> WorkCalendar:
    hours = [(row.starts_on, row.as_times()) for row in WorkHours.objects.order_by("starts_on")]
    if not hours:
        raise Unavailable(_("No office hours are set, so no time limit can be counted."))
    days = CalendarDay.objects.values_list("date", "kind")
    return WorkCalendar(
        {day: DayKind(kind) for day, kind in days},
        frozenset(CalendarYear.objects.values_list("year", flat=True)),
        hours[0][1],
        later_hours=dict(hours[1:]),
        tz=timezone.get_default_timezone(),
    )


def _changed_years(table: CalendarTable) -> set[int]:
    known = set(CalendarYear.objects.filter(year__in=table.years).values_list("year", flat=True))
    stored = CalendarDay.objects.filter(year__in=table.years)
    before = _by_year(Day(row.date, DayKind(row.kind), row.name_zh, row.name_en) for row in stored)
    after = _by_year(table.days)
    return {year for year in table.years if year not in known or before.get(year) != after[year]}


def _by_year(days: Iterable[Day]) -> dict[int, set[Day]]:
    found: dict[int, set[Day]] = {}
    for day in days:
        found.setdefault(day.date.year, set()).add(day)
    return found


def _replace(table: CalendarTable, years: set[int], *, at: datetime, notice: str) -> None:
    CalendarDay.objects.filter(year__in=years).delete()
    for year in sorted(years):
        CalendarYear.objects.update_or_create(
            year=year, defaults={"published_at": at, "source": notice}
        )
    CalendarDay.objects.bulk_create(_rows(day for day in table.days if day.date.year in years))


def _rows(days: Iterable[Day]) -> Sequence[CalendarDay]:
    return [
        CalendarDay(
            date=day.date,
            year_id=day.date.year,
            kind=day.kind.value,
            name_zh=day.name_zh,
            name_en=day.name_en,
        )
        for day in days
    ]


def _announce(years: set[int], *, at: datetime) -> None:
    CalendarVersion.objects.update_or_create(id=1, defaults={"token": new_id(), "changed_at": at})
    for tell in on_publication:
        tell(set(years))
