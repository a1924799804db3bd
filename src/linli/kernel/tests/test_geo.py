from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.kernel.geo import (
    EARTH_RADIUS_M,
    Point,
    bd09_to_gcj02,
    bd09_to_wgs84,
    box_around,
    distance_m,
    gcj02_to_bd09,
    gcj02_to_wgs84,
    is_point,
    wgs84_to_bd09,
    wgs84_to_gcj02,
)

# Published vectors of the open eviltransform project: WGS84 and GCJ-02.
SHIFTED = [
    (Point(121.5272106, 31.1774276), Point(121.531541859215, 31.17530398364597)),
    (Point(113.912316, 22.543847), Point(113.9171764808363, 22.540796131694766)),
    (Point(116.377817, 39.911954), Point(116.38404722455657, 39.91334545536069)),
]
# Published vectors of the open coordtransform project, all at this one point.
BEIJING = Point(116.404, 39.915)
chinese = st.builds(Point, st.floats(75, 134), st.floats(5, 53))


@pytest.mark.parametrize(("true", "shown"), SHIFTED)
def test_the_shift_is_the_public_one(true: Point, shown: Point) -> None:
    assert distance_m(wgs84_to_gcj02(true), shown) < 0.2
    assert distance_m(gcj02_to_wgs84(shown), true) < 0.2


def test_baidu_points_come_back() -> None:
    assert distance_m(gcj02_to_bd09(BEIJING), Point(116.41036949371029, 39.92133699351021)) < 0.001
    assert distance_m(wgs84_to_gcj02(BEIJING), Point(116.41024449916938, 39.91640428150164)) < 0.001
    # Their ways back take one step only.
    assert distance_m(bd09_to_gcj02(BEIJING), Point(116.39762729119315, 39.90865673957631)) < 0.1
    assert distance_m(gcj02_to_wgs84(BEIJING), Point(116.39775550083061, 39.91359571849836)) < 0.1


@given(chinese)
def test_there_and_back_is_exact_to_a_millimetre(place: Point) -> None:
    assert distance_m(gcj02_to_wgs84(wgs84_to_gcj02(place)), place) < 0.001
    assert distance_m(bd09_to_gcj02(gcj02_to_bd09(place)), place) < 0.001
    assert distance_m(bd09_to_wgs84(wgs84_to_bd09(place)), place) < 0.001


@given(chinese)
def test_the_shift_is_some_hundred_metres(place: Point) -> None:
    assert 10 < distance_m(wgs84_to_gcj02(place), place) < 1500


def test_nothing_is_shifted_abroad() -> None:
    paris = Point(2.3522, 48.8566)
    assert wgs84_to_gcj02(paris) == paris
    assert gcj02_to_wgs84(paris) == paris


def test_known_distances() -> None:
    # Shanghai to Beijing by eviltransform: 1,078,164 m, on a sphere as large as the equator.
    equator = distance_m(SHIFTED[0][1], SHIFTED[2][1]) * 6_378_137 / EARTH_RADIUS_M
    assert equator == pytest.approx(1_078_164, abs=2)
    assert distance_m(Point(0, 0), Point(0, 1)) == pytest.approx(111_195, abs=1)
    assert distance_m(Point(179.9, 0), Point(-179.9, 0)) == pytest.approx(22_239, abs=1)


@given(chinese, st.floats(1, 50_000), st.floats(-0.6, 0.6), st.floats(-0.6, 0.6))
def test_the_box_holds_every_point_of_the_circle(
    center: Point, radius: float, east: float, north: float
) -> None:
    other = Point(center.lng + east, center.lat + north)
    if distance_m(center, other) <= radius:
        assert box_around(center, radius).holds(other)


def test_the_box_is_not_wasteful() -> None:
    box = box_around(Point(121.26, 30.17), 100)
    assert distance_m(Point(box.west, 30.17), Point(box.east, 30.17)) == pytest.approx(200, abs=1)
    assert distance_m(Point(121, box.south), Point(121, box.north)) == pytest.approx(200, abs=1)
    assert box_around(Point(10, 89.9999), 1000)[:3:2] == (-180.0, 180.0)


def test_what_lies_on_earth() -> None:
    assert is_point(121.26, 30.17)
    assert not is_point(181, 0)
    assert not is_point(0, 91)
    assert not is_point(float("nan"), 0)
