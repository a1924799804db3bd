"""Which grid a point lies in: all outlines in one spatial index, kept until the map changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from uuid import UUID

import numpy as np
from django.db import connection

from linli.kernel.geo import Point, is_point
from linli.modules.divisions.models import MapVersion
from linli.modules.divisions.seeds import THE_MAP
from linli.modules.divisions.shapes import SYSTEMS, planar
from linli.platform.access.public import Level

# Grids come first, so that the first hit is the finest.
OUTLINES = """
SELECT unit.id, unit.key, unit.name, unit.level, outline.shape::text
FROM divisions_outline outline JOIN access_unit unit ON unit.id = outline.unit_id
WHERE unit.level >= %s AND unit.closed IS NULL ORDER BY unit.level DESC, unit.key COLLATE "C"
"""


@dataclass(frozen=True, slots=True)
class Place:
    """A unit on the map."""

    unit_id: UUID
    key: str
    name: str
    level: int


class GridMap:
    """Every outline of grids and communities at one version of the map."""

    def __init__(
        self, version: tuple[str, int], rows: Sequence[tuple[UUID, str, str, int, str]]
    ) -> None:
        self.version = version
        self.places = [Place(*row[:4]) for row in rows]
        self.shapes = planar.from_geojson(np.array([row[4] for row in rows], dtype=object))
        planar.prepare(self.shapes)
        self.tree = planar.STRtree(self.shapes)

    def at(self, point: Point) -> Place | None:
        """The grid a point lies in, else the community; on a border, the first by key."""
        hits = self.tree.query(planar.points(point.lng, point.lat), predicate="intersects")
        return self.places[int(hits.min())] if len(hits) else None

    def at_all(self, points: Sequence[Point]) -> list[Place | None]:
        """`at` for many points at once."""
        if not points:
            return []
        found: list[Place | None] = [None] * len(points)
        where, which = self.tree.query(
            planar.points(np.asarray(points, dtype=float)), predicate="intersects"
        )
        # Written from the last to the first, so that the first by key remains.
        order = np.argsort(-which, kind="stable")
        for place, grid in zip(where[order].tolist(), which[order].tolist(), strict=True):
            found[place] = self.places[grid]
        return found


_kept: list[GridMap] = []
_reading = Lock()


def grid_map() -> GridMap:
    """The map as it is now; read again only after a change."""
    version = (str(connection.settings_dict["NAME"]), map_version())
    if _kept and _kept[0].version == version:
        return _kept[0]
    with _reading, connection.cursor() as cursor:
        cursor.execute(OUTLINES, [Level.COMMUNITY])
        fresh = GridMap(version, cursor.fetchall())
        _kept[:] = [fresh]
        return fresh


def map_version() -> int:
    """Counts changes of the map."""
    return MapVersion.objects.values_list("number", flat=True).get(pk=THE_MAP)


def found_at(point: Point, *, system: str = "wgs84") -> Place | None:
    """The grid a point lies in, or the community where no grid is drawn, or None.

    `system`: wgs84, gcj02 (Amap, Tencent) or bd09 (Baidu).
    """
    if not is_point(point.lng, point.lat):
        return None
    return grid_map().at(SYSTEMS[system](point))


def grid_at(point: Point, *, system: str = "wgs84") -> Place | None:
    """The grid a point lies in, or None."""
    found = found_at(point, system=system)
    return found if found is not None and found.level == Level.GRID else None


def grids_at(points: Sequence[Point], *, system: str = "wgs84") -> list[Place | None]:
    """`found_at` for many points; 100,000 take well under a second in WGS84."""
    way = SYSTEMS[system]
    wanted = points if system == "wgs84" else [way(point) for point in points]
    return grid_map().at_all(wanted)
