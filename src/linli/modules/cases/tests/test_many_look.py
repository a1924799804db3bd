"""Ticking cases in a real Chromium: by mouse, by keyboard, without scripts; every look.

With LINLI_SHOTS naming a folder, every page is also photographed there.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from linli.modules.cases.tests.conftest import Story
from linli.platform.notices.tests.test_look import session_of
from linli.platform.pages import testing
from tests.cast import Cast

SHOTS = os.environ.get("LINLI_SHOTS", "")
ENGLISH = testing.Look(language="en")
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with testing.browser() as started:
        yield started


@pytest.fixture
def cases(committed_cast: Cast) -> Cast:
    """Six cases: three reported, two filed, one handed on."""
    story = Story(committed_cast)
    for _number in range(3):
        story.report(place="三北大街18号青少年宫北门东侧消防通道")
    story.filed()
    story.filed()
    story.dispatched()
    return committed_cast


@pytest.fixture
def page(cases: Cast, chromium: Browser) -> Iterator[Page]:
    with testing.served() as address:
        state = session_of(cases.clerk)
        url = f"{address}/desk/cases/"
        with testing.opened(chromium, url, ENGLISH, storage_state=state) as opened:
            yield opened


def bar(page: Page) -> Any:
    return page.locator("#ticked")


def test_the_bar_comes_with_the_first_tick_and_no_row_moves(page: Page) -> None:
    expect(bar(page)).to_be_hidden()
    box = page.locator("input[data-select]").nth(1)
    before = box.bounding_box()
    box.click()
    expect(bar(page)).to_be_visible()
    expect(bar(page)).to_contain_text("1 chosen")
    assert box.bounding_box() == before
    page.get_by_role("button", name="Clear").click()
    expect(bar(page)).to_be_hidden()


def test_the_keyboard_ticks_the_row_at_hand(page: Page) -> None:
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(bar(page)).to_contain_text("2 chosen")
    page.keyboard.press("x")
    expect(bar(page)).to_contain_text("1 chosen")


def test_shift_and_a_click_tick_a_range_and_the_head_ticks_all(page: Page) -> None:
    boxes = page.locator("input[data-select]")
    boxes.nth(1).click()
    boxes.nth(4).click(modifiers=["Shift"])
    expect(bar(page)).to_contain_text("4 chosen")
    page.locator("[data-select-all]").click()
    expect(bar(page)).to_contain_text("6 chosen")
    page.locator("[data-select-all]").click()
    expect(bar(page)).to_be_hidden()


def test_only_what_the_ticked_rows_allow_is_offered(page: Page) -> None:
    page.locator("[data-select-all]").click()
    accept = page.locator("[data-act=accept]")
    expect(accept).to_have_text(re.compile(r"Accept\s*3"))
    page.locator("[data-select-all]").click()
    page.locator("input[data-select][data-acts~=dispatch]").first.click()
    expect(accept).to_be_hidden()
    expect(page.locator("[data-act=dispatch]")).to_have_text(re.compile(r"^\s*Dispatch\s*$"))


def test_from_ticks_to_what_came_of_them(page: Page) -> None:
    page.locator("[data-select-all]").click()
    page.locator("[data-act=accept]").click()
    expect(page.locator("main")).to_contain_text("not possible on 3 of the ticked rows")
    page.locator("button[name=sure]").click()
    expect(page.locator("main")).to_contain_text("3 of 6 rows done")
    page.reload()
    expect(page.locator("main")).to_contain_text("3 of 6 rows done")
    page.get_by_role("link", name="Back to the list").click()
    expect(page).to_have_url(re.compile(r"/desk/cases/$"))


def test_without_scripts_boxes_and_bar_are_a_plain_form(cases: Cast, chromium: Browser) -> None:
    with testing.served() as address:
        state: Any = session_of(cases.clerk)
        context = chromium.new_context(
            java_script_enabled=False, locale="en-GB", storage_state=state
        )
        page = context.new_page()
        page.goto(f"{address}/desk/cases/")
        page.get_by_role("link", name="This whole page").click()
        page.locator("[data-act=accept]").click()
        page.locator("button[name=sure]").click()
        expect(page.locator("main")).to_contain_text("3 of 6 rows done")
        context.close()


@pytest.mark.parametrize("look", testing.LOOKS, ids=lambda look: look.name)
def test_every_page_reads_well(cases: Cast, chromium: Browser, look: testing.Look) -> None:
    faults: list[str] = []
    state = session_of(cases.clerk)
    widths = ("phone",) if look.mode == "elderly" else ("desktop",)
    with testing.served() as address:
        for width in ("desktop", "phone") if SHOTS else widths:
            url = f"{address}/desk/cases/"
            with testing.opened(chromium, url, look, width, storage_state=state) as page:
                for box in page.locator("input[data-select]").all()[1:5]:
                    box.click()
                faults += seen(page, f"ticked-{width}-{look.name}")
                page.locator("summary", has_text=re.compile("More|更多")).last.click()
                shoot(page, f"more-{width}-{look.name}")
                page.keyboard.press("Escape")
                page.locator("[data-act=dispatch]").click()
                faults += seen(page, f"asked-{width}-{look.name}")
                page.locator("button[name=sure]").click()
                page.wait_for_selector("#refused")
                faults += seen(page, f"came-{width}-{look.name}")
    assert not faults, "\n".join(faults)


def seen(page: Page, name: str) -> list[str]:
    """What is wrong with the page as it stands."""
    page.wait_for_selector("html[data-ready]")
    shoot(page, name)
    # Scrolled half away under the bar on top, anything is too small a target.
    page.evaluate("scrollTo(0, 0)")
    faults = testing.axe(page) + page.complaints  # type: ignore[attr-defined]
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    if wide > 0:
        faults.append(f"{wide} pixels wider than the window")
    return [f"{name}: {one}" for one in faults]


def shoot(page: Page, name: str) -> None:
    """A picture, if pictures are wanted."""
    if SHOTS:
        page.screenshot(path=Path(SHOTS, f"{name}.png"), full_page="phone" in name)
