"""Verbs of the map: draw a boundary, take boundaries from a file, say how many households."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from linli.kernel.errors import Invalid, fill
from linli.kernel.text import clean_line
from linli.modules.divisions.actions import history
from linli.modules.divisions.actions.changing import open_unit, require_not_later
from linli.modules.divisions.actions.outlines import put_outline
from linli.modules.divisions.models import Estimate, Outline, System, UnitCode
from linli.modules.divisions.rules import Verb
from linli.modules.divisions.shapes import Shape, area_m2, converted, geometry, planar, wrong_with
from linli.platform.access.public import Actor, Level, Unit, acting_as_needed, keys_above
from linli.platform.changes.public import change, note

if TYPE_CHECKING:
    from linli.kernel.errors import Text

OUTSIDE = 0.01
"""Share of a grid that may lie beyond its community's outline: lines are drawn by hand."""
OVERLAP_M2 = 50.0
"""Square metres two neighbours may share for the same reason."""
MOST_FEATURES = 20_000


@dataclass(frozen=True)
class Wrong:
    """A fault of an import, with the number of the feature it stands at (from 1)."""

    feature: int
    name: str
    message: Text
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """What is wrong, in the reader's language."""
        return fill(self.message, self.params)


@dataclass
class Imported:
    """What an import did; with faults, nothing."""

    opened: int = 0
    redrawn: int = 0
    unchanged: int = 0
    faults: list[Wrong] = field(default_factory=list)


@dataclass(frozen=True)
class _Wanted:
    number: int
    name: str
    shape: Shape
    grid: Unit | None
    community: Unit


def set_boundary(
    *, by: Actor, at: datetime, unit: Unit, shape: Shape, on: date, system: str = "wgs84",
    expected: int | None = None,
) -> Outline:  # fmt: skip
    """From `on` the unit lies within this polygon (GeoJSON geometry). Where it lay stays on record.

    Raises `Invalid("shape")` when it is no polygon, crosses itself, leaves the unit above it or
    overlaps a neighbour.
    """
    require_not_later(on, at)
    wrong = wrong_with(shape)
    if wrong is not None:
        raise Invalid("shape", wrong)
    with acting_as_needed(by):
        placed = converted(shape, system)
        refuse_misplaced(unit, placed)
        with change(unit, by=by, verb=Verb.SET_BOUNDARY, at=at, expected=expected) as entry:
            history.require_open(unit, on)
            before = Outline.objects.filter(unit=unit).first()
            if before is not None and before.since > on:
                raise Invalid("on", _("The boundary was redrawn on a later day already."))
            old = round(before.area_m2) if before else None
            outline = put_outline(unit, placed, on=on)
            entry.facts.update(on=on, old_m2=old, new_m2=round(outline.area_m2))
        return outline


def refuse_misplaced(unit: Unit, shape: Shape) -> None:
    """Raise `Invalid("shape")` when the polygon leaves the unit above or overlaps a neighbour."""
    found = geometry(shape)
    above = container(unit)
    if above is not None and _outside(found, geometry(above.shape)):
        raise Invalid("shape", _("The polygon lies outside “%(name)s”."), name=above.unit.name)
    near = Outline.objects.filter(
        unit__level=unit.level, unit__closed=None, west__lte=found.bounds[2],
        east__gte=found.bounds[0], south__lte=found.bounds[3], north__gte=found.bounds[1],
    ).exclude(unit=unit).select_related("unit")  # fmt: skip
    for other in near:
        shared = area_m2(found.intersection(geometry(other.shape)))
        if shared > OVERLAP_M2:
            raise Invalid(
                "shape", _("The polygon overlaps “%(name)s” by %(area)s m²."),
                name=other.unit.name, area=f"{shared:,.0f}",
            )  # fmt: skip


def container(unit: Unit) -> Outline | None:
    """The outline of the nearest unit above that has one."""
    rows = Outline.objects.filter(unit_key__in=keys_above(unit.key)[1:]).select_related("unit")
    return max(rows, key=lambda row: len(row.unit_key), default=None)


def _outside(found: Any, whole: Any) -> bool:
    return bool(found.difference(whole).area > OUTSIDE * found.area)


def import_grids(
    *, by: Actor, at: datetime, within: Unit, collection: Any, on: date, system: str = "wgs84"
) -> Imported:
    """Take outlines from a GeoJSON FeatureCollection; each feature has properties `code` or `name`.

    A code of fifteen digits names a grid, one of twelve the community a new grid belongs to;
    without a code the grid belongs to `within`. Nothing is stored when there is any fault.
    """
    require_not_later(on, at)
    done = Imported()
    with acting_as_needed(by):
        wanted = _wanted(within, collection, system, done)
        _find_overlaps(wanted, done)
        if done.faults:
            return done
        for one in wanted:
            grid = one.grid
            if grid is None:
                grid = open_unit(
                    by=by, at=at, parent=one.community, level=Level.GRID, name=one.name, on=on
                )
                done.opened += 1
            else:
                stored = Outline.objects.filter(unit=grid).first()
                if stored is not None and geometry(stored.shape).equals(geometry(one.shape)):
                    done.unchanged += 1
                    continue
                done.redrawn += 1
            by.require(Verb.IMPORT_GRIDS, grid.key)
            with change(grid, by=by, verb=Verb.SET_BOUNDARY, at=at) as entry:
                outline = put_outline(grid, one.shape, on=on)
                entry.facts.update(on=on, new_m2=round(outline.area_m2))
        facts = {"on": on, "opened": done.opened, "redrawn": done.redrawn}
        note(within, by=by, verb=Verb.IMPORT_GRIDS, at=at, facts=facts)
    return done


def _wanted(within: Unit, collection: Any, system: str, done: Imported) -> list[_Wanted]:
    features = collection.get("features") if isinstance(collection, dict) else None
    if not isinstance(features, list) or not features:
        done.faults.append(Wrong(0, "", _("The file is not a GeoJSON FeatureCollection.")))
        return []
    if len(features) > MOST_FEATURES:
        done.faults.append(Wrong(0, "", _("The file has more than 20,000 features.")))
        return []
    wanted = []
    for number, feature in enumerate(features, start=1):
        facts = feature.get("properties") if isinstance(feature, dict) else None
        facts = facts if isinstance(facts, dict) else {}
        code, name = (clean_line(str(facts.get(word) or "")) for word in ("code", "name"))
        shape = feature.get("geometry") if isinstance(feature, dict) else None
        wrong = wrong_with(shape)
        if wrong is not None:
            done.faults.append(Wrong(number, name or code, wrong))
            continue
        try:
            grid, community = _whose(within, code, name)
            placed = converted(shape, system) if isinstance(shape, dict) else {}
            above = container(grid) if grid else container_of_children(community)
            if above is not None and _outside(geometry(placed), geometry(above.shape)):
                raise Invalid(
                    "shape", _("The polygon lies outside “%(name)s”."), name=above.unit.name
                )
        except Invalid as error:
            done.faults.append(Wrong(number, name or code, error.message, error.params))
            continue
        wanted.append(_Wanted(number, name, placed, grid, community))
    return wanted


def container_of_children(unit: Unit) -> Outline | None:
    """The outline of the unit itself, else of the nearest above that has one."""
    return Outline.objects.filter(unit=unit).select_related("unit").first() or container(unit)


def _whose(within: Unit, code: str, name: str) -> tuple[Unit | None, Unit]:
    grid: Unit | None = None
    community = within
    if code:
        system = System.LOCAL if len(code) > 12 else System.NBS  # noqa: PLR2004
        row = (
            UnitCode.objects.filter(code=code, system=system, ends=None)
            .select_related("unit__parent")
            .first()
        )
        if row is None or row.unit.key not in within.branch:
            raise Invalid(
                "code", _("The code %(code)s is not known in “%(name)s”."),
                code=code, name=within.name,
            )  # fmt: skip
        grid = row.unit if row.unit.level == Level.GRID else None
        community = grid.parent if grid and grid.parent else row.unit
    elif name:
        grid = Unit.objects.filter(
            within.branch.where("key"), level=Level.GRID, name=name, parent=within, closed=None
        ).first()
    if grid is None and not name:
        raise Invalid("name", _("The feature has neither a code nor a name."))
    if community.level != Level.COMMUNITY:
        raise Invalid("code", _("A grid belongs to a community or village: give its code."))
    return grid, community


def _find_overlaps(wanted: list[_Wanted], done: Imported) -> None:
    """Features against one another, and against grids on the map that the file does not redraw."""
    if not wanted:
        return
    redrawn = {one.grid.pk for one in wanted if one.grid}
    shapes = [geometry(one.shape) for one in wanted]
    west, south, east, north = planar.total_bounds(shapes)
    standing = list(
        Outline.objects.filter(
            unit__level=Level.GRID, unit__closed=None, west__lte=east, east__gte=west,
            south__lte=north, north__gte=south,
        ).exclude(unit__in=redrawn).select_related("unit")
    )  # fmt: skip
    names = [one.name or str(one.grid) for one in wanted] + [row.unit.name for row in standing]
    everything = shapes + [geometry(row.shape) for row in standing]
    tree = planar.STRtree(everything)
    first, second = tree.query(shapes, predicate="intersects")
    for left, right in zip(first.tolist(), second.tolist(), strict=True):
        if left >= right:
            continue
        shared = area_m2(everything[left].intersection(everything[right]))
        if shared > OVERLAP_M2:
            done.faults.append(
                Wrong(
                    wanted[left].number, names[left],
                    _("The polygon overlaps “%(name)s” by %(area)s m²."),
                    {"name": names[right], "area": f"{shared:,.0f}"},
                )
            )  # fmt: skip


def estimate(
    *, by: Actor, at: datetime, unit: Unit, households: int, on: date,
    buildings: int | None = None, source: str = "",
) -> None:  # fmt: skip
    """Set how many households (and buildings) a grid or community has, as counted on a day."""
    if households < 0 or (buildings is not None and buildings < 0):
        raise Invalid("households", _("A number cannot be below zero."))
    with change(unit, by=by, verb=Verb.ESTIMATE, at=at) as entry:
        history.require_open(unit, on)
        row = Estimate.objects.filter(unit=unit).first()
        entry.facts.update(on=on, old=row.households if row else None, new=households)
        values = {
            "households": households, "buildings": buildings, "counted": on, "source": source,
            "unit_key": unit.key, "version": row.version + 1 if row else 1,
        }  # fmt: skip
        Estimate.objects.update_or_create(unit=unit, defaults=values)
