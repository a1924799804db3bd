"""Turning dated facts over: the open period ends on a day and a new one starts that day."""

from __future__ import annotations

from datetime import date
from typing import Any, TypeVar

from django.utils.translation import gettext_lazy as _

from linli.kernel.errors import Closed, Invalid
from linli.modules.divisions.models import Period, Placement, UnitCode, UnitName
from linli.platform.access.public import Unit

Row = TypeVar("Row", bound=Period)


def require_open(unit: Unit, on: date) -> None:
    """Raise `Closed` for an abolished unit, `Invalid("on")` before the day it was established."""
    if unit.closed is not None:
        raise Closed(_("“%(name)s” was abolished; nothing can be changed there."), name=unit.name)
    if on < unit.opened:
        raise Invalid(
            "on",
            _("“%(name)s” is on record from %(day)s only; choose that day or a later one."),
            name=unit.name,
            day=unit.opened.isoformat(),
        )


def adopt(unit: Unit) -> None:
    """Give a unit that was made without a history its first name and place."""
    if not UnitName.objects.filter(unit=unit, ends=None).exists():
        UnitName.objects.create(unit=unit, name=unit.name, starts=unit.opened)
    if not Placement.objects.filter(unit=unit, ends=None).exists():
        Placement.objects.create(unit=unit, parent_id=unit.parent_id, starts=unit.opened)


def begin(unit: Unit, *, on: date) -> None:
    """The first name and place of a new unit."""
    UnitName.objects.create(unit=unit, name=unit.name, starts=on)
    Placement.objects.create(unit=unit, parent_id=unit.parent_id, starts=on)


def turn(
    kind: type[Row], unit: Unit, *, on: date, where: dict[str, Any], new: dict[str, Any]
) -> None:
    """From `on`, the fact of this kind is `new`. What was true before stays on record.

    A second change on the same day takes the place of the first: no day would ever tell of it.
    Raises `Invalid("on")` when a later change is on record already.
    """
    rows = kind._default_manager.filter(unit=unit, **where)
    latest = rows.order_by("-starts").first()
    if latest is not None and latest.starts > on:
        raise Invalid(
            "on",
            _("“%(name)s” changed on %(day)s; an earlier change cannot be entered any more."),
            name=unit.name,
            day=latest.starts.isoformat(),
        )
    if latest is not None and latest.ends is not None and latest.ends > on:
        raise Invalid("on", _("Another change is on record for a later day."))
    if latest is not None and latest.starts == on:
        rows.filter(pk=latest.pk).update(ends=None, **new)
        return
    if latest is not None and latest.ends is None:
        rows.filter(pk=latest.pk).update(ends=on)
    kind._default_manager.create(unit=unit, starts=on, **where, **new)


def end_all(unit: Unit, *, on: date) -> None:
    """From `on`, the unit has no name, code or place any more."""
    if on <= unit.opened:
        raise Invalid(
            "on",
            _("“%(name)s” was established on %(day)s; it can be abolished from the day after."),
            name=unit.name,
            day=unit.opened.isoformat(),
        )
    for kind in (UnitName, UnitCode, Placement):
        rows = kind._default_manager.filter(unit=unit, ends=None)
        if rows.filter(starts__gte=on).exists():
            raise Invalid(
                "on",
                _("“%(name)s” changed on or after this day; choose a later day."),
                name=unit.name,
            )
        rows.update(ends=on)
