"""Splitting and relieving in a real browser: in every look, and without scripts."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from playwright.sync_api import Browser

from linli.modules.divisions import actions
from linli.modules.divisions.actions.history import adopt
from linli.modules.divisions.tests.test_verbs import NOON
from linli.platform.access.public import Actor, Level, acting
from linli.platform.pages import testing
from tests.cast import Cast

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
pytestmark = [pytest.mark.browser, pytest.mark.slow]
SYSTEM = Actor.system("test")
SHOTS = os.environ.get("LINLI_SHOTS", "")


def cookies_of(cast: Cast) -> Any:
    """The officer's session. Inside the browser's context a connection of its own is not kept."""
    try:
        client = Client()
        client.force_login(cast.city_officer, backend=settings.AUTHENTICATION_BACKENDS[-1])
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
    finally:
        connection.close()
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": value, "domain": "127.0.0.1"}
    more = {"path": "/", "expires": -1, "httpOnly": True, "secure": False, "sameSite": "Lax"}
    return {"cookies": [cookie | more], "origins": []}


@pytest.fixture
def chromium() -> Iterator[Browser]:
    with testing.browser() as started:
        yield started


@pytest.fixture
def city(committed_cast: Cast) -> Cast:
    """The cast with three grids; its community came here on a day no source names."""
    cast = committed_cast
    with acting(SYSTEM):
        for unit in cast.units.values():
            adopt(unit)
        for number in (2, 3):
            actions.open_unit(
                by=SYSTEM, at=NOON, parent=cast.community, level=Level.GRID,
                name=f"第{number}网格", on=date(2021, 1, 1),
            )  # fmt: skip
        for parent, day in ((cast.other_street, 2022), (cast.street, 2023)):
            actions.change_parent(
                by=SYSTEM, at=NOON, unit=cast.community, parent=parent, on=date(day, 1, 1),
                assumed="年份见报告，具体日期为假定",
            )  # fmt: skip
    connection.close()
    return cast


@pytest.mark.parametrize("look", testing.LOOKS, ids=lambda one: one.name)
def test_the_acts_of_a_unit_read_well(city: Cast, chromium: Browser, look: testing.Look) -> None:
    faults: list[str] = []
    unit, grid = (
        f"/desk/divisions/units/{city.community.pk}",
        f"/desk/divisions/grids/{city.grid.pk}",
    )
    pages = {
        "unit": f"{unit}/",
        "split": f"{unit}/split",
        "relieve": f"{grid}/relieve_worker",
        "checks": "/desk/divisions/checks/",
        "tree": f"/desk/divisions/?unit={city.street.pk}",
    }
    with testing.served() as site:
        state = cookies_of(city)
        for name, path in pages.items():
            with testing.opened(chromium, site + path, look, storage_state=state) as page:
                if name == "split":
                    page.fill("[name=name_0]", "东社区")
                    page.click("button[name=more]")
                    page.wait_for_selector("[name=name_2]")
                    assert page.input_value("[name=name_0]") == "东社区"
                if SHOTS:
                    page.screenshot(path=Path(SHOTS, f"{name}-{look.name}.png"), full_page=True)
                faults += [f"{name}: {one}" for one in testing.axe(page)]
                wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
                faults += [f"{name}: {wide} pixels too wide"] if wide > 0 else []
    assert faults == []


def test_without_scripts_a_community_is_split_into_three(city: Cast, chromium: Browser) -> None:
    with testing.served() as site:
        context = chromium.new_context(
            java_script_enabled=False,
            locale="zh-CN",
            storage_state=cookies_of(city),
        )
        page = context.new_page()
        page.goto(f"{site}/desk/divisions/units/{city.community.pk}/split")
        page.fill("[name=name_0]", "东社区")
        page.fill("[name=name_1]", "中社区")
        page.click("button[name=more]")
        page.fill("[name=name_2]", "西社区")
        for number, chosen in enumerate(page.query_selector_all("select[name^=unit_]")):
            chosen.select_option(str(number))
        page.fill("[name=on]", "2024-03-01")
        # Enter in a field is the save button, not another part.
        page.press("[name=name_0]", "Enter")
        page.wait_for_selector("input[type=checkbox][name=confirmed]")
        assert page.locator("[name^=name_]").count() == 3
        page.check("[name=confirmed]")
        page.click(".form-actions .button.primary")
        page.wait_for_load_state()
        assert "/split" not in page.url
        context.close()
    made = {
        (node.name, *(child.name for child in node.children.filter(closed=None)))
        for node in type(city.street).objects.filter(parent=city.street, opened=date(2024, 3, 1))
    }
    connection.close()
    assert made == {("东社区", "第一网格"), ("中社区", "第2网格"), ("西社区", "第3网格")}
