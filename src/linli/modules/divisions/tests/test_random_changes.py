"""Any sequence of verbs keeps every row in one open unit, keys true, every past day readable."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linli.kernel.errors import LinliError
from linli.modules.divisions import actions, reads
from linli.modules.divisions.models import Placement, UnitName
from linli.platform.access.public import Actor, Level, Post, Role, Unit, acting

START = date(2024, 1, 1)
AT = datetime(2026, 11, 20, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
TODAY = AT.date()
STEP = st.tuples(
    st.sampled_from(["open", "close", "rename", "move", "merge", "merge_new", "split"]),
    st.integers(0, 40),
    st.integers(0, 40),
    st.integers(0, 3),
)


def sow(by: Actor) -> Role:
    """Two streets, two communities each, two grids each; a post in every unit."""

    def opened(parent: Unit | None, level: int, name: str) -> Unit:
        return actions.open_unit(by=by, at=AT, parent=parent, level=level, name=name, on=START)

    role = Role.objects.create(slug="sown", name="岗位", verbs=[])
    province = opened(None, Level.PROVINCE, "省")
    city = opened(opened(province, Level.CITY, "市"), Level.COUNTY, "县")
    for street in ("甲街道", "乙街道"):
        above = opened(city, Level.STREET, street)
        for community in ("一社区", "二社区"):
            under = opened(above, Level.COMMUNITY, street[0] + community)
            for grid in ("东网格", "西网格"):
                opened(under, Level.GRID, grid)
    for unit in Unit.objects.all():
        post = Post(title=unit.name, role=role, opened=START)
        post.place_in(unit)
        post.save()
    return role


def tread(by: Actor, step: tuple[str, int, int, int], on: date) -> None:
    """One verb on units picked by number; what does not fit is refused and changes nothing."""
    verb, first, second, third = step
    units = list(Unit.objects.filter(closed=None, level__gte=Level.STREET).order_by("key"))
    unit, other = units[first % len(units)], units[second % len(units)]
    if verb == "open":
        actions.open_unit(
            by=by, at=AT, parent=unit, level=min(unit.level + 1, Level.GRID), name="新", on=on
        )
    elif verb == "close":
        actions.close_unit(by=by, at=AT, unit=unit, on=on)
    elif verb == "rename":
        actions.rename(by=by, at=AT, unit=unit, name=f"{unit.name[:20]}{third}", on=on)
    elif verb == "move":
        actions.change_parent(by=by, at=AT, unit=unit, parent=other, on=on)
    elif verb == "merge":
        actions.merge(by=by, at=AT, sources=[unit], into=other, on=on)
    elif verb == "merge_new":
        actions.merge(by=by, at=AT, sources=[unit, other], into=actions.NewUnit("合"), on=on)
    else:
        below = list(Unit.objects.filter(parent=unit, closed=None).order_by("key"))
        cut = third % (len(below) + 1)
        parts = [actions.Part("上", below[:cut]), actions.Part("下", below[cut:])]
        actions.split(by=by, at=AT, unit=unit, parts=parts, on=on, rest=third % 2)


def snapshot(on: date) -> set[tuple[Any, ...]]:
    return {(n.id, n.parent_id, n.name) for n in reads.as_of(on)}


def look(posts: int) -> None:
    """Everything that must hold at any time."""
    open_units = list(Unit.objects.filter(closed=None).select_related("parent"))
    for unit in open_units:
        stem = unit.parent.key if unit.parent else ""
        assert unit.key.startswith(stem)
        assert unit.key.count("/") == stem.count("/") + 1
        assert unit.parent is None or unit.parent.closed is None
        placed = Placement.objects.get(unit=unit, ends=None)
        assert placed.parent_id == unit.parent_id
        assert UnitName.objects.get(unit=unit, ends=None).name == unit.name
    assert Post.objects.count() == posts
    for post in Post.objects.select_related("unit"):
        assert post.unit.closed is None
        assert post.unit_key == post.unit.key
    tree = reads.as_of(TODAY)
    assert {node.id for node in tree} == {unit.pk for unit in open_units}
    for top in Unit.objects.filter(closed=None, level__lt=Level.GRID):
        climbed = reads.roll_up(top, on=TODAY, today=TODAY + timedelta(days=1))
        by_key = reads.roll_up(top, on=TODAY, today=TODAY)
        assert {k: v.levels for k, v in climbed.items()} == {k: v.levels for k, v in by_key.items()}


@pytest.mark.slow
@pytest.mark.django_db
@settings(
    max_examples=25, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(steps=st.lists(STEP, min_size=1, max_size=8))
def test_nothing_is_lost_whatever_happens(db: Any, steps: list[tuple[str, int, int, int]]) -> None:
    by = Actor.system("test")
    with transaction.atomic():
        with acting(by):
            sow(by)
            posts = Post.objects.count()
            remembered: dict[date, set[tuple[Any, ...]]] = {}
            for number, step in enumerate(steps):
                on = START + timedelta(days=30 * (number + 1))
                remembered[on - timedelta(days=1)] = snapshot(on - timedelta(days=1))
                try:
                    with transaction.atomic():
                        tread(by, step, on)
                except LinliError:
                    pass
                look(posts)
            for day, tree in remembered.items():
                assert snapshot(day) == tree
        transaction.set_rollback(True)
