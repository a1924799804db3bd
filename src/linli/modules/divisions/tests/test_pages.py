"""Pages of divisions: read by all staff, changed on confirmation, shapes by branch."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from linli.modules.divisions.actions.bulk import put_outlines
from linli.modules.divisions.actions.history import adopt
from linli.modules.divisions.models import Outline, Plan
from linli.modules.divisions.rules import Verb
from linli.modules.divisions.tests.test_map import feature, square
from linli.platform.access.public import Actor, Unit, acting
from tests.cast import Cast

TREE = "/desk/divisions/"
UNITS = "/desk/divisions/units/"
GRIDS = "/desk/divisions/grids/"


@pytest.fixture
def city(cast: Cast) -> Cast:
    """The cast with a history and its grid on the map."""
    with acting(Actor.system("test")):
        for unit in cast.units.values():
            adopt(unit)
        put_outlines([(cast.grid, square(0, 0))], on=date(2021, 1, 1))
    return cast


def signed_in(cast: Cast, name: str) -> Client:
    client = Client()
    client.force_login(cast.accounts[name], backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client


def key_of(unit: Unit) -> str:
    return Unit.objects.values_list("key", flat=True).get(pk=unit.pk)


def test_the_tree_is_read_by_everyone_who_works_here(city: Cast) -> None:
    assert Client().get(TREE).status_code == 302
    assert signed_in(city, "stranger").get(TREE).status_code == 403
    for name in ("grid_worker", "far_clerk", "city_officer"):
        page = signed_in(city, name).get(TREE, {"unit": str(city.street.pk)})
        assert page.status_code == 200
        assert "青少年宫路社区" in page.content.decode()


def test_the_tree_of_a_past_day(city: Cast) -> None:
    client = signed_in(city, "city_officer")
    page = client.post(
        f"{UNITS}{city.community.pk}/change_parent",
        {"parent": str(city.other_street.pk), "on": "2024-03-01", "confirmed": "on"},
    )
    assert page.status_code == 302
    now = client.get(TREE, {"unit": str(city.street.pk)}).content.decode()
    then = client.get(TREE, {"unit": str(city.street.pk), "on": "2023-01-01"}).content.decode()
    assert f"unit={city.community.pk}" in then
    assert f"unit={city.community.pk}" not in now
    assert client.get(TREE, {"on": "2023-02-31"}).status_code == 200
    assert client.get(TREE, {"unit": "x"}).status_code == 404


def test_nothing_moves_before_it_is_confirmed(city: Cast) -> None:
    client = signed_in(city, "city_officer")
    asked = {"sources": [str(city.other_community.pk)], "on": "2024-03-01"}
    page = client.post(f"{UNITS}{city.community.pk}/merge", asked)
    assert page.status_code == 422
    assert "金山社区" in page.content.decode()
    assert Unit.objects.get(pk=city.other_community.pk).closed is None
    page = client.post(f"{UNITS}{city.community.pk}/merge", {**asked, "confirmed": "on"})
    assert page.status_code == 302
    assert Unit.objects.get(pk=city.other_community.pk).closed == date(2024, 3, 1)


def test_a_later_day_makes_a_plan_that_can_be_withdrawn(city: Cast) -> None:
    client = signed_in(city, "city_officer")
    later = timezone.localdate().replace(year=timezone.localdate().year + 1, day=1)
    page = client.post(
        f"{UNITS}{city.community.pk}/rename",
        {"name": "新名社区", "on": later.isoformat(), "confirmed": "on"},
    )
    with acting(Actor.system("test")):
        plan = Plan.objects.get()
    assert str(plan.pk) in page["Location"]
    client.post(f"/desk/divisions/plans/{plan.pk}/withdraw_plan")
    with acting(Actor.system("test")):
        plan.refresh_from_db()
    assert plan.state == "withdrawn"


def test_who_lacks_the_verb_cannot_change(city: Cast) -> None:
    city.deny("clerk", Verb.RENAME)
    page = signed_in(city, "clerk").post(
        f"{UNITS}{city.community.pk}/rename",
        {"name": "新名社区", "on": "2024-03-01", "confirmed": "on"},
    )
    assert page.status_code == 403
    assert signed_in(city, "far_clerk").get(f"{UNITS}{city.community.pk}/").status_code == 404


@pytest.mark.parametrize(("name", "count"), [("clerk", 1), ("far_clerk", 0), ("city_officer", 1)])
def test_shapes_are_those_of_the_branch(city: Cast, name: str, count: int) -> None:
    found = json.loads(signed_in(city, name).get(f"{TREE}shapes.geojson").content)
    assert len(found["features"]) == count
    outside = signed_in(city, "far_clerk").get(
        f"{TREE}shapes.geojson", {"within": str(city.community.pk)}
    )
    assert outside.status_code == 404


def test_a_boundary_is_drawn_and_its_faults_are_told(city: Cast) -> None:
    client = signed_in(city, "city_officer")
    where = f"{GRIDS}{city.grid.pk}/set_boundary"
    good = {"shape": json.dumps(square(0.1, 0)), "on": "2024-03-01"}
    assert client.post(where, {**good, "shape": "{"}).status_code == 422
    assert client.post(where, {**good, "shape": '{"type": "Point"}'}).status_code == 422
    assert client.post(where, good).status_code == 302
    assert Outline.objects.get(unit=city.grid).since == date(2024, 3, 1)


def sent(collection: Any) -> dict[str, Any]:
    raw = json.dumps(collection).encode()
    return {"file": SimpleUploadedFile("g.json", raw), "on": "2024-03-01", "system": "wgs84"}


def test_grids_are_imported_from_a_file(city: Cast) -> None:
    client = signed_in(city, "city_officer")
    where = f"{UNITS}{city.community.pk}/import_grids"
    wrong = client.post(where, sent({"type": "FeatureCollection", "features": []}))
    assert wrong.status_code == 422
    good = {"type": "FeatureCollection", "features": [feature("第二网格", square(0.1, 0))]}
    assert client.post(where, sent(good)).status_code == 302
    assert Outline.objects.filter(unit__name="第二网格").exists()


def test_the_checks_page_lists_what_is_missing(city: Cast) -> None:
    page = signed_in(city, "city_officer").get("/desk/divisions/checks/").content.decode()
    assert "金山社区" in page
    assert "舒苑社区" in page
    assert (
        "舒苑社区" not in signed_in(city, "clerk").get("/desk/divisions/checks/").content.decode()
    )


def test_a_page_of_every_register_opens(city: Cast) -> None:
    client = signed_in(city, "city_officer")
    for address in (
        UNITS, GRIDS, "/desk/divisions/norms/", "/desk/divisions/plans/",
        f"{UNITS}{city.community.pk}/", f"{GRIDS}{city.grid.pk}/",
    ):  # fmt: skip
        assert client.get(address).status_code == 200
    assert key_of(city.grid) == "33/02/82/001/012/001/"
