"""The work calendar against a day-by-day count, and the laws every time limit must keep."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from linli.kernel.workdays import DayIndex, DayKind
from linli.kernel.worktime import SHANGHAI, Kind, Pause, Span, WorkCalendar

HOLIDAY, MAKEUP = DayKind.HOLIDAY, DayKind.MAKEUP_WORKDAY
TABLE = {
    date(2026, 9, 20): MAKEUP,
    date(2026, 9, 25): HOLIDAY,
    date(2026, 9, 26): HOLIDAY,
    **{date(2026, 10, day): HOLIDAY for day in range(1, 8)},
    date(2026, 10, 10): MAKEUP,
}
CALENDAR = WorkCalendar(TABLE, frozenset({2026}))
SUMMER = WorkCalendar(
    TABLE,
    frozenset({2026}),
    later_hours={
        date(2026, 6, 1): ((time(7, 30), time(11, 30)), (time(14, 30), time(18, 30))),
        date(2026, 10, 3): ((time(9), time(16)),),
    },
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("start", "amount", "kind", "due"),
    [
        ("2026-11-20T23:30", 2, Kind.URGENT_HOUR, "2026-11-21T01:30"),
        ("2026-11-20T15:00", 3, Kind.NATURAL_DAY, "2026-11-23T15:00"),
        ("2026-11-20T15:00", 4, Kind.WORK_HOUR, "2026-11-23T09:00"),
        ("2026-11-20T08:00", 4, Kind.WORK_HOUR, "2026-11-20T12:00"),
        ("2026-11-20T08:00", 8, Kind.WORK_HOUR, "2026-11-20T18:00"),
        ("2026-11-20T13:00", 1, Kind.WORK_HOUR, "2026-11-20T15:00"),
        ("2026-11-20T15:00", 1, Kind.WORK_DAY, "2026-11-23T15:00"),
        ("2026-11-20T12:45", 1, Kind.WORK_DAY, "2026-11-23T12:45"),
        # Outside the office day the count starts at the next opening.
        ("2026-11-21T10:00", 1, Kind.WORK_DAY, "2026-11-24T08:00"),
        ("2026-11-20T19:00", 1, Kind.WORK_DAY, "2026-11-24T08:00"),
        ("2026-11-23T06:00", 1, Kind.WORK_DAY, "2026-11-24T08:00"),
        # Over the National Day week with its make-up Saturday.
        ("2026-09-30T10:00", 1, Kind.WORK_DAY, "2026-10-08T10:00"),
        ("2026-09-30T10:00", 3, Kind.WORK_DAY, "2026-10-10T10:00"),
        ("2026-09-30T17:00", 2, Kind.WORK_HOUR, "2026-10-08T09:00"),
        ("2026-09-18T16:00", 4, Kind.WORK_HOUR, "2026-09-20T10:00"),
        ("2026-11-20T15:00", 0, Kind.WORK_HOUR, "2026-11-20T15:00"),
        ("2026-11-21T15:00", 0, Kind.WORK_HOUR, "2026-11-21T15:00"),
    ],
)
def test_due(start: str, amount: int, kind: Kind, due: str) -> None:
    found = CALENDAR.due(at(start), Span(amount, kind))
    assert found.at == at(due)
    assert not found.provisional


def test_reminders_run_in_the_same_measure() -> None:
    start, span = at("2026-11-20T16:00"), Span(4, Kind.WORK_HOUR)
    assert CALENDAR.fraction_at(start, span, 0.5) == at("2026-11-20T18:00")
    assert CALENDAR.fraction_at(start, span, 0.8) == at("2026-11-23T09:12")
    assert CALENDAR.fraction_at(start, span, 1) == CALENDAR.due(start, span).at
    days = Span(5, Kind.WORK_DAY)
    assert CALENDAR.fraction_at(start, days, 0.8) == at("2026-11-26T16:00")


def test_an_unpublished_year_makes_a_promise_provisional() -> None:
    late = at("2026-12-31T17:00")
    assert not CALENDAR.due(late, Span(1, Kind.WORK_HOUR)).provisional
    assert CALENDAR.due(late, Span(2, Kind.WORK_HOUR)).provisional
    assert CALENDAR.due(late, Span(2, Kind.WORK_HOUR)).at == at("2027-01-01T09:00")
    assert CALENDAR.due(late, Span(1, Kind.WORK_DAY)).provisional
    assert not CALENDAR.due(late, Span(9, Kind.NATURAL_DAY)).provisional
    assert not CALENDAR.due(late, Span(9, Kind.URGENT_HOUR)).provisional
    assert CALENDAR.due(at("2025-12-31T17:00"), Span(2, Kind.WORK_HOUR)).provisional
    used = CALENDAR.elapsed(late, at("2027-01-04T18:00"), Kind.WORK_DAY)
    assert used.provisional
    published = WorkCalendar({**TABLE, date(2027, 1, 1): HOLIDAY}, frozenset({2026, 2027}))
    assert published.due(late, Span(2, Kind.WORK_HOUR)).at == at("2027-01-04T09:00")
    assert not published.due(late, Span(2, Kind.WORK_HOUR)).provisional


def test_a_pause_takes_out_working_time_only() -> None:
    start, span = at("2026-11-20T09:00"), Span(8, Kind.WORK_HOUR)
    assert CALENDAR.due(start, span).at == at("2026-11-23T09:00")
    weekend = Pause(at("2026-11-20T18:00"), at("2026-11-23T08:00"))
    assert CALENDAR.due(start, span, [weekend]).at == at("2026-11-23T09:00")
    lunch = Pause(at("2026-11-20T11:00"), at("2026-11-20T15:00"))
    assert CALENDAR.due(start, span, [lunch]).at == at("2026-11-23T11:00")
    # A pause the first one brings inside the running time counts, one after the due time does not.
    early = Pause(at("2026-11-23T10:00"), at("2026-11-23T11:00"))
    late = Pause(at("2026-11-23T15:00"), at("2026-11-23T16:00"))
    assert CALENDAR.due(start, span, [early, late]).at == at("2026-11-23T09:00")
    assert CALENDAR.due(start, span, [late, early, lunch]).at == at("2026-11-23T12:00")


def test_overlapping_pauses_count_once() -> None:
    start, span = at("2026-11-20T09:00"), Span(2, Kind.URGENT_HOUR)
    pauses = [
        Pause(at("2026-11-20T09:30"), at("2026-11-20T10:30")),
        Pause(at("2026-11-20T10:00"), at("2026-11-20T11:00")),
        Pause(at("2026-11-20T08:00"), at("2026-11-20T09:10")),
    ]
    assert CALENDAR.due(start, span, pauses).at == at("2026-11-20T12:40")


def test_an_open_pause_says_so_and_stops_the_count() -> None:
    start, span = at("2026-11-20T09:00"), Span(2, Kind.WORK_HOUR)
    due = CALENDAR.due(start, span, [Pause(at("2026-11-20T10:00"))])
    assert due.paused
    assert due.at == at("2026-11-20T11:00")
    used = CALENDAR.elapsed(
        start, at("2026-11-30T09:00"), Kind.WORK_HOUR, [Pause(at("2026-11-20T10:00"))]
    )
    assert used.amount == 1
    assert used.share(span) == 0.5


def test_a_pause_begun_after_closing_on_the_last_day_still_holds() -> None:
    start, span = at("2026-11-22T12:00"), Span(1, Kind.WORK_DAY)
    assert CALENDAR.due(start, span).at == at("2026-11-24T08:00")
    night = Pause(at("2026-11-23T19:00"), at("2026-11-24T12:00"))
    assert CALENDAR.due(start, span, [night]).at == at("2026-11-24T12:00")


def test_hours_change_from_a_day_on() -> None:
    assert SUMMER.due(at("2026-05-29T17:00"), Span(2, Kind.WORK_HOUR)).at == at("2026-06-01T08:30")
    # The last period has seven hours and no lunch.
    assert SUMMER.due(at("2026-09-30T17:30"), Span(8, Kind.WORK_HOUR)).at == at("2026-10-08T16:00")
    assert SUMMER.due(at("2026-05-29T17:00"), Span(1, Kind.WORK_DAY)).at == at("2026-06-01T17:00")


def test_days_between() -> None:
    assert CALENDAR.working_days(date(2026, 9, 28), date(2026, 10, 11)) == 6
    assert CALENDAR.working_days(date(2026, 10, 11), date(2026, 9, 28)) == 0
    assert CALENDAR.is_working_day(date(2026, 10, 10))
    assert not CALENDAR.is_working_day(date(2026, 10, 5))


def test_nonsense_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        CALENDAR.due(datetime(2026, 1, 1), Span(1, Kind.WORK_DAY))  # noqa: DTZ001
    with pytest.raises(ValueError, match="negative"):
        Span(-1, Kind.WORK_DAY)
    with pytest.raises(ValueError, match="before it starts"):
        Pause(at("2026-11-20T10:00"), at("2026-11-20T09:00"))
    with pytest.raises(ValueError, match="negative"):
        CALENDAR.fraction_at(at("2026-11-20T10:00"), Span(1, Kind.WORK_DAY), -0.5)
    with pytest.raises(ValueError, match="another kind"):
        CALENDAR.elapsed(at("2026-11-20T10:00"), at("2026-11-20T11:00"), Kind.WORK_DAY).share(
            Span(1, Kind.WORK_HOUR)
        )
    for hours in ((), ((time(9), time(9)),), ((time(9), time(12)), (time(11), time(13)))):
        with pytest.raises(ValueError, match="hours"):
            WorkCalendar({}, frozenset(), hours)


days = st.dates(date(2025, 11, 1), date(2027, 3, 1))
tables = st.dictionaries(days, st.sampled_from(DayKind), max_size=60)
calendars = st.sampled_from([CALENDAR, SUMMER])
kinds = st.sampled_from(Kind)
moments = st.datetimes(
    datetime(2026, 1, 1),  # noqa: DTZ001 - the zone is drawn
    datetime(2027, 3, 1),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, SHANGHAI]),
)
amounts = st.integers(0, 120)


@given(tables, days)
def test_the_index_agrees_with_counting_day_by_day(table: dict[date, DayKind], until: date) -> None:
    index = DayIndex(table)

    def works(day: date) -> bool:
        kind = table.get(day)
        return kind is MAKEUP if kind else day.weekday() < 5

    first = date(2025, 11, 1)
    number = index.before(first.toordinal())
    for step in range((until - first).days + 1):
        day = first + timedelta(days=step)
        assert index.count(day.toordinal()) == (number, works(day))
        assert index.is_working(day.toordinal()) == works(day)
        if works(day):
            assert index.nth(number) == day.toordinal()
            number += 1


@given(calendars, moments, amounts, kinds)
def test_what_is_due_has_elapsed(
    calendar: WorkCalendar, start: datetime, amount: int, kind: Kind
) -> None:
    due = calendar.due(start, Span(amount, kind)).at
    used = calendar.elapsed(start, due, kind)
    assert used.counted == amount * used.unit
    assert used.amount == amount
    assert due >= start


@given(calendars, st.tuples(moments, moments), amounts, amounts, kinds)
def test_later_or_longer_is_never_due_earlier(
    calendar: WorkCalendar, starts: tuple[datetime, datetime], amount: int, more: int, kind: Kind
) -> None:
    first, second = sorted(starts)
    early = calendar.due(first, Span(amount, kind)).at
    assert early <= calendar.due(second, Span(amount, kind)).at
    assert early <= calendar.due(first, Span(amount + more, kind)).at


@given(calendars, moments, amounts, kinds, st.tuples(st.floats(0, 1), st.floats(0, 1)))
def test_fractions_are_in_order(
    calendar: WorkCalendar, start: datetime, amount: int, kind: Kind, fractions: tuple[float, float]
) -> None:
    low, high = sorted(fractions)
    span = Span(amount, kind)
    first = calendar.fraction_at(start, span, low)
    assert start <= first <= calendar.fraction_at(start, span, high)
    assert calendar.fraction_at(start, span, high) <= calendar.due(start, span).at


@given(calendars, moments, moments, moments, kinds)
def test_elapsed_time_adds_up(
    calendar: WorkCalendar, one: datetime, two: datetime, three: datetime, kind: Kind
) -> None:
    first, second, third = sorted([one, two, three])
    whole = calendar.elapsed(first, third, kind).counted
    parts = calendar.elapsed(first, second, kind), calendar.elapsed(second, third, kind)
    assert whole == parts[0].counted + parts[1].counted
    assert calendar.elapsed(third, first, kind).counted == timedelta(0) or first == third


@settings(max_examples=300)
@given(calendars, moments, amounts, kinds, st.lists(st.tuples(moments, moments), max_size=4))
def test_pauses_push_by_exactly_what_they_take(
    calendar: WorkCalendar,
    start: datetime,
    amount: int,
    kind: Kind,
    stretches: list[tuple[datetime, datetime]],
) -> None:
    pauses = [Pause(min(pair), max(pair)) for pair in stretches]
    span = Span(amount, kind)
    due = calendar.due(start, span, pauses).at
    used = calendar.elapsed(start, due, kind, pauses)
    assert used.counted == amount * used.unit
    assert due >= calendar.due(start, span).at
    assert calendar.due(start, span, [*pauses, *pauses]).at == due


@given(calendars, st.lists(moments, min_size=6, max_size=6, unique=True), kinds)
def test_separate_pauses_are_additive(
    calendar: WorkCalendar, points: list[datetime], kind: Kind
) -> None:
    start, a, b, c, d, end = sorted(points)
    assume(b < c)
    both = calendar.elapsed(start, end, kind, [Pause(c, d), Pause(a, b)]).counted
    taken = calendar.elapsed(a, b, kind).counted + calendar.elapsed(c, d, kind).counted
    assert both == calendar.elapsed(start, end, kind).counted - taken


@given(moments, st.integers(0, 40))
def test_work_hours_agree_with_counting_quarter_hours(start: datetime, amount: int) -> None:
    start = start.astimezone(SHANGHAI).replace(minute=0, second=0, microsecond=0)
    due = CALENDAR.due(start, Span(amount, Kind.WORK_HOUR)).at
    counted, moment = 0, start
    while counted < amount * 4:
        if CALENDAR.is_working_day(moment.date()) and moment.hour in {8, 9, 10, 11, 14, 15, 16, 17}:
            counted += 1
        moment += timedelta(minutes=15)
    assert due == moment
