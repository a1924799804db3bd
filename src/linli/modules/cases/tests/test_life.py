"""The life of a case: every move, every refusal, who may and who may not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from linli.kernel.errors import Forbidden, Invalid, NotFound, Stale, WrongMove
from linli.modules.cases import actions, reads
from linli.modules.cases.faults import NotTheSame, OutOfReach, TooLate
from linli.modules.cases.models import Case
from linli.modules.cases.rules import Verb
from linli.modules.cases.states import FLOW, State
from linli.modules.cases.tests.conftest import Story
from linli.platform.access.actor import Actor
from linli.platform.access.scope import acting
from linli.platform.changes.public import Draft, entries_of
from linli.platform.flow.moves import SamePerson

pytestmark = pytest.mark.django_db


def state_of(case: Case) -> str:
    with acting(Actor.system("test")):
        return Case.objects.get(pk=case.pk).state


def test_the_whole_life(story: Story) -> None:
    case = story.closed()
    actions.rate(
        by=Actor.public(frozenset({Verb.RATE}), reference=case.number),
        at=story.tick(),
        case=case,
        stars=5,
        words="很快",
    )
    assert state_of(case) == State.RATED
    with acting(story.cast.actor("clerk")):
        verbs = [entry.verb for entry in entries_of(case)]
    assert verbs == [
        "cases.rate", "cases.verify", "cases.finish", "cases.dispatch", "cases.file",
        "cases.report",
    ]  # fmt: skip


def test_whoever_finished_does_not_verify(story: Story) -> None:
    case = story.finished(by="clerk")
    with pytest.raises(SamePerson):
        actions.verify(by=story.cast.actor("clerk"), at=story.tick(), case=case)
    actions.verify(by=story.cast.actor("secretary"), at=story.tick(), case=case)
    assert state_of(case) == State.CLOSED


def test_every_forbidden_move_is_refused(story: Story) -> None:
    """All pairs of state and verb that are not in the table, by somebody who holds every verb."""
    case = story.report()
    system = Actor.system("test")
    for state in State:
        for verb in FLOW.verbs():
            if FLOW.find(state, verb) is not None:
                continue
            case.state = state
            with pytest.raises(WrongMove):
                FLOW.move(case, verb, at=story.now, by=system, entry=Draft())
    assert state_of(case) == State.REPORTED


def test_somebody_elsewhere_finds_nothing(story: Story) -> None:
    case = story.report()
    for name in ("other_clerk", "far_clerk", "stranger"):
        actor = story.cast.actor(name)
        with acting(actor), pytest.raises(NotFound):
            reads.case_by_id(actor, case.pk)
        with pytest.raises((NotFound, Forbidden)):
            actions.file(by=actor, at=story.tick(), case=case)
    with acting(story.cast.actor("other_clerk")):
        assert Case.objects.count() == 0, "the database itself hides it"


def test_without_the_verb_nothing_is_done(story: Story) -> None:
    case = story.report()
    story.cast.deny("clerk", Verb.FILE)
    with pytest.raises(Forbidden):
        actions.file(by=story.cast.actor("clerk"), at=story.tick(), case=case)
    assert state_of(case) == State.REPORTED


def test_help_opens_the_case_to_the_helping_post(story: Story) -> None:
    case = story.dispatched()
    helper = story.cast.actor("urban_management")
    with acting(helper), pytest.raises(NotFound):
        reads.case_by_id(helper, case.pk)
    actions.assist(
        by=story.cast.actor("grid_worker"),
        at=story.tick(),
        case=case,
        of=story.cast.post("urban_management"),
        request="车主联系不上,请派拖车",
    )
    with acting(helper):
        assert reads.case_by_id(helper, case.pk).number == case.number
        assert [waiting.pk for waiting in reads.queue(helper)] == [case.pk]
    actions.helped(by=helper, at=story.tick(), case=case, result="已拖走")
    with acting(helper):
        assert list(reads.queue(helper)) == []
        assert reads.helps(helper, case)[0].result == "已拖走"


def test_a_post_of_another_street_cannot_be_sent(story: Story) -> None:
    case = story.filed()
    with pytest.raises(OutOfReach):
        actions.dispatch(
            by=story.cast.actor("clerk"),
            at=story.tick(),
            case=case,
            to=story.cast.post("far_clerk"),
        )
    assert state_of(case) == State.FILED


def test_a_stale_page_changes_nothing(story: Story) -> None:
    case = story.report()
    seen = case.version
    actions.accept(by=story.cast.actor("clerk"), at=story.tick(), case=case)
    with pytest.raises(Stale):
        actions.reject(
            by=story.cast.actor("secretary"),
            at=story.tick(),
            case=case,
            reason="查无此事",
            expected=seen,
        )
    assert state_of(case) == State.ACCEPTED


def test_a_reason_is_asked_for(story: Story) -> None:
    case = story.report()
    with pytest.raises(Invalid) as fault:
        actions.reject(by=story.cast.actor("clerk"), at=story.tick(), case=case, reason="  ")
    assert "reason" in fault.value.faults


def test_returned_and_dispatched_anew(story: Story) -> None:
    case = story.dispatched()
    worker = story.cast.actor("grid_worker")
    actions.return_case(by=worker, at=story.tick(), case=case, reason="不属于本网格")
    assert (case.state, case.handler_id, case.engaged) == (State.FILED, None, [])


def test_more_time_is_asked_early_and_granted_by_another(story: Story) -> None:
    case = story.dispatched(code="B02")
    worker, clerk = story.cast.actor("grid_worker"), story.cast.actor("clerk")
    due = case.due_at
    assert due is not None
    actions.ask_extension(by=worker, at=story.tick(), case=case, reason="等吊车", amount=1)
    with pytest.raises(SamePerson):
        actions.grant_extension(by=worker, at=story.tick(), case=case, amount=1)
    actions.grant_extension(by=clerk, at=story.tick(), case=case, amount=1)
    assert case.due_at is not None
    assert case.due_at > due
    late = case.due_at + timedelta(minutes=1)
    with pytest.raises(TooLate):
        actions.ask_extension(by=worker, at=late, case=case, reason="还要等", amount=1)


def test_merged_and_taken_apart(story: Story) -> None:
    first, second = story.report(), story.report()
    clerk = story.cast.actor("clerk")
    actions.merge(by=clerk, at=story.tick(), case=second, into=first)
    assert state_of(second) == State.MERGED
    with pytest.raises(NotTheSame):
        actions.merge(by=clerk, at=story.tick(), case=first, into=second)
    actions.unmerge(by=clerk, at=story.tick(), case=second, reason="不是同一件事")
    assert (state_of(second), second.merged_into_id) == (State.REPORTED, None)


def test_reopened_only_within_the_window(story: Story) -> None:
    case = story.closed()
    reporter = Actor.public(frozenset({Verb.REOPEN}), reference=case.number)
    actions.reopen(by=reporter, at=story.tick(days=3), case=case, reason="又堵了")
    assert (state_of(case), case.reworks) == (State.FILED, 1)
    other = story.closed()
    late = Actor.public(frozenset({Verb.REOPEN}), reference=other.number)
    with pytest.raises(TooLate):
        actions.reopen(by=late, at=story.tick(days=60), case=other, reason="又堵了")


def test_looking_at_the_reporter_is_on_record(story: Story) -> None:
    case = story.report()
    clerk = story.cast.actor("clerk")
    with pytest.raises(Invalid):
        actions.see_reporter(by=clerk, at=story.tick(), case=case, reason="")
    people = actions.see_reporter(by=clerk, at=story.tick(), case=case, reason="回访")
    assert people[0].phone == "13812345678"
    with acting(clerk):
        newest = entries_of(case)[0]
    assert (newest.verb, newest.facts) == ("cases.see_reporter", {"reason": "回访"})


def test_entries_never_hold_what_the_reporter_wrote(story: Story) -> None:
    case = story.report(text="王老太家门口,电话 13900001111")
    with acting(story.cast.actor("clerk")):
        for entry in entries_of(case):
            assert "13900001111" not in str(entry.moved) + str(entry.facts)
