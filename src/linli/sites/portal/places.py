"""Choosing a place without a map: from the first level with a choice down to the community."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import shapely
from django.core.cache import cache

from linli.modules.cases.stories import place_name
from linli.modules.divisions.maps import grid_map
from linli.modules.divisions.reads import listing, search
from linli.platform.access.public import EVERYWHERE, Branch, Level, Unit

MOST_LISTED, MOST_FOUND = 400, 30
# Outlines on a resident's map need no more than about 20 m.
COARSE_DEGREES = 0.0002
KEPT_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Choice:
    """A unit to choose, or to go into; addresses name it by its key."""

    key: str
    name: str
    above: str
    is_end: bool


def choices(below: str = "") -> list[Choice]:
    """What can be chosen below a unit's key; without one, the first level that offers a choice."""
    branch = Branch.of(below) if below else EVERYWHERE
    level = _level_below(below)
    rows = listing(branch, level=level, most=MOST_LISTED)
    while len(rows) <= 1 and level < Level.STREET:
        level += 1
        rows = listing(branch, level=level, most=MOST_LISTED)
    return [_choice(unit) for unit in rows]


def find(text: str) -> list[Choice]:
    """Communities by a part of their name, its pinyin or initials."""
    found = [unit for unit in search(text, most=MOST_FOUND) if unit.level == Level.COMMUNITY]
    return [_choice(unit, with_above=True) for unit in found]


def community(key: str) -> Unit | None:
    """The open community with this key; None when there is none."""
    if not key:
        return None
    found = listing(Branch.of(key), level=Level.COMMUNITY, most=1)
    return found[0] if found and found[0].key == key else None


def name_of(unit: Unit) -> str:
    """Street and community."""
    return place_name(unit)


def above(key: str) -> Unit | None:
    """The unit one has gone into while choosing."""
    found = listing(Branch.of(key), most=1) if key else []
    return found[0] if found and found[0].key == key else None


def city() -> str:
    """What the installation serves: the lowest unit above every choice; "" before any is loaded."""
    name, level = "", Level.PROVINCE
    while level < Level.STREET:
        rows = listing(EVERYWHERE, level=level, most=2)
        if len(rows) > 1:
            break
        name = rows[0].name if rows else name
        level = Level(level + 1)
    return name


def bounds() -> list[float]:
    """West, south, east, north of all that is drawn; empty while nothing is."""
    shapes = grid_map().shapes
    if not len(shapes):
        return []
    west, south, east, north = zip(*(shape.bounds for shape in shapes), strict=True)
    return [min(west), min(south), max(east), max(north)]


def areas() -> dict[str, Any]:
    """The communities' outlines with their names (GeoJSON, WGS84), coarse enough for a phone."""
    drawn = grid_map()
    key = f"portal.areas.{drawn.version[1]}"
    found: dict[str, Any] | None = cache.get(key)
    if found is None:
        chosen = [at for at, one in enumerate(drawn.places) if one.level == Level.COMMUNITY]
        shapes = shapely.simplify(drawn.shapes[chosen], COARSE_DEGREES) if chosen else []
        found = {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "properties": {"title": drawn.places[at].name},
                    "geometry": shape.__geo_interface__,
                }
                for at, shape in zip(chosen, shapes, strict=True)
            ],
        }
        cache.set(key, found, KEPT_SECONDS)
    return found


def _level_below(key: str) -> int:
    unit = above(key)
    return unit.level + 1 if unit else Level.PROVINCE


def _choice(row: Unit, *, with_above: bool = False) -> Choice:
    upper = row.parent.name if with_above and row.parent else ""
    return Choice(row.key, row.name, upper, row.level >= Level.COMMUNITY)
