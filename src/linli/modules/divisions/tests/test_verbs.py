"""Verbs of the tree on the small cast: what moves, what stays on record, what is refused."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from linli.kernel.errors import Closed, Forbidden, Invalid
from linli.modules.divisions import actions, reads
from linli.modules.divisions.actions import planning, rehome
from linli.modules.divisions.actions.planning import Order
from linli.modules.divisions.models import Placement, Plan, PlanState, Successor, UnitCode
from linli.modules.divisions.rules import Verb
from linli.modules.divisions.workers import posts_upward, workers_of
from linli.platform.access.public import Actor, Holding, Level, Post, Role, Unit, acting
from linli.platform.changes.public import Entry
from tests.cast import Cast

TODAY = date(2026, 11, 20)
NOON = datetime(2026, 11, 20, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
BEFORE = date(2021, 5, 1)
DAY = date(2024, 3, 1)


@pytest.fixture
def officer(cast: Cast) -> Any:
    with acting(cast.actor("city_officer")) as actor:
        yield actor


def key_of(unit: Unit) -> str:
    return Unit.objects.values_list("key", flat=True).get(pk=unit.pk)


def test_a_community_moves_with_its_grids_and_posts(cast: Cast, officer: Actor) -> None:
    moved = actions.change_parent(
        by=officer, at=NOON, unit=cast.community, parent=cast.other_street, on=DAY
    )
    assert key_of(cast.community) == "33/02/82/003/012/"
    assert key_of(cast.grid) == "33/02/82/003/012/001/"
    assert Post.objects.get(pk=cast.post("grid_worker").pk).unit_key == "33/02/82/003/012/001/"
    assert moved["access.post"] == 3
    assert moved["access.holding"] == 3
    then = [node.name for node in reads.path(cast.community.pk, on=BEFORE)]
    now = [node.name for node in reads.path(cast.community.pk, on=DAY)]
    assert then[-1] == "青少年宫路社区"
    assert now[-1] == "青少年宫路社区"
    assert [p.parent.name for p in reads.history(cast.community.pk).placements if p.parent] == [
        "古塘街道", "浒山街道",
    ]  # fmt: skip


def test_a_taken_segment_gets_a_number_behind(cast: Cast, officer: Actor) -> None:
    actions.open_unit(
        by=officer, at=NOON, parent=cast.other_street, level=Level.COMMUNITY, name="新社区",
        on=BEFORE, code="330282006012",
    )  # fmt: skip
    actions.change_parent(
        by=officer, at=NOON, unit=cast.community, parent=cast.other_street, on=DAY
    )
    assert key_of(cast.community) == "33/02/82/003/012-2/"
    actions.change_parent(by=officer, at=NOON, unit=cast.community, parent=cast.street, on=TODAY)
    assert key_of(cast.community) == "33/02/82/001/012/"


def test_merging_hands_over_everything(cast: Cast, officer: Actor) -> None:
    posts = Post.objects.count()
    merged = actions.merge(
        by=officer, at=NOON, sources=[cast.community], into=cast.other_community, on=DAY
    )
    cast.community.refresh_from_db()
    assert cast.community.closed == DAY
    assert Post.objects.filter(unit=cast.community).count() == 0
    assert Post.objects.count() == posts
    assert Post.objects.get(pk=cast.post("clerk").pk).unit_key == merged.key
    assert key_of(cast.grid).startswith(merged.key)
    assert Successor.objects.get(before=cast.community).after_id == merged.pk
    entry = Entry.objects.filter(subject_id=merged.pk, verb=Verb.MERGE).get()
    assert entry.facts["from"] == "青少年宫路社区"
    assert entry.facts["moved"]["access.post"] == 3


def test_merging_into_a_new_unit(cast: Cast, officer: Actor) -> None:
    fresh = actions.merge(
        by=officer, at=NOON, sources=[cast.community, cast.other_community],
        into=actions.NewUnit("青金社区", "330282004099"), on=DAY,
    )  # fmt: skip
    assert fresh.key == "33/02/82/001/099/"
    assert {s.before.name for s in reads.history(fresh.pk).predecessors} == {
        "青少年宫路社区", "金山社区",
    }  # fmt: skip
    then = {node.name for node in reads.children(cast.street.pk, on=date(2024, 2, 29))}
    now = {node.name for node in reads.children(cast.street.pk, on=DAY)}
    assert then == {"青少年宫路社区", "金山社区"}
    assert now == {"青金社区"}


def test_splitting_needs_every_child_exactly_once(cast: Cast, officer: Actor) -> None:
    half = actions.Part("东社区", [cast.grid])
    with pytest.raises(Invalid) as fault:
        actions.split(by=officer, at=NOON, unit=cast.community, parts=[half, half], on=DAY)
    assert "parts" in fault.value.faults
    east, west = actions.split(
        by=officer, at=NOON, unit=cast.community, parts=[half, actions.Part("西社区")], on=DAY,
        rest=1,
    )  # fmt: skip
    assert key_of(cast.grid).startswith(east.key)
    assert Post.objects.get(pk=cast.post("clerk").pk).unit_id == west.pk
    assert Post.objects.get(pk=cast.post("grid_worker").pk).unit_key == key_of(cast.grid)


def test_abolishing_needs_an_empty_unit_and_bequeaths_the_rest(cast: Cast, officer: Actor) -> None:
    with pytest.raises(Invalid):
        actions.close_unit(by=officer, at=NOON, unit=cast.community, on=DAY)
    actions.close_unit(by=officer, at=NOON, unit=cast.grid, on=DAY)
    assert Post.objects.get(pk=cast.post("grid_worker").pk).unit_id == cast.community.pk
    with pytest.raises(Closed):
        actions.rename(by=officer, at=NOON, unit=cast.grid, name="旧网格", on=TODAY)


def test_names_and_codes_are_dated(cast: Cast, officer: Actor) -> None:
    actions.change_code(by=officer, at=NOON, unit=cast.community, code="330282004012", on=BEFORE)
    actions.rename(by=officer, at=NOON, unit=cast.community, name="青少年宫社区", on=DAY)
    actions.change_code(by=officer, at=NOON, unit=cast.community, code="330282004112", on=DAY)
    assert reads.by_code("330282004012") is None
    assert reads.by_code("330282004012", on=date(2023, 1, 1)) == cast.community
    assert reads.by_code("330282004112") == cast.community
    assert reads.code_of(cast.community.pk, on=date(2023, 1, 1)) == "330282004012"
    assert reads.by_code("330282004112", system="mca") is None
    assert key_of(cast.community) == "33/02/82/001/012/"


def test_the_same_digits_may_name_two_places_in_two_systems(cast: Cast, officer: Actor) -> None:
    actions.change_code(by=officer, at=NOON, unit=cast.street, code="330282004", on=DAY)
    actions.change_code(
        by=officer, at=NOON, unit=cast.other_street, code="330282004", system="mca", on=DAY
    )
    with pytest.raises(Invalid):
        actions.change_code(by=officer, at=NOON, unit=cast.other_street, code="330282004", on=DAY)
    assert reads.by_code("330282004000") == cast.street
    assert reads.by_code("330282004", system="mca") == cast.other_street


@pytest.mark.parametrize(
    ("name", "code"), [("", "330282004050"), ("好社区", "33028200405"), ("好社区", "33028200405x")]
)
def test_bad_names_and_codes_are_refused(cast: Cast, officer: Actor, name: str, code: str) -> None:
    with pytest.raises(Invalid):
        actions.open_unit(
            by=officer, at=NOON, parent=cast.street, level=Level.COMMUNITY, name=name, on=DAY,
            code=code,
        )  # fmt: skip


def test_history_is_not_rewritten(cast: Cast, officer: Actor) -> None:
    actions.rename(by=officer, at=NOON, unit=cast.community, name="甲", on=DAY)
    with pytest.raises(Invalid) as fault:
        actions.rename(by=officer, at=NOON, unit=cast.community, name="乙", on=BEFORE)
    assert "on" in fault.value.faults
    with pytest.raises(Invalid):
        actions.rename(
            by=officer, at=NOON, unit=cast.community, name="乙", on=TODAY + timedelta(days=1)
        )


def test_nothing_stands_under_itself(cast: Cast, officer: Actor) -> None:
    with pytest.raises(Invalid):
        actions.change_parent(by=officer, at=NOON, unit=cast.street, parent=cast.community, on=DAY)
    with pytest.raises(Invalid):
        actions.change_parent(by=officer, at=NOON, unit=cast.grid, parent=cast.street, on=DAY)


def test_a_zone_beside_a_street_never_owns_a_community_twice(cast: Cast, officer: Actor) -> None:
    zone = actions.open_unit(
        by=officer, at=NOON, parent=cast.city, level=Level.STREET, name="滨海经济开发区", on=BEFORE,
        code="330282405", kind="zone",
    )  # fmt: skip
    actions.change_parent(by=officer, at=NOON, unit=cast.community, parent=zone, on=DAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Placement.objects.create(unit=cast.community, parent=cast.street, starts=TODAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Placement.objects.create(
            unit=cast.community, parent=cast.street, starts=date(2024, 6, 1), ends=TODAY
        )


def test_verbs_need_the_branch_on_both_sides(cast: Cast) -> None:
    street = cast.actor("street_officer")
    with pytest.raises(Forbidden):
        actions.change_parent(
            by=street, at=NOON, unit=cast.community, parent=cast.other_street, on=DAY
        )
    assert key_of(cast.community) == "33/02/82/001/012/"
    cast.deny("city_officer", Verb.MERGE)
    with pytest.raises(Forbidden):
        actions.merge(
            by=cast.actor("city_officer"), at=NOON, sources=[cast.community],
            into=cast.other_community, on=DAY,
        )  # fmt: skip


def test_a_later_change_is_planned_and_carried_out_on_its_day(cast: Cast, officer: Actor) -> None:
    day = TODAY + timedelta(days=10)
    order = Order(Verb.CHANGE_PARENT, cast.community.pk, day, {"parent": str(cast.other_street.pk)})
    plan = actions.decide(by=officer, at=NOON, order=order)
    lost = actions.decide(
        by=officer, at=NOON,
        order=Order(Verb.RENAME, cast.far_community.pk, day, {"name": "舒苑社区"}),
    )  # fmt: skip
    assert planning.carry_out_due(at=NOON) == 0
    assert key_of(cast.community) == "33/02/82/001/012/"
    assert planning.carry_out_due(at=NOON + timedelta(days=10)) == 1
    with acting(Actor.system("test")):
        for row in (plan, lost):
            assert isinstance(row, Plan)
            row.refresh_from_db()
    assert isinstance(plan, Plan)
    assert isinstance(lost, Plan)
    assert plan.state == PlanState.DONE
    assert lost.state == PlanState.FAILED
    assert lost.outcome
    assert key_of(cast.community) == "33/02/82/003/012/"
    assert planning.carry_out_due(at=NOON + timedelta(days=11)) == 0


def test_grids_are_renumbered_with_their_community(cast: Cast, officer: Actor) -> None:
    actions.change_code(by=officer, at=NOON, unit=cast.community, code="330282004012", on=BEFORE)
    assert reads.code_of(cast.grid.pk, system="local") == "330282004012001"
    actions.change_code(
        by=officer, at=NOON, unit=cast.other_community, code="330282004014", on=BEFORE
    )
    actions.merge(by=officer, at=NOON, sources=[cast.community], into=cast.other_community, on=DAY)
    assert reads.code_of(cast.grid.pk, system="local") == "330282004014001"
    assert UnitCode.objects.filter(unit=cast.grid).count() == 2


def test_rows_stored_while_the_tree_changed_are_put_right(cast: Cast, officer: Actor) -> None:
    late = Post(title="迟到的岗位", role=cast.roles["clerk"], opened=BEFORE)
    late.place_in(cast.community)
    stale = Post(title="旧键的岗位", role=cast.roles["clerk"], opened=BEFORE)
    stale.place_in(cast.other_community)
    actions.merge(by=officer, at=NOON, sources=[cast.community], into=cast.other_community, on=DAY)
    actions.change_parent(
        by=officer, at=NOON, unit=cast.other_community, parent=cast.other_street, on=TODAY
    )
    for post in (late, stale):
        post.save()
    with acting(Actor.system("test")):
        assert rehome.mend() == 3
        assert rehome.mend() == 0
    for post in (late, stale):
        post.refresh_from_db()
        assert post.unit_id == cast.other_community.pk
        assert post.unit_key == key_of(cast.other_community)


def test_somebody_is_placed_in_a_grid_and_found_upward(cast: Cast, officer: Actor) -> None:
    worker = cast.roles["grid_worker"]
    Role.objects.filter(pk=worker.pk).update(slug="grid-worker")
    post = actions.place_worker(
        by=officer, at=NOON, unit=cast.grid, duty="grid-worker", on=DAY, kind="part",
        account=cast.accounts["clerk"], remit="1–8幢",
    )  # fmt: skip
    staffed = workers_of(cast.grid, officer, on=TODAY)
    assert {h.account.full_name for one in staffed for h in one.holdings} == {"李强", "王小芳"}
    upward = posts_upward(cast.grid, on=TODAY)
    assert post in upward
    assert upward[-1].unit_id == cast.city.pk
    with pytest.raises(Invalid):
        actions.place_worker(by=officer, at=NOON, unit=cast.community, duty="grid-worker", on=DAY)
    holding = Holding.objects.get(post=post)
    actions.relieve_worker(by=officer, at=NOON, holding=holding, on=TODAY)
    assert Holding.objects.get(pk=holding.pk).ends == TODAY


def test_the_same_unit_named_twice_is_merged_once(cast: Cast, officer: Actor) -> None:
    fresh = actions.merge(
        by=officer, at=NOON, sources=[cast.community, cast.community],
        into=actions.NewUnit("合一社区"), on=DAY,
    )  # fmt: skip
    assert [s.before for s in reads.history(fresh.pk).predecessors] == [cast.community]


def test_what_somebody_else_just_abolished_takes_nothing_any_more(
    cast: Cast, officer: Actor
) -> None:
    seen = Unit.objects.get(pk=cast.other_community.pk)
    actions.merge(by=officer, at=NOON, sources=[cast.other_community], into=cast.community, on=DAY)
    with pytest.raises(Closed):
        actions.merge(by=officer, at=NOON, sources=[cast.community], into=seen, on=TODAY)
