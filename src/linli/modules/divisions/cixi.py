"""The demo city: Cixi's real tree with its known moves, and grids drawn by a seeded hand.

No map of the real grids is public, and none is pretended: outlines and numbers of households made
here say so in their source.
"""

from __future__ import annotations

import csv
import math
import random
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np

from linli.modules.divisions.actions.bulk import NewGrid, open_grids, put_outlines
from linli.modules.divisions.actions.changing import change_parent
from linli.modules.divisions.actions.history import turn
from linli.modules.divisions.actions.loader import LoadReport, Progress, load_csv
from linli.modules.divisions.models import Kind, Outline, System, UnitCode
from linli.modules.divisions.reads import by_code
from linli.modules.divisions.seeds import DATA
from linli.modules.divisions.shapes import as_shape, planar
from linli.platform.access.public import Actor, Level, Unit, acting, acting_as_needed

SINCE = date(2009, 1, 1)
COUNTY = "330282"
CENTRE, WIDE, HIGH = (121.262, 30.186), 0.29, 0.145
"""Longitude and latitude of the made-up county, and its half axes in degrees."""
GRIDS_OF_A_COMMUNITY, GRIDS_OF_A_VILLAGE = (3, 6), (2, 4)
HOUSEHOLDS_IN_TOWN, HOUSEHOLDS_OUTSIDE = (260, 520), (140, 330)
DIGITS = 6
SAID = "演示数据：由程序生成，非实测"
ORDINALS = "一二三四五六七八九十"


def seed_cixi(
    *, at: datetime, by: Actor | None = None, since: date = SINCE, progress: Progress | None = None
) -> LoadReport:
    """Load the tree of Cixi, then the moves of communities between streets. Twice does no more."""
    actor = by or Actor.system("divisions.seed")
    with acting_as_needed(actor):
        report = load_csv(DATA / "cixi.csv", at=at, by=actor, since=since, progress=progress)
        if report.ok and report.total:
            for move in _lines(DATA / "cixi_moves.csv"):
                _retrace(move, by=actor, at=at, since=since)
            load_crosswalk(at=at, by=actor, on=since)
    return report


def _retrace(move: dict[str, str], *, by: Actor, at: datetime, since: date) -> None:
    unit = by_code(move["code"])
    before, after = by_code(move["before"]), by_code(move["after"])
    if unit is None or before is None or after is None:
        return
    change_parent(by=by, at=at, unit=unit, parent=before, on=since)
    before.refresh_from_db()
    change_parent(
        by=by, at=at, unit=unit, parent=after, on=date.fromisoformat(move["on"]),
        assumed=move["basis"] if move["assumed"] == "1" else "",
    )  # fmt: skip


def load_crosswalk(
    *, at: datetime, path: Path | None = None, by: Actor | None = None, on: date = SINCE
) -> int:
    """Give towns known by their statistics code their civil-affairs code too; how many got one.

    The two lists use the same digits for different places, so units are found by the statistics
    code alone and the other is stored under its own system. Codes already on record stay.
    """
    del at  # codes of a second system are facts of the shipped list, not acts of a person
    given = 0
    with acting(by or Actor.system("divisions.crosswalk")):
        for row in _lines(path or DATA / "crosswalk.csv"):
            nbs, mca = row["nbs_code_2023"], row["mca_code_2026"]
            unit = by_code(nbs) if nbs and mca else None
            if unit is None or UnitCode.objects.filter(unit=unit, system=System.MCA).exists():
                continue
            if UnitCode.objects.filter(system=System.MCA, code=mca, ends=None).exists():
                continue
            day = max(on, unit.opened)
            turn(UnitCode, unit, on=day, where={"system": System.MCA}, new={"code": mca})
            given += 1
    return given


def seed_grids(
    *,
    at: datetime,
    by: Actor | None = None,
    on: date = date(2020, 1, 1),
    seed: int = 330282,
    per_community: Callable[[Unit, random.Random], int] | None = None,
) -> list[Unit]:
    """Draw grids, communities and streets of Cixi without gaps or overlaps; returns the grids.

    The same seed draws the same map. Nothing is done when grids are there already.
    """
    actor = by or Actor.system("divisions.seed")
    county = by_code(COUNTY)
    if county is None:
        return []
    with acting_as_needed(actor):
        below = Unit.objects.filter(county.branch.where("key"), closed=None)
        if below.filter(level=Level.GRID).exists():
            return []
        dice = random.Random(seed)  # noqa: S311  a drawing, not a secret
        communities = list(below.filter(level=Level.COMMUNITY).order_by("key"))
        counts = [(per_community or _how_many)(unit, dice) for unit in communities]
        cells = _cells(communities, counts, dice)
        wanted = [
            NewGrid(
                community, f"第{_ordinal(number)}网格", _plain(cell), _households(community, dice),
                dice.randint(6, 18),
            )
            for community, own in zip(communities, cells, strict=True)
            for number, cell in enumerate(own, start=1)
        ]  # fmt: skip
        grids = open_grids(by=actor, at=at, grids=wanted, on=on, source=SAID)
        _outline_above(communities, cells, on=on)
        return grids


def _how_many(unit: Unit, dice: random.Random) -> int:
    least, most = GRIDS_OF_A_COMMUNITY if unit.kind == Kind.COMMUNITY else GRIDS_OF_A_VILLAGE
    return dice.randint(least, most)


def _households(unit: Unit, dice: random.Random) -> int:
    least, most = HOUSEHOLDS_IN_TOWN if unit.kind == Kind.COMMUNITY else HOUSEHOLDS_OUTSIDE
    return dice.randint(least, most)


def _cells(
    communities: Sequence[Unit], counts: Sequence[int], dice: random.Random
) -> list[list[Any]]:
    """For each community its grids: cells around points that lie together, cut at the county."""
    county = planar.affinity.scale(
        planar.Point(CENTRE).buffer(1.0, quad_segs=24), WIDE, HIGH, origin=CENTRE
    )
    points, owner = [], []
    for number, (box, count) in enumerate(zip(_boxes(communities, counts), counts, strict=True)):
        for place in range(count):
            points.append(_to_ellipse(_inside(box, place, count, dice)))
            owner.append(number)
    drawn = planar.voronoi_polygons(planar.MultiPoint(points), extend_to=county, ordered=True)
    cut = planar.intersection(np.array(drawn.geoms), county)
    cells: list[list[Any]] = [[] for _community in communities]
    for number, cell in zip(owner, cut, strict=True):
        cells[number].append(cell)
    return cells


Box = tuple[float, float, float, float]


def _boxes(communities: Sequence[Unit], counts: Sequence[int]) -> Iterator[Box]:
    """A place in the unit square for each community; those of one street lie together."""
    streets: dict[Any, list[int]] = {}
    for number, unit in enumerate(communities):
        streets.setdefault(unit.parent_id, []).append(number)
    weights = [float(sum(counts[n] for n in own)) for own in streets.values()]
    placed: dict[int, Box] = {}
    whole = (0.0, 0.0, 1.0, 1.0)
    for street, own in zip(_shared(whole, weights), streets.values(), strict=True):
        for box, number in zip(_shared(street, [float(counts[n]) for n in own]), own, strict=True):
            placed[number] = box
    return (placed[number] for number in range(len(communities)))


def _shared(box: Box, weights: Sequence[float]) -> list[Box]:
    """A rectangle divided by weight: halves of the longer side, again and again."""
    if len(weights) == 1:
        return [box]
    middle = len(weights) // 2
    part = sum(weights[:middle]) / sum(weights)
    west, south, east, north = box
    if (east - west) * WIDE >= (north - south) * HIGH:
        cut = west + (east - west) * part
        first, second = (west, south, cut, north), (cut, south, east, north)
    else:
        cut = south + (north - south) * part
        first, second = (west, south, east, cut), (west, cut, east, north)
    return _shared(first, weights[:middle]) + _shared(second, weights[middle:])


def _inside(box: Box, place: int, count: int, dice: random.Random) -> tuple[float, float]:
    west, south, east, north = box
    wide = math.ceil(math.sqrt(count))
    high = math.ceil(count / wide)
    x = (place % wide + 0.5 + dice.uniform(-0.3, 0.3)) / wide
    y = (place // wide + 0.5 + dice.uniform(-0.3, 0.3)) / high
    return west + (east - west) * x, south + (north - south) * y


def _to_ellipse(square: tuple[float, float]) -> tuple[float, float]:
    """From the unit square into the ellipse, keeping neighbours together."""
    x, y = 2 * square[0] - 1, 2 * square[1] - 1
    round_x, round_y = x * math.sqrt(1 - y * y / 2), y * math.sqrt(1 - x * x / 2)
    return CENTRE[0] + WIDE * round_x, CENTRE[1] + HIGH * round_y


def _plain(cell: Any) -> dict[str, Any]:
    rounded = planar.set_precision(cell, 10.0**-DIGITS)
    return as_shape(rounded)


def _outline_above(communities: Sequence[Unit], cells: Sequence[list[Any]], *, on: date) -> None:
    shapes = [
        planar.union_all([planar.set_precision(cell, 10.0**-DIGITS) for cell in own])
        for own in cells
    ]
    placed = list(zip(communities, shapes, strict=True))
    by_street: dict[Any, list[Any]] = {}
    for community, shape in placed:
        by_street.setdefault(community.parent_id, []).append(shape)
    streets = Unit.objects.in_bulk(list(by_street))
    drawn = [(unit, as_shape(shape)) for unit, shape in placed]
    drawn += [(streets[pk], as_shape(planar.union_all(own))) for pk, own in by_street.items()]
    county = next(iter(streets.values())).parent
    if county is not None:
        drawn.append((county, as_shape(planar.union_all(shapes))))
    known = set(Outline.objects.values_list("unit_id", flat=True))
    put_outlines([(unit, shape) for unit, shape in drawn if unit.pk not in known], on=on)


def _ordinal(number: int) -> str:
    if number <= len(ORDINALS):
        return ORDINALS[number - 1]
    return f"十{ORDINALS[number - 11]}" if number < 2 * len(ORDINALS) else str(number)


def _lines(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
