"""Grids of many communities at once, with an entry each: for a first installation and the demo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from linli.modules.divisions.actions import rehome
from linli.modules.divisions.actions.changing import require_not_later
from linli.modules.divisions.actions.loader import reading
from linli.modules.divisions.actions.outlines import turn_page
from linli.modules.divisions.models import (
    Estimate,
    Outline,
    Placement,
    System,
    UnitCode,
    UnitName,
)
from linli.modules.divisions.rules import Verb
from linli.modules.divisions.shapes import Shape, area_m2, geometry
from linli.platform.access.public import Actor, Level, Unit, acting_as_needed
from linli.platform.changes.public import bulk_create

BATCH = 1_000


@dataclass(frozen=True)
class NewGrid:
    """A grid to be established in a community that has none yet."""

    community: Unit
    name: str
    shape: Shape | None = None
    households: int | None = None
    buildings: int | None = None


def open_grids(
    *, by: Actor, at: datetime, grids: Sequence[NewGrid], on: date, source: str = ""
) -> list[Unit]:
    """Establish the grids of communities that have none; numbered in the order given."""
    require_not_later(on, at)
    with acting_as_needed(by):
        rehome.lock_tree()
        stems = dict(
            UnitCode.objects.filter(
                unit__in={grid.community.pk for grid in grids}, system=System.NBS, ends=None
            ).values_list("unit_id", "code")
        )
        counts: dict[object, int] = {}
        units: list[Unit] = []
        codes: list[UnitCode] = []
        for grid in grids:
            number = counts[grid.community.pk] = counts.get(grid.community.pk, 0) + 1
            unit = Unit(
                parent=grid.community, level=Level.GRID, name=grid.name, opened=on,
                name_key=reading(grid.name), key=f"{grid.community.key}{number:03d}/",
            )  # fmt: skip
            units.append(unit)
            stem = stems.get(grid.community.pk)
            if stem:
                codes.append(
                    UnitCode(unit=unit, system=System.LOCAL, code=f"{stem}{number:03d}", starts=on)
                )
        bulk_create(
            units, by=by, verb=Verb.OPEN_GRID, at=at,
            facts=lambda unit: {"on": on, "name": unit.name},
        )  # fmt: skip
        UnitName.objects.bulk_create(
            [UnitName(unit=unit, name=unit.name, starts=on) for unit in units], BATCH
        )
        Placement.objects.bulk_create(
            [Placement(unit=unit, parent_id=unit.parent_id, starts=on) for unit in units], BATCH
        )
        UnitCode.objects.bulk_create(codes, BATCH)
        pairs = list(zip(units, grids, strict=True))
        put_outlines([(unit, grid.shape) for unit, grid in pairs if grid.shape], on=on)
        Estimate.objects.bulk_create(
            [
                Estimate(
                    unit=unit, unit_key=unit.key, households=grid.households,
                    buildings=grid.buildings, counted=on, source=source,
                )
                for unit, grid in pairs
                if grid.households is not None
            ],
            BATCH,
        )  # fmt: skip
        return units


def put_outlines(placed: Sequence[tuple[Unit, Shape | None]], *, on: date) -> None:
    """First outlines of many units."""
    rows = []
    for unit, shape in placed:
        if shape is None:
            continue
        found = geometry(shape)
        west, south, east, north = found.bounds
        rows.append(
            Outline(
                unit=unit, unit_key=unit.key, shape=shape, west=west, south=south, east=east,
                north=north, area_m2=area_m2(found), since=on,
            )
        )  # fmt: skip
    Outline.objects.bulk_create(rows, BATCH)
    turn_page()
