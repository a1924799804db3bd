"""What the scripts promise: keyboard, panel, drafts, preferences, maps without and with a mouse."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Browser, Dialog, Page, expect

from linli.platform.pages.testing import Look, axe, opened

pytestmark = pytest.mark.browser


@pytest.fixture
def page(gallery: str, chromium: Browser) -> object:
    with opened(chromium, gallery + "/gallery", Look(language="en")) as started:
        yield started


def test_keys_reach_search_rows_and_help(page: Page) -> None:
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator("tr.at a.row-link")).to_have_text("3302 8226 1101 0017")
    page.keyboard.press("x")
    expect(page.locator("[data-rowbar]")).to_be_visible()
    page.keyboard.press("?")
    expect(page.locator("#shortcuts")).to_be_visible()


def test_quick_look_opens_and_gives_focus_back(page: Page) -> None:
    page.keyboard.press("j")
    page.keyboard.press(" ")
    panel = page.locator("#panel")
    expect(panel).to_have_class(re.compile("open"))
    expect(panel).to_contain_text("Blocked fire lane")
    assert axe(page) == []
    page.keyboard.press("Escape")
    expect(panel).not_to_have_class(re.compile("open"))
    expect(page.locator("tr.at a.row-link")).to_be_focused()


def test_menu_by_keyboard(page: Page) -> None:
    summary = page.locator("summary.account")
    summary.focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".menu-item:focus")).to_contain_text("My account")
    page.keyboard.press("Escape")
    expect(summary).to_be_focused()


def test_look_changes_at_once_and_is_remembered(page: Page) -> None:
    page.locator("summary.account").click()
    page.locator("button[data-pref=mode][value=elderly]").click()
    expect(page.locator("html")).to_have_attribute("data-mode", "elderly")
    page.locator("button[data-pref=size][value='30']").click()
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-size", "30")


def test_language_by_form_comes_back_to_the_page(page: Page) -> None:
    page.locator("summary.account").click()
    page.locator("button[name=language][value=zh-hans]").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    expect(page.locator("h1")).to_contain_text("全部事件")


def test_unsaved_input_comes_back(page: Page) -> None:
    asked: list[str] = []

    def leave(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", leave)
    page.fill("#id_text", "The lane is blocked again.")
    page.reload()
    assert asked == ["beforeunload"]
    expect(page.locator("#id_text")).to_have_value("The lane is blocked again.")
    page.locator(".draft button").click()
    expect(page.locator("#id_text")).to_have_value("")


def test_errors_are_links_to_their_fields(gallery: str, chromium: Browser) -> None:
    with opened(chromium, gallery + "/gallery/portal", Look(language="en"), "phone") as page:
        page.locator(".error-summary a", has_text="What happened?").click()
        expect(page.locator("#id_text")).to_be_focused()


def test_point_by_keyboard(page: Page) -> None:
    view = page.locator("[data-point] .view")
    view.scroll_into_view_if_needed()
    expect(page.locator("[data-point] .pin")).to_be_visible()
    before = float(page.input_value("#id_lng"))
    view.focus()
    page.keyboard.press("ArrowRight")
    assert float(page.input_value("#id_lng")) > before
    expect(page.locator("[data-point] .map-said")).to_contain_text("Point at")


def test_boundary_by_keyboard(page: Page) -> None:
    editor = page.locator("[data-polygon]")
    editor.scroll_into_view_if_needed()
    expect(editor.locator("canvas")).to_be_visible()
    for n, key in enumerate(("ArrowUp", "ArrowRight", "ArrowLeft")):
        editor.locator("[data-draw-centre]").click()
        editor.locator(f"[data-corner='{n}']").focus()
        for _ in range(6):
            page.keyboard.press(key)
    editor.locator("[data-draw-finish]").click()
    drawn = json.loads(page.input_value("#id_boundary"))
    assert drawn["type"] == "Polygon"
    assert len(drawn["coordinates"][0]) == 4
    editor.locator("[data-draw-undo]").click()
    expect(page.locator("#id_boundary")).to_have_value("")


def test_without_webgl_the_form_stays_usable(gallery: str, chromium: Browser) -> None:
    context = chromium.new_context(locale="en-GB")
    context.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")
    page = context.new_page()
    page.goto(gallery + "/gallery/portal")
    expect(page.locator("[data-point] .map-said")).to_contain_text("cannot be shown")
    page.locator("#id_lng").fill("121.26")
    expect(page.locator("#id_lng")).to_have_value("121.26")
    context.close()


def test_without_scripts_everything_is_there(gallery: str, chromium: Browser) -> None:
    context = chromium.new_context(java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    page.goto(gallery + "/gallery/portal")
    expect(page.locator("input[type=file]")).to_be_visible()
    expect(page.locator("input[name=lng]")).to_be_visible()
    page.locator("footer button[name=mode]").click()
    expect(page.locator("html")).to_have_attribute("data-mode", "elderly")
    context.close()


def test_a_select_is_searched_by_typing_pinyin(gallery: str, chromium: Browser) -> None:
    with opened(chromium, gallery + "/gallery", Look()) as page:
        box = page.locator("#id_kind-ts-control")
        box.click()
        box.fill("xftd")
        expect(page.locator(".ts-dropdown .option")).to_have_text(["消防通道被堵"])
