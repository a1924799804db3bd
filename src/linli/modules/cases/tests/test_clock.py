"""The clock of a case: working time, pauses, reminders, escalation, also of unheld work."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from linli.modules.cases import actions
from linli.modules.cases.models import Case
from linli.modules.cases.rules import Verb
from linli.modules.cases.tests.conftest import CHINA, Story
from linli.platform.access.actor import Actor
from linli.platform.access.models import Level
from linli.platform.access.scope import acting
from linli.platform.changes.public import entries_of
from linli.platform.flow import clock
from linli.platform.flow.alarms import ring

pytestmark = pytest.mark.django_db


def local(moment: datetime | None) -> str:
    assert moment is not None
    return moment.astimezone(CHINA).strftime("%m-%d %H:%M")


def reread(case: Case) -> Case:
    with acting(Actor.system("test")):
        return Case.objects.get(pk=case.pk)


def verbs_of(case: Case) -> list[str]:
    with acting(Actor.system("test")):
        return [entry.verb for entry in reversed(entries_of(case))]


def test_working_hours_skip_lunch_and_the_weekend(story: Story) -> None:
    # Friday 09:01 + 4 working hours: three until noon, one after 14:00.
    assert local(story.report().due_at) == "11-20 15:01"
    story.now = datetime(2026, 11, 20, 16, 59, tzinfo=CHINA)
    # One hour on Friday, three on Monday.
    assert local(story.report().due_at) == "11-23 11:00"


def test_emergency_hours_run_day_and_night(story: Story) -> None:
    case = story.dispatched(code="A03")  # gas: 4 hours
    assert case.due_at == case.dispatched_at + timedelta(hours=4)  # type: ignore[operator]


def test_a_pause_is_given_back(story: Story) -> None:
    case = story.dispatched(code="A03")
    due = case.due_at
    worker = story.cast.actor("grid_worker")
    actions.suspend(by=worker, at=story.tick(), case=case, reason="等燃气公司")
    assert not case.is_overdue(story.now + timedelta(days=9))
    assert case.alarm_at is None
    actions.resume(by=worker, at=story.tick(hours=30), case=case)
    assert due is not None
    assert case.due_at == due + timedelta(hours=30)


def test_reminded_twice_then_raised_level_by_level(story: Story) -> None:
    case = story.dispatched(code="A03")
    start = case.dispatched_at
    assert start is not None
    ring(at=start + timedelta(hours=1, minutes=59))
    assert Verb.REMIND not in verbs_of(case)
    ring(at=start + timedelta(hours=2))
    ring(at=start + timedelta(hours=2))
    assert verbs_of(case).count(Verb.REMIND) == 1
    ring(at=start + timedelta(hours=3, minutes=12))
    assert verbs_of(case).count(Verb.REMIND) == 2
    ring(at=start + timedelta(hours=4))
    assert reread(case).raised_to == Level.COMMUNITY
    ring(at=start + timedelta(days=7))
    assert reread(case).raised_to == Level.STREET
    ring(at=start + timedelta(days=14))
    ring(at=start + timedelta(days=21))
    assert reread(case).raised_to == Level.COUNTY, "the highest level with a post"
    assert reread(case).alarm_at is None


def test_work_nobody_holds_is_raised_too(story: Story) -> None:
    case = story.report()
    ring(at=story.now + timedelta(days=7))
    ring(at=story.now + timedelta(days=7, minutes=1))
    ring(at=story.now + timedelta(days=7, minutes=2))
    assert Verb.ESCALATE in verbs_of(case)
    assert reread(case).raised_to == Level.COMMUNITY


def test_what_is_stored_is_what_the_entries_say(story: Story) -> None:
    case = story.dispatched(code="B02")
    worker, clerk = story.cast.actor("grid_worker"), story.cast.actor("clerk")
    actions.suspend(by=worker, at=story.tick(hours=1), case=case, reason="下雨")
    actions.resume(by=worker, at=story.tick(hours=5), case=case)
    actions.ask_extension(by=worker, at=story.tick(), case=case, reason="等吊车", amount=2)
    actions.grant_extension(by=clerk, at=story.tick(), case=case, amount=2)
    with acting(clerk):
        derived = clock.of(case)
    assert derived is not None
    assert derived.due().at == case.due_at
    assert len(derived.pauses) == 1
    assert derived.span.amount == 4


def test_a_promise_into_an_unpublished_year_is_provisional(story: Story) -> None:
    story.now = datetime(2026, 12, 31, 10, 0, tzinfo=CHINA)
    case = story.dispatched(code="F01")
    assert case.due_provisional
    assert case.due_at is not None
    assert case.due_at.year == 2027


def test_the_promise_is_reckoned_anew_when_the_year_is_published(story: Story) -> None:
    from linli.platform.flow.jobs import reckon_anew_later
    from linli.platform.flow.models import CalendarDay, CalendarYear

    story.now = datetime(2026, 12, 31, 10, 0, tzinfo=CHINA)
    case = story.dispatched(code="F01")  # five working days
    before = case.due_at
    CalendarYear.objects.create(year=2027, published_at=story.now, source="test")
    for day in (1, 4):  # a holiday on Friday, and on Monday
        CalendarDay.objects.create(
            date=datetime(2027, 1, day, tzinfo=CHINA).date(), year_id=2027, kind="holiday"
        )
    from linli.platform.flow.models import CalendarVersion

    CalendarVersion.objects.update(token=uuid4())
    reckon_anew_later.now(years=[2027])
    after = reread(case)
    assert not after.due_provisional
    assert before is not None
    assert after.due_at == before + timedelta(days=4)
    assert after.handle_due_at == after.due_at
