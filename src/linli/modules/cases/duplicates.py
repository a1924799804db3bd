"""Likely duplicates of a report, found before it is filed."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from linli.kernel.geo import Box, Point, box_around, distance_m
from linli.modules.cases.models import Case, Category
from linli.modules.cases.states import OPEN
from linli.platform.access.actor import Actor
from linli.platform.access.scope import acting

AT_MOST = 5
# Squares of 1/200 degree (about 500 m): a search looks at the few squares its circle touches.
SQUARES_A_DEGREE = 200
ROW = 100_000


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An open case that may be the same matter."""

    case: Case
    metres: int
    same_category: bool


def cell_of(point: Point) -> int:
    """The square a point lies in."""
    return _cell(math.floor(point.lat * SQUARES_A_DEGREE), math.floor(point.lng * SQUARES_A_DEGREE))


def cells_in(box: Box) -> list[int]:
    """The squares a box touches."""
    rows = range(
        math.floor(box.south * SQUARES_A_DEGREE), math.floor(box.north * SQUARES_A_DEGREE) + 1
    )
    columns = range(
        math.floor(box.west * SQUARES_A_DEGREE), math.floor(box.east * SQUARES_A_DEGREE) + 1
    )
    return [_cell(row, column) for row in rows for column in columns]


def likely_duplicates(
    category: Category, point: Point | None, *, at: datetime, other_than: Case | None = None
) -> list[Neighbour]:
    """At most five open cases the actor may see: same or sibling category, near, recent.

    Radius (metres) and days are those of the category; the same category first, then the nearest.
    """
    if point is None:
        return []
    box = box_around(point, category.duplicate_radius_m)
    found = (
        Case.objects.filter(
            state__in=OPEN,
            cell__in=cells_in(box),
            category__group_code=category.group_code,
            reported_at__gte=at - timedelta(days=category.duplicate_days),
        )
        .select_related("category", "unit")
        .only(
            "number",
            "state",
            "place",
            "lng",
            "lat",
            "reported_at",
            "due_at",
            "paused_at",
            "category__name_zh",
            "category__name_en",
            "category__shown_publicly",
            "unit__name",
            "unit_key",
        )
    )
    if other_than is not None:
        found = found.exclude(pk=other_than.pk)
    near = [
        Neighbour(
            case=case,
            metres=round(distance_m(point, Point(case.lng or 0.0, case.lat or 0.0))),
            same_category=case.category_id == category.pk,
        )
        for case in found
    ]
    near = [neighbour for neighbour in near if neighbour.metres <= category.duplicate_radius_m]
    near.sort(key=lambda neighbour: (not neighbour.same_category, neighbour.metres))
    return near[:AT_MOST]


def public_duplicates(category: Category, point: Point | None, *, at: datetime) -> list[Neighbour]:
    """What a reporter may see of `likely_duplicates`: kinds that are shown publicly, no words."""
    if not category.shown_publicly:
        return []
    with acting(Actor.system("duplicates")):
        near = likely_duplicates(category, point, at=at)
    return [neighbour for neighbour in near if neighbour.case.category.shown_publicly]


def _cell(row: int, column: int) -> int:
    return row * ROW + column
