"""The map: points find their grid, faults of outlines are told, gaps and overlaps are listed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from linli.kernel.errors import Invalid
from linli.kernel.geo import Point, wgs84_to_bd09, wgs84_to_gcj02
from linli.modules.divisions import actions, checks, maps
from linli.modules.divisions.models import Estimate, Outline, PastOutline
from linli.modules.divisions.places import place_at
from linli.platform.access.public import Actor, Level, Unit, acting
from tests.cast import Cast

NOON = datetime(2026, 11, 20, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
DAY = date(2024, 3, 1)
WEST, SOUTH = 121.2, 30.1


def square(x: float, y: float, wide: float = 0.01) -> dict[str, Any]:
    w, s = WEST + x, SOUTH + y
    ring = [(w, s), (w + wide, s), (w + wide, s + wide), (w, s + wide), (w, s)]
    return {"type": "Polygon", "coordinates": [[list(point) for point in ring]]}


@pytest.fixture
def officer(cast: Cast) -> Any:
    with acting(cast.actor("city_officer")) as actor:
        yield actor


def second_grid(cast: Cast, officer: Actor) -> Unit:
    return actions.open_unit(
        by=officer, at=NOON, parent=cast.community, level=Level.GRID, name="第二网格", on=DAY
    )


def test_a_point_finds_its_grid_in_every_system(cast: Cast, officer: Actor) -> None:
    actions.set_boundary(by=officer, at=NOON, unit=cast.grid, shape=square(0, 0), on=DAY)
    inside, outside = Point(WEST + 0.005, SOUTH + 0.005), Point(WEST + 0.05, SOUTH)
    for system, shown in (
        ("wgs84", inside), ("gcj02", wgs84_to_gcj02(inside)), ("bd09", wgs84_to_bd09(inside)),
    ):  # fmt: skip
        found = maps.grid_at(shown, system=system)
        assert found is not None
        assert found.unit_id == cast.grid.pk
    assert maps.grid_at(outside) is None
    assert maps.grid_at(Point(float("nan"), 30.0)) is None
    assert [p and p.name for p in maps.grids_at([outside, inside])] == [None, "第一网格"]


def test_where_no_grid_is_drawn_the_community_answers(cast: Cast, officer: Actor) -> None:
    actions.set_boundary(by=officer, at=NOON, unit=cast.community, shape=square(0, 0, 0.02), on=DAY)
    actions.set_boundary(by=officer, at=NOON, unit=cast.grid, shape=square(0, 0), on=DAY)
    assert place_at(Point(WEST + 0.005, SOUTH + 0.005), on=DAY) == cast.grid
    assert place_at(Point(WEST + 0.015, SOUTH + 0.015), on=DAY) == cast.community
    assert maps.grid_at(Point(WEST + 0.015, SOUTH + 0.015)) is None


def test_the_map_is_read_again_after_a_change(cast: Cast, officer: Actor) -> None:
    actions.set_boundary(by=officer, at=NOON, unit=cast.grid, shape=square(0, 0), on=DAY)
    assert maps.grid_at(Point(WEST + 0.005, SOUTH + 0.005)) is not None
    actions.set_boundary(
        by=officer, at=NOON, unit=cast.grid, shape=square(0.02, 0), on=date(2025, 1, 1)
    )
    assert maps.grid_at(Point(WEST + 0.005, SOUTH + 0.005)) is None
    past = PastOutline.objects.get(unit=cast.grid)
    assert (past.starts, past.ends) == (DAY, date(2025, 1, 1))


BOW_TIE = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}


@pytest.mark.parametrize(
    "shape",
    [
        None, {}, {"type": "Point", "coordinates": [121, 30]}, {"type": "Polygon"},
        {"type": "Polygon", "coordinates": [[["a", "b"]]]}, {"type": "Polygon", "coordinates": []},
        BOW_TIE, {"type": "Polygon", "coordinates": [[[500, 0], [501, 0], [501, 1], [500, 0]]]},
    ],
)  # fmt: skip
def test_what_is_no_outline_is_refused(cast: Cast, officer: Actor, shape: Any) -> None:
    with pytest.raises(Invalid) as fault:
        actions.set_boundary(by=officer, at=NOON, unit=cast.grid, shape=shape, on=DAY)
    assert fault.value.faults["shape"]
    assert not Outline.objects.exists()


def test_outside_and_overlap_are_refused(cast: Cast, officer: Actor) -> None:
    actions.set_boundary(by=officer, at=NOON, unit=cast.community, shape=square(0, 0, 0.02), on=DAY)
    with pytest.raises(Invalid):
        actions.set_boundary(by=officer, at=NOON, unit=cast.grid, shape=square(0.05, 0), on=DAY)
    actions.set_boundary(by=officer, at=NOON, unit=cast.grid, shape=square(0, 0), on=DAY)
    other = second_grid(cast, officer)
    with pytest.raises(Invalid) as fault:
        actions.set_boundary(by=officer, at=NOON, unit=other, shape=square(0.005, 0), on=DAY)
    assert "第一网格" in fault.value.faults["shape"]
    actions.set_boundary(by=officer, at=NOON, unit=other, shape=square(0.01, 0), on=DAY)


def feature(name: str, shape: Any, code: str = "") -> dict[str, Any]:
    return {"type": "Feature", "properties": {"name": name, "code": code}, "geometry": shape}


def test_an_import_is_taken_whole_or_not_at_all(cast: Cast, officer: Actor) -> None:
    good = [feature("第一网格", square(0, 0)), feature("第二网格", square(0.01, 0))]
    bad = [*good, feature("第三网格", square(0.015, 0)), feature("", square(0.05, 0.05)),
           feature("第四网格", BOW_TIE), feature("某", square(0.07, 0), "9" * 12)]  # fmt: skip
    done = actions.import_grids(
        by=officer, at=NOON, within=cast.community, collection={"features": bad}, on=DAY
    )
    assert sorted({wrong.feature for wrong in done.faults}) == [2, 4, 5, 6]
    assert not Outline.objects.exists()
    done = actions.import_grids(
        by=officer, at=NOON, within=cast.community, collection={"features": bad[:3]}, on=DAY
    )
    assert [wrong.feature for wrong in done.faults] == [2]
    for expected in ((1, 1, 0), (0, 0, 2)):
        done = actions.import_grids(
            by=officer, at=NOON, within=cast.community, collection={"features": good}, on=DAY
        )
        assert (done.opened, done.redrawn, done.unchanged) == expected
    assert actions.import_grids(
        by=officer, at=NOON, within=cast.community, collection=[], on=DAY
    ).faults


def test_merged_grids_lie_where_both_lay(cast: Cast, officer: Actor) -> None:
    other = second_grid(cast, officer)
    for unit, x, households in ((cast.grid, 0.0, 300), (other, 0.01, 200)):
        actions.set_boundary(by=officer, at=NOON, unit=unit, shape=square(x, 0), on=DAY)
        actions.estimate(by=officer, at=NOON, unit=unit, households=households, on=DAY)
    later = date(2025, 1, 1)
    actions.merge(by=officer, at=NOON, sources=[other], into=cast.grid, on=later)
    found = maps.grid_at(Point(WEST + 0.015, SOUTH + 0.005))
    assert found is not None
    assert found.unit_id == cast.grid.pk
    assert Estimate.objects.get(unit=cast.grid).households == 500
    assert not Outline.objects.filter(unit=other).exists()


def test_checks_list_what_is_missing(cast: Cast, officer: Actor) -> None:
    actions.set_boundary(by=officer, at=NOON, unit=cast.community, shape=square(0, 0, 0.02), on=DAY)
    actions.set_boundary(by=officer, at=NOON, unit=cast.grid, shape=square(0, 0), on=DAY)
    actions.estimate(by=officer, at=NOON, unit=cast.grid, households=900, on=DAY)
    found = checks.checks(officer, on=NOON.date())
    assert [gap.unit.name for gap in found.gaps] == ["青少年宫路社区"]
    assert {unit.name for unit in found.without_grids} == {"金山社区", "舒苑社区"}
    assert [unit.name for unit in found.without_worker] == ["第一网格"]
    size = next(size for size in found.sizes if size.unit.pk == cast.community.pk)
    assert size.households == 900
    assert size.verdict == "small"
    assert (size.workers_needed, size.leaders_needed) == (3, 2)
    then = checks.checks(officer, on=date(2020, 6, 1))
    size = next(size for size in then.sizes if size.unit.pk == cast.community.pk)
    assert size.verdict == "large"


def test_a_new_unit_lies_where_its_parts_lay(cast: Cast, officer: Actor) -> None:
    other = second_grid(cast, officer)
    for unit, x in ((cast.grid, 0.0), (other, 0.01)):
        actions.set_boundary(by=officer, at=NOON, unit=unit, shape=square(x, 0), on=DAY)
    fresh = actions.merge(
        by=officer, at=NOON, sources=[cast.grid, other], into=actions.NewUnit("合并网格"),
        on=date(2025, 1, 1),
    )  # fmt: skip
    found = maps.grid_at(Point(WEST + 0.015, SOUTH + 0.005))
    assert found is not None
    assert found.unit_id == fresh.pk
