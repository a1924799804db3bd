"""The demonstration city: Cixi's tree and grids, households of 2009, and everybody at work."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from linli.demo.crew import Crew, hire, posts_of, reserve
from linli.demo.password import PASSWORD
from linli.modules.divisions.models import Estimate
from linli.modules.divisions.public import Kind, by_code, estimate, seed_cixi, seed_grids
from linli.platform.access.actor import Actor
from linli.platform.access.models import Level, Unit
from linli.sites.roles import ensure_roles

SYSTEM = Actor.system("demo")
COUNTY = "330282"
# The consultative conference's report of 2009 on Cixi's communities.
COMMUNITIES_2009 = {
    "浒山街道": 25, "古塘街道": 10, "白沙路街道": 3, "宗汉街道": 1, "周巷镇": 6, "观海卫镇": 2,
    "横河镇": 1,
}  # fmt: skip
HOUSEHOLDS_2009 = 73_000
KNOWN_HOUSEHOLDS = {"330282004007": 2_800, "330282006007": 438}
COUNTED = date(2009, 12, 31)
SOURCE = "2009年全市48个社区约73000户20.2万人；分摊到网格的数为演示推算"
HOME, NEXT_DOOR = "330282006006", "330282006007"

# username → role, whose unit, name, who.
SIGN_IN: dict[str, tuple[str, str, str, str]] = {
    "hotline": ("hotline-clerk", "city", "孙晓燕", "热线坐席 · 慈溪市"),
    "worker": ("community-worker", "home", "王小芳", "社区工作者 · 青少年宫路社区"),
    "secretary": ("community-secretary", "home", "沈丽华", "社区书记 · 青少年宫路社区"),
    "grid": ("grid-worker", "grid", "李强", "网格员 · 青少年宫路社区第一网格"),
    "dispatch": ("street-dispatcher", "street", "陈建国", "街道分拨员 · 古塘街道"),
    "chengguan": ("street-urban-management", "street", "胡卫东", "街道城管岗 · 古塘街道"),
    "city": ("city-office", "city", "周立群", "市社建办 · 慈溪市"),
    "supervisor": ("city-supervisor", "city", "徐志明", "市督查员 · 慈溪市"),
    "auditor": ("auditor", "city", "罗敏", "审计员 · 慈溪市"),
    "neighbour": ("community-worker", "next", "叶秀英", "社区工作者 · 旦苑社区"),
}


@dataclass(frozen=True)
class City:
    """The units by level, who works there, and where the demonstration is at home."""

    county: Unit
    streets: list[Unit]
    communities: list[Unit]
    grids: list[Unit]
    households: Mapping[UUID, int]
    first: frozenset[str]
    crew: Crew
    home: Unit

    def grids_of(self, community: Unit) -> list[Unit]:
        """The grids of a community in order."""
        return [grid for grid in self.grids if grid.parent_id == community.pk]


def found(*, at: datetime, dice: random.Random) -> City:
    """Make the city as the system; runs in one transaction of the caller."""
    ensure_roles(at=at)
    seed_cixi(at=at, by=SYSTEM)
    seed_grids(at=at, by=SYSTEM)
    county = _unit(COUNTY)
    below = Unit.objects.filter(county.branch.where("key"), closed=None).order_by("key")
    known = {unit.pk: unit for unit in below}
    for unit in known.values():
        if unit.parent_id in known and unit.parent_id is not None:
            unit.parent = known[unit.parent_id]
    by_level: dict[int, list[Unit]] = {}
    for unit in known.values():
        by_level.setdefault(unit.level, []).append(unit)
    streets, communities, grids = (
        by_level[level] for level in (Level.STREET, Level.COMMUNITY, Level.GRID)
    )
    first = _of_2009(streets, communities)
    _count_2009([one for one in communities if one.key in first], grids, at=at, dice=dice)
    households = dict(Estimate.objects.values_list("unit_id", "households"))
    home, next_door = known[_unit(HOME).pk], known[_unit(NEXT_DOOR).pk]
    wanted = posts_of(
        county, streets, communities, grids,
        first=first, households=lambda grid: households.get(grid.pk, 0), dice=dice,
    )  # fmt: skip
    own_grid = next(grid for grid in grids if grid.parent_id == home.pk)
    street = known[home.parent_id] if home.parent_id else county
    where = {
        "city": county, "home": home, "next": next_door, "grid": own_grid, "street": street,
    }  # fmt: skip
    for username, (role, place, name, _who) in SIGN_IN.items():
        reserve(wanted, where[place].key, role, username, name)
    crew = hire(wanted, password=PASSWORD, at=at, dice=dice)
    return City(county, streets, communities, grids, households, first, crew, home)


def _unit(code: str) -> Unit:
    unit = by_code(code)
    if unit is None:
        raise LookupError(f"the list of divisions lacks {code}")
    return unit


def first_of_2009() -> frozenset[str]:
    """The keys of the communities that stand for the 48 of 2009."""
    below = Unit.objects.filter(_unit(COUNTY).branch.where("key"), closed=None).order_by("key")
    return _of_2009(
        list(below.filter(level=Level.STREET)), list(below.filter(level=Level.COMMUNITY))
    )


def _of_2009(streets: Sequence[Unit], communities: Sequence[Unit]) -> frozenset[str]:
    """The keys of the 48 communities: the first of each street, urban ones before villages."""
    first: set[str] = set()
    for street in streets:
        own = [one for one in communities if one.parent_id == street.pk]
        own.sort(key=lambda one: (one.kind != Kind.COMMUNITY, one.key))
        first |= {one.key for one in own[: COMMUNITIES_2009.get(street.name, 0)]}
    return frozenset(first)


def _count_2009(
    communities: Sequence[Unit], grids: Sequence[Unit], *, at: datetime, dice: random.Random
) -> None:
    """Set the households of the 48 communities so that they come to the city's 73,000."""
    told = {_unit(code).pk: count for code, count in KNOWN_HOUSEHOLDS.items()}
    others = [one for one in communities if one.pk not in told]
    rest = HOUSEHOLDS_2009 - sum(told[one.pk] for one in communities if one.pk in told)
    shares = shared(rest, [dice.uniform(0.6, 1.5) for _one in others])
    counts = told | {one.pk: count for one, count in zip(others, shares, strict=True)}
    for community in communities:
        own = [grid for grid in grids if grid.parent_id == community.pk]
        parts = shared(counts[community.pk], [dice.uniform(0.8, 1.2) for _grid in own])
        for grid, households in zip(own, parts, strict=True):
            estimate(
                by=SYSTEM, at=at, unit=grid, households=households, on=max(COUNTED, grid.opened),
                source=SOURCE,
            )  # fmt: skip


def shared(total: int, weights: Sequence[float]) -> list[int]:
    """Whole parts of `total` by weight that add up to it exactly."""
    whole, parts, given = sum(weights), [], 0
    so_far = 0.0
    for weight in weights:
        so_far += weight
        upto = round(total * so_far / whole)
        parts.append(upto - given)
        given = upto
    return parts
