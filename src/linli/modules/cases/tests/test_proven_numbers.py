"""Kinds that ask for a proven number are an office's to name, on the desk."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from linli.kernel.errors import Forbidden, Invalid
from linli.modules.cases import actions
from linli.modules.cases.models import Category, Reporter
from linli.modules.cases.rules import Verb
from linli.modules.cases.tests.conftest import FRIDAY, Story
from linli.platform.access.actor import Actor
from linli.platform.access.scope import acting
from linli.platform.changes.models import Entry
from tests.cast import Cast
from tests.test_registers import client_of

SYSTEM = Actor.system("test")


def category(code: str = "F01") -> Category:
    return Category.objects.get(code=code)


def test_an_office_asks_for_a_proven_number(cast: Cast) -> None:
    kind = category()
    facts = {"anonymous_allowed": False, "needs_proven_phone": True}
    officer = cast.actor("city_officer")
    actions.define_category(by=officer, at=FRIDAY, category=kind, facts=facts)
    assert category().needs_proven_phone
    with acting(SYSTEM):
        entry = Entry.objects.get(subject_id=kind.pk, verb=Verb.DEFINE_CATEGORY)
    assert entry.moved["needs_proven_phone"] == [False, True]
    with pytest.raises(Forbidden):
        actions.define_category(by=cast.actor("clerk"), at=FRIDAY, category=kind, facts={})


def test_without_a_name_no_number_is_proven(cast: Cast) -> None:
    facts = {"anonymous_allowed": True, "needs_proven_phone": True}
    with pytest.raises(Invalid) as refused:
        actions.define_category(
            by=cast.actor("city_officer"), at=FRIDAY, category=category(), facts=facts
        )
    assert set(refused.value.faults) == {"needs_proven_phone"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Category.objects.filter(code="F01").update(**facts)


def test_the_desk_offers_the_choice_and_tells_the_fault_at_its_field(cast: Cast) -> None:
    client = client_of(cast, "city_officer")
    address = "/desk/case-categories/F01/define_category"
    page = client.get(address).content.decode()
    assert 'name="needs_proven_phone"' in page
    assert "text-message gateway" in page
    kind = category()
    given = {
        "version": str(kind.version), "name_zh": kind.name_zh, "name_en": kind.name_en,
        "grade": kind.grade, "limit_amount": "5", "limit_kind": kind.limit_kind,
        "duplicate_radius_m": "100", "duplicate_days": "14", "shown_publicly": "on",
        "needs_proven_phone": "on",
    }  # fmt: skip
    both = client.post(address, {**given, "anonymous_allowed": "on"})
    assert both.status_code == 422
    assert "#id_needs_proven_phone" in both.content.decode()
    assert client.post(address, given).status_code == 302
    assert category().needs_proven_phone


def test_staff_take_such_a_report_from_somebody_they_see_or_hear(story: Story) -> None:
    Category.objects.filter(code="F01").update(anonymous_allowed=False, needs_proven_phone=True)
    for channel in ("window", "phone", "field"):
        case = story.report(by="clerk", code="F01", channel=channel)
        with acting(SYSTEM):
            assert Reporter.objects.get(case=case).phone_proven_at is None
    with pytest.raises(Invalid):
        story.report(code="F01")


def test_a_proven_reporter_has_a_number(story: Story) -> None:
    case = story.report()
    with acting(SYSTEM), pytest.raises(IntegrityError), transaction.atomic():
        Reporter.objects.filter(case=case).update(phone="", phone_proven_at=FRIDAY)
