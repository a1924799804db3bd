"""When, where and of what kind the reports of the past year come: by season, hour and hot spot."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import accumulate
from typing import Any

import shapely

from linli.demo import words
from linli.demo.lives import Seed
from linli.kernel.geo import Point
from linli.modules.cases.models import Category
from linli.platform.access.models import Unit

CONTAINS: Any = shapely.contains_xy
HOT_SPOTS = 28
AT_A_HOT_SPOT = 0.22
NOISE_M = 18.0
METRES_A_DEGREE = 111_195.0
# The share of reports in each hour of the day, by how a kind comes in.
HOURS = {
    "d": (0, 0, 0, 0, 0, 0, 2, 5, 9, 10, 9, 7, 5, 6, 8, 9, 9, 8, 5, 4, 3, 1, 0, 0),
    "e": (1, 0, 0, 0, 0, 0, 1, 3, 3, 2, 2, 2, 3, 2, 2, 2, 3, 6, 10, 13, 13, 10, 6, 3),
    "n": (3, 1, 0, 0, 0, 0, 1, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 4, 6, 9, 11, 11, 9, 6),
    "m": (0, 0, 0, 0, 0, 1, 6, 14, 12, 8, 5, 3, 2, 2, 2, 3, 4, 5, 4, 2, 1, 0, 0, 0),
    "a": (1, 1, 1, 1, 1, 1, 3, 5, 6, 7, 7, 6, 5, 5, 6, 6, 6, 6, 7, 7, 6, 4, 3, 2),
}
SEASONS: Mapping[str, tuple[float, ...]] = {
    ".": (1,) * 12,
    "s": (0.5, 0.5, 0.7, 0.9, 1.2, 1.5, 1.8, 1.8, 1.4, 1.0, 0.7, 0.5),
    "w": (1.7, 1.6, 1.1, 0.8, 0.7, 0.7, 0.8, 0.8, 0.8, 0.9, 1.3, 1.6),
    "r": (0.7, 0.8, 0.9, 1.0, 1.2, 1.9, 1.5, 1.3, 1.2, 0.7, 0.6, 0.6),
    "p": (0.7, 0.9, 1.6, 1.7, 1.3, 1.0, 0.9, 0.8, 0.9, 1.0, 0.8, 0.6),
    "u": (1.3, 1.4, 0.6, 0.6, 0.6, 1.1, 2.4, 2.2, 0.9, 0.6, 0.6, 0.7),
}
WEEKDAYS = (1.08, 1.04, 1.0, 1.0, 1.03, 0.95, 0.9)


@dataclass(frozen=True)
class Grid:
    """A grid one can be in: its shape, and how much happens there."""

    unit: Unit
    community: Unit
    shape: Any
    weight: float


@dataclass(frozen=True, slots=True)
class HotSpot:
    """A corner from which the same complaint comes again and again."""

    grid: Grid
    point: Point
    place: str
    kind: words.Kind


class Year:
    """Draws reports; the same seed draws the same year before the same moment."""

    def __init__(
        self,
        grids: Sequence[Grid],
        categories: Mapping[str, Category],
        *,
        dice: random.Random,
        now: datetime,
        zone: tzinfo,
        place: Callable[[random.Random, str], str],
    ) -> None:
        self.grids, self.categories, self.dice, self.now, self.zone = (
            grids, categories, dice, now, zone,
        )  # fmt: skip
        self.place = place
        self.kinds = [kind for kind in words.kinds() if kind.code in categories]
        self._sums = list(accumulate(grid.weight for grid in grids))
        prone = [k for k in self.kinds if k.code in ("A01", "B01", "B07", "C03", "D03", "E01")]
        self.hot = [self._hot_spot(dice.choice(prone)) for _number in range(HOT_SPOTS)]

    def days(self, total: int) -> Iterator[tuple[date, list[Seed]]]:
        """The days of the past year with their reports in order, about `total` in all."""
        today = self.now.astimezone(self.zone).date()
        days = [today - timedelta(days=back) for back in range(365, -1, -1)]
        weights = [self._busy(day) for day in days]
        scale = total / sum(weights)
        for day, weight in zip(days, weights, strict=True):
            count = round(weight * scale)
            seeds = [self.seed(day) for _number in range(count)]
            yield day, sorted((s for s in seeds if s.at < self.now), key=lambda seed: seed.at)

    def seed(self, day: date, *, grid: Grid | None = None, code: str = "", **facts: Any) -> Seed:
        """One report of a day; where and what is drawn unless given."""
        dice = self.dice
        kind = next((k for k in self.kinds if k.code == code), None) or self._kind(day)
        hot = [spot for spot in self.hot if spot.kind is kind] if grid is None else []
        if hot and dice.random() < AT_A_HOT_SPOT:
            spot = dice.choice(hot)
            grid, point = spot.grid, _near(spot.point, dice)
            if not CONTAINS(spot.grid.shape, point.lng, point.lat):
                point = spot.point
            facts.setdefault("place", spot.place)
        else:
            grid = grid or self._grid()
            point = self.point_in(grid)
        hour = dice.choices(range(24), HOURS[kind.hours])[0]
        moment = time(hour, dice.randrange(60), dice.randrange(60))
        facts.setdefault("at", datetime.combine(day, moment, self.zone))
        facts.setdefault("point", point)
        return Seed(
            kind=kind, category=self.categories[kind.code], grid=grid.unit,
            community=grid.community, **facts,
        )  # fmt: skip

    def point_in(self, grid: Grid) -> Point:
        """A point of the grid."""
        west, south, east, north = grid.shape.bounds
        for _attempt in range(60):
            point = Point(
                round(self.dice.uniform(west, east), 6), round(self.dice.uniform(south, north), 6)
            )
            if CONTAINS(grid.shape, point.lng, point.lat):
                return point
        inside = grid.shape.representative_point()
        return Point(inside.x, inside.y)

    def _kind(self, day: date) -> words.Kind:
        weights = [kind.weight * SEASONS[kind.season][day.month - 1] for kind in self.kinds]
        return self.dice.choices(self.kinds, weights)[0]

    def _grid(self) -> Grid:
        return self.dice.choices(self.grids, cum_weights=self._sums)[0]

    def _hot_spot(self, kind: words.Kind) -> HotSpot:
        grid = self._grid()
        return HotSpot(grid, self.point_in(grid), self.place(self.dice, grid.community.name), kind)

    def _busy(self, day: date) -> float:
        noise = self.dice.uniform(0.85, 1.15)
        # The Spring Festival is quiet: about 40 days after the turn of the year.
        quiet = 0.55 if abs((day - date(day.year, 2, 10)).days) < 6 else 1.0
        return WEEKDAYS[day.weekday()] * noise * quiet


def _near(point: Point, dice: random.Random) -> Point:
    shrink = METRES_A_DEGREE * math.cos(math.radians(point.lat))
    return Point(
        round(point.lng + dice.gauss(0, NOISE_M) / shrink, 6),
        round(point.lat + dice.gauss(0, NOISE_M) / METRES_A_DEGREE, 6),
    )
