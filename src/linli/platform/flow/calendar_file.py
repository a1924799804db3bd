"""Reading a calendar file: every row is checked, every fault stands at its line, nothing is mended.

Layout: CSV in UTF-8 with the columns date, kind, name_en, name_zh; one row for each holiday and
each make-up working day, all other days follow the plain week.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from linli.kernel.errors import fill
from linli.kernel.workdays import DayKind

COLUMNS = ("date", "kind", "name_zh")
SATURDAY = 5
NAME_ZH_LENGTH, NAME_EN_LENGTH = 40, 60
# Always public holidays by the Regulation on Public Holidays (全国年节及纪念日放假办法), whatever
# the weekday; a table without them is not the table of a whole year.
ALWAYS_FREE = ((1, 1), (5, 1), (10, 1))
# Excel writes 2027/1/1 for 2027-01-01 when it saves a CSV.
DATE = re.compile(r"(\d{4})([-/])(\d{1,2})\2(\d{1,2})")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong at a line of the file; line 0 is the file as a whole."""

    line: int
    text: Any
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """In the language now active."""
        return fill(self.text, self.params)


@dataclass(frozen=True, slots=True)
class Day:
    """A row of the table."""

    date: date
    kind: DayKind
    name_zh: str
    name_en: str


@dataclass(slots=True)
class CalendarTable:
    """What a file says, and what is wrong with it; days are to be used only without faults."""

    days: list[Day] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def years(self) -> tuple[int, ...]:
        """The years the table has days of."""
        return tuple(sorted({day.date.year for day in self.days}))


def read_table(source: Path | str | Iterable[Mapping[str, str]]) -> CalendarTable:
    """The table in a file, or in rows that came by another way (their lines count from 2)."""
    table = CalendarTable()
    if isinstance(source, (str, Path)):
        rows = _lines(Path(source), table)
    else:
        rows = list(enumerate(source, start=2))
    seen: dict[date, int] = {}
    for line, row in rows:
        day = _day(line, row, table)
        if day is None:
            continue
        if day.date in seen:
            table.faults.append(
                Fault(
                    line,
                    _("%(date)s stands twice in the file, first in line %(first)s."),
                    {"date": day.date, "first": seen[day.date]},
                )
            )
            continue
        seen[day.date] = line
        table.days.append(day)
    if not table.faults:
        table.faults.extend(_whole_years(table))
    return table


def _lines(path: Path, table: CalendarTable) -> list[tuple[int, Mapping[str, str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, restval="")
            missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
            if missing:
                text = _("The first line must name the columns; missing: %(columns)s.")
                table.faults.append(Fault(1, text, {"columns": ", ".join(missing)}))
                return []
            return [(reader.line_num, row) for row in reader]
    except UnicodeDecodeError:
        text = _("The file is not UTF-8; in Excel, save it as “CSV UTF-8”.")
        table.faults.append(Fault(0, text))
    except (OSError, csv.Error) as error:
        text = _("The file %(path)s cannot be read: %(reason)s.")
        reason = getattr(error, "strerror", None) or str(error)
        table.faults.append(Fault(0, text, {"path": path, "reason": reason}))
    return []


def _day(line: int, row: Mapping[str, str], table: CalendarTable) -> Day | None:
    day = _date(_cell(row, "date"))
    if day is None:
        text = _("“%(cell)s” is not a date; write it like 2027-01-01.")
        table.faults.append(Fault(line, text, {"cell": _cell(row, "date")}))
    kind = next((kind for kind in DayKind if kind == _cell(row, "kind")), None)
    if kind is None:
        text = _("“%(cell)s” is not a kind of day; write holiday or makeup_workday.")
        table.faults.append(Fault(line, text, {"cell": _cell(row, "kind")}))
    named = _named(line, row, table)
    if day is None or kind is None or not named:
        return None
    if kind is DayKind.MAKEUP_WORKDAY and day.weekday() < SATURDAY:
        text = _("%(date)s is an ordinary working day and cannot be a make-up day.")
        table.faults.append(Fault(line, text, {"date": day}))
        return None
    return Day(day, kind, _cell(row, "name_zh"), _cell(row, "name_en"))


def _named(line: int, row: Mapping[str, str], table: CalendarTable) -> bool:
    if not _cell(row, "name_zh"):
        table.faults.append(Fault(line, _("The Chinese name of the holiday is missing.")))
        return False
    for column, length in (("name_zh", NAME_ZH_LENGTH), ("name_en", NAME_EN_LENGTH)):
        if len(_cell(row, column)) > length:
            text = _("The name in %(column)s is longer than %(length)s characters.")
            table.faults.append(Fault(line, text, {"column": column, "length": length}))
            return False
    return True


def _whole_years(table: CalendarTable) -> Iterator[Fault]:
    if not table.days:
        yield Fault(0, _("The file has no days."))
    free = {day.date for day in table.days if day.kind is DayKind.HOLIDAY}
    for year in table.years:
        missing = [date(year, *day) for day in ALWAYS_FREE if date(year, *day) not in free]
        if missing:
            yield Fault(
                0,
                _(
                    "The table of %(year)s is not complete: %(days)s must be holidays. "
                    "A year is loaded as a whole; take out its rows or add the missing ones."
                ),
                {"year": year, "days": ", ".join(map(str, missing))},
            )


def _cell(row: Mapping[str, str], column: str) -> str:
    return (row.get(column) or "").strip()


def _date(cell: str) -> date | None:
    found = DATE.fullmatch(cell)
    if not found:
        return None
    try:
        return date(int(found[1]), int(found[3]), int(found[4]))
    except ValueError:
        return None
