"""Verbs over several units: many become one, one becomes many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from linli.kernel.errors import Invalid
from linli.modules.divisions.actions import history, rehome
from linli.modules.divisions.actions.changing import (
    open_unit,
    replace_parent,
    require_not_later,
)
from linli.modules.divisions.actions.gridcodes import recode_grids
from linli.modules.divisions.actions.outlines import (
    current_shape,
    forget_outline,
    put_outline,
)
from linli.modules.divisions.models import Become, Estimate, Kind, Successor, System
from linli.modules.divisions.rules import Verb
from linli.modules.divisions.shapes import united
from linli.platform.access.public import Actor, Level, Unit, acting_as_needed
from linli.platform.changes.public import change, note


@dataclass(frozen=True)
class NewUnit:
    """A unit that comes into being by a merger."""

    name: str
    code: str = ""
    system: str = System.NBS
    kind: str = Kind.PLAIN


@dataclass(frozen=True)
class Part:
    """A unit that comes into being by a split, and which units it takes along.

    `shape` is a GeoJSON geometry in WGS84; without one, the outlines of the children are joined.
    """

    name: str
    children: Sequence[Unit] = field(default_factory=tuple)
    code: str = ""
    system: str = System.NBS
    kind: str = Kind.PLAIN
    shape: dict[str, Any] | None = None
    households: int | None = None


def merge(
    *, by: Actor, at: datetime, sources: Sequence[Unit], into: Unit | NewUnit, on: date
) -> Unit:
    """Join units into one of them, another, or a new one, from a day on. Returns that unit.

    Everything below the sources stands under it afterwards, everything in them lies in it;
    outlines are united and households added. It cannot be undone by one act: a split with the
    children of old gives them back, rows that lay in the sources themselves stay.
    """
    require_not_later(on, at)
    with acting_as_needed(by):
        sources = list({unit.pk: unit for unit in sources}.values())
        rehome.lock_tree(*sources, into if isinstance(into, Unit) else None)
        target = _target(by=by, at=at, sources=sources, into=into, on=on)
        rest = [unit for unit in sources if unit.pk != target.pk]
        _require_mergeable(rest, target, on)
        verb = _merge_verb(target.level)
        joined = [target, *rest] if isinstance(into, Unit) else rest
        shape = united([current_shape(unit) for unit in joined])
        households = _added(joined)
        moved: Counter[str] = Counter()
        for source in rest:
            moved += _merge_one(by=by, at=at, source=source, target=target, on=on, verb=verb)
        if shape is not None:
            put_outline(target, shape, on=on)
        _put_households(target, households, on=on)
        recode_grids(target, on=on)
        names = "、".join(unit.name for unit in rest)
        facts = {"on": on, "from": names, "moved": dict(moved)}
        note(target, by=by, verb=verb, at=at, facts=facts)
        return target


def _target(
    *, by: Actor, at: datetime, sources: Sequence[Unit], into: Unit | NewUnit, on: date
) -> Unit:
    if not sources:
        raise Invalid("sources", _("Choose the units to be merged."))
    if isinstance(into, Unit):
        history.require_open(into, on)
        return into
    first = sources[0]
    return open_unit(
        by=by, at=at, parent=first.parent, level=first.level, name=into.name, on=on,
        code=into.code, system=into.system, kind=into.kind or first.kind,
    )  # fmt: skip


def _require_mergeable(rest: Sequence[Unit], target: Unit, on: date) -> None:
    if not rest:
        raise Invalid("sources", _("Choose at least one other unit to be merged."))
    for unit in rest:
        history.require_open(unit, on)
        if unit.level != target.level:
            raise Invalid("sources", _("Only units of the same level can be merged."))


def _merge_one(
    *, by: Actor, at: datetime, source: Unit, target: Unit, on: date, verb: str
) -> Counter[str]:
    moved: Counter[str] = Counter()
    for child in Unit.objects.filter(parent=source, closed=None).order_by("key"):
        moved += replace_parent(by=by, at=at, unit=child, parent=target, on=on, verb=verb)
    with change(source, by=by, verb=verb, at=at) as entry:
        history.require_open(source, on)
        history.adopt(source)
        history.end_all(source, on=on)
        source.closed = on
        entry.facts.update(on=on, into=target.name)
    Successor.objects.create(before=source, after=target, kind=Become.MERGED, on=on)
    forget_outline(source, on=on)
    Estimate.objects.filter(unit=source).delete()
    return moved + rehome.hand_over(source, target)


def split(
    *, by: Actor, at: datetime, unit: Unit, parts: Sequence[Part], on: date, rest: int = 0
) -> list[Unit]:
    """Divide a unit into new ones from a day on, each with chosen children. Returns them.

    Every open child must be given to exactly one part. What lies in the unit itself (its posts,
    matters without a grid) goes to the part number `rest`. A merger undoes it.
    """
    require_not_later(on, at)
    verb = Verb.SPLIT_GRID if unit.level == Level.GRID else Verb.SPLIT
    with acting_as_needed(by):
        rehome.lock_tree(unit, *(child for part in parts for child in part.children))
        history.require_open(unit, on)
        _require_whole(unit, parts, rest)
        opened: list[Unit] = []
        moved: Counter[str] = Counter()
        for part in parts:
            fresh = open_unit(
                by=by, at=at, parent=unit.parent, level=unit.level, name=part.name, on=on,
                code=part.code, system=part.system, kind=part.kind or unit.kind,
            )  # fmt: skip
            for child in part.children:
                moved += replace_parent(by=by, at=at, unit=child, parent=fresh, on=on, verb=verb)
            opened.append(fresh)
            recode_grids(fresh, on=on)
        had_outline = current_shape(unit) is not None
        with change(unit, by=by, verb=verb, at=at) as entry:
            history.adopt(unit)
            history.end_all(unit, on=on)
            unit.closed = on
            entry.facts.update(on=on, into="、".join(fresh.name for fresh in opened))
            heir = opened[rest]
            for fresh in opened:
                Successor.objects.create(
                    before=unit, after=fresh, kind=Become.SPLIT, on=on, heir=fresh is heir
                )
            forget_outline(unit, on=on)
            Estimate.objects.filter(unit=unit).delete()
            moved += rehome.hand_over(unit, heir)
            entry.facts["moved"] = dict(moved)
        for fresh, part in zip(opened, parts, strict=True):
            _furnish(fresh, part, on=on, had_outline=had_outline)
        return opened


def _require_whole(unit: Unit, parts: Sequence[Part], rest: int) -> None:
    if len(parts) < 2:  # noqa: PLR2004  a split makes at least two
        raise Invalid("parts", _("Name at least two parts."))
    if not 0 <= rest < len(parts):
        raise Invalid("rest", _("Choose the part that takes over what lies in the unit itself."))
    given = [child.pk for part in parts for child in part.children]
    open_children = set(Unit.objects.filter(parent=unit, closed=None).values_list("pk", flat=True))
    if len(given) != len(set(given)) or set(given) != open_children:
        raise Invalid("parts", _("Give every unit below it to exactly one part."))


def _furnish(fresh: Unit, part: Part, *, on: date, had_outline: bool) -> None:
    if part.shape is not None:
        put_outline(fresh, part.shape, on=on)
    elif had_outline:
        joined = united([current_shape(child) for child in part.children])
        if joined is not None:
            put_outline(fresh, joined, on=on)
    if part.households is not None:
        _put_households(fresh, part.households, on=on)


def _added(units: Sequence[Unit]) -> int | None:
    rows = list(Estimate.objects.filter(unit__in=units).values_list("households", flat=True))
    return sum(rows) if rows else None


def _put_households(unit: Unit, households: int | None, *, on: date) -> None:
    if households is None:
        return
    values = {"households": households, "counted": on, "unit_key": unit.key}
    Estimate.objects.update_or_create(unit=unit, defaults=values)


def _merge_verb(level: int) -> str:
    return Verb.MERGE_GRIDS if level == Level.GRID else Verb.MERGE
