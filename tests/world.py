"""The cast at work: rows of every kind here and elsewhere, for tests that walk all registers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from linli.modules.cases import actions as cases
from linli.modules.cases.intake import Contact, Report
from linli.modules.divisions.models import Plan, PlanState
from linli.platform.access.actor import Actor
from linli.platform.access.models import Grant
from linli.platform.access.scope import acting
from linli.platform.desk.actions import record_export
from tests.cast import Cast

AT = datetime(2026, 11, 20, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
HERE_AND_ELSEWHERE = {
    "clerk": ("community", "消防通道被车堵住"),
    "other_clerk": ("other_community", "路灯不亮"),
    "far_clerk": ("far_community", "楼道堆物"),
}


def populate(cast: Cast) -> None:
    """A filed case, an export, a lent role and a planned change in each; one case handed on."""
    for clerk, (where, text) in HERE_AND_ELSEWHERE.items():
        actor = cast.actor(clerk)
        case = _report(cast, actor, where, text)
        cases.file(by=actor, at=AT, case=case)
        record_export(
            actor=actor, at=AT, register="cases", form="csv", query="", columns=["number"],
            rows=1, purpose=f"{cast.units[where].name} 月报",
        )  # fmt: skip
        with acting(Actor.system("world")):
            grant = Grant(
                post=cast.post(clerk), role=cast.roles["secretary"], starts=date(2026, 1, 1)
            )
            grant.place_in(cast.units[where])
            grant.save()
            plan = Plan(
                verb="divisions.rename",
                arguments={"unit": str(cast.units[where].pk), "name": "新名社区"},
                on=date(2027, 1, 1),
                state=PlanState.PLANNED,
                account_id=actor.account_id,
                asked_by=actor.name,
                asked_at=AT,
            )
            plan.place_in(cast.units[where])
            plan.save()
    handed = _report(cast, cast.actor("clerk"), "community", "占道经营")
    clerk_now = cast.actor("clerk")
    cases.file(by=clerk_now, at=AT, case=handed)
    cases.dispatch(by=clerk_now, at=AT, case=handed, to=cast.post("urban_management"))


def _report(cast: Cast, actor: Actor, where: str, text: str) -> Any:
    report = Report(
        category="A01",
        text=text,
        contact=Contact(name="张阿姨", phone="13812345678"),
        unit_id=cast.units[where].pk,
    )
    return cases.report(by=actor, at=AT, report=report).case
