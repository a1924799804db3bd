"""The shipped table against other collections, and every fault a file can have."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import holidays
import pytest
from django.utils import translation

from linli.kernel.workdays import DayKind
from linli.kernel.worktime import WorkCalendar
from linli.platform.flow.calendar_file import CalendarTable, read_table
from linli.platform.flow.calendar_seed import DATA

SHIPPED = DATA / "cn_workdays_2024_2026.csv"
HEAD = "date,kind,name_en,name_zh\n"
YEAR = (
    "2027-01-01,holiday,New Year's Day,元旦\n"
    "2027-05-01,holiday,Labour Day,劳动节\n"
    "2027-10-01,holiday,National Day,国庆节\n"
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "calendar.csv"


def sentences(table: CalendarTable) -> list[tuple[int, str]]:
    with translation.override("en"):
        return [(fault.line, fault.sentence) for fault in table.faults]


def days_of(first: int, last: int) -> list[date]:
    count = (date(last, 12, 31) - date(first, 1, 1)).days + 1
    return [date(first, 1, 1) + timedelta(days=n) for n in range(count)]


def test_the_shipped_years_agree_with_two_other_collections() -> None:
    table = read_table(SHIPPED)
    assert table.faults == []
    assert table.years == (2024, 2025, 2026)
    calendar = WorkCalendar({day.date: day.kind for day in table.days}, frozenset(table.years))
    public = holidays.country_holidays("CN", years=range(2024, 2027))
    makeup = {day.date for day in table.days if day.kind is DayKind.MAKEUP_WORKDAY}
    for day in days_of(2024, 2026):
        assert calendar.is_working_day(day) == chinese_calendar.is_workday(day), day  # type: ignore[no-untyped-call]
        assert calendar.is_working_day(day) == public.is_working_day(day), day
    assert makeup == {
        day for day in days_of(2024, 2026) if day.weekday() > 4 and public.is_working_day(day)
    }


def test_every_shipped_year_names_its_notice() -> None:
    years = (DATA / "cn_years.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert [int(line[:4]) for line in years] == [2024, 2025, 2026]


def test_a_good_file(path: Path) -> None:
    path.write_text(
        HEAD + YEAR + "2027-10-09,makeup_workday,National Day,国庆节\n", encoding="utf-8-sig"
    )
    table = read_table(str(path))
    assert table.faults == []
    assert table.years == (2027,)
    assert len(table.days) == 4


def test_dates_as_excel_writes_them_are_taken(path: Path) -> None:
    path.write_text((HEAD + YEAR).replace("2027-0", "2027/").replace("-01,", "/1,"), "utf-8")
    text = path.read_text("utf-8").replace("2027-10/1", "2027/10/1")
    path.write_text(text, "utf-8")
    assert read_table(path).faults == []


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("2027-02-30,holiday,x,春节", "“2027-02-30” is not a date; write it like 2027-01-01."),
        ("3 May,holiday,x,春节", "“3 May” is not a date; write it like 2027-01-01."),
        ("2027-02-06,off,x,春节", "“off” is not a kind of day; write holiday or makeup_workday."),
        ("2027-02-06,holiday,x,", "The Chinese name of the holiday is missing."),
        (f"2027-02-06,holiday,x,{'长' * 41}", "The name in name_zh is longer than 40 characters."),
        (
            "2027-02-08,makeup_workday,x,春节",
            "2027-02-08 is an ordinary working day and cannot be a make-up day.",
        ),
        ("2027-05-01,holiday,x,节", "2027-05-01 stands twice in the file, first in line 3."),
        ("2027-05-01,makeup_workday,x,节", "2027-05-01 stands twice in the file, first in line 3."),
    ],
)
def test_a_fault_stands_at_its_line(path: Path, row: str, sentence: str) -> None:
    path.write_text(f"{HEAD}{YEAR}{row}\n", encoding="utf-8")
    assert sentences(read_table(path)) == [(5, sentence)]


def test_all_faults_are_told_at_once(path: Path) -> None:
    path.write_text(f"{HEAD}x,y,,\n\n{YEAR}2027-13-01,holiday,,元旦\n", encoding="utf-8")
    assert [line for line, _sentence in sentences(read_table(path))] == [2, 2, 2, 7]


def test_a_part_of_a_year_is_refused(path: Path) -> None:
    path.write_text(f"{HEAD}{YEAR}2028-01-01,holiday,x,元旦\n", encoding="utf-8")
    ((line, sentence),) = sentences(read_table(path))
    assert line == 0
    assert sentence.startswith(
        "The table of 2028 is not complete: 2028-05-01, 2028-10-01 must be holidays."
    )


def test_files_that_are_no_calendar(path: Path, tmp_path: Path) -> None:
    with translation.override("en"):
        assert "cannot be read" in sentences(read_table(path))[0][1]
        assert "cannot be read" in sentences(read_table(tmp_path))[0][1]
        path.write_bytes((HEAD + YEAR).encode("gb18030"))
        assert sentences(read_table(path)) == [
            (0, "The file is not UTF-8; in Excel, save it as “CSV UTF-8”.")
        ]
        path.write_text("day,kind\n", encoding="utf-8")
        assert sentences(read_table(path)) == [
            (1, "The first line must name the columns; missing: date, name_zh.")
        ]
        path.write_text("", encoding="utf-8")
        assert sentences(read_table(path))[0][0] == 1
        path.write_text(HEAD, encoding="utf-8")
        assert sentences(read_table(path)) == [(0, "The file has no days.")]


def test_rows_from_elsewhere() -> None:
    rows = [
        {"date": f"2027-{month:02}-01", "kind": "holiday", "name_zh": "节"} for month in (1, 5, 10)
    ]
    assert len(read_table(rows).days) == 3
    assert sentences(read_table([*rows, {"date": "?"}]))[0][0] == 5
