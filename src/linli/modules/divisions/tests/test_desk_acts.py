"""Acts on the pages of units: relieving, splitting into many parts; assumed days are marked."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from linli.modules.divisions import actions
from linli.modules.divisions.actions.history import adopt
from linli.modules.divisions.checks import Size, checks
from linli.modules.divisions.cixi import seed_cixi
from linli.modules.divisions.duties import Duty
from linli.modules.divisions.models import Estimate, Placement
from linli.modules.divisions.reads import by_code
from linli.modules.divisions.rules import Verb
from linli.modules.divisions.tests.test_pages import GRIDS, TREE, UNITS, signed_in
from linli.modules.divisions.tests.test_verbs import NOON, TODAY
from linli.platform.access.public import Account, Actor, Holding, Level, Post, Role, Unit, acting
from linli.platform.access.rules import Verb as Staff
from linli.platform.changes.public import Entry, all_verbs
from tests.cast import Cast

SYSTEM = Actor.system("test")


@pytest.fixture
def city(cast: Cast) -> Cast:
    with acting(SYSTEM):
        for unit in cast.units.values():
            adopt(unit)
    return cast


def text(response: Any) -> str:
    return str(response.content.decode())


# Relieving.


def held(cast: Cast, name: str) -> Holding:
    with acting(SYSTEM):
        return Holding.objects.get(account=cast.accounts[name])


def test_a_grid_worker_is_taken_off_the_grid(city: Cast) -> None:
    client = signed_in(city, "city_officer")
    address = f"{GRIDS}{city.grid.pk}/relieve_worker"
    assert f"{GRIDS}{city.grid.pk}/relieve_worker" in text(client.get(f"{GRIDS}{city.grid.pk}/"))
    assert "李强 · 网格员" in text(client.get(address))
    today = timezone.localdate()
    answer = client.post(
        address, {"holding": str(held(city, "grid_worker").pk), "ends": today.isoformat()}
    )
    assert answer.status_code == 302
    assert held(city, "grid_worker").ends == today
    with acting(SYSTEM):
        entry = Entry.objects.get(subject_id=city.grid.pk, verb=Verb.RELIEVE_WORKER)
    assert entry.facts["person"] == "李强"
    page = text(client.get(f"{GRIDS}{city.grid.pk}/"))
    assert "relieve_worker" not in page
    assert client.get(address).status_code in (403, 409)


def test_who_leaves_and_when_must_be_said(city: Cast) -> None:
    client = signed_in(city, "city_officer")
    address = f"{GRIDS}{city.grid.pk}/relieve_worker"
    empty = client.post(address, {"ends": ""})
    assert empty.status_code == 422
    assert "请选择" in text(empty)
    elsewhere = client.post(
        address, {"holding": str(held(city, "far_clerk").pk), "ends": "2026-11-20"}
    )
    assert elsewhere.status_code == 422
    assert held(city, "far_clerk").ends is None


def test_somebody_beyond_the_branch_is_relieved_by_nobody_here(city: Cast) -> None:
    assert (
        signed_in(city, "far_clerk").get(f"{GRIDS}{city.grid.pk}/relieve_worker").status_code == 404
    )


def test_relieving_needs_the_right_over_appointments_too(city: Cast) -> None:
    city.deny("city_officer", Staff.RELEASE, Staff.OPEN_POST)
    page = text(signed_in(city, "city_officer").get(f"{GRIDS}{city.grid.pk}/"))
    assert "relieve_worker" not in page
    assert "place_worker" not in page


# Splitting.


def below(city: Cast, count: int) -> list[Unit]:
    """So many grids in the community of the cast, the first its own."""
    with acting(SYSTEM):
        fresh = [
            actions.open_unit(
                by=SYSTEM, at=NOON, parent=city.community, level=Level.GRID, name=f"网格{number}",
                on=date(2021, 1, 1),
            )
            for number in range(2, count + 1)
        ]  # fmt: skip
    return [city.grid, *fresh]


def asked(parts: int, **more: str) -> dict[str, str]:
    names = {f"name_{number}": f"第{number + 1}社区" for number in range(parts)}
    return {"parts": str(parts), **names, "rest": "0", "on": "2024-03-01", **more}


def test_a_community_is_split_into_four(city: Cast) -> None:
    grids = below(city, 5)
    client = signed_in(city, "city_officer")
    address = f"{UNITS}{city.community.pk}/split"
    goes = {f"unit_{grid.pk}": str(min(number, 3)) for number, grid in enumerate(grids)}
    seen = client.post(address, asked(4, **goes))
    assert seen.status_code == 422
    for number in range(4):
        assert f"第{number + 1}社区" in text(seen)
    assert "网格4、网格5" in text(seen)
    done = client.post(address, asked(4, **goes, confirmed="on"))
    assert done.status_code == 302
    city.community.refresh_from_db()
    assert city.community.closed == date(2024, 3, 1)
    made = {
        unit.name: set(Unit.objects.filter(parent=unit).values_list("name", flat=True))
        for unit in Unit.objects.filter(parent=city.street, opened=date(2024, 3, 1))
    }
    assert made == {
        "第1社区": {"第一网格"}, "第2社区": {"网格2"}, "第3社区": {"网格3"},
        "第4社区": {"网格4", "网格5"},
    }  # fmt: skip


def test_another_part_is_added_and_nothing_typed_is_lost(city: Cast) -> None:
    grids = below(city, 3)
    client = signed_in(city, "city_officer")
    address = f"{UNITS}{city.community.pk}/split"
    assert text(client.get(address)).count('name="name_') == 2
    given = {"parts": "2", "name_0": "东社区", "code_0": "33028", "on": "不是日期"}
    goes = {f"unit_{grids[2].pk}": "1"}
    more = text(client.post(address, {**given, **goes, "more": "1"}))
    assert more.count('name="name_') == 3
    assert 'name="parts" value="3"' in more
    assert 'value="东社区"' in more
    assert "error-summary" not in more
    again = text(client.post(address, {**given, **goes, "parts": "3", "more": "1"}))
    assert again.count('name="name_') == 4
    fewer = text(client.post(address, {**given, **goes, "parts": "4", "fewer": "1"}))
    assert fewer.count('name="name_') == 3
    # Nothing was done on the way.
    city.community.refresh_from_db()
    assert city.community.closed is None


@pytest.mark.parametrize(
    ("parts", "shown"), [("0", 2), ("-5", 2), ("x", 2), ("", 2), ("99999", 2), ("20", 20)]
)
def test_the_number_of_parts_stays_within_bounds(city: Cast, parts: str, shown: int) -> None:
    below(city, 2)
    client = signed_in(city, "city_officer")
    page = client.post(f"{UNITS}{city.community.pk}/split", {"parts": parts})
    assert page.status_code == 422
    assert text(page).count('name="name_') == shown
    if shown == 20:
        assert 'name="more"' not in text(page)
        grown = client.post(f"{UNITS}{city.community.pk}/split", {"parts": parts, "more": "1"})
        assert text(grown).count('name="name_') == 20


def test_parts_have_names_of_their_own(city: Cast) -> None:
    below(city, 2)
    client = signed_in(city, "city_officer")
    given = asked(3, name_2="第1社区")
    page = client.post(f"{UNITS}{city.community.pk}/split", given)
    assert page.status_code == 422
    assert "#id_name_2" in text(page)


def test_a_split_for_a_later_day_keeps_all_its_parts(city: Cast) -> None:
    grids = below(city, 3)
    client = signed_in(city, "city_officer")
    later = timezone.localdate() + timedelta(days=40)
    goes = {f"unit_{grid.pk}": str(number) for number, grid in enumerate(grids)}
    given = {**asked(3, **goes, confirmed="on"), "on": later.isoformat()}
    planned = client.post(f"{UNITS}{city.community.pk}/split", given)
    assert "/plans/" in planned["Location"]
    from linli.modules.divisions.models import Plan

    with acting(SYSTEM):
        plan = Plan.objects.get()
    assert [len(part["children"]) for part in plan.arguments["parts"]] == [1, 1, 1]


def test_a_grid_is_split_into_three(city: Cast) -> None:
    client = signed_in(city, "city_officer")
    done = client.post(f"{GRIDS}{city.grid.pk}/split_grid", asked(3, confirmed="on"))
    assert done.status_code == 302
    assert Unit.objects.filter(parent=city.community, closed=None).count() == 3


# Building leaders.


def size_of(cast: Cast) -> Size:
    with acting(cast.actor("clerk")) as actor:
        return next(
            one for one in checks(actor, on=TODAY).sizes if one.unit.pk == cast.community.pk
        )


def building_leader(cast: Cast, remit: str) -> None:
    with acting(SYSTEM):
        role, _made = Role.objects.get_or_create(
            slug=Duty.BUILDING_LEADER.value, defaults={"name": "楼道长", "verbs": []}
        )
        person = Account.objects.create(username=f"leader{remit}", full_name=f"楼长{remit}")
        del role
        actions.place_worker(
            by=SYSTEM, at=NOON, unit=cast.grid, duty=Duty.BUILDING_LEADER, account=person,
            remit=remit, on=date(2025, 1, 1),
        )  # fmt: skip


def count_buildings(cast: Cast, unit: Unit, buildings: int | None) -> None:
    with acting(SYSTEM):
        actions.estimate(
            by=SYSTEM, at=NOON, unit=unit, households=300, buildings=buildings, on=TODAY
        )


def test_a_leader_for_every_building(city: Cast) -> None:
    count_buildings(city, city.grid, 3)
    building_leader(city, "1幢")
    size = size_of(city)
    assert (size.building_leaders, size.building_leaders_needed) == (1, 3)
    assert size.short_of_building_leaders
    page = text(signed_in(city, "clerk").get("/desk/divisions/checks/"))
    assert "1 / 3" in page
    for remit in ("2幢", "3幢"):
        building_leader(city, remit)
    assert not size_of(city).short_of_building_leaders


def test_buildings_not_counted_everywhere_are_not_guessed(city: Cast) -> None:
    grids = below(city, 2)
    count_buildings(city, grids[0], 3)
    count_buildings(city, grids[1], None)
    size = size_of(city)
    assert (size.buildings, size.building_leaders_needed) == (None, None)
    assert not size.short_of_building_leaders
    with acting(SYSTEM):
        Estimate.objects.filter(unit=grids[1]).update(buildings=4)
    assert size_of(city).building_leaders_needed == 7


def test_before_the_norm_nobody_is_short(city: Cast) -> None:
    count_buildings(city, city.grid, 3)
    with acting(city.actor("clerk")) as actor:
        found = checks(actor, on=date(2008, 1, 1))
    assert all(one.building_leaders_needed is None for one in found.sizes)


# Assumed days.


@pytest.fixture
def cixi(db: None) -> Unit:
    with acting(SYSTEM):
        seed_cixi(at=NOON, by=SYSTEM)
        unit = by_code("330282006006")
    assert unit is not None
    return unit


def test_a_move_whose_day_no_source_names_is_marked(cixi: Unit) -> None:
    moved = Placement.objects.get(unit=cixi, ends=None)
    assert moved.day_assumed
    assert "具体日期为演示假定" in moved.basis
    first = Placement.objects.get(unit=cixi, ends=moved.starts)
    assert not first.day_assumed
    assert Placement.objects.filter(day_assumed=True).count() == 2


def officer_of_cixi() -> Client:
    """The browser of somebody at work in the county's office."""
    with acting(SYSTEM):
        county = by_code("330282")
        assert county is not None
        role = Role.objects.create(slug="office", name="社建办", verbs=sorted(all_verbs()))
        account = Account(username="office", full_name="周立群")
        account.place_in(county)
        account.save()
        post = Post(title="社建办", role=role, opened=date(2020, 1, 1))
        post.place_in(county)
        post.save()
        holding = Holding(post=post, account=account, starts=date(2020, 1, 1))
        holding.place_in(county)
        holding.save()
    client = Client()
    client.force_login(account, backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client


def test_the_pages_say_that_the_day_is_assumed(cixi: Unit) -> None:
    client = officer_of_cixi()
    page = text(client.get(f"{UNITS}{cixi.pk}/"))
    assert page.count("日期为假定") >= 2
    assert 'title="2009年属浒山街道，现属古塘街道；具体日期为演示假定"' in page
    street = by_code("330282006")
    assert street is not None
    tree = text(client.get(TREE, {"unit": str(street.pk)}))
    assert "日期为假定" in tree
    other = by_code("330282006007")
    assert other is not None
    assert "日期为假定" not in text(client.get(f"{UNITS}{other.pk}/"))


def test_moves_with_a_known_day_are_not_marked(city: Cast) -> None:
    with acting(city.actor("city_officer")) as officer:
        actions.change_parent(
            by=officer, at=NOON, unit=city.community, parent=city.other_street,
            on=date(2024, 3, 1),
        )  # fmt: skip
    page = text(signed_in(city, "city_officer").get(f"{UNITS}{city.community.pk}/"))
    assert "日期为假定" not in page


def test_an_assumed_day_has_a_basis(city: Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Placement.objects.filter(unit=city.community).update(day_assumed=True)
