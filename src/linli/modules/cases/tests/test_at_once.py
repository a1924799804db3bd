"""Several people at once: one wins, one entry; nothing is told twice or lost."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections

from linli.kernel.errors import LinliError
from linli.modules.cases import actions
from linli.modules.cases.intake import Report
from linli.modules.cases.models import Case
from linli.modules.cases.rules import Verb
from linli.modules.cases.tests.conftest import Story
from linli.platform.access.actor import Actor
from linli.platform.access.scope import acting
from linli.platform.changes.models import Entry
from tests.cast import Cast


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run all acts at the same moment, each in a thread and connection of its own."""
    gate = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        try:
            gate.wait(timeout=10)
            return act()
        except LinliError as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def entries(case: Case, verb: str) -> int:
    with acting(Actor.system("test")):
        return Entry.objects.filter(subject_id=case.pk, verb=verb).count()


def copy(case: Case) -> Case:
    with acting(Actor.system("test")):
        return Case.objects.get(pk=case.pk)


def test_four_people_dispatch_one_case(committed_cast: Cast) -> None:
    story = Story(committed_cast)
    case = story.filed()
    posts = ["grid_worker", "clerk", "secretary", "urban_management"]
    actors = ["clerk", "secretary", "street_officer", "city_officer"]

    def dispatching(who: str, to: str) -> Callable[[], Any]:
        mine = copy(case)
        return lambda: actions.dispatch(
            by=committed_cast.actor(who), at=story.now, case=mine, to=committed_cast.post(to)
        )

    answers = at_once(*map(dispatching, actors, posts))
    assert sum(answer is None for answer in answers) == 1
    assert sum(isinstance(answer, LinliError) for answer in answers) == 3
    assert entries(case, Verb.DISPATCH) == 1


def test_four_clicks_of_one_form_make_one_case(committed_cast: Cast) -> None:
    story = Story(committed_cast)
    key = uuid4()
    report = Report(
        category="A01", text="消防通道被堵", unit_id=committed_cast.grid.pk, submission=key
    )

    def click() -> Any:
        return actions.report(by=committed_cast.actor("resident"), at=story.now, report=report)

    answers = at_once(click, click, click, click)
    numbers = {answer.case.number for answer in answers}
    assert len(numbers) == 1
    with acting(Actor.system("test")):
        assert Case.objects.count() == 1
        assert Entry.objects.filter(verb=Verb.REPORT).count() == 1


def test_two_cases_are_not_merged_into_each_other(committed_cast: Cast) -> None:
    story = Story(committed_cast)
    first, second = story.report(), story.report()
    clerk = committed_cast.actor("clerk")
    mine, other = (copy(first), copy(second)), (copy(first), copy(second))
    answers = at_once(
        lambda: actions.merge(by=clerk, at=story.now, case=mine[0], into=mine[1]),
        lambda: actions.merge(by=clerk, at=story.now, case=other[1], into=other[0]),
    )
    states = {copy(first).state, copy(second).state}
    assert sum(answer is None for answer in answers) == 1, answers
    assert states == {"merged", "reported"}


@pytest.mark.parametrize("count", [20])
def test_numbers_given_at_once_are_all_different(committed_cast: Cast, count: int) -> None:
    story = Story(committed_cast)

    def one() -> Any:
        return actions.report(
            by=committed_cast.actor("resident"),
            at=story.now,
            report=Report(category="B01", text="垃圾没有清运", unit_id=committed_cast.grid.pk),
        )

    answers = at_once(*[one] * count)
    assert len({answer.case.number for answer in answers}) == count
