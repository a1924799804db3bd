"""Verbs over one unit: establish, abolish, rename, new code, new parent. All are dated."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.kernel.errors import Invalid
from linli.kernel.text import clean_line
from linli.modules.divisions.actions import history, rehome
from linli.modules.divisions.actions.gridcodes import recode_grids
from linli.modules.divisions.actions.loader import reading
from linli.modules.divisions.actions.outlines import forget_outline
from linli.modules.divisions.codes import LENGTHS, own_part, significant
from linli.modules.divisions.models import (
    Become,
    Estimate,
    Kind,
    Placement,
    Successor,
    System,
    UnitCode,
    UnitName,
)
from linli.modules.divisions.rules import Verb
from linli.platform.access.public import Actor, Level, Unit, acting_as_needed
from linli.platform.changes.public import change, create

FIRST_SEGMENT = "001"
LONGEST_NAME = 100


def open_unit(
    *, by: Actor, at: datetime, parent: Unit | None, level: int, name: str, on: date,
    code: str = "", system: str = System.NBS, kind: str = Kind.PLAIN,
) -> Unit:  # fmt: skip
    """Establish a unit under `parent` from a day on. Returns it.

    Raises `Invalid` for a name, code, parent or day that does not fit.
    """
    require_not_later(on, at)
    name = cleaned_name(name)
    with acting_as_needed(by):
        rehome.lock_tree(parent)
        rehome.require_fit(level, parent)
        if parent is not None:
            history.require_open(parent, on)
        code = checked_code(code, system, level) if code else ""
        segment = own_part(code, level) if code and system == System.NBS else ""
        unit = Unit(parent=parent, level=level, kind=kind, name=name, opened=on)
        unit.name_key = reading(name)
        unit.key = rehome.free_key(parent, segment or _next_segment(parent))
        verb = Verb.OPEN_GRID if level == Level.GRID else Verb.OPEN
        with create(unit, by=by, verb=verb, at=at) as entry:
            entry.facts.update(on=on, name=name, under=parent.name if parent else "", code=code)
        history.begin(unit, on=on)
        if code:
            _require_free(code, system, unit)
            UnitCode.objects.create(unit=unit, system=system, code=code, starts=on)
        elif level == Level.GRID and parent is not None:
            recode_grids(parent, on=on)
        return unit


def close_unit(
    *, by: Actor, at: datetime, unit: Unit, on: date, heir: Unit | None = None
) -> Counter[str]:
    """Abolish a unit from a day on; what lies in it goes to `heir`, else to its parent.

    Raises `Invalid` while units still stand under it: they must be moved, merged or closed first.
    """
    require_not_later(on, at)
    verb = Verb.CLOSE_GRID if unit.level == Level.GRID else Verb.CLOSE
    with acting_as_needed(by):
        rehome.lock_tree(unit, heir)
        with change(unit, by=by, verb=verb, at=at) as entry:
            history.require_open(unit, on)
            history.adopt(unit)
            if Unit.objects.filter(parent=unit, closed=None).exists():
                raise Invalid(
                    "", _("Units still belong to “%(name)s”. Move, merge or abolish them first."),
                    name=unit.name,
                )  # fmt: skip
            history.end_all(unit, on=on)
            unit.closed = on
            target = heir or unit.parent
            moved = _bequeath(unit, target, by=by, verb=verb, on=on)
            entry.facts.update(on=on, heir=target.name if target else "", moved=dict(moved))
        return moved


def _bequeath(unit: Unit, target: Unit | None, *, by: Actor, verb: str, on: date) -> Counter[str]:
    forget_outline(unit, on=on)
    Estimate.objects.filter(unit=unit).delete()
    if target is None:
        if rehome.rows_in(unit, below=False):
            raise Invalid("heir", _("Choose the unit that takes over what lies here."))
        return Counter()
    if target.pk == unit.pk:
        raise Invalid("heir", _("A unit cannot take over from itself."))
    history.require_open(target, on)
    by.require(verb, target.key)
    Successor.objects.create(before=unit, after=target, kind=Become.CLOSED, on=on)
    return rehome.hand_over(unit, target)


def rename(*, by: Actor, at: datetime, unit: Unit, name: str, on: date) -> None:
    """Give a unit another name from a day on. To undo it, rename it back."""
    require_not_later(on, at)
    name = cleaned_name(name)
    verb = Verb.RENAME_GRID if unit.level == Level.GRID else Verb.RENAME
    with change(unit, by=by, verb=verb, at=at) as entry:
        history.require_open(unit, on)
        history.adopt(unit)
        if name == unit.name:
            raise Invalid("name", _("This is its name already."))
        entry.facts["on"] = on
        unit.name, unit.name_key = name, reading(name)
        history.turn(UnitName, unit, on=on, where={}, new={"name": name})


def change_code(
    *, by: Actor, at: datetime, unit: Unit, code: str, on: date, system: str = System.NBS
) -> None:
    """Give a unit another code of one system from a day on; its key, an inner name, stays."""
    require_not_later(on, at)
    with change(unit, by=by, verb=Verb.CHANGE_CODE, at=at) as entry:
        history.require_open(unit, on)
        history.adopt(unit)
        code = checked_code(code, system, unit.level)
        _require_free(code, system, unit)
        old = UnitCode.objects.filter(unit=unit, system=system, ends=None).first()
        if old is not None and old.code == code:
            raise Invalid("code", _("This is its code already."))
        history.turn(UnitCode, unit, on=on, where={"system": system}, new={"code": code})
        entry.facts.update(on=on, system=system, old=old.code if old else "", new=code)
        if unit.level == Level.COMMUNITY and system == System.NBS:
            recode_grids(unit, on=on)


def change_parent(
    *, by: Actor, at: datetime, unit: Unit, parent: Unit | None, on: date, assumed: str = "",
) -> Counter[str]:  # fmt: skip
    """Move a unit and everything below it under another parent from a day on.

    `assumed` says what the day rests on where no source names it; history shows it as such.
    Returns how many rows of each table went along. To undo it, move the unit back. Raises
    `Invalid("parent")` for a parent of the wrong level, itself closed, or below the unit.
    """
    require_not_later(on, at)
    with acting_as_needed(by):
        rehome.lock_tree(unit, parent)
        return replace_parent(by=by, at=at, unit=unit, parent=parent, on=on, assumed=assumed)


def replace_parent(
    *, by: Actor, at: datetime, unit: Unit, parent: Unit | None, on: date, verb: str = "",
    assumed: str = "",
) -> Counter[str]:  # fmt: skip
    """`change_parent` as a step of a larger change, which names its own verb."""
    usual = Verb.MOVE_GRID if unit.level == Level.GRID else Verb.CHANGE_PARENT
    with change(unit, by=by, verb=verb or usual, at=at) as entry:
        history.require_open(unit, on)
        history.adopt(unit)
        rehome.require_fit(unit.level, parent)
        if parent is not None:
            history.require_open(parent, on)
            if parent.key in unit.branch:
                raise Invalid("parent", _("A unit cannot stand under one of its own."))
        if unit.parent_id == (parent.pk if parent else None):
            raise Invalid("parent", _("It stands there already."))
        old_key, old_parent = unit.key, unit.parent
        placed = {"parent": parent, "day_assumed": bool(assumed), "basis": assumed}
        history.turn(Placement, unit, on=on, where={}, new=placed)
        unit.parent = parent
        unit.key = rehome.free_key(parent, rehome.own_segment(unit))
        entry.facts.update(
            {"on": on, "from": old_parent.name if old_parent else "",
             "to": parent.name if parent else ""}
        )  # fmt: skip
        if assumed:
            entry.facts["assumed"] = assumed
    moved = rehome.move_keys(old_key, unit.key)
    if unit.level == Level.GRID and parent is not None:
        recode_grids(parent, on=on)
    return moved


def require_not_later(on: date, at: datetime) -> None:
    """Raise `Invalid("on")` for a day after today: such a change is planned, not made."""
    if on > timezone.localdate(at):
        raise Invalid("on", _("A change for a later day is planned and carried out on that day."))


def cleaned_name(name: str) -> str:
    """A name as it is stored; raises `Invalid("name")` when nothing or too much is left of it."""
    plain = clean_line(name)
    if not plain:
        raise Invalid("name", _("Please give a name."))
    if len(plain) > LONGEST_NAME:
        raise Invalid("name", _("The name is longer than 100 characters."))
    return plain


def checked_code(code: str, system: str, level: int) -> str:
    """A code as it is stored; raises `Invalid("code")` when it cannot be one of this level."""
    short = significant(code)
    if not (short.isascii() and short.isdigit()) or (
        system != System.LOCAL and len(short) != LENGTHS.get(level, 0)
    ):
        raise Invalid(
            "code", _("A code of this level has %(digits)s digits."),
            digits=str(LENGTHS.get(level, "")),
        )  # fmt: skip
    return short


def _require_free(code: str, system: str, unit: Unit) -> None:
    holder = (
        UnitCode.objects.filter(system=system, code=code, ends=None)
        .exclude(unit=unit)
        .select_related("unit")
        .first()
    )
    if holder is not None:
        raise Invalid("code", _("This code belongs to “%(name)s” already."), name=holder.unit.name)


def _next_segment(parent: Unit | None) -> str:
    """A segment for a unit without a national code: one past the greatest of its siblings."""
    siblings = Unit.objects.filter(parent=parent).values_list("key", flat=True)
    numbers = [key.rstrip("/").rpartition("/")[2].partition("-")[0] for key in siblings]
    greatest = max((int(number) for number in numbers if number.isdigit()), default=0)
    return f"{greatest + 1:03d}" if numbers else FIRST_SEGMENT
