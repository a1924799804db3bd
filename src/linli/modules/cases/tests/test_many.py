"""Several cases at once: accepted, filed, dispatched, noted, urged from the list."""

from __future__ import annotations

import re
import time
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from linli.kernel.geo import Point
from linli.modules.cases import actions
from linli.modules.cases.duplicates import cell_of
from linli.modules.cases.jobs import announce_later
from linli.modules.cases.models import Case, Category
from linli.modules.cases.rules import Verb
from linli.modules.cases.states import State
from linli.modules.cases.tests.conftest import Story
from linli.modules.cases.tests.test_desk import reread, signed_in, text
from linli.platform.access.actor import Actor
from linli.platform.access.models import Role
from linli.platform.access.scope import acting
from linli.platform.changes.models import Entry
from linli.platform.notices.models import Notice

pytestmark = pytest.mark.django_db
URL = "/desk/cases/"


def asked(client: Client, verb: str, *cases: Case) -> str:
    """The page that asks once for all of them."""
    return text(client.post(f"{URL}many/{verb}/", {"row": [str(case.pk) for case in cases]}))


def done(client: Client, verb: str, *cases: Case, **given: Any) -> str:
    """The page of what came of it, from the form that was asked."""
    rows = re.findall(r'name="row" value="([^"]+)"', asked(client, verb, *cases))
    form = {"row": rows, "sure": "yes", "submission": str(uuid4()), **given}
    response = client.post(f"{URL}many/{verb}/", form)
    assert response.status_code == 302, text(response)
    return text(client.get(response["Location"]))


def entries(case: Case, verb: str) -> list[Entry]:
    with acting(Actor.system("test")):
        return list(Entry.objects.filter(subject_id=case.pk, verb=verb))


def test_the_list_offers_what_the_state_of_each_case_allows(story: Story) -> None:
    reported, dispatched = story.report(), story.dispatched()
    page = text(signed_in(story.cast.clerk).get(URL))
    boxes = re.findall(r'name="row" value="([^"]+)" data-select data-acts="(.*?)"', page)
    offered = {key: acts.split() for key, acts in boxes}
    assert {"accept", "file", "classify"} <= set(offered[str(reported.pk)])
    assert "dispatch" not in offered[str(reported.pk)]
    assert {"take", "reassign", "urge", "comment"} <= set(offered[str(dispatched.pk)])
    assert "finish" not in page.split("rowbar")[1], "a result is written case by case"


def test_reports_are_accepted_and_filed_together(story: Story) -> None:
    cases = [story.report(), story.report(), story.report()]
    clerk = signed_in(story.cast.clerk)
    assert "3 of 3" in done(clerk, "accept", *cases)
    assert "3 of 3" in done(clerk, "file", *cases)
    assert {reread(case).state for case in cases} == {State.FILED}


def test_likely_duplicates_are_told_before_many_are_filed(story: Story) -> None:
    point = Point(121.266, 30.17)
    one, _other = story.report(), story.report()
    with acting(Actor.system("test")):
        Case.objects.update(lng=point.lng, lat=point.lat, cell=cell_of(point))
    assert "1 likely duplicate" in asked(signed_in(story.cast.clerk), "file", one)


def test_each_is_dispatched_to_the_post_proposed_for_it(story: Story) -> None:
    cases = [story.filed(), story.filed()]
    with acting(Actor.system("test")):
        role = cases[0].category.handler_role
        Role.objects.filter(pk=story.cast.roles["grid_worker"].pk).update(slug=role)
    clerk = signed_in(story.cast.clerk)
    assert asked(clerk, "dispatch", *cases).count("proposed: 第一网格 · 网格员") == 2
    assert "2 of 2" in done(clerk, "dispatch", *cases, to="", words="请今天处理")
    worker = story.cast.post("grid_worker").pk
    assert [reread(case).handler_id for case in cases] == [worker, worker]
    assert entries(cases[0], Verb.DISPATCH)[0].facts["words"] == "请今天处理"


def test_where_nobody_is_proposed_one_post_is_chosen_for_all(story: Story) -> None:
    cases = [story.filed(), story.filed()]
    clerk = signed_in(story.cast.clerk)
    refused = done(clerk, "dispatch", *cases, to="", words="")
    assert "Nobody is proposed" in refused
    to = str(story.cast.post("urban_management").pk)
    assert to in asked(clerk, "dispatch", *cases), "the street's posts serve both"
    assert "2 of 2" in done(clerk, "dispatch", *cases, to=to, words="")


def test_only_posts_that_serve_every_one_of_them_are_offered(story: Story) -> None:
    here = story.filed()
    there = story.report(unit_id=story.cast.other_community.pk)
    actions.file(by=story.cast.actor("street_officer"), at=story.tick(), case=there)
    page = asked(signed_in(story.cast.street_officer), "dispatch", here, there)
    assert str(story.cast.post("urban_management").pk) in page
    assert str(story.cast.post("grid_worker").pk) not in page


def test_one_in_another_state_is_refused_and_the_others_are_done(story: Story) -> None:
    filed, handled = story.filed(), story.dispatched()
    to = str(story.cast.post("grid_worker").pk)
    page = done(signed_in(story.cast.clerk), "dispatch", filed, handled, to=to, words="")
    assert "1 of 2" in page
    assert "is not possible while the state is" in page
    assert reread(filed).state == State.DISPATCHED
    assert len(entries(handled, Verb.DISPATCH)) == 1


def test_a_case_somewhere_else_is_no_longer_there(story: Story) -> None:
    here, there = story.report(), story.report(unit_id=story.cast.far_community.pk)
    page = done(signed_in(story.cast.clerk), "accept", here, there)
    assert "1 row is no longer there." in page
    assert there.number not in page.replace(" ", "")
    assert reread(there).state == State.REPORTED


def test_the_kind_of_several_is_corrected_their_places_stay(story: Story) -> None:
    cases = [story.report(place="三北大街1号"), story.report(place="三北大街2号")]
    assert "2 of 2" in done(signed_in(story.cast.clerk), "classify", *cases, category="B01")
    assert [reread(case).place for case in cases] == ["三北大街1号", "三北大街2号"]
    with acting(Actor.system("test")):
        wanted = Category.objects.get(code="B01").pk
    assert {reread(case).category_id for case in cases} == {wanted}


def test_the_same_note_and_an_urgent_word_on_each(story: Story) -> None:
    cases = [story.dispatched(), story.dispatched()]
    clerk = signed_in(story.cast.clerk)
    assert "2 of 2" in done(clerk, "comment", *cases, words="台风前请优先")
    assert "2 of 2" in done(clerk, "urge", *cases, words="")
    for case in cases:
        assert entries(case, Verb.COMMENT)[0].facts["words"] == "台风前请优先"
        assert len(entries(case, Verb.URGE)) == 1


def test_several_are_reassigned_with_a_reason(story: Story) -> None:
    cases = [story.dispatched(), story.dispatched()]
    to = story.cast.post("urban_management")
    clerk = signed_in(story.cast.clerk)
    assert "2 of 2" in done(clerk, "reassign", *cases, to=str(to.pk), reason="网格员请假")
    assert {reread(case).handler_id for case in cases} == {to.pk}


def test_those_concerned_are_told_of_each(story: Story) -> None:
    cases = [story.filed(), story.filed()]
    to = str(story.cast.post("grid_worker").pk)
    done(signed_in(story.cast.clerk), "dispatch", *cases, to=to, words="")
    with acting(Actor.system("test")):
        told = list(Entry.objects.filter(verb=Verb.DISPATCH).values_list("pk", flat=True))
    for entry in told:
        announce_later.now(entry_id=str(entry))
    with acting(story.cast.actor("grid_worker")):
        assert Notice.objects.filter(verb=Verb.DISPATCH).count() == 2


def test_two_hundred_at_once_take_a_few_seconds(story: Story) -> None:
    cases = [story.report() for _number in range(200)]
    began = time.monotonic()
    page = done(signed_in(story.cast.clerk), "accept", *cases)
    assert "200 of 200" in page
    assert time.monotonic() - began < 20
