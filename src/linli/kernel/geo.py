"""Places on earth in WGS84 degrees; Chinese map services' shifted systems are converted on input.

GCJ-02 is the shifted system of Amap, Tencent and Tianditu's competitors, BD-09 Baidu's shift on
top of it. The formulas are the publicly known approximation of the shift; the way back has no
closed form and is found by iteration to well under a millimetre of the forward formula.
"""

from __future__ import annotations

import math
from typing import NamedTuple

EARTH_RADIUS_M = 6_371_008.8
"""Mean radius of the WGS84 ellipsoid (IUGG R1), metres."""
KRASOVSKY_A = 6_378_245.0
KRASOVSKY_EE = 0.006_693_421_622_965_943
BAIDU_TURN = math.pi * 3000.0 / 180.0
INVERSE_STEPS = 30
INVERSE_PRECISION = 1e-10
CHINA = (73.66, 3.86, 135.05, 53.55)
"""Rough box west, south, east, north; outside of it map services do not shift."""


class Point(NamedTuple):
    """A place: longitude and latitude in degrees."""

    lng: float
    lat: float


class Box(NamedTuple):
    """A rectangle along meridians and parallels, degrees; west ≤ east, south ≤ north."""

    west: float
    south: float
    east: float
    north: float

    def holds(self, point: Point) -> bool:
        """Whether `point` lies inside or on the edge."""
        return self.west <= point.lng <= self.east and self.south <= point.lat <= self.north


def is_point(lng: float, lat: float) -> bool:
    """Whether the two are finite degrees that exist on earth."""
    return -180.0 <= lng <= 180.0 and -90.0 <= lat <= 90.0  # noqa: PLR2004 - the globe's bounds


def distance_m(a: Point, b: Point) -> float:
    """Metres between two points on the sphere (haversine; within 0.5 % of the ellipsoid)."""
    lat_a, lat_b = math.radians(a.lat), math.radians(b.lat)
    half_lat = (lat_b - lat_a) / 2
    half_lng = math.radians(b.lng - a.lng) / 2
    h = math.sin(half_lat) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin(half_lng) ** 2
    return 2 * EARTH_RADIUS_M * math.asin(math.sqrt(min(1.0, h)))


def box_around(center: Point, radius_m: float) -> Box:
    """The smallest box that holds the circle of `radius_m` metres; for an index before distance."""
    angle = radius_m / EARTH_RADIUS_M
    lat = math.radians(center.lat)
    south, north = lat - angle, lat + angle
    if south <= -math.pi / 2 or north >= math.pi / 2:
        south, north = max(south, -math.pi / 2), min(north, math.pi / 2)
        return Box(-180.0, math.degrees(south), 180.0, math.degrees(north))
    # The circle touches its meridians north of the centre, hence asin and not a plain quotient.
    wide = math.degrees(math.asin(math.sin(angle) / math.cos(lat)))
    hair = 1e-9  # rounding must not cut off a point on the very rim
    return Box(
        center.lng - wide - hair,
        math.degrees(south) - hair,
        center.lng + wide + hair,
        math.degrees(north) + hair,
    )


def wgs84_to_gcj02(point: Point) -> Point:
    """Where Amap or Tencent draw this place."""
    if not Box(*CHINA).holds(point):
        return point
    x, y = point.lng - 105.0, point.lat - 35.0
    rad = math.radians(point.lat)
    magic = 1 - KRASOVSKY_EE * math.sin(rad) ** 2
    root = math.sqrt(magic)
    north = _shift_lat(x, y) * 180.0 / (KRASOVSKY_A * (1 - KRASOVSKY_EE) / (magic * root) * math.pi)
    east = _shift_lng(x, y) * 180.0 / (KRASOVSKY_A / root * math.cos(rad) * math.pi)
    return Point(point.lng + east, point.lat + north)


def gcj02_to_wgs84(point: Point) -> Point:
    """The true place of a point read off Amap or Tencent; exact to under a millimetre."""
    guess = point
    for _step in range(INVERSE_STEPS):
        shown = wgs84_to_gcj02(guess)
        off_lng, off_lat = shown.lng - point.lng, shown.lat - point.lat
        if abs(off_lng) < INVERSE_PRECISION and abs(off_lat) < INVERSE_PRECISION:
            break
        guess = Point(guess.lng - off_lng, guess.lat - off_lat)
    return guess


def gcj02_to_bd09(point: Point) -> Point:
    """Baidu's second shift."""
    radius = math.hypot(point.lng, point.lat) + 0.00002 * math.sin(point.lat * BAIDU_TURN)
    angle = math.atan2(point.lat, point.lng) + 0.000003 * math.cos(point.lng * BAIDU_TURN)
    return Point(radius * math.cos(angle) + 0.0065, radius * math.sin(angle) + 0.006)


def bd09_to_gcj02(point: Point) -> Point:
    """Undo Baidu's second shift, exactly; the usual closed formula is up to 20 cm off."""
    guess = Point(point.lng - 0.0065, point.lat - 0.006)
    for _step in range(INVERSE_STEPS):
        shown = gcj02_to_bd09(guess)
        off_lng, off_lat = shown.lng - point.lng, shown.lat - point.lat
        if abs(off_lng) < INVERSE_PRECISION and abs(off_lat) < INVERSE_PRECISION:
            break
        guess = Point(guess.lng - off_lng, guess.lat - off_lat)
    return guess


def bd09_to_wgs84(point: Point) -> Point:
    """The true place of a point read off Baidu."""
    return gcj02_to_wgs84(bd09_to_gcj02(point))


def wgs84_to_bd09(point: Point) -> Point:
    """Where Baidu draws this place."""
    return gcj02_to_bd09(wgs84_to_gcj02(point))


def _waves(of: float, by_pi: tuple[tuple[float, float], ...]) -> float:
    return sum(height * math.sin(of * math.pi * pace) for height, pace in by_pi) * 2.0 / 3.0


def _shift_lat(x: float, y: float) -> float:
    plain = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x))
    return (
        plain
        + _waves(x, ((20.0, 6.0), (20.0, 2.0)))
        + _waves(y, ((20.0, 1.0), (40.0, 1 / 3), (160.0, 1 / 12), (320.0, 1 / 30)))
    )


def _shift_lng(x: float, y: float) -> float:
    plain = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x))
    return (
        plain
        + _waves(x, ((20.0, 6.0), (20.0, 2.0)))
        + _waves(x, ((20.0, 1.0), (40.0, 1 / 3), (150.0, 1 / 12), (300.0, 1 / 30)))
    )
