"""Outlines of units: put, and kept when they pass; and the number that tells the map changed."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import F

from linli.modules.divisions.models import MapVersion, Outline, PastOutline
from linli.modules.divisions.seeds import THE_MAP
from linli.modules.divisions.shapes import Shape, area_m2, geometry
from linli.platform.access.public import Unit


def current_shape(unit: Unit) -> Shape | None:
    """Where the unit lies today, as GeoJSON geometry."""
    row = Outline.objects.filter(unit=unit).values_list("shape", flat=True).first()
    return row if row is None else dict(row)


def put_outline(unit: Unit, shape: Shape, *, on: date) -> Outline:
    """From `on` the unit lies here; where it lay before is kept."""
    found = geometry(shape)
    west, south, east, north = found.bounds
    values: dict[str, Any] = {
        "shape": shape, "west": west, "south": south, "east": east, "north": north,
        "area_m2": area_m2(found), "since": on, "unit_key": unit.key,
    }  # fmt: skip
    row = Outline.objects.filter(unit=unit).first()
    if row is not None:
        _keep(row, on=on)
        values["version"] = row.version + 1
    fresh, _made = Outline.objects.update_or_create(unit=unit, defaults=values)
    turn_page()
    return fresh


def forget_outline(unit: Unit, *, on: date) -> None:
    """From `on` the unit lies nowhere; where it lay is kept."""
    row = Outline.objects.filter(unit=unit).first()
    if row is not None:
        _keep(row, on=on)
        row.delete()
        turn_page()


def turn_page() -> None:
    """Tell every process that the map has changed."""
    MapVersion.objects.filter(pk=THE_MAP).update(number=F("number") + 1)


def _keep(row: Outline, *, on: date) -> None:
    if row.since < on:
        PastOutline.objects.create(
            unit_id=row.unit_id, shape=row.shape, area_m2=row.area_m2, starts=row.since, ends=on
        )
