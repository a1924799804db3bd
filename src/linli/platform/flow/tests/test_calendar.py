"""The calendar in the database: kept in the process, renewed after every publication."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from linli.kernel.errors import Invalid, Unavailable
from linli.kernel.worktime import Kind, Span
from linli.platform.flow.calendar import (
    load_calendar,
    on_publication,
    set_work_hours,
    work_calendar,
)
from linli.platform.flow.calendar_models import CalendarDay, CalendarYear, WorkHours

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")
EVE = datetime(2026, 12, 31, 17, tzinfo=SHANGHAI)
TWO_HOURS = Span(2, Kind.WORK_HOUR)
ROWS = [
    {"date": f"2027-{month:02}-01", "kind": "holiday", "name_zh": name}
    for month, name in ((1, "元旦"), (5, "劳动节"), (10, "国庆节"))
]


@pytest.fixture
def told() -> Iterator[list[set[int]]]:
    years: list[set[int]] = []
    on_publication.append(years.append)
    yield years
    on_publication.remove(years.append)


@pytest.mark.django_db
def test_a_new_installation_has_the_shipped_years() -> None:
    calendar = work_calendar()
    assert calendar.published == {2024, 2025, 2026}
    assert CalendarDay.objects.count() == 108
    assert "国办发明电〔2025〕7号" in CalendarYear.objects.get(year=2026).source
    assert not calendar.is_working_day(date(2026, 10, 5))
    assert calendar.is_working_day(date(2026, 10, 10))
    assert calendar.due(EVE, TWO_HOURS).provisional


@pytest.mark.django_db
def test_asking_again_is_one_round_trip() -> None:
    first = work_calendar()
    with CaptureQueriesContext(connection) as queries:
        assert work_calendar() is first
    assert len(queries) == 1


@pytest.mark.django_db
def test_a_publication_makes_promises_firm(told: list[set[int]]) -> None:
    assert work_calendar().due(EVE, TWO_HOURS).at == datetime(2027, 1, 1, 9, tzinfo=SHANGHAI)
    report = load_calendar(ROWS, at=NOW, notice="国办发明电〔2026〕1号")
    assert report.ok
    assert (report.years, set(report.changed), report.days) == ((2027,), {2027}, 3)
    assert told == [{2027}]
    due = work_calendar().due(EVE, TWO_HOURS)
    assert due.at == datetime(2027, 1, 4, 9, tzinfo=SHANGHAI)
    assert not due.provisional
    year = CalendarYear.objects.get(year=2027)
    assert (year.published_at, year.source) == (NOW, "国办发明电〔2026〕1号")


@pytest.mark.django_db
def test_the_same_days_again_tell_nobody(told: list[set[int]]) -> None:
    load_calendar(ROWS, at=NOW)
    before = work_calendar()
    assert load_calendar(ROWS, at=NOW).changed == frozenset()
    assert told == [{2027}]
    assert work_calendar() is before


@pytest.mark.django_db
def test_a_corrected_year_replaces_the_old_one_and_leaves_the_others(told: list[set[int]]) -> None:
    load_calendar(ROWS, at=NOW)
    corrected = [*ROWS, {"date": "2027-01-02", "kind": "makeup_workday", "name_zh": "元旦"}]
    load_calendar(corrected, at=NOW)
    assert work_calendar().is_working_day(date(2027, 1, 2))
    load_calendar(ROWS, at=NOW)
    assert not work_calendar().is_working_day(date(2027, 1, 2))
    assert told == [{2027}] * 3
    assert CalendarDay.objects.count() == 111


@pytest.mark.django_db
def test_with_a_fault_nothing_is_written(told: list[set[int]]) -> None:
    report = load_calendar([*ROWS, {"date": "2027-02-30", "kind": "holiday"}], at=NOW)
    assert not report.ok
    assert [fault.line for fault in report.faults] == [5, 5]
    assert told == []
    assert not CalendarYear.objects.filter(year=2027).exists()


@pytest.mark.django_db
def test_a_publication_taken_back_is_forgotten() -> None:
    class Back(Exception):
        pass

    def publish_and_fail() -> None:
        load_calendar(ROWS, at=NOW)
        assert 2027 in work_calendar().published
        raise Back

    for _twice in range(2):
        with pytest.raises(Back), transaction.atomic():
            publish_and_fail()
        assert 2027 not in work_calendar().published


@pytest.mark.django_db
def test_office_hours_are_a_dated_rule(told: list[set[int]]) -> None:
    summer = ((time(7, 30), time(11, 30)), (time(14, 30), time(18, 30)))
    set_work_hours(starts_on=date(2026, 12, 1), windows=summer, source="市政府通知", at=NOW)
    assert told == [{2026, 2027}]
    one = Span(1, Kind.WORK_HOUR)
    calendar = work_calendar()
    assert calendar.due(datetime(2026, 11, 30, 17, tzinfo=SHANGHAI), one).at.hour == 18
    late = calendar.due(datetime(2026, 12, 1, 18, tzinfo=SHANGHAI), one).at
    assert late == datetime(2026, 12, 2, 8, tzinfo=SHANGHAI)
    with pytest.raises(Invalid) as raised:
        set_work_hours(starts_on=date(2027, 1, 1), windows=(), source="", at=NOW)
    assert raised.value.field == "windows"


@pytest.mark.django_db
def test_without_office_hours_nothing_can_be_promised() -> None:
    WorkHours.objects.all().delete()
    load_calendar(ROWS, at=NOW)
    with pytest.raises(Unavailable):
        work_calendar()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [
        {"date": date(2026, 3, 4), "kind": "makeup_workday"},
        {"date": date(2027, 3, 7), "kind": "holiday"},
        {"date": date(2026, 3, 7), "kind": "half"},
    ],
)
def test_the_database_refuses_days_that_cannot_be(wrong: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        CalendarDay.objects.create(year_id=2026, name_zh="节", **wrong)


def test_a_publication_waits_for_promises_in_the_making(committed: Any) -> None:
    """No promise by the old table can be committed after those concerned were told."""
    order: list[str] = []
    promising, published = threading.Event(), threading.Event()

    def publish() -> None:
        promising.wait(10)
        load_calendar(ROWS, at=NOW)
        order.append("published")
        published.set()
        connection.close()

    other = threading.Thread(target=publish)
    other.start()
    with transaction.atomic():
        assert 2027 not in work_calendar().published
        promising.set()
        assert not published.wait(0.5)
        assert 2027 not in work_calendar().published
        order.append("promised")
    other.join(10)
    assert order == ["promised", "published"]
    assert 2027 in work_calendar().published
