"""Where something reported lies: by a point on the map, or by a unit somebody chose."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from linli.kernel.geo import Point
from linli.modules.divisions.maps import found_at
from linli.platform.access.public import Actor, Level, Unit

LEVELS = (Level.COMMUNITY, Level.GRID)


def place_at(point: Point, *, on: date, system: str = "wgs84") -> Unit | None:
    """The open grid a point lies in, else the community, else None: outside what is drawn."""
    found = found_at(point, system=system)
    unit = Unit.objects.filter(pk=found.unit_id).first() if found else None
    return unit if unit is not None and unit.is_open(on) else None


def unit_for_report(unit_id: UUID, *, on: date) -> Unit | None:
    """The community or grid somebody chose, if it exists on that day."""
    unit = Unit.objects.filter(pk=unit_id, level__in=LEVELS).first()
    return unit if unit is not None and unit.is_open(on) else None


def units_for_report(actor: Actor, *, on: date) -> list[tuple[UUID, str]]:
    """The communities of the actor's branch, each with a label that says the street too."""
    rows = (
        Unit.objects.filter(actor.branch.where("key"), level=Level.COMMUNITY, opened__lte=on)
        .filter(closed=None)
        .order_by("key")
        .values_list("pk", "parent__name", "name")
    )
    return [(pk, f"{street} · {name}" if street else name) for pk, street, name in rows]
