"""Changes decided today for a later day: kept as orders, carried out on that day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.kernel.errors import Invalid, LinliError, NotFound
from linli.modules.divisions.actions.changing import (
    change_code,
    change_parent,
    close_unit,
    open_unit,
    rename,
)
from linli.modules.divisions.actions.joining import NewUnit, Part, merge, split
from linli.modules.divisions.models import Kind, Plan, PlanState, System
from linli.modules.divisions.rules import Verb
from linli.platform.access.public import Actor, Unit, acting
from linli.platform.changes.public import change, create

LONGEST_OUTCOME = 300
Arguments = dict[str, Any]


@dataclass(frozen=True)
class Order:
    """A change of the tree as plain data: which verb, over which unit, with what, on which day.

    `arguments` hold ids as text, so that an order can wait in the database:
    open {name, level, code?, system?, kind?} · close {heir?} · rename {name} · change_code {code,
    system?} · change_parent {parent} · merge {sources: […], name?, code?} (into the unit, or into a
    new one when a name is given) · split {parts: [{name, code?, children: […]}], rest?}.
    """

    verb: str
    unit: UUID
    on: date
    arguments: Arguments = field(default_factory=dict)


def decide(*, by: Actor, at: datetime, order: Order) -> Unit | Plan:
    """Carry an order out if its day has come, else plan it."""
    if order.on > timezone.localdate(at):
        return plan(by=by, at=at, order=order)
    return perform(by=by, at=at, order=order)


def plan(*, by: Actor, at: datetime, order: Order) -> Plan:
    """Keep an order for its day. The verb itself must be held over the unit today."""
    unit = _unit(order.unit)
    by.require(order.verb, unit.key)
    if order.verb not in _PERFORM:
        raise Invalid("verb", _("This change cannot be planned."))
    row = Plan(
        verb=order.verb, arguments=order.arguments, on=order.on, state=PlanState.PLANNED,
        account_id=by.account_id, asked_by=f"{by.name} {by.post_title}".strip(), asked_at=at,
    )  # fmt: skip
    row.place_in(unit)
    with create(row, by=by, verb=Verb.PLAN, at=at) as entry:
        entry.facts.update(verb=order.verb, on=order.on, unit=unit.name)
    return row


def withdraw_plan(*, by: Actor, at: datetime, plan: Plan) -> None:
    """Drop a planned change before its day."""
    with change(plan, by=by, verb=Verb.WITHDRAW_PLAN, at=at):
        _require_waiting(plan)
        plan.state = PlanState.WITHDRAWN


def perform(*, by: Actor, at: datetime, order: Order) -> Unit:
    """Carry an order out now. Returns the unit it was about, or the first that came of it."""
    return _PERFORM[order.verb](by, at, _unit(order.unit), order.on, order.arguments)


def carry_out_due(*, at: datetime) -> int:
    """Carry out every plan whose day has come, each in its own transaction; how many succeeded.

    A plan that no longer fits the tree is marked failed with the sentence that says why.
    """
    today = timezone.localdate(at)
    system = Actor.system("divisions.plan")
    with acting(system):
        due = list(
            Plan.objects.filter(state=PlanState.PLANNED, on__lte=today).order_by("on", "asked_at")
        )
    done = 0
    for row in due:
        order = Order(row.verb, row.unit_id, row.on, row.arguments)
        try:
            with acting(system):
                perform(by=system, at=at, order=order)
                _settle(row, PlanState.DONE, "", by=system, at=at)
            done += 1
        except LinliError as error:
            with acting(system):
                _settle(row, PlanState.FAILED, error.sentence, by=system, at=at)
    return done


def _settle(row: Plan, state: PlanState, outcome: str, *, by: Actor, at: datetime) -> None:
    with change(row, by=by, verb=Verb.CARRY_OUT, at=at) as entry:
        _require_waiting(row)
        row.state, row.outcome = state, outcome[:LONGEST_OUTCOME]
        entry.facts.update(asked_by=row.asked_by, outcome=outcome)


def _require_waiting(row: Plan) -> None:
    if row.state != PlanState.PLANNED:
        raise Invalid("", _("This plan was settled already."))


def _unit(pk: Any) -> Unit:
    unit = Unit.objects.select_related("parent").filter(pk=pk).first()
    if unit is None:
        raise NotFound
    return unit


def _units(ids: list[Any]) -> list[Unit]:
    return [_unit(pk) for pk in ids]


def _open(by: Actor, at: datetime, unit: Unit, on: date, given: Arguments) -> Unit:
    return open_unit(
        by=by, at=at, parent=unit, level=int(given["level"]), name=given["name"], on=on,
        code=given.get("code", ""), system=given.get("system") or System.NBS,
        kind=given.get("kind", Kind.PLAIN),
    )  # fmt: skip


def _close(by: Actor, at: datetime, unit: Unit, on: date, given: Arguments) -> Unit:
    heir = _unit(given["heir"]) if given.get("heir") else None
    close_unit(by=by, at=at, unit=unit, on=on, heir=heir)
    return unit


def _rename(by: Actor, at: datetime, unit: Unit, on: date, given: Arguments) -> Unit:
    rename(by=by, at=at, unit=unit, name=given["name"], on=on)
    return unit


def _change_code(by: Actor, at: datetime, unit: Unit, on: date, given: Arguments) -> Unit:
    system = given.get("system") or System.NBS
    change_code(by=by, at=at, unit=unit, code=given["code"], system=system, on=on)
    return unit


def _change_parent(by: Actor, at: datetime, unit: Unit, on: date, given: Arguments) -> Unit:
    change_parent(by=by, at=at, unit=unit, parent=_unit(given["parent"]), on=on)
    return unit


def _merge(by: Actor, at: datetime, unit: Unit, on: date, given: Arguments) -> Unit:
    others = _units(given["sources"])
    if given.get("name"):
        fresh = NewUnit(given["name"], given.get("code", ""), given.get("system") or System.NBS)
        return merge(by=by, at=at, sources=[unit, *others], into=fresh, on=on)
    return merge(by=by, at=at, sources=others, into=unit, on=on)


def _split(by: Actor, at: datetime, unit: Unit, on: date, given: Arguments) -> Unit:
    parts = [
        Part(
            part["name"], _units(part.get("children", [])), part.get("code", ""),
            part.get("system") or System.NBS,
        )
        for part in given["parts"]
    ]  # fmt: skip
    rest = int(given.get("rest", 0))
    return split(by=by, at=at, unit=unit, parts=parts, rest=rest, on=on)[0]


Perform = Callable[[Actor, datetime, Unit, date, Arguments], Unit]
_PERFORM: dict[str, Perform] = {
    Verb.OPEN: _open,
    Verb.OPEN_GRID: _open,
    Verb.CLOSE: _close,
    Verb.CLOSE_GRID: _close,
    Verb.RENAME: _rename,
    Verb.RENAME_GRID: _rename,
    Verb.CHANGE_CODE: _change_code,
    Verb.CHANGE_PARENT: _change_parent,
    Verb.MOVE_GRID: _change_parent,
    Verb.MERGE: _merge,
    Verb.MERGE_GRIDS: _merge,
    Verb.SPLIT: _split,
    Verb.SPLIT_GRID: _split,
}
