"""A case lived through in memory is the case the actions would have made."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import ProgrammingError, transaction

from linli.kernel.errors import Forbidden, WrongMove
from linli.modules.cases import actions
from linli.modules.cases.bulk import replaying
from linli.modules.cases.intake import Contact, Report, check
from linli.modules.cases.models import Case, Help, Reporter
from linli.modules.cases.tests.conftest import FRIDAY
from linli.platform.access.actor import Actor
from linli.platform.access.scope import acting
from linli.platform.changes.models import Entry
from linli.platform.changes.public import entry_for, record, seal, verify_chain
from linli.platform.flow.alarms import ring
from tests.cast import Cast

UNLIKE = {"id", "number", "submission", "merged_into_id"}
REPORT = Report(
    category="B03", text="楼下堆了一大堆装修垃圾", place="3号楼北侧",
    contact=Contact(name="张阿姨", phone="13812345678"),
)  # fmt: skip


def minutes(count: float) -> datetime:
    return FRIDAY + timedelta(minutes=count)


def live(cast: Cast, case: Case, ring_until: Any) -> None:
    """Every turn a case can take, late now and then."""
    clerk, worker, helper = (cast.actor(n) for n in ("clerk", "grid_worker", "urban_management"))
    secretary, street = cast.actor("secretary"), cast.actor("street_officer")
    resident = replace(Actor.public(cast.actor("resident").verbs), reference=case.number)
    ring_until(minutes(400))
    actions.accept(by=clerk, at=minutes(400), case=case)
    actions.file(by=clerk, at=minutes(402), case=case)
    actions.dispatch(by=clerk, at=minutes(405), case=case, to=cast.post("urban_management"))
    actions.return_case(by=helper, at=minutes(410), case=case, reason="不归城管管")
    actions.dispatch(by=clerk, at=minutes(412), case=case, to=cast.post("clerk"))
    actions.reassign(
        by=secretary, at=minutes(413), case=case, to=cast.post("grid_worker"), reason="就近"
    )
    actions.take(by=worker, at=minutes(415), case=case)
    actions.assist(
        by=worker, at=minutes(420), case=case, of=cast.post("urban_management"), request="清运"
    )
    actions.helped(by=helper, at=minutes(430), case=case, result="已派车")
    actions.ask_extension(by=worker, at=minutes(431), case=case, reason="量大", amount=1)
    actions.grant_extension(by=secretary, at=minutes(440), case=case, amount=1)
    actions.suspend(by=worker, at=minutes(450), case=case, reason="下雨")
    actions.resume(by=worker, at=minutes(4500), case=case)
    actions.urge(by=street, at=minutes(4501), case=case)
    ring_until(minutes(9 * 1440))
    actions.finish(by=worker, at=minutes(9 * 1440), case=case, result="清走了")
    actions.rework(by=clerk, at=minutes(9 * 1440 + 30), case=case, reason="还剩一角")
    actions.finish(by=worker, at=minutes(9 * 1440 + 60), case=case, result="全清走了")
    actions.verify(by=clerk, at=minutes(9 * 1440 + 90), case=case)
    actions.rate(by=resident, at=minutes(9 * 1440 + 99), case=case, stars=4, words="慢了点")


def told(case: Case) -> dict[str, Any]:
    with acting(Actor.system("test")):
        row = Case.objects.get(pk=case.pk)
        entries = Entry.objects.filter(subject_id=case.pk).order_by("seq")
        return {
            "case": {
                f.attname: getattr(row, f.attname)
                for f in Case._meta.concrete_fields
                if f.attname not in UNLIKE
            },
            "entries": [
                (e.verb, e.at, e.actor_name, e.post_id, e.account_id, e.channel, e.unit_key,
                 normal(e.moved), normal(e.facts))
                for e in entries
            ],
            "helps": list(
                Help.objects.filter(case=case).values("post", "request", "result", "given_at")
            ),
            "reporters": list(Reporter.objects.filter(case=case).values("name", "phone", "first")),
        }  # fmt: skip


def normal(value: Any) -> Any:
    """Moments told in two zones are the same moment."""
    if isinstance(value, dict):
        return {key: normal(item) for key, item in value.items()}
    if isinstance(value, list):
        return [normal(item) for item in value]
    try:
        return datetime.fromisoformat(value) if isinstance(value, str) and "T" in value else value
    except ValueError:
        return value


def replayed(cast: Cast, **facts: Any) -> Case:
    report = replace(REPORT, unit_id=cast.grid.pk, **facts)
    with replaying() as replay:
        case = replay.report(
            by=cast.actor("resident"), at=FRIDAY, report=report, number="20261120999999",
            checked=check(report, on=FRIDAY.date()),
        )  # fmt: skip
        live(cast, case, lambda until: replay.ring(case, until=until))
    return case


def test_a_replayed_life_is_the_life_the_actions_make(cast: Cast) -> None:
    report = replace(REPORT, unit_id=cast.grid.pk)
    done = actions.report(by=cast.actor("resident"), at=FRIDAY, report=report).case

    def ring_until(until: datetime) -> None:
        """The clock looks every minute; only moments at which something is due matter."""
        while True:
            with acting(Actor.system("test")):
                due = Case.objects.filter(alarm_at__lte=until).values_list("alarm_at", flat=True)
                first = min((at for at in due if at), default=None)
            if first is None:
                return
            minute = first.replace(second=0, microsecond=0)
            ring(at=minute if minute == first else minute + timedelta(minutes=1))

    live(cast, done, ring_until)
    lived, again = told(done), told(replayed(cast))
    assert again["case"] == lived["case"]
    assert again["entries"] == lived["entries"]
    assert again["helps"] == lived["helps"]
    assert again["reporters"] == lived["reporters"]
    assert {"cases.remind", "cases.escalate"} <= {entry[0] for entry in lived["entries"]}


def test_replayed_entries_are_sealed_like_any_other(cast: Cast) -> None:
    replayed(cast)
    assert seal(at=FRIDAY) > 20
    assert verify_chain() == []


def test_a_replay_refuses_what_the_actions_refuse(cast: Cast) -> None:
    report = replace(REPORT, unit_id=cast.grid.pk)
    checked = check(report, on=FRIDAY.date())
    with pytest.raises(WrongMove), replaying() as replay:  # noqa: PT012
        case = replay.report(
            by=cast.actor("resident"), at=FRIDAY, report=report, checked=checked, number="1"
        )
        actions.verify(by=cast.actor("clerk"), at=minutes(1), case=case)
    with pytest.raises(Forbidden), replaying() as replay:  # noqa: PT012
        case = replay.report(
            by=cast.actor("resident"), at=FRIDAY, report=report, checked=checked, number="1"
        )
        actions.file(by=cast.actor("far_clerk"), at=minutes(1), case=case)
    with acting(Actor.system("test")):
        assert not Case.objects.exists()


def test_merging_in_memory_names_the_other(cast: Cast) -> None:
    report = replace(REPORT, unit_id=cast.grid.pk)
    checked = check(report, on=FRIDAY.date())
    with replaying() as replay:
        first, second = (
            replay.report(
                by=cast.actor("resident"), at=FRIDAY, report=report, checked=checked, number=number
            )
            for number in ("1", "2")
        )
        actions.merge(by=cast.actor("clerk"), at=minutes(5), case=second, into=first)
    with acting(Actor.system("test")):
        assert Case.objects.get(number="2").merged_into_id == first.pk
        assert Entry.objects.filter(subject_id=first.pk, verb="cases.comment").count() == 1


def test_nobody_but_the_platform_records_what_others_did(cast: Cast) -> None:
    clerk, other = cast.actor("clerk"), cast.actor("far_clerk")
    entry = entry_for(cast.grid, by=other, verb="cases.comment", at=FRIDAY, moved={}, facts={})
    with pytest.raises(ProgrammingError), transaction.atomic(), acting(clerk):
        record([entry])
    with acting(Actor.system("history")):
        assert record([entry]) == 1
