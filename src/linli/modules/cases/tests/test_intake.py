"""What a report is checked for, and what is found for it."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from linli.kernel.errors import Invalid
from linli.kernel.geo import Point
from linli.kernel.numbers import is_valid
from linli.modules.cases import actions, reads
from linli.modules.cases.duplicates import likely_duplicates, public_duplicates
from linli.modules.cases.intake import Contact, Report
from linli.modules.cases.models import Case, Category
from linli.modules.cases.numbering import number_of
from linli.modules.cases.routing import propose_handlers
from linli.modules.cases.tests.conftest import Story
from linli.platform.access.actor import Actor
from linli.platform.access.models import Role
from linli.platform.access.scope import acting

pytestmark = pytest.mark.django_db

GOOD: dict[str, Any] = {"category": "A01", "text": "消防通道被堵"}


def faults(story: Story, **facts: Any) -> dict[str, str]:
    given = {**GOOD, "unit_id": story.cast.grid.pk, **facts}
    with pytest.raises(Invalid) as fault:
        actions.report(by=story.cast.actor("resident"), at=story.tick(), report=Report(**given))
    return fault.value.faults


def test_every_fault_stands_at_its_field(story: Story) -> None:
    found = faults(story, category="ZZZ", text="短", unit_id=None)
    assert set(found) == {"category", "text", "point"}


def test_too_long_a_description_names_the_limit(story: Story) -> None:
    assert set(faults(story, text="长" * 5_000)) == {"text"}


def test_a_closed_category_is_refused(story: Story) -> None:
    with acting(Actor.system("test")):
        Category.objects.filter(code="A01").update(closed=date(2026, 1, 1))
    assert set(faults(story)) == {"category"}


def test_some_kinds_need_a_way_to_call_back(story: Story) -> None:
    assert set(faults(story, category="I02")) == {"phone"}
    assert set(faults(story, contact=Contact(phone="12"))) == {"phone"}
    assert set(faults(story, contact=Contact(email="not-an-address"))) == {"email"}


def test_html_is_kept_as_text(story: Story) -> None:
    case = story.report(text="<script>alert(1)</script> 楼道堆物")
    assert case.text == "<script>alert(1)</script> 楼道堆物"


def test_the_same_form_sent_twice_is_one_case(story: Story) -> None:
    key = uuid4()
    report = Report(**GOOD, unit_id=story.cast.grid.pk, submission=key)
    first = actions.report(by=story.cast.actor("resident"), at=story.tick(), report=report)
    again = actions.report(by=story.cast.actor("resident"), at=story.tick(), report=report)
    assert again.again
    assert again.case.number == first.case.number
    with acting(Actor.system("test")):
        assert Case.objects.count() == 1


def test_numbers_are_unique_and_hold_together() -> None:
    day = date(2026, 11, 22)
    made = {number_of(day, sequence) for sequence in range(20_000)}
    assert len(made) == 20_000
    assert all(is_valid(number) for number in made)


def test_the_receipt_opens_only_its_case(story: Story) -> None:
    told = actions.report(
        by=story.cast.actor("resident"),
        at=story.tick(),
        report=Report(**GOOD, unit_id=story.cast.grid.pk),
    )
    other = story.report()
    assert reads.holds_receipt(told.case.number, told.code)
    assert not reads.holds_receipt(other.number, told.code)
    assert not reads.holds_receipt(told.case.number, "")


def near(story: Story, metres: float, code: str = "A01") -> Case:
    """A case so many metres north of the reference point."""
    case = story.report(code=code)
    with acting(Actor.system("test")):
        from linli.modules.cases.duplicates import cell_of

        point = Point(121.25, 30.17 + metres / 111_195)
        Case.objects.filter(pk=case.pk).update(lng=point.lng, lat=point.lat, cell=cell_of(point))
    return case


def test_duplicates_are_near_recent_open_and_of_the_kind(story: Story) -> None:
    same = near(story, 30)
    sibling = near(story, 10, code="A02")
    near(story, 200)
    near(story, 10, code="B01")
    here = Point(121.25, 30.17)
    with acting(story.cast.actor("clerk")):
        category = Category.objects.get(code="A01")
        found = likely_duplicates(category, here, at=story.now)
        assert [(n.case.number, n.metres, n.same_category) for n in found] == [
            (same.number, 30, True),
            (sibling.number, 10, False),
        ]
        later = story.tick(days=8)
        assert likely_duplicates(category, here, at=later) == []
    with acting(story.cast.actor("far_clerk")):
        assert likely_duplicates(category, here, at=story.now) == []


def test_neighbours_quarrels_are_shown_to_nobody(story: Story) -> None:
    near(story, 5, code="G02")
    with acting(story.cast.actor("resident")):
        category = Category.objects.get(code="G02")
        assert public_duplicates(category, Point(121.25, 30.17), at=story.now) == []


def test_the_handler_is_proposed_with_a_reason(story: Story) -> None:
    with acting(Actor.system("test")):
        Role.objects.filter(pk=story.cast.post("grid_worker").role_id).update(slug="grid-worker")
    story.closed()
    case = story.filed()
    clerk = story.cast.actor("clerk")
    with acting(clerk):
        proposed = propose_handlers(reads.case_by_id(clerk, case.pk), at=story.now)
    assert proposed[0].post.pk == story.cast.post("grid_worker").pk
    assert proposed[0].done == 1
    assert proposed[0].reason
