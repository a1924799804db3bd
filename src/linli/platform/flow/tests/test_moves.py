"""A life cycle is its table: every move, every refusal, every clock comes from it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from linli.kernel.errors import Invalid, WrongMove
from linli.kernel.worktime import Kind, Span
from linli.platform.access.actor import Actor
from linli.platform.access.scope import acting
from linli.platform.changes.door import change, create
from linli.platform.changes.models import Entry
from linli.platform.flow import alarms, clock
from linli.platform.flow.clocked import Alarm
from linli.platform.flow.moves import Flow, SamePerson
from linli.platform.flow.tests.errand import Act, Errand, State, errands, ten_hours
from tests.cast import Cast, make_cast

ZONE = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 11, 16, 9, 0, tzinfo=ZONE)
SYSTEM = Actor.system("test")


class Play:
    """The cast with an errand in the community, and how it is moved."""

    def __init__(self, flow: Flow, cast: Cast) -> None:
        self.flow, self.cast = flow, cast
        self.row = Errand(unit=cast.community, unit_key=cast.community.key)
        with create(self.row, by=cast.actor("clerk"), verb=Act.ASK, at=MONDAY) as entry:
            flow.begin(self.row, at=MONDAY, entry=entry, due=None)

    def act(
        self, verb: str, who: str = "clerk", at: datetime = MONDAY, *, longer: int = 0, **given: str
    ) -> None:
        """One move as a module's action makes it."""
        actor = SYSTEM if who == "system" else self.cast.actor(who)
        with change(self.row, by=actor, verb=verb, at=at) as entry:
            self.flow.move(self.row, verb, at=at, by=actor, entry=entry, given=given)
            if longer:
                clock.extend(self.row, Span(longer, Kind.WORK_DAY), at=at, entry=entry)

    def entries(self) -> list[Entry]:
        with acting(SYSTEM):
            return list(Entry.objects.filter(subject_id=self.row.pk).order_by("seq"))

    def stored(self) -> Errand:
        return Errand._base_manager.get(pk=self.row.pk)

    def derived(self) -> clock.Clock | None:
        with acting(SYSTEM):
            return clock.of(self.row)


@pytest.fixture
def play(committed: Any, owner_connection: Any) -> Iterator[Play]:
    with errands(owner_connection) as flow:
        yield Play(flow, make_cast())


def test_moves_change_the_state_and_say_so_in_the_entry(play: Play) -> None:
    play.act(Act.TAKE)
    assert play.stored().state == State.TAKEN
    line = play.entries()[-1]
    assert line.facts["state"] == ["asked", "taken"]
    assert line.facts["limit"] == [2, "work_day"]


def test_every_pair_outside_the_table_is_refused(play: Play) -> None:
    refused = 0
    for state in State:
        for verb in Act:
            if play.flow.find(state, verb) is not None:
                continue
            Errand._base_manager.filter(pk=play.row.pk).update(state=state)
            with pytest.raises(WrongMove):
                play.act(verb, reason="x")
            assert play.stored().state == state
            refused += 1
    assert refused == len(State) * len(Act) - 8
    assert len(play.entries()) == 1


def test_what_a_move_asks_must_be_given_in_words(play: Play) -> None:
    play.act(Act.TAKE)
    for words in ("", "   "):
        with pytest.raises(Invalid) as fault:
            play.act(Act.REST, reason=words)
        assert list(fault.value.faults) == ["reason"]
    play.act(Act.REST, reason=" 等配件 ")
    assert play.entries()[-1].facts == {"reason": "等配件"}


def test_whoever_did_it_does_not_look_it_over(play: Play) -> None:
    play.act(Act.TAKE)
    play.act(Act.DO, "clerk")
    with pytest.raises(SamePerson):
        play.act(Act.LOOK_OVER, "clerk")
    play.act(Act.LOOK_OVER, "secretary")
    assert play.stored().state == State.CLOSED


def test_the_last_doer_counts(play: Play) -> None:
    play.act(Act.TAKE)
    play.act(Act.DO, "clerk")
    play.act(Act.SEND_BACK, "secretary")
    play.act(Act.DO, "secretary")
    with pytest.raises(SamePerson):
        play.act(Act.LOOK_OVER, "secretary")
    play.act(Act.LOOK_OVER, "clerk")


def test_a_colleague_in_the_same_post_does_not_look_it_over_either(play: Play) -> None:
    from dataclasses import replace

    play.act(Act.TAKE)
    play.act(Act.DO, "clerk")
    twin = replace(play.cast.actor("clerk"), account_id=play.cast.stranger.pk, name="石头")
    with (
        pytest.raises(SamePerson),
        change(play.row, by=twin, verb=Act.LOOK_OVER, at=MONDAY) as entry,
    ):
        play.flow.move(play.row, Act.LOOK_OVER, at=MONDAY, by=twin, entry=entry)


def test_a_helper_from_elsewhere_is_held_to_the_whole_story(play: Play) -> None:
    """The urban management's post sees this one row only, and none of the branch's entries."""
    helper = play.cast.post("urban_management")
    Errand._base_manager.filter(pk=play.row.pk).update(helper_id=helper.pk)
    play.act(Act.TAKE, "clerk")
    play.act(Act.REST, "clerk", MONDAY + timedelta(hours=1), reason="等配件")
    before = play.stored().due_at
    play.act(Act.GO_ON, "urban_management", MONDAY + timedelta(days=2, hours=1))
    after = play.stored()
    assert after.paused_at is None
    assert before is not None
    assert after.due_at is not None
    assert after.due_at > before
    play.act(Act.DO, "urban_management")
    with pytest.raises(SamePerson):
        play.act(Act.LOOK_OVER, "urban_management")


def test_only_moves_that_are_there_and_allowed_are_offered(play: Play) -> None:
    clerk = play.cast.actor("clerk")
    assert [str(m.verb) for m in play.flow.available(play.row, clerk)] == ["errand.take"]
    assert play.flow.available(play.row, play.cast.actor("other_clerk")) == []
    play.act(Act.TAKE)
    offered = [str(m.verb) for m in play.flow.available(play.row, clerk)]
    assert offered == ["errand.rest", "errand.go_on", "errand.lengthen", "errand.do"]


def test_the_diagram_is_the_table(play: Play) -> None:
    text = play.flow.diagram()
    assert text.startswith("stateDiagram-v2\n    [*] --> asked\n")
    assert "    asked --> taken: Take" in text
    assert "    taken --> taken: Rest" in text
    assert "    closed --> taken: Send back" in text
    arrows = sum(len(move.sources) for move in play.flow.moves) + 1
    assert text.count("-->") == arrows


# ---- the clock ---------------------------------------------------------------------------------


def agrees(play: Play) -> None:
    """The columns of the row are what its entries say."""
    running, row = play.derived(), play.stored()
    if running is None:
        assert (row.due_at, row.alarm_at, row.paused_at) == (None, None, None)
        return
    with acting(SYSTEM):
        assert row.due_at == running.due().at
    assert row.paused_at == running.paused_at


def test_two_working_days_from_monday_morning(play: Play) -> None:
    play.act(Act.TAKE)
    row = play.stored()
    assert row.due_at is not None
    assert row.due_at.astimezone(ZONE).date().isoformat() == "2026-11-18"
    assert row.alarm_step == Alarm.HALF
    agrees(play)


def test_a_pause_is_given_back_in_working_time(play: Play) -> None:
    play.act(Act.TAKE)
    before = play.stored().due_at
    play.act(Act.REST, at=MONDAY + timedelta(hours=2), reason="等配件")
    resting = play.stored()
    assert resting.paused_at is not None
    assert resting.alarm_at is None
    assert not resting.is_overdue(MONDAY + timedelta(days=30))
    play.act(Act.GO_ON, at=MONDAY + timedelta(days=1, hours=2))
    after = play.stored()
    assert before is not None
    assert after.due_at == before + timedelta(days=1)
    agrees(play)


def test_an_extension_adds_to_the_limit(play: Play) -> None:
    play.act(Act.TAKE)
    play.act(Act.LENGTHEN, longer=3)
    due = play.stored().due_at
    assert due is not None
    assert due.astimezone(ZONE).date().isoformat() == "2026-11-23"
    assert play.entries()[-1].facts["extension"] == [3, "work_day"]
    agrees(play)


def test_finishing_stops_the_clock_and_sending_back_starts_a_new_one(play: Play) -> None:
    play.act(Act.TAKE)
    play.act(Act.DO)
    agrees(play)
    assert play.stored().due_at is None
    play.act(Act.SEND_BACK, "secretary", MONDAY + timedelta(days=1))
    assert play.entries()[-1].facts["limit"] == [10, "work_hour"]
    assert ten_hours(play.row, MONDAY).amount == 10
    agrees(play)


# ---- alarms ------------------------------------------------------------------------------------


def rang(play: Play, at: datetime) -> list[str]:
    """What rings at that moment, told by its entries."""
    before = len(play.entries())
    alarms.ring(at=at)
    return [entry.verb for entry in play.entries()[before:]]


def test_reminders_at_half_and_four_fifths_then_raised_level_by_level(play: Play) -> None:
    play.act(Act.TAKE)
    told: list[tuple[str, int]] = []
    moment = MONDAY
    for _ in range(24 * 12):
        moment += timedelta(hours=1)
        told += [(verb, play.stored().raised_to) for verb in rang(play, moment)]
        assert rang(play, moment) == [], "nothing rings twice"
    assert [verb for verb, _level in told[:2]] == ["errand.remind", "errand.remind"]
    raised = [level for verb, level in told if verb == "errand.escalate"]
    assert raised[0] == 4, "a community's work is raised to the street first"
    assert raised == sorted(raised, reverse=True)
    assert len(raised) == len(set(raised)), "never raised to the same level twice"
    assert play.stored().alarm_at is None


def test_work_that_is_done_or_resting_rings_nothing(play: Play) -> None:
    play.act(Act.TAKE)
    play.act(Act.REST, reason="x")
    assert rang(play, MONDAY + timedelta(days=30)) == []
    play.act(Act.GO_ON, at=MONDAY)
    play.act(Act.DO)
    assert rang(play, MONDAY + timedelta(days=30)) == []
