"""What is missing or does not fit: gaps, overlaps, no grids, no workers, too large, too small."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Sum

from linli.modules.divisions.duties import Duty
from linli.modules.divisions.models import Estimate, Kind, Norm, Outline
from linli.modules.divisions.norms import norms_on
from linli.modules.divisions.shapes import Geometry, area_m2, geometry, planar
from linli.modules.divisions.workers import staffed_keys
from linli.platform.access.public import (
    Actor,
    Branch,
    Holding,
    Level,
    Unit,
    for_actor,
    keys_above,
    valid_on,
)

GAP_M2 = 200.0
OVERLAP_M2 = 50.0
"""Square metres below which a gap or an overlap is the width of a pencil line."""


@dataclass(frozen=True)
class Gap:
    """Ground of a community that no grid covers."""

    unit: Unit
    area_m2: float


@dataclass(frozen=True)
class Overlap:
    """Ground that two grids cover."""

    first: Unit
    second: Unit
    area_m2: float


@dataclass(frozen=True)
class Size:
    """A community beside the norms: verdict is small, fits, large or unknown."""

    unit: Unit
    households: int | None
    verdict: str
    workers: int
    workers_needed: int | None
    leaders: int
    leaders_needed: int | None
    leaders_at_most: int | None
    buildings: int | None
    building_leaders: int
    building_leaders_needed: int | None

    @property
    def short_of_workers(self) -> bool:
        return self.workers_needed is not None and self.workers < self.workers_needed

    @property
    def short_of_leaders(self) -> bool:
        return self.leaders_needed is not None and self.leaders < self.leaders_needed

    @property
    def short_of_building_leaders(self) -> bool:
        needed = self.building_leaders_needed
        return needed is not None and self.building_leaders < needed

    @property
    def is_short(self) -> bool:
        """Whether anybody is missing."""
        return self.short_of_workers or self.short_of_leaders or self.short_of_building_leaders


@dataclass
class Checks:
    """Everything found in a branch on a day."""

    gaps: list[Gap] = field(default_factory=list)
    overlaps: list[Overlap] = field(default_factory=list)
    without_grids: list[Unit] = field(default_factory=list)
    without_outline: list[Unit] = field(default_factory=list)
    without_worker: list[Unit] = field(default_factory=list)
    sizes: list[Size] = field(default_factory=list)
    norms: dict[str, Norm] = field(default_factory=dict)

    @property
    def misfits(self) -> list[Size]:
        """The communities that do not fit a norm."""
        return [size for size in self.sizes if size.verdict in {"small", "large"} or size.is_short]


def checks(actor: Actor, *, on: date, within: Branch | None = None) -> Checks:
    """Look through the actor's branch, or the part of it that lies in `within`."""
    branch = within if within is not None and actor.branch.covers(within) else actor.branch
    rows = Unit.objects.filter(branch.where("key"), closed=None).select_related("parent")
    communities = list(rows.filter(level=Level.COMMUNITY).order_by("key"))
    grids = list(rows.filter(level=Level.GRID).order_by("key"))
    shapes = {row.unit_id: geometry(row.shape) for row in Outline.objects.filter(branch.where())}
    found = Checks(norms=norms_on(on))
    below: dict[Any, list[Unit]] = {}
    for grid in grids:
        below.setdefault(grid.parent_id, []).append(grid)
    found.without_grids = [unit for unit in communities if unit.pk not in below]
    found.without_outline = [grid for grid in grids if grid.pk not in shapes]
    staffed = staffed_keys(branch, actor, Duty.GRID_WORKER, on=on)
    found.without_worker = [grid for grid in grids if grid.key not in staffed]
    found.gaps = [
        gap for unit in communities if unit.pk in below
        if (gap := _gap(unit, below[unit.pk], shapes)) is not None
    ]  # fmt: skip
    found.overlaps = _overlaps(grids, shapes)
    found.sizes = _sizes(communities, branch, actor, found.norms, on=on)
    return found


def _gap(unit: Unit, grids: list[Unit], shapes: dict[Any, Geometry]) -> Gap | None:
    drawn = [shapes[grid.pk] for grid in grids if grid.pk in shapes]
    if not drawn:
        return None
    covered = planar.union_all(drawn)
    whole = shapes.get(unit.pk)
    if whole is None:
        # Without an outline of the community itself, only holes between its grids are known gaps.
        parts = planar.get_parts(covered)
        whole = planar.union_all([planar.polygons(planar.get_exterior_ring(p)) for p in parts])
    area = area_m2(whole.difference(covered))
    return Gap(unit, area) if area > GAP_M2 else None


def _overlaps(grids: list[Unit], shapes: dict[Any, Geometry]) -> list[Overlap]:
    drawn = [grid for grid in grids if grid.pk in shapes]
    own = [shapes[grid.pk] for grid in drawn]
    if not own:
        return []
    found = []
    first, second = planar.STRtree(own).query(own, predicate="intersects")
    for left, right in zip(first.tolist(), second.tolist(), strict=True):
        if left < right:
            area = area_m2(own[left].intersection(own[right]))
            if area > OVERLAP_M2:
                found.append(Overlap(drawn[left], drawn[right], area))
    return found


def _sizes(
    communities: list[Unit], branch: Branch, actor: Actor, norms: dict[str, Norm], *, on: date
) -> list[Size]:
    households = households_of(branch)
    workers = _held(branch, actor, Duty.COMMUNITY_WORKER, Duty.GRID_WORKER, on=on)
    leaders = _held(branch, actor, Duty.GROUP_LEADER, on=on)
    buildings = buildings_of(branch)
    heads = _held(branch, actor, Duty.BUILDING_LEADER, on=on)
    return [
        _size(
            unit, norms, households=households.get(unit.key), workers=workers[unit.key],
            leaders=leaders[unit.key], buildings=buildings.get(unit.key),
            building_leaders=heads[unit.key],
        )
        for unit in communities
    ]  # fmt: skip


def _size(
    unit: Unit, norms: dict[str, Norm], *, households: int | None, workers: int, leaders: int,
    buildings: int | None, building_leaders: int,
) -> Size:  # fmt: skip
    def needed(slug: str, of: int | None) -> int | None:
        norm = norms.get(slug)
        if of is None or norm is None or not norm.value:
            return None
        return math.ceil(Decimal(of) / norm.value)

    least, most = norms.get("community.households.least"), norms.get("community.households.most")
    verdict = "fits"
    if households is None or unit.kind not in {Kind.COMMUNITY, Kind.PLAIN}:
        verdict = "unknown" if households is None else "fits"
    elif least is not None and households < least.value:
        verdict = "small"
    elif most is not None and households > most.value:
        verdict = "large"
    return Size(
        unit=unit, households=households, verdict=verdict, workers=workers,
        workers_needed=needed("worker.households", households), leaders=leaders,
        leaders_needed=needed("group_leader.households.most", households),
        leaders_at_most=needed("group_leader.households.least", households),
        buildings=buildings, building_leaders=building_leaders,
        building_leaders_needed=needed("building_leader.buildings", buildings),
    )  # fmt: skip


def households_of(branch: Branch) -> dict[str, int]:
    """Households by the key of the community: its own number, else the sum of its grids."""
    grids = (
        Estimate.objects.filter(branch.where(), unit__level=Level.GRID, unit__closed=None)
        .values("unit__parent__key").annotate(total=Sum("households"))
    )  # fmt: skip
    found = {row["unit__parent__key"]: row["total"] for row in grids}
    own = Estimate.objects.filter(branch.where(), unit__level=Level.COMMUNITY, unit__closed=None)
    found.update(own.values_list("unit_key", "households"))
    return found


def buildings_of(branch: Branch) -> dict[str, int]:
    """Buildings by the key of the community: its own number, else the sum of its grids.

    A community one of whose grids has households but no number of buildings is left out: half a
    sum would pass for the whole.
    """
    grids = (
        Estimate.objects.filter(branch.where(), unit__level=Level.GRID, unit__closed=None)
        .values("unit__parent__key")
        .annotate(total=Sum("buildings"), told=Count("buildings"), whole=Count("pk"))
        .filter(told=F("whole"))
    )
    found = {row["unit__parent__key"]: row["total"] for row in grids}
    own = Estimate.objects.filter(
        branch.where(), unit__level=Level.COMMUNITY, unit__closed=None, buildings__isnull=False
    )
    found.update(own.values_list("unit_key", "buildings"))
    return found


def _held(branch: Branch, actor: Actor, *duties: Duty, on: date) -> Counter[str]:
    """How many people hold posts of these duties in each community, its grids included."""
    held = for_actor(Holding.objects.filter(valid_on(on), branch.where()), actor).filter(
        post__role__slug__in=[duty.value for duty in duties]
    )
    counted: Counter[str] = Counter()
    for key in held.values_list("unit_key", flat=True):
        for above in keys_above(key):
            counted[above] += 1
    return counted
