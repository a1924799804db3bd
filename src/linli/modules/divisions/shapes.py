"""Polygons: read, measured, joined, and what is wrong with them. WGS84 throughout."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import shapely
import shapely.geometry
from django.utils.translation import gettext_lazy as _

from linli.kernel.geo import Point, bd09_to_wgs84, gcj02_to_wgs84

if TYPE_CHECKING:
    from linli.kernel.errors import Text

Shape = dict[str, Any]
Geometry = Any
"""A geometry of shapely, which has no types of its own."""
planar: Any = shapely
UNREADABLE = (
    ValueError, TypeError, KeyError, IndexError, AttributeError, planar.errors.ShapelyError,
)  # fmt: skip
METRES_A_DEGREE = 111_195.08
"""Metres in a degree of latitude on the sphere of radius 6,371,008.8 m."""


def geometry(shape: Shape) -> Geometry:
    """A stored GeoJSON geometry as shapely knows it."""
    return planar.geometry.shape(shape)


def as_shape(found: Geometry) -> Shape:
    """A geometry as GeoJSON, to be stored."""
    return dict(planar.geometry.mapping(found))


def area_m2(found: Geometry) -> float:
    """Square metres of a polygon in degrees; within 0.5 % for anything up to a county's size."""
    if found.is_empty:
        return 0.0
    shrink = math.cos(math.radians(found.centroid.y))
    return float(found.area) * METRES_A_DEGREE**2 * shrink


def united(shapes: Sequence[Shape | None]) -> Shape | None:
    """All outlines joined; None unless every one is known."""
    known = [geometry(shape) for shape in shapes if shape is not None]
    if not known or len(known) < len(shapes):
        return None
    return as_shape(planar.union_all(known))


SYSTEMS: dict[str, Callable[[Point], Point]] = {
    "wgs84": lambda point: point,
    "gcj02": gcj02_to_wgs84,
    "bd09": bd09_to_wgs84,
}
"""Ways into WGS84 from the systems of map services: Amap and Tencent shift, Baidu shifts twice."""


def converted(shape: Shape, system: str) -> Shape:
    """The same polygon in WGS84."""
    if system == "wgs84":
        return shape
    way = SYSTEMS[system]

    def each(points: Any) -> Any:
        return [way(Point(lng, lat)) for lng, lat in points]

    return as_shape(planar.transform(geometry(shape), each))


def wrong_with(shape: Any) -> Text | None:
    """Why this GeoJSON geometry cannot be an outline, or None."""
    if not isinstance(shape, dict) or shape.get("type") not in {"Polygon", "MultiPolygon"}:
        return _("This is not a polygon.")
    try:
        found = geometry(shape)
    except UNREADABLE:
        return _("The coordinates cannot be read.")
    return _wrong_form(found)


def _wrong_form(found: Geometry) -> Text | None:
    if found.is_empty:
        return _("The polygon has no points.")
    west, south, east, north = found.bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):  # noqa: PLR2004
        return _("The coordinates are not degrees of longitude and latitude.")
    if not found.is_valid:
        if "Self-intersection" in planar.is_valid_reason(found):
            return _("The line crosses itself.")
        return _("The polygon is not closed in a plain way.")
    return None
