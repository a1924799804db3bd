"""The shipped years and office hours, for the first migration of a new installation."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from linli.platform.flow.calendar_file import read_table

DATA = Path(__file__).resolve().parent / "data"
PEKING_TIME = ZoneInfo("Asia/Shanghai")


def seed(apps: Any, schema_editor: Any) -> None:
    """Fill the calendar tables as shipped; to be run by `migrations.RunPython`."""
    del schema_editor
    model = apps.get_model
    table = read_table(DATA / "cn_workdays_2024_2026.csv")
    if table.faults:
        raise ValueError("; ".join(f"{fault.line}: {fault.sentence}" for fault in table.faults))
    published = {int(row["year"]): row for row in _csv("cn_years.csv")}
    for year in table.years:
        model("flow", "CalendarYear").objects.create(
            year=year,
            published_at=_midnight(published[year]["published_on"]),
            source=published[year]["source"],
        )
    model("flow", "CalendarDay").objects.bulk_create(
        model("flow", "CalendarDay")(
            date=day.date,
            year_id=day.date.year,
            kind=day.kind.value,
            name_zh=day.name_zh,
            name_en=day.name_en,
        )
        for day in table.days
    )
    for row in _csv("work_hours.csv"):
        windows = [window.split("-") for window in row["windows"].split()]
        model("flow", "WorkHours").objects.create(
            starts_on=date.fromisoformat(row["starts_on"]), windows=windows, source=row["source"]
        )
    last = max(row["published_on"] for row in published.values())
    model("flow", "CalendarVersion").objects.create(id=1, changed_at=_midnight(last))


def _csv(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _midnight(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), time(), PEKING_TIME)
